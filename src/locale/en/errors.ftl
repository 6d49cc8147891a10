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
