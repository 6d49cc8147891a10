//! Use cases of moderation: reporting, deciding, suspending, reading.

mod decisions;
mod reports;
mod targets;

pub use decisions::{NewDecision, checked_reason, decide, ensure_impartial, lift, record_about_company, suspend};
pub use reports::{NewReport, find_own, find_target, list_own, report, report_by_platform};

use super::store;
use super::{Entry, Report, ReportFilter, ReportTarget};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::clock::Time;
use crate::companies::{self, Company};
use crate::error::{Problem, Result};
use crate::ids::{CompanyId, ReportId};
use crate::store::Conn;
use crate::store::cursor::{ListPage, Paging};

/// A report as moderators see it.
#[derive(Clone, Debug)]
pub struct Case {
    /// The report.
    pub report: Report,
    /// Its target, as it is now.
    pub target: ReportTarget,
    /// The company that the target belongs to.
    pub owner: Company,
    /// The reporter's name; `None` for a report of the platform itself.
    pub reporter_name: Option<String>,
}

/// The moderators' queue.
#[derive(Clone, Debug)]
pub struct Queue {
    /// A page of it.
    pub cases: ListPage<Case>,
    /// How many reports are open.
    pub open: i64,
    /// When the oldest of these was made.
    pub oldest: Option<Time>,
}

fn case(conn: &mut Conn, report: Report) -> Result<Case> {
    let target = targets::load(conn, report.about)?;
    let missing = || Problem::internal("a report's company is missing");
    let owner = companies::store::find(conn, report.company)?.ok_or_else(missing)?;
    let reporter_name = match report.reporter {
        Some(reporter) => companies::store::names(conn, &[reporter.0])?.remove(&reporter.0),
        None => None,
    };
    Ok(Case { report, target, owner, reporter_name })
}

/// A page of the queue, for moderators.
pub fn list_queue(app: &App, actor: &Actor, filter: ReportFilter, paging: Paging) -> Result<Queue> {
    let moderator = actor.as_moderator()?;
    app.db.read(|conn| {
        let slice = store::list_queue(conn, moderator, filter, paging)?;
        let items = slice.items.into_iter().map(|report| case(conn, report)).collect::<Result<Vec<_>>>()?;
        let (open, oldest) = store::count_open(conn)?;
        Ok(Queue { cases: ListPage { items, next: slice.next, prev: slice.prev }, open, oldest })
    })
}

/// One report with its target, the other open reports of it, and the newest `limit` entries about its owner, for moderators.
pub fn find_case(app: &App, actor: &Actor, id: ReportId, limit: i64) -> Result<(Case, Vec<Report>, Vec<Entry>)> {
    actor.as_moderator()?;
    app.db.read(|conn| {
        let report = store::find(conn, id)?.ok_or_else(|| Problem::not_found("report"))?;
        let mut others = store::list_open_about(conn, report.about)?;
        others.retain(|other| other.id != id);
        let history = store::list_entries(conn, Some(report.company), Paging::first(limit))?.items;
        Ok((case(conn, report)?, others, history))
    })
}

/// A company with its history, for moderators.
pub fn find_company(app: &App, actor: &Actor, id: CompanyId, paging: Paging) -> Result<(Company, ListPage<Entry>)> {
    actor.as_moderator()?;
    app.db.read(|conn| {
        let company = companies::store::find(conn, id)?.ok_or_else(|| Problem::not_found("company"))?;
        Ok((company, store::list_entries(conn, Some(id), paging)?))
    })
}

/// A page of the whole history, with the names of the companies, for moderators.
pub fn list_history(app: &App, actor: &Actor, paging: Paging) -> Result<ListPage<(Entry, String)>> {
    actor.as_moderator()?;
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

/// The decisions about the actor's company and what belongs to it, newest first. The caller does not show which moderator decided.
pub fn list_about_own(app: &App, actor: &Actor, paging: Paging) -> Result<ListPage<(Entry, String)>> {
    let scope = actor.authorize(Permission::AccountRead)?;
    app.db.read(|conn| {
        let slice = store::list_entries(conn, Some(scope.company()), paging)?;
        // Titles as they are now: the owner looks for the thing under its present name.
        let titled = |entry: Entry| Ok((entry.clone(), targets::load(conn, entry.about)?.label()));
        let items = slice.items.into_iter().map(titled).collect::<Result<Vec<_>>>()?;
        Ok(ListPage { items, next: slice.next, prev: slice.prev })
    })
}
