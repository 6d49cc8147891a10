### Texts of saved searches.

alerts-title = Saved searches
alerts-account = Account and company
alerts-one = Saved search
alerts-none = You have no saved searches
alerts-none-hint = Search for products, suppliers or RFQs, and choose "Save this search" above the results.
alerts-search = Search
alerts-name = Name
alerts-searches = Searches
alerts-how-often = How often
alerts-saved-at = Saved
alerts-is-paused = Paused
alerts-show-results = Show results
alerts-settings = Settings
alerts-pause = Pause this search
alerts-save-changes = Save changes
alerts-delete = Delete this search
alerts-found = Result
alerts-country = Country
alerts-published = Published
alerts-last-week = { $count ->
    [one] 1 result in the last 7 days
   *[other] { $count } results in the last 7 days
}
alerts-nothing-last-week = Nothing that can be found now was published in the last 7 days.
alerts-saved = The search was saved. Its settings are below.
alerts-changed = The changes were saved.
alerts-deleted = The search was deleted.
alerts-parameter = { $name } { $what }
alerts-query-empty = needs words or at least one filter
alerts-too-many = You have { $most } saved searches, which is the most. Delete one first.
alerts-too-many-company = Your company has { $most } saved searches, which is the most. Delete one first.

alerts-kind-listings = Products
alerts-kind-companies = Suppliers
alerts-kind-rfqs = RFQs

alerts-frequency-instant = Immediately
alerts-frequency-daily = Every day
alerts-frequency-weekly = Every Monday

alerts-reason-new = New
alerts-reason-changed = Changed

## Notifications and e-mails
alerts-shown = New results: { $name }
alerts-mail-subject = { $count ->
    [one] 1 new result: { $name }
   *[other] { $count } new results: { $name }
}
alerts-mail-lead = { $count ->
    [one] Your saved search "{ $name }" has a new result.
   *[other] Your saved search "{ $name }" has { $count } new results.
}
alerts-mail-action = Show results
alerts-mail-because = You get this e-mail because you saved the search "{ $name }". Unsubscribing pauses this search.
alerts-mail-and = And
alerts-mail-more = { $count } more
alerts-digest-subject = { $count ->
    [one] 1 new result of your saved searches
   *[other] { $count } new results of your saved searches
}
alerts-digest-lead = { $count ->
    [one] Your saved searches have a new result.
   *[other] Your saved searches have { $count } new results.
}
alerts-digest-action = Show saved searches
alerts-digest-because = You get this e-mail because you saved these searches. Each of them can be paused or deleted on its page.
alerts-unsubscribe-question = Stop the e-mails of this saved search?
alerts-unsubscribe = Pause this search
alerts-unsubscribed = The saved search is paused
alerts-unsubscribed-what = This takes effect immediately.
alerts-resume = You can resume it at any time under <a href="/account/saved-searches">Saved searches</a>.
