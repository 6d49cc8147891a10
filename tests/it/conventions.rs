//! What an integrator may rely on at every address: who is asked first, which parameter is wrong, what a call that is sent again answers.

use serde_json::{Value, json};

use crate::access::is_public;
use crate::support::{Answer, Party, World, market};

both!(
    key_is_asked_for_before_anything_else_is_looked_at,
    wrong_parameters_of_every_list_are_named_at_once,
    addresses_say_which_methods_they_take,
    everything_that_is_missing_is_named_at_once,
    body_may_begin_with_the_mark_of_its_encoding_and_names_nothing_twice,
    one_of_several_tags_is_enough,
    listing_is_stored_and_published_in_one_call,
    what_was_deleted_is_gone_for_its_owner_too,
    step_taken_twice_answers_with_the_present_state,
    step_of_a_shipment_taken_twice_adds_nothing,
);

/// Method, path with an id that nothing has in place of each part, and operation.
fn operations() -> Vec<(String, String, String, Value)> {
    let document = tradepost::web::routes::openapi().unwrap();
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in ["get", "post", "put", "patch", "delete"] {
            let Some(operation) = item.get(method) else { continue };
            let pattern = path.strip_prefix("/api/v1").unwrap();
            let parts = pattern.split('/').map(|part| if part.starts_with('{') { "none" } else { part });
            let filled = parts.collect::<Vec<_>>().join("/");
            all.push((method.to_uppercase(), pattern.to_owned(), filled, operation.clone()));
        }
    }
    all
}

/// What the document says that a body of the call must have.
fn required_members(operation: &Value) -> Vec<String> {
    let document = tradepost::web::routes::openapi().unwrap();
    let mut schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    while let Some(name) = schema["$ref"].as_str() {
        schema = document.pointer(name.trim_start_matches('#')).unwrap();
    }
    schema["required"].as_array().into_iter().flatten().map(|name| name.as_str().unwrap().to_owned()).collect()
}

fn everything_that_is_missing_is_named_at_once(world: &World) {
    let party = world.supplier();
    let mut looked_at = 0;
    for (method, pattern, path, operation) in operations() {
        let required = required_members(&operation);
        if method != "POST" || pattern.contains('{') || required.len() < 2 {
            continue;
        }
        let answer = party.post(&path, &json!({}));
        if answer.status != 422 {
            continue;
        }
        looked_at += 1;
        let named = answer.wrong_fields();
        let missing: Vec<&String> = required.iter().filter(|name| !named.contains(&format!("/{name}"))).collect();
        assert!(missing.is_empty(), "{pattern} does not name {missing:?}: {named:?}");
    }
    assert!(looked_at >= 5, "{looked_at}");
}

fn key_is_asked_for_before_anything_else_is_looked_at(world: &World) {
    let nobody = world.anonymous();
    let mut asked = 0;
    for (method, pattern, path, operation) in operations() {
        let ways = operation["security"].as_array().cloned().unwrap_or_default();
        if is_public(&format!("{method} {pattern}")) || ways.is_empty() || ways.contains(&json!({})) {
            continue;
        }
        asked += 1;
        for path in [path.clone(), format!("{path}?limit=abc&nonsense=1")] {
            let call =
                nobody.call(&method, &path).header("content-type", "application/json").header("if-match", "nonsense");
            let call = if method == "GET" { call } else { call.bytes(b"{nonsense".to_vec()) };
            assert_eq!(call.send().status, 401, "{method} {path}");
        }
    }
    assert!(asked > 60, "{asked}");
}

fn wrong_parameters_of_every_list_are_named_at_once(world: &World) {
    let party = world.supplier();
    let mut lists = 0;
    for (method, _, path, operation) in operations() {
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let has_limit = parameters.iter().any(|one| one["in"] == "query" && one["name"] == "limit");
        // One thing in the path is not there, which is another answer.
        if method != "GET" || !has_limit || path.contains("none") {
            continue;
        }
        lists += 1;
        for limit in ["abc", "-1", "1.5"] {
            let answer = party.get(&format!("{path}?limit={limit}&nonsense=1"));
            assert_eq!((answer.status, answer.problem().as_str()), (400, "bad_request"), "{path}");
            let mut named = answer.wrong_fields();
            named.sort();
            // A search refuses what it does not know before it reads values.
            let is_search = ["/search/listings", "/search/companies", "/search/rfqs"].contains(&path.as_str());
            let wanted: &[&str] = if is_search { &["/nonsense"] } else { &["/limit", "/nonsense"] };
            assert_eq!(named, wanted, "{path}: {}", answer.body);
        }
        let range = party.get(&format!("{path}?limit=100000"));
        assert!(range.status >= 400 && range.wrong_fields() == ["/limit"], "{path}: {}", range.body);
    }
    assert!(lists > 12, "{lists}");
}

fn addresses_say_which_methods_they_take(world: &World) {
    let party = world.supplier();
    let asked = party.call("OPTIONS", "/listings").send();
    assert_eq!((asked.status, asked.header("allow")), (204, Some("GET, HEAD, POST, OPTIONS")));
    let refused = party.call("PUT", "/listings").json(&json!({})).send();
    assert_eq!((refused.status, refused.header("allow")), (405, Some("GET, HEAD, POST, OPTIONS")));
    let only = party.call("OPTIONS", "/listings/batch").send();
    assert_eq!(only.header("allow"), Some("POST, OPTIONS"));
    assert_eq!(party.call("OPTIONS", "/nothing-here").send().status, 404);
}

fn body_may_begin_with_the_mark_of_its_encoding_and_names_nothing_twice(world: &World) {
    let party = world.supplier();
    let send = |body: &str| {
        let call = party.call("POST", "/listings").header("content-type", "application/json");
        call.bytes(body.as_bytes().to_vec()).send()
    };
    assert_eq!(send("\u{feff}{\"sku\": \"BOM-1\", \"name\": \"Steel pipe\"}").expect(201).text("/sku"), "BOM-1");
    for twice in [
        r#"{"sku": "A-1", "sku": "A-2", "name": "Steel pipe"}"#,
        r#"{"sku": "A-1", "name": "Steel pipe", "price": {"currency": "USD", "currency": "EUR"}}"#,
        r#"{"sku": "A-1", "s\u006bu": "A-2", "name": "Steel pipe"}"#,
    ] {
        let refused = send(twice);
        assert!(refused.status == 400 && refused.body.contains("stands there twice"), "{}", refused.body);
    }
    assert_eq!(party.get("/listings").expect(200).json()["data"].as_array().unwrap().len(), 1);
}

fn one_of_several_tags_is_enough(world: &World) {
    let party = world.supplier();
    let id = party.post("/listings", &market::listing("TAG-1")).expect(201).id();
    let path = format!("/listings/{id}");
    let change = |tags: &str, brand: &str| {
        party.call("PATCH", &path).header("if-match", tags).merge_patch(&json!({"brand": brand})).send()
    };
    change("\"v7\", \"v1\"", "A").expect(412);
    change("\"nonsense\", \"v1\"", "B").expect(200);
    change("\"v1\",\"v2\"", "C").expect(200);
    change("\"v1\", \"v2\"", "D").expect(412);
    change("*", "E").expect(200);
}

fn listing_is_stored_and_published_in_one_call(world: &World) {
    let (party, nobody) = (world.supplier(), world.anonymous());
    let with = |sku: &str, publish: Value| {
        let mut listing = market::listing(sku);
        listing["publish"] = publish;
        listing
    };
    let posted = party.post("/listings", &with("ONE-1", json!(true))).expect(201);
    assert_eq!(posted.text("/state"), "published");
    nobody.get(&format!("/listings/{}", posted.id())).expect(200);
    assert_eq!(party.post("/listings", &with("ONE-2", json!(false))).expect(201).text("/state"), "draft");
    assert_eq!(
        party.put("/listings/by-sku/ONE-2", &with("ONE-2", json!(true))).expect(200).text("/state"),
        "published"
    );
    let put = party.put("/listings/by-sku/ONE-3", &with("ONE-3", json!(true))).expect(201);
    assert_eq!((put.text("/state").as_str(), put.json()["version"].as_i64()), ("published", Some(2)));
    // Sent again, nothing is written: not even a version.
    let again = party.put("/listings/by-sku/ONE-3", &with("ONE-3", json!(true))).expect(200);
    assert_eq!(again.json()["version"].as_i64(), Some(2));
    let wrong = party.post("/listings", &json!({"sku": "ONE-4", "publish": "yes", "moq": 3}));
    assert_eq!(wrong.status, 422);
    assert!(wrong.wrong_fields().contains(&"/publish".to_owned()) && wrong.wrong_fields().len() > 1, "{}", wrong.body);
    // What cannot be published is not stored either.
    let ended = party.post("/listings", &{
        let mut listing = with("ONE-5", json!(true));
        listing["expires_on"] = json!("2020-01-01");
        listing
    });
    assert!(ended.status >= 400, "{}", ended.body);
    assert_eq!(party.get("/listings?sku=ONE-5").expect(200).json()["data"], json!([]));
}

fn what_was_deleted_is_gone_for_its_owner_too(world: &World) {
    let party = world.supplier();
    let company = format!("/companies/{}", party.company);
    let searches = json!({"name": "Valves", "kind": "listings", "query": "q=valve", "frequency": "daily"});
    let made = [
        ("/listings".to_owned(), market::listing("GONE-1")),
        (format!("{company}/contacts"), json!({"name": "Ada Lovelace", "email": "ada@example.com"})),
        ("/saved-searches".to_owned(), searches),
    ];
    for (path, body) in made {
        let post = || party.call("POST", &path).header("idempotency-key", "one").json(&body).send();
        let first = post();
        assert_eq!(first.status, 201, "{path}: {}", first.body);
        let one = format!("{path}/{}", first.id());
        party.call("DELETE", &one).header("if-match", "*").send().expect(204);
        let (read, again) = (party.get(&one), party.call("DELETE", &one).header("if-match", "*").send());
        assert!([404, 405].contains(&read.status), "{path}: {}", read.body);
        assert!([404, 409].contains(&again.status), "{path}: {}", again.body);
        assert_eq!((post().status, post().problem().as_str()), (410, "gone"), "{path}: a replay");
    }
}

/// Sends the call twice, with the version that was seen before the first: both times the same state, and one version more at most.
#[track_caller]
fn twice(party: &Party, path: &str, body: &Value, state: &str) {
    let seen = party.get(path.rsplit_once('/').unwrap().0).expect(200).header("etag").unwrap().to_owned();
    let tag = seen.split('.').next().unwrap().trim_end_matches('"').to_owned() + "\"";
    let send = || party.call("POST", path).header("if-match", &tag).json(body).send();
    let (first, second) = (send().expect(200), send().expect(200));
    assert_eq!((first.text("/state").as_str(), second.text("/state").as_str()), (state, state), "{path}");
    assert_eq!(first.json()["version"], second.json()["version"], "{path}: the second wrote something");
}

fn step_taken_twice_answers_with_the_present_state(world: &World) {
    let (buyer, supplier, other) = (world.buyer(), world.supplier(), world.party("Third Foundry", "TR"));
    let listing = supplier.post("/listings", &market::listing("TWICE-1")).expect(201).id();
    twice(&supplier, &format!("/listings/{listing}/publish"), &json!({}), "published");
    twice(&supplier, &format!("/listings/{listing}/pause"), &json!({}), "paused");
    let rfq = buyer.post("/rfqs", &market::rfq("Brass ball valves")).expect(201).id();
    let rfq = format!("/rfqs/{rfq}");
    twice(&buyer, &format!("{rfq}/publish"), &json!({}), "open");
    let id = rfq.trim_start_matches("/rfqs/").to_owned();
    let quotes: Vec<String> = [&supplier, &other].map(|party| party.submit_quote(&id, &market::quote("3.4"))).into();
    twice(&buyer, &format!("{rfq}/close"), &json!({}), "closed");
    twice(&buyer, &format!("{rfq}/reopen"), &json!({"max_quotes": 9}), "open");
    assert_eq!(buyer.post(&format!("{rfq}/publish"), &json!({})).expect(200).text("/state"), "open");
    twice(&buyer, &format!("/quotes/{}/shortlist", quotes[0]), &json!({}), "shortlisted");
    twice(&buyer, &format!("/quotes/{}/decline", quotes[1]), &json!({"reason": "Too dear"}), "declined");
    let otherwise = buyer.post(&format!("/quotes/{}/decline", quotes[1]), &json!({"reason": "Too late"}));
    assert_eq!(otherwise.status, 409, "another reason is another step");
    assert_eq!(other.act(&format!("/quotes/{}/withdraw", quotes[1])).status, 409);
    twice(&buyer, &format!("/quotes/{}/accept", quotes[0]), &json!({}), "accepted");
    assert_eq!(supplier.act(&format!("/quotes/{}/accept", quotes[0])).status, 403, "only its own step is anybody's");
    assert_eq!(buyer.act(&format!("/quotes/{}/decline", quotes[0])).status, 409);
    world.drain();
    let told = world.mails_to(&supplier.email);
    let accepted = told.iter().filter(|mail| format!("{mail:?}").to_lowercase().contains("accepted")).count();
    assert_eq!(accepted, 1, "told once");
    let gone = buyer.publish_rfq(&market::rfq("Not needed"));
    twice(&buyer, &format!("/rfqs/{gone}/withdraw"), &json!({}), "withdrawn");
}

fn entries(party: &Party, partnership: &str) -> usize {
    party.get(&format!("/partnerships/{partnership}/ledger")).expect(200).json()["data"].as_array().unwrap().len()
}

fn step_of_a_shipment_taken_twice_adds_nothing(world: &World) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    let fields = json!({"supplier": supplier.company, "buyer": buyer.company});
    let id = supplier.post("/partnerships", &fields).expect(201).id();
    let confirm = |party: &Party| -> Answer { party.act(&format!("/partnerships/{id}/confirm")) };
    assert_eq!(confirm(&supplier).status, 403, "its own proposal");
    confirm(&buyer).expect(200);
    let before = entries(&buyer, &id);
    assert_eq!(confirm(&buyer).expect(200).text("/state"), "active");
    assert_eq!(entries(&buyer, &id), before);
    let record = supplier.post(&format!("/partnerships/{id}/records"), &market::record()).expect(201).id();
    // Items of a declaration count from 1.
    let mut reference = market::declaration(1);
    reference["item"] = json!(0);
    let refused = supplier.post(&format!("/records/{record}/customs-references"), &reference);
    assert_eq!((refused.status, refused.wrong_fields()), (422, vec!["/item".to_owned()]), "{}", refused.body);
    let reason = json!({"reason": "The quantity is not what arrived."});
    let before = entries(&buyer, &id);
    for _ in 0..2 {
        let disputed = buyer.post(&format!("/records/{record}/dispute"), &reason).expect(200);
        assert_eq!(disputed.text("/state"), "disputed");
    }
    for _ in 0..2 {
        assert_eq!(buyer.act(&format!("/records/{record}/confirm")).expect(200).text("/state"), "confirmed");
    }
    assert_eq!(entries(&buyer, &id), before + 2);
    for _ in 0..2 {
        assert_eq!(buyer.post(&format!("/partnerships/{id}/end"), &json!({})).expect(200).text("/state"), "ended");
    }
    assert_eq!(entries(&buyer, &id), before + 3);
    world.drain();
}
