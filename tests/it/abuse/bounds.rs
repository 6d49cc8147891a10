//! How much of one thing a company may have or do: what is over it is refused at once, and nobody else notices.

use serde_json::json;
use tradepost::actor::Permission;

use crate::support::{Client, Database, Party, Setup, World, market};

both!(
    keys_of_one_company_share_its_limit,
    rfqs_of_a_company_are_bounded_per_day,
    company_without_a_confirmed_address_has_few_drafts,
    customs_references_of_a_record_are_bounded,
    invitations_to_one_address_are_bounded_over_all_companies,
    what_hangs_on_one_thing_is_bounded,
    corrections_of_a_shipment_are_bounded,
);

/// Limits that a test reaches.
struct Narrow(World);

impl Setup for Narrow {
    fn on(database: Database) -> Self {
        Self(World::with(database, |config| {
            config.limits.enabled = true;
            config.limits.sign_in_minute = 0;
            config.limits.per_company_minute = 30;
            config.limits.rfqs_per_day = 3;
            config.limits.unconfirmed_drafts = 2;
        }))
    }
}

fn keys_of_one_company_share_its_limit(Narrow(world): &Narrow) {
    let (greedy, other) = (world.buyer(), world.supplier());
    let keys: Vec<Client> =
        (0..8).map(|_| Client::new(&world.base, Some(world.key(greedy.company, &[Permission::AccountRead])))).collect();
    let statuses: Vec<u16> = (0..40).map(|number| keys[number % 8].get("/me").status).collect();
    let answered = statuses.iter().filter(|status| **status == 200).count();
    assert!((30..=33).contains(&answered), "{statuses:?}");
    assert_eq!(statuses.last(), Some(&429));
    other.get("/me").expect(200);
    world.anonymous().page("/").expect(200);
}

fn rfqs_of_a_company_are_bounded_per_day(Narrow(world): &Narrow) {
    let buyer = world.buyer();
    let publish = |number: usize| {
        let id = buyer.post("/rfqs", &market::rfq(&format!("Valves {number}"))).expect(201).id();
        buyer.act(&format!("/rfqs/{id}/publish")).status
    };
    assert_eq!((0..5).map(publish).collect::<Vec<_>>(), [200, 200, 200, 429, 429]);
    world.clock.advance(chrono::Duration::hours(25));
    assert_eq!(publish(9), 200);
    world.drain();
}

fn company_without_a_confirmed_address_has_few_drafts(Narrow(world): &Narrow) {
    let email = "newcomer@company.example";
    crate::accounts::sign_up(world, email).expect(303);
    let newcomer = world.browser(email);
    let draft = || newcomer.submit("/desk/buying/rfqs/new", "/desk/buying/rfqs/new", &[("title", "Elbows")]).status;
    assert_eq!([draft(), draft()], [303, 303]);
    // The form is there again, with what is in the way.
    assert_eq!(draft(), 422);
}

/// A confirmed record of the two.
fn record(supplier: &Party, buyer: &Party) -> String {
    let proposal = json!({"supplier": supplier.company, "buyer": buyer.company});
    let partnership = supplier.post("/partnerships", &proposal).expect(201).id();
    buyer.act(&format!("/partnerships/{partnership}/confirm")).expect(200);
    supplier.post(&format!("/partnerships/{partnership}/records"), &market::record()).expect(201).id()
}

fn customs_references_of_a_record_are_bounded(world: &World) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    let record = record(&supplier, &buyer);
    let add = |number: u32| {
        supplier.post(&format!("/records/{record}/customs-references"), &market::declaration(number)).status
    };
    let statuses: Vec<u16> = (1..=22).map(add).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 20, "{statuses:?}");
    assert_eq!(statuses[20..], [409, 409]);
    world.drain();
}

fn invitations_to_one_address_are_bounded_over_all_companies(world: &World) {
    let companies: Vec<Party> = (0..22).map(|number| world.party(&format!("Puppet {number}"), "CN")).collect();
    let invite = |party: &Party| {
        let invited = json!({"email": "victim@company.example", "role": "viewer"});
        party.post(&format!("/companies/{}/members", party.company), &invited).status
    };
    let statuses: Vec<u16> = companies.iter().map(invite).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 20, "{statuses:?}");
    assert_eq!(statuses[20..], [429, 429]);
    let other = json!({"email": "another@company.example", "role": "viewer"});
    companies[0].post(&format!("/companies/{}/members", companies[0].company), &other).expect(201);
    world.drain();
}

/// Each of these is read as a whole, and written in one transaction.
fn what_hangs_on_one_thing_is_bounded(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let company = format!("/companies/{}", supplier.company);
    let count = |statuses: &[u16]| statuses.iter().filter(|status| **status == 201).count();
    let contact = |number: usize| {
        let contact = json!({"name": format!("Person {number}"), "phone": "+86 574 87654321"});
        supplier.post(&format!("{company}/contacts"), &contact).status
    };
    let contacts: Vec<u16> = (0..22).map(contact).collect();
    assert_eq!((count(&contacts), &contacts[20..]), (20, [409, 409].as_slice()), "contact people");
    let rfq = buyer.publish_rfq(&market::rfq("Brass ball valves DN20"));
    let ask = |number: usize| {
        let question = json!({"question": format!("Is a lever of kind {number} acceptable?")});
        supplier.post(&format!("/rfqs/{rfq}/questions"), &question).status
    };
    let questions: Vec<u16> = (0..22).map(ask).collect();
    assert_eq!((count(&questions), &questions[20..]), (20, [409, 409].as_slice()), "questions");
    // Disabled: nothing of a test is to leave the machine.
    let hook = |number: usize| {
        let hook = json!({"url": format!("https://1.1.1.1/hook/{number}"), "enabled": false});
        supplier.post("/webhook-endpoints", &hook).status
    };
    let hooks: Vec<u16> = (0..12).map(hook).collect();
    assert_eq!((count(&hooks), &hooks[10..]), (10, [409, 409].as_slice()), "webhooks");
    let numbers = json!({"identifiers": vec![json!({"kind": "gln", "value": "4006381333931"}); 21]});
    assert!(supplier.patch(&company, &numbers).expect(422).wrong_fields().contains(&"/identifiers".to_owned()));
    let papers = json!({"certifications": vec![json!({"scheme": "ISO 9001"}); 51]});
    assert!(supplier.patch(&company, &papers).expect(422).wrong_fields().contains(&"/certifications".to_owned()));
    world.drain();
}

fn corrections_of_a_shipment_are_bounded(world: &World) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    let mut id = record(&supplier, &buyer);
    let mut statuses = Vec::new();
    for number in 0..52 {
        let mut corrected = market::record();
        corrected["description"] = json!(format!("Ball valves, corrected {number} times"));
        let answer = supplier.post(&format!("/records/{id}/correct"), &corrected);
        statuses.push(answer.status);
        if answer.status == 201 {
            id = answer.id();
        }
    }
    assert_eq!((statuses.iter().filter(|status| **status == 201).count(), statuses[51]), (50, 409), "{statuses:?}");
    world.drain();
}
