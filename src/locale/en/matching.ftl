### Texts of matching.

## States, reasons and why a match is dismissed
match-state-suggested = suggested
match-state-notified = notified
match-state-seen = seen
match-state-quoted = quoted
match-state-dismissed = dismissed
match-state-lapsed = lapsed
matching-reason-terms = terms
matching-reason-goods = names of the goods
matching-reason-hs = HS code
matching-reason-class = kind of product
matching-reason-breadth = further listings
matching-reason-category = category
matching-reason-destination = destination
matching-reason-moq = MOQ
matching-reason-price = price
matching-reason-lead_time = lead time
matching-reason-certification = certificates
matching-reason-incoterm = Incoterm
matching-reason-prior = supplier evidence
matching-dismiss-not_our_product = We do not sell this
matching-dismiss-quantity_too_small = The quantity is too small
matching-dismiss-price_too_low = The target price is too low
matching-dismiss-no_capacity = We have no capacity in time
matching-dismiss-destination_not_served = We do not deliver to this country
matching-dismiss-looks_like_junk = The RFQ looks like junk
matching-dismiss-other = Another reason

## The supplier's matched RFQs
matching-selling = Selling
matching-tab-matches = Matched RFQs
matching-tab-matches-counted = Matched RFQs ({ $count })
matching-tab-listings = Your listings
matching-tab-quotes = Your quotes
matching-to-do-read = { $count ->
    [one] read 1 matched RFQ that nobody on your team has opened
   *[other] read { $count } matched RFQs that nobody on your team has opened
}
matching-to-do-decide = { $count ->
    [one] decide on 1 matched RFQ that closes within three days
   *[other] decide on { $count } matched RFQs that close within three days
}
matching-inbox-empty = No matched RFQs yet
matching-inbox-empty-hint = When a buyer posts an RFQ that your published listings fit, it appears here with the reasons, and you are notified by e-mail. What matches depends on what your listings say: name, HS code, MOQ, certificates.
matching-add-listing = Add a listing
matching-all-open = See all open RFQs
matching-show-dismissed = Show dismissed RFQs
matching-newest-first = Newest first.
matching-hide-dismissed = Hide dismissed RFQs
matching-how = How matches are found
matching-column-rfq = RFQ
matching-column-why = Why it fits
matching-column-until = Open until
matching-column-status = Status
matching-column-actions = Actions
matching-matched = matched
matching-details = Details
matching-rfq-status = RFQ { $status }
matching-quote = Quote
matching-quote-for = for { $title }
matching-dismiss = Dismiss

## Dismissing
matching-dismiss-title = Dismiss this RFQ?
matching-dismiss-happens = The RFQ leaves your list. You find it again under dismissed RFQs, and can still quote.
matching-dismiss-buyer = The buyer sees that you dismissed it, not why.
matching-dismiss-nobody = Nobody gets an e-mail.
matching-dismiss-reason = Why you dismiss it
matching-dismiss-choose = Choose
matching-dismiss-button = Dismiss RFQ

## The buyer's matched suppliers
matching-buying = Buying
matching-draft = Not matched yet
matching-draft-hint = When you publish the RFQ, suppliers whose listings fit it are found and notified. They are listed here, best first, with the reasons.
matching-running = Looking for suppliers
matching-running-hint = This takes a few seconds after the RFQ was published. Load the page again.
matching-none = No supplier fits yet
matching-none-hint = No published listing shares enough with the RFQ. New listings are compared with it as they come. An HS code and a title in the words of the trade help most.
matching-order = Best first. The whole bar is a score of 1; each part is what one reason adds.
matching-how-suppliers = How suppliers are matched
matching-column-supplier = Supplier
matching-column-listings = Listings that fit best

## E-mails
matching-mail-product = Product
matching-mail-quantity = Quantity
matching-mail-destination = Destination
matching-mail-open-until = Open until
matching-mail-score = Score
matching-mail-why = Why
matching-mail-gap = Gap
matching-mail-score-of = { $score } of 1
matching-mail-subject = RFQ that fits what you sell: { $title }
matching-mail-lead = A buyer asks for goods that your published listings fit. Here is what the buyer asks for, why your company fits, and what may speak against it.
matching-mail-action = Read the RFQ and quote
matching-mail-because = You receive this e-mail because your company has published listings and e-mails about matching RFQs are on.

## Where a supplier stands
matching-dismiss-quoted = The match cannot be dismissed once you have quoted; withdraw the quote instead.
matching-status-notified = You are matched at place { $rank } and were notified.
matching-status-kept = You are matched at place { $rank } and may quote; at most { $most } suppliers are notified, each with a probability of { $least } % or more of selling what is asked for, and yours is { $own } %.
matching-status-ruled-out = You are listed at place { $rank }, but the buyer asked for other suppliers, so you were not notified.
matching-status-outranked = Your score of { $score } is place { $rank }; the { $kept } kept need { $needed } or more.
matching-status-below = The probability that you sell what is asked for is { $own } %, below the minimum of { $least } %.
matching-status-none = None of your published listings shares a word, a name of goods or an HS code with the RFQ.
matching-own-rfq = This is your own RFQ; a company is never matched to what it asks for itself.
matching-rebuilding = The search index is being rebuilt; the explanation comes from it. Ask again later.
matching-reason-required = is required: one of { $reasons }
matching-reason-of-list = must be one of those in the list
matching-to-country = to { $country }

## Why a listing fits an RFQ, and what speaks against it
matching-fits-specification = the specification speaks of “{ $name }”
matching-fits-elsewhere = words of the request stand elsewhere in “{ $name }”
matching-fits-these-words = { $words } in “{ $name }”
matching-hs-subheading = HS { $offered } agrees with the HS { $required } wanted in the subheading
matching-hs-heading = HS { $offered } agrees with the HS { $required } wanted in the heading
matching-hs-other-heading = HS { $offered } is of another heading than the HS { $required } wanted
matching-hs-other = HS { $offered } is of another chapter than the HS { $required } wanted
matching-hs-named = HS { $offered } is in the heading of { $goods }
matching-hs-named-other = HS { $offered } is of another chapter than { $goods }
matching-names-goods = “{ $name }” names the goods asked for: { $goods }
matching-names-other-goods = “{ $name }” names goods of HS { $heading } and not of the HS { $required } wanted
matching-class = “{ $name }” is like the goods that the market lists under these words
matching-breadth = { $count ->
    [one] 1 more of its listings fits
   *[other] { $count } more of its listings fit
}
matching-category = category { $path } shares { $shared } of { $steps } steps
matching-market = the supplier exports to { $country }
matching-moq-within = MOQ { $moq } is within the { $quantity } wanted
matching-moq-above = MOQ { $moq } is above the { $quantity } wanted
matching-moq-incomparable = MOQ { $moq } cannot be compared with the { $quantity } wanted
matching-price-incomparable = { $price } cannot be compared with the target { $target }
matching-price-within = { $price } is within the target { $target }
matching-price-near = { $price } is within 10 % of the target { $target }
matching-price-above = { $price } is above the target { $target }
matching-lead-time-fits = made in { $needed } days, wanted in { $days }
matching-lead-time-lacks = needs { $needed } days and the goods are wanted in { $days }
matching-holds = holds { $names }
matching-no-certificate = no { $name } certificate is stated
matching-offers = offers { $term }
matching-offers-other = offers { $offered } and not the { $term } wanted
matching-level = { $level } supplier
matching-level-rate = { $level } supplier, answers { $percent } % of requests
matching-supplier-country = the supplier is in { $country } and only { $wanted } is wanted
matching-supplier-form = the supplier is a { $form } and only { $wanted } is wanted

## Invitations
matching-invitations = Invitations to quote
matching-column-buyer = Buyer
matching-buyer-hidden = Name not shown
matching-decline-invitation = Decline
matching-invited = Invited
matching-invite = Invite
matching-suggested-only = Only the suppliers that you invite see this RFQ. These fit it, and learn of it when you invite them.

## Items
matching-of-item = item { $item }: { $detail }
matching-of-more-items = { $count ->
    [one] and 1 more item
   *[other] and { $count } more items
}
matching-items-missing = fits { $served } of the { $items } items; no listing fits { $missing }
matching-items = { $count ->
    [one] 1 item
   *[other] { $count } items
}
matching-item = Item { $item }: { $score }
matching-item-by = Item { $item }: { $score } ({ $name })
