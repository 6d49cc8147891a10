### The titles of error codes, and what a reader can do about them.

error-bad_request = The request could not be read
error-bad_cursor = The cursor is not valid here
error-unauthenticated = Sign in or send an API key
error-forbidden = Not allowed
error-email_unconfirmed = Confirm your e-mail address first
error-not_found = Not found
error-method_not_allowed = Method not allowed
error-request_timeout = The request took too long to arrive
error-gone = It was made, and is gone since
error-conflict = The current state does not allow this
error-duplicate = It exists already
error-stale = It was changed in the meantime
error-too_large = Too large
error-uri_too_long = The address is too long
error-unsupported_media_type = Unsupported media type
error-invalid = Some fields are not valid
error-idempotency_mismatch = The idempotency key was used with another request
error-precondition_required = Send If-Match with the resource's ETag
error-head_too_large = The head of the request is too large
error-too_many_requests = Too many requests
error-internal = Something went wrong on our side
error-unavailable = Not available at the moment

## What the parts that all features share refuse
errors-required = is required
errors-many-fields = { $count } fields are not valid.
errors-internal = The request could not be completed.
errors-collided = The request collided with another one; try again.
errors-form-cookies = The form is too old, or your browser does not keep cookies. Open the page and send it again.
errors-limit = must be a number from 1 to 100
errors-body-ended = The body ended before its length.
errors-body-broken = The body could not be read: its transfer coding is broken.
errors-body-encoded = Send the body without Content-Encoding.
errors-body-slow = The body took too long to arrive.
errors-body-too-large = The body must have at most { $most } bytes.
errors-not-http = This is no request of HTTP/1.1.
errors-head-slow = The head of the request took too long to arrive.
errors-head-large = A head may have 96 headers and 128 KiB.
errors-form-elsewhere = This form was not sent from this site. Open the page and send it again.
errors-codes-title = Problem codes of the API
errors-method = This address takes { $methods }.
errors-address-long = An address must have at most { $most } bytes.
errors-if-match = Send If-Match with the ETag of the version you have seen.
errors-media-type = Send the body as { $kind }.
errors-query = These parameters are not valid: { $parameters }.
errors-query-unknown = is not a parameter here; the parameters are { $known }
errors-query-twice = must stand there once
errors-whole-number = must be a whole number from 0
errors-from-one = must be a whole number from 1 to 65535
errors-true-or-false = must be true or false
errors-name-twice = the name “{ $name }” stands there twice
errors-idempotency-key = Idempotency-Key must be 1 to 255 visible ASCII characters.
errors-form-fields = A form must have at most { $most } fields.
errors-form-unread = The form could not be read.
errors-form-old = The form is too old or not from this site. Open the page and send it again.
errors-too-many = Too many requests; try again in { $seconds } s.
errors-too-many-today = Your company has made as many changes today as it may; try again in { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
}. Batches and catalogue files count for less than single changes.
errors-too-many-pixels = Your company has sent as many megapixels as are read in a minute; try again in { $seconds } s, or send smaller pictures.
errors-closed = The connection was closed before the answer.
errors-too-long = This takes too long at the moment. Nothing was stored; send it again later.
errors-uploads-slow = Your company has { $most } uploads under way that come slower than { $rate } kB a second, and may have no more. Send this one again when one of them is over.
errors-upload-slow = The upload came too slowly and was given up.
errors-a-file = must be a file
errors-upload-unread = The upload could not be read: { $error }.
errors-files = must be at most { $most } files at once
errors-typed-long = What was typed must have at most { $most } bytes.
errors-sign-in-for-files = Sign in to send files.
errors-files-unavailable = The files are not available at the moment.
errors-file-field = must have at most { $most } bytes ({ $mib } MiB)
errors-file-large = The file must have at most { $most } bytes ({ $mib } MiB).
errors-not-stored = Nothing can be stored at the moment.
errors-upload-stored-slow = The upload took too long to be stored. Send it again.
errors-items = must have at most { $max } items, not { $items }
errors-web-address-long = must have at most 2000 characters
errors-web-address = must be a web address that begins with https:// or http://
errors-e-mail = must be an e-mail address like anna@example.com
errors-control = must not contain control characters
errors-at-least = must have at least { $least } characters
errors-at-most = must have at most { $most } characters, not { $characters }
errors-contact-e-mail = an e-mail address
errors-contact-phone = a telephone number
errors-contact-messenger = an address or a name in a messenger
errors-contact = must not contain { $what }: this text is public; contacts are exchanged after a quote

## What is not there, or not for the caller
errors-absent-account = There is no such account.
errors-absent-address = There is no such address.
errors-absent-api_key = There is no such API key.
errors-absent-blocked_company = There is no such blocked company.
errors-absent-certificate = There is no such certificate.
errors-absent-claim = There is no such claim.
errors-absent-company = There is no such company.
errors-absent-contact = There is no such contact.
errors-absent-contact_reveal = There is no such contact reveal.
errors-absent-saved_search = There is no such saved search.
errors-absent-webhook_endpoint = There is no such webhook endpoint.
errors-absent-event = There is no such event.
errors-absent-dead_job = There is no such dead job.
errors-absent-document = There is no such document.
errors-absent-export = There is no such export.
errors-absent-hs_code = There is no such HS code.
errors-absent-import = There is no such import.
errors-absent-image = There is no such image.
errors-absent-invitation = There is no such invitation.
errors-absent-listing = There is no such listing.
errors-absent-match = There is no such match.
errors-absent-member = There is no such member.
errors-absent-message = There is no such message.
errors-absent-notification = There is no such notification.
errors-absent-page = There is no such page.
errors-absent-partnership = There is no such partnership.
errors-absent-question = There is no such question.
errors-absent-quote = There is no such quote.
errors-absent-release = There is no such release.
errors-absent-report = There is no such report.
errors-absent-request = There is no such request.
errors-absent-resource = There is no such resource.
errors-absent-retail_record = There is no such retail record.
errors-absent-rfq = There is no such RFQ.
errors-absent-subject = There is no such thing to write about.
errors-absent-tab = There is no such tab.
errors-absent-thing_to_report = There is no such thing to report.
errors-absent-sitemap = There is no such sitemap.
errors-absent-thread = There is no such conversation.
errors-absent-trade_record = There is no such trade record.
errors-absent-unsubscribe_address = There is no such unsubscribe address.

## Who may do what
errors-operator-only = Only the operator may do this.
errors-operator-by-name = The operator acts for a company only by name.
errors-role = The role { $role } does not allow this; ask an owner of the company.
errors-scope = The API key lacks the scope { $scope }.
errors-needs-sign-in = This needs a signed-in company or an API key.
errors-person-only = This belongs to a person; an API key has none. Sign in on the site.

## Versions, cursors and keys of requests
errors-cursor = The cursor must be one that this list answered to you before.
errors-idempotency-gone = The request with this Idempotency-Key was carried out; what it made was deleted since, or is over.
errors-idempotency-other = This Idempotency-Key was sent before with another body.
errors-present-version = The current version is "v{ $actual }"; read it and try again.
errors-not-json = The body cannot be read as JSON: { $error }.
errors-unconfirmed = Confirm your e-mail address first, by the link in the e-mail that we sent you. Until then you can look around and prepare drafts.
errors-suspended = Your company is suspended: it may read, but change and send nothing. The reason is shown in your account.

## What codes, amounts and ids look like
errors-decimal = must be a decimal number of at most 6 places, like 12.3456
errors-too-large = is too large
errors-currency = must be an ISO 4217 currency code in capitals, like USD
errors-country = must be an ISO 3166-1 alpha-2 country code in capitals, like NL
errors-hs = must be an HS code of 2, 4 or 6 digits, or 8 to 10 (in China also 13) with national digits, like 730441
errors-hs-chapter = must begin with an HS chapter from 01 to 97 (77 is reserved)
errors-locode = must be a UN/LOCODE: a country and three letters or digits 2 to 9, like NLRTM
errors-language = must be an ISO 639-1 language code of two small letters, like en
errors-unit = must be a UN/ECE Rec 20 unit code in capitals, like KGM (kilogram) or C62 (one piece)
errors-id = must be an ID like { $prefix }_ followed by 13 letters and digits
errors-one-of = must be one of { $values }

## What the database cannot do at the moment
errors-no-room = There is no room to store this at the moment.
errors-database-away = The database is not available at the moment.
errors-database-busy = The database is too busy at the moment.
errors-too-many-changes = Too many changes to the same things at the same time. Nothing was changed; try again.

errors-a-moment = must be a moment like 2026-11-30T20:00:00Z

## Queues that are full
errors-files-busy = Too many files are being processed at the moment. Nothing was stored; send it again in a few seconds.
errors-passwords-busy = Too many people are signing in at the moment. Try again in a few seconds.
errors-searches-busy = Too many searches that take long are running at the moment. Ask again in a few seconds, or for less at once: fewer words, facets or hits.

## Downloads as a spreadsheet
spreadsheet-text-too-long = a text is longer than the 32 767 characters that a cell of a spreadsheet takes; csv has no such limit
spreadsheet-too-many-rows = there are more rows or columns than a spreadsheet takes; csv has no such limit
