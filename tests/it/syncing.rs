//! A catalogue that is kept elsewhere: a hundred listings in one call, listings by their SKU, and what was changed since the last time.

use chrono::Duration;
use serde_json::{Value, json};

use crate::support::{Client, World};

both!(
    a_batch_has_a_result_for_each_listing,
    a_batch_is_bounded_and_publishes_where_it_may,
    listings_are_read_changed_and_removed_by_sku,
    what_was_changed_since_is_read_in_its_order,
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
