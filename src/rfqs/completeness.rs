//! How complete an RFQ is: 0 to 100, and what each missing field would add and why.

use crate::locale::{Language, text};
use serde::Serialize;
use utoipa::ToSchema;

use super::RfqFields;

/// How much an RFQ says of what suppliers need to quote well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Completeness {
    /// 0 to 100.
    pub score: u8,
    /// What is missing, what adds most first.
    pub missing: Vec<Missing>,
}

/// A field that is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Missing {
    /// The field's name in the API.
    pub field: &'static str,
    /// Its name on a page.
    pub label: &'static str,
    /// How many points it would add.
    pub adds: u8,
    /// What it would do for the buyer.
    pub why: &'static str,
    /// Whether publishing by hand needs it.
    pub is_required: bool,
}

type IsThere = fn(&RfqFields) -> bool;

/// Field, key of its label, points, key of what it is good for, whether it is there. The points sum to 100.
const WEIGHTS: &[(&str, &str, u8, &str, IsThere)] = &[
    ("quantity", "rfqs-completeness-quantity", 15, "rfqs-completeness-quantity-why", |rfq| rfq.quantity.is_some()),
    ("destination_country", "rfqs-completeness-destination", 15, "rfqs-completeness-destination-why", |rfq| {
        rfq.destination_country.is_some()
    }),
    ("specification", "rfqs-completeness-specification", 15, "rfqs-completeness-specification-why", |rfq| {
        rfq.specification.is_some()
    }),
    ("title", "rfqs-completeness-title", 10, "rfqs-completeness-title-why", |rfq| !rfq.title.is_empty()),
    ("hs_code", "rfqs-completeness-hs", 10, "rfqs-completeness-hs-why", |rfq| rfq.hs_code.is_some()),
    ("target_price", "rfqs-completeness-target", 10, "rfqs-completeness-target-why", |rfq| rfq.target_price.is_some()),
    ("category", "rfqs-completeness-category", 5, "rfqs-completeness-category-why", |rfq| rfq.category.is_some()),
    ("incoterm", "rfqs-completeness-incoterm", 5, "rfqs-completeness-incoterm-why", |rfq| rfq.incoterm.is_some()),
    ("destination_place", "rfqs-completeness-place", 5, "rfqs-completeness-place-why", |rfq| {
        rfq.destination_place.is_some() || rfq.destination_locode.is_some()
    }),
    ("wanted_by", "rfqs-completeness-wanted-by", 5, "rfqs-completeness-wanted-by-why", |rfq| rfq.wanted_by.is_some()),
    ("payment_terms", "rfqs-completeness-payment", 5, "rfqs-completeness-payment-why", |rfq| {
        !rfq.payment_terms.is_empty()
    }),
];

/// The score and what is missing.
pub fn completeness(rfq: &RfqFields) -> Completeness {
    let absent = WEIGHTS.iter().filter(|(.., is_there)| !is_there(rfq));
    let missing: Vec<Missing> = absent
        .map(|&(field, label_key, adds, why_key, _)| Missing {
            field,
            label: text(Language::English, label_key),
            adds,
            why: text(Language::English, why_key),
            is_required: matches!(field, "title" | "quantity" | "destination_country"),
        })
        .collect();
    let lacking: u8 = missing.iter().map(|field| field.adds).sum();
    Completeness { score: 100 - lacking, missing }
}
