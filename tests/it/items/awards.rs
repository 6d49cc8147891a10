//! Awards of an RFQ with items: each item once, to whichever quote, until the last of them or the buyer's word ends it.

use serde_json::{Value, json};

use super::of_quote;
use crate::support::{Answer, Client, Party, World, market};

both!(
    award_is_split_by_item_until_the_last_one,
    accepting_without_items_takes_all_that_is_offered,
    what_cannot_be_awarded_is_refused,
    closed_rfq_waits_while_an_accepted_quote_offers_more,
    awarded_item_changes_no_more,
    buyer_ends_an_rfq_with_items_left_over,
    acceptance_may_end_it_with_items_left_over,
    item_is_awarded_to_one_of_those_that_are_accepted_at_once,
    quote_of_which_all_is_awarded_takes_no_seat,
    accepted_quote_that_was_revised_is_refused_by_its_version,
);

fn accept(buyer: &Client, quote: &str, body: &Value) -> Answer {
    buyer.post(&format!("/quotes/{quote}/accept"), body)
}

fn state(client: &Client, path: &str) -> String {
    client.get(path).expect(200).text("/state")
}

fn subjects(world: &World, party: &Party) -> Vec<String> {
    world.drain();
    world.mails_to(&party.email).into_iter().map(|mail| mail.email.content.subject).collect()
}

fn award_is_split_by_item_until_the_last_one(world: &World) {
    let buyer = world.buyer();
    let [first, second, third] =
        ["First Foundry", "Second Foundry", "Third Foundry"].map(|name| world.party(name, "CN"));
    let rfq = buyer.publish_rfq(&market::rfq_of_items("Fittings from several"));
    let one = first.submit_quote(&rfq, &market::quote_of_items(&[(1, "1.10"), (2, "3.30")]));
    let two = second.submit_quote(&rfq, &market::quote_of_items(&[(1, "1.20"), (2, "3.20"), (3, "8.40")]));
    let three = third.submit_quote(&rfq, &market::quote_of_items(&[(3, "8.90")]));
    let path = format!("/rfqs/{rfq}");
    let accepted = accept(&buyer, &one, &json!({"items": [1]})).expect(200);
    assert_eq!((accepted.text("/state"), &accepted.json()["awarded_items"]), ("accepted".to_owned(), &json!([1])));
    assert_eq!(state(&buyer, &path), "open");
    assert_eq!(buyer.get(&path).expect(200).json()["split_award"], true);
    assert_eq!(state(&second, &format!("/quotes/{two}")), "submitted");
    // Again, to the same effect.
    accept(&buyer, &one, &json!({"items": [1], "revision": 1})).expect(200);
    // What is awarded is awarded once.
    let refused = accept(&buyer, &two, &json!({"items": [1, 3]})).expect(409);
    assert!(refused.body.contains("Item 1 is awarded to another quote already"), "{}", refused.body);
    assert_eq!(of_quote(&second, &two)["awarded_items"], json!([]), "all or nothing");
    let compared = buyer.get(&format!("{path}/comparison")).expect(200).json();
    assert_eq!(compared["items"][0]["awarded_to"], json!(one));
    accept(&buyer, &two, &json!({"items": [3, 3]})).expect(200);
    assert_eq!(state(&buyer, &path), "open");
    // More of a quote that was accepted before; with the last item the RFQ is awarded, and who waits is declined.
    let more = accept(&buyer, &one, &json!({"items": [2]})).expect(200);
    assert_eq!(more.json()["awarded_items"], json!([1, 2]));
    assert_eq!(state(&buyer, &path), "awarded");
    assert_eq!(state(&third, &format!("/quotes/{three}")), "declined");
    assert_eq!(of_quote(&second, &two)["awarded_items"], json!([3]));
    accept(&buyer, &two, &json!({"items": [1]})).expect(409);
    accept(&buyer, &one, &json!({"items": [1, 2]})).expect(200);
    let told = subjects(world, &first);
    assert_eq!(told.iter().filter(|subject| subject.starts_with("Accepted")).count(), 2, "{told:?}");
    let mails = world.mails_to(&first.email);
    let last = mails.iter().rfind(|mail| mail.email.content.subject.starts_with("Accepted")).unwrap();
    assert!(last.email.content.paragraphs.contains(&"Accepted for items 1, 2.".to_owned()));
    assert!(subjects(world, &third).iter().any(|subject| subject.starts_with("Declined")));
    let events = buyer.get("/events").expect(200).body;
    assert!(events.contains("rfq.awarded"), "{events}");
}

fn accepting_without_items_takes_all_that_is_offered(world: &World) {
    let buyer = world.buyer();
    let [whole, other] = ["Whole Foundry", "Other Foundry"].map(|name| world.party(name, "CN"));
    let rfq = buyer.publish_rfq(&market::rfq_of_items("Fittings from one"));
    let all = whole.submit_quote(&rfq, &market::quote_of_items(&[(1, "1"), (2, "3"), (3, "8")]));
    let some = other.submit_quote(&rfq, &market::quote_of_items(&[(1, "0.9")]));
    let accepted = accept(&buyer, &all, &json!({})).expect(200);
    assert_eq!(accepted.json()["awarded_items"], json!([1, 2, 3]));
    assert_eq!(state(&buyer, &format!("/rfqs/{rfq}")), "awarded");
    assert_eq!(state(&other, &format!("/quotes/{some}")), "declined");
    accept(&buyer, &all, &json!({})).expect(200);
    world.drain();
}

fn what_cannot_be_awarded_is_refused(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let rfq = buyer.publish_rfq(&market::rfq_of_items("Fittings, hardly"));
    let quote = supplier.submit_quote(&rfq, &market::quote_of_items(&[(1, "1"), (2, "3")]));
    let refused = accept(&buyer, &quote, &json!({"items": [1, 0, 3]})).expect(422);
    assert_eq!(refused.wrong_fields(), ["/items/1", "/items/2"]);
    assert!(refused.body.contains("the quote offers: 1, 2"), "{}", refused.body);
    accept(&buyer, &quote, &json!({"items": ["first"]})).expect(422);
    accept(&supplier, &quote, &json!({"items": [1]})).expect(403);
    assert_eq!(of_quote(&buyer, &quote)["state"], "submitted");
    let simple = buyer.publish_rfq(&market::rfq("Brass ball valves"));
    let quote = supplier.submit_quote(&simple, &market::quote("3.2"));
    assert_eq!(accept(&buyer, &quote, &json!({"items": [1]})).expect(422).wrong_fields(), ["/items/0"]);
    accept(&buyer, &quote, &json!({"items": []})).expect(200);
    world.drain();
}

fn closed_rfq_waits_while_an_accepted_quote_offers_more(world: &World) {
    let (buyer, supplier, other) = (world.buyer(), world.supplier(), world.party("Other Foundry", "TR"));
    let rfq = buyer.publish_rfq(&market::rfq_of_items("Fittings, closed"));
    let quote = supplier.submit_quote(&rfq, &market::quote_of_items(&[(1, "1"), (2, "3")]));
    let left = other.submit_quote(&rfq, &market::quote_of_items(&[(1, "2")]));
    let path = format!("/rfqs/{rfq}");
    buyer.act(&format!("{path}/close")).expect(200);
    accept(&buyer, &quote, &json!({"items": [1]})).expect(200);
    buyer.post(&format!("/quotes/{left}/decline"), &json!({})).expect(200);
    assert_eq!(state(&buyer, &path), "closed", "item 2 can still be accepted");
    accept(&buyer, &quote, &json!({"items": [2]})).expect(200);
    // Nobody offers item 3, and nothing waits.
    assert_eq!(state(&buyer, &path), "awarded");
    world.drain();
}

fn awarded_item_changes_no_more(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let rfq = buyer.publish_rfq(&market::rfq_of_items("Fittings, agreed"));
    let quote = supplier.submit_quote(&rfq, &market::quote_of_items(&[(2, "3")]));
    accept(&buyer, &quote, &json!({"items": [2]})).expect(200);
    let path = format!("/rfqs/{rfq}");
    let change = |place: usize| {
        let mut items = buyer.get(&path).expect(200).json()["items"].clone();
        items[place]["quantity"]["value"] = json!("7");
        buyer.patch(&path, &json!({"items": items}))
    };
    assert_eq!(change(1).expect(422).wrong_fields(), ["/items/1"]);
    assert_eq!(change(0).expect(200).json()["items"][0]["quantity"]["value"], "7");
    world.drain();
}

fn buyer_ends_an_rfq_with_items_left_over(world: &World) {
    let (buyer, supplier, other) = (world.buyer(), world.supplier(), world.party("Other Foundry", "TR"));
    let rfq = buyer.publish_rfq(&market::rfq_of_items("Fittings, enough of them"));
    let quote = supplier.submit_quote(&rfq, &market::quote_of_items(&[(1, "1"), (2, "3")]));
    let left = other.submit_quote(&rfq, &market::quote_of_items(&[(3, "9")]));
    accept(&buyer, &quote, &json!({"items": [2]})).expect(200);
    buyer.act(&format!("/rfqs/{rfq}/close")).expect(200);
    assert_eq!(state(&buyer, &format!("/rfqs/{rfq}")), "awarded");
    assert_eq!(state(&other, &format!("/quotes/{left}")), "declined");
    accept(&buyer, &quote, &json!({"items": [1]})).expect(409);
    world.drain();
}

fn acceptance_may_end_it_with_items_left_over(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let rfq = buyer.publish_rfq(&market::rfq_of_items("Fittings, these and no others"));
    let quote = supplier.submit_quote(&rfq, &market::quote_of_items(&[(1, "1"), (2, "3")]));
    accept(&buyer, &quote, &json!({"items": [1], "split": false})).expect(200);
    assert_eq!(state(&buyer, &format!("/rfqs/{rfq}")), "awarded");
    // And when the items were accepted before.
    let rfq = buyer.publish_rfq(&market::rfq_of_items("Fittings, these first"));
    let quote = supplier.submit_quote(&rfq, &market::quote_of_items(&[(1, "1"), (2, "3")]));
    accept(&buyer, &quote, &json!({"items": [1]})).expect(200);
    assert_eq!(state(&buyer, &format!("/rfqs/{rfq}")), "open");
    accept(&buyer, &quote, &json!({"items": [1], "split": false})).expect(200);
    assert_eq!(state(&buyer, &format!("/rfqs/{rfq}")), "awarded");
    accept(&buyer, &quote, &json!({"items": [1], "split": false})).expect(200);
    world.drain();
}

fn item_is_awarded_to_one_of_those_that_are_accepted_at_once(world: &World) {
    let buyer = world.buyer();
    let rfq = buyer.publish_rfq(&market::rfq_of_items("Fittings wanted by all"));
    let quotes = ["Upper Foundry", "Lower Foundry", "Outer Foundry"]
        .map(|name| world.party(name, "CN").submit_quote(&rfq, &market::quote_of_items(&[(1, "1"), (2, "3")])));
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let accepting = quotes.each_ref().map(|quote| {
            let buyer: &Client = &buyer;
            scope.spawn(move || accept(buyer, quote, &json!({"items": [1]})).status)
        });
        accepting.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let won = statuses.iter().filter(|status| **status == 200).count();
    assert_eq!((won, statuses.iter().filter(|status| **status == 409).count()), (1, 2), "{statuses:?}");
    let awarded = quotes.iter().filter(|quote| of_quote(&buyer, quote)["awarded_items"] == json!([1])).count();
    assert_eq!(awarded, 1);
    world.drain();
}

fn quote_of_which_all_is_awarded_takes_no_seat(world: &World) {
    let (buyer, supplier, late) = (world.buyer(), world.supplier(), world.party("Late Foundry", "CN"));
    let rfq = buyer.publish_rfq(&market::rfq_of_items("Fittings, the first gone"));
    let quote = supplier.submit_quote(&rfq, &market::quote_of_items(&[(1, "1")]));
    accept(&buyer, &quote, &json!({"items": [1]})).expect(200);
    let path = format!("/rfqs/{rfq}/quotes");
    let refused = late.post(&path, &market::quote_of_items(&[(1, "0.50")])).expect(409);
    assert!(refused.body.contains("items 1"), "{}", refused.body);
    late.post(&path, &market::quote_of_items(&[(1, "0.50"), (2, "3")])).expect(201);
    world.drain();
}

fn accepted_quote_that_was_revised_is_refused_by_its_version(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let rfq = buyer.publish_rfq(&market::rfq_of_items("Fittings, revised"));
    let quote = supplier.submit_quote(&rfq, &market::quote_of_items(&[(1, "1"), (2, "3")]));
    supplier.post(&format!("/quotes/{quote}/revise"), &market::quote_of_items(&[(1, "2")])).expect(200);
    accept(&buyer, &quote, &json!({"items": [1], "revision": 1})).expect(412);
    accept(&buyer, &quote, &json!({"items": [1], "revision": 2})).expect(200);
    // What was accepted can be revised no more.
    supplier.post(&format!("/quotes/{quote}/revise"), &market::quote_of_items(&[(1, "3")])).expect(409);
    world.drain();
}
