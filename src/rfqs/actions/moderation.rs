//! What moderators do to RFQs; each step in the transaction of their decision.

use super::{announce, decline_waiting, notifying, save};
use crate::error::Result;
use crate::ids::{CompanyId, RfqId};
use crate::rfqs::queries::absent;
use crate::rfqs::{Rfq, store};
use crate::store::{SWEEP_BATCH, Tx};

/// Takes an RFQ down: it is withdrawn, its buyer reads why, the quotes that wait are declined and their suppliers notified.
///
/// # Errors
/// `not_found`; `conflict` when it is decided or withdrawn.
pub fn take_down(tx: &mut Tx, id: RfqId, reason: &str) -> Result<Rfq> {
    let mut rfq = store::find(tx.conn(), id)?.ok_or_else(absent)?;
    rfq.state = rfq.state.withdraw()?;
    rfq.withdrawn_reason = Some(reason.to_owned());
    save(tx, &mut rfq)?;
    notifying::taken_down(tx, &rfq)?;
    decline_waiting(tx, &rfq)?;
    Ok(rfq)
}

/// Notifies the suppliers whose quotes wait that the buyer is suspended. Their quotes stay as they are: a suspension can be lifted, and a
/// declined quote could not come back with the RFQ.
pub fn notify_of_suspension(tx: &mut Tx, company: CompanyId) -> Result<()> {
    for id in store::list_with_live_quotes(tx.conn(), company)? {
        let rfq = store::find(tx.conn(), id)?.ok_or_else(absent)?;
        notifying::buyer_suspended(tx, &rfq)?;
    }
    Ok(())
}

/// Has the open RFQs of a company that takes part again matched once more: suppliers that came meanwhile have not seen them.
pub fn match_again(tx: &mut Tx, company: CompanyId) -> Result<()> {
    let mut after = None;
    loop {
        let open = store::open_of_companies(tx.conn(), &[company.0], after, SWEEP_BATCH)?;
        let Some(last) = open.last() else { return Ok(()) };
        after = Some(*last);
        for (_, id) in open {
            let mut rfq = store::find(tx.conn(), RfqId(id))?.ok_or_else(absent)?;
            save(tx, &mut rfq)?;
            announce(tx, &rfq)?;
        }
    }
}
