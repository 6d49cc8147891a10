//! Copies of RFQs: the same again, and asked of all who quoted last time.

use serde_json::{Value, json};

use super::items;
use crate::support::{World, market};

both!(
    copy_is_a_draft_that_says_the_same,
    all_who_quoted_are_asked_again,
    copy_without_anyone_to_ask_is_refused,
    copy_stands_on_the_page_of_the_rfq,
);

fn copy_is_a_draft_that_says_the_same(world: &World) {
    let (buyer, stranger) = (world.buyer(), world.supplier());
    let mut wanted = market::rfq_of_items("Fittings, every quarter");
    wanted["wanted_by"] = json!("2027-01-10");
    wanted["closing"] = json!({"max_quotes": 3});
    let rfq = buyer.publish_rfq(&wanted);
    let copied = buyer.act(&format!("/rfqs/{rfq}/copy")).expect(201);
    assert_ne!(copied.id(), rfq);
    assert!(copied.header("location").unwrap().ends_with(&format!("/rfqs/{}", copied.id())));
    let copy = copied.json();
    assert_eq!(
        (copied.text("/state"), copied.text("/title")),
        ("draft".to_owned(), "Fittings, every quarter".to_owned())
    );
    assert_eq!(items(&copy), items(&buyer.get(&format!("/rfqs/{rfq}")).expect(200).json()));
    assert_eq!((&copy["wanted_by"], &copy["closing"]["max_quotes"]), (&json!("2027-01-10"), &Value::Null));
    assert_eq!(copy["invitations"], 0);
    // A day that has passed is not asked for again.
    world.pass(chrono::Duration::days(60));
    let late = buyer.act(&format!("/rfqs/{rfq}/copy")).expect(201);
    assert_eq!(late.json()["wanted_by"], Value::Null);
    stranger.act(&format!("/rfqs/{rfq}/copy")).expect(404);
    buyer.post(&format!("/rfqs/{rfq}/copy"), &json!({"invite": true})).expect(422);
}

fn all_who_quoted_are_asked_again(world: &World) {
    let buyer = world.buyer();
    let [first, second, gone, deaf] =
        ["First Foundry", "Second Foundry", "Gone Foundry", "Deaf Foundry"].map(|name| world.party(name, "CN"));
    let rfq = buyer.publish_rfq(&market::rfq("Brass ball valves, every quarter"));
    first.submit_quote(&rfq, &market::quote("3.2"));
    second.submit_quote(&rfq, &market::quote("3.3"));
    let taken = gone.submit_quote(&rfq, &market::quote("3.4"));
    gone.act(&format!("/quotes/{taken}/withdraw")).expect(200);
    deaf.submit_quote(&rfq, &market::quote("3.5"));
    deaf.post("/blocked-companies", &json!({"company": buyer.company})).expect(201);
    let copy = buyer.post(&format!("/rfqs/{rfq}/copy"), &json!({"invite_quoted": true})).expect(201);
    assert_eq!(copy.json()["invitations"], 2);
    let invited = buyer.get(&format!("/rfqs/{}/invitations", copy.id())).expect(200).json();
    let mut named: Vec<&str> =
        invited["data"].as_array().unwrap().iter().map(|one| one["company"]["name"].as_str().unwrap()).collect();
    named.sort_unstable();
    assert_eq!(named, ["First Foundry", "Second Foundry"]);
    assert!(invited["data"].as_array().unwrap().iter().all(|one| one["state"] == "pending"));
    buyer.act(&format!("/rfqs/{}/publish", copy.id())).expect(200);
    world.drain();
    let asked = world.mails_to(&first.email);
    assert!(asked.iter().any(|mail| mail.email.content.action.as_ref().unwrap().1 == format!("/rfqs/{}", copy.id())));
}

fn copy_without_anyone_to_ask_is_refused(world: &World) {
    let buyer = world.buyer();
    let rfq = buyer.publish_rfq(&market::rfq("Brass ball valves that nobody quoted"));
    let refused = buyer.post(&format!("/rfqs/{rfq}/copy"), &json!({"invite_quoted": true})).expect(409);
    assert!(refused.body.contains("No supplier that quoted"), "{}", refused.body);
    assert_eq!(buyer.get("/rfqs").expect(200).json()["data"].as_array().unwrap().len(), 1, "no draft is left behind");
    world.drain();
}

fn copy_stands_on_the_page_of_the_rfq(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let rfq = buyer.publish_rfq(&market::rfq("Brass ball valves on a page"));
    let browser = world.browser(&buyer.email);
    let (page, copy) = (format!("/desk/buying/rfqs/{rfq}"), format!("/desk/buying/rfqs/{rfq}/copy"));
    assert!(!browser.page(&page).expect(200).body.contains("Ask all who quoted again"));
    let sent = browser.fill_in(&page, &copy, &[]).sent_to();
    assert!(sent.ends_with("/edit"), "{sent}");
    assert!(browser.page(&sent).expect(200).body.contains("Brass ball valves on a page"));
    supplier.submit_quote(&rfq, &market::quote("3.2"));
    assert!(browser.page(&page).expect(200).body.contains("Ask all who quoted again"));
    let sent = browser.submit(&page, &copy, &[("invite_quoted", "yes")]).sent_to();
    let draft = sent.trim_end_matches("/edit").rsplit('/').next().unwrap().to_owned();
    assert_eq!(buyer.get(&format!("/rfqs/{draft}")).expect(200).json()["invitations"], 1);
    world.drain();
}
