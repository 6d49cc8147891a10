//! What the search box suggests is there: whatever was paused, edited, removed or taken off is told to nobody a moment later.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::faults::site::Site;
use crate::support::{Client, Party, World, market, wait_for};

both!(
    suggestions_forget_what_is_not_listed_any_more,
    suggestions_forget_a_company_that_was_suspended,
    suggestions_forget_within_two_seconds,
);

fn suggested(client: &Client, text: &str) -> Vec<String> {
    let query = serde_urlencoded::to_string([("q", text)]).unwrap();
    let answer: Value = client.get(&format!("/search/suggest?{query}")).expect(200).json();
    let all = answer["data"].as_array().unwrap_or_else(|| panic!("{answer}"));
    all.iter().map(|one| one["text"].as_str().unwrap().to_owned()).collect()
}

fn odd(sku: &str) -> Value {
    let mut listing = market::listing(sku);
    listing["name"] = json!(format!("Quixotic turbine {sku}"));
    listing["category"] = json!("Machines / Zephyric turbines");
    listing["hs_code"] = json!("840681");
    listing
}

/// What is suggested for the beginnings of its name, its category and its heading.
fn all(world: &World) -> [bool; 3] {
    world.drain();
    let nobody = world.anonymous();
    let holds = |typed: &str, word: &str| suggested(&nobody, typed).iter().any(|text| text.contains(word));
    [holds("quixot", "Quixotic"), holds("zephyr", "Zephyric"), holds("8406", "8406")]
}

fn suggestions_forget_what_is_not_listed_any_more(world: &World) {
    let supplier = world.supplier();
    supplier.publish_listing(&market::listing("OTHER"));
    type Step = fn(&Party, &str);
    let pause: Step = |party, id| drop(party.act(&format!("/listings/{id}/pause")).expect(200));
    let remove: Step = |party, id| drop(party.delete(&format!("/listings/{id}")).expect(204));
    let edit: Step = |party, id| {
        let changed = json!({"name": "Plain elbow", "category": "Fittings / Elbows", "hs_code": "730729"});
        party.patch(&format!("/listings/{id}"), &changed).expect(200);
    };
    for (number, (how, step)) in [("paused", pause), ("removed", remove), ("edited", edit)].into_iter().enumerate() {
        assert_eq!(all(world), [false; 3], "before it is {how}");
        let id = supplier.publish_listing(&odd(&format!("ODD-{number}")));
        assert_eq!(all(world), [true; 3], "it is listed");
        step(&supplier, &id);
        assert_eq!(all(world), [false; 3], "{how}");
    }
    let first = supplier.publish_listing(&odd("ODD-8"));
    supplier.publish_listing(&odd("ODD-9"));
    pause(&supplier, &first);
    assert_eq!(all(world), [true; 3], "another one of the kind is listed");
}

fn suggestions_forget_a_company_that_was_suspended(world: &World) {
    let other = world.party("Quixotic Works", "CN");
    other.publish_listing(&odd("ODD-1"));
    assert_eq!(all(world), [true; 3]);
    world.app.db.write(|tx| tradepost::companies::actions::suspend(tx, other.company, "It is a test")).unwrap();
    assert_eq!(all(world), [false; 3]);
    assert!(suggested(&world.anonymous(), "quixotic w").is_empty());
}

/// With the program as it runs, by the clock on the wall.
fn suggestions_forget_within_two_seconds(site: &Site) {
    let mut node = site.node("served", &["serve"]);
    node.start();
    let seller = node.client(&site.supplier);
    let nobody = Client::new(&node.base(), None);
    let id = seller.publish_listing(&odd("ODD-1"));
    let holds = |typed: &str| {
        suggested(&nobody, typed).iter().any(|text| text.contains("Quixotic") || text.contains("Zephyric"))
    };
    wait_for("it to be suggested", || holds("quixot") && holds("zephyr"));
    seller.act(&format!("/listings/{id}/pause")).expect(200);
    let begun = Instant::now();
    wait_for("it to be forgotten", || !holds("quixot") && !holds("zephyr"));
    let took = begun.elapsed();
    eprintln!("forgotten after {took:?}");
    assert!(took < Duration::from_secs(2), "{took:?}");
}
