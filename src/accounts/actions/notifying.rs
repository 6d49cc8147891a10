//! Notifying people in the transaction of what happened: a line on the site, and one job for each e-mail.

use crate::accounts::events::SendEmail;
use crate::accounts::store::{self, NewNotification, Reader};
use crate::clock::Time;
use crate::error::Result;
use crate::ids::{CompanyId, NotificationId, UserId};
use crate::locale::Language;
use crate::mail::rules::{ACCOUNT_LANE, conversation_root, kind_of, lane, without_contact};
use crate::mail::{NotificationKind, NotificationText, Stream};
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

/// Notifies everybody in the company who trades: on the site, and by e-mail those who have not refused the stream; answers how many by e-mail.
/// `event` names what happened (`match mat_...`): the same event never makes a second e-mail for the same person.
pub fn notify_company(
    tx: &mut Tx,
    from: Sender,
    company: CompanyId,
    stream: Stream,
    event: &str,
    text: &NotificationText,
) -> Result<usize> {
    // That stream can be refused by nobody.
    let everybody = store::list_recipients(tx.conn(), company, Stream::Transactional)?;
    let recipients = match stream {
        Stream::Transactional => everybody.clone(),
        _ => store::list_recipients(tx.conn(), company, stream)?,
    };
    notify(tx, from, company, &Readers { shown: &everybody, mailed: &recipients }, stream, event, text)?;
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
    notify(tx, from, company, &Readers { shown: recipients, mailed: recipients }, stream, event, text)
}

/// Who is notified on the site, and who by e-mail.
struct Readers<'a> {
    shown: &'a [UserId],
    mailed: &'a [UserId],
}

fn notify(
    tx: &mut Tx,
    from: Sender,
    company: CompanyId,
    readers: &Readers<'_>,
    stream: Stream,
    event: &str,
    text: &NotificationText,
) -> Result<()> {
    let sender = match from {
        Sender::Company(sender) if sender != company => Some(sender),
        _ => None,
    };
    let is_stranger = match sender {
        Some(sender) if !readers.shown.is_empty() => !store::have_dealt(tx.conn(), sender, company)?,
        _ => false,
    };
    let read = is_stranger.then(|| without_contact(Language::English, text));
    let content = read.as_ref().unwrap_or(text);
    let path = content.action.as_ref().map_or("/", |(_, path)| path.as_str());
    let shown = NewNotification {
        kind: kind_of(stream, event),
        event,
        // A conversation is one line, however much is written before somebody looks.
        gather_key: conversation_root(event).unwrap_or(event),
        title: &content.subject,
        path,
        times: 1,
    };
    for user in readers.shown {
        store::insert_notification(tx, Reader { user: *user, company }, &shown)?;
    }
    let job = |user| SendEmail {
        person: user,
        stream,
        event: event.to_owned(),
        content: content.clone(),
        sender,
        way_out: None,
    };
    for user in readers.mailed {
        enqueue_email(tx, &job(*user), lane(sender))?;
    }
    Ok(())
}

/// What a saved search has found, to be shown on the site.
#[derive(Clone, Copy, Debug)]
pub struct ShownFinds<'a> {
    /// The id of the search, under which unread ones become one.
    pub search: &'a str,
    /// The line.
    pub title: &'a str,
    /// The path of its page.
    pub path: &'a str,
    /// How many things it found.
    pub times: u32,
}

/// Shows somebody on the site what one of their saved searches has found; the e-mail about it comes when it is due.
pub fn show_finds(tx: &mut Tx, person: UserId, company: CompanyId, finds: ShownFinds<'_>) -> Result<()> {
    let ShownFinds { search, title, path, times } = finds;
    let (kind, gather_key) = (NotificationKind::Alerts, format!("alerts {search}"));
    let number: NotificationId = tx.make_id();
    let event = format!("{gather_key} {number}");
    let new = NewNotification { kind, event: &event, gather_key: &gather_key, title, path, times };
    store::insert_notification(tx, Reader { user: person, company }, &new)
}

/// Notifies somebody of what their saved searches have found. `way_out` is the path of the address that ends just this; without it the
/// stream as a whole can be refused.
pub fn notify_subscriber(
    tx: &mut Tx,
    person: UserId,
    event: &str,
    text: &NotificationText,
    way_out: Option<String>,
) -> Result<()> {
    let (stream, event) = (Stream::Alerts, event.to_owned());
    let job = SendEmail { person, stream, event, content: text.clone(), sender: None, way_out };
    enqueue_email(tx, &job, lane(None))
}

/// How many e-mails companies caused somebody to be sent since then, counted up to `most`.
pub fn count_mails_to(conn: &mut Conn, person: UserId, since: Time, most: i64) -> Result<i64> {
    store::count_mails_to(conn, person, None, since, most)
}

/// Notifies one user about their own account; this cannot be refused.
pub(in crate::accounts) fn notify_user(tx: &mut Tx, user: UserId, event: &str, text: &NotificationText) -> Result<()> {
    let (stream, event) = (Stream::Transactional, event.to_owned());
    let job = SendEmail { person: user, stream, event, content: text.clone(), sender: None, way_out: None };
    enqueue(tx, &job, options_of(&job, ACCOUNT_LANE.to_owned()).urgent())
}

fn options_of(job: &SendEmail, lane: String) -> Options {
    // The word "letter" stays in the key: with another one, what was enqueued before an upgrade would be sent twice.
    Options::once(format!("letter {} {}", job.event, job.person)).on_queue(lane)
}

fn enqueue_email(tx: &mut Tx, job: &SendEmail, lane: String) -> Result<()> {
    let options = options_of(job, lane);
    // One RFQ may be announced to thousands: who is notified of a trade of their own does not wait for them.
    enqueue(
        tx,
        job,
        if matches!(job.stream, Stream::Matches | Stream::Alerts) { options } else { options.high_priority() },
    )
}
