//! Minimum-should-match: from what must be found to the queries of the index, that ask for all clauses, most of them, or any.

use tantivy::query::{
    BooleanQuery, BoostQuery, ConstScoreQuery, Occur, PhraseQuery, Query as IndexQuery, RangeQuery, TermQuery,
    TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption, Term};

use super::clauses::unsubdivided;
use super::dims::Dim;
use super::plan::{Clause, Plan, Reading};
use super::schema::Fields;
use super::writer::hs_bounds;

/// A query for one term.
pub(super) fn term_query(field: Field, text: &str, counted: bool) -> Box<dyn IndexQuery> {
    let record = if counted { IndexRecordOption::WithFreqs } else { IndexRecordOption::Basic };
    Box::new(TermQuery::new(Term::from_field_text(field, text), record))
}

/// A query that finds a clause in any of its words and codes.
pub(super) fn clause_query(fields: &Fields, clause: &Clause) -> Box<dyn IndexQuery> {
    any_of(fields, clause.readings.iter().chain(&clause.synonyms))
}

/// A query that finds a clause also by the codes of the goods that it names.
pub(super) fn wide_query(fields: &Fields, clause: &Clause) -> Box<dyn IndexQuery> {
    any_of(fields, clause.readings.iter().chain(&clause.synonyms).chain(&clause.hs_expansions))
}

fn any_of<'r>(fields: &Fields, readings: impl Iterator<Item = &'r Reading>) -> Box<dyn IndexQuery> {
    let mut queries: Vec<Box<dyn IndexQuery>> = readings.map(|reading| reading_query(fields, reading)).collect();
    if queries.len() == 1
        && let Some(one) = queries.pop()
    {
        return one;
    }
    Box::new(BooleanQuery::union(queries))
}

pub(super) fn reading_query(fields: &Fields, reading: &Reading) -> Box<dyn IndexQuery> {
    match reading {
        Reading::Word(text, trust) => trusted(term_query(fields.all, text, true), *trust),
        Reading::Words(texts, trust) => {
            let all = texts.iter().map(|text| term_query(fields.all, text, true)).collect();
            trusted(Box::new(BooleanQuery::intersection(all)), *trust)
        }
        Reading::Raw(field, text) if *field == fields.hs => under_hs(fields, text),
        Reading::Raw(field, text) => term_query(*field, text, false),
        Reading::Phrase(stems) => phrase_query(fields.all, stems),
        Reading::Hs { code, languages } => {
            let score = HS_EXPANSION_SCORE * code.len() as f32;
            Box::new(ConstScoreQuery::new(hs_query(fields, code, languages.as_deref()), score))
        }
    }
}

/// A query for the goods under an HS code. `7304.41.00` finds those listed under 7304.41 alone too, as the filter does, because the
/// zeros only say that a country divides it no further.
pub(super) fn under_hs(fields: &Fields, digits: &str) -> Box<dyn IndexQuery> {
    if unsubdivided(digits).len() == digits.len() {
        return term_query(fields.hs, digits, false);
    }
    let (least, most) = hs_bounds(digits);
    let bound = |number| std::ops::Bound::Included(Term::from_field_u64(fields.hs_number, number));
    Box::new(RangeQuery::new(bound(least), bound(most)))
}

/// A query for terms at these distances from each other.
pub(super) fn phrase_query(field: Field, stems: &[(usize, String)]) -> Box<dyn IndexQuery> {
    let terms = stems.iter().map(|(at, text)| (*at, Term::from_field_text(field, text))).collect();
    Box::new(PhraseQuery::new_with_offset(terms))
}

fn trusted(query: Box<dyn IndexQuery>, trust: f32) -> Box<dyn IndexQuery> {
    if trust >= 1.0 { query } else { Box::new(BoostQuery::new(query, trust)) }
}

fn hs_query(fields: &Fields, code: &str, languages: Option<&[String]>) -> Box<dyn IndexQuery> {
    let goods = term_query(fields.hs, code, false);
    let Some(languages) = languages else { return goods };
    let field = fields.dims[Dim::Language.index()];
    let written = TermSetQuery::new(languages.iter().map(|language| Term::from_field_text(field, language)));
    Box::new(BooleanQuery::intersection(vec![goods, Box::new(written)]))
}

/// What a document scores in the first pass for each digit of the code of its goods that it is found by: less than for any word.
// A constant: the frequency of a code says how large a heading is, not how well a listing fits.
const HS_EXPANSION_SCORE: f32 = 0.0002;
/// What lifts those found by words above those found by codes in the first pass: more than any words bring.
const WORDS_FIRST: f32 = 1_000.0;

/// How many of the wanted clauses a document must match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MinShouldMatch {
    All,
    Most,
    Any,
}

/// The query of a plan that asks for so many clauses; none when it cannot find anything.
pub(super) fn relaxed_query(fields: &Fields, plan: &Plan, level: MinShouldMatch) -> Option<Box<dyn IndexQuery>> {
    let count = plan.wanted.len();
    let words: Option<Box<dyn IndexQuery>> = match level {
        _ if count == 0 => None,
        MinShouldMatch::All if plan.unknown > 0 => None,
        MinShouldMatch::All => Some(all_query(fields, plan)),
        _ if count == 1 => Some(wide_query(fields, &plan.wanted[0])),
        MinShouldMatch::Most => {
            // Three words of five. Words that no document holds count as asked for, so that a typo does not lower the bar.
            let least = ((count + plan.unknown) * 3).div_ceil(5).clamp(1, count);
            Some(required(
                fields,
                plan,
                Box::new(BooleanQuery::union_with_minimum_required_clauses(wanted(fields, plan), least)),
            ))
        }
        MinShouldMatch::Any => Some(required(fields, plan, Box::new(BooleanQuery::union(wanted(fields, plan))))),
    };
    let exact = plan.exact.as_ref().map(|text| term_query(fields.exact, text, false));
    let base = match (words, exact) {
        (Some(words), Some(exact)) => Box::new(BooleanQuery::union(vec![words, exact])),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => return None,
    };
    Some(without(fields, plan, base))
}

/// The same query without what is not wanted.
pub(super) fn without(fields: &Fields, plan: &Plan, base: Box<dyn IndexQuery>) -> Box<dyn IndexQuery> {
    if plan.unwanted.iter().all(|clause| clause.readings.is_empty()) {
        return base;
    }
    let unwanted = plan.unwanted.iter().filter(|clause| !clause.readings.is_empty());
    // Each twice, as a union: what is left out is asked for documents that it has passed, which a phrase alone does not bear (an
    // assertion in a build that is not optimised) and a union does.
    let left_out = |clause: &Clause| {
        let union = BooleanQuery::union(vec![clause_query(fields, clause), clause_query(fields, clause)]);
        (Occur::MustNot, Box::new(union) as Box<dyn IndexQuery>)
    };
    let mut all = vec![(Occur::Must, base)];
    all.extend(unwanted.map(left_out));
    Box::new(BooleanQuery::new(all))
}

/// The same query of documents that hold what stood between quotes: whoever puts words in quotes wants no fewer.
fn required(fields: &Fields, plan: &Plan, base: Box<dyn IndexQuery>) -> Box<dyn IndexQuery> {
    let quoted = plan.wanted.iter().filter(|clause| clause.is_quoted).map(|clause| wide_query(fields, clause));
    together(quoted.chain([base]).collect())
}

fn wanted(fields: &Fields, plan: &Plan) -> Vec<Box<dyn IndexQuery>> {
    plan.wanted.iter().map(|clause| wide_query(fields, clause)).collect()
}

/// All clauses; where some can be met by the codes of goods, those that meet them in words come first.
fn all_query(fields: &Fields, plan: &Plan) -> Box<dyn IndexQuery> {
    let all = together(wanted(fields, plan));
    if plan.wanted.iter().all(|clause| clause.hs_expansions.is_empty()) || plan.wanted.iter().any(Clause::is_wordless) {
        return all;
    }
    let words = together(plan.wanted.iter().map(|clause| clause_query(fields, clause)).collect());
    Box::new(BooleanQuery::union(vec![Box::new(ConstScoreQuery::new(words, WORDS_FIRST)), all]))
}

fn together(mut queries: Vec<Box<dyn IndexQuery>>) -> Box<dyn IndexQuery> {
    match queries.pop() {
        Some(one) if queries.is_empty() => one,
        last => Box::new(BooleanQuery::intersection(queries.into_iter().chain(last).collect())),
    }
}
