//! The dashboard of a signed-in company: what it has to do, and the latest open RFQs. It owns no table and decides nothing; each task leads
//! to the page of the feature where it is done.

pub mod actions;
pub mod pages;
pub mod store;
#[cfg(test)]
mod tests;

use crate::clock::Time;
use crate::ids::{PartnershipId, RecordId, RfqId};

/// Most tasks of one kind that are read; with that many the page says "100 or more".
pub const MOST_TASKS: i64 = 100;

/// An RFQ to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingRfq {
    /// The RFQ.
    pub id: RfqId,
    /// Its title.
    pub title: String,
    /// How many undecided quotes it has; 0 where it is not about quotes.
    pub quotes: usize,
    /// Its deadline.
    pub deadline: Option<Time>,
}

/// Everything that a company has to do, at most [`MOST_TASKS`] of each kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tasks {
    /// Its undecided RFQs with quotes that it has neither shortlisted nor decided on.
    pub rfqs_with_new_quotes: Vec<PendingRfq>,
    /// Open RFQs that it was matched with and has not opened.
    pub unseen_matches: Vec<PendingRfq>,
    /// Open RFQs that it is invited to quote on and has not opened.
    pub unseen_invitations: Vec<PendingRfq>,
    /// Partnerships that the other side proposed, with that side's name.
    pub partnerships_to_confirm: Vec<(PartnershipId, String)>,
    /// Shipments that the other side declared, with that side's name.
    pub records_to_confirm: Vec<(RecordId, String)>,
    /// Its own shipments that the other side disputes, with that side's name.
    pub records_to_correct: Vec<(RecordId, String)>,
    /// RFQs that it has not published.
    pub drafts: Vec<PendingRfq>,
}
