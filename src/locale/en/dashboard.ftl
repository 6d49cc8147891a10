### Texts of the dashboard.

## Dashboard
dashboard-to-do = To do
dashboard-nothing-to-do = You're all caught up
dashboard-nothing-to-do-hint = New quotes, RFQs that fit what you sell, and shipments to confirm appear here and come by e-mail. Post an RFQ or add a listing to get started.
dashboard-post-an-rfq = Post an RFQ
dashboard-closes = closes
dashboard-add-a-listing = Add a listing
dashboard-partnerships = Partnerships
dashboard-open-rfqs = Open RFQs
dashboard-no-open-rfqs = There are no open RFQs right now.
dashboard-all-open-rfqs = All open RFQs

## Tasks
dashboard-shipment-with = Shipment with { $name }
dashboard-dashboard = Dashboard
dashboard-or-more = { $count } or more
dashboard-new-quotes = { $count ->
    [one] { $count } new quote
   *[other] { $count } new quotes
}
dashboard-task-quotes = { $count ->
    [one] RFQ with new quotes
   *[other] RFQs with new quotes
}
dashboard-task-invitations = { $count ->
    [one] invitation to quote
   *[other] invitations to quote
}
dashboard-task-matches = { $count ->
    [one] RFQ that fits what you sell
   *[other] RFQs that fit what you sell
}
dashboard-task-partnerships = { $count ->
    [one] partnership to confirm
   *[other] partnerships to confirm
}
dashboard-task-shipments = { $count ->
    [one] shipment to confirm
   *[other] shipments to confirm
}
dashboard-task-disputes = { $count ->
    [one] disputed shipment to correct
   *[other] disputed shipments to correct
}
dashboard-task-drafts = { $count ->
    [one] draft not published yet
   *[other] drafts not published yet
}
