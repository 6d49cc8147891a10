//! Trade words in eight languages: what one word of a product's name is called in another.
//!
//! The lines of the glossary name goods as a whole; half of what stands in titles is in none of them. Here a line of `words.dict` is one
//! concept: eight columns, one for each language, with synonyms behind `; `. A word of several senses stands in several lines.

use std::hash::{Hash, Hasher};
use std::sync::LazyLock;

use rustc_hash::FxHasher;

use crate::text::{self, Stems, fold, runs};

/// The languages of the columns.
const COLUMNS: [&str; 8] = ["en", "de", "es", "fr", "it", "pt", "ru", "zh"];
/// Words of the longest name.
pub const MOST_WORDS: usize = 4;

/// The hashes of names, each with a concept of it, in order.
type Names = Box<[(u64, Concept)]>;

/// One concept, whatever it is called.
pub type Concept = u16;

/// By language, in the order of [`COLUMNS`]: the hashes of all names, each with a concept of it, in order. Hashes of 64 bits and not the names
/// themselves: of a hundred thousand two are alike once in a billion dictionaries, and the names took ten times the memory.
static CONCEPTS: LazyLock<[Names; COLUMNS.len()]> = LazyLock::new(|| std::array::from_fn(|at| hashed(at, COLUMNS[at])));

/// Reads the dictionary, so that no match waits for it.
pub fn warm() {
    LazyLock::force(&CONCEPTS);
}

fn hashed(at: usize, language: &str) -> Names {
    // Its own, and dropped with the language: what a thread remembers of every word it stemmed would stay.
    let mut stems = text::language(language).map(Stems::new);
    let mut names: Vec<(u64, Concept)> = Vec::new();
    for (concept, line) in LINES.iter().enumerate() {
        let Ok(concept) = Concept::try_from(concept) else { break };
        for name in line.split('\t').nth(at).into_iter().flat_map(|names| names.split("; ")) {
            let words = runs(name).map(|run| fold(run.text));
            let words: Vec<String> = match &mut stems {
                Some(stems) => words.map(|word| stems.stem(&word)).collect(),
                None => words.collect(),
            };
            names.push((hash_of(&words, stems.is_some()), concept));
        }
    }
    names.sort_unstable();
    names.dedup();
    names.into_boxed_slice()
}

/// A name by the stems of its words.
fn key(words: &[String], language: &str) -> u64 {
    match text::language(language) {
        Some(stemmer) => hash_of(&words.iter().map(|word| text::stem(word, stemmer)).collect::<Vec<_>>(), true),
        None => hash_of(words, false),
    }
}

/// Words of a language with spaces are told apart; those of Chinese are one text, however it was cut.
fn hash_of(words: &[String], are_apart: bool) -> u64 {
    let mut hasher = FxHasher::default();
    if are_apart {
        words.iter().for_each(|word| word.hash(&mut hasher))
    } else {
        words.concat().hash(&mut hasher)
    }
    hasher.finish()
}

/// The lines, by concept.
static LINES: LazyLock<Vec<&'static str>> = LazyLock::new(|| super::words_text().lines().collect());

/// What a concept is called in all the languages, the usual names first.
pub fn names(concept: Concept) -> impl Iterator<Item = &'static str> {
    let line = LINES.get(usize::from(concept)).copied().unwrap_or_default();
    line.split('\t').flat_map(|names| names.split("; ").take(2))
}

/// What folded words, taken together as one name of the language (ISO 639-1), may mean; none where they are no name.
pub fn concepts(words: &[String], language: &str) -> Vec<Concept> {
    let Some(at) = COLUMNS.iter().position(|known| *known == language) else { return Vec::new() };
    let key = key(words, language);
    let names = &CONCEPTS[at];
    let begin = names.partition_point(|(name, _)| *name < key);
    names[begin..].iter().take_while(|(name, _)| *name == key).map(|(_, concept)| *concept).collect()
}
