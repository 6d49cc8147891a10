//! Creating requests that are sent again: one thing for one key, whoever hurries.

use std::collections::BTreeSet;
use std::sync::Barrier;

use chrono::Duration;
use diesel::prelude::*;
use serde_json::{Value, json};
use tradepost::store::schema::idempotency_keys;

use crate::access::{Actors, Thing, creations, walked};
use crate::documents::pdf;
use crate::images::picture;
use crate::support::{Answer, Client, World, amount, market};
use crate::verification;

both!(
    every_creating_request_is_idempotent_by_key,
    replay_answers_the_current_state,
    replay_of_a_deleted_resource_answers_410,
    idempotency_key_expires_after_a_day,
    sixty_four_concurrent_repeats_create_one,
);

/// They take a file; their keys are tested where files are.
const UPLOADS: [&str; 2] = ["POST /documents", "POST /listings/{id}/images"];

/// How often sixty-four hurry; the nightly run sets the variable to 200.
fn rounds() -> usize {
    amount("TRADEPOST_TEST_ROUNDS", 2)
}

fn send(client: &Client, path: &str, key: &str, body: &Value) -> Answer {
    client.call("POST", path).header("Idempotency-Key", key).json(body).send()
}

fn is_replay(answer: &Answer) -> bool {
    answer.header("idempotent-replayed") == Some("true")
}

/// Each creating request of the API, as somebody may send it who has the right.
fn every_creating_request_is_idempotent_by_key(world: &World) {
    let actors = Actors::enter(world);
    let asked = actors.partner.publish_rfq(&market::rfq("Valves for the second house"));
    world.drain();
    let partnership = actors.own.get("/partnerships").expect(200).text("/data/0/id");
    let record = actors.own.get(&format!("/partnerships/{partnership}/records")).expect(200).text("/data/0/id");
    let proposal = json!({"supplier": actors.foreign.company, "buyer": actors.own.company});
    let own = actors.own.company;
    let foreign = actors.foreign.company;
    verification::named(&actors.foreign, "5901234123457");
    let paper = json!({"document": actors.own_id(Thing::Document), "kind": "invoice"});
    let body_of = |call: &str| walked().into_iter().find(|row| row.call == call).unwrap().body;
    let calls: Vec<(&str, &Client, String, Value)> = vec![
        ("POST /api-keys", &*actors.own, "/api-keys".into(), json!({"name": "again", "scopes": ["rfqs:read"]})),
        (
            "POST /saved-searches",
            &*actors.own,
            "/saved-searches".into(),
            json!({"name": "Valves", "query": "q=ball+valve&country=CN"}),
        ),
        ("POST /listings", &*actors.own, "/listings".into(), market::listing("AGAIN-1")),
        ("POST /rfqs", &*actors.own, "/rfqs".into(), market::rfq("Valves, asked for again")),
        (
            "POST /rfqs/{id}/copy",
            &*actors.own,
            format!("/rfqs/{}/copy", actors.own_id(Thing::OpenRfq)),
            json!({"invite_quoted": false}),
        ),
        (
            "POST /rfqs/{id}/questions",
            &*actors.own,
            format!("/rfqs/{asked}/questions"),
            json!({"question": "Which port?"}),
        ),
        ("POST /rfqs/{id}/quotes", &*actors.own, format!("/rfqs/{asked}/quotes"), market::quote("3.21")),
        ("POST /partnerships", &*actors.own, "/partnerships".into(), proposal),
        (
            "POST /partnerships/{id}/records",
            &*actors.partner,
            format!("/partnerships/{partnership}/records"),
            market::record(),
        ),
        (
            "POST /records/{id}/customs-references",
            &*actors.partner,
            format!("/records/{record}/customs-references"),
            market::declaration(55),
        ),
        ("POST /records/{id}/documents", &*actors.own, format!("/records/{record}/documents"), paper),
        (
            "POST /companies/{id}/contacts",
            &*actors.own,
            format!("/companies/{own}/contacts"),
            body_of("POST /companies/{id}/contacts"),
        ),
        (
            "POST /companies/{id}/members",
            &*actors.own,
            format!("/companies/{own}/members"),
            body_of("POST /companies/{id}/members"),
        ),
        (
            "POST /companies/{id}/verification",
            &*actors.foreign,
            format!("/companies/{foreign}/verification"),
            verification::entry(),
        ),
        ("POST /reports", &*actors.own, "/reports".into(), json!({"about": foreign, "kind": "fraud"})),
        (
            "POST /threads",
            &*actors.own,
            "/threads".into(),
            json!({"subject": {"kind": "company", "id": foreign}, "text": "Do you export to Chile?"}),
        ),
        (
            "POST /threads/{id}/messages",
            &*actors.own,
            format!("/threads/{}/messages", actors.own_id(Thing::Thread)),
            body_of("POST /threads/{id}/messages"),
        ),
        (
            "POST /webhook-endpoints",
            &*actors.own,
            "/webhook-endpoints".into(),
            json!({"url": "https://1.1.1.1/hook", "enabled": false}),
        ),
        ("POST /blocked-companies", &*actors.own, "/blocked-companies".into(), json!({"company": foreign})),
        ("POST /retail-records", &*actors.own, "/retail-records".into(), market::retail()),
        (
            "POST /retail-records/{id}/correct",
            &*actors.own,
            format!("/retail-records/{}/correct", actors.own_id(Thing::RetailRecord)),
            market::retail(),
        ),
        ("POST /records/{id}/correct", &*actors.partner, format!("/records/{record}/correct"), market::record()),
    ];
    let here: BTreeSet<String> = calls.iter().map(|(call, ..)| *call).chain(UPLOADS).map(str::to_owned).collect();
    assert_eq!(here, creations(), "a creating request is not walked");
    for (call, client, path, body) in calls {
        for wrong in ["", "a b", &"k".repeat(256)] {
            let refused = send(client, &path, wrong, &body).expect(400);
            assert!(refused.problem() == "bad_request" && refused.body.contains("Idempotency-Key"), "{call}");
        }
        let key = "k".repeat(255);
        let first = send(client, &path, &key, &body).expect(201);
        let again = send(client, &path, &key, &body).expect(201);
        assert!(!is_replay(&first) && is_replay(&again), "{call}");
        let (mut first, again) = (first.json(), again.json());
        for secret in ["key", "secret"] {
            // It is shown once.
            if let Some(secret) = first.get_mut(secret) {
                *secret = Value::Null;
            }
        }
        assert_eq!(first, again, "{call}");
        let mut other = body.clone();
        other["note"] = json!("another body");
        other["title"] = json!("another body");
        let other = send(client, &path, &key, &other);
        assert_eq!(other.status, 422, "{call}: {}", other.body);
        let stranger = client.call("POST", &path).header("Idempotency-Key", "another").json(&json!({"no": 1})).send();
        assert!(
            stranger.status == 422 || stranger.status == 400,
            "{call}: a wrong body keeps no key: {}",
            stranger.body
        );
    }
}

fn replay_answers_the_current_state(world: &World) {
    let supplier = world.supplier();
    let body = market::listing("NOW-1");
    let first = send(&supplier, "/listings", "now-1", &body).expect(201);
    let path = format!("/listings/{}", first.id());
    let named = |name: &str| json!({"name": name});
    let replay = || {
        let again = send(&supplier, "/listings", "now-1", &body).expect(201);
        assert!(is_replay(&again) && again.id() == first.id());
        again
    };
    supplier.patch(&path, &named("Ball valve, changed")).expect(200);
    assert_eq!(replay().text("/name"), "Ball valve, changed");
    supplier.act(&format!("{path}/publish")).expect(200);
    let again = replay();
    assert_eq!(again.text("/state"), "published");
    // Its ETag is the one to go on with; that of the first answer is stale.
    let change = |etag: &str| {
        let call = supplier.call("PATCH", &path).header("If-Match", etag);
        call.merge_patch(&named("Ball valve, changed again")).send().status
    };
    assert_eq!((change(first.header("etag").unwrap()), change(again.header("etag").unwrap())), (412, 200));
}

fn replay_of_a_deleted_resource_answers_410(world: &World) {
    let party = world.supplier();
    let company = party.company;
    let listing = party.post("/listings", &market::listing("KEPT")).expect(201).id();
    let upload = |path: &str, bytes: Vec<u8>| {
        let call = party.call("POST", path).header("Idempotency-Key", "gone");
        call.header("Content-Type", "application/octet-stream").bytes(bytes).send()
    };
    let make = |path: &str, body: Value| send(&party, path, "gone", &body);
    let contacts = format!("/companies/{company}/contacts");
    let members = format!("/companies/{company}/members");
    let images = format!("/listings/{listing}/images");
    let body_of = |call: &str| walked().into_iter().find(|row| row.call == call).unwrap().body;
    let contact = body_of("POST /companies/{id}/contacts");
    let invited = json!({"email": "kim@ningbo.example", "role": "viewer"});
    // What makes it, and the list under which it is deleted.
    type Making<'m> = (&'m str, Box<dyn Fn() -> Answer + 'm>);
    let makings: [Making; 5] = [
        ("/api-keys", Box::new(|| make("/api-keys", json!({"name": "gone", "scopes": ["rfqs:read"]})))),
        (&contacts, Box::new(|| make(&contacts, contact.clone()))),
        (&format!("/companies/{company}/invitations"), Box::new(|| make(&members, invited.clone()))),
        ("/documents", Box::new(|| upload("/documents?name=gone.pdf", pdf("gone")))),
        (&images, Box::new(|| upload(&images, picture(40, 30)))),
    ];
    for (list, make) in &makings {
        let made = make().expect(201);
        let deletion = party.call("DELETE", &format!("{list}/{}", made.id()));
        deletion.header("If-Match", made.header("etag").unwrap()).send().expect(204);
        for _ in 0..2 {
            let again = make().expect(410);
            assert_eq!(again.problem(), "gone", "{list}");
            assert!(again.text("/detail").contains("Idempotency-Key"), "{list}: {}", again.body);
        }
    }
    for list in ["/documents", &contacts, &images] {
        assert_eq!(party.get(list).expect(200).json()["data"], json!([]), "{list}: nothing was made anew");
    }
    let body = market::listing("GONE-1");
    let made = send(&party, "/listings", "gone", &body).expect(201);
    party.delete(&format!("/listings/{}", made.id())).expect(204);
    assert_eq!(send(&party, "/listings", "gone", &body).expect(410).problem(), "gone");
    let anew = send(&party, "/listings", "another", &body).expect(201);
    assert!(!is_replay(&anew) && anew.text("/state") == "draft", "another key makes it anew");
}

fn count_keys(world: &World) -> i64 {
    world.app.db.read(|conn| Ok(idempotency_keys::table.count().get_result(conn)?)).unwrap()
}

fn idempotency_key_expires_after_a_day(world: &World) {
    let buyer = world.buyer();
    let body = market::rfq("Valves of one day");
    let first = send(&buyer, "/rfqs", "day-1", &body).expect(201);
    world.clock.advance(Duration::hours(23) + Duration::minutes(59));
    let again = send(&buyer, "/rfqs", "day-1", &body).expect(201);
    assert!(is_replay(&again) && again.id() == first.id());
    world.clock.advance(Duration::minutes(2));
    let new = send(&buyer, "/rfqs", "day-1", &body).expect(201);
    assert!(!is_replay(&new) && new.id() != first.id());
    assert_eq!(count_keys(world), 1);
    // The sweep forgets what nobody may ask for again.
    world.clock.advance(Duration::hours(24));
    tradepost::workers::sweep(&world.app).unwrap();
    assert_eq!(count_keys(world), 0);
}

fn sixty_four_concurrent_repeats_create_one(world: &World) {
    let buyer = world.buyer();
    let clients: Vec<Client> = (0..64).map(|_| buyer.another()).collect();
    for round in 0..rounds() {
        let body = market::rfq(&format!("Valves of round {round}"));
        let start = Barrier::new(clients.len());
        let answers: Vec<Answer> = std::thread::scope(|scope| {
            let hurried: Vec<_> = clients
                .iter()
                .map(|client| {
                    let (start, body) = (&start, &body);
                    scope.spawn(move || {
                        start.wait();
                        send(client, "/rfqs", &format!("round-{round}"), body)
                    })
                })
                .collect();
            hurried.into_iter().map(|one| one.join().unwrap()).collect()
        });
        let (made, running): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 201);
        assert!(running.iter().all(|answer| answer.status == 409), "round {round}: {running:?}");
        assert_eq!(made.iter().filter(|answer| !is_replay(answer)).count(), 1, "round {round}");
        assert!(made.iter().all(|answer| answer.body == made[0].body), "round {round}");
    }
    let mut rows = 0;
    let mut path = "/rfqs?limit=100".to_owned();
    loop {
        let page = buyer.get(&path).expect(200).json();
        rows += page["data"].as_array().unwrap().len();
        let Some(next) = page["next_cursor"].as_str() else { break };
        path = format!("/rfqs?limit=100&cursor={next}");
    }
    assert_eq!(rows, rounds());
}
