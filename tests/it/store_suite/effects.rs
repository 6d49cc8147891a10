//! Many workers of two processes, and one effect for each job: what is to be done once is done once.

use std::sync::{Arc, Barrier};
use std::time::{Duration as StdDuration, Instant};

use chrono::Duration;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use tradepost::outbox::{Job, JobError, Notify, Options, Registry, Run, Worker, WorkerSettings, enqueue, queue_stats};
use tradepost::store::Db;
use tradepost::store::schema::meta;

use crate::support::{TestDb, amount};

both!(sixteen_workers_of_two_processes_do_everything_once);

/// Stores a row under the job's number: a second one of that number is refused by the database.
#[derive(Serialize, Deserialize)]
struct Effect {
    number: usize,
}

impl Job for Effect {
    type Context = Db;
    const KIND: &'static str = "test_effect";

    fn run(self, db: &Db, _: &Run) -> Result<(), JobError> {
        db.write_read_committed(|tx| {
            let row = (meta::key.eq(format!("effect {}", self.number)), meta::value.eq(""));
            diesel::insert_into(meta::table).values(row).execute(tx.conn())?;
            Ok(())
        })?;
        Ok(())
    }
}

fn sixteen_workers_of_two_processes_do_everything_once(test_db: &TestDb) {
    // On each database: 10 000 at night.
    let jobs: usize = amount("TRADEPOST_EFFECTS", 500);
    let numbers: Vec<usize> = (0..jobs).collect();
    for part in numbers.chunks(500) {
        let add = |tx: &mut tradepost::store::Tx| {
            part.iter().try_for_each(|number| enqueue(tx, &Effect { number: *number }, Options::default()))
        };
        test_db.db.write(add).unwrap();
    }
    let processes = [test_db.db.clone(), test_db.seen_by_node(2)];
    let workers = processes.each_ref().map(|db| {
        let poll = StdDuration::from_millis(5);
        let settings = WorkerSettings { lease: Duration::seconds(60), per_destination: 2, max_attempts: 5, poll };
        Worker::new(db.clone(), Registry::default().with::<Effect>(), settings, Arc::new(Notify::default()))
    });
    let start = Barrier::new(16);
    let begun = Instant::now();
    let ran: usize = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..16)
            .map(|worker| {
                let (worker, db, start) = (&workers[worker % 2], &processes[worker % 2], &start);
                scope.spawn(move || {
                    start.wait();
                    worker.drain(db).unwrap()
                })
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).sum()
    });
    eprintln!("{ran} jobs in {:.1} s", begun.elapsed().as_secs_f64());
    let effects = meta::table.filter(meta::key.like("effect %")).count();
    let effects: i64 = test_db.db.read(|conn| Ok(effects.get_result(conn)?)).unwrap();
    let state = test_db.db.read(queue_stats).unwrap();
    // A try that collided was refused by the database and would be open or dead.
    assert_eq!((ran, effects), (jobs, i64::try_from(jobs).unwrap()));
    assert_eq!((state.open, state.dead), (0, 0));
}
