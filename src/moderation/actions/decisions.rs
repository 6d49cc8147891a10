//! Decisions of moderators: each is one transaction with its effect, its entry of the history and its e-mails.

use super::targets;
use crate::accounts::actions::{Sender, notify_company};
use crate::actor::{Actor, Moderator};
use crate::app::App;
use crate::companies::actions as companies;
use crate::error::{FieldCode, Problem, Result};
use crate::ids::{CompanyId, EntryId, ReportId};
use crate::locale::{Language, Message, text};
use crate::mail::Stream;
use crate::moderation::store::{self, NewEntry};
use crate::moderation::{Act, Decision, Report, ReportState, ReportTarget, TargetId, notifications, rules};
use crate::store::Tx;
use crate::text::Checker;
use crate::{listings, matching, quotes, rfqs};

/// Characters of a reason.
const MAX_REASON: usize = 2_000;

/// A decision about a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDecision {
    /// What to do.
    pub decision: Decision,
    /// Why. Both sides read it, so it must hold no contact details.
    pub reason: String,
}

/// The reason of a decision, which others read: cleaned, and without contact details.
///
/// # Errors
/// `invalid` naming `/reason`.
pub fn checked_reason(reason: &str) -> Result<String> {
    let mut reason = reason.to_owned();
    let mut checker = Checker::new();
    checker.public_prose("/reason", &mut reason, 1..=MAX_REASON);
    checker.finish()?;
    Ok(reason)
}

/// Decides an open report and with it all open reports of the same target. Its owner and those who reported it are notified.
///
/// # Errors
/// `not_found` for who is no moderator; `conflict` when it is decided already, when the state of the target does not allow it, or when it
/// concerns the moderator's own company; `invalid` without a reason or for a decision that does not fit the target.
pub fn decide(app: &App, actor: &Actor, id: ReportId, decided: &NewDecision) -> Result<()> {
    let moderator = actor.as_moderator()?;
    let reason = checked_reason(&decided.reason)?;
    app.db.write(|tx| {
        let report = store::find(tx.conn(), id)?.ok_or_else(|| Problem::not_found("report"))?;
        // Two moderators may have the case open: the second decision would contradict the first e-mails.
        if report.state != ReportState::Open {
            return Err(Problem::conflict(
                Message::new("moderation-decided")
                    .with("state", report.state.pill().label(Language::English))
                    .text(Language::English),
            ));
        }
        let target = targets::load(tx.conn(), report.about)?;
        ensure_impartial(moderator, target.owner)?;
        if !rules::decisions_for(report.about.kind()).contains(&decided.decision) {
            let message = text(Language::English, "moderation-decision-possible");
            return Err(Problem::invalid_field("/decision", FieldCode::Contradiction, message));
        }
        apply(tx, &target, decided.decision, &reason)?;
        let entry = NewEntry {
            act: rules::act_of(decided.decision),
            about: report.about,
            company: target.owner,
            report: Some(id),
            reason: &reason,
        };
        record_and_notify(tx, moderator, &entry, &target)?;
        close_reports(tx, moderator, &report, &target, decided.decision, &reason)
    })
}

/// Refuses a decision about the moderator's own company.
///
/// # Errors
/// `conflict`.
pub fn ensure_impartial(moderator: Moderator, company: CompanyId) -> Result<()> {
    if moderator.company() == company {
        return Err(Problem::conflict(text(Language::English, "moderation-own-company")));
    }
    Ok(())
}

/// The effect of the decision on the target.
fn apply(tx: &mut Tx, target: &ReportTarget, decision: Decision, reason: &str) -> Result<()> {
    match (decision, target.id) {
        (Decision::Dismiss | Decision::Warn, _) => Ok(()),
        (Decision::Suspend, _) => suspend_company(tx, target.owner, reason),
        (Decision::Takedown, TargetId::Rfq(id)) => rfqs::actions::take_down(tx, id, reason).map(drop),
        (Decision::Takedown, TargetId::Listing(id)) => listings::actions::take_down(tx, id, reason).map(drop),
        (Decision::MarkOffTarget, TargetId::Quote(id)) => quotes::actions::mark_off_target(tx, id),
        // `decisions_for` was asked before; reaching this is a fault of ours and no mistake of the moderator.
        (Decision::Takedown | Decision::MarkOffTarget, _) => {
            Err(Problem::internal(format!("{decision} was accepted for {}", target.id)))
        }
    }
}

/// Suspends the company and notifies those who wait for its decisions.
fn suspend_company(tx: &mut Tx, id: CompanyId, reason: &str) -> Result<()> {
    companies::suspend(tx, id, reason)?;
    rfqs::actions::notify_of_suspension(tx, id)
}

/// Stores an entry about a company as a whole; the caller notifies the company.
pub fn record_about_company(tx: &mut Tx, moderator: Moderator, act: Act, id: CompanyId, reason: &str) -> Result<()> {
    let entry = NewEntry { act, about: TargetId::Company(id), company: id, report: None, reason };
    store::insert_entry(tx, moderator, &entry).map(drop)
}

/// Stores the entry of the history and notifies the owner.
fn record_and_notify(tx: &mut Tx, moderator: Moderator, entry: &NewEntry, target: &ReportTarget) -> Result<EntryId> {
    let id = store::insert_entry(tx, moderator, entry)?;
    if let Some(content) = notifications::to_owner(Language::English, entry.act, target, entry.reason) {
        notify_company(
            tx,
            Sender::Platform,
            target.owner,
            Stream::Transactional,
            &format!("moderation {id}"),
            &content,
        )?;
    }
    Ok(id)
}

fn close_reports(
    tx: &mut Tx,
    moderator: Moderator,
    decided: &Report,
    target: &ReportTarget,
    decision: Decision,
    reason: &str,
) -> Result<()> {
    // One decision for all of them: the next moderator would only find the same target again.
    for mut report in store::list_open_about(tx.conn(), decided.about)? {
        if report.reporter == Some(moderator.company()) {
            return Err(Problem::conflict(text(Language::English, "moderation-own-report")));
        }
        report.state = rules::state_after(decision);
        report.decision = Some(decision);
        report.reason = Some(reason.to_owned());
        report.decided_at = Some(tx.now());
        store::set_decision(tx, &report)?;
        // A report of the platform itself has nobody to notify.
        if let Some(reporter) = report.reporter {
            let content = notifications::to_reporter(Language::English, &report, target, reason);
            let event = format!("report decided {}", report.id);
            notify_company(tx, Sender::Platform, reporter, Stream::Transactional, &event, &content)?;
        }
    }
    Ok(())
}

/// Suspends a company without a report. Its people are notified.
///
/// # Errors
/// `not_found`; `conflict` when it is suspended or the moderator's own; `invalid` without a reason.
pub fn suspend(app: &App, actor: &Actor, id: CompanyId, reason: &str) -> Result<()> {
    act_on_company(app, actor, id, Act::Suspended, reason)
}

/// Lifts a suspension: the company's open RFQs are matched again, and those of others with its listings. Its people are notified.
///
/// # Errors
/// `not_found`; `conflict` when it is not suspended or the moderator's own; `invalid` without a reason.
pub fn lift(app: &App, actor: &Actor, id: CompanyId, reason: &str) -> Result<()> {
    act_on_company(app, actor, id, Act::Lifted, reason)
}

fn act_on_company(app: &App, actor: &Actor, id: CompanyId, act: Act, reason: &str) -> Result<()> {
    let moderator = actor.as_moderator()?;
    let reason = checked_reason(reason)?;
    app.db.write(|tx| {
        let about = TargetId::Company(id);
        let target = targets::load(tx.conn(), about)?;
        ensure_impartial(moderator, id)?;
        if act == Act::Lifted {
            companies::lift_suspension(tx, id)?;
            // Suppliers and RFQs that came during the suspension have seen nothing of this company yet.
            rfqs::actions::match_again(tx, id)?;
            matching::jobs::announce_return(tx, id)?;
        } else {
            suspend_company(tx, id, &reason)?;
        }
        record_and_notify(tx, moderator, &NewEntry { act, about, company: id, report: None, reason: &reason }, &target)
            .map(drop)
    })
}
