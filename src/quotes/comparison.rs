//! The comparison: quotes side by side, and "not comparable" where a rate, a freight or a unit is missing.
//!
//! A price is converted only with a dated rate, which is named. A landed price is the unit price with the main carriage to the
//! buyer's destination: the price itself under C and D terms, price and stated freight under E and F terms. Duties are not in
//! it, but under DDP they are; so a DDP quote is marked against others only when all are DDP.

mod baskets;

pub use baskets::{Basket, Comparison, ItemComparison, compare_items};

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::Serialize;
use utoipa::ToSchema;

use super::fields::QuoteFields;
use crate::formats::plain_quantity;
use crate::ids::QuoteId;
use crate::locale::{Language, Message, text};
use crate::money::{Currency, Micros, Money};
use crate::rates::DatedRates;
use crate::reference::codes::Incoterm;
use crate::units::{Quantity, Unit};

/// A quote to be compared, with what the fields do not say.
#[derive(Clone, Debug)]
pub struct ComparisonInput<'a> {
    /// The quote.
    pub quote: QuoteId,
    /// Who quoted, as the buyer may see it.
    pub supplier: String,
    /// The version compared.
    pub version: u32,
    /// Its fields.
    pub fields: &'a QuoteFields,
    /// The items that it was accepted for.
    pub awarded: &'a [u32],
    /// Whether its freight is stated for further items as well, so that the part of what is compared is not known.
    pub shares_freight: bool,
}

/// Quotes side by side.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct QuotesCompared {
    /// The currency of the converted figures.
    pub currency: Currency,
    /// The quantity all are compared for; its unit is the unit of the converted figures.
    pub wanted: Quantity,
    /// Whose rates were used; absent when none are loaded or none was needed.
    pub rate_source: Option<String>,
    /// The day of the rates.
    pub rate_date: Option<NaiveDate>,
    /// One column a quote, in the order given.
    pub quotes: Vec<Compared>,
}

/// One quote of a comparison.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Compared {
    /// The quote.
    pub quote: QuoteId,
    /// Who quoted.
    pub supplier: String,
    /// The version compared.
    pub version: u32,
    /// The price as quoted, for the quantity wanted (its tier).
    pub unit_price: Money,
    /// The unit of that price.
    pub price_unit: Unit,
    /// The Incoterm and its place, `FOB Ningbo`.
    pub terms: Option<String>,
    /// The price in the comparison's currency and unit.
    pub converted: Figure,
    /// The price with carriage in the comparison's currency and unit.
    pub landed: Figure,
    /// The landed price of what would be bought.
    pub landed_total: Option<Money>,
    /// What would be bought: the quantity wanted, the part of it that is offered, or the MOQ where that is more.
    pub bought: Quantity,
    /// Requirements the supplier does not meet.
    pub unmet: Vec<String>,
    /// How many documents the quote has attached.
    pub attachments: usize,
    /// What the buyer should know beside the figures: an MOQ above the quantity wanted, a smaller quantity, duties in the price.
    pub notes: Vec<String>,
}

/// A figure that may be compared, or the reason why not.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
#[schema(as = ComparedFigure)]
pub struct Figure {
    /// The amount; absent when it cannot be computed.
    pub amount: Option<Money>,
    /// Why it is not compared with the others: `not comparable: no freight stated`.
    pub not_comparable: Option<String>,
    /// Whether no other comparable figure is lower. A figure that stands alone is not marked.
    pub is_lowest: bool,
    /// How far above the lowest it is, in percent rounded to one decimal; absent for the lowest and for what is not compared.
    pub percent_above_lowest: Option<f64>,
}

/// An exact price of one wanted unit in the comparison's currency, or why there is none.
type Price = Result<Decimal, String>;

/// Compares quotes for the quantity `wanted` in `currency`.
pub fn compare(
    quotes: &[ComparisonInput<'_>],
    wanted: Quantity,
    rates: Option<&DatedRates>,
    currency: Currency,
) -> QuotesCompared {
    let comparer = Comparer { wanted, rates, currency };
    let converted: Vec<Price> = quotes.iter().map(|quote| comparer.unit_price(quote.fields)).collect();
    let landed: Vec<Price> = quotes.iter().map(|quote| comparer.landed(quote)).collect();
    let is_ddp = |place: usize| quotes[place].fields.incoterm == Some(Incoterm::Ddp);
    // DDP quotes among themselves compare: the duty is in all of them.
    let any_without_duty = landed.iter().enumerate().any(|(place, price)| price.is_ok() && !is_ddp(place));
    let excluded = |place: usize| {
        (is_ddp(place) && any_without_duty).then(|| text(Language::English, "quotes-incomparable-ddp").to_owned())
    };
    // A part of what is wanted may well cost less a piece, and leaves the buyer to find the rest: it is never the lowest.
    let part = |place: usize| comparer.part(quotes[place].fields).map(|(offered, _)| comparer.part_reason(offered));
    let converted_figures = comparer.figures(&converted, part);
    let landed_figures = comparer.figures(&landed, |place| part(place).or_else(|| excluded(place)));
    let columns = quotes.iter().zip(converted_figures.into_iter().zip(landed_figures)).zip(&landed);
    let used = quotes.iter().any(|quote| comparer.needs_rate(quote.fields));
    // Source and date are named only where a rate was used; otherwise the reader would look for a conversion that is not there.
    let rates = rates.filter(|_| used);
    QuotesCompared {
        currency,
        wanted,
        rate_source: rates.map(|rates| rates.source.clone()),
        rate_date: rates.map(|rates| rates.date),
        quotes: columns
            .filter_map(|((quote, (price, landed)), exact)| comparer.column(quote, price, landed, exact))
            .collect(),
    }
}

/// What all quotes are measured by.
struct Comparer<'a> {
    wanted: Quantity,
    rates: Option<&'a DatedRates>,
    currency: Currency,
}

impl Comparer<'_> {
    fn needs_rate(&self, fields: &QuoteFields) -> bool {
        fields.currency().is_some_and(|currency| currency != self.currency)
            || fields.freight.is_some_and(|freight| freight.currency != self.currency)
    }

    fn price_unit(&self, fields: &QuoteFields) -> Unit {
        fields.price_unit_or(self.wanted.unit)
    }

    /// What the quote offers where that is less than is wanted: as stated, and in the wanted unit.
    fn part(&self, fields: &QuoteFields) -> Option<(Quantity, Quantity)> {
        let stated = fields.quantity?;
        let offered = stated.to_unit(self.wanted.unit)?;
        (offered.value < self.wanted.value).then_some((stated, offered))
    }

    fn part_reason(&self, offered: Quantity) -> String {
        Message::new("quotes-incomparable-part")
            .with("quantity", plain_quantity(&offered))
            .with("wanted", plain_quantity(&self.wanted))
            .text(Language::English)
    }

    /// What would be bought: the quantity wanted, the part of it that is offered, or the MOQ where that is more.
    fn bought(&self, fields: &QuoteFields) -> Quantity {
        let offered = self.part(fields).map_or(self.wanted, |(_, offered)| offered);
        let least = fields.moq.and_then(|moq| moq.to_unit(self.wanted.unit));
        least.filter(|least| least.value > offered.value).unwrap_or(offered)
    }

    /// The price as quoted, at the tier that what would be bought reaches.
    fn quoted(&self, fields: &QuoteFields) -> Option<Money> {
        // Not the best tier: a price for 10 t is no price for the 2 t asked for, nor for the 1 t offered.
        let bought = self.bought(fields).to_unit(self.price_unit(fields));
        bought.map_or(fields.unit_price, |bought| fields.price_for(bought.value))
    }

    fn unit_price(&self, fields: &QuoteFields) -> Price {
        let (unit, wanted) = (self.price_unit(fields), self.wanted.unit);
        let quoted =
            self.quoted(fields).ok_or_else(|| text(Language::English, "quotes-incomparable-by-item").to_owned())?;
        let each = unit.reprice(quoted.amount.to_decimal(), wanted).ok_or_else(|| {
            Message::new("quotes-incomparable-unit")
                .with("unit", unit.label())
                .with("wanted", wanted.label())
                .text(Language::English)
        })?;
        self.convert(each, quoted.currency)
    }

    fn landed(&self, quote: &ComparisonInput<'_>) -> Price {
        let price = self.unit_price(quote.fields)?;
        match quote.fields.incoterm {
            None => Err(text(Language::English, "quotes-incomparable-incoterm").to_owned()),
            Some(term) if term.seller_pays_freight() => Ok(price),
            Some(_) => {
                let landed = price.checked_add(self.freight_per_unit(quote)?);
                landed.ok_or_else(|| text(Language::English, "quotes-incomparable-range").to_owned())
            }
        }
    }

    fn freight_per_unit(&self, quote: &ComparisonInput<'_>) -> Price {
        let fields = quote.fields;
        let missing = match quote.shares_freight {
            true => text(Language::English, "quotes-incomparable-shared-freight"),
            false => text(Language::English, "quotes-incomparable-freight"),
        };
        let freight = fields.freight.ok_or(missing)?;
        // Freight is stated for the quantity quoted, which may be a part of what is wanted: by unit it compares all the same.
        let shipped = fields.quantity.unwrap_or(self.bought(fields));
        let shipped = shipped.to_unit(self.wanted.unit).filter(|shipped| shipped.value.is_positive());
        let shipped = shipped.ok_or_else(|| {
            Message::new("quotes-incomparable-freight-unit")
                .with("unit", self.wanted.unit.label())
                .text(Language::English)
        })?;
        let each = freight.amount.to_decimal().checked_div(shipped.value.to_decimal());
        self.convert(each.ok_or(text(Language::English, "quotes-incomparable-range"))?, freight.currency)
    }

    fn convert(&self, amount: Decimal, from: Currency) -> Price {
        if from == self.currency {
            return Ok(amount);
        }
        let rate = |currency: Currency| {
            let rate = self.rates.and_then(|rates| rates.per_base(currency));
            rate.ok_or_else(|| {
                Message::new("quotes-incomparable-rate").with("currency", currency.to_string()).text(Language::English)
            })
        };
        let (from, to) = (rate(from)?, rate(self.currency)?);
        let converted = amount.checked_mul(to).and_then(|amount| amount.checked_div(from));
        converted.ok_or_else(|| text(Language::English, "quotes-incomparable-range").to_owned())
    }

    fn figures(&self, prices: &[Price], excluded: impl Fn(usize) -> Option<String>) -> Vec<Figure> {
        let compared: Vec<Option<Decimal>> = prices
            .iter()
            .enumerate()
            .map(|(place, price)| price.as_ref().ok().copied().filter(|_| excluded(place).is_none()))
            .collect();
        let lowest = compared.iter().flatten().min().copied();
        // "Lowest" of one is no praise, and buyers read it as one.
        let alone = compared.iter().flatten().count() < 2;
        prices
            .iter()
            .enumerate()
            .map(|(place, price)| Figure {
                amount: price.as_ref().ok().and_then(|price| self.money(*price)),
                not_comparable: price.as_ref().err().cloned().or_else(|| excluded(place)),
                is_lowest: !alone && compared[place].is_some() && compared[place] == lowest,
                percent_above_lowest: compared[place].zip(lowest).and_then(|(price, lowest)| percent(price, lowest)),
            })
            .collect()
    }

    fn money(&self, amount: Decimal) -> Option<Money> {
        Some(Money::new(Micros::from_decimal(amount)?, self.currency))
    }

    fn column(
        &self,
        quote: &ComparisonInput<'_>,
        converted: Figure,
        landed: Figure,
        exact: &Price,
    ) -> Option<Compared> {
        let fields = quote.fields;
        let bought = self.bought(fields);
        let total = exact.as_ref().ok().and_then(|each| each.checked_mul(bought.value.to_decimal()));
        Some(Compared {
            quote: quote.quote,
            supplier: quote.supplier.clone(),
            version: quote.version,
            unit_price: self.quoted(fields)?,
            price_unit: self.price_unit(fields),
            terms: fields.incoterm.map(|term| with_place(term, fields.incoterm_place.as_deref())),
            converted,
            landed,
            landed_total: total.and_then(|total| self.money(total)),
            bought,
            unmet: fields
                .answers
                .iter()
                .filter(|answer| !answer.met)
                .map(|answer| answer.requirement.clone())
                .collect(),
            attachments: fields.attachments.len(),
            notes: self.notes(fields),
        })
    }

    fn notes(&self, fields: &QuoteFields) -> Vec<String> {
        let mut notes = Vec::new();
        let in_wanted = |quantity: Option<Quantity>| quantity.and_then(|quantity| quantity.to_unit(self.wanted.unit));
        if let (Some(moq), Some(least)) = (fields.moq, in_wanted(fields.moq))
            && least.value > self.wanted.value
        {
            notes.push(
                Message::new("quotes-note-moq")
                    .with("moq", moq.to_string())
                    .with("wanted", self.wanted.to_string())
                    .text(Language::English),
            );
        }
        if let (Some(quantity), Some(offered)) = (fields.quantity, in_wanted(fields.quantity))
            && offered.value < self.wanted.value
        {
            notes.push(
                Message::new("quotes-note-part")
                    .with("quantity", quantity.to_string())
                    .with("wanted", self.wanted.to_string())
                    .text(Language::English),
            );
        }
        if fields.incoterm == Some(Incoterm::Ddp) {
            notes.push(text(Language::English, "quotes-note-duties").to_owned());
        }
        if fields.incoterm.is_some_and(|term| term.seller_pays_freight() && !term.seller_pays_insurance()) {
            notes.push(text(Language::English, "quotes-note-insurance").to_owned());
        }
        notes
    }
}

/// The term with its place, or with words where it has none.
pub(super) fn with_place(term: Incoterm, place: Option<&str>) -> String {
    match place.map(str::trim).filter(|place| !place.is_empty()) {
        Some(place) => format!("{term} {place}"),
        None => Message::new("quotes-no-place").with("term", term.to_string()).text(Language::English),
    }
}

fn percent(price: Decimal, lowest: Decimal) -> Option<f64> {
    if price <= lowest {
        return None;
    }
    let above = (price - lowest).checked_mul(Decimal::ONE_HUNDRED)?.checked_div(lowest)?;
    // A percentage is shown, not calculated with: the only place where a price becomes a float.
    above.round_dp(1).to_f64()
}
