//! How complete an RFQ is: 0 to 100, and what each missing field would add and why.

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

/// Field, label, points, what it is good for, whether it is there. The points sum to 100.
const WEIGHTS: &[(&str, &str, u8, &str, IsThere)] = &[
    ("quantity", "Quantity", 15, "Suppliers price by quantity.", |rfq| rfq.quantity.is_some()),
    ("destination_country", "Destination country", 15, "Freight and duty depend on where the goods go.", |rfq| {
        rfq.destination_country.is_some()
    }),
    ("specification", "Specification", 15, "Suppliers quote what you describe, not what they guess.", |rfq| {
        rfq.specification.is_some()
    }),
    ("title", "Title", 10, "It is what suppliers read first.", |rfq| !rfq.title.is_empty()),
    ("hs_code", "HS code", 10, "It finds suppliers of exactly these goods, in any language.", |rfq| {
        rfq.hs_code.is_some()
    }),
    ("target_price", "Target price", 10, "Suppliers who cannot reach it stay away.", |rfq| rfq.target_price.is_some()),
    ("category", "Category", 5, "It finds suppliers whose texts use other words.", |rfq| rfq.category.is_some()),
    ("incoterm", "Incoterm", 5, "Only quotes on the same term compare.", |rfq| rfq.incoterm.is_some()),
    ("destination_place", "Destination place or port", 5, "Freight is calculated to a place.", |rfq| {
        rfq.destination_place.is_some() || rfq.destination_locode.is_some()
    }),
    ("wanted_by", "Wanted by", 5, "Suppliers see whether their lead time fits.", |rfq| rfq.wanted_by.is_some()),
    ("payment_terms", "Payment terms", 5, "How you pay changes the price.", |rfq| !rfq.payment_terms.is_empty()),
];

/// The score and what is missing.
pub fn completeness(rfq: &RfqFields) -> Completeness {
    let absent = WEIGHTS.iter().filter(|(.., is_there)| !is_there(rfq));
    let missing: Vec<Missing> = absent
        .map(|&(field, label, adds, why, _)| Missing {
            field,
            label,
            adds,
            why,
            is_required: matches!(field, "title" | "quantity" | "destination_country"),
        })
        .collect();
    let lacking: u8 = missing.iter().map(|field| field.adds).sum();
    Completeness { score: 100 - lacking, missing }
}
