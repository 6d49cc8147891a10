//! What statistics read. Nothing is written here.

use diesel::prelude::*;

use crate::error::Result;
use crate::store::Conn;
use crate::store::schema::partnership_entries;

/// A number that grows with every change of a record or reference: each appends an entry to its partnership's ledger.
pub(super) fn fingerprint(conn: &mut Conn) -> Result<i64> {
    Ok(partnership_entries::table.count().get_result(conn)?)
}
