//! Contact reveals: the two grounds, the quota and its alarm, who saw ours, and a crawl with many accounts.

use chrono::Duration;
use diesel::prelude::*;
use serde_json::json;
use tradepost::actor::Permission;
use tradepost::companies::evidence::{EvidenceKind, Facts, actions as evidence};
use tradepost::companies::{CompanyFields, actions as companies};
use tradepost::ids::CompanyId;
use tradepost::workers::sweep;

use crate::access::documented;
use crate::support::{Answer, Client, Party, World, market};

both!(
    shortlisted_quote_discloses_contacts_of_both_sides,
    documented_company_can_request_contacts_and_owner_is_notified,
    crawler_sees_no_more_contacts_than_its_quota,
    owner_is_notified_of_every_viewer_however_many_views_a_day_has,
);

/// A GLN of its own for each number, check digit included.
fn gln(number: u32) -> String {
    let body = format!("4006381{number:05}");
    let sum: u32 =
        body.chars().zip([1, 3].into_iter().cycle()).map(|(c, weight)| c.to_digit(10).unwrap() * weight).sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

/// Makes a company documented, as two decisions of a moderator would.
fn document(world: &World, party: &Party, number: u32) {
    let numbers = json!({"identifiers": [{"kind": "gln", "value": gln(number)}]});
    party.patch(&format!("/companies/{}", party.company), &numbers).expect(200);
    let facts = Facts { issuer: "Register".to_owned(), documents: vec!["Licence".to_owned()], ..Facts::default() };
    let until = world.clock.today() + Duration::days(300);
    let level = world.app.db.write(|tx| {
        evidence::record(tx, party.company, EvidenceKind::Register, &facts, None)?;
        evidence::record(tx, party.company, EvidenceKind::Documents, &facts, Some(until))
    });
    assert_eq!(level.unwrap().as_str(), "documented");
}

/// The company names a contact person, whose address no other text holds.
fn contact(client: &Client, company: CompanyId, mark: &str) {
    let person =
        json!({"name": format!("Person {mark}"), "role": "sales", "email": format!("{mark}@contacts.example")});
    client.post(&format!("/companies/{company}/contacts"), &person).expect(201);
}

fn reveal(viewer: &Client, owner: CompanyId) -> Answer {
    viewer.post(&format!("/companies/{owner}/reveal-contact"), &json!({}))
}

fn shortlisted_quote_discloses_contacts_of_both_sides(world: &World) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    contact(&supplier, supplier.company, "seller-4711");
    contact(&buyer, buyer.company, "purchaser-4712");
    let mut asked = market::rfq("Brass ball valves");
    asked["show_buyer_name"] = json!(true);
    let rfq = buyer.publish_rfq(&asked);
    let quote = supplier.submit_quote(&rfq, &market::quote("3.1"));
    assert_eq!(reveal(&buyer, supplier.company).status, 403, "a quote alone opens nothing");
    let sellers_page = || world.browser(&supplier.email).page(&format!("/quotes/{quote}")).expect(200);
    let buyers_contacts = format!("/companies/{}/reveal-contact", buyer.company);
    assert!(!sellers_page().links_to(&buyers_contacts), "nor does its page lead there");
    let browser = world.browser(&buyer.email);
    browser.page(&format!("/companies/{}/contacts", supplier.company)).expect(404);
    buyer.act(&format!("/quotes/{quote}/shortlist")).expect(200);
    let seen = reveal(&buyer, supplier.company).expect(200);
    assert_eq!(seen.text("/contacts/0/email"), "seller-4711@contacts.example");
    assert_eq!((seen.text("/ground"), seen.json()["left"].as_i64()), ("quote".to_owned(), Some(20)));
    assert_eq!(
        reveal(&supplier, buyer.company).expect(200).text("/contacts/0/email"),
        "purchaser-4712@contacts.example"
    );
    // The page says what will happen first; nothing but the two pages and the answer holds the contact.
    let page = browser.page(&format!("/quotes/{quote}")).expect(200);
    assert!(page.links_to(&format!("/companies/{}/reveal-contact", supplier.company)));
    assert!(sellers_page().links_to(&buyers_contacts));
    let ask = format!("/companies/{}/reveal-contact", supplier.company);
    assert!(browser.page(&ask).expect(200).body.contains("this is not counted"));
    let contacts = browser.say_yes(&ask).sent_to();
    assert!(browser.page(&contacts).expect(200).body.contains("seller-4711@contacts.example"));
    // One look in 24 hours is one line for the owner.
    let looks = supplier.get("/contact-reveals").expect(200).json();
    assert_eq!(looks["data"].as_array().unwrap().len(), 1, "{looks}");
    assert_eq!(looks["data"][0]["viewer"]["name"], buyer.name.as_str());
    assert_eq!(reveal(&buyer, buyer.company).status, 409, "one's own are no secret");
    assert_eq!(reveal(&buyer, "cmp_0000000000001".parse().unwrap()).status, 404);
}

fn documented_company_can_request_contacts_and_owner_is_notified(world: &World) {
    let (owner, viewer) = (world.supplier(), world.buyer());
    contact(&owner, owner.company, "seller-4713");
    assert_eq!(reveal(&viewer, owner.company).status, 403);
    document(world, &viewer, 1);
    let seen = reveal(&viewer, owner.company).expect(200);
    assert_eq!((seen.text("/ground"), seen.json()["left"].as_i64()), ("asked".to_owned(), Some(19)));
    assert_eq!(reveal(&viewer, owner.company).expect(200).json()["left"], 19, "the same look");
    let ours = world.browser(&owner.email).page("/account/contact-reveals").expect(200);
    assert!(ours.body.contains(&viewer.name) && ours.body.contains("on request"), "{}", ours.body);
    // One e-mail a day, after the day, once.
    sweep(&world.app).unwrap();
    world.drain();
    assert!(world.mails_to(&owner.email).is_empty(), "not before the day is over");
    world.clock.advance(Duration::days(1));
    sweep(&world.app).unwrap();
    sweep(&world.app).unwrap();
    world.drain();
    let mails = world.mails_to(&owner.email);
    assert_eq!(mails.len(), 1, "{mails:?}");
    let email = format!("{:?}", mails[0]);
    assert!(email.contains(&viewer.name) && !email.contains("seller-4713"), "{email}");
    let looks = viewer.get("/contact-reveals").expect(200).json();
    assert_eq!(looks["data"], json!([]), "who looked does not see the owner's list");
}

/// A company without people: its program and a contact.
fn owner(world: &World, number: usize) -> CompanyId {
    let mut fields = CompanyFields::new(format!("Owner {number}"), "CN".parse().unwrap());
    fields.check().unwrap();
    let company = world.app.db.write(|tx| companies::register(tx, &fields, None)).unwrap();
    let all: Vec<Permission> = Permission::ALL.iter().map(|(permission, _)| *permission).collect();
    let client = Client::new(&world.base, Some(world.key(company, &all)));
    contact(&client, company, &format!("harvest-{number:03}"));
    client.publish_listing(&market::listing(&format!("H-{number}")));
    company
}

/// Fetches everything that can be reached with the company's key and gathers the contacts in it.
fn crawl(client: &Client, owners: &[CompanyId]) -> usize {
    let mut seen = std::collections::BTreeSet::new();
    let mut look = |answer: &Answer| {
        for (at, _) in answer.body.match_indices("harvest-") {
            seen.insert(answer.body[at..].chars().take(11).collect::<String>());
        }
    };
    let gets: Vec<String> =
        documented().into_iter().filter_map(|call| call.strip_prefix("GET ").map(str::to_owned)).collect();
    for path in &gets {
        if !path.contains('{') {
            look(&client.get(path));
        } else if path.starts_with("/companies/{id}") {
            owners.iter().for_each(|owner| look(&client.get(&path.replace("{id}", &owner.to_string()))));
        }
    }
    for owner in owners {
        look(&reveal(client, *owner));
        look(&client.call("GET", &format!("/companies/{owner}")).at_root().send());
    }
    seen.len()
}

fn crawler_sees_no_more_contacts_than_its_quota(world: &World) {
    let owners: Vec<CompanyId> = (1..=23).map(|number| owner(world, number)).collect();
    world.drain();
    let documented: Vec<Party> = (1..=2).map(|number| world.party(&format!("Crawler {number}"), "FR")).collect();
    for (number, party) in documented.iter().enumerate() {
        document(world, party, 100 + u32::try_from(number).unwrap());
    }
    assert_eq!(crawl(&world.anonymous(), &owners), 0);
    assert_eq!(crawl(&world.party("Registered only", "FR"), &owners), 0);
    for party in &documented {
        assert_eq!(crawl(party, &owners), 20, "the quota of a day, no more");
    }
    let over = reveal(&documented[0], owners[22]);
    assert_eq!((over.status, over.problem()), (429, "too_many_requests".to_owned()));
    assert!(over.header("retry-after").is_some());
    // The moderators have it at once.
    let moderator = world.moderator();
    let queue = moderator.page("/moderation?kind=contact_quota").expect(200).body;
    assert!(documented.iter().all(|party| queue.contains(&party.name)) && queue.contains("the platform"), "{queue}");
    // The next day the quota is there again.
    world.clock.advance(Duration::hours(25));
    assert_eq!(reveal(&documented[0], owners[22]).expect(200).json()["contacts"].as_array().map(Vec::len), Some(1));
}

fn owner_is_notified_of_every_viewer_however_many_views_a_day_has(world: &World) {
    let (owner, first, last) = (world.supplier(), world.buyer(), world.party("The last viewer", "FR"));
    // One statement, which both databases read: 5 000 reveals of one viewer, then one of another.
    let sql = format!(
        "INSERT INTO contact_reveals (id, company_id, viewer_id, ground, at)
         WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 5001)
         SELECT n, {owner}, CASE WHEN n < 5001 THEN {first} ELSE {last} END, 'asked', {at} FROM numbers",
        owner = owner.company.0,
        first = first.company.0,
        last = last.company.0,
        at = world.clock.now().format("'%Y-%m-%d %H:%M:%S%.6f'"),
    );
    world.app.db.write(|tx| Ok(diesel::sql_query(&sql).execute(tx.conn()).map(drop)?)).unwrap();
    world.clock.advance(Duration::days(1));
    for _ in 0..3 {
        sweep(&world.app).unwrap();
    }
    world.drain();
    let mails = world.mails_to(&owner.email);
    assert_eq!(mails.len(), 1, "{mails:?}");
    let content = format!("{:?}", mails[0]);
    assert!(
        content.contains("2 companies") && content.contains(&first.name) && content.contains(&last.name),
        "{content}"
    );
}
