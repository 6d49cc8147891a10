//! A bell that wakes idle threads of this process; who misses it finds the work at the next look.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// The bell.
#[derive(Debug, Default)]
pub struct Signal {
    rung: Mutex<(u64, bool)>,
    bell: Condvar,
}

impl Signal {
    /// Wakes everybody who waits.
    pub fn ring(&self) {
        self.rung.lock().unwrap_or_else(PoisonError::into_inner).0 += 1;
        self.bell.notify_all();
    }

    /// Wakes everybody and tells them to end.
    pub fn stop(&self) {
        self.rung.lock().unwrap_or_else(PoisonError::into_inner).1 = true;
        self.bell.notify_all();
    }

    /// Whether [`Signal::stop`] was called.
    pub fn is_stopped(&self) -> bool {
        self.rung.lock().unwrap_or_else(PoisonError::into_inner).1
    }

    /// How often the bell has rung; hand it to [`Signal::wait`] so that no ring between looking and waiting is missed.
    pub fn count(&self) -> u64 {
        self.rung.lock().unwrap_or_else(PoisonError::into_inner).0
    }

    /// Waits until the bell rings again after `seen`, the time is up, or it is stopped.
    pub fn wait(&self, seen: u64, most: Duration) {
        let rung = self.rung.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.bell.wait_timeout_while(rung, most, |(count, stopped)| *count == seen && !*stopped));
    }
}
