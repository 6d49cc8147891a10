//! Telling people something by mail: one job for each person, in the transaction of what happened.

use super::jobs::SendLetter;
use super::store;
use crate::error::Result;
use crate::ids::{CompanyId, PersonId};
use crate::mail::{Content, Stream};
use crate::outbox::{Options, enqueue};
use crate::store::Tx;

/// Enqueues a letter to everybody in the company who trades and has not refused the stream; answers how many. `event` names what
/// happened (`match mat_...`): the same event never makes a second letter for the same person.
pub fn tell_company(tx: &mut Tx, company: CompanyId, stream: Stream, event: &str, content: &Content) -> Result<usize> {
    let people = store::list_recipients(tx.conn(), company, stream)?;
    for person in &people {
        tell(tx, *person, stream, event, content)?;
    }
    Ok(people.len())
}

/// Enqueues a letter to one person about their own account; it cannot be refused.
pub(super) fn tell_person(tx: &mut Tx, person: PersonId, event: &str, content: &Content) -> Result<()> {
    tell(tx, person, Stream::Transactional, event, content)
}

fn tell(tx: &mut Tx, person: PersonId, stream: Stream, event: &str, content: &Content) -> Result<()> {
    let key = format!("letter {event} {person}");
    let job = SendLetter { person, stream, event: event.to_owned(), content: content.clone() };
    let options = Options::once(key).to("mail");
    // One RFQ may be told to thousands: who is told of a trade of their own does not wait for them.
    enqueue(tx, &job, if stream == Stream::Transactional { options.ahead() } else { options })
}
