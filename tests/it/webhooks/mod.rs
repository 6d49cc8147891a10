//! Webhooks: signed deliveries to a real receiver, their schedule, the ends of an endpoint, and addresses that are never called.

mod addresses;
mod endpoints;
mod receiver;

use std::sync::Arc;

use chrono::{Duration, NaiveDateTime};
use diesel::prelude::*;
use serde_json::{Value, json};
use tradepost::store::schema::jobs;
use tradepost::workers::{WorkerRole, Workers, sweep};

use self::receiver::{Receiver, Reply};
use crate::support::{Database, Party, Setup, World, market, wait_for};

both!(
    delivery_is_signed_and_is_the_event_of_the_feed,
    failed_delivery_is_tried_ten_times_on_its_schedule,
    server_may_ask_for_another_wait,
    redirect_is_a_failure_and_is_not_followed,
    gone_disables_the_endpoint_and_notifies_its_company,
    five_days_of_failures_disable_the_endpoint,
    success_ends_a_time_of_failures,
    hanging_receiver_delays_no_other,
    lease_of_a_long_delivery_is_renewed_while_it_lasts,
    rotated_secret_signs_beside_the_one_before_for_a_day,
    events_are_sent_again_by_id_and_by_time,
    ping_is_a_signed_test_event,
    endpoint_gets_only_the_types_that_it_wants_of_its_own_company,
);

/// A world whose webhooks may go to this machine.
pub struct Local(World);

impl Setup for Local {
    fn on(database: Database) -> Self {
        Self(World::with(database, |config| {
            config.webhooks.private_addresses = true;
            // As short as it may be.
            config.workers.lease_s = 1;
        }))
    }
}

/// An endpoint for all events: its id and its secret.
fn register(party: &Party, receiver: &Receiver) -> (String, String) {
    let made = party.post("/webhook-endpoints", &json!({"url": receiver.url})).expect(201);
    (made.id(), made.text("/secret"))
}

fn deliveries(party: &Party, endpoint: &str) -> Vec<Value> {
    let page = party.get(&format!("/webhook-endpoints/{endpoint}/deliveries?limit=100")).expect(200).json();
    page["data"].as_array().unwrap().clone()
}

fn delivery_is_signed_and_is_the_event_of_the_feed(local: &Local) {
    let world = &local.0;
    let (supplier, receiver) = (world.supplier(), Receiver::start());
    let (endpoint, secret) = register(&supplier, &receiver);
    // The library takes what was signed within five minutes of now.
    world.clock.advance(chrono::Utc::now() - world.clock.now());
    assert!(secret.starts_with("whsec_") && secret.len() == 50, "{secret}");
    supplier.publish_listing(&market::listing("A"));
    assert_eq!(receiver.count(), 0, "nothing leaves within a request");
    world.drain();
    let received = receiver.take();
    assert_eq!(received.len(), 1);
    let one = &received[0];
    let event = &supplier.get("/events").expect(200).json()["data"][0];
    assert_eq!(&one.json(), event, "the same in the feed");
    assert_eq!(one.header("webhook-id"), event["id"].as_str().unwrap());
    assert_eq!(one.header("content-type"), "application/json");
    assert_eq!(one.header("webhook-timestamp"), world.clock.now().timestamp().to_string());
    assert!(one.is_signed(&secret) && one.is_verified(&secret) && one.is_signed_for_python(&secret));
    assert!(one.body.len() <= 20_480 && one.path == "/hook");
    // Whatever is changed, the signature holds no more.
    for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
        let mut forged = one.clone();
        let value = &mut forged.headers.iter_mut().find(|(known, _)| known == name).unwrap().1;
        // The last but one: the last character of a base 64 text is padding.
        let at = value.len() - 2;
        let other = if value[at..].starts_with('1') { "2" } else { "1" };
        value.replace_range(at..=at, other);
        assert!(!forged.is_signed(&secret) && !forged.is_signed_for_python(&secret), "{name}");
    }
    let mut forged = one.clone();
    forged.body.push(' ');
    assert!(!forged.is_signed(&secret) && !forged.is_signed_for_python(&secret));
    let log = deliveries(&supplier, &endpoint);
    assert_eq!(
        (&log[0]["state"], &log[0]["status"], &log[0]["attempts"]),
        (&json!("delivered"), &json!(204), &json!(1))
    );
}

fn failed_delivery_is_tried_ten_times_on_its_schedule(local: &Local) {
    let world = &local.0;
    let (supplier, receiver) = (world.supplier(), Receiver::start());
    let (endpoint, secret) = register(&supplier, &receiver);
    receiver.always(Reply::Status(500, ""));
    supplier.publish_listing(&market::listing("A"));
    world.drain();
    let begun = world.clock.now();
    let mut ids = vec![receiver.take().pop().unwrap()];
    for (number, wait_s) in [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400].into_iter().enumerate() {
        world.pass(Duration::milliseconds(wait_s * 890));
        assert_eq!(receiver.count(), 0, "try {} came too early", number + 2);
        world.pass(Duration::milliseconds(wait_s * 220));
        let mut received = receiver.take();
        assert_eq!(received.len(), 1, "try {}", number + 2);
        ids.extend(received.pop());
    }
    assert!((world.clock.now() - begun).num_hours() < 84);
    assert!(ids.iter().all(|one| one.header("webhook-id") == ids[0].header("webhook-id") && one.body == ids[0].body));
    assert!(ids.iter().all(|one| one.is_signed(&secret)));
    assert!(ids.windows(2).all(|two| two[0].header("webhook-timestamp") < two[1].header("webhook-timestamp")));
    world.pass(Duration::hours(30));
    assert_eq!(receiver.count(), 0, "ten tries and no more");
    let log = &deliveries(&supplier, &endpoint)[0];
    assert_eq!(
        (&log["state"], &log["attempts"], &log["next_attempt_at"]),
        (&json!("failed"), &json!(10), &Value::Null)
    );
    assert_eq!((&log["status"], &log["answer"]), (&json!(500), &json!("the answer 500")));
}

fn server_may_ask_for_another_wait(local: &Local) {
    let world = &local.0;
    let (supplier, receiver) = (world.supplier(), Receiver::start());
    register(&supplier, &receiver);
    receiver.then(&[Reply::Status(429, "Retry-After: 3600"), Reply::Status(503, "Retry-After: 9999999")]);
    supplier.publish_listing(&market::listing("A"));
    world.drain();
    world.pass(Duration::minutes(59));
    assert_eq!(receiver.take().len(), 1);
    world.pass(Duration::minutes(2));
    assert_eq!(receiver.take().len(), 1);
    world.pass(Duration::hours(23));
    assert_eq!(receiver.count(), 0);
    world.pass(Duration::hours(2));
    assert_eq!(receiver.take().len(), 1, "no more than a day");
}

fn redirect_is_a_failure_and_is_not_followed(local: &Local) {
    let world = &local.0;
    let (supplier, receiver, other) = (world.supplier(), Receiver::start(), Receiver::start());
    let (endpoint, _) = register(&supplier, &receiver);
    let to_other: &'static str = format!("Location: {}", other.url).leak();
    for status in [301, 302, 303, 307, 308, 304] {
        receiver.always(Reply::Status(status, to_other));
        supplier.publish_listing(&market::listing(&status.to_string()));
        world.drain();
        let log = &deliveries(&supplier, &endpoint)[0];
        assert_eq!((&log["state"], &log["status"]), (&json!("pending"), &json!(status)));
    }
    assert_eq!(other.count(), 0);
}

fn gone_disables_the_endpoint_and_notifies_its_company(local: &Local) {
    let world = &local.0;
    let (supplier, receiver) = (world.supplier(), Receiver::start());
    let (endpoint, _) = register(&supplier, &receiver);
    receiver.always(Reply::Status(410, ""));
    supplier.publish_listing(&market::listing("A"));
    supplier.publish_listing(&market::listing("B"));
    world.drain();
    assert_eq!(receiver.take().len(), 1, "the other one is not sent any more");
    let path = format!("/webhook-endpoints/{endpoint}");
    let shown = supplier.get(&path).expect(200).json();
    assert_eq!((&shown["enabled"], &shown["disabled_reason"]), (&json!(false), &json!("gone")));
    let states: Vec<Value> = deliveries(&supplier, &endpoint).iter().map(|one| one["state"].clone()).collect();
    assert_eq!(states, ["cancelled", "failed"]);
    let mails = world.mails_to(&supplier.email);
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert!(format!("{:?}", mails[0]).contains("410"));
    supplier.publish_listing(&market::listing("C"));
    world.drain();
    assert_eq!(receiver.count(), 0);
    supplier.act(&format!("{path}/ping")).expect(409);
    // Enabled again, it gets what happens from then on; what it missed is sent by a replay.
    receiver.always(Reply::Status(200, ""));
    let enabled = supplier.patch(&path, &json!({"enabled": true})).expect(200).json();
    assert_eq!((&enabled["enabled"], &enabled["disabled_reason"]), (&json!(true), &Value::Null));
    supplier.publish_listing(&market::listing("D"));
    world.drain();
    assert_eq!(receiver.take().len(), 1);
    let replay = json!({"since": world.clock.now() - Duration::hours(1)});
    assert_eq!(supplier.post(&format!("{path}/replay"), &replay).expect(200).json()["replayed"], 4);
    world.drain();
    assert_eq!(receiver.take().len(), 4);
}

fn five_days_of_failures_disable_the_endpoint(local: &Local) {
    let world = &local.0;
    let (supplier, receiver) = (world.supplier(), Receiver::start());
    let (endpoint, _) = register(&supplier, &receiver);
    receiver.always(Reply::Status(503, ""));
    let path = format!("/webhook-endpoints/{endpoint}");
    for day in 0..5 {
        supplier.publish_listing(&market::listing(&format!("DAY-{day}")));
        world.drain();
        assert_eq!(supplier.get(&path).expect(200).json()["enabled"], true, "day {day}");
        world.pass(Duration::hours(23));
    }
    world.clock.advance(Duration::hours(5));
    supplier.publish_listing(&market::listing("LAST"));
    world.drain();
    let shown = supplier.get(&path).expect(200).json();
    assert_eq!((&shown["enabled"], &shown["disabled_reason"]), (&json!(false), &json!("failing")));
    assert_eq!(world.mails_to(&supplier.email).len(), 1, "one e-mail, however many deliveries failed");
}

fn success_ends_a_time_of_failures(local: &Local) {
    let world = &local.0;
    let (supplier, receiver) = (world.supplier(), Receiver::start());
    let (endpoint, _) = register(&supplier, &receiver);
    let path = format!("/webhook-endpoints/{endpoint}");
    receiver.then(&[Reply::Status(500, "")]);
    supplier.publish_listing(&market::listing("A"));
    world.drain();
    assert!(supplier.get(&path).expect(200).json()["failing_since"].is_string());
    world.pass(Duration::seconds(6));
    assert!(supplier.get(&path).expect(200).json()["failing_since"].is_null());
    world.clock.advance(Duration::hours(119));
    receiver.then(&[Reply::Status(500, "")]);
    supplier.publish_listing(&market::listing("B"));
    world.pass(Duration::hours(2));
    assert_eq!(supplier.get(&path).expect(200).json()["enabled"], true);
}

/// The workers themselves, on threads: five endpoints on hosts that take a connection and never answer, or drip, and twenty others.
fn hanging_receiver_delays_no_other(local: &Local) {
    let world = &local.0;
    let (dead, alive) = (world.supplier(), world.buyer());
    let hanging: Vec<Receiver> = (0..5).map(|_| Receiver::start()).collect();
    for (number, receiver) in hanging.iter().enumerate() {
        receiver.always(if number % 2 == 0 { Reply::Nothing } else { Reply::Drip });
        register(&dead, receiver);
    }
    let good = Receiver::start();
    register(&alive, &good);
    for number in 0..8 {
        dead.publish_listing(&market::listing(&format!("D-{number}")));
    }
    let workers = Workers::new(Arc::clone(&world.app));
    workers.start(WorkerRole::JobsOnly).unwrap();
    wait_for("the hanging ones to be tried", || hanging.iter().all(|receiver| receiver.count() > 0));
    let begun = std::time::Instant::now();
    for number in 0..20 {
        alive.publish_listing(&market::listing(&format!("A-{number}")));
    }
    wait_for("the others to be delivered", || good.count() == 20);
    let took = begun.elapsed();
    // Each of them would wait for 15 seconds, were one of the hanging in front of it.
    assert!(took < std::time::Duration::from_secs(10), "{took:?}");
    assert!(hanging.iter().all(|receiver| receiver.count() <= 2), "two at once to a host");
    workers.stop();
}

/// The workers on their threads: without the one that renews, another node would send the same again.
fn lease_of_a_long_delivery_is_renewed_while_it_lasts(local: &Local) {
    let world = &local.0;
    let (supplier, receiver) = (world.supplier(), Receiver::start());
    receiver.always(Reply::Nothing);
    register(&supplier, &receiver);
    supplier.publish_listing(&market::listing("A"));
    let workers = Workers::new(Arc::clone(&world.app));
    workers.start(WorkerRole::JobsOnly).unwrap();
    wait_for("the delivery to begin", || receiver.count() > 0);
    let lease = || {
        let held = jobs::table.filter(jobs::lease_until.is_not_null()).select(jobs::lease_until.assume_not_null());
        world.app.db.read(|conn| Ok(held.first::<NaiveDateTime>(conn)?)).unwrap()
    };
    let first = lease();
    world.clock.advance(Duration::milliseconds(100));
    wait_for("its lease to be renewed", || lease() > first);
    workers.stop();
}

fn rotated_secret_signs_beside_the_one_before_for_a_day(local: &Local) {
    let world = &local.0;
    let (supplier, receiver) = (world.supplier(), Receiver::start());
    let (endpoint, first) = register(&supplier, &receiver);
    let path = format!("/webhook-endpoints/{endpoint}");
    let rotated = supplier.act(&format!("{path}/rotate-secret")).expect(200);
    let second = rotated.text("/secret");
    assert_ne!(first, second);
    assert!(rotated.json()["previous_secret_until"].is_string());
    let send = |sku: &str| {
        supplier.publish_listing(&market::listing(sku));
        world.drain();
        let one = receiver.take().pop().unwrap();
        assert!(one.is_signed(&second) && one.is_signed_for_python(&second));
        one
    };
    let both = send("A");
    assert!(both.is_signed(&first) && both.header("webhook-signature").matches("v1,").count() == 2);
    world.clock.advance(Duration::hours(23));
    assert!(send("B").is_signed(&first));
    world.clock.advance(Duration::hours(2));
    let after = send("C");
    assert!(!after.is_signed(&first) && after.header("webhook-signature").matches("v1,").count() == 1);
    let shown = supplier.get(&path).expect(200);
    assert!(!shown.body.contains("whsec_") && shown.json()["previous_secret_until"].is_null(), "{}", shown.body);
}

fn events_are_sent_again_by_id_and_by_time(local: &Local) {
    let world = &local.0;
    let (supplier, other, receiver) = (world.supplier(), world.buyer(), Receiver::start());
    for sku in ["A", "B", "C"] {
        supplier.publish_listing(&market::listing(sku));
        world.pass(Duration::hours(1));
    }
    let (endpoint, secret) = register(&supplier, &receiver);
    let replay = format!("/webhook-endpoints/{endpoint}/replay");
    let events = supplier.get("/events").expect(200).json()["data"].clone();
    assert_eq!(supplier.post(&replay, &json!({"event": events[1]["id"]})).expect(200).json()["replayed"], 1);
    world.drain();
    let again = receiver.take();
    assert_eq!(again.len(), 1);
    assert!(again[0].json() == events[1] && again[0].is_signed(&secret));
    let (since, until) = (&events[1]["timestamp"], &events[2]["timestamp"]);
    let asked = json!({"since": since, "until": until});
    assert_eq!(supplier.post(&replay, &asked).expect(200).json()["replayed"], 1, "until is not in the range");
    assert_eq!(supplier.post(&replay, &json!({"since": since})).expect(200).json()["replayed"], 2);
    world.drain();
    assert_eq!(receiver.take().len(), 3);
    for wrong in [json!({}), json!({"event": events[0]["id"], "since": since}), json!({"until": until})] {
        supplier.post(&replay, &wrong).expect(422);
    }
    other.publish_rfq(&market::rfq("Valves"));
    let foreign = other.get("/events").expect(200).json()["data"][0]["id"].clone();
    assert_eq!(supplier.post(&replay, &json!({"event": foreign})).expect(422).wrong_fields(), ["/event"]);
}

fn ping_is_a_signed_test_event(local: &Local) {
    let world = &local.0;
    let (supplier, receiver) = (world.supplier(), Receiver::start());
    let (endpoint, secret) = register(&supplier, &receiver);
    let delivery = supplier.act(&format!("/webhook-endpoints/{endpoint}/ping")).expect(200).json();
    assert_eq!((&delivery["type"], &delivery["state"]), (&json!("ping"), &json!("pending")));
    world.drain();
    let one = receiver.take().pop().unwrap();
    assert!(one.is_signed(&secret) && one.is_signed_for_python(&secret));
    assert_eq!(one.json()["type"], "ping");
    assert_eq!(one.json()["data"], json!({"webhook_endpoint": endpoint}));
    assert_eq!(supplier.get("/events").expect(200).json()["data"], json!([]), "a test is no event");
}

fn endpoint_gets_only_the_types_that_it_wants_of_its_own_company(local: &Local) {
    let world = &local.0;
    let (supplier, buyer) = (world.supplier(), world.buyer());
    let (sellers, buyers) = (Receiver::start(), Receiver::start());
    let wants = json!({"url": sellers.url, "types": ["quote.submitted", "quote.declined"]});
    let endpoint = supplier.post("/webhook-endpoints", &wants).expect(201).id();
    register(&buyer, &buyers);
    let rfq = buyer.publish_rfq(&market::rfq("Valves"));
    let quote = supplier.submit_quote(&rfq, &market::quote("3.1"));
    supplier.publish_listing(&market::listing("A"));
    buyer.act(&format!("/quotes/{quote}/decline")).expect(200);
    world.drain();
    let types = |receiver: &Receiver| {
        let mut types: Vec<String> =
            receiver.take().iter().map(|one| one.json()["type"].as_str().unwrap().to_owned()).collect();
        types.sort();
        types
    };
    assert_eq!(types(&sellers), ["quote.declined", "quote.submitted"]);
    assert_eq!(types(&buyers), ["quote.declined", "quote.submitted", "rfq.published"]);
    // The log goes with its age.
    world.clock.advance(Duration::days(31));
    sweep(&world.app).unwrap();
    let old: Vec<Value> = deliveries(&supplier, &endpoint);
    assert!(old.iter().all(|one| one["type"] != "quote.submitted"), "{old:?}");
}
