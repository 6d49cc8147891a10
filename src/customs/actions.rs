//! Use cases of the codes of trade: importing the nomenclature and looking things up.

use serde::Serialize;
use utoipa::ToSchema;

use super::store::{self, StoredLine};
use crate::app::App;
use crate::classification::{self, Vote};
use crate::error::{FieldCode, FieldError, Problem, Result};
use crate::locale::{self, Language, Message};
use crate::reference::glossary;
use crate::reference::hs::{self, HsCounts, Nomenclature};
use crate::search::{Dim, FacetValue, Filters, Query};
use crate::store::{Conn, Entity, Op};

/// The most lines that one answer holds.
const MOST_LINES: i64 = 500;
// Each word is one LIKE over every line: eight are more than anybody types, and bound the cost of a query.
/// So many words of a text are looked for in the nomenclature.
const MOST_WORDS: usize = 8;

/// Digits of the longest code of an international nomenclature.
const MOST_DIGITS: usize = 6;

/// A line of the Harmonized System.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct HsEntry {
    /// 2, 4 or 6 digits.
    #[schema(example = "730441")]
    pub code: String,
    /// What it covers: as the imported nomenclature says, else our label.
    pub description: String,
    /// Our short label in the language that was asked for.
    pub label: String,
    /// The code one level up; null for a chapter.
    pub parent: Option<String>,
    /// Digits of the code: 2, 4 or 6.
    pub level: u8,
    /// The edition of the imported nomenclature, `H6` for HS 2022; null where the line is only in our own list.
    pub edition: Option<String>,
    /// How well the name that was looked up fits, 0..1; null where it was found by the words of the nomenclature or by its code.
    pub score: Option<f32>,
    /// The trade name that was found in the text.
    pub because: Option<String>,
}

/// What goods of a code are called in a language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HsNames {
    /// ISO 639-1.
    #[schema(value_type = String, example = "de")]
    pub language: &'static str,
    /// Our short label.
    #[schema(value_type = String)]
    pub label: &'static str,
    /// Trade names, the most usual first.
    #[schema(value_type = Vec<String>)]
    pub terms: Vec<&'static str>,
}

/// A code with what goods of it are called, and what stands beside it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct HsDetail {
    /// The line.
    #[serde(flatten)]
    pub entry: HsEntry,
    /// Its names in each language of the glossary; none for a chapter.
    pub names: Vec<HsNames>,
    /// The lines above it, the chapter first.
    pub above: Vec<HsEntry>,
    /// The lines next to it under the same line above.
    pub neighbours: Vec<HsEntry>,
    /// The lines one level below.
    pub below: Vec<HsEntry>,
}

/// Replaces the nomenclature by a CSV file of this edition (`H6` for HS 2022), all or nothing.
///
/// # Errors
/// `invalid`, naming every wrong line of the file, at most 100.
pub fn import_hs(app: &App, edition: &str, data: &[u8]) -> Result<HsCounts> {
    let nomenclature = Nomenclature::from_csv(edition, data).map_err(|faults| {
        let error = |fault: hs::HsFault| {
            FieldError::new(format!("/lines/{}/{}", fault.line, fault.column), FieldCode::Format, fault.message)
        };
        Problem::invalid(faults.into_iter().map(error).collect())
    })?;
    app.db.write(|tx| {
        store::replace_hs(tx, &nomenclature)?;
        tx.record_change(Entity::Lexicon, 0, Op::Changed);
        Ok(())
    })?;
    Ok(nomenclature.counts())
}

/// The lines that a name of goods leads to, in any language of the glossary, the most likely first, and behind them the lines of the imported
/// nomenclature that hold its words; without a name those whose code begins with `prefix`, by code. At most 500, with labels in `language`.
///
/// # Errors
/// `invalid` naming `/prefix` or `/language`.
pub fn find_hs(app: &App, prefix: &str, text: &str, language: &str) -> Result<Vec<HsEntry>> {
    let language = ensure_language(language)?;
    let digits = ensure_digits("/prefix", prefix)?;
    let words: Vec<String> = text.split_whitespace().take(MOST_WORDS).map(str::to_lowercase).collect();
    if words.is_empty() {
        let lines = app.db.read(|conn| store::find_hs(conn, &digits, &[], MOST_LINES))?;
        return Ok(listed(&digits, lines, language));
    }
    let suggested = suggested(app, &digits, text);
    let codes: Vec<&str> = suggested.iter().map(|vote| vote.code.as_str()).collect();
    // One read, so that no import of a nomenclature comes between.
    let (lines, described) =
        app.db.read(|conn| Ok((lines_with(conn, &digits, &words)?, store::load_hs(conn, &codes)?)))?;
    let mut entries: Vec<HsEntry> = suggested.iter().filter_map(|vote| voted_for(vote, &described, language)).collect();
    let lines = if lines.is_empty() { chapters_with(&digits, &words) } else { lines };
    let others = by_words_held(lines, &words).into_iter().filter(|line| !codes.contains(&line.code.as_str()));
    entries.extend(others.map(|line| imported(line, language)));
    entries.truncate(MOST_LINES as usize);
    Ok(entries)
}

/// The codes that the name suggests, as far as they begin with these digits.
fn suggested(app: &App, digits: &str, name: &str) -> Vec<Vote> {
    let mut votes = classification::queries::votes(app, name);
    // The operator may name a national code, and these lines end with the international ones.
    votes.iter_mut().for_each(|vote| vote.code.truncate(MOST_DIGITS));
    classification::ranked(&votes).into_iter().filter(|vote| vote.code.starts_with(digits)).collect()
}

/// Lines of the nomenclature that hold all the words, or any where none holds all: of a title as it is written hardly a line does.
fn lines_with(conn: &mut Conn, digits: &str, words: &[String]) -> Result<Vec<StoredLine>> {
    let found = store::find_hs(conn, digits, words, MOST_LINES)?;
    if found.is_empty() && words.len() > 1 {
        return store::find_hs_by_any(conn, digits, words, MOST_LINES);
    }
    Ok(found)
}

/// The line of a suggested code, as the nomenclature describes it, or else from our own list.
fn voted_for(vote: &Vote, described: &[StoredLine], language: &'static str) -> Option<HsEntry> {
    let line = described.iter().find(|line| line.code == vote.code);
    let entry = line.map_or_else(|| compiled(&vote.code, language), |line| Some(imported(line.clone(), language)))?;
    Some(HsEntry { score: Some(vote.weight.min(1.0)), because: Some(vote.because.clone()), ..entry })
}

/// The lines that hold more of the words come first.
fn by_words_held(mut lines: Vec<StoredLine>, words: &[String]) -> Vec<StoredLine> {
    let held = |line: &StoredLine| {
        let description = line.description.to_lowercase();
        words.iter().filter(|word| description.contains(word.as_str())).count()
    };
    lines.sort_by_cached_key(|line| std::cmp::Reverse(held(line)));
    lines
}

/// A code with its names and its neighbours.
///
/// # Errors
/// `invalid` naming `/language`; `not_found` for a code that neither the glossary nor the imported nomenclature has.
pub fn describe_hs(app: &App, code: &str, language: &str) -> Result<HsDetail> {
    let language = ensure_language(language)?;
    let digits = ensure_digits("/code", code)?;
    let absent = || Problem::not_found("hs_code");
    let parent = digits.len().checked_sub(2).and_then(|end| digits.get(..end)).ok_or_else(absent)?;
    let (own, around, below) = app.db.read(|conn| {
        let around = if parent.is_empty() { Vec::new() } else { store::find_hs_below(conn, parent)? };
        Ok((store::load_hs(conn, &[&digits])?, around, store::find_hs_below(conn, &digits)?))
    })?;
    let own = own.into_iter().next().map(|line| imported(line, language));
    let entry = own.or_else(|| compiled(&digits, language)).ok_or_else(absent)?;
    let names = glossary::LANGUAGES.iter().filter_map(|language| {
        let terms: Vec<&str> = glossary::terms_for(&digits, language).collect();
        Some(HsNames { language, label: glossary::label(&digits, language)?, terms })
    });
    let above = [2, 4].into_iter().filter(|level| *level < digits.len());
    let mut neighbours = if parent.is_empty() { Vec::new() } else { one_below(parent, around, language) };
    neighbours.retain(|line| line.code != digits);
    Ok(HsDetail {
        names: names.collect(),
        above: above.filter_map(|level| compiled(&digits[..level], language)).collect(),
        neighbours,
        below: one_below(&digits, below, language),
        entry,
    })
}

/// The lines one level below a code: those of the nomenclature, and of our own list what it lacks.
fn one_below(code: &str, lines: Vec<StoredLine>, language: &'static str) -> Vec<HsEntry> {
    let ours = glossary::codes().iter().copied();
    merged(lines, ours.filter(|below| below.len() == code.len() + 2 && below.starts_with(code)), language)
}

fn ensure_language(language: &str) -> Result<&'static str> {
    let known = glossary::LANGUAGES.iter().find(|known| **known == language);
    known.copied().ok_or_else(|| {
        let message = Message::new("customs-language-one-of")
            .with("languages", glossary::LANGUAGES.join(", "))
            .text(Language::English);
        Problem::invalid_field("/language", FieldCode::UnknownValue, message)
    })
}

/// The digits of a code or its beginning, at most six: national digits say nothing to an international nomenclature.
fn ensure_digits(field: &str, text: &str) -> Result<String> {
    let digits: String = text.chars().filter(|c| *c != '.' && *c != ' ').collect();
    if digits.len() > 10 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Problem::invalid_field(
            field,
            FieldCode::Format,
            locale::text(Language::English, "customs-code-form"),
        ));
    }
    // The nomenclature ends at six digits; what follows is national, and is read as the subheading above it.
    Ok(digits.get(..MOST_DIGITS).unwrap_or(&digits).to_owned())
}

/// The lines under the beginning of a code: those of the nomenclature, and of our own list what it lacks; the chapters alone where nothing was
/// asked for and no nomenclature was imported.
fn listed(digits: &str, lines: Vec<StoredLine>, language: &'static str) -> Vec<HsEntry> {
    let is_near = |chapter: &&hs::Chapter| chapter.code.starts_with(digits) || digits.starts_with(chapter.code);
    let chapters = hs::chapters().iter().filter(is_near).map(|chapter| chapter.code);
    let below = glossary::codes().iter().copied().filter(|code| !digits.is_empty() && code.starts_with(digits));
    let mut entries = merged(lines, chapters.chain(below), language);
    entries.truncate(MOST_LINES as usize);
    entries
}

/// Lines of the nomenclature together with those of our own list that it lacks, by code.
fn merged<'c>(lines: Vec<StoredLine>, ours: impl Iterator<Item = &'c str>, language: &'static str) -> Vec<HsEntry> {
    let mut entries: Vec<HsEntry> = lines.into_iter().map(|line| imported(line, language)).collect();
    entries.extend(ours.filter_map(|code| compiled(code, language)));
    // The sort is stable: what was imported stands before our own line of the same code, and wins.
    entries.sort_by(|a, b| a.code.cmp(&b.code));
    entries.dedup_by(|a, b| a.code == b.code);
    entries
}

/// The chapters whose labels hold every word, as lines of a nomenclature.
fn chapters_with(digits: &str, words: &[String]) -> Vec<StoredLine> {
    let fits = |chapter: &&hs::Chapter| {
        let label = chapter.label.to_lowercase();
        chapter.code.starts_with(digits) && words.iter().all(|word| label.contains(word.as_str()))
    };
    let line = |chapter: &hs::Chapter| StoredLine {
        code: chapter.code.to_owned(),
        edition: String::new(),
        description: chapter.label.to_owned(),
        parent: String::new(),
        level: 2,
    };
    hs::chapters().iter().filter(fits).map(line).collect()
}

fn imported(line: StoredLine, language: &'static str) -> HsEntry {
    HsEntry {
        label: hs::exact_label(&line.code, language).unwrap_or(&line.description).to_owned(),
        code: line.code,
        description: line.description,
        parent: Some(line.parent).filter(|parent| !parent.is_empty()),
        level: u8::try_from(line.level).unwrap_or(0),
        edition: Some(line.edition).filter(|edition| !edition.is_empty()),
        score: None,
        because: None,
    }
}

/// The line of our own list; none for a code that it does not have.
fn compiled(code: &str, language: &'static str) -> Option<HsEntry> {
    let label = hs::exact_label(code, language)?;
    Some(HsEntry {
        code: code.to_owned(),
        description: label.to_owned(),
        label: label.to_owned(),
        parent: code.len().checked_sub(2).filter(|end| *end > 0).map(|end| code[..end].to_owned()),
        level: u8::try_from(code.len()).unwrap_or(0),
        edition: None,
        score: None,
        because: None,
    })
}

/// How many published listings go under a code. Comes from the search index alone.
pub fn count_listings(app: &App, code: &str) -> Result<u64> {
    let filters = Filters { hs: vec![code.to_owned()], ..Filters::default() };
    Ok(app.search.listings(&Query { limit: 0, filters, ..Query::default() })?.total as u64)
}

/// The categories that published listings are in, with their counts, the commonest first. Comes from the search index alone.
pub fn categories(app: &App) -> Result<Vec<FacetValue>> {
    let query = Query { limit: 0, facets: vec![Dim::Category], ..Query::default() };
    let answer = app.search.listings(&query)?;
    let found = answer.facets.into_iter().find(|facet| facet.dim == Dim::Category);
    Ok(found.map(|facet| facet.values).unwrap_or_default())
}
