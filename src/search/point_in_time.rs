//! Points in time: states of an index that cursors name. They are kept for a while, so that the pages of one search follow each other
//! without gap or repeat whatever is indexed meanwhile.
//!
//! A state that no cursor names is dropped with the next commit. How many are kept is bounded: each holds the files of segments
//! that were merged away since. A cursor whose point in time is gone, or is another node's, goes on in the present one behind the last
//! hit that it saw; so ties must be broken alike in all of them ([`super::collector::Candidate`]).

use std::collections::VecDeque;
use std::sync::Arc;

use chrono::Duration;

use super::snapshot::Snapshot;
use crate::clock::Time;

/// How long a state is kept after the last cursor that names it was given out.
const KEPT_FOR: Duration = Duration::minutes(5);
/// Most states that are kept of one index: five minutes of commits at the pace that is configured out of the box.
const MOST_KEPT: usize = 2_000;

/// The states that are kept, the one that was named last at the end.
#[derive(Default)]
pub(super) struct PointsInTime {
    states: VecDeque<(Time, Arc<Snapshot>)>,
}

impl PointsInTime {
    pub fn keep(&mut self, snapshot: &Arc<Snapshot>, now: Time) {
        self.states.retain(|(_, state)| state.generation != snapshot.generation);
        self.states.push_back((now, Arc::clone(snapshot)));
        self.forget(now);
    }

    pub fn find(&self, generation: u64) -> Option<Arc<Snapshot>> {
        let is_named = |(_, state): &&(Time, Arc<Snapshot>)| state.generation == generation;
        self.states.iter().find(is_named).map(|(_, state)| Arc::clone(state))
    }

    /// Drops what is too old or too much.
    pub fn forget(&mut self, now: Time) {
        let too_many = self.states.len().saturating_sub(MOST_KEPT);
        self.states.drain(..too_many);
        self.states.retain(|(named_at, _)| now - *named_at <= KEPT_FOR);
    }

    /// Takes over what another kept.
    pub fn take_from(&mut self, former: &mut Self) {
        self.states = std::mem::take(&mut former.states);
    }

    /// How many are kept.
    pub fn count(&self) -> usize {
        self.states.len()
    }
}
