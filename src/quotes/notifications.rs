//! The texts of notifications about quotes: the other side is notified of every step. No contact data is in them.

use super::comparison::with_place;
use super::{Quote, QuoteFields, QuoteItem};
use crate::formats::{PriceLine, days, numbers, plain_quantity};
use crate::locale::{Language, Message, text};
use crate::mail::NotificationText;
use crate::rfqs::notifications::{ITEMS_IN_MAIL, further_items};
use crate::rfqs::rules::visibility::quotes_are_readable;
use crate::rfqs::{Rfq, RfqState};

/// The names that a notification may use.
pub(super) struct Names {
    pub supplier: String,
    /// As the supplier may know the buyer.
    pub buyer: String,
}

/// What a quote says, as label and value; of a quote with items, each of them before what holds for all.
pub(super) fn facts_of(fields: &QuoteFields, rfq: &Rfq) -> Vec<(String, String)> {
    facts(fields, rfq, fields.items.iter().map(|item| item_fact(item, fields, rfq)).collect())
}

/// The same for an e-mail, with the first of the items.
fn mail_facts(fields: &QuoteFields, rfq: &Rfq) -> Vec<(String, String)> {
    let shown = fields.items.iter().take(ITEMS_IN_MAIL).map(|item| item_fact(item, fields, rfq));
    facts(fields, rfq, shown.chain(further_items(fields.items.len())).collect())
}

fn facts(fields: &QuoteFields, rfq: &Rfq, mut facts: Vec<(String, String)>) -> Vec<(String, String)> {
    if facts.is_empty() {
        facts.push((text(Language::English, "quotes-mail-price").to_owned(), price_of(fields, rfq)));
    }
    let mut add = |key: &'static str, value: Option<String>| {
        facts.extend(value.map(|value| (text(Language::English, key).to_owned(), value)));
    };
    add("quotes-mail-total", total_of(fields, rfq));
    add("quotes-mail-terms", terms_of(fields).filter(|_| !fields.items.is_empty()));
    add("quotes-mail-quantity", fields.quantity.as_ref().map(plain_quantity));
    add("quotes-mail-moq", fields.moq.as_ref().map(plain_quantity));
    add("quotes-mail-lead-time", fields.lead_time_days.map(days));
    add("quotes-mail-freight", fields.freight.map(|freight| freight.to_string()));
    add("quotes-mail-valid-until", fields.valid_until.map(|last| last.to_string()));
    facts
}

/// What the goods cost in all, and for how much of them.
pub(super) fn total_of(fields: &QuoteFields, rfq: &Rfq) -> Option<String> {
    if !fields.items.is_empty() {
        let total = fields.items_total(&rfq.fields)?;
        let message =
            Message::new("quotes-total-of-items").with("total", PriceLine::new(total, None, None).to_string());
        return Some(
            message.with("offered", fields.items.len()).with("items", rfq.fields.items.len()).text(Language::English),
        );
    }
    let (total, quantity) = fields.goods_total(rfq.fields.quantity)?;
    let message = Message::new("quotes-total-of").with("total", PriceLine::new(total, None, None).to_string());
    Some(message.with("quantity", plain_quantity(&quantity)).text(Language::English))
}

/// The price of one item: `USD 4.22 / kg for 2 t = USD 8 440.00, 30 days`.
fn item_fact(item: &QuoteItem, fields: &QuoteFields, rfq: &Rfq) -> (String, String) {
    let wanted = rfq.fields.find_item(item.item);
    let title = wanted.map_or("", |wanted| wanted.title.as_str());
    let label = Message::new("quotes-item").with("item", item.item).with("title", title).text(Language::English);
    let quantity = wanted.and_then(|wanted| wanted.quantity);
    let unit = item.price_unit.or(item.quantity.or(quantity).map(|quantity| quantity.unit));
    let price = PriceLine::new(item.unit_price, None, unit).to_string();
    let total = fields.of_item(item.item).and_then(|alone| alone.goods_total(quantity));
    let price = match total {
        Some((total, quantity)) => Message::new("quotes-item-total")
            .with("price", price)
            .with("quantity", plain_quantity(&quantity))
            .with("total", PriceLine::new(total, None, None).to_string())
            .text(Language::English),
        None => price,
    };
    let moq = item.moq.as_ref().map(crate::formats::moq);
    let parts = [Some(price), moq, item.lead_time_days.map(days), item.note.clone()];
    (label, parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
}

/// The term of the prices with its place.
fn terms_of(fields: &QuoteFields) -> Option<String> {
    fields.incoterm.map(|term| with_place(term, fields.incoterm_place.as_deref()))
}

/// The price as the trade writes it: `USD 4.22 / kg, FOB Ningbo`; of a quote with items what they cost together.
pub(super) fn price_of(fields: &QuoteFields, rfq: &Rfq) -> String {
    let wanted = rfq.fields.quantity.map(|quantity| quantity.unit);
    let unit = fields.price_unit.or(fields.quantity.map(|quantity| quantity.unit)).or(wanted);
    let Some(price) = fields.unit_price else {
        let offered = Message::new("quotes-items-offered").with("offered", fields.items.len());
        let offered = offered.with("items", rfq.fields.items.len()).text(Language::English);
        let parts = [Some(total_of(fields, rfq).unwrap_or(offered)), terms_of(fields)];
        return parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
    };
    let line = PriceLine::new(price, None, unit);
    match fields.incoterm {
        Some(term) => line.under(term, fields.incoterm_place.as_deref().unwrap_or_default(), None).to_string(),
        None => line.to_string(),
    }
}

/// The RFQ's title, or what stands for it.
pub(super) fn title_of(rfq: &Rfq) -> &str {
    if rfq.fields.title.is_empty() { text(Language::English, "quotes-mail-untitled") } else { &rfq.fields.title }
}

fn to_buyer(quote: &Quote, rfq: &Rfq, subject: String, sentence: String) -> NotificationText {
    let may_read = quotes_are_readable(rfq.state, rfq.fields.sealed);
    let mut paragraphs = vec![sentence];
    if !may_read {
        paragraphs.push(text(Language::English, "quotes-mail-sealed").to_owned());
    }
    NotificationText {
        subject,
        paragraphs,
        facts: if may_read { mail_facts(&quote.fields, rfq) } else { Vec::new() },
        action: Some((text(Language::English, "quotes-mail-see").to_owned(), format!("/quotes/{}", quote.id))),
        because: text(Language::English, "quotes-mail-because-posted").to_owned(),
    }
}

fn to_supplier(quote: &Quote, rfq: &Rfq, subject: String, paragraphs: Vec<String>) -> NotificationText {
    NotificationText {
        subject,
        paragraphs,
        facts: mail_facts(&quote.fields, rfq),
        action: Some((text(Language::English, "quotes-mail-see-own").to_owned(), format!("/quotes/{}", quote.id))),
        because: text(Language::English, "quotes-mail-because-quoted").to_owned(),
    }
}

/// The buyer has a new quote.
pub(super) fn submitted(quote: &Quote, rfq: &Rfq, names: &Names) -> NotificationText {
    let Names { supplier, .. } = names;
    let title = title_of(rfq);
    let subject = Message::new("quotes-mail-new").with("title", title).text(Language::English);
    let sentence =
        Message::new("quotes-mail-new-text").with("supplier", supplier).with("title", title).text(Language::English);
    to_buyer(quote, rfq, subject, sentence)
}

/// The buyer has a new version.
pub(super) fn revised(quote: &Quote, rfq: &Rfq, names: &Names) -> NotificationText {
    let Names { supplier, .. } = names;
    let title = title_of(rfq);
    let sentence = Message::new("quotes-mail-revised-text")
        .with("supplier", supplier)
        .with("version", quote.revision.to_string())
        .with("title", title)
        .text(Language::English);
    to_buyer(quote, rfq, Message::new("quotes-mail-revised").with("title", title).text(Language::English), sentence)
}

/// The buyer has one quote less.
pub(super) fn withdrawn(quote: &Quote, rfq: &Rfq, names: &Names) -> NotificationText {
    let Names { supplier, .. } = names;
    let title = title_of(rfq);
    let sentence = Message::new("quotes-mail-withdrawn-text")
        .with("supplier", supplier)
        .with("title", title)
        .text(Language::English);
    to_buyer(quote, rfq, Message::new("quotes-mail-withdrawn").with("title", title).text(Language::English), sentence)
}

/// The supplier is considered.
pub(super) fn shortlisted(quote: &Quote, rfq: &Rfq, names: &Names) -> NotificationText {
    let Names { buyer, .. } = names;
    let title = title_of(rfq);
    let paragraphs = vec![
        Message::new("quotes-mail-shortlisted-text").with("buyer", buyer).with("title", title).text(Language::English),
    ];
    to_supplier(
        quote,
        rfq,
        Message::new("quotes-mail-shortlisted").with("title", title).text(Language::English),
        paragraphs,
    )
}

/// The supplier won.
pub(super) fn accepted(quote: &Quote, rfq: &Rfq, names: &Names) -> NotificationText {
    let Names { buyer, .. } = names;
    let title = title_of(rfq);
    let mut paragraphs = vec![
        Message::new("quotes-mail-accepted-text")
            .with("buyer", buyer)
            .with("version", quote.revision.to_string())
            .with("title", title)
            .text(Language::English),
    ];
    paragraphs.extend(accepted_items(quote));
    paragraphs.push(text(Language::English, "quotes-mail-accepted-next").to_owned());
    to_supplier(
        &accepted_part(quote),
        rfq,
        Message::new("quotes-mail-accepted").with("title", title).text(Language::English),
        paragraphs,
    )
}

/// The quote with the items alone that it was accepted for: what was agreed.
pub(super) fn accepted_part(quote: &Quote) -> Quote {
    match quote.awarded_items.as_slice() {
        [] => quote.clone(),
        items => Quote { fields: quote.fields.only(items), ..quote.clone() },
    }
}

/// For which items a quote was accepted, of an RFQ with items.
pub(super) fn accepted_items(quote: &Quote) -> Option<String> {
    let items = quote.awarded_items.as_slice();
    let message = || Message::new("quotes-accepted-items").with("count", items.len()).with("items", numbers(items));
    (!items.is_empty()).then(|| message().text(Language::English))
}

/// The supplier did not win.
pub(super) fn declined(quote: &Quote, rfq: &Rfq, names: &Names) -> NotificationText {
    let Names { buyer, .. } = names;
    let title = title_of(rfq);
    let mut paragraphs = vec![
        Message::new("quotes-mail-declined-text").with("buyer", buyer).with("title", title).text(Language::English),
    ];
    paragraphs.extend(
        quote
            .decline_reason
            .as_ref()
            .map(|reason| Message::new("quotes-mail-reason").with("reason", reason).text(Language::English)),
    );
    if quote.off_target {
        let cost = super::quota::OFF_TARGET_COST;
        paragraphs.push(Message::new("quotes-mail-irrelevant").with("cost", cost.to_string()).text(Language::English));
    }
    to_supplier(
        quote,
        rfq,
        Message::new("quotes-mail-declined").with("title", title).text(Language::English),
        paragraphs,
    )
}

/// The validity has passed, to the supplier, who may send a new version.
pub(super) fn expired(quote: &Quote, rfq: &Rfq) -> NotificationText {
    let title = title_of(rfq);
    let mut paragraphs = vec![Message::new("quotes-mail-expired-text").with("title", title).text(Language::English)];
    if rfq.state == RfqState::Open {
        paragraphs.push(text(Language::English, "quotes-mail-still-open").to_owned());
    }
    to_supplier(
        quote,
        rfq,
        Message::new("quotes-mail-expired").with("title", title).text(Language::English),
        paragraphs,
    )
}

/// The validity has passed, to the buyer, who may ask for a new version.
pub(super) fn expired_to_buyer(quote: &Quote, rfq: &Rfq, names: &Names) -> NotificationText {
    let (title, supplier) = (title_of(rfq), &names.supplier);
    let sentence = Message::new("quotes-mail-expired-buyer")
        .with("supplier", supplier)
        .with("title", title)
        .text(Language::English);
    to_buyer(quote, rfq, Message::new("quotes-mail-expired").with("title", title).text(Language::English), sentence)
}
