//! Verification: requests and their decisions, disputed identifiers, evidence that ends; through REST, the site and e-mails.

use chrono::Duration;
use diesel::prelude::*;
use serde_json::{Value, json};
use tradepost::companies::evidence::{EvidenceKind, Facts, actions as evidence};
use tradepost::workers::sweep;

use crate::documents;
use crate::support::{Answer, Client, Party, World, market};

both!(
    register_entry_counts_until_the_company_changes_identity,
    incomplete_verification_request_is_refused_by_field,
    claimed_identifier_grants_nothing_until_decided,
    refused_claim_stays_refused,
    evidence_counts_until_its_last_day,
    unreadable_evidence_blocks_no_other_from_expiring,
    individual_can_publish_after_identity_document_is_accepted,
);

const GLN: &str = "4006381333931";

/// A request to be identified.
pub fn entry() -> Value {
    json!({"level": "identified", "register": {
        "name": "Kamer van Koophandel", "entry": "24362417", "url": "https://register.example/24362417", "checked_on": "2026-11-01"
    }})
}

/// The company names a number whose check digits hold.
pub fn named(party: &Party, value: &str) {
    let numbers = json!({"identifiers": [{"kind": "gln", "value": value}]});
    party.patch(&format!("/companies/{}", party.company), &numbers).expect(200);
}

fn ask(party: &Party, body: &Value) -> Answer {
    party.post(&format!("/companies/{}/verification", party.company), body)
}

#[track_caller]
pub fn decide(moderator: &Client, request: &str, typed: &[(&str, &str)]) {
    let page = format!("/moderation/verification/{request}");
    assert_eq!(moderator.fill_in(&page, &page, typed).sent_to(), page);
}

pub fn level(world: &World, party: &Party) -> String {
    world.anonymous().get(&format!("/companies/{}/verification", party.company)).expect(200).text("/level")
}

fn told(world: &World, party: &Party, words: &str) -> usize {
    world.mails_to(&party.email).iter().filter(|mail| format!("{mail:?}").contains(words)).count()
}

/// Makes a company `identified`.
fn identify(world: &World, moderator: &Client, party: &Party, gln: &str) {
    named(party, gln);
    let request = ask(party, &entry()).expect(201).id();
    decide(moderator, &request, &[("verdict", "accept"), ("reason", "The entry names the company")]);
    assert_eq!(level(world, party), "identified");
}

/// Uploads a document and answers its id.
fn upload(party: &Party, name: &str, words: &str) -> String {
    documents::send(party, name, documents::pdf(words)).expect(201).id()
}

fn register_entry_counts_until_the_company_changes_identity(world: &World) {
    let (supplier, moderator) = (world.supplier(), world.moderator());
    supplier.publish_listing(&market::listing("V-1"));
    assert_eq!(ask(&supplier, &entry()).status, 409, "it holds no number yet");
    named(&supplier, GLN);
    let request = ask(&supplier, &entry()).expect(201);
    assert_eq!(ask(&supplier, &entry()).problem(), "duplicate");
    let queue = moderator.page("/moderation/verification").expect(200);
    assert!(queue.body.contains("1 open request") && queue.body.contains(&supplier.name));
    assert_eq!(level(world, &supplier), "registered", "a request grants nothing");
    let page = format!("/moderation/verification/{}", request.id());
    let without = moderator.fill_in(&page, &page, &[("verdict", "accept")]);
    assert!(without.status == 422 && without.body.contains("Reason"), "{}", without.body);
    decide(&moderator, &request.id(), &[("verdict", "accept"), ("reason", "The entry names the company")]);
    world.drain();

    let public = world.anonymous().get(&format!("/companies/{}/verification", supplier.company)).expect(200);
    assert_eq!((public.text("/level"), public.text("/evidence/0/entry")), ("identified".into(), "24362417".into()));
    assert!(public.body.contains("Kamer van Koophandel") && public.json()["requests"].is_null());
    let own = supplier.get(&format!("/companies/{}/verification", supplier.company)).expect(200);
    assert_eq!(own.text("/requests/0/state"), "accepted");
    let page = world.anonymous().page(&format!("/companies/{}", supplier.company)).expect(200);
    assert!(page.body.contains("24362417") && page.body.contains("identified 2026-11"), "{}", page.body);
    let found = world.anonymous().get("/search/listings?verification=identified").expect(200);
    assert_eq!(found.json()["total"], 1, "search knows the level");
    assert_eq!(told(world, &supplier, "Your company is identified"), 1);
    assert!(moderator.page("/moderation/history").body.contains("Verification accepted"));

    // Another name is another company: what was checked counts no more, and what it asked before cannot be agreed to.
    let next = ask(&supplier, &entry()).expect(201).id();
    let company = format!("/companies/{}", supplier.company);
    supplier.patch(&company, &json!({"profile": "We make valves."})).expect(200);
    assert_eq!(level(world, &supplier), "identified", "other words change nothing");
    supplier.patch(&company, &json!({"name": "Another Valve Works"})).expect(200);
    assert_eq!(level(world, &supplier), "registered");
    let page = format!("/moderation/verification/{next}");
    let stale = moderator.fill_in(&page, &page, &[("verdict", "accept"), ("reason", "The entry names it")]);
    assert!(stale.status == 422 && stale.body.contains("since it applied"), "{}", stale.body);
    decide(&moderator, &next, &[("verdict", "refuse"), ("reason", "It has another name now")]);
    world.drain();
    assert_eq!(told(world, &supplier, "It has another name now"), 1);
}

fn incomplete_verification_request_is_refused_by_field(world: &World) {
    let supplier = world.supplier();
    named(&supplier, GLN);
    let wrong = |body: Value| {
        let answer = ask(&supplier, &body);
        assert_eq!(answer.status, 422, "{body}: {}", answer.body);
        answer.wrong_fields()
    };
    assert_eq!(wrong(json!({"level": "registered"})), ["/level"]);
    assert_eq!(wrong(json!({"level": "identified"})), ["/register"]);
    let mut late = entry();
    late["register"]["checked_on"] = json!("2027-01-01");
    late["register"]["name"] = json!("write to sales@acme.example");
    assert_eq!(wrong(late), ["/register/name", "/register/checked_on"]);
    assert_eq!(wrong(json!({"level": "documented"})), ["/documents"]);
    assert_eq!(wrong(json!({"level": "audited", "documents": []})), ["/documents", "/issuer", "/dated"]);
    let document = upload(&supplier, "licence.pdf", "Business licence");
    let early = ask(&supplier, &json!({"level": "documented", "documents": [document]}));
    assert!(early.status == 409 && early.body.contains("become identified first"), "{}", early.body);
    let other = world.buyer();
    let mut foreign = entry();
    foreign["documents"] = json!([upload(&other, "theirs.pdf", "Not ours")]);
    assert_eq!(wrong(foreign), ["/documents/0"]);
    other.post(&format!("/companies/{}/verification", supplier.company), &entry()).expect(404);
}

fn claimed_identifier_grants_nothing_until_decided(world: &World) {
    let (first, second, moderator) = (world.supplier(), world.party("The Real Holder", "CN"), world.moderator());
    identify(world, &moderator, &first, GLN);
    named(&second, GLN);
    let numbers = |party: &Party, who: &Client| {
        who.get(&format!("/companies/{}/identifiers", party.company)).expect(200).json()["data"].clone()
    };
    assert_eq!(numbers(&second, &second)[0]["state"], "claimed");
    assert_eq!(numbers(&second, &world.anonymous()), json!([]), "others do not see a claim");
    // It may apply, but an entry identifies nobody by a number that another company holds.
    let applied = ask(&second, &entry()).expect(201).id();
    let request = format!("/moderation/verification/{applied}");
    let early = moderator.fill_in(&request, &request, &[("verdict", "accept"), ("reason", "The entry names it")]);
    assert!(early.status == 422 && early.body.contains("decide that claim first"), "{}", early.body);
    let claims = moderator.page("/moderation/claims").expect(200);
    assert!(claims.body.contains("The Real Holder") && claims.body.contains(&first.name));
    let page = format!("/moderation/claims/{}?kind=gln&value={GLN}", second.company);
    let action = format!("/moderation/claims/{}", second.company);
    let typed = [("verdict", "accept"), ("reason", "The register names the second")];
    assert_eq!(moderator.fill_in(&page, &action, &typed).sent_to(), "/moderation/claims");
    world.drain();
    assert_eq!(numbers(&second, &world.anonymous())[0]["state"], "held");
    assert_eq!(numbers(&first, &first)[0]["state"], "refused");
    assert_eq!((level(world, &first), level(world, &second)), ("registered".into(), "registered".into()));
    for party in [&first, &second] {
        assert_eq!(told(world, party, "The register names the second"), 1, "{}", party.name);
    }
    decide(&moderator, &applied, &[("verdict", "accept"), ("reason", "The entry names the second")]);
    assert_eq!(level(world, &second), "identified");
    moderator.page(&page).expect(404);
}

fn refused_claim_stays_refused(world: &World) {
    let (first, second, moderator) = (world.supplier(), world.party("The Copyist", "CN"), world.moderator());
    identify(world, &moderator, &first, GLN);
    named(&second, GLN);
    let page = format!("/moderation/claims/{}?kind=gln&value={GLN}", second.company);
    let action = format!("/moderation/claims/{}", second.company);
    moderator.fill_in(&page, &action, &[("verdict", "refuse"), ("reason", "It is the first one's")]).sent_to();
    // Saving the profile again makes no new claim.
    second.patch(&format!("/companies/{}", second.company), &json!({"year": 1999})).expect(200);
    let own = second.get(&format!("/companies/{}/identifiers", second.company)).expect(200);
    assert_eq!(own.text("/data/0/state"), "refused");
    assert!(moderator.page("/moderation/claims").body.contains("No disputed identifiers"));
    assert_eq!(
        first.get(&format!("/companies/{}/identifiers", first.company)).expect(200).text("/data/0/state"),
        "held"
    );
}

fn evidence_counts_until_its_last_day(world: &World) {
    let (supplier, moderator) = (world.supplier(), world.moderator());
    identify(world, &moderator, &supplier, GLN);
    let licence = upload(&supplier, "licence.pdf", "Business licence of the company");
    let request = ask(&supplier, &json!({"level": "documented", "documents": [licence]})).expect(201).id();
    let page = moderator.page(&format!("/moderation/verification/{request}")).expect(200);
    assert!(page.links_to(&format!("/documents/{licence}")), "{}", page.body);
    assert!(moderator.page(&format!("/documents/{licence}")).expect(200).body.contains("Business licence of"));
    world.anonymous().page(&format!("/documents/{licence}")).expect(404);
    let typed = [
        ("verdict", "accept"),
        ("seen", "Business licence\nExport licence"),
        ("expires_on", "2027-02-01"),
        ("reason", "The licence names the company"),
    ];
    decide(&moderator, &request, &typed);
    assert_eq!(level(world, &supplier), "documented");
    let public = world.anonymous().get(&format!("/companies/{}/verification", supplier.company)).expect(200);
    assert!(public.body.contains("Export licence") && public.body.contains("2027-02-01"), "{}", public.body);

    let report = upload(&supplier, "report.pdf", "Audit of the plant");
    let audit = json!({"level": "audited", "documents": [report], "issuer": "Nordkap Inspection", "dated": "2026-10-01", "valid_until": "2027-01-15"});
    let request = ask(&supplier, &audit).expect(201).id();
    decide(&moderator, &request, &[("verdict", "accept"), ("reason", "The report is whole")]);
    assert_eq!(level(world, &supplier), "audited");

    // 2026-11-23 and on: each piece is announced twice, ends on its day, and takes what stands on it along.
    let to = |day: &str| {
        let then: chrono::NaiveDate = day.parse().unwrap();
        world.clock.advance(Duration::days((then - world.clock.today()).num_days()));
        sweep(&world.app).unwrap();
        sweep(&world.app).unwrap();
        world.drain();
    };
    to("2026-12-16");
    assert_eq!(told(world, &supplier, "Expires in 30 days or less: your third"), 1);
    to("2027-01-09");
    assert_eq!(told(world, &supplier, "Expires in 7 days or less: your third"), 1);
    assert_eq!(told(world, &supplier, "Expires in 30 days or less: your documents"), 1);
    to("2027-01-15");
    assert_eq!(level(world, &supplier), "audited", "the last day counts");
    to("2027-01-16");
    assert_eq!(level(world, &supplier), "documented");
    assert_eq!(told(world, &supplier, "Expired: your third"), 1);
    to("2027-02-02");
    assert_eq!(level(world, &supplier), "identified");
    assert_eq!(told(world, &supplier, "Expired: your documents"), 1);
    let facet = world.anonymous().get("/search/companies?verification=identified").expect(200);
    assert_eq!(facet.json()["total"], 1);
}

fn unreadable_evidence_blocks_no_other_from_expiring(world: &World) {
    let parties = [world.supplier(), world.buyer()];
    let facts = Facts { issuer: "Register".to_owned(), documents: vec!["Licence".to_owned()], ..Facts::default() };
    for (party, days) in parties.iter().zip([5, 6]) {
        let until = world.clock.today() + Duration::days(days);
        let recorded =
            world.app.db.write(|tx| evidence::record(tx, party.company, EvidenceKind::Documents, &facts, Some(until)));
        recorded.unwrap();
    }
    // The first to end cannot be read.
    let sql = format!("UPDATE company_evidence SET content = 'damaged' WHERE company_id = {}", parties[0].company.0);
    world.app.db.write(|tx| Ok(diesel::sql_query(&sql).execute(tx.conn()).map(drop)?)).unwrap();
    world.clock.advance(Duration::days(7));
    sweep(&world.app).unwrap();
    world.drain();
    assert_eq!(told(world, &parties[1], "Expired: your documents"), 1);
    assert_eq!(told(world, &parties[0], "Expired: your documents"), 0);
}

fn individual_can_publish_after_identity_document_is_accepted(world: &World) {
    let (seller, moderator) = (world.party("Ada Weaver", "PT"), world.moderator());
    seller.patch(&format!("/companies/{}", seller.company), &json!({"form": "individual"})).expect(200);
    let listing = seller.post("/listings", &market::listing("SCARF-1")).expect(201).id();
    assert_eq!(seller.act(&format!("/listings/{listing}/publish")).status, 403);
    assert_eq!(ask(&seller, &entry()).wrong_fields(), ["/level"], "an individual stands in no register");
    let card = upload(&seller, "card.pdf", "Identity card of Ada Weaver 70426");
    let body =
        json!({"level": "documented", "documents": [card], "issuer": "Camara de Lisboa", "valid_until": "2027-06-30"});
    let request = ask(&seller, &body).expect(201).id();
    assert!(moderator.page(&format!("/documents/{card}")).expect(200).body.contains("70426"));
    decide(&moderator, &request, &[("verdict", "accept"), ("reason", "The card is the seller's")]);
    assert_eq!(level(world, &seller), "documented");
    seller.act(&format!("/listings/{listing}/publish")).expect(200);
    // The file is gone with the decision; its hash, issuer and expiry are what is left.
    moderator.page(&format!("/documents/{card}")).expect(404);
    seller.get(&format!("/documents/{card}")).expect(404);
    let public = world.anonymous().get(&format!("/companies/{}/verification", seller.company)).expect(200);
    assert!(public.body.contains("Camara de Lisboa") && public.body.contains("2027-06-30"));
    // What certifies a person says nothing of a company.
    seller.patch(&format!("/companies/{}", seller.company), &json!({"form": "manufacturer"})).expect(200);
    assert_eq!(level(world, &seller), "registered");
}
