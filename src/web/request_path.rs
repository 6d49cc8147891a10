//! The one spelling of a request's path.
//!
//! The router decodes percent-encoded letters, so `/%61pi/v1/me` reaches the handler of `/api/v1/me`; every rule that looks at the path
//! (credentials, rate limits, CSRF, CORS, the form of errors) would compare the encoded one and let it pass. RFC 3986 §6.2.2.2 makes both
//! spellings the same resource, so the path is brought into the decoded one before any rule sees it. Other variants (`//api`, `/./api`,
//! `/API`) are paths of their own to the router too, and reach nothing.

use actix_web::dev::ServiceRequest;
use actix_web::http::Uri;
use actix_web::http::uri::PathAndQuery;

/// Decodes the percent-encoded unreserved characters (RFC 3986 §2.3) of the request's path, for the router and for every rule.
pub fn normalize(request: &mut ServiceRequest) {
    let Some(path) = decode_unreserved(request.uri().path()) else { return };
    let Some(uri) = with_path(request.uri(), &path) else { return };
    request.match_info_mut().get_mut().update(&uri);
    request.head_mut().uri = uri;
}

fn with_path(uri: &Uri, path: &str) -> Option<Uri> {
    let path_and_query = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(path_and_query).ok()?);
    Uri::from_parts(parts).ok()
}

/// The path with its unreserved characters decoded; `None` when it has none to decode, which is nearly always.
fn decode_unreserved(path: &str) -> Option<String> {
    let mut parts = path.split('%');
    let mut decoded = parts.next().unwrap_or_default().to_owned();
    let mut is_changed = false;
    for part in parts {
        let byte = part.get(..2).filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let byte = byte.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match byte.filter(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(byte)) {
            Some(byte) => {
                decoded.push(char::from(byte));
                decoded.push_str(&part[2..]);
                is_changed = true;
            }
            None => {
                decoded.push('%');
                decoded.push_str(part);
            }
        }
    }
    is_changed.then_some(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_unreserved_characters_are_decoded() {
        let decoded = |path| decode_unreserved(path);
        assert_eq!(decoded("/%61pi/v1/%6d%65").as_deref(), Some("/api/v1/me"));
        assert_eq!(decoded("/sign%2Dup").as_deref(), Some("/sign-up"));
        assert_eq!(decoded("/%7Eme/%5f%2e").as_deref(), Some("/~me/_."));
        assert_eq!(decoded("/%41%2f%41").as_deref(), Some("/A%2fA"));
        // Decoded once, not twice; what is not encoded well stays as it is.
        for path in ["/api/v1/me", "/%2561pi", "/a%2Fb", "/%zz", "/%6", "/%", "/%+1a", "/caf%C3%A9", "/%00"] {
            assert_eq!(decoded(path), None, "{path}");
        }
    }
}
