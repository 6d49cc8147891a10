//! Rows of `blobs`.

use diesel::prelude::*;

use super::blob::Blob;
use crate::clock::Time;
use crate::error::{Code, Problem, Result};
use crate::ids::BlobId;
use crate::locale::{Language, text};
use crate::store::schema::blobs;
use crate::store::{Conn, SWEEP_BATCH, Tx, or_duplicate};

/// The live blob of these bytes, made where there is none, and whether its file is there for certain. It is left alone by the sweep for an
/// hour from now.
pub(super) fn reserve(tx: &mut Tx, sha256: &str, bytes: u64) -> Result<(BlobId, bool)> {
    let now = tx.now_db();
    let found: Option<(i64, i64)> = blobs::table
        .filter(blobs::sha256.eq(sha256))
        .filter(blobs::marked_for_deletion_at.is_null())
        .select((blobs::id, blobs::uses))
        .first(tx.conn())
        .optional()?;
    if let Some((id, uses)) = found {
        // Even where it is used: its last row may go before the new one comes, and the sweep must not be there in between.
        diesel::update(blobs::table.find(id)).set(blobs::unused_since.eq(now)).execute(tx.conn())?;
        return Ok((BlobId(id), uses > 0));
    }
    let id: BlobId = tx.make_id();
    let row = (
        blobs::id.eq(id.0),
        blobs::sha256.eq(sha256),
        blobs::bytes.eq(i64::try_from(bytes).map_err(Problem::internal)?),
        blobs::uses.eq(0_i64),
        blobs::unused_since.eq(now),
    );
    // Somebody else sends the same bytes at the same moment: run again, and find their row.
    or_duplicate(diesel::insert_into(blobs::table).values(row).execute(tx.conn()), Problem::transient)?;
    Ok((id, false))
}

/// Records that one more row points at the blob.
///
/// # Errors
/// `unavailable` when more than an hour has passed since [`Blobs::put`](super::Blobs::put) and the blob was swept.
pub fn retain(tx: &mut Tx, id: BlobId) -> Result<()> {
    // Counted by the database and not read before: rows of different use cases count themselves at the same moment.
    let changed = diesel::update(blobs::table.find(id.0).filter(blobs::marked_for_deletion_at.is_null()))
        .set(blobs::uses.eq(blobs::uses + 1))
        .execute(tx.conn())?;
    if changed == 1 {
        return Ok(());
    }
    Err(Problem::new(Code::Unavailable, text(Language::English, "errors-upload-stored-slow")))
}

/// Records that one row less points at the blob.
pub fn release(tx: &mut Tx, id: BlobId) -> Result<()> {
    let now = tx.now_db();
    diesel::update(blobs::table.find(id.0))
        .set((blobs::uses.eq(blobs::uses - 1), blobs::unused_since.eq(now)))
        .execute(tx.conn())?;
    Ok(())
}

/// Marks blobs for deletion that nothing has used since the time, at most [`SWEEP_BATCH`], and answers how many: from now on the same bytes are stored anew.
pub(super) fn mark_for_deletion(tx: &mut Tx, unused_since: Time) -> Result<usize> {
    let now = tx.now_db();
    let unused: Vec<i64> = blobs::table
        .filter(blobs::uses.eq(0))
        .filter(blobs::marked_for_deletion_at.is_null())
        .filter(blobs::unused_since.lt(unused_since.naive_utc()))
        .order(blobs::unused_since)
        .limit(SWEEP_BATCH)
        .select(blobs::id)
        .load(tx.conn())?;
    if unused.is_empty() {
        return Ok(0);
    }
    let unused = blobs::table.filter(blobs::id.eq_any(unused));
    Ok(diesel::update(unused).set(blobs::marked_for_deletion_at.eq(now)).execute(tx.conn())?)
}

/// Blobs that are marked for deletion and whose files may still be there.
pub(super) fn list_marked(conn: &mut Conn, after: Option<&Blob>) -> Result<Vec<Blob>> {
    let rows: Vec<(i64, String)> = blobs::table
        .filter(blobs::marked_for_deletion_at.is_not_null())
        .filter(blobs::id.gt(after.map_or(i64::MIN, |blob| blob.id.0)))
        .order(blobs::id)
        .limit(SWEEP_BATCH)
        .select((blobs::id, blobs::sha256))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, sha256)| Blob { id: BlobId(id), sha256 }).collect())
}

/// Removes the row of a blob whose file is gone.
pub(super) fn delete(tx: &mut Tx, id: BlobId) -> Result<()> {
    diesel::delete(blobs::table.find(id.0)).execute(tx.conn())?;
    Ok(())
}
