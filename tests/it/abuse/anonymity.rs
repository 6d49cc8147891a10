//! A buyer who did not want to be named, at every page and call that anybody may open: before the RFQ's rule allows it, nobody reads who asks.

use serde_json::json;

use crate::access::{Actors, Thing, pages, walked};
use crate::exports::export;
use crate::support::{Answer, Client, Party, World, market};

both!(anonymous_buyer_is_named_to_nobody_before_the_rule_allows_it);

const BUYER: &str = "Quixotic Incognito 71000";

/// What there is about the RFQ, as one supplier knows it.
struct Known {
    rfq: String,
    quote: String,
    thread: Option<String>,
    found: Option<String>,
}

impl Known {
    /// The id that goes into an address about such a thing.
    fn id(&self, actors: &Actors, thing: Thing) -> String {
        match thing {
            Thing::DraftRfq | Thing::OpenRfq | Thing::SeenRfq => self.rfq.clone(),
            Thing::QuoteGiven | Thing::QuoteReceived => self.quote.clone(),
            Thing::Thread | Thing::Message => self.thread.clone().unwrap_or_else(|| actors.public_id(thing)),
            Thing::Match => self.found.clone().unwrap_or_else(|| actors.public_id(thing)),
            other => actors.public_id(other),
        }
    }

    fn calls(&self, actors: &Actors) -> Vec<String> {
        let rows = walked().into_iter().filter_map(|row| Some((row.call.strip_prefix("GET ")?, row.thing)));
        let mut all: Vec<String> = rows.map(|(path, thing)| actors.fill(path, &self.id(actors, thing))).collect();
        all.extend(
            ["/search/rfqs?q=incognito+valves&highlight=true&explain=true&facets=all", "/search/rfqs?limit=100"]
                .map(str::to_owned),
        );
        all.push("/matches?limit=100".to_owned());
        all.push("/events?limit=100".to_owned());
        all
    }

    fn pages(&self, actors: &Actors) -> Vec<String> {
        let rows = pages::addressed().into_iter();
        let mut all: Vec<String> =
            rows.map(|(path, thing)| pages::signed(&actors.fill(&path, &self.id(actors, thing)))).collect();
        all.push("/search?q=incognito+valves&scope=rfqs".to_owned());
        all.push(format!("/report?about={}", self.rfq));
        all.push(format!("/messages/new?about={}", self.rfq));
        all
    }
}

/// The directory of companies, where the buyer stands like everybody, and which says nothing of what it asks for.
fn is_directory(address: &str) -> bool {
    ["/companies/", "/sitemap", "/search/companies", "/search/suggest"].iter().any(|start| address.starts_with(start))
}

/// Where the buyer's name or id is read.
fn readings(who: &str, buyer: &Party, asked: impl Iterator<Item = (String, Answer)>) -> Vec<String> {
    let id = buyer.company.to_string();
    let names = |answer: &Answer| {
        let headers = answer.headers.iter().map(|(_, value)| value.as_str());
        let all = headers.chain([answer.body.as_str()]).collect::<Vec<_>>().join("\n");
        all.contains(BUYER) || all.contains(&id) || all.contains(&buyer.email)
    };
    let found = asked.filter(|(address, answer)| !is_directory(address) && names(answer));
    found.map(|(address, answer)| format!("{who} reads it at {address} ({})", answer.status)).collect()
}

fn by_key(actors: &Actors, known: &Known, client: &Client) -> Vec<(String, Answer)> {
    known.calls(actors).into_iter().map(|address| (address.clone(), client.get(&address))).collect()
}

fn by_browser(actors: &Actors, known: &Known, client: &Client) -> Vec<(String, Answer)> {
    known.pages(actors).into_iter().map(|address| (address.clone(), client.page(&address))).collect()
}

/// All that every actor reads.
fn told(world: &World, actors: &Actors, known: &Known, buyer: &Party, suppliers: &[(&str, &Party)]) -> Vec<String> {
    let nobody = world.anonymous();
    let mut told = readings("nobody", buyer, by_key(actors, known, &nobody).into_iter());
    told.extend(readings("nobody", buyer, by_browser(actors, known, &nobody).into_iter()));
    for (who, party) in suppliers {
        let browser = world.browser(&party.email);
        told.extend(readings(&format!("{who}'s key"), buyer, by_key(actors, known, party).into_iter()));
        told.extend(readings(who, buyer, by_browser(actors, known, &browser).into_iter()));
        let mails = world.mails_to(&party.email);
        let named = mails.iter().filter(|mail| {
            let raw = format!("{mail:?}");
            raw.contains(BUYER) || raw.contains(&buyer.email)
        });
        told.extend(named.map(|mail| format!("{who} is mailed it: {}", mail.email.content.subject)));
    }
    told
}

fn anonymous_buyer_is_named_to_nobody_before_the_rule_allows_it(world: &World) {
    let actors = Actors::enter(world);
    let buyer = world.party(BUYER, "DE");
    let (quoting, asking) = (world.party("Quoting Valves", "CN"), world.party("Asking Valves", "TR"));
    quoting.publish_listing(&market::listing("INCOGNITO-1"));
    asking.publish_listing(&market::listing("INCOGNITO-2"));
    actors.foreign.publish_listing(&market::listing("INCOGNITO-3"));
    world.drain();
    let mut wanted = market::rfq("Brass ball valves for incognito");
    wanted["show_buyer_name"] = json!(false);
    let rfq = buyer.publish_rfq(&wanted);
    world.drain();
    let question = json!({"question": "Is a lever of stainless steel acceptable?"});
    let question = asking.post(&format!("/rfqs/{rfq}/questions"), &question).expect(201).id();
    let answer = json!({"answer": "It is."});
    buyer.post(&format!("/rfqs/{rfq}/questions/{question}/answer"), &answer).expect(200);
    let quote = quoting.submit_quote(&rfq, &market::quote("3.2"));
    // Whether the two may write to each other now is for another rule; if so, the thread names nobody.
    let about = json!({"kind": "quote", "id": quote});
    let begun = buyer.post("/threads", &json!({"subject": about, "text": "Which packing do you offer?"}));
    let thread = (begun.status == 201).then(|| begun.id());
    buyer.act(&format!("/quotes/{quote}/shortlist")).expect(200);
    buyer.patch(&format!("/rfqs/{rfq}"), &json!({"destination_place": "Hamburg"})).expect(200);
    world.pass(chrono::Duration::hours(26));
    let matches = quoting.get("/matches?limit=100").expect(200).json();
    let found = matches["data"].as_array().unwrap().iter().find(|one| one.to_string().contains(&rfq));
    let found = found.map(|one| one["id"].as_str().unwrap().to_owned());
    let known = Known { rfq: rfq.clone(), quote: quote.clone(), thread, found };
    let suppliers = [("who quoted", &quoting), ("who asked", &asking), ("a matched stranger", &actors.foreign)];
    for (who, party) in suppliers {
        let reported = party.post("/reports", &json!({"about": rfq, "kind": "fraud", "words": "Odd"}));
        assert!(!reported.body.contains(BUYER) && !reported.body.contains(&buyer.company.to_string()), "{who}");
    }
    let before = told(world, &actors, &known, &buyer, &suppliers);
    assert!(before.is_empty(), "{before:#?}");
    let (_, archive) = export(world, &quoting);
    let archive = archive.whole();
    assert!(archive.contains(&quote), "the quote is in the archive");
    assert!(!archive.contains(BUYER) && !archive.contains(&buyer.company.to_string()), "an archive names the buyer");
    // What they send tells them nothing either.
    for (who, party) in suppliers {
        let proposal = json!({"supplier": party.company, "buyer": actors.own.company, "quote": quote});
        let refused = party.post("/partnerships", &proposal);
        assert!(refused.status >= 400 && !refused.body.contains(BUYER), "{who}: {}", refused.body);
    }
    // The proof that these addresses would show it: once the quote is accepted, its supplier reads who asks, and nobody else does.
    buyer.act(&format!("/quotes/{quote}/accept")).expect(200);
    world.pass(chrono::Duration::hours(1));
    let after = told(world, &actors, &known, &buyer, &suppliers);
    assert!(after.iter().any(|line| line.starts_with("who quoted reads")), "{after:#?}");
    assert!(after.iter().any(|line| line.starts_with("who quoted's key reads")), "{after:#?}");
    assert!(after.iter().all(|line| line.starts_with("who quoted")), "{after:#?}");
}
