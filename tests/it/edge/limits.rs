//! The limits of requests a minute that have a counter of their own: what they refuse, and what they leave alone.

use super::headers::assert_guarded;
use crate::support::{Answer, Client, Database, Kind, Setup, World, run};

/// A world in which an address may sign in, and ask whether all is well, so often a minute.
struct Narrow(World);

const FEW: u32 = 3;

impl Setup for Narrow {
    fn on(database: Database) -> Self {
        Self(World::with(database, |config| {
            config.limits.enabled = true;
            config.limits.sign_in_minute = FEW;
            config.limits.health_minute = FEW;
        }))
    }
}

/// The first answer behind the limit.
fn refused(what: &str, ask: impl Fn() -> Answer) -> Answer {
    for _ in 0..FEW {
        assert_ne!(ask().status, 429, "{what}");
    }
    let refused = ask();
    assert_eq!(refused.status, 429, "{what}");
    let wait: u32 = refused.header("retry-after").expect("Retry-After").parse().unwrap();
    assert!((1..=60).contains(&wait), "{what}: {wait}");
    assert_guarded(what, &refused);
    refused
}

/// The database has no part in these.
#[test]
fn rate_limited_sign_in_leaves_reading_possible() {
    run(Kind::Sqlite, |Narrow(world): &Narrow| {
        let party = world.buyer();
        let browser = world.anonymous();
        let send =
            |password: &str| browser.submit("/sign-in", "/sign-in", &[("email", &party.email), ("password", password)]);
        refused("signing in", || send("not the password"));
        assert_eq!(send(crate::support::PASSWORD).status, 429, "the right password waits as well");
        browser.page("/").expect(200);
        party.get("/me").expect(200);
    });
}

#[test]
fn rate_limited_health_check_leaves_reading_possible() {
    run(Kind::Sqlite, |Narrow(world): &Narrow| {
        let nobody: Client = world.anonymous();
        refused("asking for the health", || nobody.page("/readyz"));
        nobody.page("/livez").expect(200);
        nobody.page("/").expect(200);
    });
}
