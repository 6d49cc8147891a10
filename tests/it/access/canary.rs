//! Words that stand only in private fields: not one byte that anybody else receives may hold them.

use super::actors::{Actors, MARKERS};
use super::{documented, pages};
use crate::support::{Answer, Client, World};

both!(
    private_texts_reach_nobody_else,
    owners_can_read_their_private_texts,
    sealed_quotes_are_hidden_from_the_buyer_too
);

/// Whether an id may stand in the path: `/rfqs/{id}` takes `rfq_...`.
fn fits(path: &str, id: &str) -> bool {
    let before = path.split("/{id}").next().unwrap_or_default();
    let collection = before.rsplit('/').next().unwrap_or_default();
    let prefix = match collection {
        "companies" => "cmp",
        "listings" => "lst",
        "rfqs" => "rfq",
        "matches" => "mat",
        "quotes" => "quo",
        "partnerships" => "prt",
        "records" => "trd",
        "retail-records" => "rtl",
        "documents" => "doc",
        "api-keys" => "key",
        "webhook-endpoints" | "webhooks" => "hook",
        "saved-searches" => "sav",
        "imports" => "imp",
        "exports" => "exp",
        "reports" => "rep",
        "threads" | "messages" => "thr",
        _ => return true,
    };
    id.starts_with(prefix)
}

/// Every address that GET answers, with every id of the company in it.
fn addresses(actors: &Actors, paths: impl Iterator<Item = String>) -> Vec<String> {
    let mut all = Vec::new();
    for path in paths {
        if !path.contains("{id}") {
            all.push(actors.fill(&path, ""));
            continue;
        }
        all.extend(actors.all_ids().iter().filter(|id| fits(&path, id)).map(|id| actors.fill(&path, id)));
    }
    all
}

fn api_addresses(actors: &Actors) -> Vec<String> {
    let paths = documented().into_iter().filter_map(|call| call.strip_prefix("GET ").map(str::to_owned));
    let mut all = addresses(actors, paths);
    for kind in ["listings", "companies", "rfqs"] {
        all.push(format!("/search/{kind}?q=Quixotic&highlight=true&facets=all&explain=true"));
        all.push(format!("/search/{kind}?q=valves&highlight=true&limit=100"));
        all.push(format!("/search/{kind}?company={}", actors.own.company));
    }
    all.push("/search/suggest?q=Quixotic".to_owned());
    all.push("/search/suggest?q=quix".to_owned());
    all
}

pub(super) fn page_addresses(actors: &Actors) -> Vec<String> {
    let mut all = addresses(actors, pages::addresses().into_iter());
    all.extend(["products", "suppliers", "rfqs"].map(|scope| format!("/search?q=Quixotic&scope={scope}")));
    all.extend(["products", "suppliers", "rfqs"].map(|scope| format!("/search?q=valves&scope={scope}")));
    all
}

fn gossip(who: &str, address: &str, answer: &Answer, told: &mut Vec<String>) {
    let received = answer.headers.iter().map(|(_, value)| value.as_str()).chain([answer.body.as_str()]);
    let received = received.collect::<Vec<_>>().join("\n");
    for marker in MARKERS.iter().filter(|marker| received.contains(**marker)) {
        told.push(format!("{who} reads {marker:?} at {address}"));
    }
}

fn private_texts_reach_nobody_else(world: &World) {
    let actors = Actors::enter(world);
    let mut told = Vec::new();
    let nobody = world.anonymous();
    let stranger = world.browser(&actors.foreign.email);
    for address in api_addresses(&actors) {
        for (who, client) in [("nobody", &nobody), ("a foreign key", &*actors.foreign as &Client)] {
            gossip(who, &address, &client.get(&address), &mut told);
        }
    }
    for address in page_addresses(&actors) {
        gossip("nobody", &address, &nobody.page(&address), &mut told);
        gossip("a foreign session", &address, &stranger.page(&address), &mut told);
    }
    assert!(told.is_empty(), "{told:#?}");
    let own = actors.own.get(&format!("/companies/{}", actors.own.company)).expect(200).body;
    let emails = format!("{:?}", world.mails());
    for contact in Actors::contact_data() {
        assert!(!own.contains(contact), "the company's own resource holds {contact}");
        assert!(!emails.contains(contact), "an e-mail holds {contact}");
    }
}

/// The proof that the addresses above would show a private word: to those it belongs to, they do.
fn owners_can_read_their_private_texts(world: &World) {
    let actors = Actors::enter(world);
    let mut seen = Vec::new();
    for party in [&actors.own, &actors.partner] {
        let browser = world.browser(&party.email);
        for address in api_addresses(&actors) {
            gossip("the owner", &address, &party.get(&address), &mut seen);
        }
        for address in page_addresses(&actors) {
            gossip("the owner", &address, &browser.page(&address), &mut seen);
        }
    }
    for marker in MARKERS {
        assert!(seen.iter().any(|line| line.contains(&format!("{marker:?}"))), "nobody at all reads {marker}");
    }
}

fn sealed_quotes_are_hidden_from_the_buyer_too(world: &World) {
    let actors = Actors::enter(world);
    let rfq = actors.own_id(super::Thing::OpenRfq);
    let quote = actors.own_id(super::Thing::QuoteReceived);
    let browser = world.browser(&actors.own.email);
    let document = format!("/documents/{}", actors.sealed_document());
    actors.own.get(&document).expect(404);
    actors.own.get(&format!("{document}/content")).expect(404);
    browser.page(&document).expect(404);
    let sealed = |answers: Vec<Answer>| {
        for answer in answers {
            assert!(!answer.body.contains("7.313137") && !answer.body.contains("70421"), "{}", answer.body);
        }
    };
    sealed(vec![
        actors.own.get(&format!("/rfqs/{rfq}/quotes")).expect(200),
        actors.own.get(&format!("/quotes/{quote}")).expect(200),
        actors.own.get(&format!("/rfqs/{rfq}/comparison")),
        browser.page(&format!("/desk/buying/rfqs/{rfq}")).expect(200),
        browser.page(&format!("/desk/buying/rfqs/{rfq}/quotes")).expect(200),
        browser.page(&format!("/desk/buying/rfqs/{rfq}/compare")),
        browser.page(&format!("/quotes/{quote}")).expect(200),
        browser.page("/").expect(200),
    ]);
    for mail in world.mails_to(&actors.own.email) {
        assert!(!format!("{mail:?}").contains("7.313137"), "an e-mail breaks the seal: {mail:?}");
    }
    actors.own.act(&format!("/rfqs/{rfq}/close")).expect(200);
    assert!(actors.own.get(&format!("/quotes/{quote}")).expect(200).body.contains("7.313137"));
    actors.own.get(&format!("{document}/content")).expect(200);
    actors.foreign.get(&format!("{document}/content")).expect(404);
}
