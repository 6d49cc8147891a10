//! How RFQs read on pages: facts, the closing rule, what waits for the buyer.

use crate::clock::Time;
use crate::money::Money;
use crate::rfqs::{ClosedReason, Frequency, Rfq, RfqCounts, RfqFields, RfqState};
use crate::units::Quantity;
use crate::web::layout::{PriceLine, absolute, hs_dotted, plain_quantity, state_words};

/// A term of a list of facts and its text; empty ones are left out by the template.
pub(super) type Fact = (&'static str, String);

/// The title with the quantity: `Stainless pipe 316L, 2 t`.
pub(super) fn title(rfq: &Rfq) -> String {
    let title = plain_title(rfq);
    match &rfq.fields.quantity {
        Some(quantity) => format!("{title}, {}", plain_quantity(quantity)),
        None => title.to_owned(),
    }
}

/// The title, or that there is none yet.
pub(super) fn plain_title(rfq: &Rfq) -> &str {
    if rfq.fields.title.is_empty() { "RFQ without a title" } else { &rfq.fields.title }
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
        ("Quantity", quantity_and_frequency(fields)),
        ("Target price", target(fields.target_price, fields.quantity.as_ref())),
        ("HS code", fields.hs_code.as_ref().map(hs_dotted).unwrap_or_default()),
        ("Category", fields.category.clone().unwrap_or_default()),
        ("Incoterm", fields.incoterm.map(|term| term.to_string()).unwrap_or_default()),
        ("Destination", [place, destination_name].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(", ")),
        ("Port or place", fields.destination_locode.map(|locode| locode.to_string()).unwrap_or_default()),
        ("Wanted by", fields.wanted_by.map(|day| day.format("%-d %b %Y").to_string()).unwrap_or_default()),
        ("Payment terms", payment_words(fields)),
        ("Certificates wanted", fields.required_certifications.join(", ")),
        ("Suppliers in", supplier_countries(fields)),
        ("Kind of supplier", supplier_forms(fields)),
    ]
}

fn quantity_and_frequency(fields: &RfqFields) -> String {
    let Some(quantity) = &fields.quantity else { return String::new() };
    let often = match fields.frequency {
        Frequency::Once => "",
        Frequency::Monthly => ", every month",
        Frequency::Yearly => ", every year",
    };
    format!("{}{often}", plain_quantity(quantity))
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
    fields.wanted_supplier_forms.iter().map(|form| state_words(form.as_str())).collect::<Vec<_>>().join(", ")
}

/// The closing rule in words, with how many seats are taken.
pub(super) fn closing(rfq: &Rfq, counts: &RfqCounts) -> String {
    let taken = match counts.quotes {
        0 => "none is in".to_owned(),
        1 => "one is in".to_owned(),
        many => format!("{many} are in"),
    };
    let seats = rfq.max_quotes;
    match (rfq.state, rfq.deadline) {
        (RfqState::Draft, _) => {
            "Not published yet; without a closing rule of its own it takes 10 quotes within 30 days.".to_owned()
        }
        (RfqState::Open, Some(deadline)) => format!(
            "Takes quotes until {} or until {seats} are in, whichever comes first; {taken}.",
            absolute(deadline)
        ),
        (RfqState::Open, None) => format!("Takes quotes until {seats} are in; {taken}."),
        (RfqState::Closed, _) => format!("Takes no more quotes: {}; {taken}.", closed_because(rfq.closed_reason)),
        (RfqState::Awarded, _) => "Decided: the buyer accepted a quote.".to_owned(),
        (RfqState::NotAwarded, _) => "Decided: it ended without an accepted quote.".to_owned(),
        (RfqState::Withdrawn, _) => "The buyer took it back.".to_owned(),
    }
}

fn closed_because(reason: Option<ClosedReason>) -> &'static str {
    match reason {
        Some(ClosedReason::Deadline) => "its deadline has passed",
        Some(ClosedReason::Seats) => "all seats are taken",
        Some(ClosedReason::Buyer) | None => "the buyer closed it",
    }
}

/// What waits for the buyer, a phrase each: "publish it", "decide 3 quotes".
pub(super) fn needs(rfq: &Rfq, counts: &RfqCounts, now: Time) -> Vec<String> {
    let mut needs = Vec::new();
    let counted = |number: usize, verb: &str, thing: &str| {
        let plural = if number == 1 { "" } else { "s" };
        format!("{verb} {number} {thing}{plural}")
    };
    let is_over = rfq.state == RfqState::Open && rfq.deadline.is_some_and(|deadline| deadline <= now);
    match rfq.state {
        RfqState::Draft => needs.push("publish it".to_owned()),
        RfqState::Closed if counts.undecided > 0 => needs.push(counted(counts.undecided, "decide", "quote")),
        RfqState::Closed => needs.push("end it".to_owned()),
        RfqState::Open if counts.undecided > 0 && !rfq.fields.sealed && !is_over => {
            needs.push(counted(counts.undecided, "look at", "quote"));
        }
        _ => {}
    }
    if counts.unanswered > 0 && matches!(rfq.state, RfqState::Open | RfqState::Closed) {
        needs.push(counted(counts.unanswered, "answer", "question"));
    }
    needs
}

/// Who sees what, and how it is awarded.
pub(super) fn settings(rfq: &Rfq) -> Vec<Fact> {
    let either = |holds: bool, yes: &str, no: &str| if holds { yes.to_owned() } else { no.to_owned() };
    let name = either(rfq.fields.show_buyer_name, "shown to everyone", "hidden until you shortlist or accept a quote");
    vec![
        ("Quotes are", either(rfq.fields.sealed, "sealed until it closes", "readable as they come")),
        ("Your name is", name),
        ("Award", either(rfq.split_award, "split over several quotes", "to one quote")),
    ]
}
