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
rfqs-tab-invitations = Invited suppliers
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
rfqs-page-for-invited = Page for invited suppliers
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
rfqs-write-to-buyer = Write to the buyer
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

## E-mails
rfqs-mail-rfq = RFQ
rfqs-mail-quantity = Quantity
rfqs-mail-destination = Destination
rfqs-mail-deadline = Deadline
rfqs-mail-see = See the RFQ
rfqs-mail-because-quoted = Your company quoted for this RFQ.
rfqs-mail-because-posted = Your company posted this RFQ.
rfqs-mail-because-asked = Your company asked about this RFQ.
rfqs-mail-changed-text = The buyer changed this RFQ. Check it and revise your quote if it no longer fits.
rfqs-mail-changed = RFQ changed: { $title }
rfqs-mail-extended-text = The buyer moved the deadline of this RFQ to a later moment. You can revise your quote until then.
rfqs-mail-extended = RFQ extended: { $title }
rfqs-mail-withdrawn-text = The buyer withdrew this RFQ. Your quote was declined with it; you don't need to do anything.
rfqs-mail-withdrawn = RFQ withdrawn: { $title }
rfqs-mail-removed-text = A moderator removed this RFQ. Your quote was declined with it; you don't need to do anything.
rfqs-mail-removed = RFQ removed: { $title }
rfqs-mail-suspended-text = The buyer of this RFQ is suspended from the platform. While that lasts your quote can't be accepted. It stays as it is, and you can withdraw it.
rfqs-mail-suspended = Buyer suspended: { $title }
rfqs-mail-closed = RFQ closed: { $title }
rfqs-mail-closed-deadline = Its deadline has passed: this RFQ takes no more quotes. The buyer decides now, and you will be notified.
rfqs-mail-closed-full = It has as many quotes as it takes: this RFQ takes no more quotes. The buyer decides now, and you will be notified.
rfqs-mail-closed-by-buyer = The buyer closed it: this RFQ takes no more quotes. The buyer decides now, and you will be notified.
rfqs-mail-awarded = RFQ awarded: { $title }
rfqs-mail-awarded-text = The buyer ended this RFQ; other quotes were accepted.
rfqs-mail-ended = RFQ ended: { $title }
rfqs-mail-ended-text = The buyer ended this RFQ without accepting a quote.
rfqs-mail-own-closed = Your RFQ closed: { $title }
rfqs-mail-own-full = It has as many quotes as it takes: your RFQ takes no more quotes. { $count ->
    [0] There are no quotes to decide on.
    [one] One quote waits for your decision.
   *[other] { $count } quotes wait for your decision.
}
rfqs-mail-own-deadline = Its deadline has passed: your RFQ takes no more quotes. { $count ->
    [0] There are no quotes to decide on.
    [one] One quote waits for your decision.
   *[other] { $count } quotes wait for your decision.
}
rfqs-mail-see-quote = See the quote
rfqs-mail-compare = Compare the quotes
rfqs-mail-asked-text = A supplier asks about your RFQ. Your answer is shown to everyone who sees the RFQ.
rfqs-mail-asked = A question about your RFQ: { $title }
rfqs-mail-answer = Answer
rfqs-mail-answered = Your question was answered: { $title }

## Labels of fields
rfqs-label-required-certifications = Certificates wanted
rfqs-label-show-buyer-name = Show your name

## Why something is refused
rfqs-refused-published = The RFQ is { $state }; only a draft can be published.
rfqs-refused-not-open = The RFQ is { $state }; only an open one allows this.
rfqs-refused-over = The RFQ is { $state }; nothing about it can change any more.
rfqs-refused-draft = The RFQ is a draft; publish it first.
rfqs-in-future = must be in the future
rfqs-within-180 = must be within 180 days
rfqs-later = must be later than the deadline now
rfqs-is-draft = a draft
rfqs-is-not-awarded = closed without an award
rfqs-is-open = open
rfqs-is-closed = closed
rfqs-is-awarded = awarded
rfqs-is-withdrawn = withdrawn
rfqs-declined-removed = A moderator removed the RFQ.
rfqs-declined-withdrawn = The buyer withdrew the RFQ.
rfqs-declined-awarded = The buyer accepted another quote.
rfqs-declined-ended = The buyer ended the RFQ without accepting a quote.
rfqs-sealed-stays = must stay as it is while the RFQ is open: suppliers quoted on it
rfqs-more-than-taken = must be more than the { $taken } quotes it has; close the RFQ to take no more
rfqs-end-accepted = A quote of this RFQ was accepted; it cannot end without an award.
rfqs-end-none-accepted = No quote of this RFQ was accepted; accept one first.
rfqs-ask-own = This is your own RFQ; say more in its specification instead.
rfqs-ask-too-many = Your company asked { $most } questions here, which is the most.
rfqs-answered-already = The question was answered; suppliers rely on the answer, so it stays as it is.
rfqs-ref-taken = The company has an RFQ with this ref already.

## What is wrong with a field
rfqs-today-or-later = must be today or later
rfqs-required-to-publish = is required to publish an RFQ
rfqs-positive = must be greater than 0
rfqs-one-to-thirty = must be a whole number from 1 to 30
rfqs-place-in-country = must be a place in the destination country
rfqs-date-and-time = must be a date and a time, like 2027-01-31T17:00

## What a field adds to an RFQ
rfqs-completeness-quantity-why = Suppliers price by quantity.
rfqs-completeness-destination = Destination country
rfqs-completeness-destination-why = Freight and duty depend on where the goods go.
rfqs-completeness-specification-why = Suppliers quote what you describe, not what they guess.
rfqs-completeness-specification = Specification
rfqs-completeness-title = Title
rfqs-completeness-title-why = It is what suppliers read first.
rfqs-completeness-hs = HS code
rfqs-completeness-hs-why = It finds suppliers of exactly these goods, in any language.
rfqs-completeness-target = Target price
rfqs-completeness-target-why = Suppliers who cannot reach it stay away.
rfqs-completeness-category = Category
rfqs-completeness-category-why = It finds suppliers whose texts use other words.
rfqs-completeness-incoterm = Incoterm
rfqs-completeness-incoterm-why = Only quotes on the same term compare.
rfqs-completeness-place = Destination place or port
rfqs-completeness-place-why = Freight is calculated to a place.
rfqs-completeness-wanted-by = Wanted by
rfqs-completeness-wanted-by-why = Suppliers see whether their lead time fits.
rfqs-completeness-payment = Payment terms
rfqs-completeness-payment-why = How you pay changes the price.
rfqs-completeness-quantity = Quantity

## Bounds
rfqs-too-many-today = A company publishes at most { $most } RFQs in 24 hours. Try again later.
rfqs-too-many-today-unidentified = A company publishes at most { $most } RFQs in 24 hours, and more once it is identified. Try again later.
rfqs-too-many = A company has at most { $most } RFQs, past ones included.
rfqs-too-many-drafts = Confirm your e-mail address to have more than { $most } RFQs.

## Reopening
rfqs-reopen = Take quotes again
rfqs-reopen-hint = Suppliers whose quotes wait are notified, and the RFQ is matched again.
rfqs-reopen-deadline-hint = UTC. Empty keeps the deadline, if it has not passed.
rfqs-reopen-seats = Quotes in all
rfqs-reopen-button = Reopen
rfqs-refused-not-closed = The RFQ is { $state }; only a closed one takes quotes again.
rfqs-reopen-more = must be more than the { $count } quotes it has
rfqs-mail-reopened = RFQ reopened: { $title }
rfqs-mail-reopened-text = The buyer takes quotes on this RFQ again. Yours stays as it is, and you can revise it.
rfqs-seats-range = must be 1 to { $most }

## Invited suppliers
rfqs-visibility-public = Everyone
rfqs-visibility-invited = Only the suppliers you invite
rfq-invitation-pending = pending
rfq-invitation-invited = invited
rfq-invitation-seen = seen
rfq-invitation-quoted = quoted
rfq-invitation-declined = declined
rfqs-form-visibility = Who sees the RFQ
rfqs-form-visibility-hint = You invite suppliers on the page of the RFQ, also when everyone sees it. Once an RFQ is public it stays so.
rfqs-form-invite = Invited supplier
rfqs-form-invites = This RFQ invites { $name } to quote as soon as you publish it.
rfqs-setting-visibility = The RFQ is seen by
rfqs-setting-public = everyone
rfqs-setting-invited = the suppliers you invite
rfqs-invited-you = The buyer invites your company to quote.
rfqs-only-invited = Only invited suppliers see this RFQ.
rfqs-publish-invited = Only the suppliers you invite can read the RFQ, without your company’s name.
rfqs-publish-invited-named = Only the suppliers you invite can read the RFQ, with your company’s name.
rfqs-publish-notifies-invited = { $count ->
    [one] The supplier you invited
   *[other] The { $count } suppliers you invited
}: that you ask for a quote
rfqs-column-supplier = Supplier
rfqs-column-since = Since
rfqs-invitations-none = No invited suppliers
rfqs-invitations-none-hint = Suppliers that you invite get an e-mail and can read the RFQ, whether everyone sees it or not.
rfqs-invitations-wait = They are invited as soon as you publish the RFQ.
rfqs-invitation-remove = Cancel
rfqs-invitation-removed = The invitation was cancelled.
rfqs-invited-now = The suppliers are invited.
rfqs-invited-later = The suppliers are invited as soon as you publish the RFQ.
rfqs-invite-title = Invite suppliers
rfqs-invite-lead = You can also invite suppliers that match:
rfqs-invite-partners = Your partners
rfqs-invite-companies = Companies
rfqs-invite-companies-hint = The addresses of their pages here, or their IDs (cmp_…), with spaces or commas between.
rfqs-invite-button = Invite
rfqs-invite-own = must be another company
rfqs-invite-unknown = must be a company that takes part
rfqs-invite-blocked = must be a company that takes invitations from yours
rfqs-invite-most-at-once = must name at most { $most } companies
rfqs-invite-too-many = An RFQ invites at most { $most } suppliers.
rfqs-uninvite-quoted = The supplier has quoted, so its invitation stays.
rfqs-not-invited = Your company is not invited to quote on this RFQ.
rfqs-decline-quoted = Your company has quoted on this RFQ; withdraw the quote instead.
rfqs-asked-among-invited = stays invited: suppliers have asked questions that only the invited were to read; post another RFQ for everyone
rfqs-seen-by-all = must stay public: everyone could see the RFQ, so it cannot be for invited suppliers only
rfqs-mail-product = Product
rfqs-mail-invited = You are invited to quote: { $title }
rfqs-mail-invited-by = { $buyer } invites your company to quote on this RFQ.
rfqs-mail-invited-text = A buyer invites your company to quote on this RFQ.
rfqs-mail-invited-only = Only invited suppliers see it.
rfqs-mail-invited-action = Read the RFQ and quote
rfqs-mail-because-invited = You receive this e-mail because a buyer invited your company and e-mails about RFQs are on.
rfqs-questions-empty-invited = No questions yet. All invited suppliers read questions and answers; who asks is not shown.
rfqs-your-question-hint-invited = All invited suppliers read it, without your name. No contact details.
rfqs-no-questions-hint-invited = Invited suppliers ask here about an open RFQ. All of them read your answers; who asked is not shown.

## Items
rfqs-item-number = must be a number from 1 to { $most }
rfqs-item-twice = must differ from the numbers of the other items
rfqs-items-stay-kind = must stay: an RFQ published with items keeps them, and one published without cannot get any. Copy it as a new RFQ instead.
rfqs-items-stay = must keep the published items { $items }: suppliers quote by their numbers
rfqs-item-awarded = must stay as it is: the item has been awarded
rfqs-items-currency = must be in the currency of the first item that has a target price
rfqs-item-label = Item { $item }
rfqs-item-target = target { $price }
rfqs-items-more = More items
rfqs-items-more-count = { $count ->
    [one] 1 more on the page of the RFQ
   *[other] { $count } more on the page of the RFQ
}
rfqs-items = { $count ->
    [one] 1 item
   *[other] { $count } items
}
rfqs-item-new = New item { $place }
rfqs-item-untitled = not named yet
rfqs-column-item = Item
rfqs-form-items = Several items
rfqs-form-items-hint = For a container of different goods: each item has its own quantity, code, specification and target, and suppliers quote all or some of them. Leave the rows empty for an RFQ for one kind of goods. With items, the quantity and target price below are for the whole order.
rfqs-form-items-paste = Paste items
rfqs-form-items-paste-hint = One item per line, as copied from a spreadsheet or with semicolons: product; quantity; unit; HS code; target price; specification. Only the product is needed here.
rfqs-form-items-more = Add as rows
rfqs-form-items-currency = Currency of the items' target prices
rfqs-form-item-unit = Unit
rfqs-completeness-items = { $count ->
    [one] Item { $items }.
   *[other] Items { $items }.
}

## Copies
rfqs-copy = Copy as a new RFQ
rfqs-copy-and-ask = Ask all who quoted again
rfqs-copy-nobody = No supplier that quoted on this RFQ can be invited.
