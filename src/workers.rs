//! The workers of a process: threads that run jobs, follow the change log and sweep what time has ended.
//!
//! The registry below is the list of all reactions; a feature's job that is missing here is never run.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::accounts::{
    self,
    events::{AccountRequested, SendEmail, SendTokenEmail},
    jobs::SendGathered,
};
use crate::alerts::jobs::{AlertDigestDue, AlertsFound, SavedQueries};
use crate::app::App;
use crate::companies::events::{CompanyChanged, CompanyClosed, DoubtfulName};
use crate::error::{Problem, Result};
use crate::exports::events::RunExport;
use crate::imports::events::RunImport;
use crate::indexing::drift::DriftMonitor;
use crate::indexing::{Indexer, supervise};
use crate::listings::events::{ListingPublished, ListingWithdrawn};
use crate::mail::purge_bounces;
use crate::matching::jobs::SupplierReturned;
use crate::outbox::{Registry, Worker, WorkerSettings, purge_finished};
use crate::rfqs::events::RfqPublished;
use crate::store::change_log::purge_changes;
use crate::store::event_log::purge_events;
use crate::store::purge_keys;
use crate::webhooks::events::DeliverWebhook;
use crate::work_queue::STACK_BYTES;
use crate::{
    alerts, blobs, companies, documents, exports, imports, listings, quotes, reveals, rfqs, statistics, verification,
    webhooks,
};

/// Which workers a process has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkerRole {
    /// Index, jobs and sweeps.
    All,
    /// Only the index, which every process that searches needs for itself.
    IndexOnly,
    /// Only jobs and sweeps.
    JobsOnly,
}

/// How often the sweeps run.
// A deadline is promised to the minute.
const SWEEP_EVERY: Duration = Duration::from_secs(60);
/// How often changes are matched with saved searches.
// Not at each: what an import publishes in a moment is matched together, for the price of one listing.
const MATCH_EVERY: Duration = Duration::from_secs(2);
/// How long threads that were asked to end are waited for.
const PATIENCE: Duration = Duration::from_secs(4);

/// How often a command's index looks for what was written.
const FOLLOW_EVERY: Duration = Duration::from_millis(20);

/// The workers of this process.
pub struct Workers {
    app: Arc<App>,
    worker: Arc<Worker<App>>,
    /// Delivers webhooks: by itself, so that servers that do not answer keep nothing else waiting.
    webhooks: Arc<Worker<App>>,
    indexer: Arc<Mutex<Option<Indexer>>>,
    saved: Mutex<SavedQueries>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

fn registry() -> Registry<App> {
    Registry::default()
        .with::<SendEmail>()
        .with::<SendGathered>()
        .with::<SendTokenEmail>()
        .with::<AccountRequested>()
        .with::<RfqPublished>()
        .with::<ListingPublished>()
        .with::<SupplierReturned>()
        .with::<CompanyClosed>()
        .with::<CompanyChanged>()
        .with::<ListingWithdrawn>()
        .with::<DoubtfulName>()
        .with::<AlertsFound>()
        .with::<AlertDigestDue>()
        .with::<RunImport>()
        .with::<RunExport>()
}

/// What waits for other people's servers.
fn webhook_registry() -> Registry<App> {
    Registry::default().with::<DeliverWebhook>()
}

/// A thread that runs as long as the program does.
fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
    let thread = std::thread::Builder::new().name(name.to_owned()).stack_size(STACK_BYTES);
    thread.spawn(work).map_err(Problem::internal)
}

impl Workers {
    /// Workers that do not run yet.
    pub fn new(app: Arc<App>) -> Self {
        let settings = &app.config.workers;
        let settings = WorkerSettings {
            lease: chrono::Duration::seconds(settings.lease_s),
            per_destination: settings.per_destination,
            max_attempts: settings.max_attempts,
            poll: Duration::from_millis(settings.poll_ms),
        };
        let worker = |registry| {
            let counting = Arc::clone(&app);
            let worker = Worker::new(app.db.clone(), registry, settings.clone(), Arc::clone(&app.notify))
                .observed_by(move |kind, outcome, took| counting.metrics.job(kind, outcome.as_str(), took));
            Arc::new(worker)
        };
        let (others, webhooks) = (registry(), webhook_registry());
        let (others, webhooks) = (others.beside(&webhooks), webhooks.beside(&registry()));
        Self {
            worker: worker(others),
            webhooks: worker(webhooks),
            app,
            indexer: Arc::default(),
            saved: Mutex::default(),
            threads: Mutex::default(),
        }
    }

    /// Starts the threads.
    pub fn start(&self, role: WorkerRole) -> Result<()> {
        let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        // First of all, and whatever the role: who holds a number makes ids.
        let app = Arc::clone(&self.app);
        threads.push(spawn("node", move || keep_node(&app))?);
        if role != WorkerRole::JobsOnly {
            let indexer = Indexer::open(&self.app)?;
            let app = Arc::clone(&self.app);
            threads.push(spawn("indexer", move || supervise(&app, indexer))?);
            let app = Arc::clone(&self.app);
            threads.push(spawn("drift", move || DriftMonitor::begin(&app).keep(&app))?);
        }
        if role != WorkerRole::IndexOnly {
            for _ in 0..self.app.config.workers.threads.max(1) {
                let (app, worker) = (Arc::clone(&self.app), Arc::clone(&self.worker));
                threads.push(spawn("jobs", move || worker.work(&app))?);
            }
            let (app, worker) = (Arc::clone(&self.app), Arc::clone(&self.webhooks));
            threads.push(spawn("webhooks", move || worker.work_wide(&app, app.config.webhooks.in_flight))?);
            let (app, workers) = (Arc::clone(&self.app), [Arc::clone(&self.worker), Arc::clone(&self.webhooks)]);
            threads.push(spawn("leases", move || keep_leases(&app, &workers))?);
            let app = Arc::clone(&self.app);
            threads.push(spawn("alerts", move || follow_for_alerts(&app))?);
            let app = Arc::clone(&self.app);
            threads.push(spawn("sweeps", move || sweep_until_stopped(&app))?);
        }
        Ok(())
    }

    /// Tells the threads to end and waits for them, but not for ever: a job that is still under way then is given back, for another
    /// process to run again at once.
    pub fn stop(&self) {
        self.app.notify.stop();
        // One limit for all threads together, not for each: whoever stops the process waits for the sum.
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
        match self.worker.give_up().and_then(|jobs| Ok(jobs + self.webhooks.give_up()?)) {
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
        let mut saved = self.saved.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let indexed = indexer.catch_up(&self.app)?;
            let matched = alerts::jobs::follow(&self.app, &mut saved)?;
            let ran = self.worker.drain(&self.app)? + self.webhooks.drain(&self.app)?;
            // All in turn until nothing moves: a job may wait for the index, and what a job writes is to be indexed.
            if indexed + matched + ran == 0 {
                return Ok(());
            }
        }
    }
}

/// Keeps the node number of this process its own until the process stops.
fn keep_node(app: &App) {
    while !app.notify.is_stopped() {
        match app.node.keep(app.index.applied()) {
            Ok(None) => app.notify.wait(app.notify.count(), Duration::from_secs(1)),
            Ok(Some(node)) => {
                log::error!("the node number was lost to another process; ids are made under {node} from now on");
            }
            Err(problem) => {
                log::error!("the node number could not be kept: {problem}");
                pause(app, Duration::from_secs(10));
            }
        }
    }
}

/// Keeps what the workers run their own until the process stops; by a thread of its own, for those that run jobs are at them.
fn keep_leases(app: &App, workers: &[Arc<Worker<App>>; 2]) {
    let [any, _] = workers;
    while !app.notify.is_stopped() {
        pause(app, any.renewed_every());
        for worker in workers {
            if let Err(problem) = worker.renew_leases() {
                log::error!("the leases of jobs could not be renewed: {problem}");
            }
        }
    }
}

/// Matches what has changed with the saved searches until the process stops.
fn follow_for_alerts(app: &App) {
    let mut saved = SavedQueries::default();
    while !app.notify.is_stopped() {
        if let Err(problem) = alerts::jobs::follow(app, &mut saved) {
            log::error!("changes could not be matched with saved searches: {problem}");
        }
        pause(app, MATCH_EVERY);
    }
}

fn sweep_until_stopped(app: &App) {
    while !app.notify.is_stopped() {
        // Each step that fails has said so.
        sweep(app).ok();
        pause(app, SWEEP_EVERY);
    }
}

/// Waits by the clock until the time is up or the process stops; that commits wake it all the time changes nothing.
fn pause(app: &App, time: Duration) {
    let until = Instant::now() + time;
    while !app.notify.is_stopped() && Instant::now() < until {
        let left = until.saturating_duration_since(Instant::now());
        app.notify.wait(app.notify.count(), left.min(Duration::from_secs(1)));
    }
}

/// A step of the sweep and its name in the log.
type Step = (&'static str, fn(&App) -> Result<()>);

const STEPS: &[Step] = &[
    ("expiring listings", |app| listings::jobs::expire_due(app).map(drop)),
    ("closing RFQs", |app| rfqs::actions::close_due(app).map(drop)),
    ("expiring quotes", |app| quotes::actions::expire_due(app).map(drop)),
    ("ending verifications", |app| verification::actions::end_due(app).map(drop)),
    ("notifying of contact reveals", |app| reveals::actions::notify_owners(app).map(drop)),
    ("forgetting sessions", |app| accounts::sessions::purge(app).map(drop)),
    ("forgetting links", |app| accounts::actions::links::purge(app).map(drop)),
    ("forgetting gathered e-mails", |app| accounts::jobs::gathering::purge(app).map(drop)),
    ("forgetting networks", |app| accounts::devices::purge(app).map(drop)),
    ("forgetting failed sign-ins", |app| accounts::throttle::purge(app).map(drop)),
    ("forgetting unconfirmed accounts", |app| accounts::actions::closing::purge_unconfirmed(app).map(drop)),
    ("sealing authenticators anew", |app| accounts::actions::reseal_second_factors(app).map(drop)),
    ("forgetting events", |app| accounts::actions::audit::purge(app).map(drop)),
    ("forgetting idempotency keys", |app| app.db.write(purge_keys).map(drop)),
    ("forgetting bounced addresses", |app| app.db.write(purge_bounces).map(drop)),
    ("comparing names", companies::actions::fill_looks),
    ("forgetting imports", |app| imports::actions::purge(app).map(drop)),
    ("expiring exports", |app| exports::actions::expire_due(app).map(drop)),
    ("forgetting exports", |app| exports::actions::purge(app).map(drop)),
    ("deleting unattached documents", |app| documents::actions::delete_unattached(app).map(drop)),
    ("deleting unused files", |app| blobs::sweep(&app.db, &app.blobs).map(drop)),
    ("forgetting finished jobs", forget_finished_jobs),
    ("publishing statistics", |app| statistics::jobs::publish_due(app).map(drop)),
    ("forgetting notifications", |app| accounts::actions::purge_notifications(app).map(drop)),
    ("forgetting alerts", |app| alerts::jobs::purge(app).map(drop)),
    ("forgetting saved searches", |app| alerts::actions::purge_abandoned(app).map(drop)),
    ("forgetting webhook deliveries", |app| webhooks::actions::purge(app).map(drop)),
    ("sealing webhook secrets anew", |app| webhooks::actions::reseal(app).map(drop)),
    ("forgetting the event feed", |app| purge_events(&app.db).map(drop)),
    ("purging the change log", |app| purge_changes(&app.db).map(drop)),
];

/// Ends what time has ended, and forgets what is kept no longer. Running it twice changes nothing. A step that fails is logged by
/// its name and keeps no other from running; the first failure is the answer.
pub fn sweep(app: &App) -> Result<()> {
    let mut outcome = Ok(());
    for (name, step) in STEPS {
        if let Err(problem) = step(app) {
            log::error!("the sweep failed at {name}: {problem}");
            outcome = outcome.and(Err(problem));
        }
    }
    outcome
}

fn forget_finished_jobs(app: &App) -> Result<()> {
    let kept_since = app.clock.now() - chrono::Duration::days(app.config.workers.keep_days);
    while app.db.write(|tx| purge_finished(tx, kept_since))? > 0 {}
    Ok(())
}
