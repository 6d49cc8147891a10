//! The notification centre: what people are shown of what happened, and that they have read it.

use chrono::Duration;
use serde_json::{Value, json};
use tradepost::actor::{Permission, Role};
use tradepost::workers;

use super::{data, save};
use crate::support::{Client, World, market};

both!(
    what_is_mailed_is_shown_too,
    notifications_are_read_one_by_one_or_all_at_once,
    alike_notifications_become_one_until_they_are_read,
    notifications_are_their_readers_own,
    refused_email_is_shown_still,
    notifications_are_kept_for_ninety_days,
    header_counts_what_is_unread,
);

fn kinds(client: &Client) -> Vec<String> {
    data(client, "/notifications").iter().map(|one| one["kind"].as_str().unwrap().to_owned()).collect()
}

fn titles(client: &Client, query: &str) -> Vec<String> {
    let all = data(client, &format!("/notifications{query}"));
    all.iter().map(|one| one["title"].as_str().unwrap().to_owned()).collect()
}

fn unread(client: &Client) -> Value {
    client.get("/notifications/unread").expect(200).json()["unread"].clone()
}

fn what_is_mailed_is_shown_too(world: &World) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    save(&buyer, "listings", "q=brass+valve", "daily");
    supplier.publish_listing(&market::listing("V-1"));
    world.drain();
    assert_eq!(titles(&buyer, ""), ["New results: q=brass+valve"]);
    let rfq = buyer.publish_rfq(&market::rfq("Brass ball valves"));
    world.drain();
    assert_eq!(kinds(&supplier), ["matches"]);
    let quote = supplier.submit_quote(&rfq, &market::quote("3.20"));
    let enquiry = json!({"subject": {"kind": "quote", "id": quote}, "text": "From which port?"});
    buyer.post("/threads", &enquiry).expect(201);
    buyer.act(&format!("/quotes/{quote}/shortlist")).expect(200);
    assert_eq!(kinds(&buyer), ["quotes", "alerts"]);
    assert_eq!(kinds(&supplier), ["quotes", "messages", "matches"]);
    let quotes = data(&supplier, "/notifications?kind=quotes");
    assert_eq!(quotes.len(), 1);
    world.browser(&supplier.email).page(quotes[0]["path"].as_str().unwrap()).expect(200);
}

fn notifications_are_read_one_by_one_or_all_at_once(world: &World) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    for name in ["Brass ball valves", "Brass ball valves for gas", "Brass ball valves for steam"] {
        let rfq = buyer.publish_rfq(&market::rfq(name));
        supplier.submit_quote(&rfq, &market::quote("3.20"));
    }
    assert_eq!((kinds(&buyer).len(), unread(&buyer)), (3, json!(3)));
    let first = data(&buyer, "/notifications")[0]["id"].clone();
    let foreign = json!({"ids": [data(&buyer, "/notifications")[1]["id"]]});
    supplier.post("/notifications/read", &foreign).expect(200);
    assert_eq!(unread(&buyer), json!(3), "what is another's is passed over");
    let left = buyer.post("/notifications/read", &json!({"ids": [first]})).expect(200);
    assert_eq!(left.json(), json!({"unread": 2}));
    assert_eq!(titles(&buyer, "?unread=true").len(), 2);
    assert!(data(&buyer, "/notifications").iter().any(|one| one["id"] == first && !one["read_at"].is_null()));
    for wrong in [json!({}), json!({"ids": [first], "all": true})] {
        assert_eq!(buyer.post("/notifications/read", &wrong).expect(422).wrong_fields(), ["/ids"]);
    }
    buyer.post("/notifications/read", &json!({"all": true, "kind": "messages"})).expect(200);
    assert_eq!(unread(&buyer), json!(2));
    assert_eq!(buyer.post("/notifications/read", &json!({"all": true})).expect(200).json()["unread"], json!(0));
    assert!([400, 422].contains(&buyer.get("/notifications?kind=weather").status));
}

fn alike_notifications_become_one_until_they_are_read(world: &World) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    save(&buyer, "listings", "q=brass+valve", "weekly");
    for sku in ["V-1", "V-2"] {
        supplier.publish_listing(&market::listing(sku));
        world.drain();
    }
    let all = data(&buyer, "/notifications");
    assert_eq!((all.len(), all[0]["times"].clone()), (1, json!(2)));
    buyer.post("/notifications/read", &json!({"all": true})).expect(200);
    supplier.publish_listing(&market::listing("V-3"));
    world.drain();
    let all = data(&buyer, "/notifications");
    assert_eq!((all.len(), all[0]["times"].clone(), unread(&buyer)), (2, json!(1), json!(1)));
}

fn notifications_are_their_readers_own(world: &World) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    let (_, email) = world.member(buyer.company, Role::Trader);
    let rfq = buyer.publish_rfq(&market::rfq("Brass ball valves"));
    supplier.submit_quote(&rfq, &market::quote("3.20"));
    let colleague = world.browser(&email);
    let own = world.browser(&buyer.email);
    for browser in [&colleague, &own] {
        assert!(browser.page("/notifications").expect(200).body.contains("Mark as read"));
    }
    assert_eq!(colleague.fill_in("/notifications", "/notifications/read", &[]).status, 303);
    assert!(!colleague.page("/notifications").expect(200).body.contains("Mark as read<"));
    assert_eq!(unread(&buyer), json!(1), "a colleague reads for themselves");
    assert_eq!(unread(&world.party("Bystander", "FR")), json!(0));
    let key = Client::new(&world.base, Some(world.key(buyer.company, &[Permission::AlertsRead])));
    key.get("/notifications").expect(403);
}

fn refused_email_is_shown_still(world: &World) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    world.browser(&supplier.email).submit("/account", "/account/notifications", &[]).expect(303);
    supplier.publish_listing(&market::listing("V-1"));
    buyer.publish_rfq(&market::rfq("Brass ball valves"));
    world.drain();
    assert_eq!(kinds(&supplier), ["matches"]);
    assert!(world.mails_to(&supplier.email).is_empty());
}

fn notifications_are_kept_for_ninety_days(world: &World) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    save(&buyer, "listings", "q=brass+valve", "weekly");
    supplier.publish_listing(&market::listing("V-1"));
    world.drain();
    world.clock.advance(Duration::days(89));
    workers::sweep(&world.app).unwrap();
    assert_eq!(kinds(&buyer).first().map(String::as_str), Some("alerts"));
    world.clock.advance(Duration::days(2));
    workers::sweep(&world.app).unwrap();
    assert!(!kinds(&buyer).contains(&"alerts".to_owned()));
    world.drain();
}

fn header_counts_what_is_unread(world: &World) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    let browser = world.browser(&buyer.email);
    let header = |number: &str| format!(">Notifications{number}<");
    let shown = |number: &str| browser.page("/search").expect(200).body.contains(&header(number));
    assert!(shown(""));
    save(&buyer, "listings", "q=brass+valve", "daily");
    supplier.publish_listing(&market::listing("V-1"));
    world.drain();
    assert!(shown(" <span class=\"nowrap\">(1)</span>"), "{}", browser.page("/search").body);
    let page = browser.page("/notifications?kind=alerts&unread=yes").expect(200);
    assert!(page.body.contains("New results: q=brass+valve"), "{}", page.body);
    assert_eq!(browser.fill_in("/notifications?kind=alerts", "/notifications/read", &[]).status, 303);
    assert!(shown(""));
}
