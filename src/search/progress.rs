//! How far the indexes of this process have come.

use std::sync::{Mutex, PoisonError};

use super::Kind;
use crate::clock::Time;

/// About how many documents of each kind there will be, in the order of [`Kind::ALL`].
pub type Expected = [u64; Kind::ALL.len()];

/// How far the indexes of this process have followed the change log; read by `/readyz` and by whoever answers a search.
#[derive(Debug, Default)]
pub struct Progress {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    applied: Option<i64>,
    /// While the indexes are filled from nothing.
    filling: Option<Expected>,
    behind_since: Option<Time>,
}

impl Progress {
    /// The last change in the index; none until it has been filled.
    pub fn applied(&self) -> Option<i64> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).applied
    }

    /// Notes that the indexes are filled from nothing: until they are, searches find a part of what there is.
    pub fn begin_filling(&self, expected: Expected) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        (state.applied, state.filling) = (None, Some(expected));
    }

    /// About how many documents of the kind there will be, while the indexes are filled from nothing.
    pub fn filling(&self, kind: Kind) -> Option<u64> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).filling.map(|expected| expected[kind as usize])
    }

    /// Notes that the index has reached the change.
    pub fn note(&self, seq: i64) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.filling = None;
        if state.applied != Some(seq) {
            state.behind_since = None;
        }
        state.applied = Some(seq);
    }

    /// For how many seconds the index has not moved although the log's end is further; 0 when it is there.
    pub fn lag_s(&self, newest: i64, now: Time) -> i64 {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.applied.is_some_and(|applied| applied >= newest) {
            state.behind_since = None;
            return 0;
        }
        let since = *state.behind_since.get_or_insert(now);
        (now - since).num_seconds().max(0)
    }
}
