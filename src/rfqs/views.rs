//! RFQs and their questions as somebody sees them, and what the API answers about them: to their owner, and to everyone else.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::rules::visibility::Viewer;
use super::{ClosedReason, Question, Rfq, RfqCounts, RfqFields, RfqState};
use crate::classification::HsSuggestion;
use crate::companies::{Company, Verification};
use crate::ids::{CompanyId, QuestionId, RfqId};
use crate::reference::codes::Country;

/// An RFQ as somebody sees it.
#[derive(Clone, Debug)]
pub struct RfqDetail {
    /// The RFQ.
    pub rfq: Rfq,
    /// What they are to it.
    pub viewer: Viewer,
    /// Who asks, where the viewer may know.
    pub buyer: Option<Company>,
    /// The numbers of its quotes, matches and questions.
    pub counts: RfqCounts,
}

/// A question as somebody sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisibleQuestion {
    /// The question; its `company` is for no one but the asker.
    pub question: Question,
    /// Whether the viewer's own company asked it.
    pub own: bool,
}

/// Who asks.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BuyerView {
    /// The id.
    pub id: CompanyId,
    /// The name.
    pub name: String,
    /// Where it is registered.
    pub country: Country,
    /// How far its claims were checked.
    pub verification: Verification,
}

impl From<Company> for BuyerView {
    fn from(company: Company) -> Self {
        let Company { id, verification, fields, .. } = company;
        Self { id, name: fields.name, country: fields.country, verification }
    }
}

/// An RFQ as everyone may see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PublicRfqView {
    /// The id.
    pub id: RfqId,
    /// What it says; once it was published, `closing` is the rule in force.
    #[serde(flatten)]
    pub fields: RfqFields,
    /// Who asks; null where the buyer does not show it.
    pub buyer: Option<BuyerView>,
    /// Where it stands.
    pub state: RfqState,
    /// Why it takes no more quotes, once it was closed.
    pub closed_reason: Option<ClosedReason>,
    /// How complete it is, 0 to 100.
    #[schema(minimum = 0, maximum = 100)]
    pub completeness: u8,
    /// How many seats are taken.
    pub quotes: usize,
    /// How many quotes it takes.
    pub seats: u8,
    /// How many questions were asked.
    pub questions: usize,
    /// Grows with every change; the number in the ETag.
    pub version: i64,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was published.
    pub published_at: Option<DateTime<Utc>>,
    /// When it stops taking quotes, if the seats last so long.
    pub closes_at: Option<DateTime<Utc>>,
}

impl From<RfqDetail> for PublicRfqView {
    fn from(seen: RfqDetail) -> Self {
        let RfqDetail { rfq, buyer, counts, .. } = seen;
        Self {
            id: rfq.id,
            fields: rfq.fields,
            buyer: buyer.map(BuyerView::from),
            state: rfq.state,
            closed_reason: rfq.closed_reason,
            completeness: rfq.completeness,
            quotes: counts.quotes,
            seats: rfq.max_quotes,
            questions: counts.questions,
            version: rfq.version,
            updated_at: rfq.updated_at,
            published_at: rfq.published_at,
            closes_at: rfq.deadline,
        }
    }
}

/// An RFQ as its owner sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OwnRfqView {
    /// What others may see too.
    #[serde(flatten)]
    pub public: PublicRfqView,
    /// The name under which an operator's file knows it.
    #[serde(rename = "ref")]
    pub reference: Option<String>,
    /// The company that asks.
    pub company: CompanyId,
    /// Whether more than one quote is to be accepted.
    pub split_award: bool,
    /// How many suppliers were matched.
    pub matches: usize,
    /// How many questions have no answer.
    pub unanswered_questions: usize,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When it was last matched with suppliers.
    pub matched_at: Option<DateTime<Utc>>,
    /// Why a moderator took it off; null when one's own company withdrew it.
    pub withdrawn_reason: Option<String>,
}

impl From<RfqDetail> for OwnRfqView {
    fn from(seen: RfqDetail) -> Self {
        Self {
            reference: seen.rfq.reference.clone(),
            company: seen.rfq.company,
            split_award: seen.rfq.split_award,
            matches: seen.counts.matches,
            unanswered_questions: seen.counts.unanswered,
            created_at: seen.rfq.created_at,
            matched_at: seen.rfq.matched_at,
            withdrawn_reason: seen.rfq.withdrawn_reason.clone(),
            public: PublicRfqView::from(seen),
        }
    }
}

/// An RFQ that was just written.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CreatedRfqView {
    /// The RFQ.
    #[serde(flatten)]
    pub own: OwnRfqView,
    /// Codes that the title suggests, the likeliest first; empty where the RFQ says its code.
    pub suggested_hs: Vec<HsSuggestion>,
}

/// A question under an RFQ; who asked is shown to nobody else.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QuestionView {
    /// The id.
    pub id: QuestionId,
    /// The RFQ.
    pub rfq: RfqId,
    /// What is asked.
    pub question: String,
    /// The buyer's answer, once there is one.
    pub answer: Option<String>,
    /// Whether one's own company asked it.
    pub own: bool,
    /// When it was asked.
    pub asked_at: DateTime<Utc>,
    /// When it was answered.
    pub answered_at: Option<DateTime<Utc>>,
}

impl QuestionView {
    /// 1 until it is answered, then 2: a question and its answer are each written once.
    pub fn version(&self) -> i64 {
        1 + i64::from(self.answered_at.is_some())
    }
}

impl From<VisibleQuestion> for QuestionView {
    fn from(asked: VisibleQuestion) -> Self {
        let VisibleQuestion { question, own } = asked;
        Self {
            id: question.id,
            rfq: question.rfq,
            question: question.question,
            answer: question.answer,
            own,
            asked_at: question.asked_at,
            answered_at: question.answered_at,
        }
    }
}
