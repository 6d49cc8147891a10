//! Trade words in eight languages: what one word of a product's name is called in another.
//!
//! The lines of the glossary name goods as a whole; half of what stands in titles is in none of them. Here a line of `words.dict` is one
//! concept: eight columns, one for each language, with synonyms behind `; `. A word of several senses stands in several lines.

use std::hash::{Hash, Hasher};
use std::sync::LazyLock;

use rustc_hash::FxHasher;

use crate::text::{self, fold, runs};

/// The languages of the columns.
const COLUMNS: [&str; 8] = ["en", "de", "es", "fr", "it", "pt", "ru", "zh"];
/// Words of the longest name.
pub const MOST_WORDS: usize = 4;

/// One concept, whatever it is called.
pub type Concept = u16;

/// By language, in the order of [`COLUMNS`]: the hashes of all names, each with a concept of it, in order. Hashes of 64 bits and not the names
/// themselves: of a hundred thousand two are alike once in a billion dictionaries, and the names took ten times the memory.
static CONCEPTS: LazyLock<[Box<[(u64, Concept)]>; COLUMNS.len()]> = LazyLock::new(|| {
    // In a thread of its own: the stems of a hundred thousand words would stay in the memory of the thread that asked first.
    std::thread::spawn(hashed).join().unwrap_or_default()
});

fn hashed() -> [Box<[(u64, Concept)]>; COLUMNS.len()] {
    std::array::from_fn(|at| {
        let mut names: Vec<(u64, Concept)> = Vec::new();
        for (concept, line) in LINES.iter().enumerate() {
            let Ok(concept) = Concept::try_from(concept) else { break };
            for name in line.split('\t').nth(at).into_iter().flat_map(|names| names.split("; ")) {
                let words: Vec<String> = runs(name).map(|run| fold(run.text)).collect();
                names.push((key(&words, COLUMNS[at]), concept));
            }
        }
        names.sort_unstable();
        names.dedup();
        names.into_boxed_slice()
    })
}

/// A name by the stems of its words.
fn key(words: &[String], language: &str) -> u64 {
    let mut hasher = FxHasher::default();
    match text::language(language) {
        Some(stemmer) => words.iter().for_each(|word| text::stem(word, stemmer).hash(&mut hasher)),
        None => words.concat().hash(&mut hasher),
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
