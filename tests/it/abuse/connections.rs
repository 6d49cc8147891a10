//! Sockets that say nothing, and uploads that crawl: a handful of addresses hold as many as they may, and others are served as ever.

use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use crate::support::{Database, Kind, Setup, Wire, World, amount, run};

struct Few(World);

/// How many one address may have: an eighth of all, as by default.
fn of_one() -> usize {
    amount("TRADEPOST_TEST_SOCKETS", 20)
}

impl Setup for Few {
    fn on(database: Database) -> Self {
        Self(World::with(database, |config| {
            config.limits.connections = 8 * of_one();
            config.limits.connections_per_address = u32::try_from(of_one()).unwrap();
        }))
    }
}

const UPLOAD: &str = "POST /api/v1/documents HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\n\r\nx";

/// The database has no part in this.
#[test]
fn five_addresses_with_silent_sockets_leave_room_for_others() {
    run(Kind::Sqlite, |Few(world): &Few| {
        let addresses = (1..=5).map(|last| Ipv4Addr::new(127, 0, 7, last));
        let mut held: Vec<Wire> =
            addresses.flat_map(|own| (0..of_one()).map(move |_| Wire::from(own, &world.base))).collect();
        // One half says nothing, the other begins an upload that goes no further.
        held.iter_mut().step_by(2).for_each(|wire| {
            wire.send(UPLOAD);
        });
        let ask = || {
            let begun = Instant::now();
            world.anonymous().page("/livez").expect(200);
            begun.elapsed()
        };
        let mut took: Vec<Duration> = (0..50).map(|_| ask()).collect();
        took.sort();
        assert!(took[47] < Duration::from_millis(300), "{:?} with {} sockets held", took[47], held.len());
    });
}

/// Addresses that keep to what each may have, and together take all: the last fifth is for those who have few.
#[test]
fn new_client_finds_a_place_when_many_addresses_hold_all() {
    run(Kind::Sqlite, |Few(world): &Few| {
        let addresses = (1..=9).map(|last| Ipv4Addr::new(127, 0, 8, last));
        // The eighth and the ninth find only what is kept for newcomers.
        let mut held: Vec<Wire> =
            addresses.flat_map(|own| (0..of_one()).map(move |_| Wire::from(own, &world.base))).collect();
        let ask = || {
            let mut wire = Wire::from(Ipv4Addr::new(127, 0, 8, 99), &world.base);
            wire.send("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n");
            wire.answer().map(|answer| answer.status)
        };
        let begun = Instant::now();
        assert_eq!(ask(), Some(200));
        assert!(begun.elapsed() < Duration::from_secs(3), "it waited until others were thrown out");
        let closed = held.iter_mut().filter_map(|wire| wire.is_closed().then_some(())).count();
        assert!(closed > 0, "some of those who had many were sent away");
    });
}
