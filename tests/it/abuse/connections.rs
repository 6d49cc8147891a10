//! Sockets that say nothing, and uploads that crawl: a handful of addresses hold as many as they may, and others are served as ever.

use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use crate::support::{Database, Kind, Setup, Wire, World, run};

struct Few(World);

/// How many one address may have: an eighth of all, as by default.
const OF_ONE: usize = 20;

impl Setup for Few {
    fn on(database: Database) -> Self {
        Self(World::with(database, |config| {
            config.limits.connections = 8 * OF_ONE;
            config.limits.connections_per_address = u32::try_from(OF_ONE).unwrap();
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
            addresses.flat_map(|own| (0..OF_ONE).map(move |_| Wire::from(own, &world.base))).collect();
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
