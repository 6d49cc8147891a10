//! What a mail server's answer means, and when an address is suppressed; which e-mails are gathered into one, and what of a stranger's text
//! is in them.

use chrono::Duration;

use super::email::{NotificationKind, NotificationText, Stream};
use super::fault::SendFault;
use crate::clock::Time;
use crate::ids::CompanyId;
use crate::locale::{Language, Message, text};
use crate::text::{find_contact, has_link};
use crate::wire_enum;

wire_enum! {
    /// How an e-mail came back.
    pub enum BounceKind {
        /// There is no such address.
        Hard = "hard",
        /// The mailbox could not take it then.
        Soft = "soft",
    }
}

/// After a hard bounce an address is suppressed for so many days; then one e-mail finds out whether it is there again.
pub const HARD_DAYS: i64 = 90;
/// Soft bounces count for so many days.
const SOFT_DAYS: i64 = 7;
/// Soft bounces of so many e-mails suppress an address.
// Three e-mails and not three answers: one e-mail is tried up to twenty times, and a full mailbox answers each.
const MOST_SOFT: usize = 3;

/// An e-mail that came back, and when it did last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounce {
    /// How.
    pub kind: BounceKind,
    /// When.
    pub at: Time,
}

/// Whether e-mails that could be refused are not sent to the address, whose bounces are one for each e-mail.
pub fn is_suppressed(bounces: &[Bounce], now: Time) -> bool {
    let within = |kind: BounceKind, days: i64| {
        bounces.iter().filter(move |bounce| bounce.kind == kind && now - bounce.at < Duration::days(days)).count()
    };
    within(BounceKind::Hard, HARD_DAYS) > 0 || within(BounceKind::Soft, SOFT_DAYS) >= MOST_SOFT
}

/// What a refusal means: its code (RFC 5321) and its words, which may begin with an enhanced code (RFC 3463).
pub fn fault_of(code: u16, words: String) -> SendFault {
    let says = |enhanced: &str| words.split_whitespace().any(|word| word.starts_with(enhanced));
    let is_policy = says("5.7.");
    match code {
        450 | 452 | 552 => SendFault::Mailbox(words),
        // It is we who are not let in. No reader's address may suffer for a password of ours that has expired.
        530..=538 => SendFault::Temporary(words),
        // Our own address is not believed: that says nothing of the reader's.
        500..=599 if says("5.1.7") || says("5.1.8") => SendFault::Temporary(words),
        550 | 551 | 553 | 556 if !is_policy => SendFault::NoSuchAddress(words),
        500..=599 => SendFault::Permanent(words),
        // 4xx, and what no server should say at all: trying again harms nobody.
        _ => SendFault::Temporary(words),
    }
}

/// Under this key waits what is over a reader's daily number of e-mails.
pub const DIGEST: &str = "digest";

/// The queue of e-mails that somebody waits for who cannot go on without: a link to confirm, to choose a password, to join.
pub const ACCOUNT_LANE: &str = "account";

/// Among so many queues the e-mails of companies are divided: who causes ten thousand delays only those of its own queue.
const LANES: i64 = 8;

/// A gathered e-mail names so many of the things that happened.
const NAMED: usize = 20;

/// The queue of the e-mails that a company causes, or the platform itself.
pub fn lane(sender: Option<CompanyId>) -> String {
    // Neighbouring ids are of one moment; their lowest bits differ by node and sequence alike.
    sender.map_or_else(|| "mail".to_owned(), |company| format!("mail {}", company.0.rem_euclid(LANES)))
}

/// Items of one reader with the same key become one e-mail. `event` is what happened, by its words before the ids.
pub fn gather_key(stream: Stream, event: &str, sender: CompanyId) -> String {
    match stream {
        // Of all buyers: that two RFQs are of one company, which may be anonymous, is nobody's business.
        Stream::Matches | Stream::Alerts => stream.to_string(),
        // Each conversation by itself: an e-mail about two of them would stand in neither.
        Stream::Messages => conversation_root(event).unwrap_or(event).to_owned(),
        Stream::Transactional => {
            let is_word = |word: &&str| {
                !word.contains(|c: char| c.is_ascii_digit()) && (!word.contains('_') || event.starts_with(*word))
            };
            let words: Vec<&str> = event.split(' ').take(2).take_while(is_word).collect();
            format!("{} {sender}", words.join(" "))
        }
    }
}

/// What a notification is about. Of deals the first word of the event says it.
pub fn kind_of(stream: Stream, event: &str) -> NotificationKind {
    match stream {
        Stream::Matches => NotificationKind::Matches,
        Stream::Messages => NotificationKind::Messages,
        Stream::Alerts => NotificationKind::Alerts,
        Stream::Transactional => match event.split([' ', '_']).next().unwrap_or_default() {
            "quote" => NotificationKind::Quotes,
            "rfq" | "question" => NotificationKind::Rfqs,
            "partnership" | "record" | "document" | "reference" => NotificationKind::Partnerships,
            _ => NotificationKind::Company,
        },
    }
}

/// The event whose e-mail began the conversation that the event goes on with: of `thread thr_1 msg_2` it is `thread thr_1`. The first one has
/// no other.
pub fn conversation_root(event: &str) -> Option<&str> {
    let (root, _) = event.rsplit_once(' ')?;
    (event.starts_with("thread ") && root != "thread").then_some(root)
}

/// One e-mail for several: the newest gives the link, where all lead to one page.
pub fn gathered(language: Language, items: &[&NotificationText]) -> NotificationText {
    let newest = items.last().map(|item| item.subject.as_str()).unwrap_or_default();
    let mut facts: Vec<(String, String)> = (1..)
        .zip(items.iter().rev().take(NAMED))
        .map(|(number, item): (usize, _)| (number.to_string(), item.subject.clone()))
        .collect();
    if let Some(more @ 1..) = items.len().checked_sub(NAMED) {
        let more = Message::new("mail-gathered-more").with("count", more).text(language);
        facts.push((text(language, "mail-gathered-and").to_owned(), more));
    }
    let first = items.first().and_then(|item| item.action.clone());
    let is_same =
        items.iter().all(|item| item.action.as_ref().map(|(_, path)| path) == first.as_ref().map(|(_, path)| path));
    let dashboard = || (text(language, "mail-gathered-action").to_owned(), "/".to_owned());
    NotificationText {
        subject: Message::new("mail-gathered-subject").with("count", items.len()).with("newest", newest).text(language),
        paragraphs: vec![text(language, "mail-gathered-lead").to_owned()],
        facts,
        action: Some(first.filter(|_| is_same).unwrap_or_else(dashboard)),
        because: items.last().map(|item| item.because.clone()).unwrap_or_default(),
    }
}

/// The text as somebody reads it who has not dealt with the company behind it: what holds a link or contact details stays on the site,
/// where it can be reported, so that no stranger's address travels under the platform's name.
pub fn without_contact(language: Language, content: &NotificationText) -> NotificationText {
    let holds = |text: &str| find_contact(text).is_some() || has_link(text);
    let kept = |part: &String| if holds(part) { text(language, "mail-left-out").to_owned() } else { part.clone() };
    NotificationText {
        subject: if holds(&content.subject) {
            text(language, "mail-left-out-subject").to_owned()
        } else {
            content.subject.clone()
        },
        paragraphs: content.paragraphs.iter().map(kept).collect(),
        facts: content.facts.iter().map(|(label, value)| (label.clone(), kept(value))).collect(),
        ..content.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_of_one_event_and_sender_have_one_key() {
        let key = |event| gather_key(Stream::Transactional, event, CompanyId(7));
        assert_eq!(key("quote submitted quo_0abc"), key("quote submitted quo_0xyz"));
        assert_eq!(key("partnership_proposed ptn_01"), key("partnership_proposed ptn_02"));
        assert_eq!(key("question asked qst_abcd"), key("question asked qst_zzzz"));
        assert_ne!(key("quote submitted quo_0abc"), key("quote revised quo_0abc 2"));
        assert_ne!(key("rfq changed a1"), gather_key(Stream::Transactional, "rfq changed a1", CompanyId(8)));
        let matches = |sender| gather_key(Stream::Matches, "match rfq_1 com_1", CompanyId(sender));
        assert_eq!(matches(1), matches(2));
        let message = |event| gather_key(Stream::Messages, event, CompanyId(7));
        assert_eq!(message("thread thr_1"), message("thread thr_1 msg_2"));
        assert_ne!(message("thread thr_1"), message("thread thr_2"));
    }

    #[test]
    fn kind_is_said_by_stream_and_event() {
        let of = |event| kind_of(Stream::Transactional, event);
        assert_eq!(of("quote accepted quo_1"), NotificationKind::Quotes);
        assert_eq!(
            (of("rfq changed rfq_1"), of("question asked qst_1")),
            (NotificationKind::Rfqs, NotificationKind::Rfqs)
        );
        assert_eq!(of("partnership_proposed prt_1"), NotificationKind::Partnerships);
        assert_eq!(of("webhook disabled hook_1"), NotificationKind::Company);
        assert_eq!(kind_of(Stream::Messages, "thread thr_1"), NotificationKind::Messages);
    }

    #[test]
    fn first_event_of_a_conversation_is_the_root_of_the_others() {
        assert_eq!(conversation_root("thread thr_1"), None);
        assert_eq!(conversation_root("thread thr_1 msg_2"), Some("thread thr_1"));
        assert_eq!(conversation_root("quote submitted quo_1"), None);
    }

    #[test]
    fn gathered_email_counts_names_and_leads_to_one_page() {
        let item = |number: usize, path: &str| NotificationText {
            subject: format!("Question {number}"),
            action: Some(("Answer".to_owned(), path.to_owned())),
            ..NotificationText::default()
        };
        let same: Vec<_> = (0..25).map(|number| item(number, "/rfqs/1")).collect();
        let one = gathered(Language::English, &same.iter().collect::<Vec<_>>());
        assert_eq!(one.subject, "25 updates: Question 24");
        assert_eq!((one.facts.len(), one.facts[20].1.as_str()), (21, "5 more"));
        assert_eq!(one.action.unwrap().1, "/rfqs/1");
        let other = gathered(Language::English, &[&item(1, "/rfqs/1"), &item(2, "/rfqs/2")]);
        assert_eq!(other.action.unwrap().1, "/");
    }

    #[test]
    fn links_and_contact_data_stay_on_the_site() {
        let content = NotificationText {
            subject: "Visit evil.com now proposes a trade partnership".to_owned(),
            paragraphs: vec!["A sentence.".to_owned(), "Write to anna@evil.com".to_owned()],
            facts: vec![
                ("Note".to_owned(), "https://evil.example/pay".to_owned()),
                ("HS".to_owned(), "7307.19".to_owned()),
            ],
            action: Some(("Open".to_owned(), "/partnerships/1".to_owned())),
            because: "Because.".to_owned(),
        };
        let kept = without_contact(Language::English, &content);
        assert!(!format!("{kept:?}").contains("evil"), "{kept:?}");
        assert_eq!((kept.paragraphs[0].as_str(), kept.facts[1].1.as_str()), ("A sentence.", "7307.19"));
        assert_eq!(kept.action, content.action);
    }
}
