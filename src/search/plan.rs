//! What must be found: a query as clauses, each a word, a phrase or a code in all its readings.

use std::collections::HashSet;

use tantivy::schema::Field;

/// One reading of a clause.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Reading {
    /// A term of the combined field, and how far it is trusted (up to 1).
    Word(String, f32),
    /// Several terms of the combined field, all of them, and how far they are trusted.
    Words(Vec<String>, f32),
    /// A raw term of another field: a code, a GTIN, an HS code.
    Raw(Field, String),
    /// Terms of the combined field at these distances from each other.
    Phrase(Vec<(usize, String)>),
    /// The goods of an HS code, in texts of these languages only or in all.
    Hs { code: String, languages: Option<Vec<String>> },
}

impl Reading {
    /// The words of it.
    pub fn terms(&self) -> Vec<String> {
        match self {
            Self::Word(text, _) => vec![text.clone()],
            Self::Words(texts, _) => texts.clone(),
            Self::Raw(..) | Self::Phrase(_) | Self::Hs { .. } => Vec::new(),
        }
    }
}

/// What must be found in one place of the query: any of its readings.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Clause {
    pub readings: Vec<Reading>,
    /// Other words for it; they never weigh more than the words that were typed.
    pub synonyms: Vec<Reading>,
    /// Codes of the goods that it names: what is found by them alone stands below what is found by words.
    pub hs_expansions: Vec<Reading>,
    /// The one word of it as it was typed, folded and not stemmed.
    pub form: Option<String>,
    /// It stood between quotes: no part of an answer does without it.
    pub is_quoted: bool,
}

impl Clause {
    pub fn of(readings: Vec<Reading>) -> Self {
        Self { readings, ..Self::default() }
    }

    /// Whether no document can hold it.
    pub fn is_void(&self) -> bool {
        self.is_wordless() && self.hs_expansions.is_empty()
    }

    /// Whether no document can hold it in words.
    pub fn is_wordless(&self) -> bool {
        self.readings.is_empty() && self.synonyms.is_empty()
    }

    pub fn also(self, other: Clause) -> Self {
        Self { synonyms: other.synonyms, hs_expansions: other.hs_expansions, ..self }
    }
}

/// The whole query, understood.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan {
    pub wanted: Vec<Clause>,
    pub unwanted: Vec<Clause>,
    /// Words that no document holds in any reading.
    pub unknown: usize,
    /// The query in letters and digits only, when a document is called exactly that.
    pub exact: Option<String>,
    /// The query with its misspelt words corrected.
    pub corrected: Option<String>,
    /// The folded words and stems to mark in highlights.
    pub marks: HashSet<String>,
}

impl Plan {
    /// Whether what holds any of it holds all of it.
    pub fn is_indivisible(&self) -> bool {
        self.wanted.len() < 2 && self.unknown == 0 && self.exact.is_none()
    }

    /// Whether nothing at all was asked for.
    pub fn is_empty(&self) -> bool {
        self.wanted.is_empty() && self.unknown == 0 && self.exact.is_none()
    }
}
