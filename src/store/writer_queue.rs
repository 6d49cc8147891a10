//! Whose turn it is: several processes that write one SQLite file write in turn.
//!
//! SQLite lets one connection write at a time. Who finds it taken looks again after pauses that grow to a tenth of a second, fifty times
//! or so, and is then refused. A process with several threads that write is away from the file for a few microseconds between two
//! transactions of milliseconds: another one looks in vain every time, and the slower the disk, the surer. Two locked files beside
//! the database make a queue of it. Who wants to write becomes the *next* one, waits for the *turn*, and lets somebody else be the
//! next one. Who has had a turn has to become the next one again, and cannot while another process is.
//!
//! A turn is one transaction, or as many of the process's own threads as fit into [`LONGEST_TURN`]: to hand it over costs a
//! pause and the pages that were in memory.
//!
//! The system lets go of the locks of a process that ends, in whatever way. One that stands still must not stop the others, so nobody
//! waits here for longer than [`PATIENCE`]: after that SQLite decides, with its own patience and its own refusal. What the store
//! promises does not rest on turns.

use std::ffi::OsString;
use std::fs::{File, TryLockError};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How long somebody waits for their turn before they go to SQLite without it: as long as many turns take.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often they look.
const PAUSE: Duration = Duration::from_micros(200);
/// After so long a turn ends with the transaction that is under way, although further threads wait.
const LONGEST_TURN: Duration = Duration::from_millis(10);

// Why there is a queue at all. Two processes that each write transactions of 40 rows without a pause, for eight seconds: with SQLite's busy
// handler one waited 4.2 s for its turn (it is refused after 5) and the other wrote 890 times in a row; with a retry after a random 0.2 to
// 20 ms the longest wait was 1.4 s and the longest run 414. With turns no process writes more than six times in a row.

/// The queue in front of a file, as one of the processes that write it sees it.
pub(super) struct WriterQueue {
    next: File,
    turn: File,
    /// Since when this process has the turn.
    since: Option<Instant>,
}

/// One transaction's part of a turn.
pub(super) struct Turn<'t> {
    writer_queue: &'t mut WriterQueue,
    waiting: &'t AtomicUsize,
}

impl WriterQueue {
    /// The queue of the database; none where the files beside it cannot be made.
    pub(super) fn beside(database: &Path) -> Option<Self> {
        let open = |ending: &str| {
            let mut path = OsString::from(database);
            path.push(ending);
            File::options().create(true).truncate(false).write(true).open(path)
        };
        match (open("-next"), open("-turn")) {
            (Ok(next), Ok(turn)) => Some(Self { next, turn, since: None }),
            (Err(error), _) | (_, Err(error)) => {
                log::warn!("processes that write {} do not take turns: {error}", database.display());
                None
            }
        }
    }

    /// Waits until it is this process's turn. It keeps the turn for the next transaction while any of its threads are `waiting`.
    pub(super) fn take<'t>(&'t mut self, waiting: &'t AtomicUsize) -> Turn<'t> {
        if self.since.is_none() {
            let until = Instant::now() + PATIENCE;
            let is_next = lock(&self.next, until);
            let has_turn = lock(&self.turn, until);
            // Only what was had is let go of: to unlock a file that is not locked is an error on some systems.
            if is_next {
                unlock(&self.next);
            }
            self.since = has_turn.then(Instant::now);
        }
        Turn { writer_queue: self, waiting }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let Some(since) = self.writer_queue.since else { return };
        if self.waiting.load(Ordering::SeqCst) == 0 || since.elapsed() >= LONGEST_TURN {
            self.writer_queue.since = None;
            unlock(&self.writer_queue.turn);
        }
    }
}

/// Locks the file unless others hold it for too long.
fn lock(file: &File, until: Instant) -> bool {
    loop {
        match file.try_lock() {
            Ok(()) => return true,
            Err(TryLockError::WouldBlock) if Instant::now() < until => std::thread::sleep(PAUSE),
            Err(TryLockError::WouldBlock) => return false,
            // A file system without locks: SQLite has its own ways there.
            Err(TryLockError::Error(error)) => {
                log::debug!("no turns are taken: {error}");
                return false;
            }
        }
    }
}

fn unlock(file: &File) {
    if let Err(error) = file.unlock() {
        log::warn!("a turn could not be ended: {error}");
    }
}
