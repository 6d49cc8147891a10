//! What a process takes of the machine, as Linux tells it: memory at its peak, and processor time; and how long others wait.

use std::path::PathBuf;
use std::time::Duration;

/// A running process, looked at from now on.
pub struct UsageMeter {
    folder: PathBuf,
    peak_kib: u64,
    worked: Duration,
}

/// What it took since.
#[derive(Clone, Copy, Debug)]
pub struct Usage {
    /// By how many MiB the peak of its memory was above what it had before.
    pub mib: u64,
    /// How long it kept processors busy.
    pub worked: Duration,
}

impl UsageMeter {
    pub fn of(process: u32) -> Self {
        let folder = PathBuf::from(format!("/proc/{process}"));
        // The peak so far is forgotten; where that may not be, only what goes beyond it is seen.
        drop(std::fs::write(folder.join("clear_refs"), "5"));
        let mut meter = Self { folder, peak_kib: 0, worked: Duration::ZERO };
        (meter.peak_kib, meter.worked) = (meter.peak_kib(), meter.worked());
        meter
    }

    /// Of a process and all that it has taken so far.
    pub fn from_the_start(process: u32) -> Self {
        Self { folder: PathBuf::from(format!("/proc/{process}")), peak_kib: 0, worked: Duration::ZERO }
    }

    pub fn usage(&self) -> Usage {
        let mib = self.peak_kib().saturating_sub(self.peak_kib) >> 10;
        Usage { mib, worked: self.worked().saturating_sub(self.worked) }
    }

    fn peak_kib(&self) -> u64 {
        let status = std::fs::read_to_string(self.folder.join("status")).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("the peak of its memory");
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// Of the threads that live, to the nanosecond; `stat` would tell it in steps of ten milliseconds.
    fn worked(&self) -> Duration {
        let threads = std::fs::read_dir(self.folder.join("task")).unwrap();
        // A thread may end between being listed and being asked.
        let told = threads.filter_map(|thread| std::fs::read_to_string(thread.unwrap().path().join("schedstat")).ok());
        told.map(|told| Duration::from_nanos(told.split(' ').next().unwrap().parse().unwrap())).sum()
    }
}

/// Whether what is promised as a figure has to hold: at night, where the program is the released one and has the machine to itself.
pub fn figures_hold() -> bool {
    std::env::var_os("TRADEPOST_TEST_FIGURES").is_some()
}

/// How long things took, the quickest first.
pub struct Times(Vec<Duration>);

impl Times {
    pub fn new(mut times: Vec<Duration>) -> Self {
        times.sort();
        Self(times)
    }

    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// So many of a hundred took no longer.
    pub fn at(&self, percent: usize) -> Duration {
        assert!(!self.0.is_empty(), "nothing was timed");
        self.0[(self.0.len() * percent / 100).min(self.0.len() - 1)]
    }
}
