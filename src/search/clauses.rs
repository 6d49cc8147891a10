//! From the pieces of a query to what must be found: each clause is a word, a phrase or a code in all its readings.

use std::collections::HashSet;

use tantivy::query::{
    BooleanQuery, BoostQuery, ConstScoreQuery, Occur, PhraseQuery, Query as IndexQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::tokenizer::Language;

use super::analyzers::{self, Word};
use super::lexicon::Lexicon;
use super::parse::{MAX_CLAUSES, Piece};
use super::schema::{Dim, Fields};
use super::snapshot::Snapshot;
use super::{SearchError, Stages, View, spelling, variants, writer};

/// Longest run of neighbouring words that is tried as one code.
const MAX_SPAN: usize = 6;

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
    fn terms(&self) -> Vec<String> {
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
    pub bridges: Vec<Reading>,
}

impl Clause {
    pub fn of(readings: Vec<Reading>) -> Self {
        Self { readings, ..Self::default() }
    }

    /// Whether no document can hold it.
    pub fn is_void(&self) -> bool {
        self.is_wordless() && self.bridges.is_empty()
    }

    /// Whether no document can hold it in words.
    fn is_wordless(&self) -> bool {
        self.readings.is_empty() && self.synonyms.is_empty()
    }

    fn also(self, other: Clause) -> Self {
        Self { synonyms: other.synonyms, bridges: other.bridges, ..self }
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
    /// Whether nothing at all was asked for.
    pub fn is_empty(&self) -> bool {
        self.wanted.is_empty() && self.unknown == 0 && self.exact.is_none()
    }
}

/// Understands a query against what the index holds.
pub(super) struct Planner<'a> {
    pub snapshot: &'a Snapshot,
    pub fields: &'a Fields,
    pub lexicon: &'a Lexicon,
    pub stages: &'a Stages,
    /// The reader's language, if known.
    pub reader: Option<&'a str>,
    pub languages: Vec<Language>,
}

/// A word of the query that stands outside of a phrase.
pub(super) struct Token {
    pub word: String,
    negated: bool,
    /// How it was typed, for the corrected query.
    typed: String,
    /// From the first word of a code with hyphens (`QX-77BT`): how many words it has.
    code_length: usize,
    /// The word is a number with its unit, which documents hold in this canonical form.
    measure: Option<String>,
}

impl Token {
    /// Whether it is wanted and no measure.
    pub fn is_word(&self) -> bool {
        !self.negated && self.measure.is_none()
    }
}

impl<'a> Planner<'a> {
    /// A planner that stems as the index's documents were stemmed; a reader's language comes first.
    pub fn new(view: &'a View, stages: &'a Stages, reader: Option<&'a str>) -> Self {
        let snapshot = &*view.snapshot;
        let mut languages: Vec<Language> = reader.and_then(analyzers::language).into_iter().collect();
        let names = snapshot.names[Dim::Language.index()].read().unwrap_or_else(std::sync::PoisonError::into_inner);
        let present = names.texts().iter().filter_map(|code| analyzers::language(code));
        for language in [Language::English].into_iter().chain(present) {
            if !languages.contains(&language) {
                languages.push(language);
            }
        }
        Self { snapshot, fields: &view.index.fields, lexicon: &view.lexicon, stages, reader, languages }
    }

    /// Understands the pieces.
    pub fn plan(&self, pieces: &[Piece]) -> Result<Plan, SearchError> {
        let mut plan = Plan::default();
        let mut tokens: Vec<Token> = Vec::new();
        plan.exact = self.exact(pieces.iter())?;
        // When something is called exactly that, a minus in it is part of its name.
        let is_name = plan.exact.is_some();
        plan.exact = match plan.exact {
            None => self.exact(pieces.iter().filter(|piece| !piece.negated))?,
            found => found,
        };
        for piece in pieces {
            let negated = piece.negated && !is_name;
            let words = analyzers::words(&piece.text);
            if piece.phrase && words.len() > 1 {
                self.phrase(&words, negated, &mut plan);
                continue;
            }
            if let Some(measure) = self.known_measure(piece)? {
                let word = analyzers::squash(&piece.text);
                tokens.push(Token { word, negated, typed: piece.text.clone(), code_length: 0, measure: Some(measure) });
                continue;
            }
            let code_length = if is_code(&piece.text) { words.len() } else { 0 };
            tokens.extend(words.into_iter().enumerate().map(|(at, w)| Token {
                negated,
                typed: piece.text.get(w.start..w.end).unwrap_or(&w.text).to_owned(),
                word: w.text,
                code_length: if at == 0 { code_length } else { 0 },
                measure: None,
            }));
        }
        tokens.truncate(MAX_CLAUSES);
        self.tokens(&mut tokens, &mut plan)?;
        Ok(plan)
    }

    /// The canonical term of a measure that some document holds.
    fn known_measure(&self, piece: &Piece) -> Result<Option<String>, SearchError> {
        let Some(term) = piece.measure.as_ref().filter(|_| self.stages.measures) else { return Ok(None) };
        Ok((self.snapshot.frequency(self.fields.all, term)? > 0).then(|| term.clone()))
    }

    /// The pieces in letters and digits only, if something is called exactly that.
    fn exact<'p>(&self, pieces: impl Iterator<Item = &'p Piece>) -> Result<Option<String>, SearchError> {
        let whole: String = pieces.map(|piece| analyzers::squash(&piece.text)).collect();
        let is_known = self.stages.exact && whole.len() >= 2 && self.snapshot.frequency(self.fields.exact, &whole)? > 0;
        Ok(is_known.then_some(whole))
    }

    fn phrase(&self, words: &[Word], negated: bool, plan: &mut Plan) {
        let words: Vec<String> = words.iter().map(|word| word.text.clone()).collect();
        let stems = analyzers::stems_of(&words, &self.languages);
        let readings = stems.iter().map(|stems| Reading::Phrase(stems.iter().cloned().enumerate().collect())).collect();
        if negated {
            plan.unwanted.push(Clause::of(readings));
            return;
        }
        plan.marks.extend(stems.into_iter().flatten());
        plan.wanted.push(Clause::of(readings));
    }

    fn tokens(&self, tokens: &mut [Token], plan: &mut Plan) -> Result<(), SearchError> {
        let mut at = 0;
        let mut was_corrected = false;
        let meanings = self.meanings(tokens)?;
        plan.marks.extend(meanings.iter().flat_map(|clause| &clause.synonyms).flat_map(Reading::terms));
        while at < tokens.len() {
            if let Some((clause, length)) = self.span(&tokens[at..], &meanings[at..])? {
                for token in &tokens[at..at + length] {
                    plan.marks.extend(self.stems(&token.word));
                }
                let clause = clause.also(meanings[at].clone());
                if clause.is_void() {
                    plan.unknown += 1;
                } else {
                    plan.wanted.push(clause);
                }
                at += length;
                continue;
            }
            was_corrected |= self.single(&mut tokens[at], meanings[at].clone(), plan)?;
            at += 1;
        }
        if was_corrected {
            let shown = |t: &Token| if t.negated { format!("-{}", t.typed) } else { t.typed.clone() };
            plan.corrected = Some(tokens.iter().map(shown).collect::<Vec<_>>().join(" "));
        }
        Ok(())
    }

    /// The longest run of words from here that is one code, one measure or one glued word, and how many words it takes.
    fn span(&self, tokens: &[Token], meanings: &[Clause]) -> Result<Option<(Clause, usize)>, SearchError> {
        if !self.stages.codes || tokens.first().is_none_or(|token| token.negated) {
            return Ok(None);
        }
        let longest =
            tokens.iter().take(MAX_SPAN).take_while(|token| !token.negated && token.measure.is_none()).count();
        for length in (2..=longest).rev() {
            let joined: String = tokens[..length].iter().map(|token| token.word.as_str()).collect();
            let apart = || tokens[..length].iter().map(|token| self.best_stem(&token.word)).collect();
            if length == 2 && analyzers::is_measure(&tokens[0].word, &tokens[1].word) {
                if self.snapshot.frequency(self.fields.all, &joined)? > 0 {
                    return Ok(Some((Clause::of(vec![Reading::Word(joined, 1.0)]), 2)));
                }
                continue;
            }
            if analyzers::has_digit(&joined) {
                // A run with an everyday word in it is a name, not a code: who has all but one of its words is no stranger.
                let is_name = length > 2 && tokens[..length].iter().any(|token| is_everyday(&token.word));
                if is_name || meanings[..length].iter().any(|meaning| !meaning.is_void()) {
                    continue;
                }
                if joined.len() >= 3
                    && (self.snapshot.frequency(self.fields.codes, &joined)? > 0
                        || self.snapshot.frequency(self.fields.all, &joined)? > 0)
                {
                    let mut readings =
                        vec![Reading::Words(apart(), 1.0), Reading::Raw(self.fields.codes, joined.clone())];
                    readings.push(Reading::Word(joined, 1.0));
                    return Ok(Some((Clause::of(readings), length)));
                }
            } else if length == 2 && joined.len() >= 6 && self.snapshot.frequency(self.fields.words, &joined)? > 0 {
                let glued = self.stems(&joined).into_iter().map(|stem| Reading::Word(stem, 0.9));
                let readings = std::iter::once(Reading::Words(apart(), 1.0)).chain(glued).collect();
                return Ok(Some((Clause::of(readings), 2)));
            }
        }
        self.hyphenated(tokens)
    }

    /// The parts of a code with hyphens that the index does not know as one: still they are asked for together, so that
    /// relaxing never takes another model for it.
    fn hyphenated(&self, tokens: &[Token]) -> Result<Option<(Clause, usize)>, SearchError> {
        let length = tokens.first().map_or(0, |token| token.code_length.min(tokens.len()));
        if length < 2 {
            return Ok(None);
        }
        let stems: Vec<String> = tokens[..length].iter().map(|token| self.best_stem(&token.word)).collect();
        let is_known = self.holds_all(&stems)?;
        let clause = if is_known { Clause::of(vec![Reading::Words(stems, 1.0)]) } else { Clause::default() };
        Ok(Some((clause, length)))
    }

    /// Whether each of the terms stands in some document.
    pub fn holds_all(&self, terms: &[String]) -> Result<bool, SearchError> {
        for term in terms {
            if self.snapshot.frequency(self.fields.all, term)? == 0 {
                return Ok(false);
            }
        }
        Ok(!terms.is_empty())
    }

    /// The stems of a word in every language of the index, without repeats, and the word itself.
    fn stems(&self, word: &str) -> Vec<String> {
        let mut out: Vec<String> = Vec::with_capacity(2);
        for language in &self.languages {
            let stem = analyzers::stem(word, *language);
            if !out.contains(&stem) {
                out.push(stem);
            }
        }
        out
    }

    /// The stems of the word's British and American spellings.
    fn respelt(&self, word: &str) -> Vec<String> {
        let variants = if self.stages.variants { variants::variants(word) } else { Vec::new() };
        variants.iter().map(|variant| self.best_stem(variant)).collect()
    }

    fn best_stem(&self, word: &str) -> String {
        self.languages.first().map_or_else(|| word.to_owned(), |language| analyzers::stem(word, *language))
    }

    /// Adds the clause of one word; true when it was read as another one.
    fn single(&self, token: &mut Token, meaning: Clause, plan: &mut Plan) -> Result<bool, SearchError> {
        let mut readings = Vec::new();
        let stems = self.stems(&token.word);
        for (at, stem) in stems.iter().enumerate() {
            if self.snapshot.frequency(self.fields.all, stem)? > 0 {
                readings.push(Reading::Word(stem.clone(), if at == 0 { 1.0 } else { 0.8 }));
            }
        }
        for stem in self.respelt(&token.word) {
            if !stems.contains(&stem) && self.snapshot.frequency(self.fields.all, &stem)? > 0 {
                plan.marks.insert(stem.clone());
                readings.push(Reading::Word(stem, 1.0));
            }
        }
        if let Some(measure) = &token.measure {
            plan.marks.insert(measure.clone());
            readings.push(Reading::Word(measure.clone(), 1.0));
        }
        if let Some(numbers) = analyzers::split_dimensions(&token.word).filter(|_| self.stages.measures) {
            readings.push(Reading::Words(numbers.into_iter().map(str::to_owned).collect(), 1.0));
        }
        self.codes(&token.word, readings.is_empty(), &mut readings)?;
        if token.negated {
            plan.unwanted.push(Clause::of(readings));
            return Ok(false);
        }
        plan.marks.extend(stems);
        plan.marks.insert(token.word.clone());
        let is_unknown = readings.is_empty() && meaning.is_void();
        let corrected = is_unknown && self.misspelt(token, plan, &mut readings)?;
        let clause = Clause::of(readings).also(meaning);
        if clause.is_void() {
            plan.unknown += 1;
        } else {
            plan.wanted.push(clause);
        }
        Ok(corrected)
    }

    /// Readings as a model number, a GTIN or an HS code.
    fn codes(&self, word: &str, unknown: bool, readings: &mut Vec<Reading>) -> Result<(), SearchError> {
        if !self.stages.codes || word.len() < 2 {
            return Ok(());
        }
        let fields = self.fields;
        let digits = word.bytes().all(|b| b.is_ascii_digit());
        let mut raw: Vec<(Field, String)> = Vec::new();
        if analyzers::has_digit(word) {
            raw.push((fields.codes, word.to_owned()));
        }
        if unknown || digits {
            raw.push((fields.exact, word.to_owned()));
        }
        if let Some(gtin) = writer::gtin14(word) {
            raw.push((fields.gtin, gtin));
        }
        if digits && (6..=10).contains(&word.len()) {
            raw.push((fields.hs, word.to_owned()));
        }
        for (field, text) in raw {
            if self.snapshot.frequency(field, &text)? > 0 {
                readings.push(Reading::Raw(field, text));
            }
        }
        if readings.is_empty() && word.len() >= 5 && analyzers::has_digit(word) && !digits {
            for field in [fields.exact, fields.codes] {
                let begun = spelling::completions(self.snapshot, field, word, 10)?;
                readings.extend(begun.into_iter().map(|(text, _)| Reading::Raw(field, text)));
            }
        }
        Ok(())
    }

    fn misspelt(&self, token: &mut Token, plan: &mut Plan, readings: &mut Vec<Reading>) -> Result<bool, SearchError> {
        if !self.stages.spelling {
            return Ok(false);
        }
        if let Some((left, right)) = spelling::split(self.snapshot, self.fields.words, &token.word)? {
            for stems in analyzers::stems_of(&[left, right], &self.languages) {
                plan.marks.extend(stems.iter().cloned());
                readings.push(Reading::Words(stems, 1.0));
            }
        }
        let near = spelling::readings(self.snapshot, self.fields.words, &token.word)?;
        for (at, (text, _)) in near.iter().enumerate() {
            for stem in self.stems(text) {
                plan.marks.insert(stem.clone());
                if self.snapshot.frequency(self.fields.all, &stem)? > 0 {
                    readings.push(Reading::Word(stem, if at == 0 { 0.9 } else { 0.7 }));
                }
            }
        }
        match near.into_iter().next() {
            Some((best, _)) => token.typed = best,
            None => return Ok(false),
        }
        Ok(true)
    }
}

/// Letters and digits with hyphens or dots between: a model number more likely than words.
fn is_code(piece: &str) -> bool {
    piece.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_'))
        && analyzers::has_digit(piece)
        && piece.chars().any(|c| c.is_ascii_alphabetic())
}

/// A query for one term.
pub(super) fn term_query(field: Field, text: &str, counted: bool) -> Box<dyn IndexQuery> {
    let record = if counted { IndexRecordOption::WithFreqs } else { IndexRecordOption::Basic };
    Box::new(TermQuery::new(Term::from_field_text(field, text), record))
}

/// A query that finds a clause in any of its words and codes.
pub(super) fn clause_query(fields: &Fields, clause: &Clause) -> Box<dyn IndexQuery> {
    any_of(fields, clause.readings.iter().chain(&clause.synonyms))
}

/// A query that finds a clause also by the codes of the goods that it names.
pub(super) fn wide_query(fields: &Fields, clause: &Clause) -> Box<dyn IndexQuery> {
    any_of(fields, clause.readings.iter().chain(&clause.synonyms).chain(&clause.bridges))
}

fn any_of<'r>(fields: &Fields, readings: impl Iterator<Item = &'r Reading>) -> Box<dyn IndexQuery> {
    let mut queries: Vec<Box<dyn IndexQuery>> = readings.map(|reading| reading_query(fields, reading)).collect();
    if queries.len() == 1
        && let Some(one) = queries.pop()
    {
        return one;
    }
    Box::new(BooleanQuery::union(queries))
}

pub(super) fn reading_query(fields: &Fields, reading: &Reading) -> Box<dyn IndexQuery> {
    match reading {
        Reading::Word(text, trust) => trusted(term_query(fields.all, text, true), *trust),
        Reading::Words(texts, trust) => {
            let all = texts.iter().map(|text| term_query(fields.all, text, true)).collect();
            trusted(Box::new(BooleanQuery::intersection(all)), *trust)
        }
        Reading::Raw(field, text) => term_query(*field, text, false),
        Reading::Phrase(stems) => phrase_query(fields.all, stems),
        Reading::Hs { code, languages } => {
            Box::new(ConstScoreQuery::new(hs_query(fields, code, languages.as_deref()), BRIDGED))
        }
    }
}

/// A query for terms at these distances from each other.
pub(super) fn phrase_query(field: Field, stems: &[(usize, String)]) -> Box<dyn IndexQuery> {
    let terms = stems.iter().map(|(at, text)| (*at, Term::from_field_text(field, text))).collect();
    Box::new(PhraseQuery::new_with_offset(terms))
}

fn trusted(query: Box<dyn IndexQuery>, trust: f32) -> Box<dyn IndexQuery> {
    if trust >= 1.0 { query } else { Box::new(BoostQuery::new(query, trust)) }
}

fn hs_query(fields: &Fields, code: &str, languages: Option<&[String]>) -> Box<dyn IndexQuery> {
    let goods = term_query(fields.hs, code, false);
    let Some(languages) = languages else { return goods };
    let field = fields.dims[Dim::Language.index()];
    let written = TermSetQuery::new(languages.iter().map(|language| Term::from_field_text(field, language)));
    Box::new(BooleanQuery::intersection(vec![goods, Box::new(written)]))
}

/// What a document scores in the first pass that is found by the code of its goods: less than for any word.
const BRIDGED: f32 = 0.001;
/// What lifts those found by words above those found by codes in the first pass: more than any words bring.
const AHEAD: f32 = 1_000.0;

/// How many of the wanted clauses a document must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    All,
    Most,
    Any,
}

impl Level {
    pub const ORDER: [Level; 3] = [Level::All, Level::Most, Level::Any];
}

/// The query of a plan at a level, or none when the level cannot find anything.
pub(super) fn level_query(fields: &Fields, plan: &Plan, level: Level) -> Option<Box<dyn IndexQuery>> {
    let count = plan.wanted.len();
    let words: Option<Box<dyn IndexQuery>> = match level {
        _ if count == 0 => None,
        Level::All if plan.unknown > 0 => None,
        Level::All => Some(all_query(fields, plan)),
        _ if count == 1 => Some(wide_query(fields, &plan.wanted[0])),
        Level::Most => {
            let least = ((count + plan.unknown) * 3).div_ceil(5).clamp(1, count);
            Some(Box::new(BooleanQuery::union_with_minimum_required_clauses(wanted(fields, plan), least)))
        }
        Level::Any => Some(Box::new(BooleanQuery::union(wanted(fields, plan)))),
    };
    let exact = plan.exact.as_ref().map(|text| term_query(fields.exact, text, false));
    let base = match (words, exact) {
        (Some(words), Some(exact)) => Box::new(BooleanQuery::union(vec![words, exact])),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => return None,
    };
    Some(without(fields, plan, base))
}

/// The same query without what is not wanted.
pub(super) fn without(fields: &Fields, plan: &Plan, base: Box<dyn IndexQuery>) -> Box<dyn IndexQuery> {
    if plan.unwanted.iter().all(|clause| clause.readings.is_empty()) {
        return base;
    }
    let unwanted = plan.unwanted.iter().filter(|clause| !clause.readings.is_empty());
    let mut all = vec![(Occur::Must, base)];
    all.extend(unwanted.map(|clause| (Occur::MustNot, clause_query(fields, clause))));
    Box::new(BooleanQuery::new(all))
}

fn wanted(fields: &Fields, plan: &Plan) -> Vec<Box<dyn IndexQuery>> {
    plan.wanted.iter().map(|clause| wide_query(fields, clause)).collect()
}

/// All clauses; where some can be met by the codes of goods, those that meet them in words come first.
fn all_query(fields: &Fields, plan: &Plan) -> Box<dyn IndexQuery> {
    let all = together(wanted(fields, plan));
    if plan.wanted.iter().all(|clause| clause.bridges.is_empty()) || plan.wanted.iter().any(Clause::is_wordless) {
        return all;
    }
    let words = together(plan.wanted.iter().map(|clause| clause_query(fields, clause)).collect());
    Box::new(BooleanQuery::union(vec![Box::new(ConstScoreQuery::new(words, AHEAD)), all]))
}

fn together(mut queries: Vec<Box<dyn IndexQuery>>) -> Box<dyn IndexQuery> {
    match queries.pop() {
        Some(one) if queries.is_empty() => one,
        last => Box::new(BooleanQuery::intersection(queries.into_iter().chain(last).collect())),
    }
}

/// Whether a word is one of language rather than a part of a code: five letters or more and nothing else.
fn is_everyday(word: &str) -> bool {
    word.chars().count() >= 5 && word.chars().all(char::is_alphabetic)
}
