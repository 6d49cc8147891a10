//! What becomes of quotes when their RFQ or its buyer goes, dates that have passed, and seats by the configured limits.

use std::path::PathBuf;

use chrono::Duration;
use serde_json::{Value, json};
use tradepost::app::App;
use tradepost::cli::load::{Load, load_file};

use crate::support::{Database, PASSWORD, PageForm, Party, Setup, World, market};

both!(
    list_price_stands_in_a_quote_only_under_its_own_term,
    quote_of_a_withdrawn_rfq_is_declined,
    quote_of_an_rfq_that_moderators_remove_is_declined,
    quote_of_an_rfq_that_ends_without_award_is_declined,
    quote_left_over_by_a_split_award_is_declined_when_the_rfq_ends,
    quote_of_a_suspended_buyer_stays_and_its_supplier_is_notified,
    company_that_closes_withdraws_its_rfqs_and_quotes,
    date_that_has_passed_is_refused_by_its_name,
    date_that_passed_meanwhile_stops_publishing_and_no_other_change,
    load_refuses_a_past_date_by_line_and_repeats_without_change,
);

fn party_and_quote(world: &World, rfq: &str, name: &str) -> (Party, String) {
    let supplier = world.party(name, "CN");
    let quote = supplier.submit_quote(rfq, &market::quote("3.3"));
    (supplier, quote)
}

/// The quote is declined for this reason, and its supplier got one e-mail about that with this subject.
#[track_caller]
fn is_declined(world: &World, supplier: &Party, quote: &str, reason: &str, subject: &str) {
    let now = supplier.get(&format!("/quotes/{quote}")).expect(200);
    assert_eq!((now.text("/state"), now.text("/decline_reason")), ("declined".to_owned(), reason.to_owned()));
    assert!(now.json()["decided_at"].is_string() && now.json()["off_target"] == false, "{}", now.body);
    world.drain();
    let about = |sent: &&tradepost::mail::SentEmail| !sent.email.content.subject.starts_with("Shortlisted");
    let mails = world.mails_to(&supplier.email);
    let mails: Vec<&str> = mails.iter().filter(about).map(|sent| sent.email.content.subject.as_str()).collect();
    assert!(matches!(mails.as_slice(), [one] if one.starts_with(subject)), "{mails:?}");
}

/// A list price is that of a term. Under another one it leaves out the carriage, and who quotes it unseen pays for that.
fn list_price_stands_in_a_quote_only_under_its_own_term(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    supplier.publish_listing(&market::listing("NSV-20"));
    world.drain();
    let browser = world.browser(&supplier.email);
    for (wanted, price, term, place) in [
        (Some("FOB"), "3.2", "FOB", "Ningbo"),
        (None, "3.2", "FOB", "Ningbo"),
        (Some("CIF"), "", "CIF", ""),
        (Some("DAP"), "", "DAP", ""),
        (Some("EXW"), "", "EXW", ""),
    ] {
        let mut rfq = market::rfq("Brass ball valves DN20");
        rfq["incoterm"] = json!(wanted);
        let rfq = buyer.publish_rfq(&rfq);
        world.drain();
        let address = format!("/rfqs/{rfq}/quote");
        let page = browser.page(&address).expect(200);
        let form = PageForm::of(&page.body, &address);
        let shown =
            ["unit_price.amount", "incoterm", "incoterm_place"].map(|name| form.value(name).unwrap_or_default());
        assert_eq!(shown, [price, term, place], "{wanted:?}");
        let says_why = page.body.contains("it is listed at USD 3.20-3.90 / pcs, FOB Ningbo");
        assert_eq!(says_why, price.is_empty(), "{wanted:?}: {}", page.body);
        buyer.act(&format!("/rfqs/{rfq}/withdraw")).expect(200);
    }
}

fn quote_of_a_withdrawn_rfq_is_declined(world: &World) {
    let buyer = world.buyer();
    let rfq = buyer.publish_rfq(&market::rfq("Valves that nobody needs any more"));
    let (first, submitted) = party_and_quote(world, &rfq, "First Foundry");
    let (second, shortlisted) = party_and_quote(world, &rfq, "Second Foundry");
    let (third, withdrawn) = party_and_quote(world, &rfq, "Third Foundry");
    third.act(&format!("/quotes/{withdrawn}/withdraw")).expect(200);
    buyer.act(&format!("/quotes/{shortlisted}/shortlist")).expect(200);
    buyer.act(&format!("/rfqs/{rfq}/withdraw")).expect(200);
    is_declined(world, &first, &submitted, "The buyer withdrew the RFQ.", "RFQ withdrawn");
    is_declined(world, &second, &shortlisted, "The buyer withdrew the RFQ.", "RFQ withdrawn");
    assert_eq!(third.get(&format!("/quotes/{withdrawn}")).expect(200).text("/state"), "withdrawn");
    assert!(first.act(&format!("/quotes/{submitted}/withdraw")).status == 409, "there is nothing to withdraw any more");
}

fn quote_of_an_rfq_that_moderators_remove_is_declined(world: &World) {
    let (buyer, moderator) = (world.buyer(), world.moderator());
    let rfq = buyer.publish_rfq(&market::rfq("Valves against payment in advance"));
    let (supplier, quote) = party_and_quote(world, &rfq, "First Foundry");
    let report = supplier.post("/reports", &json!({"about": rfq, "kind": "fraud"})).expect(201).id();
    let page = format!("/moderation/reports/{report}");
    let decision = [("decision", "take_off"), ("reason", "Nobody pays for such valves")];
    moderator.fill_in(&page, &page, &decision).sent_to();
    let now = supplier.get(&format!("/quotes/{quote}")).expect(200);
    assert_eq!(now.text("/state"), "declined");
    assert_eq!(now.text("/decline_reason"), "A moderator removed the RFQ.");
}

fn quote_of_an_rfq_that_ends_without_award_is_declined(world: &World) {
    let buyer = world.buyer();
    for (number, closes_first) in [true, false].into_iter().enumerate() {
        let rfq = buyer.publish_rfq(&market::rfq("Valves that were too dear"));
        let (supplier, quote) = party_and_quote(world, &rfq, &format!("Foundry {number}"));
        if closes_first {
            buyer.act(&format!("/rfqs/{rfq}/close")).expect(200);
            assert_eq!(supplier.get(&format!("/quotes/{quote}")).expect(200).text("/state"), "submitted");
        }
        buyer.post(&format!("/rfqs/{rfq}/close"), &json!({"outcome": "not_awarded"})).expect(200);
        let now = supplier.get(&format!("/quotes/{quote}")).expect(200);
        assert_eq!(now.text("/state"), "declined");
        assert_eq!(now.text("/decline_reason"), "The buyer ended the RFQ without accepting a quote.");
    }
}

fn quote_left_over_by_a_split_award_is_declined_when_the_rfq_ends(world: &World) {
    let buyer = world.buyer();
    let rfq = buyer.publish_rfq(&market::rfq("Valves from two foundries"));
    let (winner, accepted) = party_and_quote(world, &rfq, "First Foundry");
    let (other, waiting) = party_and_quote(world, &rfq, "Second Foundry");
    buyer.post(&format!("/quotes/{accepted}/accept"), &json!({"split": true})).expect(200);
    assert_eq!(other.get(&format!("/quotes/{waiting}")).expect(200).text("/state"), "submitted");
    assert_eq!(buyer.act(&format!("/rfqs/{rfq}/close")).expect(200).text("/state"), "awarded");
    is_declined(world, &other, &waiting, "The buyer accepted another quote.", "RFQ awarded");
    assert_eq!(winner.get(&format!("/quotes/{accepted}")).expect(200).text("/state"), "accepted");
}

fn quote_of_a_suspended_buyer_stays_and_its_supplier_is_notified(world: &World) {
    let (buyer, moderator) = (world.buyer(), world.moderator());
    let rfq = buyer.publish_rfq(&market::rfq("Valves of a suspect"));
    let (supplier, quote) = party_and_quote(world, &rfq, "First Foundry");
    let page = format!("/moderation/companies/{}", buyer.company);
    for step in ["suspend", "lift", "suspend"] {
        moderator.fill_in(&page, &format!("{page}/{step}"), &[("reason", "It is being looked into")]).sent_to();
        world.pass(Duration::seconds(1));
    }
    assert_eq!(supplier.get(&format!("/quotes/{quote}")).expect(200).text("/state"), "submitted");
    let mails = world.mails_to(&supplier.email);
    let about = mails.iter().filter(|sent| sent.email.content.subject.starts_with("Buyer suspended"));
    assert_eq!(about.count(), 2, "one for each suspension: {mails:?}");
    assert!(!format!("{mails:?}").contains(&buyer.name), "the buyer's name is not shown: {mails:?}");
    assert_eq!(supplier.act(&format!("/quotes/{quote}/withdraw")).expect(200).text("/state"), "withdrawn");
}

fn company_that_closes_withdraws_its_rfqs_and_quotes(world: &World) {
    let (leaver, other) = (world.buyer(), world.supplier());
    let theirs = leaver.publish_rfq(&market::rfq("Valves of a buyer who leaves"));
    let received = other.submit_quote(&theirs, &market::quote("3.3"));
    let others = other.publish_rfq(&market::rfq("Valves for a buyer who stays"));
    let given = leaver.submit_quote(&others, &market::quote("3.2"));
    let browser = world.browser(&leaver.email);
    browser.fill_in("/account/close", "/account/close", &[("current_password", PASSWORD)]).sent_to();
    world.drain();
    let declined = other.get(&format!("/quotes/{received}")).expect(200);
    assert_eq!(declined.text("/state"), "declined");
    assert_eq!(declined.text("/decline_reason"), "The buyer withdrew the RFQ.");
    assert_eq!(other.get(&format!("/quotes/{given}")).expect(200).text("/state"), "withdrawn");
    let mails = world.mails_to(&other.email);
    for subject in ["RFQ withdrawn", "Withdrawn quote"] {
        let about = mails.iter().filter(|sent| sent.email.content.subject.starts_with(subject));
        assert_eq!(about.count(), 1, "{subject}: {mails:?}");
    }
}

/// An RFQ with this day or moment in it.
fn rfq_with(field: &str, value: &str) -> Value {
    let mut rfq = market::rfq("Valves for yesterday");
    match field {
        "deadline" => rfq["closing"] = json!({"deadline": value}),
        _ => rfq[field] = json!(value),
    }
    rfq
}

/// The tests begin on 2026-11-23 at 8 in the morning.
fn date_that_has_passed_is_refused_by_its_name(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let browser = world.browser(&buyer.email);
    let draft = buyer.post("/rfqs", &market::rfq("Valves")).expect(201).id();
    let open = buyer.publish_rfq(&market::rfq("More valves"));
    for (field, value, pointer) in [
        ("wanted_by", "2026-11-22", "/wanted_by"),
        ("wanted_by", "2020-02-29", "/wanted_by"),
        ("deadline", "2026-11-23T07:59:59Z", "/closing/deadline"),
    ] {
        let rfq = rfq_with(field, value);
        let refused = buyer.post("/rfqs", &rfq);
        assert_eq!((refused.status, refused.wrong_fields()), (422, vec![pointer.to_owned()]), "{}", refused.body);
        for id in [&draft, &open] {
            let member = if field == "deadline" { "closing" } else { field };
            let patch = json!({ member: rfq[member] });
            let refused = buyer.patch(&format!("/rfqs/{id}"), &patch);
            assert_eq!((refused.status, refused.wrong_fields()), (422, vec![pointer.to_owned()]), "{}", refused.body);
        }
    }
    let form = "/desk/buying/rfqs/new";
    let typed = [("title", "Valves"), ("wanted_by", "2026-11-22"), ("closing.deadline", "2026-11-20T08:00")];
    let refused = browser.fill_in(form, form, &typed);
    assert_eq!(refused.status, 422);
    for (field, message) in [("wanted_by", "must be today or later"), ("closing.deadline", "must be in the future")] {
        assert!(refused.body.contains(&format!("href=\"#f-{field}\"")) && refused.body.contains(message), "{field}");
    }
    buyer.post("/rfqs", &rfq_with("wanted_by", "2026-11-23")).expect(201);
    let mut late = market::quote("3.3");
    late["valid_until"] = json!("2026-11-22");
    let refused = supplier.post(&format!("/rfqs/{open}/quotes"), &late);
    assert_eq!((refused.status, refused.wrong_fields()), (422, vec!["/valid_until".to_owned()]));
}

fn date_that_passed_meanwhile_stops_publishing_and_no_other_change(world: &World) {
    let buyer = world.buyer();
    let draft = buyer.post("/rfqs", &rfq_with("wanted_by", "2026-11-25")).expect(201).id();
    let open = buyer.publish_rfq(&rfq_with("wanted_by", "2026-11-25"));
    world.pass(Duration::days(3));
    for id in [&draft, &open] {
        buyer.patch(&format!("/rfqs/{id}"), &json!({"specification": "Of brass"})).expect(200);
    }
    let refused = buyer.act(&format!("/rfqs/{draft}/publish"));
    assert_eq!((refused.status, refused.wrong_fields()), (422, vec!["/wanted_by".to_owned()]), "{}", refused.body);
    let browser = world.browser(&buyer.email);
    let page = browser.page(&format!("/desk/buying/rfqs/{draft}/publish"));
    assert!(page.status == 422 && page.body.contains("href=\"#f-wanted_by\""), "{}", page.body);
    buyer.patch(&format!("/rfqs/{draft}"), &json!({"wanted_by": "2026-12-24"})).expect(200);
    buyer.act(&format!("/rfqs/{draft}/publish")).expect(200);
}

/// Loads the lines; answers how many were new, the same and refused, and what was said of which line.
fn load_lines(app: &App, lines: &[Value], dry_run: bool) -> ([usize; 3], Vec<String>) {
    let file: PathBuf = app.config.data.join("lines.ndjson");
    std::fs::write(&file, lines.iter().map(|line| format!("{line}\n")).collect::<String>()).unwrap();
    let mut said = Vec::new();
    let load = Load { file, publish: true, dry_run, ..Load::default() };
    let counts = load_file(app, &load, |line, problem| {
        said.extend(problem.fields.iter().map(|field| format!("{line} {}", field.pointer)));
    });
    let counts = counts.unwrap();
    ([counts.made, counts.same, counts.refused], said)
}

fn load_refuses_a_past_date_by_line_and_repeats_without_change(world: &World) {
    let line = |reference: &str, mut rfq: Value| {
        let more = json!({"type": "rfq", "company": "moved", "ref": reference});
        rfq.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        rfq
    };
    let company = json!({"type": "company", "ref": "moved", "name": "Moved Import", "country": "DE"});
    let good = line("soon", rfq_with("wanted_by", "2026-12-24"));
    let ends = line("ends", rfq_with("deadline", "2026-12-20T08:00:00Z"));
    let past = line("past", rfq_with("wanted_by", "2025-12-24"));
    let over = line("over", rfq_with("deadline", "2025-12-24T08:00:00Z"));
    let lines = [company, good, past, ends, over];
    let wrong = ["3 /wanted_by".to_owned(), "5 /closing/deadline".to_owned()];
    let (counts, said) = load_lines(&world.app, &lines, true);
    assert_eq!((counts[2], said.as_slice()), (2, wrong.as_slice()), "a dry run says the same");
    assert_eq!(load_lines(&world.app, &lines, false), ([3, 0, 2], wrong.to_vec()));
    // A month later the same file still changes nothing, although its dates have passed.
    world.pass(Duration::days(40));
    assert_eq!(load_lines(&world.app, &lines, false), ([0, 3, 2], wrong.to_vec()));
}

/// A platform that mails one supplier for each RFQ, whose seats are then kept for that one alone.
struct OneNotified(World);

impl Setup for OneNotified {
    fn on(database: Database) -> Self {
        Self(World::with(database, |config| config.matching.most_notified = 1))
    }
}

mod limits {
    use super::{OneNotified, market};
    use serde_json::json;

    both!(best_matched_are_as_many_as_the_configuration_notifies);

    fn best_matched_are_as_many_as_the_configuration_notifies(OneNotified(world): &OneNotified) {
        let (buyer, best, next) = (world.buyer(), world.supplier(), world.party("Second Foundry", "TR"));
        best.publish_listing(&market::listing("BEST-1"));
        let mut less = market::listing("NEXT-1");
        less["hs_code"] = json!("730441");
        next.publish_listing(&less);
        world.drain();
        let rfq = buyer.publish_rfq(&market::rfq("Brass ball valve"));
        world.drain();
        let matches = buyer.get(&format!("/rfqs/{rfq}/matches")).expect(200).json();
        let ranked: Vec<&str> =
            matches["data"].as_array().unwrap().iter().filter_map(|found| found["company"]["id"].as_str()).collect();
        assert_eq!(ranked, [best.company.to_string(), next.company.to_string()], "{matches}");
        let seat = |party: &super::Party| {
            party.post(&format!("/rfqs/{rfq}/quotes"), &market::quote("3.3")).expect(201).text("/seat")
        };
        assert_eq!((seat(&best), seat(&next)), ("reserved".to_owned(), "open".to_owned()));
    }
}
