//! The import of rates.

use chrono::NaiveDate;

use super::{DatedRates, store};
use crate::error::{FieldCode, Problem, Result};
use crate::store::{Db, Entity, Op};

/// How many days go into one transaction of an import.
// The ECB's whole history has six thousand days of forty currencies: in one transaction nobody else could write meanwhile.
const DAYS_AT_ONCE: usize = 100;

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
