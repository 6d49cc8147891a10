### Texts of verification.

verification-requests = Verification requests
verification-identifiers = Disputed identifiers
verification-application = Application
verification-link = Link
verification-documents = Documents
verification-note = Note
verification-profile = Company profile
verification-legal-name = Legal name
verification-country = Country
verification-decide = Decide
verification-decide-lead = What you accept is shown on the company’s public profile with today’s date. The company gets the decision and the reason by e-mail.
verification-decision = Decision
verification-description = What the documents are
verification-description-hint = One per line, shown publicly: Business licence. Required to accept.
verification-valid-until = Valid until
verification-valid-until-hint = Leave empty for one year, or for the last day that the documents name.
verification-reason = Reason
verification-reason-company = Shown to the company. No contact details.
verification-company = Company
verification-current-evidence = Current evidence
verification-claimed-by = Claimed by
verification-held-by = Held by
verification-no-holder = no company
verification-claim-lead = If you accept, the claimant holds the identifier; the former holder is notified, keeps it marked as refused, and its register entry no longer counts. If you refuse, the claim grants nothing. The claimant is notified in both cases, with the reason.
verification-reason-both = Shown to both sides. No contact details.
verification-no-claims = No disputed identifiers.
verification-identifier = Identifier
verification-since = Since
verification-account = Account and company
verification-next = Next
verification-owners-only = Only an owner of the company can apply.
verification-evidence = Evidence
verification-issuer = Issuer
verification-details = Details
verification-checked-on = Checked on
verification-no-end = no end
verification-checked = Checked
verification-not-checked = Not checked
verification-own-requests = Your requests
verification-no-requests = No requests in this state.
verification-level = Level applied for
verification-current-level = Current level
verification-submitted = Submitted
verification-own = Verification
verification-apply-lead = A moderator compares your application with your company’s profile and decides with a reason; you are notified by e-mail. What is accepted is public, with its dates. If you change the name, country or identifiers later, you have to apply again.
verification-register = Register
verification-register-hint = Its official name: Kamer van Koophandel, Handelsregister.
verification-entry = Entry number
verification-entry-link = Link to the entry
verification-entry-link-hint = A public page of the register.
verification-documents-hint = Needed: a register extract or a business licence, for example; PDF or pictures, up to 10 MiB each. Only moderators see them.
verification-identity = Identity document
verification-identity-hint = Needed: one PDF or picture. A moderator checks it once; then the file is deleted, and only its hash, its issuer and its last day are kept.
verification-authority-hint = The authority: Gemeente Rotterdam.
verification-report = The report
verification-report-hint = Needed. Only moderators see it; its author and its date are public.
verification-author = Author
verification-author-hint = The third party that examined the company.
verification-date = Date
verification-moderator-note = Note for the moderator
verification-moderator-note-hint = Only moderators see it.
verification-apply = Apply
verification-applies = { $company } applies for { $level }
verification-changed = <strong>The company has changed.</strong> Its name, country or identifiers are not what they were when it applied. Refuse the request; it can apply again.
verification-until = until { $day }
verification-claims-lead = Oldest first. A claim grants nothing until it is decided.
verification-claims-more = { $count ->
    [one] 1 more follows
   *[other] { $count } more follow
} when these are decided.
verification-lead = Levels show evidence; they can’t be bought. A moderator decides with a reason, and the evidence is public on <a href="/companies/{ $company }">your public profile</a>.
verification-apply-for = Apply for { $level }
verification-because = Reason: { $reason }
verification-open = { $count ->
    [0] No open requests.
    [one] 1 open request.
   *[other] { $count } open requests.
}
verification-oldest = The oldest was made

## E-mails
verification-mail-action = Verification of your company
verification-mail-because = This is a service message about your company.
verification-mail-accepted-subject = Your company is { $level }
verification-mail-accepted = A moderator accepted your application for { $wanted }. The level of your company is now { $level }.
verification-mail-refused-subject = Your application for { $wanted } was refused
verification-mail-refused = A moderator refused your application for { $wanted }. Nothing changes; you can apply again.
verification-mail-request = Request
verification-mail-until = Counts until
verification-mail-counted-until = Counted until
verification-mail-claim-accepted-subject = An identifier is now your company's
verification-mail-claim-accepted = A moderator decided that your company holds this identifier.
verification-mail-claim-refused-subject = Your claim to an identifier was refused
verification-mail-claim-refused = A moderator decided that your company does not hold this identifier, so it grants nothing.
verification-mail-lost-subject = An identifier is another company's
verification-mail-lost = Another company claimed this identifier, and a moderator decided that it is theirs. It stays in your profile, but grants nothing, and your register entry no longer counts.
verification-mail-expires-subject = Expires in { $days } days or less: your { $what }
verification-mail-expires = The evidence that a moderator checked ({ $what }) counts until { $day }. Send newer documents before then to keep the level.
verification-mail-expired-subject = Expired: your { $what }
verification-mail-expired = The evidence that a moderator checked ({ $what }) has expired. The level of your company is now { $level }.

## States
verification-state-open = open
verification-state-accepted = accepted
verification-state-refused = refused

## Labels of fields
verification-label-level = Level

## In code
verification-claim-accept = The claimant holds it
verification-claim-refuse = Refuse the claim
verification-claims-title = Disputed identifiers
verification-claim-title = Who holds this identifier?
verification-applied = Your application is with the moderators.
verification-own-title = Verification of your company
verification-applied-next = Your application is with the moderators; you will be notified of their decision.
verification-accept = Accept: the evidence shows it
verification-refuse = Refuse: nothing changes
verification-requests-title = Verification requests
verification-request-title = Verification request
verification-said-register = Register
verification-said-entry = Entry
verification-said-checked = Checked on
verification-said-issuer = Issuer
verification-said-date = Date
verification-said-until = Valid until
verification-a-day = must be a day like 2026-11-25
verification-apply-title = Apply for verification
verification-level-unknown = must be identified, documented or audited
verification-individual = must be documented for an individual, who is in no register: send an identity document
verification-no-identifier = Your company has no identifier with valid check digits; add one to its profile first.
verification-claim-first = Another company holds the identifier of this company: decide that claim first, under “Disputed identifiers”.
verification-own-identifiers = Your identifiers
verification-level-missing = Each level builds on the one below: become { $level } first.
verification-no-expiry = must be empty: a register entry does not expire
verification-has-passed = must not have passed
verification-after-documents = must not be after the last day that the documents name
verification-three-years = must be within three years
verification-kind-register = register entry
verification-kind-identity = identity document
verification-kind-report = third party's report
verification-level-registered = Registered
verification-level-identified = Identified
verification-level-documented = Documented
verification-level-audited = Audited
verification-in-future = must not be in the future
verification-one-identity = must be one identity document
verification-decided = The request is { $state }; it was decided already.
verification-company-changed = The company has changed its name, country or identifiers since it applied; refuse the request.
verification-open-already = Your company already has an open request for this level; a moderator will decide.
