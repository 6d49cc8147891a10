//! Exchange rates: the reference rates of those days for which the operator imported them. Nothing is fetched and nothing is
//! estimated: what is converted names the day of its rate, and without a rate of about that day it is not converted.
//!
//! [`ecb`] reads the files that the European Central Bank publishes. The rates are few (some 30 currencies a day), so a process
//! holds them all in memory ([`Loaded`]); searches convert without touching the database. An import notes a change in the change
//! log, and every process that follows the log loads them again.

pub mod ecb;
pub mod rules;
mod store;
#[cfg(test)]
mod tests;

use std::sync::{Arc, PoisonError, RwLock};

use chrono::NaiveDate;

pub use rules::{DatedRates, History};

use crate::error::{FieldCode, Problem, Result};
use crate::store::{Db, Entity, Op};

/// How many days go into one transaction of an import.
const DAYS_AT_ONCE: usize = 100;

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
            tx.record_change(Entity::Rates, 0, Op::Changed);
            Ok(())
        })?;
    }
    Ok(Imported { days: days.len(), rates: days.iter().map(|rates| rates.per_base.len()).sum(), latest })
}
