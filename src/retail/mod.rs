//! Retail: what a company sells to consumers across a border, and one person to another. No partnership stands behind it: the seller is the own
//! company, the consumer is nobody but a country, and the record is what one side says of itself.
//!
//! A record sums up a parcel or a month of parcels. It is `recorded` and never edited: a correction is a new record that makes the old one
//! `superseded`, and a record that no release of the statistics holds yet may be `withdrawn`. Retail records enter tables of their own and never
//! the figures of general trade.
//!
//! [`fields`] is the JSON and its checks, [`references`] the customs number of a record, [`plausibility`] what is odd about it, [`rules`] who may
//! record what and which table it enters, [`intake`] rows of a CSV file.

use crate::clock::Time;
use crate::customs::Direction;
use crate::customs::rules::PartyForm;
use crate::ids::{CompanyId, RetailRecordId};
use crate::wire_enum;

pub mod actions;
pub mod api;
pub mod batch;
pub mod fields;
pub mod intake;
pub mod pages;
pub mod plausibility;
pub mod queries;
pub mod references;
pub mod rules;
pub mod store;
#[cfg(test)]
mod tests;
pub mod views;

pub use fields::RetailFields;
pub use references::{ReferenceCheck, RetailReference};
pub use rules::{RetailExclusion, RetailFact};

wire_enum! {
    /// The state of a retail record.
    pub enum RetailState {
        /// It is in force.
        Recorded = "recorded",
        /// A correction has taken its place.
        Superseded = "superseded",
        /// Its owner took it back before a release held it.
        Withdrawn = "withdrawn",
    }
}

crate::states!(RetailState, "retail-state", {
    Recorded => Open,
    Superseded => Quiet,
    Withdrawn => Quiet,
});

/// A retail record as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetailRecord {
    /// The id.
    pub id: RetailRecordId,
    /// The company that sold.
    pub seller: CompanyId,
    /// Its state.
    pub state: RetailState,
    /// What was recorded; `supersedes` names the record that this one corrects.
    pub fields: RetailFields,
    /// What the check of its customs number came to.
    pub check: Option<ReferenceCheck>,
    /// Grows with every change of state; the ETag.
    pub version: i64,
    /// When it was recorded.
    pub created_at: Time,
    /// When its state last changed.
    pub updated_at: Time,
}

/// A retail record with what follows from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetailDetail {
    /// The record.
    pub record: RetailRecord,
    /// The correction of it.
    pub corrected_by: Option<RetailRecordId>,
    /// What enters the retail tables, or why nothing does.
    pub counted: Result<RetailFact, RetailExclusion>,
    /// Whether a release of the statistics holds it.
    pub is_released: bool,
}

/// Which of one's own retail records are asked for; what is not named may be anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RetailFilter {
    /// Exports or imports.
    pub direction: Option<Direction>,
    /// B2C or C2C.
    pub party_form: Option<PartyForm>,
    /// The month, `2026-10`.
    pub month: Option<String>,
    /// The seller's own reference.
    pub reference: Option<String>,
    /// Changed at this time or later.
    pub updated_since: Option<Time>,
}
