//! Puppets that fill the seats of an RFQ with quotes that nobody wants.

use serde_json::json;

use crate::support::{Party, World, market};

both!(ten_puppets_do_not_close_an_rfq, quote_beside_what_was_asked_frees_its_seat);

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
