//! Mail over a real SMTP conversation, and the one-click unsubscribe.

use chrono::Duration;
use mail_parser::MimeHeaders;
use serde_json::json;
use tradepost::accounts::actions::{Sender, notify_company};
use tradepost::config::{MailTransport, SmtpTls};
use tradepost::mail::{NotificationText, Stream};
use tradepost::outbox::{dead_jobs, queue_stats};

use crate::support::{Database, Party, Received, Reply, Setup, SmtpPeer, World};

both!(
    a_match_email_is_complete,
    an_email_sent_again_is_the_same_email,
    one_click_needs_no_cookie_and_holds_at_once,
    looking_at_the_one_click_address_changes_nothing,
    a_forged_one_click_address_does_nothing,
    deals_cannot_be_refused,
    refused_recipient_is_not_tried_again,
    a_full_mailbox_is_tried_again_for_as_long_as_it_takes,
    a_server_that_hangs_up_gets_the_email_later,
);

/// A world that sends to a mail server.
pub struct Post {
    pub world: World,
    pub server: SmtpPeer,
}

impl Setup for Post {
    fn on(database: Database) -> Self {
        let server = SmtpPeer::start();
        let world = World::with(database, |config| {
            config.mail.transport = MailTransport::Smtp;
            config.mail.from = "Tradepost <no-reply@tradepost.test>".to_owned();
            config.mail.smtp.host = "127.0.0.1".to_owned();
            config.mail.smtp.port = server.port;
            config.mail.smtp.tls = SmtpTls::None;
            config.mail.smtp.timeout_ms = 1_000;
        });
        Self { world, server }
    }
}

impl Post {
    /// Tells the company something; answers how many e-mails that makes.
    pub fn tell(&self, party: &Party, stream: Stream, event: &str) -> usize {
        let content = NotificationText {
            subject: "An RFQ matches what you sell: Kugelhähne DN20".to_owned(),
            paragraphs: vec!["A buyer in Germany asks for 5000 ball valves.".to_owned()],
            facts: vec![("Quantity".to_owned(), "5000 pieces".to_owned())],
            action: Some(("Open the RFQ".to_owned(), "/rfqs/rfq_0000000000001".to_owned())),
            because: "You have a listing for ball valves.".to_owned(),
        };
        self.world
            .app
            .db
            .write(|tx| notify_company(tx, Sender::Platform, party.company, stream, event, &content))
            .unwrap()
    }

    /// Sends one e-mail of the stream at once.
    pub fn email(&self, party: &Party, stream: Stream, event: &str) -> Received {
        assert_eq!(self.tell(party, stream, event), 1);
        self.world.drain();
        self.server.emails().pop().expect("an e-mail")
    }

    /// The path of the e-mail's one-click address.
    fn one_click(&self, email: &Received) -> String {
        let header = email.header("List-Unsubscribe").unwrap();
        let url = header.trim_start_matches('<').trim_end_matches('>');
        url.strip_prefix(&self.world.base).expect("an address of this site").to_owned()
    }

    /// What a mail program sends for its reader: no cookie, no origin, one fixed body.
    fn click(&self, path: &str) -> u16 {
        let nobody = self.world.anonymous();
        let call = nobody.browser("POST", path).header("Content-Type", "application/x-www-form-urlencoded");
        call.bytes(b"List-Unsubscribe=One-Click".to_vec()).send().status
    }
}

fn a_match_email_is_complete(post: &Post) {
    let supplier = post.world.supplier();
    let email = post.email(&supplier, Stream::Matches, "match 1");
    assert_eq!(email.from, "no-reply@tradepost.test");
    assert_eq!(email.to, [supplier.email.as_str()]);
    let parsed = email.parsed();
    assert_eq!(parsed.subject(), Some("An RFQ matches what you sell: Kugelhähne DN20"));
    let message_id = parsed.message_id().expect("a Message-ID");
    assert!(message_id.ends_with("@tradepost.test"), "{message_id}");
    assert!(parsed.date().is_some());
    assert_eq!(email.header("List-Unsubscribe-Post").as_deref(), Some("List-Unsubscribe=One-Click"));
    let one_click = post.one_click(&email);
    assert!(one_click.starts_with("/unsubscribe/"), "{one_click}");
    assert!(parsed.is_content_type("multipart", "alternative"));
    let link = format!("{}/rfqs/rfq_0000000000001", post.world.base);
    let (text, html) = (parsed.body_text(0).unwrap(), parsed.body_html(0).unwrap());
    for part in [&text, &html] {
        for wanted in [link.as_str(), "5000 pieces", "A buyer in Germany asks", "You have a listing for ball valves."] {
            assert!(part.contains(wanted), "{wanted} is missing in {part}");
        }
    }
    assert!(!text.contains('<') && html.contains("<html"));
    assert!(email.raw.split(|byte| *byte == b'\n').all(|line| line.len() <= 998), "a line is longer than SMTP allows");
}

/// The server answers 451 after the whole e-mail, so nobody knows whether it kept it: what comes again must be recognised.
fn an_email_sent_again_is_the_same_email(post: &Post) {
    let supplier = post.world.supplier();
    post.server.answer(&[Reply::RefuseLetter(451)]);
    post.email(&supplier, Stream::Matches, "match 1");
    post.world.drain();
    assert_eq!(post.server.emails().len(), 1, "not before its time");
    post.world.pass(Duration::seconds(10));
    let emails = post.server.emails();
    assert_eq!(emails.iter().map(|email| email.taken).collect::<Vec<_>>(), [false, true]);
    let ids: Vec<_> = emails.iter().map(|email| email.header("Message-ID").unwrap()).collect();
    assert_eq!(ids[0], ids[1]);
    let other = post.email(&supplier, Stream::Matches, "match 2");
    assert_ne!(other.header("Message-ID").unwrap(), ids[0]);
    assert_eq!(post.tell(&supplier, Stream::Matches, "match 2"), 1);
    post.world.drain();
    assert_eq!(post.server.emails().len(), 3, "the same event makes no second e-mail");
}

fn one_click_needs_no_cookie_and_holds_at_once(post: &Post) {
    let supplier = post.world.supplier();
    let email = post.email(&supplier, Stream::Matches, "match 1");
    // The next e-mail waits already when the reader clicks.
    assert_eq!(post.tell(&supplier, Stream::Matches, "match 2"), 1);
    let path = post.one_click(&email);
    assert_eq!(post.click(&path), 200);
    assert_eq!(post.click(&path), 200, "clicking twice is no mistake");
    post.world.drain();
    assert_eq!(post.server.emails().len(), 1, "not even the e-mail that waited");
    assert_eq!(post.tell(&supplier, Stream::Matches, "match 3"), 0);
    let browser = post.world.browser(&supplier.email);
    let fields = [("matches", "on")];
    browser.submit("/account", "/account/notifications", &fields).expect(303);
    assert_eq!(post.tell(&supplier, Stream::Matches, "match 4"), 1, "wanted again, they come again");
    post.world.drain();
}

fn looking_at_the_one_click_address_changes_nothing(post: &Post) {
    let supplier = post.world.supplier();
    let path = post.one_click(&post.email(&supplier, Stream::Matches, "match 1"));
    let nobody = post.world.anonymous();
    let page = nobody.page(&path).expect(200);
    assert!(page.body.contains("method=\"post\""), "a page with a button for people");
    nobody.browser("HEAD", &path).send();
    assert_eq!(post.tell(&supplier, Stream::Matches, "match 2"), 1);
    post.world.drain();
    assert_eq!(post.server.emails().len(), 2);
}

fn a_forged_one_click_address_does_nothing(post: &Post) {
    let supplier = post.world.supplier();
    let path = post.one_click(&post.email(&supplier, Stream::Matches, "match 1"));
    let (head, signature) = path.rsplit_once('.').unwrap();
    let other = if signature.starts_with('A') { "B" } else { "A" };
    for forged in [format!("{head}.{other}{}", &signature[1..]), head.to_owned(), "/unsubscribe/x.y".to_owned()] {
        assert_eq!(post.click(&forged), 404, "{forged}");
    }
    assert_eq!(post.tell(&supplier, Stream::Matches, "match 2"), 1);
    post.world.drain();
}

fn deals_cannot_be_refused(post: &Post) {
    let supplier = post.world.supplier();
    let email = post.email(&supplier, Stream::Matches, "match 1");
    post.click(&post.one_click(&email));
    let deal = post.email(&supplier, Stream::Transactional, "quote accepted");
    assert_eq!(deal.header("List-Unsubscribe"), None);
    assert_eq!(deal.header("List-Unsubscribe-Post"), None);
    let refused = supplier.patch("/notification-preferences", &json!({"matches": false}));
    assert_eq!(refused.problem(), "forbidden", "a key has no preferences");
}

fn refused_recipient_is_not_tried_again(post: &Post) {
    let supplier = post.world.supplier();
    post.server.answer(&[Reply::RefuseRecipient(550)]);
    post.tell(&supplier, Stream::Matches, "match 1");
    post.world.drain();
    post.world.pass(Duration::days(2));
    assert!(post.server.emails().is_empty(), "nobody asks a second time");
    let dead = post.world.app.db.read(|conn| dead_jobs(conn, 10)).unwrap();
    let error = dead[0].last_error.clone().unwrap();
    assert!(error.contains("550") && !error.contains(&supplier.email), "{error}");
    post.world.expect_failed_jobs();
}

fn a_full_mailbox_is_tried_again_for_as_long_as_it_takes(post: &Post) {
    let supplier = post.world.supplier();
    post.server.answer(&[Reply::RefuseRecipient(452); 6]);
    post.tell(&supplier, Stream::Matches, "match 1");
    for _ in 0..6 {
        post.world.drain();
        assert!(post.server.emails().is_empty());
        post.world.clock.advance(Duration::hours(1));
    }
    post.world.drain();
    assert_eq!(post.server.emails().len(), 1);
    let state = post.world.app.db.read(queue_stats).unwrap();
    assert_eq!((state.open, state.dead), (0, 0));
}

/// The connection of the pool is found dead, and so is a server that reads everything and says nothing.
fn a_server_that_hangs_up_gets_the_email_later(post: &Post) {
    let supplier = post.world.supplier();
    post.email(&supplier, Stream::Matches, "match 1");
    post.server.answer(&[Reply::HangUp]);
    post.tell(&supplier, Stream::Matches, "match 2");
    post.world.drain();
    post.world.pass(Duration::minutes(1));
    let emails = post.server.emails();
    let last_two: Vec<_> = emails.iter().rev().take(2).map(|email| email.header("Message-ID")).collect();
    assert_eq!(last_two[0], last_two[1]);
    assert!(emails.last().unwrap().taken);
}
