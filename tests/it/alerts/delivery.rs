//! When people are told what their searches have found, how often, and how they end it.

use chrono::Duration;
use serde_json::{Value, json};
use tradepost::mail::Email;

use super::save;
use crate::support::{Database, Party, Setup, World, market};

both!(
    instant_search_tells_once_in_a_quarter_of_an_hour,
    daily_and_weekly_searches_are_in_one_morning_digest,
    what_is_over_the_days_number_waits_for_the_digest,
    ten_thousand_would_not_make_more_emails_than_one,
    one_click_pauses_the_search_alone,
    refused_stream_and_paused_search_send_nothing,
    alert_email_holds_what_everybody_may_see,
);

struct Capped(World);

impl Setup for Capped {
    fn on(database: Database) -> Self {
        Self(World::with(database, |config| {
            config.limits.enabled = true;
            config.limits.per_key_minute = 0;
            config.limits.per_company_minute = 0;
            config.limits.per_address_minute = 0;
            config.limits.sign_in_minute = 0;
            config.limits.unconfirmed_drafts = 0;
            config.limits.mails_per_person_day = 3;
        }))
    }
}

/// The alerts that somebody was sent, oldest first.
fn emails(world: &World, party: &Party) -> Vec<Email> {
    let is_alert = |email: &Email| email.content.because.contains("saved");
    world.mails_to(&party.email).into_iter().map(|sent| sent.email).filter(is_alert).collect()
}

fn subjects(world: &World, party: &Party) -> Vec<String> {
    emails(world, party).into_iter().map(|email| email.content.subject).collect()
}

fn publish(world: &World, supplier: &Party, sku: &str) {
    supplier.publish_listing(&market::listing(sku));
    world.drain();
}

fn instant_search_tells_once_in_a_quarter_of_an_hour(world: &World) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    save(&buyer, "listings", "q=brass+valve", "instant");
    publish(world, &supplier, "V-1");
    assert_eq!(subjects(world, &buyer), ["1 new result: q=brass+valve"]);
    publish(world, &supplier, "V-2");
    publish(world, &supplier, "V-3");
    world.pass(Duration::minutes(14));
    assert_eq!(subjects(world, &buyer).len(), 1, "not before a quarter of an hour");
    world.pass(Duration::minutes(1));
    assert_eq!(subjects(world, &buyer)[1..], ["2 new results: q=brass+valve"]);
    world.pass(Duration::days(2));
    assert_eq!(subjects(world, &buyer).len(), 2, "each find is in one e-mail");
    publish(world, &supplier, "V-4");
    assert_eq!(subjects(world, &buyer).len(), 3);
}

fn daily_and_weekly_searches_are_in_one_morning_digest(world: &World) {
    // The tests begin on a Monday at eight.
    let (supplier, buyer) = (world.supplier(), world.buyer());
    save(&buyer, "listings", "q=brass+valve", "daily");
    save(&buyer, "listings", "origin=CN", "weekly");
    save(&buyer, "listings", "q=flange", "daily");
    publish(world, &supplier, "V-1");
    publish(world, &supplier, "V-2");
    world.pass(Duration::hours(22));
    assert!(subjects(world, &buyer).is_empty(), "not before the morning");
    world.pass(Duration::hours(1));
    assert_eq!(subjects(world, &buyer), ["2 new results: q=brass+valve"], "one search, one e-mail of it");
    world.pass(Duration::days(2));
    publish(world, &supplier, "V-3");
    world.pass(Duration::days(1));
    assert_eq!(subjects(world, &buyer)[1..], ["1 new result: q=brass+valve"]);
    publish(world, &supplier, "V-4");
    world.pass(Duration::days(7));
    let all = emails(world, &buyer);
    let monday: Vec<&Email> =
        all.iter().filter(|email| email.content.subject.contains("4 new results: origin=CN")).collect();
    assert_eq!(monday.len(), 1, "{:?}", subjects(world, &buyer));
}

fn what_is_over_the_days_number_waits_for_the_digest(capped: &Capped) {
    let world = &capped.0;
    let (supplier, buyer) = (world.supplier(), world.buyer());
    for query in ["q=brass", "q=valve", "q=ball", "q=lever", "q=DN20"] {
        save(&buyer, "listings", query, "instant");
    }
    publish(world, &supplier, "V-1");
    assert_eq!(subjects(world, &buyer).len(), 3, "{:?}", subjects(world, &buyer));
    world.pass(Duration::hours(23));
    let all = emails(world, &buyer);
    assert_eq!(all.len(), 4, "{:?}", subjects(world, &buyer));
    let digest = &all[3].content;
    assert_eq!((digest.subject.as_str(), digest.facts.len()), ("2 new results of your saved searches", 2));
    assert!(digest.facts.iter().all(|(_, found)| found == "Brass ball valve V-1 (China)"), "{digest:?}");
    world.pass(Duration::days(1));
    publish(world, &supplier, "V-2");
    assert_eq!(subjects(world, &buyer).len(), 7, "another day, another three");
}

fn ten_thousand_would_not_make_more_emails_than_one(world: &World) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    save(&buyer, "listings", "q=brass+valve", "instant");
    for number in 0..130 {
        supplier.publish_listing(&market::listing(&format!("V-{number}")));
    }
    world.drain();
    let all = emails(world, &buyer);
    assert_eq!(all.len(), 1);
    let content = &all[0].content;
    assert_eq!((content.subject.as_str(), content.facts.len()), ("130 new results: q=brass+valve", 21));
    assert_eq!(content.facts[20].1, "110 more");
}

/// What a mail program sends for its reader: no cookie, no origin, one fixed body.
fn click(world: &World, path: &str) -> u16 {
    let nobody = world.anonymous();
    let call = nobody.browser("POST", path).header("Content-Type", "application/x-www-form-urlencoded");
    call.bytes(b"List-Unsubscribe=One-Click".to_vec()).send().status
}

fn one_click_pauses_the_search_alone(world: &World) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    let paused = save(&buyer, "listings", "q=brass", "instant");
    let other = save(&buyer, "listings", "q=valve", "instant");
    publish(world, &supplier, "V-1");
    let all = emails(world, &buyer);
    let of = |name: &str| all.iter().find(|email| email.content.subject.ends_with(name)).unwrap();
    let url = of("q=brass").unsubscribe_url.clone().unwrap();
    let path = url.strip_prefix(&world.base).unwrap().to_owned();
    let shown = world.anonymous().page(&path).expect(200);
    assert!(shown.body.contains("q=brass") && shown.body.contains("Pause this search"), "{}", shown.body);
    assert_eq!(
        buyer.get(&format!("/saved-searches/{paused}")).expect(200).json()["paused"],
        json!(false),
        "looking changes nothing"
    );
    assert_eq!((click(world, &path), click(world, &path)), (200, 200));
    let is_paused = |id: &str| buyer.get(&format!("/saved-searches/{id}")).expect(200).json()["paused"].clone();
    assert_eq!((is_paused(&paused), is_paused(&other)), (json!(true), json!(false)));
    let (head, signature) = path.rsplit_once('.').unwrap();
    let turned = if signature.starts_with('A') { "B" } else { "A" };
    assert_eq!(click(world, &format!("{head}.{turned}{}", &signature[1..])), 404);
    let of_stream = format!("/unsubscribe/{}", path.rsplit('/').next().unwrap());
    assert_eq!(click(world, &of_stream), 404, "the address of a search refuses no stream");
    world.clock.advance(Duration::minutes(16));
    publish(world, &supplier, "V-2");
    let more = subjects(world, &buyer)[all.len()..].to_vec();
    assert_eq!(more, ["1 new result: q=valve"]);
}

fn refused_stream_and_paused_search_send_nothing(world: &World) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    let search = save(&buyer, "listings", "q=brass+valve", "daily");
    publish(world, &supplier, "V-1");
    buyer.patch(&format!("/saved-searches/{search}"), &json!({"paused": true})).expect(200);
    world.pass(Duration::days(1));
    assert!(subjects(world, &buyer).is_empty());
    buyer.patch(&format!("/saved-searches/{search}"), &json!({"paused": false, "frequency": "instant"})).expect(200);
    let browser = world.browser(&buyer.email);
    browser.submit("/account", "/account/notifications", &[("matches", "on"), ("messages", "on")]).expect(303);
    publish(world, &supplier, "V-2");
    assert!(subjects(world, &buyer).is_empty());
}

fn alert_email_holds_what_everybody_may_see(world: &World) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    save(&supplier, "rfqs", "q=valves", "instant");
    let mut hidden: Value = market::rfq("Brass ball valves for spring");
    hidden["show_buyer_name"] = json!(false);
    let id = buyer.publish_rfq(&hidden);
    world.drain();
    let all = emails(world, &supplier);
    let email = all.first().expect("an e-mail");
    assert_eq!(email.content.facts, [("New".to_owned(), "Brass ball valves for spring (Germany)".to_owned())]);
    assert_eq!(email.content.action.as_ref().unwrap().1, format!("/rfqs/{id}"), "a single find is opened itself");
    let raw = format!("{:?}", email.content);
    assert!(!raw.contains(&buyer.name) && !raw.contains('@'), "{raw}");
}
