//! Rows of `mail_items`: what one company makes another be mailed, until it is sent, and how much it was.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::clock::Time;
use crate::error::Result;
use crate::ids::{CompanyId, JobId, UserId};
use crate::mail::{NotificationText, Stream};
use crate::on_each;
use crate::store::schema::mail_items;
use crate::store::{Conn, Tx, from_json, from_text};
use crate::wire::to_json;

pub(in crate::accounts) struct NewMailItem<'a> {
    pub person: UserId,
    pub sender: CompanyId,
    pub gather_key: &'a str,
    pub stream: Stream,
    pub event: &'a str,
    pub content: &'a NotificationText,
}

/// Something that is to be mailed.
pub(in crate::accounts) struct MailItem {
    pub id: i64,
    pub sender: CompanyId,
    pub stream: Stream,
    pub event: String,
    pub content: NotificationText,
    pub created_at: Time,
}

type ItemRow = (i64, i64, String, String, String, NaiveDateTime);

const ITEM: (
    mail_items::id,
    mail_items::sender_id,
    mail_items::stream,
    mail_items::event,
    mail_items::content,
    mail_items::created_at,
) = (
    mail_items::id,
    mail_items::sender_id,
    mail_items::stream,
    mail_items::event,
    mail_items::content,
    mail_items::created_at,
);

fn item((id, sender, stream, event, content, created_at): ItemRow) -> Result<MailItem> {
    Ok(MailItem {
        id,
        sender: CompanyId(sender),
        stream: from_text(&stream)?,
        event,
        content: from_json(&content)?,
        created_at: created_at.and_utc(),
    })
}

/// Stores what is to be mailed, once for the event.
pub(in crate::accounts) fn insert_mail_item(tx: &mut Tx, new: &NewMailItem) -> Result<()> {
    let id: JobId = tx.make_id();
    let row = (
        mail_items::id.eq(id.0),
        mail_items::user_id.eq(new.person.0),
        mail_items::sender_id.eq(new.sender.0),
        mail_items::gather_key.eq(new.gather_key),
        mail_items::stream.eq(new.stream.as_str()),
        mail_items::event.eq(new.event),
        mail_items::content.eq(to_json(new.content)?),
        mail_items::created_at.eq(tx.now_db()),
    );
    on_each!(tx.conn(), |c| diesel::insert_into(mail_items::table)
        .values(row)
        .on_conflict((mail_items::user_id, mail_items::event))
        .do_nothing()
        .execute(c))?;
    Ok(())
}

/// What waits for the reader under the key, or that a try of the same batch took already, the oldest first.
pub(in crate::accounts) fn list_mail_items(
    conn: &mut Conn,
    person: UserId,
    gather_key: &str,
    batch: JobId,
    most: i64,
) -> Result<Vec<MailItem>> {
    let rows: Vec<ItemRow> = mail_items::table
        .filter(mail_items::user_id.eq(person.0))
        .filter(mail_items::gather_key.eq(gather_key))
        .filter(mail_items::batch.is_null().or(mail_items::batch.eq(batch.0)))
        // Forgotten when it was sent.
        .filter(mail_items::content.ne(""))
        .order(mail_items::id)
        .limit(most)
        .select(ITEM)
        .load(conn)?;
    rows.into_iter().map(item).collect()
}

/// Takes an item into a batch.
pub(in crate::accounts) fn set_mail_batch(tx: &mut Tx, id: i64, batch: JobId) -> Result<()> {
    diesel::update(mail_items::table.find(id)).set(mail_items::batch.eq(batch.0)).execute(tx.conn())?;
    Ok(())
}

/// Puts an item under another key, where it waits again.
pub(in crate::accounts) fn move_mail_item(tx: &mut Tx, id: i64, gather_key: &str) -> Result<()> {
    let waits = (mail_items::gather_key.eq(gather_key), mail_items::batch.eq(None::<i64>));
    diesel::update(mail_items::table.find(id)).set(waits).execute(tx.conn())?;
    Ok(())
}

/// Forgets the texts of a batch that was sent; that there was one is kept, to be counted.
pub(in crate::accounts) fn clear_mail_batch(tx: &mut Tx, batch: JobId) -> Result<()> {
    diesel::update(mail_items::table.filter(mail_items::batch.eq(batch.0)))
        .set(mail_items::content.eq(""))
        .execute(tx.conn())?;
    Ok(())
}

/// How many e-mails the reader was sent since then, of one sender or of all; counted up to `most`.
pub(in crate::accounts) fn count_mails_to(
    conn: &mut Conn,
    person: UserId,
    sender: Option<CompanyId>,
    since: Time,
    most: i64,
) -> Result<i64> {
    let sent = mail_items::table
        .filter(mail_items::user_id.eq(person.0))
        .filter(mail_items::created_at.gt(since.naive_utc()))
        .filter(mail_items::batch.is_not_null());
    let batches: Vec<Option<i64>> = match sender {
        None => sent.select(mail_items::batch).distinct().limit(most).load(conn)?,
        Some(sender) => {
            let of_sender = sent.filter(mail_items::sender_id.eq(sender.0));
            of_sender.select(mail_items::batch).distinct().limit(most).load(conn)?
        }
    };
    Ok(i64::try_from(batches.len()).unwrap_or(i64::MAX))
}

/// How many e-mails the company made others be sent since then, counted up to `most`.
pub(in crate::accounts) fn count_mails_of(conn: &mut Conn, sender: CompanyId, since: Time, most: i64) -> Result<i64> {
    let batches: Vec<Option<i64>> = mail_items::table
        .filter(mail_items::sender_id.eq(sender.0))
        .filter(mail_items::created_at.gt(since.naive_utc()))
        .filter(mail_items::batch.is_not_null())
        .select(mail_items::batch)
        .distinct()
        .limit(most)
        .load(conn)?;
    Ok(i64::try_from(batches.len()).unwrap_or(i64::MAX))
}

pub(in crate::accounts) fn delete_mail_items(tx: &mut Tx, person: UserId) -> Result<()> {
    diesel::delete(mail_items::table.filter(mail_items::user_id.eq(person.0))).execute(tx.conn())?;
    Ok(())
}

/// Forgets items from before the time; answers how many.
pub(in crate::accounts) fn purge_mail_items(tx: &mut Tx, before: Time) -> Result<usize> {
    Ok(diesel::delete(mail_items::table.filter(mail_items::created_at.lt(before.naive_utc()))).execute(tx.conn())?)
}
