//! Web origins that an API key may list: scripts of these sites may use it from a browser.

use crate::error::{FieldCode, FieldError};
use crate::locale::{self, Language, Message};

/// The most origins of one key.
const MOST_ORIGINS: usize = 20;

/// What is wrong with the origins of a new key.
pub(super) fn wrong_origins(origins: &[String]) -> Vec<FieldError> {
    if origins.len() > MOST_ORIGINS {
        let message = Message::new("accounts-origins-most").with("most", MOST_ORIGINS).text(Language::English);
        return vec![FieldError::new("/origins", FieldCode::Range, message)];
    }
    let mut wrong = Vec::new();
    for (at, origin) in origins.iter().enumerate() {
        let pointer = format!("/origins/{at}");
        if !is_origin(origin) {
            let message = locale::text(Language::English, "accounts-must-be-origin");
            wrong.push(FieldError::new(pointer, FieldCode::Format, message));
        } else if origins[..at].contains(origin) {
            wrong.push(FieldError::new(
                pointer,
                FieldCode::Contradiction,
                locale::text(Language::English, "accounts-origin-twice"),
            ));
        }
    }
    wrong
}

/// RFC 6454: scheme, host and a port that is not the scheme's own, in lower case, with nothing behind. Plain http is for the
/// developer's own machine.
fn is_origin(text: &str) -> bool {
    let (authority, own_port, is_plain) = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
        (Some(authority), _) => (authority, "443", false),
        (_, Some(authority)) => (authority, "80", true),
        _ => return false,
    };
    let (host, port) = authority.rsplit_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    let port_holds =
        port.is_none_or(|port| port != own_port && port.parse::<u16>().is_ok_and(|n| n.to_string() == port));
    let is_local = host == "localhost" || host == "127.0.0.1";
    text.len() <= 255 && host.split('.').all(is_label) && port_holds && (!is_plain || is_local)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_what_a_browser_sends() {
        for right in [
            "https://shop.example",
            "https://xn--bcher-kva.example:8443",
            "http://localhost:3000",
            "http://127.0.0.1:8080",
        ] {
            assert!(is_origin(right), "{right}");
        }
        for wrong in [
            "*",
            "null",
            "",
            "https://",
            "shop.example",
            "https://shop.example/",
            "https://Shop.example",
            "https://shop.example:443",
            "https://shop.example:0443",
            "https://*.shop.example",
            "https://a@shop.example",
            "http://shop.example",
            "ftp://shop.example",
            "https://shop..example",
            "https://shop.example https://evil.example",
            "https://shop.example\r\nX: y",
        ] {
            assert!(!is_origin(wrong), "{wrong}");
        }
    }
}
