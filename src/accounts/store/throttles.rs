//! Rows of `throttles`.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::clock::Time;
use crate::error::Result;
use crate::store::schema::throttles;
use crate::store::{Conn, Tx};

/// What is attempt on a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::accounts) struct Throttle {
    pub failures: i32,
    pub blocked_until: Time,
    pub updated_at: Time,
}

pub(in crate::accounts) fn find_throttle(conn: &mut Conn, key: &str) -> Result<Option<Throttle>> {
    let row: Option<(i32, NaiveDateTime, NaiveDateTime)> = throttles::table
        .find(key)
        .select((throttles::failures, throttles::blocked_until, throttles::updated_at))
        .first(conn)
        .optional()?;
    Ok(row.map(|(failures, blocked_until, updated_at)| Throttle {
        failures,
        blocked_until: blocked_until.and_utc(),
        updated_at: updated_at.and_utc(),
    }))
}

pub(in crate::accounts) fn put_throttle(tx: &mut Tx, key: &str, throttle: &Throttle) -> Result<()> {
    delete_throttle(tx, key)?;
    let row = (
        throttles::key.eq(key),
        throttles::failures.eq(throttle.failures),
        throttles::blocked_until.eq(throttle.blocked_until.naive_utc()),
        throttles::updated_at.eq(throttle.updated_at.naive_utc()),
    );
    diesel::insert_into(throttles::table).values(row).execute(tx.conn())?;
    Ok(())
}

pub(in crate::accounts) fn delete_throttle(tx: &mut Tx, key: &str) -> Result<()> {
    diesel::delete(throttles::table.find(key)).execute(tx.conn())?;
    Ok(())
}

pub(in crate::accounts) fn purge_throttles(tx: &mut Tx, before: Time) -> Result<usize> {
    Ok(diesel::delete(throttles::table.filter(throttles::updated_at.lt(before.naive_utc()))).execute(tx.conn())?)
}
