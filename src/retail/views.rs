//! What is answered of retail records, to the API and the pages of their owner.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::plausibility::{RetailRemark, findings};
use super::rules::{RetailExclusion, statement};
use super::{ReferenceCheck, RetailDetail, RetailFields, RetailState};
use crate::customs::rules::PartyForm;
use crate::customs::rules::TradeClass;
use crate::ids::{CompanyId, RetailRecordId};
use crate::locale::Language;
use crate::partnerships::EvidenceGrade;

/// A retail record.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RetailRecordView {
    /// The id.
    pub id: RetailRecordId,
    /// The company that sold.
    pub seller: CompanyId,
    /// What was recorded.
    #[serde(flatten)]
    pub fields: RetailFields,
    /// Its state.
    pub state: RetailState,
    /// Always `self_declared`: no second side is there to confirm it.
    pub grade: EvidenceGrade,
    /// The month that it belongs to.
    #[schema(example = "2026-10")]
    pub month: String,
    /// The correction of it.
    pub corrected_by: Option<RetailRecordId>,
    /// What the check of its customs number came to; null without a number.
    pub customs_check: Option<ReferenceCheck>,
    /// The one class of trade of the statistics that it falls in: `b2c` or `c2c`.
    #[serde(rename = "bucket")]
    pub trade_class: TradeClass,
    /// Whether it enters the retail tables. It never enters those of general trade.
    pub counts_for_statistics: bool,
    /// The first reason why it enters none.
    pub not_counted_because: Option<&'static str>,
    /// Which table it enters, or why none, in one sentence.
    pub statistics: String,
    /// Whether a release of the statistics holds it; it can then be corrected and not withdrawn.
    pub is_released: bool,
    /// What is odd about it, the gravest first.
    pub findings: Vec<RetailRemark>,
    /// The version in the ETag.
    pub version: i64,
    /// When it was recorded.
    pub created_at: DateTime<Utc>,
    /// When its state last changed.
    pub updated_at: DateTime<Utc>,
}

/// The class of a form of parties that is not between businesses.
pub fn class_of(parties: PartyForm) -> TradeClass {
    if parties == PartyForm::C2c { TradeClass::C2c } else { TradeClass::B2c }
}

impl From<RetailDetail> for RetailRecordView {
    fn from(detail: RetailDetail) -> Self {
        let RetailDetail { record, corrected_by, counted, is_released } = detail;
        Self {
            id: record.id,
            seller: record.seller,
            state: record.state,
            grade: EvidenceGrade::SelfDeclared,
            month: record.fields.month(),
            corrected_by,
            customs_check: record.check,
            trade_class: class_of(record.fields.party_form),
            counts_for_statistics: counted.is_ok(),
            statistics: statement(&record.fields, &counted, is_released),
            not_counted_because: counted.err().map(RetailExclusion::sentence),
            is_released,
            findings: findings(&record.fields, Language::English),
            version: record.version,
            created_at: record.created_at,
            updated_at: record.updated_at,
            fields: record.fields,
        }
    }
}
