//! Reading the change log.

use diesel::prelude::*;

use crate::error::Result;
use crate::store::schema::changes;
use crate::store::{Change, Conn, from_text};

/// A change with its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoggedChange {
    /// The number, in the order of commit.
    pub seq: i64,
    /// What changed.
    pub change: Change,
}

/// The next `most` changes after the number `seq`, in order.
pub fn changes_after(conn: &mut Conn, seq: i64, most: i64) -> Result<Vec<LoggedChange>> {
    let rows: Vec<(i64, String, i64, String)> = changes::table
        .filter(changes::seq.gt(seq))
        .order(changes::seq)
        .limit(most)
        .select((changes::seq, changes::entity, changes::entity_id, changes::op))
        .load(conn)?;
    rows.into_iter()
        .map(|(seq, entity, id, op)| {
            Ok(LoggedChange { seq, change: Change { entity: from_text(&entity)?, id, op: from_text(&op)? } })
        })
        .collect()
}

/// The number of the newest change; 0 when there is none.
pub fn last_change(conn: &mut Conn) -> Result<i64> {
    let newest: Option<i64> = changes::table.select(diesel::dsl::max(changes::seq)).first(conn)?;
    Ok(newest.unwrap_or(0))
}
