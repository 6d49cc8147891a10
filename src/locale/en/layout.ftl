### Texts of the frame around every page, and of the parts that all pages share.

## The header
layout-skip = Skip to the content
layout-brand = Tradepost, front page
layout-search = Search
layout-search-placeholder = Product, HS code, company
layout-search-in = Search in
layout-menu = Main
layout-account-of = Account of { $person }, { $company }
layout-account = Account and company
layout-sign-out = Sign out
layout-sign-in = Sign in
layout-join = Join
layout-sign-in-to-continue = Sign in to continue
search-scope-products = Products
search-scope-suppliers = Suppliers
search-scope-rfqs = RFQs
layout-nav-rfqs = Open RFQs
layout-nav-statistics = Statistics
layout-nav-buying = Buying
layout-nav-selling = Selling
layout-nav-partnerships = Partnerships
layout-nav-messages = Messages
layout-nav-notifications = Notifications
layout-nav-moderation = Moderation

## Notices above a page
layout-notice-done = Done
layout-notice-info = Note
layout-notice-needs-you = Needs you
layout-notice-error = Not done
layout-confirm-address = Confirm your e-mail address by the link in our e-mail. Until then others do not see { $company }, and you cannot publish, quote or propose.
layout-send-again = Send the e-mail again
layout-suspended-word = Suspended
layout-suspended = A moderator suspended { $company }: others do not see it, and it can change nothing.
layout-suspended-why = Why, and what was decided

## The footer
layout-about = About
layout-ranking = How ranking works
layout-verification = What verification means
layout-hs = HS codes
layout-counting = What statistics count
layout-developers = Developers: REST API
layout-mission = Tradepost { $version }. The deal and the customs clearance happen offline; here the two sides find each other and keep one record. No paid rank, no paid badge.
layout-spacious = Spacious view
layout-shortcuts-on = Shortcuts: on
layout-shortcuts-off = Shortcuts: off
layout-compact = Compact view
layout-not-sent = Not sent. Try again.
layout-copied = Copied
layout-suggestions = Suggestions

## Error pages
layout-status = Status { $status }
layout-front-page = Front page
layout-request-id = Request ID
layout-next-unconfirmed = Open the link in the e-mail; it is valid for an hour. No e-mail? Send it again.
layout-next-sign-in = This page is for members. Sign in, or join: it is free, and afterwards you come back here.
layout-next-forbidden = An owner of your company can give you the right, or do it for you.
layout-next-not-found = The address may be old, or the page may belong to another company. Search for it, or go to your desk.
layout-next-conflict = Go back, load the page again and check its current state.
layout-next-wait = Wait a moment, then load the page again.
layout-next-correct = Go back, correct what the sentence above names, and send it again.
layout-next-fault = Load the page again. If the problem remains, give the operator the request ID below: the log holds the cause under it.

## Pages that ask before something happens
layout-what-happens = What will happen
layout-who-is-notified = Who will be notified
layout-nobody-notified = Nobody outside your company.
layout-back = Go back

## Forms
layout-problems = { $count ->
    [one] There is a problem
   *[other] There are { $count } problems
}
layout-optional = (optional)
layout-currency-of = { $label }: currency
layout-unit-of = { $label }: unit

## Times
layout-days = { $count ->
    [one] { $count }{"\u00A0"}day
   *[other] { $count }{"\u00A0"}days
}
layout-just-now = just now
layout-in-a-moment = in a moment
layout-in-minutes = { $count ->
    [one] in { $count } minute
   *[other] in { $count } minutes
}
layout-minutes-ago = { $count ->
    [one] { $count } minute ago
   *[other] { $count } minutes ago
}
layout-in-hours = { $count ->
    [one] in { $count } hour
   *[other] in { $count } hours
}
layout-hours-ago = { $count ->
    [one] { $count } hour ago
   *[other] { $count } hours ago
}
layout-in-days = { $count ->
    [one] in { $count } day
   *[other] in { $count } days
}
layout-days-ago = { $count ->
    [one] { $count } day ago
   *[other] { $count } days ago
}
layout-in-months = { $count ->
    [one] in { $count } month
   *[other] in { $count } months
}
layout-months-ago = { $count ->
    [one] { $count } month ago
   *[other] { $count } months ago
}
layout-in-years = { $count ->
    [one] in { $count } year
   *[other] in { $count } years
}
layout-years-ago = { $count ->
    [one] { $count } year ago
   *[other] { $count } years ago
}

## The list of error codes
layout-problem-codes = Every 4xx and 5xx of the API is <code>application/problem+json</code> (RFC 9457) with one of these codes. <code>errors</code> names each wrong field by a JSON pointer; <code>instance</code> is the request ID.
layout-problem-code = Code
layout-problem-status = Status
layout-problem-title = Title

## Parts of pages
layout-what-level-means = What { $level } means
layout-why = (why)
layout-copy = Copy { $text }
layout-needs = Needs you: { $what }
layout-pages = Pages
layout-previous = Previous
layout-next = Next
layout-selected = (selected; choose to remove)
layout-score = Score from 0 to 1
layout-score-of = Score { $score } of 1
layout-gap = gap: { $gap }
layout-up = Up
layout-cancel = Cancel
layout-attachments-hint = PDF, pictures (PNG, JPEG, WebP), XLSX, DOCX, ODT, TXT or CSV; up to 10 MiB each, 10 in all.
