//! How little memory a node needs that trades, indexes and mails.

use super::ledger::{Ledger, trade};
use super::site::{Node, Site};
use crate::support::PATIENCE;

both!(node_runs_within_a_hard_memory_limit);

/// What an operator gives a node, in MiB. The program that tests run, which is not optimised, has 70 MiB of code in memory; as released
/// it has far less.
const MOST_MIB: u64 = 320;

/// Trades with the node and looks whether all that it acknowledged is there.
fn trade_with(site: &Site, node: &mut Node) {
    let ledger = Ledger::default();
    node.start();
    std::thread::scope(|scope| {
        let _callers = trade(scope, site, &ledger, &[node.base()], "small", 3);
        ledger.await_steps(120, PATIENCE);
    });
    site.check_settled(&ledger, &mut [&mut *node]);
    eprintln!("{:?} for {} steps", node.usage(), ledger.steps());
}

fn node_runs_within_a_hard_memory_limit(site: &Site) {
    // The stacks of threads and what the allocator keeps in store count here too.
    let mut node = site.node("small", &["serve"]).within(MOST_MIB);
    trade_with(site, &mut node);
    let taken = node.usage();
    assert!(taken.mib < MOST_MIB, "the node took {} MiB", taken.mib);
    let log = node.log();
    assert!(!log.contains("panicked") && !log.contains("ERROR"), "{log}");
}
