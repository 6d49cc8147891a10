//! How little memory a node needs that trades, indexes and mails.

use super::ledger::{Ledger, trade};
use super::site::{PATIENCE, Site};

both!(a_node_needs_little_memory);

/// The program that tests run, which is not optimised, has 70 MiB of code in memory; as released it has far less.
const MOST_MIB: u64 = 384;

fn a_node_needs_little_memory(site: &Site) {
    let ledger = Ledger::default();
    let mut node = site.node("small", &["serve"]);
    node.start();
    std::thread::scope(|scope| {
        let _callers = trade(scope, site, &ledger, &[node.base()], "small", 3);
        ledger.await_steps(200, PATIENCE);
    });
    site.check_settled(&ledger, &mut [&mut node]);
    let taken = node.taken();
    eprintln!("{taken:?} for {} steps", ledger.steps());
    assert!(taken.mib < MOST_MIB, "the node took {} MiB", taken.mib);
}
