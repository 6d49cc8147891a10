//! Full-text search over listings, companies and open RFQs, in tantivy. It knows nothing of the database: it takes documents
//! ([`docs`]) and answers queries.
//!
//! * [`Search`] opens one index for each kind and answers; it is cheap to clone and safe to share.
//! * [`Writer`] (one in a process) applies changes and commits them together with their [`Position`] in the change log.
//! * A second set is filled in the shadow of the one that serves, and put in its place ([`Search::shadow`], [`Search::promote`]).
//!
//! # How a search runs
//!
//! A search is what engines call two-phase retrieval with a bag of query expansions:
//!
//! 1. **Parse** (`parse`, `units`): the text is cut leniently into words, phrases (`"..."`), exclusions (`-word`), measures (`5 kg`) and HS
//!    codes (`7304.41`). Nothing that is typed is an error.
//! 2. **Plan** (`clauses`, `plan`): each word becomes a clause, which lists everything that it may be in this index: its stem in each language
//!    (`analyzers`), other spellings (`spelling_variants`), a model number or a GTIN, synonyms and HS codes of what it names (`expansion`,
//!    `synonyms`), or, where no document holds it, the nearest words that some hold (`spelling`). Stop words ([`crate::text::stopwords`]) are
//!    left out.
//! 3. **First pass** (`collector`): one scan of the posting lists of the combined field brings the best few hundred candidates, the total
//!    and all facets together, with filters applied from columns in memory (`snapshot`). All clauses must match; where those that have
//!    them all are fewer than a page, they are followed by those that have most, then any (minimum-should-match, `relaxation`).
//! 4. **Second pass** (`rescore`, `bm25f`): the candidates are scored again by where their words stand (BM25F: name, brand, class ...),
//!    then raised by their similarity to the class of the first hits (pseudo-relevance feedback, `idf`), last by a small prior.
//! 5. **Page** (`execute`): the page is cut out, its stored elements are unpacked (`doc_codec`) and marked (`highlight`). A cursor names the
//!    point in time that it was answered from (`point_in_time`), so that the next page is of the same documents.
//!
//! Each step can be switched off ([`Stages`]), and `tradepost evaluate` measures what it brings.
//!
//! **Invariants.** The index is a cache: one of another schema version, or a damaged one, is moved away and started empty.
//! Codes and numbers never match fuzzily. No query is an error; a search that takes longer than its deadline answers with
//! what it has found and says so.

mod analyzers;
mod answer;
mod baseline;
mod bm25f;
mod clauses;
mod collector;
mod companies;
mod compounds;
mod digests;
mod dims;
mod doc_codec;
pub mod docs;
mod engine;
mod error;
mod execute;
mod expansion;
mod health;
mod highlight;
mod idf;
mod kind;
mod numbers;
mod open;
mod parse;
mod percolation;
mod plan;
mod point_in_time;
mod progress;
mod relaxation;
mod request;
mod rescore;
mod schema;
mod shadow;
mod snapshot;
mod spelling;
mod spelling_variants;
mod suggest;
mod suppliers;
mod sync;
mod synonyms;
mod units;
mod writer;

#[cfg(test)]
mod naming_tests;
#[cfg(test)]
mod paging_tests;
#[cfg(test)]
mod tests;

pub use answer::{Answer, Facet, FacetValue, Highlight, Hit, Matched};
pub use baseline::{Baseline, Texts};
pub use dims::Dim;
pub use docs::{Change, CompanyDoc, ListingDoc, RfqDoc};
pub use engine::{Index, Search};
pub use error::SearchError;
pub use health::{IndexHealth, health, version};
pub use kind::Kind;
pub use open::{Opened, Options};
pub use parse::MAX_QUERY_CHARS;
pub use percolation::DimValue;
pub use progress::{Expected, Progress};
pub use request::{After, Filters, MAX_CLAUSES, PriceFilter, PriceRate, Query, Sort, Stages, Weights};
pub use suggest::{Suggestion, SuggestionKind};
pub use suppliers::{ListingCandidate, SupplierQuery};
pub use synonyms::{Expansion, NamedGoods, Synonym, Synonyms};
pub use writer::{Position, Writer};
