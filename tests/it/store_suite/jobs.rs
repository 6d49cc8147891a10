//! The outbox: at least once, nothing lost, never two at a time while the lease holds.

use std::sync::atomic::{AtomicBool, AtomicI32, AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex, mpsc};

use chrono::{Duration, NaiveDateTime};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use tradepost::error::Problem;
use tradepost::ids::JobId;
use tradepost::outbox::{
    Job, JobError, Notify, Options, Registry, Run, Worker, WorkerSettings, dead_jobs, enqueue, purge_finished,
    queue_stats, retry_dead,
};
use tradepost::store::Db;
use tradepost::store::schema::jobs;

use super::{count, make};
use crate::support::TestDb;

both!(
    a_job_is_stored_with_its_cause_or_not_at_all,
    a_key_stores_one_job,
    who_outlives_the_lease_changes_nothing,
    long_job_is_kept_while_its_lease_is_renewed,
    a_failed_job_returns_after_a_growing_wait,
    failing_job_becomes_a_dead_letter_and_can_be_retried,
    permanent_failure_is_a_dead_letter_at_once,
    what_this_process_cannot_do_yet_loses_no_try,
    job_that_waits_gives_its_thread_to_others_and_loses_no_try,
    a_panicking_job_harms_no_other,
    a_busy_destination_delays_no_other,
    two_workers_never_run_the_same_job,
    the_urgent_goes_first_and_nothing_before_its_time,
    finished_jobs_are_forgotten_in_time,
);

/// What the jobs of these tests work with.
#[derive(Default)]
struct Bench {
    /// Names of the jobs that ran, in order, with the number of the try.
    ran: Mutex<Vec<(String, u32)>>,
    /// How many tries fail first; negative for all.
    failures: AtomicI32,
    /// Where a job waits, and says that it does.
    gate: Mutex<Option<(mpsc::Sender<()>, mpsc::Receiver<()>)>>,
    /// Whether it can do nothing yet.
    is_closed: AtomicBool,
    /// Whether there is what a job waits for.
    is_ready: AtomicBool,
    at_once: AtomicUsize,
    most_at_once: AtomicUsize,
}

impl Bench {
    fn names(&self) -> Vec<String> {
        self.ran.lock().unwrap().iter().map(|(name, _)| name.clone()).collect()
    }

    /// Has the next job that waits say so at the first and wait for the second.
    fn close_gate(&self) -> (mpsc::Receiver<()>, mpsc::Sender<()>) {
        let (arrived, has_arrived) = mpsc::channel();
        let (go_on, wait) = mpsc::channel();
        *self.gate.lock().unwrap() = Some((arrived, wait));
        (has_arrived, go_on)
    }
}

/// A job that does what its name begins with.
#[derive(Serialize, Deserialize)]
struct Task {
    name: String,
}

impl Job for Task {
    type Context = Bench;
    const KIND: &'static str = "test_task";

    fn is_possible(bench: &Bench) -> bool {
        !bench.is_closed.load(Ordering::SeqCst)
    }

    fn run(self, bench: &Bench, run: &Run) -> Result<(), JobError> {
        let now = bench.at_once.fetch_add(1, Ordering::SeqCst) + 1;
        bench.most_at_once.fetch_max(now, Ordering::SeqCst);
        bench.ran.lock().unwrap().push((self.name.clone(), run.attempt));
        let gate = if self.name.starts_with("wait") { bench.gate.lock().unwrap().take() } else { None };
        if let Some((arrived, go_on)) = gate {
            arrived.send(()).unwrap();
            go_on.recv().unwrap();
        }
        bench.at_once.fetch_sub(1, Ordering::SeqCst);
        if self.name.starts_with("later") && !bench.is_ready.load(Ordering::SeqCst) {
            return Err(JobError::NotYet);
        }
        if self.name.starts_with("panic") {
            panic!("a job of a test panics");
        }
        if self.name.starts_with("never") {
            return Err(JobError::Permanent("never".to_owned()));
        }
        let fails = self.name.starts_with("fail") && bench.failures.fetch_sub(1, Ordering::SeqCst) != 0;
        if fails { Err(JobError::Retryable("not yet".to_owned())) } else { Ok(()) }
    }
}

fn worker(db: &Db, per_destination: usize) -> Worker<Bench> {
    let settings = WorkerSettings {
        lease: Duration::seconds(60),
        per_destination,
        max_attempts: 5,
        poll: std::time::Duration::from_millis(5),
    };
    Worker::new(db.clone(), Registry::default().with::<Task>(), settings, Arc::new(Notify::default()))
}

fn add(db: &Db, name: &str, options: Options) {
    db.write(|tx| enqueue(tx, &Task { name: name.to_owned() }, options.clone())).unwrap();
}

fn add_once(db: &Db, name: &str) {
    add(db, name, Options::once(name));
}

/// Whether the job with the key is done, and how often it was tried.
fn state_of(db: &Db, key: &str) -> (bool, i32) {
    let row: (Option<NaiveDateTime>, i32) = db
        .read(|conn| {
            Ok(jobs::table.filter(jobs::dedupe_key.eq(key)).select((jobs::done_at, jobs::attempts)).first(conn)?)
        })
        .unwrap();
    (row.0.is_some(), row.1)
}

/// In how many seconds the job is to be tried again.
fn wait_of(test_db: &TestDb, key: &str) -> i64 {
    let filtered = jobs::table.filter(jobs::dedupe_key.eq(key)).select(jobs::run_at);
    let run_at: NaiveDateTime = test_db.db.read(|conn| Ok(filtered.first(conn)?)).unwrap();
    (run_at.and_utc() - test_db.clock.now()).num_seconds()
}

fn a_job_is_stored_with_its_cause_or_not_at_all(test_db: &TestDb) {
    let refused = test_db.db.write(|tx| {
        make(tx, "Refused")?;
        enqueue(tx, &Task { name: "lost".to_owned() }, Options::default())?;
        Err::<(), _>(Problem::conflict("no"))
    });
    assert!(refused.is_err());
    let bench = Bench::default();
    assert_eq!(worker(&test_db.db, 2).drain(&bench).unwrap(), 0);
    test_db
        .db
        .write(|tx| {
            make(tx, "Kept")?;
            enqueue(tx, &Task { name: "kept".to_owned() }, Options::default())
        })
        .unwrap();
    assert_eq!(worker(&test_db.db, 2).drain(&bench).unwrap(), 1);
    assert_eq!((bench.names(), count(&test_db.db)), (vec!["kept".to_owned()], 1));
}

fn a_key_stores_one_job(test_db: &TestDb) {
    let bench = Bench::default();
    add_once(&test_db.db, "one");
    add_once(&test_db.db, "one");
    assert_eq!(worker(&test_db.db, 2).drain(&bench).unwrap(), 1);
    add_once(&test_db.db, "one");
    assert_eq!(worker(&test_db.db, 2).drain(&bench).unwrap(), 0, "done is done");
    let start = Barrier::new(16);
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                start.wait();
                add_once(&test_db.db, "two");
            });
        }
    });
    assert_eq!(worker(&test_db.db, 2).drain(&bench).unwrap(), 1);
}

/// A worker is paused past its lease; the second one takes the job and completes it; what the first one reports afterwards
/// changes nothing, whether it succeeded or failed.
fn who_outlives_the_lease_changes_nothing(test_db: &TestDb) {
    let bench = Bench::default();
    let (has_arrived, go_on) = bench.close_gate();
    add_once(&test_db.db, "wait");
    let (slow, quick) = (worker(&test_db.db, 2), worker(&test_db.seen_by_node(2), 2));
    std::thread::scope(|scope| {
        let paused = scope.spawn(|| slow.drain(&bench).unwrap());
        has_arrived.recv().unwrap();
        assert_eq!(quick.drain(&bench).unwrap(), 0, "the lease holds");
        test_db.clock.advance(Duration::seconds(61));
        assert_eq!(quick.drain(&bench).unwrap(), 1, "the lease ran out");
        assert_eq!(state_of(&test_db.db, "wait"), (true, 2));
        let done_at = done_times(&test_db.db);
        test_db.clock.advance(Duration::seconds(5));
        go_on.send(()).unwrap();
        paused.join().unwrap();
        assert_eq!(done_times(&test_db.db), done_at);
    });
    assert_eq!(*bench.ran.lock().unwrap(), [("wait".to_owned(), 1), ("wait".to_owned(), 2)]);
}

/// A job that takes longer than any lease is run once, as long as its worker says that it is at it; one that hangs is let go in the end.
fn long_job_is_kept_while_its_lease_is_renewed(test_db: &TestDb) {
    let bench = Bench::default();
    let (has_arrived, go_on) = bench.close_gate();
    add_once(&test_db.db, "wait");
    let (slow, quick) = (worker(&test_db.db, 2), worker(&test_db.seen_by_node(2), 2));
    std::thread::scope(|scope| {
        let long = scope.spawn(|| slow.drain(&bench).unwrap());
        has_arrived.recv().unwrap();
        // As long as two leases.
        for _ in 0..6 {
            assert_eq!(slow.renew_leases().unwrap(), 1);
            test_db.clock.advance(Duration::seconds(20));
            assert_eq!(quick.drain(&bench).unwrap(), 0, "it is kept");
        }
        go_on.send(()).unwrap();
        long.join().unwrap();
        assert_eq!(state_of(&test_db.db, "wait"), (true, 1));
    });
    assert_eq!(slow.renew_leases().unwrap(), 0, "nothing is under way");
    let (has_arrived, go_on) = bench.close_gate();
    add_once(&test_db.db, "wait for ever");
    std::thread::scope(|scope| {
        let hanging = scope.spawn(|| slow.drain(&bench).unwrap());
        has_arrived.recv().unwrap();
        let renewals = std::iter::from_fn(|| {
            test_db.clock.advance(Duration::seconds(20));
            (slow.renew_leases().unwrap() == 1).then_some(())
        });
        assert_eq!(renewals.count(), 60, "three times for each of twenty leases");
        test_db.clock.advance(Duration::seconds(41));
        assert_eq!(quick.drain(&bench).unwrap(), 1, "another worker has it");
        go_on.send(()).unwrap();
        hanging.join().unwrap();
    });
    assert_eq!(state_of(&test_db.db, "wait for ever"), (true, 2));
}

fn done_times(db: &Db) -> Vec<Option<NaiveDateTime>> {
    db.read(|conn| Ok(jobs::table.order(jobs::id).select(jobs::done_at).load(conn)?)).unwrap()
}

fn a_failed_job_returns_after_a_growing_wait(test_db: &TestDb) {
    let bench = Bench { failures: AtomicI32::new(3), ..Bench::default() };
    let worker = worker(&test_db.db, 2);
    add_once(&test_db.db, "fail");
    for wait in [5, 10, 20] {
        assert_eq!(worker.drain(&bench).unwrap(), 1);
        let waits = wait_of(test_db, "fail");
        assert!((wait * 3 / 4 - 1..=wait * 5 / 4).contains(&waits), "{waits} s instead of about {wait} s");
        assert_eq!(worker.drain(&bench).unwrap(), 0, "not before its time");
        test_db.clock.advance(Duration::seconds(waits + 1));
    }
    assert_eq!(worker.drain(&bench).unwrap(), 1);
    assert_eq!(state_of(&test_db.db, "fail"), (true, 4));
}

fn failing_job_becomes_a_dead_letter_and_can_be_retried(test_db: &TestDb) {
    let bench = Bench { failures: AtomicI32::new(-1), ..Bench::default() };
    let worker = worker(&test_db.db, 2);
    add_once(&test_db.db, "fail");
    add_once(&test_db.db, "good");
    for _ in 0..20 {
        worker.drain(&bench).unwrap();
        test_db.clock.advance(Duration::hours(1));
    }
    let dead = test_db.db.read(|conn| dead_jobs(conn, 10)).unwrap();
    assert_eq!(dead.len(), 1);
    assert_eq!((dead[0].kind.as_str(), dead[0].last_error.as_deref()), ("test_task", Some("not yet")));
    let state = test_db.db.read(queue_stats).unwrap();
    assert_eq!((state.open, state.dead), (0, 1));
    assert_eq!(bench.names().iter().filter(|name| *name == "fail").count(), 5, "as often as the settings say");
    assert!(state_of(&test_db.db, "good").0);
    bench.failures.store(0, Ordering::SeqCst);
    let id = JobId(dead[0].id);
    test_db.db.write(|tx| retry_dead(tx, id)).unwrap();
    assert_eq!(worker.drain(&bench).unwrap(), 1);
    assert!(state_of(&test_db.db, "fail").0);
    assert!(test_db.db.write(|tx| retry_dead(tx, id)).is_err(), "only a dead job is retried");
}

fn permanent_failure_is_a_dead_letter_at_once(test_db: &TestDb) {
    let bench = Bench::default();
    add_once(&test_db.db, "never");
    assert_eq!(worker(&test_db.db, 2).drain(&bench).unwrap(), 1);
    assert_eq!(test_db.db.read(queue_stats).unwrap().dead, 1);
}

/// However often its worker starts and ends before it can do the work: the job's tries are not used up, and it waits no longer for it.
fn what_this_process_cannot_do_yet_loses_no_try(test_db: &TestDb) {
    add_once(&test_db.db, "patient");
    let closed = Bench { is_closed: AtomicBool::new(true), ..Bench::default() };
    for _ in 0..10 {
        assert_eq!(worker(&test_db.db, 2).drain(&closed).unwrap(), 0);
    }
    assert_eq!(state_of(&test_db.db, "patient"), (false, 0));
    let open = Bench::default();
    assert_eq!(worker(&test_db.db, 2).drain(&open).unwrap(), 1);
    assert_eq!(state_of(&test_db.db, "patient"), (true, 1));
}

fn job_that_waits_gives_its_thread_to_others_and_loses_no_try(test_db: &TestDb) {
    let bench = Bench::default();
    add_once(&test_db.db, "later");
    add_once(&test_db.db, "other");
    let worker = worker(&test_db.db, 2);
    for _ in 0..10 {
        worker.drain(&bench).unwrap();
        assert_eq!(state_of(&test_db.db, "later"), (false, 0));
        test_db.clock.advance(Duration::milliseconds(500));
    }
    assert!(state_of(&test_db.db, "other").0, "it was done meanwhile, by the same thread");
    bench.is_ready.store(true, Ordering::SeqCst);
    worker.drain(&bench).unwrap();
    assert_eq!(state_of(&test_db.db, "later"), (true, 1));
    assert!(bench.ran.lock().unwrap().iter().all(|(_, attempt)| *attempt == 1));
}

fn a_panicking_job_harms_no_other(test_db: &TestDb) {
    let bench = Bench::default();
    add_once(&test_db.db, "panic");
    add_once(&test_db.db, "after");
    let worker = worker(&test_db.db, 2);
    assert_eq!(worker.drain(&bench).unwrap(), 2);
    assert!(state_of(&test_db.db, "after").0);
    assert_eq!(state_of(&test_db.db, "panic"), (false, 1));
    test_db.clock.advance(Duration::seconds(10));
    assert_eq!(worker.drain(&bench).unwrap(), 1, "it is tried again, at its place");
}

/// The mail host hangs with as many e-mails as may go there at once: the rest for it waits, everything else goes on.
fn a_busy_destination_delays_no_other(test_db: &TestDb) {
    let bench = Bench::default();
    let (has_arrived, go_on) = bench.close_gate();
    let worker = worker(&test_db.db, 1);
    add(&test_db.db, "wait 1", Options::once("w1").on_queue("mail"));
    std::thread::scope(|scope| {
        let stuck = scope.spawn(|| worker.drain(&bench).unwrap());
        has_arrived.recv().unwrap();
        add(&test_db.db, "more mail", Options::once("w2").on_queue("mail"));
        add(&test_db.db, "elsewhere", Options::once("w3").on_queue("other"));
        add(&test_db.db, "local", Options::once("w4"));
        assert_eq!(worker.drain(&bench).unwrap(), 2);
        assert!(!state_of(&test_db.db, "w2").0 && state_of(&test_db.db, "w3").0 && state_of(&test_db.db, "w4").0);
        go_on.send(()).unwrap();
        stuck.join().unwrap();
    });
    assert!(state_of(&test_db.db, "w2").0, "then the rest follows");
}

fn two_workers_never_run_the_same_job(test_db: &TestDb) {
    let bench = Bench::default();
    for number in 0..40 {
        add_once(&test_db.db, &format!("job {number}"));
    }
    let other = test_db.seen_by_node(2);
    let workers: Vec<_> = (0..4).map(|at| worker(if at % 2 == 0 { &test_db.db } else { &other }, 2)).collect();
    let start = Barrier::new(4);
    std::thread::scope(|scope| {
        for worker in &workers {
            let (start, bench) = (&start, &bench);
            scope.spawn(move || {
                start.wait();
                worker.drain(bench).unwrap();
            });
        }
    });
    let mut names = bench.names();
    names.sort();
    names.dedup();
    assert_eq!((names.len(), bench.names().len()), (40, 40));
}

fn the_urgent_goes_first_and_nothing_before_its_time(test_db: &TestDb) {
    let bench = Bench::default();
    let worker = worker(&test_db.db, 2);
    let later = test_db.clock.now() + Duration::hours(1);
    let of = |priority| Options { priority, ..Options::default() };
    add(&test_db.db, "later", Options { not_before: Some(later), ..of(5) });
    add(&test_db.db, "idle", of(-1));
    add(&test_db.db, "usual", of(0));
    add(&test_db.db, "next", of(0));
    add(&test_db.db, "urgent", of(5));
    worker.drain(&bench).unwrap();
    assert_eq!(bench.names(), ["urgent", "usual", "next", "idle"]);
    test_db.clock.advance(Duration::hours(1));
    add(&test_db.db, "after it", of(5));
    worker.drain(&bench).unwrap();
    assert_eq!(bench.names()[4..], ["later", "after it"]);
}

fn finished_jobs_are_forgotten_in_time(test_db: &TestDb) {
    let bench = Bench { failures: AtomicI32::new(-1), ..Bench::default() };
    add_once(&test_db.db, "old");
    add_once(&test_db.db, "fail");
    worker(&test_db.db, 2).drain(&bench).unwrap();
    let purge = |before| test_db.db.write(|tx| purge_finished(tx, before)).unwrap();
    assert_eq!(purge(test_db.clock.now()), 0, "not at once");
    assert_eq!(purge(test_db.clock.now() + Duration::seconds(1)), 1);
    assert_eq!(test_db.db.read(queue_stats).unwrap().open, 1, "what was not done stays");
}
