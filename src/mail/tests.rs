//! An e-mail as a mail program reads it.

use super::*;
use crate::config::{Config, MailTransport, Overrides};

fn mailer() -> Mailer {
    let dir = tempfile::tempdir().unwrap();
    let mut config = Config::load(&Overrides { data: dir.path().to_owned(), ..Overrides::default() }).unwrap();
    config.mail.transport = MailTransport::Memory;
    Mailer::new(&config).unwrap()
}

fn email() -> Email {
    Email {
        to_name: "Mehmet \u{d6}z".to_owned(),
        to_address: "sales@izmir.example".to_owned(),
        content: NotificationText {
            subject: "RFQ: pipes\r\nBcc: everyone@example.com".to_owned(),
            paragraphs: vec!["A buyer asks for <b>316L</b> pipe.".to_owned()],
            facts: vec![("Quantity".to_owned(), "2 t".to_owned())],
            action: Some(("Open the RFQ".to_owned(), "/rfqs/rfq_1".to_owned())),
            because: "You sell steel.".to_owned(),
        },
        message_id: "match-1.2@example.com".to_owned(),
        in_reply_to: None,
        reply_to: None,
        unsubscribe_url: Some("https://t.example/unsubscribe/abc".to_owned()),
    }
}

#[test]
fn an_email_has_two_parts_a_fixed_id_and_a_one_click_unsubscribe() {
    let mailer = mailer();
    mailer.send(&email()).unwrap();
    let raw = mailer.sent().remove(0).raw;
    let parsed = mail_parser::MessageParser::new().parse(&raw).unwrap();
    assert_eq!(parsed.message_id(), Some("match-1.2@example.com"));
    assert!(parsed.body_text(0).unwrap().contains("http://127.0.0.1:8080/rfqs/rfq_1"));
    let html = parsed.body_html(0).unwrap();
    assert!(html.contains("&#60;b&#62;316L"), "{html}");
    let text = String::from_utf8(raw.clone()).unwrap();
    assert!(text.contains("List-Unsubscribe: <https://t.example/unsubscribe/abc>\r\n"));
    assert!(text.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"));
}

#[test]
fn a_line_break_in_a_subject_adds_no_header() {
    let mailer = mailer();
    mailer.send(&email()).unwrap();
    let raw = mailer.sent().remove(0).raw;
    let parsed = mail_parser::MessageParser::new().parse(&raw).unwrap();
    assert!(parsed.bcc().is_none());
    assert!(parsed.subject().unwrap().contains("Bcc: everyone@example.com"));
}

#[test]
fn an_encoded_word_arrives_as_the_characters_that_were_typed() {
    let mailer = mailer();
    let long = "Kugelhähne ".repeat(12);
    for subject in ["Pipes =?utf-8?b?YW5uYUBhY21lLmNvbQ==?= 2 t", &format!("=?UTF-8?Q?a=40b.com?= {long}")] {
        let content = NotificationText { subject: subject.to_owned(), ..email().content };
        mailer.send(&Email { content, ..email() }).unwrap();
        let raw = mailer.sent().pop().unwrap().raw;
        let parsed = mail_parser::MessageParser::new().parse(&raw).unwrap();
        assert_eq!(parsed.subject().map(str::trim_end), Some(subject.trim_end()));
        assert!(String::from_utf8(raw).unwrap().lines().all(|line| line.len() <= 998));
    }
}

#[test]
fn a_conversation_is_named_in_both_headers() {
    let mailer = mailer();
    mailer.send(&Email { in_reply_to: Some("first@example.com".to_owned()), ..email() }).unwrap();
    let raw = mailer.sent().remove(0).raw;
    let parsed = mail_parser::MessageParser::new().parse(&raw).unwrap();
    assert_eq!(parsed.in_reply_to().as_text(), Some("first@example.com"));
    assert_eq!(parsed.references().as_text(), Some("first@example.com"));
}

#[test]
fn a_bad_address_is_a_permanent_fault() {
    let bad = Email { to_address: "a\r\nb@example.com".to_owned(), ..email() };
    assert!(matches!(mailer().send(&bad), Err(SendFault::Permanent(_))));
}

#[test]
fn a_refusal_means_what_the_table_says() {
    let meaning = |code, words: &str| match rules::fault_of(code, format!("SMTP: permanent error ({code}): {words}")) {
        SendFault::Temporary(_) => "again",
        SendFault::Mailbox(_) => "again, soft",
        SendFault::Permanent(_) => "never",
        SendFault::NoSuchAddress(_) => "never, hard",
    };
    let cases = [
        (421, "closing", "again"),
        (450, "mailbox busy", "again, soft"),
        (451, "local error", "again"),
        (452, "mailbox full", "again, soft"),
        (500, "what?", "never"),
        (535, "5.7.8 bad credentials", "again"),
        (550, "no such user", "never, hard"),
        (550, "5.1.1 no such user", "never, hard"),
        (550, "5.7.515 not authenticated", "never"),
        (550, "5.1.8 no such sender", "again"),
        (551, "not local", "never, hard"),
        (552, "5.2.2 mailbox full", "again, soft"),
        (553, "no such name", "never, hard"),
        (554, "spam", "never"),
        (556, "takes no mail", "never, hard"),
    ];
    for (code, words, wanted) in cases {
        assert_eq!(meaning(code, words), wanted, "{code} {words}");
    }
}

#[test]
fn an_address_is_suppressed_after_one_hard_bounce_or_three_soft_ones_in_a_week() {
    use crate::mail::rules::{Bounce, BounceKind, is_suppressed};
    let now = "2026-11-23T08:00:00Z".parse().unwrap();
    let ago = |kind, days| Bounce { kind, at: now - chrono::Duration::days(days) };
    let (hard, soft) = (BounceKind::Hard, BounceKind::Soft);
    assert!(!is_suppressed(&[], now));
    assert!(
        is_suppressed(&[ago(hard, 0)], now)
            && is_suppressed(&[ago(hard, 89)], now)
            && !is_suppressed(&[ago(hard, 90)], now)
    );
    assert!(!is_suppressed(&[ago(soft, 0), ago(soft, 1)], now));
    assert!(is_suppressed(&[ago(soft, 0), ago(soft, 1), ago(soft, 6)], now));
    assert!(!is_suppressed(&[ago(soft, 0), ago(soft, 1), ago(soft, 7)], now));
}
