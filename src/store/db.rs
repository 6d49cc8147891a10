//! The database as the rest of the program holds it: pools of connections and the two ways to use them.

use std::os::unix::fs::MetadataExt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::r2d2::{self, ManageConnection, Pool};
use diesel::result::Error as DieselError;
use scheduled_thread_pool::ScheduledThreadPool;

use super::conn::{Access, Conn, assert_safe_sqlite, assert_sound};
use super::event_signal::EventSignal;
use super::failure::{AWAY_RETRY_S, unavailable};
use super::tx::{Flushed, Tx};
use super::writer_queue::WriterQueue;
use crate::clock::Clock;
use crate::config::Engine;
use crate::error::{Problem, Result};
use crate::ids::IdMaker;

/// How often a transaction is run when PostgreSQL says that it collided with another.
// With pauses that double up to half a second, sixteen threads that all count up the same row get through: `store_suite::collisions`.
const MOST_RUNS: u32 = 12;

/// A file of so many bytes is looked at before it is served: half a second on one core.
const CHECKED_AT_ONCE: u64 = 256 << 20;

/// Threads that open connections, for all pools together.
// Two, so that one that waits for a server that does not answer does not keep the other pool's from coming back.
const OPENERS: usize = 2;

/// How the store is opened.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Which database.
    pub engine: Engine,
    /// Connections for reading (and on PostgreSQL as many again for writing).
    pub connections: u32,
    /// How long a caller waits for a connection, in milliseconds.
    pub wait_ms: u64,
}

/// What the store reports to the metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreEvent {
    /// A transaction collided with another one; it is run again unless it did so too often.
    Retry {
        /// The use case it belongs to: `quotes::actions::accept`.
        transaction: &'static str,
    },
    /// A sweep passed over a row that failed.
    RowFailed {
        /// The sweep's name: `closing RFQs`.
        sweep: &'static str,
    },
}

type Observer = Box<dyn Fn(StoreEvent) + Send>;

/// The database: cheap to clone, shared by all threads.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
}

struct Inner {
    settings: Settings,
    clock: Clock,
    ids: Arc<IdMaker>,
    readers: Pool<Manager>,
    writer: Writer,
    after_commit: Mutex<Vec<Box<dyn Fn() + Send>>>,
    events: EventSignal,
    observers: Mutex<Vec<Observer>>,
    /// False once the file was found damaged.
    sound: AtomicBool,
    /// True once all of the file was looked at.
    checked: AtomicBool,
    /// Which file was opened: device and inode; none on PostgreSQL.
    opened: Option<(u64, u64)>,
}

enum Writer {
    /// SQLite has one writer at a time; a queue in front of it is fairer than its busy handler.
    One(OneWriter),
    Many(Pool<Manager>),
}

struct OneWriter {
    /// Threads that wait for the connection.
    waiting: AtomicUsize,
    conn: Mutex<(Conn, Option<WriterQueue>)>,
}

impl OneWriter {
    /// Lends the connection to one thread of one process at a time.
    fn lend<T>(&self, work: impl FnOnce(&mut Conn) -> T) -> T {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let mut lent = self.conn.lock().unwrap_or_else(PoisonError::into_inner);
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        let (conn, writers) = &mut *lent;
        // Where there is no queue of writers, the busy handler has to do.
        let _turn = writers.as_mut().map(|writers| writers.take(&self.waiting));
        work(conn)
    }
}

struct Manager {
    engine: Engine,
    access: Access,
}

impl ManageConnection for Manager {
    type Connection = Conn;
    type Error = r2d2::Error;

    fn connect(&self) -> std::result::Result<Conn, r2d2::Error> {
        self.engine.connect(self.access).map_err(r2d2::Error::ConnectionError)
    }

    fn is_valid(&self, conn: &mut Conn) -> std::result::Result<(), r2d2::Error> {
        conn.batch_execute("SELECT 1").map_err(r2d2::Error::QueryError)
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        AnsiTransactionManager::is_broken_transaction_manager_any(conn)
    }
}

/// Whether a connection was left inside a transaction or lost its server.
trait Broken {
    fn is_broken_transaction_manager_any(conn: &mut Conn) -> bool;
}

impl Broken for AnsiTransactionManager {
    fn is_broken_transaction_manager_any(conn: &mut Conn) -> bool {
        match conn {
            Conn::Postgres(c) => AnsiTransactionManager::is_broken_transaction_manager(c),
            Conn::Sqlite(c) => AnsiTransactionManager::is_broken_transaction_manager(c),
        }
    }
}

impl Db {
    /// Opens the pools. The schema is not checked: see [`super::migrate`].
    pub fn open(settings: Settings, clock: Clock, ids: Arc<IdMaker>) -> Result<Self> {
        // One set for both pools: by itself each would keep three threads, whose stacks count on a small node.
        let openers =
            Arc::new(ScheduledThreadPool::builder().num_threads(OPENERS).thread_name_pattern("connect-{}").build());
        let writer = match &settings.engine {
            engine @ Engine::Sqlite(file) => {
                let mut conn = engine.connect(Access::Write).map_err(cannot_open)?;
                assert_safe_sqlite(&mut conn)?;
                Writer::One(OneWriter {
                    waiting: AtomicUsize::new(0),
                    conn: Mutex::new((conn, WriterQueue::beside(file))),
                })
            }
            Engine::Postgres(_) => Writer::Many(pool(&settings, Access::Write, &openers)?),
        };
        let readers = pool(&settings, Access::Read, &openers)?;
        let (after_commit, observers, events) = (Mutex::default(), Mutex::default(), EventSignal::default());
        let (sound, checked) = (AtomicBool::new(true), AtomicBool::new(false));
        let opened = file_of(&settings.engine);
        let inner =
            Inner { settings, clock, ids, readers, writer, after_commit, events, observers, sound, checked, opened };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Which database this is.
    pub fn engine(&self) -> &Engine {
        &self.inner.settings.engine
    }

    /// What makes the ids of this process.
    pub(super) fn ids(&self) -> &IdMaker {
        &self.inner.ids
    }

    /// How many connections are in use and idle, by pool.
    pub fn connections(&self) -> Vec<(&'static str, &'static str, u32)> {
        let of = |name: &'static str, pool: &Pool<Manager>| {
            let state = pool.state();
            let idle = state.idle_connections;
            [(name, "used", state.connections.saturating_sub(idle)), (name, "idle", idle)]
        };
        let mut all = of("read", &self.inner.readers).to_vec();
        if let Writer::Many(pool) = &self.inner.writer {
            all.extend(of("write", pool));
        }
        all
    }

    /// The clock of the store's times.
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// Calls `wake` after every commit that changed something that workers may want to see.
    pub fn on_commit(&self, wake: impl Fn() + Send + 'static) {
        self.inner.after_commit.lock().unwrap_or_else(PoisonError::into_inner).push(Box::new(wake));
    }

    /// Who waits for the events of a company.
    pub fn event_signal(&self) -> &EventSignal {
        &self.inner.events
    }

    /// Tells `observer` of everything that an operator may want to count.
    pub fn observed_by(&self, observer: impl Fn(StoreEvent) + Send + 'static) {
        self.inner.observers.lock().unwrap_or_else(PoisonError::into_inner).push(Box::new(observer));
    }

    pub(super) fn observe(&self, event: StoreEvent) {
        self.inner.observers.lock().unwrap_or_else(PoisonError::into_inner).iter().for_each(|observer| observer(event));
    }

    /// Refuses a damaged file (SQLite; PostgreSQL looks after its own). Reads all of it, at some hundred MB a second: for the start of
    /// a process that stays, and for the night.
    pub fn check_file(&self) -> Result<()> {
        self.read(|conn| {
            let outcome = assert_sound(conn);
            self.inner.sound.store(outcome.is_ok(), Ordering::SeqCst);
            self.inner.checked.store(true, Ordering::SeqCst);
            outcome
        })
    }

    /// [`Db::check_file`] where that takes a second at most; a larger file is left to [`Db::check_file_once`], so that a node is ready at once.
    pub fn check_small_file(&self) -> Result<()> {
        let Engine::Sqlite(file) = &self.inner.settings.engine else { return Ok(()) };
        let bytes = std::fs::metadata(file).map_or(0, |about| about.len());
        if bytes <= CHECKED_AT_ONCE { self.check_file() } else { Ok(()) }
    }

    /// Checks the file unless that was done since it was opened.
    pub fn check_file_once(&self) -> Result<()> {
        if self.inner.checked.load(Ordering::SeqCst) { Ok(()) } else { self.check_file() }
    }

    /// Whether [`Db::check_file`] found nothing wrong when it looked last.
    pub fn is_sound(&self) -> bool {
        self.inner.sound.load(Ordering::SeqCst)
    }

    /// Whether the file that was opened is still the one at its path. Deleted or replaced, it can be written on as if nothing had happened,
    /// and everything written is gone with the process.
    pub fn is_in_place(&self) -> bool {
        self.inner.opened == file_of(&self.inner.settings.engine)
    }

    fn ensure_in_place(&self) -> Result<()> {
        if self.is_in_place() {
            return Ok(());
        }
        log::error!("the database file was deleted or replaced while it is in use: restart, or put it back");
        Err(unavailable("errors-not-stored", AWAY_RETRY_S))
    }

    /// Runs queries that only read, all of them on one snapshot: what another transaction commits in between is not seen, and a write is
    /// refused. So a use case that reads twice never mixes two states of the database.
    ///
    /// # Errors
    /// `unavailable` when no connection is free in time, or the closure writes; otherwise those of `work`.
    pub fn read<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        event_loop::assert_left();
        let mut conn = self.inner.readers.get().map_err(no_connection)?;
        begin(&mut conn, Isolation::Snapshot)?;
        let mut guard = RollBackOnDrop { conn: &mut conn, armed: true };
        let value = work(guard.conn)?;
        // There is nothing to commit, but a rollback would count as a failed transaction in PostgreSQL's statistics.
        commit(guard.conn)?;
        guard.armed = false;
        Ok(value)
    }

    /// Runs one transaction; see the module's text for what it promises. The closure may run more than once.
    pub fn write<T, W: FnMut(&mut Tx) -> Result<T>>(&self, mut work: W) -> Result<T> {
        self.write_named(transaction_name::<W>(), &mut work)
    }

    /// The same under a name of its own, for what wraps the closure of a use case.
    pub(super) fn write_named<T>(&self, name: &'static str, work: &mut dyn FnMut(&mut Tx) -> Result<T>) -> Result<T> {
        for run in 1.. {
            match self.write_try(Isolation::Serializable, work) {
                // Only collisions, of which the database says that nothing was done. What was cut off may have been committed.
                Err(problem) if problem.is_transient() => {
                    self.observe(StoreEvent::Retry { transaction: name });
                    if run >= MOST_RUNS {
                        break;
                    }
                    log::debug!("the transaction {name} collided at run {run}");
                    back_off(run);
                }
                outcome => return outcome,
            }
        }
        log::warn!("the transaction {name} collided {MOST_RUNS} times and was refused");
        Err(too_busy())
    }

    /// Runs one transaction of single statements that are atomic by themselves (job claims, counters): on PostgreSQL at
    /// `READ COMMITTED`, so that it never collides.
    pub fn write_read_committed<T>(&self, mut work: impl FnMut(&mut Tx) -> Result<T>) -> Result<T> {
        self.write_try(Isolation::ReadCommitted, &mut work)
    }

    /// Runs work in one transaction that is rolled back in any case: the answer is what it would have been. On SQLite nobody else writes
    /// until it is over; on PostgreSQL it is read-committed, so that it makes no other transaction collide.
    pub fn rehearse<T>(&self, work: impl FnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        event_loop::assert_left();
        let rehearsed = |conn: &mut Conn| {
            begin(conn, Isolation::ReadCommitted)?;
            let guard = RollBackOnDrop { conn, armed: true };
            work(&mut Tx::rehearsal(guard.conn, self.inner.clock.now(), &self.inner.ids))
        };
        match &self.inner.writer {
            Writer::One(writer) => writer.lend(rehearsed),
            Writer::Many(pool) => rehearsed(&mut *pool.get().map_err(no_connection)?),
        }
    }

    fn write_try<T>(&self, isolation: Isolation, work: &mut dyn FnMut(&mut Tx) -> Result<T>) -> Result<T> {
        event_loop::assert_left();
        let (outcome, flushed) = match &self.inner.writer {
            Writer::One(writer) => writer.lend(|conn| {
                self.ensure_in_place()?;
                self.transaction(conn, isolation, work)
            }),
            Writer::Many(pool) => {
                let mut conn = pool.get().map_err(no_connection)?;
                self.transaction(&mut conn, isolation, work)
            }
        }?;
        self.inner.events.notify(&flushed.companies);
        if flushed.wakes {
            self.inner.after_commit.lock().unwrap_or_else(PoisonError::into_inner).iter().for_each(|wake| wake());
        }
        Ok(outcome)
    }

    fn transaction<T>(
        &self,
        conn: &mut Conn,
        isolation: Isolation,
        work: &mut dyn FnMut(&mut Tx) -> Result<T>,
    ) -> Result<(T, Flushed)> {
        begin(conn, isolation)?;
        let mut guard = RollBackOnDrop { conn, armed: true };
        let mut tx = Tx::new(guard.conn, self.inner.clock.now(), &self.inner.ids);
        let value = work(&mut tx)?;
        let flushed = tx.flush()?;
        commit(guard.conn)?;
        guard.armed = false;
        Ok((value, flushed))
    }
}

/// Device and inode of the database's file; none when there is none, or it is no file.
fn file_of(engine: &Engine) -> Option<(u64, u64)> {
    let Engine::Sqlite(file) = engine else { return None };
    let about = std::fs::metadata(file).ok()?;
    Some((about.dev(), about.ino()))
}

/// The thread that answers requests must never wait for the database, or everybody waits.
pub mod event_loop {
    use std::cell::Cell;

    thread_local! { static IS_HERE: Cell<bool> = const { Cell::new(false) } }

    /// Says that this thread runs an event loop, so that the database may not be used on it.
    pub fn begin() {
        IS_HERE.set(true);
    }

    /// In a debug build, a use of the database on an event loop is a panic, which every test of a page or route would see.
    pub(super) fn assert_left() {
        debug_assert!(!IS_HERE.get(), "the database is used on the event loop: call the use case through web::run");
    }
}

#[derive(Clone, Copy)]
enum Isolation {
    Serializable,
    ReadCommitted,
    /// One moment of the database, for reading only.
    Snapshot,
}

/// The use case that a transaction belongs to, as its closure's type tells: `quotes::actions::accept`. So a retry can be counted by name
/// without every one of the 150 callers naming itself.
pub(super) fn transaction_name<W>() -> &'static str {
    let name = std::any::type_name::<W>();
    let name = name.split("::{{closure}}").next().unwrap_or(name);
    name.strip_prefix("tradepost::").unwrap_or(name)
}

/// Rolls back when the work failed or panicked, so that the one writer connection is never left inside a transaction.
struct RollBackOnDrop<'c> {
    conn: &'c mut Conn,
    armed: bool,
}

impl Drop for RollBackOnDrop<'_> {
    fn drop(&mut self) {
        if !self.armed {
            return;
        }
        // Once for each savepoint that was open when the work failed, then for the transaction itself.
        loop {
            let outcome = match self.conn {
                Conn::Postgres(c) => AnsiTransactionManager::rollback_transaction(c),
                Conn::Sqlite(c) => AnsiTransactionManager::rollback_transaction(c),
            };
            match outcome {
                Ok(()) => {}
                // Now, or at once: a commit that fails has ended its transaction already.
                Err(DieselError::NotInTransaction) => return,
                Err(error) => return log::warn!("a transaction could not be rolled back: {error}"),
            }
        }
    }
}

fn begin(conn: &mut Conn, isolation: Isolation) -> Result<()> {
    match (conn, isolation) {
        // Deferred: it takes no lock, and its snapshot is that of the first query. The connection itself is `query_only`.
        (Conn::Sqlite(c), Isolation::Snapshot) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN DEFERRED")?,
        (Conn::Postgres(c), Isolation::Snapshot) => {
            AnsiTransactionManager::begin_transaction_sql(c, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
        }
        (Conn::Sqlite(c), _) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE")?,
        // Not locks on rows: what two use cases must not both do (take the last seat, claim a number) is often decided by rows that are not
        // there yet, which nobody can lock.
        (Conn::Postgres(c), Isolation::Serializable) => {
            AnsiTransactionManager::begin_transaction_sql(c, "BEGIN ISOLATION LEVEL SERIALIZABLE")?;
        }
        (Conn::Postgres(c), Isolation::ReadCommitted) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN")?,
    }
    Ok(())
}

fn commit(conn: &mut Conn) -> Result<()> {
    match conn {
        Conn::Postgres(c) => AnsiTransactionManager::commit_transaction(c)?,
        Conn::Sqlite(c) => AnsiTransactionManager::commit_transaction(c)?,
    }
    Ok(())
}

fn pool(settings: &Settings, access: Access, openers: &Arc<ScheduledThreadPool>) -> Result<Pool<Manager>> {
    Pool::builder()
        .thread_pool(Arc::clone(openers))
        .max_size(settings.connections.max(1))
        // One is always open, so that the first request after a quiet night does not pay for a connection; not more, each is a process of
        // the server.
        .min_idle(Some(1))
        .connection_timeout(Duration::from_millis(settings.wait_ms))
        .build(Manager { engine: settings.engine.clone(), access })
        .map_err(cannot_open)
}

fn cannot_open(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Problem {
    Problem::internal(error).during("opening the database")
}

fn no_connection(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Problem {
    unavailable("errors-database-away", AWAY_RETRY_S).caused_by(error)
}

fn too_busy() -> Problem {
    // Here it is known: every run was rolled back.
    unavailable("errors-too-many-changes", 1)
}

/// Waits a little longer before each further run, by chance, so that colliding transactions part.
fn back_off(run: u32) {
    // Up to half a second: longer than all but the longest of our transactions.
    let most_ms = 4_u64 << run.min(7);
    std::thread::sleep(Duration::from_millis(rand::random_range(1..=most_ms)));
}
