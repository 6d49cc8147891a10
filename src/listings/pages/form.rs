//! The form of a listing: its fields as they are typed, and what was typed as the JSON that the API takes, so that one check serves both.

use serde_json::{Map, Value, json};

use crate::companies::{certification_lines, parse_certification_lines};
use crate::error::{FieldCode, FieldError, Result, with_errors};
use crate::listings::fields::lines::{attribute_lines, attributes, incoterm, incoterm_line};
use crate::listings::{ListingFields, PriceFields};
use crate::locale::{Language, text};
use crate::money::Money;
use crate::text::area;
use crate::units::Quantity;
use crate::web::input::FormData;
use crate::web::layout::Form;
use crate::wire;

/// The fields in the order of the page.
pub(super) const FIELDS: &[(&str, &str)] = &[
    ("sku", "listings-sku"),
    ("name", "listings-name"),
    ("description", "listings-description"),
    ("language", "listings-language"),
    ("category", "listings-category"),
    ("keywords", "listings-keywords"),
    ("hs_code", "listings-hs-code"),
    ("brand", "listings-brand"),
    ("mpn", "listings-mpn"),
    ("gtin", "listings-gtin"),
    ("origin_country", "listings-origin"),
    ("attributes", "listings-specifications"),
    ("price.min", "listings-price"),
    ("price.max.amount", "listings-maximum-price"),
    ("price.unit", "listings-unit"),
    ("price.tiers", "listings-tiers"),
    ("moq", "listings-moq"),
    ("supply_per_month", "listings-capacity"),
    ("lead_time_days", "listings-lead-time"),
    ("incoterms", "listings-incoterms"),
    ("payment_terms", "listings-payment-terms"),
    ("packaging", "listings-packaging"),
    ("certifications", "listings-certificates"),
    ("image_urls", "listings-linked-images"),
    ("expires_on", "listings-expires-on"),
];

/// An empty form with the choices that most begin with.
pub(super) fn blank() -> Form {
    Form::new(FIELDS)
        .with("language", "en")
        .with("price.min.currency", "USD")
        .with("price.unit", "C62")
        .with("moq.unit", "C62")
        .with("supply_per_month.unit", "C62")
}

/// The form filled with a listing.
pub(super) fn filled(fields: &ListingFields) -> Form {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let form = Form::new(FIELDS)
        .with("sku", &fields.sku)
        .with("name", &fields.name)
        .with("description", text(&fields.description))
        .with("language", fields.language_or_english().to_string())
        .with("category", text(&fields.category))
        .with("keywords", fields.keywords.join(", "))
        .with("hs_code", fields.hs_code.as_ref().map(ToString::to_string).unwrap_or_default())
        .with("brand", text(&fields.brand))
        .with("mpn", text(&fields.mpn))
        .with("gtin", text(&fields.gtin))
        .with("origin_country", fields.origin_country.map(|country| country.to_string()).unwrap_or_default())
        .with("attributes", attribute_lines(&fields.attributes))
        .with("lead_time_days", fields.lead_time_days.map(|days| days.to_string()).unwrap_or_default())
        .with("incoterms", fields.incoterms.iter().map(incoterm_line).collect::<Vec<_>>().join("\n"))
        .with("packaging", text(&fields.packaging))
        .with("certifications", certification_lines(&fields.certifications))
        .with("image_urls", fields.image_urls.join("\n"))
        .with("expires_on", fields.expires_on.map(|day| day.to_string()).unwrap_or_default());
    let form = with_price(form, fields.price.as_ref());
    let form = with_quantity(form, "moq", fields.moq);
    let form = with_quantity(form, "supply_per_month", fields.supply_per_month);
    fields.payment_terms.iter().fold(form, |form, term| form.with("payment_terms", term.to_string()))
}

fn amount(money: Money) -> String {
    money.amount.display(usize::from(money.currency.minor_digits()))
}

fn with_price(form: Form, price: Option<&PriceFields>) -> Form {
    let Some(price) = price else { return form.with("price.min.currency", "USD").with("price.unit", "C62") };
    let tiers = price.tiers.iter().map(|tier| format!("{}: {}", tier.from.display(0), amount(tier.amount)));
    form.with("price.min.amount", amount(price.min))
        .with("price.min.currency", price.min.currency.code())
        .with("price.max.amount", price.max.map(amount).unwrap_or_default())
        .with("price.unit", price.unit.code())
        .with("price.tiers", tiers.collect::<Vec<_>>().join("\n"))
}

fn with_quantity(form: Form, name: &str, quantity: Option<Quantity>) -> Form {
    let value = quantity.map(|quantity| quantity.value.display(0)).unwrap_or_default();
    let unit = quantity.map_or("C62", |quantity| quantity.unit.code());
    form.with(&format!("{name}.value"), value).with(&format!("{name}.unit"), unit)
}

/// What was typed, as a listing.
///
/// # Errors
/// `invalid` naming each field that cannot be read; the rest is checked by the action.
pub(super) fn read(form: &FormData) -> Result<ListingFields> {
    let document = document(form);
    // The API takes a term alone, as files of other systems have it; a person who fills in a form knows where.
    let offers = document["incoterms"].as_array().into_iter().flatten().enumerate();
    let without_place = offers.filter(|(_, offer)| offer["place"].is_null() && offer["locode"].is_null());
    let message = text(Language::English, "listings-incoterm-place");
    let error = |(at, _)| FieldError::new(format!("/incoterms/{at}/place"), FieldCode::Required, message);
    let errors = without_place.map(error).collect();
    with_errors(wire::read_value(document, &[]), errors)
}

fn document(form: &FormData) -> Value {
    const PLAIN: &[&str] = &[
        "sku",
        "name",
        "description",
        "language",
        "category",
        "hs_code",
        "brand",
        "mpn",
        "gtin",
        "origin_country",
        "packaging",
        "expires_on",
    ];
    let text = |name: &str| form.text(name).unwrap_or_default();
    let plain = PLAIN.iter().filter_map(|name| Some(((*name).to_owned(), form.text(name)?.into())));
    let mut members: Map<String, Value> = plain.collect();
    let days = form.text("lead_time_days").map(|days| days.parse::<u16>().map_or_else(|_| days.into(), Value::from));
    let others = [
        ("price", price(form)),
        ("moq", quantity(form, "moq")),
        ("supply_per_month", quantity(form, "supply_per_month")),
        ("lead_time_days", days),
        // Not trimmed as a whole: a line that begins with a space goes on with the one before.
        ("attributes", Some(attributes(text("attributes")))),
        ("incoterms", Some(Value::Array(area::lines(text("incoterms")).map(incoterm).collect()))),
        ("payment_terms", Some(area::to_list(form.all("payment_terms").into_iter()))),
        ("certifications", Some(parse_certification_lines(text("certifications")))),
        ("image_urls", Some(area::to_list(area::lines(text("image_urls"))))),
        ("keywords", Some(area::to_list(area::items(text("keywords"))))),
    ];
    members.extend(others.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    Value::Object(members)
}

/// One currency serves for the whole price. Without any amount there is no price.
fn price(form: &FormData) -> Option<Value> {
    let currency = form.text("price.min.currency").unwrap_or_default();
    let money = |amount: &str| json!({"amount": amount, "currency": currency});
    let (min, max, tiers) = (form.text("price.min.amount"), form.text("price.max.amount"), form.text("price.tiers"));
    if min.is_none() && max.is_none() && tiers.is_none() {
        return None;
    }
    let tier = |line: &str| {
        let (from, amount) = line.split_once(':').unwrap_or((line, ""));
        json!({"from": from.trim(), "amount": money(amount.trim())})
    };
    let tiers: Vec<Value> = area::lines(tiers.unwrap_or_default()).map(tier).collect();
    let mut price = json!({"unit": form.text("price.unit"), "tiers": tiers});
    for (name, amount) in [("min", min), ("max", max)] {
        if let Some(amount) = amount {
            price[name] = money(amount);
        }
    }
    Some(price)
}

fn quantity(form: &FormData, name: &str) -> Option<Value> {
    let value = form.text(&format!("{name}.value"))?;
    Some(json!({"value": value, "unit": form.text(&format!("{name}.unit"))}))
}
