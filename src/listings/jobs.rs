//! The end of a listing's life: the hourly sweep over the listings whose last day has passed.

use super::{Listing, store};
use crate::app::App;
use crate::error::Result;
use crate::store::{Entity, Op};

const BATCH: i64 = 500;

/// Ends the life of every published listing whose last day has passed; answers how many there were.
///
/// Each batch is a transaction of its own, so that the writer is free in between; a sweep that was broken off is simply run again.
pub fn expire_due(app: &App) -> Result<usize> {
    let mut total = 0;
    loop {
        let ended = app.db.write(|tx| {
            let now = tx.now();
            let due = store::list_due(tx.conn(), now, BATCH)?;
            for listing in &due {
                let expired = Listing { state: listing.state.expire()?, ..listing.clone() };
                store::update(tx, &expired)?;
                tx.note_change(Entity::Listing, listing.id.0, Op::Removed);
            }
            Ok(due.len())
        })?;
        total += ended;
        if i64::try_from(ended).unwrap_or(0) < BATCH {
            return Ok(total);
        }
    }
}
