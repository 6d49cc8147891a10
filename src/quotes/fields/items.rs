//! The items that a quote on an RFQ for several goods prices, all of them or some.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{FieldCode, FieldError};
use crate::formats::numbers;
use crate::locale::{Language, Message, text};
use crate::money::Money;
use crate::rfqs::{MAX_ITEMS, RfqItem};
use crate::text::Checker;
use crate::units::{Quantity, Unit};

/// The longest place, requirement and note, in characters.
pub const MAX_LINE: usize = 300;
/// The longest lead time, in days.
pub const MAX_LEAD_TIME_DAYS: u32 = 1_000;

/// The price of one item of the RFQ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuoteItem {
    /// The number of the item in the RFQ, from 1.
    #[schema(minimum = 1, maximum = 999)]
    pub item: u32,
    /// The price of one unit, above 0.
    pub unit_price: Money,
    /// The unit of the price; where absent the unit of the quantity quoted, else of the quantity wanted.
    #[serde(default)]
    pub price_unit: Option<Unit>,
    /// How much is offered; the quantity wanted where absent.
    #[serde(default)]
    pub quantity: Option<Quantity>,
    /// The least that is sold.
    #[serde(default)]
    pub moq: Option<Quantity>,
    /// Days from order to dispatch, 0 to 1 000; those of the whole quote where absent.
    #[serde(default)]
    pub lead_time_days: Option<u32>,
    /// Words to the buyer about this item, up to 300 characters.
    #[serde(default)]
    pub note: Option<String>,
}

pub(super) fn clean(items: &mut [QuoteItem], checker: &mut Checker) {
    for (place, item) in items.iter_mut().enumerate() {
        checker.prose(&format!("/items/{place}/note"), &mut item.note, 0..=MAX_LINE);
    }
}

/// Checks the items of a quote against those that the RFQ asks for.
pub(super) fn check(items: &[QuoteItem], wanted: &[RfqItem], errors: &mut Vec<FieldError>) {
    if items.len() > MAX_ITEMS {
        let message = Message::new("quotes-too-many").with("most", MAX_ITEMS).text(Language::English);
        errors.push(FieldError::new("/items", FieldCode::Range, message));
        return;
    }
    let currency = items.first().map(|item| item.unit_price.currency);
    for (place, item) in items.iter().enumerate() {
        check_number(place, items, wanted, errors);
        let asked = wanted.iter().find(|wanted| wanted.number() == item.item).and_then(|wanted| wanted.quantity);
        check_item(&format!("/items/{place}"), item, asked, errors);
        // One currency: what the items cost together would need a rate otherwise, which no quote states.
        if currency.is_some_and(|currency| currency != item.unit_price.currency) {
            let message = text(Language::English, "quotes-items-currency");
            let pointer = format!("/items/{place}/unit_price/currency");
            errors.push(FieldError::new(pointer, FieldCode::Contradiction, message));
        }
    }
}

fn check_number(place: usize, items: &[QuoteItem], wanted: &[RfqItem], errors: &mut Vec<FieldError>) {
    let (number, pointer) = (items[place].item, format!("/items/{place}/item"));
    if number == 0 {
        errors.push(FieldError::new(pointer, FieldCode::Range, text(Language::English, "quotes-items-from-one")));
    } else if !wanted.iter().any(|item| item.number() == number) {
        let known: Vec<u32> = wanted.iter().map(RfqItem::number).collect();
        let message = Message::new("quotes-items-unknown").with("items", numbers(&known)).text(Language::English);
        errors.push(FieldError::new(pointer, FieldCode::UnknownValue, message));
    } else if items[..place].iter().any(|earlier| earlier.item == number) {
        errors.push(FieldError::new(pointer, FieldCode::Contradiction, text(Language::English, "quotes-twice")));
    }
}

fn check_item(pointer: &str, item: &QuoteItem, wanted: Option<Quantity>, errors: &mut Vec<FieldError>) {
    check_money(&format!("{pointer}/unit_price"), Some(item.unit_price), errors);
    let unit = item.price_unit.or(item.quantity.or(wanted).map(|quantity| quantity.unit));
    check_quantities(pointer, unit, item.quantity, item.moq, errors);
    if item.lead_time_days.is_some_and(|days| days > MAX_LEAD_TIME_DAYS) {
        let most = MAX_LEAD_TIME_DAYS.to_string();
        let message = Message::new("quotes-too-many-days").with("most", most).text(Language::English);
        errors.push(FieldError::new(format!("{pointer}/lead_time_days"), FieldCode::Range, message));
    }
}

/// A price is above 0, in a currency that is in use.
pub(super) fn check_money(pointer: &str, price: Option<Money>, errors: &mut Vec<FieldError>) {
    let Some(price) = price else { return };
    if !price.amount.is_positive() {
        let message = text(Language::English, "quotes-positive");
        errors.push(FieldError::new(format!("{pointer}/amount"), FieldCode::Range, message));
    }
    if let Some(message) = price.currency.refusal() {
        errors.push(FieldError::new(format!("{pointer}/currency"), FieldCode::UnknownValue, message));
    }
}

/// What is offered and the least that is sold, of a price for one `priced`: above 0, in units that count the same, and the least no more than
/// what is offered.
pub(super) fn check_quantities(
    pointer: &str,
    priced: Option<Unit>,
    offered: Option<Quantity>,
    moq: Option<Quantity>,
    errors: &mut Vec<FieldError>,
) {
    for (field, quantity) in [("quantity", offered), ("moq", moq)] {
        let Some(quantity) = quantity else { continue };
        if !quantity.value.is_positive() {
            let message = text(Language::English, "quotes-positive");
            errors.push(FieldError::new(format!("{pointer}/{field}/value"), FieldCode::Range, message));
        }
        // A price for a piece says nothing of 20 kg: what the goods cost could not be told, nor compared.
        if let Some(priced) = priced.filter(|priced| quantity.to_unit(*priced).is_none()) {
            let message = Message::new("quotes-unit-of-price").with("unit", priced.label()).text(Language::English);
            errors.push(FieldError::new(format!("{pointer}/{field}/unit"), FieldCode::Contradiction, message));
        }
    }
    if let (Some(offered), Some(moq)) = (offered, moq)
        && moq.to_unit(offered.unit).is_some_and(|moq| moq.value > offered.value)
    {
        let message = text(Language::English, "quotes-moq-above");
        errors.push(FieldError::new(format!("{pointer}/moq"), FieldCode::Contradiction, message));
    }
}
