//! The quote form: from a listing or a version to what stands in its fields, and from what was typed to the JSON of the API.

use chrono::{Days, NaiveDate};
use serde_json::{Map, Value, json};

use super::items;
use crate::error::{FieldCode, FieldError, Problem, Result, with_errors};
use crate::listings::Listing;
use crate::locale::{Language, text};
use crate::quotes::{PriceTier, QuoteFields};
use crate::rfqs::Rfq;
use crate::text::area;
use crate::units::Quantity;
use crate::web::input::FormData;
use crate::web::layout::Form;
use crate::wire;

/// A quote is proposed to be valid for so many days.
const USUAL_VALID_DAYS: u64 = 30;

/// The fields with their labels, in the order of the page.
pub(super) const FIELDS: &[(&str, &str)] = &[
    ("items", "quotes-form-items"),
    ("unit_price", "quotes-form-unit-price"),
    ("price_unit", "quotes-form-unit"),
    ("tiers", "quotes-form-tiers"),
    ("quantity", "quotes-form-quantity"),
    ("moq", "quotes-form-moq"),
    ("incoterm", "quotes-form-incoterm"),
    ("incoterm_place", "quotes-form-place"),
    ("freight", "quotes-form-freight"),
    ("lead_time_days", "quotes-form-lead-time"),
    ("valid_until", "quotes-valid-until"),
    ("payment_terms", "quotes-form-payment"),
    ("answers", "quotes-form-requirements"),
    ("sample_terms", "quotes-form-samples"),
    ("message", "quotes-form-message"),
    ("attachments", "quotes-attachments"),
];

/// A requirement to be answered, with the names of its fields.
#[derive(Clone, Debug)]
pub(super) struct Question {
    /// The requirement as the RFQ states it.
    pub requirement: String,
    /// `answers.0`.
    pub name: String,
}

/// What the RFQ requires, and what an earlier version answered beyond that.
pub(super) fn questions(rfq: &Rfq, earlier: Option<&QuoteFields>) -> Vec<Question> {
    let mut requirements = rfq.fields.required_certifications.clone();
    let answered = earlier.iter().flat_map(|fields| &fields.answers).map(|answer| answer.requirement.clone());
    for requirement in answered {
        if !requirements.contains(&requirement) {
            requirements.push(requirement);
        }
    }
    let numbered = requirements.into_iter().enumerate();
    numbered.map(|(place, requirement)| Question { requirement, name: format!("answers.{place}") }).collect()
}

/// Whether the price of the listing can stand in a quote on the RFQ: it is asked for under no term, or under the one it is listed under.
// A list price is that of the first term. Under another one it leaves out or holds the carriage, and whoever quotes it loses money on it.
pub(super) fn fits_term(rfq: &Rfq, listing: &Listing) -> bool {
    let listed = listing.fields.incoterms.first().map(|offer| offer.rule);
    rfq.fields.incoterm.is_none() || rfq.fields.incoterm == listed
}

/// The form for a first quote: the RFQ's units and what the supplier's own listing says, or those of the items.
pub(super) fn proposed(
    rfq: &Rfq,
    listing: Option<&Listing>,
    item_listings: &[(u32, Listing)],
    today: NaiveDate,
) -> Form {
    let mut form = Form::new(FIELDS);
    if let Some(listing) = listing.filter(|_| rfq.fields.items.is_empty()) {
        form = from_listing(form, rfq, listing);
    } else {
        form = with_units(form, rfq);
    }
    if let Some(last) = today.checked_add_days(Days::new(USUAL_VALID_DAYS)) {
        form = form.with("valid_until", last.to_string());
    }
    if !rfq.fields.items.is_empty() {
        let fitting = item_listings.iter().filter(|(_, listing)| fits_term(rfq, listing));
        return items::proposed(form, rfq, &fitting.map(|(item, listing)| (*item, listing)).collect::<Vec<_>>());
    }
    with_quantity(form, "quantity", rfq.fields.quantity)
}

fn with_units(mut form: Form, rfq: &Rfq) -> Form {
    if let Some(target) = rfq.fields.target_price {
        form = form.with("unit_price.currency", target.currency.code());
    }
    if let Some(quantity) = rfq.fields.quantity {
        form = form.with("price_unit", quantity.unit.code()).with("moq.unit", quantity.unit.code());
    }
    if let Some(term) = rfq.fields.incoterm {
        form = form.with("incoterm", term.as_str());
    }
    form
}

fn from_listing(mut form: Form, rfq: &Rfq, listing: &Listing) -> Form {
    let fields = &listing.fields;
    match &fields.price {
        Some(price) if fits_term(rfq, listing) => {
            let bought = rfq.fields.quantity.and_then(|quantity| quantity.to_unit(price.unit));
            let each = bought.map_or(price.min, |bought| price.at_quantity(bought.value));
            form = form
                .with("unit_price.amount", each.amount.display(0))
                .with("unit_price.currency", each.currency.code())
                .with("price_unit", price.unit.code());
        }
        _ => form = with_units(form, rfq),
    }
    let wanted = rfq.fields.incoterm;
    let offered = fields.incoterms.iter().find(|offer| wanted.is_none_or(|wanted| offer.rule == wanted));
    if let Some(offer) = offered {
        let place = offer.place.clone().or(offer.locode.map(|locode| locode.to_string()));
        form = form.with("incoterm", offer.rule.as_str()).with("incoterm_place", place.unwrap_or_default());
    } else if let Some(wanted) = wanted {
        form = form.with("incoterm", wanted.as_str());
    }
    if let Some(lead_time) = fields.lead_time_days {
        form = form.with("lead_time_days", lead_time.to_string());
    }
    form = fields.payment_terms.iter().fold(form, |form, term| form.with("payment_terms", term.as_str()));
    with_quantity(form, "moq", fields.moq)
}

fn with_quantity(form: Form, name: &str, quantity: Option<Quantity>) -> Form {
    match quantity {
        Some(quantity) => form
            .with(&format!("{name}.value"), quantity.value.display(0))
            .with(&format!("{name}.unit"), quantity.unit.code()),
        None => form,
    }
}

/// The form for a new version of a quote.
pub(super) fn of_version(fields: &QuoteFields, rfq: &Rfq) -> Form {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let wanted_unit = rfq.fields.quantity.map(|quantity| quantity.unit);
    let unit = fields.price_unit.or(fields.quantity.map(|quantity| quantity.unit)).or(wanted_unit);
    let mut form = Form::new(FIELDS)
        .with("price_unit", unit.map_or("", |unit| unit.code()))
        .with("tiers", tier_lines(&fields.tiers))
        .with("incoterm", fields.incoterm.map_or("", |term| term.as_str()))
        .with("incoterm_place", text(&fields.incoterm_place))
        .with("lead_time_days", fields.lead_time_days.map(|days| days.to_string()).unwrap_or_default())
        .with("valid_until", fields.valid_until.map(|last| last.to_string()).unwrap_or_default())
        .with("sample_terms", text(&fields.sample_terms))
        .with("message", text(&fields.message));
    if let Some(price) = fields.unit_price {
        form =
            form.with("unit_price.amount", price.amount.display(0)).with("unit_price.currency", price.currency.code());
    }
    if !rfq.fields.items.is_empty() {
        form = items::of_version(form, fields, rfq);
    }
    if let Some(freight) = fields.freight {
        form = form.with("freight.amount", freight.amount.display(0)).with("freight.currency", freight.currency.code());
    }
    form = fields.payment_terms.iter().fold(form, |form, term| form.with("payment_terms", term.as_str()));
    form = fields.attachments.iter().fold(form, |form, document| form.with("attachments", document.to_string()));
    for question in questions(rfq, Some(fields)) {
        let Some(answer) = fields.answers.iter().find(|answer| answer.requirement == question.requirement) else {
            continue;
        };
        let met = if answer.met { "yes" } else { "no" };
        form = form
            .with(&format!("{}.met", question.name), met)
            .with(&format!("{}.note", question.name), text(&answer.note));
    }
    with_quantity(with_quantity(form, "quantity", fields.quantity), "moq", fields.moq)
}

fn tier_lines(tiers: &[PriceTier]) -> String {
    let lines = tiers.iter().map(|tier| format!("{} {}", tier.from.display(0), tier.amount.amount.display(0)));
    lines.collect::<Vec<_>>().join("\n")
}

/// What was typed, as the API takes it.
///
/// # Errors
/// `invalid` naming the fields that cannot be read.
pub(super) fn read(form: &FormData) -> Result<QuoteFields> {
    let mut members = Map::new();
    for (name, part) in [("unit_price", "amount"), ("freight", "amount"), ("quantity", "value"), ("moq", "value")] {
        let unit = if part == "amount" { "currency" } else { "unit" };
        if let Some(value) = form.text(&format!("{name}.{part}")) {
            let unit_of = form.text(&format!("{name}.{unit}")).unwrap_or_default();
            members.insert(name.to_owned(), json!({part: value, unit: unit_of}));
        }
    }
    for name in ["price_unit", "incoterm", "incoterm_place", "valid_until", "sample_terms", "message"] {
        if let Some(text) = form.text(name) {
            members.insert(name.to_owned(), Value::from(text));
        }
    }
    if let Some(days) = form.text("lead_time_days") {
        members
            .insert("lead_time_days".to_owned(), days.parse::<u32>().map_or_else(|_| Value::from(days), Value::from));
    }
    members.insert("payment_terms".to_owned(), Value::from(form.all("payment_terms")));
    members.insert("attachments".to_owned(), Value::from(form.all("attachments")));
    members.insert("tiers".to_owned(), Value::from(read_tiers(form)?));
    members.insert("answers".to_owned(), Value::from(read_answers(form)));
    // The API takes a term alone, as files of other systems have it; a person who fills in a form knows where.
    let lacks_place = form.text("incoterm").is_some() && form.text("incoterm_place").is_none();
    let mut errors = if lacks_place { vec![FieldError::required("/incoterm_place")] } else { Vec::new() };
    let has_items = form.text("items.0.item").is_some();
    let (items, wrong) = items::read(form);
    if has_items && items.is_empty() && wrong.is_empty() {
        errors.push(items::none_priced());
    } else if !has_items && !members.contains_key("unit_price") {
        errors.push(FieldError::required("/unit_price"));
    }
    errors.extend(wrong);
    let read = with_errors(wire::read_input::<QuoteFields>(Value::Object(members), &[]), errors)?;
    Ok(QuoteFields { items, ..read })
}

fn read_tiers(form: &FormData) -> Result<Vec<Value>> {
    let currency = form.text("unit_price.currency").unwrap_or_default();
    let lines = area::lines(form.text("tiers").unwrap_or_default());
    lines
        .map(|line| {
            let mut words = line.split(|c: char| c.is_whitespace() || matches!(c, ':' | ';')).filter(|w| !w.is_empty());
            match (words.next(), words.next(), words.next()) {
                (Some(from), Some(amount), None) => {
                    Ok(json!({"from": from, "amount": {"amount": amount, "currency": currency}}))
                }
                _ => {
                    let message = text(Language::English, "quotes-tier-lines");
                    Err(Problem::invalid_field("/tiers", FieldCode::Format, message))
                }
            }
        })
        .collect()
}

/// Requirements that were answered neither way are left out.
fn read_answers(form: &FormData) -> Vec<Value> {
    (0..crate::quotes::fields::MAX_ANSWERS)
        .map(|place| format!("answers.{place}"))
        .take_while(|name| form.text(&format!("{name}.requirement")).is_some())
        .filter_map(|name| {
            let part = |part: &str| form.text(&format!("{name}.{part}"));
            let met = match part("met") {
                Some("yes") => true,
                Some("no") => false,
                _ => return None,
            };
            let mut answer = json!({"requirement": part("requirement"), "met": met});
            if let Some(note) = part("note") {
                answer["note"] = Value::from(note);
            }
            Some(answer)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(pairs: &[(&str, &str)]) -> FormData {
        FormData(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn what_was_typed_becomes_a_quote() {
        let form = typed(&[
            ("unit_price.amount", "4.22"),
            ("unit_price.currency", "USD"),
            ("price_unit", "KGM"),
            ("tiers", "1000 4.10\n\n 5000: 3.95 "),
            ("moq.value", ""),
            ("moq.unit", "KGM"),
            ("lead_time_days", "25"),
            ("payment_terms", "TT_DEPOSIT"),
            ("attachments", "doc_0000000000001"),
            ("answers.0.requirement", "EN 10204 3.1"),
            ("answers.0.met", "yes"),
            ("answers.1.requirement", "ISO 9001"),
            ("answers.1.met", ""),
        ]);
        let fields = read(&form).unwrap();
        assert_eq!(fields.unit_price.unwrap().to_string(), "USD 4.22");
        assert_eq!(fields.tiers.len(), 2);
        assert_eq!(tier_lines(&fields.tiers), "1000 4.1\n5000 3.95");
        assert_eq!((fields.moq, fields.lead_time_days), (None, Some(25)));
        assert_eq!((fields.answers.len(), fields.attachments.len()), (1, 1));
    }

    #[test]
    fn what_cannot_be_read_is_named_at_its_field() {
        for (pairs, pointer) in [
            (vec![], "/unit_price"),
            (vec![("unit_price.amount", "4,22"), ("unit_price.currency", "USD")], "/unit_price/amount"),
            (vec![("unit_price.amount", "4"), ("unit_price.currency", "USD"), ("tiers", "many")], "/tiers"),
            (
                vec![("unit_price.amount", "4"), ("unit_price.currency", "USD"), ("lead_time_days", "soon")],
                "/lead_time_days",
            ),
            (vec![("unit_price.amount", "4"), ("unit_price.currency", "USD"), ("valid_until", "soon")], "/valid_until"),
        ] {
            let problem = read(&typed(&pairs)).unwrap_err();
            assert_eq!(problem.fields[0].pointer, pointer);
        }
    }
}
