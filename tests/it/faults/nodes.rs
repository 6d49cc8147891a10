//! Several nodes on one PostgreSQL: each is killed, paused and started again in turn while the others serve; then the database itself
//! goes away and comes back.

use std::time::{Duration, Instant};

use diesel::prelude::*;
use tradepost::store::schema::jobs;

use super::ledger::{Ledger, trade};
use super::site::{Node, Site};
use crate::operation::node::total;
use crate::support::{Client, Database, Kind, PATIENCE, figures_hold, market, run, run_on, wait_at_most, wait_for};

/// How long a claim holds here; a paused worker is paused for longer.
const LEASE: Duration = Duration::from_secs(2);
/// Within so long callers are served again once the database is back.
const RECOVERY: Duration = Duration::from_secs(10);
/// For so many seconds a table is locked: longer than anybody waits for one. The nightly run sets the variable to 30.
fn locked_for() -> Duration {
    let asked = std::env::var("TRADEPOST_TEST_LOCK_S").ok().and_then(|text| text.parse().ok());
    Duration::from_secs(asked.unwrap_or(12))
}

/// Within so long jobs are done and what is new is found again, which takes longer where others use the machine.
fn caught_up() -> Duration {
    if figures_hold() { RECOVERY } else { PATIENCE }
}

#[test]
fn failing_nodes_lose_nothing_and_repeat_nothing() {
    run(Kind::Postgres, in_turn);
}

#[test]
fn closed_database_connections_are_replaced() {
    run(Kind::Postgres, with_ended_sessions);
}

#[test]
fn restarted_database_is_reconnected() {
    run_on(Database::on_own_server(), with_a_restarted_database);
}

#[test]
fn read_only_database_still_serves_reads() {
    run(Kind::Postgres, with_a_database_that_only_reads);
}

#[test]
fn locked_table_stops_only_its_users() {
    run(Kind::Postgres, with_a_locked_table);
}

fn node<'s>(site: &'s Site, name: &str, command: &[&'static str]) -> Node<'s> {
    let node = site.node(name, command).with("WORKERS__LEASE_S", &LEASE.as_secs().to_string());
    // Less than callers wait, so that they hear of it.
    node.with("DATABASE__WAIT_MS", "3000")
}

fn in_turn(site: &Site) {
    let ledger = Ledger::default();
    site.post.take_slowly(Duration::from_millis(30));
    let mut first = node(site, "first", &["serve", "--no-workers"]);
    let mut second = node(site, "second", &["serve", "--no-workers"]);
    let mut workers = [node(site, "worker-1", &["worker"]), node(site, "worker-2", &["worker"])];
    first.start();
    second.start();
    workers.iter_mut().for_each(Node::launch);
    std::thread::scope(|scope| {
        let _callers = trade(scope, site, &ledger, &[first.base(), second.base()], "turn", 2);
        let goes_on = || {
            ledger.await_steps(5, PATIENCE);
        };
        goes_on();
        for worker in &mut workers {
            worker.kill();
            goes_on();
            worker.launch();
        }
        for node in [&mut first, &mut second] {
            node.kill();
            goes_on();
            node.start_among_others();
            goes_on();
            node.pause();
            goes_on();
            node.resume();
            node.await_ready();
        }
        for worker in &workers {
            worker.pause();
            // Time itself is waited for: whatever the paused worker holds, its lease runs out meanwhile.
            std::thread::sleep(LEASE + Duration::from_millis(500));
            goes_on();
            worker.resume();
        }
    });
    site.check_settled(&ledger, &mut [&mut first, &mut second]);
    for worker in &workers {
        assert!(!worker.log().contains("panicked at"), "{}", worker.log());
        wait_for("the worker's index to hold what the server's holds", || {
            found_by_check(worker) == found_by_check(&first)
        });
    }
}

/// What `tradepost check` says of the node's own index; a worker can be asked in no other way.
fn found_by_check(node: &Node) -> String {
    let said = String::from_utf8(node.program(&["check"]).output().unwrap().stdout).unwrap();
    let line = said
        .lines()
        .find(|line| line.get(7..).is_some_and(|rest| rest.starts_with("index")))
        .unwrap_or_else(|| panic!("no index in\n{said}"));
    assert!(!line.contains("ERROR"), "{line}");
    line.to_owned()
}

fn with_ended_sessions(site: &Site) {
    let ledger = Ledger::default();
    let mut server = node(site, "served", &["serve"]);
    server.start();
    std::thread::scope(|scope| {
        let _callers = trade(scope, site, &ledger, &[server.base()], "ended", 3);
        for _ in 0..5 {
            ledger.await_steps(10, PATIENCE);
            site.database.terminate_sessions();
            ledger.await_steps(3, RECOVERY);
        }
        refuses_nobody(&ledger);
    });
    site.check_settled(&ledger, &mut [&mut server]);
}

/// From now on everybody is served.
fn refuses_nobody(ledger: &Ledger) {
    // A request that failed before may still be on its way to its caller.
    ledger.await_steps(6, PATIENCE);
    let since = Instant::now();
    ledger.await_steps(30, PATIENCE);
    let refused = ledger.refusals().iter().filter(|at| **at >= since).count();
    assert_eq!(refused, 0, "callers are refused although the database is back");
}

fn with_a_restarted_database(site: &Site) {
    let ledger = Ledger::default();
    let mut server = node(site, "served", &["serve", "--no-workers"]);
    let mut worker = node(site, "worker", &["worker"]);
    server.start();
    worker.launch();
    wait_for("the worker to run", || worker.log().contains("the worker runs"));
    let anybody = Client::new(&server.base(), None);
    std::thread::scope(|scope| {
        let _callers = trade(scope, site, &ledger, &[server.base()], "restart", 3);
        for _ in 0..2 {
            ledger.await_steps(10, PATIENCE);
            site.database.server().stop();
            wait_for("/readyz to be red", || server.readiness().is_some_and(|(status, _)| status == 503));
            site.database.server().start_again();
            let back = site.app.clock.now().naive_utc();
            ledger.await_steps(3, RECOVERY);
            wait_at_most(caught_up(), "jobs to be done again", || {
                let done = jobs::table.filter(jobs::done_at.gt(back)).count();
                site.app.db.read(|conn| Ok(done.get_result::<i64>(conn)?)).is_ok_and(|done| done > 0)
            });
            let found = total(&anybody, "/search/listings");
            wait_at_most(caught_up(), "what is new to be found again", || total(&anybody, "/search/listings") > found);
            server.await_ready();
        }
        refuses_nobody(&ledger);
    });
    assert!(!ledger.refusals().is_empty(), "nobody noticed");
    site.check_settled(&ledger, &mut [&mut server]);
    assert!(!worker.log().contains("panicked at"), "{}", worker.log());
}

/// A failover that leaves a replica behind: what only reads goes on, writes are answered with 503.
fn with_a_database_that_only_reads(site: &Site) {
    let ledger = Ledger::default();
    let mut server = node(site, "served", &["serve"]);
    server.start();
    let seller = server.client(&site.supplier);
    let id = seller.publish_listing(&market::listing("BEFORE"));
    server.await_current();
    site.database.set_read_only("on");
    wait_for("writing to be refused", || {
        let refused = seller.post("/listings", &market::listing("MEANWHILE"));
        refused.status == 503 && refused.problem() == "unavailable" && refused.header("retry-after").is_some()
    });
    for path in [format!("/listings/{id}"), "/listings".to_owned(), "/search/listings?q=valve".to_owned()] {
        seller.get(&path).expect(200);
    }
    site.database.set_read_only("off");
    wait_for("writing to go on", || seller.post("/listings", &market::listing("AFTER")).status == 201);
    site.check_settled(&ledger, &mut [&mut server]);
}

/// Requests that need the table are answered with 503; nothing is lost, and everybody is served once it is free.
fn with_a_locked_table(site: &Site) {
    let ledger = Ledger::default();
    let mut server = node(site, "served", &["serve"]);
    server.start();
    let anonymous = Client::new(&server.base(), None);
    std::thread::scope(|scope| {
        let _callers = trade(scope, site, &ledger, &[server.base()], "locked", 3);
        ledger.await_steps(10, PATIENCE);
        site.database.with_locked("listings", || {
            let begun = Instant::now();
            // On a slow machine a caller may take longer to come to a step that needs the table.
            let noticed = || !ledger.refusals().is_empty() || begun.elapsed() > PATIENCE;
            while begun.elapsed() < locked_for() || !noticed() {
                anonymous.page("/livez").expect(200);
                anonymous.get("/search/listings?q=valve").expect(200);
                // Ten looks a second for as long as the table is locked.
                std::thread::sleep(Duration::from_millis(100));
            }
        });
        ledger.await_steps(3, RECOVERY);
        refuses_nobody(&ledger);
    });
    assert!(!ledger.refusals().is_empty(), "nobody noticed");
    site.check_settled(&ledger, &mut [&mut server]);
}
