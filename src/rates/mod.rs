//! Exchange rates: the reference rates of those days for which the operator imported them. Nothing is fetched and nothing is
//! estimated: what is converted names the day of its rate, and without a rate of about that day it is not converted.
//!
//! [`ecb`] reads the files that the European Central Bank publishes. The rates are few (some 30 currencies a day), so a process
//! holds them all in memory ([`Loaded`]); searches convert without touching the database. An import records a change in the change
//! log, and every process that follows the log loads them again.

pub mod actions;
pub mod ecb;
pub mod rules;
pub mod store;
#[cfg(test)]
mod tests;

use std::sync::{Arc, PoisonError, RwLock};

pub use rules::{DatedRates, History};

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

    /// Takes another history in place of the one held.
    pub fn replace(&self, history: History) {
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(history);
    }
}
