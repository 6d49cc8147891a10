//! Notifications about quotes: the other side is notified of every step, in the transaction of the step. No contact data is in them.

use super::rules::supplier_knows_buyer;
use super::{Quote, QuoteFields};
use crate::accounts::actions::notify_company;
use crate::companies;
use crate::error::Result;
use crate::ids::CompanyId;
use crate::mail::{NotificationText, Stream};
use crate::rfqs::Rfq;
use crate::rfqs::rules::visibility::quotes_are_readable;
use crate::store::Tx;
use crate::web::layout::{PriceLine, days, plain_quantity};

/// The names that a notification may use.
struct Names {
    supplier: String,
    /// As the supplier may know the buyer.
    buyer: String,
}

fn names(tx: &mut Tx, quote: &Quote, rfq: &Rfq) -> Result<Names> {
    let mut names = companies::store::names(tx.conn(), &[quote.supplier.0, quote.buyer.0])?;
    let mut name = |id: CompanyId| names.remove(&id.0).unwrap_or_default();
    let (supplier, buyer) = (name(quote.supplier), name(quote.buyer));
    let buyer = if supplier_knows_buyer(quote, rfq) { buyer } else { "The buyer".to_owned() };
    Ok(Names { supplier, buyer })
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

fn to_buyer(tx: &mut Tx, quote: &Quote, rfq: &Rfq, event: &str, subject: String, sentence: String) -> Result<()> {
    let may_read = quotes_are_readable(rfq.state, rfq.fields.sealed);
    let mut paragraphs = vec![sentence];
    if !may_read {
        paragraphs.push("The quotes of this RFQ are sealed: you can read them once it is closed.".to_owned());
    }
    let content = NotificationText {
        subject,
        paragraphs,
        facts: if may_read { facts_of(&quote.fields, rfq) } else { Vec::new() },
        action: Some(("See the quote".to_owned(), format!("/quotes/{}", quote.id))),
        because: "You get this e-mail because your company posted the RFQ.".to_owned(),
    };
    notify_company(tx, quote.buyer, Stream::Transactional, event, &content).map(|_| ())
}

fn to_supplier(tx: &mut Tx, quote: &Quote, rfq: &Rfq, event: &str, subject: String, text: Vec<String>) -> Result<()> {
    let content = NotificationText {
        subject,
        paragraphs: text,
        facts: facts_of(&quote.fields, rfq),
        action: Some(("See your quote".to_owned(), format!("/quotes/{}", quote.id))),
        because: "You get this e-mail because your company quoted on the RFQ.".to_owned(),
    };
    notify_company(tx, quote.supplier, Stream::Transactional, event, &content).map(|_| ())
}

/// The buyer has a new quote.
pub(super) fn submitted(tx: &mut Tx, quote: &Quote, rfq: &Rfq) -> Result<()> {
    let Names { supplier, .. } = names(tx, quote, rfq)?;
    let title = title_of(rfq);
    let subject = format!("New quote on {title}");
    let sentence = format!("{supplier} quoted on your RFQ {title}.");
    to_buyer(tx, quote, rfq, &format!("quote submitted {}", quote.id), subject, sentence)
}

/// The buyer has a new version.
pub(super) fn revised(tx: &mut Tx, quote: &Quote, rfq: &Rfq) -> Result<()> {
    let Names { supplier, .. } = names(tx, quote, rfq)?;
    let title = title_of(rfq);
    let sentence = format!("{supplier} sent version {} of its quote on {title}.", quote.revision);
    let event = format!("quote revised {} {}", quote.id, quote.revision);
    to_buyer(tx, quote, rfq, &event, format!("Revised quote on {title}"), sentence)
}

/// The buyer has one quote less.
pub(super) fn withdrawn(tx: &mut Tx, quote: &Quote, rfq: &Rfq) -> Result<()> {
    let Names { supplier, .. } = names(tx, quote, rfq)?;
    let title = title_of(rfq);
    let sentence = format!("{supplier} withdrew its quote on {title}.");
    let event = format!("quote withdrawn {}", quote.id);
    to_buyer(tx, quote, rfq, &event, format!("Withdrawn quote on {title}"), sentence)
}

/// The supplier is considered.
pub(super) fn shortlisted(tx: &mut Tx, quote: &Quote, rfq: &Rfq) -> Result<()> {
    let Names { buyer, .. } = names(tx, quote, rfq)?;
    let title = title_of(rfq);
    let text = vec![format!("{buyer} shortlisted your quote on {title}.")];
    // A revised quote may be shortlisted only once, but one that expired meanwhile can be again.
    let event = format!("quote shortlisted {} {}", quote.id, quote.revision);
    to_supplier(tx, quote, rfq, &event, format!("Shortlisted: your quote on {title}"), text)
}

/// The supplier won.
pub(super) fn accepted(tx: &mut Tx, quote: &Quote, rfq: &Rfq) -> Result<()> {
    let Names { buyer, .. } = names(tx, quote, rfq)?;
    let title = title_of(rfq);
    let text = vec![
        format!("{buyer} accepted version {} of your quote on {title}.", quote.revision),
        "The deal itself is made offline between the two of you. Either side can now propose a trade partnership, which keeps one record of its shipments."
            .to_owned(),
    ];
    let event = format!("quote accepted {}", quote.id);
    to_supplier(tx, quote, rfq, &event, format!("Accepted: your quote on {title}"), text)
}

/// The supplier did not win.
pub(super) fn declined(tx: &mut Tx, quote: &Quote, rfq: &Rfq) -> Result<()> {
    let Names { buyer, .. } = names(tx, quote, rfq)?;
    let title = title_of(rfq);
    let mut text = vec![format!("{buyer} declined your quote on {title}.")];
    text.extend(quote.decline_reason.as_ref().map(|reason| format!("Reason: {reason}")));
    if quote.off_target {
        let cost = super::quota::OFF_TARGET_COST;
        text.push(format!(
            "It was marked as irrelevant: not what the RFQ asks for. Each such mark means {cost} fewer open quotes a week for 90 days."
        ));
    }
    let event = format!("quote declined {}", quote.id);
    to_supplier(tx, quote, rfq, &event, format!("Declined: your quote on {title}"), text)
}

/// The validity has passed; both sides hear of it, for either may want a new version.
pub(super) fn expired(tx: &mut Tx, quote: &Quote, rfq: &Rfq) -> Result<()> {
    let Names { supplier, .. } = names(tx, quote, rfq)?;
    let title = title_of(rfq);
    let event = format!("quote expired {} {}", quote.id, quote.revision);
    let subject = format!("Expired quote on {title}");
    let mut text = vec![format!("The last day of validity of your quote on {title} has passed.")];
    if rfq.state == crate::rfqs::RfqState::Open {
        text.push("The RFQ is still open: send a new version and the buyer can accept it.".to_owned());
    }
    to_supplier(tx, quote, rfq, &event, subject.clone(), text)?;
    let sentence = format!("The quote of {supplier} on {title} has expired and can no longer be accepted.");
    to_buyer(tx, quote, rfq, &event, subject, sentence)
}
