//! The address that limits count, through proxies and against forgery.

use super::headers::assert_guarded;
use crate::support::{Database, Setup, World};

both!(forwarded_address_of_an_unknown_proxy_is_ignored, only_the_trusted_proxys_forwarded_address_counts);

/// How many requests a minute an address has here.
const FEW: usize = 3;

fn world(database: Database, trusted: &str) -> World {
    World::with(database, |config| {
        config.limits.enabled = true;
        config.limits.per_address_minute = u32::try_from(FEW).unwrap();
        config.server.trusted_proxies = tradepost::address::TrustedProxies::parse(trusted.split(',')).unwrap();
    })
}

/// The server as its clients reach it directly.
struct Direct(World);

/// The server behind two proxies, of which one is on its own machine.
struct Proxied(World);

impl Setup for Direct {
    fn on(database: Database) -> Self {
        Self(world(database, ""))
    }
}

impl Setup for Proxied {
    fn on(database: Database) -> Self {
        Self(world(database, "127.0.0.0/8,10.0.0.1"))
    }
}

fn status(world: &World, forwarded: &[&str]) -> u16 {
    let nobody = world.anonymous();
    let call = nobody.call("GET", "/reference/incoterms");
    let answer = forwarded.iter().fold(call, |call, value| call.header("X-Forwarded-For", value)).send();
    assert_guarded("GET /api/v1/reference/incoterms", &answer);
    answer.status
}

fn forwarded_address_of_an_unknown_proxy_is_ignored(Direct(world): &Direct) {
    let statuses: Vec<u16> = (0..=FEW).map(|n| status(world, &[&format!("198.51.100.{n}")])).collect();
    assert_eq!(statuses[..FEW], [200; FEW]);
    assert_eq!(statuses[FEW], 429, "a header made one client many");
}

/// Each proxy appends its caller: what stands to the left of the client was written by the client.
fn only_the_trusted_proxys_forwarded_address_counts(Proxied(world): &Proxied) {
    for n in 0..FEW {
        let forged = format!("198.51.100.{n}, 10.0.0.1");
        assert_eq!(status(world, &[&forged, "203.0.113.9, 10.0.0.1"]), 200);
    }
    assert_eq!(status(world, &["198.51.100.200", "203.0.113.9, 10.0.0.1"]), 429, "a header made one client many");
    assert_eq!(status(world, &["203.0.113.9, 203.0.113.10"]), 200, "another client of the same proxy");
    for n in 0..FEW {
        assert_eq!(status(world, &[&format!("[2001:db8:1:2::{n}]:4711")]), 200);
    }
    assert_eq!(status(world, &["2001:db8:1:2:ffff::1"]), 429, "a /64 is one customer");
    assert_eq!(status(world, &["2001:db8:1:3::1"]), 200);
}
