//! The rows of the event feed, as a transaction writes them last of all.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::Conn;
use super::schema::feed_events;
use crate::clock::Time;
use crate::error::Result;
use crate::on_each;

/// So many rows are inserted by one statement; SQLite takes 32 766 values in one.
const INSERTED_AT_ONCE: usize = 1_000;

/// An event to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// Its id, the same in the feed and in every delivery.
    pub id: i64,
    /// The company whose feed it is for.
    pub company: i64,
    /// What happened.
    pub kind: &'static str,
    /// Ids and names of fields, as JSON.
    pub data: String,
}

#[derive(Insertable)]
#[diesel(table_name = feed_events)]
struct EventRow {
    id: i64,
    company_id: i64,
    kind: &'static str,
    data: String,
    at: NaiveDateTime,
}

/// Writes the events; answers the companies that they are for.
pub(super) fn insert(conn: &mut Conn, events: Vec<NewEvent>, now: Time) -> Result<Vec<i64>> {
    let mut companies: Vec<i64> = events.iter().map(|event| event.company).collect();
    companies.sort_unstable();
    companies.dedup();
    let at = now.naive_utc();
    let row =
        |event: NewEvent| EventRow { id: event.id, company_id: event.company, kind: event.kind, data: event.data, at };
    let mut rows = events.into_iter().map(row).peekable();
    while rows.peek().is_some() {
        let part: Vec<EventRow> = rows.by_ref().take(INSERTED_AT_ONCE).collect();
        on_each!(conn, |c| diesel::insert_into(feed_events::table).values(part).execute(c))?;
    }
    Ok(companies)
}
