//! Node numbers of processes that run for days: each keeps its own, and one that was lost is replaced.

use std::sync::Arc;

use chrono::Duration;
use diesel::prelude::*;
use tradepost::ids::{IdMaker, JobId};
use tradepost::store::schema::idempotency_keys;
use tradepost::store::{Db, Engine, NodeLease, Settings};
use tradepost::workers::{WorkerRole, Workers, sweep};

use crate::support::{World, market, wait_for};

both!(
    node_without_workers_keeps_its_node_number,
    worker_keeps_its_node_number,
    lost_node_number_is_replaced,
    failing_sweep_step_blocks_no_other,
);

/// The database as another process has it.
fn elsewhere(world: &World) -> Db {
    let engine = Engine::from_url(&world.database().url).unwrap();
    let settings = Settings { engine, connections: 2, wait_ms: 5_000 };
    Db::open(settings, world.clock.clone(), Arc::new(IdMaker::new(0))).unwrap()
}

/// Ids that both make at the same moment are not the same.
#[track_caller]
fn make_different_ids(one: &Db, other: &Db) {
    let make = |db: &Db| db.write(|tx| Ok(tx.make_id::<JobId>())).unwrap();
    let (one, other): (Vec<_>, Vec<_>) = (0..20).map(|_| (make(one), make(other))).unzip();
    assert!(one.iter().all(|id| !other.contains(id)), "{one:?} {other:?}");
}

fn node_without_workers_keeps_its_node_number(world: &World) {
    keeps_its_number(world, WorkerRole::IndexOnly);
}

fn worker_keeps_its_node_number(world: &World) {
    keeps_its_number(world, WorkerRole::JobsOnly);
}

fn keeps_its_number(world: &World, role: WorkerRole) {
    let app = &world.app;
    let workers = Workers::new(Arc::clone(app));
    workers.start(role).unwrap();
    for _ in 0..4 {
        world.clock.advance(Duration::hours(20));
        app.notify.notify_workers();
        wait_for("the lease to be extended", || app.node.holds(world.clock.now() + Duration::hours(23)));
    }
    let other = elsewhere(world);
    let lease = NodeLease::take(&other).unwrap();
    assert_eq!((app.node.node(), lease.node()), (0, 1));
    make_different_ids(&app.db, &other);
    workers.stop();
}

fn lost_node_number_is_replaced(world: &World) {
    let app = &world.app;
    let is_held = || world.anonymous().page("/readyz").json()["node_number_held"] == true;
    assert!(is_held());
    world.clock.advance(Duration::hours(25));
    assert!(!is_held(), "nobody extended it");
    let other = elsewhere(world);
    let lease = NodeLease::take(&other).unwrap();
    assert_eq!(lease.node(), 0);
    assert_eq!(app.node.keep(None).unwrap(), Some(1));
    assert!(is_held());
    make_different_ids(&app.db, &other);
    assert_eq!(app.node.keep(None).unwrap(), None, "which it keeps");
}

/// The steps around it run, and it is tried again with the next sweep.
fn failing_sweep_step_blocks_no_other(world: &World) {
    let buyer = world.buyer();
    let keyed = buyer.call("POST", "/rfqs").header("Idempotency-Key", "sweep-1");
    keyed.json(&market::rfq("Valves of one day")).send().expect(201);
    let keys = || -> i64 { world.app.db.read(|conn| Ok(idempotency_keys::table.count().get_result(conn)?)).unwrap() };
    world.clock.advance(Duration::hours(25));
    let rename = |from: &str, to: &str| {
        let sql = format!("ALTER TABLE {from} RENAME TO {to}");
        world.app.db.write(|tx| Ok(diesel::sql_query(&sql).execute(tx.conn()).map(drop)?)).unwrap();
    };
    rename("throttles", "lost");
    assert!(sweep(&world.app).is_err());
    assert_eq!(keys(), 0, "what comes after the step that failed");
    rename("lost", "throttles");
    sweep(&world.app).unwrap();
}
