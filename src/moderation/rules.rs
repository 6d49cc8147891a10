//! Which kinds of reports and which decisions a target allows, and their texts; without I/O.

use super::{Act, Decision, ReportKind, ReportState, TargetKind};

/// The kinds of reports that are possible for a target, in the order of the form.
pub fn kinds_for(about: TargetKind) -> &'static [ReportKind] {
    use ReportKind::{Advertising, FalseClaim, Fraud, OffTarget, Other, Phishing, PriceFishing};
    match about {
        TargetKind::Rfq => &[Advertising, Phishing, PriceFishing, Fraud, FalseClaim, Other],
        TargetKind::Listing => &[Advertising, Phishing, Fraud, FalseClaim, Other],
        TargetKind::Quote => &[OffTarget, Advertising, Phishing, Fraud, FalseClaim, Other],
        TargetKind::Company => &[Advertising, Phishing, PriceFishing, Fraud, FalseClaim, Other],
    }
}

/// The decisions that are possible for a target.
pub fn decisions_for(about: TargetKind) -> &'static [Decision] {
    use Decision::{Dismiss, MarkOffTarget, Suspend, Takedown, Warn};
    match about {
        TargetKind::Rfq | TargetKind::Listing => &[Dismiss, Warn, Takedown, Suspend],
        TargetKind::Quote => &[Dismiss, MarkOffTarget, Warn, Suspend],
        TargetKind::Company => &[Dismiss, Warn, Suspend],
    }
}

/// Whether a report of the kind needs a message: the other kinds say what is wrong by themselves.
pub fn needs_words(kind: ReportKind) -> bool {
    // A false claim is one of many on a page: without a message a moderator would have to guess which.
    matches!(kind, ReportKind::Other | ReportKind::FalseClaim)
}

/// The state of a report after a decision.
pub fn state_after(decision: Decision) -> ReportState {
    if decision == Decision::Dismiss { ReportState::Dismissed } else { ReportState::Upheld }
}

/// The act that the history records for a decision.
pub fn act_of(decision: Decision) -> Act {
    match decision {
        Decision::Dismiss => Act::Dismissed,
        Decision::Warn => Act::Warned,
        Decision::Takedown => Act::TakenDown,
        Decision::MarkOffTarget => Act::MarkedOffTarget,
        Decision::Suspend => Act::Suspended,
    }
}

/// The text of a kind in the form and in e-mails.
pub fn kind_label(kind: ReportKind) -> &'static str {
    match kind {
        ReportKind::Advertising => "Advertising: it sells something else",
        ReportKind::Phishing => "Phishing: it asks for passwords, payments or data",
        ReportKind::PriceFishing => "Price fishing: it only wants to learn prices",
        ReportKind::Fraud => "Fraud",
        ReportKind::FalseClaim => "A false claim: certificate, origin, identity",
        ReportKind::OffTarget => "Off target: not what the RFQ asks for",
        ReportKind::ContactQuota => "Used up its contact reveals",
        ReportKind::Other => "Something else",
    }
}

/// The text of a decision in the form.
pub fn decision_label(decision: Decision) -> &'static str {
    match decision {
        Decision::Dismiss => "Dismiss: nothing is wrong, nothing changes",
        Decision::Warn => "Warn the owner; nothing else changes",
        Decision::Takedown => "Remove it for good; the owner gets the reason",
        Decision::MarkOffTarget => "Mark the quote as irrelevant; the supplier can send fewer open quotes for 90 days",
        Decision::Suspend => "Suspend the owner: it is hidden with everything it has, and can only read",
    }
}

/// The text of an act in the history and in e-mails.
pub fn act_label(act: Act) -> &'static str {
    match act {
        Act::Dismissed => "Report dismissed",
        Act::Warned => "Warning",
        Act::TakenDown => "Removed",
        Act::MarkedOffTarget => "Marked as irrelevant",
        Act::Suspended => "Suspended",
        Act::Lifted => "Suspension lifted",
        Act::Verified => "Verification accepted",
        Act::RefusedRequest => "Verification refused",
        Act::AwardedIdentifier => "Identifier awarded",
        Act::RefusedClaim => "Claim to an identifier refused",
    }
}
