//! The trade glossary: what goods are called in eight languages, and under which heading of the HS 2022 they go.
//!
//! It is our own data, one file for each chapter beside this one, compiled in compressed. A line holds an HS code (a heading of four digits,
//! or a subheading of six where a heading mixes goods that traders keep apart), a language, a short label, trade names with the most usual
//! first, and a note with the words that stand beside a name of several senses when these goods are meant:
//!
//! ```text
//! 8203  en  Files, pliers and similar hand tools  file; rasp; pliers  file: steel metal wood hand
//! ```
//!
//! The operator's synonyms and the imported nomenclature stand beside it and win.

mod index;
mod lookup;
pub mod words;
#[cfg(test)]
mod tests;

use std::io::Read;
use std::sync::LazyLock;

use flate2::read::DeflateDecoder;

pub use index::{is_word, longest_name, warm};
pub use lookup::{Suggestion, headings_for, headings_in_any, word_weight};

/// The languages, ISO 639-1, in the order of the lines of a code.
pub const LANGUAGES: [&str; 8] = ["de", "en", "es", "fr", "it", "pt", "ru", "zh"];

/// Digits of a heading.
const HEADING: usize = 4;

/// One line: what the goods of a code are called in a language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Four digits for a heading, six for a subheading.
    pub hs: &'static str,
    /// ISO 639-1, one of [`LANGUAGES`].
    pub language: &'static str,
    /// Our own short label, at most 60 characters.
    pub label: &'static str,
    terms: &'static str,
    note: &'static str,
}

impl Line {
    /// Trade names, the most usual first.
    pub fn terms(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.terms.split("; ")
    }

    /// The label, and behind it the trade names.
    fn names(&self) -> impl Iterator<Item = &'static str> + use<> {
        std::iter::once(self.label).chain(self.terms())
    }

    /// The names that have other senses too, each with the words that stand beside it in this one.
    fn senses(&self) -> impl Iterator<Item = (&'static str, &'static str)> + use<> {
        self.note.split("; ").filter_map(|entry| entry.split_once(": "))
    }

    fn read(line: &'static str) -> Option<Self> {
        let mut columns = line.split('\t');
        let mut next = || columns.next();
        Some(Self { hs: next()?, language: next()?, label: next()?, terms: next()?, note: next()? })
    }
}

/// The text of all files, and where things stand in it. Lines are taken apart when they are asked for: their parts as slices would take more
/// memory than the text.
struct Texts {
    text: &'static str,
    /// Where each line begins, in bytes.
    begins: Vec<u32>,
    /// Each code once, in order: its lines are the next [`LANGUAGES`].
    codes: Vec<&'static str>,
}

static TEXTS: LazyLock<Texts> = LazyLock::new(|| {
    let mut text = String::new();
    let packed: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/glossary.deflate"));
    // It was packed when the program was built: a test reads all of it.
    if let Err(error) = DeflateDecoder::new(packed).read_to_string(&mut text) {
        log::error!("the glossary cannot be read: {error}");
    }
    // Read once and kept for as long as the process runs, so lines hand out what they hold without copying it.
    let text: &'static str = Box::leak(text.into_boxed_str());
    let begins =
        text.lines().map(|line| u32::try_from(line.as_ptr().addr() - text.as_ptr().addr()).unwrap_or(u32::MAX));
    let codes = text.lines().step_by(LANGUAGES.len()).filter_map(|line| line.split('\t').next());
    Texts { text, begins: begins.collect(), codes: codes.collect() }
});

/// The trade words as they stand in their file.
fn words_text() -> &'static str {
    let mut text = String::new();
    let packed: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/words.deflate"));
    // It was packed when the program was built: a test reads all of it.
    if let Err(error) = DeflateDecoder::new(packed).read_to_string(&mut text) {
        log::error!("the trade words cannot be read: {error}");
    }
    Box::leak(text.into_boxed_str())
}

impl Texts {
    fn line(&self, code: usize, language: usize) -> Option<Line> {
        let begin = *self.begins.get(code * LANGUAGES.len() + language)?;
        self.text.get(begin as usize..)?.lines().next().and_then(Line::read)
    }
}

/// Every code once, in order: four digits for a heading, six for a subheading.
pub fn codes() -> &'static [&'static str] {
    &TEXTS.codes
}

/// Every line, in the order of the codes, and of one code in the order of [`LANGUAGES`].
pub fn lines() -> impl Iterator<Item = Line> {
    TEXTS.text.lines().filter_map(Line::read)
}

/// The code itself, or the nearest above it that the glossary has, down to the heading.
pub fn nearest_code(hs: &str) -> Option<&'static str> {
    let known = |code: &str| codes().binary_search(&code).ok().map(|at| codes()[at]);
    [6, HEADING].into_iter().filter_map(|digits| hs.get(..digits)).find_map(known)
}

/// What the goods of a code are called in a language; of a longer code, or one that has no line of its own, the line of the nearest code
/// above it, down to the heading.
fn nearest(hs: &str, language: &str) -> Option<Line> {
    exact(nearest_code(hs)?, language)
}

fn exact(code: &str, language: &str) -> Option<Line> {
    TEXTS.line(codes().binary_search(&code).ok()?, language_at(language)?)
}

/// The place of a language in [`LANGUAGES`]; `pt-BR` is `pt`.
fn language_at(language: &str) -> Option<usize> {
    let language = language.get(..2)?;
    LANGUAGES.iter().position(|known| *known == language)
}

/// The short label of this very code; none where the glossary has no line for it.
pub fn exact_label(code: &str, language: &str) -> Option<&'static str> {
    exact(code, language).map(|line| line.label)
}

/// Trade names of the goods of a code, the most usual first; none for a chapter, a code that is unknown or another language.
pub fn terms_for(hs: &str, language: &str) -> impl Iterator<Item = &'static str> + use<> {
    nearest(hs, language).into_iter().flat_map(|line| line.terms())
}

/// The short label of a code in a language (`pt-BR` is `pt`); of a longer code, or one that has no line, that of the nearest above it down
/// to the heading.
pub fn label(hs: &str, language: &str) -> Option<&'static str> {
    nearest(hs, language).map(|line| line.label)
}
