//! RFQs for invited suppliers: who is invited, who is told, who may quote, and that nobody else learns of them.

mod canary;
mod pages;
mod seats;

use serde_json::{Value, json};

use crate::documents;
use crate::support::{Answer, Client, Database, PASSWORD, Party, Setup, World, market};

both!(
    visibility_is_a_field_that_never_hides_what_was_public,
    invitations_of_a_draft_are_pending_until_it_is_published,
    invitation_to_an_open_rfq_is_sent_at_once_and_once,
    companies_that_cannot_be_invited_are_named_at_once,
    number_of_invitations_is_bounded,
    invited_supplier_reads_and_quotes,
    invited_supplier_declines_and_may_still_quote,
    withdrawn_quote_leaves_the_invitation_open,
    what_invited_suppliers_asked_is_shown_to_nobody_else,
    invitation_can_be_cancelled_before_a_quote,
    company_that_leaves_while_the_rfq_is_a_draft_is_not_told,
    matching_suggests_to_the_buyer_and_tells_nobody,
    rfq_that_is_opened_to_everyone_is_matched_and_told,
    email_names_the_buyer_only_where_the_rfq_does,
    events_of_the_rfq_reach_whom_it_invites,
    invitations_are_a_list_in_pages,
);

/// An RFQ that only invited suppliers see.
fn hidden(title: &str) -> Value {
    let mut rfq = market::rfq(title);
    rfq["visibility"] = json!("invited");
    rfq
}

fn invite(buyer: &Client, rfq: &str, companies: &[&Party]) -> Answer {
    let ids: Vec<String> = companies.iter().map(|party| party.company.to_string()).collect();
    buyer.post(&format!("/rfqs/{rfq}/invitations"), &json!({"companies": ids}))
}

/// The states of the RFQ's invitations by the names of the suppliers, newest first.
fn invited(buyer: &Client, rfq: &str) -> Vec<(String, String)> {
    states(&buyer.get(&format!("/rfqs/{rfq}/invitations")).expect(200))
}

fn states(list: &Answer) -> Vec<(String, String)> {
    let list = list.json();
    let text = |one: &Value, pointer: &str| one.pointer(pointer).unwrap().as_str().unwrap().to_owned();
    list["data"].as_array().unwrap().iter().map(|one| (text(one, "/company/name"), text(one, "/state"))).collect()
}

fn pair(party: &Party, state: &str) -> (String, String) {
    (party.name.clone(), state.to_owned())
}

/// How many e-mails about the title the company received.
fn told(world: &World, party: &Party, title: &str) -> usize {
    world.drain();
    world.mails_to(&party.email).iter().filter(|mail| format!("{mail:?}").contains(title)).count()
}

fn found(world: &World, query: &str) -> u64 {
    world.drain();
    world.anonymous().get(&format!("/search/rfqs?q={query}")).expect(200).json()["total"].as_u64().unwrap()
}

fn visibility_is_a_field_that_never_hides_what_was_public(world: &World) {
    let buyer = world.buyer();
    let id = buyer.post("/rfqs", &market::rfq("Brass tees")).expect(201).id();
    let path = format!("/rfqs/{id}");
    assert_eq!(buyer.get(&path).expect(200).text("/visibility"), "public");
    for visibility in ["invited", "public", "invited", "public"] {
        let changed = buyer.patch(&path, &json!({"visibility": visibility})).expect(200);
        assert_eq!(changed.text("/visibility"), visibility);
    }
    assert_eq!(buyer.patch(&path, &json!({"visibility": "secret"})).expect(422).wrong_fields(), ["/visibility"]);
    buyer.act(&format!("{path}/publish")).expect(200);
    let refused = buyer.patch(&path, &json!({"visibility": "invited"})).expect(422);
    assert_eq!(refused.wrong_fields(), ["/visibility"]);
    assert!(refused.body.contains("everyone could see the RFQ"), "{}", refused.body);
    let hidden = buyer.post("/rfqs", &hidden("Brass elbows")).expect(201);
    assert_eq!(hidden.text("/visibility"), "invited");
}

fn invitations_of_a_draft_are_pending_until_it_is_published(world: &World) {
    let (buyer, first, second) = (world.buyer(), world.supplier(), world.party("Second Foundry", "TR"));
    let rfq = buyer.post("/rfqs", &hidden("Brass crosses")).expect(201).id();
    let made = invite(&buyer, &rfq, &[&first]).expect(200);
    assert_eq!(states(&made), [pair(&first, "pending")]);
    assert_eq!(made.json()["has_more"], false);
    assert!(made.json()["data"][0]["since"].is_string());
    assert_eq!(invited(&buyer, &rfq), [pair(&first, "pending")]);
    assert_eq!(told(world, &first, "Brass crosses"), 0);
    first.get(&format!("/rfqs/{rfq}")).expect(404);
    assert_eq!(first.get("/rfq-invitations").expect(200).json()["data"], json!([]));
    assert_eq!(buyer.get(&format!("/rfqs/{rfq}")).expect(200).json()["invitations"], 1);
    buyer.act(&format!("/rfqs/{rfq}/publish")).expect(200);
    buyer.act(&format!("/rfqs/{rfq}/publish")).expect(200);
    assert_eq!(invited(&buyer, &rfq), [pair(&first, "invited")]);
    assert_eq!((told(world, &first, "Brass crosses"), told(world, &second, "Brass crosses")), (1, 0));
    let received = first.get("/rfq-invitations").expect(200).json();
    assert_eq!((&received["data"][0]["rfq"], &received["data"][0]["state"]), (&json!(rfq), &json!("invited")));
    assert_eq!(second.get("/rfq-invitations").expect(200).json()["data"], json!([]));
}

fn invitation_to_an_open_rfq_is_sent_at_once_and_once(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    supplier.publish_listing(&market::listing("ONCE-1"));
    let other = world.party("Second Foundry", "TR");
    let rfq = buyer.publish_rfq(&hidden("Brass ball valves for Zwolle"));
    assert_eq!(told(world, &supplier, "Zwolle"), 0);
    for _ in 0..3 {
        let states = states(&invite(&buyer, &rfq, &[&supplier, &supplier, &other]).expect(200));
        assert_eq!(states, [pair(&other, "invited"), pair(&supplier, "invited")]);
    }
    assert_eq!((told(world, &supplier, "Zwolle"), told(world, &other, "Zwolle")), (1, 1));
    // Beside the matching: who is invited is told so, and not by a second e-mail that it matches.
    let public = buyer.post("/rfqs", &market::rfq("Brass ball valves for Almere")).expect(201).id();
    invite(&buyer, &public, &[&supplier]).expect(200);
    buyer.act(&format!("/rfqs/{public}/publish")).expect(200);
    assert_eq!(told(world, &supplier, "Almere"), 1);
    let matches = buyer.get(&format!("/rfqs/{public}/matches")).expect(200);
    assert_eq!(matches.text("/data/0/company/id"), supplier.company.to_string());
    // Taken back and invited again: the e-mail is in its box already.
    let version = invited_version(&buyer, &rfq);
    let path = format!("/rfqs/{rfq}/invitations/{}", other.company);
    buyer.call("DELETE", &path).header("If-Match", &version).send().expect(204);
    invite(&buyer, &rfq, &[&other]).expect(200);
    assert_eq!(told(world, &other, "Zwolle"), 1);
}

/// The ETag of the RFQ's newest invitation.
fn invited_version(buyer: &Client, rfq: &str) -> String {
    let list = buyer.get(&format!("/rfqs/{rfq}/invitations")).expect(200).json();
    format!("\"v{}\"", list["data"][0]["version"])
}

fn companies_that_cannot_be_invited_are_named_at_once(world: &World) {
    let (buyer, supplier, blocking) = (world.buyer(), world.supplier(), world.party("Deaf Foundry", "TR"));
    let suspended = world.party("Suspended Foundry", "TR");
    world.app.db.write(|tx| tradepost::companies::actions::suspend(tx, suspended.company, "It is a test")).unwrap();
    blocking.post("/blocked-companies", &json!({"company": buyer.company})).expect(201);
    let closed = world.party("Closed Foundry", "IN");
    let leaver = world.browser(&closed.email);
    leaver.fill_in("/account/close", "/account/close", &[("current_password", PASSWORD)]).sent_to();
    world.drain();
    let rfq = buyer.publish_rfq(&hidden("Brass plugs"));
    let path = format!("/rfqs/{rfq}/invitations");
    let named = json!({"companies": [supplier.company, buyer.company, "cmp_0000000000001", suspended.company, blocking.company, closed.company]});
    let refused = buyer.post(&path, &named).expect(422);
    assert_eq!(
        refused.wrong_fields(),
        ["/companies/1", "/companies/2", "/companies/3", "/companies/4", "/companies/5"]
    );
    assert!(!refused.body.contains("block"), "nobody is told whom they are blocked by: {}", refused.body);
    assert!(invited(&buyer, &rfq).is_empty(), "one that is wrong keeps all of them out");
    assert_eq!((told(world, &supplier, "Brass plugs"), told(world, &blocking, "Brass plugs")), (0, 0));
    for empty in [json!({"companies": []}), json!({"companies": vec![supplier.company; 51]})] {
        assert_eq!(buyer.post(&path, &empty).expect(422).wrong_fields(), ["/companies"]);
    }
    assert_eq!(
        buyer.post(&path, &json!({"companies": ["rfq_0000000000001"]})).expect(422).wrong_fields(),
        ["/companies/0"]
    );
    // Of others' RFQs nothing is known, and of one that takes no quotes nobody is invited.
    supplier.post(&path, &json!({"companies": [blocking.company]})).expect(404);
    supplier.get(&path).expect(404);
    buyer.act(&format!("/rfqs/{rfq}/close")).expect(200);
    assert!(invite(&buyer, &rfq, &[&supplier]).expect(409).body.contains("only an open one"));
}

/// Limits that a test reaches.
struct Narrow(World);

impl Setup for Narrow {
    fn on(database: Database) -> Self {
        Self(World::with(database, |config| {
            config.limits.enabled = true;
            config.limits.sign_in_minute = 0;
            config.limits.invitations_per_rfq = 2;
        }))
    }
}

fn number_of_invitations_is_bounded(Narrow(world): &Narrow) {
    let (buyer, first) = (world.buyer(), world.supplier());
    let (second, third) = (world.party("Second Foundry", "TR"), world.party("Third Foundry", "IN"));
    let rfq = buyer.post("/rfqs", &hidden("Brass caps")).expect(201).id();
    assert!(invite(&buyer, &rfq, &[&first, &second, &third]).expect(409).body.contains("at most 2 suppliers"));
    assert!(invited(&buyer, &rfq).is_empty());
    invite(&buyer, &rfq, &[&first, &second]).expect(200);
    invite(&buyer, &rfq, &[&second, &first]).expect(200);
    invite(&buyer, &rfq, &[&third]).expect(409);
    world.drain();
}

fn invited_supplier_reads_and_quotes(world: &World) {
    let (buyer, supplier, stranger) = (world.buyer(), world.supplier(), world.party("Bystander", "FR"));
    let drawing = documents::send(&buyer, "drawing.pdf", documents::pdf("unions")).expect(201).id();
    let mut wanted = hidden("Brass unions");
    wanted["attachments"] = json!([drawing]);
    let rfq = buyer.publish_rfq(&wanted);
    invite(&buyer, &rfq, &[&supplier]).expect(200);
    let path = format!("/rfqs/{rfq}");
    let drawing = format!("/documents/{drawing}/content");
    supplier.get(&drawing).expect(200);
    for nobody in [&world.anonymous(), &*stranger as &Client] {
        nobody.get(&path).expect(404);
        nobody.get(&format!("{path}/questions")).expect(404);
        nobody.page(&path).expect(404);
        nobody.get(&drawing).expect(404);
    }
    let about = json!({"subject": {"kind": "rfq", "id": rfq}, "text": "Which port?"});
    assert!(stranger.post("/threads", &about).status >= 400);
    assert!(stranger.post("/reports", &json!({"about": rfq, "kind": "fraud"})).status >= 400);
    supplier.post("/threads", &about).expect(201);
    stranger.post(&format!("{path}/quotes"), &market::quote("3.1")).expect(404);
    stranger.post(&format!("{path}/questions"), &json!({"question": "Which port?"})).expect(404);
    stranger.get(&format!("{path}/why-not")).expect(404);
    stranger.post(&format!("{path}/decline-invitation"), &json!({})).expect(404);
    // A key that may not read RFQs is the public.
    let narrow =
        Client::new(&world.base, Some(world.key(supplier.company, &[tradepost::actor::Permission::QuotesRead])));
    narrow.get(&path).expect(404);
    let seen = supplier.get(&path).expect(200);
    assert_eq!((seen.text("/invitation"), seen.text("/visibility")), ("invited".to_owned(), "invited".to_owned()));
    assert_eq!(invited(&buyer, &rfq), [pair(&supplier, "seen")]);
    assert_eq!(buyer.get(&path).expect(200).json()["invitation"], Value::Null);
    supplier.post(&format!("{path}/questions"), &json!({"question": "Which port?"})).expect(201);
    supplier.get(&format!("{path}/why-not")).expect(200);
    let quote = supplier.submit_quote(&rfq, &market::quote("3.1"));
    assert_eq!(invited(&buyer, &rfq), [pair(&supplier, "quoted")]);
    assert_eq!(supplier.get("/rfq-invitations").expect(200).text("/data/0/state"), "quoted");
    supplier.act(&format!("{path}/decline-invitation")).expect(409);
    let back = format!("{path}/invitations/{}", supplier.company);
    let taken = buyer.call("DELETE", &back).header("If-Match", &invited_version(&buyer, &rfq)).send();
    assert!(taken.expect(409).body.contains("has quoted"));
    buyer.act(&format!("/quotes/{quote}/accept")).expect(200);
    assert_eq!(supplier.get(&path).expect(200).text("/state"), "awarded");
    stranger.get(&path).expect(404);
    world.drain();
}

fn withdrawn_quote_leaves_the_invitation_open(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let rfq = buyer.publish_rfq(&hidden("Brass bushes"));
    invite(&buyer, &rfq, &[&supplier]).expect(200);
    let quote = supplier.submit_quote(&rfq, &market::quote("3.1"));
    supplier.act(&format!("/quotes/{quote}/withdraw")).expect(200);
    assert_eq!(invited(&buyer, &rfq), [pair(&supplier, "seen")]);
    let decline = format!("/rfqs/{rfq}/decline-invitation");
    supplier.act(&decline).expect(200);
    // Closed, there is nothing left to decline.
    let other = buyer.publish_rfq(&hidden("Brass elbows"));
    invite(&buyer, &other, &[&supplier]).expect(200);
    buyer.act(&format!("/rfqs/{other}/close")).expect(200);
    supplier.act(&format!("/rfqs/{other}/decline-invitation")).expect(409);
    world.drain();
}

fn what_invited_suppliers_asked_is_shown_to_nobody_else(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let rfq = buyer.publish_rfq(&hidden("Brass bushes"));
    invite(&buyer, &rfq, &[&supplier]).expect(200);
    let path = format!("/rfqs/{rfq}");
    supplier.post(&format!("{path}/questions"), &json!({"question": "For which refinery?"})).expect(201);
    let opened = buyer.patch(&path, &json!({"visibility": "public"})).expect(422);
    assert_eq!(opened.wrong_fields(), ["/visibility"]);
    world.anonymous().get(&format!("{path}/questions")).expect(404);
    world.drain();
}

fn invited_supplier_declines_and_may_still_quote(world: &World) {
    let (buyer, supplier, uninvited) = (world.buyer(), world.supplier(), world.party("Bystander", "FR"));
    let rfq = buyer.publish_rfq(&market::rfq("Brass bushes"));
    invite(&buyer, &rfq, &[&supplier]).expect(200);
    let path = format!("/rfqs/{rfq}/decline-invitation");
    assert!(uninvited.act(&path).expect(409).body.contains("not invited"));
    for _ in 0..2 {
        let declined = supplier.act(&path).expect(200);
        assert_eq!((declined.text("/state"), declined.text("/rfq")), ("declined".to_owned(), rfq.clone()));
    }
    assert_eq!(invited(&buyer, &rfq), [pair(&supplier, "declined")]);
    // Invited again it stays declined: it has said so.
    invite(&buyer, &rfq, &[&supplier]).expect(200);
    assert_eq!(invited(&buyer, &rfq), [pair(&supplier, "declined")]);
    supplier.submit_quote(&rfq, &market::quote("3.1"));
    assert_eq!(invited(&buyer, &rfq), [pair(&supplier, "quoted")]);
    assert_eq!(told(world, &supplier, "You are invited"), 1);
}

fn invitation_can_be_cancelled_before_a_quote(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let rfq = buyer.publish_rfq(&hidden("Brass nipples"));
    invite(&buyer, &rfq, &[&supplier]).expect(200);
    supplier.get(&format!("/rfqs/{rfq}")).expect(200);
    let path = format!("/rfqs/{rfq}/invitations/{}", supplier.company);
    buyer.call("DELETE", &path).send().expect(428);
    buyer.call("DELETE", &path).header("If-Match", "\"v1\"").send().expect(412);
    supplier.call("DELETE", &path).header("If-Match", "\"v2\"").send().expect(404);
    let take = || buyer.call("DELETE", &path).header("If-Match", "\"v2\"").send();
    take().expect(204);
    take().expect(404);
    supplier.get(&format!("/rfqs/{rfq}")).expect(404);
    supplier.post(&format!("/rfqs/{rfq}/quotes"), &market::quote("3.1")).expect(404);
    assert_eq!(supplier.get("/rfq-invitations").expect(200).json()["data"], json!([]));
    world.drain();
}

fn company_that_leaves_while_the_rfq_is_a_draft_is_not_told(world: &World) {
    let (buyer, stays) = (world.buyer(), world.supplier());
    let (leaves, blocks) = (world.party("Gone Foundry", "TR"), world.party("Deaf Foundry", "IN"));
    let rfq = buyer.post("/rfqs", &hidden("Brass glands")).expect(201).id();
    invite(&buyer, &rfq, &[&stays, &leaves, &blocks]).expect(200);
    world.app.db.write(|tx| tradepost::companies::actions::suspend(tx, leaves.company, "It is a test")).unwrap();
    blocks.post("/blocked-companies", &json!({"company": buyer.company})).expect(201);
    buyer.act(&format!("/rfqs/{rfq}/publish")).expect(200);
    let kept = [pair(&blocks, "pending"), pair(&leaves, "pending"), pair(&stays, "invited")];
    assert_eq!(invited(&buyer, &rfq), kept);
    assert_eq!([&stays, &leaves, &blocks].map(|party| told(world, party, "Brass glands")), [1, 0, 0]);
    blocks.get(&format!("/rfqs/{rfq}")).expect(404);
    // Once it takes invitations again it can be sent its own.
    invite(&buyer, &rfq, &[&blocks]).expect(422);
    let entry = format!("/blocked-companies/{}", buyer.company);
    blocks.call("DELETE", &entry).header("If-Match", "\"v1\"").send().expect(204);
    invite(&buyer, &rfq, &[&blocks, &stays]).expect(200);
    assert_eq!(invited(&buyer, &rfq)[0], pair(&blocks, "invited"));
    assert_eq!([&stays, &blocks].map(|party| told(world, party, "Brass glands")), [1, 1]);
}

fn matching_suggests_to_the_buyer_and_tells_nobody(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    supplier.publish_listing(&market::listing("FIT-1"));
    world.drain();
    let rfq = buyer.publish_rfq(&hidden("Brass ball valves DN20 for few"));
    world.drain();
    let matches = buyer.get(&format!("/rfqs/{rfq}/matches")).expect(200);
    assert_eq!(matches.text("/data/0/company/id"), supplier.company.to_string());
    assert_eq!(matches.text("/data/0/state"), "suggested");
    let found = matches.text("/data/0/id");
    let learns_nothing = || {
        assert_eq!(supplier.get("/matches").expect(200).json()["data"], json!([]));
        supplier.post(&format!("/matches/{found}/dismiss"), &json!({"reason": "other"})).expect(404);
        supplier.get(&format!("/rfqs/{rfq}")).expect(404);
        supplier.get(&format!("/rfqs/{rfq}/why-not")).expect(404);
        let browser = world.browser(&supplier.email);
        browser.page(&format!("/desk/selling/matches/{found}")).expect(404);
        assert!(!browser.page("/desk/selling").expect(200).body.contains("for few"));
        assert_eq!(told(world, &supplier, "for few"), 0);
        let events = supplier.get("/events").expect(200).body;
        assert!(!events.contains("match.created") && !events.contains(&rfq), "{events}");
    };
    learns_nothing();
    // A listing that comes later, a change of the company and a change of the RFQ tell it no more.
    supplier.publish_listing(&market::listing("FIT-2"));
    world.drain();
    supplier.patch(&format!("/companies/{}", supplier.company), &json!({"markets": ["DE", "FR"]})).expect(200);
    world.drain();
    buyer.patch(&format!("/rfqs/{rfq}"), &json!({"destination_place": "Hamburg"})).expect(200);
    learns_nothing();
    invite(&buyer, &rfq, &[&supplier]).expect(200);
    assert_eq!(told(world, &supplier, "for few"), 1);
    supplier.get(&format!("/rfqs/{rfq}")).expect(200);
}

fn rfq_that_is_opened_to_everyone_is_matched_and_told(world: &World) {
    let (buyer, supplier, first) = (world.buyer(), world.supplier(), world.party("First Foundry", "TR"));
    supplier.publish_listing(&market::listing("OPENED-1"));
    first.publish_listing(&market::listing("OPENED-2"));
    world.drain();
    let rfq = buyer.publish_rfq(&hidden("Brass ball valves DN20 at last"));
    invite(&buyer, &rfq, &[&first]).expect(200);
    assert_eq!((told(world, &supplier, "at last"), found(world, "valves")), (0, 0));
    assert_eq!(
        buyer.patch(&format!("/rfqs/{rfq}"), &json!({"visibility": "public"})).expect(200).text("/visibility"),
        "public"
    );
    assert_eq!(found(world, "valves"), 1);
    assert_eq!((told(world, &supplier, "at last"), told(world, &first, "at last")), (1, 1));
    assert_eq!(supplier.get("/matches").expect(200).json()["data"].as_array().unwrap().len(), 1);
    assert!(supplier.get("/events").expect(200).body.contains("match.created"));
    supplier.get(&format!("/rfqs/{rfq}")).expect(200);
    world.anonymous().get(&format!("/rfqs/{rfq}")).expect(200);
}

fn email_names_the_buyer_only_where_the_rfq_does(world: &World) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    for (title, shows) in [("Brass flanges, nameless", false), ("Brass flanges, named", true)] {
        let mut wanted = hidden(title);
        wanted["show_buyer_name"] = json!(shows);
        let rfq = buyer.publish_rfq(&wanted);
        invite(&buyer, &rfq, &[&supplier]).expect(200);
        world.drain();
        let mails = world.mails_to(&supplier.email);
        let mail = mails.iter().find(|mail| mail.email.content.subject.contains(title)).expect("an invitation");
        let content = &mail.email.content;
        assert_eq!(format!("{content:?}").contains(&buyer.name), shows, "{content:?}");
        assert_eq!(content.action.as_ref().unwrap().1, format!("/rfqs/{rfq}"));
        assert!(content.paragraphs.iter().any(|text| text.contains("Only invited suppliers")), "{content:?}");
        let received = supplier.get("/rfq-invitations").expect(200).json();
        assert_eq!(received["data"][0]["buyer"].is_null(), !shows, "{received}");
        assert_eq!(supplier.get(&format!("/rfqs/{rfq}")).expect(200).json()["buyer"].is_null(), !shows);
    }
    // The stream of e-mails about matches can be refused; the invitation is there all the same.
    let browser = world.browser(&supplier.email);
    browser.submit("/account", "/account/notifications", &[]).sent_to();
    let rfq = buyer.publish_rfq(&hidden("Brass flanges, unread"));
    invite(&buyer, &rfq, &[&supplier]).expect(200);
    assert_eq!(told(world, &supplier, "unread"), 0);
    assert_eq!(invited(&buyer, &rfq), [pair(&supplier, "invited")]);
}

fn events_of_the_rfq_reach_whom_it_invites(world: &World) {
    let (buyer, supplier, stranger) = (world.buyer(), world.supplier(), world.party("Bystander", "FR"));
    let rfq = buyer.post("/rfqs", &hidden("Brass sockets")).expect(201).id();
    invite(&buyer, &rfq, &[&supplier]).expect(200);
    let types = |party: &Party| -> Vec<String> {
        let events = party.get("/events").expect(200).json();
        let events = events["data"].as_array().unwrap().clone();
        let about = events.iter().filter(|event| event["data"]["rfq"] == json!(rfq));
        about.map(|event| event["type"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(types(&supplier), [""; 0]);
    buyer.act(&format!("/rfqs/{rfq}/publish")).expect(200);
    buyer.patch(&format!("/rfqs/{rfq}"), &json!({"destination_place": "Hamburg"})).expect(200);
    buyer.act(&format!("/rfqs/{rfq}/withdraw")).expect(200);
    assert_eq!(types(&supplier), ["rfq.published", "rfq.changed", "rfq.withdrawn"]);
    assert_eq!(types(&buyer), ["rfq.published", "rfq.changed", "rfq.withdrawn"]);
    assert_eq!(types(&stranger), [""; 0]);
    world.drain();
}

fn invitations_are_a_list_in_pages(world: &World) {
    let buyer = world.buyer();
    let suppliers: Vec<Party> = (0..5).map(|number| world.party(&format!("Foundry {number}"), "CN")).collect();
    let rfq = buyer.publish_rfq(&hidden("Brass valves in pages"));
    for supplier in &suppliers {
        invite(&buyer, &rfq, &[supplier]).expect(200);
    }
    let path = format!("/rfqs/{rfq}/invitations?limit=2");
    let first = buyer.get(&path).expect(200);
    assert_eq!(states(&first), [pair(&suppliers[4], "invited"), pair(&suppliers[3], "invited")]);
    let next = first.text("/next_cursor");
    let second = buyer.get(&format!("{path}&cursor={next}")).expect(200);
    assert_eq!(states(&second), [pair(&suppliers[2], "invited"), pair(&suppliers[1], "invited")]);
    assert_eq!(second.json()["has_more"], true);
    // Of several RFQs of one buyer, a supplier reads its own invitations, the newest first.
    let later = buyer.publish_rfq(&market::rfq("Brass valves for all"));
    invite(&buyer, &later, &[&suppliers[0]]).expect(200);
    let received = suppliers[0].get("/rfq-invitations?limit=1").expect(200);
    assert_eq!((received.text("/data/0/rfq"), received.json()["has_more"].as_bool()), (later, Some(true)));
    world.drain();
}
