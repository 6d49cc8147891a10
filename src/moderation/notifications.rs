//! E-mails of moderation: both sides are notified of every decision and its reason. None of them names who reported.

use super::{Act, Decision, Report, ReportTarget};
use crate::locale::{Language, Message, text};
use crate::mail::NotificationText;
use crate::quotes::quota::OFF_TARGET_COST;

/// The decision, to the company that reported.
pub(super) fn to_reporter(
    language: Language,
    report: &Report,
    target: &ReportTarget,
    reason: &str,
) -> NotificationText {
    let fixed = |key: &'static str| text(language, key).to_owned();
    let outcome = match report.decision {
        None | Some(Decision::Dismiss) => "moderation-mail-outcome-dismissed",
        Some(Decision::Warn) => "moderation-mail-outcome-warned",
        Some(Decision::Takedown) => "moderation-mail-outcome-removed",
        Some(Decision::MarkOffTarget) => "moderation-mail-outcome-irrelevant",
        Some(Decision::Suspend) => "moderation-mail-outcome-suspended",
    };
    let reported = Message::new("moderation-mail-reported").with("target", target.label()).text(language);
    NotificationText {
        subject: Message::new("moderation-mail-report-decided").with("title", short(&target.title)).text(language),
        paragraphs: vec![format!("{reported} {}", text(language, outcome)), because(language, reason)],
        facts: vec![
            (fixed("moderation-mail-report"), report.id.to_string()),
            (fixed("moderation-mail-reported-as"), report.kind.label(language).to_owned()),
        ],
        action: Some((fixed("moderation-mail-your-reports"), "/account/moderation".to_owned())),
        because: fixed("moderation-mail-because-report"),
    }
}

/// The decision, to the owner of the target; `None` for acts that verification notifies of.
pub(super) fn to_owner(language: Language, act: Act, target: &ReportTarget, reason: &str) -> Option<NotificationText> {
    let fixed = |key: &'static str| text(language, key).to_owned();
    let about = |key: &'static str| Message::new(key).with("target", target.label());
    let sentence = match act {
        Act::Dismissed => about("moderation-mail-dismissed").text(language),
        Act::Warned => about("moderation-mail-warned").text(language),
        Act::TakenDown => about("moderation-mail-removed").text(language),
        Act::MarkedOffTarget => {
            about("moderation-mail-irrelevant").with("cost", OFF_TARGET_COST.to_string()).text(language)
        }
        Act::Suspended => fixed("moderation-mail-suspended"),
        Act::Lifted => fixed("moderation-mail-lifted"),
        Act::Verified | Act::RefusedRequest | Act::AwardedIdentifier | Act::RefusedClaim => return None,
    };
    let mut facts = vec![(fixed("moderation-mail-decision"), act.label(language).to_owned())];
    if !matches!(act, Act::Suspended | Act::Lifted) {
        facts.push((fixed("moderation-mail-about"), target.id.to_string()));
    }
    Some(NotificationText {
        subject: format!("{}: {}", act.label(language), short(&target.title)),
        paragraphs: vec![sentence, because(language, reason)],
        facts,
        action: Some((fixed("moderation-own-decisions"), "/account/moderation".to_owned())),
        because: fixed("moderation-mail-because"),
    })
}

fn because(language: Language, reason: &str) -> String {
    Message::new("moderation-because").with("reason", reason).text(language)
}

/// At most 80 characters of a title, which fit into a subject line.
fn short(title: &str) -> String {
    let mut rest = title.chars();
    let start: String = rest.by_ref().take(80).collect();
    if rest.next().is_some() { format!("{start}…") } else { start }
}
