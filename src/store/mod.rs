//! The store: one binary, two databases, one way to read and one way to write.
//!
//! * [`Db::read`] runs one read-only transaction on one snapshot: on SQLite a deferred one on a connection that is `query_only`, on
//!   PostgreSQL `REPEATABLE READ READ ONLY`.
//! * [`Db::write`] runs one transaction: on SQLite the one writer connection with `BEGIN IMMEDIATE`, on PostgreSQL a
//!   `SERIALIZABLE` transaction that is run again when the database asks for it. So a use case reads, decides and writes as if it were alone, on both. The closure may therefore run more than once and does
//!   nothing but database work.
//! * [`Tx`] buffers the change log and the event feed and writes them last, so that their numbers are in the order of commit.
//! * [`Db::write_idempotent`] adds the idempotency key: key and effect commit together or not at all.
//!
//! `diesel` is used here, in `outbox/` and in every feature's `store.rs`, nowhere else.

pub mod backup;
pub mod change_log;
mod chunks;
mod conn;
mod copy;
pub mod cursor;
mod db;
pub mod event_log;
mod event_rows;
mod event_signal;
pub mod migrate;
mod node;
mod idempotency;
pub mod schema;
mod sweep;
mod failure;
mod writer_queue;
mod tx;

pub use chunks::{MOST_IDS, in_chunks};
pub use conn::Conn;
pub use db::{Db, Settings, StoreEvent, event_loop};
pub use event_rows::NewEvent;
pub use event_signal::{EventSignal, Subscription};
pub use idempotency::{IdempotencyKey, Idempotent, purge_keys};
pub use node::{NodeLease, slowest_position};
pub use sweep::{SWEEP_BATCH, sweep_rows};
pub use tx::{Change, Entity, Op, Tx};

pub use crate::config::Engine;
pub use crate::wire::to_json;

use diesel::result::{DatabaseErrorKind, Error as DieselError, QueryResult};

use crate::error::{Code, Problem};
use crate::locale::{Language, Message};

/// Runs the same body on whichever connection it is; for what does not pass through the enum (upserts, batch inserts).
#[macro_export]
macro_rules! on_each {
    ($conn:expr, |$c:ident| $body:expr) => {
        match $conn {
            $crate::store::Conn::Postgres($c) => $body,
            $crate::store::Conn::Sqlite($c) => $body,
        }
    };
}

/// Turns a broken unique constraint into `problem`, and any other fault into what it is.
pub fn or_duplicate<T>(result: QueryResult<T>, problem: impl FnOnce() -> Problem) -> Result<T, Problem> {
    result.map_err(|error| match error {
        DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => problem(),
        other => other.into(),
    })
}

/// Whatever version there is: `If-Match: *`.
pub const ANY_VERSION: i64 = i64::MIN;

/// Refuses when the client has seen another version than the stored one; `None` is a client that does not care.
pub fn ensure_version(expected: Option<i64>, actual: i64) -> Result<(), Problem> {
    match expected {
        Some(seen) if seen != actual && seen != ANY_VERSION => Err(Problem::new(
            Code::Stale,
            Message::new("errors-present-version").with("actual", actual.to_string()).text(Language::English),
        )),
        _ => Ok(()),
    }
}

/// Reads a document back from its `content` column.
pub fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Problem> {
    serde_json::from_str(text).map_err(|error| Problem::internal(error).during("a stored document does not read"))
}

/// Reads a stored enum text back; an unknown one is a fault of ours.
pub fn from_text<T: std::str::FromStr>(text: &str) -> Result<T, Problem> {
    text.parse().map_err(|_| Problem::internal(format!("a stored value is not known: {text}")))
}
