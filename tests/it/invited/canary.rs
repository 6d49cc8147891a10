//! A marker in an RFQ for invited suppliers: every address of site and API, for those who must not read it and for those who may.

use serde_json::json;

use super::{hidden, invite};
use crate::access::{Actors, Thing, pages, walked};
use crate::support::{Answer, Client, World, market};

both!(an_invited_rfq_is_read_by_its_buyer_its_suppliers_and_moderators_alone);

const MARKER: &str = "Quixotic tender 70999";

/// Every address that GET answers on the API, with the RFQ in it where an RFQ is wanted.
fn api(actors: &Actors, rfq: &str) -> Vec<String> {
    let rows = walked().into_iter().filter(|row| row.call.starts_with("GET "));
    let mut all: Vec<String> = rows
        .map(|row| {
            let path = row.call.trim_start_matches("GET ");
            let id = if is_of_rfq(row.thing) { rfq.to_owned() } else { actors.public_id(row.thing) };
            actors.fill(path, &id)
        })
        .collect();
    let queries = ["q=Quixotic+tender&highlight=true&explain=true&facets=all", "hs=848180&limit=100", "limit=100"];
    all.extend(queries.map(|query| format!("/search/rfqs?{query}")));
    all.extend(["/search/suggest?q=Quix".to_owned(), "/search/suggest?q=Quixotic+ten".to_owned()]);
    all
}

fn site(actors: &Actors, rfq: &str) -> Vec<String> {
    let mut all: Vec<String> = pages::addressed()
        .into_iter()
        .map(|(path, thing)| {
            let id = if is_of_rfq(thing) { rfq.to_owned() } else { actors.public_id(thing) };
            pages::signed(&actors.fill(&path, &id))
        })
        .collect();
    all.extend(["rfqs", "products", "suppliers"].map(|scope| format!("/search?q=Quixotic+tender&scope={scope}")));
    all.extend(["/search?scope=rfqs&hs=848180".to_owned(), "/sitemaps/rfqs/0.xml".to_owned(), "/hs/8481".to_owned()]);
    all
}

fn is_of_rfq(thing: Thing) -> bool {
    matches!(thing, Thing::DraftRfq | Thing::OpenRfq | Thing::SeenRfq)
}

/// Where the marker, or the id, is read.
fn readings(who: &str, rfq: &str, asked: Vec<(String, Answer)>) -> Vec<String> {
    let reads = |address: &str, answer: &Answer| {
        let headers = answer.headers.iter().map(|(_, value)| value.as_str());
        let all = headers.chain([answer.body.as_str()]).collect::<Vec<_>>().join("\n");
        // Who asks for an id may read it back in the address of the page.
        all.contains(MARKER) || (!address.contains(rfq) && all.contains(rfq))
    };
    let found = asked.iter().filter(|(address, answer)| reads(address, answer));
    found.map(|(address, answer)| format!("{who} reads it at {address} ({})", answer.status)).collect()
}

fn by_key(client: &Client, addresses: &[String]) -> Vec<(String, Answer)> {
    addresses.iter().map(|address| (address.clone(), client.get(address))).collect()
}

fn by_browser(client: &Client, addresses: &[String]) -> Vec<(String, Answer)> {
    addresses.iter().map(|address| (address.clone(), client.page(address))).collect()
}

fn an_invited_rfq_is_read_by_its_buyer_its_suppliers_and_moderators_alone(world: &World) {
    let actors = Actors::enter(world);
    let (buyer, supplier) = (world.buyer(), world.supplier());
    // Strangers that sell exactly this, and that keep a search for it.
    actors.foreign.publish_listing(&market::listing("CANARY-1"));
    supplier.publish_listing(&market::listing("CANARY-2"));
    let kept = json!({"name": "Tenders", "kind": "rfqs", "query": "q=Quixotic+tender", "frequency": "instant"});
    let kept = actors.foreign.post("/saved-searches", &kept).expect(201).id();
    world.drain();
    let total =
        |query: &str| world.anonymous().get(&format!("/search/rfqs?{query}")).expect(200).json()["total"].clone();
    let before = total("limit=1");
    let rfq = buyer.post("/rfqs", &hidden(&format!("{MARKER}: brass ball valves"))).expect(201).id();
    invite(&buyer, &rfq, &[&supplier]).expect(200);
    buyer.act(&format!("/rfqs/{rfq}/publish")).expect(200);
    world.drain();
    world.pass(chrono::Duration::hours(2));
    let (api, site) = (api(&actors, &rfq), site(&actors, &rfq));
    let stranger = world.browser(&actors.foreign.email);
    let mut told = readings("nobody", &rfq, by_key(&world.anonymous(), &api));
    told.extend(readings("nobody", &rfq, by_browser(&world.anonymous(), &site)));
    told.extend(readings("a matched stranger's key", &rfq, by_key(&actors.foreign, &api)));
    told.extend(readings("a matched stranger", &rfq, by_browser(&stranger, &site)));
    told.extend(readings("another company's key", &rfq, by_key(&actors.own, &api)));
    assert!(told.is_empty(), "{told:#?}");
    for address in [format!("/rfqs/{rfq}"), format!("/rfqs/{rfq}/quote")] {
        stranger.page(&address).expect(404);
    }
    let alerts = actors.foreign.get(&format!("/saved-searches/{kept}/alerts")).expect(200);
    assert_eq!(alerts.json()["data"], json!([]));
    assert_eq!(total("q=Quixotic+tender&literal=true"), 0);
    assert_eq!(total("limit=1"), before, "it is counted nowhere");
    let mails = world.mails().into_iter().filter(|mail| format!("{mail:?}").contains(MARKER));
    let readers: Vec<String> = mails.map(|mail| mail.to).filter(|to| *to != buyer.email).collect();
    assert_eq!(readers, [supplier.email.as_str()], "one e-mail, to who is invited");
    // The proof that these addresses would show it: those who may read it do.
    let invited = world.browser(&supplier.email);
    for (who, found) in [
        ("the supplier's key", readings("", &rfq, by_key(&supplier, &api))),
        ("the supplier", readings("", &rfq, by_browser(&invited, &site))),
        ("the buyer", readings("", &rfq, by_browser(&world.browser(&buyer.email), &site))),
        ("a moderator", readings("", &rfq, by_browser(&world.moderator(), &site))),
    ] {
        assert!(!found.is_empty(), "{who} reads it nowhere");
    }
    for address in ["/desk/selling", &format!("/rfqs/{rfq}")] {
        assert!(invited.page(address).expect(200).body.contains(MARKER), "{address}");
    }
}
