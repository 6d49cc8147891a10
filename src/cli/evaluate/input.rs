//! What an evaluation reads: files of queries and judgements, the listings that are loaded, and what a search answers.

use std::path::Path;

use super::metrics::Judgements;
use crate::app::App;
use crate::discovery::hits::ListingHit;
use crate::discovery::queries;
use crate::error::{FieldCode, Problem, Result};
use crate::listings;
use crate::search::{Query, SearchError, Stages, Weights};

/// How deep a ranked list is measured.
pub(super) const DEPTH: usize = 100;

/// The SKUs that a search answers, best first.
pub(super) type Ranked = std::result::Result<Vec<String>, SearchError>;

/// What the product answers with these stages and weights.
pub(super) fn skus_weighed(app: &App, text: &str, stages: Stages, weights: Weights) -> Ranked {
    let answer = app.search.listings(&Query { limit: DEPTH, stages, weights, ..Query::text(text) })?;
    Ok(queries::decode::<ListingHit>(&answer).into_iter().map(|hit| hit.sku).collect())
}

/// All listings that are loaded.
pub(super) fn loaded(app: &App) -> Result<Vec<listings::ListingFields>> {
    let (mut all, mut after) = (Vec::new(), 0);
    loop {
        let listings = app.db.read(|conn| listings::store::load_after(conn, after, 1_000))?;
        let Some(last) = listings.last() else { return Ok(all) };
        after = last.id.0;
        all.extend(listings.into_iter().map(|listing| listing.fields));
    }
}

/// Reads lines of query, name and grade.
pub(super) fn read_judgements(file: &Path) -> Result<Judgements> {
    let mut judgements = Judgements::new();
    for [query, name, grade] in read_tsv::<3>(file)? {
        let grade = grade.parse().map_err(|_| unreadable(file, &format!("{grade} is no grade")))?;
        judgements.entry(query).or_default().insert(name, grade);
    }
    Ok(judgements)
}

/// Reads lines of so many columns.
pub(super) fn read_tsv<const COLUMNS: usize>(file: &Path) -> Result<Vec<[String; COLUMNS]>> {
    let columns = |line: &str| line.split('\t').map(str::to_owned).collect::<Vec<_>>().try_into().ok();
    read_lines(file, columns, &format!("must have {COLUMNS} columns"))
}

/// What each line that is not empty says.
pub(super) fn read_lines<T>(file: &Path, read: impl Fn(&str) -> Option<T>, otherwise: &str) -> Result<Vec<T>> {
    let text = std::fs::read_to_string(file).map_err(|error| unreadable(file, &error))?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let wrong = |number: usize| unreadable(file, &format!("line {} {otherwise}", number + 1));
    lines.map(|(number, line)| read(line).ok_or_else(|| wrong(number))).collect()
}

/// What is wrong with a file.
fn unreadable(file: &Path, why: &dyn std::fmt::Display) -> Problem {
    Problem::invalid_field("/file", FieldCode::Format, format!("{}: {why}", file.display()))
}
