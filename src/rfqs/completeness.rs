//! How complete an RFQ is: 0 to 100, and what each missing field would add and why. Of an RFQ for several items it says so for each of them.

use crate::formats::numbers;
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
    /// The same for each item alone; empty where the RFQ has no items.
    pub items: Vec<ItemCompleteness>,
}

/// How much one item of an RFQ says, with what the RFQ says for all of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ItemCompleteness {
    /// The number of the item.
    pub item: u32,
    /// 0 to 100.
    pub score: u8,
    /// The names of the item's own fields that are missing, what adds most first.
    pub missing: Vec<&'static str>,
}

/// A field that is missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Missing {
    /// The field's name in the API.
    pub field: &'static str,
    /// Its name on a page.
    pub label: &'static str,
    /// How many points it would add; for a field of items, where all of them had it.
    pub adds: u8,
    /// What it would do for the buyer.
    pub why: &'static str,
    /// Whether publishing by hand needs it.
    pub is_required: bool,
    /// The numbers of the items that lack it; empty for a field of the RFQ itself.
    pub items: Vec<u32>,
}

impl Missing {
    /// The numbers of the items that lack it, as people read them: `1, 3`.
    pub fn item_list(&self) -> String {
        numbers(&self.items)
    }
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

/// What an RFQ and each of its items are called.
const TITLE: &str = "title";

/// The fields that each item of an RFQ has for itself.
const OF_ITEMS: &[&str] = &[TITLE, "quantity", "specification", "hs_code", "target_price", "category"];

/// The score and what is missing.
pub fn completeness(rfq: &RfqFields) -> Completeness {
    let alone = rfq.by_item();
    let mut missing: Vec<Missing> = WEIGHTS
        .iter()
        .filter_map(|&(field, label_key, points, why_key, is_there)| {
            // The RFQ has a title of its own, and so has each item.
            let is_own = alone.is_empty() || !OF_ITEMS.contains(&field) || field == TITLE;
            let lacks = |(_, item): &&(u32, RfqFields)| OF_ITEMS.contains(&field) && !is_there(item);
            let lacking: Vec<u32> = alone.iter().filter(lacks).map(|(number, _)| *number).collect();
            let lacks_itself = is_own && !is_there(rfq);
            (lacks_itself || !lacking.is_empty()).then(|| Missing {
                field,
                label: text(Language::English, label_key),
                adds: if lacks_itself { points } else { part_of(points, lacking.len(), alone.len()) },
                why: text(Language::English, why_key),
                is_required: matches!(field, "title" | "quantity" | "destination_country"),
                items: lacking,
            })
        })
        .collect();
    let lacking: u8 = missing.iter().map(|field| field.adds).sum();
    let items = alone.iter().map(|(number, item)| of_item(*number, item)).collect();
    // Parts of the points of a field of items may be fewer than those of a field that comes after it.
    missing.sort_by_key(|field| std::cmp::Reverse(field.adds));
    Completeness { score: 100 - lacking, missing, items }
}

fn of_item(number: u32, item: &RfqFields) -> ItemCompleteness {
    let absent = || WEIGHTS.iter().filter(|(.., is_there)| !is_there(item));
    let lost: u8 = absent().map(|(_, _, points, ..)| *points).sum();
    let own = absent().map(|(field, ..)| *field).filter(|field| OF_ITEMS.contains(field));
    ItemCompleteness { item: number, score: 100 - lost, missing: own.collect() }
}

/// The part of the points that so many of all items cost: at least one, so that what is missing is never free.
fn part_of(points: u8, lacking: usize, all: usize) -> u8 {
    let part = usize::from(points) * lacking / all.max(1);
    u8::try_from(part).unwrap_or(points).clamp(1, points)
}
