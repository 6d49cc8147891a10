//! Enqueueing e-mail notifications: one job for each recipient, in the transaction of what happened.

use crate::accounts::events::SendEmail;
use crate::accounts::store;
use crate::error::Result;
use crate::ids::{CompanyId, UserId};
use crate::locale::Language;
use crate::mail::rules::{ACCOUNT_LANE, lane, without_contact};
use crate::mail::{NotificationText, Stream};
use crate::outbox::{Options, enqueue};
use crate::store::{Conn, Tx};

/// Who causes an e-mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    /// The platform: a decision, a deadline, something about the reader's own company.
    Platform,
    /// A company. How many of its e-mails reach whom is bounded, and its free text is read before it goes to a stranger.
    Company(CompanyId),
}

/// Notifies everybody in the company who trades and has not refused the stream; answers how many. `event` names what happened
/// (`match mat_...`): the same event never makes a second e-mail for the same person.
pub fn notify_company(
    tx: &mut Tx,
    from: Sender,
    company: CompanyId,
    stream: Stream,
    event: &str,
    text: &NotificationText,
) -> Result<usize> {
    let recipients = store::list_recipients(tx.conn(), company, stream)?;
    notify_people(tx, from, company, &recipients, stream, event, text)?;
    Ok(recipients.len())
}

/// Whom [`notify_company`] would notify; of the transactional stream everybody in the company who trades.
pub fn list_recipients(conn: &mut Conn, company: CompanyId, stream: Stream) -> Result<Vec<UserId>> {
    store::list_recipients(conn, company, stream)
}

/// Whether the two trade with each other: by an active partnership, or a quote that was shortlisted or accepted.
pub fn have_dealt(conn: &mut Conn, one: CompanyId, other: CompanyId) -> Result<bool> {
    store::have_dealt(conn, one, other)
}

/// Notifies these people of the company; as [`notify_company`] for those who choose among its recipients.
pub fn notify_people(
    tx: &mut Tx,
    from: Sender,
    company: CompanyId,
    recipients: &[UserId],
    stream: Stream,
    event: &str,
    text: &NotificationText,
) -> Result<()> {
    let sender = match from {
        Sender::Company(sender) if sender != company => Some(sender),
        _ => None,
    };
    let is_stranger = match sender {
        Some(sender) if !recipients.is_empty() => !store::have_dealt(tx.conn(), sender, company)?,
        _ => false,
    };
    let read = is_stranger.then(|| without_contact(Language::English, text));
    let job = |user| SendEmail {
        person: user,
        stream,
        event: event.to_owned(),
        content: read.as_ref().unwrap_or(text).clone(),
        sender,
    };
    for user in recipients {
        enqueue_email(tx, &job(*user), lane(sender))?;
    }
    Ok(())
}

/// Notifies one user about their own account; this cannot be refused.
pub(in crate::accounts) fn notify_user(tx: &mut Tx, user: UserId, event: &str, text: &NotificationText) -> Result<()> {
    let (stream, event) = (Stream::Transactional, event.to_owned());
    let job = SendEmail { person: user, stream, event, content: text.clone(), sender: None };
    enqueue(tx, &job, options_of(&job, ACCOUNT_LANE.to_owned()).urgent())
}

fn options_of(job: &SendEmail, lane: String) -> Options {
    // The word "letter" stays in the key: with another one, what was enqueued before an upgrade would be sent twice.
    Options::once(format!("letter {} {}", job.event, job.person)).on_queue(lane)
}

fn enqueue_email(tx: &mut Tx, job: &SendEmail, lane: String) -> Result<()> {
    let options = options_of(job, lane);
    // One RFQ may be announced to thousands: who is notified of a trade of their own does not wait for them.
    enqueue(tx, job, if job.stream == Stream::Matches { options } else { options.high_priority() })
}
