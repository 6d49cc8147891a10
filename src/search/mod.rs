//! Full-text search over listings, companies and open RFQs, in tantivy. It knows nothing of the database: it takes documents
//! ([`docs`]) and answers queries.
//!
//! * [`Search`] opens one index for each kind and answers; it is cheap to clone and safe to share.
//! * [`Writer`] (one in a process) applies changes and commits them together with their [`Position`] in the change log.
//! * A second set is filled beside the one that serves, and put in its place ([`Search::beside`], [`Search::replace_by`]).
//!
//! **How a search runs.** The query is read leniently (`parse`), understood against the index's own words (`clauses`,
//! `spelling`) and what they may also be called (`lexicon`, `meanings`), and run in one cheap pass over a combined field that
//! yields hits, the total and the facets (`collector`); the first few hundred are then weighed again by the parts of the
//! document that their words stand in (`rescore`, `evidence`). All words are asked for first; when that finds nothing, most of
//! them, then any. Each step can be switched off ([`Stages`]). The answer's elements come ready made (`packed`).
//!
//! **Invariants.** The index is a cache: one of another schema version, or a damaged one, is moved away and started empty.
//! Codes and numbers never match fuzzily. No query is an error; a search that takes longer than its deadline answers with
//! what it has found and says so.

mod analyzers;
mod answer;
mod baseline;
mod beside;
mod clauses;
mod collector;
mod companies;
mod connectives;
pub mod docs;
mod evidence;
mod highlight;
mod inspect;
mod inventory;
mod kept;
mod levels;
mod lexicon;
mod meanings;
mod measures;
mod open;
mod packed;
mod parse;
mod progress;
mod query;
mod rarity;
mod rescore;
mod schema;
mod snapshot;
mod spelling;
mod suggest;
mod suppliers;
mod variants;
mod writer;

#[cfg(test)]
mod naming_tests;
#[cfg(test)]
mod paging_tests;
#[cfg(test)]
mod tests;

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

pub use answer::{Answer, Facet, FacetValue, Highlight, Hit};
pub use baseline::{Baseline, Texts};
pub use docs::{Change, CompanyDoc, ListingDoc, RfqDoc};
pub use inspect::{Inspection, inspect, version};
pub use lexicon::{Lexicon, Meaning, OtherName};
pub use open::{Index, Opened, Options};
pub use parse::{MAX_CLAUSES, MAX_QUERY_CHARS};
pub use progress::{Expected, Progress};
pub use query::{After, Filters, PriceFilter, PriceRate, Query, Sort, Stages, Weights};
pub use schema::Dim;
pub use suggest::{Suggestion, SuggestionKind};
pub use suppliers::{SupplierCandidate, Wanted};
pub use writer::{Position, Writer};

use crate::clock::Clock;
use snapshot::Snapshot;

/// The kinds of documents; each has an index of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Published listings.
    Listing,
    /// Companies.
    Company,
    /// Open RFQs.
    Rfq,
}

impl Kind {
    /// Every kind.
    pub const ALL: &'static [Kind] = &[Kind::Listing, Kind::Company, Kind::Rfq];

    /// Its folder below the search folder.
    pub fn folder(self) -> &'static str {
        match self {
            Kind::Listing => "listings",
            Kind::Company => "companies",
            Kind::Rfq => "rfqs",
        }
    }
}

/// One index of each kind.
type Indexes = [Arc<Index>; Kind::ALL.len()];

/// The three indexes, open for searching.
#[derive(Clone)]
pub struct Search {
    shared: Arc<Shared>,
}

struct Shared {
    /// The folder of the indexes; none where they are in memory.
    dir: Option<PathBuf>,
    indexes: RwLock<Indexes>,
    lexicon: RwLock<Arc<Lexicon>>,
    clock: Clock,
}

/// What one search works with from its beginning to its end.
struct View {
    index: Arc<Index>,
    snapshot: Arc<Snapshot>,
    lexicon: Arc<Lexicon>,
}

impl fmt::Debug for Search {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Search")
    }
}

impl Search {
    fn of(dir: Option<PathBuf>, indexes: Indexes, clock: Clock) -> Self {
        Self { shared: Arc::new(Shared { dir, indexes: RwLock::new(indexes), lexicon: RwLock::default(), clock }) }
    }

    /// The index of the kind that serves at the moment; a search holds it from its beginning to its end.
    fn index(&self, kind: Kind) -> Arc<Index> {
        Arc::clone(&self.indexes()[kind as usize])
    }

    fn indexes(&self) -> Indexes {
        self.shared.indexes.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn snapshot(&self, kind: Kind) -> Arc<Snapshot> {
        self.index(kind).snapshot()
    }

    fn view(&self, kind: Kind) -> View {
        let index = self.index(kind);
        let snapshot = index.snapshot();
        View { index, snapshot, lexicon: self.lexicon() }
    }

    /// How many documents of a kind can be found.
    pub fn count(&self, kind: Kind) -> u64 {
        self.snapshot(kind).searcher.num_docs()
    }

    /// Searches listings.
    pub fn listings(&self, query: &Query) -> Result<Answer, SearchError> {
        query::run(&self.view(Kind::Listing).of(query.state()), query)
    }

    /// Searches open RFQs.
    pub fn rfqs(&self, query: &Query) -> Result<Answer, SearchError> {
        query::run(&self.view(Kind::Rfq).of(query.state()), query)
    }
}

impl Index {
    fn snapshot(&self) -> Arc<Snapshot> {
        lock(&self.current).clone()
    }
}

/// Why an index could not be opened, written or searched. Never the fault of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SearchError {
    /// The index or the disk below it; the text is for the log.
    Index(String),
}

impl fmt::Display for SearchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Index(cause) = self;
        write!(f, "search index: {cause}")
    }
}

impl std::error::Error for SearchError {}

impl From<tantivy::TantivyError> for SearchError {
    fn from(error: tantivy::TantivyError) -> Self {
        Self::Index(error.to_string())
    }
}

impl From<std::io::Error> for SearchError {
    fn from(error: std::io::Error) -> Self {
        Self::Index(error.to_string())
    }
}

impl From<SearchError> for crate::error::Problem {
    fn from(error: SearchError) -> Self {
        Self::internal(error)
    }
}

/// Locks; a thread that panicked while it held the lock left nothing half done in what is guarded here.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
