//! Query expansion: synonyms of the words of a query, which rank with them, their names in other languages and the HS codes of the goods that
//! they name, which rank below.

use super::SearchError;
use super::analyzers;
use super::clauses::{Planner, Token};
use super::dims::Dim;
use super::plan::{Clause, Reading};
use super::synonyms::Expansion;
use crate::reference::glossary::{self, Line};

/// How far a name of the glossary in another language is trusted: it names the same heading, not always the same goods.
const GLOSSARY_TRUST: f32 = 0.35;
/// So many names of a heading are looked for in each other language: the first are its principal goods.
const MOST_NAMES: usize = 3;
/// A name under more codes than this is not translated.
const MOST_SENSES: usize = 4;
/// How far a synonym is trusted beside the word that was typed.
pub(super) const SYNONYM_TRUST: f32 = 0.6;

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

    /// The longest run of words from the beginning that may be called otherwise, in any of the languages.
    fn expansion(&self, words: &[String]) -> Result<Option<(usize, Clause)>, SearchError> {
        let stems = analyzers::stems_of(words, &self.languages);
        let known: Vec<(usize, Vec<&Expansion>)> =
            stems.iter().filter_map(|stems| self.synonyms.longest(stems)).collect();
        // The operator's words and nomenclature win: the glossary is asked where they say nothing.
        let Some(length) = known.iter().map(|(length, _)| *length).max() else { return self.glossary(words) };
        let mut clause = Clause::default();
        for expansion in known.iter().filter(|(of, _)| *of == length).flat_map(|(_, expansions)| expansions) {
            self.add(&mut clause, expansion, length)?;
        }
        Ok(Some((length, clause)))
    }

    /// The longest run of words from the beginning that is a name of the trade glossary: what its goods are called in the other languages of
    /// the index, and the goods of its code there.
    fn glossary(&self, words: &[String]) -> Result<Option<(usize, Clause)>, SearchError> {
        if !self.stages.glossary || words.is_empty() {
            return Ok(None);
        }
        let spoken = if analyzers::is_cjk(&words[0]) {
            vec!["zh"]
        } else {
            self.languages.iter().filter_map(|language| analyzers::language_code(*language)).collect()
        };
        let known: Vec<_> =
            spoken.iter().filter_map(|language| Some((*language, glossary::longest_name(words, language)?))).collect();
        let Some(length) = known.iter().map(|(_, (length, _))| *length).max() else { return Ok(None) };
        let mut clause = Clause::default();
        for (language, (_, lines)) in known.into_iter().filter(|(_, (of, _))| *of == length) {
            let others = self.languages_but(language);
            // A name of many goods says too little of any of them.
            if others.is_empty() || lines.len() > MOST_SENSES {
                continue;
            }
            for line in lines {
                self.add_goods(&mut clause, line, &others, length)?;
            }
        }
        Ok((clause != Clause::default()).then_some((length, clause)))
    }

    fn add_goods(&self, clause: &mut Clause, line: &Line, others: &[String], length: usize) -> Result<(), SearchError> {
        for reading in self.hs_expansion(line.hs, Some(others.to_vec()))? {
            if !clause.hs_expansions.contains(&reading) {
                clause.hs_expansions.push(reading);
            }
        }
        let names = others.iter().flat_map(|language| glossary::terms_for(line.hs, language).take(MOST_NAMES));
        for name in names {
            for reading in self.other_names(name, GLOSSARY_TRUST / length as f32)? {
                if !clause.synonyms.contains(&reading) {
                    clause.synonyms.push(reading);
                }
            }
        }
        Ok(())
    }

    fn add(&self, clause: &mut Clause, expansion: &Expansion, length: usize) -> Result<(), SearchError> {
        let (readings, into) = match expansion {
            Expansion::Words(text) if self.stages.synonyms => {
                (self.other_names(text, SYNONYM_TRUST / length as f32)?, &mut clause.synonyms)
            }
            Expansion::Hs(code) if self.stages.hs_expansion => {
                (self.hs_expansion(code, None)?, &mut clause.hs_expansions)
            }
            Expansion::Described(code, language) if self.stages.hs_expansion => {
                (self.hs_expansion(code, Some(self.languages_but(language)))?, &mut clause.hs_expansions)
            }
            _ => return Ok(()),
        };
        for reading in readings {
            if !into.contains(&reading) {
                into.push(reading);
            }
        }
        Ok(())
    }

    /// The words in each language in which documents hold them all. The run that they stand for may have several words, each
    /// of which becomes a clause: their trust is shared among these.
    fn other_names(&self, text: &str, trust: f32) -> Result<Vec<Reading>, SearchError> {
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
