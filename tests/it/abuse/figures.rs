//! Puppets that confirm each other's shipments of any value: what two companies alone can put into the tables is bounded.

use serde_json::json;
use tradepost::statistics::jobs::publish_due;

use crate::partnerships::releases::ship;
use crate::support::{World, market};

both!(shipment_of_puppets_does_not_make_the_worlds_trade);

fn shipment_of_puppets_does_not_make_the_worlds_trade(world: &World) {
    ship(world, 1..5);
    let (one, other) = (world.party("Puppet Exports", "CN"), world.party("Puppet Imports", "DE"));
    // They have even had a moderator look at a register entry.
    world.identify(&[one.company, other.company]);
    let proposal = json!({"supplier": one.company, "buyer": other.company});
    let partnership = one.post("/partnerships", &proposal).expect(201).id();
    other.act(&format!("/partnerships/{partnership}/confirm")).expect(200);
    let mut record = market::record();
    record["invoice_date"] = json!("2026-10-10");
    record["declared_on"] = json!("2026-10-18");
    record["released_on"] = json!("2026-10-19");
    record["value"]["amount"] = json!("9200000000000");
    let id = one.post(&format!("/partnerships/{partnership}/records"), &record).expect(201).id();
    let mut reference = market::declaration(77);
    reference["date"] = json!("2026-10-18");
    one.post(&format!("/records/{id}/customs-references"), &reference).expect(201);
    other.act(&format!("/records/{id}/confirm")).expect(200);
    let seen = one.get(&format!("/records/{id}")).expect(200).json();
    assert_eq!((&seen["state"], &seen["counts_for_statistics"]), (&json!("confirmed"), &json!(false)), "{seen}");
    let why = seen["not_counted_because"].as_str().unwrap();
    assert!(why.contains("once a moderator has reviewed"), "{seen}");
    assert_eq!(publish_due(&world.app).unwrap(), Some(1));
    let query = "group=reporter,partner,hs4,period";
    let answer = world.anonymous().get(&format!("/statistics/general-trade?{query}")).expect(200).json();
    assert_eq!(answer["rows"][0]["figures"]["value"], "66000.000000", "four shipments of 16 500: {answer}");
    world.drain();
}
