//! Rows of `known_networks`: from where a user signed in of late.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::clock::Time;
use crate::error::Result;
use crate::ids::UserId;
use crate::store::schema::known_networks;
use crate::store::{Conn, Tx};

pub(in crate::accounts) fn is_known_network(conn: &mut Conn, person: UserId, tag: &str) -> Result<bool> {
    let known = known_networks::table.find((person.0, tag)).select(known_networks::user_id);
    Ok(known.first::<i64>(conn).optional()?.is_some())
}

pub(in crate::accounts) fn put_network(tx: &mut Tx, person: UserId, tag: &str) -> Result<()> {
    let now = tx.now_db();
    diesel::delete(known_networks::table.find((person.0, tag))).execute(tx.conn())?;
    let row = (known_networks::user_id.eq(person.0), known_networks::tag.eq(tag), known_networks::last_used_at.eq(now));
    diesel::insert_into(known_networks::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// Forgets all networks of the person but the `most` last used ones.
pub(in crate::accounts) fn delete_older_networks(tx: &mut Tx, person: UserId, most: i64) -> Result<()> {
    let older: Vec<(String, NaiveDateTime)> = known_networks::table
        .filter(known_networks::user_id.eq(person.0))
        .order((known_networks::last_used_at.desc(), known_networks::tag))
        .offset(most)
        .limit(most)
        .select((known_networks::tag, known_networks::last_used_at))
        .load(tx.conn())?;
    for (tag, _) in older {
        diesel::delete(known_networks::table.find((person.0, tag))).execute(tx.conn())?;
    }
    Ok(())
}

pub(in crate::accounts) fn delete_networks(tx: &mut Tx, person: UserId) -> Result<()> {
    diesel::delete(known_networks::table.filter(known_networks::user_id.eq(person.0))).execute(tx.conn())?;
    Ok(())
}

pub(in crate::accounts) fn purge_networks(tx: &mut Tx, before: Time) -> Result<usize> {
    let old = known_networks::table.filter(known_networks::last_used_at.lt(before.naive_utc()));
    Ok(diesel::delete(old).execute(tx.conn())?)
}
