//! Waiting for what other threads and processes do: looked at again and again with a limit, never slept through.

use std::time::{Duration, Instant};

/// How long what has to happen may take on a machine that has much else to do.
pub const PATIENCE: Duration = Duration::from_secs(60);
/// How often it is looked at.
const EVERY: Duration = Duration::from_millis(10);

/// Looks again and again until it is so.
#[track_caller]
pub fn wait_for(what: &str, is_so: impl FnMut() -> bool) {
    wait_at_most(PATIENCE, what, is_so);
}

/// The same with a limit of its own; answers how long it took.
#[track_caller]
pub fn wait_at_most(patience: Duration, what: &str, mut is_so: impl FnMut() -> bool) -> Duration {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < patience, "waited in vain for {what}");
        std::thread::sleep(EVERY);
    }
    start.elapsed()
}
