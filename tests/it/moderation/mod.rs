//! Reports, what moderators decide about them, and what a decision does: through REST, the site and e-mails.

mod public_text;
mod suspension;

use chrono::Duration;
use serde_json::json;

use crate::support::{Client, Database, Setup, World, market};

both!(
    upheld_report_removes_listing_and_notifies_both_sides,
    invalid_report_is_refused_by_field,
    dismissed_report_changes_nothing,
    every_kind_of_report_reaches_the_moderators,
    removed_rfq_shows_its_buyer_the_reason,
    irrelevant_quote_costs_open_quotes,
    moderator_cannot_decide_about_own_company,
    reports_per_day_are_limited,
);

const REASON: &str = "The text sells watches, not valves";

/// Decides a report as the moderator's page lets one do it.
#[track_caller]
pub fn decide(moderator: &Client, report: &str, decision: &str, reason: &str) {
    let page = format!("/moderation/reports/{report}");
    assert_eq!(moderator.fill_in(&page, &page, &[("decision", decision), ("reason", reason)]).sent_to(), page);
}

fn upheld_report_removes_listing_and_notifies_both_sides(world: &World) {
    let (supplier, buyer, other, moderator) =
        (world.supplier(), world.buyer(), world.party("Third", "FR"), world.moderator());
    let listing = supplier.publish_listing(&market::listing("SPAM-1"));
    world.drain();
    // One report by the API, one by the site.
    let report = buyer.post("/reports", &json!({"about": listing, "kind": "advertising"})).expect(201);
    assert_eq!((report.text("/state"), report.text("/about")), ("open".to_owned(), listing.clone()));
    let again = buyer.post("/reports", &json!({"about": listing, "kind": "fraud", "words": "Once more"}));
    assert_eq!((again.status, again.problem()), (409, "duplicate".to_owned()));
    let browser = world.browser(&other.email);
    assert!(browser.page(&format!("/listings/{listing}")).links_to(&format!("/report?about={listing}")));
    let form = format!("/report?about={listing}");
    let typed = [("kind", "false_claim"), ("words", "No such certificate exists; see mail@issuer.example")];
    assert_eq!(browser.fill_in(&form, "/report", &typed).sent_to(), "/account/moderation?reported");

    let queue = moderator.page("/moderation").expect(200);
    assert!(queue.body.contains("2 open reports") && queue.links_to(&format!("/moderation/reports/{}", report.id())));
    assert!(moderator.page("/").body.contains("href=\"/moderation\""));
    assert!(!browser.page("/").body.contains("href=\"/moderation\""));
    let case = moderator.page(&format!("/moderation/reports/{}", report.id())).expect(200);
    assert!(case.body.contains("see mail@issuer.example"), "the other report stands beside: {}", case.body);
    decide(&moderator, &report.id(), "take_off", REASON);
    world.drain();

    // Both reports are decided, and the owner and both reporters hear of it; nobody hears who reported.
    let decided = buyer.get(&format!("/reports/{}", report.id())).expect(200);
    assert_eq!(decided.text("/state"), "upheld");
    assert_eq!((decided.text("/decision"), decided.text("/reason")), ("take_off".to_owned(), REASON.to_owned()));
    assert_eq!(other.get("/reports").expect(200).text("/data/0/state"), "upheld");
    for (email, words) in [
        (&supplier.email, "removed the listing"),
        (&buyer.email, "A moderator removed it"),
        (&other.email, "A moderator removed it"),
    ] {
        let mails = world.mails_to(email);
        let told = mails.iter().filter(|mail| format!("{mail:?}").contains(REASON)).collect::<Vec<_>>();
        assert_eq!(told.len(), 1, "{email}: {mails:?}");
        let text = format!("{:?}", told[0]);
        assert!(text.contains(words), "{text}");
        assert!(!text.contains(&buyer.name) && !text.contains("Mila"), "an e-mail names who reported: {text}");
    }

    // It is gone for all but its owner, who reads why, and does not come back under its number.
    world.anonymous().get(&format!("/listings/{listing}")).expect(404);
    let found = world.anonymous().get("/search/listings?q=SPAM-1").expect(200);
    assert_eq!(found.json()["total"], 0);
    let own = supplier.get(&format!("/listings/{listing}")).expect(200);
    assert_eq!((own.text("/state"), own.text("/removed_reason")), ("removed".to_owned(), REASON.to_owned()));
    let page = world.browser(&supplier.email).page(&format!("/listings/{listing}")).expect(200);
    assert!(page.body.contains("Removed by a moderator") && page.body.contains(REASON));
    let back = supplier.put("/listings/by-sku/SPAM-1", &market::listing("SPAM-1"));
    assert!(back.status == 409 && back.body.contains(REASON), "{}", back.body);
    assert_eq!(supplier.post("/listings", &market::listing("SPAM-1")).status, 409);
    assert!(world.browser(&supplier.email).page("/account/moderation").body.contains(REASON));

    // The history has who and why; a second decision is refused.
    let history = moderator.page("/moderation/history").expect(200).body;
    assert!(history.contains("Mila Moderator") && history.contains(REASON) && history.contains(&listing));
    let path = format!("/moderation/reports/{}", report.id());
    assert!(!moderator.page(&path).body.contains("action=\"/moderation/reports"), "a decided report offers no form");
    let second = moderator.submit("/moderation", &path, &[("decision", "dismiss"), ("reason", "Once more")]);
    assert!(second.status == 422 && second.body.contains("decided already"), "{}", second.body);
}

fn invalid_report_is_refused_by_field(world: &World) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    let listing = supplier.publish_listing(&market::listing("A-1"));
    let draft = supplier.post("/listings", &market::listing("A-2")).expect(201).id();
    let refused = |body: serde_json::Value| {
        let answer = buyer.post("/reports", &body);
        assert_eq!((answer.status, answer.problem()), (422, "invalid".to_owned()), "{body}");
        answer.wrong_fields()
    };
    assert_eq!(refused(json!({"about": listing, "kind": "off_target"})), ["/kind"]);
    assert_eq!(refused(json!({"about": listing, "kind": "contact_quota"})), ["/kind"]);
    assert_eq!(refused(json!({"about": listing, "kind": "other"})), ["/words"]);
    assert_eq!(refused(json!({"about": listing, "kind": "nonsense"})), ["/kind"]);
    assert_eq!(refused(json!({"about": "usr_0000000000001", "kind": "fraud"})), ["/about"]);
    // What one may not see cannot be told from what does not exist.
    assert_eq!(refused(json!({"about": draft, "kind": "fraud"})), ["/about"]);
    assert_eq!(refused(json!({"about": "lst_0000000000001", "kind": "fraud"})), ["/about"]);
    assert_eq!(refused(json!({"about": buyer.company, "kind": "fraud"})), ["/about"]);
    assert_eq!(buyer.get("/reports").expect(200).json()["data"], json!([]));
}

fn dismissed_report_changes_nothing(world: &World) {
    let (supplier, buyer, moderator) = (world.supplier(), world.buyer(), world.moderator());
    let listing = supplier.publish_listing(&market::listing("A-1"));
    let report = buyer.post("/reports", &json!({"about": supplier.company, "kind": "fraud"})).expect(201).id();
    let without = moderator.fill_in(
        &format!("/moderation/reports/{report}"),
        &format!("/moderation/reports/{report}"),
        &[("decision", "dismiss"), ("reason", "Write to owner1@company.example")],
    );
    assert!(without.status == 422 && without.body.contains("must not contain an e-mail address"), "{}", without.body);
    decide(&moderator, &report, "dismiss", "Its certificate is right");
    world.drain();
    assert_eq!(buyer.get(&format!("/reports/{report}")).expect(200).text("/state"), "dismissed");
    world.anonymous().get(&format!("/listings/{listing}")).expect(200);
    assert_eq!(world.mails_to(&supplier.email).len(), 1);
    // Decided, so the same company may report it again.
    buyer.post("/reports", &json!({"about": supplier.company, "kind": "fraud"})).expect(201);
}

/// Each kind of which a listing may be guilty.
fn every_kind_of_report_reaches_the_moderators(world: &World) {
    let (supplier, buyer, moderator) = (world.supplier(), world.buyer(), world.moderator());
    let kinds = ["advertising", "phishing", "fraud", "false_claim", "other"];
    for (number, kind) in kinds.into_iter().enumerate() {
        let about = supplier.publish_listing(&market::listing(&format!("K-{number}")));
        let report = json!({"about": about, "kind": kind, "words": "It asks for a card number"});
        let made = buyer.post("/reports", &report).expect(201);
        assert_eq!(made.text("/kind"), kind);
        let case = moderator.page(&format!("/moderation/reports/{}", made.id())).expect(200).body;
        assert!(case.contains("It asks for a card number"), "{kind}: {case}");
        decide(&moderator, &made.id(), "take_off", REASON);
        assert_eq!(buyer.get(&format!("/reports/{}", made.id())).expect(200).text("/state"), "upheld");
        world.anonymous().get(&format!("/listings/{about}")).expect(404);
    }
    world.drain();
}

fn removed_rfq_shows_its_buyer_the_reason(world: &World) {
    let (supplier, buyer, moderator) = (world.supplier(), world.buyer(), world.moderator());
    let rfq = buyer.publish_rfq(&market::rfq("Brass ball valves"));
    supplier.submit_quote(&rfq, &market::quote("3.1"));
    let report = supplier.post("/reports", &json!({"about": rfq, "kind": "price_fishing"})).expect(201).id();
    decide(&moderator, &report, "take_off", "It asks every week and never buys");
    world.drain();
    let own = buyer.get(&format!("/rfqs/{rfq}")).expect(200);
    assert_eq!(own.text("/state"), "withdrawn");
    assert_eq!(own.text("/withdrawn_reason"), "It asks every week and never buys");
    world.anonymous().get(&format!("/rfqs/{rfq}")).expect(404);
    let desk = world.browser(&buyer.email).page(&format!("/desk/buying/rfqs/{rfq}")).expect(200);
    assert!(desk.body.contains("Removed by a moderator"));
    let mails = world.mails_to(&supplier.email);
    assert!(mails.iter().any(|mail| format!("{mail:?}").contains("RFQ removed")), "who quoted is told: {mails:?}");
}

fn irrelevant_quote_costs_open_quotes(world: &World) {
    let (supplier, buyer, moderator) = (world.supplier(), world.buyer(), world.moderator());
    let rfq = buyer.publish_rfq(&market::rfq("Brass ball valves"));
    let quote = supplier.submit_quote(&rfq, &market::quote("3.1"));
    supplier.post("/reports", &json!({"about": quote, "kind": "off_target"})).expect(422);
    let report = buyer.post("/reports", &json!({"about": quote, "kind": "off_target"})).expect(201).id();
    let next = buyer.publish_rfq(&market::rfq("Gate valves"));
    let browser = world.browser(&supplier.email);
    let seats = |marks: &str| {
        let page = browser.page(&format!("/rfqs/{next}/quote")).expect(200).body;
        assert!(page.contains(marks), "{page}");
    };
    seats("each of 0 quotes");
    decide(&moderator, &report, "mark_off_target", "Steel was asked for, brass was quoted");
    world.drain();
    seats("each of 1 quote ");
    let view = supplier.get(&format!("/quotes/{quote}")).expect(200);
    assert_eq!((view.json()["off_target"].as_bool(), view.text("/state")), (Some(true), "submitted".to_owned()));
    world.clock.advance(chrono::Duration::days(91));
    let later = buyer.publish_rfq(&market::rfq("Check valves"));
    let page = world.browser(&supplier.email).page(&format!("/rfqs/{later}/quote")).expect(200).body;
    assert!(page.contains("each of 0 quotes"), "a mark counts for 90 days: {page}");
}

fn moderator_cannot_decide_about_own_company(world: &World) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    let (suppliers, buyers) = (world.moderator_of(supplier.company), world.moderator_of(buyer.company));
    let report = buyer.post("/reports", &json!({"about": supplier.company, "kind": "fraud"})).expect(201).id();
    let path = format!("/moderation/reports/{report}");
    for (moderator, words) in [(&suppliers, "your own company"), (&buyers, "own company reported this")] {
        let answer = moderator.fill_in(&path, &path, &[("decision", "suspend"), ("reason", "It is so")]);
        assert!(answer.status == 422 && answer.body.contains(words), "{}", answer.body);
    }
    let suspend = format!("/moderation/companies/{}/suspend", supplier.company);
    let own = format!("/moderation/companies/{}", supplier.company);
    assert_eq!(suppliers.fill_in(&own, &suspend, &[("reason", "It is so")]).status, 422);
    assert_eq!(buyer.get(&format!("/reports/{report}")).expect(200).text("/state"), "open");
    world.anonymous().get(&format!("/companies/{}", supplier.company)).expect(200);
}

/// A world in which a company makes two reports a day.
struct Two(World);

impl Setup for Two {
    fn on(database: Database) -> Self {
        Self(World::with(database, |config| {
            config.limits.enabled = true;
            config.limits.reports_per_day = 2;
        }))
    }
}

fn reports_per_day_are_limited(Two(world): &Two) {
    let (buyer, other) = (world.buyer(), world.party("Third", "FR"));
    let told: Vec<_> = ["A", "B", "C", "D"].iter().map(|name| world.party(name, "CN").company).collect();
    let report = |by: &Client, about: usize| by.post("/reports", &json!({"about": told[about], "kind": "fraud"}));
    report(&buyer, 0).expect(201);
    world.clock.advance(Duration::hours(23));
    report(&buyer, 1).expect(201);
    let refused = report(&buyer, 2).expect(429);
    assert_eq!((refused.problem().as_str(), refused.header("retry-after")), ("too_many_requests", Some("3600")));
    report(&other, 2).expect(201);
    world.clock.advance(Duration::hours(1) + Duration::seconds(1));
    report(&buyer, 2).expect(201);
    report(&buyer, 3).expect(429);
    assert_eq!(buyer.get("/reports").expect(200).json()["data"].as_array().unwrap().len(), 3);
    let limits = tradepost::config::Limits { enabled: true, ..world.app.config.limits.clone() };
    assert!(!limits.is_reached(0, 1_000), "0 turns it off");
}
