//! How RFQs read on pages: facts, the closing rule, what waits for the buyer.

use super::LANGUAGE;
use crate::clock::Time;
use crate::locale::{Message, text};
use crate::money::Money;
use crate::rfqs::{ClosedReason, Frequency, Rfq, RfqCounts, RfqFields, RfqState, Visibility};
use crate::units::Quantity;
use crate::web::layout::{PriceLine, absolute, hs_named, plain_quantity};

/// A term of a list of facts and its text; empty ones are left out by the template.
pub(super) type Fact = (&'static str, String);

/// The title with the quantity, or how many items there are: `Stainless pipe 316L, 2 t`.
pub(super) fn title(rfq: &Rfq) -> String {
    let title = plain_title(rfq);
    if !rfq.fields.items.is_empty() {
        let items = Message::new("rfqs-items").with("count", rfq.fields.items.len()).text(LANGUAGE);
        return format!("{title}, {items}");
    }
    match &rfq.fields.quantity {
        Some(quantity) => format!("{title}, {}", plain_quantity(quantity)),
        None => title.to_owned(),
    }
}

/// The title, or that there is none yet.
pub(super) fn plain_title(rfq: &Rfq) -> &str {
    if rfq.fields.title.is_empty() { text(LANGUAGE, "rfqs-untitled") } else { &rfq.fields.title }
}

/// Where the goods go: `NL Rotterdam (NLRTM)`; empty when nothing is said.
pub(super) fn destination(rfq: &Rfq) -> String {
    let fields = &rfq.fields;
    let country = fields.destination_country.map(|country| country.to_string());
    let locode = fields.destination_locode.map(|locode| format!("({locode})"));
    let parts = [country, fields.destination_place.clone(), locode];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The price aimed at, by the unit of the quantity: `USD 12.40 / kg`.
pub(super) fn target(price: Option<Money>, quantity: Option<&Quantity>) -> String {
    price.map(|price| PriceLine::new(price, None, quantity.map(|quantity| quantity.unit)).money()).unwrap_or_default()
}

/// What the RFQ says, but its title and specification.
pub(super) fn facts(rfq: &Rfq) -> Vec<Fact> {
    let fields = &rfq.fields;
    let destination_name = fields.destination_country.map(|country| country.name()).unwrap_or_default();
    let place = fields.destination_place.clone().unwrap_or_default();
    vec![
        (text(LANGUAGE, "rfqs-column-quantity"), quantity_and_frequency(fields)),
        (text(LANGUAGE, "rfqs-form-target"), target(fields.target_price, fields.quantity.as_ref())),
        (
            text(LANGUAGE, "rfqs-form-hs"),
            fields.hs_code.as_ref().map(|code| hs_named(code, LANGUAGE)).unwrap_or_default(),
        ),
        (text(LANGUAGE, "rfqs-form-category"), fields.category.clone().unwrap_or_default()),
        (text(LANGUAGE, "rfqs-form-incoterm"), fields.incoterm.map(|term| term.to_string()).unwrap_or_default()),
        (text(LANGUAGE, "rfqs-destination"), joined([place, destination_name])),
        (text(LANGUAGE, "rfqs-port"), fields.destination_locode.map(|locode| locode.to_string()).unwrap_or_default()),
        (
            text(LANGUAGE, "rfqs-form-wanted-by"),
            fields.wanted_by.map(|day| day.format("%-d %b %Y").to_string()).unwrap_or_default(),
        ),
        (text(LANGUAGE, "rfqs-payment-terms"), payment_words(fields)),
        (text(LANGUAGE, "rfqs-form-certificates"), fields.required_certifications.join(", ")),
        (text(LANGUAGE, "rfqs-form-countries"), supplier_countries(fields)),
        (text(LANGUAGE, "rfqs-form-kind"), supplier_forms(fields)),
    ]
}

fn joined(parts: [String; 2]) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

fn quantity_and_frequency(fields: &RfqFields) -> String {
    let Some(quantity) = &fields.quantity else { return String::new() };
    let quantity = plain_quantity(quantity);
    let key = match fields.frequency {
        Frequency::Once => return quantity,
        Frequency::Monthly => "rfqs-quantity-monthly",
        Frequency::Yearly => "rfqs-quantity-yearly",
    };
    Message::new(key).with("quantity", quantity).text(LANGUAGE)
}

fn payment_words(fields: &RfqFields) -> String {
    let options = crate::web::layout::payment_options();
    let words =
        |code: String| options.iter().find(|(known, _)| *known == code).map_or(code, |(_, words)| words.clone());
    fields.payment_terms.iter().map(|term| words(term.to_string())).collect::<Vec<_>>().join("; ")
}

fn supplier_countries(fields: &RfqFields) -> String {
    fields.wanted_supplier_countries.iter().map(|country| country.name()).collect::<Vec<_>>().join(", ")
}

fn supplier_forms(fields: &RfqFields) -> String {
    fields.wanted_supplier_forms.iter().map(|form| form.label(LANGUAGE)).collect::<Vec<_>>().join(", ")
}

/// The closing rule in words, with how many quotes were received.
pub(super) fn closing(rfq: &Rfq, counts: &RfqCounts) -> String {
    let message = match (rfq.state, rfq.deadline) {
        (RfqState::Draft, _) => Message::new("rfqs-closing-draft"),
        (RfqState::Open, Some(deadline)) => Message::new("rfqs-closing-open").with("deadline", absolute(deadline)),
        (RfqState::Open, None) => Message::new("rfqs-closing-without-deadline"),
        (RfqState::Closed, _) => Message::new("rfqs-closing-closed").with("reason", closed_because(rfq.closed_reason)),
        (RfqState::Awarded, _) => Message::new("rfqs-closing-awarded"),
        (RfqState::NotAwarded, _) => Message::new("rfqs-closing-not-awarded"),
        (RfqState::Withdrawn, _) if rfq.withdrawn_reason.is_some() => Message::new("rfqs-closing-removed"),
        (RfqState::Withdrawn, _) => Message::new("rfqs-closing-withdrawn"),
    };
    message.with("seats", rfq.max_quotes).with("count", counts.quotes).text(LANGUAGE)
}

fn closed_because(reason: Option<ClosedReason>) -> &'static str {
    let key = match reason {
        Some(ClosedReason::Deadline) => "rfqs-closed-deadline",
        Some(ClosedReason::Seats) => "rfqs-closed-seats",
        Some(ClosedReason::Buyer) | None => "rfqs-closed-buyer",
    };
    text(LANGUAGE, key)
}

/// How many quotes were received of how many it takes: `4 of 10`.
pub(super) fn received(counts: &RfqCounts, rfq: &Rfq) -> String {
    Message::new("rfqs-received").with("count", counts.quotes).with("seats", rfq.max_quotes).text(LANGUAGE)
}

/// What waits for the buyer, a phrase each: "publish it", "decide on 3 quotes".
pub(super) fn needs(rfq: &Rfq, counts: &RfqCounts, now: Time) -> Vec<String> {
    let counted = |message: Message, number: usize| message.with("count", number).text(LANGUAGE);
    let mut needs = Vec::new();
    let is_over = rfq.state == RfqState::Open && rfq.deadline.is_some_and(|deadline| deadline <= now);
    match rfq.state {
        RfqState::Draft => needs.push(text(LANGUAGE, "rfqs-to-do-publish").to_owned()),
        RfqState::Closed if counts.undecided > 0 => {
            needs.push(counted(Message::new("rfqs-to-do-decide"), counts.undecided));
        }
        RfqState::Closed => needs.push(text(LANGUAGE, "rfqs-to-do-end").to_owned()),
        // Sealed quotes can be read by nobody yet, and past the deadline the sweep closes it within the minute.
        RfqState::Open if counts.undecided > 0 && !rfq.fields.sealed && !is_over => {
            needs.push(counted(Message::new("rfqs-to-do-review"), counts.undecided));
        }
        _ => {}
    }
    if counts.unanswered > 0 && matches!(rfq.state, RfqState::Open | RfqState::Closed) {
        needs.push(counted(Message::new("rfqs-to-do-answer"), counts.unanswered));
    }
    needs
}

/// Who sees what, and how it is awarded.
pub(super) fn settings(rfq: &Rfq) -> Vec<Fact> {
    let quotes = if rfq.fields.sealed { "rfqs-setting-sealed" } else { "rfqs-setting-readable" };
    let name = if rfq.fields.show_buyer_name { "rfqs-setting-name-shown" } else { "rfqs-setting-name-hidden" };
    let seen = match rfq.fields.visibility {
        Visibility::Public => "rfqs-setting-public",
        Visibility::Invited => "rfqs-setting-invited",
    };
    let award = if rfq.split_award { "rfqs-setting-split" } else { "rfqs-setting-whole" };
    [
        ("rfqs-setting-visibility", seen),
        ("rfqs-setting-quotes", quotes),
        ("rfqs-setting-name", name),
        ("rfqs-setting-award", award),
    ]
    .map(|(term, value)| (text(LANGUAGE, term), text(LANGUAGE, value).to_owned()))
    .into()
}
