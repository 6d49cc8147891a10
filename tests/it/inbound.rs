//! Replies by e-mail: what answers an e-mail of a conversation becomes its message, and nothing else does.

use serde_json::{Value, json};
use tradepost::actor::Role;

use crate::support::{Answer, Client, Database, Party, Setup, World, market};

both!(
    reply_by_email_is_a_message_of_its_conversation,
    only_the_person_who_was_mailed_may_answer,
    what_no_person_wrote_is_dropped,
    attached_files_come_along,
    letter_that_is_built_to_cost_much_is_refused,
    without_a_secret_nobody_hands_mail_over,
);

const SECRET: &str = "what the mail server shows";

/// A platform that takes replies in.
struct Answering(World);

impl Setup for Answering {
    fn on(database: Database) -> Self {
        Self(World::with(database, |config| {
            config.mail.inbound.address = "reply@mail.tradepost.example".to_owned();
            config.mail.inbound.secret = SECRET.to_owned();
        }))
    }
}

fn hand_over(client: &Client, secret: &str, raw: &str) -> Answer {
    let call = client.call("POST", "/inbound/mail").header("Content-Type", "message/rfc822");
    call.header("Inbound-Secret", secret).bytes(raw.replace('\n', "\r\n").into_bytes()).send()
}

fn texts(reader: &Client, thread: &str) -> Vec<String> {
    let messages = reader.get(&format!("/threads/{thread}/messages")).expect(200).json();
    messages["data"].as_array().unwrap().iter().map(|one| one["text"].as_str().unwrap().to_owned()).collect()
}

/// A conversation that the supplier was mailed of, and the address to answer it at.
struct Asked {
    supplier: Party,
    buyer: Party,
    thread: String,
    address: String,
    message_id: String,
}

fn ask(world: &World) -> Asked {
    let (supplier, buyer) = (world.supplier(), world.buyer());
    let listing = supplier.publish_listing(&market::listing("V-1"));
    let body = json!({"subject": {"kind": "listing", "id": listing}, "text": "How soon can you ship?"});
    let thread = buyer.post("/threads", &body).expect(201).id();
    world.drain();
    let mail = world.mails_to(&supplier.email).pop().unwrap();
    let parsed = mail_parser::MessageParser::new().parse(&mail.raw).unwrap();
    let address = parsed.reply_to().unwrap().first().unwrap().address().unwrap().to_owned();
    let message_id = parsed.message_id().unwrap().to_owned();
    assert!(parsed.body_text(0).unwrap().contains("You can answer this e-mail"));
    Asked { supplier, buyer, thread, address, message_id }
}

impl Asked {
    fn letter(&self, from: &str, head: &str, text: &str) -> String {
        format!(
            "From: Li Wei <{from}>\nTo: <{}>\nMessage-ID: <answer-1@company.example>\nIn-Reply-To: <{}>\n\
            Subject: Re: Message\n{head}\n{text}",
            self.address, self.message_id
        )
    }
}

fn reply_by_email_is_a_message_of_its_conversation(Answering(world): &Answering) {
    let asked = ask(world);
    let server = world.anonymous();
    let text = "In two weeks, from Ningbo. Call +86 138 0013 8000.\n\nOn Mon, Nov 23, 2026 at 9:00 AM Tradepost\n<no-reply@localhost> wrote:\n\n> How soon can you ship?\n";
    let raw = asked.letter(&asked.supplier.email.to_uppercase(), "", text);
    let taken = hand_over(&server, SECRET, &raw).expect(200);
    assert_eq!((taken.text("/outcome"), taken.text("/thread")), ("delivered".to_owned(), asked.thread.clone()));
    // The same e-mail again is the same message.
    assert_eq!(hand_over(&server, SECRET, &raw).expect(200).json(), taken.json());
    assert_eq!(
        texts(&asked.supplier, &asked.thread),
        ["In two weeks, from Ningbo. Call +86 138 0013 8000.", "How soon can you ship?"]
    );
    let read = &texts(&asked.buyer, &asked.thread)[0];
    assert!(read.starts_with("In two weeks") && !read.contains("8000"), "contact data is masked as elsewhere: {read}");
    world.drain();
    let mailed = world.mails_to(&asked.buyer.email).pop().unwrap();
    assert!(mailed.email.reply_to.is_some_and(|back| back != asked.address), "the answer can be answered");
    // The envelope says it where the headers do not.
    let hidden = asked.letter(&asked.supplier.email, "", "One more thing.\n").replace("answer-1", "answer-2");
    let hidden = hidden.replace(&format!("To: <{}>", asked.address), "To: undisclosed-recipients:;");
    assert_eq!(hand_over(&server, SECRET, &hidden).expect(422).wrong_fields(), ["/recipient"]);
    let named = server
        .call("POST", &format!("/inbound/mail?recipient={}", asked.address.replace('+', "%2B")))
        .header("Content-Type", "message/rfc822")
        .header("Inbound-Secret", SECRET)
        .bytes(hidden.into_bytes())
        .send();
    named.expect(200);
    assert_eq!(texts(&asked.supplier, &asked.thread)[0], "One more thing.");
}

fn only_the_person_who_was_mailed_may_answer(Answering(world): &Answering) {
    let asked = ask(world);
    let server = world.anonymous();
    let (_, colleague) = world.member(asked.supplier.company, Role::Trader);
    let text = "Let me in.\n";
    let own = asked.supplier.email.as_str();
    for (raw, field) in [
        (asked.letter(&colleague, "", text), "/from"),
        (asked.letter(&asked.buyer.email, "", text), "/from"),
        (asked.letter(own, "Authentication-Results: mx.t.example; dmarc=fail\n", text), "/dmarc"),
        (asked.letter(own, "", text).replace(&asked.address, "reply+x@mail.tradepost.example"), "/recipient"),
        (asked.letter(own, "", text).replace(&asked.address, &tampered(&asked.address)), "/recipient"),
        (asked.letter(own, "", "> How soon can you ship?\n"), "/text"),
    ] {
        assert_eq!(hand_over(&server, SECRET, &raw).expect(422).wrong_fields(), [field], "{raw}");
    }
    assert_eq!(hand_over(&server, SECRET, "nothing").expect(422).wrong_fields(), ["/content"]);
    let good = asked.letter(own, "", text);
    assert_eq!(hand_over(&server, "something else", &good).expect(401).problem(), "unauthenticated");
    assert_eq!(hand_over(&asked.supplier, "", &good).expect(401).problem(), "unauthenticated");
    let plain = server.call("POST", "/inbound/mail").header("Inbound-Secret", SECRET).json(&json!({})).send();
    assert_eq!(plain.expect(415).problem(), "unsupported_media_type");
    assert_eq!(texts(&asked.buyer, &asked.thread), ["How soon can you ship?"]);
    // Whoever is blocked is told as on the site.
    asked.buyer.post("/blocked-companies", &json!({"company": asked.supplier.company})).expect(201);
    assert_eq!(hand_over(&server, SECRET, &good).expect(409).problem(), "conflict");
}

/// The address with another signature.
fn tampered(address: &str) -> String {
    let (named, domain) = address.split_once('@').unwrap();
    let (rest, tag) = named.rsplit_once('.').unwrap();
    let turned: String = tag.chars().rev().collect();
    format!("{rest}.{turned}@{domain}")
}

fn what_no_person_wrote_is_dropped(Answering(world): &Answering) {
    let asked = ask(world);
    for (head, reason) in [
        ("Auto-Submitted: auto-replied\n", "auto_reply"),
        ("Precedence: bulk\n", "bulk"),
        ("Return-Path: <>\n", "report"),
    ] {
        let raw = asked.letter(&asked.supplier.email, head, "I am on holiday.\n");
        let taken = hand_over(&world.anonymous(), SECRET, &raw).expect(200).json();
        assert_eq!((&taken["outcome"], &taken["reason"]), (&json!("ignored"), &json!(reason)));
        assert_eq!(taken["message"], Value::Null);
    }
    assert_eq!(texts(&asked.buyer, &asked.thread).len(), 1);
}

fn attached_files_come_along(Answering(world): &Answering) {
    let asked = ask(world);
    let pdf = String::from_utf8(crate::documents::pdf("drawing")).unwrap();
    let head = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=cut\n";
    let text = format!(
        "--cut\nContent-Type: text/html; charset=utf-8\n\n<p>See the <b>drawing</b>.</p>\n\
        --cut\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=\"drawing.pdf\"\n\n{pdf}\n\
        --cut\nContent-Type: application/x-msdownload\nContent-Disposition: attachment; filename=\"setup.exe\"\nContent-Transfer-Encoding: base64\n\nTVqQAAMAAAAEAAAA\n\
        --cut--\n"
    );
    let raw = asked.letter(&asked.supplier.email, head, &text);
    hand_over(&world.anonymous(), SECRET, &raw).expect(200);
    let newest = asked.buyer.get(&format!("/threads/{}/messages?limit=1", asked.thread)).expect(200).json();
    let message = &newest["data"][0];
    assert_eq!(message["text"], "See the drawing.\n\n(Not taken: setup.exe)");
    let file = message["attachments"][0].as_str().unwrap_or_else(|| panic!("{message}"));
    asked.buyer.get(&format!("/documents/{file}/content")).expect(200);
    // The same e-mail again stores no file again.
    let held = || asked.supplier.get("/documents").expect(200).json()["data"].as_array().unwrap().len();
    let before = held();
    hand_over(&world.anonymous(), SECRET, &raw).expect(200);
    assert_eq!(held(), before);
    // A name that would be masked elsewhere gives way, and holds the e-mail back no more than a nameless file does.
    let odd = raw.replace("answer-1", "answer-2").replace("drawing.pdf", "MTC 0086-311-55512233.pdf");
    let odd = odd.replace("Content-Disposition: attachment; filename=\"setup.exe\"", "Content-Disposition: inline");
    hand_over(&world.anonymous(), SECRET, &odd).expect(200);
    let newest = asked.buyer.get(&format!("/threads/{}/messages?limit=1", asked.thread)).expect(200).json();
    assert_eq!(newest["data"][0]["attachments"].as_array().unwrap().len(), 1, "{newest}");
    assert_eq!(newest["data"][0]["text"], "See the drawing.\n\n(Not taken: attachment-2)");
}

fn letter_that_is_built_to_cost_much_is_refused(Answering(world): &Answering) {
    let asked = ask(world);
    let nested = "Content-Type: message/rfc822\n\n".repeat(10_000);
    let raw = asked.letter(&asked.supplier.email, &nested, "x");
    assert_eq!(hand_over(&world.anonymous(), SECRET, &raw).expect(422).wrong_fields(), ["/content"]);
    // A stranger's is not even taken apart.
    let stranger = raw.replace(&asked.supplier.email, "x@stranger.example");
    assert_eq!(hand_over(&world.anonymous(), SECRET, &stranger).expect(422).wrong_fields(), ["/from"]);
    let long = asked.letter(&asked.supplier.email, "", &"word ".repeat(1_100));
    assert_eq!(hand_over(&world.anonymous(), SECRET, &long).expect(422).wrong_fields(), ["/text"]);
}

/// The configuration has none by itself.
fn without_a_secret_nobody_hands_mail_over(world: &World) {
    let supplier = world.supplier();
    for secret in ["", "x"] {
        assert_eq!(
            hand_over(&world.anonymous(), secret, "From: a@b.example\n\nx").expect(401).problem(),
            "unauthenticated"
        );
    }
    world
        .buyer()
        .post("/threads", &json!({"subject": {"kind": "company", "id": supplier.company}, "text": "Hello"}))
        .expect(201);
    world.drain();
    assert!(world.mails_to(&supplier.email).iter().all(|mail| mail.email.reply_to.is_none()));
}
