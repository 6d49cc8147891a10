//! Saved searches as resources and as pages.

use chrono::Duration;
use diesel::prelude::*;
use serde_json::json;
use tradepost::actor::{Permission, Role};
use tradepost::store::schema::saved_searches;
use tradepost::workers;

use super::{data, save};
use crate::support::{Client, Database, Setup, World, market};

both!(
    saved_search_is_a_resource_like_the_others,
    query_is_the_one_of_search_and_every_fault_is_named,
    saved_searches_are_their_persons_own,
    saved_searches_end_with_the_membership,
    preview_shows_the_last_seven_days,
    results_page_saves_a_search_in_one_click,
    few_saved_searches_per_person_and_company,
);

fn saved_search_is_a_resource_like_the_others(world: &World) {
    let buyer = world.buyer();
    let body = json!({"name": "  Valves ", "kind": "listings", "query": "?country=CN&q=ball+valve&limit=5"});
    let once = |body: &serde_json::Value| {
        buyer.call("POST", "/saved-searches").header("Idempotency-Key", "k1").json(body).send()
    };
    let made = once(&body).expect(201);
    assert_eq!((made.text("/name"), made.text("/query")), ("Valves".to_owned(), "country=CN&q=ball+valve".to_owned()));
    assert_eq!((made.text("/frequency"), made.json()["paused"].clone()), ("daily".to_owned(), json!(false)));
    assert_eq!(made.header("location"), Some(format!("/api/v1/saved-searches/{}", made.id()).as_str()));
    let again = once(&body).expect(201);
    assert_eq!((again.id(), again.header("idempotent-replayed")), (made.id(), Some("true")));
    let path = format!("/saved-searches/{}", made.id());
    buyer.call("PATCH", &path).merge_patch(&json!({"paused": true})).send().expect(428);
    buyer.call("PATCH", &path).header("If-Match", "\"v9\"").merge_patch(&json!({})).send().expect(412);
    let changed = buyer.patch(&path, &json!({"frequency": "instant", "paused": true, "version": 7})).expect(200);
    assert_eq!((changed.json()["version"].clone(), changed.text("/frequency")), (json!(2), "instant".to_owned()));
    let read = buyer.get(&path).expect(200);
    assert_eq!(read.header("etag"), Some("\"v2\""));
    buyer.call("GET", &path).header("If-None-Match", "\"v2\"").send().expect(304);
    buyer.patch(&path, &json!({"frequncy": "daily"})).expect(422);
    save(&buyer, "rfqs", "q=valves", "weekly");
    let page = buyer.get("/saved-searches?limit=1").expect(200);
    let next = page.text("/next_cursor");
    assert_eq!(data(&buyer, &format!("/saved-searches?limit=1&cursor={next}"))[0]["id"], json!(made.id()));
    buyer.delete(&path).expect(204);
    buyer.get(&path).expect(404);
}

fn query_is_the_one_of_search_and_every_fault_is_named(world: &World) {
    let buyer = world.buyer();
    let wrong = json!({"name": "", "kind": "listings", "query": "country=Atlantis&moq_max=few"});
    let refused = buyer.post("/saved-searches", &wrong).expect(422);
    assert_eq!(refused.wrong_fields(), ["/name", "/query", "/query"]);
    assert!(refused.body.contains("country ") && refused.body.contains("moq_max "), "{}", refused.body);
    for (kind, query) in [("rfqs", "moq_max=5"), ("companies", "hs=7304"), ("listings", "colour=red"), ("listings", "")]
    {
        let refused = buyer.post("/saved-searches", &json!({"name": "x", "kind": kind, "query": query})).expect(422);
        assert_eq!(refused.wrong_fields(), ["/query"], "{kind} {query}");
    }
    buyer.post("/saved-searches", &json!({"name": "x", "kind": "people", "query": "q=x"})).expect(422);
    buyer.post("/saved-searches", &json!({"name": "x", "query": "q=x", "frequency": "hourly"})).expect(422);
}

fn saved_searches_are_their_persons_own(world: &World) {
    let (buyer, foreign) = (world.buyer(), world.party("Bystander", "FR"));
    let id = save(&buyer, "listings", "q=valve", "daily");
    let path = format!("/saved-searches/{id}");
    foreign.get(&path).expect(404);
    let seen = |method| foreign.call(method, &path).header("If-Match", "\"v1\"");
    seen("PATCH").merge_patch(&json!({"paused": true})).send().expect(404);
    seen("DELETE").send().expect(404);
    foreign.get(&format!("{path}/preview")).expect(404);
    let (_, email) = world.member(buyer.company, Role::Owner);
    let colleague = world.browser(&email);
    assert!(!colleague.page("/account/saved-searches").expect(200).body.contains(&id));
    colleague.page(&format!("/account{path}")).expect(404);
    // A key that a person made acts for that person.
    let own = world.browser(&buyer.email);
    assert!(own.page("/account/saved-searches").expect(200).body.contains(&id));
    let reader = Client::new(&world.base, Some(world.key(buyer.company, &[Permission::AlertsRead])));
    reader.get(&path).expect(200);
    reader.post("/saved-searches", &json!({"name": "x", "query": "q=x"})).expect(403);
}

fn saved_searches_end_with_the_membership(world: &World) {
    let buyer = world.buyer();
    let (person, email) = world.member(buyer.company, Role::Trader);
    let colleague = world.browser(&email);
    let saved = [("scope", "products"), ("q", "ball valve"), ("name", "Mine")];
    assert_eq!(colleague.submit("/search?q=ball+valve", "/account/saved-searches", &saved).status, 303);
    let kept = || world.app.db.read(|conn| Ok(saved_searches::table.count().get_result::<i64>(conn)?)).unwrap();
    assert_eq!(kept(), 1);
    buyer.delete(&format!("/companies/{}/members/{person}", buyer.company)).expect(204);
    workers::sweep(&world.app).unwrap();
    assert_eq!(kept(), 0);
}

fn preview_shows_the_last_seven_days(world: &World) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    let old = supplier.publish_listing(&market::listing("OLD-1"));
    world.pass(Duration::days(8));
    let new = supplier.publish_listing(&market::listing("NEW-1"));
    let mut half = market::listing("HALF-1");
    half["name"] = json!("Gate of cast iron");
    half["description"] = json!("A gate of iron for water mains.");
    half["category"] = json!("Fittings / Gates");
    half["hs_code"] = json!("732599");
    supplier.publish_listing(&half);
    world.drain();
    let id = save(&buyer, "listings", "q=brass+ball+valve&country=CN", "daily");
    let preview = buyer.get(&format!("/saved-searches/{id}/preview")).expect(200).json();
    let ids: Vec<&str> = preview["data"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(
        (preview["total"].clone(), ids),
        (json!(1), vec![new.as_str()]),
        "not {old}, nor what holds fewer words"
    );
    assert_eq!(preview["data"][0]["country"], json!("CN"));
    let none = save(&buyer, "listings", "q=brass+ball+valve&country=DE", "daily");
    assert_eq!(buyer.get(&format!("/saved-searches/{none}/preview")).expect(200).json()["total"], json!(0));
    for (kind, query) in [("companies", "country=CN"), ("rfqs", "q=valves")] {
        let id = save(&buyer, kind, query, "daily");
        buyer.get(&format!("/saved-searches/{id}/preview")).expect(200);
    }
}

fn results_page_saves_a_search_in_one_click(world: &World) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    supplier.publish_listing(&market::listing("V-1"));
    world.drain();
    let results = "/search?scope=products&q=brass+valve&country=CN&sort=newest";
    let nobody = world.anonymous().page(results).expect(200);
    assert!(nobody.body.contains("Sign in to save this search"), "{}", nobody.body);
    let browser = world.browser(&buyer.email);
    let made = browser.fill_in(results, "/account/saved-searches", &[]);
    let page = made.sent_to();
    let shown = browser.page(&page).expect(200);
    for text in ["The search was saved", "1 result in the last 7 days", "Brass ball valve V-1", "Every day"] {
        assert!(shown.body.contains(text), "{text} is not in {}", shown.body);
    }
    let saved = data(&buyer, "/saved-searches");
    assert_eq!(
        (saved[0]["query"].clone(), saved[0]["kind"].clone()),
        (json!("country=CN&q=brass+valve"), json!("listings"))
    );
    let path = page.split('?').next().unwrap();
    let typed = [("name", "Brass from China"), ("frequency", "weekly"), ("paused", "on")];
    assert_eq!(browser.fill_in(path, path, &typed).status, 303);
    let list = browser.page("/account/saved-searches").expect(200);
    assert!(list.body.contains("Brass from China") && list.body.contains("Paused"), "{}", list.body);
    assert_eq!(browser.fill_in(path, path, &[("name", " ")]).status, 422);
    assert_eq!(browser.fill_in(path, &format!("{path}/delete"), &[]).status, 303);
    assert!(
        browser.page("/account/saved-searches?done=deleted").expect(200).body.contains("You have no saved searches")
    );
    assert!(!browser.page("/search").expect(200).body.contains("Save this search"), "all of it is no search");
}

struct Few(World);

impl Setup for Few {
    fn on(database: Database) -> Self {
        Self(World::with(database, |config| {
            config.limits.enabled = true;
            config.limits.per_key_minute = 0;
            config.limits.per_address_minute = 0;
            config.limits.sign_in_minute = 0;
            config.limits.saved_searches_per_person = 2;
            config.limits.saved_searches_per_company = 3;
        }))
    }
}

fn few_saved_searches_per_person_and_company(few: &Few) {
    let world = &few.0;
    let buyer = world.buyer();
    for word in ["ball", "valve"] {
        save(&buyer, "listings", &format!("q={word}"), "daily");
    }
    let third = json!({"name": "x", "query": "q=third"});
    assert!(buyer.post("/saved-searches", &third).expect(409).body.contains("You have 2"));
    let (_, email) = world.member(buyer.company, Role::Trader);
    let colleague = world.browser(&email);
    let save = |word: &str| colleague.submit("/search?q=x", "/account/saved-searches", &[("q", word), ("name", word)]);
    assert_eq!(save("gate").status, 303);
    assert!(save("globe").expect(409).body.contains("Your company has 3"));
}
