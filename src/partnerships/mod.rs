//! Partnerships: two companies that trade with each other, and the one ledger that both agree on.
//!
//! A partnership is `proposed -> active | declined`, and `ended` by either; only the **other** side can confirm or decline it. Under it
//! stand trade records, each one shipment or one declaration item: `declared -> confirmed | disputed`, and `superseded` by a
//! correction. Nothing is edited: a correction is a new record that points at the old one, and an old record that both had
//! confirmed stays in force until the correction is confirmed too.
//!
//! A record carries documents ([`documents`]), whose SHA-256 the ledger keeps, and customs references. A line of a declaration is kept once; the same line on another record is kept as its duplicate.
//!
//! [`fields`] and [`references`] are the JSON and its checks, [`customs_value`] the FOB and CIF value of a record, [`eligibility`] its class of
//! trade and whether it counts in the statistics, [`states`] and [`rules`] who may do what and what becomes of it, [`ledger`] the append-only history with its chain of hashes.
//! [`actions`] are the use cases on partnerships, [`records`] those on records, [`loading`] the operator's import of past trade.

use chrono::Datelike;
use serde::Serialize;
use utoipa::ToSchema;

use crate::clock::Time;
use crate::customs::Direction;
use crate::customs::rules::PartyForm;
use crate::event_feed::EventData;
use crate::ids::{CompanyId, CustomsReferenceId, PartnershipId, QuoteId, RecordId};
use crate::locale::{Language, Message};
use crate::money::{MoneySum, Sum};
use crate::reference::outcome::Outcome;

pub mod actions;
pub mod api;
pub mod customs_value;
pub mod documents;
pub mod eligibility;
#[cfg(test)]
mod eligibility_tests;
pub mod fields;
#[cfg(test)]
mod flow_tests;
pub mod ledger;
pub mod loading;
mod notifications;
pub mod pages;
pub mod plausibility;
pub mod records;
pub mod references;
pub mod rules;
pub mod states;
pub mod store;
#[cfg(test)]
mod tests;
pub mod views;

pub use customs_value::{CustomsValue, customs_value};
pub use fields::{PartnershipFields, RecordFields};
pub use ledger::{LedgerEntry, LedgerKind, Verification};
pub use references::ReferenceFields;
pub use rules::{PartnershipRefusal, PartnershipStep, RecordStep};
pub use states::{EvidenceGrade, PartnershipState, RecordState, Side};
pub use views::RecordDetail;

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
    /// Its state.
    pub state: PartnershipState,
    /// The proposer's note; empty for none.
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

    /// What an event says of it.
    pub fn event_data(&self) -> EventData {
        EventData { partnership: Some(self.id), state: Some(self.state.to_string()), ..EventData::default() }
    }

    /// Whether it waits for `company` to confirm or decline it.
    pub fn waits_for(&self, company: CompanyId) -> bool {
        self.state == PartnershipState::Proposed && self.proposed_by != company && self.side_of(company).is_some()
    }
}

/// What both sides confirmed in one year, currency and direction; exports and imports are never added up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct YearTotal {
    /// The year of release or declaration, else of the invoice.
    pub year: i32,
    /// Exports or imports.
    pub direction: Direction,
    /// How many records.
    pub records: u32,
    /// The invoice values under their Incoterms.
    pub value: MoneySum,
    /// Net weight in kilograms.
    pub net_kg: Sum,
}

/// A quote that was accepted, as far as a proposal needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcceptedQuote {
    /// The quote.
    pub quote: QuoteId,
    /// Who gave it.
    pub supplier: CompanyId,
    /// Who accepted it.
    pub buyer: CompanyId,
    /// The title of the RFQ.
    pub rfq_title: String,
}

/// A trade record as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The id.
    pub id: RecordId,
    /// Its partnership.
    pub partnership: PartnershipId,
    /// The company that sells.
    pub supplier: CompanyId,
    /// The company that buys.
    pub buyer: CompanyId,
    /// The side that declared it.
    pub declared_by: CompanyId,
    /// Its state.
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

    /// What an event says of it.
    pub fn event_data(&self) -> EventData {
        EventData {
            record: Some(self.id),
            partnership: Some(self.partnership),
            supersedes: self.fields.supersedes,
            state: Some(self.state.to_string()),
            ..EventData::default()
        }
    }

    /// Whether it waits for `company` to confirm or dispute it.
    pub fn waits_for(&self, company: CompanyId) -> bool {
        let has_counterparty = self.fields.party_form == PartyForm::B2b;
        has_counterparty
            && self.state == RecordState::Declared
            && self.declared_by != company
            && self.side_of(company).is_some()
    }

    /// Whether there is anything for a moderator to review: both sides confirmed it, and it has documents.
    pub fn may_be_reviewed(&self) -> bool {
        self.state == RecordState::Confirmed && self.grade >= EvidenceGrade::DocumentAttached
    }

    /// Its FOB and CIF value, where they can be derived.
    pub fn customs_value(&self) -> CustomsValue {
        customs_value(self.fields.value, self.fields.incoterm, self.fields.freight, self.fields.insurance)
    }

    /// `Export: China to Netherlands`, `Import: China to Germany`.
    pub fn direction_line(&self) -> String {
        let (reporter, partner) = (self.fields.reporter_country.name(), self.fields.partner_country.name());
        match self.fields.direction {
            Direction::Export => Message::new("partnerships-line-export")
                .with("reporter", reporter)
                .with("partner", partner)
                .text(Language::English),
            Direction::Import => Message::new("partnerships-line-import")
                .with("partner", partner)
                .with("reporter", reporter)
                .text(Language::English),
        }
    }

    /// The year of the partnership's totals that it belongs to: that of release or declaration, else of the invoice.
    pub fn total_year(&self) -> i32 {
        self.fields.customs_date().unwrap_or(self.fields.invoice_date).year()
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

/// A partnership with what its records and its ledger come to.
#[derive(Clone, Debug)]
pub struct Overview {
    /// The partnership.
    pub partnership: Partnership,
    /// What both sides confirmed, by year, currency and direction.
    pub totals: Vec<YearTotal>,
    /// How many records wait for the other side to confirm or dispute them.
    pub declared: usize,
    /// How many are disputed.
    pub disputed: usize,
    /// The newest entries of the ledger, the newest first, at most 40.
    pub newest: Vec<LedgerEntry>,
    /// How many entries it has.
    pub entries: usize,
    /// Whether its chain holds, all entries checked.
    pub verification: Verification,
    /// The records whose rows do not say what the ledger says.
    pub differing: Vec<RecordId>,
}

/// What waits for the company.
#[derive(Clone, Debug, Default)]
pub struct Waiting {
    /// Proposals to confirm or decline.
    pub partnerships: Vec<Partnership>,
    /// Records to confirm or dispute.
    pub records: Vec<Record>,
}

/// A record whose documents no moderator has reviewed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingReview {
    /// The record.
    pub record: Record,
    /// The company that sells.
    pub supplier_name: String,
    /// The company that buys.
    pub buyer_name: String,
}
