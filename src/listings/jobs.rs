//! The end of a listing's life: the sweep over the listings whose last day has passed.

use super::{Listing, ListingState, actions, store};
use crate::app::App;
use crate::error::Result;
use crate::event_feed::EventType;
use crate::ids::ListingId;
use crate::store::{Entity, Op, Tx, sweep_rows};

/// Ends the life of every published or paused listing whose last day has passed, each in a transaction of its own; answers how many there were.
pub fn expire_due(app: &App) -> Result<usize> {
    let now = app.clock.now();
    let id = |(_, id): &(_, i64)| ListingId(*id);
    sweep_rows(
        &app.db,
        "expiring listings",
        |conn, after| store::list_due(conn, now, after),
        id,
        |row| app.db.write(|tx| expire_if_due(tx, id(row))),
    )
}

/// The listing may have been renewed or paused since it was found due.
fn expire_if_due(tx: &mut Tx, id: ListingId) -> Result<bool> {
    let Some(listing) = store::find(tx.conn(), id)? else { return Ok(false) };
    let has_end = matches!(listing.state, ListingState::Published | ListingState::Paused);
    let is_due = has_end && listing.expires_at.is_some_and(|last| last <= tx.now());
    if is_due {
        let expired = store::update(tx, &Listing { state: listing.state.expire()?, ..listing })?;
        tx.record_change(Entity::Listing, id.0, Op::Removed);
        actions::withdraw(tx, &expired)?;
        actions::record(tx, EventType::ListingExpired, &expired)?;
    }
    Ok(is_due)
}
