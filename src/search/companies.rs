//! Companies rank by what they say of themselves and by what they sell.
//!
//! A company's best listing counts, raised slightly by the logarithm of how many match: counting alone would let the
//! largest catalogue win.

use std::collections::HashMap;

use tantivy::query::{BooleanQuery, Query as IndexQuery, TermSetQuery};
use tantivy::schema::Term;

use super::answer::Answer;
use super::collector::Candidate;
use super::query::{self, Query, Run, Sort, Stages};
use super::rescore::{Parts, Scored};
use super::{Kind, Search, SearchError, View, levels};

/// How many sellers are taken from the listings.
const MOST_SELLERS: usize = 1_000;
/// What a seller's listings weigh beside its own text.
const LISTINGS_WEIGHT: f32 = 0.9;

impl Search {
    /// Searches companies by their own text and by their listings. Facets and filters are those of companies.
    pub fn companies(&self, query: &Query) -> Result<Answer, SearchError> {
        let view = self.view(Kind::Company).of(query.state());
        let listings = self.view(Kind::Listing).of(query.after.as_ref().map(|after| after.beside));
        let sellers = sellers(&listings, query)?;
        if sellers.is_empty() {
            return query::run(&view, query);
        }
        // Where listings answer, a company's own text is taken by the letter and in full: a guess would only add noise.
        let literal = Query { stages: Stages { spelling: false, ..query.stages.clone() }, ..query.clone() };
        let run = Run::new(&view, &literal)?;
        let ids = sellers.keys().map(|id| Term::from_field_i64(view.index.fields.id, *id));
        let sold: Box<dyn IndexQuery> = Box::new(TermSetQuery::new(ids));
        let own = levels::level_query(&view.index.fields, &run.plan, levels::Level::All);
        let both = own.into_iter().chain([sold]).collect();
        let gathered = run.pass_with(&BooleanQuery::union(both), MOST_SELLERS)?;
        let mut answer = run.answer(0, gathered, |run, candidates, _| merge(run, candidates, &sellers))?;
        answer.relaxed = false;
        if let Some(next) = &mut answer.next {
            next.beside = listings.snapshot.generation;
            listings.keep();
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
    let run = Run::new(view, &listings)?;
    if run.plan.is_empty() {
        return Ok(HashMap::new());
    }
    let (level, gathered) = run.gather()?;
    let ranked = run.rank(gathered.candidates, level)?;
    let raised = |s: &Scored| s.score * (1.0 + 0.1 * (s.candidate.count.min(30) as f32).ln());
    let best = ranked.iter().map(raised).fold(f32::MIN_POSITIVE, f32::max);
    Ok(ranked.iter().map(|s| (s.candidate.company, raised(s) / best)).collect())
}

fn merge(run: &Run<'_>, candidates: Vec<Candidate>, sellers: &HashMap<i64, f32>) -> Result<Vec<Scored>, SearchError> {
    let mut ranked = run.rank(candidates, 0)?;
    if run.sort != Sort::Relevance {
        return Ok(ranked);
    }
    let of_words = |s: &Scored| s.parts.without_class();
    let best = ranked.iter().map(of_words).fold(f32::MIN_POSITIVE, f32::max);
    for scored in &mut ranked {
        let own = of_words(scored) / best;
        let sold = LISTINGS_WEIGHT * sellers.get(&scored.candidate.id).copied().unwrap_or(0.0);
        scored.score = own.max(sold) + 0.1 * own.min(sold);
        scored.parts = Parts { own_text: own, listings: sold, ..Parts::default() };
    }
    ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.candidate.id.cmp(&b.candidate.id)));
    Ok(ranked)
}
