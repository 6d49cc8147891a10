//! Moderation: reports of junk, the queue of the platform's moderators, what they decide, and its history.
//!
//! A company reports an RFQ, a listing, a quote that it received, or another company. A report is `open -> dismissed | upheld`; a moderator
//! decides with a reason, and one decision closes all open reports of the same thing. Invariants:
//!
//! * One company has at most one open report of one thing. Who reported is told to nobody but moderators.
//! * Both sides are told of every decision by mail, with its reason.
//! * Every act of a moderator is a line of the history ([`Entry`]), with who and when; a line is written once and never changed.
//! * A moderator decides nothing about the company they belong to, nor about what it reported.
//! * For everybody else the pages of moderators do not exist (404).
//!
//! A suspended company, its listings and its RFQs are seen by nobody else, are matched with nothing, and may only read. What a decision
//! does to a thing is written where the thing is: `companies`, `listings`, `rfqs` and `quotes` have an action for it.

pub mod actions;
pub mod api;
mod notifications;
pub mod pages;
pub mod rules;
pub mod store;
mod subject;

pub use subject::{About, AboutKind, Subject};

use crate::clock::Time;
use crate::ids::{CompanyId, EntryId, PersonId, ReportId};
use crate::wire_enum;

/// A report as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The id.
    pub id: ReportId,
    /// What is reported.
    pub about: About,
    /// Whose it is.
    pub company: CompanyId,
    /// Who reports; none for what the platform itself noticed.
    pub reporter: Option<CompanyId>,
    /// What is wrong with it.
    pub kind: ReportKind,
    /// The reporter's words, for moderators alone; empty where the kind says enough.
    pub words: String,
    /// Where it stands.
    pub state: ReportState,
    /// What was decided.
    pub decision: Option<Decision>,
    /// Why, as both sides are told.
    pub reason: Option<String>,
    /// Grows with every change; the ETag.
    pub version: i64,
    /// When it was made.
    pub created_at: Time,
    /// When it was decided.
    pub decided_at: Option<Time>,
}

/// A line of the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The id.
    pub id: EntryId,
    /// What was done.
    pub act: Act,
    /// To what.
    pub about: About,
    /// Whose it is.
    pub company: CompanyId,
    /// The report that led to it, if one did.
    pub report: Option<ReportId>,
    /// Who did it.
    pub person: PersonId,
    /// Their name, for moderators.
    pub person_name: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Time,
}

wire_enum! {
    /// What is wrong with what is reported.
    pub enum ReportKind {
        /// It advertises instead of asking or offering.
        Advertising = "advertising",
        /// It fishes for passwords, payments or data.
        Phishing = "phishing",
        /// An RFQ that only wants to know prices.
        PriceFishing = "price_fishing",
        /// It is a fraud or an attempt at one.
        Fraud = "fraud",
        /// It claims what is not so: a certificate, an origin, an identity.
        FalseClaim = "false_claim",
        /// A quote beside what was asked.
        OffTarget = "off_target",
        /// The platform noticed it: the company looked at as many contacts as it may.
        ContactQuota = "contact_quota",
        /// Something else; the words say what.
        Other = "other",
    }
}

wire_enum! {
    /// Where a report stands.
    pub enum ReportState {
        /// It waits for a moderator.
        Open = "open",
        /// There was nothing to do.
        Dismissed = "dismissed",
        /// Something was done.
        Upheld = "upheld",
    }
}

wire_enum! {
    /// What a moderator decides about a report.
    pub enum Decision {
        /// Nothing is wrong.
        Dismiss = "dismiss",
        /// The owner is warned.
        Warn = "warn",
        /// The listing is removed, or the RFQ withdrawn.
        TakeOff = "take_off",
        /// The quote counts as off target, which costs the supplier open seats.
        MarkOffTarget = "mark_off_target",
        /// The owner is suspended.
        Suspend = "suspend",
    }
}

wire_enum! {
    /// What a moderator did.
    pub enum Act {
        /// Dismissed a report.
        Dismissed = "dismissed",
        /// Warned a company.
        Warned = "warned",
        /// Took a listing or an RFQ off.
        TookOff = "took_off",
        /// Marked a quote off target.
        MarkedOffTarget = "marked_off_target",
        /// Suspended a company.
        Suspended = "suspended",
        /// Let a suspended company take part again.
        Lifted = "lifted",
        /// Agreed to a company's request to be verified.
        Verified = "verified",
        /// Refused such a request.
        RefusedRequest = "refused_request",
        /// Gave a claimed number to the claimant.
        AwardedNumber = "awarded_number",
        /// Refused a claim of a number.
        RefusedClaim = "refused_claim",
    }
}

#[cfg(test)]
mod tests;
