//! Seats of invited suppliers: the deadline and the number of quotes hold, and no seat is kept for those who match.

use chrono::Duration;
use serde_json::json;

use super::{hidden, invite};
use crate::support::{World, market};

both!(
    every_seat_of_an_invited_rfq_is_for_who_is_invited,
    deadline_of_an_invited_rfq_holds,
    invited_company_takes_a_kept_seat_of_a_public_rfq,
);

fn every_seat_of_an_invited_rfq_is_for_who_is_invited(world: &World) {
    let (buyer, first) = (world.buyer(), world.supplier());
    let (second, third) = (world.party("Second Foundry", "TR"), world.party("Third Foundry", "IN"));
    let mut wanted = hidden("Brass valves, two quotes");
    wanted["closing"] = json!({"max_quotes": 2});
    let rfq = buyer.publish_rfq(&wanted);
    invite(&buyer, &rfq, &[&first, &second, &third]).expect(200);
    let form = world.browser(&second.email).page(&format!("/rfqs/{rfq}/quote")).expect(200);
    assert!(form.body.contains("All places are for the suppliers that the buyer invited"), "{}", form.body);
    // Nobody is matched: of a public one the second would find the other seat kept.
    first.submit_quote(&rfq, &market::quote("3.1"));
    second.submit_quote(&rfq, &market::quote("3.2"));
    let full = buyer.get(&format!("/rfqs/{rfq}")).expect(200);
    assert_eq!((full.text("/state"), full.text("/closed_reason")), ("closed".to_owned(), "seats".to_owned()));
    third.post(&format!("/rfqs/{rfq}/quotes"), &market::quote("3.3")).expect(409);
    world.drain();
}

fn deadline_of_an_invited_rfq_holds(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let rfq = buyer.publish_rfq(&hidden("Brass valves, soon"));
    invite(&buyer, &rfq, &[&supplier]).expect(200);
    world.clock.advance(Duration::days(31));
    supplier.post(&format!("/rfqs/{rfq}/quotes"), &market::quote("3.1")).expect(409);
    let late = world.party("Late Foundry", "TR");
    invite(&buyer, &rfq, &[&late]).expect(409);
    world.drain();
}

fn invited_company_takes_a_kept_seat_of_a_public_rfq(world: &World) {
    let (buyer, invited) = (world.buyer(), world.supplier());
    let (first, second) = (world.party("First Foundry", "TR"), world.party("Second Foundry", "IN"));
    let mut wanted = market::rfq("Brass valves for anybody");
    wanted["closing"] = json!({"max_quotes": 2});
    let rfq = buyer.publish_rfq(&wanted);
    invite(&buyer, &rfq, &[&invited]).expect(200);
    first.submit_quote(&rfq, &market::quote("3.1"));
    let refused = second.post(&format!("/rfqs/{rfq}/quotes"), &market::quote("3.2")).expect(409);
    assert!(refused.body.contains("reserved"), "{}", refused.body);
    invited.submit_quote(&rfq, &market::quote("3.3"));
    assert_eq!(buyer.get(&format!("/rfqs/{rfq}")).expect(200).text("/closed_reason"), "seats");
    world.drain();
}
