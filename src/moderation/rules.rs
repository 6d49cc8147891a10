//! What can be reported as what, and what can be decided about it; without I/O.

use super::{AboutKind, Act, Decision, ReportKind, ReportState};

/// The kinds of report that make sense for a thing, as the form offers them.
pub fn kinds_for(about: AboutKind) -> &'static [ReportKind] {
    use ReportKind::{Advertising, FalseClaim, Fraud, OffTarget, Other, Phishing, PriceFishing};
    match about {
        AboutKind::Rfq => &[Advertising, Phishing, PriceFishing, Fraud, FalseClaim, Other],
        AboutKind::Listing => &[Advertising, Phishing, Fraud, FalseClaim, Other],
        AboutKind::Quote => &[OffTarget, Advertising, Phishing, Fraud, FalseClaim, Other],
        AboutKind::Company => &[Advertising, Phishing, PriceFishing, Fraud, FalseClaim, Other],
    }
}

/// What a moderator can decide about a thing that was reported.
pub fn decisions_for(about: AboutKind) -> &'static [Decision] {
    use Decision::{Dismiss, MarkOffTarget, Suspend, TakeOff, Warn};
    match about {
        AboutKind::Rfq | AboutKind::Listing => &[Dismiss, Warn, TakeOff, Suspend],
        AboutKind::Quote => &[Dismiss, MarkOffTarget, Warn, Suspend],
        AboutKind::Company => &[Dismiss, Warn, Suspend],
    }
}

/// Whether a report of the kind needs words: the others say what is wrong by themselves.
pub fn needs_words(kind: ReportKind) -> bool {
    matches!(kind, ReportKind::Other | ReportKind::FalseClaim)
}

/// What a report becomes by a decision.
pub fn state_after(decision: Decision) -> ReportState {
    if decision == Decision::Dismiss { ReportState::Dismissed } else { ReportState::Upheld }
}

/// The line of the history that a decision leaves.
pub fn act_of(decision: Decision) -> Act {
    match decision {
        Decision::Dismiss => Act::Dismissed,
        Decision::Warn => Act::Warned,
        Decision::TakeOff => Act::TookOff,
        Decision::MarkOffTarget => Act::MarkedOffTarget,
        Decision::Suspend => Act::Suspended,
    }
}

/// The kind in words, for the form and letters.
pub fn kind_words(kind: ReportKind) -> &'static str {
    match kind {
        ReportKind::Advertising => "Advertising: it sells something else",
        ReportKind::Phishing => "Phishing: it wants passwords, payments or data",
        ReportKind::PriceFishing => "Price fishing: it only wants to know prices",
        ReportKind::Fraud => "Fraud",
        ReportKind::FalseClaim => "A false claim: certificate, origin, identity",
        ReportKind::OffTarget => "Off target: beside what was asked",
        ReportKind::ContactQuota => "Looked at as many contacts as it may",
        ReportKind::Other => "Something else",
    }
}

/// What a decision does, a sentence for the moderator.
pub fn decision_words(decision: Decision) -> &'static str {
    match decision {
        Decision::Dismiss => "Dismiss: nothing is wrong, nothing changes",
        Decision::Warn => "Warn the owner; nothing else changes",
        Decision::TakeOff => "Take it off for good; the owner reads the reason",
        Decision::MarkOffTarget => "Mark the quote off target; the supplier has fewer open seats for 90 days",
        Decision::Suspend => "Suspend the owner: it vanishes with all it has, and may only read",
    }
}

/// An act in words, for histories and letters.
pub fn act_words(act: Act) -> &'static str {
    match act {
        Act::Dismissed => "Report dismissed",
        Act::Warned => "Warning",
        Act::TookOff => "Taken off",
        Act::MarkedOffTarget => "Marked off target",
        Act::Suspended => "Suspended",
        Act::Lifted => "Suspension lifted",
        Act::Verified => "Verification agreed",
        Act::RefusedRequest => "Verification refused",
        Act::AwardedNumber => "Number awarded",
        Act::RefusedClaim => "Claim of a number refused",
    }
}
