//! One whole trade through the API, from a listing to the statistics, with everything that may go wrong on the way.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tradepost::ids::RfqId;
use tradepost::outbox::{Options, enqueue};
use tradepost::rfqs::events::RfqPublished;

use crate::support::{Client, Party, World, market};

both!(complete_trade_through_the_api);

/// The words of every e-mail to the company's owner that has these in its subject.
pub fn emails(world: &World, party: &Party, subject: &str) -> Vec<String> {
    let all = world.mails_to(&party.email).into_iter().filter(|sent| sent.email.content.subject.contains(subject));
    all.map(|sent| String::from_utf8_lossy(&sent.raw).into_owned()).collect()
}

/// The ids of a search's hits.
pub fn found(client: &Client, path: &str) -> Vec<String> {
    let answer = client.get(path).expect(200).json();
    answer["data"].as_array().unwrap().iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect()
}

/// A confirmed partnership with one confirmed shipment that counts.
pub fn ship(supplier: &Party, buyer: &Party, serial: u32) -> String {
    let proposal = json!({"supplier": supplier.company, "buyer": buyer.company});
    let partnership = supplier.post("/partnerships", &proposal).expect(201).id();
    buyer.act(&format!("/partnerships/{partnership}/confirm")).expect(200);
    let record = supplier.post(&format!("/partnerships/{partnership}/records"), &market::record()).expect(201).id();
    supplier.post(&format!("/records/{record}/customs-references"), &market::declaration(serial)).expect(201);
    buyer.act(&format!("/records/{record}/confirm")).expect(200);
    partnership
}

/// The figures of China's exports of chapter 84 to Germany in the month, where they are published.
pub fn cell(client: &Client) -> Option<Value> {
    let table = client.get("/statistics/general-trade?reporter=CN&group=hs2,partner,flow,period").expect(200).json();
    let is_it = |row: &&Value| {
        let key = &row["key"];
        key["hs"] == "84" && key["partner"] == "DE" && key["period"] == "2026-11" && key["flow"] == "export"
    };
    let rows = table["rows"].as_array().unwrap().clone();
    rows.iter().find(is_it).map(|row| row["figures"].clone()).filter(Value::is_object)
}

/// The play: who takes part, and what they have so far.
struct Play<'w> {
    world: &'w World,
    buyer: Party,
    winner: Party,
    cheap: Party,
    dear: Party,
    weaver: Party,
}

fn complete_trade_through_the_api(world: &World) {
    let play = Play {
        world,
        buyer: world.party("Nordwind Import", "DE"),
        winner: world.party("Ningbo Sunrise Valve", "CN"),
        cheap: world.party("Wenzhou Ball Valve", "CN"),
        dear: world.party("Yuhuan Brassware", "CN"),
        weaver: world.party("Nantong Home Textile", "CN"),
    };
    play.suppliers_publish();
    let rfq = play.buyer_asks();
    play.matching_tells_who_and_why(&rfq);
    play.only_the_matched_are_told();
    play.matching_again_changes_nothing(&rfq);
    play.questions_are_answered_for_all(&rfq);
    let quotes = play.three_quote(&rfq);
    play.quotes_are_compared(&rfq, &quotes);
    play.one_is_accepted(&rfq, &quotes);
    let partnership = play.both_sides_form_a_partnership(&quotes[0]);
    play.a_shipment_is_published_with_its_month(&partnership);
}

impl Play<'_> {
    fn suppliers_publish(&self) {
        let nobody = self.world.anonymous();
        let listing = self.winner.publish_listing(&market::listing("NSV-20"));
        self.cheap.publish_listing(&market::listing("WBV-20"));
        self.dear.publish_listing(&market::listing("YB-20"));
        self.dear.post("/listings", &market::listing("YB-DRAFT")).expect(201);
        let towels = json!({
            "sku": "T-1", "name": "Cotton bath towel 500 g/m2", "hs_code": "630260", "origin_country": "CN",
            "category": "Textiles / Towels", "language": "en",
            "price": {"min": {"amount": "2.10", "currency": "USD"}, "unit": "C62"}, "moq": {"value": "300", "unit": "C62"}
        });
        self.weaver.publish_listing(&towels);
        self.world.drain();
        assert_eq!(found(&nobody, "/search/listings?q=brass%20ball%20valve%20NSV-20&hs=8481")[0], listing);
        assert_eq!(found(&nobody, "/search/listings?q=brass%20valve").len(), 3, "a draft is not found");
        let facets = nobody.get("/search/listings?q=valve&facets=country").expect(200).json();
        let first = &facets["facets"]["country"][0];
        assert_eq!((&first["value"], &first["count"]), (&json!("CN"), &json!(3)));
    }

    fn buyer_asks(&self) -> String {
        let mut rfq = market::rfq("Brass ball valves DN20, 5 000 pieces");
        rfq.as_object_mut().unwrap().remove("destination_country");
        let id = self.buyer.post("/rfqs", &rfq).expect(201).id();
        let before = self.buyer.get(&format!("/rfqs/{id}/completeness")).expect(200).json();
        assert!(before["missing"].to_string().contains("destination_country"), "{before}");
        let refused = self.buyer.act(&format!("/rfqs/{id}/publish")).expect(422);
        assert_eq!(refused.wrong_fields(), ["/destination_country"]);
        self.buyer.patch(&format!("/rfqs/{id}"), &json!({"destination_country": "DE"})).expect(200);
        let after = self.buyer.get(&format!("/rfqs/{id}/completeness")).expect(200).json();
        assert!(after["score"].as_u64() > before["score"].as_u64(), "{before} {after}");
        let open = self.buyer.act(&format!("/rfqs/{id}/publish")).expect(200).json();
        assert_eq!(open["state"], "open");
        assert_eq!(open["closes_at"], "2026-12-23T08:00:00Z", "30 days");
        self.world.drain();
        assert_eq!(found(&self.world.anonymous(), "/search/rfqs?q=ball%20valves"), [id.as_str()]);
        let public = self.world.anonymous().get(&format!("/rfqs/{id}")).expect(200);
        assert!(!public.body.contains("Nordwind"), "the buyer did not want to be named");
        id
    }

    fn matches(&self, rfq: &str) -> Vec<Value> {
        self.buyer.get(&format!("/rfqs/{rfq}/matches")).expect(200).json()["data"].as_array().unwrap().clone()
    }

    fn matching_tells_who_and_why(&self, rfq: &str) {
        let matches = self.matches(rfq);
        let who: BTreeSet<String> =
            matches.iter().map(|one| one["company"]["name"].as_str().unwrap().to_owned()).collect();
        let wanted = [&self.winner, &self.cheap, &self.dear].map(|party| party.name.clone());
        assert_eq!(who, BTreeSet::from(wanted));
        for one in &matches {
            let steps = |value: &Value| (value.as_f64().unwrap() * 10_000.0).round() as i64;
            let shares: i64 = one["reasons"].as_array().unwrap().iter().map(|reason| steps(&reason["share"])).sum();
            assert_eq!(shares, steps(&one["score"]), "{one}");
            assert!((0.0..=1.0).contains(&one["score"].as_f64().unwrap()));
            for reason in one["reasons"].as_array().unwrap() {
                assert!(!reason["detail"].as_str().unwrap().is_empty(), "{reason}");
            }
            assert!(!one["best_listings"].as_array().unwrap().is_empty());
        }
        let scores: Vec<f64> = matches.iter().map(|one| one["score"].as_f64().unwrap()).collect();
        assert!(scores.is_sorted_by(|better, worse| better >= worse), "{scores:?}");
        let inbox = self.winner.get("/matches").expect(200).json();
        let own = matches.iter().find(|one| one["company"]["id"] == self.winner.company.to_string()).unwrap();
        assert_eq!((&inbox["data"][0]["rfq"]["id"], &inbox["data"][0]["reasons"]), (&json!(rfq), &own["reasons"]));
        let why = self.weaver.get(&format!("/rfqs/{rfq}/why-not")).expect(200).json();
        assert!(why["match"].is_null() && !why["sentence"].as_str().unwrap().is_empty(), "{why}");
    }

    fn only_the_matched_are_told(&self) {
        for party in [&self.winner, &self.cheap, &self.dear] {
            let emails = emails(self.world, party, "RFQ that fits");
            assert_eq!(emails.len(), 1, "{}", party.name);
            assert!(!emails[0].contains("Nordwind") && !emails[0].contains(&self.buyer.email));
        }
        for party in [&self.weaver, &self.buyer] {
            assert!(self.world.mails_to(&party.email).is_empty(), "{}", party.name);
        }
    }

    fn matching_again_changes_nothing(&self, rfq: &str) {
        let (before, emails) = (self.matches(rfq), self.world.mails().len());
        let id: RfqId = rfq.parse().unwrap();
        let again = RfqPublished { rfq: id };
        self.world.app.db.write(|tx| enqueue(tx, &again, Options::once("once more".to_owned()))).unwrap();
        self.world.drain();
        assert_eq!(self.matches(rfq), before);
        assert_eq!(self.world.mails().len(), emails, "nobody is told twice");
    }

    fn questions_are_answered_for_all(&self, rfq: &str) {
        let path = format!("/rfqs/{rfq}/questions");
        let loud = json!({"question": "Please write to sales@valves.example"});
        assert_eq!(self.cheap.post(&path, &loud).expect(422).wrong_fields(), ["/question"]);
        let question = json!({"question": "Is a butterfly handle acceptable?"});
        assert!(self.buyer.post(&path, &question).status >= 400, "one does not ask oneself");
        let id = self.cheap.post(&path, &question).expect(201).id();
        let answer = json!({"answer": "Lever handles only."});
        self.dear.post(&format!("{path}/{id}/answer"), &answer).expect(404);
        self.buyer.post(&format!("{path}/{id}/answer"), &answer).expect(200);
        self.world.drain();
        assert_eq!(emails(self.world, &self.buyer, "question").len(), 1);
        assert_eq!(emails(self.world, &self.cheap, "answered").len(), 1);
        let read = self.world.anonymous().get(&path).expect(200);
        assert_eq!(read.text("/data/0/answer"), "Lever handles only.");
        assert!(!read.body.contains("Wenzhou") && !read.body.contains(&self.cheap.company.to_string()));
        assert_eq!(self.cheap.get(&path).json()["data"][0]["own"], true);
        assert_eq!(self.dear.get(&path).json()["data"][0]["own"], false);
    }

    /// The quotes of winner, cheap and dear.
    fn three_quote(&self, rfq: &str) -> [String; 3] {
        let path = format!("/rfqs/{rfq}/quotes");
        let mut wrong = market::quote("0");
        wrong["valid_until"] = json!("2026-01-01");
        let fields = self.winner.post(&path, &wrong).expect(422).wrong_fields();
        assert_eq!(fields, ["/unit_price/amount", "/valid_until"]);
        assert_eq!(self.buyer.post(&path, &market::quote("3.0")).expect(409).problem(), "conflict");
        let prices = [(&self.winner, "3.30"), (&self.cheap, "3.10"), (&self.dear, "3.60")];
        let quotes = prices.map(|(party, price)| party.submit_quote(rfq, &market::quote(price)));
        assert_eq!(self.cheap.post(&path, &market::quote("3.05")).expect(409).problem(), "duplicate");
        for (quote, (party, _)) in quotes.iter().zip(prices) {
            let seen = party.get(&format!("/quotes/{quote}")).expect(200).json();
            assert_eq!(
                (&seen["seat"], &seen["state"]),
                (&json!("reserved"), &json!("submitted")),
                "the matched come first"
            );
            assert!(seen["buyer"].is_null(), "the buyer is named when it shortlists or accepts");
        }
        let revised =
            self.cheap.post(&format!("/quotes/{}/revise", quotes[1]), &market::quote("3.20")).expect(200).json();
        assert_eq!(
            (&revised["revision"], &revised["versions"][1]["unit_price"]["amount"]),
            (&json!(2), &json!("3.100000"))
        );
        self.winner.get(&format!("/quotes/{}", quotes[1])).expect(404);
        self.world.drain();
        assert_eq!(emails(self.world, &self.buyer, "New quote").len(), 3);
        assert_eq!(emails(self.world, &self.buyer, "Revised quote").len(), 1);
        quotes
    }

    fn quotes_are_compared(&self, rfq: &str, quotes: &[String; 3]) {
        let table = self.buyer.get(&format!("/rfqs/{rfq}/comparison")).expect(200).json();
        assert_eq!(table["currency"], "USD");
        let columns = table["quotes"].as_array().unwrap();
        assert_eq!(columns.len(), 3);
        let lowest: Vec<&Value> = columns.iter().filter(|column| column["converted"]["is_lowest"] == true).collect();
        assert_eq!(lowest.iter().map(|column| &column["quote"]).collect::<Vec<_>>(), [&json!(quotes[1])]);
        assert_eq!((&lowest[0]["version"], &lowest[0]["unit_price"]["amount"]), (&json!(2), &json!("3.200000")));
        self.cheap.get(&format!("/rfqs/{rfq}/comparison")).expect(404);
    }

    fn one_is_accepted(&self, rfq: &str, [winner, cheap, dear]: &[String; 3]) {
        self.buyer.act(&format!("/quotes/{cheap}/shortlist")).expect(200);
        let stale = json!({"revision": 1});
        assert_eq!(self.buyer.post(&format!("/quotes/{cheap}/accept"), &stale).expect(412).problem(), "stale");
        assert!(self.winner.act(&format!("/quotes/{winner}/accept")).status >= 403, "a supplier accepts nothing");
        let accepted = self.buyer.act(&format!("/quotes/{winner}/accept")).expect(200).json();
        assert_eq!(accepted["state"], "accepted");
        for lost in [cheap, dear] {
            assert_eq!(self.buyer.get(&format!("/quotes/{lost}")).expect(200).text("/state"), "declined");
        }
        assert_eq!(self.buyer.get(&format!("/rfqs/{rfq}")).expect(200).text("/state"), "awarded");
        assert_eq!(self.winner.get(&format!("/quotes/{winner}")).expect(200).text("/buyer/name"), self.buyer.name);
        assert_eq!(self.buyer.act(&format!("/quotes/{dear}/accept")).expect(409).problem(), "conflict");
        self.world.drain();
        for (party, subject) in [
            (&self.winner, "Accepted:"),
            (&self.cheap, "Shortlisted:"),
            (&self.cheap, "Declined:"),
            (&self.dear, "Declined:"),
        ] {
            assert_eq!(emails(self.world, party, subject).len(), 1, "{} {subject}", party.name);
        }
        assert!(found(&self.world.anonymous(), "/search/rfqs?q=ball%20valves").is_empty(), "it left the board");
    }

    fn both_sides_form_a_partnership(&self, quote: &str) -> String {
        let proposal = json!({
            "supplier": self.winner.company, "buyer": self.buyer.company, "quote": quote, "note": "After the award"
        });
        assert_eq!(self.cheap.post("/partnerships", &proposal).status, 422, "a third company proposes nothing");
        let id = self.buyer.post("/partnerships", &proposal).expect(201).id();
        let confirm = format!("/partnerships/{id}/confirm");
        let own = self.buyer.act(&confirm);
        assert!(matches!(own.status, 403 | 409), "only the other side confirms: {}", own.body);
        self.cheap.act(&confirm).expect(404);
        let early = self.winner.post(&format!("/partnerships/{id}/records"), &market::record()).expect(409);
        assert_eq!(early.problem(), "conflict");
        assert_eq!(self.winner.act(&confirm).expect(200).text("/state"), "active");
        assert_eq!(self.winner.act(&confirm).expect(200).text("/state"), "active", "once more changes nothing");
        assert_eq!(self.winner.post("/partnerships", &proposal).status, 409, "the two have a live one");
        self.world.drain();
        assert_eq!(emails(self.world, &self.winner, "proposes a trade partnership").len(), 1);
        assert_eq!(emails(self.world, &self.buyer, "confirmed your trade partnership").len(), 1);
        id
    }

    fn a_shipment_is_published_with_its_month(&self, partnership: &str) {
        let nobody = self.world.anonymous();
        let others = [world_pair(self.world, 1), world_pair(self.world, 2), world_pair(self.world, 3)];
        for (serial, (supplier, buyer)) in (1..).zip(&others) {
            self.world.identify(&[supplier.company, buyer.company]);
            ship(supplier, buyer, serial);
        }
        self.world.identify(&[self.winner.company, self.buyer.company]);
        let path = format!("/partnerships/{partnership}/records");
        let mut wrong = market::record();
        wrong["value"]["amount"] = json!("0");
        wrong["partner_country"] = json!("CN");
        let fields = self.winner.post(&path, &wrong).expect(422).wrong_fields();
        assert_eq!(fields, ["/value/amount", "/partner_country"]);
        let record = self.winner.post(&path, &market::record()).expect(201).id();
        let references = format!("/records/{record}/customs-references");
        let mut number = market::declaration(700);
        number["number"] = json!("310420281000000700");
        assert_eq!(self.winner.post(&references, &number).expect(422).wrong_fields(), ["/number"], "an import of 2028");
        let added = self.winner.post(&references, &market::declaration(700)).expect(201);
        assert_eq!(added.text("/customs_references/0/outcome"), "valid_form_only");
        assert_eq!(self.buyer.post(&references, &market::declaration(700)).expect(409).problem(), "duplicate");
        let own = self.winner.act(&format!("/records/{record}/confirm"));
        assert!(matches!(own.status, 403 | 409), "{}", own.body);
        let confirmed = self.buyer.act(&format!("/records/{record}/confirm")).expect(200).json();
        assert_eq!((&confirmed["state"], &confirmed["grade"]), (&json!("confirmed"), &json!("counterparty_confirmed")));
        assert_eq!(confirmed["counts_for_statistics"], true, "{confirmed}");
        assert_eq!(cell(&nobody), None, "the month is not over");
        // On the tenth of the next month, and not before.
        self.world.clock.advance(chrono::Duration::days(10));
        tradepost::workers::sweep(&self.world.app).unwrap();
        assert_eq!(cell(&nobody), None);
        self.world.clock.advance(chrono::Duration::days(8));
        tradepost::workers::sweep(&self.world.app).unwrap();
        let published = cell(&nobody).unwrap();
        assert_eq!((&published["value"], &published["records"]), (&json!("66000.000000"), &json!("3-5")));
        let ledger = self.buyer.get(&format!("/partnerships/{partnership}/ledger")).expect(200).json();
        assert_eq!(ledger["verified_to"].as_u64(), Some(ledger["data"].as_array().unwrap().len() as u64));
        assert!(ledger["broken_at"].is_null());
        self.world.drain();
    }
}

fn world_pair(world: &World, number: u32) -> (Party, Party) {
    (world.party(&format!("Jinhua Metal {number}"), "CN"), world.party(&format!("Hanse Armaturen {number}"), "DE"))
}
