//! A suspended company is hidden with everything it has, can only read, and is restored completely.

use std::time::Duration;

use serde_json::json;

use super::decide;
use crate::faults::site::Site;
use crate::support::{Client, PATIENCE, Party, World, figures_hold, market, wait_at_most};

both!(
    suspended_company_is_hidden_and_can_only_read,
    lifted_suspension_restores_search_and_matching,
    suspended_company_disappears_from_search_within_seconds,
);

const REASON: &str = "Three buyers paid and got nothing";
/// Search finds nothing of a suspended company after so long, where the machine is the server's own.
const GONE: Duration = Duration::from_secs(5);

/// Whether search finds its listing, the company itself and its RFQ.
fn found(client: &Client, party: &Party, shop: &Shop) -> [bool; 3] {
    let finds = |kind: &str, query: &str, id: &str| {
        let words = serde_urlencoded::to_string([("q", query)]).unwrap();
        client.get(&format!("/search/{kind}?{words}")).expect(200).body.contains(id)
    };
    [
        finds("listings", "SUSPECTLOT", &shop.listing),
        finds("companies", &party.name, &party.company.to_string()),
        finds("rfqs", "Suspect", &shop.rfq),
    ]
}

/// What a company has that others see: a listing and an open RFQ that shows its name.
struct Shop {
    listing: String,
    rfq: String,
}

impl Shop {
    fn open(world: &World, party: &Party) -> Self {
        let listing = party.publish_listing(&market::listing("SUSPECTLOT"));
        let mut wanted = market::rfq("Suspect brass ball valves");
        wanted["show_buyer_name"] = json!(true);
        let shop = Self { listing, rfq: party.publish_rfq(&wanted) };
        world.drain();
        shop
    }

    fn addresses(&self, party: &Party) -> [String; 3] {
        [format!("/listings/{}", self.listing), format!("/rfqs/{}", self.rfq), format!("/companies/{}", party.company)]
    }
}

fn suspended_company_is_hidden_and_can_only_read(world: &World) {
    let (suspect, other, moderator) = (world.supplier(), world.buyer(), world.moderator());
    other.publish_listing(&market::listing("CASTINGA"));
    let shop = Shop::open(world, &suspect);
    let quote = suspect.submit_quote(&other.publish_rfq(&market::rfq("Brass valves")), &market::quote("3.0"));
    world.drain();
    let nobody = world.anonymous();
    assert_eq!(found(&nobody, &suspect, &shop), [true; 3]);
    assert!(other.get("/matches").expect(200).body.contains(&shop.rfq), "the other company was matched");
    let browser = world.browser(&suspect.email);
    let others = world.browser(&other.email);

    let report = other.post("/reports", &json!({"about": shop.rfq, "kind": "fraud"})).expect(201).id();
    decide(&moderator, &report, "suspend", REASON);

    // At once for every answer from the database, and as soon as the index has followed for search.
    for path in shop.addresses(&suspect) {
        nobody.get(&path).expect(404);
        nobody.page(&path).expect(404);
        other.get(&path).expect(404);
        suspect.get(&path).expect(200);
    }
    assert!(!nobody.page("/rfqs").expect(200).body.contains("Suspect brass"));
    other.get(&format!("/rfqs/{}/questions", shop.rfq)).expect(404);
    other.post(&format!("/rfqs/{}/quotes", shop.rfq), &market::quote("3.0")).expect(404);
    assert!(!other.get("/matches").expect(200).body.contains(&shop.rfq));
    assert!(!others.page("/desk/selling").expect(200).body.contains("Suspect brass"));
    world.drain();
    assert_eq!(found(&nobody, &suspect, &shop), [false; 3]);

    // Its people and programs read and write nothing; both get the reason.
    suspect.get("/listings").expect(200);
    suspect.get("/quotes").expect(200);
    let refused = suspect.post("/listings", &market::listing("MORE-1"));
    assert!(refused.status == 403 && refused.body.contains("suspended"), "{}", refused.body);
    suspect.act(&format!("/listings/{}/pause", shop.listing)).expect(403);
    suspect.act(&format!("/quotes/{quote}/withdraw")).expect(403);
    suspect.post("/reports", &json!({"about": other.company, "kind": "fraud"})).expect(403);
    suspect.post("/api-keys", &json!({"name": "x", "scopes": ["rfqs:read"]})).expect(403);
    assert!(browser.page("/desk/selling").expect(200).body.contains("A moderator suspended"));
    assert!(browser.page("/account/moderation").expect(200).body.contains(REASON));
    browser.submit("/account", "/account/company", &[("name", "Another"), ("country", "CN")]).expect(403);
    assert!(world.mails_to(&suspect.email).iter().any(|mail| format!("{mail:?}").contains(REASON)));

    // Nothing new of it is matched or mailed, and nothing is agreed with it.
    let emails = world.mails().len();
    let fresh = world.party("Fresh Valves", "IT");
    fresh.publish_listing(&market::listing("FRESHA"));
    let wanted = fresh.publish_rfq(&market::rfq("Brass ball valves"));
    world.drain();
    let matched = fresh.get(&format!("/rfqs/{wanted}/matches")).expect(200);
    assert!(!matched.body.contains(&suspect.company.to_string()), "{}", matched.body);
    let told: Vec<_> = world.mails().into_iter().skip(emails).collect();
    assert!(!told.iter().any(|mail| format!("{mail:?}").contains("Suspect brass")), "{told:?}");
    assert!(!told.iter().any(|mail| mail.to == suspect.email), "{told:?}");
    let accepted = other.act(&format!("/quotes/{quote}/accept"));
    assert!(accepted.status == 409 && accepted.body.contains("suspended"), "{}", accepted.body);
}

fn lifted_suspension_restores_search_and_matching(world: &World) {
    let (suspect, moderator) = (world.supplier(), world.moderator());
    let shop = Shop::open(world, &suspect);
    let page = format!("/moderation/companies/{}", suspect.company);
    let act = |step: &str, reason: &str| moderator.fill_in(&page, &format!("{page}/{step}"), &[("reason", reason)]);
    assert_eq!(act("suspend", "").status, 422, "a reason is needed");
    act("suspend", REASON).sent_to();
    world.drain();
    assert_eq!(found(&world.anonymous(), &suspect, &shop), [false; 3]);
    let again = moderator.submit(&page, &format!("{page}/suspend"), &[("reason", REASON)]);
    assert!(again.status == 422 && again.body.contains("suspended already"), "{}", again.body);
    let meanwhile = world.party("Meanwhile Foundry", "TR");
    meanwhile.publish_listing(&market::listing("MEANWHILE"));
    world.drain();
    assert!(!meanwhile.get("/matches").expect(200).body.contains(&shop.rfq));

    let asked = world.buyer();
    let missed = asked.publish_rfq(&market::rfq("Brass ball valves, asked for meanwhile"));
    world.drain();
    assert!(!suspect.get("/matches").expect(200).body.contains(&missed));

    act("lift", "The goods arrived after all").sent_to();
    let nobody = world.anonymous();
    for path in shop.addresses(&suspect) {
        nobody.get(&path).expect(200);
    }
    world.drain();
    assert_eq!(found(&nobody, &suspect, &shop), [true; 3]);
    assert!(meanwhile.get("/matches").expect(200).body.contains(&shop.rfq), "its RFQ was matched once more");
    assert!(suspect.get("/matches").expect(200).body.contains(&missed), "its listing was matched with what it missed");
    suspect.post("/listings", &market::listing("MORE-1")).expect(201);
    let mails = world.mails_to(&suspect.email);
    assert!(mails.iter().any(|mail| format!("{mail:?}").contains("The goods arrived after all")), "{mails:?}");
    let history = moderator.page(&page).expect(200).body;
    assert!(history.contains("Suspended") && history.contains("Suspension lifted"));
}

/// Nobody drives this one: its index follows by itself, as often as it does where nothing else is configured.
fn suspended_company_disappears_from_search_within_seconds(site: &Site) {
    let mut node =
        site.node("served", &["serve"]).with("SEARCH__COMMIT_EVERY_MS", "150").with("WORKERS__POLL_MS", "500");
    node.start();
    let supplier = node.client(&site.supplier);
    let company = supplier.get("/me").expect(200).text("/company");
    let listing = supplier.publish_listing(&market::listing("SUSPECTLOT"));
    let nobody = Client::new(&node.base(), None);
    let finds = |path: &str, id: &str| nobody.get(path).expect(200).body.contains(id);
    let found = || [finds("/search/listings?q=SUSPECTLOT", &listing), finds("/search/companies?q=forge", &company)];
    wait_at_most(PATIENCE, "both to be found", || found() == [true; 2]);
    let moderator = site.moderator(&node.base());
    let page = format!("/moderation/companies/{company}");
    moderator.fill_in(&page, &format!("{page}/suspend"), &[("reason", REASON)]).sent_to();
    let took = wait_at_most(PATIENCE, "neither to be found", || found() == [false; 2]);
    eprintln!("gone from search after {took:?}");
    assert!(!figures_hold() || took < GONE, "gone from search only after {took:?}");
    nobody.get(&format!("/listings/{listing}")).expect(404);
}
