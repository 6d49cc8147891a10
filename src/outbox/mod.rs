//! The outbox: what has to happen after a transaction, kept in the database until it has happened.
//!
//! * A use case calls [`enqueue`] inside its transaction; effect and job commit together, so nothing is lost and nothing is done
//!   for a transaction that was rolled back.
//! * A [`Worker`] claims a due job under a lease, runs it outside any transaction while it renews the lease, and finishes it only with the
//!   fence: when the lease ran out and another worker took the job, the first one's finish changes nothing.
//! * A failed job is tried again after a growing, random wait; after its last try it is *dead*: visible, and retried on demand.
//!
//! Promise: at least once, nothing lost, at most one repetition per crash. So every job is written so that running it twice
//! changes nothing.

mod notify;
mod options;
mod store;
mod worker;

pub use notify::Notify;
pub use options::Options;
pub use store::{
    DeadJob, JobCount, QueueStats, count_by_state, dead_jobs, is_settled, purge_finished, queue_stats, retry_dead,
};
pub use worker::{Outcome, Registry, Worker, WorkerSettings};

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
    fn run(self, context: &Self::Context, run: &Run) -> std::result::Result<(), JobError>;
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
    /// When it was enqueued.
    pub enqueued_at: Time,
    /// Whether other threads of the process go on meanwhile, so that [`JobError::NotYet`] may help; not in a command that runs its jobs
    /// and ends.
    pub may_wait: bool,
}

/// Why a try did not succeed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobError {
    /// Something that it needs will be there in a moment: it is run again then, and loses no try. So nobody sleeps on a worker's thread,
    /// which other jobs need meanwhile.
    NotYet,
    /// It may work later.
    Retryable(String),
    /// It never will; the job becomes a dead letter at once.
    Permanent(String),
}

impl From<Problem> for JobError {
    fn from(problem: Problem) -> Self {
        Self::Retryable(problem.to_string())
    }
}

/// Stores a job in the transaction; does nothing when one with its dedupe key exists already.
pub fn enqueue<J: Job>(tx: &mut Tx, job: &J, options: Options) -> Result<()> {
    let payload = crate::store::to_json(job)?;
    tx.wake_workers();
    store::insert(tx, J::KIND, payload, options)
}
