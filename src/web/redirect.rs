//! Where a visitor goes after signing in: the one place that judges a `next` parameter.
//!
//! A text that somebody else may have written must not lead off the site. Looking at its first characters is not enough: browsers drop
//! tabs and line ends anywhere in an address (`/<TAB>/evil.example`), read `\` as `/`, and remove dot segments (`/.//evil.example`).
//! So the text is resolved the way a browser resolves it (WHATWG URL) and what comes out is compared.

use url::{Position, Url};

/// The page after signing in when no other was asked for.
const HOME: &str = "/";
/// The longest `next` that is followed, in bytes: longer than any address of the site (`limits.uri_bytes`), short enough for a header.
// A header's line of more than this is refused by some proxies, and no page of ours has so long an address.
const MAX_BYTES: usize = 4_096;

/// Path, query and fragment of the page of this site that `next` names, as ASCII for a `Location` header; `/` when it names none.
/// `site` is the public URL.
pub fn local_target(site: &str, next: &str) -> String {
    resolve_locally(site, next).unwrap_or_else(|| HOME.to_owned())
}

/// `next=` for the query of an address; what it names is judged by [`local_target`] where it is followed.
pub fn next_query(next: &str) -> String {
    serde_urlencoded::to_string([("next", next)]).unwrap_or_default()
}

/// What [`next_query`] made, read again; empty where it is something else.
pub fn next_of_query(query: &str) -> String {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
    pairs.into_iter().find(|(name, _)| name == "next").map(|(_, next)| next).unwrap_or_default()
}

fn resolve_locally(site: &str, next: &str) -> Option<String> {
    if next.is_empty() || next.len() > MAX_BYTES {
        return None;
    }
    let site = Url::parse(site).ok()?;
    let target = local_to_path(&site, next)?;
    // The path of a local address can itself be read as another host: `/.//evil.example` resolves to `//evil.example`.
    // What is sent is resolved again, as the browser will do, and has to arrive at the same page.
    (local_to_path(&site, &target)? == target).then_some(target)
}

fn local_to_path(site: &Url, next: &str) -> Option<String> {
    let target = site.join(next).ok()?;
    let is_local = target.origin() == site.origin() && target.username().is_empty() && target.password().is_none();
    is_local.then(|| target[Position::BeforePath..].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SITE: &str = "https://trade.example";

    #[test]
    fn hostile_targets_lead_to_the_front_page() {
        let long = format!("/{}", "a".repeat(MAX_BYTES));
        for next in [
            "",
            "//evil.example",
            "///evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "/\r\n/evil.example",
            "\t//evil.example",
            " //evil.example",
            "\0//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t\\evil.example",
            "/.//evil.example",
            "/..//evil.example",
            "/%2e//evil.example",
            "/a/..//evil.example",
            "https://evil.example/",
            "https:\\\\evil.example/",
            "https://trade.example@evil.example/",
            "https://user:secret@trade.example/",
            "https://trade.example:8443/",
            "http://trade.example/",
            "https://trade.example.evil.example/",
            "//trade\u{3002}example.evil\u{3002}example/",
            "javascript:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,hello",
            "https://[::1",
            long.as_str(),
        ] {
            assert_eq!(local_target(SITE, next), "/", "{next:?}");
        }
    }

    #[test]
    fn pages_of_the_site_are_kept_and_fit_a_header() {
        for (next, wanted) in [
            ("/", "/"),
            ("/rfqs?q=a+b&country=DE#results", "/rfqs?q=a+b&country=DE#results"),
            ("rfqs", "/rfqs"),
            ("https://trade.example/rfqs", "/rfqs"),
            ("//trade.example/rfqs", "/rfqs"),
            ("https://TRADE\u{3002}example:443/rfqs", "/rfqs"),
            ("/%2f%2fevil.example", "/%2f%2fevil.example"),
            ("/\0", "/"),
            ("/a\0b", "/a%00b"),
            ("/rfqs\r\nSet-Cookie: a=b", "/rfqsSet-Cookie:%20a=b"),
            ("/search?q=\u{9600}\u{95e8}", "/search?q=%E9%98%80%E9%97%A8"),
            ("/search?q=a\u{7f}b\0c", "/search?q=a%7Fb%00c"),
            ("/a//b", "/a//b"),
        ] {
            let target = local_target(SITE, next);
            assert_eq!(target, wanted, "{next:?}");
            assert!(target.bytes().all(|byte| byte.is_ascii_graphic()), "{target:?}");
        }
    }
}
