//! Rows of `notifications`: what a person is shown on the site of what happened to their company.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::accounts::{Notification, NotificationFilter};
use crate::clock::Time;
use crate::error::{Problem, Result};
use crate::ids::{CompanyId, NotificationId, UserId};
use crate::mail::NotificationKind;
use crate::page_rows;
use crate::store::cursor::{ListPage, Paging};
use crate::store::schema::notifications;
use crate::store::{Conn, Tx, from_text};

/// So many notifications are marked, and so many forgotten, in one go.
const AT_ONCE: i64 = 1_000;

/// Whose notifications: those of a person in a company.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::accounts) struct Reader {
    pub user: UserId,
    pub company: CompanyId,
}

pub(in crate::accounts) struct NewNotification<'a> {
    pub kind: NotificationKind,
    /// What happened: the same event is shown once.
    pub event: &'a str,
    /// Unread notifications with the same key become one, which counts them.
    pub gather_key: &'a str,
    pub title: &'a str,
    pub path: &'a str,
    /// How many things of the kind it stands for.
    pub times: u32,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = notifications)]
struct NotificationRow {
    id: i64,
    kind: String,
    title: String,
    path: String,
    times: i64,
    created_at: NaiveDateTime,
    read_at: Option<NaiveDateTime>,
}

impl TryFrom<NotificationRow> for Notification {
    type Error = Problem;
    fn try_from(row: NotificationRow) -> Result<Self> {
        Ok(Self {
            id: NotificationId(row.id),
            kind: from_text(&row.kind)?,
            title: row.title,
            path: row.path,
            times: u32::try_from(row.times).unwrap_or(u32::MAX),
            created_at: row.created_at.and_utc(),
            read_at: row.read_at.map(|at| at.and_utc()),
        })
    }
}

/// Stores a notification, once for its event; an unread one with its key goes, and is counted in it.
pub(in crate::accounts) fn insert_notification(tx: &mut Tx, reader: Reader, new: &NewNotification) -> Result<()> {
    let of_event = notifications::table
        .filter(notifications::user_id.eq(reader.user.0))
        .filter(notifications::event.eq(new.event));
    if of_event.select(notifications::id).first::<i64>(tx.conn()).optional()?.is_some() {
        return Ok(());
    }
    let before: Option<(i64, i64)> = notifications::table
        .filter(notifications::user_id.eq(reader.user.0))
        .filter(notifications::company_id.eq(reader.company.0))
        .filter(notifications::gather_key.eq(new.gather_key))
        .filter(notifications::read_at.is_null())
        .select((notifications::id, notifications::times))
        .first(tx.conn())
        .optional()?;
    if let Some((id, _)) = before {
        diesel::delete(notifications::table.find(id)).execute(tx.conn())?;
    }
    let id: NotificationId = tx.make_id();
    let row = (
        notifications::id.eq(id.0),
        notifications::user_id.eq(reader.user.0),
        notifications::company_id.eq(reader.company.0),
        notifications::kind.eq(new.kind.as_str()),
        notifications::event.eq(new.event),
        notifications::gather_key.eq(new.gather_key),
        notifications::title.eq(new.title),
        notifications::path.eq(new.path),
        notifications::times.eq(before.map_or(0, |(_, times)| times) + i64::from(new.times)),
        notifications::created_at.eq(tx.now_db()),
    );
    diesel::insert_into(notifications::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// A page of somebody's notifications, newest first.
pub(in crate::accounts) fn list_notifications(
    conn: &mut Conn,
    reader: Reader,
    filter: NotificationFilter,
    paging: Paging,
) -> Result<ListPage<Notification>> {
    let mut query = notifications::table
        .filter(notifications::user_id.eq(reader.user.0))
        .filter(notifications::company_id.eq(reader.company.0))
        .select(NotificationRow::as_select())
        .into_boxed();
    if filter.unread {
        query = query.filter(notifications::read_at.is_null());
    }
    if let Some(kind) = filter.kind {
        query = query.filter(notifications::kind.eq(kind.as_str()));
    }
    let rows: Vec<NotificationRow> = page_rows!(query, notifications::id, paging, conn)?;
    let found = rows.into_iter().map(Notification::try_from).collect::<Result<Vec<_>>>()?;
    Ok(paging.page(found, |one| one.id.0))
}

/// How many of somebody's notifications are unread, counted up to `most`.
pub(in crate::accounts) fn count_unread(conn: &mut Conn, reader: Reader, most: i64) -> Result<i64> {
    let ids: Vec<i64> = notifications::table
        .filter(notifications::user_id.eq(reader.user.0))
        .filter(notifications::company_id.eq(reader.company.0))
        .filter(notifications::read_at.is_null())
        .select(notifications::id)
        .limit(most)
        .load(conn)?;
    Ok(i64::try_from(ids.len()).unwrap_or(i64::MAX))
}

/// Marks notifications of somebody as read: these, or all of the kind or of every kind; answers how many were unread.
pub(in crate::accounts) fn mark_read(
    tx: &mut Tx,
    reader: Reader,
    ids: Option<&[NotificationId]>,
    kind: Option<NotificationKind>,
) -> Result<usize> {
    let mut marked = 0;
    loop {
        let mut query = notifications::table
            .filter(notifications::user_id.eq(reader.user.0))
            .filter(notifications::company_id.eq(reader.company.0))
            .filter(notifications::read_at.is_null())
            .select(notifications::id)
            .limit(AT_ONCE)
            .into_boxed();
        if let Some(ids) = ids {
            query = query.filter(notifications::id.eq_any(ids.iter().map(|id| id.0).collect::<Vec<_>>()));
        }
        if let Some(kind) = kind {
            query = query.filter(notifications::kind.eq(kind.as_str()));
        }
        let part: Vec<i64> = query.load(tx.conn())?;
        if part.is_empty() {
            return Ok(marked);
        }
        let now = tx.now_db();
        marked += diesel::update(notifications::table.filter(notifications::id.eq_any(part)))
            .set(notifications::read_at.eq(now))
            .execute(tx.conn())?;
    }
}

pub(in crate::accounts) fn delete_notifications(tx: &mut Tx, person: UserId) -> Result<()> {
    diesel::delete(notifications::table.filter(notifications::user_id.eq(person.0))).execute(tx.conn())?;
    Ok(())
}

/// Forgets notifications from before the time, at most a thousand in one go; answers how many.
pub(in crate::accounts) fn purge_notifications(tx: &mut Tx, before: Time) -> Result<usize> {
    let ids: Vec<i64> = notifications::table
        .filter(notifications::created_at.lt(before.naive_utc()))
        .order(notifications::created_at)
        .limit(AT_ONCE)
        .select(notifications::id)
        .load(tx.conn())?;
    if ids.is_empty() {
        return Ok(0);
    }
    Ok(diesel::delete(notifications::table.filter(notifications::id.eq_any(ids))).execute(tx.conn())?)
}
