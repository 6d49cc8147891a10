//! Endpoints as resources, and their page.

use serde_json::json;
use tradepost::actor::{Permission, Role};

use super::receiver::Receiver;
use super::{Local, deliveries, register};
use crate::support::{Client, market};

both!(
    endpoint_is_a_resource_like_the_others,
    owner_sees_what_was_sent_and_what_was_answered,
    deleted_endpoint_gets_nothing_more,
);

fn endpoint_is_a_resource_like_the_others(local: &Local) {
    let world = &local.0;
    let (supplier, receiver) = (world.supplier(), Receiver::start());
    let body = json!({"url": receiver.url, "types": ["quote.submitted", "quote.submitted"], "description": " ERP "});
    let once = |body: &serde_json::Value| {
        supplier.call("POST", "/webhook-endpoints").header("Idempotency-Key", "k1").json(body).send()
    };
    let made = once(&body).expect(201);
    assert_eq!(
        (made.json()["types"].clone(), made.text("/description")),
        (json!(["quote.submitted"]), "ERP".to_owned())
    );
    let again = once(&body).expect(201);
    assert_eq!((again.id(), again.header("idempotent-replayed")), (made.id(), Some("true")));
    assert!(again.json()["secret"].is_null(), "a secret is shown once");
    let path = format!("/webhook-endpoints/{}", made.id());
    supplier.call("PATCH", &path).merge_patch(&json!({"description": null})).send().expect(428);
    supplier.call("PATCH", &path).header("If-Match", "\"v9\"").merge_patch(&json!({})).send().expect(412);
    let changed = supplier.patch(&path, &json!({"types": ["listing.published"], "secret": "whsec_x"})).expect(200);
    assert_eq!(changed.json()["version"], 2);
    supplier.patch(&path, &json!({"types": ["listing.sold"]})).expect(422);
    supplier.patch(&path, &json!({"typs": []})).expect(422);
    let reader = Client::new(&world.base, Some(world.key(supplier.company, &[Permission::EventsRead])));
    reader.get("/webhook-endpoints").expect(403);
    for _ in 1..10 {
        register(&supplier, &receiver);
    }
    supplier.post("/webhook-endpoints", &json!({"url": receiver.url})).expect(409);
    supplier.delete(&path).expect(204);
    supplier.get(&path).expect(404);
    assert_eq!(supplier.get("/webhook-endpoints").expect(200).json()["data"].as_array().unwrap().len(), 9);
}

fn owner_sees_what_was_sent_and_what_was_answered(local: &Local) {
    let world = &local.0;
    let (supplier, receiver) = (world.supplier(), Receiver::start());
    let browser = world.browser(&supplier.email);
    let refused = browser.fill_in("/account/webhooks", "/account/webhooks", &[("url", "nonsense")]);
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("nonsense") && refused.body.contains("absolute address"), "{}", refused.body);
    let made = browser.fill_in("/account/webhooks", "/account/webhooks", &[("url", &receiver.url)]).expect(200);
    let secret = made.body.split("whsec_").nth(1).and_then(|rest| rest.split('<').next()).unwrap();
    let secret = format!("whsec_{}", secret.replace("&#x2f;", "/").replace("&#43;", "+"));
    let list = browser.page("/account/webhooks").expect(200);
    assert!(list.body.contains(&receiver.url) && !list.body.contains("whsec_"));
    let id = list.body.split("/account/webhooks/hook_").nth(1).and_then(|rest| rest.get(..13)).unwrap().to_owned();
    let page = format!("/account/webhooks/hook_{id}");
    receiver.then(&[super::Reply::Status(418, "")]);
    assert_eq!(browser.submit(&page, &format!("{page}/ping"), &[]).status, 303);
    supplier.publish_listing(&market::listing("A"));
    world.drain();
    let shown = browser.page(&format!("{page}?done=ping")).expect(200);
    for text in ["the answer 418", "204", "listing.published", "ping", "Delivered", "Pending", "on its way"] {
        assert!(shown.body.contains(text), "{text} is not in {}", shown.body);
    }
    assert!(receiver.take().iter().all(|one| one.is_signed(&secret)), "{secret}");
    let event = supplier.get("/events").expect(200).json()["data"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(browser.submit(&page, &format!("{page}/replay"), &[("event", &event)]).status, 303);
    world.drain();
    assert_eq!(receiver.take().len(), 1);
    assert!(browser.submit(&page, &format!("{page}/rotate-secret"), &[]).expect(200).body.contains("whsec_"));
    assert_eq!(browser.submit(&page, &format!("{page}/disable"), &[]).status, 303);
    assert!(browser.page(&page).expect(200).body.contains("Disabled"));
    assert_eq!(browser.submit(&page, &format!("{page}/enable"), &[]).status, 303);
    let (_, trader) = world.member(supplier.company, Role::Trader);
    world.browser(&trader).page(&page).expect(403);
    assert_eq!(browser.submit(&page, &format!("{page}/delete"), &[]).status, 303);
    browser.page(&page).expect(404);
}

fn deleted_endpoint_gets_nothing_more(local: &Local) {
    let world = &local.0;
    let (supplier, receiver) = (world.supplier(), Receiver::start());
    let (endpoint, _) = register(&supplier, &receiver);
    supplier.publish_listing(&market::listing("A"));
    assert_eq!(deliveries(&supplier, &endpoint).len(), 1);
    supplier.delete(&format!("/webhook-endpoints/{endpoint}")).expect(204);
    world.drain();
    assert_eq!(receiver.count(), 0);
    supplier.get(&format!("/webhook-endpoints/{endpoint}/deliveries")).expect(404);
}
