//! The change log: reading it, and forgetting its beginning.

use chrono::{Duration, NaiveDateTime};
use diesel::prelude::*;

use super::schema::{changes, meta};
use super::{Change, Conn, Db, Tx, from_text, slowest_position};
use crate::clock::Time;
use crate::error::{Problem, Result};

/// How long a change is kept at least, in days: so long whoever reads the log as a feed may be away.
const KEPT_DAYS: i64 = 30;
/// So many changes are forgotten in one transaction.
const PURGED_AT_ONCE: i64 = 1_000;
/// Where the number of the last change that was forgotten is kept, in `meta`.
const PURGED_TO: &str = "changes_purged_to";

/// A change with its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoggedChange {
    /// The number, in the order of commit.
    pub seq: i64,
    /// What changed.
    pub change: Change,
    /// When the transaction that changed it began.
    pub at: Time,
}

/// The next `most` changes after the number `seq`, in order.
pub fn changes_after(conn: &mut Conn, seq: i64, most: i64) -> Result<Vec<LoggedChange>> {
    let rows: Vec<(i64, String, i64, String, NaiveDateTime)> = changes::table
        .filter(changes::seq.gt(seq))
        .order(changes::seq)
        .limit(most)
        .select((changes::seq, changes::entity, changes::entity_id, changes::op, changes::at))
        .load(conn)?;
    rows.into_iter()
        .map(|(seq, entity, id, op, at)| {
            let change = Change { entity: from_text(&entity)?, id, op: from_text(&op)? };
            Ok(LoggedChange { seq, change, at: at.and_utc() })
        })
        .collect()
}

/// The number of the newest change; 0 when there is none.
pub fn last_change(conn: &mut Conn) -> Result<i64> {
    let newest: Option<i64> = changes::table.select(diesel::dsl::max(changes::seq)).first(conn)?;
    Ok(newest.unwrap_or(0))
}

/// The number of the last change that was purged; 0 when none was. Who has not come so far has missed something, and begins anew from the
/// tables.
pub fn purged_to(conn: &mut Conn) -> Result<i64> {
    let stored: Option<String> =
        meta::table.filter(meta::key.eq(PURGED_TO)).select(meta::value).first(conn).optional()?;
    stored.map_or(Ok(0), |text| text.parse().map_err(Problem::internal))
}

/// Forgets changes that are older than 30 days and that every search index has applied; answers how many. The newest one always stays: its
/// number says how far there is to go.
pub fn purge_changes(db: &Db) -> Result<usize> {
    let mut total = 0;
    // Looked at by a reader first: a serialisable transaction that read the log's end every minute would collide with all that write it.
    while db.read(|conn| has_old(conn, db.clock().now()))? {
        match db.write(purge_some)? {
            0 => break,
            purged => total += purged,
        }
    }
    Ok(total)
}

fn has_old(conn: &mut Conn, now: Time) -> Result<bool> {
    let oldest: Option<NaiveDateTime> =
        changes::table.order(changes::seq).select(changes::at).first(conn).optional()?;
    Ok(oldest.is_some_and(|at| at < (now - Duration::days(KEPT_DAYS)).naive_utc()))
}

fn purge_some(tx: &mut Tx) -> Result<usize> {
    let before = (tx.now() - Duration::days(KEPT_DAYS)).naive_utc();
    let (now, newest) = (tx.now(), last_change(tx.conn())?);
    // No node at all (a command that runs alone) holds nothing back.
    let until = slowest_position(tx.conn(), now)?.unwrap_or(i64::MAX).min(newest - 1);
    let oldest: Vec<(i64, NaiveDateTime)> = changes::table
        .filter(changes::seq.le(until))
        .order(changes::seq)
        .limit(PURGED_AT_ONCE)
        .select((changes::seq, changes::at))
        .load(tx.conn())?;
    // Up to the first that is still kept: the log has no holes.
    let Some((last, _)) = oldest.iter().take_while(|(_, at)| *at < before).last() else { return Ok(0) };
    diesel::delete(meta::table.filter(meta::key.eq(PURGED_TO))).execute(tx.conn())?;
    let row = (meta::key.eq(PURGED_TO), meta::value.eq(last.to_string()));
    diesel::insert_into(meta::table).values(row).execute(tx.conn())?;
    Ok(diesel::delete(changes::table.filter(changes::seq.le(*last))).execute(tx.conn())?)
}
