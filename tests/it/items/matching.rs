//! Matching of RFQs with items: each item by itself, and the supplier by what it serves.

use serde_json::{Value, json};

use crate::support::{Party, World, market};

both!(
    supplier_is_scored_for_each_item_and_for_its_share_of_them,
    supplier_of_one_item_is_told_what_is_asked,
    listing_that_leaves_takes_its_item_along,
    new_listing_meets_an_item_of_an_open_rfq,
    words_of_items_are_found,
);

/// A listing of something else than valves, which says nothing of its goods beside their name and code.
fn listing(sku: &str, name: &str, code: &str) -> Value {
    let mut listing = market::listing(sku);
    listing["name"] = json!(name);
    listing["description"] = json!(name);
    listing["hs_code"] = json!(code);
    listing["category"] = Value::Null;
    listing["attributes"] = json!({});
    listing
}

fn elbow(sku: &str) -> Value {
    listing(sku, "Brass pipe elbow DN20", "741220")
}

fn basin(sku: &str) -> Value {
    listing(sku, "Ceramic wash basin 60 cm", "691010")
}

fn pipe(sku: &str) -> Value {
    listing(sku, "Copper pipe 22 mm", "741110")
}

/// The matches of the RFQ, the best first.
fn matches(world: &World, buyer: &Party, rfq: &str) -> Vec<Value> {
    world.drain();
    buyer.get(&format!("/rfqs/{rfq}/matches")).expect(200).json()["data"].as_array().unwrap().clone()
}

/// The items that a match serves.
fn served(found: &Value) -> Vec<u64> {
    let items = found["items"].as_array().unwrap().iter();
    items.filter(|item| item["serves"] == true).map(|item| item["item"].as_u64().unwrap()).collect()
}

fn supplier_is_scored_for_each_item_and_for_its_share_of_them(world: &World) {
    let (buyer, whole, part) = (world.buyer(), world.party("Whole Foundry", "CN"), world.party("Part Foundry", "CN"));
    let mut ids = Vec::new();
    for listing in [elbow("E-1"), basin("B-1"), pipe("P-1")] {
        ids.push(whole.publish_listing(&listing));
    }
    let own = part.publish_listing(&elbow("E-2"));
    world.drain();
    let rfq = buyer.publish_rfq(&market::rfq_of_items("Container of plumbing goods"));
    let found = matches(world, &buyer, &rfq);
    let names: Vec<&str> = found.iter().map(|one| one["company"]["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Whole Foundry", "Part Foundry"]);
    assert_eq!((served(&found[0]), served(&found[1])), (vec![1, 2, 3], vec![1]));
    let listings: Vec<&Value> = found[0]["items"].as_array().unwrap().iter().map(|item| &item["listing"]).collect();
    assert_eq!(listings, ids.iter().map(|id| json!(id)).collect::<Vec<_>>().iter().collect::<Vec<_>>());
    assert_eq!(found[1]["best_listings"][0], json!(own));
    for one in &found {
        let shares =
            |kind: &str| one[kind].as_array().unwrap().iter().map(|part| part["share"].as_f64().unwrap()).sum::<f64>();
        let score = one["score"].as_f64().unwrap();
        assert!((shares("reasons") + shares("gaps") - score).abs() < 1e-9, "{one}");
    }
    let gap = |one: &Value| one["gaps"].as_array().unwrap().iter().find(|gap| gap["kind"] == "items").cloned();
    assert_eq!(gap(&found[0]), None);
    let missing = gap(&found[1]).expect("a gap for the items that it does not have");
    assert_eq!(missing["detail"], "fits 1 of the 3 items; no listing fits 2, 3");
    assert_eq!(missing["share"].as_f64(), Some(0.0), "what is not served adds nothing, and takes nothing off");
    assert!(found[1]["score"].as_f64() < found[0]["score"].as_f64());
    assert!(found[1]["probability"].as_f64().unwrap() > 0.5, "it fits what it serves: {}", found[1]);
    let why = part.get(&format!("/rfqs/{rfq}/why-not")).expect(200);
    assert_eq!(why.text("/standing"), "notified", "{}", why.body);
    let inbox = part.get("/matches").expect(200).json();
    assert_eq!(served(&inbox["data"][0]), [1]);
    let browser = world.browser(&buyer.email);
    let page = browser.page(&format!("/desk/buying/rfqs/{rfq}/matches")).expect(200).body;
    assert!(page.contains("Ceramic wash basin 60 cm)") && page.contains("fits 1 of the 3 items"), "{page}");
}

fn supplier_of_one_item_is_told_what_is_asked(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    supplier.publish_listing(&pipe("P-1"));
    world.drain();
    buyer.publish_rfq(&market::rfq_of_items("Container of plumbing goods"));
    world.drain();
    let mails = world.mails_to(&supplier.email);
    let mail = mails.iter().find(|mail| mail.email.content.subject.contains("plumbing")).expect("an e-mail");
    let facts = &mail.email.content.facts;
    let pipe = "Copper pipe 22 mm, 2000\u{a0}kg, HS\u{a0}7411.10";
    assert!(facts.contains(&("Item 3".to_owned(), pipe.to_owned())), "{facts:?}");
    assert!(facts.iter().any(|(_, text)| text.contains("fits 1 of the 3 items")), "{facts:?}");
}

fn listing_that_leaves_takes_its_item_along(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let first = supplier.publish_listing(&elbow("E-1"));
    let second = supplier.publish_listing(&pipe("P-1"));
    world.drain();
    let rfq = buyer.publish_rfq(&market::rfq_of_items("Container of plumbing goods"));
    assert_eq!(served(&matches(world, &buyer, &rfq)[0]), [1, 3]);
    supplier.act(&format!("/listings/{second}/pause")).expect(200);
    assert_eq!(served(&matches(world, &buyer, &rfq)[0]), [1]);
    supplier.act(&format!("/listings/{first}/pause")).expect(200);
    assert!(matches(world, &buyer, &rfq).is_empty());
}

fn new_listing_meets_an_item_of_an_open_rfq(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let rfq = buyer.publish_rfq(&market::rfq_of_items("Container of plumbing goods"));
    assert!(matches(world, &buyer, &rfq).is_empty());
    supplier.publish_listing(&pipe("P-1"));
    let found = matches(world, &buyer, &rfq);
    assert_eq!(found.len(), 1);
    assert_eq!(served(&found[0]), [3]);
    assert_eq!(found[0]["state"], "notified");
}

fn words_of_items_are_found(world: &World) {
    let buyer = world.buyer();
    let rfq = buyer.publish_rfq(&market::rfq_of_items("Container of plumbing goods"));
    world.drain();
    let found = |query: &str| {
        let answer = world.anonymous().get(&format!("/search/rfqs?{query}")).expect(200).json();
        answer["data"].as_array().unwrap().iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    for query in ["q=copper+pipe", "q=compression+ends", "hs=691010", "hs=7411", "q=plumbing+goods"] {
        assert_eq!(found(query), std::slice::from_ref(&rfq), "{query}");
    }
    assert!(found("hs=9403").is_empty());
}
