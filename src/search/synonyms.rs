//! What a run of words may also be called: other words, or goods of an HS code.
//!
//! The entries come from outside ([`crate::synonyms`]): an operator's synonyms and the descriptions of the HS nomenclature. They are
//! filed under their stems in every language that has a stemmer, because neither an entry nor a query says what language it is in.

use std::collections::{BTreeMap, HashMap};

use super::analyzers;
use crate::reference::hs;
use crate::text;

/// A description that stands under more codes than this says nothing about goods (`other`).
const MOST_FILED: usize = 64;
/// How many words tell the language of a nomenclature.
const MOST_READ: usize = 10_000;
/// A name of goods under more codes than this, headings taken for all below them, is too wide to be of use.
const MOST_CODES: usize = 16;
/// How many digits a chapter has.
pub(super) const CHAPTER_DIGITS: usize = 2;
/// How many digits a heading has.
const HEADING_DIGITS: usize = 4;

/// What a run of words may also be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expansion {
    /// Other words.
    Words(String),
    /// The goods of an HS code, 2 to 10 digits.
    Hs(String),
    /// The goods of an HS code in whose description, written in this language (ISO 639-1), the words stand: what is written in it
    /// too is found by its words.
    Described(String, &'static str),
}

/// The entries, for looking up.
#[derive(Debug, Default)]
pub struct Synonyms {
    by_first: HashMap<String, Vec<Entry>>,
    names: HashMap<String, String>,
    /// The folded words of each heading's description, and its digits, by the heading.
    headings: BTreeMap<String, Vec<String>>,
}

#[derive(Debug)]
struct Entry {
    rest: Vec<String>,
    expansions: Vec<Expansion>,
}

impl Synonyms {
    /// Files what the words may also be called.
    pub fn add(&mut self, words: &str, expansion: &Expansion) {
        let words: Vec<String> = analyzers::words(words).into_iter().map(|word| word.text).collect();
        for stems in analyzers::stems_of(&words, &analyzers::LANGUAGES) {
            let mut stems = stems.into_iter();
            let Some(first) = stems.next() else { return };
            let rest: Vec<String> = stems.collect();
            let entries = self.by_first.entry(first).or_default();
            let at = entries.iter().position(|entry| entry.rest == rest).unwrap_or_else(|| {
                entries.push(Entry { rest, expansions: Vec::new() });
                entries.len() - 1
            });
            let expansions = &mut entries[at].expansions;
            if expansions.len() < MOST_FILED && !expansions.contains(expansion) {
                expansions.push(expansion.clone());
            }
        }
    }

    /// Remembers what a code is called, unless that is known.
    pub fn name_code(&mut self, code: &str, name: &str) {
        if code.len() == HEADING_DIGITS {
            let words = analyzers::words(name).into_iter().map(|word| word.text);
            self.headings.entry(code.to_owned()).or_insert_with(|| words.chain([code.to_owned()]).collect());
        }
        self.names.entry(code.to_owned()).or_insert_with(|| name.to_owned());
    }

    /// The headings in order, each with the words that it may be found by.
    pub(super) fn headings(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.headings.iter().map(|(code, words)| (code.as_str(), words.as_slice()))
    }

    /// What a code is called in a language: our own label, which is short, or else what the nomenclature says. Of a code that neither
    /// has, none: facets show the ones above it too.
    pub(super) fn label(&self, code: &str, language: &str) -> Option<String> {
        let ours = hs::exact_label(code, language).or_else(|| hs::exact_label(code, "en"));
        ours.map(str::to_owned).or_else(|| self.names.get(code).cloned())
    }

    /// Files the descriptions of a nomenclature by code, all in one language: each part between commas, semicolons and the like names
    /// the goods.
    pub fn add_nomenclature<'d>(&mut self, descriptions: impl Iterator<Item = (&'d str, &'d str)> + Clone) {
        let words = descriptions.clone().flat_map(|(_, text)| analyzers::words(text));
        let words: Vec<String> = words.take(MOST_READ).map(|word| word.text).collect();
        let language = text::language_of(words.iter().map(String::as_str)).unwrap_or("en");
        for (code, text) in descriptions {
            self.name_code(code, text);
            for part in text.split([',', ';', ':', '(', ')', '，', '；', '：', '、']) {
                self.add(part, &Expansion::Described(code.to_owned(), language));
            }
        }
    }

    /// The runs of stems from the beginning that have an entry, each with how many stems it takes and what it may also be called.
    pub(super) fn beginning(&self, stems: &[String]) -> Vec<(usize, Vec<&Expansion>)> {
        let Some((first, after)) = stems.split_first() else { return Vec::new() };
        let entries = self.by_first.get(first).into_iter().flatten();
        let fits = entries.filter(|entry| after.starts_with(&entry.rest));
        fits.map(|entry| (entry.rest.len() + 1, useful(&entry.expansions))).collect()
    }

    /// Each name of goods in the text with the codes that it means: the longest from its first word on, and none within another.
    pub(super) fn goods_in(&self, text: &str) -> Vec<NamedGoods> {
        let words: Vec<String> = analyzers::words(text).into_iter().map(|word| word.text).collect();
        let (mut found, mut at) = (Vec::new(), 0);
        while at < words.len() {
            let stems = analyzers::stems_of(&words[at..], &analyzers::LANGUAGES);
            let named = stems.iter().flat_map(|stems| self.beginning(stems));
            let named =
                named.flat_map(|(length, told)| told.into_iter().filter_map(move |one| Some((length, goods(one)?))));
            let named: Vec<(usize, (&str, bool))> = named.collect();
            let longest = named.iter().map(|(length, _)| *length).max().unwrap_or(0);
            for (_, (code, is_operators)) in named.into_iter().filter(|(length, _)| *length == longest) {
                let (said, share) = (words[at..at + longest].join(" "), longest as f32 / words.len() as f32);
                let one = NamedGoods { said, code: code.to_owned(), is_operators, share };
                if !found.contains(&one) {
                    found.push(one);
                }
            }
            at += longest.max(1);
        }
        found
    }

    /// Each run of words of the text with each other name for it.
    pub(super) fn synonyms_in(&self, text: &str) -> Vec<Synonym> {
        let words: Vec<String> = analyzers::words(text).into_iter().map(|word| word.text).collect();
        let mut found = Vec::new();
        for at in 0..words.len() {
            for stems in analyzers::stems_of(&words[at..], &analyzers::LANGUAGES) {
                let Some((length, expansions)) = self.beginning(&stems).into_iter().max_by_key(|found| found.0) else {
                    continue;
                };
                for expansion in expansions {
                    let Expansion::Words(other) = expansion else { continue };
                    let name = Synonym { said: words[at..at + length].join(" "), other: other.clone() };
                    if !found.contains(&name) {
                        found.push(name);
                    }
                }
            }
        }
        found
    }
}

/// The code of an expansion that names goods more exactly than a chapter does, and whether the operator says so.
fn goods(expansion: &Expansion) -> Option<(&str, bool)> {
    match expansion {
        Expansion::Words(_) => None,
        Expansion::Hs(code) => Some((code, true)),
        Expansion::Described(code, _) => (code.len() > CHAPTER_DIGITS).then_some((code.as_str(), false)),
    }
}

/// A name of goods in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedGoods {
    /// The words of the text, folded.
    pub said: String,
    /// The HS code, 2 to 10 digits from the operator, 4 or 6 from the nomenclature.
    pub code: String,
    /// Whether the operator's synonyms say so, or else the imported nomenclature.
    pub is_operators: bool,
    /// What part of the words of the text the name is, above 0, up to 1.
    pub share: f32,
}

/// A run of words of a text, and what it may also be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Synonym {
    /// The words of the text.
    pub said: String,
    /// The other name.
    pub other: String,
}

/// The expansions without those that say too little: of the codes described by the same words a heading stands for what is below
/// it, a chapter only where there is nothing more exact, and none where there are too many.
fn useful(expansions: &[Expansion]) -> Vec<&Expansion> {
    let code = |expansion: &Expansion| match expansion {
        Expansion::Described(code, _) => Some(code.clone()),
        _ => None,
    };
    let codes: Vec<String> = expansions.iter().filter_map(code).collect();
    let is_chapter = |code: &str| code.len() == 2;
    let has_exact = codes.iter().any(|code| !is_chapter(code));
    let is_kept = |code: &str| {
        let above = |other: &String| other != code && code.starts_with(other.as_str()) && !is_chapter(other);
        let is_covered = codes.iter().any(above) || (has_exact && is_chapter(code));
        !is_covered
    };
    let is_wide = expansions.len() >= MOST_FILED || codes.iter().filter(|code| is_kept(code)).count() > MOST_CODES;
    expansions
        .iter()
        .filter(|expansion| match expansion {
            Expansion::Described(code, _) => !is_wide && is_kept(code),
            _ => true,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stems(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn runs_are_found_in_any_inflection() {
        let mut synonyms = Synonyms::default();
        synonyms.add("cell", &Expansion::Words("battery".into()));
        synonyms.add("cell phones", &Expansion::Words("mobile phone".into()));
        let (battery, phone) = (Expansion::Words("battery".into()), Expansion::Words("mobile phone".into()));
        assert_eq!(synonyms.beginning(&stems("cell phone case")), [(1, vec![&battery]), (2, vec![&phone])]);
        assert_eq!(synonyms.beginning(&stems("cell case")), [(1, vec![&battery])]);
        assert!(synonyms.beginning(&stems("phone")).is_empty() && synonyms.beginning(&[]).is_empty());
    }

    #[test]
    fn a_heading_stands_for_what_is_below_it() {
        let mut synonyms = Synonyms::default();
        let mut lines = vec![
            ("84".to_owned(), "Machines, bearings"),
            ("8482".to_owned(), "Ball bearings; roller bearings"),
            ("848210".to_owned(), "Ball bearings"),
            ("848280".to_owned(), "Bearings: other"),
        ];
        lines.extend((1000..1100).map(|code: u32| (code.to_string(), "Others")));
        synonyms.add_nomenclature(lines.iter().map(|(code, text)| (code.as_str(), *text)));
        let codes = |text: &str| -> Vec<String> {
            let found = synonyms.beginning(&stems(text));
            found
                .iter()
                .flat_map(|(_, expansions)| expansions)
                .filter_map(|m| if let Expansion::Described(code, _) = m { Some(code.clone()) } else { None })
                .collect()
        };
        assert_eq!(codes("ball bear"), ["8482"]);
        assert_eq!(codes("machin"), ["84"]);
        assert_eq!(codes("bear"), ["848280"]);
        assert!(codes("other").is_empty());
    }
}
