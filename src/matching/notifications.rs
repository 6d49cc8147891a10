//! The e-mail to a supplier about an RFQ that fits what it sells.

use super::{ScoreBreakdown, display};
use crate::formats::{absolute, plain_quantity};
use crate::locale::{Language, Message, text};
use crate::mail::NotificationText;
use crate::rfqs::Rfq;
use crate::rfqs::notifications::item_facts;

/// The e-mail. It names the goods and the terms, never the buyer.
pub fn rfq_matches(rfq: &Rfq, breakdown: &ScoreBreakdown) -> NotificationText {
    let fields = &rfq.fields;
    let labelled = |key: &'static str, value: String| (text(Language::English, key).to_owned(), value);
    let mut facts = vec![labelled("matching-mail-product", fields.title.clone())];
    let quantity = fields.quantity.as_ref().map(plain_quantity);
    facts.extend(quantity.map(|quantity| labelled("matching-mail-quantity", quantity)));
    facts.extend(item_facts(fields));
    let mut fact = |key: &'static str, value: Option<String>| {
        facts.extend(value.map(|value| (text(Language::English, key).to_owned(), value)));
    };
    fact("matching-mail-destination", fields.destination_country.map(|country| country.name()));
    fact("matching-mail-open-until", rfq.deadline.map(absolute));
    fact(
        "matching-mail-score",
        Some(
            Message::new("matching-mail-score-of")
                .with("score", format!("{:.2}", breakdown.score))
                .text(Language::English),
        ),
    );
    for reason in &breakdown.reasons {
        let percent = display::percent(reason.share, breakdown.score);
        fact(
            "matching-mail-why",
            Some(format!("{} {percent} %: {}", reason.kind.label(Language::English), reason.detail)),
        );
    }
    for gap in &breakdown.gaps {
        fact("matching-mail-gap", Some(gap.detail.clone()));
    }
    NotificationText {
        subject: Message::new("matching-mail-subject").with("title", &fields.title).text(Language::English),
        paragraphs: vec![text(Language::English, "matching-mail-lead").to_owned()],
        facts,
        action: Some((text(Language::English, "matching-mail-action").to_owned(), format!("/rfqs/{}", rfq.id))),
        because: text(Language::English, "matching-mail-because").to_owned(),
    }
}
