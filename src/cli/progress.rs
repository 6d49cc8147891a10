//! Progress of long commands: a bar on a terminal, an occasional line elsewhere.

use std::cell::Cell;
use std::io::IsTerminal;
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::print::print_status;

/// How often the size of a growing file is read.
const POLL: Duration = Duration::from_millis(200);
/// How often a step of unknown length is reported where there is no terminal.
const REPORT: Duration = Duration::from_secs(60);
/// Steps with fewer bytes or items print no lines.
const MIN_BYTES: u64 = 1 << 20;
const MIN_ITEMS: u64 = 10_000;

/// The progress of a long command.
pub(super) struct Progress {
    bar: ProgressBar,
    what: &'static str,
    total: u64,
    min_total: u64,
    done: Cell<u64>,
    reported: Cell<u64>,
}

impl Progress {
    /// Progress in bytes.
    pub fn bytes(total: u64, what: &'static str) -> Self {
        Self::of(total, MIN_BYTES, what, "{msg:18} {bar:40} {bytes}/{total_bytes} {eta}")
    }

    /// Progress in items.
    pub fn items(total: u64, what: &'static str) -> Self {
        Self::of(total, MIN_ITEMS, what, "{msg:18} {bar:40} {human_pos}/{human_len} {eta}")
    }

    fn of(total: u64, min_total: u64, what: &'static str, template: &str) -> Self {
        let bar = ProgressBar::with_draw_target(Some(total), target()).with_message(what);
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self { bar, what, total, min_total, done: Cell::new(0), reported: Cell::new(0) }
    }

    /// Adds to what is done.
    pub fn advance(&self, by: u64) {
        self.reach(self.done.get() + by);
    }

    /// Sets what is done.
    fn reach(&self, done: u64) {
        self.bar.set_position(done);
        self.done.set(done);
        let quarters = (done * 4).checked_div(self.total).unwrap_or(4).min(4);
        if self.bar.is_hidden() && quarters > self.reported.get() && self.total > self.min_total {
            self.reported.set(quarters);
            print_status(&format!("{}: {} %", self.what, quarters * 25));
        }
    }

    /// Removes the bar.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

fn target() -> ProgressDrawTarget {
    if std::io::stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() }
}

/// Runs `work`, which writes `file` up to about `total` bytes, and shows its progress.
pub(super) fn while_growing<T>(file: &Path, total: u64, what: &'static str, work: impl FnOnce() -> T) -> T {
    let progress = Progress::bytes(total, what);
    let poll = |progress: &Progress| {
        let written = std::fs::metadata(file).map(|found| found.len()).unwrap_or(0);
        progress.reach(written.min(total));
    };
    with_poller(progress, poll, POLL, work)
}

/// Runs `work`, whose length is unknown, and shows that it is still running.
pub(super) fn while_working<T>(what: &'static str, work: impl FnOnce() -> T) -> T {
    let progress = Progress::of(0, 0, what, "{msg:18} {spinner} {elapsed}");
    let is_hidden = progress.bar.is_hidden();
    let poll = move |progress: &Progress| {
        progress.bar.tick();
        if is_hidden {
            print_status(&format!("{what}: still running"));
        }
    };
    with_poller(progress, poll, if is_hidden { REPORT } else { POLL }, work)
}

/// Runs `work` while another thread shows its progress.
fn with_poller<T>(progress: Progress, poll: impl Fn(&Progress) + Send, every: Duration, work: impl FnOnce() -> T) -> T {
    let (working, ended) = channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            while ended.recv_timeout(every) == Err(RecvTimeoutError::Timeout) {
                poll(&progress);
            }
            progress.finish();
        });
        let outcome = work();
        drop(working);
        outcome
    })
}
