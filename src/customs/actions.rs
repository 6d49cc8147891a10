//! Use cases of the codes of trade: importing the nomenclature and looking things up.

use serde::Serialize;
use utoipa::ToSchema;

use super::store;
use crate::app::App;
use crate::error::{FieldCode, FieldError, Problem, Result};
use crate::reference::hs::{self, HsCounts, Nomenclature};
use crate::search::{Dim, FacetValue, Query};
use crate::store::{Entity, Op};

/// The most lines that one answer holds.
const MOST_LINES: i64 = 500;

/// A line of the Harmonized System.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HsEntry {
    /// 2, 4 or 6 digits.
    #[schema(example = "730441")]
    pub code: String,
    /// What it covers.
    pub description: String,
    /// The code one level up; null for a chapter.
    pub parent: Option<String>,
    /// Digits of the code: 2, 4 or 6.
    pub level: u8,
    /// The edition of the imported nomenclature, `H6` for HS 2022; null for the compiled list of chapters.
    pub edition: Option<String>,
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

/// The lines whose code begins with `prefix` and whose description contains all words of `text`, by code, at most 500. Without an imported
/// nomenclature only the chapters are known.
pub fn find_hs(app: &App, prefix: &str, text: &str) -> Result<Vec<HsEntry>> {
    let digits: String = prefix.chars().filter(|c| *c != '.' && *c != ' ').collect();
    if digits.len() > 10 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let message = "must be up to 10 digits, like 7304.41";
        return Err(Problem::invalid_field("/prefix", FieldCode::Format, message));
    }
    // National digits say nothing to an international nomenclature.
    let digits = digits.get(..6).unwrap_or(&digits);
    // Each word is one LIKE over every line: eight are more than anybody types, and bound the cost of a query.
    let words: Vec<String> = text.split_whitespace().take(8).map(str::to_lowercase).collect();
    let (is_imported, found) =
        app.db.read(|conn| Ok((store::has_hs(conn)?, store::find_hs(conn, digits, &words, MOST_LINES)?)))?;
    if !is_imported {
        return Ok(find_chapters(digits, &words));
    }
    let entry = |line: store::StoredLine| HsEntry {
        code: line.code,
        description: line.description,
        parent: Some(line.parent).filter(|parent| !parent.is_empty()),
        level: u8::try_from(line.level).unwrap_or(0),
        edition: Some(line.edition),
    };
    Ok(found.into_iter().map(entry).collect())
}

fn find_chapters(digits: &str, words: &[String]) -> Vec<HsEntry> {
    let fits = |chapter: &&hs::Chapter| {
        let label = chapter.label.to_lowercase();
        let is_inside = chapter.code.starts_with(digits) || digits.starts_with(chapter.code);
        is_inside && words.iter().all(|word| label.contains(word.as_str()))
    };
    let entry = |chapter: &hs::Chapter| HsEntry {
        code: chapter.code.to_owned(),
        description: chapter.label.to_owned(),
        parent: None,
        level: 2,
        edition: None,
    };
    hs::chapters().iter().filter(fits).map(entry).collect()
}

/// The categories that published listings are in, with their counts, the commonest first. Comes from the search index alone.
pub fn categories(app: &App) -> Result<Vec<FacetValue>> {
    let query = Query { limit: 0, facets: vec![Dim::Category], ..Query::default() };
    let answer = app.search.listings(&query)?;
    let found = answer.facets.into_iter().find(|facet| facet.dim == Dim::Category);
    Ok(found.map(|facet| facet.values).unwrap_or_default())
}
