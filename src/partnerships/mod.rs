//! Partnerships: two companies that trade with each other, and the one ledger that both agree on.
//!
//! A partnership is `proposed -> active | declined`, and `ended` by either; only the **other** side can confirm or decline it. Under it
//! stand trade records, each one shipment or one declaration item: `declared -> confirmed | disputed`, and `superseded` by a
//! correction. Nothing is edited: a correction is a new record that points at the old one, and an old record that both had
//! confirmed stays in force until the correction is confirmed too.
//!
//! A record carries documents ([`documents`]), whose SHA-256 the ledger keeps, and customs references. A line of a declaration is kept once; the same line on another record is kept as its duplicate.
//!
//! [`fields`] and [`references`] are the JSON and its checks, [`valuation`] the FOB and CIF value of a record, [`standing`] its group and
//! whether it counts, [`rules`] who may do what, [`ledger`] the append-only history with its chain of hashes. [`actions`] are the use
//! cases on partnerships, [`recording`] those on records, [`loading`] the operator's way in for trade of the past.

use crate::clock::Time;
use crate::ids::{CompanyId, CustomsReferenceId, PartnershipId, QuoteId, RecordId};
use crate::reference::outcome::Outcome;
use crate::wire_enum;

pub mod actions;
pub mod api;
pub mod axes;
pub mod documents;
pub mod fields;
#[cfg(test)]
mod flow_tests;
pub mod ledger;
pub mod loading;
mod notifications;
pub mod pages;
pub mod recording;
pub mod references;
pub mod rules;
pub mod standing;
pub mod store;
#[cfg(test)]
mod tests;
pub mod valuation;
pub mod views;

pub use fields::{PartnershipFields, RecordFields};
pub use ledger::{LedgerEntry, LedgerKind, Verification};
pub use references::ReferenceFields;
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
        /// And a moderator looked at the documents.
        OperatorReviewed = "operator_reviewed",
    }
}

/// A partnership as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partnership {
    /// The id.
    pub id: PartnershipId,
    /// The company that sells.
    pub supplier: CompanyId,
    /// The company that buys.
    pub buyer: CompanyId,
    /// The side that proposed it.
    pub proposed_by: CompanyId,
    /// The accepted quote it comes from.
    pub quote: Option<QuoteId>,
    /// Where it stands.
    pub state: PartnershipState,
    /// The proposer's words; empty for none.
    pub note: String,
    /// Grows with every change of the partnership itself; the ETag.
    pub version: i64,
    /// When it was proposed.
    pub proposed_at: Time,
    /// When the other side confirmed it.
    pub confirmed_at: Option<Time>,
    /// When it was declined or ended.
    pub ended_at: Option<Time>,
}

impl Partnership {
    /// The side that `company` is on; `None` for a third company.
    pub fn side_of(&self, company: CompanyId) -> Option<Side> {
        if company == self.supplier { Some(Side::Supplier) } else { (company == self.buyer).then_some(Side::Buyer) }
    }

    /// The company on that side.
    pub fn company_on(&self, side: Side) -> CompanyId {
        match side {
            Side::Supplier => self.supplier,
            Side::Buyer => self.buyer,
        }
    }

    /// The company on the other side of `company`.
    pub fn other_than(&self, company: CompanyId) -> CompanyId {
        if company == self.supplier { self.buyer } else { self.supplier }
    }

    /// Whether it waits for `company` to confirm or decline it.
    pub fn waits_for(&self, company: CompanyId) -> bool {
        self.state == PartnershipState::Proposed && self.proposed_by != company && self.side_of(company).is_some()
    }
}

/// A trade record as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The id.
    pub id: RecordId,
    /// The partnership it stands under.
    pub partnership: PartnershipId,
    /// The company that sells.
    pub supplier: CompanyId,
    /// The company that buys.
    pub buyer: CompanyId,
    /// The side whose word it is.
    pub declared_by: CompanyId,
    /// Where it stands.
    pub state: RecordState,
    /// How well it is evidenced.
    pub grade: EvidenceGrade,
    /// What the other side holds against it.
    pub disputed_reason: Option<String>,
    /// What was declared; `supersedes` names the record that this one corrects.
    pub fields: RecordFields,
    /// Grows with every change of state; the ETag.
    pub version: i64,
    /// When it was declared.
    pub created_at: Time,
    /// When its state last changed.
    pub updated_at: Time,
}

impl Record {
    /// The side that `company` is on; `None` for a third company.
    pub fn side_of(&self, company: CompanyId) -> Option<Side> {
        if company == self.supplier { Some(Side::Supplier) } else { (company == self.buyer).then_some(Side::Buyer) }
    }

    /// The company on the other side of `company`.
    pub fn other_than(&self, company: CompanyId) -> CompanyId {
        if company == self.supplier { self.buyer } else { self.supplier }
    }

    /// Whether it waits for `company` to confirm or dispute it.
    pub fn waits_for(&self, company: CompanyId) -> bool {
        let has_counterparty = self.fields.party_form == axes::PartyForm::B2b;
        has_counterparty
            && self.state == RecordState::Declared
            && self.declared_by != company
            && self.side_of(company).is_some()
    }

    /// Its FOB and CIF value, where they can be derived.
    pub fn statistical_value(&self) -> StatisticalValue {
        statistical_value(self.fields.value, self.fields.incoterm, self.fields.freight, self.fields.insurance)
    }
}

/// A customs reference as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomsReference {
    /// The id.
    pub id: CustomsReferenceId,
    /// The record that carries it.
    pub record: RecordId,
    /// The side that added it.
    pub declared_by: CompanyId,
    /// What was typed.
    pub fields: ReferenceFields,
    /// The number in the form that is compared.
    pub canonical: String,
    /// The number as people write it.
    pub display: String,
    /// The item of the declaration, from 1.
    pub item: u16,
    /// What it proves at most.
    pub evidence: crate::customs::Evidence,
    /// How far it could be checked.
    pub outcome: Outcome,
    /// Why it is suspicious, or what is to be known of it.
    pub reason: Option<String>,
    /// The reference that had the same line of the same declaration first.
    pub duplicate_of: Option<CustomsReferenceId>,
    /// When it was added.
    pub created_at: Time,
}
