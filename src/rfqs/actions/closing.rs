//! What ends an RFQ without its buyer: the deadline, the last seat, an accepted quote.

use super::{notifying, save};
use crate::app::App;
use crate::error::Result;
use crate::ids::RfqId;
use crate::rfqs::queries::{absent, counts_of};
use crate::rfqs::{ClosedReason, Rfq, RfqState, rules, store};
use crate::store::{Tx, sweep_rows};

/// Closes the open RFQs whose deadline has passed, each in a transaction of its own; answers how many.
pub fn close_due(app: &App) -> Result<usize> {
    let now = app.clock.now();
    let id = |(_, id): &(_, i64)| RfqId(*id);
    sweep_rows(
        &app.db,
        "closing RFQs",
        |conn, after| store::list_due(conn, now, after),
        id,
        |row| app.db.write(|tx| close_if_due(tx, id(row))),
    )
}

/// The deadline may have moved since the RFQ was found due.
fn close_if_due(tx: &mut Tx, id: RfqId) -> Result<bool> {
    let Some(rfq) = store::find(tx.conn(), id)? else { return Ok(false) };
    // Looked at again in its own transaction: the buyer may have extended or closed it since the list was read.
    let is_due = rfq.state == RfqState::Open && rfq.deadline.is_some_and(|deadline| deadline <= tx.now());
    if is_due {
        close_for(tx, rfq, ClosedReason::Deadline)?;
    }
    Ok(is_due)
}

/// Closes an open RFQ whose last seat was taken, in the transaction of the quote that took it.
///
/// # Errors
/// `conflict` when it is not open.
pub fn close_full(tx: &mut Tx, id: RfqId) -> Result<Rfq> {
    let rfq = store::find(tx.conn(), id)?.ok_or_else(absent)?;
    close_for(tx, rfq, ClosedReason::Seats)
}

fn close_for(tx: &mut Tx, mut rfq: Rfq, reason: ClosedReason) -> Result<Rfq> {
    rfq.state = rfq.state.close()?;
    rfq.closed_reason = Some(reason);
    save(tx, &mut rfq)?;
    notifying::closed_by_itself(tx, &rfq)?;
    Ok(rfq)
}

/// Notes that a quote was accepted, in the transaction that accepts it. A whole award ends the RFQ; a split one leaves its state as it is
/// until the buyer closes it. The caller notifies the suppliers.
///
/// # Errors
/// `conflict` when the RFQ is a draft, decided or withdrawn.
pub fn award(tx: &mut Tx, id: RfqId, split: bool) -> Result<Rfq> {
    let mut rfq = store::find(tx.conn(), id)?.ok_or_else(absent)?;
    let awarded = rfq.state.award()?;
    // Never back to false: what was split once has a part awarded.
    rfq.split_award |= split;
    if !split {
        rfq.state = awarded;
    }
    save(tx, &mut rfq)?;
    if !split {
        notifying::awarded(tx, &rfq)?;
    }
    Ok(rfq)
}

/// Decides a closed RFQ of which no quote waits for a decision any more: awarded if one was accepted, else not. For the transaction that
/// declined the last quote; changes nothing otherwise, nor where there never was a quote.
pub fn decide_if_complete(tx: &mut Tx, id: RfqId) -> Result<Rfq> {
    let mut rfq = store::find(tx.conn(), id)?.ok_or_else(absent)?;
    let counts = counts_of(tx.conn(), id)?;
    if let Some(decided) = rules::decided_state(rfq.state, counts.quotes, counts.undecided, counts.accepted) {
        rfq.state = decided;
        save(tx, &mut rfq)?;
        match decided {
            RfqState::Awarded => notifying::awarded(tx, &rfq)?,
            _ => notifying::not_awarded(tx, &rfq)?,
        }
    }
    Ok(rfq)
}
