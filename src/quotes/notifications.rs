//! The texts of notifications about quotes: the other side is notified of every step. No contact data is in them.

use super::{Quote, QuoteFields};
use crate::formats::{PriceLine, days, plain_quantity};
use crate::mail::NotificationText;
use crate::rfqs::rules::visibility::quotes_are_readable;
use crate::rfqs::{Rfq, RfqState};

/// The names that a notification may use.
pub(super) struct Names {
    pub supplier: String,
    /// As the supplier may know the buyer.
    pub buyer: String,
}

/// What a quote says, as label and value.
pub(super) fn facts_of(fields: &QuoteFields, rfq: &Rfq) -> Vec<(String, String)> {
    let mut facts = vec![("Price".to_owned(), price_of(fields, rfq))];
    let mut add = |label: &str, text: Option<String>| facts.extend(text.map(|text| (label.to_owned(), text)));
    add("Quantity", fields.quantity.as_ref().map(plain_quantity));
    add("MOQ", fields.moq.as_ref().map(plain_quantity));
    add("Lead time", fields.lead_time_days.map(days));
    add("Freight", fields.freight.map(|freight| freight.to_string()));
    add("Valid until", fields.valid_until.map(|last| last.to_string()));
    facts
}

/// The price as the trade writes it: `USD 4.22 / kg, FOB Ningbo`.
pub(super) fn price_of(fields: &QuoteFields, rfq: &Rfq) -> String {
    let wanted = rfq.fields.quantity.map(|quantity| quantity.unit);
    let unit = fields.price_unit.or(fields.quantity.map(|quantity| quantity.unit)).or(wanted);
    let line = PriceLine::new(fields.unit_price, None, unit);
    match fields.incoterm {
        Some(term) => line.under(term, fields.incoterm_place.as_deref().unwrap_or_default(), None).to_string(),
        None => line.to_string(),
    }
}

/// The RFQ's title, or what stands for it.
pub(super) fn title_of(rfq: &Rfq) -> &str {
    if rfq.fields.title.is_empty() { "RFQ without a title" } else { &rfq.fields.title }
}

fn to_buyer(quote: &Quote, rfq: &Rfq, subject: String, sentence: String) -> NotificationText {
    let may_read = quotes_are_readable(rfq.state, rfq.fields.sealed);
    let mut paragraphs = vec![sentence];
    if !may_read {
        paragraphs.push("The quotes of this RFQ are sealed: you can read them once it is closed.".to_owned());
    }
    NotificationText {
        subject,
        paragraphs,
        facts: if may_read { facts_of(&quote.fields, rfq) } else { Vec::new() },
        action: Some(("See the quote".to_owned(), format!("/quotes/{}", quote.id))),
        because: "You receive this e-mail because your company posted the RFQ.".to_owned(),
    }
}

fn to_supplier(quote: &Quote, rfq: &Rfq, subject: String, paragraphs: Vec<String>) -> NotificationText {
    NotificationText {
        subject,
        paragraphs,
        facts: facts_of(&quote.fields, rfq),
        action: Some(("See your quote".to_owned(), format!("/quotes/{}", quote.id))),
        because: "You receive this e-mail because your company quoted on the RFQ.".to_owned(),
    }
}

/// The buyer has a new quote.
pub(super) fn submitted(quote: &Quote, rfq: &Rfq, names: &Names) -> NotificationText {
    let Names { supplier, .. } = names;
    let title = title_of(rfq);
    let subject = format!("New quote on {title}");
    let sentence = format!("{supplier} quoted on your RFQ {title}.");
    to_buyer(quote, rfq, subject, sentence)
}

/// The buyer has a new version.
pub(super) fn revised(quote: &Quote, rfq: &Rfq, names: &Names) -> NotificationText {
    let Names { supplier, .. } = names;
    let title = title_of(rfq);
    let sentence = format!("{supplier} sent version {} of its quote on {title}.", quote.revision);
    to_buyer(quote, rfq, format!("Revised quote on {title}"), sentence)
}

/// The buyer has one quote less.
pub(super) fn withdrawn(quote: &Quote, rfq: &Rfq, names: &Names) -> NotificationText {
    let Names { supplier, .. } = names;
    let title = title_of(rfq);
    let sentence = format!("{supplier} withdrew its quote on {title}.");
    to_buyer(quote, rfq, format!("Withdrawn quote on {title}"), sentence)
}

/// The supplier is considered.
pub(super) fn shortlisted(quote: &Quote, rfq: &Rfq, names: &Names) -> NotificationText {
    let Names { buyer, .. } = names;
    let title = title_of(rfq);
    let text = vec![format!("{buyer} shortlisted your quote on {title}.")];
    to_supplier(quote, rfq, format!("Shortlisted: your quote on {title}"), text)
}

/// The supplier won.
pub(super) fn accepted(quote: &Quote, rfq: &Rfq, names: &Names) -> NotificationText {
    let Names { buyer, .. } = names;
    let title = title_of(rfq);
    let text = vec![
        format!("{buyer} accepted version {} of your quote on {title}.", quote.revision),
        "The deal itself is made offline between the two of you. Either side can now propose a trade partnership, which keeps one record of its shipments."
            .to_owned(),
    ];
    to_supplier(quote, rfq, format!("Accepted: your quote on {title}"), text)
}

/// The supplier did not win.
pub(super) fn declined(quote: &Quote, rfq: &Rfq, names: &Names) -> NotificationText {
    let Names { buyer, .. } = names;
    let title = title_of(rfq);
    let mut text = vec![format!("{buyer} declined your quote on {title}.")];
    text.extend(quote.decline_reason.as_ref().map(|reason| format!("Reason: {reason}")));
    if quote.off_target {
        let cost = super::quota::OFF_TARGET_COST;
        text.push(format!(
            "It was marked as irrelevant: not what the RFQ asks for. Each such mark means {cost} fewer open quotes a week for 90 days."
        ));
    }
    to_supplier(quote, rfq, format!("Declined: your quote on {title}"), text)
}

/// The validity has passed, to the supplier, who may send a new version.
pub(super) fn expired(quote: &Quote, rfq: &Rfq) -> NotificationText {
    let title = title_of(rfq);
    let mut text = vec![format!("The last day of validity of your quote on {title} has passed.")];
    if rfq.state == RfqState::Open {
        text.push("The RFQ is still open: send a new version and the buyer can accept it.".to_owned());
    }
    to_supplier(quote, rfq, format!("Expired quote on {title}"), text)
}

/// The validity has passed, to the buyer, who may ask for a new version.
pub(super) fn expired_to_buyer(quote: &Quote, rfq: &Rfq, names: &Names) -> NotificationText {
    let (title, supplier) = (title_of(rfq), &names.supplier);
    let sentence = format!("The quote from {supplier} on {title} has expired and can no longer be accepted.");
    to_buyer(quote, rfq, format!("Expired quote on {title}"), sentence)
}
