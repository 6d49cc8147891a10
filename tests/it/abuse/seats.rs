//! Puppets that fill the seats of an RFQ with quotes that nobody wants.

use serde_json::json;

use crate::support::{Database, Party, Setup, World, market};

both!(
    ten_puppets_do_not_close_an_rfq,
    quote_beside_what_was_asked_frees_its_seat,
    kept_seat_is_for_who_was_there_before,
);

/// As in production: who takes a kept seat is a week old, or identified.
struct Guarded(World);

impl Setup for Guarded {
    fn on(database: Database) -> Self {
        Self(World::with(database, |config| {
            config.limits.enabled = true;
            config.limits.kept_seat_age_days = 7;
        }))
    }
}

fn puppets(world: &World, count: usize) -> Vec<Party> {
    (0..count).map(|number| world.party(&format!("Puppet {number}"), "CN")).collect()
}

fn ten_puppets_do_not_close_an_rfq(world: &World) {
    let buyer = world.buyer();
    let mut rfq = market::rfq("Brass ball valves DN20");
    rfq["closing"] = json!({"max_quotes": 2});
    let rfq = buyer.publish_rfq(&rfq);
    world.clock.advance(chrono::Duration::hours(25));
    let puppets = puppets(world, 2);
    for puppet in &puppets {
        puppet.submit_quote(&rfq, &market::quote("9999"));
    }
    let state = || buyer.get(&format!("/rfqs/{rfq}")).expect(200).text("/state");
    assert_eq!(state(), "closed");
    let reopen = |how| buyer.post(&format!("/rfqs/{rfq}/reopen"), &how);
    assert_eq!(reopen(json!({})).expect(422).wrong_fields(), ["/max_quotes"]);
    assert_eq!(reopen(json!({"max_quotes": 31})).expect(422).wrong_fields(), ["/max_quotes"]);
    let reopened = reopen(json!({"max_quotes": 5})).expect(200);
    assert_eq!(reopened.text("/state"), "open");
    let honest = world.supplier();
    honest.submit_quote(&rfq, &market::quote("3.2"));
    assert_eq!(reopen(json!({"max_quotes": 9})).expect(409).problem(), "conflict");
    // Its deadline passes: another round needs a new one.
    world.clock.advance(chrono::Duration::days(31));
    tradepost::workers::sweep(&world.app).unwrap();
    assert_eq!(state(), "closed");
    assert_eq!(reopen(json!({})).expect(422).wrong_fields(), ["/deadline"]);
    let later = (world.clock.now() + chrono::Duration::days(5)).to_rfc3339();
    reopen(json!({"deadline": later})).expect(200);
    world.drain();
    let told = world.mails_to(&puppets[0].email);
    assert!(told.iter().any(|mail| mail.email.content.subject.starts_with("RFQ reopened")));
    // On the page as well, until it is decided.
    buyer.post(&format!("/rfqs/{rfq}/close"), &json!({})).expect(200);
    let browser = world.browser(&buyer.email);
    let page = format!("/desk/buying/rfqs/{rfq}?tab=settings");
    browser.submit(&page, &format!("/desk/buying/rfqs/{rfq}/reopen"), &[("max_quotes", "12")]).expect(303);
    assert_eq!(state(), "open");
    buyer.post(&format!("/rfqs/{rfq}/withdraw"), &json!({})).expect(200);
    assert_eq!(reopen(json!({"max_quotes": 20})).status, 409);
    world.drain();
}

fn quote_beside_what_was_asked_frees_its_seat(world: &World) {
    let buyer = world.buyer();
    let mut rfq = market::rfq("Brass ball valves DN20");
    rfq["closing"] = json!({"max_quotes": 3});
    let rfq = buyer.publish_rfq(&rfq);
    world.clock.advance(chrono::Duration::hours(25));
    let puppets = puppets(world, 4);
    let first = puppets[0].submit_quote(&rfq, &market::quote("9999"));
    let second = puppets[1].submit_quote(&rfq, &market::quote("9998"));
    buyer.post(&format!("/quotes/{first}/decline"), &json!({"off_target": true})).expect(200);
    puppets[1].act(&format!("/quotes/{second}/withdraw")).expect(200);
    puppets[2].submit_quote(&rfq, &market::quote("9997"));
    puppets[3].submit_quote(&rfq, &market::quote("9996"));
    assert_eq!(buyer.get(&format!("/rfqs/{rfq}")).expect(200).text("/state"), "open");
    world.supplier().submit_quote(&rfq, &market::quote("3.2"));
    assert_eq!(buyer.get(&format!("/rfqs/{rfq}")).expect(200).text("/state"), "closed");
    world.drain();
}

fn kept_seat_is_for_who_was_there_before(Guarded(world): &Guarded) {
    let (buyer, honest, sleeper) = (world.buyer(), world.supplier(), world.party("Sleeping Puppet", "CN"));
    honest.publish_listing(&market::listing("HONEST"));
    world.clock.advance(chrono::Duration::days(8));
    let (fresh, known) = (world.party("Fresh Puppet", "CN"), world.party("Known Newcomer", "TR"));
    fresh.publish_listing(&market::listing("FRESH"));
    known.publish_listing(&market::listing("KNOWN"));
    world.identify(&[known.company]);
    world.drain();
    let mut rfq = market::rfq("Brass ball valves DN20");
    rfq["closing"] = json!({"max_quotes": 6});
    let rfq = buyer.publish_rfq(&rfq);
    world.pass(chrono::Duration::minutes(1));
    // What is listed for the RFQ is matched with it like anything else.
    sleeper.publish_listing(&market::listing("SLEEPER"));
    world.drain();
    let matches = buyer.get(&format!("/rfqs/{rfq}/matches")).expect(200).json();
    assert_eq!(matches["data"].as_array().unwrap().len(), 4, "{matches}");
    let seat =
        |party: &Party| party.post(&format!("/rfqs/{rfq}/quotes"), &market::quote("3.3")).expect(201).text("/seat");
    assert_eq!([seat(&fresh), seat(&sleeper)], ["open", "open"]);
    assert_eq!([seat(&known), seat(&honest)], ["reserved", "reserved"]);
    world.drain();
}
