//! The items of an RFQ for several goods, such as a container of fittings: each with its own quantity, code, specification and target.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{FieldCode, FieldError};
use crate::formats::{PriceLine, hs_dotted, numbers, plain_quantity};
use crate::listings::normalise_category;
use crate::locale::{Language, Message, text};
use crate::money::Money;
use crate::reference::codes::HsCode;
use crate::text::Checker;
use crate::units::Quantity;

/// An RFQ has at most so many items.
// A supplier prices them on one page, and each is a pass of its own over the index when the RFQ is matched.
pub const MAX_ITEMS: usize = 50;
/// The highest number of an item.
pub const MAX_ITEM_NUMBER: u32 = 999;
/// The longest specification of an item, in characters.
pub const MAX_ITEM_SPECIFICATION: usize = 2_000;

/// One item of an RFQ for several.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RfqItem {
    /// The number that quotes and awards name it by, from 1 to 999; where it is left out, the lowest that is free. It never changes once the
    /// RFQ is published, and nothing of the item once it is awarded.
    #[schema(minimum = 1, maximum = 999)]
    pub item: Option<u32>,
    /// What is wanted, in a line of up to 300 characters.
    pub title: String,
    /// What it has to be like, beside what the RFQ says for all items; up to 2 000 characters.
    pub specification: Option<String>,
    /// The HS code of the goods; that of the RFQ where absent.
    pub hs_code: Option<HsCode>,
    /// What kind of goods, `A / B / C`, up to 1 000 characters; that of the RFQ where absent.
    pub category: Option<String>,
    /// How much is wanted.
    pub quantity: Option<Quantity>,
    /// What the buyer would like to pay for one unit.
    pub target_price: Option<Money>,
}

impl RfqItem {
    /// The number that quotes and awards name it by; 0 only before the fields were checked.
    pub fn number(&self) -> u32 {
        self.item.unwrap_or_default()
    }

    /// In a line: `Brass elbow, 500 pcs, HS 7412.20, target USD 1.20 / pcs`.
    pub fn summary(&self) -> String {
        let unit = self.quantity.map(|quantity| quantity.unit);
        let target = self.target_price.map(|price| {
            let price = PriceLine::new(price, None, unit).money();
            Message::new("rfqs-item-target").with("price", price).text(Language::English)
        });
        let code = self.hs_code.as_ref().map(|code| format!("HS\u{a0}{}", hs_dotted(code)));
        let title = (!self.title.is_empty()).then(|| self.title.clone());
        let parts = [title, self.quantity.as_ref().map(plain_quantity), code, target];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// Cleans and checks the items, and gives a number to each that has none.
pub(super) fn check(items: &mut [RfqItem], checker: &mut Checker) {
    checker.max_items("/items", items.len(), MAX_ITEMS);
    let mut known = HashSet::new();
    // One currency, as in the quotes on it: what the items cost together is said in it.
    let currency = items.iter().find_map(|item| item.target_price).map(|price| price.currency);
    for (place, item) in items.iter_mut().enumerate().take(MAX_ITEMS) {
        check_item(&format!("/items/{place}"), item, checker);
        if item.target_price.is_some_and(|price| Some(price.currency) != currency) {
            let message = text(Language::English, "rfqs-items-currency");
            checker.fail(&format!("/items/{place}/target_price/currency"), FieldCode::Contradiction, message);
        }
        let Some(number) = item.item else { continue };
        let pointer = format!("/items/{place}/item");
        if !(1..=MAX_ITEM_NUMBER).contains(&number) {
            let message = Message::new("rfqs-item-number").with("most", MAX_ITEM_NUMBER).text(Language::English);
            checker.fail(&pointer, FieldCode::Range, message);
        } else if !known.insert(number) {
            checker.fail(&pointer, FieldCode::Contradiction, text(Language::English, "rfqs-item-twice"));
        }
    }
    let mut free = (1..).filter(|number| !known.contains(number));
    for item in items.iter_mut().filter(|item| item.item.is_none()) {
        item.item = free.next();
    }
}

fn check_item(pointer: &str, item: &mut RfqItem, checker: &mut Checker) {
    checker.public_text(&format!("{pointer}/title"), &mut item.title, 0..=300);
    checker.public_prose(&format!("{pointer}/specification"), &mut item.specification, 0..=MAX_ITEM_SPECIFICATION);
    item.category = item.category.take().and_then(|path| normalise_category(&path));
    checker.public_text(&format!("{pointer}/category"), &mut item.category, 0..=1_000);
    let positive = text(Language::English, "rfqs-positive");
    let quantity_ok = item.quantity.is_none_or(|quantity| quantity.value.is_positive());
    checker.ensure(quantity_ok, &format!("{pointer}/quantity/value"), FieldCode::Range, positive);
    let price_ok = item.target_price.is_none_or(|price| price.amount.is_positive());
    checker.ensure(price_ok, &format!("{pointer}/target_price/amount"), FieldCode::Range, positive);
    if let Some(message) = item.target_price.and_then(|price| price.currency.refusal()) {
        checker.fail(&format!("{pointer}/target_price/currency"), FieldCode::UnknownValue, message);
    }
}

/// What items lack to be published: each has a title and a quantity.
pub(super) fn missing_to_publish(items: &[RfqItem]) -> Vec<FieldError> {
    let needed = |pointer: String| {
        FieldError::new(pointer, FieldCode::Required, text(Language::English, "rfqs-required-to-publish"))
    };
    let mut errors = Vec::new();
    for (place, item) in items.iter().enumerate() {
        if item.title.is_empty() {
            errors.push(needed(format!("/items/{place}/title")));
        }
        if item.quantity.is_none() {
            errors.push(needed(format!("/items/{place}/quantity")));
        }
    }
    errors
}

/// Why the items of a published RFQ cannot become these: suppliers quote by their numbers, so items may be added and reworded, and none goes.
pub(super) fn refused_change(before: &[RfqItem], after: &[RfqItem]) -> Option<String> {
    if before.is_empty() != after.is_empty() {
        return Some(text(Language::English, "rfqs-items-stay-kind").to_owned());
    }
    let gone: Vec<u32> = before
        .iter()
        .map(RfqItem::number)
        .filter(|number| !after.iter().any(|item| item.number() == *number))
        .collect();
    let message = || Message::new("rfqs-items-stay").with("items", numbers(&gone)).text(Language::English);
    (!gone.is_empty()).then(message)
}
