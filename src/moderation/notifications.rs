//! E-mails of moderation: both sides are notified of every decision and its reason. None of them names who reported.

use super::rules::{act_label, kind_label};
use super::{Act, Decision, Report, ReportTarget};
use crate::mail::NotificationText;
use crate::quotes::quota::OFF_TARGET_COST;

/// The decision, to the company that reported.
pub(super) fn to_reporter(report: &Report, target: &ReportTarget, reason: &str) -> NotificationText {
    let outcome = match report.decision {
        None | Some(Decision::Dismiss) => "A moderator checked it and found nothing wrong.",
        Some(Decision::Warn) => "A moderator warned its owner.",
        Some(Decision::Takedown) => "A moderator removed it.",
        Some(Decision::MarkOffTarget) => "A moderator marked the quote as irrelevant.",
        Some(Decision::Suspend) => "A moderator suspended its owner.",
    };
    NotificationText {
        subject: format!("Decision on your report: {}", short(&target.title)),
        paragraphs: vec![format!("You reported {}. {outcome}", target.label()), format!("Reason: {reason}")],
        facts: vec![
            ("Report".to_owned(), report.id.to_string()),
            ("Reported as".to_owned(), kind_label(report.kind).to_owned()),
        ],
        action: Some(("Your reports".to_owned(), "/account/moderation".to_owned())),
        because: "This is a service message about a report of your company.".to_owned(),
    }
}

/// The decision, to the owner of the target; `None` for acts that verification notifies of.
pub(super) fn to_owner(act: Act, target: &ReportTarget, reason: &str) -> Option<NotificationText> {
    let label = target.label();
    let sentence = match act {
        Act::Dismissed => format!("Somebody reported {label}. A moderator found nothing wrong; nothing changes."),
        Act::Warned => format!("A moderator warns you about {label}. Nothing else changes, but the next time may have consequences."),
        Act::TakenDown => format!("A moderator removed {label}. It cannot be published again; you can still read it."),
        Act::MarkedOffTarget => format!(
            "A moderator marked {label} as irrelevant: it is not what the RFQ asks for. Each such mark means {} fewer open quotes a week for 90 days.",
            OFF_TARGET_COST
        ),
        Act::Suspended => "A moderator suspended your company. Other companies can't see it, its listings or its RFQs; its people and API keys can \
             read, but not change or send anything."
            .to_owned(),
        Act::Lifted => "The suspension of your company is lifted: it, its listings and its RFQs can be found as before.".to_owned(),
        Act::Verified | Act::RefusedRequest | Act::AwardedIdentifier | Act::RefusedClaim => return None,
    };
    let mut facts = vec![("Decision".to_owned(), act_label(act).to_owned())];
    if !matches!(act, Act::Suspended | Act::Lifted) {
        facts.push(("About".to_owned(), target.id.to_string()));
    }
    Some(NotificationText {
        subject: format!("{}: {}", act_label(act), short(&target.title)),
        paragraphs: vec![sentence, format!("Reason: {reason}")],
        facts,
        action: Some(("Decisions about your company".to_owned(), "/account/moderation".to_owned())),
        because: "This is a service message about your company.".to_owned(),
    })
}

/// At most 80 characters of a title, which fit into a subject line.
fn short(title: &str) -> String {
    let mut rest = title.chars();
    let start: String = rest.by_ref().take(80).collect();
    if rest.next().is_some() { format!("{start}…") } else { start }
}
