//! Requests that another site makes a browser send.

use tradepost::actor::Role;

use crate::access::{Actors, pages, walked};
use crate::support::{Answer, Client, Database, Setup, World};

both!(
    cross_site_form_is_refused,
    form_without_csrf_token_is_refused,
    api_ignores_cookies_for_unsafe_methods,
    session_cookie_is_host_bound_on_https,
);

/// The forms that other programs post, each with a signature of its own in the address.
const EXEMPT: &[&str] = &["/unsubscribe/{token}", "/unsubscribe/search/{token}"];

/// What a browser says of a request, and what somebody says who hopes that it is not looked at closely.
const FOREIGN: &[&[(&str, &str)]] = &[
    &[],
    &[("Origin", "https://evil.example")],
    &[("Origin", "null")],
    &[("Origin", "")],
    &[("Origin", "http://127.0.0.1")],
    &[("Origin", "http://127.0.0.1:1")],
    &[("Origin", "http://localhost.evil.example")],
    &[("Sec-Fetch-Site", "cross-site")],
    &[("Sec-Fetch-Site", "same-site")],
    &[("Sec-Fetch-Site", "Same-Origin ")],
    &[("Sec-Fetch-Site", "cross-site"), ("Origin", "BASE")],
    &[("Sec-Fetch-Site", "same-site"), ("Origin", "BASE")],
    &[("Referer", "BASE/")],
    &[("X-Forwarded-Host", "evil.example"), ("Origin", "https://evil.example")],
];
const OWN: &[&[(&str, &str)]] = &[
    &[("Origin", "BASE")],
    &[("Sec-Fetch-Site", "same-origin")],
    &[("Sec-Fetch-Site", "same-origin"), ("Origin", "BASE")],
];

const REFUSAL: &str = "This form was not sent from this site";

fn post(world: &World, browser: &Client, path: &str, said: &[(&str, &str)], body: &str) -> Answer {
    let call = browser.browser("POST", path).header("Content-Type", "application/x-www-form-urlencoded");
    let call = said.iter().fold(call, |call, (name, value)| call.header(name, &value.replace("BASE", &world.base)));
    call.bytes(body.as_bytes().to_vec()).send()
}

fn cross_site_form_is_refused(world: &World) {
    let actors = Actors::enter(world);
    let owner = world.browser(&actors.own.email);
    let before = actors.state();
    let mut accepted = Vec::new();
    for form in pages::forms() {
        let path = pages::signed(&actors.fill(form.path, &actors.own_id(form.thing)));
        // The token is right: it is the origin alone that must refuse.
        let body = form.body(&actors.own_id(form.thing), owner.token().as_deref());
        for said in FOREIGN {
            let refused = post(world, &owner, &path, said, &body);
            let is_refused = refused.status == 403 && refused.body.contains(REFUSAL);
            if is_refused == EXEMPT.contains(&form.path) {
                accepted.push(format!("{} with {said:?}: {}", form.path, refused.status));
            }
        }
    }
    assert!(accepted.is_empty(), "{accepted:#?}");
    assert!(before == actors.state(), "a forged form changed something");
    for form in pages::forms() {
        let path = pages::signed(&actors.fill(form.path, &actors.own_id(form.thing)));
        for said in OWN {
            let taken = post(world, &world.anonymous(), &path, said, "");
            assert!(!taken.body.contains(REFUSAL), "{} with {said:?}", form.path);
        }
    }
}

fn form_without_csrf_token_is_refused(world: &World) {
    let actors = Actors::enter(world);
    let owner = world.browser(&actors.own.email);
    let trader = actors.browser(world, Role::Trader);
    let before = actors.state();
    for form in pages::forms().into_iter().filter(|form| !EXEMPT.contains(&form.path)) {
        let id = actors.own_id(form.thing);
        let path = pages::signed(&actors.fill(form.path, &id));
        for token in [None, Some(""), Some("guessed"), trader.token().as_deref()] {
            let refused = post(world, &owner, &path, OWN[0], &form.body(&id, token));
            assert_eq!(refused.status, 403, "{} with {token:?}", form.path);
        }
    }
    assert!(before == actors.state(), "a form without its token changed something");
}

fn api_ignores_cookies_for_unsafe_methods(world: &World) {
    let actors = Actors::enter(world);
    let owner = world.browser(&actors.own.email);
    let before = actors.state();
    for row in walked().into_iter().filter(|row| !row.is_public) {
        let (method, path) = row.call.split_once(' ').unwrap();
        let path = format!("/api/v1{}", actors.fill(path, &actors.own_id(row.thing)));
        let call = owner.browser(method, &path).header("Origin", &world.base).header("If-Match", "\"v1\"");
        let answer = if method == "GET" { call.send() } else { call.json(&row.body).send() };
        let hidden = row.is_shown && answer.status == 404;
        assert!(answer.status == 401 || hidden, "{} by cookie: {} {}", row.call, answer.status, answer.body);
    }
    assert!(before == actors.state(), "a cookie changed something through the API");
}

/// A site that people reach by https, through a proxy.
struct Https(World);

impl Setup for Https {
    fn on(database: Database) -> Self {
        Self(World::with(database, |config| "https://trade.example".clone_into(&mut config.server.public_url)))
    }
}

fn session_cookie_is_host_bound_on_https(Https(world): &Https) {
    let party = world.buyer();
    let nobody = world.anonymous();
    let sign_in = |origin: &str| {
        let token = nobody.token_on("/sign-in").unwrap();
        let form = [("email", party.email.as_str()), ("password", crate::support::PASSWORD), ("csrf", token.as_str())];
        let form = serde_urlencoded::to_string(form);
        let call = nobody.browser("POST", "/sign-in").header("Content-Type", "application/x-www-form-urlencoded");
        call.header("Origin", origin).header("Host", "trade.example").bytes(form.unwrap().into_bytes()).send()
    };
    assert_eq!(sign_in("http://trade.example").status, 403, "what plain http says may have been said by anybody");
    let answer = sign_in("https://trade.example").expect(303);
    let cookies = answer.headers.iter().filter(|(name, _)| name == "set-cookie").map(|(_, value)| value);
    let cookie = cookies.into_iter().find(|cookie| cookie.starts_with("__Host-sid=")).expect("a session");
    let (pair, attributes) = cookie.split_once("; ").unwrap();
    assert!(pair.starts_with("__Host-sid=") && pair.len() > 40, "{pair}");
    let mut attributes: Vec<&str> = attributes.split("; ").collect();
    attributes.sort_unstable();
    assert_eq!(attributes, ["HttpOnly", "Max-Age=604800", "Path=/", "SameSite=Lax", "Secure"]);
    for path in ["/", "/livez", "/no/such/page", "/api/v1/me", "/api/v1/search/listings"] {
        let hsts = nobody.page(path).header("strict-transport-security").map(str::to_owned);
        assert_eq!(hsts.as_deref(), Some("max-age=31536000; includeSubDomains"), "{path}");
    }
}
