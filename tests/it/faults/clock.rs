//! A clock that jumps, an hour or a day, forward or back: no job is lost or run in a circle, and nothing is valid for longer than it
//! should be and the jump.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};

use chrono::{Duration, NaiveDateTime};
use diesel::dsl::max;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use tradepost::outbox::{Job, JobError, Notify, Options, Registry, Run, Worker, WorkerSettings, enqueue, queue_stats};
use tradepost::store::Db;
use tradepost::store::schema::listings;

use super::ledger::{Ledger, trade};
use super::site::Site;
use crate::support::{PASSWORD, PATIENCE, Skew, TestDb, World};

both!(clock_jump_loses_no_job, clock_jump_back_extends_no_session, node_keeps_working_across_clock_jumps,);

/// How far from the right time the node's clock is, one after the other. What was put off in one of these hours is due at the last.
const SKEWS: [Duration; 5] =
    [Duration::hours(1), Duration::hours(-1), Duration::days(1), Duration::days(-1), Duration::hours(49)];
/// So many e-mails are on their way at once; the claim of each may end by a jump, and then it goes once more.
const AT_ONCE: usize = 2;

#[derive(Default)]
struct Bench {
    tries: AtomicUsize,
    /// Where the one slow job waits.
    gate: std::sync::Mutex<Option<(mpsc::Sender<()>, mpsc::Receiver<()>)>>,
}

/// A job that works at once, at the second try, or when it is let go.
#[derive(Serialize, Deserialize)]
enum Task {
    Plain,
    Second,
    Slow,
}

impl Job for Task {
    type Context = Bench;
    const KIND: &'static str = "clock_task";

    fn run(self, bench: &Bench, run: &Run) -> Result<(), JobError> {
        bench.tries.fetch_add(1, Ordering::SeqCst);
        match self {
            Self::Second if run.attempt == 1 => return Err(JobError::Retryable("not yet".to_owned())),
            Self::Slow => {
                let gate = bench.gate.lock().unwrap().take();
                if let Some((arrived, go_on)) = gate {
                    arrived.send(()).unwrap();
                    go_on.recv().unwrap();
                }
            }
            Self::Plain | Self::Second => {}
        }
        Ok(())
    }
}

fn worker(db: &Db) -> Worker<Bench> {
    let poll = std::time::Duration::from_millis(5);
    let settings = WorkerSettings { lease: Duration::seconds(60), per_destination: 2, max_attempts: 5, poll };
    Worker::new(db.clone(), Registry::default().with::<Task>(), settings, Arc::new(Notify::default()))
}

fn clock_jump_loses_no_job(ground: &TestDb) {
    let other = ground.seen_by_node(2);
    for jump in [Duration::hours(1), Duration::hours(-1), Duration::days(1), Duration::days(-1)] {
        let (arrived, has_arrived) = mpsc::channel();
        let (go_on, wait) = mpsc::channel();
        let bench = Bench { gate: std::sync::Mutex::new(Some((arrived, wait))), ..Bench::default() };
        let (slow, quick) = (worker(&ground.db), worker(&other));
        let add = |task: Task| ground.db.write(|tx| enqueue(tx, &task, Options::default())).unwrap();
        add(Task::Slow);
        std::thread::scope(|scope| {
            let stuck = scope.spawn(|| slow.drain(&bench).unwrap());
            has_arrived.recv().unwrap();
            add(Task::Second);
            quick.drain(&bench).unwrap();
            ground.clock.advance(jump);
            add(Task::Plain);
            // What waits is done at the latest when as much time has passed as the clock went back; the worker that holds the slow
            // job is as good as gone, and the job does not wait for it any longer than for any other.
            quick.drain(&bench).unwrap();
            ground.clock.advance(Duration::hours(1) + Duration::minutes(3));
            quick.drain(&bench).unwrap();
            if jump < Duration::hours(-1) {
                ground.clock.advance(-jump);
                quick.drain(&bench).unwrap();
            }
            assert_eq!(ground.db.read(queue_stats).unwrap().open, 0, "{jump}: all is done");
            go_on.send(()).unwrap();
            stuck.join().unwrap();
        });
        assert_eq!(bench.tries.load(Ordering::SeqCst), 5, "{jump}: each as often as it must, the slow one once more");
        let state = ground.db.read(queue_stats).unwrap();
        assert_eq!((state.open, state.dead), (0, 0), "{jump}");
    }
}

/// A session that is used every day ends a week after it began by the clock that it began on, and so at most a jump later.
fn clock_jump_back_extends_no_session(world: &World) {
    let supplier = world.supplier();
    let browser = world.anonymous();
    browser.sign_in(&supplier.email, PASSWORD);
    world.clock.advance(Duration::days(-1));
    let is_in = || browser.page("/account").status == 200;
    assert!(is_in());
    let mut hours = 0;
    while is_in() {
        world.clock.advance(Duration::hours(6));
        hours += 6;
        assert!(hours <= 8 * 24, "the session lives for longer than a week and the jump");
    }
    assert!(hours > 6 * 24, "it was used all the time, and ended after {hours} hours");
}

fn node_keeps_working_across_clock_jumps(site: &Site) {
    let Some(skew) = Skew::in_folder(&site.database.folder()) else { return };
    let ledger = Ledger::default();
    let mut node = site.node("served", &["serve"]).on_clock(&skew);
    node.start();
    std::thread::scope(|scope| {
        let _callers = trade(scope, site, &ledger, &[node.base()], "jump", 2);
        for jump in SKEWS {
            ledger.await_steps(10, PATIENCE);
            skew.set(jump);
            *site.kills.lock().unwrap() += AT_ONCE;
        }
        ledger.await_steps(10, PATIENCE);
    });
    assert_eq!(ledger.refusals().len(), 0, "somebody was not served");
    let newest: Option<NaiveDateTime> =
        site.app.db.read(|conn| Ok(listings::table.select(max(listings::created_at)).first(conn)?)).unwrap();
    let ahead = newest.unwrap() - site.app.clock.now().naive_utc();
    assert!(ahead > Duration::days(2), "its clock did not jump: {ahead}");
    site.check_settled(&ledger, &mut [&mut node]);
}
