### Texts of exports: everything that a company has, as one archive.

## States
exports-state-queued = Queued
exports-state-running = Being made
exports-state-finished = Ready
exports-state-failed = Failed
exports-state-expired = Deleted

## What stands in each file
exports-kind-company = your company's profile
exports-kind-members = the people of your company, without addresses
exports-kind-invitations = invitations that wait to be accepted
exports-kind-contacts = your contact people
exports-kind-identifiers = your register numbers and how far each was checked
exports-kind-certifications = your certificates
exports-kind-verification_requests = your requests to be verified and what was decided
exports-kind-listings = your catalogue, as an import takes it
exports-kind-removed_listings = listings that were removed
exports-kind-images = the images of your listings, with the place of each file
exports-kind-rfqs = your RFQs
exports-kind-questions = the questions under your RFQs and your answers
exports-kind-questions_asked = the questions that you asked under the RFQs of others, with the answers that you may read
exports-kind-matched_suppliers = the suppliers matched to your RFQs
exports-kind-invited_suppliers = the suppliers that your published RFQs invite
exports-kind-quotes_received = the quotes on your RFQs, with all versions that you may read
exports-kind-quotes_given = the quotes that you gave, with all versions
exports-kind-rfq_invitations = the RFQs that you are invited to quote on
exports-kind-matches = the RFQs that you are matched to
exports-kind-partnerships = your trade partnerships
exports-kind-ledgers = their ledgers with all hashes, a line for each partnership
exports-kind-records = the trade records of your partnerships, with customs references
exports-kind-retail_records = what you recorded of your sales to consumers
exports-kind-threads = your conversations
exports-kind-messages = their messages; contact data is masked where the site masks it for you
exports-kind-blocked_companies = companies from which you take no messages
exports-kind-saved_searches = the saved searches of the owner who asked
exports-kind-notifications = the notifications of the owner who asked, of the last 90 days
exports-kind-notification_preferences = which e-mails the owner who asked wants
exports-kind-api_keys = your API keys, without the keys themselves
exports-kind-webhook_endpoints = your webhook endpoints, without their secrets
exports-kind-contact_reveals = the companies that viewed your contacts
exports-kind-reports = the reports that you made and what was decided
exports-kind-imports = the catalogue files that you brought in during the last 30 days
exports-kind-documents = your documents, with the place of each file
exports-kind-received_documents = documents that others attached to messages, quotes and records of yours, with the place of each file

## The file that explains the archive
exports-read-me-title = Everything that your company has on Tradepost
exports-read-me-lines = Each file below is UTF-8 text with one JSON object a line, in the form that the API answers; the forms are described under /api/docs/ on the site.
exports-read-me-files = files/: your documents and images, and documents that you received. A file is named after the SHA-256 of its bytes, and the lines about it name it.
exports-read-me-manifest = manifest.json: for each of these files how many lines it has, and the SHA-256 of its bytes.
exports-read-me-catalogue = listings.ndjson can be imported again as it is: it changes nothing.
exports-read-me-moment = The files were written one after the other. What changed meanwhile may be in some of them and not yet in others.

## Pages
exports-title = Export all data
exports-account = Account
exports-what = Everything that your company has here in one zip: a file with one JSON object a line for each kind of thing, your documents and images, and a list of what each file is.
exports-kept = { $days ->
    [one] The archive can be downloaded for one day and is deleted then.
   *[other] The archive can be downloaded for { $days } days and is deleted then.
}
exports-whose = Only owners can ask for it. Saved searches, notifications and preferences in it are yours; those of your colleagues are not in it. Nothing is changed or deleted here.
exports-ask = Export all data
exports-asked = The archive is being made. You get an e-mail when it is ready.
exports-refresh = Refresh
exports-so-far = Exports of the last 90 days
exports-none = You have not exported your data yet.
exports-asked-at = Asked for
exports-state = State
exports-lines = Lines
exports-size = Size
exports-until = Available until
exports-archive = Archive
exports-download = Download

## Why there is no archive
exports-not-ready = The archive is not complete yet.
exports-has-failed = The archive could not be made. Ask for another one.
exports-is-over = The time of this archive is over, and it was deleted. Ask for another one.
exports-too-many-today = Your company has had { $most } exports made in the last 24 hours. Try again tomorrow.
exports-not-ended = It was not complete after a day.
exports-no-owner = Who asked for it is no owner of the company any more.

## E-mails
exports-mail-ready-subject = Your data export is ready
exports-mail-ready = The archive with everything that your company has on Tradepost can be downloaded by its owners.
exports-mail-failed-subject = Your data export could not be made
exports-mail-failed = The archive that you asked for could not be made. Please ask for another one.
exports-mail-action = Open exports
exports-mail-because = You get this e-mail because you asked for an export of your company's data.
