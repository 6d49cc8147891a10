//! Reading the rows of `feed_events`; they are written with the commit, by [`crate::store::event_log`].

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::Event;
use crate::actor::Scope;
use crate::clock::Time;
use crate::error::Result;
use crate::ids::{CompanyId, EventId};
use crate::store::schema::feed_events;
use crate::store::{Conn, from_json, from_text};

type Row = (i64, String, NaiveDateTime, String);

fn event((id, kind, at, data): Row) -> Result<Event> {
    Ok(Event { id: EventId(id), kind: from_text(&kind)?, at: at.and_utc(), data: from_json(&data)? })
}

/// The place of an event in the feed of the scope's company.
pub fn find_seq(conn: &mut Conn, scope: Scope, id: EventId) -> Result<Option<i64>> {
    Ok(feed_events::table
        .filter(feed_events::id.eq(id.0))
        .filter(feed_events::company_id.eq(scope.company().0))
        .select(feed_events::seq)
        .first(conn)
        .optional()?)
}

/// One event of the scope's company.
pub fn find(conn: &mut Conn, scope: Scope, id: EventId) -> Result<Option<Event>> {
    find_of(conn, scope.company(), id)
}

/// One event of a company, for its own webhook.
pub fn find_of(conn: &mut Conn, company: CompanyId, id: EventId) -> Result<Option<Event>> {
    let row: Option<Row> = feed_events::table
        .filter(feed_events::id.eq(id.0))
        .filter(feed_events::company_id.eq(company.0))
        .select((feed_events::id, feed_events::kind, feed_events::at, feed_events::data))
        .first(conn)
        .optional()?;
    row.map(event).transpose()
}

/// The events of the scope's company from the one time to before the other, at most `most`.
pub fn list_between(conn: &mut Conn, scope: Scope, (since, until): (Time, Time), most: i64) -> Result<Vec<Event>> {
    let rows: Vec<Row> = feed_events::table
        .filter(feed_events::company_id.eq(scope.company().0))
        .filter(feed_events::at.ge(since.naive_utc()))
        .filter(feed_events::at.lt(until.naive_utc()))
        .order(feed_events::seq)
        .limit(most)
        .select((feed_events::id, feed_events::kind, feed_events::at, feed_events::data))
        .load(conn)?;
    rows.into_iter().map(event).collect()
}

/// The newest event of the scope's company.
pub fn find_last(conn: &mut Conn, scope: Scope) -> Result<Option<EventId>> {
    let last: Option<i64> = feed_events::table
        .filter(feed_events::company_id.eq(scope.company().0))
        .order(feed_events::seq.desc())
        .select(feed_events::id)
        .first(conn)
        .optional()?;
    Ok(last.map(EventId))
}

/// The next `most` events of the scope's company after the place `seq`, in the order of commit.
pub fn list_after(conn: &mut Conn, scope: Scope, seq: i64, most: i64) -> Result<Vec<Event>> {
    let rows: Vec<Row> = feed_events::table
        .filter(feed_events::company_id.eq(scope.company().0))
        .filter(feed_events::seq.gt(seq))
        .order(feed_events::seq)
        .limit(most)
        .select((feed_events::id, feed_events::kind, feed_events::at, feed_events::data))
        .load(conn)?;
    rows.into_iter().map(event).collect()
}
