//! Drift that no fault we know of makes: put into the database behind the index's back, it is found within the hour or the night, and
//! repaired.

use chrono::Duration;
use diesel::prelude::*;
use tradepost::ids::{ListingId, RfqId};
use tradepost::indexing::drift::{DriftMonitor, Part, compare};
use tradepost::store::schema::{companies, listings, rfqs};

use crate::support::{Party, World, market};

both!(drift_is_detected_within_an_hour, drift_is_detected_by_the_nightly_check);

fn listing(party: &Party, sku: &str) -> i64 {
    party.publish_listing(&market::listing(sku)).parse::<ListingId>().unwrap().0
}

/// The names of the listings that anybody finds.
fn found(world: &World) -> Vec<String> {
    let page = world.anonymous().get("/search/listings?sort=newest").expect(200).json();
    let names = page["data"].as_array().unwrap().iter().map(|hit| hit["name"].as_str().unwrap().to_owned());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

fn set_state(world: &World, listing: i64, state: &str) {
    let write = |tx: &mut tradepost::store::Tx| {
        diesel::update(listings::table.find(listing)).set(listings::state.eq(state)).execute(tx.conn())?;
        Ok(())
    };
    world.app.db.write(write).unwrap();
}

fn drift_is_detected_within_an_hour(world: &World) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    let ids: Vec<i64> = ["A", "B", "C"].iter().map(|sku| listing(&supplier, sku)).collect();
    let rfq: RfqId = buyer.publish_rfq(&market::rfq("Brass ball valves")).parse().unwrap();
    let draft = supplier.post("/listings", &market::listing("D")).expect(201).id().parse::<ListingId>().unwrap();
    world.drain();
    let mut watch = DriftMonitor::begin(&world.app);
    world.clock.advance(Duration::hours(1));
    assert_eq!(watch.look(&world.app).unwrap(), 0, "all is as it should be");

    set_state(world, ids[0], "paused");
    set_state(world, draft.0, "published");
    let change = |tx: &mut tradepost::store::Tx| {
        let content: String = listings::table.find(ids[1]).select(listings::content).first(tx.conn())?;
        let content = content.replace("Brass ball valve B", "Bronze ball valve B");
        diesel::update(listings::table.find(ids[1])).set(listings::content.eq(content)).execute(tx.conn())?;
        diesel::update(rfqs::table.find(rfq.0)).set(rfqs::state.eq("withdrawn")).execute(tx.conn())?;
        Ok(())
    };
    world.app.db.write(change).unwrap();
    world.drain();
    assert_eq!(found(world), ["Brass ball valve A", "Brass ball valve B", "Brass ball valve C"], "nothing was noted");
    world.clock.advance(Duration::minutes(59));
    assert_eq!(watch.look(&world.app).unwrap(), 0, "it is not time yet");
    world.clock.advance(Duration::minutes(1));
    assert_eq!(watch.look(&world.app).unwrap(), 4);
    world.drain();
    assert_eq!(found(world), ["Brass ball valve C", "Brass ball valve D", "Bronze ball valve B"]);
    assert_eq!(world.anonymous().get("/search/rfqs?sort=newest").expect(200).json()["total"], 0);
    assert_eq!(compare(&world.app, Part::All).unwrap(), 0);
}

/// A company's new name stands in its own document and in those of all that it sells.
fn drift_is_detected_by_the_nightly_check(world: &World) {
    let supplier = world.supplier();
    for number in 0..5 {
        listing(&supplier, &format!("N{number}"));
    }
    world.drain();
    let mut watch = DriftMonitor::begin(&world.app);
    let rename = |tx: &mut tradepost::store::Tx| {
        let row = companies::table.find(supplier.company.0);
        let content: String = row.select(companies::content).first(tx.conn())?;
        let content = content.replace("Ningbo Sunrise Valve", "Ningbo Sunset Valve");
        diesel::update(row)
            .set((companies::content.eq(content), companies::name.eq("Ningbo Sunset Valve")))
            .execute(tx.conn())?;
        Ok(())
    };
    world.app.db.write(rename).unwrap();
    // The tests begin at 08:00 and the night at 02:30.
    world.clock.advance(Duration::hours(18) + Duration::minutes(30));
    assert_eq!(watch.look(&world.app).unwrap(), 6);
    world.drain();
    assert_eq!(compare(&world.app, Part::All).unwrap(), 0);
    let page = world.anonymous().get("/search/companies?q=sunset").expect(200).json();
    assert_eq!(page["data"][0]["name"], "Ningbo Sunset Valve");
}
