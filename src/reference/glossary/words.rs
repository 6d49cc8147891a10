//! Trade words in eight languages: what one word of a product's name is called in another.
//!
//! The lines of the glossary name goods as a whole; half of what stands in titles is in none of them. Here a line of `words.dict` is one
//! concept: eight columns, one for each language, with synonyms behind `; `. A word of several senses stands in several lines.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::text::{self, fold, runs};

/// The languages of the columns.
const COLUMNS: [&str; 8] = ["en", "de", "es", "fr", "it", "pt", "ru", "zh"];
/// Words of the longest name.
pub const MOST_WORDS: usize = 4;

/// One concept, whatever it is called.
pub type Concept = u16;

/// By language, in the order of [`COLUMNS`]: the concepts of a name, by the stems of its words with spaces between.
static CONCEPTS: LazyLock<[FxHashMap<String, Vec<Concept>>; COLUMNS.len()]> = LazyLock::new(|| {
    let mut maps: [FxHashMap<String, Vec<Concept>>; COLUMNS.len()] = Default::default();
    for (concept, line) in LINES.iter().enumerate() {
        let Ok(concept) = Concept::try_from(concept) else { break };
        for (at, names) in line.split('\t').enumerate().take(COLUMNS.len()) {
            for name in names.split("; ") {
                let words: Vec<String> = runs(name).map(|run| fold(run.text)).collect();
                let of = maps[at].entry(key(&words, COLUMNS[at])).or_default();
                if !of.contains(&concept) {
                    of.push(concept);
                }
            }
        }
    }
    maps
});

fn key(words: &[String], language: &str) -> String {
    let Some(stemmer) = text::language(language) else { return words.concat() };
    words.iter().map(|word| text::stem(word, stemmer)).collect::<Vec<_>>().join(" ")
}

/// The lines, by concept.
static LINES: LazyLock<Vec<&'static str>> = LazyLock::new(|| super::words_text().lines().collect());

/// What a concept is called in all the languages, the usual names first.
pub fn names(concept: Concept) -> impl Iterator<Item = &'static str> {
    let line = LINES.get(usize::from(concept)).copied().unwrap_or_default();
    line.split('\t').flat_map(|names| names.split("; ").take(2))
}

/// What folded words, taken together as one name of the language (ISO 639-1), may mean; empty where they are no name.
pub fn concepts(words: &[String], language: &str) -> &'static [Concept] {
    let Some(at) = COLUMNS.iter().position(|known| *known == language) else { return &[] };
    CONCEPTS[at].get(&key(words, language)).map_or(&[], Vec::as_slice)
}
