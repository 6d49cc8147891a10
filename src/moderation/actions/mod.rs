//! Use cases of moderation: reporting, deciding, suspending, reading.

mod decisions;
mod reports;

pub use decisions::{Ruling, checked_reason, decide, ensure_impartial, lift, note_about_company, suspend};
pub use reports::{NewReport, find_made, find_own, find_subject, list_own, note_contact_quota, report};

use super::store::{self, Wanted};
use super::{Entry, Report, Subject, subject};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::clock::Time;
use crate::companies::{self, Company};
use crate::error::{Problem, Result};
use crate::ids::{CompanyId, ReportId};
use crate::store::Conn;
use crate::store::cursor::{Paging, Slice};

/// A report as moderators see it.
#[derive(Clone, Debug)]
pub struct Case {
    /// The report.
    pub report: Report,
    /// What it is about, as it stands now.
    pub subject: Subject,
    /// Whose that is.
    pub owner: Company,
    /// The reporter's name; none for what the platform noticed.
    pub reporter_name: Option<String>,
}

/// The moderators' queue.
#[derive(Clone, Debug)]
pub struct Queue {
    /// A page of it.
    pub cases: Slice<Case>,
    /// How many reports wait in all.
    pub open: i64,
    /// Since when the oldest of them waits.
    pub oldest: Option<Time>,
}

fn case(conn: &mut Conn, report: Report) -> Result<Case> {
    let subject = subject::load(conn, report.about)?;
    let missing = || Problem::internal("a report's company is missing");
    let owner = companies::store::find(conn, report.company)?.ok_or_else(missing)?;
    let reporter_name = match report.reporter {
        Some(reporter) => companies::store::names(conn, &[reporter.0])?.remove(&reporter.0),
        None => None,
    };
    Ok(Case { report, subject, owner, reporter_name })
}

/// A page of the queue, for moderators.
pub fn list_queue(app: &App, actor: &Actor, wanted: Wanted, paging: Paging) -> Result<Queue> {
    let moderator = actor.moderates()?;
    app.db.read(|conn| {
        let slice = store::list_queue(conn, moderator, wanted, paging)?;
        let items = slice.items.into_iter().map(|report| case(conn, report)).collect::<Result<Vec<_>>>()?;
        let (open, oldest) = store::count_open(conn)?;
        Ok(Queue { cases: Slice { items, next: slice.next, prev: slice.prev }, open, oldest })
    })
}

/// One report with what it is about, the other open reports of the same thing, and the history of its owner, for moderators.
pub fn find_case(app: &App, actor: &Actor, id: ReportId, most: i64) -> Result<(Case, Vec<Report>, Vec<Entry>)> {
    actor.moderates()?;
    app.db.read(|conn| {
        let report = store::find(conn, id)?.ok_or_else(|| Problem::not_found("report"))?;
        let mut others = store::list_open_about(conn, report.about)?;
        others.retain(|other| other.id != id);
        let history = store::list_entries(conn, Some(report.company), Paging::first(most))?.items;
        Ok((case(conn, report)?, others, history))
    })
}

/// A company with its history, for moderators.
pub fn find_company(app: &App, actor: &Actor, id: CompanyId, paging: Paging) -> Result<(Company, Slice<Entry>)> {
    actor.moderates()?;
    app.db.read(|conn| {
        let company = companies::store::find(conn, id)?.ok_or_else(|| Problem::not_found("company"))?;
        Ok((company, store::list_entries(conn, Some(id), paging)?))
    })
}

/// A page of the whole history, with the names of the companies it speaks of, for moderators.
pub fn list_history(app: &App, actor: &Actor, paging: Paging) -> Result<Slice<(Entry, String)>> {
    actor.moderates()?;
    app.db.read(|conn| {
        let slice = store::list_entries(conn, None, paging)?;
        let ids: Vec<i64> = slice.items.iter().map(|entry| entry.company.0).collect();
        let names = companies::store::names(conn, &ids)?;
        Ok(slice.map(|entry| {
            let name = names.get(&entry.company.0).cloned().unwrap_or_default();
            (entry, name)
        }))
    })
}

/// What was decided about one's own company and its things, newest first; which moderator decided is not told.
pub fn list_about_own(app: &App, actor: &Actor, paging: Paging) -> Result<Slice<(Entry, String)>> {
    let scope = actor.may(Permission::AccountRead)?;
    app.db.read(|conn| {
        let slice = store::list_entries(conn, Some(scope.company()), paging)?;
        let titled = |entry: Entry| Ok((entry.clone(), subject::load(conn, entry.about)?.called()));
        let items = slice.items.into_iter().map(titled).collect::<Result<Vec<_>>>()?;
        Ok(Slice { items, next: slice.next, prev: slice.prev })
    })
}
