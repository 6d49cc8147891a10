//! Partnerships: two companies that trade with each other, and the one ledger that both agree on.
//!
//! A partnership is `proposed -> active | declined`, and `ended` by either; only the **other** side can confirm or decline it. Under it
//! stand trade records, each one shipment or one declaration item: `declared -> confirmed | disputed`, and `superseded` by a
//! correction. Nothing is edited: a correction is a new record that points at the old one, and an old record that both had
//! confirmed stays in force until the correction is confirmed too.
//!
//! [`fields`] is the JSON and its checks, [`valuation`] the FOB and CIF value of a record, [`rules`] who may do what, [`ledger`]
//! the append-only history with its chain of hashes.

use crate::wire_enum;

pub mod axes;
pub mod fields;
pub mod ledger;
pub mod rules;
#[cfg(test)]
mod tests;
pub mod valuation;

pub use fields::{PartnershipFields, RecordFields};
pub use ledger::{LedgerEntry, LedgerKind, Verification};
pub use rules::{PartnershipRefusal, PartnershipStep, RecordStep, Side};
pub use valuation::{StatisticalValue, statistical_value};

wire_enum! {
    /// Where a partnership stands.
    pub enum PartnershipState {
        /// One side says so.
        Proposed = "proposed",
        /// Both say so.
        Active = "active",
        /// The other side said no.
        Declined = "declined",
        /// Over; its records stay.
        Ended = "ended",
    }
}

wire_enum! {
    /// Where a trade record stands.
    pub enum RecordState {
        /// One side says so.
        Declared = "declared",
        /// Both say so.
        Confirmed = "confirmed",
        /// The other side disagrees.
        Disputed = "disputed",
        /// A correction has taken its place.
        Superseded = "superseded",
    }
}

wire_enum! {
    /// How well a record is evidenced, from least to most.
    pub enum EvidenceGrade {
        /// One side says so.
        SelfDeclared = "self_declared",
        /// Both sides say so.
        CounterpartyConfirmed = "counterparty_confirmed",
        /// Both say so and a document is attached by its SHA-256.
        DocumentAttached = "document_attached",
        /// And an operator looked at the document.
        OperatorReviewed = "operator_reviewed",
    }
}
