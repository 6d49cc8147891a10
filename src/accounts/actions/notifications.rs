//! Use cases: what a person is shown of what happened, and that they have read it.

use chrono::Duration;

use super::members::acting_person;
use crate::accounts::store::{self, Reader};
use crate::accounts::{Notification, NotificationFilter};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::error::Result;
use crate::ids::{CompanyId, NotificationId, UserId};
use crate::mail::NotificationKind;
use crate::store::Conn;
use crate::store::cursor::{ListPage, Paging};

/// How long notifications are kept, in days.
const KEPT_DAYS: i64 = 90;
/// The number in the header is counted so far.
const COUNTED: i64 = 100;

fn reader(conn: &mut Conn, actor: &Actor) -> Result<Reader> {
    let scope = actor.authorize(Permission::AccountRead)?;
    Ok(Reader { company: scope.company(), user: acting_person(conn, actor, scope)? })
}

/// A page of the notifications of the person whom the actor acts for, newest first.
pub fn list_notifications(
    app: &App,
    actor: &Actor,
    filter: NotificationFilter,
    paging: Paging,
) -> Result<ListPage<Notification>> {
    app.db.read(|conn| {
        let reader = reader(conn, actor)?;
        store::list_notifications(conn, reader, filter, paging)
    })
}

/// How many notifications of the person whom the actor acts for are unread, counted up to 100.
pub fn count_unread_notifications(app: &App, actor: &Actor) -> Result<usize> {
    app.db.read(|conn| {
        let reader = reader(conn, actor)?;
        count(conn, reader)
    })
}

/// The same for the header of pages.
pub fn count_unread_of(app: &App, company: CompanyId, user: UserId) -> Result<usize> {
    app.db.read(|conn| count(conn, Reader { user, company }))
}

fn count(conn: &mut Conn, reader: Reader) -> Result<usize> {
    Ok(usize::try_from(store::count_unread(conn, reader, COUNTED)?).unwrap_or_default())
}

/// Marks notifications as read: these, or all of a kind, or all; answers how many were unread. Those of others are passed over.
pub fn mark_notifications_read(
    app: &App,
    actor: &Actor,
    ids: Option<&[NotificationId]>,
    kind: Option<NotificationKind>,
) -> Result<usize> {
    app.db.write(|tx| {
        let reader = reader(tx.conn(), actor)?;
        store::mark_read(tx, reader, ids, kind)
    })
}

/// Forgets notifications that are older than 90 days; answers how many.
pub fn purge_notifications(app: &App) -> Result<usize> {
    let before = app.clock.now() - Duration::days(KEPT_DAYS);
    let mut total = 0;
    loop {
        match app.db.write_read_committed(|tx| store::purge_notifications(tx, before))? {
            0 => return Ok(total),
            purged => total += purged,
        }
    }
}
