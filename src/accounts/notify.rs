//! Telling a company's people something by mail: one job for each person, in the transaction of what happened.

use super::jobs::SendLetter;
use super::store;
use crate::error::Result;
use crate::ids::CompanyId;
use crate::mail::{Content, Stream};
use crate::outbox::{Options, enqueue};
use crate::store::Tx;

/// Enqueues a letter to everybody in the company who trades and has not refused the stream; answers how many. `event` names what
/// happened (`match mat_...`): the same event never makes a second letter for the same person.
pub fn tell_company(tx: &mut Tx, company: CompanyId, stream: Stream, event: &str, content: &Content) -> Result<usize> {
    let people = store::list_recipients(tx.conn(), company, stream)?;
    for person in &people {
        let key = format!("letter {event} {person}");
        let job = SendLetter { person: *person, stream, event: event.to_owned(), content: content.clone() };
        enqueue(tx, &job, Options::once(key).to("mail"))?;
    }
    Ok(people.len())
}
