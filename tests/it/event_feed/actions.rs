//! A trade in which everything happens that makes an event.

use std::collections::BTreeSet;

use chrono::Duration;
use serde_json::{Value, json};
use tradepost::event_feed::EventType;
use tradepost::workers::sweep;

use super::{read_all, types};
use crate::support::{Party, World, market};

both!(
    every_type_of_event_is_written_by_its_action,
    an_rfq_that_ends_tells_all_who_quoted,
    a_message_is_told_to_who_receives_it,
    events_hold_ids_and_names_of_fields_only,
    a_refused_action_and_a_replay_write_no_event,
);

/// The companies of the trade.
pub struct Trade {
    pub supplier: Party,
    pub buyer: Party,
}

/// Quotes that are decided in every way, under RFQs that end in every way; a partnership and its shipments; listings through their lives.
pub fn play(world: &World) -> Trade {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    world.identify(&[supplier.company, buyer.company]);
    let listing = supplier.publish_listing(&market::listing("V-1"));
    supplier.patch(&format!("/listings/{listing}"), &json!({"brand": "Sunrise", "lead_time_days": 20})).expect(200);
    let rfq = buyer.publish_rfq(&market::rfq("Brass ball valves DN20"));
    world.drain();
    let quote = supplier.submit_quote(&rfq, &market::quote("3.1"));
    supplier.post(&format!("/quotes/{quote}/revise"), &market::quote("3.0")).expect(200);
    buyer.patch(&format!("/rfqs/{rfq}"), &json!({"destination_place": "Hamburg"})).expect(200);
    buyer.act(&format!("/quotes/{quote}/shortlist")).expect(200);
    buyer.act(&format!("/rfqs/{rfq}/close")).expect(200);
    buyer.act(&format!("/quotes/{quote}/accept")).expect(200);
    for end in ["withdraw", "decline"] {
        let rfq = buyer.publish_rfq(&market::rfq("Steel flanges"));
        let quote = supplier.submit_quote(&rfq, &market::quote("9.1"));
        let by = if end == "withdraw" { &supplier } else { &buyer };
        by.act(&format!("/quotes/{quote}/{end}")).expect(200);
        buyer.act(&format!("/rfqs/{rfq}/withdraw")).expect(200);
    }
    let proposal = json!({"supplier": supplier.company, "buyer": buyer.company});
    let declined = supplier.post("/partnerships", &proposal).expect(201).id();
    buyer.post(&format!("/partnerships/{declined}/decline"), &json!({"reason": "Not yet"})).expect(200);
    let partnership = supplier.post("/partnerships", &proposal).expect(201).id();
    buyer.act(&format!("/partnerships/{partnership}/confirm")).expect(200);
    let records = format!("/partnerships/{partnership}/records");
    let record = supplier.post(&records, &market::record()).expect(201).id();
    buyer.post(&format!("/records/{record}/dispute"), &json!({"reason": "The weight is another"})).expect(200);
    let corrected = supplier.post(&format!("/records/{record}/correct"), &market::record()).expect(201).id();
    buyer.act(&format!("/records/{corrected}/confirm")).expect(200);
    buyer.post(&format!("/partnerships/{partnership}/end"), &json!({"reason": "Done"})).expect(200);
    supplier.act(&format!("/listings/{listing}/pause")).expect(200);
    let removed = supplier.publish_listing(&market::listing("V-2"));
    supplier.delete(&format!("/listings/{removed}")).expect(204);
    let late = buyer.publish_rfq(&market::rfq("Copper pipes"));
    supplier.submit_quote(&late, &market::quote("4.4"));
    supplier.publish_listing(&market::listing("V-3"));
    Trade { supplier, buyer }
}

fn a_message_is_told_to_who_receives_it(world: &World) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    let first = json!({"subject": {"kind": "company", "id": supplier.company}, "text": "Do you export to Chile?"});
    let thread = buyer.post("/threads", &first).expect(201).id();
    let told = read_all(&supplier).into_iter().filter(|event| event["type"] == "message.received").collect::<Vec<_>>();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0]["data"]["thread"], json!(thread));
    assert!(!types(&buyer).contains(&"message.received".to_owned()), "who writes is not told");
    supplier.post(&format!("/threads/{thread}/messages"), &json!({"text": "Yes."})).expect(201);
    assert_eq!(types(&buyer).iter().filter(|kind| *kind == "message.received").count(), 1);
}

fn every_type_of_event_is_written_by_its_action(world: &World) {
    let trade = play(world);
    let before = types(&trade.supplier);
    let quoting = [
        "rfq.changed",
        "quote.shortlisted",
        "rfq.closed",
        "quote.accepted",
        "rfq.awarded",
        "quote.submitted",
        "quote.withdrawn",
        "quote.submitted",
        "quote.declined",
        "rfq.withdrawn",
        "partnership.proposed",
        "partnership.declined",
        "partnership.proposed",
        "partnership.confirmed",
        "record.declared",
        "record.disputed",
        "record.corrected",
        "record.confirmed",
        "partnership.ended",
    ];
    let begins = ["listing.published", "listing.changed", "match.created", "quote.submitted", "quote.revised"];
    let ends = ["listing.paused", "listing.published", "listing.removed", "quote.submitted", "listing.published"];
    let wanted: Vec<&str> = begins.into_iter().chain(quoting).chain(ends).collect();
    // A quote that was withdrawn has nothing more to do with its RFQ.
    assert_eq!(before, wanted);
    let buyers: Vec<String> = types(&trade.buyer);
    let shared = |kind: &&String| !kind.starts_with("listing.") && !kind.starts_with("match.");
    let posted = ["rfq.published", "rfq.published", "rfq.withdrawn", "rfq.published", "rfq.published"];
    let mut both: Vec<String> = before.iter().filter(shared).cloned().chain(posted.map(str::to_owned)).collect();
    let mut of_buyer = buyers.clone();
    both.sort();
    of_buyer.sort();
    assert_eq!(of_buyer, both, "{buyers:?}");
    // What time ends.
    for months in [3, 6] {
        world.pass(Duration::days(months * 30 + 10));
        sweep(&world.app).unwrap();
        if months == 3 {
            assert_eq!(types(&trade.supplier).iter().filter(|kind| *kind == "quote.expired").count(), 1);
        }
    }
    world.drain();
    let all: BTreeSet<String> = before.into_iter().chain(buyers).chain(types(&trade.supplier)).collect();
    let mut missing: Vec<&str> = EventType::TEXTS.iter().copied().filter(|kind| !all.contains(*kind)).collect();
    // One is counted above, the others have tests of their own.
    missing.retain(|kind| !["quote.expired", "message.received", "import.finished"].contains(kind));
    assert!(missing.is_empty(), "no action writes {missing:?}");
}

/// The buyer ends an RFQ with two quotes by accepting one: both suppliers learn it, and which quote was not taken.
fn an_rfq_that_ends_tells_all_who_quoted(world: &World) {
    let (first, second) = (world.supplier(), world.party("Taizhou Valves", "CN"));
    let buyer = world.buyer();
    let rfq = buyer.publish_rfq(&market::rfq("Valves"));
    let taken = first.submit_quote(&rfq, &market::quote("3.1"));
    let left = second.submit_quote(&rfq, &market::quote("3.3"));
    buyer.act(&format!("/quotes/{taken}/accept")).expect(200);
    assert_eq!(types(&first), ["quote.submitted", "quote.accepted", "rfq.awarded"]);
    assert_eq!(types(&second), ["quote.submitted", "rfq.awarded", "quote.declined"]);
    let declined = read_all(&second).pop().unwrap();
    assert_eq!(declined["data"], json!({"quote": left, "rfq": rfq, "revision": 1, "state": "declined"}));
    // The quotes that wait when an RFQ is withdrawn are declined with it.
    let rfq = buyer.publish_rfq(&market::rfq("Pipes"));
    second.submit_quote(&rfq, &market::quote("3.3"));
    buyer.act(&format!("/rfqs/{rfq}/withdraw")).expect(200);
    assert_eq!(types(&second)[3..], ["quote.submitted", "rfq.withdrawn", "quote.declined"]);
}

fn events_hold_ids_and_names_of_fields_only(world: &World) {
    let trade = play(world);
    let allowed = |name: &str, value: &Value| match name {
        "state" | "revision" => true,
        "changed" => value
            .as_array()
            .unwrap()
            .iter()
            .all(|field| field.as_str().unwrap().chars().all(|c| c.is_ascii_lowercase() || c == '_')),
        _ => value.as_str().unwrap().len() == 17 && value.as_str().unwrap().as_bytes()[3] == b'_',
    };
    for party in [&trade.supplier, &trade.buyer] {
        for event in read_all(party) {
            assert!(event.to_string().len() < 1_024, "{event}");
            let data = event["data"].as_object().unwrap();
            assert!(data.iter().all(|(name, value)| allowed(name, value)), "{event}");
            // Of an RFQ whose buyer is not named, a supplier's events do not name it either.
            assert!(!event.to_string().contains("cmp_"), "{event}");
        }
    }
    let changed = read_all(&trade.supplier)[1].clone();
    assert_eq!(changed["data"]["changed"], json!(["brand", "lead_time_days"]));
}

fn a_refused_action_and_a_replay_write_no_event(world: &World) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    let rfq = buyer.publish_rfq(&market::rfq("Valves"));
    let quotes = format!("/rfqs/{rfq}/quotes");
    for _ in 0..2 {
        supplier.call("POST", &quotes).header("Idempotency-Key", "once").json(&market::quote("3.1")).send().expect(201);
    }
    supplier.post(&quotes, &market::quote("3.1")).expect(409);
    assert_eq!(types(&supplier), ["quote.submitted"]);
    let listing = supplier.publish_listing(&market::listing("A"));
    supplier.act(&format!("/listings/{listing}/publish")).expect(200);
    supplier.put("/listings/by-sku/A", &market::listing("A")).expect(200);
    assert_eq!(types(&supplier), ["quote.submitted", "listing.published"], "equal fields change nothing");
}
