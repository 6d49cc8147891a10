//! RFQs and their questions as somebody sees them, and what the API answers about them: to their owner, and to everyone else.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::rules::visibility::Viewer;
use super::{ClosedReason, Invitation, InvitationState, Question, Rfq, RfqCounts, RfqFields, RfqState};
use crate::classification::HsSuggestion;
use crate::companies::{Company, Verification};
use crate::ids::{CompanyId, QuestionId, RfqId};
use crate::reference::codes::Country;
use crate::units::Quantity;

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
    /// How far the invitation of the viewer's company got, where it has one.
    pub invitation: Option<InvitationState>,
}

/// An invitation as the buyer sees it.
#[derive(Clone, Debug)]
pub struct InvitationWithSupplier {
    /// The invitation.
    pub invitation: Invitation,
    /// Who is invited.
    pub supplier: Company,
}

/// An invitation as the supplier sees it.
#[derive(Clone, Debug)]
pub struct InvitationWithRfq {
    /// The invitation.
    pub invitation: Invitation,
    /// The RFQ.
    pub rfq: Rfq,
    /// Who asks, where the RFQ shows it.
    pub buyer: Option<Company>,
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
    /// How far the invitation of one's own company got; null where it has none.
    pub invitation: Option<InvitationState>,
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
        let RfqDetail { rfq, buyer, counts, invitation, .. } = seen;
        Self {
            id: rfq.id,
            fields: rfq.fields,
            buyer: buyer.map(BuyerView::from),
            invitation,
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
    /// How many suppliers are invited.
    pub invitations: usize,
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
            invitations: seen.counts.invited,
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

/// A supplier that is invited, in a few words.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct InvitedSupplier {
    /// The id.
    pub id: CompanyId,
    /// The name.
    pub name: String,
    /// Where it is registered.
    pub country: Country,
    /// How far its claims were checked.
    pub verification: Verification,
}

/// An invitation to quote, as the buyer sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct InvitationToQuoteView {
    /// Who is invited.
    pub company: InvitedSupplier,
    /// How far it got; `pending` is not sent yet.
    pub state: InvitationState,
    /// Since when it has this state.
    pub since: DateTime<Utc>,
    /// When the supplier was invited.
    pub invited_at: DateTime<Utc>,
    /// Grows with every change; the number in the ETag, for `If-Match`.
    pub version: i64,
}

impl From<InvitationWithSupplier> for InvitationToQuoteView {
    fn from(item: InvitationWithSupplier) -> Self {
        let InvitationWithSupplier { invitation, supplier } = item;
        Self {
            company: InvitedSupplier {
                id: supplier.id,
                name: supplier.fields.name,
                country: supplier.fields.country,
                verification: supplier.verification,
            },
            state: invitation.state,
            since: invitation.updated_at,
            invited_at: invitation.created_at,
            version: invitation.version,
        }
    }
}

/// An invitation to quote, as the supplier sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReceivedInvitationView {
    /// The RFQ.
    pub rfq: RfqId,
    /// What is wanted.
    pub title: String,
    /// How much is wanted.
    pub quantity: Option<Quantity>,
    /// Where the goods go.
    pub destination_country: Option<Country>,
    /// Who asks; null where the buyer does not show it.
    pub buyer: Option<BuyerView>,
    /// Where the RFQ stands.
    pub rfq_state: RfqState,
    /// When it stops taking quotes, if the seats last so long.
    pub closes_at: Option<DateTime<Utc>>,
    /// How far the invitation got.
    pub state: InvitationState,
    /// Since when it has this state.
    pub since: DateTime<Utc>,
    /// When one's own company was invited.
    pub invited_at: DateTime<Utc>,
    /// Grows with every change.
    pub version: i64,
}

impl From<InvitationWithRfq> for ReceivedInvitationView {
    fn from(item: InvitationWithRfq) -> Self {
        let InvitationWithRfq { invitation, rfq, buyer } = item;
        Self {
            rfq: rfq.id,
            title: rfq.fields.title,
            quantity: rfq.fields.quantity,
            destination_country: rfq.fields.destination_country,
            buyer: buyer.map(BuyerView::from),
            rfq_state: rfq.state,
            closes_at: rfq.deadline,
            state: invitation.state,
            since: invitation.updated_at,
            invited_at: invitation.created_at,
            version: invitation.version,
        }
    }
}
