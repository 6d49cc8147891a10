//! Wakes idle threads of this process; who misses it finds the work at the next look.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Shared by all threads of a process that wait for work.
#[derive(Debug, Default)]
pub struct Notify {
    state: Mutex<(u64, bool)>,
    notify: Condvar,
}

impl Notify {
    /// Wakes everybody who waits.
    pub fn notify_workers(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).0 += 1;
        self.notify.notify_all();
    }

    /// Wakes everybody and tells them to end.
    pub fn stop(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).1 = true;
        self.notify.notify_all();
    }

    /// Whether [`Notify::stop`] was called.
    pub fn is_stopped(&self) -> bool {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).1
    }

    /// How often it was notified; hand it to [`Notify::wait`] so that no wake-up between looking and waiting is missed.
    pub fn count(&self) -> u64 {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).0
    }

    /// Waits until the next notification after `seen`, the time is up, or it is stopped.
    pub fn wait(&self, seen: u64, most: Duration) {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.notify.wait_timeout_while(state, most, |(count, stopped)| *count == seen && !*stopped));
    }
}
