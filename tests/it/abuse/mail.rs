//! Mail that one company makes another be sent: gathered, capped, in turn, and never a stranger's address under the platform's name.

use chrono::Duration;
use diesel::prelude::*;
use serde_json::json;
use tradepost::accounts::actions::{Sender, notify_company};
use tradepost::mail::{NotificationText, Stream};
use tradepost::store::schema::mail_items;

use crate::support::{Database, Party, Setup, World, market};

both!(
    two_hundred_proposals_in_two_seconds_are_one_email,
    changes_of_one_rfq_are_gathered,
    company_reaches_a_person_ten_times_a_day_and_then_by_digest,
    person_gets_fifty_emails_a_day_and_a_digest,
    company_causes_a_bounded_number_of_emails,
    text_of_a_stranger_with_a_link_stays_on_the_site,
    partners_write_to_each_other_as_they_like,
    link_to_sign_in_waits_for_no_ten_thousand_others,
    senders_take_turns,
    sign_ups_with_one_address_mail_it_a_few_times,
);

struct Guarded(World);

impl Setup for Guarded {
    fn on(database: Database) -> Self {
        Self(World::with(database, |config| {
            config.limits.enabled = true;
            config.limits.per_key_minute = 0;
            config.limits.per_address_minute = 0;
            config.limits.sign_in_minute = 0;
        }))
    }
}

fn text(subject: &str) -> NotificationText {
    NotificationText {
        subject: subject.to_owned(),
        paragraphs: vec!["Something happened.".to_owned()],
        facts: Vec::new(),
        action: Some(("Open".to_owned(), "/".to_owned())),
        because: "You take part.".to_owned(),
    }
}

fn cause(world: &World, by: &Party, to: &Party, event: &str) {
    let (from, content) = (Sender::Company(by.company), text(event));
    world.app.db.write(|tx| notify_company(tx, from, to.company, Stream::Transactional, event, &content)).unwrap();
}

fn subjects(world: &World, email: &str) -> Vec<String> {
    world.mails_to(email).iter().map(|sent| sent.email.content.subject.clone()).collect()
}

/// Lets what was gathered go.
fn gather(world: &World) {
    world.drain();
    world.pass(Duration::seconds(6));
}

fn two_hundred_proposals_in_two_seconds_are_one_email(Guarded(world): &Guarded) {
    let (flooder, victim) = (world.supplier(), world.buyer());
    // A partnership can be proposed again once it was withdrawn: each proposal is an event of its own.
    for _ in 0..40 {
        let proposal = json!({"supplier": flooder.company, "buyer": victim.company});
        let id = flooder.post("/partnerships", &proposal).expect(201).id();
        flooder.act(&format!("/partnerships/{id}/end")).expect(200);
    }
    for number in 0..160 {
        cause(world, &flooder, &victim, &format!("partnership_proposed ptn_{number}"));
    }
    world.drain();
    assert!(subjects(world, &victim.email).is_empty(), "it waits a moment");
    gather(world);
    let got = subjects(world, &victim.email);
    let proposals: Vec<_> = got.iter().filter(|subject| subject.starts_with("200 updates")).collect();
    assert_eq!(proposals.len(), 1, "{got:?}");
    assert!(got.len() <= 2, "the withdrawals are the only other one: {got:?}");
    let sent = world.mails_to(&victim.email);
    let facts = &sent[0].email.content.facts;
    assert!(facts.len() <= 21, "it names some and counts the rest: {facts:?}");
}

fn changes_of_one_rfq_are_gathered(Guarded(world): &Guarded) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let rfq = buyer.publish_rfq(&market::rfq("Brass ball valves DN20"));
    supplier.submit_quote(&rfq, &market::quote("3.2"));
    gather(world);
    let before = subjects(world, &supplier.email).len();
    for number in 0..30 {
        buyer.patch(&format!("/rfqs/{rfq}"), &json!({"destination_place": format!("Hamburg {number}")})).expect(200);
    }
    gather(world);
    let got = subjects(world, &supplier.email);
    assert_eq!(got.len(), before + 1, "{got:?}");
    assert!(got.last().unwrap().starts_with("30 updates: RFQ changed"), "{got:?}");
}

fn company_reaches_a_person_ten_times_a_day_and_then_by_digest(Guarded(world): &Guarded) {
    let (flooder, victim) = (world.supplier(), world.buyer());
    for number in 0..30 {
        cause(world, &flooder, &victim, &format!("quote revised q{number}"));
        gather(world);
    }
    assert_eq!(subjects(world, &victim.email).len(), 10);
    world.pass(Duration::hours(32));
    let got = subjects(world, &victim.email);
    assert_eq!(got.len(), 11, "{got:?}");
    assert!(got[10].starts_with("20 updates"), "{got:?}");
    // The next day begins anew.
    cause(world, &flooder, &victim, "quote revised later1");
    gather(world);
    assert_eq!(subjects(world, &victim.email).len(), 12);
}

fn person_gets_fifty_emails_a_day_and_a_digest(Guarded(world): &Guarded) {
    let victim = world.buyer();
    let puppets: Vec<Party> = (0..12).map(|number| world.party(&format!("Puppet {number}"), "CN")).collect();
    for round in 0..6 {
        for puppet in &puppets {
            cause(world, puppet, &victim, &format!("question asked {}x{round}", puppet.company.0));
        }
        gather(world);
    }
    assert_eq!(subjects(world, &victim.email).len(), 50);
    // What is about the reader's own account is none of these.
    world.anonymous().submit("/forgotten-password", "/forgotten-password", &[("email", &victim.email)]);
    assert!(world.link_to(&victim.email).starts_with("/new-password/"));
    world.pass(Duration::hours(32));
    let got = subjects(world, &victim.email);
    assert_eq!(got.len(), 52, "{:?}", got.last());
    assert!(got[51].starts_with("22 updates"), "{:?}", got[51]);
}

fn company_causes_a_bounded_number_of_emails(Guarded(world): &Guarded) {
    let flooder = world.supplier();
    let victims: Vec<Party> = (0..6).map(|number| world.party(&format!("Victim {number}"), "DE")).collect();
    world
        .app
        .db
        .write(|tx| {
            // As if it had caused that many today.
            for number in 0..495_i64 {
                let row = (
                    mail_items::id.eq(number + 1),
                    mail_items::user_id.eq(flooder.person.0),
                    mail_items::sender_id.eq(flooder.company.0),
                    mail_items::gather_key.eq("x"),
                    mail_items::stream.eq("transactional"),
                    mail_items::event.eq(format!("x {number}")),
                    mail_items::content.eq(""),
                    mail_items::batch.eq(number + 1),
                    mail_items::created_at.eq(tx.now_db()),
                );
                diesel::insert_into(mail_items::table).values(row).execute(tx.conn())?;
            }
            Ok(())
        })
        .unwrap();
    for victim in &victims {
        cause(world, &flooder, victim, &format!("quote submitted {}", victim.company));
        gather(world);
    }
    let reached = victims.iter().filter(|victim| !subjects(world, &victim.email).is_empty()).count();
    assert_eq!(reached, 5);
}

fn text_of_a_stranger_with_a_link_stays_on_the_site(Guarded(world): &Guarded) {
    let (flooder, victim) = (world.supplier(), world.buyer());
    let note = "Pay at https://evil.example/pay or write to anna@evil.example, WeChat: evil88";
    let proposal = json!({"supplier": flooder.company, "buyer": victim.company, "note": note});
    let id = flooder.post("/partnerships", &proposal).expect(201).id();
    gather(world);
    let mail = world.mails_to(&victim.email).pop().expect("an e-mail");
    let raw = String::from_utf8_lossy(&mail.raw).into_owned();
    assert!(!raw.contains("evil") && raw.contains("Left out of this e-mail"), "{raw}");
    let page = world.browser(&victim.email).page(&format!("/partnerships/{id}")).expect(200).body;
    assert!(page.contains("evil.example"), "on the site it is read, and can be reported");
}

fn partners_write_to_each_other_as_they_like(Guarded(world): &Guarded) {
    let (one, other) = (world.supplier(), world.buyer());
    let proposal = json!({"supplier": one.company, "buyer": other.company});
    let id = one.post("/partnerships", &proposal).expect(201).id();
    other.act(&format!("/partnerships/{id}/confirm")).expect(200);
    let content = NotificationText { paragraphs: vec!["Papers: https://docs.example/x".to_owned()], ..text("Papers") };
    world
        .app
        .db
        .write(|tx| {
            let from = Sender::Company(one.company);
            notify_company(tx, from, other.company, Stream::Transactional, "record declared r1", &content)
        })
        .unwrap();
    gather(world);
    let mails = world.mails_to(&other.email);
    assert!(mails.iter().any(|mail| String::from_utf8_lossy(&mail.raw).contains("docs.example")));
}

/// Hundreds of e-mails wait when somebody asks for a link; they are sent one after the other.
fn link_to_sign_in_waits_for_no_ten_thousand_others(Guarded(world): &Guarded) {
    let (crowd, victim) = (world.supplier(), world.buyer());
    for number in 0..600 {
        let (event, content) = (format!("evidence ends {number}"), text("Evidence"));
        let from = Sender::Platform;
        world
            .app
            .db
            .write(|tx| notify_company(tx, from, crowd.company, Stream::Transactional, &event, &content))
            .unwrap();
    }
    world.anonymous().submit("/forgotten-password", "/forgotten-password", &[("email", &victim.email)]);
    world.drain();
    let mails = world.mails();
    assert_eq!(mails.len(), 601);
    assert_eq!(mails[0].email.to_address, victim.email);
}

fn senders_take_turns(world: &World) {
    let (flooder, victim) = (world.supplier(), world.buyer());
    let other_lane = |party: &Party| party.company.0.rem_euclid(8) != flooder.company.0.rem_euclid(8);
    let honest = (0..40).map(|number| world.party(&format!("Honest {number}"), "TR")).find(other_lane).unwrap();
    for number in 0..300 {
        cause(world, &flooder, &victim, &format!("quote revised q{number}"));
    }
    cause(world, &honest, &victim, "question asked q1");
    world.drain();
    let got = subjects(world, &victim.email);
    let place = got.iter().position(|subject| subject == "question asked q1").unwrap();
    assert!(place <= 1, "it waited for {place} e-mails of another sender");
}

fn sign_ups_with_one_address_mail_it_a_few_times(Guarded(world): &Guarded) {
    let victim = "victim@company.example";
    for _ in 0..12 {
        crate::accounts::sign_up(world, victim).expect(303);
    }
    let mails = subjects(world, victim).len();
    assert!((1..=4).contains(&mails), "{mails} e-mails for 12 sign-ups");
}
