//! Use cases of the codes of trade: importing the nomenclature and looking things up.

use serde::Serialize;
use utoipa::ToSchema;

use super::store;
use crate::app::App;
use crate::error::{FieldCode, FieldError, Problem, Result};
use crate::locale::{self, Language, Message};
use crate::reference::glossary::{self, Suggestion};
use crate::reference::hs::{self, HsCounts, Nomenclature};
use crate::search::{Dim, FacetValue, Query};
use crate::store::{Entity, Op};

/// The most lines that one answer holds.
const MOST_LINES: i64 = 500;
// Each word is one LIKE over every line: eight are more than anybody types, and bound the cost of a query.
/// So many words of a text are looked for in the nomenclature.
const MOST_WORDS: usize = 8;

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
    let lines = app.db.read(|conn| {
        let found = store::find_hs(conn, &digits, &words, MOST_LINES)?;
        // Of a title as it is written hardly a line holds every word.
        if found.is_empty() && words.len() > 1 {
            return store::find_hs_by_any(conn, &digits, &words, MOST_LINES);
        }
        Ok(found)
    })?;
    if words.is_empty() {
        return Ok(listed(&digits, lines, language));
    }
    let suggested = glossary::headings_in_any(text);
    let suggested: Vec<_> = suggested.into_iter().filter(|one| code_of(one).starts_with(digits.as_str())).collect();
    let codes: Vec<&str> = suggested.iter().map(code_of).collect();
    let described = app.db.read(|conn| store::load_hs(conn, &codes))?;
    let mut entries: Vec<HsEntry> = Vec::new();
    for one in &suggested {
        let line = described.iter().find(|line| line.code == code_of(one));
        let entry =
            line.map_or_else(|| compiled(code_of(one), language), |line| Some(imported(line.clone(), language)));
        let because = Some(one.because.to_owned());
        entries.extend(entry.map(|entry| HsEntry { score: Some(one.score), because, ..entry }));
    }
    // Those that hold more of the words come first.
    let held = |line: &store::StoredLine| {
        let description = line.description.to_lowercase();
        words.iter().filter(|word| description.contains(word.as_str())).count()
    };
    let mut lines = if lines.is_empty() { chapters_with(&digits, &words) } else { lines };
    lines.sort_by_cached_key(|line| std::cmp::Reverse(held(line)));
    let others = lines.into_iter().filter(|line| !codes.contains(&line.code.as_str()));
    entries.extend(others.map(|line| imported(line, language)));
    entries.truncate(MOST_LINES as usize);
    Ok(entries)
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
    let (below, around) = app.db.read(|conn| {
        let around = if parent.is_empty() { Vec::new() } else { store::find_hs(conn, parent, &[], MOST_LINES)? };
        Ok((store::find_hs(conn, &digits, &[], MOST_LINES)?, around))
    })?;
    let mut known: Vec<HsEntry> = listed(&digits, below, language);
    known.extend(if parent.is_empty() { Vec::new() } else { listed(parent, around, language) });
    let entry = known.iter().find(|entry| entry.code == digits).cloned().ok_or_else(absent)?;
    known.sort_by(|a, b| a.code.cmp(&b.code));
    known.dedup_by(|a, b| a.code == b.code);
    let names = glossary::LANGUAGES.iter().filter_map(|language| {
        let terms: Vec<&str> = glossary::terms_for(&digits, language).collect();
        Some(HsNames { language, label: glossary::label(&digits, language)?, terms })
    });
    let of_level = |begin: &str, level: usize| -> Vec<HsEntry> {
        let is_there = |entry: &&HsEntry| {
            entry.code.len() == level && entry.code.starts_with(begin) && entry.code != digits && level > 2
        };
        known.iter().filter(is_there).cloned().collect()
    };
    let above = [2, 4].into_iter().filter(|level| *level < digits.len());
    Ok(HsDetail {
        names: names.collect(),
        above: above.filter_map(|level| compiled(&digits[..level], language)).collect(),
        neighbours: of_level(parent, digits.len()),
        below: of_level(&digits, digits.len() + 2),
        entry,
    })
}

/// The code that a suggestion names most exactly.
fn code_of(suggestion: &Suggestion) -> &'static str {
    suggestion.subheading.unwrap_or(suggestion.heading)
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
    Ok(digits.get(..6).unwrap_or(&digits).to_owned())
}

/// The lines under the beginning of a code: those of the nomenclature, and of our own list what it lacks; the chapters alone where nothing was
/// asked for and no nomenclature was imported.
fn listed(digits: &str, lines: Vec<store::StoredLine>, language: &'static str) -> Vec<HsEntry> {
    let mut entries: Vec<HsEntry> = lines.into_iter().map(|line| imported(line, language)).collect();
    let is_near = |chapter: &&hs::Chapter| chapter.code.starts_with(digits) || digits.starts_with(chapter.code);
    let chapters = hs::chapters().iter().filter(is_near).map(|chapter| chapter.code);
    let mut codes: Vec<&str> =
        glossary::lines().iter().map(|line| line.hs).filter(|hs| hs.starts_with(digits)).collect();
    // There is a line for each language.
    codes.dedup();
    let below: &[&str] = if digits.is_empty() { &[] } else { &codes };
    for code in chapters.chain(below.iter().copied()) {
        entries.extend(compiled(code, language));
    }
    // The sort is stable: what was imported stands before our own line of the same code, and wins.
    entries.sort_by(|a, b| a.code.cmp(&b.code));
    entries.dedup_by(|a, b| a.code == b.code);
    entries.truncate(MOST_LINES as usize);
    entries
}

/// The chapters whose labels hold every word, as lines of a nomenclature.
fn chapters_with(digits: &str, words: &[String]) -> Vec<store::StoredLine> {
    let fits = |chapter: &&hs::Chapter| {
        let label = chapter.label.to_lowercase();
        chapter.code.starts_with(digits) && words.iter().all(|word| label.contains(word.as_str()))
    };
    let line = |chapter: &hs::Chapter| store::StoredLine {
        code: chapter.code.to_owned(),
        edition: String::new(),
        description: chapter.label.to_owned(),
        parent: String::new(),
        level: 2,
    };
    hs::chapters().iter().filter(fits).map(line).collect()
}

fn imported(line: store::StoredLine, language: &'static str) -> HsEntry {
    HsEntry {
        label: label(&line.code, language).unwrap_or(&line.description).to_owned(),
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
    let label = label(code, language)?;
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

/// Our label of exactly this code; chapters have theirs in English alone.
fn label(code: &str, language: &str) -> Option<&'static str> {
    if code.len() == 2 { hs::chapter_label(code) } else { glossary::exact_label(code, language) }
}

/// The categories that published listings are in, with their counts, the commonest first. Comes from the search index alone.
pub fn categories(app: &App) -> Result<Vec<FacetValue>> {
    let query = Query { limit: 0, facets: vec![Dim::Category], ..Query::default() };
    let answer = app.search.listings(&query)?;
    let found = answer.facets.into_iter().find(|facet| facet.dim == Dim::Category);
    Ok(found.map(|facet| facet.values).unwrap_or_default())
}
