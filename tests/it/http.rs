//! What holds for every resource of the API, shown on listings; and that the things to trade with are valid.

use serde_json::{Value, json};

use crate::support::{World, market};

both!(
    cursor_is_bound_to_its_company,
    repeated_creating_request_creates_one,
    stale_if_match_is_refused,
    foreign_resource_answers_404,
    every_invalid_field_is_named,
    framework_errors_are_problem_documents,
    complete_trade_works_over_http,
);

fn ids(list: &Value) -> Vec<String> {
    let data = list["data"].as_array().unwrap();
    data.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

fn cursor_is_bound_to_its_company(world: &World) {
    let (supplier, other) = (world.supplier(), world.party("Anatolia Valves", "TR"));
    let made: Vec<String> =
        (0..5).map(|n| supplier.post("/listings", &market::listing(&format!("V-{n}"))).expect(201).id()).collect();
    let first = supplier.get("/listings?limit=2").expect(200).json();
    assert_eq!(ids(&first), [made[4].as_str(), &made[3]]);
    let cursor = first["next_cursor"].as_str().unwrap().to_owned();
    // What is made in the meantime neither repeats nor hides an item of the pages that follow.
    supplier.post("/listings", &market::listing("V-new")).expect(201);
    let next = supplier.get(&format!("/listings?limit=100&cursor={cursor}")).expect(200).json();
    assert_eq!(ids(&next), [made[2].as_str(), &made[1], &made[0]]);
    assert_eq!(next["has_more"], false);
    for path in [format!("/listings?cursor={cursor}"), "/listings?cursor=nonsense".to_owned()] {
        assert_eq!(other.get(&path).expect(400).problem(), "bad_cursor");
    }
    assert_eq!(supplier.get(&format!("/rfqs?cursor={cursor}")).expect(400).problem(), "bad_cursor");
}

fn repeated_creating_request_creates_one(world: &World) {
    let (supplier, other) = (world.supplier(), world.party("Anatolia Valves", "TR"));
    let send = |sku: &str| {
        supplier.call("POST", "/listings").header("Idempotency-Key", "k-1").json(&market::listing(sku)).send()
    };
    let first = send("V-1").expect(201);
    let again = send("V-1").expect(201);
    assert_eq!(first.id(), again.id());
    assert_eq!((first.header("idempotent-replayed"), again.header("idempotent-replayed")), (None, Some("true")));
    assert_eq!(send("V-2").expect(422).problem(), "idempotency_mismatch");
    let theirs = other.call("POST", "/listings").header("Idempotency-Key", "k-1").json(&market::listing("V-2")).send();
    assert_ne!(theirs.expect(201).id(), first.id(), "a key is its company's");
    assert_eq!(ids(&supplier.get("/listings").json()).len(), 1);
}

fn stale_if_match_is_refused(world: &World) {
    let supplier = world.supplier();
    let made = supplier.post("/listings", &market::listing("V-1")).expect(201);
    let path = format!("/listings/{}", made.id());
    let seen = supplier.get(&path).expect(200);
    let etag = seen.header("etag").unwrap();
    assert_eq!(made.header("etag"), Some(etag));
    assert_eq!(supplier.call("GET", &path).header("If-None-Match", etag).send().status, 304);
    let change = json!({"name": "Brass ball valve, chromed"});
    assert_eq!(
        supplier.call("PATCH", &path).merge_patch(&change).send().expect(428).problem(),
        "precondition_required"
    );
    let patch = |etag: &str| supplier.call("PATCH", &path).header("If-Match", etag).merge_patch(&change).send();
    let changed = patch(etag).expect(200);
    assert_eq!(changed.text("/name"), "Brass ball valve, chromed");
    assert_ne!(changed.header("etag"), Some(etag));
    assert_eq!(patch(etag).expect(412).problem(), "stale");
    assert_eq!(supplier.call("DELETE", &path).send().expect(428).problem(), "precondition_required");
    supplier.delete(&path).expect(204);
}

fn foreign_resource_answers_404(world: &World) {
    let (supplier, other) = (world.supplier(), world.party("Anatolia Valves", "TR"));
    let id = supplier.post("/listings", &market::listing("V-1")).expect(201).id();
    let absent = "lst_0000000000001".to_owned();
    for id in [id, absent, "rfq_0000000000001".to_owned(), "x".to_owned()] {
        let path = format!("/listings/{id}");
        assert_eq!(other.get(&path).expect(404).problem(), "not_found");
        assert_eq!(world.anonymous().get(&path).expect(404).problem(), "not_found");
        let change = other.call("PATCH", &path).header("If-Match", "\"v1\"").merge_patch(&json!({"name": "x"})).send();
        assert_eq!(change.expect(404).problem(), "not_found");
        assert_eq!(other.act(&format!("{path}/publish")).expect(404).problem(), "not_found");
    }
}

fn every_invalid_field_is_named(world: &World) {
    let supplier = world.supplier();
    let mut wrong = market::listing("");
    wrong["moq"]["value"] = json!("0");
    wrong["name"] = json!("");
    let answer = supplier.post("/listings", &wrong).expect(422);
    assert_eq!(answer.problem(), "invalid");
    for pointer in ["/sku", "/name", "/moq/value"] {
        assert!(answer.wrong_fields().iter().any(|field| field == pointer), "{pointer}: {}", answer.body);
    }
    let mut unknown = market::listing("V-1");
    unknown["colour"] = json!("red");
    let answer = supplier.post("/listings", &unknown);
    assert!(answer.status == 422 || answer.status == 400, "{}", answer.body);
    assert!(answer.body.contains("colour"), "{}", answer.body);
}

fn framework_errors_are_problem_documents(world: &World) {
    let nobody = world.anonymous();
    assert_eq!(nobody.get("/nothing-here").expect(404).problem(), "not_found");
    assert_eq!(nobody.call("DELETE", "/me").send().expect(405).problem(), "method_not_allowed");
    assert_eq!(nobody.get("/me").expect(401).problem(), "unauthenticated");
    let stranger = nobody.call("GET", "/me").header("Authorization", "Bearer tp_live_nonsense").send();
    assert_eq!(stranger.expect(401).problem(), "unauthenticated");
    let supplier = world.supplier();
    let broken =
        supplier.call("POST", "/listings").header("Content-Type", "application/json").bytes(b"{\"sku\":".to_vec());
    assert_eq!(broken.send().expect(400).problem(), "bad_request");
    let xml = supplier.call("POST", "/listings").header("Content-Type", "text/xml").bytes(b"<a/>".to_vec());
    assert_eq!(xml.send().expect(415).problem(), "unsupported_media_type");
    nobody.call("GET", "/livez").at_root().send().expect(200);
    let page = nobody.page("/nothing-here").expect(404);
    assert!(page.header("content-type").unwrap().starts_with("text/html"));
    assert!(page.header("content-security-policy").is_some() && page.header("x-request-id").is_some());
}

/// The listing, the RFQ and the quote of `support::market` find each other.
fn complete_trade_works_over_http(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    supplier.publish_listing(&market::listing("V-1"));
    world.drain();
    let found = buyer.get("/search/listings?q=ball+valve").expect(200).json();
    assert_eq!(ids(&found).len(), 1, "{found}");
    let rfq = buyer.publish_rfq(&market::rfq("Brass ball valves DN20"));
    world.drain();
    let matches = buyer.get(&format!("/rfqs/{rfq}/matches")).expect(200).json();
    assert_eq!(matches["data"][0]["company"]["id"], supplier.company.to_string(), "{matches}");
    assert_eq!(world.mails_to(&supplier.email).len(), 1, "the supplier is told once");
    let quote = supplier.submit_quote(&rfq, &market::quote("3.40"));
    world.drain();
    assert_eq!(world.mails_to(&buyer.email).len(), 1);
    assert_eq!(ids(&buyer.get(&format!("/rfqs/{rfq}/quotes")).expect(200).json()), [quote]);
}
