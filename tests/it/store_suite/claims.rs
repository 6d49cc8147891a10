//! A claim costs the same however many jobs wait and however many were done: it walks an index and neither sorts nor reads all.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration as StdDuration, Instant};

use chrono::Duration;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};
use serde::{Deserialize, Serialize};
use tradepost::on_each;
use tradepost::outbox::{Job, JobError, Notify, Options, Registry, Run, Worker, WorkerSettings, enqueue};
use tradepost::store::{Conn, Db};

use crate::support::{TestDb, Times, figures_hold, query_log};

both!(a_claim_walks_an_index);

/// Claims that are made.
const CLAIMS: usize = 500;
/// What a claim, or the note that a job is done, takes but for one in a hundred.
const QUICK: StdDuration = StdDuration::from_millis(5);

/// How many jobs there are of a kind; the nightly run sets the variables to 100 000 open and 1 000 000 finished ones.
fn asked(variable: &str, usual: usize) -> usize {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// How many jobs are still possible, when those that there were have run, and where the one that takes long waits.
struct Possible {
    left: AtomicUsize,
    ran: Mutex<Vec<Instant>>,
    gate: Mutex<Option<(mpsc::Sender<()>, mpsc::Receiver<()>)>>,
}

/// A job that does nothing, and is possible only so often.
#[derive(Serialize, Deserialize)]
struct Nothing {}

impl Job for Nothing {
    type Context = Possible;
    const KIND: &'static str = "test_nothing";

    fn is_possible(jobs: &Possible) -> bool {
        jobs.left.load(Ordering::SeqCst) > 0
    }

    fn run(self, jobs: &Possible, _: &Run) -> Result<(), JobError> {
        jobs.left.fetch_sub(1, Ordering::SeqCst);
        jobs.ran.lock().unwrap().push(Instant::now());
        Ok(())
    }
}

/// A job that is under way until it is let go.
#[derive(Serialize, Deserialize)]
struct Slow {}

impl Job for Slow {
    type Context = Possible;
    const KIND: &'static str = "test_slow";

    fn run(self, jobs: &Possible, _: &Run) -> Result<(), JobError> {
        let (arrived, go_on) = jobs.gate.lock().unwrap().take().unwrap();
        arrived.send(()).unwrap();
        go_on.recv().unwrap();
        Ok(())
    }
}

/// Open jobs of three priorities for one destination, the highest of them for later, and finished ones.
fn fill(db: &Db, open: usize, finished: usize) {
    let kinds = [
        (0, open * 9 / 10, "0", "07:00:00", "NULL"),
        (1, open / 20, "-1", "07:00:00", "NULL"),
        (2, open / 20, "5", "23:00:00", "NULL"),
        (3, finished, "0", "06:00:00", "'2026-11-23 06:30:00'"),
    ];
    for (place, count, priority, run_at, done_at) in kinds {
        let rows = format!(
            "INSERT INTO jobs (id, kind, destination, payload, priority, run_at, attempts, max_attempts, created_at, done_at) \
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) \
             SELECT {place} * 10000000 + i, 'test_nothing', 'slow', '{{}}', {priority}, '2026-11-23 {run_at}', 0, 20, \
             '2026-11-23 06:00:00', {done_at} FROM n"
        );
        db.write_read_committed(|tx| Ok(on_each!(tx.conn(), |c| diesel::sql_query(&rows).execute(c))?)).unwrap();
    }
    db.write_read_committed(|tx| Ok(on_each!(tx.conn(), |c| diesel::sql_query("ANALYZE jobs").execute(c))?)).unwrap();
}

/// How the database would run the statement, a line for each step.
fn plan_of(conn: &mut Conn, statement: &str) -> Vec<String> {
    match conn {
        Conn::Sqlite(c) => {
            let steps = sql::<(Integer, Integer, Integer, Text)>(&format!("EXPLAIN QUERY PLAN {statement}"));
            let steps: Vec<(i32, i32, i32, String)> = steps.load(c).unwrap();
            steps.into_iter().map(|(_, _, _, step)| step).collect()
        }
        Conn::Postgres(c) => {
            diesel::sql_query(format!("PREPARE it AS {statement}")).execute(c).unwrap();
            let types = "SELECT unnest(parameter_types)::text FROM pg_prepared_statements WHERE name = 'it'";
            let types: Vec<String> = sql::<Text>(types).load(c).unwrap();
            let values: Vec<&str> = types.iter().map(|kind| value_of(kind)).collect();
            let steps = sql::<Text>(&format!("EXPLAIN EXECUTE it({})", values.join(", "))).load(c).unwrap();
            diesel::sql_query("DEALLOCATE it").execute(c).unwrap();
            steps
        }
    }
}

/// What a claim may say for a parameter of the type.
fn value_of(kind: &str) -> &'static str {
    match kind {
        "integer" => "0",
        "bigint" => "1",
        "timestamp without time zone" => "'2026-11-23 08:00:00'",
        "text[]" | "bigint[]" => "'{}'",
        _ => "''",
    }
}

fn a_claim_walks_an_index(test_db: &TestDb) {
    query_log::listen();
    let db = test_db.seen_by_node(2);
    fill(&db, asked("TRADEPOST_TEST_OPEN_JOBS", 4_000), asked("TRADEPOST_TEST_FINISHED_JOBS", 8_000));
    let settings = WorkerSettings {
        lease: Duration::seconds(60),
        per_destination: 1,
        max_attempts: 5,
        poll: StdDuration::from_millis(5),
    };
    let registry = Registry::default().with::<Nothing>().with::<Slow>();
    let worker = Worker::new(db.clone(), registry, settings, Arc::new(Notify::default()));
    let jobs = Possible { left: AtomicUsize::new(CLAIMS), ran: Mutex::default(), gate: Mutex::default() };
    query_log::take();
    assert_eq!(worker.drain(&jobs).unwrap(), CLAIMS);
    let ran = std::mem::take(&mut *jobs.ran.lock().unwrap());
    let took = Times::new(ran.windows(2).map(|pair| pair[1] - pair[0]).collect());
    let past_full = claims_past_a_full_destination(&db, &worker, &jobs);
    eprintln!(
        "a claim and the note of its end: {:?}, p99 {:?}; a claim past a full destination: {:?}, p99 {:?}",
        took.at(50),
        took.at(99),
        past_full.at(50),
        past_full.at(99)
    );
    assert!(!figures_hold() || took.at(99) < 2 * QUICK, "a claim and its note take {:?}", took.at(99));
    assert!(!figures_hold() || past_full.at(99) < QUICK, "a claim in vain takes {:?}", past_full.at(99));

    let mut said: Vec<String> = query_log::take().into_iter().filter(|said| said.contains("jobs")).collect();
    said.sort();
    said.dedup();
    assert!(said.len() >= 3, "no query was logged: {said:?}");
    let plans: Vec<(String, Vec<String>)> = test_db
        .engine
        .look(|conn| Ok(said.into_iter().map(|said| (said.clone(), plan_of(conn, &said))).collect()))
        .unwrap();
    for (statement, plan) in plans {
        let is_walk = |step: &String| {
            !["Sort", "Seq Scan", "Bitmap", "TEMP B-TREE", "SCAN"].iter().any(|word| step.contains(word))
        };
        assert!(plan.iter().all(is_walk), "{statement}\n{}", plan.join("\n"));
    }
}

/// How long a worker looks in vain while another one has a job for the only destination, and all others wait for the same.
fn claims_past_a_full_destination(db: &Db, worker: &Worker<Possible>, jobs: &Possible) -> Times {
    let (arrived, has_arrived) = mpsc::channel();
    let (go_on, wait) = mpsc::channel();
    *jobs.gate.lock().unwrap() = Some((arrived, wait));
    db.write(|tx| enqueue(tx, &Slow {}, Options { priority: 1, ..Options::default() }.on_queue("slow"))).unwrap();
    std::thread::scope(|scope| {
        let stuck = scope.spawn(|| worker.drain(jobs).unwrap());
        has_arrived.recv().unwrap();
        jobs.left.store(CLAIMS, Ordering::SeqCst);
        let in_vain = |_| {
            let begun = Instant::now();
            assert_eq!(worker.drain(jobs).unwrap(), 0, "the destination has enough to do");
            begun.elapsed()
        };
        let took = Times::new((0..CLAIMS).map(in_vain).collect());
        jobs.left.store(0, Ordering::SeqCst);
        go_on.send(()).unwrap();
        assert_eq!(stuck.join().unwrap(), 1);
        took
    })
}
