//! The event log: how long the rows of the event feed are kept.

use chrono::{Duration, NaiveDateTime};
use diesel::prelude::*;

use super::schema::feed_events;
use super::{Conn, Db, Tx};
use crate::clock::Time;
use crate::error::Result;

/// How long an event is kept, in days.
pub const KEPT_DAYS: i64 = 30;
/// So many events are forgotten in one transaction.
const PURGED_AT_ONCE: i64 = 1_000;

/// Forgets events that are older than 30 days; answers how many.
pub fn purge_events(db: &Db) -> Result<usize> {
    let mut total = 0;
    while db.read(|conn| has_old(conn, db.clock().now()))? {
        // Not serialisable: nobody decides by what is 30 days old, and it would collide with all that write new ones.
        match db.write_read_committed(purge_some)? {
            0 => break,
            purged => total += purged,
        }
    }
    Ok(total)
}

fn kept_since(now: Time) -> NaiveDateTime {
    (now - Duration::days(KEPT_DAYS)).naive_utc()
}

fn has_old(conn: &mut Conn, now: Time) -> Result<bool> {
    let oldest: Option<NaiveDateTime> =
        feed_events::table.order(feed_events::seq).select(feed_events::at).first(conn).optional()?;
    Ok(oldest.is_some_and(|at| at < kept_since(now)))
}

fn purge_some(tx: &mut Tx) -> Result<usize> {
    let before = kept_since(tx.now());
    let oldest: Vec<(i64, NaiveDateTime)> = feed_events::table
        .order(feed_events::seq)
        .limit(PURGED_AT_ONCE)
        .select((feed_events::seq, feed_events::at))
        .load(tx.conn())?;
    let Some((last, _)) = oldest.iter().take_while(|(_, at)| *at < before).last() else { return Ok(0) };
    Ok(diesel::delete(feed_events::table.filter(feed_events::seq.le(*last))).execute(tx.conn())?)
}
