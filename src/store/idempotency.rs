//! Doing a thing once: the idempotency key of a creating request is stored in the transaction of its effect.
//!
//! Key and effect commit together, so there is no "still running" state to clean up after a crash: a second request with the
//! same key either waits for the first one's commit and finds its resource, or finds nothing and does the work itself. What is
//! kept is the id of the resource: a replay answers with the resource as it is now, under the version that its sender needs to go
//! on, and a secret that was shown once is not stored for it. Where the resource is gone, it says so ([`Idempotent::shown`]).

use std::fmt::Display;
use std::str::FromStr;

use chrono::Duration;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

use super::conn::Conn;
use super::db::{Db, transaction_name};
use super::schema::idempotency_keys;
use super::tx::Tx;
use crate::clock::Time;
use crate::error::{Code, Problem, Result};
use crate::locale::{self, Language};

/// Keys are kept this long, in hours.
// A day is longer than any client retries by itself.
const KEPT_HOURS: i64 = 24;

/// The key of one request: who sent it where, and what it asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// Company, method, path and the client's key in one text.
    pub key: String,
    /// SHA-256 of the body, hexadecimal.
    pub fingerprint: String,
}

/// The outcome of a creation: made now, or made by an earlier request with the same key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Idempotent<I> {
    /// Made now.
    Fresh(I),
    /// Made earlier.
    Replayed(I),
}

impl<I: Copy> Idempotent<I> {
    /// The id of the resource.
    pub fn id(&self) -> I {
        match self {
            Self::Fresh(id) | Self::Replayed(id) => *id,
        }
    }

    /// What was found of the resource when it was looked up for the answer.
    ///
    /// # Errors
    /// `gone` when it was made earlier and cannot be found any more: the request was carried out, and is not to be sent anew.
    pub fn shown<T>(&self, found: Result<T>) -> Result<T> {
        match (self, found) {
            // 404 would read as "it was never made", and the client would make it again.
            (Self::Replayed(_), Err(problem)) if problem.code == Code::NotFound => {
                Err(Problem::new(Code::Gone, locale::text(Language::English, "errors-idempotency-gone")))
            }
            (_, found) => found,
        }
    }
}

impl Db {
    /// What an earlier request with the key made.
    pub fn find_made<I: FromStr>(&self, once: &IdempotencyKey) -> Result<Option<I>> {
        let now = self.clock().now();
        self.read(|conn| find(conn, now, once))
    }

    /// Runs one transaction that makes a resource and returns its id, unless the key was used before.
    pub fn write_idempotent<I: Display + FromStr, W: FnMut(&mut Tx) -> Result<I>>(
        &self,
        once: Option<&IdempotencyKey>,
        mut work: W,
    ) -> Result<Idempotent<I>> {
        self.write_named(transaction_name::<W>(), &mut |tx| {
            let now = tx.now();
            if let Some(once) = once
                && let Some(earlier) = find(tx.conn(), now, once)?
            {
                return Ok(Idempotent::Replayed(earlier));
            }
            let id = work(tx)?;
            if let Some(once) = once {
                insert(tx, once, &id.to_string())?;
            }
            Ok(Idempotent::Fresh(id))
        })
    }
}

fn find<I: FromStr>(conn: &mut Conn, now: Time, once: &IdempotencyKey) -> Result<Option<I>> {
    let oldest = (now - Duration::hours(KEPT_HOURS)).naive_utc();
    let row: Option<(String, String)> = idempotency_keys::table
        .filter(idempotency_keys::key.eq(&once.key))
        // Not left to the purge, which runs when it runs: a key ends after its hours to the second.
        .filter(idempotency_keys::created_at.gt(oldest))
        .select((idempotency_keys::fingerprint, idempotency_keys::resource))
        .first(conn)
        .optional()?;
    match row {
        None => Ok(None),
        Some((fingerprint, _)) if fingerprint != once.fingerprint => {
            Err(Problem::new(Code::IdempotencyMismatch, locale::text(Language::English, "errors-idempotency-other")))
        }
        Some((_, resource)) => super::from_text(&resource).map(Some),
    }
}

fn insert(tx: &mut Tx, once: &IdempotencyKey, resource: &str) -> Result<()> {
    let now = tx.now_db();
    // A key past its day makes room for the same key used anew.
    diesel::delete(idempotency_keys::table.filter(idempotency_keys::key.eq(&once.key))).execute(tx.conn())?;
    let inserted = diesel::insert_into(idempotency_keys::table)
        .values((
            idempotency_keys::key.eq(&once.key),
            idempotency_keys::fingerprint.eq(&once.fingerprint),
            idempotency_keys::resource.eq(resource),
            idempotency_keys::created_at.eq(now),
        ))
        .execute(tx.conn());
    match inserted {
        // Another request with the key committed while this one worked: run again, and find its resource.
        Err(DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => Err(Problem::transient()),
        other => other.map(|_| ()).map_err(Problem::from),
    }
}

/// Forgets idempotency keys past their day; answers how many.
pub fn purge_keys(tx: &mut Tx) -> Result<usize> {
    let oldest = (tx.now() - Duration::hours(KEPT_HOURS)).naive_utc();
    Ok(diesel::delete(idempotency_keys::table.filter(idempotency_keys::created_at.le(oldest))).execute(tx.conn())?)
}
