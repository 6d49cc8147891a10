//! Stems: what is left of a word without its inflection, by the Snowball stemmer of its language.

use std::cell::RefCell;
use std::collections::HashMap;

pub use frostem::Algorithm as StemmerLanguage;
use frostem::Stemmer;

/// Every language that has a stemmer here, ISO 639-1.
const CODES: [(&str, StemmerLanguage); 9] = [
    ("en", StemmerLanguage::English),
    ("es", StemmerLanguage::Spanish),
    ("fr", StemmerLanguage::French),
    ("de", StemmerLanguage::German),
    ("pt", StemmerLanguage::Portuguese),
    ("it", StemmerLanguage::Italian),
    ("ru", StemmerLanguage::Russian),
    ("nl", StemmerLanguage::Dutch),
    ("tr", StemmerLanguage::Turkish),
];

/// Every language that has a stemmer here.
pub const LANGUAGES: [StemmerLanguage; CODES.len()] = {
    let mut all = [StemmerLanguage::English; CODES.len()];
    let mut at = 0;
    while at < CODES.len() {
        all[at] = CODES[at].1;
        at += 1;
    }
    all
};

/// The ISO 639-1 code of a language that has a stemmer here.
pub fn language_code(language: StemmerLanguage) -> Option<&'static str> {
    CODES.iter().find(|(_, known)| *known == language).map(|(code, _)| *code)
}

/// Most stems that a thread remembers for one language before it starts again.
const REMEMBERED: usize = 20_000;

/// The stemmer for an ISO 639-1 code, if there is one here; what follows the code (`es-MX`) is passed over.
pub fn language(code: &str) -> Option<StemmerLanguage> {
    let code = code.get(..2)?;
    CODES.iter().find(|(known, _)| *known == code).map(|(_, language)| *language)
}

/// A stemmer and what it has found out: the same words come again and again, and stemming one costs more than looking it up.
pub struct Stems {
    stemmer: Stemmer,
    known: HashMap<String, String>,
}

impl Stems {
    /// A stemmer that has found out nothing yet.
    pub fn new(language: StemmerLanguage) -> Self {
        Self { stemmer: Stemmer::new(language), known: HashMap::new() }
    }

    /// The stem of a folded word; the word itself where nothing of it would be left.
    pub fn stem(&mut self, word: &str) -> String {
        if let Some(stem) = self.known.get(word) {
            return stem.clone();
        }
        if self.known.len() >= REMEMBERED {
            self.known.clear();
        }
        let stem = self.stemmer.stem(word);
        let stem = if stem.is_empty() { word.to_owned() } else { stem.into_owned() };
        self.known.insert(word.to_owned(), stem.clone());
        stem
    }
}

thread_local! {
    static STEMS: RefCell<HashMap<StemmerLanguage, Stems>> = RefCell::new(HashMap::new());
}

/// The stem of a folded word; the word itself where nothing of it would be left.
pub fn stem(word: &str, language: StemmerLanguage) -> String {
    STEMS.with_borrow_mut(|stems| stems.entry(language).or_insert_with(|| Stems::new(language)).stem(word))
}
