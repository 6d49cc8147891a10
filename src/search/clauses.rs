//! From the pieces of a query to what must be found: the plan, made against what the index holds.

use std::cell::Cell;
use std::time::Instant;

use super::analyzers::Language;
use tantivy::schema::Field;

use super::analyzers::{self, Word};
use super::dims::Dim;
use super::engine::View;
use super::parse::Piece;
use super::plan::{Clause, Plan, Reading};
use super::request::MAX_CLAUSES;
use super::schema::Fields;
use super::snapshot::Snapshot;
use super::synonyms::Synonyms;
use super::{SearchError, Stages, compounds, spelling, spelling_variants, writer};
use crate::reference::glossary;
use crate::text;

/// A word that so many documents hold is not looked for in two words.
const MANY: u64 = 500;
/// Longest run of neighbouring words that is tried as one code.
const MAX_SPAN: usize = 6;

/// So many words of a query are looked for in other spellings, the first ones: each walks over all words of the index, and a text of which
/// more are misspelt is no question.
const MOST_RESPELT: usize = 8;

/// Understands a query against what the index holds.
pub(super) struct Planner<'a> {
    pub snapshot: &'a Snapshot,
    pub fields: &'a Fields,
    pub synonyms: &'a Synonyms,
    pub stages: &'a Stages,
    /// The languages that it is read in: the reader's first, if known, then English and those of the documents.
    pub languages: Vec<Language>,
    /// The stop words of the reader's language, if known, and of English.
    stopwords: Vec<&'static [&'static str]>,
    /// After this moment no more corrections are looked for: each walks over all words of the index.
    deadline: Option<Instant>,
    /// How many words of the query were looked for in other spellings.
    respelt: Cell<usize>,
}

/// A word of the query that stands outside of a phrase.
pub(super) struct Token {
    pub word: String,
    negated: bool,
    /// How it was typed, for the corrected query.
    typed: String,
    /// From the first word of a code with hyphens (`QX-77BT`): how many words it has.
    pub code_length: usize,
    /// The word is a number with its unit, which documents hold in this canonical form.
    measure: Option<String>,
    /// The word is an HS code or the beginning of one: its digits.
    hs: Option<String>,
    /// Only a hyphen stands between it and the next word.
    is_hyphenated: bool,
}

impl Token {
    /// Whether it is wanted, no measure and no code or beginning of one.
    pub fn is_word(&self) -> bool {
        self.may_be_part() && self.code_length < 2
    }

    /// Whether it is wanted and may be a part of a code of several words.
    fn may_be_part(&self) -> bool {
        !self.negated && self.measure.is_none() && self.hs.is_none()
    }
}

impl<'a> Planner<'a> {
    /// A planner that stems as the index's documents were stemmed; a reader's language comes first.
    pub fn new(view: &'a View, stages: &'a Stages, reader: Option<&str>) -> Self {
        let snapshot = &*view.snapshot;
        let mut languages: Vec<Language> = reader.and_then(analyzers::language).into_iter().collect();
        let stopwords = reader.into_iter().chain(["en"]).map(text::stopwords).collect();
        let names = snapshot.names[Dim::Language.index()].read().unwrap_or_else(std::sync::PoisonError::into_inner);
        let present = names.texts().iter().filter_map(|code| analyzers::language(code));
        // Only languages that some document has: the stems of all others would be looked up in vain for each word.
        for language in [Language::English].into_iter().chain(present) {
            if !languages.contains(&language) {
                languages.push(language);
            }
        }
        Self {
            snapshot,
            fields: &view.index.fields,
            synonyms: &view.synonyms,
            stages,
            languages,
            stopwords,
            deadline: None,
            respelt: Cell::new(0),
        }
    }

    /// Looks for corrections until the deadline.
    #[must_use]
    pub fn until(self, deadline: Instant) -> Self {
        Self { deadline: Some(deadline), ..self }
    }

    /// The same planner with other stages.
    pub fn with<'b>(&'b self, stages: &'b Stages) -> Planner<'b> {
        Planner {
            stages,
            languages: self.languages.clone(),
            stopwords: self.stopwords.clone(),
            respelt: self.respelt.clone(),
            ..*self
        }
    }

    /// Understands the pieces.
    pub fn plan(&self, pieces: &[Piece]) -> Result<Plan, SearchError> {
        let mut plan = Plan::default();
        let mut tokens: Vec<Token> = Vec::new();
        plan.exact = self.exact(pieces.iter())?;
        // When something is called exactly that, a minus in it is part of its name: `LC-41` must not leave out `41`.
        let is_name = plan.exact.is_some();
        plan.exact = match plan.exact {
            None => self.exact(pieces.iter().filter(|piece| !piece.negated))?,
            found => found,
        };
        for piece in pieces {
            let negated = piece.negated && !is_name;
            let mut words = analyzers::words(&piece.text);
            words.truncate(MAX_CLAUSES);
            if piece.phrase && words.len() > 1 {
                self.phrase(&words, negated, &mut plan);
                continue;
            }
            let hs = piece.hs.clone().filter(|_| self.stages.codes);
            let measure = self.known_measure(piece)?;
            if hs.is_some() || measure.is_some() {
                // A measure as documents hold it where its number and unit are glued: `5kg` of `5,0 kg`.
                let word = match &measure {
                    Some(_) => words.iter().map(|word| word.text.as_str()).collect(),
                    None => analyzers::squash(&piece.text),
                };
                tokens.push(Token {
                    word,
                    negated,
                    typed: piece.text.clone(),
                    code_length: 0,
                    measure,
                    hs,
                    is_hyphenated: false,
                });
                continue;
            }
            let code_length = if is_code(&piece.text) { words.len() } else { 0 };
            let ends: Vec<usize> = words.iter().skip(1).map(|word| word.start).chain([piece.text.len()]).collect();
            let is_hyphen =
                |from: usize, to: usize| matches!(piece.text.get(from..to), Some("-" | "\u{2010}" | "\u{2011}"));
            tokens.extend(words.into_iter().enumerate().map(|(at, w)| Token {
                negated,
                is_hyphenated: is_hyphen(w.end, ends[at]),
                typed: piece.text.get(w.start..w.end).unwrap_or(&w.text).to_owned(),
                word: w.text,
                code_length: if at == 0 { code_length } else { 0 },
                measure: None,
                hs: None,
            }));
        }
        tokens.truncate(MAX_CLAUSES.saturating_sub(plan.wanted.len() + plan.unwanted.len()));
        self.tokens(&mut tokens, &mut plan)?;
        Ok(plan)
    }

    /// The canonical term of a measure that some document holds.
    fn known_measure(&self, piece: &Piece) -> Result<Option<String>, SearchError> {
        let Some(term) = piece.measure.as_ref().filter(|_| self.stages.units) else { return Ok(None) };
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
        plan.wanted.push(Clause { is_quoted: true, ..Clause::of(readings) });
    }

    fn tokens(&self, tokens: &mut [Token], plan: &mut Plan) -> Result<(), SearchError> {
        let mut at = 0;
        let mut was_corrected = false;
        let expansions = self.expansions(tokens)?;
        let may_leave_out = tokens.iter().any(|token| !token.negated && !self.is_stopword(token));
        plan.marks.extend(expansions.iter().flat_map(|clause| &clause.synonyms).flat_map(Reading::terms));
        while at < tokens.len() {
            if let Some((clause, length)) = self.span(&tokens[at..], &expansions[at..])? {
                for token in &tokens[at..at + length] {
                    plan.marks.extend(self.stems(&token.word));
                }
                let clause = self.evened(clause.also(expansions[at].clone()))?;
                if clause.is_void() {
                    plan.unknown += 1;
                } else {
                    plan.wanted.push(clause);
                }
                at += length;
                continue;
            }
            if may_leave_out && !tokens[at].negated && self.is_stopword(&tokens[at]) {
                at += 1;
                continue;
            }
            was_corrected |= self.single(&mut tokens[at], expansions[at].clone(), plan)?;
            at += 1;
        }
        if was_corrected {
            let shown = |t: &Token| if t.negated { format!("-{}", t.typed) } else { t.typed.clone() };
            plan.corrected = Some(tokens.iter().map(shown).collect::<Vec<_>>().join(" "));
        }
        Ok(())
    }

    /// Whether the word is a stop word of the reader's language or of English.
    fn is_stopword(&self, token: &Token) -> bool {
        self.stages.stopwords && self.stopwords.iter().any(|words| words.contains(&token.word.as_str()))
    }

    /// The longest run of words from here that is one code, one measure or one glued word, and how many words it takes.
    fn span(&self, tokens: &[Token], expansions: &[Clause]) -> Result<Option<(Clause, usize)>, SearchError> {
        if !self.stages.codes || tokens.first().is_none_or(|token| token.negated) {
            return Ok(None);
        }
        let longest = tokens.iter().take(MAX_SPAN).take_while(|token| token.may_be_part()).count();
        // The longest first: `QX 77 BT` is one model, and `77 BT` in it is none.
        for length in (2..=longest).rev() {
            let joined: String = tokens[..length].iter().map(|token| token.word.as_str()).collect();
            let apart = || self.apart(tokens[..length].iter().map(|token| token.word.clone()).collect());
            if length == 2 && analyzers::is_measure(&tokens[0].word, &tokens[1].word) {
                let glued = format!("{}{}", tokens[0].word, tokens[1].word);
                if self.snapshot.frequency(self.fields.all, &glued)? > 0 {
                    return Ok(Some((Clause::of(vec![Reading::Word(glued, 1.0)]), 2)));
                }
                continue;
            }
            let numbers = self.numbers(&joined)?;
            if !numbers.is_empty() {
                return Ok(Some((Clause::of(apart().into_iter().chain(numbers).collect()), length)));
            }
            if analyzers::has_digit(&joined) {
                // A run with an everyday word in it is a name, not a code: who has all but one of its words is no stranger.
                let is_name = length > 2 && tokens[..length].iter().any(|token| analyzers::is_everyday(&token.word));
                if is_name || expansions[..length].iter().any(|expansion| !expansion.is_void()) {
                    continue;
                }
                if joined.len() >= 3
                    && (self.snapshot.frequency(self.fields.codes, &joined)? > 0
                        || self.snapshot.frequency(self.fields.all, &joined)? > 0)
                {
                    let mut readings = apart();
                    readings.extend([Reading::Raw(self.fields.codes, joined.clone()), Reading::Word(joined, 1.0)]);
                    return Ok(Some((Clause::of(readings), length)));
                }
            } else if length == 2 {
                // A hyphen says that the two are one word; where a space stands short words are two more likely.
                let least = if tokens[0].is_hyphenated { 3 } else { 6 };
                let stems = if joined.len() >= least { self.held(self.stems(&joined))? } else { Vec::new() };
                if !stems.is_empty()
                    && (tokens[0].is_hyphenated || self.snapshot.frequency(self.fields.words, &joined)? > 0)
                {
                    let glued = stems.into_iter().map(|stem| Reading::Word(stem, 0.9));
                    return Ok(Some((Clause::of(apart().into_iter().chain(glued).collect()), 2)));
                }
            }
        }
        self.hyphenated(tokens)
    }

    /// What digits that were typed in groups may be as a whole: a GTIN, an HS code.
    fn numbers(&self, digits: &str) -> Result<Vec<Reading>, SearchError> {
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Ok(Vec::new());
        }
        let hs = Some(digits).filter(|digits| (6..=10).contains(&digits.len()) && digits.len() % 2 == 0);
        let raw = [
            writer::gtin14(digits).map(|gtin| (self.fields.gtin, gtin)),
            hs.map(|digits| (self.fields.hs, digits.to_owned())),
        ];
        let mut readings = Vec::new();
        for (field, text) in raw.into_iter().flatten() {
            if self.snapshot.frequency(field, &text)? > 0 {
                readings.push(Reading::Raw(field, text));
            }
        }
        Ok(readings)
    }

    /// Those of the terms that stand in some document.
    fn held(&self, terms: Vec<String>) -> Result<Vec<String>, SearchError> {
        let mut held = Vec::new();
        for term in terms {
            if self.snapshot.frequency(self.fields.all, &term)? > 0 {
                held.push(term);
            }
        }
        Ok(held)
    }

    /// The parts of a code with hyphens that the index does not know as one: still they are asked for together, so that
    /// relaxing never takes another model for it.
    fn hyphenated(&self, tokens: &[Token]) -> Result<Option<(Clause, usize)>, SearchError> {
        let length = tokens.first().map_or(0, |token| token.code_length.min(tokens.len()));
        if length < 2 {
            return Ok(None);
        }
        let words: Vec<String> = tokens[..length].iter().map(|token| token.word.clone()).collect();
        let mut readings = Vec::new();
        for stems in analyzers::stems_of(&words, &self.languages) {
            if self.holds_all(&stems)? {
                readings.push(Reading::Words(stems, 1.0));
            }
        }
        Ok(Some((Clause::of(readings), length)))
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

    /// The stems of the word's other spellings.
    fn respelt(&self, token: &Token) -> Vec<String> {
        if !self.stages.spelling_variants {
            return Vec::new();
        }
        let variants =
            spelling_variants::variants(&token.word).into_iter().chain(spelling_variants::transliterated(&token.typed));
        variants.flat_map(|variant| self.stems(&variant)).collect()
    }

    /// Several words, each for itself, as they are stemmed in each language.
    fn apart(&self, words: Vec<String>) -> Vec<Reading> {
        let stems = analyzers::stems_of(&words, &self.languages).into_iter();
        stems.map(|stems| Reading::Words(stems, 1.0)).collect()
    }

    /// Adds the clause of one word; true when it was read as another one.
    fn single(&self, token: &mut Token, expansion: Clause, plan: &mut Plan) -> Result<bool, SearchError> {
        let mut readings = Vec::new();
        let stems = self.stems(&token.word);
        for stem in &stems {
            if self.snapshot.frequency(self.fields.all, stem)? > 0 {
                // The languages come in the order of likelihood: a stem that only another one makes is trusted a little less.
                readings.push(Reading::Word(stem.clone(), if readings.is_empty() { 1.0 } else { 0.8 }));
            }
        }
        for stem in self.respelt(token) {
            if !stems.contains(&stem) && self.snapshot.frequency(self.fields.all, &stem)? > 0 {
                plan.marks.insert(stem.clone());
                readings.push(Reading::Word(stem, 1.0));
            }
        }
        if let Some(measure) = &token.measure {
            plan.marks.insert(measure.clone());
            readings.push(Reading::Word(measure.clone(), 1.0));
        }
        // Where nothing has just these dimensions, what has all their numbers.
        let is_product = token.measure.is_none() && self.stages.units;
        if let Some(numbers) = analyzers::split_dimensions(&token.word).filter(|_| is_product) {
            readings.push(Reading::Words(numbers.into_iter().map(str::to_owned).collect(), 1.0));
        }
        self.parts(token, &mut readings)?;
        self.hs(token, &mut readings)?;
        self.codes(token, readings.is_empty(), &mut readings)?;
        if token.negated {
            plan.unwanted.push(Clause::of(readings));
            return Ok(false);
        }
        plan.marks.extend(stems);
        plan.marks.insert(token.word.clone());
        let is_unknown = readings.is_empty() && expansion.is_void();
        let corrected = is_unknown && self.misspelt(token, plan, &mut readings)?;
        let form = (!corrected && is_inflected(&token.word, &self.languages)).then(|| token.word.clone());
        let clause = Clause { form, ..self.evened(Clause::of(readings).also(expansion))? };
        if clause.is_void() {
            plan.unknown += 1;
        } else {
            plan.wanted.push(clause);
        }
        Ok(corrected)
    }

    /// The readings of a word as two: `powerbank` where documents have a `power bank`, and the parts of a German compound.
    fn parts(&self, token: &Token, readings: &mut Vec<Reading>) -> Result<(), SearchError> {
        if !self.stages.spelling_variants || token.measure.is_some() || token.hs.is_some() {
            return Ok(());
        }
        // One that nobody writes so may be misspelt as well, and is looked at there; one that many write finds enough.
        let held = self.frequencies(readings)?.into_iter().max().unwrap_or(0);
        if self.stages.spelling
            && (1..MANY).contains(&held)
            && let Some((left, right)) = spelling::split(self.snapshot, self.fields.words, &token.word)?
        {
            let stems = analyzers::stems_of(&[left, right], &self.languages).into_iter();
            readings.extend(stems.map(|stems| Reading::Phrase(stems.into_iter().enumerate().collect())));
        }
        if self.languages.contains(&Language::German)
            && let Some((left, right)) = compounds::splits(&token.word).last()
        {
            let stems = vec![analyzers::stem(left, Language::German), analyzers::stem(right, Language::German)];
            if self.holds_all(&stems)? {
                readings.push(Reading::Words(stems, 0.8));
            }
        }
        Ok(())
    }

    /// The clause with all forms of its word weighed as one: by how many documents hold the commonest. A stem that only another
    /// language makes is rare, and would outweigh the word itself.
    fn evened(&self, mut clause: Clause) -> Result<Clause, SearchError> {
        let own: Vec<u64> = self.frequencies(&clause.readings)?;
        let Some(most) = own.iter().copied().max().filter(|most| *most > 0) else { return Ok(clause) };
        let others = self.frequencies(&clause.synonyms)?;
        for (readings, counts) in [(&mut clause.readings, own), (&mut clause.synonyms, others)] {
            for (reading, count) in readings.iter_mut().zip(counts) {
                if let Reading::Word(_, trust) = reading
                    && count < most
                {
                    *trust *= self.idf(most) / self.idf(count);
                }
            }
        }
        Ok(clause)
    }

    fn frequencies(&self, readings: &[Reading]) -> Result<Vec<u64>, SearchError> {
        let count = |reading: &Reading| match reading {
            Reading::Word(text, _) => self.snapshot.frequency(self.fields.all, text),
            _ => Ok(0),
        };
        readings.iter().map(count).collect()
    }

    /// How much a word tells that so many documents hold, as both passes reckon it.
    fn idf(&self, count: u64) -> f32 {
        let readers = self.snapshot.searcher.segment_readers();
        let documents: u64 = readers.iter().map(|reader| u64::from(reader.max_doc())).sum();
        super::bm25f::idf(documents, count)
    }

    /// The readings of an HS code: the goods under it, and all its words in one document, as a number may be anything else too.
    fn hs(&self, token: &Token, readings: &mut Vec<Reading>) -> Result<(), SearchError> {
        let Some(digits) = &token.hs else { return Ok(()) };
        if self.snapshot.frequency(self.fields.hs, unsubdivided(digits))? > 0 {
            readings.push(Reading::Raw(self.fields.hs, digits.clone()));
        }
        // Eight digits in two groups are a short GTIN as well.
        if let Some(gtin) = writer::gtin14(digits).filter(|_| digits.len() == 8)
            && self.snapshot.frequency(self.fields.gtin, &gtin)? > 0
        {
            readings.push(Reading::Raw(self.fields.gtin, gtin));
        }
        let words: Vec<String> = analyzers::words(&token.typed).into_iter().map(|word| word.text).collect();
        for stems in analyzers::stems_of(&words, &self.languages) {
            if self.holds_all(&stems)? {
                readings.push(Reading::Words(stems, 1.0));
            }
        }
        Ok(())
    }

    /// Readings as a model number, a GTIN or an HS code.
    fn codes(&self, token: &Token, unknown: bool, readings: &mut Vec<Reading>) -> Result<(), SearchError> {
        let word = token.word.as_str();
        if !self.stages.codes || word.len() < 2 {
            return Ok(());
        }
        let fields = self.fields;
        let digits = word.bytes().all(|b| b.is_ascii_digit());
        let mut raw: Vec<(Field, String)> = Vec::new();
        if analyzers::has_digit(word) {
            raw.push((fields.codes, word.to_owned()));
        }
        // As the whole name or number of something only where it is no word, or might be a number of any kind.
        if unknown || digits {
            raw.push((fields.exact, word.to_owned()));
        }
        if let Some(gtin) = writer::gtin14(word) {
            raw.push((fields.gtin, gtin));
        }
        // A heading of four digits within other words may be any number: where goods are listed under it they are found too.
        if digits && token.hs.is_none() && (4..=10).contains(&word.len()) {
            raw.push((fields.hs, word.to_owned()));
        }
        if unknown && !analyzers::has_digit(word) {
            raw.push((fields.codes, word.to_owned()));
        }
        for (field, text) in raw {
            if self.snapshot.frequency(field, &text)? > 0 {
                readings.push(Reading::Raw(field, text));
            }
        }
        // A code under which nothing is listed finds nothing: another one that begins alike is other goods.
        let may_be_begun = readings.is_empty() && token.hs.is_none() && word.len() >= 3;
        if may_be_begun && analyzers::has_digit(word) && !digits {
            for field in [fields.exact, fields.codes] {
                let begun = spelling::completions(self.snapshot, field, word, 10)?;
                // The beginning of a model number stands for its variants (`QX77` for `QX77BT`), which differ in colour or plug.
                readings.extend(begun.into_iter().map(|(text, _)| Reading::Raw(field, text)));
            }
        }
        Ok(())
    }

    fn misspelt(&self, token: &mut Token, plan: &mut Plan, readings: &mut Vec<Reading>) -> Result<bool, SearchError> {
        let is_late = self.deadline.is_some_and(|deadline| Instant::now() > deadline);
        if !self.stages.spelling || is_late || self.respelt.get() >= MOST_RESPELT {
            return Ok(false);
        }
        self.respelt.set(self.respelt.get() + 1);
        if let Some((left, right)) = spelling::split(self.snapshot, self.fields.words, &token.word)? {
            for stems in analyzers::stems_of(&[left, right], &self.languages) {
                plan.marks.extend(stems.iter().cloned());
                readings.push(Reading::Words(stems, 1.0));
            }
        }
        // What the glossary knows is a word, whether or not anybody offers such goods: `wheel` is no misspelt `heel`.
        if glossary::is_word(&token.word) {
            return Ok(false);
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

/// An HS code without the zeros that say that a country divides it no further: `73044100` is all of `730441`.
pub(super) fn unsubdivided(digits: &str) -> &str {
    let mut code = digits;
    while let Some(above) = code.strip_suffix("00").filter(|above| above.len() >= 6) {
        code = above;
    }
    code
}

/// Whether a word is another form of its stem: then documents are found that hold the stem, and those that hold the very word come first.
fn is_inflected(word: &str, languages: &[Language]) -> bool {
    word.len() > 2 && languages.iter().any(|language| analyzers::stem(word, *language) != word)
}

/// Letters and digits with hyphens or dots between: a model number more likely than words.
fn is_code(piece: &str) -> bool {
    piece.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_'))
        && analyzers::has_digit(piece)
        && piece.chars().any(|c| c.is_ascii_alphabetic())
}
