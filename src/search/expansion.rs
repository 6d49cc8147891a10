//! Query expansion: synonyms of the words of a query, which rank with them, their names in other languages and the HS codes of the goods that
//! they name, which rank below.

use super::SearchError;
use super::analyzers;
use super::clauses::{Planner, Token};
use super::dims::Dim;
use super::plan::{Clause, Reading};
use super::synonyms::{CHAPTER_DIGITS, Expansion};
use crate::reference::glossary;
use crate::text::is_ideographic;

/// How far a name of the glossary in another language is trusted: it names the same heading, not always the same goods.
const GLOSSARY_TRUST: f32 = 0.35;
/// So many names of a heading are looked for in each other language: the first are its principal goods.
const MOST_NAMES: usize = 3;
/// A name under more codes than this is not translated.
const MOST_SENSES: usize = 4;
/// How far a synonym is trusted beside the word that was typed.
pub(super) const SYNONYM_TRUST: f32 = 0.6;

/// Who says which goods a name means; the first that says any is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    /// The operator's synonyms.
    Operator,
    /// Headings and subheadings of the imported nomenclature.
    Nomenclature,
    /// A chapter, of the nomenclature or of our own list.
    Chapter,
}

/// Goods that a name means.
#[derive(Clone, Copy, Debug)]
struct Goods<'a> {
    /// 2 to 10 digits.
    code: &'a str,
    /// The language of the name, in which the goods are found by the words themselves; none where nobody says.
    language: Option<&'a str>,
}

impl<'a> Goods<'a> {
    /// What this source says with the expansion; none for words and for what another says.
    fn of(expansion: &'a Expansion, source: Source) -> Option<Self> {
        let (by, goods) = match expansion {
            Expansion::Words(_) => return None,
            Expansion::Hs(code) => (Source::Operator, Self { code, language: None }),
            Expansion::Described(code, language) => {
                let by = if code.len() == CHAPTER_DIGITS { Source::Chapter } else { Source::Nomenclature };
                (by, Self { code, language: Some(*language) })
            }
        };
        (by == source).then_some(goods)
    }
}

/// A name of the glossary that a query begins with.
struct Name {
    /// In words.
    length: usize,
    /// Empty where it has too many senses.
    goods: Vec<Goods<'static>>,
}

/// Adds the readings that are not there yet.
fn add(readings: &mut Vec<Reading>, more: Vec<Reading>) {
    for reading in more {
        if !readings.contains(&reading) {
            readings.push(reading);
        }
    }
}

impl Planner<'_> {
    /// For each word of the query what it may also be called, as a clause of no readings of its own.
    pub(super) fn expansions(&self, tokens: &[Token]) -> Result<Vec<Clause>, SearchError> {
        let mut found = vec![Clause::default(); tokens.len()];
        let mut at = 0;
        while at < tokens.len() {
            // The parts of a code are no words.
            if tokens[at].code_length > 1 {
                at += tokens[at].code_length;
                continue;
            }
            let run = tokens[at..].iter().take_while(|token| token.is_word());
            let words: Vec<String> = run.map(|token| token.word.clone()).collect();
            let Some((length, clause)) = self.expansion(&words)? else {
                at += 1;
                continue;
            };
            found[at..at + length].fill(clause);
            at += length;
        }
        Ok(found)
    }

    /// The longest run of words from the beginning that may be called otherwise, in any of the languages, whoever says so: `ball valve` is no
    /// ball. A run of which the index holds nothing leaves its place to a shorter one.
    fn expansion(&self, words: &[String]) -> Result<Option<(usize, Clause)>, SearchError> {
        let stems = analyzers::stems_of(words, &self.languages);
        let told: Vec<(usize, Vec<&Expansion>)> =
            stems.iter().flat_map(|stems| self.synonyms.beginning(stems)).collect();
        let named = self.glossary_name(words);
        let mut lengths: Vec<usize> =
            told.iter().map(|(length, _)| *length).chain(named.as_ref().map(|n| n.length)).collect();
        lengths.sort_unstable_by(|a, b| b.cmp(a));
        lengths.dedup();
        for length in lengths {
            let told: Vec<&Expansion> =
                told.iter().filter(|(of, _)| *of == length).flat_map(|(_, told)| told.iter().copied()).collect();
            let clause = self.clause(length, &told, named.as_ref().filter(|name| name.length == length))?;
            if clause != Clause::default() {
                return Ok(Some((length, clause)));
            }
        }
        Ok(None)
    }

    /// What a run of this many words may also be called: the operator's words, and the goods that the first says who knows any.
    fn clause(&self, length: usize, told: &[&Expansion], named: Option<&Name>) -> Result<Clause, SearchError> {
        let mut clause = Clause::default();
        for expansion in told {
            if let Expansion::Words(text) = expansion
                && self.stages.synonyms
            {
                add(&mut clause.synonyms, self.other_names(text, SYNONYM_TRUST / length as f32)?);
            }
        }
        let goods = |source: Source| -> Vec<Goods<'_>> {
            told.iter()
                .filter_map(|expansion| Goods::of(expansion, source))
                .filter(|_| self.stages.hs_expansion)
                .collect()
        };
        // A chapter comes last: it is the widest name there is, and the glossary's `coffee` is 0901, not all of chapter 09.
        let named = named.map_or_else(Vec::new, |name| name.goods.clone());
        let ranked = [goods(Source::Operator), goods(Source::Nomenclature), named, goods(Source::Chapter)];
        let known = ranked.into_iter().find(|goods| !goods.is_empty()).unwrap_or_default();
        // A name of many goods says too little of any of them to be translated.
        let is_narrow = known.len() <= MOST_SENSES;
        for goods in &known {
            let others = goods.language.map(|language| self.languages_but(language));
            add(&mut clause.hs_expansions, self.hs_expansion(goods.code, others.clone())?);
            if is_narrow && self.stages.glossary {
                self.translate(&mut clause, goods.code, &others.unwrap_or_default(), length)?;
            }
        }
        Ok(clause)
    }

    /// What goods of the code are called in these languages.
    fn translate(
        &self,
        clause: &mut Clause,
        code: &str,
        languages: &[String],
        length: usize,
    ) -> Result<(), SearchError> {
        for name in languages.iter().flat_map(|language| glossary::terms_for(code, language).take(MOST_NAMES)) {
            add(&mut clause.synonyms, self.other_names(name, GLOSSARY_TRUST / length as f32)?);
        }
        Ok(())
    }

    /// The longest run of words from the beginning that is a name of the trade glossary in a language of the index.
    fn glossary_name(&self, words: &[String]) -> Option<Name> {
        if !self.stages.glossary || words.is_empty() {
            return None;
        }
        let spoken = if analyzers::is_cjk(&words[0]) {
            vec!["zh"]
        } else {
            self.languages.iter().filter_map(|language| analyzers::language_code(*language)).collect()
        };
        let known: Vec<_> =
            spoken.iter().filter_map(|language| Some((*language, glossary::longest_name(words, language)?))).collect();
        let length = known.iter().map(|(_, (length, _))| *length).max()?;
        let known = known.into_iter().filter(|(_, (of, codes))| *of == length && codes.len() <= MOST_SENSES);
        let goods = known.flat_map(|(language, (_, codes))| {
            codes.into_iter().map(move |code| Goods { code, language: Some(language) })
        });
        Some(Name { length, goods: goods.collect() })
    }

    /// The words in each language in which documents hold them all. The run that they stand for may have several words, each
    /// of which becomes a clause: their trust is shared among these.
    pub(super) fn other_names(&self, text: &str, trust: f32) -> Result<Vec<Reading>, SearchError> {
        // Splitting a Chinese name loads a dictionary of 35 MiB: for nothing where no document is in Chinese.
        if text.contains(is_ideographic) && !self.snapshot.holds_language("zh") {
            return Ok(Vec::new());
        }
        let words: Vec<String> = analyzers::words(text).into_iter().map(|word| word.text).collect();
        let mut readings = Vec::new();
        for mut stems in analyzers::stems_of(&words, &self.languages) {
            if !self.holds_all(&stems)? {
                continue;
            }
            readings.push(match stems.len() {
                1 => Reading::Word(stems.remove(0), trust),
                _ => Reading::Words(stems, trust),
            });
        }
        Ok(readings)
    }

    /// The goods of the code, in these languages only or in all.
    fn hs_expansion(&self, code: &str, languages: Option<Vec<String>>) -> Result<Vec<Reading>, SearchError> {
        let is_used = self.snapshot.frequency(self.fields.hs, code)? > 0;
        let is_open = languages.as_ref().is_none_or(|languages| !languages.is_empty());
        Ok((is_used && is_open).then(|| Reading::Hs { code: code.to_owned(), languages }).into_iter().collect())
    }

    /// The languages of the index but this one.
    fn languages_but(&self, own: &str) -> Vec<String> {
        let names =
            self.snapshot.names[Dim::Language.index()].read().unwrap_or_else(std::sync::PoisonError::into_inner);
        names.texts().iter().filter(|code| !code.starts_with(own)).map(ToString::to_string).collect()
    }
}
