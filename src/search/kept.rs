//! States of an index that cursors name. They are kept for a while, so that the pages of one search follow each other without gap or
//! repeat whatever is indexed meanwhile.
//!
//! A state that no cursor names is dropped with the next commit. How many are kept is bounded: each holds the files of segments
//! that were merged away since. A cursor whose state is gone goes on in the present one, behind the last hit that it saw.

use std::collections::VecDeque;
use std::sync::Arc;

use chrono::Duration;

use super::snapshot::Snapshot;
use super::{Index, Search, View, lock};
use crate::clock::Time;

/// How long a state is kept after the last cursor that names it was given out.
const KEPT_FOR: Duration = Duration::minutes(5);
/// Most states that are kept of one index: five minutes of commits at the pace that is configured out of the box.
const MOST_KEPT: usize = 2_000;

/// The states that are kept, the one that was named last at the end.
#[derive(Default)]
pub(super) struct Kept {
    states: VecDeque<(Time, Arc<Snapshot>)>,
}

impl Kept {
    fn keep(&mut self, snapshot: &Arc<Snapshot>, now: Time) {
        self.states.retain(|(_, state)| state.generation != snapshot.generation);
        self.states.push_back((now, Arc::clone(snapshot)));
        self.forget(now);
    }

    fn find(&self, generation: u64) -> Option<Arc<Snapshot>> {
        let is_named = |(_, state): &&(Time, Arc<Snapshot>)| state.generation == generation;
        self.states.iter().find(is_named).map(|(_, state)| Arc::clone(state))
    }

    /// Drops what is too old or too much.
    pub fn forget(&mut self, now: Time) {
        let too_many = self.states.len().saturating_sub(MOST_KEPT);
        self.states.drain(..too_many);
        self.states.retain(|(named_at, _)| now - *named_at <= KEPT_FOR);
    }
}

impl View {
    /// Keeps the state for the cursor that will name it.
    pub(super) fn keep(&self) {
        lock(&self.index.kept).keep(&self.snapshot, self.index.clock.now());
    }

    /// The same view of the state that a cursor names, if that is still kept.
    pub(super) fn of(mut self, generation: Option<u64>) -> Self {
        let generation = generation.filter(|generation| *generation != self.snapshot.generation);
        let mut kept = lock(&self.index.kept);
        kept.forget(self.index.clock.now());
        if let Some(snapshot) = generation.and_then(|generation| kept.find(generation)) {
            self.snapshot = snapshot;
        }
        drop(kept);
        self
    }
}

impl Index {
    /// Goes on keeping what another index kept, in whose place it is put.
    pub(super) fn keep_states_of(&self, former: &Self) {
        let states = std::mem::take(&mut lock(&former.kept).states);
        lock(&self.kept).states = states;
    }
}

impl Search {
    /// How many former states of the indexes are kept for cursors.
    pub fn kept(&self) -> usize {
        self.indexes().iter().map(|index| lock(&index.kept).states.len()).sum()
    }
}
