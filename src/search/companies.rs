//! Companies rank by what they say of themselves and by what they sell.
//!
//! A company's best listing counts, raised slightly by the logarithm of how many match: counting alone would let the
//! largest catalogue win.

use std::collections::HashMap;

use tantivy::query::{BooleanQuery, Query as IndexQuery, TermSetQuery};
use tantivy::schema::Term;

use super::answer::Answer;
use super::collector::Candidate;
use super::engine::View;
use super::execute::{Execution, execute};
use super::relaxation::{self, MinShouldMatch};
use super::request::{Query, Sort, Stages};
use super::rescore::{ScoreParts, Scored};
use super::{Kind, Search, SearchError};

/// How many sellers are taken from the listings.
const MOST_SELLERS: usize = 1_000;
/// What a seller's listings weigh beside its own text.
const LISTINGS_WEIGHT: f32 = 0.9;

impl Search {
    /// Searches companies by their own text and by their listings. Facets and filters are those of companies.
    pub fn companies(&self, query: &Query) -> Result<Answer, SearchError> {
        let view = self.view(Kind::Company).at(query.point_in_time());
        let listings = self.view(Kind::Listing).at(query.after.as_ref().map(|after| after.listings_point_in_time));
        let sellers = sellers(&listings, query)?;
        if sellers.is_empty() {
            return execute(&view, query);
        }
        // Where listings answer, a company's own text is taken by the letter and in full: a guess would only add noise.
        let literal = Query { stages: Stages { spelling: false, ..query.stages.clone() }, ..query.clone() };
        let execution = Execution::new(&view, &literal)?;
        let ids = sellers.keys().map(|id| Term::from_field_i64(view.index.fields.id, *id));
        let sold: Box<dyn IndexQuery> = Box::new(TermSetQuery::new(ids));
        let own = relaxation::relaxed_query(&view.index.fields, &execution.plan, MinShouldMatch::All);
        let both = own.into_iter().chain([sold]).collect();
        let collected = execution.pass_with(&BooleanQuery::union(both), MOST_SELLERS)?;
        let mut answer =
            execution.answer(0, collected, |execution, candidates, _| merge(execution, candidates, &sellers))?;
        // The listings may have been relaxed, but what the companies' own words were asked for was not.
        answer.relaxed = false;
        if let Some(next) = &mut answer.next {
            next.listings_point_in_time = listings.snapshot.generation;
            listings.keep_point_in_time();
        }
        Ok(answer)
    }
}

/// For each company the weight of its listings that match, relative to the best company's.
fn sellers(view: &View, query: &Query) -> Result<HashMap<i64, f32>, SearchError> {
    let listings = Query {
        text: query.text.clone(),
        language: query.language.clone(),
        stages: query.stages.clone(),
        weights: query.weights.clone(),
        time_limit: query.time_limit,
        group_by_company: true,
        limit: MOST_SELLERS,
        ..Query::default()
    };
    let execution = Execution::new(view, &listings)?;
    if execution.plan.is_empty() {
        return Ok(HashMap::new());
    }
    let (level, collected) = execution.collect()?;
    let ranked = execution.rank(collected.candidates, level)?;
    // By the logarithm, and of thirty listings at most: counting would let the largest catalogue win.
    let raised = |s: &Scored| s.score * (1.0 + 0.1 * (s.candidate.count.min(30) as f32).ln());
    let best = ranked.iter().map(raised).fold(f32::MIN_POSITIVE, f32::max);
    Ok(ranked.iter().map(|s| (s.candidate.company, raised(s) / best)).collect())
}

fn merge(
    execution: &Execution<'_>,
    candidates: Vec<Candidate>,
    sellers: &HashMap<i64, f32>,
) -> Result<Vec<Scored>, SearchError> {
    let mut ranked = execution.rank(candidates, 0)?;
    if execution.sort != Sort::Relevance {
        return Ok(ranked);
    }
    let of_words = |s: &Scored| s.parts.without_class();
    let best = ranked.iter().map(of_words).fold(f32::MIN_POSITIVE, f32::max);
    for scored in &mut ranked {
        let own = of_words(scored) / best;
        let sold = LISTINGS_WEIGHT * sellers.get(&scored.candidate.id).copied().unwrap_or(0.0);
        scored.score = own.max(sold) + 0.1 * own.min(sold);
        scored.parts = ScoreParts { own_text: own, listings: sold, ..ScoreParts::default() };
    }
    ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.candidate.id.cmp(&b.candidate.id)));
    Ok(ranked)
}
