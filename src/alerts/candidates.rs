//! Which saved searches may find what has changed: all saved queries, in memory, by the values that their filters ask for.
//!
//! A query that asks for a country, a heading or a category is run only for things of it. One that asks for words alone is run for every
//! change of its kind: what its words stand for (synonyms, other languages, corrections) is decided against the index as it is then. The same
//! query of many people is run once.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use rustc_hash::{FxHashMap, FxHashSet};

use super::SearchedKind;
use super::queries::query_of;
use super::store;
use crate::app::App;
use crate::error::Result;
use crate::ids::SavedSearchId;
use crate::search::DimValue;

/// So many saved searches are read at a time.
const PAGE: i64 = 1_000;
/// All are read anew so often, whatever was noticed: two nodes may make the numbers of their changes out of order.
const RELOAD_AFTER: Duration = Duration::from_secs(600);

/// One query and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct KeptQuery {
    pub text: String,
    pub searches: Vec<SavedSearchId>,
}

/// All saved queries.
#[derive(Default)]
pub struct SavedQueries {
    /// The newest change that is in them, and when they were read.
    read: Option<(Option<i64>, Instant)>,
    queries: Vec<KeptQuery>,
    /// Places in `queries`.
    by_value: FxHashMap<(SearchedKind, DimValue), Vec<usize>>,
    unfiltered: FxHashMap<SearchedKind, Vec<usize>>,
}

impl SavedQueries {
    /// Reads the saved searches if any has changed since they were read.
    pub(super) fn refresh(&mut self, app: &App) -> Result<()> {
        let newest = app.db.read(store::newest_change)?;
        if self.read.is_some_and(|(seen, at)| seen == newest && at.elapsed() < RELOAD_AFTER) {
            return Ok(());
        }
        let mut all: HashMap<(SearchedKind, String), Vec<SavedSearchId>> = HashMap::new();
        let mut after = SavedSearchId(0);
        loop {
            let page = app.db.read(|conn| store::list_queries(conn, after, PAGE))?;
            let Some((last, ..)) = page.last() else { break };
            after = *last;
            for (id, kind, query) in page {
                all.entry((kind, query)).or_default().push(id);
            }
        }
        *self = Self { read: Some((newest, Instant::now())), ..Self::default() };
        for ((kind, text), searches) in all {
            let required = query_of(app, kind, &text).filters.required_values();
            self.add(kind, KeptQuery { text, searches }, required);
        }
        Ok(())
    }

    fn add(&mut self, kind: SearchedKind, query: KeptQuery, required: Option<Vec<DimValue>>) {
        let place = self.queries.len();
        self.queries.push(query);
        match required {
            None => self.unfiltered.entry(kind).or_default().push(place),
            Some(values) => {
                for value in values {
                    self.by_value.entry((kind, value)).or_default().push(place);
                }
            }
        }
    }

    /// Whether there are queries of the kind.
    pub(super) fn has(&self, kind: SearchedKind) -> bool {
        self.unfiltered.contains_key(&kind) || self.by_value.keys().any(|(known, _)| *known == kind)
    }

    /// The queries that may find things with these values.
    pub(super) fn candidates(&self, kind: SearchedKind, held: &FxHashSet<DimValue>) -> Vec<&KeptQuery> {
        let of_value = held.iter().filter_map(|value| self.by_value.get(&(kind, value.clone())));
        let mut places: Vec<usize> = of_value.chain(self.unfiltered.get(&kind)).flatten().copied().collect();
        places.sort_unstable();
        places.dedup();
        places.into_iter().map(|place| &self.queries[place]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::Dim;

    #[test]
    fn only_queries_of_the_values_held_are_candidates_and_those_without_filters() {
        let mut all = SavedQueries::default();
        let value = |dim: Dim, text: &str| (dim, text.to_owned());
        let query = |number: i64| KeptQuery { text: number.to_string(), searches: vec![SavedSearchId(number)] };
        let country = |codes: &[&str]| Some(codes.iter().map(|code| value(Dim::Country, code)).collect());
        all.add(SearchedKind::Listings, query(1), country(&["CN", "DE"]));
        all.add(SearchedKind::Listings, query(2), country(&["FR"]));
        all.add(SearchedKind::Listings, query(3), None);
        all.add(SearchedKind::Rfqs, query(4), country(&["CN"]));
        let held: FxHashSet<DimValue> =
            [value(Dim::Country, "CN"), value(Dim::Country, "DE"), value(Dim::Form, "importer")].into_iter().collect();
        let found = |kind| all.candidates(kind, &held).iter().map(|query| query.text.as_str()).collect::<Vec<_>>();
        assert_eq!(found(SearchedKind::Listings), ["1", "3"]);
        assert_eq!(found(SearchedKind::Rfqs), ["4"]);
        assert!(found(SearchedKind::Companies).is_empty() && !all.has(SearchedKind::Companies));
    }
}
