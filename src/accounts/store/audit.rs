//! Rows of `auth_events`.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::accounts::audit::{AuditEvent, AuthEvent, RecordedEvent};
use crate::clock::Time;
use crate::error::Result;
use crate::ids::UserId;
use crate::store::schema::auth_events;
use crate::store::{Conn, Tx, from_text};

pub(in crate::accounts) fn insert_auth_event(tx: &mut Tx, new: &AuditEvent) -> Result<()> {
    let id: i64 = tx.make_id();
    let row = (
        auth_events::id.eq(id),
        auth_events::user_id.eq(new.person.map(|person| person.0)),
        auth_events::company_id.eq(new.company.map(|company| company.0)),
        auth_events::kind.eq(new.event.as_str()),
        auth_events::device.eq(&new.device),
        auth_events::request_id.eq(&new.request_id),
        auth_events::at.eq(tx.now_db()),
    );
    diesel::insert_into(auth_events::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// The recent events of a user's account, newest first.
pub(in crate::accounts) fn list_auth_events(conn: &mut Conn, person: UserId, most: i64) -> Result<Vec<RecordedEvent>> {
    let rows: Vec<(String, String, NaiveDateTime)> = auth_events::table
        .filter(auth_events::user_id.eq(person.0))
        .order(auth_events::id.desc())
        .limit(most)
        .select((auth_events::kind, auth_events::device, auth_events::at))
        .load(conn)?;
    let event = |(kind, device, at): (String, String, NaiveDateTime)| {
        Ok(RecordedEvent { event: from_text::<AuthEvent>(&kind)?, device, at: at.and_utc() })
    };
    rows.into_iter().map(event).collect()
}

/// Forgets what happened to an account: it is nobody's any more.
pub(in crate::accounts) fn delete_auth_events(tx: &mut Tx, person: UserId) -> Result<()> {
    diesel::delete(auth_events::table.filter(auth_events::user_id.eq(person.0))).execute(tx.conn())?;
    Ok(())
}

pub(in crate::accounts) fn purge_auth_events(tx: &mut Tx, before: Time) -> Result<usize> {
    Ok(diesel::delete(auth_events::table.filter(auth_events::at.lt(before.naive_utc()))).execute(tx.conn())?)
}
