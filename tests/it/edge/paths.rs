//! Other spellings of a path: no rule is passed by because a letter of the path is encoded.

use tradepost::actor::Role;

use crate::access::Actors;
use crate::support::{Answer, Database, Kind, Setup, World, run};

both!(
    an_encoded_api_path_is_the_api_to_every_rule,
    an_encoded_form_path_is_guarded_as_the_plain_one,
    other_variants_of_a_path_reach_nothing,
);

fn an_encoded_api_path_is_the_api_to_every_rule(world: &World) {
    let actors = Actors::enter(world);
    let trader = actors.browser(world, Role::Trader);
    for path in ["/%61pi/v1/me", "/a%70i/v1/me", "/%61%70%69/%76%31/%6d%65", "/api/%761/me", "/%61pi/v1/m%65"] {
        // A cookie means nothing to the API, a refusal is a problem, and a script of another site sees nothing.
        let refused = trader.browser("GET", path).header("Origin", "https://evil.example").send();
        assert_eq!((refused.status, refused.problem().as_str()), (401, "unauthenticated"), "{path}");
        assert!(refused.header("vary").is_some_and(|vary| vary.contains("Origin")), "{path} is not seen by CORS");
        let key = actors.own.call("GET", path);
        let answer = key.at_root().send();
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    }
    for path in ["/%61pi/v1/none", "/%61pi/none", "/%61pi"] {
        let unknown = trader.browser("GET", path).send();
        assert_eq!((unknown.status, unknown.problem().as_str()), (404, "not_found"), "{path}");
    }
    let post = trader.browser("POST", "/%61pi/v1/rfqs").header("Origin", &world.base).json(&serde_json::json!({}));
    assert_eq!(post.send().problem(), "unauthenticated");
}

fn an_encoded_form_path_is_guarded_as_the_plain_one(world: &World) {
    let party = world.buyer();
    let browser = world.browser(&party.email);
    for path in ["/sign%2Dout", "/%73ign-out", "/account%2Fnone", "/%61ccount/password"] {
        let refused = browser.browser("POST", path).header("Origin", "https://evil.example").send();
        assert_eq!(refused.status, 403, "{path}");
    }
    // Signing out by another spelling is signing out.
    browser.submit("/account", "/sign%2dout", &[]).sent_to();
    browser.page("/account").expect(401);
}

fn other_variants_of_a_path_reach_nothing(world: &World) {
    let party = world.buyer();
    for path in [
        "//api/v1/me",
        "/./api/v1/me",
        "/x/../api/v1/me",
        "/API/v1/me",
        "/api/V1/me",
        "/api//v1/me",
        "/api%2Fv1%2Fme",
        "/%2561pi/v1/me",
        "/api/v1/me/",
        "/api;x/v1/me",
        "/.%2fapi/v1/me",
    ] {
        assert_eq!(raw(world, party.bearer(), path).status, 404, "{path}");
    }
}

/// Sends the path as it is: an HTTP client would tidy it up.
fn raw(world: &World, key: &str, path: &str) -> Answer {
    let mut wire = crate::support::Wire::to(&world.base);
    wire.send(format!("GET {path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {key}\r\n\r\n"));
    wire.answer().unwrap()
}

/// A world in which an address may sign in so often a minute.
struct Narrow(World);

impl Setup for Narrow {
    fn on(database: Database) -> Self {
        Self(World::with(database, |config| {
            config.limits.enabled = true;
            config.limits.sign_in_minute = 3;
        }))
    }
}

/// The limit is the process's own.
#[test]
fn every_spelling_of_signing_in_counts() {
    run(Kind::Sqlite, |Narrow(world): &Narrow| {
        let browser = world.anonymous();
        let fields = [("email", "nobody@nowhere.example"), ("password", "not the password")];
        let statuses = ["/sign-in", "/sign%2Din", "/%73ign-in", "/sign%2din"]
            .map(|path| browser.submit("/sign-in", path, &fields).status);
        assert_eq!(statuses, [422, 422, 422, 429]);
    });
}
