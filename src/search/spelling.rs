//! Corrections from the index's own words: a word that no document holds is read as the nearest ones that some hold.
//!
//! Words with a digit are never corrected: a model number that is off by one is another model.

use std::collections::HashMap;

use tantivy::query::FuzzyTermQuery;
use tantivy::schema::{Field, Term};

use super::SearchError;
use super::analyzers::{has_digit, is_cjk};
use super::snapshot::Snapshot;

/// How many readings of a misspelt word are tried together.
const MAX_READINGS: usize = 3;
/// A word shorter than this has too many neighbours.
const MIN_LETTERS: usize = 4;
/// From this length on two mistakes are allowed.
const TWO_MISTAKES_FROM: usize = 7;

/// The likeliest words for a misspelt one, best first; empty when there is none near.
pub(super) fn readings(snapshot: &Snapshot, words: Field, word: &str) -> Result<Vec<(String, u64)>, SearchError> {
    let letters = word.chars().count();
    if !(MIN_LETTERS..=30).contains(&letters) || has_digit(word) || is_cjk(word) {
        return Ok(Vec::new());
    }
    // Two mistakes are only tried where one finds nothing: the automaton of distance two visits most of the dictionary.
    let mut found = neighbours(snapshot, words, word, 1)?;
    if found.is_empty() && letters >= TWO_MISTAKES_FROM {
        found = neighbours(snapshot, words, word, 2)?;
    }
    let first = word.chars().next();
    let mut ranked: Vec<(f32, String, u64)> = found
        .into_iter()
        .map(|(text, count)| {
            // People seldom mistype the first letter.
            let same_start = if text.chars().next() == first { 1.5 } else { 0.0 };
            let swapped = if is_permutation(&text, word) { 2.0 } else { 0.0 };
            ((count as f32).ln_1p() + same_start + swapped, text, count)
        })
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    ranked.truncate(MAX_READINGS);
    Ok(ranked.into_iter().map(|(_, text, count)| (text, count)).collect())
}

/// The same letters in another order: swapping two neighbours is the commonest slip.
fn is_permutation(a: &str, b: &str) -> bool {
    let sorted = |text: &str| {
        let mut letters: Vec<char> = text.chars().collect();
        letters.sort_unstable();
        letters
    };
    a.len() == b.len() && sorted(a) == sorted(b)
}

fn neighbours(
    snapshot: &Snapshot,
    words: Field,
    word: &str,
    distance: u8,
) -> Result<HashMap<String, u64>, SearchError> {
    let mut found: HashMap<String, u64> = HashMap::new();
    let query = FuzzyTermQuery::new(Term::from_field_text(words, word), distance, true);
    for reader in snapshot.searcher.segment_readers() {
        let index = reader.inverted_index(words)?;
        let mut stream = index.terms().search(query.automaton()?).into_stream()?;
        while let Some((term, info)) = stream.next() {
            let term = String::from_utf8_lossy(term);
            if term != word {
                *found.entry(term.into_owned()).or_default() += u64::from(info.doc_freq);
            }
        }
    }
    Ok(found)
}

/// Splits a glued word into two that the index knows, the split whose rarer half is the commonest: `powerbank` into `power`, `bank`.
pub(super) fn split(snapshot: &Snapshot, words: Field, word: &str) -> Result<Option<(String, String)>, SearchError> {
    if word.len() < 6 || word.len() > 40 || has_digit(word) || is_cjk(word) {
        return Ok(None);
    }
    let mut best = (0, None);
    for (at, _) in word.char_indices().filter(|(at, _)| *at >= 3 && word.len() - at >= 3) {
        let (left, right) = word.split_at(at);
        let count = snapshot.frequency(words, left)?.min(snapshot.frequency(words, right)?);
        if count > best.0 {
            best = (count, Some((left.to_owned(), right.to_owned())));
        }
    }
    Ok(best.1)
}

/// Up to `limit` terms of a field that begin with `prefix`, the commonest first.
pub(super) fn completions(
    snapshot: &Snapshot,
    field: Field,
    prefix: &str,
    limit: usize,
) -> Result<Vec<(String, u64)>, SearchError> {
    let mut found: HashMap<String, u64> = HashMap::new();
    let end = format!("{prefix}\u{10ffff}");
    for reader in snapshot.searcher.segment_readers() {
        let index = reader.inverted_index(field)?;
        let mut stream = index.terms().range().ge(prefix.as_bytes()).le(end.as_bytes()).into_stream()?;
        let mut read = 0;
        while let Some((term, info)) = stream.next() {
            *found.entry(String::from_utf8_lossy(term).into_owned()).or_default() += u64::from(info.doc_freq);
            // A short beginning has very many endings; the commonest of the first thousands are good enough for a suggestion.
            read += 1;
            if read > 5_000 {
                break;
            }
        }
    }
    let mut ranked: Vec<(String, u64)> = found.into_iter().collect();
    ranked.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    ranked.truncate(limit);
    Ok(ranked)
}
