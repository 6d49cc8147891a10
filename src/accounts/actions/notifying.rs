//! Enqueueing e-mail notifications: one job for each recipient, in the transaction of what happened.

use crate::accounts::events::SendEmail;
use crate::accounts::store;
use crate::error::Result;
use crate::ids::{CompanyId, UserId};
use crate::mail::{NotificationText, Stream};
use crate::outbox::{Options, enqueue};
use crate::store::Tx;

/// Notifies everybody in the company who trades and has not refused the stream; answers how many. `event` names what happened
/// (`match mat_...`): the same event never makes a second e-mail for the same person.
pub fn notify_company(
    tx: &mut Tx,
    company: CompanyId,
    stream: Stream,
    event: &str,
    text: &NotificationText,
) -> Result<usize> {
    let recipients = store::list_recipients(tx.conn(), company, stream)?;
    for user in &recipients {
        enqueue_email(tx, *user, stream, event, text)?;
    }
    Ok(recipients.len())
}

/// Notifies one user about their own account; this cannot be refused.
pub(in crate::accounts) fn notify_user(tx: &mut Tx, user: UserId, event: &str, text: &NotificationText) -> Result<()> {
    enqueue_email(tx, user, Stream::Transactional, event, text)
}

fn enqueue_email(tx: &mut Tx, user: UserId, stream: Stream, event: &str, text: &NotificationText) -> Result<()> {
    // The word "letter" stays in the key: with another one, what was enqueued before an upgrade would be sent twice.
    let key = format!("letter {event} {user}");
    let job = SendEmail { person: user, stream, event: event.to_owned(), content: text.clone() };
    let options = Options::once(key).on_queue("mail");
    // One RFQ may be announced to thousands: who is notified of a trade of their own does not wait for them.
    enqueue(tx, &job, if stream == Stream::Transactional { options.high_priority() } else { options })
}
