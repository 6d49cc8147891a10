//! The worker: claims due jobs and runs them, with a cap for each destination.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration as StdDuration, Instant};

use chrono::Duration;

use super::store::{self, ClaimFilter, Claimed, family_of};
use super::{Job, JobError, Notify, Run};
use crate::error::Result;
use crate::ids::JobId;
use crate::store::Db;

/// The wait before the first retry and the longest one, in seconds.
// Twenty tries with these waits reach over almost six days: a mail server that is away for a long weekend loses nothing.
const FIRST_WAIT_S: i64 = 5;
const LONGEST_WAIT_S: i64 = 24 * 3_600;
/// After how many milliseconds a job whose needs were not there yet is run again.
// What is waited for is mostly a commit of the index, which comes within a second.
const NOT_YET_MS: i64 = 200;
/// So long a thread keeps trying to store how a job ended.
// Five minutes outlast a restart or a failover of the database.
const PERSISTED_WITHIN: StdDuration = StdDuration::from_secs(300);
/// How often a lease is taken anew before it would run out.
const RENEWALS_PER_LEASE: i32 = 3;
/// So many leases long a worker keeps a job that does not end.
// Then it hangs for all anybody knows; where it does not, the other worker's run and this one's are told apart by the fence.
const MOST_LEASES: i32 = 20;

type Work<C> = fn(&C, &str, &Run) -> std::result::Result<(), JobError>;

/// The code of a kind of job.
struct Reaction<C> {
    is_possible: fn(&C) -> bool,
    work: Work<C>,
}

/// Which code runs which kind of job.
pub struct Registry<C> {
    kinds: HashMap<&'static str, Reaction<C>>,
    /// What another worker of the process runs.
    elsewhere: Vec<&'static str>,
}

impl<C> Default for Registry<C> {
    fn default() -> Self {
        Self { kinds: HashMap::new(), elsewhere: Vec::new() }
    }
}

impl<C> Registry<C> {
    /// Adds a kind of job.
    #[must_use]
    pub fn with<J: Job<Context = C>>(mut self) -> Self {
        let work: Work<C> = |context, payload, run| {
            let job: J =
                // Permanent: the same bytes will not be read better at the next try, and a dead letter is seen by somebody.
                serde_json::from_str(payload).map_err(|error| JobError::Permanent(format!("payload: {error}")))?;
            job.run(context, run)
        };
        self.kinds.insert(J::KIND, Reaction { is_possible: J::is_possible, work });
        self
    }

    /// Leaves what another worker of the process runs to that one.
    #[must_use]
    pub fn beside(mut self, other: &Self) -> Self {
        self.elsewhere.extend(other.kinds.keys().copied());
        self
    }

    /// The kinds that this worker does not run at the moment.
    fn impossible(&self, context: &C) -> Vec<&'static str> {
        let impossible = self.kinds.iter().filter(|(_, reaction)| !(reaction.is_possible)(context));
        impossible.map(|(kind, _)| *kind).chain(self.elsewhere.iter().copied()).collect()
    }
}

/// How the worker works.
#[derive(Clone, Debug)]
pub struct WorkerSettings {
    /// How long a claim holds without being renewed.
    pub lease: Duration,
    /// How many jobs for one destination run at once in this process.
    pub per_destination: usize,
    /// Tries before a job is dead, at most.
    pub max_attempts: i32,
    /// How long an idle thread waits before it looks again.
    pub poll: StdDuration,
}

/// How a try of a job ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is done.
    Done,
    /// What it needs was not there yet.
    Postponed,
    /// It failed and will be tried again.
    Retried,
    /// It failed for good: a dead letter.
    Dead,
    /// It took so long that another worker has it.
    Lost,
}

impl Outcome {
    /// Its name in the log and in the metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Postponed => "postponed",
            Self::Retried => "retried",
            Self::Dead => "dead",
            Self::Lost => "lost",
        }
    }
}

type Observer = Box<dyn Fn(&str, Outcome, StdDuration) + Send + Sync>;

/// Runs jobs; shared by the worker threads of a process.
pub struct Worker<C> {
    db: Db,
    registry: Registry<C>,
    settings: WorkerSettings,
    name: String,
    /// The jobs that are under way.
    in_flight: Mutex<HashMap<i64, InFlight>>,
    /// The lane that was last served, of each family of destinations.
    last_served: Mutex<HashMap<String, String>>,
    notify: Arc<Notify>,
    observer: Observer,
}

impl<C> Worker<C> {
    /// A worker with a name of its own, which its claims carry.
    pub fn new(db: Db, registry: Registry<C>, settings: WorkerSettings, notify: Arc<Notify>) -> Self {
        // Not the process id alone: in containers every process has the id 1, and two workers of one name would pass each other's fence.
        let name = format!("{}-{:08x}", std::process::id(), rand::random::<u32>());
        let observer = Box::new(|_: &str, _, _| {});
        let (in_flight, last_served) = (Mutex::default(), Mutex::default());
        Self { db, registry, settings, name, in_flight, last_served, notify, observer }
    }

    /// Tells `observer` the kind, the outcome and the duration of every try.
    #[must_use]
    pub fn observed_by(mut self, observer: impl Fn(&str, Outcome, StdDuration) + Send + Sync + 'static) -> Self {
        self.observer = Box::new(observer);
        self
    }

    /// Gives back the jobs that this process holds and will not finish; answers how many.
    pub fn give_up(&self) -> Result<usize> {
        store::give_up(&self.db, &self.name)
    }

    /// How often [`Worker::renew_leases`] is to be called while jobs run.
    pub fn renewed_every(&self) -> StdDuration {
        (self.settings.lease / RENEWALS_PER_LEASE).to_std().unwrap_or_default()
    }

    /// Keeps the jobs that are under way for another lease, so that a job that takes longer than one is not begun again and again by
    /// workers that all are too slow for it. One that hangs is let go after twenty leases. Answers how many were kept.
    pub fn renew_leases(&self) -> Result<usize> {
        let kept: Vec<i64> = {
            let mut in_flight = self.in_flight.lock().unwrap_or_else(PoisonError::into_inner);
            in_flight.values_mut().for_each(|job| job.renewals += 1);
            let most = MOST_LEASES * RENEWALS_PER_LEASE;
            in_flight.iter().filter(|(_, job)| job.renewals <= most).map(|(id, _)| *id).collect()
        };
        if kept.is_empty() { Ok(0) } else { store::renew(&self.db, &self.name, &kept, self.settings.lease) }
    }

    /// Runs due jobs until the process stops.
    pub fn work(&self, context: &C) {
        while !self.notify.is_stopped() {
            // Before the look and not after it: work that comes between them would be slept through.
            let seen = self.notify.count();
            match self.run_one(context, PERSISTED_WITHIN) {
                Ok(true) => {}
                Ok(false) => self.notify.wait(seen, self.settings.poll),
                // Nothing was claimed, so nothing is lost; without the wait a database that is away would be asked without a pause.
                Err(problem) => {
                    log::error!("jobs cannot be claimed: {problem}");
                    self.notify.wait(self.notify.count(), self.settings.poll);
                }
            }
        }
    }

    /// Runs due jobs until the process stops, each in a thread of its own and at most so many at once: for jobs that wait for others most of
    /// the time. This thread alone claims them, so that idle places ask the database for nothing.
    pub fn work_wide(&self, context: &C, most: usize)
    where
        C: Sync,
    {
        std::thread::scope(|scope| {
            while !self.notify.is_stopped() {
                let seen = self.notify.count();
                if self.count_in_flight() >= most.max(1) {
                    self.notify.wait(seen, self.settings.poll);
                    continue;
                }
                match self.claim(context) {
                    Ok(Some((job, place))) => {
                        scope.spawn(move || {
                            let outcome = self.run_claimed(context, &job, PERSISTED_WITHIN);
                            drop(place);
                            // What waits for its place, or for its destination's.
                            self.notify.notify_workers();
                            if let Err(problem) = outcome {
                                log::error!("how a job ended was not stored: {problem}");
                            }
                        });
                    }
                    Ok(None) => self.notify.wait(seen, self.settings.poll),
                    Err(problem) => {
                        log::error!("jobs cannot be claimed: {problem}");
                        self.notify.wait(self.notify.count(), self.settings.poll);
                    }
                }
            }
        });
    }

    fn count_in_flight(&self) -> usize {
        self.in_flight.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Runs every job that is due now, and those that they enqueue; for tests and for commands that end. Answers how many ran.
    pub fn drain(&self, context: &C) -> Result<usize> {
        let mut ran = 0;
        while self.run_one(context, StdDuration::ZERO)? {
            ran += 1;
        }
        Ok(ran)
    }

    fn run_one(&self, context: &C, persist_within: StdDuration) -> Result<bool> {
        let Some((job, _place)) = self.claim(context)? else { return Ok(false) };
        self.run_claimed(context, &job, persist_within)?;
        Ok(true)
    }

    /// Claims the next job, with its place among those that are under way.
    fn claim(&self, context: &C) -> Result<Option<(Claimed, InFlightGuard<'_>)>> {
        let filter = ClaimFilter { kinds: self.registry.impossible(context), ..self.taken() };
        let claimed = store::claim(&self.db, &self.name, self.settings.lease, &filter)?;
        let Some(job) = claimed else { return Ok(None) };
        self.last_served
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(family_of(&job.destination).to_owned(), job.destination.clone());
        let place = InFlightGuard::take(&self.in_flight, &job);
        Ok(Some((job, place)))
    }

    fn run_claimed(&self, context: &C, job: &Claimed, persist_within: StdDuration) -> Result<()> {
        let begun = Instant::now();
        let attempted = self.attempt(context, job, persist_within > StdDuration::ZERO);
        let outcome = self.complete(job, attempted, persist_within)?;
        let took = begun.elapsed();
        let (id, ms) = (JobId(job.id).to_string(), u64::try_from(took.as_millis()).unwrap_or(u64::MAX));
        let (kind, outcome_name, attempt) = (job.kind.as_str(), outcome.as_str(), job.attempts);
        log::debug!(job = id.as_str(), kind, outcome = outcome_name, attempt, ms; "job");
        (self.observer)(&job.kind, outcome, took);
        Ok(())
    }

    fn attempt(&self, context: &C, job: &Claimed, may_wait: bool) -> std::result::Result<(), JobError> {
        let Some(reaction) = self.registry.kinds.get(job.kind.as_str()) else {
            // Not permanent: during an update the newer node enqueues what this one cannot run yet.
            return Err(JobError::Retryable(format!("this version does not know jobs of kind {}", job.kind)));
        };
        let attempt = u32::try_from(job.attempts).unwrap_or(1);
        let enqueued_at = job.created_at.and_utc();
        let run = Run { id: JobId(job.id), dedupe_key: job.dedupe_key.clone(), attempt, enqueued_at, may_wait };
        // A panic costs the job a try and not the process its thread. What it may have left half done was in a transaction.
        catch_unwind(AssertUnwindSafe(|| (reaction.work)(context, &job.payload, &run)))
            .unwrap_or_else(|_| Err(JobError::Retryable("the job panicked".to_owned())))
    }

    fn complete(
        &self,
        job: &Claimed,
        attempted: std::result::Result<(), JobError>,
        persist_within: StdDuration,
    ) -> Result<Outcome> {
        let fail = |error: &str, retry_at| {
            self.persist_outcome(persist_within, || store::fail(&self.db, job, &self.name, error, retry_at))
        };
        let (kept, outcome) = match attempted {
            Ok(()) => {
                (self.persist_outcome(persist_within, || store::finish(&self.db, job, &self.name))?, Outcome::Done)
            }
            Err(JobError::NotYet) => {
                let again = self.db.clock().now() + Duration::milliseconds(NOT_YET_MS);
                let postpone = || store::postpone(&self.db, job, &self.name, again);
                (self.persist_outcome(persist_within, postpone)?, Outcome::Postponed)
            }
            Err(JobError::Permanent(error)) => {
                log::error!("job {} ({}) was given up: {error}", JobId(job.id), job.kind);
                (fail(&error, None)?, Outcome::Dead)
            }
            Err(JobError::Retryable(error)) => {
                // The smaller of both: an operator who lowers the limit means the jobs that are there already, too.
                let tries_left = job.attempts < job.max_attempts.min(self.settings.max_attempts);
                let retry_at = tries_left.then(|| self.db.clock().now() + wait_after(job.attempts));
                log::warn!("job {} ({}) failed at try {}: {error}", JobId(job.id), job.kind, job.attempts);
                (fail(&error, retry_at)?, if tries_left { Outcome::Retried } else { Outcome::Dead })
            }
        };
        if kept {
            return Ok(outcome);
        }
        log::warn!("job {} ({}) outlived its lease; another worker has it", JobId(job.id), job.kind);
        Ok(Outcome::Lost)
    }

    /// Stores how a try ended, and keeps at it while the database is away: what is not stored is done again, and an e-mail comes twice.
    fn persist_outcome(&self, within: StdDuration, note: impl Fn() -> Result<bool>) -> Result<bool> {
        let until = Instant::now() + within;
        loop {
            match note() {
                Err(problem) if !self.notify.is_stopped() && Instant::now() < until => {
                    log::warn!("how a job ended cannot be stored yet: {problem}");
                    self.notify.wait(self.notify.count(), self.settings.poll);
                }
                outcome => return outcome,
            }
        }
    }

    /// The jobs that are under way here, and the destinations that have enough of them.
    fn taken(&self) -> ClaimFilter {
        let in_flight = self.in_flight.lock().unwrap_or_else(PoisonError::into_inner);
        let mut counts: HashMap<&str, usize> = HashMap::new();
        // Local work has no destination and no cap: the number of threads is its cap.
        let families = in_flight.values().map(|job| family_of(&job.destination)).filter(|family| !family.is_empty());
        families.for_each(|family| *counts.entry(family).or_default() += 1);
        let full = counts.into_iter().filter(|(_, count)| *count >= self.settings.per_destination);
        ClaimFilter {
            families: full.map(|(family, _)| family.to_owned()).collect(),
            last_served: self.last_served.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            jobs: in_flight.keys().copied().collect(),
            ..ClaimFilter::default()
        }
    }
}

/// A job that is under way.
struct InFlight {
    destination: String,
    /// How often its lease was renewed.
    renewals: i32,
}

/// A running job's place among those that are under way.
struct InFlightGuard<'a> {
    in_flight: &'a Mutex<HashMap<i64, InFlight>>,
    job: i64,
}

impl<'a> InFlightGuard<'a> {
    fn take(in_flight: &'a Mutex<HashMap<i64, InFlight>>, job: &Claimed) -> Self {
        let entry = InFlight { destination: job.destination.clone(), renewals: 0 };
        in_flight.lock().unwrap_or_else(PoisonError::into_inner).insert(job.id, entry);
        Self { in_flight, job: job.id }
    }
}

impl Drop for InFlightGuard<'_> {
    fn drop(&mut self) {
        self.in_flight.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.job);
    }
}

/// Doubles with every try, up to a day, and varies by a quarter either way so that failed jobs do not return in one wave.
fn wait_after(attempts: i32) -> Duration {
    // 20 doublings are past the longest wait; more would shift the bits out.
    let doublings = u32::try_from(attempts.clamp(1, 20) - 1).unwrap_or(0);
    let seconds = (FIRST_WAIT_S << doublings).min(LONGEST_WAIT_S);
    let spread_ms = seconds * 250;
    Duration::milliseconds(seconds * 1_000 + rand::random_range(-spread_ms..=spread_ms))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_day_and_vary() {
        assert!(wait_after(1) >= Duration::milliseconds(3_750) && wait_after(1) <= Duration::milliseconds(6_250));
        assert!(wait_after(20) <= Duration::seconds(LONGEST_WAIT_S * 5 / 4));
        assert!(wait_after(5) > wait_after(2));
    }
}
