//! What a node takes of memory while the same rows are read and written again and again: after a while no more.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::operation::node::Place;
use crate::support::{Client, Kind, amount, market, run};

/// Rows that are there from the beginning to the end.
const LISTINGS: usize = 50;
/// Who reads and writes them.
const CALLERS: usize = 4;
/// What may be taken beyond what was taken after a third of the time, in MiB: the allocator keeps some in store.
const MORE_MIB: u64 = 24;

/// The memory that the process has at the moment, in MiB.
fn taken(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory");
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() >> 10
}

/// One of everything that somebody does again and again: searches, pages, suggestions, and a listing that gets other words each time.
fn work(client: &Client, ids: &[String], round: usize) {
    let id = &ids[round % ids.len()];
    let changed = json!({"name": format!("Ball valve of round {round}"), "category": format!("Valves / Kind {round}")});
    // Two may change one at the same time; then it is changed once.
    assert!(matches!(client.patch(&format!("/listings/{id}"), &changed).status, 200 | 412));
    client.get("/search/listings?q=ball+vlave&facets=category,country&highlight=true").expect(200);
    client.get("/search/suggest?q=ball").expect(200);
    client.get("/listings?limit=100").expect(200);
    client.page(&format!("/listings/{id}")).expect(200);
    client.page("/search?q=ball+valve").expect(200);
    assert_eq!(client.get("/listings/lst_0000000000001").status, 404);
}

/// For an hour at night, with the released program; the database has no part in this.
#[test]
fn memory_is_flat_over_the_same_rows() {
    run(Kind::Sqlite, |place: &Place| {
        let key = place.register();
        let server = place.serve(&[]);
        let seller = Client::new(&place.base(), Some(key));
        let ids: Vec<String> =
            (0..LISTINGS).map(|number| seller.publish_listing(&market::listing(&format!("V-{number}")))).collect();
        let lasts = Duration::from_secs(amount("TRADEPOST_TEST_SOAK_S", 6));
        let (begun, over) = (Instant::now(), AtomicBool::new(false));
        std::thread::scope(|scope| {
            for caller in 0..CALLERS {
                let (client, ids, over) = (seller.another(), &ids, &over);
                scope.spawn(move || {
                    for round in (0..).take_while(|_| !over.load(Ordering::SeqCst)) {
                        work(&client, ids, round * CALLERS + caller);
                    }
                });
            }
            let (mut warm, mut most) = (0, 0);
            while begun.elapsed() < lasts {
                // The memory is read sixty times over the load, not for as fast as it can be.
                std::thread::sleep(lasts / 60);
                let now = taken(server.0.id());
                if begun.elapsed() < lasts / 3 { warm = warm.max(now) } else { most = most.max(now) }
            }
            over.store(true, Ordering::SeqCst);
            eprintln!("{warm} MiB after a third of {lasts:?}, {most} MiB at most afterwards");
            assert!(most <= warm + warm / 20 + MORE_MIB, "{warm} MiB grew to {most} MiB");
        });
    });
}
