//! The letters of moderation: both sides hear of every decision and its reason. Who reported is in none of them.

use super::rules::{act_words, kind_words};
use super::{Act, Decision, Report, Subject};
use crate::accounts::notify::tell_company;
use crate::error::Result;
use crate::ids::{CompanyId, EntryId};
use crate::mail::{Content, Stream};
use crate::quotes::SeatRule;
use crate::store::Tx;

/// To whoever reported it: what came of it.
pub(super) fn to_reporter(tx: &mut Tx, report: &Report, subject: &Subject, reason: &str) -> Result<()> {
    let Some(reporter) = report.reporter else { return Ok(()) };
    let outcome = match report.decision {
        None | Some(Decision::Dismiss) => "A moderator looked at it and found nothing to do.",
        Some(Decision::Warn) => "A moderator warned its owner.",
        Some(Decision::TakeOff) => "A moderator took it off.",
        Some(Decision::MarkOffTarget) => "A moderator marked the quote off target.",
        Some(Decision::Suspend) => "A moderator suspended its owner.",
    };
    let content = Content {
        subject: format!("Your report was decided: {}", short(&subject.title)),
        paragraphs: vec![
            format!("You reported {}. {outcome}", subject.called()),
            format!("The reason given: {reason}"),
        ],
        facts: vec![
            ("Report".to_owned(), report.id.to_string()),
            ("Reported as".to_owned(), kind_words(report.kind).to_owned()),
        ],
        action: Some(("Your reports".to_owned(), "/account/moderation".to_owned())),
        because: "You get this letter because your company made the report.".to_owned(),
    };
    tell_company(tx, reporter, Stream::Transactional, &format!("report decided {}", report.id), &content).map(drop)
}

/// To the owner: what was done, and why.
pub(super) fn to_owner(tx: &mut Tx, entry: EntryId, act: Act, subject: &Subject, reason: &str) -> Result<()> {
    let called = subject.called();
    let sentence = match act {
        Act::Dismissed => format!("Somebody reported {called}. A moderator found nothing to do; nothing changes."),
        Act::Warned => format!("A moderator warns you about {called}. Nothing else changes; a further time may cost more."),
        Act::TookOff => format!("A moderator took off {called}. It cannot come back; you can still read it."),
        Act::MarkedOffTarget => format!(
            "A moderator marked {called} off target, beside what was asked. Each such mark means {} open seats less a week for 90 days.",
            SeatRule::default().cost_of_a_mark
        ),
        Act::Suspended => "A moderator suspended your company. Others see neither it nor its listings and RFQs; its people and API keys may \
             read, but change and send nothing."
            .to_owned(),
        Act::Lifted => "Your company takes part again: it, its listings and its RFQs are found as before.".to_owned(),
        // Told by the letters of verification, which know what was asked.
        Act::Verified | Act::RefusedRequest | Act::AwardedNumber | Act::RefusedClaim => return Ok(()),
    };
    let mut facts = vec![("Decided".to_owned(), act_words(act).to_owned())];
    if !matches!(act, Act::Suspended | Act::Lifted) {
        facts.push(("About".to_owned(), subject.about.to_string()));
    }
    let content = Content {
        subject: format!("{}: {}", act_words(act), short(&subject.title)),
        paragraphs: vec![sentence, format!("The reason given: {reason}")],
        facts,
        action: Some(("What was decided about your company".to_owned(), "/account/moderation".to_owned())),
        because: "You get this letter because it is about your company.".to_owned(),
    };
    tell(tx, subject.owner, &format!("moderation {entry}"), &content)
}

fn tell(tx: &mut Tx, company: CompanyId, event: &str, content: &Content) -> Result<()> {
    tell_company(tx, company, Stream::Transactional, event, content).map(drop)
}

/// What fits into a subject line.
fn short(title: &str) -> String {
    let mut letters = title.chars();
    let start: String = letters.by_ref().take(80).collect();
    if letters.next().is_some() { format!("{start}…") } else { start }
}
