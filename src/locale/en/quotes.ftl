### Texts of quotes.

## States
quote-state-submitted = submitted
quote-state-shortlisted = shortlisted
quote-state-accepted = accepted
quote-state-declined = declined
quote-state-withdrawn = withdrawn
quote-state-expired = expired

## One's own quotes
quotes-selling = Selling
quotes-tab-matches = Matched RFQs
quotes-tab-listings = Listings
quotes-tab-quotes = Quotes
quotes-status = Status
quotes-all = All
quotes-show = Show
quotes-own-empty = No quotes here
quotes-own-empty-hint = Quotes that you send appear here with their status.
quotes-see-matches = See matched RFQs
quotes-rfq = RFQ
quotes-buyer = Buyer
quotes-price = Price
quotes-version = Version
quotes-valid-until = Valid until
quotes-changed = Changed
quotes-buyer-hidden = not shown

## Quotes received
quotes-buying = Buying
quotes-sealed-list = The quotes are sealed: you see who quoted, and can read and decide once the RFQ is closed.
quotes-none-yet = No quotes yet
quotes-none-yet-hint = Matched suppliers were notified of the RFQ. You get an e-mail for each quote.
quotes-see-suppliers = See matched suppliers
quotes-order = Sorted by landed cost, lowest first. Quotes we can't compare are listed last.
quotes-supplier = Supplier
quotes-total-for = Total for { $quantity }
quotes-total = Total
quotes-lead-time = Lead time
quotes-actions = Actions
quotes-sealed = sealed
quotes-lowest = lowest
quotes-accept = Accept
quotes-shortlist = Shortlist
quotes-decline = Decline
quotes-propose = Propose a partnership

## Comparison
quotes-sealed-compare = The quotes are sealed: they can be compared once the RFQ is closed.
quotes-nothing-to-compare = Nothing to compare
quotes-nothing-to-compare-hint = Quotes are shown here side by side as soon as there are any.
quotes-currency = Currency
quotes-compare-basis = For { $quantity }. Landed cost is the price with the main carriage to your destination, without import duties unless the term is DDP.
quotes-compare-rates = Converted at the dated rates named below.
quotes-compare-no-rates = A price in another currency is converted only at a dated rate.
quotes-compare-guess = If we would have to guess, we say "not comparable".
quotes-side-by-side = Quotes side by side
quotes-quote = Quote
quotes-version-number = version { $number }
quotes-decide = Decide

## A quote
quotes-on-this-rfq = Quotes on this RFQ
quotes-your-quotes = Your quotes
quotes-sealed-quote = The quotes of this RFQ are sealed. You can read them once it is closed: at its deadline, when it has as many quotes as it takes, or when you close it.
quotes-split-award = Split award
quotes-decline-irrelevant = Decline as irrelevant
quotes-new-version = New version
quotes-withdraw = Withdraw
quotes-propose-trade = Propose a trade partnership
quotes-write = Write about this quote
quotes-marked-irrelevant = Marked as irrelevant: not what the RFQ asks for.
quotes-message = Message
quotes-attachments = Attachments
quotes-show-contacts-supplier = Show the supplier's contacts
quotes-show-contacts-buyer = Show the buyer's contacts
quotes-report = Report this quote
quotes-earlier = Earlier versions
quotes-earlier-version = Version { $number }
quotes-from = Quote from { $supplier }
quotes-yours = Your quote

## The form
quotes-form-rfq = The RFQ
quotes-form-quote = The quote
quotes-form-asked = What the buyer asks for
quotes-form-specification = Specification
quotes-form-rfq-page = The RFQ with its questions
quotes-form-prefilled-other-term = Filled in from your listing { $listing }, but for the price: it is listed at { $price }, and the buyer asks for { $term }. Give the price for { $term }, and check every figure.
quotes-form-prefilled = Filled in from your listing { $listing }. Check every figure.
quotes-form-unit-price = Unit price
quotes-form-unit = Unit
quotes-form-unit-blank = Unit of the quantity
quotes-form-tiers = Quantity discounts
quotes-form-tiers-hint = One a line: the quantity in the price's unit, a space and the price, like 1000 4.05. The currency is that of the unit price.
quotes-form-quantity = Quantity offered
quotes-form-quantity-in = Quantity offered, in { $unit }
quotes-form-moq = MOQ
quotes-form-moq-in = MOQ, in { $unit }
quotes-form-delivery = Delivery
quotes-form-incoterm = Incoterm
quotes-form-not-specified = Not specified
quotes-form-place = Named place
quotes-form-freight = Freight to the destination
quotes-form-freight-hint = For the whole quantity, under EXW, FCA, FAS and FOB. Without it your price cannot be compared with delivered ones.
quotes-form-lead-time = Lead time (days)
quotes-form-payment = Payment terms
quotes-form-requirements = Requirements
quotes-form-met = Met
quotes-form-not-met = Not met
quotes-form-note = How, or why not
quotes-form-message-group = Message and documents
quotes-form-samples = Samples
quotes-form-samples-hint = What they cost and how they are sent.
quotes-form-message = Message to the buyer
quotes-form-notice = The buyer is notified immediately. You can send a new version or withdraw the quote until the buyer decides; every version stays on record.
quotes-form-review = Review quote
quotes-review-title = Check your quote before it is sent
quotes-review-change = Change
quotes-form-send = Send quote
quotes-form-send-version = Send new version
quotes-form-title = Quote on this RFQ
quotes-form-title-version = New version of your quote

## The quota
quotes-received = { $count } of { $seats ->
    [one] 1 quote
   *[other] { $seats } quotes
} received
quotes-for-invited = All places are for the suppliers that the buyer invited. No place is for sale.
quotes-reserved = { $reserved } are reserved for the best-matched suppliers for { $hours } hours after publishing. No place is for sale.
quotes-quota-left = You can send { $left ->
    [0] no more open quotes
    [one] 1 more open quote
   *[other] { $left } more open quotes
} this week.
quotes-quota-why = Why?
quotes-quota-rule = { $limit } in 7 days: { $full }, less { $cost } for each of { $marks ->
    [one] 1 quote
   *[other] { $marks } quotes
} that buyers marked as irrelevant in the last 90 days. Best-matched suppliers have no limit.
quotes-quota-refused = You can't quote at the moment: { $reason }

## Decisions
quotes-shortlist-title = Shortlist the quote from { $supplier }?
quotes-shortlist-button = Shortlist quote
quotes-shortlist-happens = The quote is marked as one that you consider. Nothing is agreed yet.
quotes-shortlist-notifies = { $supplier }: that you shortlisted its quote
quotes-accept-title = Accept the quote from { $supplier }?
quotes-accept-button = Accept quote
quotes-accept-happens = You accept version { $version }: { $price }.
quotes-accept-notifies = { $supplier }: that you accept, and your company's name
quotes-accept-split = The award is split: the RFQ and the other quotes stay as they are until you close the RFQ.
quotes-accept-whole = The RFQ is awarded and takes no more quotes.
quotes-accept-declines = { $count ->
    [one] The quote from 1 other supplier is declined.
   *[other] The quotes from { $count } other suppliers are declined.
}
quotes-accept-others = { $count ->
    [one] 1 other supplier
   *[other] { $count } other suppliers
}: that you accepted another quote, without naming it
quotes-accept-offline = The deal itself is made offline between the two of you; next you can propose a trade partnership.
quotes-decline-title = Decline the quote from { $supplier }?
quotes-decline-button = Decline quote
quotes-decline-happens = The quote can no longer be accepted or revised.
quotes-decline-notifies = { $supplier }: that you decline, with your reason
quotes-decline-reason = Reason, for the supplier (optional)
quotes-decline-marks = It is marked as irrelevant: not what you asked for. The supplier can send fewer open quotes for 90 days.
quotes-withdraw-title = Withdraw your quote?
quotes-withdraw-button = Withdraw quote
quotes-withdraw-happens = The quote can no longer be accepted, and its place is free for others.
quotes-withdraw-again = While the RFQ is open you can quote again, if there is a place.
quotes-withdraw-notifies = { $buyer }: that you withdrew the quote
quotes-the-buyer = The buyer
quotes-cannot-be-done = This can't be done with the quote now: it is decided, or its RFQ's quotes are still sealed.
quotes-quantity-asked = the quantity asked for
quotes-on = Quotes on { $title }
quotes-compare-title = Compare quotes
quotes-compare-on = Compare quotes on { $title }

## E-mails
quotes-mail-price = Price
quotes-mail-total = Total
quotes-total-of = { $total } for { $quantity }
quotes-total-of-items = { $total } for { $offered } of { $items } items
quotes-items-offered = { $offered } of { $items } items
quotes-item = Item { $item }: { $title }
quotes-item-total = { $price } for { $quantity } = { $total }
quotes-mail-terms = Terms
quotes-accepted-items = { $count ->
    [one] Accepted for item { $items }.
   *[other] Accepted for items { $items }.
}
quotes-mail-quantity = Quantity
quotes-mail-moq = MOQ
quotes-mail-lead-time = Lead time
quotes-mail-freight = Freight
quotes-mail-valid-until = Valid until
quotes-mail-untitled = RFQ without a title
quotes-mail-sealed = The quotes of this RFQ are sealed: you can read them once it is closed.
quotes-mail-see = See the quote
quotes-mail-because-posted = You receive this e-mail because your company posted the RFQ.
quotes-mail-see-own = See your quote
quotes-mail-because-quoted = You receive this e-mail because your company quoted on the RFQ.
quotes-mail-new = New quote on { $title }
quotes-mail-new-text = { $supplier } quoted on your RFQ { $title }.
quotes-mail-revised-text = { $supplier } sent version { $version } of its quote on { $title }.
quotes-mail-revised = Revised quote on { $title }
quotes-mail-withdrawn-text = { $supplier } withdrew its quote on { $title }.
quotes-mail-withdrawn = Withdrawn quote on { $title }
quotes-mail-shortlisted-text = { $buyer } shortlisted your quote on { $title }.
quotes-mail-shortlisted = Shortlisted: your quote on { $title }
quotes-mail-accepted-text = { $buyer } accepted version { $version } of your quote on { $title }.
quotes-mail-accepted-next = The deal itself is made offline between the two of you. Either side can now propose a trade partnership, which keeps one record of its shipments.
quotes-mail-accepted = Accepted: your quote on { $title }
quotes-mail-declined-text = { $buyer } declined your quote on { $title }.
quotes-mail-reason = Reason: { $reason }
quotes-mail-irrelevant = It was marked as irrelevant: not what the RFQ asks for. Each such mark means { $cost } fewer open quotes a week for 90 days.
quotes-mail-declined = Declined: your quote on { $title }
quotes-mail-expired-text = The last day of validity of your quote on { $title } has passed.
quotes-mail-still-open = The RFQ is still open: send a new version and the buyer can accept it.
quotes-mail-expired = Expired quote on { $title }
quotes-mail-expired-buyer = The quote from { $supplier } on { $title } has expired and can no longer be accepted.

## What an RFQ and a quote say
quotes-fact-quantity = Quantity
quotes-fact-target-price = Target price
quotes-fact-hs = HS code
quotes-fact-destination = Destination
quotes-fact-incoterm-wanted = Incoterm wanted
quotes-fact-wanted-by = Wanted by
quotes-fact-certificates = Certificates
quotes-fact-closes = Closes
quotes-fact-tier = From { $quantity } { $label }
quotes-fact-samples = Samples
quotes-fact-met = met
quotes-fact-not-met = not met

## The comparison
quotes-compare-unit-price = Unit price
quotes-compare-incoterm = Incoterm
quotes-compare-attachments = Attachments
quotes-compare-not-met = Not met
quotes-compare-note = Note
quotes-compare-landed = Landed, { $currency } / { $unit }
quotes-compare-landed-total = Landed total for { $quantity }
quotes-compare-freight = Freight
quotes-compare-moq = MOQ
quotes-compare-lead-time = Lead time
quotes-compare-valid-until = Valid until
quotes-compare-documents = { $count ->
    [one] { $count } document
   *[other] { $count } documents
}
quotes-compare-converted = In { $currency } / { $unit }
quotes-fact-payment = Payment terms

## Why a price is not comparable
quotes-incomparable-part = not comparable: for { $quantity } of the { $wanted } wanted
quotes-incomparable-ddp = not comparable: DDP holds the import duties
quotes-incomparable-unit = not comparable: a price for 1 { $unit } does not convert to { $wanted }
quotes-incomparable-incoterm = not comparable: no Incoterm stated
quotes-incomparable-range = not comparable: out of range
quotes-incomparable-freight = not comparable: no freight stated
quotes-incomparable-freight-unit = not comparable: freight is not stated for { $unit }
quotes-incomparable-rate = not comparable: no dated rate for { $currency }
quotes-incomparable-by-item = not comparable: priced by item
quotes-incomparable-items = not comparable: { $offered } of the { $items } items
quotes-incomparable-item-part = not comparable: less of item { $item } than wanted
quotes-incomparable-shared-freight = not comparable: freight is stated for all items together
quotes-note-moq = MOQ { $moq } is above the { $wanted } wanted
quotes-note-part = only { $quantity } of the { $wanted } wanted
quotes-note-duties = import duties are in the price
quotes-note-insurance = without transport insurance
quotes-no-place = { $term } (no place named)

## Why a quote is not taken
quotes-quota-full = This RFQ has received all { $most } quotes that it takes.
quotes-quota-reserved = The { $open } open places are taken; { $reserved } are reserved for the best-matched suppliers until { $hours } hours after publishing.
quotes-quota-week = You sent { $sent } open quotes in the last 7 days and can send { $allowed }: { $week } less { $cost } for each of { $marks } quotes that buyers marked as irrelevant.
quotes-verb-revised = revised
quotes-verb-withdrawn = withdrawn
quotes-verb-shortlisted = shortlisted
quotes-verb-declined = declined
quotes-verb-accepted = accepted
quotes-verb-expired = expired
quotes-refused-not-supplier = A quote can be { $verb } only by the supplier.
quotes-refused-not-buyer = A quote can be { $verb } only by the buyer.
quotes-refused-state = The quote is { $state } and cannot be { $verb }.
quotes-refused-expired = The quote has expired; ask the supplier for a new version.
quotes-refused-valid = The quote is still valid.
quotes-refused-decided = The RFQ was already awarded or withdrawn.
quotes-refused-closed = The RFQ is closed and takes no new versions.
quotes-refused-revised = The quote was revised in the meantime; its current version is { $current }. Look at it first.
quotes-only-buyer = Only the buyer can do this with a quote.
quotes-only-supplier = Only the supplier can do this with a quote.
quotes-refused-deadline = The RFQ's deadline has passed; it takes no more quotes.
quotes-refused-own = This is your own RFQ; a company cannot quote to itself.
quotes-refused-sealed = The quotes are sealed until the RFQ takes no more; close it first.
quotes-refused-twice = You have quoted on this RFQ already; revise that quote instead.
quotes-refused-suspended = The supplier is suspended from the platform; its quote can only be declined.
quotes-refused-marked = The quote is marked as irrelevant already.
quotes-items-awarded = { $count ->
    [one] Item { $items } is awarded to another quote already.
   *[other] Items { $items } are awarded to other quotes already.
}
quotes-another-accepted = The buyer accepted another quote.

## What is wrong with a field
quotes-too-long = must be at most { $most } characters
quotes-positive = must be greater than 0
quotes-too-many = must be at most { $most }
quotes-too-many-documents = must be at most { $most } documents
quotes-too-many-days = must be at most { $most } days
quotes-not-negative = must not be below 0
quotes-freight-included = is part of the price under this incoterm; leave it out, or quote FCA, FAS, FOB or EXW
quotes-tier-currency = must be the currency of unit_price
quotes-tier-order = must be greater than that of the tier before
quotes-moq-above = must not be above the quantity quoted
quotes-incoterm-required = is required with incoterm_place
quotes-today-or-later = must be today or later
quotes-or-earlier = must be { $latest } or earlier
quotes-twice = is in the list already
quotes-tier-lines = must have one line for each tier: the quantity, a space and the price, like 1000 4.05
quotes-items-none = must be left out: this RFQ is for one kind of goods, which unit_price prices
quotes-items-required = must price the items that this RFQ asks for, all or some of them
quotes-items-each = must be left out: each item has its own
quotes-items-currency = must be the currency of the first item
quotes-items-from-one = must be 1 or more: items count from 1
quotes-items-unknown = must be one of the items that the RFQ asks for: { $items }
quotes-items-not-offered = must be one of the items that the quote offers: { $items }
quotes-items-none-to-award = must be left out: the RFQ has no items

## Items
quotes-items = { $count ->
    [one] 1 item
   *[other] { $count } items
}
quotes-items-none-priced = must have a price in at least one row
quotes-form-items = Items
quotes-form-items-hint = Give a price for each item that you offer, and leave the others empty. The quantity is the one asked for where you give none.
quotes-form-items-currency = Currency of all prices
quotes-form-prefilled-items = Filled in from your listings that fit the items, where their currency, unit and delivery term are those asked for. Check every figure.
quotes-form-price-of = Price of 1 { $unit }
quotes-form-for-items = { $count ->
    [one] The RFQ has 1 item; quote it below.
   *[other] The RFQ has { $count } items; quote all or some of them below.
}
quotes-compare-items = Items offered
quotes-compare-items-basis = Item by item, then all items of a quote together. A quote that lacks items is never marked as the lowest.
quotes-compare-item-for = { $name }, { $quantity }
quotes-compare-item-converted = Item { $item } in { $currency } / { $unit }
quotes-compare-item-landed = Item { $item } landed, { $currency } / { $unit }
quotes-compare-not-offered = not offered
quotes-compare-goods = Total of the items offered
quotes-compare-basket = Total of the items offered, with freight
quotes-compare-awarded = Awarded items
quotes-accept-items = Accept items
quotes-accept-items-hint = Tick the items you accept. If you tick none, you accept every item that is not awarded yet.
quotes-accept-chosen = Review and accept
quotes-accept-items-happens = { $count ->
    [one] You accept item { $items } of version { $version }.
   *[other] You accept items { $items } of version { $version }.
}
quotes-accept-items-left = { $count ->
    [one] 1 item is left to be awarded: the RFQ and the other quotes stay as they are.
   *[other] { $count } items are left to be awarded: the RFQ and the other quotes stay as they are.
}
quotes-unit-of-price = must be in a unit that converts to { $unit }, the unit of the price
quotes-items-gone = Everything that you offer is awarded already (items { $items }); offer other items.
