//! The indexes in use: one of each kind, the state that searches read, and the points in time that cursors name.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use tantivy::IndexReader;

use super::point_in_time::PointsInTime;
use super::schema::Fields;
use super::snapshot::{Snapshot, Snapshots};
use super::sync::lock;
use super::synonyms::{NamedGoods, Synonym, Synonyms};
use super::{Kind, MAX_QUERY_CHARS};
use crate::clock::Clock;

/// One index of one kind.
pub struct Index {
    pub(super) index: tantivy::Index,
    pub(super) fields: Fields,
    pub(super) reader: IndexReader,
    pub(super) snapshots: Snapshots,
    pub(super) current: Mutex<Arc<Snapshot>>,
    pub(super) points_in_time: Mutex<PointsInTime>,
    pub(super) clock: Clock,
}

/// One index of each kind.
pub(super) type Indexes = [Arc<Index>; Kind::ALL.len()];

/// The three indexes, open for searching.
#[derive(Clone)]
pub struct Search {
    pub(super) shared: Arc<Shared>,
}

pub(super) struct Shared {
    /// The folder of the indexes; none where they are in memory.
    pub dir: Option<PathBuf>,
    pub indexes: RwLock<Indexes>,
    synonyms: RwLock<Arc<Synonyms>>,
    pub clock: Clock,
}

/// What one search works with from its beginning to its end.
pub(super) struct View {
    pub index: Arc<Index>,
    pub snapshot: Arc<Snapshot>,
    pub synonyms: Arc<Synonyms>,
}

impl fmt::Debug for Search {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Search")
    }
}

impl Search {
    pub(super) fn of(dir: Option<PathBuf>, indexes: Indexes, clock: Clock) -> Self {
        Self { shared: Arc::new(Shared { dir, indexes: RwLock::new(indexes), synonyms: RwLock::default(), clock }) }
    }

    /// The index of the kind that serves at the moment; a search holds it from its beginning to its end.
    pub(super) fn index(&self, kind: Kind) -> Arc<Index> {
        Arc::clone(&self.indexes()[kind as usize])
    }

    pub(super) fn indexes(&self) -> Indexes {
        self.shared.indexes.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn snapshot(&self, kind: Kind) -> Arc<Snapshot> {
        self.index(kind).snapshot()
    }

    pub(super) fn view(&self, kind: Kind) -> View {
        let index = self.index(kind);
        let snapshot = index.snapshot();
        View { index, snapshot, synonyms: self.synonyms() }
    }

    /// How many documents of a kind can be found.
    pub fn count(&self, kind: Kind) -> u64 {
        self.snapshot(kind).searcher.num_docs()
    }

    /// Whether a document of a kind is in the language (ISO 639-1).
    pub fn holds_language(&self, kind: Kind, language: &str) -> bool {
        self.snapshot(kind).holds_language(language)
    }
}

impl Index {
    pub(super) fn snapshot(&self) -> Arc<Snapshot> {
        lock(&self.current).clone()
    }
}

impl Search {
    /// Searches with these other names of things from now on.
    pub fn set_synonyms(&self, synonyms: Synonyms) {
        *self.shared.synonyms.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(synonyms);
    }

    pub(super) fn synonyms(&self) -> Arc<Synonyms> {
        self.shared.synonyms.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The other names of what a text speaks of, for those who compare texts without the index.
    pub fn synonyms_in(&self, text: &str) -> Vec<Synonym> {
        let text: String = text.chars().take(MAX_QUERY_CHARS).collect();
        self.synonyms().synonyms_in(&text)
    }

    /// The names of goods in a text that the operator's synonyms or the imported nomenclature know.
    pub fn goods_in(&self, text: &str) -> Vec<NamedGoods> {
        let text: String = text.chars().take(MAX_QUERY_CHARS).collect();
        self.synonyms().goods_in(&text)
    }

    /// What goods of a code are called in a language (ISO 639-1), as facets name them.
    pub fn hs_label(&self, code: &str, language: &str) -> Option<String> {
        self.synonyms().label(code, language)
    }
}

impl View {
    /// Keeps the state for the cursor that will name it.
    pub(super) fn keep_point_in_time(&self) {
        lock(&self.index.points_in_time).keep(&self.snapshot, self.index.clock.now());
    }

    /// The same view of the state that a cursor names, if that is still kept.
    pub(super) fn at(mut self, generation: Option<u64>) -> Self {
        // Most walks end before the next commit: their point in time is the present one, and not looked for.
        let generation = generation.filter(|generation| *generation != self.snapshot.generation);
        let mut kept = lock(&self.index.points_in_time);
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
    pub(super) fn take_points_in_time_of(&self, former: &Self) {
        lock(&self.points_in_time).take_from(&mut lock(&former.points_in_time));
    }
}

impl Search {
    /// How many former states of the indexes are kept for cursors.
    pub fn points_in_time(&self) -> usize {
        self.indexes().iter().map(|index| lock(&index.points_in_time).count()).sum()
    }
}
