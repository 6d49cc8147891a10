//! Every page and every refused form of the site, for everybody who sees it: ids are unique and nothing points nowhere.

use tradepost::actor::Role;

use super::actors::Actors;
use super::{canary, pages};
use crate::support::{Answer, Client, World, market, markup};

both!(ids_are_unique_and_every_reference_points_at_one);

struct Checked {
    pages: usize,
    complaints: Vec<String>,
}

impl Checked {
    fn take(&mut self, who: &str, address: &str, answer: &Answer) {
        if !answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html")) {
            return;
        }
        self.pages += 1;
        let found = markup::faults(&answer.body);
        self.complaints.extend(found.into_iter().map(|fault| format!("{address} for {who}: {fault}")));
    }
}

/// The forms sent empty: a refused form comes back with a summary that links to its fields.
fn send_empty(actors: &Actors, browser: &Client, checked: &mut Checked) {
    let ends_the_session = ["/sign-out", "/account/close"];
    for form in pages::forms().into_iter().filter(|form| !ends_the_session.contains(&form.path)) {
        let path = pages::signed(&actors.fill(form.path, &actors.own_id(form.thing)));
        checked.take("its sender", &format!("POST {path}"), &browser.submit("/account", &path, &[]));
    }
}

fn ids_are_unique_and_every_reference_points_at_one(world: &World) {
    let actors = Actors::enter(world);
    let mut checked = Checked { pages: 0, complaints: Vec::new() };
    let owner = world.browser(&actors.own.email);
    let readers = [
        ("nobody", world.anonymous()),
        ("an owner", world.browser(&actors.own.email)),
        ("the partner", world.browser(&actors.partner.email)),
        ("a viewer", actors.browser(world, Role::Viewer)),
        ("a moderator", world.moderator()),
    ];
    // A second answer field, and a certificate to be answered: forms whose parts repeat.
    let mut asked = market::rfq("OPEN-1");
    asked["required_certifications"] = serde_json::json!(["ISO 9001", "EN 10204 3.1"]);
    let rfq = actors.own.publish_rfq(&asked);
    actors
        .partner
        .post(&format!("/rfqs/{rfq}/questions"), &serde_json::json!({"question": "Which finish?"}))
        .expect(201);
    actors.partner.post(&format!("/rfqs/{rfq}/questions"), &serde_json::json!({"question": "Which port?"})).expect(201);
    // And several items: rows of fields, which are written, quoted, compared and chosen.
    let several = actors.own.publish_rfq(&market::rfq_of_items("Fittings of several kinds"));
    let quoted = actors.partner.submit_quote(&several, &market::quote_of_items(&[(1, "1.1"), (3, "2.4")]));
    world.drain();
    let mut addresses = canary::page_addresses(&actors);
    addresses.push(format!("/rfqs/{several}"));
    addresses.push(format!("/quotes/{quoted}"));
    addresses.push(format!("/quotes/{quoted}/accept?item=1"));
    addresses.push(format!("/quotes/{quoted}/revise"));
    addresses.push(format!("/desk/buying/rfqs/{several}/edit"));
    addresses.push(format!("/desk/buying/rfqs/{several}/compare"));
    addresses.push(format!("/desk/buying/rfqs/{rfq}?tab=questions"));
    addresses.push(format!("/desk/buying/rfqs/{rfq}?tab=settings"));
    addresses.push(format!("/desk/buying/rfqs/{rfq}/edit"));
    addresses.push(format!("/rfqs/{rfq}/quote"));
    for (who, browser) in &readers {
        addresses.iter().for_each(|address| checked.take(who, address, &browser.page(address)));
    }
    send_empty(&actors, &owner, &mut checked);
    checked.complaints.sort();
    checked.complaints.dedup();
    assert!(checked.complaints.is_empty(), "{:#?}", checked.complaints);
    assert!(checked.pages > 300, "only {} pages were looked at", checked.pages);
}
