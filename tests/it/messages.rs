//! Conversations of two companies: who may begin one, what each side reads, what is hidden, what is mailed, and who is blocked.

use std::sync::Barrier;

use chrono::Duration;
use serde_json::{Value, json};
use tradepost::actor::{Permission, Role};
use tradepost::text::find_contact;

use crate::mail::Post;
use crate::support::{Answer, Client, Database, Party, Setup, World, market};

both!(
    enquiry_is_one_thread_that_both_sides_read,
    thread_is_archived_and_assigned_by_each_side_for_itself,
    contact_data_is_masked_until_a_quote_is_shortlisted,
    active_partnership_opens_contact_data,
    hidden_buyer_stays_hidden_until_the_award,
    nobody_writes_about_what_is_not_theirs_to_see,
    blocked_company_is_told_neutrally_and_nobody_is_mailed,
    two_first_messages_at_once_make_one_thread,
    emails_of_a_thread_are_one_conversation,
    colleague_who_answers_is_mailed_alone_and_streams_can_be_refused,
    messages_of_a_company_are_bounded_per_day,
    search_finds_words_and_no_contact_data,
    conversation_is_written_and_read_on_the_site,
    company_page_says_how_it_answers,
    received_message_can_be_reported,
    attached_document_is_read_by_both_sides_alone,
);

const SECRET: &str =
    "Write to anna@acme-valves.com or ＋８６ １３８ ００１３ ８０００, or =?utf-8?b?YW5uYUBhY21lLmNvbQ==?= here.";

fn start(writer: &Client, kind: &str, id: impl ToString, text: &str) -> Answer {
    writer.post("/threads", &json!({"subject": {"kind": kind, "id": id.to_string()}, "text": text}))
}

fn reply(writer: &Client, thread: &str, text: &str) -> Answer {
    writer.post(&format!("/threads/{thread}/messages"), &json!({"text": text}))
}

fn texts(reader: &Client, thread: &str) -> Vec<String> {
    let messages = reader.get(&format!("/threads/{thread}/messages")).expect(200).json();
    messages["data"].as_array().unwrap().iter().map(|one| one["text"].as_str().unwrap().to_owned()).collect()
}

fn threads(reader: &Client, query: &str) -> Vec<Value> {
    reader.get(&format!("/threads{query}")).expect(200).json()["data"].as_array().unwrap().clone()
}

fn enquiry_is_one_thread_that_both_sides_read(world: &World) {
    let (supplier, buyer, foreign) = (world.supplier(), world.buyer(), world.party("Bystander", "FR"));
    let listing = supplier.publish_listing(&market::listing("V-1"));
    let first = start(&buyer, "listing", &listing, "Which port do you ship from?").expect(201);
    let thread = first.id();
    assert!(first.header("etag").is_some());
    assert_eq!(first.text("/company/id"), supplier.company.to_string());
    assert_eq!(first.text("/message/text"), "Which port do you ship from?");
    assert_eq!(first.json()["message"]["masked"], json!([]));
    // A second one about the same thing is the next message, and a replay is none.
    let second = json!({"subject": {"kind": "listing", "id": listing}, "text": "And in how many days?"});
    let send = || buyer.call("POST", "/threads").header("Idempotency-Key", "once").json(&second).send();
    let (added, replayed) = (send().expect(200), send().expect(200));
    assert_eq!((added.id(), replayed.id()), (thread.clone(), thread.clone()));
    assert_eq!((added.header("idempotent-replayed"), replayed.header("idempotent-replayed")), (None, Some("true")));
    assert_eq!(texts(&supplier, &thread), ["And in how many days?", "Which port do you ship from?"]);
    let seen = threads(&supplier, "");
    assert_eq!(seen.len(), 1);
    assert_eq!((&seen[0]["unread"], &seen[0]["opened_by_us"]), (&json!(true), &json!(false)));
    assert_eq!(seen[0]["company"]["name"], buyer.name.as_str());
    assert_eq!(seen[0]["last_message"]["text"], "And in how many days?");
    assert_eq!(threads(&buyer, "")[0]["unread"], false, "nobody has to read what they wrote");
    // Read by the program of the company, not by its people.
    let read = supplier.post(&format!("/threads/{thread}/read"), &json!({})).expect(200);
    assert_eq!(read.json()["unread"], false);
    let browser = world.browser(&supplier.email);
    assert!(browser.page("/").expect(200).body.contains("Messages <span class=\"nowrap\">(1)</span>"));
    reply(&supplier, &thread, "Ningbo, in 30 days.").expect(201);
    assert_eq!(threads(&buyer, "")[0]["unread"], true);
    // Pages of the list, and what has not changed.
    let page = buyer.get(&format!("/threads/{thread}/messages?limit=2")).expect(200);
    assert_eq!(page.json()["has_more"], true);
    let next = page.text("/next_cursor");
    let rest = buyer.get(&format!("/threads/{thread}/messages?limit=2&cursor={next}")).expect(200).json();
    assert_eq!(rest["data"].as_array().unwrap().len(), 1);
    let path = format!("/threads/{thread}");
    let seen = buyer.get(&path).expect(200);
    let tag = seen.header("etag").unwrap().to_owned();
    assert_eq!(buyer.call("GET", &path).header("If-None-Match", &tag).send().status, 304);
    for path in [path.clone(), format!("{path}/messages")] {
        foreign.get(&path).expect(404);
    }
    reply(&foreign, &thread, "I am here too").expect(404);
    // All that is wrong at once, each by its name.
    let wrong = json!({"subject": {"kind": "rfq", "id": listing}, "text": " "});
    let refused = buyer.post("/threads", &wrong).expect(422);
    assert_eq!(refused.wrong_fields(), ["/subject/id", "/text"]);
    assert_eq!(reply(&buyer, &thread, &"x".repeat(5_001)).expect(422).wrong_fields(), ["/text"]);
}

fn thread_is_archived_and_assigned_by_each_side_for_itself(world: &World) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    let thread = start(&buyer, "company", supplier.company, "Do you export to Chile?").expect(201).id();
    let act = |party: &Party, step: &str, body: Value| party.post(&format!("/threads/{thread}/{step}"), &body);
    let version = supplier.get(&format!("/threads/{thread}")).expect(200).json()["version"].as_i64().unwrap();
    let stale = supplier
        .call("POST", &format!("/threads/{thread}/archive"))
        .header("If-Match", &format!("\"v{}\"", version + 1))
        .json(&json!({}))
        .send();
    stale.expect(412);
    assert_eq!(act(&supplier, "archive", json!({})).expect(200).json()["archived"], true);
    assert_eq!((threads(&supplier, "").len(), threads(&supplier, "?archived=true").len()), (0, 1));
    assert_eq!(threads(&buyer, "")[0]["archived"], false, "the other side has it where it was");
    act(&supplier, "unarchive", json!({})).expect(200);
    act(&supplier, "archive", json!({})).expect(200);
    reply(&buyer, &thread, "Are you there?").expect(201);
    assert_eq!(threads(&supplier, "").len(), 1, "a new message takes it out again");
    let (colleague, _) = world.member(supplier.company, Role::Trader);
    let (viewer, _) = world.member(supplier.company, Role::Viewer);
    let assigned = act(&supplier, "assign", json!({"member": colleague})).expect(200);
    assert_eq!(assigned.text("/assigned_to/id"), colleague.to_string());
    for nobody in [viewer, buyer.person] {
        let refused = act(&supplier, "assign", json!({"member": nobody})).expect(422);
        assert_eq!(refused.wrong_fields(), ["/member"]);
    }
    assert_eq!(buyer.get(&format!("/threads/{thread}")).expect(200).json()["assigned_to"], Value::Null);
    assert_eq!(act(&supplier, "assign", json!({"member": null})).expect(200).json()["assigned_to"], Value::Null);
}

fn hides(text: &str) -> bool {
    find_contact(text).is_none() && !text.contains("anna") && !text.contains("YW5uYU") && !text.contains('８')
}

fn contact_data_is_masked_until_a_quote_is_shortlisted(world: &World) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    let mut asked = market::rfq("Brass ball valves");
    asked["show_buyer_name"] = json!(true);
    let rfq = buyer.publish_rfq(&asked);
    let quote = supplier.submit_quote(&rfq, &market::quote("3.1"));
    let written = start(&supplier, "quote", &quote, SECRET).expect(201);
    // The writer is told what the other side does not see.
    assert_eq!(written.text("/message/text"), SECRET);
    assert_eq!(written.json()["message"]["masked"], json!(["email", "phone"]));
    let thread = written.id();
    let read = || texts(&buyer, &thread).remove(0);
    assert!(hides(&read()) && read().starts_with("Write to [hidden e-mail address] or"), "{}", read());
    assert_eq!(buyer.get(&format!("/threads/{thread}")).expect(200).json()["contact_data_open"], false);
    let browser = world.browser(&buyer.email);
    let page = || browser.page(&format!("/messages/{thread}")).expect(200).body;
    assert!(page().contains("Hidden from you: e-mail address, telephone number."));
    for hidden in ["acme-valves", "１３８", "YW5uYU"] {
        assert!(!page().contains(hidden), "the page shows {hidden}");
    }
    world.drain();
    assert!(!world.mails_to(&buyer.email).is_empty());
    buyer.act(&format!("/quotes/{quote}/shortlist")).expect(200);
    assert_eq!(read(), SECRET);
    assert!(page().contains("acme-valves"));
    let opened = supplier.get(&format!("/threads/{thread}/messages")).expect(200).json();
    assert_eq!(opened["data"][0]["masked"], json!([]), "nothing is hidden any more");
    world.pass(Duration::minutes(20));
    reply(&supplier, &thread, SECRET).expect(201);
    world.drain();
    // No list and no e-mail holds contact data even then.
    for list in [threads(&buyer, ""), threads(&supplier, "")] {
        assert!(hides(list[0]["last_message"]["text"].as_str().unwrap()), "{list:?}");
    }
    for mail in world.mails() {
        for hidden in ["acme-valves", "１３８", "YW5uYU", "13800138000"] {
            assert!(!format!("{:?}", mail.email).contains(hidden), "{mail:?}");
        }
    }
}

fn active_partnership_opens_contact_data(world: &World) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    let thread = start(&buyer, "company", supplier.company, SECRET).expect(201).id();
    let read = || texts(&supplier, &thread).remove(0);
    let proposal = json!({"supplier": supplier.company, "buyer": buyer.company});
    let partnership = supplier.post("/partnerships", &proposal).expect(201).id();
    assert!(hides(&read()), "a proposal opens nothing: {}", read());
    buyer.act(&format!("/partnerships/{partnership}/confirm")).expect(200);
    assert_eq!(read(), SECRET);
    // The two write about the partnership and its records to each other.
    let about = start(&buyer, "partnership", &partnership, "Shall we go on next year?").expect(201);
    assert_eq!(about.text("/company/id"), supplier.company.to_string());
    let record = supplier.post(&format!("/partnerships/{partnership}/records"), &market::record()).expect(201).id();
    let about = start(&supplier, "record", &record, "The bill of lading is on its way.").expect(201);
    assert_eq!(about.text("/company/id"), buyer.company.to_string());
    supplier.post(&format!("/partnerships/{partnership}/end"), &json!({"reason": "It is over now"})).expect(200);
    assert!(hides(&read()), "what has ended hides it again: {}", read());
}

fn hidden_buyer_stays_hidden_until_the_award(world: &World) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    let rfq = buyer.publish_rfq(&market::rfq("Brass ball valves"));
    let started = start(&supplier, "rfq", &rfq, "Is brass CW617N acceptable?").expect(201);
    let thread = started.id();
    assert_eq!(started.json()["company"], Value::Null);
    let own = threads(&buyer, "").remove(0);
    assert_eq!(own["company"]["id"], supplier.company.to_string(), "the buyer knows who asks");
    reply(&buyer, &thread, "It is. Write to buyer@nordwind.example").expect(201);
    let quote = supplier.submit_quote(&rfq, &market::quote("3.1"));
    world.drain();
    let browser = world.browser(&supplier.email);
    let told = |world: &World| {
        let pages = ["/messages".to_owned(), format!("/messages/{thread}"), format!("/messages/{thread}/block")];
        let seen: Vec<String> = pages.iter().map(|path| browser.page(path).body).collect();
        let lists = [threads(&supplier, ""), vec![supplier.get(&format!("/threads/{thread}")).expect(200).json()]];
        let mails: Vec<_> = world.mails_to(&supplier.email).into_iter().map(|sent| sent.email.content).collect();
        let mails: Vec<_> = mails.into_iter().filter(|one| one.subject.contains("Conversation")).collect();
        format!("{seen:?} {lists:?} {:?} {mails:?}", texts(&supplier, &thread))
    };
    let hidden = |told: &str| !told.contains(&buyer.name) && !told.contains(&buyer.company.to_string());
    assert!(hidden(&told(world)), "{}", told(world));
    assert!(!told(world).contains("buyer@nordwind"));
    // Blocking it would put its name into the list of blocked companies.
    let base = format!("/messages/{thread}");
    browser.page(&format!("{base}/block")).expect(409);
    browser.submit(&base, &format!("{base}/block"), &[]).expect(409);
    assert_eq!(supplier.get("/blocked-companies").expect(200).json()["data"], json!([]));
    // Other deals of the two open nothing here, or this buyer would be one of its partners.
    let proposal = json!({"supplier": supplier.company, "buyer": buyer.company});
    let partnership = supplier.post("/partnerships", &proposal).expect(201).id();
    buyer.act(&format!("/partnerships/{partnership}/confirm")).expect(200);
    let open = || supplier.get(&format!("/threads/{thread}")).expect(200).json()["contact_data_open"].clone();
    assert_eq!(open(), false);
    buyer.act(&format!("/quotes/{quote}/shortlist")).expect(200);
    assert_eq!(open(), true);
    assert!(!threads(&supplier, "")[0]["company"].is_object(), "the name is another thing than the address");
    buyer.act(&format!("/quotes/{quote}/accept")).expect(200);
    assert_eq!(threads(&supplier, "")[0]["company"]["name"], buyer.name.as_str());
    assert!(browser.page(&format!("/messages/{thread}")).expect(200).body.contains(&buyer.name));
}

fn nobody_writes_about_what_is_not_theirs_to_see(world: &World) {
    let (supplier, buyer, foreign) = (world.supplier(), world.buyer(), world.party("Bystander", "FR"));
    let draft = supplier.post("/listings", &market::listing("D-1")).expect(201).id();
    let draft_rfq = buyer.post("/rfqs", &market::rfq("Valves")).expect(201).id();
    let rfq = buyer.publish_rfq(&market::rfq("Brass ball valves"));
    let quote = supplier.submit_quote(&rfq, &market::quote("3.1"));
    let suspended = world.party("Suspended Trading", "FR").company;
    world.app.db.write(|tx| tradepost::companies::actions::suspend(tx, suspended, "It is a test")).unwrap();
    let suspended = suspended.to_string();
    for (kind, id, absent) in [
        ("listing", &draft, "lst_0000000000001"),
        ("rfq", &draft_rfq, "rfq_0000000000001"),
        ("quote", &quote, "quo_0000000000001"),
        ("company", &suspended, "cmp_0000000000001"),
    ] {
        let (hidden, absent) = (start(&foreign, kind, id, "Hello"), start(&foreign, kind, absent, "Hello"));
        assert_eq!(hidden.expect(422).wrong_fields(), ["/subject/id"], "{kind}");
        assert_eq!(start(&foreign, kind, id, "Hello").json()["errors"], absent.json()["errors"], "{kind}");
    }
    let own = supplier.publish_listing(&market::listing("V-1"));
    for (party, kind, id) in
        [(&supplier, "listing", own.clone()), (&buyer, "rfq", rfq), (&buyer, "company", buyer.company.to_string())]
    {
        assert_eq!(start(party, kind, id, "Hello me").expect(422).wrong_fields(), ["/subject/id"], "{kind}");
    }
    // Who is suspended later is not written to any more; what was written stays.
    let thread = start(&foreign, "listing", &own, "What is the MOQ?").expect(201).id();
    world.app.db.write(|tx| tradepost::companies::actions::suspend(tx, supplier.company, "It is a test")).unwrap();
    reply(&foreign, &thread, "Hello?").expect(409);
    assert_eq!(foreign.get(&format!("/threads/{thread}")).expect(200).json()["can_write"], false);
    let reader = Client::new(&world.base, Some(world.key(foreign.company, &[Permission::MessagesRead])));
    reader.get("/threads").expect(200);
    reply(&reader, &thread, "Hello?").expect(403);
}

fn blocked_company_is_told_neutrally_and_nobody_is_mailed(world: &World) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    let listing = supplier.publish_listing(&market::listing("V-1"));
    let thread = start(&buyer, "listing", &listing, "What is the MOQ?").expect(201).id();
    world.drain();
    let mailed = || world.mails_to(&supplier.email).len();
    let before = mailed();
    let blocked = supplier.post("/blocked-companies", &json!({"company": buyer.company})).expect(201);
    assert_eq!((blocked.id(), blocked.text("/name")), (buyer.company.to_string(), buyer.name.clone()));
    supplier.post("/blocked-companies", &json!({"company": buyer.company})).expect(201);
    world.clock.advance(Duration::hours(1));
    for refused in [
        reply(&buyer, &thread, "Hello?"),
        start(&buyer, "listing", &listing, "Hello?"),
        start(&buyer, "company", supplier.company, "Hello?"),
    ] {
        assert!(refused.expect(409).text("/detail").contains("does not take messages from yours"));
    }
    let page = world.browser(&buyer.email).page(&format!("/messages/{thread}")).expect(200);
    assert!(page.body.contains("This company does not take messages from yours."));
    // An answer could not be answered.
    assert!(reply(&supplier, &thread, "No.").expect(409).text("/detail").contains("Unblock it first"));
    world.drain();
    assert_eq!(mailed(), before, "a blocked company causes no e-mail");
    assert_eq!(texts(&supplier, &thread).len(), 1);
    assert_eq!(buyer.get("/blocked-companies").expect(200).json()["data"], json!([]), "the list is the blocker's");
    let entry = format!("/blocked-companies/{}", buyer.company);
    supplier.call("DELETE", &entry).send().expect(428);
    let unblock = || supplier.call("DELETE", &entry).header("If-Match", blocked.header("etag").unwrap()).send();
    unblock().expect(204);
    unblock().expect(404);
    reply(&buyer, &thread, "Hello again").expect(201);
    let own = supplier.post("/blocked-companies", &json!({"company": supplier.company})).expect(422);
    assert_eq!(own.wrong_fields(), ["/company"]);
}

fn two_first_messages_at_once_make_one_thread(world: &World) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    let mut asked = market::rfq("Brass ball valves");
    asked["show_buyer_name"] = json!(true);
    let rfq = buyer.publish_rfq(&asked);
    let quote = supplier.submit_quote(&rfq, &market::quote("3.1"));
    let gate = Barrier::new(4);
    let write = |party: &Party, text: String| {
        gate.wait();
        start(party, "quote", &quote, &text)
    };
    let answers: Vec<Answer> = std::thread::scope(|scope| {
        let (write, supplier, buyer) = (&write, &supplier, &buyer);
        let tasks: Vec<_> = (0..4)
            .map(|number| {
                let party = if number % 2 == 0 { supplier } else { buyer };
                scope.spawn(move || write(party, format!("Message {number}")))
            })
            .collect();
        tasks.into_iter().map(|task| task.join().unwrap()).collect()
    });
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 200, 201], "{:?}", answers.iter().map(|answer| &answer.body).collect::<Vec<_>>());
    let ids: std::collections::BTreeSet<String> = answers.iter().map(Answer::id).collect();
    assert_eq!(ids.len(), 1, "two threads: {ids:?}");
    assert_eq!((threads(&supplier, "").len(), threads(&buyer, "").len()), (1, 1));
    assert_eq!(texts(&buyer, ids.first().unwrap()).len(), 4, "no message is lost");
}

fn emails_of_a_thread_are_one_conversation(post: &Post) {
    let world = &post.world;
    let (supplier, buyer) = (world.supplier(), world.buyer());
    let listing = supplier.publish_listing(&market::listing("V-1"));
    world.drain();
    let mailed = || {
        world.drain();
        let all = post.server.emails();
        all.into_iter().filter(|email| email.to == [supplier.email.as_str()]).collect::<Vec<_>>()
    };
    let thread = start(&buyer, "listing", &listing, "What is the MOQ?\nAnd the lead time?").expect(201).id();
    assert_eq!(mailed().len(), 1);
    reply(&buyer, &thread, "One more thing").expect(201);
    assert_eq!(mailed().len(), 1, "no second e-mail before the first one was read");
    world.clock.advance(Duration::minutes(15));
    reply(&buyer, &thread, "Are you there?").expect(201);
    assert_eq!(mailed().len(), 2, "a quarter of an hour later there is");
    // Reading the conversation makes the next message news again.
    world.browser(&supplier.email).page(&format!("/messages/{thread}")).expect(200);
    reply(&buyer, &thread, "Thank you anyway").expect(201);
    let emails = mailed();
    assert_eq!(emails.len(), 3);
    let parsed: Vec<_> = emails.iter().map(super::support::Received::parsed).collect();
    let ids: Vec<&str> = parsed.iter().map(|email| email.message_id().unwrap()).collect();
    assert_eq!(parsed[0].references().as_text(), None, "the first one answers nothing");
    for later in &parsed[1..] {
        assert_eq!(later.in_reply_to().as_text(), Some(ids[0]));
        assert_eq!(later.references().as_text(), Some(ids[0]));
        assert_eq!(later.subject(), parsed[0].subject(), "some mail programs go by the subject");
    }
    assert!(ids[0] != ids[1] && ids[1] != ids[2] && ids[0] != ids[2], "{ids:?}");
    assert!(emails[0].header("List-Unsubscribe").is_some(), "it can be refused");
    let body = parsed[0].body_text(0).unwrap();
    for wanted in [buyer.name.as_str(), "What is the MOQ?", "And the lead time?", &format!("/messages/{thread}")] {
        assert!(body.contains(wanted), "{wanted} is missing in {body}");
    }
    // Another conversation is another thread of e-mails.
    start(&buyer, "company", supplier.company, "Something else").expect(201);
    let emails = mailed();
    assert_eq!(emails.len(), 4);
    assert!(emails[3].header("In-Reply-To").is_none());
}

fn colleague_who_answers_is_mailed_alone_and_streams_can_be_refused(world: &World) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    let (colleague, address) = world.member(supplier.company, Role::Trader);
    let (_, viewer) = world.member(supplier.company, Role::Viewer);
    let thread = start(&buyer, "company", supplier.company, "Do you export to Chile?").expect(201).id();
    world.drain();
    let mailed = || [&supplier.email, &address, &viewer].map(|email| world.mails_to(email).len());
    assert_eq!(mailed(), [1, 1, 0], "all who trade");
    supplier.post(&format!("/threads/{thread}/assign"), &json!({"member": colleague})).expect(200);
    world.clock.advance(Duration::hours(1));
    reply(&buyer, &thread, "And to Peru?").expect(201);
    world.drain();
    assert_eq!(mailed(), [1, 2, 0], "who answers it");
    let browser = world.browser(&address);
    assert!(browser.page("/account").expect(200).body.contains("name=\"messages\" value=\"yes\" checked"));
    browser.submit("/account", "/account/notifications", &[("matches", "yes")]).expect(303);
    world.clock.advance(Duration::hours(1));
    reply(&buyer, &thread, "And to Bolivia?").expect(201);
    world.drain();
    assert_eq!(mailed(), [2, 2, 0], "who wants no such e-mails gets none, and the company is told all the same");
}

/// Limits that a test reaches.
struct Narrow(World);

impl Setup for Narrow {
    fn on(database: Database) -> Self {
        Self(World::with(database, |config| {
            config.limits.enabled = true;
            config.limits.sign_in_minute = 0;
            config.limits.messages_per_day = 4;
            config.limits.threads_per_day = 2;
        }))
    }
}

fn messages_of_a_company_are_bounded_per_day(Narrow(world): &Narrow) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    let listings: Vec<String> =
        (0..3).map(|number| supplier.publish_listing(&market::listing(&format!("V-{number}")))).collect();
    let statuses: Vec<u16> =
        listings.iter().map(|listing| start(&buyer, "listing", listing, "What is the MOQ?").status).collect();
    assert_eq!(statuses, [201, 201, 429]);
    let thread = threads(&buyer, "")[0]["id"].as_str().unwrap().to_owned();
    let statuses: Vec<u16> = (0..3).map(|_| reply(&buyer, &thread, "Hello?").status).collect();
    assert_eq!(statuses, [201, 201, 429]);
    let refused = reply(&buyer, &thread, "Hello?");
    assert!(refused.header("retry-after").is_some() && refused.text("/detail").contains("until it is identified"));
    reply(&supplier, &thread, "100 pieces.").expect(201);
    world.identify(&[buyer.company]);
    reply(&buyer, &thread, "Thank you.").expect(201);
    world.clock.advance(Duration::hours(25));
    reply(&buyer, &thread, "Good morning.").expect(201);
    world.drain();
}

fn search_finds_words_and_no_contact_data(world: &World) {
    let (supplier, buyer, foreign) = (world.supplier(), world.buyer(), world.party("Bystander", "FR"));
    let listing = supplier.publish_listing(&market::listing("V-1"));
    let thread = start(&buyer, "listing", &listing, "Kommt der KUGELHAHN mit Ärmel? 100% sicher").expect(201).id();
    start(&buyer, "company", supplier.company, SECRET).expect(201);
    let found = |party: &Party, words: &str| {
        let query = serde_urlencoded::to_string([("q", words)]).unwrap();
        threads(party, &format!("?{query}"))
            .iter()
            .map(|one| one["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    for words in ["kugelhahn", "Kugelhahn", "ärmel", "100%"] {
        assert_eq!(found(&supplier, words), std::slice::from_ref(&thread), "{words}");
    }
    assert_eq!(found(&buyer, "kugelhahn"), [thread]);
    assert!(found(&foreign, "kugelhahn").is_empty());
    // What is hidden cannot be tried out letter by letter; a sign of the pattern is a letter like any other.
    for words in ["acme", "anna@", "１３８", "138", "k_gel", "1%0", "YW5u"] {
        assert!(found(&supplier, words).is_empty(), "{words} was found");
    }
    assert_eq!(supplier.get("/threads?q=x").expect(422).wrong_fields(), ["/q"]);
    supplier.get("/threads?words=x").expect(400);
}

fn conversation_is_written_and_read_on_the_site(world: &World) {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    let listing = supplier.publish_listing(&market::listing("V-1"));
    let (seller, customer) = (world.browser(&supplier.email), world.browser(&buyer.email));
    let about = format!("/messages/new?about={listing}");
    let page = customer.page(&format!("/listings/{listing}")).expect(200);
    assert!(page.links_to(&about) && page.body.contains("Ask about this product"));
    assert!(
        customer.page(&format!("/companies/{}", supplier.company)).expect(200).body.contains("Write to this company")
    );
    assert!(!seller.page(&format!("/listings/{listing}")).expect(200).links_to(&about), "nobody asks themselves");
    // Signing in leads back to the form.
    let nobody = world.anonymous().page(&about).expect(401);
    assert!(nobody.body.contains("/sign-in?next=%2Fmessages%2Fnew%3Fabout%3D"), "{}", nobody.body);
    let form = customer.page(&about).expect(200);
    assert!(form.body.contains(&supplier.name) && form.body.contains("Contact data that you write is hidden"));
    let empty = customer.submit(&about, "/messages/new", &[("about", &listing), ("text", "")]).expect(422);
    assert!(empty.body.contains("There is a problem"), "{}", empty.body);
    let sent = customer.submit(&about, "/messages/new", &[("about", &listing), ("text", "Hi\n<b>bold</b> a@b.com")]);
    let to = sent.expect(303).sent_to();
    let page = customer.page(&to).expect(200);
    assert!(
        page.body.contains("Your message was sent.")
            && page.body.contains("Hidden from the other side: e-mail address.")
    );
    assert!(page.body.contains("&#60;b&#62;bold") && page.body.contains("a@b.com"), "{}", page.body);
    let thread = to.split('?').next().unwrap().to_owned();
    assert_eq!(customer.page(&about).expect(303).sent_to(), thread, "there is one already");
    // The other side: a number in the menu until it is read.
    let count = "Messages <span class=\"nowrap\">(1)</span>";
    let list = seller.page("/messages").expect(200);
    assert!(list.body.contains(count) && list.body.contains("unread") && list.links_to(&thread));
    let page = seller.page(&thread).expect(200);
    assert!(page.body.contains("[hidden e-mail address]") && !page.body.contains("a@b.com"));
    assert!(!seller.page("/").expect(200).body.contains(count));
    seller.submit(&thread, &format!("{thread}/unread"), &[]).expect(303);
    assert!(seller.page("/messages").expect(200).body.contains(count));
    seller.submit(&thread, &thread, &[("text", "FOB Ningbo.")]).expect(303);
    assert!(customer.page(&thread).expect(200).body.contains("FOB Ningbo."));
    assert!(!seller.page("/").expect(200).body.contains(count), "who answers has read");
    let person = supplier.person.to_string();
    seller.submit(&thread, &format!("{thread}/assign"), &[("member", &person)]).expect(303);
    seller.submit(&thread, &format!("{thread}/archive"), &[]).expect(303);
    assert!(!seller.page("/messages").expect(200).links_to(&thread));
    assert!(seller.page("/messages?archived=yes").expect(200).links_to(&thread));
    seller.submit(&thread, &format!("{thread}/unarchive"), &[]).expect(303);
    assert!(seller.page("/messages?q=ningbo").expect(200).links_to(&thread));
    assert!(seller.page("/messages?q=x").expect(200).body.contains("Search for 2 to 100 characters."));
    assert!(seller.page(&format!("{thread}/block")).expect(200).body.contains(&buyer.name));
    seller.say_yes(&format!("{thread}/block")).expect(303);
    let refused = customer.submit(&thread, &thread, &[("text", "Thanks")]).expect(422);
    assert!(refused.body.contains("does not take messages from yours"), "{}", refused.body);
    let blocked = seller.page("/account/blocked-companies").expect(200);
    assert!(blocked.body.contains(&buyer.name));
    let remove = format!("/account/blocked-companies/{}/remove", buyer.company);
    seller.submit("/account/blocked-companies", &remove, &[]).expect(303);
    customer.submit(&thread, &thread, &[("text", "Thanks")]).expect(303);
}

fn company_page_says_how_it_answers(world: &World) {
    let supplier = world.supplier();
    let listing = supplier.publish_listing(&market::listing("V-1"));
    let page = || world.anonymous().page(&format!("/companies/{}", supplier.company)).expect(200).body;
    for number in 0..6 {
        assert!(!page().contains("of conversations"), "{number} are too few");
        let buyer = world.party(&format!("Buyer {number}"), "DE");
        let thread = start(&buyer, "listing", &listing, "What is the MOQ?").expect(201).id();
        world.clock.advance(Duration::minutes(30));
        if number < 4 {
            reply(&supplier, &thread, "100 pieces.").expect(201);
        }
        if number == 5 {
            supplier.post("/blocked-companies", &json!({"company": buyer.company})).expect(201);
        }
        world.drain();
    }
    world.clock.advance(Duration::days(4));
    // Of six the one that is blocked counts nowhere.
    let said = "Answers 80% of conversations, half of them within an hour (5 latest conversations).";
    assert!(page().contains(said), "{}", page());
}

fn received_message_can_be_reported(world: &World) {
    let (supplier, buyer, foreign) = (world.supplier(), world.buyer(), world.party("Bystander", "FR"));
    let started = start(&buyer, "company", supplier.company, "Send 500 USD to win a prize, anna@acme.com").expect(201);
    let (thread, message) = (started.id(), started.text("/message/id"));
    let report = json!({"about": message, "kind": "fraud"});
    let page = world.browser(&supplier.email).page(&format!("/messages/{thread}")).expect(200);
    assert!(page.links_to(&format!("/report?about={message}")));
    foreign.post("/reports", &report).expect(422);
    buyer.post("/reports", &report).expect(422);
    let id = supplier.post("/reports", &report).expect(201).id();
    let moderator = world.moderator();
    let case = moderator.page(&format!("/moderation/reports/{id}")).expect(200);
    assert!(case.body.contains("Send 500 USD") && case.body.contains("anna@acme.com"), "{}", case.body);
    let decision = [("decision", "warn"), ("reason", "No prizes here, please")];
    let path = format!("/moderation/reports/{id}");
    moderator.submit(&path, &path, &decision).expect(303);
    assert_eq!(supplier.get(&format!("/reports/{id}")).expect(200).text("/state"), "upheld");
    world.drain();
    assert!(!world.mails_to(&buyer.email).is_empty(), "the writer is told");
}

fn attached_document_is_read_by_both_sides_alone(world: &World) {
    let (supplier, buyer, foreign) = (world.supplier(), world.buyer(), world.party("Bystander", "FR"));
    let drawing = crate::documents::send(&buyer, "drawing.pdf", crate::documents::pdf("valves")).expect(201).id();
    let body = |document: &str| json!({"subject": {"kind": "company", "id": supplier.company}, "text": "See the drawing.", "attachments": [document]});
    let thread = buyer.post("/threads", &body(&drawing)).expect(201).id();
    supplier.get(&format!("/documents/{drawing}/content")).expect(200);
    foreign.get(&format!("/documents/{drawing}/content")).expect(404);
    assert!(
        world.browser(&supplier.email).page(&format!("/messages/{thread}")).expect(200).body.contains("drawing.pdf")
    );
    let refused = supplier.post(
        "/threads",
        &json!({"subject": {"kind": "company", "id": buyer.company}, "text": "Yours", "attachments": [drawing]}),
    );
    assert_eq!(refused.expect(422).wrong_fields(), ["/attachments/0"], "it is another company's");
    // A file's name is read by the other side too.
    let name = "call +49 40 7043200.pdf";
    let named = crate::documents::send(&buyer, name, crate::documents::pdf("pipes")).expect(201).id();
    assert_eq!(buyer.post("/threads", &body(&named)).expect(422).wrong_fields(), ["/attachments/0"]);
}
