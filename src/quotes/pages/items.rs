//! The rows of the quote form and of the comparison for an RFQ with several items.

use serde_json::{Value, json};

use super::views::{Cell, CompareLine};
use crate::error::{FieldCode, FieldError, Problem};
use crate::formats::{PriceLine, numbers, plain_quantity};
use crate::listings::Listing;
use crate::locale::{Language, Message, text};
use crate::quotes::{Basket, Comparison, ItemComparison, QuoteFields, QuoteItem};
use crate::rfqs::{MAX_ITEMS, Rfq, RfqItem};
use crate::units::Unit;
use crate::web::input::FormData;
use crate::web::layout::Form;
use crate::wire;

/// The currency of all prices of the form.
const CURRENCY: &str = "items_currency";

/// An item of the RFQ as a row of the form, with the names of its fields.
#[derive(Clone, Debug)]
pub(super) struct FormRow {
    /// The number of the item.
    pub number: u32,
    /// `items.0`.
    pub name: String,
    /// Its number, and what is wanted in a line.
    pub legend: String,
    /// What it has to be like.
    pub specification: String,
    /// The unit of the quantity wanted.
    unit: Option<Unit>,
}

impl FormRow {
    /// The name of a field of the row.
    pub fn part(&self, part: &str) -> String {
        format!("{}.{part}", self.name)
    }

    /// The label of the price, with the unit that is sent beside it: that of an earlier version, else that of the quantity wanted.
    pub fn price_words(&self, form: &Form) -> String {
        match self.unit_beside(form, "price_unit") {
            Some(unit) => Message::new("quotes-form-price-of").with("unit", unit.label()).text(Language::English),
            None => text(Language::English, "quotes-form-unit-price").to_owned(),
        }
    }

    /// The label of the quantity offered, with its unit.
    pub fn quantity_words(&self, form: &Form) -> String {
        match self.unit_beside(form, "quantity_unit") {
            Some(unit) => Message::new("quotes-form-quantity-in").with("unit", unit.label()).text(Language::English),
            None => text(Language::English, "quotes-form-quantity").to_owned(),
        }
    }

    /// The label of the least that is sold, with its unit.
    pub fn moq_words(&self, form: &Form) -> String {
        match self.unit_beside(form, "moq_unit") {
            Some(unit) => Message::new("quotes-form-moq-in").with("unit", unit.label()).text(Language::English),
            None => text(Language::English, "quotes-form-moq").to_owned(),
        }
    }

    fn unit_beside(&self, form: &Form, part: &str) -> Option<Unit> {
        form.part(&self.name, part).parse().ok().or(self.unit)
    }

    /// The units that go with the numbers of the row: those that were sent, else that of the quantity wanted.
    pub fn units(&self, form: &Form) -> Vec<(String, String)> {
        let wanted = self.unit.map_or("", Unit::code);
        let units = [("price_unit", ""), ("quantity_unit", wanted), ("moq_unit", wanted)];
        let sent = |(part, otherwise): (&str, &str)| {
            let sent = form.part(&self.name, part);
            (self.part(part), if sent.is_empty() { otherwise.to_owned() } else { sent.to_owned() })
        };
        units.into_iter().map(sent).filter(|(_, unit)| !unit.is_empty()).collect()
    }
}

/// The rows of the form, one for each item that is asked for.
pub(super) fn rows(rfq: &Rfq) -> Vec<FormRow> {
    let row = |(place, item): (usize, &RfqItem)| FormRow {
        number: item.number(),
        name: format!("items.{place}"),
        legend: Message::new("quotes-item")
            .with("item", item.number())
            .with("title", item.summary())
            .text(Language::English),
        specification: item.specification.clone().unwrap_or_default(),
        unit: item.quantity.map(|quantity| quantity.unit),
    };
    rfq.fields.items.iter().enumerate().map(row).collect()
}

/// The form with what a version says of each item.
pub(super) fn of_version(mut form: Form, fields: &QuoteFields, rfq: &Rfq) -> Form {
    if let Some(currency) = fields.currency() {
        form = form.with(CURRENCY, currency.code());
    }
    for (place, wanted) in rfq.fields.items.iter().enumerate() {
        let Some(item) = fields.find_item(wanted.number()) else { continue };
        let number = |quantity: Option<crate::units::Quantity>| quantity.map(|quantity| quantity.value.display(0));
        let unit = |quantity: Option<crate::units::Quantity>| quantity.map(|quantity| quantity.unit.code().to_owned());
        let said = [
            ("unit_price", Some(item.unit_price.amount.display(0))),
            ("price_unit", item.price_unit.map(|unit| unit.code().to_owned())),
            ("quantity", number(item.quantity)),
            ("quantity_unit", unit(item.quantity)),
            ("moq", number(item.moq)),
            ("moq_unit", unit(item.moq)),
            ("lead_time_days", item.lead_time_days.map(|days| days.to_string())),
            ("note", item.note.clone()),
        ];
        for (part, value) in said {
            form = form.with(&format!("items.{place}.{part}"), value.unwrap_or_default());
        }
    }
    form
}

/// The form for a first quote: the currency that the buyer thinks in, and the prices of the supplier's own listings that are in it and for what is
/// asked, by the numbers of the items.
pub(super) fn proposed(mut form: Form, rfq: &Rfq, listings: &[(u32, &Listing)]) -> Form {
    let target = rfq.fields.items.iter().find_map(|item| item.target_price).or(rfq.fields.target_price);
    let listed = listings.iter().find_map(|(_, listing)| Some(listing.fields.price.as_ref()?.min));
    let Some(currency) = target.or(listed).map(|price| price.currency) else { return form };
    form = form.with(CURRENCY, currency.code());
    for (place, item) in rfq.fields.items.iter().enumerate() {
        let listing = listings.iter().find(|(number, _)| *number == item.number()).map(|(_, listing)| *listing);
        let (Some(listing), Some(wanted)) = (listing, item.quantity) else { continue };
        let price = listing.fields.price.as_ref().filter(|price| price.unit == wanted.unit);
        let each = price.map(|price| price.at_quantity(wanted.value)).filter(|each| each.currency == currency);
        let Some(each) = each else { continue };
        form = form.with(&format!("items.{place}.unit_price"), each.amount.display(0));
        if let Some(days) = listing.fields.lead_time_days {
            form = form.with(&format!("items.{place}.lead_time_days"), days.to_string());
        }
        if let Some(moq) = listing.fields.moq.filter(|moq| moq.unit == wanted.unit && moq.value <= wanted.value) {
            form = form.with(&format!("items.{place}.moq"), moq.value.display(0));
        }
    }
    form
}

/// Whether any row of the form has a price.
pub(super) fn is_priced(form: &Form) -> bool {
    (0..MAX_ITEMS).any(|place| !form.value(&format!("items.{place}.unit_price")).is_empty())
}

/// The rows that have a price, each as the API takes it; what cannot be read is named at its row.
pub(super) fn read(form: &FormData) -> (Vec<QuoteItem>, Vec<FieldError>) {
    let (mut items, mut errors) = (Vec::new(), Vec::new());
    for place in priced(form) {
        let read = wire::read_value::<QuoteItem>(row_json(form, place), &[]);
        match read {
            Ok(item) => items.push(item),
            Err(problem) => errors.extend(problem.below(&format!("/items/{place}")).fields),
        }
    }
    // What was typed beside no price would be lost without a word.
    let is_typed = |place: &usize| {
        let parts = ["quantity", "moq", "lead_time_days", "note"];
        parts.iter().any(|part| form.text(&format!("items.{place}.{part}")).is_some())
    };
    let priced: Vec<usize> = priced(form).collect();
    let unpriced = (0..MAX_ITEMS).filter(|place| !priced.contains(place)).filter(is_typed);
    errors.extend(unpriced.map(|place| FieldError::required(format!("/items/{place}/unit_price"))));
    (items, errors)
}

/// The places of the rows that have a price.
fn priced(form: &FormData) -> impl Iterator<Item = usize> {
    (0..MAX_ITEMS).filter(|place| form.text(&format!("items.{place}.unit_price")).is_some())
}

fn row_json(form: &FormData, place: usize) -> Value {
    let part = |part: &str| form.text(&format!("items.{place}.{part}"));
    let number = |text: &str| text.parse::<u32>().map_or_else(|_| Value::from(text), Value::from);
    let unit = |named: &str| part(named).unwrap_or(Unit::ONE.code()).to_owned();
    let currency = form.text(CURRENCY).unwrap_or_default();
    let mut row = json!({
        "item": part("item").map(number),
        "unit_price": {"amount": part("unit_price"), "currency": currency},
    });
    for (name, value) in [("quantity", part("quantity")), ("moq", part("moq"))] {
        if let Some(value) = value {
            row[name] = json!({"value": value, "unit": unit(&format!("{name}_unit"))});
        }
    }
    for name in ["price_unit", "note"] {
        if let Some(text) = part(name) {
            row[name] = Value::from(text);
        }
    }
    if let Some(days) = part("lead_time_days") {
        row["lead_time_days"] = number(days);
    }
    row
}

/// The mistakes of the items at the rows that they stand in: rows without a price are no items.
pub(super) fn at_rows(mut problem: Problem, form: &FormData) -> Problem {
    let rows: Vec<usize> = priced(form).collect();
    for field in &mut problem.fields {
        let Some((place, rest)) = field.pointer.strip_prefix("/items/").and_then(|rest| rest.split_once('/')) else {
            continue;
        };
        let row = place.parse::<usize>().ok().and_then(|place| rows.get(place));
        if let Some(row) = row {
            // The form has the price and its currency in fields of their own.
            let field_name = rest.split('/').next().unwrap_or_default();
            field.pointer = format!("/items/{row}/{field_name}");
        }
    }
    problem
}

/// The refusal of a form without any price.
pub(super) fn none_priced() -> FieldError {
    FieldError::new("/items", FieldCode::Required, text(Language::English, "quotes-items-none-priced"))
}

/// An item that a quote offers, as its buyer chooses it.
pub(super) struct Choice {
    /// The number of the item.
    pub number: u32,
    /// What is offered, in a line.
    pub label: String,
}

/// What the buyer may still accept of a quote, as it is known from the quote alone.
pub(super) fn choices(fields: &QuoteFields, rfq: &Rfq, awarded: &[u32]) -> Vec<Choice> {
    let free = fields.items.iter().filter(|item| !awarded.contains(&item.item));
    let choice = |item: &QuoteItem| {
        let title = rfq.fields.find_item(item.item).map_or("", |wanted| wanted.title.as_str());
        let label = Message::new("quotes-item").with("item", item.item).with("title", title).text(Language::English);
        Choice { number: item.item, label }
    };
    free.map(choice).collect()
}

/// The comparison of an RFQ with items as lines: for each item what every quote asks, then what all items of a quote cost.
pub(super) fn compare_lines(compared: &Comparison, fields: &[&QuoteFields]) -> Vec<CompareLine> {
    let mut lines: Vec<CompareLine> =
        compared.items.iter().flat_map(|item| item_lines(item, &compared.baskets)).collect();
    let line = |key: &'static str, cell: &dyn Fn(&Basket) -> Cell| CompareLine {
        name: text(Language::English, key).to_owned(),
        cells: compared.baskets.iter().map(cell).collect(),
    };
    let of_fields = |key: &'static str, value: &dyn Fn(&QuoteFields) -> Option<String>| CompareLine {
        name: text(Language::English, key).to_owned(),
        cells: fields.iter().map(|fields| Cell::plain(value(fields).unwrap_or_default())).collect(),
    };
    lines.push(line("quotes-compare-items", &|basket| {
        let offered = Message::new("quotes-items-offered").with("offered", basket.items.len());
        Cell::plain(offered.with("items", compared.items.len()).text(Language::English))
    }));
    lines.push(line("quotes-compare-goods", &|basket| Cell::of(&basket.goods)));
    lines.push(line("quotes-compare-incoterm", &|basket| Cell::plain(basket.terms.clone().unwrap_or_default())));
    lines.push(of_fields("quotes-compare-freight", &|fields| fields.freight.map(|freight| freight.to_string())));
    lines.push(line("quotes-compare-basket", &|basket| Cell::of(&basket.landed)));
    lines.push(of_fields("quotes-compare-lead-time", &|fields| fields.lead_time_days.map(crate::formats::days)));
    lines.push(of_fields("quotes-compare-valid-until", &|fields| fields.valid_until.map(|last| last.to_string())));
    lines.push(line("quotes-compare-not-met", &|basket| Cell::plain(basket.unmet.join("; "))));
    lines.push(line("quotes-compare-awarded", &|basket| Cell::plain(numbers(&basket.awarded_items))));
    lines.retain(|line| line.cells.iter().any(|cell| !cell.text.is_empty()));
    lines
}

/// What each quote asks for one item, and the same with carriage where that can be said of any.
fn item_lines(item: &ItemComparison, baskets: &[Basket]) -> Vec<CompareLine> {
    let (number, title) = (item.item, item.title.as_str());
    let columns = || baskets.iter().map(|basket| item.comparison.quotes.iter().find(|q| q.quote == basket.quote));
    let absent = || Cell::gap(text(Language::English, "quotes-compare-not-offered"));
    let name = Message::new("quotes-item").with("item", number).with("title", title).text(Language::English);
    let asked = columns().map(|column| {
        column.map_or_else(absent, |column| {
            let price = PriceLine::new(column.unit_price, None, Some(column.price_unit)).to_string();
            let notes = column.notes.iter().map(|note| format!("; {note}")).collect::<String>();
            Cell::plain(format!("{price}{notes}"))
        })
    });
    let per = |key: &'static str| {
        let message = Message::new(key).with("item", number).with("currency", item.comparison.currency.to_string());
        message.with("unit", item.comparison.wanted.unit.label()).text(Language::English)
    };
    let converted =
        columns().map(|column| column.map_or_else(|| Cell::plain(""), |column| Cell::of(&column.converted)));
    let landed = columns().map(|column| column.map_or_else(|| Cell::plain(""), |column| Cell::of(&column.landed)));
    let wanted = Message::new("quotes-compare-item-for").with("name", name);
    let wanted = wanted.with("quantity", plain_quantity(&item.comparison.wanted)).text(Language::English);
    let mut lines = vec![
        CompareLine { name: wanted, cells: asked.collect() },
        CompareLine { name: per("quotes-compare-item-converted"), cells: converted.collect() },
    ];
    if item.comparison.quotes.iter().any(|column| column.landed.amount.is_some()) {
        lines.push(CompareLine { name: per("quotes-compare-item-landed"), cells: landed.collect() });
    }
    lines
}
