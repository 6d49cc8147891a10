//! The server is killed while it writes, indexes and mails, again and again: what it acknowledged is there, the index says what the
//! database says, and every e-mail goes.

use std::time::Duration;

use super::ledger::{Ledger, trade};
use super::site::Site;
use crate::support::{Database, Setup, amount};

both!(killed_server_loses_no_acknowledged_write, second_server_on_a_data_folder_refuses_to_start);

/// A database is given up for a fresh one after so many rounds, or a tenth of all: what is compared after each grows with their
/// number. At the end of each database all that is under way is waited for, and every e-mail counted.
const ROUNDS_ON_ONE: usize = 25;
/// Once in so many rounds the index is compared with one that is rebuilt, else with one that follows the change log as well.
const ROUNDS_UNTIL_ANEW: usize = 10;
/// After how long the server is killed at the latest, in milliseconds from its being ready.
const LATEST_KILL_MS: u64 = 400;

/// Rounds on each database: 1 000 at night.
fn rounds() -> usize {
    amount("TRADEPOST_KILL_ROUNDS", ROUNDS_UNTIL_ANEW)
}

fn killed_server_loses_no_acknowledged_write(site: &Site) {
    let all = rounds();
    let on_one = ROUNDS_ON_ONE.max(all / 10);
    kill_again_and_again(site, all.min(on_one));
    for begun in (on_one..all).step_by(on_one) {
        let fresh = Site::on(Database::fresh(site.database.kind).unwrap());
        kill_again_and_again(&fresh, (all - begun).min(on_one));
    }
}

fn kill_again_and_again(site: &Site, rounds: usize) {
    let ledger = Ledger::default();
    site.post.take_slowly(Duration::from_millis(40));
    let mut node = site.node("served", &["serve"]).with("WORKERS__LEASE_S", "2");
    for round in 1..=rounds {
        node.start();
        match round % ROUNDS_UNTIL_ANEW {
            0 => site.check_index(&mut node),
            _ => site.check_index_by_changes(&mut node),
        }
        std::thread::scope(|scope| {
            let _callers = trade(scope, site, &ledger, &[node.base()], &format!("R{round}"), 2);
            // The moment is a matter of chance: in a request, a commit of the index, a conversation with the mail server.
            std::thread::sleep(Duration::from_millis(rand::random_range(1..=LATEST_KILL_MS)));
            node.kill();
        });
        site.check_database(&ledger);
    }
    node.start();
    site.check_settled(&ledger, &mut [&mut node]);
    eprintln!("{rounds} kills, {} steps, {} e-mails", ledger.steps(), site.post.emails().len());
    assert!(ledger.steps() >= rounds * 2, "too little was written to prove anything: {}", ledger.steps());
}

fn second_server_on_a_data_folder_refuses_to_start(site: &Site) {
    let mut node = site.node("served", &["serve"]);
    node.start();
    let second = node.program(&["serve", "--listen", "127.0.0.1:0"]).output().unwrap();
    assert_eq!(second.status.code(), Some(1));
    let words = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(words.contains("already"), "{words}");
}
