### Texts of moderation.

moderation-reports = Reports
moderation-message = Message of the reporter
moderation-target = Reported
moderation-others = Other open reports
moderation-decision = Decision
moderation-decide = Decide
moderation-decide-lead = The owner and everybody who reported it get the decision and the reason by e-mail; who reported is not disclosed. This also decides the other open reports of it.
moderation-reason = Reason
moderation-reason-both = Shown to both sides. No contact details.
moderation-owner = Owner
moderation-history = History
moderation-no-earlier = No earlier decisions.
moderation-profile = Public profile
moderation-lift-title = Lift the suspension
moderation-lift-lead = The company, its published listings and its open RFQs can be found again within seconds, and its RFQs are matched again. Its people get the reason by e-mail.
moderation-reason-company = Shown to the company. No contact details.
moderation-lift = Lift suspension
moderation-suspend = Suspend
moderation-suspend-lead = The company, its listings and its RFQs disappear from search and from every public page within seconds, and nothing of it is matched. Its people and API keys can read, but not change or send anything. Other companies keep their quotes and partnerships with it. Its people get the reason by e-mail.
moderation-suspend-company = Suspend company
moderation-cancel = Cancel
moderation-none = No decisions.
moderation-tabs = Moderation
moderation-verification = Verification
moderation-identifiers = Disputed identifiers
moderation-shipment-documents = Shipment documents
moderation-history-none = No decisions yet. Every decision of a moderator is listed here, with who, when and why.
moderation-account = Account and company
moderation-suspended-title = Your company is suspended
moderation-suspended-lead = Other companies can’t see your company, its listings or its RFQs. Everybody in your company can still sign in and read, but nothing can be changed or sent until a moderator lifts the suspension.
moderation-own-decisions = Decisions about your company
moderation-own-decisions-none = No decisions. When a moderator decides about your company, or about a listing, an RFQ or a quote of yours, the decision and its reason are listed here.
moderation-own-reports = Reports by your company
moderation-own-reports-none = No reports. RFQs, listings, quotes and companies have a link to report them.
moderation-no-results = No results for these filters.
moderation-col-report = Report
moderation-col-reporter = Reported by
moderation-col-state = State
moderation-col-when = When
moderation-back = Back
moderation-report-lead = A moderator of this platform reads it and decides with a reason. Both sides get the decision by e-mail. Only moderators see who reported.
moderation-kind = What is wrong
moderation-words = Message
moderation-words-hint = What a moderator should look at. Required for a false claim and for something else. Only moderators see it.
moderation-reported-by = reported by { $reporter }
moderation-because = Reason: { $reason }
moderation-suspended-because = Suspended: { $reason }
moderation-by = by { $person },
moderation-older-reports = Only the newest reports are shown. The API lists all: <code>GET /api/v1/reports</code>.
moderation-open = { $count ->
    [0] No open reports.
    [one] 1 open report.
   *[other] { $count } open reports.
}
moderation-oldest = The oldest was made
moderation-reporting = You are reporting { $target }.

## Kinds of reports, decisions, acts
moderation-kind-advertising = Advertising: it sells something else
moderation-kind-phishing = Phishing: it asks for passwords, payments or data
moderation-kind-price_fishing = Price fishing: it only wants to learn prices
moderation-kind-fraud = Fraud
moderation-kind-false_claim = A false claim: certificate, origin, identity
moderation-kind-off_target = Off target: not what the RFQ asks for
moderation-kind-contact_quota = Used up its contact reveals
moderation-kind-look_alike = A name looks like another company’s
moderation-name-mixed = A word of the name “{ $name }” mixes letters of scripts that look alike.
moderation-name-like = The name “{ $name }” looks like that of { $like } ({ $id }).
moderation-kind-other = Something else
moderation-decision-dismiss = Dismiss: nothing is wrong, nothing changes
moderation-decision-warn = Warn the owner; nothing else changes
moderation-decision-take_off = Remove it for good; the owner gets the reason
moderation-decision-mark_off_target = Mark the quote as irrelevant; the supplier can send fewer open quotes for 90 days
moderation-decision-suspend = Suspend the owner: it is hidden with everything it has, and can only read
moderation-act-dismissed = Report dismissed
moderation-act-warned = Warning
moderation-act-took_off = Removed
moderation-act-marked_off_target = Marked as irrelevant
moderation-act-suspended = Suspended
moderation-act-lifted = Suspension lifted
moderation-act-verified = Verification accepted
moderation-act-refused_request = Verification refused
moderation-act-awarded_number = Identifier awarded
moderation-act-refused_claim = Claim to an identifier refused

## E-mails
moderation-mail-outcome-dismissed = A moderator checked it and found nothing wrong.
moderation-mail-outcome-warned = A moderator warned its owner.
moderation-mail-outcome-removed = A moderator removed it.
moderation-mail-outcome-irrelevant = A moderator marked the quote as irrelevant.
moderation-mail-outcome-suspended = A moderator suspended its owner.
moderation-mail-reported = You reported { $target }.
moderation-mail-report-decided = Decision on your report: { $title }
moderation-mail-report = Report
moderation-mail-reported-as = Reported as
moderation-mail-your-reports = Your reports
moderation-mail-because-report = This is a service message about a report of your company.
moderation-mail-dismissed = Somebody reported { $target }. A moderator found nothing wrong; nothing changes.
moderation-mail-warned = A moderator warns you about { $target }. Nothing else changes, but the next time may have consequences.
moderation-mail-removed = A moderator removed { $target }. It cannot be published again; you can still read it.
moderation-mail-irrelevant = A moderator marked { $target } as irrelevant: it is not what the RFQ asks for. Each such mark means { $cost } fewer open quotes a week for 90 days.
moderation-mail-suspended = A moderator suspended your company. Other companies can't see it, its listings or its RFQs; its people and API keys can read, but not change or send anything.
moderation-mail-lifted = The suspension of your company is lifted: it, its listings and its RFQs can be found as before.
moderation-mail-decision = Decision
moderation-mail-about = About
moderation-mail-because = This is a service message about your company.

## States
report-state-open = open
report-state-dismissed = dismissed
report-state-upheld = upheld

## In code
moderation-decided = The report is { $state }; it was decided already.
moderation-decision-possible = must be a decision that is possible for this target
moderation-own-company = This concerns your own company; another moderator has to decide.
moderation-own-report = Your own company reported this; another moderator has to decide.
moderation-one-of = must be one of { $kinds } for this
moderation-not-own = must not be your own
moderation-report-limit = Your company has reached its limit of reports in 24 hours.
moderation-about-seen = must name something that you can see
moderation-quote-text = { $price } for each unit, version { $version }.
moderation-report-page = Report
moderation-company-page = Company
moderation-history-page = History of decisions
moderation-own-page = Reports and decisions
moderation-reported-notice = The report is with the moderators; you will be notified of their decision.
moderation-every-kind = every kind
moderation-queue-page = Reports
moderation-report-to = Report to the moderators
moderation-the-platform = the platform
moderation-target-id = must be the ID of an RFQ (rfq_), a listing (lst_), a quote (quo_), a company (cmp_) or a message (msg_)
moderation-target-rfq = the RFQ "{ $title }"
moderation-target-listing = the listing "{ $title }"
moderation-target-quote = the quote on "{ $title }"
moderation-target-company = the company { $title }
moderation-target-message = the message in the conversation about "{ $title }"
moderation-reported-twice = Your company has already reported this; a moderator will decide.
