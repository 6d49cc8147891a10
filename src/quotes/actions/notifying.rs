//! Notifies the other side of a step of a quote, in the transaction of the step, and records it in the feeds of both.

use crate::accounts::actions::{Sender, notify_company};
use crate::companies;
use crate::error::Result;
use crate::event_feed::{EventType, actions as feed};
use crate::formats::numbers;
use crate::ids::CompanyId;
use crate::locale::{Language, text};
use crate::mail::{NotificationText, Stream};
use crate::quotes::Quote;
use crate::quotes::notifications::{self, Names};
use crate::quotes::rules::supplier_knows_buyer;
use crate::rfqs::Rfq;
use crate::store::Tx;

fn names(tx: &mut Tx, quote: &Quote, rfq: &Rfq) -> Result<Names> {
    let mut names = companies::store::names(tx.conn(), &[quote.supplier.0, quote.buyer.0])?;
    let mut name = |id: CompanyId| names.remove(&id.0).unwrap_or_default();
    let (supplier, buyer) = (name(quote.supplier), name(quote.buyer));
    // The same rule as on the page: an e-mail must not name whom the page hides.
    let buyer =
        if supplier_knows_buyer(quote, rfq) { buyer } else { text(Language::English, "quotes-the-buyer").to_owned() };
    Ok(Names { supplier, buyer })
}

/// Notifies one side of what the other one did.
fn notify(tx: &mut Tx, quote: &Quote, company: CompanyId, event: &str, content: &NotificationText) -> Result<()> {
    let other = if company == quote.buyer { quote.supplier } else { quote.buyer };
    notify_company(tx, Sender::Company(other), company, Stream::Transactional, event, content).map(drop)
}

fn record(tx: &mut Tx, kind: EventType, quote: &Quote) -> Result<()> {
    feed::record(tx, kind, &quote.event_data(), &quote.parties())
}

pub(super) fn submitted(tx: &mut Tx, quote: &Quote, rfq: &Rfq) -> Result<()> {
    record(tx, EventType::QuoteSubmitted, quote)?;
    let content = notifications::submitted(quote, rfq, &names(tx, quote, rfq)?);
    notify(tx, quote, quote.buyer, &format!("quote submitted {}", quote.id), &content)
}

pub(super) fn revised(tx: &mut Tx, quote: &Quote, rfq: &Rfq) -> Result<()> {
    record(tx, EventType::QuoteRevised, quote)?;
    let content = notifications::revised(quote, rfq, &names(tx, quote, rfq)?);
    notify(tx, quote, quote.buyer, &format!("quote revised {} {}", quote.id, quote.revision), &content)
}

pub(super) fn withdrawn(tx: &mut Tx, quote: &Quote, rfq: &Rfq) -> Result<()> {
    record(tx, EventType::QuoteWithdrawn, quote)?;
    let content = notifications::withdrawn(quote, rfq, &names(tx, quote, rfq)?);
    notify(tx, quote, quote.buyer, &format!("quote withdrawn {}", quote.id), &content)
}

pub(super) fn shortlisted(tx: &mut Tx, quote: &Quote, rfq: &Rfq) -> Result<()> {
    record(tx, EventType::QuoteShortlisted, quote)?;
    let content = notifications::shortlisted(quote, rfq, &names(tx, quote, rfq)?);
    // A revised quote may be shortlisted only once, but one that expired meanwhile can be again.
    notify(tx, quote, quote.supplier, &format!("quote shortlisted {} {}", quote.id, quote.revision), &content)
}

pub(super) fn accepted(tx: &mut Tx, quote: &Quote, rfq: &Rfq) -> Result<()> {
    record(tx, EventType::QuoteAccepted, quote)?;
    let content = notifications::accepted(quote, rfq, &names(tx, quote, rfq)?);
    // Item by item, a quote may be accepted several times.
    let items = numbers(&quote.awarded_items);
    notify(tx, quote, quote.supplier, format!("quote accepted {} {items}", quote.id).trim_end(), &content)
}

pub(super) fn declined(tx: &mut Tx, quote: &Quote, rfq: &Rfq) -> Result<()> {
    record(tx, EventType::QuoteDeclined, quote)?;
    let content = notifications::declined(quote, rfq, &names(tx, quote, rfq)?);
    notify(tx, quote, quote.supplier, &format!("quote declined {}", quote.id), &content)
}

/// Both sides: either may want a new version.
pub(super) fn expired(tx: &mut Tx, quote: &Quote, rfq: &Rfq) -> Result<()> {
    record(tx, EventType::QuoteExpired, quote)?;
    let event = format!("quote expired {} {}", quote.id, quote.revision);
    notify(tx, quote, quote.supplier, &event, &notifications::expired(quote, rfq))?;
    let content = notifications::expired_to_buyer(quote, rfq, &names(tx, quote, rfq)?);
    notify(tx, quote, quote.buyer, &event, &content)
}
