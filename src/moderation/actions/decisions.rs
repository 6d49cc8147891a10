//! What moderators decide: each decision is one transaction with its effect, its line of the history and its letters.

use crate::actor::{Actor, Moderator};
use crate::app::App;
use crate::companies::actions as companies;
use crate::error::{FieldCode, Problem, Result};
use crate::ids::{CompanyId, EntryId, ReportId};
use crate::moderation::store::{self, NewEntry};
use crate::moderation::{About, Act, Decision, Report, ReportState, Subject, notifications, rules, subject};
use crate::store::Tx;
use crate::text::Checker;
use crate::{listings, matching, quotes, rfqs};

/// A reason has at most so many characters.
const MOST_REASON: usize = 2_000;

/// A decision about a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruling {
    /// What is done.
    pub decision: Decision,
    /// Why; both sides are told, so it holds no contact details.
    pub reason: String,
}

/// The reason of a decision, which others read: cleaned, and without contact details.
///
/// # Errors
/// `invalid` naming `/reason`.
pub fn checked_reason(reason: &str) -> Result<String> {
    let mut reason = reason.to_owned();
    let mut checker = Checker::new();
    checker.public_prose("/reason", &mut reason, 1..=MOST_REASON);
    checker.finish()?;
    Ok(reason)
}

/// Decides an open report and with it all open reports of the same thing. Its owner and those who reported it are told.
///
/// # Errors
/// `not_found` for who is no moderator; `conflict` when it is decided, when the thing does not stand where this can be done, or when it
/// touches the moderator's own company; `invalid` without a reason or for a decision that does not fit the thing.
pub fn decide(app: &App, actor: &Actor, id: ReportId, ruling: &Ruling) -> Result<()> {
    let moderator = actor.moderates()?;
    let reason = checked_reason(&ruling.reason)?;
    app.db.write(|tx| {
        let report = store::find(tx.conn(), id)?.ok_or_else(|| Problem::not_found("report"))?;
        if report.state != ReportState::Open {
            return Err(Problem::conflict(format!("The report is {}; it was decided already.", report.state)));
        }
        let subject = subject::load(tx.conn(), report.about)?;
        ensure_impartial(moderator, subject.owner)?;
        if !rules::decisions_for(report.about.kind()).contains(&ruling.decision) {
            let message = "must be a decision that fits the thing";
            return Err(Problem::invalid_field("/decision", FieldCode::Contradiction, message));
        }
        carry_out(tx, &subject, ruling.decision, &reason)?;
        let entry = NewEntry {
            act: rules::act_of(ruling.decision),
            about: report.about,
            company: subject.owner,
            report: Some(id),
            reason: &reason,
        };
        note(tx, moderator, &entry, &subject)?;
        close_all(tx, moderator, &report, &subject, ruling.decision, &reason)
    })
}

/// Refuses a decision about the moderator's own company.
///
/// # Errors
/// `conflict`.
pub fn ensure_impartial(moderator: Moderator, company: CompanyId) -> Result<()> {
    if moderator.company() == company {
        return Err(Problem::conflict("This touches your own company; another moderator has to decide."));
    }
    Ok(())
}

/// What the decision does to the thing itself.
fn carry_out(tx: &mut Tx, subject: &Subject, decision: Decision, reason: &str) -> Result<()> {
    match (decision, subject.about) {
        (Decision::Dismiss | Decision::Warn, _) => Ok(()),
        (Decision::Suspend, _) => companies::suspend(tx, subject.owner, reason),
        (Decision::TakeOff, About::Rfq(id)) => rfqs::actions::take_off(tx, id, reason).map(drop),
        (Decision::TakeOff, About::Listing(id)) => listings::actions::take_off(tx, id, reason).map(drop),
        (Decision::MarkOffTarget, About::Quote(id)) => quotes::actions::mark_off_target(tx, id),
        (Decision::TakeOff | Decision::MarkOffTarget, _) => {
            Err(Problem::internal(format!("{decision} was let through for {}", subject.about)))
        }
    }
}

/// Writes a line about a company as a whole into the history; whoever decides tells the company.
pub fn note_about_company(tx: &mut Tx, moderator: Moderator, act: Act, id: CompanyId, reason: &str) -> Result<()> {
    let entry = NewEntry { act, about: About::Company(id), company: id, report: None, reason };
    store::insert_entry(tx, moderator, &entry).map(drop)
}

/// Writes the line of the history and tells the owner.
fn note(tx: &mut Tx, moderator: Moderator, entry: &NewEntry, subject: &Subject) -> Result<EntryId> {
    let id = store::insert_entry(tx, moderator, entry)?;
    notifications::to_owner(tx, id, entry.act, subject, entry.reason)?;
    Ok(id)
}

fn close_all(
    tx: &mut Tx,
    moderator: Moderator,
    decided: &Report,
    subject: &Subject,
    decision: Decision,
    reason: &str,
) -> Result<()> {
    for mut report in store::list_open_about(tx.conn(), decided.about)? {
        if report.reporter == Some(moderator.company()) {
            return Err(Problem::conflict("Your own company reported this; another moderator has to decide."));
        }
        report.state = rules::state_after(decision);
        report.decision = Some(decision);
        report.reason = Some(reason.to_owned());
        report.decided_at = Some(tx.now());
        store::set_decision(tx, &report)?;
        notifications::to_reporter(tx, &report, subject, reason)?;
    }
    Ok(())
}

/// Suspends a company without a report. Its people are told.
///
/// # Errors
/// `not_found`; `conflict` when it is suspended or the moderator's own; `invalid` without a reason.
pub fn suspend(app: &App, actor: &Actor, id: CompanyId, reason: &str) -> Result<()> {
    act_on_company(app, actor, id, Act::Suspended, reason)
}

/// Lets a suspended company take part again; its open RFQs are matched once more, and those of others with its listings. Its people are told.
///
/// # Errors
/// `not_found`; `conflict` when it is not suspended or the moderator's own; `invalid` without a reason.
pub fn lift(app: &App, actor: &Actor, id: CompanyId, reason: &str) -> Result<()> {
    act_on_company(app, actor, id, Act::Lifted, reason)
}

fn act_on_company(app: &App, actor: &Actor, id: CompanyId, act: Act, reason: &str) -> Result<()> {
    let moderator = actor.moderates()?;
    let reason = checked_reason(reason)?;
    app.db.write(|tx| {
        let about = About::Company(id);
        let subject = subject::load(tx.conn(), about)?;
        ensure_impartial(moderator, id)?;
        if act == Act::Lifted {
            companies::lift_suspension(tx, id)?;
            rfqs::actions::match_again(tx, id)?;
            matching::announce_return(tx, id)?;
        } else {
            companies::suspend(tx, id, &reason)?;
        }
        note(tx, moderator, &NewEntry { act, about, company: id, report: None, reason: &reason }, &subject).map(drop)
    })
}
