//! Progress of long commands: a bar on a terminal, a line now and then elsewhere.

use std::cell::Cell;
use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::tell;

/// How far a long command is.
pub(super) struct Progress {
    bar: ProgressBar,
    what: &'static str,
    total: u64,
    done: Cell<u64>,
    told: Cell<u64>,
}

impl Progress {
    /// Progress through a file of so many bytes.
    pub fn bytes(total: u64, what: &'static str) -> Self {
        let target =
            if std::io::stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(total), target).with_message(what);
        if let Ok(style) = ProgressStyle::with_template("{msg:18} {bar:40} {bytes}/{total_bytes} {eta}") {
            bar.set_style(style);
        }
        Self { bar, what, total, done: Cell::new(0), told: Cell::new(0) }
    }

    /// So many more bytes are done.
    pub fn advance(&self, bytes: u64) {
        self.bar.inc(bytes);
        self.done.set(self.done.get() + bytes);
        let quarters = (self.done.get() * 4).checked_div(self.total).unwrap_or(4);
        if self.bar.is_hidden() && quarters > self.told.get() && self.total > 1 << 20 {
            self.told.set(quarters);
            tell(&format!("{}: {} %", self.what, quarters * 25));
        }
    }

    /// Everything is done.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
