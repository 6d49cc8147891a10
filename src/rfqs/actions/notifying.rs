//! Notifies the buyer, and the suppliers whose quotes wait for a decision, in the transaction of what happened; and records it in the feeds
//! of all who have to do with the RFQ.

use crate::accounts::actions::{Sender, notify_company};
use crate::error::Result;
use crate::event_feed::{EventData, EventType, actions as feed};
use crate::ids::CompanyId;
use crate::mail::{NotificationText, Stream};
use crate::rfqs::{Question, Rfq, RfqState, notifications, store};
use crate::store::Tx;

/// The event is keyed by the version: each change of an RFQ is one e-mail to each supplier, however often a job repeats it.
fn waiting_suppliers(tx: &mut Tx, rfq: &Rfq, event: &str, content: &NotificationText) -> Result<()> {
    for supplier in store::list_waiting_suppliers(tx.conn(), rfq.id)? {
        let event = format!("{event} {} v{}", rfq.id, rfq.version);
        notify_company(tx, Sender::Company(rfq.company), supplier, Stream::Transactional, &event, content)?;
    }
    Ok(())
}

/// For the buyer, for the suppliers that quoted and did not withdraw, and for those that are invited.
fn record(tx: &mut Tx, kind: EventType, rfq: &Rfq, changed: Option<Vec<String>>) -> Result<()> {
    let mut companies = store::list_quoting_suppliers(tx.conn(), rfq.id)?;
    companies.extend(store::invitations::list_notified_suppliers(tx.conn(), rfq.id)?);
    companies.push(rfq.company);
    feed::record(tx, kind, &EventData { changed, ..rfq.event_data() }, &companies)
}

pub(super) fn published(tx: &mut Tx, rfq: &Rfq) -> Result<()> {
    record(tx, EventType::RfqPublished, rfq, None)
}

/// The suppliers are invited: an e-mail under the rules of those about matches, once for an RFQ, and the event that it is published, which it is
/// for them from now on.
pub(super) fn invited(tx: &mut Tx, rfq: &Rfq, buyer: Option<&str>, suppliers: &[CompanyId]) -> Result<()> {
    let content = notifications::invited(rfq, buyer);
    for supplier in suppliers {
        let event = format!("rfq invitation {} {supplier}", rfq.id);
        notify_company(tx, Sender::Company(rfq.company), *supplier, Stream::Matches, &event, &content)?;
    }
    feed::record(tx, EventType::RfqPublished, &rfq.event_data(), suppliers)
}

/// Nobody is sent an e-mail: who accepts a quote notifies its supplier, and those that are declined.
pub(super) fn awarded(tx: &mut Tx, rfq: &Rfq) -> Result<()> {
    record(tx, EventType::RfqAwarded, rfq, None)
}

/// The last quote that waited was declined, of which its supplier is notified.
pub(super) fn not_awarded(tx: &mut Tx, rfq: &Rfq) -> Result<()> {
    record(tx, EventType::RfqClosed, rfq, None)
}

pub(super) fn changed(tx: &mut Tx, rfq: &Rfq, fields: Vec<String>) -> Result<()> {
    record(tx, EventType::RfqChanged, rfq, Some(fields))?;
    waiting_suppliers(tx, rfq, "rfq changed", &notifications::changed(rfq))
}

pub(super) fn extended(tx: &mut Tx, rfq: &Rfq) -> Result<()> {
    record(tx, EventType::RfqChanged, rfq, Some(vec!["closing".to_owned()]))?;
    waiting_suppliers(tx, rfq, "rfq extended", &notifications::extended(rfq))
}

pub(super) fn reopened(tx: &mut Tx, rfq: &Rfq) -> Result<()> {
    record(tx, EventType::RfqChanged, rfq, Some(vec!["closing".to_owned(), "state".to_owned()]))?;
    waiting_suppliers(tx, rfq, "rfq reopened", &notifications::reopened(rfq))
}

pub(super) fn withdrawn(tx: &mut Tx, rfq: &Rfq) -> Result<()> {
    record(tx, EventType::RfqWithdrawn, rfq, None)?;
    waiting_suppliers(tx, rfq, "rfq withdrawn", &notifications::withdrawn(rfq))
}

pub(super) fn taken_down(tx: &mut Tx, rfq: &Rfq) -> Result<()> {
    record(tx, EventType::RfqWithdrawn, rfq, None)?;
    waiting_suppliers(tx, rfq, "rfq taken off", &notifications::taken_down(rfq))
}

pub(super) fn buyer_suspended(tx: &mut Tx, rfq: &Rfq) -> Result<()> {
    // A buyer may be suspended twice while the RFQ stays at its version; the time tells the two apart.
    let event = format!("rfq suspended {}", tx.now().timestamp_micros());
    waiting_suppliers(tx, rfq, &event, &notifications::buyer_suspended(rfq))
}

/// Both sides: nobody of the buyer pressed a button either.
pub(super) fn closed_by_itself(tx: &mut Tx, rfq: &Rfq) -> Result<()> {
    closed(tx, rfq)?;
    let waiting = store::list_waiting_suppliers(tx.conn(), rfq.id)?.len();
    let content = notifications::closed_to_buyer(rfq, waiting);
    let event = format!("rfq closed for buyer {}", rfq.id);
    notify_company(tx, Sender::Platform, rfq.company, Stream::Transactional, &event, &content).map(drop)
}

pub(super) fn closed(tx: &mut Tx, rfq: &Rfq) -> Result<()> {
    record(tx, EventType::RfqClosed, rfq, None)?;
    waiting_suppliers(tx, rfq, "rfq closed", &notifications::closed(rfq))
}

pub(super) fn ended(tx: &mut Tx, rfq: &Rfq) -> Result<()> {
    let kind = if rfq.state == RfqState::Awarded { EventType::RfqAwarded } else { EventType::RfqClosed };
    record(tx, kind, rfq, None)?;
    waiting_suppliers(tx, rfq, "rfq ended", &notifications::ended(rfq))
}

pub(super) fn asked(tx: &mut Tx, rfq: &Rfq, question: &Question) -> Result<()> {
    let event = format!("question asked {}", question.id);
    let (from, content) = (Sender::Company(question.company), notifications::asked(rfq, question));
    notify_company(tx, from, rfq.company, Stream::Transactional, &event, &content).map(drop)
}

pub(super) fn answered(tx: &mut Tx, rfq: &Rfq, question: &Question) -> Result<()> {
    let event = format!("question answered {}", question.id);
    let (from, content) = (Sender::Company(rfq.company), notifications::answered(rfq, question));
    notify_company(tx, from, question.company, Stream::Transactional, &event, &content).map(drop)
}
