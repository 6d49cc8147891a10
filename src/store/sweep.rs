//! Sweeps: what time has ended is found in batches, and each row is dealt with by itself.
//!
//! One row that cannot be ended (a stored document that does not read, a refused write) must not keep the others from it. So a row that
//! fails is logged by its id, counted and passed over; the sweep goes on behind it, and tries it again the next time.

use std::fmt::Display;

use super::conn::Conn;
use super::db::{Db, StoreEvent};
use crate::error::{Code, Result};

/// How many rows a sweep looks up at once.
pub const SWEEP_BATCH: i64 = 200;

/// So many rows one after the other for which something was unavailable end the sweep: a file store that is away is not the rows' fault,
/// and with a wait of ten seconds for each, thousands of them would keep the other sweeps from their turn for a day.
const MOST_UNAVAILABLE: u32 = 10;

/// Goes through all rows that are due. `due` answers the next ones behind a row, in an order of its own, at most [`SWEEP_BATCH`] at a
/// time; `id` names one in the log; `each` deals with one, in a transaction of its own, and answers whether it did something (the row
/// may have changed since it was found). Answers with how many rows something was done.
///
/// # Errors
/// Those of `due`, and `unavailable` while the database or a file store is away. A row's own failure is none.
pub fn sweep_rows<R, I: Display>(
    db: &Db,
    name: &'static str,
    due: impl Fn(&mut Conn, Option<&R>) -> Result<Vec<R>>,
    id: impl Fn(&R) -> I,
    mut each: impl FnMut(&R) -> Result<bool>,
) -> Result<usize> {
    let (mut done, mut unavailable, mut after) = (0, 0, None);
    loop {
        let mut rows = db.read(|conn| due(conn, after.as_ref()))?;
        for row in &rows {
            match each(row) {
                Ok(did) => {
                    done += usize::from(did);
                    unavailable = 0;
                }
                Err(problem) => {
                    log::error!("{name}: {} failed and is passed over: {problem}", id(row));
                    db.observe(StoreEvent::RowFailed { sweep: name });
                    if problem.code != Code::Unavailable {
                        unavailable = 0;
                        continue;
                    }
                    unavailable += 1;
                    // Ends at once where it is the database that is away.
                    db.read(|_| Ok(()))?;
                    if unavailable == MOST_UNAVAILABLE {
                        return Err(problem);
                    }
                }
            }
        }
        // Behind the last row, not at the first again: rows that failed would be the head of every further batch, and the sweep endless.
        after = rows.pop();
        if after.is_none() {
            return Ok(done);
        }
    }
}

/// Loads the next rows of a sweep, by the column of what is due and then by id, behind `after`, a row's pair of them:
/// `due_rows!(query.into_boxed(), rfqs::deadline, rfqs::id, after, conn)` answers such pairs.
#[macro_export]
macro_rules! due_rows {
    ($query:expr, $at:expr, $id:expr, $after:expr, $conn:expr) => {{
        let query = $query.order(($at, $id)).limit($crate::store::SWEEP_BATCH).select(($at.assume_not_null(), $id));
        match $after {
            Some((at, id)) => query.filter($at.gt(*at).or($at.eq(*at).and($id.gt(*id)))).load($conn),
            None => query.load($conn),
        }
    }};
}
