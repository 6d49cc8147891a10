//! The texts of notifications about RFQs: to the buyer, to the suppliers whose quotes wait for a decision, and to those
//! that are invited. The buyer's name is in none of them, but in an invitation where the RFQ shows it.

use super::{ClosedReason, Question, Rfq, RfqFields, RfqItem, RfqState, Visibility};
use crate::formats::{absolute, plain_quantity};
use crate::locale::{Language, Message, text};
use crate::mail::NotificationText;

fn facts(rfq: &Rfq) -> Vec<(String, String)> {
    let fields = &rfq.fields;
    let all = [
        ("rfqs-mail-rfq", Some(rfq.id.to_string())),
        ("rfqs-mail-quantity", fields.quantity.as_ref().map(plain_quantity)),
        ("rfqs-mail-destination", fields.destination_country.map(|country| country.name())),
        ("rfqs-mail-deadline", rfq.deadline.map(absolute)),
    ];
    let facts = all.into_iter().filter_map(|(key, value)| Some((text(Language::English, key).to_owned(), value?)));
    facts.chain(item_facts(fields)).collect()
}

/// An e-mail lists so many items; the others are on the page.
pub const ITEMS_IN_MAIL: usize = 10;

/// The items as label and value, the first of them, and how many there are beside.
pub fn item_facts(fields: &RfqFields) -> Vec<(String, String)> {
    let label = |item: &RfqItem| Message::new("rfqs-item-label").with("item", item.number());
    let shown = fields.items.iter().take(ITEMS_IN_MAIL);
    let shown = shown.map(|item| (label(item).text(Language::English), item.summary()));
    shown.chain(further_items(fields.items.len())).collect()
}

/// That there are more items than an e-mail lists.
pub fn further_items(all: usize) -> Option<(String, String)> {
    let more = all.checked_sub(ITEMS_IN_MAIL).filter(|more| *more > 0)?;
    let words = Message::new("rfqs-items-more-count").with("count", more).text(Language::English);
    Some((text(Language::English, "rfqs-items-more").to_owned(), words))
}

/// What is between the quotation marks of a subject: a title is a line, but may be long.
fn short_title(rfq: &Rfq) -> String {
    let mut characters = rfq.fields.title.chars();
    let start: String = characters.by_ref().take(80).collect();
    if characters.next().is_some() { format!("{start}…") } else { start }
}

fn to_suppliers(rfq: &Rfq, subject: &'static str, sentence: &'static str) -> NotificationText {
    NotificationText {
        subject: Message::new(subject).with("title", short_title(rfq)).text(Language::English),
        paragraphs: vec![text(Language::English, sentence).to_owned()],
        facts: facts(rfq),
        action: Some((text(Language::English, "rfqs-mail-see").to_owned(), format!("/rfqs/{}", rfq.id))),
        because: text(Language::English, "rfqs-mail-because-quoted").to_owned(),
    }
}

fn to_buyer(rfq: &Rfq, subject: &'static str, sentence: String, action: &'static str, path: &str) -> NotificationText {
    NotificationText {
        subject: Message::new(subject).with("title", short_title(rfq)).text(Language::English),
        paragraphs: vec![sentence],
        facts: facts(rfq),
        action: Some((text(Language::English, action).to_owned(), format!("/desk/buying/rfqs/{}{path}", rfq.id))),
        because: text(Language::English, "rfqs-mail-because-posted").to_owned(),
    }
}

pub(super) fn changed(rfq: &Rfq) -> NotificationText {
    to_suppliers(rfq, "rfqs-mail-changed", "rfqs-mail-changed-text")
}

pub(super) fn extended(rfq: &Rfq) -> NotificationText {
    to_suppliers(rfq, "rfqs-mail-extended", "rfqs-mail-extended-text")
}

pub(super) fn reopened(rfq: &Rfq) -> NotificationText {
    to_suppliers(rfq, "rfqs-mail-reopened", "rfqs-mail-reopened-text")
}

pub(super) fn withdrawn(rfq: &Rfq) -> NotificationText {
    to_suppliers(rfq, "rfqs-mail-withdrawn", "rfqs-mail-withdrawn-text")
}

pub(super) fn taken_down(rfq: &Rfq) -> NotificationText {
    to_suppliers(rfq, "rfqs-mail-removed", "rfqs-mail-removed-text")
}

pub(super) fn buyer_suspended(rfq: &Rfq) -> NotificationText {
    to_suppliers(rfq, "rfqs-mail-suspended", "rfqs-mail-suspended-text")
}

pub(super) fn closed(rfq: &Rfq) -> NotificationText {
    let why = match rfq.closed_reason {
        Some(ClosedReason::Deadline) => "rfqs-mail-closed-deadline",
        Some(ClosedReason::Seats) => "rfqs-mail-closed-full",
        Some(ClosedReason::Buyer) | None => "rfqs-mail-closed-by-buyer",
    };
    to_suppliers(rfq, "rfqs-mail-closed", why)
}

pub(super) fn ended(rfq: &Rfq) -> NotificationText {
    let (subject, sentence) = match rfq.state {
        RfqState::Awarded => ("rfqs-mail-awarded", "rfqs-mail-awarded-text"),
        _ => ("rfqs-mail-ended", "rfqs-mail-ended-text"),
    };
    to_suppliers(rfq, subject, sentence)
}

pub(super) fn closed_to_buyer(rfq: &Rfq, waiting: usize) -> NotificationText {
    let why = match rfq.closed_reason {
        Some(ClosedReason::Seats) => "rfqs-mail-own-full",
        _ => "rfqs-mail-own-deadline",
    };
    let (action, path) = match waiting {
        0 => ("rfqs-mail-see", ""),
        1 => ("rfqs-mail-see-quote", "/quotes"),
        _ => ("rfqs-mail-compare", "/compare"),
    };
    let sentence = Message::new(why).with("count", waiting).text(Language::English);
    to_buyer(rfq, "rfqs-mail-own-closed", sentence, action, path)
}

pub(super) fn asked(rfq: &Rfq, question: &Question) -> NotificationText {
    let sentence = text(Language::English, "rfqs-mail-asked-text").to_owned();
    let mut content = to_buyer(rfq, "rfqs-mail-asked", sentence, "rfqs-mail-answer", "?tab=questions");
    content.paragraphs.push(question.question.clone());
    content
}

pub(super) fn answered(rfq: &Rfq, question: &Question) -> NotificationText {
    NotificationText {
        subject: Message::new("rfqs-mail-answered").with("title", short_title(rfq)).text(Language::English),
        paragraphs: vec![question.question.clone(), question.answer.clone().unwrap_or_default()],
        facts: facts(rfq),
        action: Some((text(Language::English, "rfqs-mail-see").to_owned(), format!("/rfqs/{}", rfq.id))),
        because: text(Language::English, "rfqs-mail-because-asked").to_owned(),
    }
}

/// The e-mail to a supplier that is invited; it names the buyer where the RFQ shows who asks.
pub(super) fn invited(rfq: &Rfq, buyer: Option<&str>) -> NotificationText {
    let lead = match buyer {
        Some(name) => Message::new("rfqs-mail-invited-by").with("buyer", name).text(Language::English),
        None => text(Language::English, "rfqs-mail-invited-text").to_owned(),
    };
    let only = (rfq.fields.visibility == Visibility::Invited)
        .then(|| text(Language::English, "rfqs-mail-invited-only").to_owned());
    let product = (text(Language::English, "rfqs-mail-product").to_owned(), rfq.fields.title.clone());
    NotificationText {
        subject: Message::new("rfqs-mail-invited").with("title", short_title(rfq)).text(Language::English),
        paragraphs: std::iter::once(lead).chain(only).collect(),
        facts: std::iter::once(product).chain(facts(rfq)).collect(),
        action: Some((text(Language::English, "rfqs-mail-invited-action").to_owned(), format!("/rfqs/{}", rfq.id))),
        because: text(Language::English, "rfqs-mail-because-invited").to_owned(),
    }
}
