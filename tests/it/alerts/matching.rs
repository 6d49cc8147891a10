//! What saved searches find: the same as search, once for each version.

use std::collections::BTreeSet;

use chrono::Duration;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use super::{data, save};
use crate::support::{Client, World, amount, market};

both!(
    saved_search_fires_for_what_search_finds_and_nothing_else,
    thing_is_news_once_for_each_version_that_matters,
    what_was_there_before_is_no_news,
    rfqs_and_companies_are_found_like_listings,
    paused_deleted_and_abandoned_searches_find_nothing,
    own_things_are_no_news,
);

/// What a saved search has found: things with the reason.
#[track_caller]
fn found(client: &Client, search: &str) -> Vec<(String, String)> {
    let text = |one: &Value, name: &str| one[name].as_str().unwrap().to_owned();
    let alerts = data(client, &format!("/saved-searches/{search}/alerts?limit=100"));
    alerts.iter().rev().map(|one| (text(one, "thing"), text(one, "reason"))).collect()
}

fn new(id: &str) -> (String, String) {
    (id.to_owned(), "new".to_owned())
}

fn changed(id: &str) -> (String, String) {
    (id.to_owned(), "changed".to_owned())
}

/// What a listing of the property test is made of.
#[derive(Clone, Debug)]
struct Goods {
    words: Vec<&'static str>,
    origin: &'static str,
    hs: &'static str,
    price: u32,
    moq: u32,
    certified: bool,
}

const WORDS: &[&str] =
    &["brass", "steel", "ball", "gate", "valve", "valves", "flange", "pipe", "DN20", "Ventil", "lever"];
const QUERIES: &[&str] = &[
    "q=brass+valve",
    "q=valves",
    "q=steel+pipe+flange",
    "q=%22ball+valve%22",
    "q=valve+-gate",
    "q=DN20",
    "q=tubo+de+acero",
    "q=vlave",
    "q=rohr",
    "origin=CN",
    "origin=CN,DE&q=valve",
    "hs=7307",
    "hs=XV",
    "hs=84818",
    "hs=73,8481&q=brass",
    "certification=ISO+9001",
    "price_max=5&price_currency=USD",
    "currency=USD&price_min=3&price_max=6",
    "moq_max=300",
    "category=Fittings+%2F+Valves",
    "country=CN&form=manufacturer,trading_company",
    "verification=registered,identified",
    "incoterm=FOB&origin=DE",
    "language=en&lead_time_max=30&q=flange",
    "hs_chapter=73&literal=true&q=valves",
];

fn goods() -> impl Strategy<Value = Goods> {
    let words = proptest::sample::subsequence(WORDS, 2..=5);
    let (origin, hs) = (
        proptest::sample::select(vec!["CN", "DE", "FR"]),
        proptest::sample::select(vec!["848180", "730719", "730441"]),
    );
    (words, origin, hs, 1..9_u32, 1..9_u32, any::<bool>()).prop_map(|(words, origin, hs, price, moq, certified)| {
        Goods { words, origin, hs, price, moq: moq * 100, certified }
    })
}

impl Goods {
    fn listing(&self, sku: &str) -> Value {
        let mut listing = market::listing(sku);
        listing["name"] = json!(self.words.join(" "));
        listing["description"] = json!("For water mains.");
        listing["attributes"] = json!({});
        listing["origin_country"] = json!(self.origin);
        listing["hs_code"] = json!(self.hs);
        listing["category"] = json!(if self.hs == "848180" { "Fittings / Valves / Ball valves" } else { "Pipes" });
        listing["price"] = json!({"min": {"amount": self.price.to_string(), "currency": "USD"}, "unit": "C62"});
        listing["moq"] = json!({"value": self.moq.to_string(), "unit": "C62"});
        listing["certifications"] = if self.certified { json!([{"scheme": "ISO 9001"}]) } else { json!([]) };
        listing
    }
}

/// The listings that search finds that hold every word.
fn finds(world: &World, query: &str) -> BTreeSet<String> {
    let answer = world.anonymous().get(&format!("/search/listings?{query}&limit=100")).expect(200).json();
    let all = usize::try_from(answer["matched"]["all"].as_u64().unwrap()).unwrap();
    let ids = answer["data"].as_array().unwrap().iter().take(all);
    ids.map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

fn saved_search_fires_for_what_search_finds_and_nothing_else(world: &World) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    let searches: Vec<(String, &str)> =
        QUERIES.iter().map(|query| (save(&buyer, "listings", query, "daily"), *query)).collect();
    world.drain();
    let rounds = amount("TRADEPOST_TEST_ROUNDS", 3);
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let mut fired: Vec<BTreeSet<String>> = vec![BTreeSet::new(); searches.len()];
    for round in 0..rounds {
        let all = proptest::collection::vec(goods(), 1..12).new_tree(&mut runner).unwrap().current();
        let mut made = BTreeSet::new();
        for (number, goods) in all.iter().enumerate() {
            made.insert(supplier.publish_listing(&goods.listing(&format!("R{round}-{number}"))));
        }
        world.drain();
        for ((search, query), before) in searches.iter().zip(&mut fired) {
            let now: BTreeSet<String> = found(&buyer, search).into_iter().map(|(thing, _)| thing).collect();
            let fresh: BTreeSet<String> = now.difference(before).cloned().collect();
            let wanted: BTreeSet<String> = finds(world, query).intersection(&made).cloned().collect();
            assert_eq!(fresh, wanted, "{query} in round {round} of {all:#?}");
            *before = now;
        }
        // A search answers a hundred hits at most: with those of all rounds it would not show what is new.
        for id in &made {
            supplier.delete(&format!("/listings/{id}")).expect(204);
        }
    }
    assert!(
        fired.iter().filter(|fired| !fired.is_empty()).count() > searches.len() / 2,
        "hardly any query found something"
    );
}

fn thing_is_news_once_for_each_version_that_matters(world: &World) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    let cheap = save(&buyer, "listings", "q=brass+valve&price_max=3&currency=USD", "daily");
    let all = save(&buyer, "listings", "q=brass+valve", "daily");
    let id = supplier.publish_listing(&market::listing("V-1"));
    world.drain();
    world.drain();
    assert_eq!((found(&buyer, &all), found(&buyer, &cheap)), (vec![new(&id)], vec![]));
    let path = format!("/listings/{id}");
    supplier.patch(&path, &json!({"description": "Another text, which decides about nothing."})).expect(200);
    world.drain();
    assert_eq!(found(&buyer, &all).len(), 1, "words alone are no news");
    let price =
        |amount: &str| json!({"price": {"min": {"amount": amount, "currency": "USD"}, "max": null, "unit": "C62"}});
    supplier.patch(&path, &price("2.50")).expect(200);
    world.drain();
    assert_eq!((found(&buyer, &all).pop(), found(&buyer, &cheap)), (Some(changed(&id)), vec![changed(&id)]));
    supplier.patch(&path, &price("2.80")).expect(200);
    world.drain();
    supplier.patch(&path, &price("2.50")).expect(200);
    world.drain();
    assert_eq!(found(&buyer, &cheap).len(), 2, "the same version is news once");
    supplier.act(&format!("{path}/pause")).expect(200);
    world.drain();
    supplier.act(&format!("{path}/publish")).expect(200);
    world.drain();
    assert_eq!((found(&buyer, &all).len(), found(&buyer, &cheap).len()), (3, 2));
}

fn what_was_there_before_is_no_news(world: &World) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    let id = supplier.publish_listing(&market::listing("OLD-1"));
    world.pass(Duration::days(2));
    let search = save(&buyer, "listings", "q=brass+valve", "daily");
    supplier.patch(&format!("/listings/{id}"), &json!({"description": "Looked at for the first time."})).expect(200);
    world.drain();
    assert_eq!(found(&buyer, &search), vec![]);
    supplier.patch(&format!("/listings/{id}"), &json!({"lead_time_days": 20})).expect(200);
    world.drain();
    assert_eq!(found(&buyer, &search), vec![changed(&id)]);
}

fn rfqs_and_companies_are_found_like_listings(world: &World) {
    let buyer = world.buyer();
    let supplier = world.supplier();
    let rfqs = save(&supplier, "rfqs", "q=valves&hs=8481&country=DE", "instant");
    let elsewhere = save(&supplier, "rfqs", "q=valves&country=FR", "instant");
    let companies = save(&buyer, "companies", "country=IT", "daily");
    let exporters = save(&buyer, "companies", "country=IT&market=FR", "daily");
    let id = buyer.publish_rfq(&market::rfq("Brass ball valves"));
    let italian = world.party("Valvole Bresciane", "IT");
    let company = italian.company;
    world.drain();
    assert_eq!((found(&supplier, &rfqs), found(&supplier, &elsewhere)), (vec![new(&id)], vec![]));
    assert_eq!((found(&buyer, &companies), found(&buyer, &exporters)), (vec![new(&company.to_string())], vec![]));
    italian.patch(&format!("/companies/{company}"), &json!({"markets": ["FR"]})).expect(200);
    world.drain();
    assert_eq!(found(&buyer, &exporters), vec![changed(&company.to_string())]);
}

fn paused_deleted_and_abandoned_searches_find_nothing(world: &World) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    let search = save(&buyer, "listings", "q=brass+valve", "daily");
    let gone = save(&buyer, "listings", "q=brass+valve", "daily");
    world.drain();
    buyer.patch(&format!("/saved-searches/{search}"), &json!({"paused": true})).expect(200);
    buyer.delete(&format!("/saved-searches/{gone}")).expect(204);
    supplier.publish_listing(&market::listing("V-1"));
    world.drain();
    assert_eq!(found(&buyer, &search), vec![]);
    buyer.get(&format!("/saved-searches/{gone}/alerts")).expect(404);
    buyer.patch(&format!("/saved-searches/{search}"), &json!({"paused": false})).expect(200);
    let id = supplier.publish_listing(&market::listing("V-2"));
    world.drain();
    assert_eq!(found(&buyer, &search), vec![new(&id)]);
}

fn own_things_are_no_news(world: &World) {
    let supplier = world.supplier();
    let search = save(&supplier, "listings", "q=brass+valve", "daily");
    supplier.publish_listing(&market::listing("V-1"));
    world.drain();
    assert_eq!(found(&supplier, &search), vec![]);
}
