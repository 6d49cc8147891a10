//! The long poll: it ends with the next event, at the time that was asked for, or when its client has gone; and it holds nothing.

use std::time::{Duration, Instant};

use crate::support::{Party, World, market, wait_for};

both!(a_waiting_request_is_answered_by_the_next_event, who_waits_holds_no_thread_and_no_connection);

fn used_connections(world: &World) -> u32 {
    world.app.db.connections().into_iter().filter(|(_, state, _)| *state == "used").map(|(.., number)| number).sum()
}

fn wait_after(party: &Party, seconds: u32) -> String {
    let last = party.get("/events?after=latest").expect(200).json()["next_after"].as_str().map(str::to_owned);
    match last {
        Some(id) => format!("/events?after={id}&wait={seconds}"),
        None => format!("/events?wait={seconds}"),
    }
}

fn a_waiting_request_is_answered_by_the_next_event(world: &World) {
    let (supplier, other) = (world.supplier(), world.buyer());
    supplier.publish_listing(&market::listing("A"));
    let path = wait_after(&supplier, 25);
    let client = supplier.another();
    std::thread::scope(|scope| {
        let begun = Instant::now();
        let waiting = scope.spawn(move || (client.get(&path).expect(200).json(), begun.elapsed()));
        wait_for("the request to wait", || world.app.db.event_signal().waiting(supplier.company.0) == 1);
        other.publish_rfq(&market::rfq("Something else"));
        supplier.publish_listing(&market::listing("B"));
        let (page, took) = waiting.join().unwrap();
        assert_eq!(page["data"].as_array().unwrap().len(), 1, "{page}");
        assert!(took < Duration::from_secs(20), "{took:?}");
    });
    // Without an event it is answered when the time is up, with the same place.
    let path = wait_after(&supplier, 1);
    let begun = Instant::now();
    let page = supplier.get(&path).expect(200).json();
    assert!(begun.elapsed() >= Duration::from_secs(1));
    assert_eq!(page["data"], serde_json::json!([]));
    assert!(path.contains(page["next_after"].as_str().unwrap()));
    wait_for("the place to be given back", || world.app.db.event_signal().waiting(supplier.company.0) == 0);
}

/// Sixty programs of four companies wait, many times as many as there are threads and connections; everything else goes on.
fn who_waits_holds_no_thread_and_no_connection(world: &World) {
    let parties: Vec<Party> = (0..4).map(|number| world.party(&format!("Company {number}"), "DE")).collect();
    let signal = world.app.db.event_signal();
    std::thread::scope(|scope| {
        for party in &parties {
            for _ in 0..15 {
                let (client, path) = (party.another(), wait_after(party, 25));
                scope.spawn(move || {
                    assert_eq!(client.get(&path).expect(200).json()["data"][0]["type"], "rfq.published")
                });
            }
        }
        let all = |number| parties.iter().all(|party| signal.waiting(party.company.0) == number);
        wait_for("all to wait", || all(15));
        wait_for("no connection to be used", || used_connections(world) == 0);
        // Not by its turn among the waiting ones: each of these would wait for a thread or a connection for 25 seconds.
        let begun = Instant::now();
        (0..20).for_each(|_| drop(parties[0].get("/rfqs").expect(200)));
        assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
        for party in &parties {
            party.publish_rfq(&market::rfq("Valves"));
        }
        wait_for("all to be answered", || all(0));
    });
}
