//! RFQs: what a buyer wants to be quoted for.
//!
//! States: `draft -> open -> closed (deadline | seats | buyer) -> awarded | not_awarded`, and `withdrawn` at any time before the award. Accepting a
//! quote awards an open RFQ as well as a closed one. Invariants: a published RFQ has a title, a quantity and a destination country (one that
//! the operator loaded may have gaps); an open one always has a deadline and a number of seats; a deadline only ever moves later.
//!
//! A split award leaves the RFQ open (or closed, but undecided) until the buyer closes it; then it is awarded.
//!
//! An RFQ may ask for several items at once, each with a quantity, a code, a specification and a target of its own. Suppliers price all or some
//! of them, and the buyer accepts quotes item by item; it is awarded when the last item is, or when the buyer closes it.
//!
//! Questions stand under the RFQ for everyone who sees it; who asked is shown to nobody but the asker.
//!
//! An RFQ is public, or only for the suppliers that its buyer invites ([`Visibility`]); those of a public one can be invited too. An invitation
//! goes `pending -> invited -> seen -> quoted | declined`: it is pending while the RFQ is a draft, and who declined may still quote.

pub mod actions;
pub mod api;
mod completeness;
pub mod events;
mod fields;
pub mod notifications;
pub mod pages;
pub mod queries;
pub mod rules;
pub mod store;
pub mod views;

pub use completeness::{Completeness, ItemCompleteness, Missing, completeness};
pub use fields::{ClosingFields, DEFAULT_SEATS, MAX_ITEMS, MAX_SEATS, READ_ONLY, RfqFields, RfqItem};

use crate::clock::Time;
use crate::event_feed::EventData;
use crate::ids::{CompanyId, QuestionId, RfqId, RfqInvitationId};
use crate::{labelled, wire_enum};

/// An RFQ as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rfq {
    /// The id.
    pub id: RfqId,
    /// The buyer.
    pub company: CompanyId,
    /// The name under which an operator's file knows it, unique within the company.
    pub reference: Option<String>,
    /// Its state.
    pub state: RfqState,
    /// Why it takes no more quotes, once it was closed.
    pub closed_reason: Option<ClosedReason>,
    /// Whether the buyer takes more than one quote.
    pub split_award: bool,
    /// What it says. From its publication on, `closing` is the rule in force.
    pub fields: RfqFields,
    /// How complete it is, 0 to 100.
    pub completeness: u8,
    /// How many quotes it takes, 1 to 30.
    pub max_quotes: u8,
    /// Grows with every change; the ETag.
    pub version: i64,
    /// When it was written.
    pub created_at: Time,
    /// When it was last changed.
    pub updated_at: Time,
    /// When it was published.
    pub published_at: Option<Time>,
    /// When it stops taking quotes; set from its publication on.
    pub deadline: Option<Time>,
    /// When it was last matched with suppliers.
    pub matched_at: Option<Time>,
    /// Why a moderator withdrew it; none when the buyer did.
    pub withdrawn_reason: Option<String>,
}

impl Rfq {
    /// The RFQ as if it said only this.
    #[must_use]
    pub fn saying(&self, fields: RfqFields) -> Self {
        Self { fields, reference: self.reference.clone(), withdrawn_reason: None, ..*self }
    }

    /// What an event says of it.
    pub fn event_data(&self) -> EventData {
        EventData { rfq: Some(self.id), state: Some(self.state.to_string()), ..EventData::default() }
    }
}

/// A question under an RFQ, and the buyer's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The id.
    pub id: QuestionId,
    /// The RFQ.
    pub rfq: RfqId,
    /// Who asks; never shown to others.
    pub company: CompanyId,
    /// What is asked.
    pub question: String,
    /// The answer, once there is one.
    pub answer: Option<String>,
    /// When it was asked.
    pub asked_at: Time,
    /// When it was answered.
    pub answered_at: Option<Time>,
}

/// How many quotes, matches and questions an RFQ has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RfqCounts {
    /// Seats taken: quotes that were not withdrawn.
    pub quotes: usize,
    /// Quotes that wait for a decision.
    pub undecided: usize,
    /// Quotes that were accepted.
    pub accepted: usize,
    /// Matched suppliers.
    pub matches: usize,
    /// Questions.
    pub questions: usize,
    /// Questions without an answer.
    pub unanswered: usize,
    /// Suppliers that the buyer invited.
    pub invited: usize,
}

/// An invitation of one supplier to quote on one RFQ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// The id.
    pub id: RfqInvitationId,
    /// The RFQ.
    pub rfq: RfqId,
    /// Who is invited.
    pub supplier: CompanyId,
    /// How far it got.
    pub state: InvitationState,
    /// Grows with every change; the ETag.
    pub version: i64,
    /// When the buyer invited the supplier.
    pub created_at: Time,
    /// Since when it has its state.
    pub updated_at: Time,
}

wire_enum! {
    /// Who may see an RFQ from its publication on.
    pub enum Visibility {
        /// Everyone.
        Public = "public",
        /// The suppliers that its buyer invites.
        Invited = "invited",
    }
}

labelled!(Visibility, "rfqs-visibility");

#[expect(clippy::derivable_impls, reason = "the macro writes the enum, so it cannot carry #[default]")]
impl Default for Visibility {
    fn default() -> Self {
        Self::Public
    }
}

wire_enum! {
    /// How far an invitation to quote got.
    pub enum InvitationState {
        /// Not sent: the RFQ is a draft, or was one when the supplier stopped taking part.
        Pending = "pending",
        /// Sent.
        Invited = "invited",
        /// The supplier opened the RFQ.
        Seen = "seen",
        /// The supplier quoted.
        Quoted = "quoted",
        /// The supplier does not want to quote.
        Declined = "declined",
    }
}

crate::states!(InvitationState, "rfq-invitation", {
    Pending => Quiet,
    Invited => Open,
    Seen => Open,
    Quoted => Open,
    Declined => Quiet,
});

wire_enum! {
    /// The states of an RFQ.
    pub enum RfqState {
        /// Written but not posted.
        Draft = "draft",
        /// Suppliers may quote.
        Open = "open",
        /// No more quotes; the buyer decides.
        Closed = "closed",
        /// A quote was accepted.
        Awarded = "awarded",
        /// It ended without an accepted quote.
        NotAwarded = "not_awarded",
        /// The buyer withdrew it, or a moderator removed it.
        Withdrawn = "withdrawn",
    }
}

crate::states!(RfqState, "rfq-state", {
    Draft => Quiet,
    Open => Open,
    Closed => Quiet,
    Awarded => Agreed,
    NotAwarded => Refused,
    Withdrawn => Quiet,
});

wire_enum! {
    /// Why an RFQ takes no more quotes.
    pub enum ClosedReason {
        /// The deadline passed.
        Deadline = "deadline",
        /// It has as many quotes as it takes.
        Seats = "seats",
        /// The buyer closed it.
        Buyer = "buyer",
    }
}

wire_enum! {
    /// How often the goods are wanted.
    pub enum Frequency {
        /// A single delivery.
        Once = "once",
        /// Every month.
        Monthly = "monthly",
        /// Every year.
        Yearly = "yearly",
    }
}

labelled!(RfqState, "rfq-state");
labelled!(Frequency, "rfqs-frequency");

#[expect(clippy::derivable_impls, reason = "the macro writes the enum, so it cannot carry #[default]")]
impl Default for Frequency {
    fn default() -> Self {
        Self::Once
    }
}

#[cfg(test)]
mod tests;
