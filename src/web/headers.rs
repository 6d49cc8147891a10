//! The headers that every answer carries, whoever writes it: the application, or the connection below it.

use actix_web::http::header::HeaderName;

/// Names the request in the answer, the log and the audit trail.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

// Nothing inline: what a user typed can then run nowhere, even where a page forgot to escape it. `data:` is for the QR code.
const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'";

/// Swagger UI sets styles from its script; its page is the only one that may.
pub const DOCS_CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
    font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'";

// A year, the least that preload lists take. Development is http and must stay reachable, so it is left out there.
/// What every answer of an https site carries besides.
pub const HSTS: &str = "max-age=31536000; includeSubDomains";

/// What every answer carries.
pub const ALWAYS: &[(&str, &str)] = &[
    ("content-security-policy", CSP),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("x-frame-options", "DENY"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// An id for a request that brought none.
pub fn make_request_id() -> String {
    format!("{:032x}", rand::random::<u128>())
}
