//! A listing as a row of a table, which [`listing_of_cells`](super::listing_of_cells) reads back as the same listing.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::amounts::unambiguous;
use super::rows::{attribute_cell, certifications, image_urls, incoterms, keywords, payment_terms};
use crate::companies::certification_lines;
use crate::error::Result;
use crate::listings::fields::lines::{attribute_lines, incoterm_line};
use crate::listings::{Listing, PriceFields};
use crate::money::Micros;
use crate::units::Quantity;
use crate::wire::to_json;

/// The columns of an exported table.
pub const EXPORTED: &[&str] = &[
    "sku",
    "name",
    "state",
    "description",
    "language",
    "brand",
    "mpn",
    "gtin",
    "hs_code",
    "category",
    "attributes",
    "origin_country",
    "price",
    "price_max",
    "currency",
    "price_unit",
    "price_tiers",
    "moq",
    "moq_unit",
    "supply_per_month",
    "supply_unit",
    "lead_time_days",
    "incoterms",
    "payment_terms",
    "certifications",
    "packaging",
    "image_urls",
    "keywords",
    "expires_on",
];

/// The columns of a Merchant feed: its own names for what it has a name for, ours for the rest, which it passes over.
pub const MERCHANT: &[&str] = &[
    "id",
    "title",
    "state",
    "description",
    "language",
    "brand",
    "mpn",
    "gtin",
    "hs_code",
    "product_type",
    "attributes",
    "origin_country",
    "price",
    "price_max",
    "price_unit",
    "price_tiers",
    "moq",
    "moq_unit",
    "supply_per_month",
    "supply_unit",
    "lead_time_days",
    "incoterms",
    "payment_terms",
    "certifications",
    "packaging",
    "image_link",
    "additional_image_link",
    "keywords",
    "expiration_date",
];

/// The cells of the listing under the columns [`EXPORTED`], or [`MERCHANT`].
///
/// # Errors
/// `internal` when a list cannot be written, which is a fault of ours.
pub fn row_of(listing: &Listing, columns: &[&str]) -> Result<Vec<String>> {
    columns.iter().map(|column| cell(listing, column, columns)).collect()
}

fn cell(listing: &Listing, column: &str, columns: &[&str]) -> Result<String> {
    let fields = &listing.fields;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let code = |code: Option<String>| code.unwrap_or_default();
    let price = fields.price.as_ref();
    let is_merchant = !columns.contains(&"currency");
    Ok(match column {
        "sku" | "id" => fields.sku.clone(),
        "name" | "title" => fields.name.clone(),
        "state" => listing.state.to_string(),
        "description" => text(&fields.description),
        "language" => code(fields.language.map(|code| code.to_string())),
        "brand" => text(&fields.brand),
        "mpn" => text(&fields.mpn),
        "gtin" => text(&fields.gtin),
        "hs_code" => code(fields.hs_code.as_ref().map(ToString::to_string)),
        // As Merchant writes it; `/` is read as well.
        "product_type" => product_type(&text(&fields.category)),
        "category" => text(&fields.category),
        "attributes" => list(&fields.attributes, attribute_lines(&fields.attributes), attribute_cell)?,
        "origin_country" => code(fields.origin_country.map(|country| country.to_string())),
        "price" if is_merchant => {
            price.map(|p| format!("{} {}", money(p.min.amount), p.min.currency)).unwrap_or_default()
        }
        "price" => price.map(|price| money(price.min.amount)).unwrap_or_default(),
        "price_max" => price.and_then(|price| price.max).map(|max| money(max.amount)).unwrap_or_default(),
        "currency" => price.map(|price| price.min.currency.to_string()).unwrap_or_default(),
        "price_unit" => price.map(|price| price.unit.code().to_owned()).unwrap_or_default(),
        "price_tiers" => price.map(tiers).unwrap_or_default(),
        "moq" => value(fields.moq),
        "moq_unit" => unit(fields.moq),
        "supply_per_month" => value(fields.supply_per_month),
        "supply_unit" => unit(fields.supply_per_month),
        "lead_time_days" => code(fields.lead_time_days.map(|days| days.to_string())),
        "incoterms" => {
            let written: Vec<String> = fields.incoterms.iter().map(incoterm_line).collect();
            list(&fields.incoterms, written.join("\n"), incoterms)?
        }
        "payment_terms" => {
            let written: Vec<&str> = fields.payment_terms.iter().map(|term| term.as_str()).collect();
            list(&fields.payment_terms, written.join(", "), payment_terms)?
        }
        "certifications" => list(&fields.certifications, certification_lines(&fields.certifications), certifications)?,
        "packaging" => text(&fields.packaging),
        "image_urls" => list(&fields.image_urls, fields.image_urls.join("\n"), image_urls)?,
        "image_link" => {
            let first = fields.image_urls.get(..1).unwrap_or_default().to_vec();
            list(&first, first.join(","), image_urls)?
        }
        "additional_image_link" => {
            let further = fields.image_urls.get(1..).unwrap_or_default().to_vec();
            list(&further, further.join(","), image_urls)?
        }
        "keywords" => list(&fields.keywords, fields.keywords.join(", "), keywords)?,
        "expires_on" | "expiration_date" => code(fields.expires_on.map(|day| day.to_string())),
        _ => String::new(),
    })
}

/// A category path in the form of Merchant; as it stands where a level has what divides levels.
fn product_type(path: &str) -> String {
    let is_plain = path.split(" / ").all(|level| !level.contains(['/', '>']));
    if is_plain { path.replace(" / ", " > ") } else { path.to_owned() }
}

/// A list as people write it where that reads back as the same, else as JSON.
fn list<T: Serialize + DeserializeOwned + PartialEq>(
    items: &T,
    written: String,
    read: fn(&str) -> Value,
) -> Result<String> {
    // As a cell is read: trimmed, and nothing where it is empty.
    let is_same = written.trim() == written
        && (written.is_empty() || serde_json::from_value::<T>(read(&written)).is_ok_and(|read| read == *items));
    if is_same { Ok(written) } else { to_json(items) }
}

fn money(amount: Micros) -> String {
    unambiguous(amount.display(2))
}

fn tiers(price: &PriceFields) -> String {
    let tier = |tier: &crate::listings::PriceTier| {
        format!("{}: {}", unambiguous(tier.from.display(0)), money(tier.amount.amount))
    };
    price.tiers.iter().map(tier).collect::<Vec<_>>().join("\n")
}

fn value(quantity: Option<Quantity>) -> String {
    quantity.map(|quantity| unambiguous(quantity.value.display(0))).unwrap_or_default()
}

fn unit(quantity: Option<Quantity>) -> String {
    quantity.map(|quantity| quantity.unit.code().to_owned()).unwrap_or_default()
}
