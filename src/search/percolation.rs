//! Percolation: which of many kept queries may find what has changed. A query that filters by a value finds none but documents that have it, so
//! only the queries of the values that the changed documents have need be run.

use rustc_hash::FxHashSet;
use tantivy::query::{BooleanQuery, EnableScoring, Query as IndexQuery, TermSetQuery};
use tantivy::schema::Term;
use tantivy::{DocSet, TERMINATED};

use super::dims::Dim;
use super::request::Filters;
use super::schema::Fields;
use super::{Kind, Search, SearchError};

/// A value of a dimension. Of an HS code it is the beginning, in two to [`HS_DIGITS`] digits.
pub type DimValue = (Dim, String);

/// So many first digits of an HS code are told apart.
// The filter knows up to ten; a heading is narrow enough to choose the queries that are run.
const HS_DIGITS: usize = 4;

/// The dimensions by which queries are chosen, those with the fewest documents for a value first.
const NARROWEST_FIRST: &[Dim] = &[
    Dim::Company,
    Dim::Hs,
    Dim::Category,
    Dim::HsChapter,
    Dim::Origin,
    Dim::Market,
    Dim::Country,
    Dim::Certification,
    Dim::Language,
    Dim::Form,
    Dim::Currency,
    Dim::Incoterm,
    Dim::Verification,
];

impl Filters {
    /// Values of which a document has one at least, if it passes; none where no value is asked for.
    pub fn required_values(&self) -> Option<Vec<DimValue>> {
        let of = |dim: &Dim| -> Option<Vec<DimValue>> {
            if *dim == Dim::Hs {
                let begins = |digits: &String| (Dim::Hs, digits.chars().take(HS_DIGITS).collect());
                return (!self.hs.is_empty()).then(|| self.hs.iter().map(begins).collect());
            }
            let (_, values) = self.used().find(|(used, _)| used == dim)?;
            Some(values.into_iter().map(|value| (*dim, value)).collect())
        };
        NARROWEST_FIRST.iter().find_map(of)
    }
}

impl Search {
    /// The values that these documents have, as far as they can be found.
    pub fn values_of(&self, kind: Kind, ids: &[i64]) -> Result<FxHashSet<DimValue>, SearchError> {
        let view = self.view(kind);
        let snapshot = &view.snapshot;
        let mut values = FxHashSet::default();
        let weight =
            by_id(&view.index.fields, ids).weight(EnableScoring::disabled_from_searcher(&snapshot.searcher))?;
        for (columns, reader) in snapshot.columns.iter().zip(snapshot.searcher.segment_readers()) {
            let alive = reader.alive_bitset();
            let mut scorer = weight.scorer(reader, 1.0)?;
            let mut doc = scorer.doc();
            while doc != TERMINATED {
                if alive.is_none_or(|alive| alive.is_alive(doc)) {
                    for number in columns.hs.values_for_doc(doc) {
                        let digits = format!("{number:010}");
                        values.extend((2..=HS_DIGITS).map(|length| (Dim::Hs, digits[..length].to_owned())));
                    }
                    for dim in NARROWEST_FIRST.iter().filter(|dim| **dim != Dim::Hs) {
                        let names = snapshot.names[dim.index()].read();
                        let names = names.unwrap_or_else(std::sync::PoisonError::into_inner);
                        let Some(column) = &columns.dims[dim.index()] else { continue };
                        column.each(doc, |number| {
                            values.extend(names.text(number).map(|text| (*dim, text.to_string())));
                        });
                    }
                }
                doc = scorer.advance();
            }
        }
        Ok(values)
    }
}

/// A query for these documents.
fn by_id(fields: &Fields, ids: &[i64]) -> Box<dyn IndexQuery> {
    Box::new(TermSetQuery::new(ids.iter().map(|id| Term::from_field_i64(fields.id, *id))))
}

/// The same query among these documents alone: what it costs grows with them, and not with the index.
pub(super) fn among(fields: &Fields, query: &dyn IndexQuery, ids: &[i64]) -> Box<dyn IndexQuery> {
    Box::new(BooleanQuery::intersection(vec![by_id(fields, ids), query.box_clone()]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::{filled, ids, listing};
    use super::super::*;

    fn market(count: i64) -> Search {
        let words = ["Brass ball valve", "Steel pipe, seamless", "Gate valve of steel"];
        let codes = ["848180", "73041100", "730719", ""];
        let doc = |id: i64| ListingDoc {
            hs_code: codes[(id % 4) as usize].into(),
            category: ["Fittings / Valves", "Pipes", "Fittings"][(id % 3) as usize].into(),
            origin_country: ["CN", "DE", "FR", ""][(id % 4) as usize].into(),
            ..listing(id, words[(id % 3) as usize])
        };
        filled((1..=count).map(doc).collect())
    }

    fn filters() -> impl Strategy<Value = Filters> {
        let some = |values: &'static [&'static str]| proptest::sample::subsequence(values, 0..=2);
        let hs = some(&["84", "8481", "73", "7304", "73041100", "730719", "99"]);
        (hs, some(&["CN", "DE", "IT"]), some(&["Fittings", "Fittings / Valves", "Pipes"])).prop_map(
            |(hs, origins, paths)| {
                let filters = Filters { hs: hs.into_iter().map(str::to_owned).collect(), ..Filters::default() };
                filters.with(Dim::Origin, origins).with(Dim::Category, paths)
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn what_a_query_finds_among_documents_is_what_it_finds_of_them(
            filters in filters(),
            text in proptest::sample::select(vec!["", "valve", "steel", "brass valve", "-gate valve"]),
            wanted in proptest::collection::btree_set(1_i64..40, 0..12),
        ) {
            let search = market(30);
            let stages = Stages { relax: false, ..Stages::default() };
            let all = Query { filters, stages, sort: Sort::Newest, limit: 100, ..Query::text(text) };
            let among = Query {
                filters: Filters { ids: Some(wanted.iter().copied().collect()), ..all.filters.clone() },
                ..all.clone()
            };
            let of_them: Vec<i64> = ids(&search, &all).into_iter().filter(|id| wanted.contains(id)).collect();
            prop_assert_eq!(ids(&search, &among), of_them.clone());
            // Whoever is found has a value that was asked for.
            for id in of_them {
                let held = search.values_of(Kind::Listing, &[id]).unwrap();
                let required = all.filters.required_values();
                prop_assert!(required.is_none_or(|values| values.iter().any(|value| held.contains(value))), "{}", id);
            }
        }
    }
}
