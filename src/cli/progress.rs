//! Progress of long commands: a bar on a terminal, a line now and then elsewhere.

use std::cell::Cell;
use std::io::IsTerminal;
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::tell;

/// How often a growing file is looked at.
const LOOK: Duration = Duration::from_millis(200);
/// How often a step of unknown length is spoken of where there is no terminal.
const SPEAK: Duration = Duration::from_secs(60);
/// A step of fewer bytes or things is not worth a line.
const WORTH_BYTES: u64 = 1 << 20;
const WORTH_THINGS: u64 = 10_000;

/// How far a long command is.
pub(super) struct Progress {
    bar: ProgressBar,
    what: &'static str,
    total: u64,
    worth: u64,
    done: Cell<u64>,
    told: Cell<u64>,
}

impl Progress {
    /// Progress through so many bytes.
    pub fn bytes(total: u64, what: &'static str) -> Self {
        Self::of(total, WORTH_BYTES, what, "{msg:18} {bar:40} {bytes}/{total_bytes} {eta}")
    }

    /// Progress through so many things.
    pub fn things(total: u64, what: &'static str) -> Self {
        Self::of(total, WORTH_THINGS, what, "{msg:18} {bar:40} {human_pos}/{human_len} {eta}")
    }

    fn of(total: u64, worth: u64, what: &'static str, template: &str) -> Self {
        let bar = ProgressBar::with_draw_target(Some(total), target()).with_message(what);
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self { bar, what, total, worth, done: Cell::new(0), told: Cell::new(0) }
    }

    /// So much more is done.
    pub fn advance(&self, by: u64) {
        self.reach(self.done.get() + by);
    }

    /// So much is done by now.
    fn reach(&self, done: u64) {
        self.bar.set_position(done);
        self.done.set(done);
        let quarters = (done * 4).checked_div(self.total).unwrap_or(4).min(4);
        if self.bar.is_hidden() && quarters > self.told.get() && self.total > self.worth {
            self.told.set(quarters);
            tell(&format!("{}: {} %", self.what, quarters * 25));
        }
    }

    /// Everything is done.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

fn target() -> ProgressDrawTarget {
    if std::io::stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() }
}

/// Does the work, which writes the file up to about `total` bytes, and shows how far it is.
pub(super) fn while_growing<T>(file: &Path, total: u64, what: &'static str, work: impl FnOnce() -> T) -> T {
    let progress = Progress::bytes(total, what);
    let look = |progress: &Progress| {
        let written = std::fs::metadata(file).map(|found| found.len()).unwrap_or(0);
        progress.reach(written.min(total));
    };
    beside(progress, look, LOOK, work)
}

/// Does the work, of which nobody knows how long it takes, and shows that it goes on.
pub(super) fn while_working<T>(what: &'static str, work: impl FnOnce() -> T) -> T {
    let progress = Progress::of(0, 0, what, "{msg:18} {spinner} {elapsed}");
    let is_hidden = progress.bar.is_hidden();
    let look = move |progress: &Progress| {
        progress.bar.tick();
        if is_hidden {
            tell(&format!("{what} goes on"));
        }
    };
    beside(progress, look, if is_hidden { SPEAK } else { LOOK }, work)
}

/// Does the work while another thread looks how far it is.
fn beside<T>(progress: Progress, look: impl Fn(&Progress) + Send, every: Duration, work: impl FnOnce() -> T) -> T {
    let (working, ended) = channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            while ended.recv_timeout(every) == Err(RecvTimeoutError::Timeout) {
                look(&progress);
            }
            progress.finish();
        });
        let outcome = work();
        drop(working);
        outcome
    })
}
