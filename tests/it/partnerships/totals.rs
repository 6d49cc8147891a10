//! The totals of a partnership are kept, and the chain of its ledger is checked, whatever its history holds.

use std::collections::BTreeMap;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use serde_json::{Value, json};
use tradepost::ids::{CompanyId, PartnershipId};
use tradepost::partnerships::LedgerEntry;
use tradepost::partnerships::ledger::next_entry;
use tradepost::store::schema::partnership_entries;

use super::partners;
use crate::support::{Kind, Party, World, market};

both!(
    totals_are_what_the_records_come_to_after_any_history,
    totals_of_earlier_records_are_filled_by_the_migration,
    totals_beyond_the_largest_amount_are_exact,
    chain_of_a_long_ledger_is_checked_to_its_end,
);

/// The totals that the API answers, in an order of their own.
fn totals(party: &Party, partnership: &str) -> Vec<Value> {
    let overview = party.get(&format!("/partnerships/{partnership}")).expect(200).json();
    let mut totals = overview["totals"].as_array().unwrap().clone();
    totals.sort_by_key(Value::to_string);
    totals
}

fn micros(text: &Value) -> i128 {
    text.as_str().unwrap().replace('.', "").parse().unwrap()
}

fn amount(micros: i128) -> String {
    format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}

/// The same made of the records themselves.
fn recomputed(party: &Party, partnership: &str) -> Vec<Value> {
    let records = party.get(&format!("/partnerships/{partnership}/records?limit=100")).expect(200).json();
    assert_eq!(records["next_cursor"], json!(null), "all of them");
    let mut sums: BTreeMap<(String, String, String), (u32, i128, i128)> = BTreeMap::new();
    for record in records["data"].as_array().unwrap().iter().filter(|record| record["state"] == "confirmed") {
        let day = ["released_on", "declared_on", "invoice_date"].into_iter().find_map(|name| record[name].as_str());
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let key = (day.unwrap()[..4].to_owned(), text(&record["value"]["currency"]), text(&record["direction"]));
        let sum = sums.entry(key).or_default();
        *sum = (sum.0 + 1, sum.1 + micros(&record["value"]["amount"]), sum.2 + micros(&record["net_kg"]));
    }
    let total = |((year, currency, direction), (records, value, kg)): ((String, String, String), (u32, i128, i128))| {
        json!({"year": year.parse::<i32>().unwrap(), "direction": direction, "records": records,
            "value": {"amount": amount(value), "currency": currency}, "net_kg": amount(kg)})
    };
    let mut totals: Vec<Value> = sums.into_iter().map(total).collect();
    totals.sort_by_key(Value::to_string);
    totals
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }
}

fn shipment(dice: &mut Dice) -> Value {
    let mut record = market::record();
    let currency = ["USD", "EUR"][dice.below(2)];
    record["value"] = json!({"amount": format!("{}.37", 100 + dice.below(9_000)), "currency": currency});
    record["net_kg"] = json!(format!("{}.5", 1 + dice.below(500)));
    match dice.below(4) {
        0 => record["released_on"] = json!(null),
        1 => {
            record["declared_on"] = json!("2025-12-30");
            record["invoice_date"] = json!("2025-12-01");
            record["released_on"] = json!(if dice.below(2) == 0 { "2026-01-02" } else { "2025-12-31" });
        }
        _ => {}
    }
    record
}

/// A history of steps by both sides; those that the rules refuse are part of it.
fn play(sides: [&Party; 2], partnership: &str, dice: &mut Dice, steps: usize) {
    let mut records: Vec<String> = Vec::new();
    for _ in 0..steps {
        let party = sides[dice.below(2)];
        if records.len() < 3 || dice.below(4) == 0 {
            let path = format!("/partnerships/{partnership}/records");
            records.push(party.post(&path, &shipment(dice)).expect(201).id());
            continue;
        }
        let record = records[dice.below(records.len())].clone();
        let answer = match dice.below(4) {
            0 => party.post(&format!("/records/{record}/dispute"), &json!({"reason": "not what came"})),
            1 => party.post(&format!("/records/{record}/correct"), &shipment(dice)),
            _ => party.act(&format!("/records/{record}/confirm")),
        };
        match answer.status {
            201 => records.push(answer.id()),
            status => assert!([200, 403, 409].contains(&status), "{status} {}", answer.body),
        }
    }
}

fn totals_are_what_the_records_come_to_after_any_history(world: &World) {
    let (supplier, buyer, partnership) = partners(world);
    let mut dice = Dice(12);
    for round in 0..6 {
        play([&supplier, &buyer], &partnership, &mut dice, 15);
        let kept = totals(&supplier, &partnership);
        assert_eq!(kept, recomputed(&buyer, &partnership), "after round {round}");
        assert!(round < 2 || kept.len() >= 2, "{kept:?}");
    }
}

fn totals_of_earlier_records_are_filled_by_the_migration(world: &World) {
    let (supplier, buyer, partnership) = partners(world);
    play([&supplier, &buyer], &partnership, &mut Dice(7), 40);
    let kept = totals(&supplier, &partnership);
    assert!(kept.len() >= 2, "{kept:?}");
    let folder = if world.kind() == Kind::Sqlite { "sqlite" } else { "postgres" };
    let sql = |name: &str| {
        let path = format!("{}/migrations/{folder}/2026-11-29-130000_partnership_totals", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(format!("{path}/{name}.sql")).unwrap()
    };
    let again = |tx: &mut tradepost::store::Tx| {
        tx.conn().batch_execute(&sql("down"))?;
        Ok(tx.conn().batch_execute(&sql("up"))?)
    };
    world.app.db.write(again).unwrap();
    assert_eq!(totals(&supplier, &partnership), kept);
}

fn totals_beyond_the_largest_amount_are_exact(world: &World) {
    let (supplier, buyer, partnership) = partners(world);
    let mut record = market::record();
    record["value"]["amount"] = json!("9223372036854.775807");
    for _ in 0..3 {
        let id = supplier.post(&format!("/partnerships/{partnership}/records"), &record).expect(201).id();
        supplier.post(&format!("/records/{id}/customs-references"), &market::declaration(micros_of(&id))).expect(201);
        buyer.act(&format!("/records/{id}/confirm")).expect(200);
    }
    assert_eq!(totals(&supplier, &partnership)[0]["value"]["amount"], "27670116110564.327421");
    let page = world.browser(&supplier.email).page(&format!("/partnerships/{partnership}")).expect(200).body;
    assert!(page.contains("27\u{202f}670\u{202f}116\u{202f}110\u{202f}564.327421"), "{page}");
    record["freight"] = json!({"amount": "1", "currency": "USD"});
    let refused = supplier.post(&format!("/partnerships/{partnership}/records"), &record).expect(422);
    assert_eq!(refused.wrong_fields(), ["/value/amount"]);
}

/// A serial number of its own for each record.
fn micros_of(id: &str) -> u32 {
    id.bytes().fold(7_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte))) % 999_999_999
}

/// Takes the triggers away, as whoever owns the database can.
fn allow_changes(world: &World) {
    let drop = |tx: &mut tradepost::store::Tx| {
        for name in ["update", "delete"] {
            let on = if world.kind() == Kind::Sqlite { "" } else { " ON partnership_entries" };
            tx.conn().batch_execute(&format!("DROP TRIGGER partnership_entries_no_{name}{on}"))?;
        }
        Ok(())
    };
    world.app.db.write(drop).unwrap();
}

/// More entries than are read at once, and at night than an earlier program read at all; the last one is wrong.
fn chain_of_a_long_ledger_is_checked_to_its_end(world: &World) {
    let length: i32 = crate::support::amount("TRADEPOST_TEST_LEDGER", 4_100);
    let (supplier, _, partnership) = partners(world);
    let id: PartnershipId = partnership.parse().unwrap();
    let overview =
        |party: &Party| party.get(&format!("/partnerships/{partnership}")).expect(200).json()["ledger"].clone();
    assert_eq!(overview(&supplier), json!({"entries": 2, "verified_to": 2, "broken_at": null, "differing": []}));
    allow_changes(world);
    let lengthen = |tx: &mut tradepost::store::Tx| {
        let copy = format!(
            "INSERT INTO partnership_entries (partnership_id, number, kind, company_id, record_id, content, at, previous_hash, hash) \
             SELECT partnership_id, number + (SELECT max(number) FROM partnership_entries WHERE partnership_id = {id}), kind, company_id, \
             record_id, content, at, previous_hash, hash FROM partnership_entries WHERE partnership_id = {id}",
            id = id.0
        );
        let mut entries = 2;
        while entries < length {
            diesel::sql_query(&copy).execute(tx.conn())?;
            entries *= 2;
        }
        let beyond = partnership_entries::table
            .filter(partnership_entries::partnership_id.eq(id.0))
            .filter(partnership_entries::number.gt(length));
        diesel::delete(beyond).execute(tx.conn())?;
        type Row = (i32, String, Option<i64>, String, chrono::NaiveDateTime);
        let rows: Vec<Row> = partnership_entries::table
            .filter(partnership_entries::partnership_id.eq(id.0))
            .order(partnership_entries::number)
            .select((
                partnership_entries::number,
                partnership_entries::kind,
                partnership_entries::company_id,
                partnership_entries::content,
                partnership_entries::at,
            ))
            .load(tx.conn())?;
        let mut last: Option<LedgerEntry> = None;
        for (number, kind, company, content, at) in rows {
            let (company, body) = (company.map(CompanyId), serde_json::from_str(&content).unwrap());
            let entry = next_entry(id, last.as_ref(), at.and_utc(), company, kind.parse().unwrap(), body);
            diesel::update(partnership_entries::table.find((id.0, number)))
                .set((
                    partnership_entries::previous_hash.eq(&entry.previous),
                    partnership_entries::hash.eq(&entry.hash),
                ))
                .execute(tx.conn())?;
            last = Some(entry);
        }
        Ok(())
    };
    world.app.db.write(lengthen).unwrap();
    assert_eq!(
        overview(&supplier),
        json!({"entries": length, "verified_to": length, "broken_at": null, "differing": []})
    );
    let listed = supplier.get(&format!("/partnerships/{partnership}/ledger")).expect(200).json();
    assert_eq!(listed["data"].as_array().unwrap().len(), usize::try_from(length).unwrap());
    let forge = |tx: &mut tradepost::store::Tx| {
        diesel::update(partnership_entries::table.find((id.0, length)))
            .set(partnership_entries::content.eq("{\"forged\":true}"))
            .execute(tx.conn())?;
        Ok(())
    };
    world.app.db.write(forge).unwrap();
    assert_eq!(
        overview(&supplier),
        json!({"entries": length, "verified_to": length - 1, "broken_at": length, "differing": []})
    );
    let page = world.browser(&supplier.email).page(&format!("/partnerships/{partnership}")).expect(200).body;
    // Large numbers are grouped by a thin space.
    assert!(page.replace('\u{202f}', "").contains(&format!("broken at entry {length}")));
}
