//! Converting at reference rates: exact decimals, the rates of one day and of all days.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;

use crate::money::{Currency, Micros, Money};

/// A rate is valid for so many days: weekends and holidays have none of their own.
// Longer than the ECB ever pauses (Easter, Christmas), and too short for a rate that nobody loads any more to go unnoticed.
const VALID_DAYS: u64 = 7;

/// Reference rates of one day: how much of each currency one `base` is worth.
#[derive(Clone, Debug, PartialEq)]
pub struct DatedRates {
    /// Who published them, like `ECB`.
    pub source: String,
    /// The day they are of.
    pub date: NaiveDate,
    /// The currency they are quoted against.
    pub base: Currency,
    /// Units of the currency for one `base`, above 0.
    pub per_base: HashMap<Currency, Decimal>,
}

impl DatedRates {
    /// Units of the currency for one `base`, if it is quoted.
    pub fn per_base(&self, currency: Currency) -> Option<Decimal> {
        let rate = if currency == self.base { Some(Decimal::ONE) } else { self.per_base.get(&currency).copied() };
        rate.filter(|rate| *rate > Decimal::ZERO)
    }

    /// The amount in another currency; `None` when one of the two is not quoted or the result is out of range.
    pub fn convert(&self, money: Money, to: Currency) -> Option<Money> {
        if money.currency == to {
            return Some(money);
        }
        // Through the base, which is how the source means it; the division last, so that only the result is rounded.
        let (from_rate, to_rate) = (self.per_base(money.currency)?, self.per_base(to)?);
        let amount = money.amount.to_decimal().checked_mul(to_rate)?.checked_div(from_rate)?;
        Some(Money::new(Micros::from_decimal(amount)?, to))
    }

    /// Every currency that is quoted, the base among them, by code.
    pub fn currencies(&self) -> Vec<Currency> {
        let mut all: Vec<Currency> = self.per_base.keys().copied().chain([self.base]).collect();
        all.sort_by_key(|currency| currency.code());
        all.dedup();
        all
    }
}

/// The rates of all days that were imported.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    days: BTreeMap<NaiveDate, Arc<DatedRates>>,
}

impl History {
    /// The rates that are valid on a day: its own, or those of the last day before it that is at most a week ago.
    pub fn on(&self, day: NaiveDate) -> Option<Arc<DatedRates>> {
        let oldest = day.checked_sub_days(Days::new(VALID_DAYS))?;
        self.days.range(oldest..=day).next_back().map(|(_, rates)| Arc::clone(rates))
    }

    /// The newest rates, whatever their day.
    pub fn latest(&self) -> Option<Arc<DatedRates>> {
        self.days.last_key_value().map(|(_, rates)| Arc::clone(rates))
    }

    /// The amount in another currency at the rate that is valid on the day.
    pub fn convert_on(&self, day: NaiveDate, money: Money, to: Currency) -> Option<Money> {
        if money.currency == to { Some(money) } else { self.on(day)?.convert(money, to) }
    }
}

impl FromIterator<DatedRates> for History {
    fn from_iter<I: IntoIterator<Item = DatedRates>>(days: I) -> Self {
        Self { days: days.into_iter().map(|rates| (rates.date, Arc::new(rates))).collect() }
    }
}
