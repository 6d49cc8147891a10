//! Retail in the releases of the statistics: tables of its own by the same rule, and never a figure of general trade.

use serde_json::{Value, json};
use tradepost::statistics::jobs::{make_release, publish_due};

use super::{individual, post};
use crate::partnerships::releases::ship;
use crate::support::{Party, World, market};

both!(
    table_shows_what_three_sellers_recorded_and_hides_what_two_did,
    general_trade_is_the_same_with_and_without_retail,
    released_record_is_corrected_and_not_withdrawn,
    table_is_asked_for_by_its_parameters,
    page_says_that_it_is_not_general_trade,
);

/// Identified sellers with a record of October each, its members changed; of nobody else.
fn sell(world: &World, names: std::ops::Range<u32>, changes: &[(&str, Value)]) -> Vec<(Party, String)> {
    let seller = |number: u32| {
        let seller = world.party(&format!("Yiwu Shop {number}"), "CN");
        world.identify(&[seller.company]);
        let id = post(&seller, changes).expect(201).id();
        (seller, id)
    };
    names.map(seller).collect()
}

fn retail(world: &World, query: &str) -> Value {
    world.anonymous().get(&format!("/statistics/retail?{query}")).expect(200).json()
}

const FINEST: &str = "group=reporter,partner,hs2,period";

fn table_shows_what_three_sellers_recorded_and_hides_what_two_did(world: &World) {
    assert_eq!(retail(world, "")["release"], json!(null), "nothing is published live");
    sell(world, 1..5, &[]);
    sell(world, 5..7, &[("hs_code", json!("640399"))]);
    sell(world, 7..8, &[("period", json!("2026-11"))]);
    for number in 0..3 {
        let seller = individual(world, &format!("Li Wei {number}"), "documented");
        post(&seller, &[("party_form", json!("c2c"))]).expect(201);
    }
    post(&world.supplier(), &[]).expect(201);
    assert_eq!(publish_due(&world.app).unwrap(), Some(1), "retail alone is worth a release");
    let table = retail(world, FINEST);
    let rows = table["rows"].as_array().unwrap();
    let row = |parties: &str, chapter: &str| {
        let is_it = |row: &&Value| row["party_form"] == parties && row["key"]["hs"] == chapter;
        rows.iter().find(is_it).unwrap_or_else(|| panic!("{parties} {chapter}: {table}"))
    };
    assert_eq!(rows.len(), 3, "{table}");
    // The total of all six is shown; of it the four and the two would give each other away.
    assert_eq!((&row("b2c", "64")["hidden"], &row("b2c", "64")["figures"]), (&json!("primary"), &json!(null)));
    assert_eq!((&row("b2c", "61")["hidden"], &row("b2c", "61")["figures"]), (&json!("secondary"), &json!(null)));
    let totals = table["totals"].as_array().unwrap();
    let total = |parties: &str| &totals.iter().find(|total| total["party_form"] == parties).unwrap()["figures"];
    assert_eq!((&total("b2c")["value"], &total("b2c")["sellers"]), (&json!("99000.000000"), &json!("6-10")));
    let shirts = row("c2c", "61");
    assert_eq!((&shirts["key"]["partner"], &shirts["key"]["period"]), (&json!("DE"), &json!("2026-10")));
    assert_eq!(
        (&shirts["figures"]["value"], &shirts["figures"]["sellers"]),
        (&json!("50000.000000"), &json!("3-5")),
        "three of 16 500, and none of them B2C: {table}"
    );
    let counted: Vec<_> = table["counted"].as_array().unwrap().iter().map(|one| one["counted"].clone()).collect();
    assert_eq!(counted, ["6-10", "3-5"], "what is of November waits");
    assert_eq!(table["not_counted"][0]["reason"], "not_identified");
    assert!(table["metadata"]["coverage"].as_str().unwrap().contains("nobody confirmed"), "{table}");
    let general = world.anonymous().get("/statistics/general-trade").expect(200).json();
    assert_eq!((&general["rows"], &general["totals"]), (&json!([]), &json!([])));
}

fn general_trade_is_the_same_with_and_without_retail(world: &World) {
    let general = || {
        let path = "/statistics/general-trade?group=reporter,partner,hs4,period";
        let mut table = world.anonymous().get(path).expect(200).json();
        for name in ["release", "hash", "metadata"] {
            table[name] = json!(null);
        }
        table
    };
    ship(world, 1..5);
    make_release(&world.app, None).unwrap();
    let before = general();
    assert_eq!(before["rows"][0]["figures"]["value"], "66000.000000");
    // The same goods between the same countries in the same month.
    sell(world, 1..6, &[("hs_code", json!("848180"))]);
    make_release(&world.app, None).unwrap();
    assert_eq!(general(), before);
    assert_eq!(retail(world, FINEST)["rows"][0]["figures"]["value"], "83000.000000");
    assert_eq!(retail(world, &format!("{FINEST}&release=1"))["rows"], json!([]), "the first release stands as it was");
}

fn released_record_is_corrected_and_not_withdrawn(world: &World) {
    let sellers = sell(world, 1..5, &[]);
    let (seller, id) = &sellers[0];
    make_release(&world.app, None).unwrap();
    let path = format!("/retail-records/{id}");
    assert_eq!(seller.get(&path).expect(200).json()["is_released"], json!(true));
    let refused = seller.act(&format!("{path}/withdraw")).expect(409);
    assert!(refused.text("/detail").contains("Correct it instead"), "{}", refused.body);
    let mut dearer = market::retail();
    dearer["value"]["amount"] = json!("99000");
    for (seller, id) in &sellers[..2] {
        let corrected = seller.post(&format!("/retail-records/{id}/correct"), &dearer).expect(201);
        // Nor is the correction: the sale would be gone with it.
        seller.act(&format!("/retail-records/{}/withdraw", corrected.id())).expect(409);
    }
    let waits = make_release(&world.app, None).unwrap();
    assert!(waits.retail.iter().all(|part| part.revised.is_empty()), "a change of two sellers would show them");
    let value =
        |release: u32| retail(world, &format!("{FINEST}&release={release}"))["rows"][0]["figures"]["value"].clone();
    assert_eq!((value(1), value(2)), (json!("66000.000000"), json!("66000.000000")));
    for (seller, id) in &sellers[2..] {
        seller.post(&format!("/retail-records/{id}/correct"), &dearer).expect(201);
    }
    make_release(&world.app, None).unwrap();
    assert_eq!((value(3), value(1)), (json!("396000.000000"), json!("66000.000000")));
}

fn table_is_asked_for_by_its_parameters(world: &World) {
    sell(world, 1..5, &[]);
    make_release(&world.app, None).unwrap();
    let count = |query: &str| retail(world, query)["rows"].as_array().unwrap().len();
    for (query, rows) in [
        ("group=party_form,flow,hs2,period", 1),
        ("party_form=b2c&group=period", 1),
        ("party_form=c2c&group=period", 0),
        ("flow=import", 0),
        ("partner=DE&group=period", 1),
        ("partner=FR&group=period", 0),
        ("hs=61&period=2026", 1),
    ] {
        assert_eq!(count(query), rows, "{query}");
    }
    for (query, field) in [
        ("group=hs4", "/group"),
        ("hs=6109", "/hs"),
        ("party_form=b2b", "/party_form"),
        ("format=comtrade", "/format"),
        ("period=2026-13", "/period"),
    ] {
        let refused = world.anonymous().get(&format!("/statistics/retail?{query}")).expect(422);
        assert_eq!(refused.wrong_fields(), [field], "{query}");
    }
    world.anonymous().get("/statistics/retail?release=9").expect(404);
    let csv = world.anonymous().get(&format!("/statistics/retail?{FINEST}&format=csv")).expect(200).body;
    assert!(csv.starts_with("party_form,flow,reporter,consumer_country,hs,"), "{csv}");
    assert!(csv.contains("\nb2c,export,CN,DE,61,2026-10,66000,USD,3000,3-5,3-5,,1\n"), "{csv}");
    // A table of years consists of totals: each cell stands in it once.
    let years = world.anonymous().get("/statistics/retail?group=year&format=csv").expect(200).body;
    assert_eq!(years.lines().count(), 2, "{years}");
}

fn page_says_that_it_is_not_general_trade(world: &World) {
    let page = |query: &str| world.anonymous().page(&format!("/statistics/retail{query}")).expect(200).body;
    assert!(page("").contains("This is not general trade.") && page("").contains("No release yet"));
    sell(world, 1..5, &[]);
    publish_due(&world.app).unwrap();
    let shown = page("?by=reporter,partner,hs2,period&party_form=b2c");
    assert!(shown.contains("66\u{202f}000") && shown.contains("61 ") && shown.contains("Germany"), "{shown}");
    assert!(world.anonymous().page("/statistics").expect(200).body.contains("href=\"/statistics/retail\""));
}
