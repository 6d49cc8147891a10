//! The outbox: what has to happen after a transaction, kept in the database until it has happened.
//!
//! * A use case calls [`enqueue`] inside its transaction; effect and job commit together, so nothing is lost and nothing is done
//!   for a transaction that was rolled back.
//! * A [`Runner`] claims a due job under a lease, runs it outside any transaction, and finishes it only with the fence: when the
//!   lease ran out and another worker took the job, the first one's finish changes nothing.
//! * A failed job is tried again after a growing, random wait; after its last try it is *dead*: visible, and retried on demand.
//! * The change log ([`changes_after`]) is what the search index follows.
//!
//! Promise: at least once, nothing lost, at most one repetition per crash. So every job is written so that running it twice
//! changes nothing.

mod feed;
mod runner;
mod signal;
mod store;

pub use feed::{LoggedChange, changes_after, last_change};
pub use runner::{Outcome, Registry, Runner, RunnerSettings};
pub use signal::Signal;
pub use store::{DeadJob, Gauge, JobCount, census, dead_jobs, gauge, purge_finished, retry_dead};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::clock::Time;
use crate::error::{Problem, Result};
use crate::ids::JobId;
use crate::store::Tx;

/// A reaction: a small value with a name and one `run`.
pub trait Job: Serialize + DeserializeOwned {
    /// What the job works with; the program's `App`.
    type Context;
    /// The name under which it is stored; never changed once released.
    const KIND: &'static str;
    /// Whether this process can do such work now. Until it can, jobs of the kind are left for later or for another process, and lose
    /// no try by it.
    fn is_possible(_: &Self::Context) -> bool {
        true
    }
    /// Does the work. Runs outside any transaction, perhaps more than once.
    fn run(self, context: &Self::Context, run: &Run) -> std::result::Result<(), Fault>;
}

/// One try of one job.
#[derive(Clone, Debug)]
pub struct Run {
    /// The job.
    pub id: JobId,
    /// The key that made it unique, if it has one: the same on every try, so ids derived from it are too.
    pub dedupe_key: Option<String>,
    /// Which try this is, from 1.
    pub attempt: u32,
}

/// Why a try did not succeed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It may work later.
    Retry(String),
    /// It never will; the job is put aside at once.
    GiveUp(String),
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        Self::Retry(problem.to_string())
    }
}

/// How a job is to be run.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Where it goes (a mail host); each destination has its own cap, so a dead one delays no other. Empty for local work.
    pub destination: String,
    /// A second job with the same key is not stored.
    pub dedupe_key: Option<String>,
    /// Higher runs first; of equal ones, who has been due for longer.
    pub priority: i32,
    /// Not before this time.
    pub not_before: Option<Time>,
}

impl Options {
    /// Local work that is stored once for the key.
    pub fn once(key: impl Into<String>) -> Self {
        Self { dedupe_key: Some(key.into()), ..Self::default() }
    }

    /// The same, for a destination.
    #[must_use]
    pub fn to(mut self, destination: impl Into<String>) -> Self {
        self.destination = destination.into();
        self
    }

    /// The same, ahead of other work: somebody waits for it, and there is never much of it.
    #[must_use]
    pub fn ahead(mut self) -> Self {
        self.priority = 1;
        self
    }

    /// The same, when there is nothing else to do: there may be thousands of it, and nobody waits for the last one.
    #[must_use]
    pub fn behind(mut self) -> Self {
        self.priority = -1;
        self
    }
}

/// Stores a job in the transaction; does nothing when one with its dedupe key exists already.
pub fn enqueue<J: Job>(tx: &mut Tx, job: &J, options: Options) -> Result<()> {
    let payload = crate::store::to_json(job)?;
    tx.wake_workers();
    store::insert(tx, J::KIND, payload, options)
}
