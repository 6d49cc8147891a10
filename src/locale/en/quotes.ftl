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
quotes-form-prefilled = Filled in from your listing { $listing }. Check every figure.
quotes-form-unit-price = Unit price
quotes-form-unit = Unit
quotes-form-unit-blank = Unit of the quantity
quotes-form-tiers = Quantity discounts
quotes-form-tiers-hint = One a line: the quantity in the price's unit, a space and the price, like 1000 4.05. The currency is that of the unit price.
quotes-form-quantity = Quantity offered
quotes-form-moq = MOQ
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
quotes-form-send = Send quote
quotes-form-send-version = Send new version
quotes-form-title = Quote on this RFQ
quotes-form-title-version = New version of your quote

## The quota
quotes-received = { $count } of { $seats ->
    [one] 1 quote
   *[other] { $seats } quotes
} received
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
