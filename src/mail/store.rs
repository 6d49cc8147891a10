//! Rows of `mail_bounces`: one for each e-mail that bounced, under a hash of its address.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::rules::{Bounce, BounceKind, HARD_DAYS};
use crate::error::Result;
use crate::on_each;
use crate::store::schema::mail_bounces;
use crate::store::{Conn, Tx, from_text};

/// The e-mails to the address that bounced.
pub(super) fn list_bounces(conn: &mut Conn, address: &str) -> Result<Vec<Bounce>> {
    let rows: Vec<(String, NaiveDateTime)> = mail_bounces::table
        .filter(mail_bounces::address_hash.eq(address))
        .select((mail_bounces::kind, mail_bounces::at))
        .load(conn)?;
    rows.into_iter().map(|(kind, at)| Ok(Bounce { kind: from_text(&kind)?, at: at.and_utc() })).collect()
}

/// Records that the e-mail bounced; again, if it did so before.
pub(super) fn record_bounce(tx: &mut Tx, address: &str, message_id: &str, kind: BounceKind) -> Result<()> {
    let (kind, at) = (mail_bounces::kind.eq(kind.as_str()), mail_bounces::at.eq(tx.now_db()));
    let row = (mail_bounces::address_hash.eq(address), mail_bounces::message_id.eq(message_id), kind, at);
    on_each!(tx.conn(), |c| diesel::insert_into(mail_bounces::table)
        .values(row)
        // One row for each e-mail however often it is tried: bounces are counted by e-mails.
        .on_conflict((mail_bounces::address_hash, mail_bounces::message_id))
        .do_update()
        .set((kind, at))
        .execute(c))?;
    Ok(())
}

/// Forgets what is held against the address.
pub(super) fn delete_bounces(tx: &mut Tx, address: &str) -> Result<()> {
    diesel::delete(mail_bounces::table.filter(mail_bounces::address_hash.eq(address))).execute(tx.conn())?;
    Ok(())
}

/// Forgets bounces that count no longer; answers how many.
pub fn purge_bounces(tx: &mut Tx) -> Result<usize> {
    let before = (tx.now() - chrono::Duration::days(HARD_DAYS)).naive_utc();
    Ok(diesel::delete(mail_bounces::table.filter(mail_bounces::at.lt(before))).execute(tx.conn())?)
}
