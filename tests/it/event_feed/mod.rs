//! The event feed: each action writes its event for whom it concerns, readers miss nothing, and waiting costs nothing.

mod actions;
mod order;
mod waiting;

use std::collections::BTreeSet;

use chrono::Duration;
use serde_json::Value;
use tradepost::actor::Permission;
use tradepost::ids::EventId;
use tradepost::workers::sweep;

use crate::support::{Client, World, market};

both!(
    feed_is_read_in_pages_from_its_beginning_or_from_now_on,
    events_are_kept_for_thirty_days_and_a_late_reader_is_told,
    wrong_parameters_are_named,
    other_companies_events_are_never_read,
);

/// Every event of the company, page by page.
fn read_all(client: &Client) -> Vec<Value> {
    let (mut events, mut after) = (Vec::new(), String::new());
    loop {
        let page = client.get(&format!("/events?limit=7{after}")).expect(200).json();
        events.extend(page["data"].as_array().unwrap().iter().cloned());
        if page["has_more"] == false {
            return events;
        }
        after = format!("&after={}", page["next_after"].as_str().unwrap());
    }
}

/// The types of the company's events.
fn types(client: &Client) -> Vec<String> {
    read_all(client).iter().map(|event| event["type"].as_str().unwrap().to_owned()).collect()
}

fn feed_is_read_in_pages_from_its_beginning_or_from_now_on(world: &World) {
    let supplier = world.supplier();
    let none = supplier.get("/events").expect(200).json();
    assert_eq!((&none["data"], &none["next_after"]), (&serde_json::json!([]), &Value::Null));
    let listing = supplier.publish_listing(&market::listing("A"));
    supplier.act(&format!("/listings/{listing}/pause")).expect(200);
    supplier.act(&format!("/listings/{listing}/publish")).expect(200);
    let first = supplier.get("/events?limit=2").expect(200).json();
    let second = &first["data"][1];
    assert_eq!((first["has_more"].as_bool(), &first["next_after"]), (Some(true), &second["id"]));
    assert_eq!(second["data"], serde_json::json!({"listing": listing, "state": "paused"}));
    let rest = supplier.get(&format!("/events?after={}", second["id"].as_str().unwrap())).expect(200).json();
    assert_eq!(rest["data"][0]["type"], "listing.published");
    assert_eq!(rest["has_more"], false);
    let now = supplier.get("/events?after=latest").expect(200).json();
    assert_eq!((&now["data"], &now["next_after"]), (&serde_json::json!([]), &rest["data"][0]["id"]));
    supplier.delete(&format!("/listings/{listing}")).expect(204);
    let later = supplier.get(&format!("/events?after={}", now["next_after"].as_str().unwrap())).expect(200).json();
    assert_eq!(later["data"][0]["type"], "listing.removed");
    assert_eq!(later["data"].as_array().unwrap().len(), 1);
}

fn events_are_kept_for_thirty_days_and_a_late_reader_is_told(world: &World) {
    let supplier = world.supplier();
    supplier.publish_listing(&market::listing("A"));
    let old = supplier.get("/events?after=latest").expect(200).text("/next_after");
    world.pass(Duration::days(29));
    sweep(&world.app).unwrap();
    assert_eq!(types(&supplier).len(), 1, "they are kept for a month");
    world.clock.advance(Duration::days(2));
    supplier.publish_listing(&market::listing("B"));
    sweep(&world.app).unwrap();
    assert_eq!(types(&supplier).len(), 1, "only the new one is left");
    let late = supplier.get(&format!("/events?after={old}"));
    assert_eq!((late.status, late.problem().as_str()), (410, "gone"));
}

fn wrong_parameters_are_named(world: &World) {
    let supplier = world.supplier();
    for (query, pointer) in
        [("limit=0", "/limit"), ("limit=101", "/limit"), ("wait=26", "/wait"), ("after=x", "/after")]
    {
        let refused = supplier.get(&format!("/events?{query}")).expect(422);
        assert_eq!(refused.wrong_fields(), [pointer], "{query}");
    }
    supplier.get("/events?limit=many").expect(400);
    supplier.get("/events?since=1").expect(400);
    let absent: EventId = world.app.db.write(|tx| Ok(tx.make_id())).unwrap();
    assert_eq!(supplier.get(&format!("/events?after={absent}")).expect(422).wrong_fields(), ["/after"]);
    let without = Client::new(&world.base, Some(world.key(supplier.company, &[Permission::CatalogRead])));
    without.get("/events").expect(403);
}

/// Two companies trade; a third one, with events of its own, sees no id of theirs and cannot go on after one of theirs.
fn other_companies_events_are_never_read(world: &World) {
    let trade = actions::play(world);
    let bystander = world.party("Bystander Trading", "FR");
    bystander.publish_listing(&market::listing("OWN"));
    let ids = |events: &[Value]| -> BTreeSet<String> {
        events.iter().map(|event| event["id"].as_str().unwrap().to_owned()).collect()
    };
    let (suppliers, buyers) = (read_all(&trade.supplier), read_all(&trade.buyer));
    assert!(ids(&suppliers).is_disjoint(&ids(&buyers)), "an event has an id of its own in each feed");
    assert_eq!(types(&bystander), ["listing.published"]);
    let foreign = suppliers[0]["id"].as_str().unwrap();
    let absent: EventId = world.app.db.write(|tx| Ok(tx.make_id())).unwrap();
    let [hidden, absent] = [foreign, &absent.to_string()].map(|id| bystander.get(&format!("/events?after={id}")));
    assert_eq!((hidden.status, hidden.wrong_fields()), (absent.status, absent.wrong_fields()));
}
