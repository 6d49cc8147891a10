//! The rules around a trade through the API: seats, deadlines, listings that end, late listings, repeated and competing requests,
//! changes, lists.

use std::collections::BTreeSet;

use chrono::Duration;
use serde_json::{Value, json};
use tradepost::workers::sweep;

use crate::scenario_rest::{emails, found};
use crate::support::{World, market};

both!(
    half_of_the_quota_is_reserved_for_best_matches_for_a_day,
    rfq_closes_at_its_deadline,
    deadline_can_be_extended,
    expired_listing_can_be_renewed,
    later_listing_is_matched_with_open_rfqs,
    hundred_repeated_submissions_create_one_rfq,
    patch_clears_with_null_and_refuses_unknown_fields,
    list_pages_are_stable_while_rows_are_added,
    withdrawn_rfq_notifies_those_who_quoted,
);

fn half_of_the_quota_is_reserved_for_best_matches_for_a_day(world: &World) {
    let (buyer, matched) = (world.buyer(), world.supplier());
    matched.publish_listing(&market::listing("M-1"));
    world.drain();
    let mut rfq = market::rfq("Four seats");
    rfq["closing"] = json!({"max_quotes": 4});
    let rfq = buyer.publish_rfq(&rfq);
    world.drain();
    let path = format!("/rfqs/{rfq}/quotes");
    let others: Vec<_> = (0..4).map(|number| world.party(&format!("Passer-by {number}"), "TR")).collect();
    for other in &others[..2] {
        assert_eq!(other.post(&path, &market::quote("3.4")).expect(201).text("/seat"), "open");
    }
    let refused = others[2].post(&path, &market::quote("3.4")).expect(409);
    assert!(refused.text("/detail").contains("best-matched"), "{}", refused.body);
    assert_eq!(matched.post(&path, &market::quote("3.3")).expect(201).text("/seat"), "reserved");
    world.pass(Duration::hours(25));
    others[2].post(&path, &market::quote("3.4")).expect(201);
    world.drain();
    let closed = buyer.get(&format!("/rfqs/{rfq}")).expect(200).json();
    assert_eq!((&closed["state"], &closed["closed_reason"]), (&json!("closed"), &json!("seats")));
    others[3].post(&path, &market::quote("3.4")).expect(409);
    assert_eq!(emails(world, &buyer, "Your RFQ closed").len(), 1);
    assert!(found(&world.anonymous(), "/search/rfqs?q=seats").is_empty());
}

fn rfq_closes_at_its_deadline(world: &World) {
    let (buyer, supplier, late) = (world.buyer(), world.supplier(), world.party("Late & Sons", "TR"));
    let mut rfq = market::rfq("Until tomorrow");
    rfq["closing"] = json!({"deadline": "2026-11-24T08:00:00Z"});
    let rfq = buyer.publish_rfq(&rfq);
    let quote = supplier.submit_quote(&rfq, &market::quote("3.4"));
    world.clock.advance(Duration::hours(24));
    late.post(&format!("/rfqs/{rfq}/quotes"), &market::quote("3.3")).expect(409);
    for _ in 0..2 {
        sweep(&world.app).unwrap();
        world.drain();
    }
    let closed = buyer.get(&format!("/rfqs/{rfq}")).expect(200).json();
    assert_eq!((&closed["state"], &closed["closed_reason"]), (&json!("closed"), &json!("deadline")));
    assert_eq!(emails(world, &buyer, "Your RFQ closed").len(), 1, "the sweep ran twice and told once");
    assert_eq!(emails(world, &supplier, "RFQ closed").len(), 1);
    assert!(found(&world.anonymous(), "/search/rfqs?q=tomorrow").is_empty());
    buyer.act(&format!("/quotes/{quote}/accept")).expect(200);
    assert_eq!(buyer.get(&format!("/rfqs/{rfq}")).expect(200).text("/state"), "awarded");
}

fn deadline_can_be_extended(world: &World) {
    let buyer = world.buyer();
    let rfq = buyer.publish_rfq(&market::rfq("Moved"));
    let extend = |deadline: &str| buyer.post(&format!("/rfqs/{rfq}/extend"), &json!({"deadline": deadline}));
    assert_eq!(extend("2026-12-01T00:00:00Z").expect(422).wrong_fields(), ["/deadline"], "earlier than the one now");
    assert_eq!(extend("2028-01-01T00:00:00Z").expect(422).wrong_fields(), ["/deadline"], "too far away");
    assert_eq!(extend("2027-01-31T00:00:00Z").expect(200).text("/closes_at"), "2027-01-31T00:00:00Z");
    world.clock.advance(Duration::days(31));
    sweep(&world.app).unwrap();
    assert_eq!(buyer.get(&format!("/rfqs/{rfq}")).expect(200).text("/state"), "open");
}

fn expired_listing_can_be_renewed(world: &World) {
    let supplier = world.supplier();
    let listing = supplier.publish_listing(&market::listing("END-1"));
    world.drain();
    let nobody = world.anonymous();
    assert_eq!(found(&nobody, "/search/listings?q=END-1"), [listing.as_str()]);
    world.clock.advance(Duration::days(181));
    sweep(&world.app).unwrap();
    world.drain();
    assert_eq!(supplier.get(&format!("/listings/{listing}")).expect(200).text("/state"), "expired");
    nobody.get(&format!("/listings/{listing}")).expect(404);
    assert!(found(&nobody, "/search/listings?q=END-1").is_empty());
    assert_eq!(supplier.act(&format!("/listings/{listing}/renew")).expect(200).text("/state"), "published");
    world.drain();
    assert_eq!(found(&nobody, "/search/listings?q=END-1"), [listing.as_str()]);
    supplier.act(&format!("/listings/{listing}/pause")).expect(200);
    world.drain();
    assert!(found(&nobody, "/search/listings?q=END-1").is_empty());
    nobody.get(&format!("/listings/{listing}")).expect(404);
    supplier.delete(&format!("/listings/{listing}")).expect(204);
    supplier.act(&format!("/listings/{listing}/publish")).expect(409);
}

fn later_listing_is_matched_with_open_rfqs(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let rfq = buyer.publish_rfq(&market::rfq("Brass ball valves DN20"));
    world.drain();
    let matches = || buyer.get(&format!("/rfqs/{rfq}/matches")).expect(200).json()["data"].as_array().unwrap().clone();
    assert!(matches().is_empty());
    world.pass(Duration::hours(3));
    supplier.publish_listing(&market::listing("LATE-1"));
    world.drain();
    let found = matches();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["company"]["id"], supplier.company.to_string());
    assert_eq!(emails(world, &supplier, "RFQ that fits").len(), 1);
    assert_eq!(supplier.get("/matches").expect(200).text("/data/0/rfq/id"), rfq);
}

fn hundred_repeated_submissions_create_one_rfq(world: &World) {
    let buyer = world.buyer();
    let body = market::rfq("Clicked often");
    let answers: Vec<_> = std::thread::scope(|scope| {
        let send = || buyer.call("POST", "/rfqs").header("Idempotency-Key", "click-1").json(&body).send();
        let threads: Vec<_> = (0..64).map(|_| scope.spawn(send)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    // 409 says that the first one still runs; every other answer is the one RFQ.
    let refused = answers.iter().filter(|answer| answer.status == 409).count();
    let made: Vec<_> = answers.iter().filter(|answer| answer.status == 201).collect();
    assert_eq!(refused + made.len(), 64, "{:?}", answers.iter().find(|answer| !matches!(answer.status, 201 | 409)));
    let ids: BTreeSet<String> = made.iter().map(|answer| answer.id()).collect();
    assert_eq!(ids.len(), 1);
    let fresh = made.iter().filter(|answer| answer.header("idempotent-replayed").is_none()).count();
    assert_eq!(fresh, 1);
    assert_eq!(buyer.get("/rfqs").expect(200).json()["data"].as_array().unwrap().len(), 1);
    let other = market::rfq("Something else");
    let mismatch = buyer.call("POST", "/rfqs").header("Idempotency-Key", "click-1").json(&other).send();
    assert_eq!((mismatch.status, mismatch.problem().as_str()), (422, "idempotency_mismatch"));
    let foreign = world.supplier();
    let own = foreign.call("POST", "/rfqs").header("Idempotency-Key", "click-1").json(&body).send().expect(201);
    assert!(!ids.contains(&own.id()), "a key is of use to its company only");
    world.clock.advance(Duration::hours(25));
    let later = buyer.call("POST", "/rfqs").header("Idempotency-Key", "click-1").json(&other).send().expect(201);
    assert!(!ids.contains(&later.id()));
}

fn patch_clears_with_null_and_refuses_unknown_fields(world: &World) {
    let buyer = world.buyer();
    let rfq = buyer.post("/rfqs", &market::rfq("To be changed")).expect(201).id();
    let path = format!("/rfqs/{rfq}");
    let patched = buyer.patch(&path, &json!({"target_price": null, "destination_place": "Bremen"})).expect(200).json();
    assert!(patched["target_price"].is_null());
    assert_eq!(patched["destination_place"], "Bremen");
    assert_eq!(patched["incoterm"], "FOB", "what is absent is kept");
    let refused = buyer.patch(&path, &json!({"colour": "red", "quantity": {"value": "-5", "unit": "C62"}}));
    assert_eq!(refused.status, 422, "{}", refused.body);
    assert!(refused.wrong_fields().contains(&"/colour".to_owned()), "{}", refused.body);
    let unknown =
        buyer.post("/rfqs", &json!({"title": "x", "quantity": {"value": "1", "unit": "C62", "colour": "red"}}));
    assert_eq!(unknown.expect(422).wrong_fields(), ["/quantity/colour"]);
    // What was answered can be sent back as it is.
    let whole = buyer.get(&path).expect(200).json();
    let same = buyer.patch(&path, &whole).expect(200).json();
    assert_eq!(same["target_price"], whole["target_price"]);
    let (etag, stale) = (buyer.get(&path).header("etag").unwrap().to_owned(), "\"v1\"");
    buyer.call("GET", &path).header("If-None-Match", &etag).send().expect(304);
    let late = buyer.call("PATCH", &path).header("If-Match", stale).merge_patch(&json!({"title": "y"})).send();
    assert_eq!((late.status, late.problem().as_str()), (412, "stale"));
    let blind = buyer.call("PATCH", &path).merge_patch(&json!({"title": "y"})).send();
    assert_eq!((blind.status, blind.problem().as_str()), (428, "precondition_required"));
}

fn list_pages_are_stable_while_rows_are_added(world: &World) {
    let buyer = world.buyer();
    let make = |number: usize| buyer.post("/rfqs", &market::rfq(&format!("Lot {number}"))).expect(201).id();
    let made: Vec<String> = (0..23).map(make).collect();
    let read = |path: &str| -> Value { buyer.get(path).expect(200).json() };
    let ids = |page: &Value| found_ids(page);
    let mut pages = vec![read("/rfqs?limit=5")];
    while let Some(cursor) = pages.last().unwrap()["next_cursor"].as_str() {
        make(100 + pages.len());
        let next = read(&format!("/rfqs?limit=5&cursor={cursor}"));
        pages.push(next);
    }
    let seen: Vec<String> = pages.iter().flat_map(ids).collect();
    assert_eq!(seen, made.iter().rev().cloned().collect::<Vec<_>>(), "each once, newest first, in spite of new ones");
    assert_eq!(pages.iter().map(|page| page["has_more"] == true).filter(|more| !more).count(), 1);
    let back = pages[2]["prev_cursor"].as_str().unwrap();
    assert_eq!(ids(&read(&format!("/rfqs?limit=5&cursor={back}"))), ids(&pages[1]));
    let link = buyer.get("/rfqs?limit=5").header("link").unwrap_or_default().to_owned();
    assert!(link.contains("rel=\"next\"") && link.contains("limit=5"), "{link}");
}

fn found_ids(page: &Value) -> Vec<String> {
    page["data"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

fn withdrawn_rfq_notifies_those_who_quoted(world: &World) {
    let (buyer, supplier, other) = (world.buyer(), world.supplier(), world.party("Uninvolved", "TR"));
    let rfq = buyer.publish_rfq(&market::rfq("Not needed any more"));
    let quote = supplier.submit_quote(&rfq, &market::quote("3.4"));
    buyer.act(&format!("/rfqs/{rfq}/withdraw")).expect(200);
    world.drain();
    assert_eq!(emails(world, &supplier, "RFQ withdrawn").len(), 1);
    assert!(world.mails_to(&other.email).is_empty());
    buyer.act(&format!("/quotes/{quote}/accept")).expect(409);
    other.get(&format!("/rfqs/{rfq}")).expect(404);
    supplier.get(&format!("/rfqs/{rfq}")).expect(200);
    assert!(found(&world.anonymous(), "/search/rfqs?q=needed").is_empty());
}
