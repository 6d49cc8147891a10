//! Whether a shipment counts: its page, the API and the published table say the same of every kind of record there is.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde_json::{Value, json};
use tradepost::ids::RecordId;
use tradepost::statistics::CountClass;
use tradepost::statistics::jobs::make_release;
use tradepost::store::schema::customs_references;

use super::partners;
use crate::support::{Party, World, market};

both!(
    page_api_and_release_agree_on_every_record,
    line_of_a_declaration_counts_for_the_oldest_record_only,
    record_of_a_company_that_is_not_identified_does_not_count,
);

/// What is said of a record; a number chooses one of its ways of being.
fn shipment(choice: usize) -> Value {
    let mut record = market::record();
    match choice % 9 {
        0 => record["deal_locus"] = json!("platform"),
        1 => record["incoterm"] = json!(null),
        2 => record["value"]["currency"] = json!("EUR"),
        3 => record["hs_edition"] = json!("H5"),
        4 => {
            record["declared_on"] = json!(null);
            record["released_on"] = json!(null);
        }
        5 => record["goods_route"] = json!("bonded_warehouse"),
        _ => {}
    }
    record
}

/// The references that a record of that number carries, in the order in which they are added.
fn references(choice: usize, serial: u32) -> Vec<Value> {
    let declared = |serial: u32, code: Option<&str>| {
        let mut reference = market::declaration(serial);
        if let Some(code) = code {
            reference["regime"] = json!({"system": "cn_supervision", "code": code});
        }
        reference
    };
    let preliminary = || {
        let mut reference = market::declaration(serial + 1);
        reference["scheme"] = json!("cn_preliminary");
        reference
    };
    match choice % 8 {
        0 => vec![],
        1 => vec![preliminary()],
        2 => vec![preliminary(), declared(serial, None)],
        3 => vec![declared(serial, Some("0615")), declared(serial + 1, None)],
        4 => vec![declared(serial, None), declared(serial + 1, Some("0615"))],
        5 => vec![declared(serial, Some("9710")), declared(serial + 1, None)],
        6 => vec![declared(serial, Some("9710"))],
        _ => vec![declared(serial, None)],
    }
}

/// Declares a record with its references, and takes it through some of its life; answers its id and that of its correction.
fn live(supplier: &Party, buyer: &Party, partnership: &str, number: usize) -> Vec<String> {
    let serial = u32::try_from(number).unwrap() * 10 + 1;
    let path = format!("/partnerships/{partnership}/records");
    let id = supplier.post(&path, &shipment(number)).expect(201).id();
    for reference in references(number / 3, serial) {
        supplier.post(&format!("/records/{id}/customs-references"), &reference).expect(201);
    }
    match number % 5 {
        0 => return vec![id],
        1 => drop(buyer.post(&format!("/records/{id}/dispute"), &json!({"reason": "not what came"})).expect(200)),
        _ => drop(buyer.act(&format!("/records/{id}/confirm")).expect(200)),
    }
    if number % 5 != 2 {
        return vec![id];
    }
    let correction = supplier.post(&format!("/records/{id}/correct"), &shipment(number + 4)).expect(201).id();
    if number.is_multiple_of(2) {
        buyer.act(&format!("/records/{correction}/confirm")).expect(200);
    }
    vec![id, correction]
}

/// What a page says of each record: the reason, or nothing for one that counts. Compared with the API on the way.
#[track_caller]
fn reasons(world: &World, supplier: &Party, partnership: &str, records: &[String]) -> Vec<Option<String>> {
    let listed = supplier.get(&format!("/partnerships/{partnership}/records?limit=100")).expect(200).json();
    let browser = world.browser(&supplier.email);
    let reason = |id: &String| {
        let record = supplier.get(&format!("/records/{id}")).expect(200).json();
        let reason = record["not_counted_because"].as_str().map(str::to_owned);
        assert_eq!(record["counts_for_statistics"], json!(reason.is_none()));
        let in_list = listed["data"].as_array().unwrap().iter().find(|other| other["id"] == record["id"]).unwrap();
        assert_eq!(
            (&in_list["bucket"], &in_list["not_counted_because"]),
            (&record["bucket"], &record["not_counted_because"])
        );
        let page = browser.page(&format!("/records/{id}")).expect(200).body;
        let said = reason.as_ref().map_or("yes, without your names".to_owned(), |reason| format!("no: {reason}"));
        assert!(page.contains(&said), "{said}: {page}");
        assert!(page.contains(&record["bucket"].as_str().unwrap().replace('_', " ")), "the class of trade");
        reason
    };
    records.iter().map(reason).collect()
}

/// A release made now says of all records together what is said of each.
#[track_caller]
fn assert_release_agrees(world: &World, reasons: &[Option<String>]) {
    let release = make_release(&world.app, None).unwrap();
    let mut expected: BTreeMap<&str, usize> = BTreeMap::new();
    reasons.iter().flatten().for_each(|reason| *expected.entry(reason).or_default() += 1);
    let published: BTreeMap<&str, CountClass> =
        release.not_counted.iter().map(|left| (left.sentence.as_str(), left.records)).collect();
    let expected: BTreeMap<&str, CountClass> =
        expected.into_iter().map(|(name, count)| (name, CountClass::of(count))).collect();
    assert_eq!(published, expected);
    assert_eq!(release.counted, CountClass::of(reasons.iter().filter(|reason| reason.is_none()).count()));
}

fn page_api_and_release_agree_on_every_record(world: &World) {
    let (supplier, buyer, partnership) = partners(world);
    // 45 numbers go through every pair of a life and a way of being, and past every set of references.
    let records: Vec<String> = (0..45).flat_map(|number| live(&supplier, &buyer, &partnership, number)).collect();
    let reasons = reasons(world, &supplier, &partnership, &records);
    let kinds: std::collections::BTreeSet<_> = reasons.iter().collect();
    assert!(kinds.len() >= 8 && kinds.contains(&None), "{kinds:?}");
    // The records are of November, which is closed in December.
    world.clock.advance(chrono::Duration::days(10));
    assert_release_agrees(world, &reasons);
}

fn record_of_a_company_that_is_not_identified_does_not_count(world: &World) {
    let (supplier, _, partnership) = partners(world);
    let stranger = world.party("Stranger Trading", "DE");
    let proposal = json!({"supplier": supplier.company, "buyer": stranger.company});
    let with_stranger = supplier.post("/partnerships", &proposal).expect(201).id();
    stranger.act(&format!("/partnerships/{with_stranger}/confirm")).expect(200);
    let path = format!("/partnerships/{with_stranger}/records");
    let id = supplier.post(&path, &market::record()).expect(201).id();
    supplier.post(&format!("/records/{id}/customs-references"), &market::declaration(1)).expect(201);
    stranger.act(&format!("/records/{id}/confirm")).expect(200);
    let reason = || supplier.get(&format!("/records/{id}")).expect(200).json()["not_counted_because"].clone();
    assert_eq!(reason(), "a side is not identified: its register entry was not checked");
    world.identify(&[stranger.company]);
    assert_eq!(reason(), json!(null));
    drop(partnership);
}

/// Two records carry one line only where an older program, or a hand, let them.
fn give_the_line_of(world: &World, first: &str, second: &str) {
    let (first, second): (RecordId, RecordId) = (first.parse().unwrap(), second.parse().unwrap());
    let change = |tx: &mut tradepost::store::Tx| {
        let (id, number): (i64, String) = customs_references::table
            .filter(customs_references::record_id.eq(first.0))
            .select((customs_references::id, customs_references::number))
            .first(tx.conn())?;
        diesel::update(customs_references::table.filter(customs_references::record_id.eq(second.0)))
            .set((customs_references::number.eq(number), customs_references::duplicate_of.eq(Some(id))))
            .execute(tx.conn())?;
        Ok(())
    };
    world.app.db.write(change).unwrap();
}

fn line_of_a_declaration_counts_for_the_oldest_record_only(world: &World) {
    let (supplier, buyer, partnership) = partners(world);
    let declare = |serial: u32| {
        let id = supplier.post(&format!("/partnerships/{partnership}/records"), &market::record()).expect(201).id();
        supplier.post(&format!("/records/{id}/customs-references"), &market::declaration(serial)).expect(201);
        id
    };
    let records = [declare(1), declare(2), declare(3)];
    give_the_line_of(world, &records[0], &records[1]);
    give_the_line_of(world, &records[0], &records[2]);
    let confirm = |id: &str| drop(buyer.act(&format!("/records/{id}/confirm")).expect(200));
    confirm(&records[1]);
    confirm(&records[2]);
    let duplicate = Some("another record carries the same customs reference".to_owned());
    let seen = || reasons(world, &supplier, &partnership, &records);
    let unconfirmed = Some("not confirmed by both sides".to_owned());
    assert_eq!(seen(), [unconfirmed, None, duplicate.clone()], "the oldest does not count, so it takes nothing");
    confirm(&records[0]);
    assert_eq!(seen(), [None, duplicate.clone(), duplicate]);
}
