//! Rows of `reports` and `moderation_entries`; an entry is never changed.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{Act, Decision, Entry, Report, ReportFilter, ReportKind, ReportState, TargetId, TargetKind};
use crate::actor::{Moderator, Scope};
use crate::clock::Time;
use crate::error::{Code, Problem, Result};
use crate::ids::{CompanyId, EntryId, ReportId, UserId};
use crate::locale::{Language, text};
use crate::page_rows;
use crate::store::cursor::{ListPage, Paging};
use crate::store::schema::{moderation_entries, reports, users};
use crate::store::{Conn, Tx, from_text, or_duplicate};

#[derive(Queryable)]
struct ReportRow {
    id: i64,
    about: String,
    about_id: i64,
    company_id: i64,
    reporter_id: Option<i64>,
    kind: String,
    words: String,
    state: String,
    decision: Option<String>,
    reason: Option<String>,
    version: i64,
    created_at: NaiveDateTime,
    decided_at: Option<NaiveDateTime>,
}

impl TryFrom<ReportRow> for Report {
    type Error = Problem;
    fn try_from(row: ReportRow) -> Result<Self> {
        Ok(Self {
            id: ReportId(row.id),
            about: TargetId::of(from_text::<TargetKind>(&row.about)?, row.about_id),
            company: CompanyId(row.company_id),
            reporter: row.reporter_id.map(CompanyId),
            kind: from_text(&row.kind)?,
            words: row.words,
            state: from_text(&row.state)?,
            decision: row.decision.as_deref().map(from_text::<Decision>).transpose()?,
            reason: row.reason,
            version: row.version,
            created_at: row.created_at.and_utc(),
            decided_at: row.decided_at.map(|at| at.and_utc()),
        })
    }
}

fn all(rows: Vec<ReportRow>) -> Result<Vec<Report>> {
    rows.into_iter().map(Report::try_from).collect()
}

/// A report to be stored.
pub(super) struct NewReport<'a> {
    pub about: TargetId,
    pub company: CompanyId,
    pub reporter: Option<CompanyId>,
    pub kind: ReportKind,
    pub words: &'a str,
}

/// Stores a report; `duplicate` for a second open one of the same reporter and target.
pub(super) fn insert(tx: &mut Tx, new: &NewReport) -> Result<ReportId> {
    let id: ReportId = tx.make_id();
    let row = (
        reports::id.eq(id.0),
        reports::about.eq(new.about.kind().as_str()),
        reports::about_id.eq(new.about.raw()),
        reports::company_id.eq(new.company.0),
        reports::reporter_id.eq(new.reporter.map(|reporter| reporter.0)),
        reports::kind.eq(new.kind.as_str()),
        reports::words.eq(new.words),
        reports::state.eq(ReportState::Open.as_str()),
        reports::version.eq(1_i64),
        reports::created_at.eq(tx.now_db()),
    );
    // The table's key refuses a second open report of the same thing by the same company, whichever of two requests comes first.
    or_duplicate(diesel::insert_into(reports::table).values(row).execute(tx.conn()), || {
        Problem::new(Code::Duplicate, text(Language::English, "moderation-reported-twice"))
    })?;
    Ok(id)
}

/// Writes what was decided about an open report, as its next version.
pub(super) fn set_decision(tx: &mut Tx, report: &Report) -> Result<()> {
    diesel::update(reports::table.find(report.id.0))
        .set((
            reports::state.eq(report.state.as_str()),
            reports::decision.eq(report.decision.map(Decision::as_str)),
            reports::reason.eq(&report.reason),
            reports::version.eq(report.version + 1),
            reports::decided_at.eq(report.decided_at.map(|at| at.naive_utc())),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// One report, whoever made it: for moderators, and where access is checked already.
pub(super) fn find(conn: &mut Conn, id: ReportId) -> Result<Option<Report>> {
    let row: Option<ReportRow> = reports::table.find(id.0).first(conn).optional()?;
    row.map(Report::try_from).transpose()
}

/// One report of the company itself.
pub(super) fn find_own(conn: &mut Conn, scope: Scope, id: ReportId) -> Result<Option<Report>> {
    let row: Option<ReportRow> =
        reports::table.find(id.0).filter(reports::reporter_id.eq(scope.company().0)).first(conn).optional()?;
    row.map(Report::try_from).transpose()
}

/// A page of the reports that the company made, newest first.
pub(super) fn list_own(conn: &mut Conn, scope: Scope, paging: Paging) -> Result<ListPage<Report>> {
    let query = reports::table.filter(reports::reporter_id.eq(scope.company().0)).into_boxed();
    let rows: Vec<ReportRow> = page_rows!(query, reports::id, paging, conn)?;
    Ok(paging.page(all(rows)?, |report| report.id.0))
}

/// The open reports of the target, the oldest first.
pub(super) fn list_open_about(conn: &mut Conn, about: TargetId) -> Result<Vec<Report>> {
    let rows: Vec<ReportRow> = reports::table
        .filter(reports::about_id.eq(about.raw()))
        .filter(reports::about.eq(about.kind().as_str()))
        .filter(reports::state.eq(ReportState::Open.as_str()))
        .order(reports::id)
        .load(conn)?;
    all(rows)
}

/// A page of the queue, newest first.
pub(super) fn list_queue(
    conn: &mut Conn,
    _: Moderator,
    filter: ReportFilter,
    paging: Paging,
) -> Result<ListPage<Report>> {
    let mut query = reports::table.into_boxed();
    if let Some(state) = filter.state {
        query = query.filter(reports::state.eq(state.as_str()));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(reports::kind.eq(kind.as_str()));
    }
    if let Some(company) = filter.company {
        query = query.filter(reports::company_id.eq(company.0));
    }
    let rows: Vec<ReportRow> = page_rows!(query, reports::id, paging, conn)?;
    Ok(paging.page(all(rows)?, |report| report.id.0))
}

/// How many reports are open, and when the oldest of them was made.
pub(super) fn count_open(conn: &mut Conn) -> Result<(i64, Option<Time>)> {
    let open = || reports::table.filter(reports::state.eq(ReportState::Open.as_str()));
    let count = open().count().get_result(conn)?;
    // Ids rise with time, so the index on the state answers this without a sort by date.
    let oldest: Option<NaiveDateTime> = open().order(reports::id).select(reports::created_at).first(conn).optional()?;
    Ok((count, oldest.map(|at| at.and_utc())))
}

/// How many reports the company made since then.
pub(super) fn count_made_since(conn: &mut Conn, reporter: CompanyId, since: Time) -> Result<i64> {
    Ok(reports::table
        .filter(reports::reporter_id.eq(reporter.0))
        .filter(reports::created_at.ge(since.naive_utc()))
        .count()
        .get_result(conn)?)
}

/// An entry to be stored.
pub(super) struct NewEntry<'a> {
    pub act: Act,
    pub about: TargetId,
    pub company: CompanyId,
    pub report: Option<ReportId>,
    pub reason: &'a str,
}

/// Stores an entry of the history.
pub(super) fn insert_entry(tx: &mut Tx, moderator: Moderator, new: &NewEntry) -> Result<EntryId> {
    let id: EntryId = tx.make_id();
    let row = (
        moderation_entries::id.eq(id.0),
        moderation_entries::act.eq(new.act.as_str()),
        moderation_entries::about.eq(new.about.kind().as_str()),
        moderation_entries::about_id.eq(new.about.raw()),
        moderation_entries::company_id.eq(new.company.0),
        moderation_entries::report_id.eq(new.report.map(|report| report.0)),
        moderation_entries::user_id.eq(moderator.user().0),
        moderation_entries::reason.eq(new.reason),
        moderation_entries::at.eq(tx.now_db()),
    );
    diesel::insert_into(moderation_entries::table).values(row).execute(tx.conn())?;
    Ok(id)
}

type EntryRow = (i64, String, String, i64, i64, Option<i64>, i64, String, String, NaiveDateTime);

fn entry(row: EntryRow) -> Result<Entry> {
    let (id, act, about, about_id, company, report, person, person_name, reason, at) = row;
    Ok(Entry {
        id: EntryId(id),
        act: from_text(&act)?,
        about: TargetId::of(from_text::<TargetKind>(&about)?, about_id),
        company: CompanyId(company),
        report: report.map(ReportId),
        person: UserId(person),
        person_name,
        reason,
        at: at.and_utc(),
    })
}

/// A page of the history, newest first: of one company or of all.
pub(super) fn list_entries(conn: &mut Conn, company: Option<CompanyId>, paging: Paging) -> Result<ListPage<Entry>> {
    let mut query = moderation_entries::table
        .inner_join(users::table)
        .select((
            moderation_entries::id,
            moderation_entries::act,
            moderation_entries::about,
            moderation_entries::about_id,
            moderation_entries::company_id,
            moderation_entries::report_id,
            moderation_entries::user_id,
            users::name,
            moderation_entries::reason,
            moderation_entries::at,
        ))
        .into_boxed();
    if let Some(company) = company {
        query = query.filter(moderation_entries::company_id.eq(company.0));
    }
    let rows: Vec<EntryRow> = page_rows!(query, moderation_entries::id, paging, conn)?;
    let entries = rows.into_iter().map(entry).collect::<Result<Vec<_>>>()?;
    Ok(paging.page(entries, |entry| entry.id.0))
}
