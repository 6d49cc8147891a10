//! Rows of `saved_searches`, `alerts`, `alert_things` and `alert_positions`.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{Alert, AlertReason, SavedSearch, SavedSearchFields, SearchedKind};
use crate::clock::Time;
use crate::error::{Problem, Result};
use crate::ids::{AlertId, CompanyId, JobId, SavedSearchId, UserId};
use crate::store::cursor::{ListPage, Paging};
use crate::store::schema::{alert_positions, alert_things, alerts, company_members, saved_searches, users};
use crate::store::{Conn, Tx, from_text, in_chunks};
use crate::{on_each, page_rows};

/// So many rows are inserted by one statement.
const AT_ONCE: usize = 1_000;
/// The name of the position up to which changes were matched.
const MATCHED: &str = "matched";

/// Whose saved searches a query sees: those that a person keeps for a company.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Keeper {
    pub company: CompanyId,
    pub user: UserId,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = saved_searches)]
struct SavedSearchRow {
    id: i64,
    company_id: i64,
    user_id: i64,
    name: String,
    kind: String,
    query: String,
    frequency: String,
    paused: bool,
    version: i64,
    mailed_at: Option<NaiveDateTime>,
    created_at: NaiveDateTime,
    updated_at: NaiveDateTime,
}

impl TryFrom<SavedSearchRow> for SavedSearch {
    type Error = Problem;
    fn try_from(row: SavedSearchRow) -> Result<Self> {
        Ok(Self {
            id: SavedSearchId(row.id),
            company: CompanyId(row.company_id),
            user: UserId(row.user_id),
            fields: SavedSearchFields {
                name: row.name,
                kind: from_text(&row.kind)?,
                query: row.query,
                frequency: from_text(&row.frequency)?,
                paused: row.paused,
            },
            version: row.version,
            mailed_at: row.mailed_at.map(|at| at.and_utc()),
            created_at: row.created_at.and_utc(),
            updated_at: row.updated_at.and_utc(),
        })
    }
}

/// A page of what somebody keeps, newest first.
pub(super) fn list(conn: &mut Conn, keeper: Keeper, paging: Paging) -> Result<ListPage<SavedSearch>> {
    let query = saved_searches::table
        .filter(saved_searches::company_id.eq(keeper.company.0))
        .filter(saved_searches::user_id.eq(keeper.user.0))
        .select(SavedSearchRow::as_select())
        .into_boxed();
    let rows: Vec<SavedSearchRow> = page_rows!(query, saved_searches::id, paging, conn)?;
    let searches = rows.into_iter().map(SavedSearch::try_from).collect::<Result<Vec<_>>>()?;
    Ok(paging.page(searches, |search| search.id.0))
}

/// One that somebody keeps.
pub(super) fn find(conn: &mut Conn, keeper: Keeper, id: SavedSearchId) -> Result<Option<SavedSearch>> {
    let row: Option<SavedSearchRow> = saved_searches::table
        .find(id.0)
        .filter(saved_searches::company_id.eq(keeper.company.0))
        .filter(saved_searches::user_id.eq(keeper.user.0))
        .select(SavedSearchRow::as_select())
        .first(conn)
        .optional()?;
    row.map(SavedSearch::try_from).transpose()
}

/// How many somebody keeps, and how many all people of the company.
pub(super) fn count(conn: &mut Conn, keeper: Keeper) -> Result<(i64, i64)> {
    let of_company = saved_searches::table.filter(saved_searches::company_id.eq(keeper.company.0));
    let own = of_company.filter(saved_searches::user_id.eq(keeper.user.0)).count().get_result(conn)?;
    Ok((own, of_company.count().get_result(conn)?))
}

pub(super) fn insert(tx: &mut Tx, id: SavedSearchId, keeper: Keeper, fields: &SavedSearchFields) -> Result<()> {
    let now = tx.now_db();
    let row = (
        saved_searches::id.eq(id.0),
        saved_searches::company_id.eq(keeper.company.0),
        saved_searches::user_id.eq(keeper.user.0),
        saved_searches::name.eq(&fields.name),
        saved_searches::kind.eq(fields.kind.as_str()),
        saved_searches::query.eq(&fields.query),
        saved_searches::frequency.eq(fields.frequency.as_str()),
        saved_searches::paused.eq(fields.paused),
        saved_searches::version.eq(1_i64),
        saved_searches::change_id.eq(id.0),
        saved_searches::created_at.eq(now),
        saved_searches::updated_at.eq(now),
    );
    diesel::insert_into(saved_searches::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// Writes the search as its next version.
pub(super) fn update(tx: &mut Tx, search: &SavedSearch) -> Result<()> {
    let (now, fields, change): (_, _, SavedSearchId) = (tx.now_db(), &search.fields, tx.make_id());
    diesel::update(saved_searches::table.find(search.id.0))
        .set((
            saved_searches::name.eq(&fields.name),
            saved_searches::kind.eq(fields.kind.as_str()),
            saved_searches::query.eq(&fields.query),
            saved_searches::frequency.eq(fields.frequency.as_str()),
            saved_searches::paused.eq(fields.paused),
            saved_searches::version.eq(search.version + 1),
            saved_searches::change_id.eq(change.0),
            saved_searches::updated_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Deletes the search and what it has found.
pub(super) fn delete(tx: &mut Tx, id: SavedSearchId) -> Result<()> {
    diesel::delete(alerts::table.filter(alerts::search_id.eq(id.0))).execute(tx.conn())?;
    diesel::delete(saved_searches::table.find(id.0)).execute(tx.conn())?;
    Ok(())
}

/// Saved searches of people who left their company, behind this one.
pub(super) fn list_abandoned(conn: &mut Conn, after: SavedSearchId, most: i64) -> Result<Vec<SavedSearchId>> {
    let is_member = company_members::table
        .filter(company_members::company_id.eq(saved_searches::company_id))
        .filter(company_members::user_id.eq(saved_searches::user_id));
    let ids: Vec<i64> = saved_searches::table
        .filter(saved_searches::id.gt(after.0))
        .filter(diesel::dsl::not(diesel::dsl::exists(is_member)))
        .order(saved_searches::id)
        .limit(most)
        .select(saved_searches::id)
        .load(conn)?;
    Ok(ids.into_iter().map(SavedSearchId).collect())
}

/// The number of the newest change of any saved search; none where there is none.
pub(super) fn newest_change(conn: &mut Conn) -> Result<Option<i64>> {
    Ok(saved_searches::table.select(diesel::dsl::max(saved_searches::change_id)).first(conn)?)
}

/// The saved searches behind this one that are not paused: what is searched, with which query.
pub(super) fn list_queries(
    conn: &mut Conn,
    after: SavedSearchId,
    most: i64,
) -> Result<Vec<(SavedSearchId, SearchedKind, String)>> {
    let rows: Vec<(i64, String, String)> = saved_searches::table
        .filter(saved_searches::id.gt(after.0))
        .filter(saved_searches::paused.eq(false))
        .order(saved_searches::id)
        .limit(most)
        .select((saved_searches::id, saved_searches::kind, saved_searches::query))
        .load(conn)?;
    rows.into_iter().map(|(id, kind, query)| Ok((SavedSearchId(id), from_text(&kind)?, query))).collect()
}

/// Those of the searches that are not paused and whose person is still with the company.
pub(super) fn list_active(conn: &mut Conn, ids: &[SavedSearchId]) -> Result<Vec<SavedSearch>> {
    let rows = in_chunks(ids, |part| {
        saved_searches::table
            .inner_join(
                company_members::table.on(company_members::company_id
                    .eq(saved_searches::company_id)
                    .and(company_members::user_id.eq(saved_searches::user_id))),
            )
            .inner_join(users::table.on(users::id.eq(saved_searches::user_id)))
            .filter(saved_searches::id.eq_any(part.iter().map(|id| id.0).collect::<Vec<_>>()))
            .filter(saved_searches::paused.eq(false))
            .filter(users::disabled_at.is_null())
            .select(SavedSearchRow::as_select())
            .load::<SavedSearchRow>(conn)
    })?;
    rows.into_iter().map(SavedSearch::try_from).collect()
}

/// Up to which number of the change log changes were matched.
pub(super) fn position(conn: &mut Conn) -> Result<i64> {
    let seq = alert_positions::table.find(MATCHED).select(alert_positions::seq).first(conn).optional()?;
    Ok(seq.unwrap_or(0))
}

/// Moves the position on; answers whether it was still where the caller read it.
pub(super) fn advance(tx: &mut Tx, from: i64, to: i64) -> Result<bool> {
    let same = alert_positions::table.find(MATCHED).filter(alert_positions::seq.eq(from));
    Ok(diesel::update(same).set(alert_positions::seq.eq(to)).execute(tx.conn())? > 0)
}

/// The classes of the versions that the things were in when they were looked at last.
pub(super) fn list_classes(conn: &mut Conn, things: &[i64]) -> Result<Vec<(i64, String)>> {
    in_chunks(things, |part| {
        alert_things::table
            .filter(alert_things::thing_id.eq_any(part.to_vec()))
            .select((alert_things::thing_id, alert_things::version_class))
            .load(conn)
    })
}

/// Remembers the classes that the things are in now.
pub(super) fn set_classes(tx: &mut Tx, classes: &[(i64, String)]) -> Result<()> {
    for part in classes.chunks(AT_ONCE) {
        let ids: Vec<i64> = part.iter().map(|(id, _)| *id).collect();
        diesel::delete(alert_things::table.filter(alert_things::thing_id.eq_any(ids))).execute(tx.conn())?;
        let row = |(id, class): &(i64, String)| {
            (alert_things::thing_id.eq(*id), alert_things::version_class.eq(class.clone()))
        };
        let rows: Vec<_> = part.iter().map(row).collect();
        on_each!(tx.conn(), |c| diesel::insert_into(alert_things::table).values(rows).execute(c))?;
    }
    Ok(())
}

/// A find that is to be stored.
pub(super) struct NewAlert {
    pub search: SavedSearchId,
    pub user: UserId,
    pub kind: SearchedKind,
    pub thing: i64,
    pub class: String,
    pub reason: AlertReason,
    pub title: String,
    pub country: Option<String>,
}

#[derive(Insertable)]
#[diesel(table_name = alerts)]
struct NewAlertRow {
    id: i64,
    search_id: i64,
    user_id: i64,
    thing: &'static str,
    thing_id: i64,
    version_class: String,
    reason: &'static str,
    title: String,
    country: Option<String>,
    created_at: NaiveDateTime,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = alerts)]
struct AlertRow {
    id: i64,
    search_id: i64,
    user_id: i64,
    thing: String,
    thing_id: i64,
    reason: String,
    title: String,
    country: Option<String>,
    created_at: NaiveDateTime,
}

impl TryFrom<AlertRow> for Alert {
    type Error = Problem;
    fn try_from(row: AlertRow) -> Result<Self> {
        Ok(Self {
            id: AlertId(row.id),
            search: SavedSearchId(row.search_id),
            user: UserId(row.user_id),
            kind: from_text(&row.thing)?,
            thing: row.thing_id,
            reason: from_text(&row.reason)?,
            title: row.title,
            country: row.country.as_deref().map(from_text).transpose()?,
            created_at: row.created_at.and_utc(),
        })
    }
}

/// The finds that are stored already, as search, thing and class, of these things.
pub(super) fn list_known(conn: &mut Conn, searches: &[i64], things: &[i64]) -> Result<Vec<(i64, i64, String)>> {
    in_chunks(searches, |part| {
        alerts::table
            .filter(alerts::search_id.eq_any(part.to_vec()))
            .filter(alerts::thing_id.eq_any(things.to_vec()))
            .select((alerts::search_id, alerts::thing_id, alerts::version_class))
            .load(conn)
    })
}

/// How many finds of the searches were in no e-mail yet.
pub(super) fn count_waiting(conn: &mut Conn, searches: &[i64]) -> Result<Vec<(i64, i64)>> {
    in_chunks(searches, |part| {
        alerts::table
            .filter(alerts::search_id.eq_any(part.to_vec()))
            .filter(alerts::mail_id.is_null())
            .group_by(alerts::search_id)
            .select((alerts::search_id, diesel::dsl::count_star()))
            .load(conn)
    })
}

pub(super) fn insert_alerts(tx: &mut Tx, found: Vec<NewAlert>) -> Result<()> {
    let now = tx.now_db();
    let row = |new: NewAlert, id: AlertId| NewAlertRow {
        id: id.0,
        search_id: new.search.0,
        user_id: new.user.0,
        thing: new.kind.as_str(),
        thing_id: new.thing,
        version_class: new.class,
        reason: new.reason.as_str(),
        title: new.title,
        country: new.country,
        created_at: now,
    };
    let mut rows: Vec<NewAlertRow> = found.into_iter().map(|new| row(new, tx.make_id())).collect();
    while !rows.is_empty() {
        let part: Vec<NewAlertRow> = rows.drain(..rows.len().min(AT_ONCE)).collect();
        on_each!(tx.conn(), |c| diesel::insert_into(alerts::table).values(part).execute(c))?;
    }
    Ok(())
}

/// What waits for somebody, of one search or of all, newest first; at most so many.
pub(super) fn list_waiting(
    conn: &mut Conn,
    person: UserId,
    search: Option<SavedSearchId>,
    most: i64,
) -> Result<Vec<Alert>> {
    let mut query = alerts::table
        .filter(alerts::user_id.eq(person.0))
        .filter(alerts::mail_id.is_null())
        .order(alerts::id.desc())
        .limit(most)
        .select(AlertRow::as_select())
        .into_boxed();
    if let Some(search) = search {
        query = query.filter(alerts::search_id.eq(search.0));
    }
    let rows: Vec<AlertRow> = query.load(conn)?;
    rows.into_iter().map(Alert::try_from).collect()
}

/// How much waits for somebody, of each search.
pub(super) fn count_waiting_of(conn: &mut Conn, person: UserId) -> Result<Vec<(i64, i64)>> {
    Ok(alerts::table
        .filter(alerts::user_id.eq(person.0))
        .filter(alerts::mail_id.is_null())
        .group_by(alerts::search_id)
        .select((alerts::search_id, diesel::dsl::count_star()))
        .load(conn)?)
}

/// Marks what waits of the searches as told by the e-mail; answers how much it was.
pub(super) fn set_mailed(tx: &mut Tx, searches: &[i64], mail: JobId) -> Result<usize> {
    let now = tx.now_db();
    let mut count = 0;
    for part in searches.chunks(AT_ONCE) {
        let waiting = alerts::table.filter(alerts::search_id.eq_any(part.to_vec())).filter(alerts::mail_id.is_null());
        let told = (alerts::mail_id.eq(mail.0), alerts::mailed_at.eq(now));
        count += diesel::update(waiting).set(told).execute(tx.conn())?;
    }
    Ok(count)
}

/// Remembers that an e-mail tells now what the search has found.
pub(super) fn set_search_mailed(tx: &mut Tx, search: SavedSearchId) -> Result<()> {
    let now = tx.now_db();
    diesel::update(saved_searches::table.find(search.0)).set(saved_searches::mailed_at.eq(now)).execute(tx.conn())?;
    Ok(())
}

/// How many e-mails told somebody of finds since then, counted up to `most`.
pub(super) fn count_mails(conn: &mut Conn, person: UserId, since: Time, most: i64) -> Result<i64> {
    let mails: Vec<Option<i64>> = alerts::table
        .filter(alerts::user_id.eq(person.0))
        .filter(alerts::mailed_at.gt(since.naive_utc()))
        .select(alerts::mail_id)
        .distinct()
        .limit(most)
        .load(conn)?;
    Ok(i64::try_from(mails.len()).unwrap_or(i64::MAX))
}

/// A saved search, whosever it is; for its own e-mails.
pub(super) fn find_any(conn: &mut Conn, id: SavedSearchId) -> Result<Option<SavedSearch>> {
    let row: Option<SavedSearchRow> =
        saved_searches::table.find(id.0).select(SavedSearchRow::as_select()).first(conn).optional()?;
    row.map(SavedSearch::try_from).transpose()
}

/// A page of what a search has found, newest first. Whoever calls this has found the search among the actor's own.
pub(super) fn list_alerts(conn: &mut Conn, search: SavedSearchId, paging: Paging) -> Result<ListPage<Alert>> {
    let query = alerts::table.filter(alerts::search_id.eq(search.0)).select(AlertRow::as_select()).into_boxed();
    let rows: Vec<AlertRow> = page_rows!(query, alerts::id, paging, conn)?;
    let found = rows.into_iter().map(Alert::try_from).collect::<Result<Vec<_>>>()?;
    Ok(paging.page(found, |alert| alert.id.0))
}

/// Forgets finds from before the time, at most a thousand in one go; answers how many.
pub(super) fn purge_alerts(tx: &mut Tx, before: Time) -> Result<usize> {
    let ids: Vec<i64> = alerts::table
        .filter(alerts::created_at.lt(before.naive_utc()))
        .order(alerts::created_at)
        .limit(1_000)
        .select(alerts::id)
        .load(tx.conn())?;
    if ids.is_empty() {
        return Ok(0);
    }
    Ok(diesel::delete(alerts::table.filter(alerts::id.eq_any(ids))).execute(tx.conn())?)
}
