### Texts of rfqs.

## States and other values
rfq-state-draft = draft
rfq-state-open = open
rfq-state-closed = closed
rfq-state-awarded = awarded
rfq-state-not_awarded = not awarded
rfq-state-withdrawn = withdrawn
rfqs-frequency-once = Once
rfqs-frequency-monthly = Every month
rfqs-frequency-yearly = Every year

## The list of open RFQs
rfqs-open-lead = What importers ask for, newest first. The buyer's name is shown where the buyer allows it.
rfqs-open-empty = No open RFQs
rfqs-open-empty-hint = An RFQ says what you want to buy. Suppliers whose listings match are notified and send quotes.
rfqs-post = Post an RFQ
rfqs-column-product = Product
rfqs-column-quantity = Quantity
rfqs-column-to = To
rfqs-column-incoterm = Incoterm
rfqs-column-target = Target price
rfqs-column-closes = Closes
rfqs-column-quotes = Quotes
rfqs-column-rfq = RFQ
rfqs-column-status = Status
rfqs-column-to-do = To do
rfqs-column-complete = Complete

## One's own RFQs
rfqs-own-title = Your RFQs
rfqs-by-status = By status
rfqs-all = All
rfqs-none-with-status = None of your RFQs has this status.
rfqs-own-empty = No RFQs yet
rfqs-own-empty-hint = Say what you want to buy, how much and where it goes. Suppliers whose listings match are notified, and you compare their quotes here.
rfqs-buying = Buying

## One's own RFQ
rfqs-tabs = Parts of this RFQ
rfqs-tab-overview = Overview
rfqs-tab-quotes = Quotes
rfqs-tab-compare = Compare
rfqs-tab-matches = Matched suppliers
rfqs-tab-questions = Questions
rfqs-tab-settings = Settings
rfqs-tab-counted = { $tab } ({ $count })
rfqs-removed-by-moderator = Removed by a moderator.
rfqs-completeness = Completeness { $score } of 100. Missing:
rfqs-add-them = Add them
rfqs-publish = Publish
rfqs-change = Change
rfqs-compare-quotes = Compare the quotes
rfqs-public-page = Public page
rfqs-id = RFQ
rfqs-specification = Specification
rfqs-specification-empty = Nothing yet.
rfqs-attachments = Attachments
rfqs-more-complete = What would make it more complete
rfqs-needed-to-publish = Needed to publish.
rfqs-no-questions = No questions
rfqs-no-questions-hint = Suppliers ask here about an open RFQ. Your answers are public; who asked is not shown.
rfqs-more-time = More time
rfqs-new-deadline = New deadline
rfqs-new-deadline-hint = UTC. Later than the deadline now; suppliers who quoted are notified.
rfqs-extend = Extend
rfqs-end = End this RFQ
rfqs-close-now = Close now
rfqs-end-awarded = End as awarded
rfqs-end-without-award = End without award
rfqs-withdraw = Withdraw
rfqs-waits-for-you = To do: { $steps }.
rfqs-to-do-publish = publish it
rfqs-to-do-decide = { $count ->
    [one] decide on 1 quote
   *[other] decide on { $count } quotes
}
rfqs-to-do-review = { $count ->
    [one] review 1 quote
   *[other] review { $count } quotes
}
rfqs-to-do-answer = { $count ->
    [one] answer 1 question
   *[other] answer { $count } questions
}
rfqs-to-do-end = end it

## The closing rule
rfqs-closing-draft = Not published yet. Without a closing rule of its own it is open for 30 days or 10 quotes, whichever comes first.
rfqs-closing-open = Open until { $deadline } or { $seats ->
    [one] 1 quote
   *[other] { $seats } quotes
}, whichever comes first. { $count ->
    [0] No quotes yet.
    [one] 1 quote so far.
   *[other] { $count } quotes so far.
}
rfqs-closing-without-deadline = Open until { $seats ->
    [one] 1 quote is
   *[other] { $seats } quotes are
} in. { $count ->
    [0] No quotes yet.
    [one] 1 quote so far.
   *[other] { $count } quotes so far.
}
rfqs-closing-closed = Closed: { $reason }. { $count ->
    [0] No quotes.
    [one] 1 quote.
   *[other] { $count } quotes.
}
rfqs-closing-awarded = Awarded: the buyer accepted a quote.
rfqs-closing-not-awarded = Ended without an accepted quote.
rfqs-closing-withdrawn = Withdrawn by the buyer.
rfqs-closed-deadline = its deadline has passed
rfqs-closed-seats = it has as many quotes as it takes
rfqs-closed-buyer = the buyer closed it

## The public page
rfqs-published = published
rfqs-asked-by = posted by
rfqs-buyer-hidden = the buyer's name is not shown
rfqs-closes = Closes
rfqs-sealed = Sealed: the buyer reads the quotes only after the RFQ has closed.
rfqs-manage = Manage your RFQ
rfqs-quote = Quote
rfqs-specification-missing = The buyer has not described the goods further. Ask below.
rfqs-questions = Questions
rfqs-questions-empty = No questions yet. Questions and answers are public; who asks is not shown.
rfqs-your-question = Your question
rfqs-your-question-hint = Everyone reads it, without your name. No contact details.
rfqs-ask = Ask the buyer
rfqs-sign-in-to-ask = Sign in to ask the buyer
rfqs-report = Report this RFQ
rfqs-question-asked = asked
rfqs-question-asked-by-us = by your company
rfqs-question-answered = answered
rfqs-your-answer = Your answer
rfqs-answer = Answer
rfqs-no-answer = No answer yet.

## The form
rfqs-form-back = Back
rfqs-form-open-lead = The RFQ is open. Suppliers who quoted are notified of every change, and it is matched again. The deadline only moves later.
rfqs-form-draft-lead = A draft may have gaps. Publishing needs a title, a quantity and a destination country; everything else brings better quotes.
rfqs-form-goods = Goods
rfqs-form-title = What you want to buy
rfqs-form-title-hint = One line, as a supplier would search for it: Stainless steel pipe 316L, seamless, DN50.
rfqs-form-specification-hint = Standards, dimensions, tolerances, packing, tests: one requirement per line. No contact details.
rfqs-form-hs = HS code
rfqs-form-hs-hint = 6 to 10 digits.
rfqs-form-category = Category
rfqs-form-category-hint = From wide to narrow, with slashes: Steel / Pipes.
rfqs-form-attachments-hint = Drawings, data sheets, samples of marking: whoever sees the RFQ can read them.
rfqs-form-quantity-and-price = Quantity and price
rfqs-form-quantity = Quantity
rfqs-form-frequency = How often
rfqs-form-target = Target price
rfqs-form-target-hint = For one unit of the quantity. Suppliers see it.
rfqs-form-payment = Payment terms you can use
rfqs-form-delivery = Delivery
rfqs-form-country = Destination country
rfqs-form-choose = Choose
rfqs-form-place = Destination place
rfqs-form-locode = Port or place by UN/LOCODE
rfqs-form-locode-hint = Five characters: NLRTM.
rfqs-form-incoterm = Incoterm
rfqs-form-incoterm-any = Any
rfqs-form-wanted-by = Wanted by
rfqs-form-wanted-by-hint = Today or later.
rfqs-form-suppliers = Suppliers
rfqs-form-certificates = Required certificates
rfqs-form-certificates-hint = One per line: ISO 9001.
rfqs-form-countries = Supplier countries
rfqs-form-countries-hint = Two-letter codes with commas: CN, TR. Empty: any.
rfqs-form-kind = Kind of supplier
rfqs-form-kind-hint = None selected: any.
rfqs-form-closing = Closing and visibility
rfqs-form-deadline = Deadline
rfqs-form-deadline-hint = UTC. Empty: 30 days after publishing; at most 180 days ahead.
rfqs-form-seats = Number of quotes
rfqs-form-seats-hint = 1 to 30; empty: 10.
rfqs-form-sealed = Sealed quotes
rfqs-form-sealed-hint = You read the quotes only after the RFQ has closed, so suppliers quote their best price first.
rfqs-form-show-name = Show your company's name
rfqs-form-show-name-hint = Otherwise it stays hidden until you accept a quote.
rfqs-form-language = Language of the texts
rfqs-form-language-none = Not specified

## Facts and settings
rfqs-untitled = RFQ without a title
rfqs-destination = Destination
rfqs-port = Port or place
rfqs-payment-terms = Payment terms
rfqs-quantity-monthly = { $quantity }, every month
rfqs-quantity-yearly = { $quantity }, every year
rfqs-closing-removed = Removed by a moderator.
rfqs-setting-quotes = Quotes are
rfqs-setting-sealed = sealed until it closes
rfqs-setting-readable = readable as they arrive
rfqs-setting-name = Your name is
rfqs-setting-name-shown = shown to everyone
rfqs-setting-name-hidden = hidden until you accept a quote
rfqs-setting-award = Award
rfqs-setting-split = split over several quotes
rfqs-setting-whole = to one quote
rfqs-received = { $count } of { $seats }
rfqs-header-closes = closes { $deadline } ({ $relative })
rfqs-header-quotes = { $count } of { $seats ->
    [one] 1 quote
   *[other] { $seats } quotes
}
rfqs-header-closed-deadline = closed at its deadline
rfqs-header-closed-seats = closed with as many quotes as it takes
rfqs-header-closed-buyer = closed by you

## Before something happens
rfqs-notifies = { $count ->
    [one] The supplier whose quote waits for you
   *[other] The { $count } suppliers whose quotes wait for you
}: { $what }
rfqs-publish-title = Publish { $title }?
rfqs-publish-button = Publish RFQ
rfqs-publish-public = Everyone can read the RFQ in the list of open RFQs, without your company's name.
rfqs-publish-public-named = Everyone can read the RFQ in the list of open RFQs, with your company's name.
rfqs-publish-until = It is open until { $deadline } or { $seats ->
    [one] 1 quote
   *[other] { $seats } quotes
}, whichever comes first.
rfqs-publish-completeness = Its completeness is { $score } of 100.
rfqs-publish-notifies = Suppliers whose listings match best: that there is an RFQ for them, without your company's name
rfqs-publish-notifies-named = Suppliers whose listings match best: that there is an RFQ for them, with your company's name
rfqs-close-title = Close { $title }?
rfqs-close-button = Close RFQ
rfqs-close-happens = It takes no more quotes. You can still accept one of those that are in.
rfqs-close-notifies = that it takes no more quotes and that you decide now
rfqs-end-title = End { $title }?
rfqs-end-button = End RFQ as awarded
rfqs-end-happens = It takes no more quotes, and the quotes that still wait are declined.
rfqs-end-notifies = that other quotes were accepted
rfqs-end-none-title = End without an award: { $title }?
rfqs-end-none-happens = It ends without an accepted quote. The quotes that wait are declined, and nothing about it can change any more.
rfqs-end-none-notifies = that you accepted none
rfqs-withdraw-title = Withdraw { $title }?
rfqs-withdraw-button = Withdraw RFQ
rfqs-withdraw-draft = The draft can no longer be published.
rfqs-withdraw-happens = It leaves the list of open RFQs and takes no more quotes.
rfqs-withdraw-quotes = The quotes that wait are declined. This cannot be undone.
rfqs-withdraw-notifies = that you withdrew the RFQ

## The form's buttons
rfqs-form-new = New RFQ
rfqs-form-edit = Change: { $title }
rfqs-form-save = Save draft
rfqs-form-save-notify = Save and notify suppliers who quoted
