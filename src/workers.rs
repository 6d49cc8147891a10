//! The workers of a process: threads that run jobs, follow the change log and sweep what time has ended.
//!
//! The registry below is the list of all reactions; a feature's job that is missing here is never run.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::accounts::{
    self,
    jobs::{SendLetter, SendLink},
};
use crate::app::App;
use crate::error::{Problem, Result};
use crate::indexing::consistency::Watch;
use crate::indexing::{Indexer, keep};
use crate::listings::events::ListingPublished;
use crate::mail::purge_bounces;
use crate::matching::jobs::SupplierReturned;
use crate::outbox::{Registry, Runner, RunnerSettings, purge_finished};
use crate::rfqs::events::RfqPublished;
use crate::store::purge_keys;
use crate::{blobs, documents, listings, quotes, reveals, rfqs, verification};

/// Which workers a process has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duty {
    /// Index, jobs and sweeps.
    All,
    /// Only the index, which every process that searches needs for itself.
    IndexOnly,
    /// Only jobs and sweeps.
    JobsOnly,
}

/// How often the sweeps run.
const SWEEP_EVERY: Duration = Duration::from_secs(60);
/// How long threads that were told to end are waited for.
const PATIENCE: Duration = Duration::from_secs(4);

/// How often a command's index looks for what was written.
const FOLLOW_EVERY: Duration = Duration::from_millis(20);

/// The workers of this process.
pub struct Workers {
    app: Arc<App>,
    runner: Arc<Runner<App>>,
    indexer: Arc<Mutex<Option<Indexer>>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

fn registry() -> Registry<App> {
    Registry::default()
        .with::<SendLetter>()
        .with::<SendLink>()
        .with::<RfqPublished>()
        .with::<ListingPublished>()
        .with::<SupplierReturned>()
}

impl Workers {
    /// Workers that do not run yet.
    pub fn new(app: Arc<App>) -> Self {
        let settings = &app.config.workers;
        let settings = RunnerSettings {
            lease: chrono::Duration::seconds(settings.lease_s),
            per_destination: settings.per_destination,
            max_attempts: settings.max_attempts,
            poll: Duration::from_millis(settings.poll_ms),
        };
        let counting = Arc::clone(&app);
        let runner = Runner::new(app.db.clone(), registry(), settings, Arc::clone(&app.bell))
            .observed_by(move |kind, outcome, took| counting.metrics.job(kind, outcome.as_str(), took));
        Self { app, runner: Arc::new(runner), indexer: Arc::default(), threads: Mutex::default() }
    }

    /// Starts the threads.
    pub fn start(&self, duty: Duty) -> Result<()> {
        let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        if duty != Duty::JobsOnly {
            let indexer = Indexer::open(&self.app)?;
            let app = Arc::clone(&self.app);
            threads.push(std::thread::spawn(move || keep(&app, indexer)));
            let app = Arc::clone(&self.app);
            threads.push(std::thread::spawn(move || Watch::begin(&app).keep(&app)));
        }
        if duty != Duty::IndexOnly {
            for _ in 0..self.app.config.workers.threads.max(1) {
                let (app, runner) = (Arc::clone(&self.app), Arc::clone(&self.runner));
                threads.push(std::thread::spawn(move || runner.work(&app)));
            }
            let app = Arc::clone(&self.app);
            threads.push(std::thread::spawn(move || sweep_until_stopped(&app)));
        }
        Ok(())
    }

    /// Tells the threads to end and waits for them, but not for ever: a job that is still under way then is given back, for another
    /// process to run again at once.
    pub fn stop(&self) {
        self.app.bell.stop();
        let until = Instant::now() + PATIENCE;
        let mut left_behind = 0;
        for thread in self.threads.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            while !thread.is_finished() && Instant::now() < until {
                std::thread::sleep(Duration::from_millis(10));
            }
            if !thread.is_finished() {
                left_behind += 1;
            } else if thread.join().is_err() {
                log::error!("a worker thread panicked");
            }
        }
        if left_behind > 0 {
            self.give_up_jobs();
        }
    }

    fn give_up_jobs(&self) {
        match self.runner.give_up() {
            Ok(jobs) => log::warn!("{jobs} jobs are under way still and are given back"),
            Err(problem) => log::error!("jobs could not be given back: {problem}"),
        }
    }

    /// Does the work while the index follows what it writes; for commands that write much and end. Answers what the work answers once the
    /// index has stopped, which then may still be behind.
    pub fn while_indexing<T>(&self, work: impl FnOnce() -> T) -> Result<T> {
        let mut indexer = Indexer::open_for_bulk(&self.app)?;
        let (working, ended) = channel::<()>();
        let follower = &mut indexer;
        let outcome = std::thread::scope(|scope| {
            let follower = scope.spawn(move || {
                while ended.recv_timeout(FOLLOW_EVERY) == Err(RecvTimeoutError::Timeout) {
                    follower.catch_up(&self.app)?;
                }
                Ok(())
            });
            let outcome = work();
            drop(working);
            follower.join().unwrap_or_else(|_| Err(Problem::internal("the indexer panicked")))?;
            Ok(outcome)
        });
        *self.indexer.lock().unwrap_or_else(PoisonError::into_inner) = Some(indexer);
        outcome
    }

    /// Brings the index up to date and runs every due job, and what these enqueue, until nothing is left; in this thread. For
    /// tests and for commands that end.
    pub fn drain(&self) -> Result<()> {
        let mut indexer = self.indexer.lock().unwrap_or_else(PoisonError::into_inner);
        if indexer.is_none() {
            *indexer = Some(Indexer::open(&self.app)?);
        }
        let Some(indexer) = indexer.as_mut() else { return Ok(()) };
        loop {
            let indexed = indexer.catch_up(&self.app)?;
            let ran = self.runner.drain(&self.app)?;
            if indexed == 0 && ran == 0 {
                return Ok(());
            }
        }
    }
}

fn sweep_until_stopped(app: &App) {
    while !app.bell.is_stopped() {
        if let Err(problem) = sweep(app) {
            log::error!("the sweep failed: {problem}");
        }
        // Commits ring the bell all the time, so the wait is by the clock.
        let until = Instant::now() + SWEEP_EVERY;
        while !app.bell.is_stopped() && Instant::now() < until {
            app.bell.wait(app.bell.count(), Duration::from_secs(1));
        }
    }
}

/// Ends what time has ended, and forgets what is kept no longer. Running it twice changes nothing.
pub fn sweep(app: &App) -> Result<()> {
    listings::actions::expire_due(app)?;
    rfqs::actions::close_due(app)?;
    quotes::actions::expire_due(app)?;
    verification::actions::end_due(app)?;
    reveals::actions::tell_owners(app)?;
    accounts::sessions::purge(app)?;
    accounts::actions::links::purge(app)?;
    accounts::throttle::purge(app)?;
    accounts::actions::closing::purge_unconfirmed(app)?;
    accounts::events::purge(app)?;
    app.db.write(purge_keys)?;
    app.db.write(purge_bounces)?;
    documents::actions::delete_unattached(app)?;
    blobs::sweep(&app.db, &app.blobs)?;
    let kept_since = app.clock.now() - chrono::Duration::days(app.config.workers.keep_days);
    while app.db.write(|tx| purge_finished(tx, kept_since))? > 0 {}
    app.node.renew()
}
