//! A transaction that is open: the only thing that can write.

use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::prelude::*;

use super::conn::Conn;
use super::event_rows::{self, NewEvent};
use super::schema::changes;
use crate::clock::Time;
use crate::error::Result;
use crate::ids::IdMaker;
use crate::{on_each, wire_enum};

/// The key of the PostgreSQL advisory lock under which the change log and the event feed are written.
// One for both: two locks that transactions take in turn could wait for each other.
const COMMIT_ORDER_LOCK: i64 = 7_473_001;

wire_enum! {
    /// What the change log speaks of: the things that the search index holds, and what processes keep in memory.
    pub enum Entity {
        /// A listing.
        Listing = "listing",
        /// A company; its listings show its name, country and evidence too.
        Company = "company",
        /// An RFQ.
        Rfq = "rfq",
        /// The exchange rates, all of them; the id is 0.
        Rates = "rates",
        /// What things are also called: the synonyms and the nomenclature; the id is 0.
        Lexicon = "lexicon",
    }
}

wire_enum! {
    /// What happened to it.
    pub enum Op {
        /// It was made or changed: read it again.
        Changed = "changed",
        /// It is gone.
        Removed = "removed",
    }
}

/// One line of the change log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Change {
    /// What kind of thing.
    pub entity: Entity,
    /// Its id.
    pub id: i64,
    /// What happened.
    pub op: Op,
}

/// An open transaction. Rolled back unless the closure that it was lent to returns `Ok`.
pub struct Tx<'c> {
    conn: &'c mut Conn,
    now: Time,
    ids: &'c IdMaker,
    changes: Vec<Change>,
    events: Vec<NewEvent>,
    wakes: bool,
    /// Whether it is rolled back in any case.
    is_rehearsal: bool,
}

/// What became visible with a commit, for those who wait for it.
#[derive(Debug, Default)]
pub(super) struct Flushed {
    /// Whether workers have something to do.
    pub wakes: bool,
    /// The companies that events were recorded for.
    pub companies: Vec<i64>,
}

#[derive(Insertable)]
#[diesel(table_name = changes)]
struct NewChange {
    entity: &'static str,
    entity_id: i64,
    op: &'static str,
    at: chrono::NaiveDateTime,
}

impl<'c> Tx<'c> {
    pub(super) fn new(conn: &'c mut Conn, now: Time, ids: &'c IdMaker) -> Self {
        Self { conn, now, ids, changes: Vec::new(), events: Vec::new(), wakes: false, is_rehearsal: false }
    }

    /// The same, of a transaction that is rolled back in any case.
    pub(super) fn rehearsal(conn: &'c mut Conn, now: Time, ids: &'c IdMaker) -> Self {
        Self { is_rehearsal: true, ..Self::new(conn, now, ids) }
    }

    /// Runs work whose refusal is not that of the transaction: what it wrote and recorded until then is rolled back, and the transaction goes
    /// on.
    ///
    /// # Errors
    /// A fault of ours is the transaction's. The inner error is the refusal.
    pub fn attempt<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<Result<T>> {
        let (recorded, events, wakes) = (self.changes.len(), self.events.len(), self.wakes);
        savepoint(self.conn, Savepoint::Set)?;
        match work(self) {
            Ok(value) => {
                savepoint(self.conn, Savepoint::Release)?;
                Ok(Ok(value))
            }
            // A refusal is about the input and leaves the connection sound; after a fault nothing more may be trusted to it.
            Err(refusal) if refusal.code.status() < 500 => {
                savepoint(self.conn, Savepoint::RollBack)?;
                self.changes.truncate(recorded);
                self.events.truncate(events);
                self.wakes = wakes;
                Ok(Err(refusal))
            }
            Err(fault) => Err(fault),
        }
    }

    /// The connection, for the queries of a `store.rs`.
    pub fn conn(&mut self) -> &mut Conn {
        self.conn
    }

    /// The time of the transaction: one and the same for all that it writes.
    pub fn now(&self) -> Time {
        self.now
    }

    /// The time of the transaction as the database keeps it.
    pub fn now_db(&self) -> chrono::NaiveDateTime {
        self.now.naive_utc()
    }

    /// A new id.
    pub fn make_id<I: From<i64>>(&self) -> I {
        self.ids.make(self.now)
    }

    /// Notes a change of something that the search index holds; written last, at the commit.
    pub fn record_change(&mut self, entity: Entity, id: i64, op: Op) {
        // A rehearsal is one long transaction, and nobody will read what it notes.
        if self.is_rehearsal {
            return;
        }
        let change = Change { entity, id, op };
        // Once for each thing: whoever reads the log reads the row as it is then, however often it changed.
        if !self.changes.contains(&change) {
            self.changes.push(change);
        }
    }

    /// Records an event for a company's feed; written last, at the commit, in the order in which they were recorded.
    pub fn record_event(&mut self, event: NewEvent) {
        // Nobody will ever read those of a rehearsal.
        if !self.is_rehearsal {
            self.events.push(event);
        }
    }

    /// Asks for the workers to be woken after the commit.
    pub fn wake_workers(&mut self) {
        self.wakes = true;
    }

    /// Writes the buffered changes and events, last of all and on PostgreSQL under one lock that is held until the commit: so `seq` is in
    /// the order of commit, and a reader that has passed a number will never see a smaller one appear. Gaps left by rollbacks are harmless.
    pub(super) fn flush(&mut self) -> Result<Flushed> {
        if self.changes.is_empty() && self.events.is_empty() {
            return Ok(Flushed { wakes: self.wakes, companies: Vec::new() });
        }
        if let Conn::Postgres(c) = self.conn {
            diesel::sql_query("SELECT pg_advisory_xact_lock($1)")
                .bind::<diesel::sql_types::BigInt, _>(COMMIT_ORDER_LOCK)
                .execute(c)?;
        }
        let wakes = self.wakes || !self.changes.is_empty();
        self.flush_changes()?;
        let companies = event_rows::insert(self.conn, std::mem::take(&mut self.events), self.now)?;
        Ok(Flushed { wakes, companies })
    }

    fn flush_changes(&mut self) -> Result<()> {
        let at = self.now.naive_utc();
        let row = |change: Change| NewChange {
            entity: change.entity.as_str(),
            entity_id: change.id,
            op: change.op.as_str(),
            at,
        };
        let rows: Vec<NewChange> = self.changes.drain(..).map(row).collect();
        if !rows.is_empty() {
            on_each!(self.conn, |c| diesel::insert_into(changes::table).values(rows).execute(c))?;
        }
        Ok(())
    }
}

enum Savepoint {
    Set,
    Release,
    RollBack,
}

/// A transaction that is begun inside another one is a savepoint of it.
fn savepoint(conn: &mut Conn, step: Savepoint) -> Result<()> {
    match (conn, step) {
        (Conn::Sqlite(c), Savepoint::Set) => AnsiTransactionManager::begin_transaction(c)?,
        (Conn::Sqlite(c), Savepoint::Release) => AnsiTransactionManager::commit_transaction(c)?,
        (Conn::Sqlite(c), Savepoint::RollBack) => AnsiTransactionManager::rollback_transaction(c)?,
        (Conn::Postgres(c), Savepoint::Set) => AnsiTransactionManager::begin_transaction(c)?,
        (Conn::Postgres(c), Savepoint::Release) => AnsiTransactionManager::commit_transaction(c)?,
        (Conn::Postgres(c), Savepoint::RollBack) => AnsiTransactionManager::rollback_transaction(c)?,
    }
    Ok(())
}
