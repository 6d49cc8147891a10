//! Quotes: what a supplier answers to a request, in versions that never change.
//!
//! States: `submitted -> shortlisted -> accepted | declined`, or `withdrawn`, or `expired`. The supplier revises and withdraws,
//! the buyer shortlists, declines and accepts, the clock expires. A new version replaces the one before and leaves the state
//! as it was (an expired quote is submitted again); the history stays. A buyer accepts a version, not a quote: one that was revised in the meantime is
//! refused. Accepting declines the others, unless the award is split.
//!
//! A request for several items is quoted and decided item by item: a quote prices all of them or some, the buyer accepts some of what it prices,
//! and each item is awarded once. The request is awarded with its last item, or when the buyer ends it.
//!
//! Seats: a request takes a limited number of quotes. Half the seats are kept for the best-matched suppliers at first; none is
//! for sale.
//!
//! [`fields`] is the quote as JSON and its checks, [`rules`] the transitions, [`quota`] who may still quote, [`comparison`] the
//! side-by-side view, which says "not comparable" instead of guessing a rate or a freight.

use crate::clock::Time;
use crate::event_feed::EventData;
use crate::ids::{CompanyId, QuoteId, RfqId};
use crate::{labelled, wire_enum};

pub mod actions;
pub mod api;
pub mod comparison;
pub mod eligibility;
pub mod fields;
pub mod jobs;
mod notifications;
pub mod pages;
pub mod queries;
pub mod quota;
pub mod rules;
pub mod store;
#[cfg(test)]
mod tests;

pub use comparison::{Basket, Compared, Comparison, ItemComparison, QuotesCompared, compare};
pub use fields::{Answer, PriceTier, QuoteFields, QuoteItem};
pub use quota::{Allocation, QuotaRule, QuotaUsage, SeatKind, allocate};
pub use rules::{Party, QuoteRefusal, QuoteStep};

wire_enum! {
    /// The states of a quote.
    pub enum QuoteState {
        /// The buyer has it.
        Submitted = "submitted",
        /// The buyer considers it; contact details are open to both.
        Shortlisted = "shortlisted",
        /// The buyer accepted it.
        Accepted = "accepted",
        /// The buyer declined it, or the RFQ ended without it.
        Declined = "declined",
        /// The supplier withdrew it.
        Withdrawn = "withdrawn",
        /// It was valid until a day that has passed.
        Expired = "expired",
    }
}

crate::states!(QuoteState, "quote-state", {
    Submitted => Open,
    Shortlisted => Open,
    Accepted => Agreed,
    Declined => Refused,
    Withdrawn => Quiet,
    Expired => Quiet,
});

labelled!(QuoteState, "quote-state");

impl QuoteState {
    /// The states in which a quote waits for a decision, as the database writes them: [`QuoteState::is_live`] for queries.
    pub const LIVE_TEXTS: [&'static str; 2] = [Self::Submitted.as_str(), Self::Shortlisted.as_str()];

    /// Whether the buyer may still act on it.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Submitted | Self::Shortlisted)
    }

    /// Whether it takes one of the request's seats: everything but what the supplier withdrew.
    pub fn counts_towards_quota(self) -> bool {
        self != Self::Withdrawn
    }
}

/// A quote: who quoted on which request, where it stands, and its current version.
#[derive(Clone, Debug, PartialEq)]
pub struct Quote {
    /// The id.
    pub id: QuoteId,
    /// The request.
    pub rfq: RfqId,
    /// Who quotes.
    pub supplier: CompanyId,
    /// Who asked.
    pub buyer: CompanyId,
    /// Its state.
    pub state: QuoteState,
    /// The seat it holds.
    pub seat: SeatKind,
    /// The number of the current version, from 1.
    pub revision: u32,
    /// The current version.
    pub fields: QuoteFields,
    /// Why the buyer declined it, if they said so.
    pub decline_reason: Option<String>,
    /// Whether it was marked as beside what was asked: by the buyer's refusal, or by a moderator after the buyer's report.
    pub off_target: bool,
    /// When it was marked so.
    pub off_target_at: Option<Time>,
    /// The version of the row, for `ETag`.
    pub version: i64,
    /// When it was submitted.
    pub created_at: Time,
    /// When it last changed.
    pub updated_at: Time,
    /// When it was accepted, declined, withdrawn or expired.
    pub decided_at: Option<Time>,
    /// The numbers of the items that it was accepted for, ascending; empty on a request without items.
    pub awarded_items: Vec<u32>,
}

impl Quote {
    /// Both sides.
    pub fn parties(&self) -> [CompanyId; 2] {
        [self.supplier, self.buyer]
    }

    /// What an event says of it: nothing by which the sides know each other.
    pub fn event_data(&self) -> EventData {
        EventData {
            quote: Some(self.id),
            rfq: Some(self.rfq),
            revision: Some(self.revision),
            state: Some(self.state.to_string()),
            ..EventData::default()
        }
    }
}

/// One version of a quote; it never changes.
#[derive(Clone, Debug, PartialEq)]
pub struct QuoteVersion {
    /// From 1.
    pub number: u32,
    /// What it says.
    pub fields: QuoteFields,
    /// When it was submitted.
    pub created_at: Time,
}
