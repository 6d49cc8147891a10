//! The texts of notifications about RFQs: to the buyer, and to the suppliers whose quotes wait for a decision. The buyer's name is in none
//! of them.

use super::{ClosedReason, Question, Rfq, RfqState};
use crate::formats::{absolute, plain_quantity};
use crate::mail::NotificationText;

fn facts(rfq: &Rfq) -> Vec<(String, String)> {
    let fields = &rfq.fields;
    let all = [
        ("RFQ", Some(rfq.id.to_string())),
        ("Quantity", fields.quantity.as_ref().map(plain_quantity)),
        ("Destination", fields.destination_country.map(|country| country.name())),
        ("Deadline", rfq.deadline.map(absolute)),
    ];
    all.into_iter().filter_map(|(label, value)| Some((label.to_owned(), value?))).collect()
}

/// What is between the quotation marks of a subject: a title is a line, but may be long.
fn short_title(rfq: &Rfq) -> String {
    let mut characters = rfq.fields.title.chars();
    let start: String = characters.by_ref().take(80).collect();
    if characters.next().is_some() { format!("{start}…") } else { start }
}

fn to_suppliers(rfq: &Rfq, subject: &str, sentence: &str) -> NotificationText {
    NotificationText {
        subject: format!("{subject}: {}", short_title(rfq)),
        paragraphs: vec![sentence.to_owned()],
        facts: facts(rfq),
        action: Some(("See the RFQ".to_owned(), format!("/rfqs/{}", rfq.id))),
        because: "Your company quoted for this RFQ.".to_owned(),
    }
}

fn to_buyer(rfq: &Rfq, subject: &str, sentence: String, action: &str, path: &str) -> NotificationText {
    NotificationText {
        subject: format!("{subject}: {}", short_title(rfq)),
        paragraphs: vec![sentence],
        facts: facts(rfq),
        action: Some((action.to_owned(), format!("/desk/buying/rfqs/{}{path}", rfq.id))),
        because: "Your company posted this RFQ.".to_owned(),
    }
}

pub(super) fn changed(rfq: &Rfq) -> NotificationText {
    let sentence = "The buyer changed this RFQ. Check it and revise your quote if it no longer fits.";
    to_suppliers(rfq, "RFQ changed", sentence)
}

pub(super) fn extended(rfq: &Rfq) -> NotificationText {
    let sentence = "The buyer moved the deadline of this RFQ to a later moment. You can revise your quote until then.";
    to_suppliers(rfq, "RFQ extended", sentence)
}

pub(super) fn withdrawn(rfq: &Rfq) -> NotificationText {
    let sentence = "The buyer withdrew this RFQ. Your quote was declined with it; you don't need to do anything.";
    to_suppliers(rfq, "RFQ withdrawn", sentence)
}

pub(super) fn taken_down(rfq: &Rfq) -> NotificationText {
    let sentence = "A moderator removed this RFQ. Your quote was declined with it; you don't need to do anything.";
    to_suppliers(rfq, "RFQ removed", sentence)
}

pub(super) fn buyer_suspended(rfq: &Rfq) -> NotificationText {
    let sentence = "The buyer of this RFQ is suspended from the platform. While that lasts your quote can't be accepted. It stays as it is, \
                    and you can withdraw it.";
    to_suppliers(rfq, "Buyer suspended", sentence)
}

pub(super) fn closed(rfq: &Rfq) -> NotificationText {
    let why = match rfq.closed_reason {
        Some(ClosedReason::Deadline) => "Its deadline has passed",
        Some(ClosedReason::Seats) => "It has as many quotes as it takes",
        Some(ClosedReason::Buyer) | None => "The buyer closed it",
    };
    let sentence = format!("{why}: this RFQ takes no more quotes. The buyer decides now, and you will be notified.");
    to_suppliers(rfq, "RFQ closed", &sentence)
}

pub(super) fn ended(rfq: &Rfq) -> NotificationText {
    let (subject, sentence) = match rfq.state {
        RfqState::Awarded => ("RFQ awarded", "The buyer ended this RFQ; other quotes were accepted."),
        _ => ("RFQ ended", "The buyer ended this RFQ without accepting a quote."),
    };
    to_suppliers(rfq, subject, sentence)
}

pub(super) fn closed_to_buyer(rfq: &Rfq, waiting: usize) -> NotificationText {
    let why = match rfq.closed_reason {
        Some(ClosedReason::Seats) => "It has as many quotes as it takes",
        _ => "Its deadline has passed",
    };
    let (next, action, path) = match waiting {
        0 => ("There are no quotes to decide on.".to_owned(), "See the RFQ", ""),
        1 => ("One quote waits for your decision.".to_owned(), "See the quote", "/quotes"),
        many => (format!("{many} quotes wait for your decision."), "Compare the quotes", "/compare"),
    };
    let sentence = format!("{why}: your RFQ takes no more quotes. {next}");
    to_buyer(rfq, "Your RFQ closed", sentence, action, path)
}

pub(super) fn asked(rfq: &Rfq, question: &Question) -> NotificationText {
    let sentence = "A supplier asks about your RFQ. Your answer is shown to everyone who sees the RFQ.".to_owned();
    let mut content = to_buyer(rfq, "A question about your RFQ", sentence, "Answer", "?tab=questions");
    content.paragraphs.push(question.question.clone());
    content
}

pub(super) fn answered(rfq: &Rfq, question: &Question) -> NotificationText {
    NotificationText {
        subject: format!("Your question was answered: {}", short_title(rfq)),
        paragraphs: vec![question.question.clone(), question.answer.clone().unwrap_or_default()],
        facts: facts(rfq),
        action: Some(("See the RFQ".to_owned(), format!("/rfqs/{}", rfq.id))),
        because: "Your company asked about this RFQ.".to_owned(),
    }
}
