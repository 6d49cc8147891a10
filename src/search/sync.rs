//! Locking without poison.

use std::sync::{Mutex, MutexGuard};

/// Locks; a thread that panicked while it held the lock left nothing half done in what is guarded here.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
