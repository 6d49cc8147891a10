//! Exchange rates: the reference rates of those days for which the operator imported them. Nothing is fetched and nothing is
//! estimated: what is converted names the day of its rate, and without a rate of about that day it is not converted.
//!
//! [`ecb`] reads the files that the European Central Bank publishes. The rates are few (some 30 currencies a day), so a process
//! holds them all in memory ([`Loaded`]); searches convert without touching the database. An import notes a change in the change
//! log, and every process that follows the log loads them again.

pub mod ecb;
mod store;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError, RwLock};

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;

use crate::error::{FieldCode, Problem, Result};
use crate::money::{Currency, Micros, Money};
use crate::store::{Db, Entity, Op};

/// A rate stands for so many days: weekends and holidays have none of their own.
const STANDS_DAYS: u64 = 7;

/// How many days go into one transaction of an import.
const DAYS_AT_ONCE: usize = 100;

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
    /// The rates that stand on a day: its own, or those of the last day before it that is at most a week ago.
    pub fn on(&self, day: NaiveDate) -> Option<Arc<DatedRates>> {
        let oldest = day.checked_sub_days(Days::new(STANDS_DAYS))?;
        self.days.range(oldest..=day).next_back().map(|(_, rates)| Arc::clone(rates))
    }

    /// The newest rates, whatever their day.
    pub fn latest(&self) -> Option<Arc<DatedRates>> {
        self.days.last_key_value().map(|(_, rates)| Arc::clone(rates))
    }

    /// The amount in another currency at the rate that stands on the day.
    pub fn convert_on(&self, day: NaiveDate, money: Money, to: Currency) -> Option<Money> {
        if money.currency == to { Some(money) } else { self.on(day)?.convert(money, to) }
    }
}

impl FromIterator<DatedRates> for History {
    fn from_iter<I: IntoIterator<Item = DatedRates>>(days: I) -> Self {
        Self { days: days.into_iter().map(|rates| (rates.date, Arc::new(rates))).collect() }
    }
}

/// The history as this process holds it.
#[derive(Debug, Default)]
pub struct Loaded {
    held: RwLock<Arc<History>>,
}

impl Loaded {
    /// The history. Another value ([`Arc::ptr_eq`]) means that rates were imported since.
    pub fn history(&self) -> Arc<History> {
        Arc::clone(&self.held.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reloads the history.
    pub fn refresh(&self, db: &Db) -> Result<()> {
        let history = Arc::new(db.read(store::load)?);
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = history;
        Ok(())
    }
}

/// What an import brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Imported {
    /// How many days.
    pub days: usize,
    /// How many rates.
    pub rates: usize,
    /// The newest day.
    pub latest: NaiveDate,
}

/// Stores rates; a day that was imported before is replaced.
///
/// # Errors
/// `invalid` at `/file` when there is no rate at all.
pub fn import(db: &Db, days: &[DatedRates]) -> Result<Imported> {
    let latest = days.iter().map(|rates| rates.date).max();
    let latest = latest.ok_or_else(|| Problem::invalid_field("/file", FieldCode::Required, "holds no rates"))?;
    for some in days.chunks(DAYS_AT_ONCE) {
        db.write(|tx| {
            store::replace(tx, some)?;
            tx.note_change(Entity::Rates, 0, Op::Changed);
            Ok(())
        })?;
    }
    Ok(Imported { days: days.len(), rates: days.iter().map(|rates| rates.per_base.len()).sum(), latest })
}
