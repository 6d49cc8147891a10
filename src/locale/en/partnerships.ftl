### Texts of partnerships.

## States
partnership-state-proposed = proposed
partnership-state-active = active
partnership-state-declined = declined
partnership-state-ended = ended
record-state-declared = declared
record-state-confirmed = confirmed
record-state-disputed = disputed
record-state-superseded = superseded

## Parts of several pages
partnerships-partnership = Partnership
partnerships-back = Back
partnerships-shipment = Shipment
partnerships-company = Company
partnerships-role = Your role
partnerships-rfq = RFQ
partnerships-confirm = Confirm
partnerships-decline = Decline
partnerships-dispute = Dispute
partnerships-status = Status
partnerships-supplier = Supplier
partnerships-buyer = Buyer
partnerships-hs-code = HS code
partnerships-quantity = Quantity
partnerships-net-weight = Net weight
partnerships-invoice-value = Invoice value
partnerships-fob-value = FOB value
partnerships-cif-value = CIF value
partnerships-invoice-date = Invoice date
partnerships-declared-on = Declared to customs
partnerships-released-on = Released by customs
partnerships-origin = Origin
partnerships-transport = Transport
partnerships-kind-of-trade = Kind of trade
partnerships-trade-class = Trade class
partnerships-not-stated = Not stated
partnerships-choose = Choose
partnerships-needs-confirm-or-dispute = confirm or dispute it
partnerships-customs-references = Customs references
partnerships-documents = Documents
partnerships-regime = Regime
partnerships-goods = Goods
partnerships-note = Note
partnerships-value = Value
partnerships-propose = Propose a partnership
partnerships-find-company = Find a company

## Choosing what a proposal is about
partnerships-no-quotes = No accepted quotes yet
partnerships-no-quotes-hint = Companies that accepted your quote, or whose quote you accepted, appear here until you have a partnership. To propose one to any other company, open its profile.
partnerships-quotes-lead = These accepted quotes have no partnership yet. To propose one to another company, <a href="/search?scope=suppliers">open its profile</a>.
partnerships-propose-column = Propose
partnerships-with = with { $company }

## Attaching documents
partnerships-attach-lead = { $goods }. { $direction }. The other side is notified and can read them. The ledger keeps the SHA-256 of each file permanently. Documents raise the evidence grade of a shipment that both sides confirmed.
partnerships-document-type = Document type
partnerships-files = Files
partnerships-files-hint = PDF, pictures (PNG, JPEG, WebP), XLSX, DOCX, ODT, TXT or CSV; up to 10 MiB each. You can attach several of one type at once.
partnerships-attach = Attach

## The list of partnerships
partnerships-to-do = To do
partnerships-needs-confirm-partnership = confirm the partnership
partnerships-needs-confirm-shipment = confirm the shipment
partnerships-needs-confirm = confirm it
partnerships-none = No partnerships yet
partnerships-none-hint = Propose a partnership to a company that you trade with, from its profile or from an accepted quote. You then share one ledger of shipments and customs numbers, in which neither side can change anything unnoticed.
partnerships-since = Since
partnerships-retail-lead = What you sell to consumers in other countries is recorded apart, without a partner company.
partnerships-retail = Retail records
partnerships-proposed-it = proposed it
partnerships-declared-by = declared by { $company }

## Proposing a partnership
partnerships-propose-lead = You state that you trade with <a href="/companies/{ $id }">{ $company }</a>. They are notified by e-mail and can confirm or decline. Once confirmed, each of you can declare shipments and customs numbers, and the other confirms them. Contract, payment and customs clearance stay between the two of you.
partnerships-we-sell = We sell to them
partnerships-we-buy = We buy from them
partnerships-from-quote = From the accepted quote
partnerships-note-hint = What you trade. The other side can read it.
partnerships-propose-button = Propose partnership

## A shipment
partnerships-disputed = Disputed: { $reason }
partnerships-corrects = This corrects <a href="/records/{ $id }">{ $id }</a>.
partnerships-corrected-by = Corrected by <a href="/records/{ $id }">{ $id }</a>.
partnerships-confirm-shipment = Confirm shipment
partnerships-add-reference = Add a customs reference
partnerships-attach-documents = Attach documents
partnerships-correct = Correct
partnerships-write = Write about this partnership
partnerships-write-record = Write about this shipment
partnerships-counted = Counted in statistics
partnerships-not-counted = no: { $reason }
partnerships-is-counted = yes, without your names
partnerships-how = (how)

## The form of a shipment
partnerships-reporter-country = Reporting country
partnerships-reporter-hint = Whose customs office released the goods.
partnerships-partner-country = Partner country
partnerships-partner-hint = The last known destination of exports; where imports came from.
partnerships-origin-hint = Where the goods were made.
partnerships-hs-hint = 6 digits or more, like 7304.41.
partnerships-kilograms = In kilograms.
partnerships-incoterm = Incoterm
partnerships-freight = Freight
partnerships-freight-hint = International freight; needed to derive CIF from FOB, or FOB from CIF.
partnerships-insurance = Insurance
partnerships-dates = Dates
partnerships-released-hint = The date used in statistics.
partnerships-parties = Parties
partnerships-deal-channel = Deal channel
partnerships-transport-route = Transport route

## Adding a customs reference
partnerships-reference-lead = { $goods }. { $direction }. The number is checked for its form, check digit, year and direction, and against the kind of trade of the shipment. Only the customs office can say whether the declaration exists.
partnerships-item-hint = The line of the declaration, from 1.
partnerships-regime-system = Regime code list
partnerships-regime-hint = That of a plain purchase where empty.
partnerships-declarant = Who declared
partnerships-office = Customs office
partnerships-office-hint = In India the port code, which belongs to the number.
partnerships-reference-permanent = The other side is notified. The ledger entry is permanent.
partnerships-add-this = Add this reference

## The moderators' review of documents
partnerships-to-review = Documents to review
partnerships-what-you-saw = What you saw
partnerships-what-you-saw-hint = Which documents agree with what was declared, and what you could not check. Both sides read it and the ledger keeps it. It says what you reviewed, never that customs confirmed anything.
partnerships-grade = Grade as operator reviewed
partnerships-nothing-to-review = Nothing to review yet: both sides must confirm the shipment, and one must attach a document.
partnerships-reviews-lead = Shipments that both sides confirmed and that have documents which no moderator has reviewed, longest waiting first.
partnerships-no-reviews = No documents to review
partnerships-no-reviews-hint = Shipments appear here once both partners have confirmed them and attached documents.
partnerships-changed = Changed
partnerships-more-reviews = { $count } more follow once these are reviewed.
partnerships-no-documents = none yet
partnerships-attached-by = attached by { $company }
partnerships-reviewed = Reviewed by a moderator
partnerships-no-references = no customs reference yet
partnerships-item-regime = item { $item }, regime { $regime }
partnerships-evidence-at-most = evidence of { $evidence } at most

## A partnership
partnerships-buyer-word = buyer
partnerships-supplier-word = supplier
partnerships-needs-confirm-or-decline = confirm or decline it
partnerships-confirm-partnership = Confirm partnership
partnerships-declare = Declare a shipment
partnerships-end = End partnership
partnerships-withdraw = Withdraw proposal
partnerships-shipments = Shipments
partnerships-no-shipments = No shipments yet
partnerships-no-shipments-hint = Declare each shipment, or each item of a customs declaration. The other side confirms it; add the customs number when you have it.
partnerships-shipments-later = None yet. Shipments can be declared once both sides have confirmed the partnership.
partnerships-released = released { $date }
partnerships-invoice-of = invoice of { $date }
partnerships-document-count = { $count ->
    [one] { $count } document
   *[other] { $count } documents
}
partnerships-totals = Totals by year
partnerships-no-totals = No shipments confirmed by both sides yet.
partnerships-year = Year
partnerships-flow = Flow
partnerships-net-kg = Net kg
partnerships-totals-note = Shipments confirmed by both sides only. Exports and imports are never added together, nor are currencies.
partnerships-not-confirmed = { $count } declared, not confirmed yet.
partnerships-disputed-count = { $count } disputed.
partnerships-ledger = Ledger
partnerships-chain-broken = The hash chain is broken at entry { $entry }. Contact the operator.
partnerships-chain-verified = { $count ->
    [one] The one entry is verified: nothing was altered, removed or inserted.
   *[other] All { $count } entries verified: nothing was altered, removed or inserted.
}
partnerships-latest-entries = Latest entries
partnerships-entry = Entry
partnerships-when = When
partnerships-event = Event
partnerships-hash = Hash

## Rows and choices
partnerships-you-supply = You supply
partnerships-you-buy = You buy
partnerships-propose-title = Propose a trade partnership
partnerships-must-be-chosen = must be chosen

## Kinds of documents
partnerships-document-kind-invoice = invoice
partnerships-document-kind-packing_list = packing list
partnerships-document-kind-transport_document = transport document
partnerships-document-kind-customs_declaration = customs declaration
partnerships-document-kind-certificate_of_origin = certificate of origin
partnerships-document-kind-other = other

## The status of a partnership
partnerships-you-sell = you sell
partnerships-you-buy-word = you buy
partnerships-of-two = { $buyer } and { $supplier }
partnerships-status-proposed = proposed by { $proposer } on { $day }, waiting for { $other }
partnerships-status-active = active since { $day }, confirmed by both
partnerships-status-declined = declined on { $day }
partnerships-status-ended = ended on { $day }; its records stay
partnerships-quote = Quote
partnerships-regime-china = China, supervision mode
partnerships-regime-eu = European Union, procedure
partnerships-regime-us = United States, entry type
partnerships-regime-un = United Nations, procedure

## Choices in the form of a shipment
partnerships-b2b = Business with business
partnerships-b2c = Business with a consumer
partnerships-c2c = Consumer with consumer
partnerships-offline = Offline, by contract between you
partnerships-platform = Through the order flow of a platform
partnerships-declare-intro = One shipment, or one item of a declaration. { $other } is notified and confirms or disputes it.
partnerships-declare-button = Declare shipment
partnerships-correct-intro = A correction is a new record that replaces the old one; its customs references and documents are copied. { $other } is notified and confirms or disputes it. A record that both sides had confirmed stays in force until then.
partnerships-correct-button = Declare correction
partnerships-correct-title = Correct a shipment
partnerships-review-title = Review the documents

## The ledger
partnerships-operator = The operator
partnerships-entry-proposed = proposed the partnership
partnerships-entry-confirmed = confirmed the partnership
partnerships-entry-declined = declined the partnership
partnerships-entry-ended = ended the partnership
partnerships-entry-declared = declared a shipment
partnerships-entry-record-confirmed = confirmed a shipment
partnerships-entry-disputed = disputed a shipment
partnerships-entry-corrected = corrected a shipment
partnerships-entry-reference = added a customs reference
partnerships-entry-document = attached a document
partnerships-entry-reviewed = reviewed the documents of a shipment

## Before a step is taken
partnerships-ask-confirm = Confirm the partnership with { $other }?
partnerships-ask-confirm-both = Both of you confirm that you trade with each other.
partnerships-ask-confirm-then = Either side can declare shipments; the other confirms or disputes each.
partnerships-ask-permanent = The ledger entry is permanent; nothing in the ledger can be edited.
partnerships-notified-confirmed = { $other }: that you confirmed
partnerships-ask-decline = Decline the partnership with { $other }?
partnerships-ask-decline-then = The proposal is closed. Either of you can propose again.
partnerships-notified-declined = { $other }: that you declined, with your reason
partnerships-decline-button = Decline partnership
partnerships-reason-optional = Reason (optional)
partnerships-ask-end = End the partnership with { $other }?
partnerships-ask-end-then = No new shipments can be declared under it; mistakes in old ones can still be corrected.
partnerships-ask-end-keep = Both of you keep its records and its ledger.
partnerships-notified-ended = { $other }: that you ended it, with your reason
partnerships-ask-dispute = Dispute the shipment that { $other } declared?
partnerships-ask-dispute-counts = It counts neither in your totals nor in the statistics.
partnerships-ask-dispute-then = { $other } can correct it; you can still confirm it later.
partnerships-notified-disputed = { $other }: that you dispute it, with your reason
partnerships-dispute-button = Dispute shipment
partnerships-what-is-wrong = What is wrong
partnerships-ask-shipment-agree = Both sides then agree on this shipment: goods, quantity, value, dates.
partnerships-ask-shipment-counts = It counts in your totals, and in the public statistics if its customs reference is in order; no company is named there.
partnerships-ask-supersedes = The record that it corrects is no longer in force.
partnerships-ask-shipment = Confirm the shipment that { $other } declared?
partnerships-line-export = Export: { $reporter } to { $partner }
partnerships-line-import = Import: { $partner } to { $reporter }

## Why a record is not counted
partnerships-excluded-force = corrected or disputed
partnerships-excluded-consumer = one side is a consumer
partnerships-excluded-platform = the deal was made through a platform
partnerships-excluded-regime = the customs regime is not general trade
partnerships-excluded-unconfirmed = not confirmed by both sides
partnerships-excluded-no-reference = no customs reference
partnerships-excluded-no-declaration = the customs reference is preliminary, of a transit or supporting only
partnerships-excluded-suspicious = the customs reference is suspicious
partnerships-excluded-invalid = the customs reference is not well-formed
partnerships-excluded-duplicate = another record carries the same customs reference
partnerships-excluded-no-document = a customs reference of another scheme counts only with a document
partnerships-excluded-not-identified = a side is not identified: its register entry was not checked
partnerships-excluded-no-date = neither a release nor a declaration date
partnerships-excluded-edition = the HS code is of another edition or too short
partnerships-excluded-no-value = the FOB value of the export or the CIF value of the import cannot be derived
partnerships-excluded-no-rate = no dated rate to the currency of the tables
partnerships-excluded-value = a value above 50 million USD counts once a moderator has reviewed its documents

## What is wrong with a field
partnerships-same-company = must be another company than the supplier
partnerships-not-a-side = must be your company, or you must be the buyer
partnerships-same-country = must be another country than reporter_country
partnerships-hs-digits = must have 6 digits or more, like 730441
partnerships-one-of = must be one of { $values }
partnerships-positive = must be greater than 0
partnerships-same-currency = must be { $currency }, the currency of the value
partnerships-not-negative = must not be below 0
partnerships-below-value = must be below the value, which holds it under this incoterm
partnerships-value-too-large = is too large: with freight and insurance it cannot be written down
partnerships-in-future = must not be in the future
partnerships-first-year = must be in { $year } or later
partnerships-before-declared = must not be before declared_on
partnerships-no-such-number = is no number of this scheme
partnerships-too-long = must be at most { $most } characters
partnerships-no-company = must be a company of this market
partnerships-no-quote = must be an accepted quote of this supplier to this buyer
partnerships-say-what-you-saw = must say what you saw
partnerships-supersedes = must be { $id }, the record that is corrected, or absent
partnerships-no-record = must be a record of this partnership
partnerships-say-what-is-wrong = must say what is wrong
partnerships-no-file = must be a file: choose one first
partnerships-total-too-large = is too large for the total of its year
partnerships-load-object = must be an object
partnerships-load-type = must be partnership or record
partnerships-load-side = must be supplier or buyer

## Why something is refused
partnerships-load-first = The two companies have no active partnership; load that first.
partnerships-quote-not-accepted = A partnership can be proposed from a quote once the buyer has accepted it.
partnerships-document-corrected = A correction has taken the record's place; attach the document to that one.
partnerships-document-twice = The record has this document already: its bytes are the same.
partnerships-documents-full = A record has at most { $most } documents.
partnerships-review-not-ready = Both sides have to confirm the shipment, and one to attach a document, before that.
partnerships-review-own = Your own company is a side of this shipment; another moderator has to review it.
partnerships-reviewed-already = A moderator has reviewed these documents; nothing was attached since.
partnerships-reference-corrected = A correction has taken the record's place; add the reference to that one.
partnerships-reference-twice = The record { $record } of your partnership carries this number and item already.
partnerships-reference-elsewhere = a record that other companies have confirmed carries the same number and item
partnerships-only-other-side = Only the other side can confirm, decline or dispute this.
partnerships-only-declarant = Only the side that declared it can correct it; you can dispute it.
partnerships-decline-instead = The other side proposed it; decline it instead.
partnerships-wrong-state = The partnership is { $state }, which does not allow this.
partnerships-wrong-record-state = The record is { $state }, which does not allow this.
partnerships-consumer-alone = A record with a consumer on a side is declared by one side only and cannot be confirmed.
partnerships-exists = The two companies have a proposed or active partnership already.

## E-mails
partnerships-mail-proposes = { $company } proposes a trade partnership
partnerships-mail-proposes-text = { $company } says that you trade with each other and wants to keep one ledger of your shipments. Confirm it if that is so, or decline.
partnerships-mail-review-proposal = Review the proposal
partnerships-mail-confirmed = { $company } confirmed your trade partnership
partnerships-mail-confirmed-text = { $company } confirmed that you trade with each other. Either side can now declare shipments, and the other confirms them.
partnerships-mail-declined = { $company } declined your trade partnership
partnerships-mail-declined-text = { $company } declined the partnership that you proposed.
partnerships-mail-ended = { $company } ended the trade partnership
partnerships-mail-ended-text = { $company } ended your partnership. Its records and its ledger stay; no new shipments can be declared under it.
partnerships-mail-open-partnership = Open the partnership
partnerships-mail-look-at-shipment = Look at the shipment
partnerships-mail-attached = { $company } attached a document to a shipment
partnerships-mail-attached-text = { $company } attached a document ({ $kind }) to a shipment under your partnership. You can read it there.
partnerships-mail-open-shipment = Open the shipment
partnerships-mail-shipment = { $company } declared a shipment
partnerships-mail-shipment-text = { $company } declared a shipment under your partnership.
partnerships-mail-corrected = { $company } corrected a shipment
partnerships-mail-corrected-text = { $company } put a correction in the place of a shipment that was declared before.
partnerships-mail-confirm-or-dispute = Look at it and confirm or dispute
partnerships-mail-shipment-confirmed = { $company } confirmed a shipment
partnerships-mail-shipment-confirmed-text = { $company } confirmed the shipment that you declared. Both sides now say the same.
partnerships-mail-disputes = { $company } disputes a shipment
partnerships-mail-disputes-text = { $company } disputes the shipment that you declared. Correct it, or talk to them.
partnerships-mail-look-at-number = Look at the number and its check
partnerships-mail-reference = { $company } added a customs reference
partnerships-mail-reference-text = { $company } added the number of a customs declaration to a shipment under your partnership.
partnerships-reason = Reason
partnerships-other-side = The other side
partnerships-mail-because = Your company keeps a trade ledger with the other side.
partnerships-mail-reviewed = A moderator reviewed the documents of a shipment
partnerships-mail-reviewed-text = A moderator of the platform reviewed the documents of this shipment. Its evidence grade is now "operator reviewed".
partnerships-mail-goods = { $goods } (HS { $code })

## Grades of evidence
evidence-grade-self_declared = self declared
evidence-grade-counterparty_confirmed = counterparty confirmed
evidence-grade-document_attached = document attached
evidence-grade-operator_reviewed = operator reviewed

## Bounds
partnerships-too-many-references = A shipment carries at most { $most } customs references.
partnerships-too-many-corrections = This shipment was corrected { $most } times. Declare it anew, and agree with the other side which one counts.

## What is shown and what the ledger says
partnerships-ledger-differs = The ledger says something else of the shipment { $record } than its page. Contact the operator.

## What is odd about a shipment
partnerships-odd = Worth a look
partnerships-odd-air-parcel = An air parcel does not go by this mode of transport.
partnerships-odd-incoterm = FAS, FOB, CFR and CIF are for sea and inland waterways; FCA, CPT or CIP are meant for other modes.
partnerships-more-net-than-all = must not be more than the quantity, which is stated in a unit of mass
partnerships-odd-weight = The quantity in a unit of mass and the net weight differ by more than a tenth.
partnerships-odd-hs-digits = Only Japan has HS codes of 9 digits; a leading zero may be lost.
partnerships-odd-inside-eu = Both countries are in the European Union: no customs declaration is made between them since 1993. Northern Ireland and special territories apart, such trade is reported to Intrastat.
partnerships-odd-dates = The invoice is dated more than a month after the goods were cleared, or more than a year before.
partnerships-odd-value = The value of a kilogram is below a cent or above a million: a comma may have moved.
partnerships-odd-origin = Without a country of origin the partner in the statistics is the country of dispatch.
