//! A ledger that proves itself: entries are never changed, what is shown is what they say, and whoever keeps a copy can check it alone.

use std::path::Path;
use std::process::{Command, Output};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use serde_json::{Value, json};
use tradepost::store::schema::trade_records;

use super::partners;
use crate::support::{World, market};

both!(
    entries_are_never_changed_or_deleted,
    record_that_differs_from_its_ledger_is_seen,
    kept_ledger_is_verified_without_a_server,
);

fn entries_are_never_changed_or_deleted(world: &World) {
    let (supplier, _, partnership) = partners(world);
    let run = |sql: &str| {
        let change = |tx: &mut tradepost::store::Tx| Ok(tx.conn().batch_execute(sql)?);
        world.app.db.write(change)
    };
    for sql in [
        "UPDATE partnership_entries SET content = '{}'",
        "UPDATE partnership_entries SET hash = '' WHERE number = 1",
        "DELETE FROM partnership_entries",
    ] {
        assert!(run(sql).is_err(), "{sql}");
    }
    let ledger = supplier.get(&format!("/partnerships/{partnership}/ledger")).expect(200).json();
    assert_eq!((&ledger["verified_to"], &ledger["broken_at"]), (&json!(2), &json!(null)));
}

fn record_that_differs_from_its_ledger_is_seen(world: &World) {
    let (supplier, buyer, partnership) = partners(world);
    let path = format!("/partnerships/{partnership}/records");
    let mut ids = Vec::new();
    for _ in 0..2 {
        let id = supplier.post(&path, &market::record()).expect(201).id();
        supplier
            .post(&format!("/records/{id}/customs-references"), &market::declaration(ids.len() as u32 + 1))
            .expect(201);
        ids.push(id);
    }
    buyer.act(&format!("/records/{}/confirm", ids[0])).expect(200);
    buyer.post(&format!("/records/{}/dispute", ids[1]), &json!({"reason": "not what came"})).expect(200);
    let corrected = supplier.post(&format!("/records/{}/correct", ids[1]), &market::record()).expect(201).id();
    buyer.act(&format!("/records/{corrected}/confirm")).expect(200);
    let differing =
        || supplier.get(&format!("/partnerships/{partnership}/ledger")).expect(200).json()["differing"].clone();
    assert_eq!(differing(), json!([]), "every step agrees with its rows");
    let id: tradepost::ids::RecordId = ids[0].parse().unwrap();
    let forge = |tx: &mut tradepost::store::Tx| {
        let row = trade_records::table.find(id.0);
        let content: String = row.select(trade_records::content).first(tx.conn())?;
        let forged = content.replace("16500.000000", "26500.000000");
        assert_ne!(forged, content);
        diesel::update(row).set(trade_records::content.eq(forged)).execute(tx.conn())?;
        Ok(())
    };
    world.app.db.write(forge).unwrap();
    assert_eq!(differing(), json!([ids[0]]));
    let page = world.browser(&supplier.email).page(&format!("/partnerships/{partnership}")).expect(200).body;
    assert!(page.contains("The ledger says something else of the shipment"), "{page}");
}

fn tradepost(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tradepost")).args(arguments).output().unwrap()
}

/// The recipe as it stands in the documentation.
fn recipe() -> String {
    let readme = include_str!("../../../README.md");
    let (_, after) = readme.split_once("```python\n").unwrap();
    after.split_once("```").unwrap().0.to_owned()
}

fn by_recipe(folder: &Path, file: &Path) -> Option<Output> {
    let script = folder.join("verify.py");
    std::fs::write(&script, recipe()).unwrap();
    // Where there is no Python, there is nothing to run the recipe with.
    Command::new("python3").arg(&script).arg(file).output().ok()
}

fn kept_ledger_is_verified_without_a_server(world: &World) {
    let (supplier, buyer, partnership) = partners(world);
    let mut record = market::record();
    record["description"] = json!("阀门 \"DN20\" – brass, ½ in\u{e9}");
    let id = supplier.post(&format!("/partnerships/{partnership}/records"), &record).expect(201).id();
    buyer.act(&format!("/records/{id}/confirm")).expect(200);
    let ledger: Value = supplier.get(&format!("/partnerships/{partnership}/ledger")).expect(200).json();
    let key = world.anonymous().get("/ledger-key").expect(200).text("/public_key");
    assert_eq!(ledger["head"]["public_key"], key);
    let folder = tempfile::tempdir().unwrap();
    let keep = |name: &str, ledger: &Value| {
        let file = folder.path().join(name);
        std::fs::write(&file, ledger.to_string()).unwrap();
        file
    };
    let file = keep("ledger.json", &ledger);
    let verify = |file: &Path, key: &str| tradepost(&["ledger", "verify", file.to_str().unwrap(), "--key", key]);
    let output = verify(&file, &key);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(recipe().lines().filter(|line| !line.is_empty()).count() <= 15);
    if let Some(output) = by_recipe(folder.path(), &file) {
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    for (pointer, forged) in [
        ("/data/1/body", json!({"reason": "another"})),
        ("/data/2/body/fields/net_kg", json!("1")),
        ("/head/hash", json!("00")),
        ("/head/signature", json!("00")),
        ("/partnership", json!("prt_0000000000001")),
    ] {
        let mut changed = ledger.clone();
        *changed.pointer_mut(pointer).unwrap() = forged;
        let file = keep("changed.json", &changed);
        assert_eq!(verify(&file, &key).status.code(), Some(1), "{pointer}");
        let by_recipe = by_recipe(folder.path(), &file);
        assert!(pointer.starts_with("/head") || by_recipe.is_none_or(|output| !output.status.success()), "{pointer}");
    }
    let mut shorter = ledger.clone();
    shorter["data"].as_array_mut().unwrap().pop();
    assert_eq!(verify(&keep("shorter.json", &shorter), &key).status.code(), Some(1), "an entry was cut off");
    assert_eq!(verify(&file, &"0".repeat(64)).status.code(), Some(1), "another key");
}
