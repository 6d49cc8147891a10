//! Quotes on an RFQ for several items side by side: each item by itself, and what all items of a quote cost together.
//!
//! A basket that lacks items, or offers less of one than is wanted, leaves the buyer to find the rest: it is never the lowest.

use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Comparer, ComparisonInput, Figure, Price, QuotesCompared, compare, with_place};
use crate::ids::QuoteId;
use crate::locale::{Language, Message, text};
use crate::money::{Currency, Micros};
use crate::quotes::fields::QuoteFields;
use crate::rates::DatedRates;
use crate::reference::codes::Incoterm;
use crate::rfqs::RfqItem;
use crate::units::{Quantity, Unit};

/// The quotes on an RFQ side by side. An RFQ without items is compared by `quotes`, one with items by `items` and `baskets`.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Comparison {
    /// For what is wanted as a whole; without quotes where the RFQ has items.
    #[serde(flatten)]
    pub whole: QuotesCompared,
    /// Each item with the quotes that offer it, in the order of their numbers; empty where the RFQ has none.
    pub items: Vec<ItemComparison>,
    /// What each quote's items cost together, in the order of the quotes; empty where the RFQ has no items.
    pub baskets: Vec<Basket>,
}

/// One item and the quotes that offer it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ItemComparison {
    /// The number of the item.
    pub item: u32,
    /// What is wanted.
    pub title: String,
    /// The quote that was accepted for it; null while none was.
    pub awarded_to: Option<QuoteId>,
    /// The quotes side by side.
    #[serde(flatten)]
    pub comparison: QuotesCompared,
}

/// What the items of one quote cost together.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Basket {
    /// The quote.
    pub quote: QuoteId,
    /// Who quoted.
    pub supplier: String,
    /// The version compared.
    pub version: u32,
    /// The numbers of the items that it offers.
    pub items: Vec<u32>,
    /// The numbers of those that it does not.
    pub missing: Vec<u32>,
    /// The numbers of those that it was accepted for.
    pub awarded_items: Vec<u32>,
    /// The Incoterm and its place, `FOB Ningbo`.
    pub terms: Option<String>,
    /// The price of all its items, for what would be bought, in the comparison's currency.
    pub goods: Figure,
    /// The same with carriage.
    pub landed: Figure,
    /// Requirements the supplier does not meet.
    pub unmet: Vec<String>,
    /// How many documents the quote has attached.
    pub attachments: usize,
}

/// Compares the quotes item by item and as baskets.
pub fn compare_items(
    quotes: &[ComparisonInput<'_>],
    wanted: &[RfqItem],
    rates: Option<&DatedRates>,
    currency: Currency,
) -> (Vec<ItemComparison>, Vec<Basket>) {
    let items = wanted.iter().map(|item| compare_item(quotes, item, rates, currency)).collect();
    let goods: Vec<Price> = quotes.iter().map(|quote| goods(quote.fields, wanted, rates, currency)).collect();
    let landed: Vec<Price> =
        quotes.iter().zip(&goods).map(|(quote, goods)| landed(quote.fields, goods, rates, currency)).collect();
    let part = |place: usize| part_reason(quotes[place].fields, wanted);
    let is_ddp = |place: usize| quotes[place].fields.incoterm == Some(Incoterm::Ddp);
    let any_without_duty = (0..quotes.len()).any(|place| landed[place].is_ok() && !is_ddp(place));
    let duty = |place: usize| {
        (is_ddp(place) && any_without_duty).then(|| text(Language::English, "quotes-incomparable-ddp").to_owned())
    };
    let comparer = Comparer { wanted: one(), rates, currency };
    let goods_figures = comparer.figures(&goods, part);
    let landed_figures = comparer.figures(&landed, |place| part(place).or_else(|| duty(place)));
    let figures = goods_figures.into_iter().zip(landed_figures);
    let baskets = quotes.iter().zip(figures).map(|(quote, (goods, landed))| basket(quote, wanted, goods, landed));
    (items, baskets.collect())
}

fn one() -> Quantity {
    Quantity::new(Micros::from_units(1), Unit::ONE)
}

fn compare_item(
    quotes: &[ComparisonInput<'_>],
    item: &RfqItem,
    rates: Option<&DatedRates>,
    currency: Currency,
) -> ItemComparison {
    let alone: Vec<(&ComparisonInput<'_>, QuoteFields)> =
        quotes.iter().filter_map(|quote| Some((quote, quote.fields.of_item(item.number())?))).collect();
    let inputs: Vec<ComparisonInput<'_>> = alone
        .iter()
        .map(|(quote, fields)| {
            let shares_freight = quote.fields.freight.is_some() && fields.freight.is_none();
            ComparisonInput { supplier: quote.supplier.clone(), fields, shares_freight, ..**quote }
        })
        .collect();
    let wanted = wanted_of(item, alone.iter().map(|(_, fields)| fields));
    let awarded = quotes.iter().find(|quote| quote.awarded.contains(&item.number()));
    ItemComparison {
        item: item.number(),
        title: item.title.clone(),
        awarded_to: awarded.map(|quote| quote.quote),
        comparison: compare(&inputs, wanted, rates, currency),
    }
}

/// The quantity that an item is compared for; one that was loaded with gaps may not say it.
fn wanted_of<'a>(item: &RfqItem, quoted: impl Iterator<Item = &'a QuoteFields> + Clone) -> Quantity {
    let offered = || quoted.clone().find_map(|fields| fields.quantity);
    let unit = quoted.clone().next().map_or(Unit::ONE, |fields| fields.price_unit_or(Unit::ONE));
    item.quantity.or_else(offered).unwrap_or_else(|| Quantity::new(Micros::from_units(1), unit))
}

/// What the quote's items cost together, for what would be bought of each.
fn goods(fields: &QuoteFields, wanted: &[RfqItem], rates: Option<&DatedRates>, currency: Currency) -> Price {
    let out_of_range = || text(Language::English, "quotes-incomparable-range").to_owned();
    let mut sum = Decimal::ZERO;
    for item in wanted {
        let Some(alone) = fields.of_item(item.number()) else { continue };
        let comparer = Comparer { wanted: wanted_of(item, std::iter::once(&alone)), rates, currency };
        let bought = comparer.bought(&alone).value.to_decimal();
        let total = comparer.unit_price(&alone)?.checked_mul(bought).ok_or_else(out_of_range)?;
        sum = sum.checked_add(total).ok_or_else(out_of_range)?;
    }
    Ok(sum)
}

/// The same with the carriage, which is stated once for all items.
fn landed(fields: &QuoteFields, goods: &Price, rates: Option<&DatedRates>, currency: Currency) -> Price {
    let goods = goods.clone()?;
    let said = |key: &'static str| text(Language::English, key).to_owned();
    match fields.incoterm {
        None => Err(said("quotes-incomparable-incoterm")),
        Some(term) if term.seller_pays_freight() => Ok(goods),
        Some(_) => {
            let freight = fields.freight.ok_or_else(|| said("quotes-incomparable-freight"))?;
            let comparer = Comparer { wanted: one(), rates, currency };
            let freight = comparer.convert(freight.amount.to_decimal(), freight.currency)?;
            goods.checked_add(freight).ok_or_else(|| said("quotes-incomparable-range"))
        }
    }
}

/// Why the basket is only a part of what is wanted.
fn part_reason(fields: &QuoteFields, wanted: &[RfqItem]) -> Option<String> {
    let offered = wanted.iter().filter(|item| fields.find_item(item.number()).is_some()).count();
    if offered < wanted.len() {
        let message = Message::new("quotes-incomparable-items").with("offered", offered).with("items", wanted.len());
        return Some(message.text(Language::English));
    }
    let is_part = |item: &&RfqItem| {
        let (Some(alone), Some(quantity)) = (fields.of_item(item.number()), item.quantity) else { return false };
        Comparer { wanted: quantity, rates: None, currency: Currency::USD }.part(&alone).is_some()
    };
    let item = wanted.iter().find(is_part)?;
    Some(Message::new("quotes-incomparable-item-part").with("item", item.number()).text(Language::English))
}

fn basket(quote: &ComparisonInput<'_>, wanted: &[RfqItem], goods: Figure, landed: Figure) -> Basket {
    let fields = quote.fields;
    let (items, missing): (Vec<u32>, Vec<u32>) =
        wanted.iter().map(RfqItem::number).partition(|number| fields.find_item(*number).is_some());
    Basket {
        quote: quote.quote,
        supplier: quote.supplier.clone(),
        version: quote.version,
        items,
        missing,
        awarded_items: quote.awarded.to_vec(),
        terms: fields.incoterm.map(|term| with_place(term, fields.incoterm_place.as_deref())),
        goods,
        landed,
        unmet: fields.answers.iter().filter(|answer| !answer.met).map(|answer| answer.requirement.clone()).collect(),
        attachments: fields.attachments.len(),
    }
}
