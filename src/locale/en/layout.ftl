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
layout-sign-in-to-continue = Sign in to continue.
search-scope-products = Products
search-scope-suppliers = Suppliers
search-scope-rfqs = RFQs
layout-nav-rfqs = Open RFQs
layout-nav-statistics = Statistics
layout-nav-buying = Buying
layout-nav-selling = Selling
layout-nav-partnerships = Partnerships
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

## Error pages
layout-status = Status { $status }
layout-front-page = Front page
layout-request-id = Request ID
layout-next-unconfirmed = Open the link in the e-mail; it is valid for an hour. No e-mail? Send it again.
layout-next-sign-in = Sign in; you come back to this page afterwards.
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
