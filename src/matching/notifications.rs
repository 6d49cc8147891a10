//! The e-mail to a supplier about an RFQ that fits what it sells.

use super::{ScoreBreakdown, display};
use crate::formats::{absolute, plain_quantity};
use crate::locale::Language;
use crate::mail::NotificationText;
use crate::rfqs::Rfq;

/// The e-mail. It names the goods and the terms, never the buyer.
pub fn rfq_matches(rfq: &Rfq, breakdown: &ScoreBreakdown) -> NotificationText {
    let fields = &rfq.fields;
    let mut facts = vec![("Product".to_owned(), fields.title.clone())];
    let mut fact = |label: &str, value: Option<String>| facts.extend(value.map(|value| (label.to_owned(), value)));
    fact("Quantity", fields.quantity.as_ref().map(plain_quantity));
    fact("Destination", fields.destination_country.map(|country| country.name()));
    fact("Open until", rfq.deadline.map(absolute));
    fact("Score", Some(format!("{:.2} of 1", breakdown.score)));
    for reason in &breakdown.reasons {
        let percent = display::percent(reason.share, breakdown.score);
        fact("Why", Some(format!("{} {percent} %: {}", reason.kind.label(Language::English), reason.detail)));
    }
    for gap in &breakdown.gaps {
        fact("Gap", Some(gap.detail.clone()));
    }
    NotificationText {
        subject: format!("RFQ that fits what you sell: {}", fields.title),
        paragraphs: vec![
            "A buyer asks for goods that your published listings fit. Here is what the buyer asks for, why your company fits, and \
             what may speak against it."
                .to_owned(),
        ],
        facts,
        action: Some(("Read the RFQ and quote".to_owned(), format!("/rfqs/{}", rfq.id))),
        because: "You receive this e-mail because your company has published listings and e-mails about matching RFQs are on."
            .to_owned(),
    }
}
