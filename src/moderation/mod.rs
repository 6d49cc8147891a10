//! Moderation: reports, the moderators' queue, their decisions, and the history of these.
//!
//! A company reports an RFQ, a listing, a quote or a message that it received, or another company: the [`ReportTarget`]. A report is
//! `open -> dismissed | upheld`; a moderator decides with a reason, and one decision closes all open reports of the same target. Invariants:
//!
//! * One company has at most one open report of one target. Only moderators learn who reported.
//! * Both sides are notified of every decision by e-mail, with its reason.
//! * Every decision is an [`Entry`] of the history, with who and when; an entry is never changed.
//! * A moderator decides nothing about their own company, nor about what it reported.
//! * For everybody else the moderators' pages do not exist (404).
//!
//! A suspended company, its listings and its RFQs are hidden from all others and matched with nothing, and it may only read. The effect of a
//! decision belongs to the feature of its target: `companies`, `listings`, `rfqs` and `quotes` have an action for it.

pub mod actions;
pub mod api;
pub mod jobs;
mod notifications;
pub mod pages;
pub mod rules;
pub mod store;
mod report_target;

pub use report_target::{NotReportable, ReportTarget, TargetId, TargetKind, TargetState};

use crate::clock::Time;
use crate::ids::{CompanyId, EntryId, ReportId, UserId};
use crate::{labelled, wire_enum};

/// A report as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The id.
    pub id: ReportId,
    /// The target.
    pub about: TargetId,
    /// The company that the target belongs to.
    pub company: CompanyId,
    /// The company that reports; `None` for a report of the platform itself.
    pub reporter: Option<CompanyId>,
    /// What is wrong with the target.
    pub kind: ReportKind,
    /// The reporter's message, for moderators only; may be empty ([`rules::needs_words`]).
    pub words: String,
    /// Open until a moderator decides.
    pub state: ReportState,
    /// `None` while it is open.
    pub decision: Option<Decision>,
    /// The reason that both sides read; `None` while it is open.
    pub reason: Option<String>,
    /// Grows by one with every change; the ETag.
    pub version: i64,
    /// When it was made.
    pub created_at: Time,
    /// `None` while it is open.
    pub decided_at: Option<Time>,
}

/// An entry of the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The id.
    pub id: EntryId,
    /// What the moderator did.
    pub act: Act,
    /// The target.
    pub about: TargetId,
    /// The company that the target belongs to.
    pub company: CompanyId,
    /// The report that was decided; `None` where there was none.
    pub report: Option<ReportId>,
    /// The moderator.
    pub person: UserId,
    /// The moderator's name, for other moderators only.
    pub person_name: String,
    /// The reason that both sides read.
    pub reason: String,
    /// When it was decided.
    pub at: Time,
}

wire_enum! {
    /// What is wrong with a target.
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
        /// A quote for something that the RFQ does not ask for.
        OffTarget = "off_target",
        /// Reported by the platform: the company has used up its contact reveals.
        ContactQuota = "contact_quota",
        /// Reported by the platform: a name of the company looks like that of another one.
        LookAlike = "look_alike",
        /// Something else, which the message names.
        Other = "other",
    }
}

wire_enum! {
    /// The states of a report.
    pub enum ReportState {
        /// Not decided yet.
        Open = "open",
        /// Decided: nothing is wrong.
        Dismissed = "dismissed",
        /// Decided: the target or its owner was acted on.
        Upheld = "upheld",
    }
}

crate::states!(ReportState, "report-state", {
    Open => Open,
    Dismissed => Quiet,
    Upheld => Quiet,
});

wire_enum! {
    /// What a moderator decides about a report.
    pub enum Decision {
        /// Nothing is wrong.
        Dismiss = "dismiss",
        /// The owner is warned.
        Warn = "warn",
        /// The listing is removed, or the RFQ is withdrawn.
        Takedown = "take_off",
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
        /// Removed a listing or withdrew an RFQ.
        TakenDown = "took_off",
        /// Marked a quote off target.
        MarkedOffTarget = "marked_off_target",
        /// Suspended a company.
        Suspended = "suspended",
        /// Lifted the suspension of a company.
        Lifted = "lifted",
        /// Accepted a company's verification request.
        Verified = "verified",
        /// Refused a verification request.
        RefusedRequest = "refused_request",
        /// Gave a disputed identifier to the claimant.
        AwardedIdentifier = "awarded_number",
        /// Refused the claim to a disputed identifier.
        RefusedClaim = "refused_claim",
    }
}

labelled!(ReportKind, "moderation-kind");
labelled!(Decision, "moderation-decision");
labelled!(Act, "moderation-act");

/// Which reports the queue shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReportFilter {
    /// Only those in this state.
    pub state: Option<ReportState>,
    /// Only those of this kind.
    pub kind: Option<ReportKind>,
    /// Only those whose target belongs to this company.
    pub company: Option<CompanyId>,
}

#[cfg(test)]
mod tests;
