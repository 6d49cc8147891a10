//! What every answer carries, whatever it answers.

use tradepost::actor::Role;

use crate::access::{Actors, pages, walked};
use crate::support::{Answer, World};

both!(every_response_has_security_headers, signed_in_pages_are_not_cached);

const ALWAYS: &[(&str, &str)] = &[
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
         form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("x-frame-options", "DENY"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

fn complaints(what: &str, answer: &Answer) -> Vec<String> {
    // The reference page alone may set styles from its script; a file may do nothing at all; a page with a secret address says even
    // less of where a link stood.
    let is_own = |name: &str| {
        let is_file = answer.header(name) == Some("default-src 'none'; sandbox");
        name == "content-security-policy" && (is_file || what.starts_with("/api/docs"))
            || name == "referrer-policy" && answer.header(name) == Some("no-referrer")
    };
    let mut found: Vec<String> = ALWAYS
        .iter()
        .filter(|(name, _)| !is_own(name))
        .filter(|(name, value)| answer.header(name) != Some(value))
        .map(|(name, _)| format!("{what}: {name} is {:?}", answer.header(name)))
        .collect();
    let mut must = |is_so: bool, sentence: &str| {
        if !is_so {
            found.push(format!("{what} ({}) {sentence}", answer.status));
        }
    };
    must(answer.header("x-request-id").is_some_and(|id| id.len() == 32), "has no request id");
    must(answer.header("strict-transport-security").is_none(), "promises https");
    must(answer.header("server").is_none() && answer.header("x-powered-by").is_none(), "says what made it");
    must(answer.headers.iter().filter(|(name, _)| name == "content-security-policy").count() == 1, "has two policies");
    let kind = answer.header("content-type").unwrap_or_default();
    must(answer.body.is_empty() || !kind.is_empty(), "has a body of no kind");
    if answer.status >= 400 && what.contains("/api/v1") {
        must(kind == "application/problem+json", "is no problem");
    }
    if kind.starts_with("text/html") {
        must(!has_inline_code(&answer.body), "has code inside");
    }
    found
}

/// Complains of an answer that lacks what every answer carries.
#[track_caller]
pub fn assert_guarded(what: &str, answer: &Answer) {
    let found = complaints(what, answer);
    assert!(found.is_empty(), "{found:#?}");
}

/// A script, a style or a handler that stands in the page itself.
fn has_inline_code(html: &str) -> bool {
    html.split('<').skip(1).filter_map(|rest| rest.split('>').next()).any(|tag| {
        let name = tag.split([' ', '\n', '/']).next().unwrap_or_default().to_ascii_lowercase();
        let attributes = outside_quotes(tag);
        let handler = |part: &str| {
            let part = part.split('=').next().unwrap_or_default().to_ascii_lowercase();
            part.len() > 2 && part.starts_with("on") && part.bytes().all(|byte| byte.is_ascii_lowercase())
        };
        name == "style"
            || name == "script" && !attributes.contains("src=")
            || attributes
                .split_whitespace()
                .skip(1)
                .any(|part| part.starts_with("style=") || part.contains('=') && handler(part))
            || tag.to_ascii_lowercase().contains("=\"javascript:")
    })
}

fn outside_quotes(tag: &str) -> String {
    tag.split('"').step_by(2).collect::<Vec<_>>().join("\"\"")
}

fn every_response_has_security_headers(world: &World) {
    let actors = Actors::enter(world);
    let nobody = world.anonymous();
    let owner = world.browser(&actors.own.email);
    let mut found = Vec::new();
    let mut look = |what: &str, answer: &Answer| {
        found.extend(complaints(what, answer));
        found.extend((answer.status >= 500).then(|| format!("{what} ({}) is a fault", answer.status)));
    };
    for (_, path, _) in tradepost::web::assets::all() {
        look(path, &nobody.page(path));
    }
    for (path, thing) in pages::addressed() {
        for id in [actors.own_id(thing), "no".to_owned()] {
            let path = actors.fill(&path, &id);
            look(&path, &nobody.page(&path));
            look(&path, &owner.page(&path));
        }
    }
    for form in pages::forms() {
        let path = pages::signed(&actors.fill(form.path, "no"));
        look(&path, &nobody.browser("POST", &path).send());
        look(&path, &nobody.browser("POST", &path).header("Origin", &world.base).send());
    }
    for row in walked() {
        let (method, path) = row.call.split_once(' ').unwrap();
        let path = actors.fill(path, &actors.own_id(row.thing));
        let what = format!("{method} /api/v1{path}");
        look(&what, &nobody.call(method, &path).send());
        look(&what, &actors.foreign.call(method, &path).header("Content-Type", "text/xml").send());
        look(&format!("OPTIONS /api/v1{path}"), &nobody.call("OPTIONS", &path).send());
    }
    for path in ["/api/docs/", "/api/docs/swagger-ui.css", "/api/docs/none", "/api", "/api/", "/api/v1", "/assets/none"]
    {
        look(path, &nobody.page(path));
    }
    assert!(found.is_empty(), "{found:#?}");
}

fn signed_in_pages_are_not_cached(world: &World) {
    let actors = Actors::enter(world);
    let trader = actors.browser(world, Role::Trader);
    // The API knows no signed-in person.
    for (path, thing) in pages::addressed().into_iter().filter(|(path, _)| !path.starts_with("/api")) {
        let path = actors.fill(&path, &actors.own_id(thing));
        let answer = trader.page(&path);
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path} ({})", answer.status);
    }
    let anonymous = world.anonymous().page("/");
    assert_ne!(anonymous.header("cache-control"), Some("no-store"));
}
