//! What is answered of partnerships and records, to the API and the pages: the two sides see the same.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::documents::{DocumentKind, RecordDocument, Review};
use super::eligibility::{ExclusionReason, class_of};
use super::ledger::LedgerHead;
use super::plausibility::{PlausibilityRemark, findings};
use super::{
    CustomsReference, EvidenceGrade, LedgerEntry, Overview, Partnership, PartnershipState, Record, RecordFields,
    RecordState, ReferenceFields, Verification, YearTotal,
};
use crate::customs::Evidence;
use crate::customs::regimes::Regime;
use crate::customs::rules::TradeClass;
use crate::documents::MediaType;
use crate::ids::{CompanyId, CustomsReferenceId, DocumentId, PartnershipId, QuoteId, RecordId};
use crate::locale::Language;
use crate::money::Money;
use crate::reference::outcome::Outcome;

/// A record with its customs references.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordDetail {
    /// The record.
    pub record: Record,
    /// Its references, oldest first.
    pub references: Vec<CustomsReference>,
    /// The corrections of it, oldest first.
    pub corrected_by: Vec<RecordId>,
    /// Why it does not count in the statistics; `None` when it does.
    pub exclusion: Option<ExclusionReason>,
    /// Its documents, in the order in which they were attached.
    pub documents: Vec<RecordDocument>,
    /// The newest review of them by a moderator.
    pub review: Option<Review>,
}

/// One side of a partnership.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PartyView {
    /// The company.
    pub id: CompanyId,
    /// Its name.
    pub name: String,
}

/// A partnership.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PartnershipView {
    /// The id.
    pub id: PartnershipId,
    /// The company that sells.
    pub supplier: PartyView,
    /// The company that buys.
    pub buyer: PartyView,
    /// The accepted quote it comes from.
    pub quote: Option<QuoteId>,
    /// The proposer's note.
    pub note: String,
    /// Its state.
    pub state: PartnershipState,
    /// The side that proposed it; only the other one can confirm it.
    pub proposed_by: CompanyId,
    /// When it was proposed.
    pub proposed_at: DateTime<Utc>,
    /// When the other side confirmed it.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// When it was declined or ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// The version in the ETag.
    pub version: i64,
    /// What both sides confirmed, by year, currency and direction; null in lists.
    pub totals: Option<Vec<YearTotal>>,
    /// The state of the ledger; null in lists.
    pub ledger: Option<LedgerSummary>,
}

/// How far a ledger holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LedgerSummary {
    /// How many entries it has.
    pub entries: usize,
    /// The last entry up to which every hash holds.
    pub verified_to: u32,
    /// The first entry that does not hold; null in a whole ledger.
    pub broken_at: Option<u32>,
    /// The trade records that are shown with something else than the ledger says, or are missing; empty where all agree.
    pub differing: Vec<RecordId>,
}

impl LedgerSummary {
    /// The summary of a ledger of so many entries.
    pub fn new(entries: usize, verification: Verification, differing: Vec<RecordId>) -> Self {
        match verification {
            Verification::Verified { upto } => Self { entries, verified_to: upto, broken_at: None, differing },
            Verification::Broken { at } => {
                Self { entries, verified_to: at.saturating_sub(1), broken_at: Some(at), differing }
            }
        }
    }
}

/// A ledger with its hashes: all that `tradepost ledger verify` needs.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct LedgerView {
    /// The partnership, which is part of every hash.
    pub partnership: PartnershipId,
    /// The entries, oldest first.
    pub data: Vec<LedgerEntry>,
    /// The last entry up to which every hash holds.
    pub verified_to: u32,
    /// The first entry that does not hold; null in a whole ledger.
    pub broken_at: Option<u32>,
    /// The trade records that are shown with something else than the ledger says, or are missing; empty where all agree.
    pub differing: Vec<RecordId>,
    /// The newest entry with the platform's signature; null where the chain does not hold.
    pub head: Option<LedgerHead>,
}

impl PartnershipView {
    /// The view; `names` holds the names of both companies.
    pub fn new(partnership: Partnership, names: &HashMap<i64, String>) -> Self {
        let party = |id: CompanyId| PartyView { id, name: names.get(&id.0).cloned().unwrap_or_default() };
        Self {
            id: partnership.id,
            supplier: party(partnership.supplier),
            buyer: party(partnership.buyer),
            quote: partnership.quote,
            note: partnership.note,
            state: partnership.state,
            proposed_by: partnership.proposed_by,
            proposed_at: partnership.proposed_at,
            confirmed_at: partnership.confirmed_at,
            ended_at: partnership.ended_at,
            version: partnership.version,
            totals: None,
            ledger: None,
        }
    }

    /// The view of a partnership with its totals and its ledger.
    pub fn whole(overview: Overview, names: &HashMap<i64, String>) -> Self {
        let ledger = LedgerSummary::new(overview.entries, overview.verification, overview.differing);
        Self { totals: Some(overview.totals), ledger: Some(ledger), ..Self::new(overview.partnership, names) }
    }
}

/// A customs reference with what its check came to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReferenceView {
    /// The id.
    pub id: CustomsReferenceId,
    /// What was typed.
    #[serde(flatten)]
    pub fields: ReferenceFields,
    /// The regime as it counts: the one stated, else that of a plain purchase.
    pub counted_regime: Regime,
    /// The side that added it.
    pub declared_by: CompanyId,
    /// How far it could be checked.
    pub outcome: Outcome,
    /// Why it is suspicious, or what is to be known of it.
    pub reason: Option<String>,
    /// The number in the form that is compared.
    pub canonical: String,
    /// The number as people write it.
    pub display: String,
    /// What it proves at most.
    pub evidence: Evidence,
    /// Whether another reference had the same line of the same declaration first.
    pub is_duplicate: bool,
    /// When it was added.
    pub created_at: DateTime<Utc>,
}

impl ReferenceView {
    /// The view of a reference of a record.
    pub fn new(reference: CustomsReference, record: &RecordFields) -> Self {
        let counted_regime = reference.fields.regime_for(record);
        Self {
            id: reference.id,
            fields: ReferenceFields { item: Some(reference.item), ..reference.fields },
            counted_regime,
            declared_by: reference.declared_by,
            outcome: reference.outcome,
            reason: reference.reason,
            canonical: reference.canonical,
            display: reference.display,
            evidence: reference.evidence,
            is_duplicate: reference.duplicate_of.is_some(),
            created_at: reference.created_at,
        }
    }
}

/// A document of a trade record.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RecordDocumentView {
    /// The document's id; its content is at `/documents/{id}/content`.
    pub id: DocumentId,
    /// What it is.
    pub kind: DocumentKind,
    /// Its file name.
    pub name: String,
    /// What it is by its content.
    pub media_type: MediaType,
    /// How many bytes.
    pub bytes: u64,
    /// The SHA-256 of its bytes, as the ledger keeps it.
    pub sha256: String,
    /// The side that attached it.
    pub attached_by: CompanyId,
    /// When it was attached.
    pub attached_at: DateTime<Utc>,
}

impl From<RecordDocument> for RecordDocumentView {
    fn from(attached: RecordDocument) -> Self {
        let RecordDocument { document, kind, attached_by, attached_at, .. } = attached;
        Self {
            id: document.id,
            kind,
            name: document.name,
            media_type: document.media_type,
            bytes: document.bytes,
            sha256: document.blob.sha256,
            attached_by,
            attached_at,
        }
    }
}

/// The documents of a trade record.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RecordDocuments {
    /// In the order in which they were attached.
    pub data: Vec<RecordDocumentView>,
}

/// A moderator's review of the documents of a record.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReviewView {
    /// What the moderator says of them.
    pub note: String,
    /// When.
    pub reviewed_at: DateTime<Utc>,
}

/// A trade record.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RecordView {
    /// The id.
    pub id: RecordId,
    /// The partnership.
    pub partnership: PartnershipId,
    /// What was declared.
    #[serde(flatten)]
    pub fields: RecordFields,
    /// Its state.
    pub state: RecordState,
    /// How well it is evidenced.
    pub grade: EvidenceGrade,
    /// The side that declared it.
    pub declared_by: CompanyId,
    /// What the other side holds against it.
    pub disputed_reason: Option<String>,
    /// The corrections of it, oldest first.
    pub corrected_by: Vec<RecordId>,
    /// The FOB value, where it can be derived.
    pub fob: Option<Money>,
    /// The CIF value, where it can be derived.
    pub cif: Option<Money>,
    /// The numbers of its customs declarations.
    pub customs_references: Vec<ReferenceView>,
    /// Its documents, in the order in which they were attached.
    pub documents: Vec<RecordDocumentView>,
    /// The newest review of them by a moderator.
    pub review: Option<ReviewView>,
    /// The one class of trade of the statistics that it falls in.
    #[serde(rename = "bucket")]
    pub trade_class: TradeClass,
    /// Whether it counts in the statistics of general trade.
    pub counts_for_statistics: bool,
    /// The first reason why it does not.
    pub not_counted_because: Option<&'static str>,
    /// What is odd about it, the gravest first.
    pub findings: Vec<PlausibilityRemark>,
    /// The version in the ETag.
    pub version: i64,
    /// When it was declared.
    pub created_at: DateTime<Utc>,
    /// When its state last changed.
    pub updated_at: DateTime<Utc>,
}

impl From<RecordDetail> for RecordView {
    fn from(detail: RecordDetail) -> Self {
        let RecordDetail { record, references, corrected_by, exclusion, documents, review } = detail;
        let values = record.customs_value();
        let trade_class = class_of(&record.fields, &references);
        let references = references.into_iter().map(|reference| ReferenceView::new(reference, &record.fields));
        Self {
            id: record.id,
            partnership: record.partnership,
            customs_references: references.collect(),
            documents: documents.into_iter().map(RecordDocumentView::from).collect(),
            review: review.map(|review| ReviewView { note: review.note, reviewed_at: review.reviewed_at }),
            state: record.state,
            grade: record.grade,
            declared_by: record.declared_by,
            disputed_reason: record.disputed_reason,
            corrected_by,
            fob: values.fob,
            cif: values.cif,
            trade_class,
            counts_for_statistics: exclusion.is_none(),
            not_counted_because: exclusion.map(ExclusionReason::sentence),
            findings: findings(&record.fields, Language::English),
            version: record.version,
            created_at: record.created_at,
            updated_at: record.updated_at,
            fields: record.fields,
        }
    }
}
