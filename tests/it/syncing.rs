//! A catalogue that is kept elsewhere: a hundred listings in one call, listings by their SKU, and what was changed since the last time.

use chrono::Duration;
use serde_json::{Value, json};

use crate::support::{Client, World, market};

both!(
    a_batch_has_a_result_for_each_listing,
    a_batch_is_bounded_and_publishes_where_it_may,
    listings_are_read_changed_and_removed_by_sku,
    what_was_changed_since_is_read_in_its_order,
    lists_of_trade_are_read_by_the_time_of_their_changes,
);

fn outcomes(answer: &Value) -> Vec<(&str, &str)> {
    let results = answer["data"].as_array().unwrap().iter();
    results.map(|one| (one["sku"].as_str().unwrap_or_default(), one["outcome"].as_str().unwrap())).collect()
}

fn a_batch_has_a_result_for_each_listing(world: &World) {
    let supplier = world.supplier();
    let batch = json!({"listings": [
        {"sku": "A", "name": "One"}, {"sku": "B", "name": "Two", "hs_code": "77"}, {"name": "Three"}, {"sku": "A", "name": "Again"}, 5,
        {"sku": "C", "name": "Four", "brand": ""},
    ]});
    let first = supplier.post("/listings/batch", &batch).expect(200).json();
    assert_eq!(
        outcomes(&first),
        [("A", "new"), ("B", "refused"), ("", "refused"), ("A", "refused"), ("", "refused"), ("C", "new")]
    );
    let pointers: Vec<&str> =
        first["data"].as_array().unwrap().iter().filter_map(|one| one["errors"][0]["pointer"].as_str()).collect();
    assert_eq!(pointers, ["/hs_code", "/sku", "/sku", ""]);
    let kept = supplier.get(&format!("/listings/{}", first["data"][0]["id"].as_str().unwrap())).expect(200).json();
    assert_eq!(
        (&kept["name"], &kept["state"], &kept["version"]),
        (&json!("One"), &json!("draft"), &first["data"][0]["version"])
    );
    let again = json!({"listings": [{"sku": "C", "name": "Five"}, {"sku": "A", "name": "One"}]});
    let again = supplier.post("/listings/batch", &again).expect(200).json();
    assert_eq!(outcomes(&again), [("C", "changed"), ("A", "same")]);
    assert_eq!(again["data"][0]["version"], 2);
}

fn a_batch_is_bounded_and_publishes_where_it_may(world: &World) {
    let supplier = world.supplier();
    let of = |count: usize| {
        let listings: Vec<Value> =
            (0..count).map(|at| json!({"sku": format!("N-{at}"), "name": format!("Pipe {at}")})).collect();
        json!({"listings": listings, "publish": true})
    };
    for count in [0, 101] {
        assert_eq!(supplier.post("/listings/batch", &of(count)).expect(422).wrong_fields(), ["/listings"]);
    }
    let full = supplier.post("/listings/batch", &of(100)).expect(200).json();
    assert!(
        full["data"].as_array().unwrap().iter().all(|one| one["outcome"] == "new" && one["state"] == "published"),
        "{full}"
    );
    world.drain();
    assert_eq!(world.anonymous().get("/search/listings?q=pipe").expect(200).json()["total"], 100);
}

fn listings_are_read_changed_and_removed_by_sku(world: &World) {
    let (supplier, other) = (world.supplier(), world.party("Another Supplier", "TR"));
    for client in [&supplier, &other] {
        client.post("/listings", &json!({"sku": "A/1 b", "name": "One", "brand": "Aldra"})).expect(201);
    }
    let path = "/listings/by-sku/A%2F1%20b";
    let read = supplier.get(path).expect(200);
    assert_eq!((read.json()["name"].as_str(), read.header("etag")), (Some("One"), Some("\"v1\"")));
    supplier.call("PATCH", path).merge_patch(&json!({"name": "Two"})).send().expect(428);
    let changed = supplier
        .call("PATCH", path)
        .header("If-Match", "\"v1\"")
        .merge_patch(&json!({"name": "Two"}))
        .send()
        .expect(200)
        .json();
    assert_eq!((&changed["name"], &changed["brand"]), (&json!("Two"), &json!("Aldra")));
    let delete = |tag: &str| supplier.call("DELETE", path).header("If-Match", tag).send();
    delete("\"v1\"").expect(412);
    delete("\"v2\"").expect(204);
    assert_eq!(supplier.get(path).expect(404).problem(), "not_found");
    assert_eq!(other.get(path).expect(200).json()["name"], "One");
}

fn skus(client: &Client, query: &str) -> Vec<String> {
    let (mut skus, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = client.get(&format!("/listings?limit=2&{query}{cursor}")).expect(200).json();
        skus.extend(page["data"].as_array().unwrap().iter().map(|one| one["sku"].as_str().unwrap().to_owned()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return skus,
        }
    }
}

fn what_was_changed_since_is_read_in_its_order(world: &World) {
    let supplier = world.supplier();
    for sku in ["A", "B", "C", "D", "E"] {
        supplier.post("/listings", &json!({"sku": sku, "name": "Pipe"})).expect(201);
        world.clock.advance(Duration::minutes(1));
    }
    let since = supplier.get("/listings?sku=C").expect(200).text("/data/0/updated_at");
    supplier
        .call("PATCH", "/listings/by-sku/A")
        .header("If-Match", "*")
        .merge_patch(&json!({"name": "Tube"}))
        .send()
        .expect(200);
    assert_eq!(skus(&supplier, "sort=updated"), ["B", "C", "D", "E", "A"]);
    assert_eq!(skus(&supplier, &format!("sort=updated&updated_since={since}")), ["C", "D", "E", "A"]);
    assert_eq!(skus(&supplier, &format!("updated_since={since}")), ["E", "D", "C", "A"]);
    assert_eq!(skus(&supplier, "sku=B&state=draft"), ["B"]);
    let second = supplier.get("/listings?sort=updated&limit=2").expect(200).json();
    let second = supplier
        .get(&format!("/listings?sort=updated&limit=2&cursor={}", second["next_cursor"].as_str().unwrap()))
        .expect(200)
        .json();
    let first = supplier
        .get(&format!("/listings?sort=updated&limit=2&cursor={}", second["prev_cursor"].as_str().unwrap()))
        .expect(200)
        .json();
    assert_eq!((&first["data"][0]["sku"], &first["prev_cursor"]), (&json!("B"), &Value::Null));
    assert_eq!(supplier.get("/listings?updated_since=yesterday").expect(422).wrong_fields(), ["/updated_since"]);
    assert_eq!(supplier.get("/listings?sort=price").expect(422).wrong_fields(), ["/sort"]);
}

/// All items of a list, two at a time.
fn all(client: &Client, path: &str, query: &str) -> Vec<Value> {
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = client.get(&format!("{path}?limit=2{query}{cursor}")).expect(200).json();
        items.extend(page["data"].as_array().unwrap().iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return items,
        }
    }
}

/// When the item was last changed; a partnership has a time for each step.
fn changed_at(item: &Value) -> &str {
    let times = ["updated_at", "ended_at", "confirmed_at", "proposed_at"];
    times.iter().find_map(|name| item[*name].as_str()).unwrap_or_else(|| panic!("no time in {item}"))
}

/// The list has so many items, in both orders, and from each of its times on those that were changed then or later.
#[track_caller]
fn is_read_by_change(client: &Client, path: &str, count: usize) {
    let newest = all(client, path, "");
    assert_eq!(newest.len(), count, "{path}: {newest:?}");
    let key = |item: &Value| (changed_at(item).to_owned(), item["id"].as_str().unwrap().to_owned());
    let mut wanted = newest.clone();
    wanted.sort_by_key(key);
    let reversed: Vec<Value> = newest.iter().rev().cloned().collect();
    assert_ne!(wanted, reversed, "{path}: the two orders say the same, and the test nothing");
    assert_eq!(all(client, path, "&sort=updated"), wanted, "{path}");
    for item in &newest {
        let since = changed_at(item);
        let later = |one: &&Value| changed_at(one) >= since;
        let query = format!("&updated_since={since}");
        assert_eq!(all(client, path, &query), newest.iter().filter(later).cloned().collect::<Vec<_>>(), "{path}");
        let query = format!("{query}&sort=updated");
        assert_eq!(all(client, path, &query), wanted.iter().filter(later).cloned().collect::<Vec<_>>(), "{path}");
    }
    let first = client.get(&format!("{path}?sort=updated&limit=1")).expect(200).json();
    let cursor = first["next_cursor"].as_str().unwrap();
    client.get(&format!("{path}?limit=1&cursor={cursor}")).expect(400);
    let wrong = client.get(&format!("{path}?updated_since=yesterday&sort=price")).expect(422).wrong_fields();
    assert_eq!(wrong, ["/updated_since", "/sort"], "{path}");
}

fn lists_of_trade_are_read_by_the_time_of_their_changes(world: &World) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    supplier.publish_listing(&market::listing("S-1"));
    let pause = || world.pass(Duration::minutes(1));
    pause();
    let mut rfqs = Vec::new();
    for at in 0..3 {
        rfqs.push(buyer.publish_rfq(&market::rfq(&format!("Brass ball valves, lot {at}"))));
        pause();
    }
    // In another order than that in which they were asked for.
    let quotes = [1, 2, 0].map(|at| {
        let quote = supplier.submit_quote(&rfqs[at], &market::quote("3.1"));
        pause();
        quote
    });
    supplier.post(&format!("/quotes/{}/revise", quotes[0]), &market::quote("3.0")).expect(200);
    let later = json!({"deadline": (world.app.clock.now() + Duration::days(60)).to_rfc3339()});
    buyer.post(&format!("/rfqs/{}/extend", rfqs[0]), &later).expect(200);
    pause();
    is_read_by_change(&buyer, "/rfqs", 3);
    is_read_by_change(&supplier, "/quotes", 3);
    is_read_by_change(&supplier, "/matches", 3);
    let mut partnerships = Vec::new();
    for other in [buyer.company, world.party("Petra Import", "DE").company, world.party("Lena Import", "DE").company] {
        let proposal = json!({"supplier": supplier.company, "buyer": other});
        partnerships.push(supplier.post("/partnerships", &proposal).expect(201).id());
        pause();
    }
    buyer.act(&format!("/partnerships/{}/confirm", partnerships[0])).expect(200);
    is_read_by_change(&supplier, "/partnerships", 3);
    let path = format!("/partnerships/{}/records", partnerships[0]);
    let mut records = Vec::new();
    for at in 1..4 {
        let mut record = market::record();
        record["quantity"]["value"] = json!((5_000 + at).to_string());
        records.push(supplier.post(&path, &record).expect(201).id());
        pause();
    }
    buyer.act(&format!("/records/{}/confirm", records[0])).expect(200);
    is_read_by_change(&supplier, &path, 3);
    is_read_by_change(&buyer, &path, 3);
}
