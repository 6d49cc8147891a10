//! Which kinds of reports and which decisions a target allows, and their texts; without I/O.

use super::{Act, Decision, ReportKind, ReportState, TargetKind};
use crate::wire_enum;

wire_enum! {
    /// What a moderator does to a company as a whole.
    pub enum CompanyStep {
        /// Hides it, with all that is its.
        Suspend = "suspend",
        /// Shows it again.
        Lift = "lift",
    }
}

/// The kinds of reports that are possible for a target, in the order of the form.
pub fn kinds_for(about: TargetKind) -> &'static [ReportKind] {
    use ReportKind::{Advertising, FalseClaim, Fraud, OffTarget, Other, Phishing, PriceFishing};
    match about {
        TargetKind::Rfq => &[Advertising, Phishing, PriceFishing, Fraud, FalseClaim, Other],
        TargetKind::Listing => &[Advertising, Phishing, Fraud, FalseClaim, Other],
        TargetKind::Quote => &[OffTarget, Advertising, Phishing, Fraud, FalseClaim, Other],
        TargetKind::Company => &[Advertising, Phishing, PriceFishing, Fraud, FalseClaim, Other],
        TargetKind::Message => &[Advertising, Phishing, Fraud, FalseClaim, Other],
    }
}

/// The decisions that are possible for a target.
pub fn decisions_for(about: TargetKind) -> &'static [Decision] {
    use Decision::{Dismiss, MarkOffTarget, Suspend, Takedown, Warn};
    match about {
        TargetKind::Rfq | TargetKind::Listing => &[Dismiss, Warn, Takedown, Suspend],
        TargetKind::Quote => &[Dismiss, MarkOffTarget, Warn, Suspend],
        TargetKind::Company | TargetKind::Message => &[Dismiss, Warn, Suspend],
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
