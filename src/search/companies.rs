//! Companies rank by what they say of themselves and by what they sell.
//!
//! A company's best listing counts, raised slightly by the logarithm of how many match: counting alone would let the
//! largest catalogue win.

use std::collections::HashMap;

use tantivy::query::{BooleanQuery, Query as IndexQuery, TermSetQuery};
use tantivy::schema::Term;

use super::answer::{Answer, Matched};
use super::collector::{Candidate, Collected};
use super::engine::View;
use super::execute::{Execution, PassResult, execute, last};
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
        if sellers.by_id.is_empty() {
            return execute(&view, query);
        }
        // Where listings answer, a company's own text is taken by the letter and in full: a guess would only add noise.
        let literal = Query { stages: Stages { spelling: false, ..query.stages.clone() }, ..query.clone() };
        let execution = Execution::new(&view, &literal)?;
        let ids = sellers.by_id.keys().map(|id| Term::from_field_i64(view.index.fields.id, *id));
        let sold: Box<dyn IndexQuery> = Box::new(TermSetQuery::new(ids));
        let own = relaxation::relaxed_query(&view.index.fields, &execution.plan, MinShouldMatch::All);
        let both = own.into_iter().chain([sold]).collect();
        let collected = execution.pass_with(&BooleanQuery::union(both), MOST_SELLERS, 0)?;
        let matched = sellers.matched(&collected);
        let found = PassResult { level: sellers.level, matched, collected };
        let mut answer = execution.answer(found, |execution, candidates| merge(execution, candidates, &sellers))?;
        // A company's own words need not hold what its listings hold.
        answer.relaxed = matched.total() > matched.all;
        for page in answer.next.iter_mut().chain(&mut answer.prev) {
            page.listings_point_in_time = listings.snapshot.generation;
            listings.keep_point_in_time();
        }
        Ok(answer)
    }
}

/// What companies sell of what was asked for.
struct Sellers {
    /// The last part of the listings that was looked for.
    level: u8,
    by_id: HashMap<i64, Seller>,
}

#[derive(Clone, Copy)]
struct Seller {
    /// The weight of its listings that match, relative to the best company's.
    weight: f32,
    /// The part that its best listing belongs to.
    part: u8,
}

impl Sellers {
    /// How many of the companies found are found in each part.
    fn matched(&self, found: &Collected) -> Matched {
        if self.level == 0 {
            return Matched::whole(found.total);
        }
        let of = |part: u8| found.candidates.iter().filter(|c| self.part(c.id) == part).count();
        let (most, any) = (of(1), of(2));
        Matched { all: found.total.saturating_sub(most + any), most: Some(most), any: Some(any) }
    }

    fn part(&self, id: i64) -> u8 {
        self.by_id.get(&id).map_or(0, |seller| seller.part)
    }
}

fn sellers(view: &View, query: &Query) -> Result<Sellers, SearchError> {
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
        return Ok(Sellers { level: 0, by_id: HashMap::new() });
    }
    // In another order than by relevance who sells only a part of what was asked for would come between the others.
    let min_hits = match &query.after {
        _ if query.sort != Sort::Relevance => 1,
        Some(after) if after.level > 0 => usize::MAX,
        Some(_) => 1,
        None => query.limit,
    };
    let found = execution.collect(min_hits)?;
    let ranked = execution.rank(found.collected.candidates)?;
    // By the logarithm, and of thirty listings at most: counting would let the largest catalogue win.
    let raised = |s: &Scored| s.score * (1.0 + 0.1 * (s.candidate.count.min(30) as f32).ln());
    let best = ranked.iter().map(raised).fold(f32::MIN_POSITIVE, f32::max);
    let seller = |s: &Scored| Seller { weight: raised(s) / best, part: s.candidate.part };
    Ok(Sellers { level: found.level, by_id: ranked.iter().map(|s| (s.candidate.company, seller(s))).collect() })
}

fn merge(execution: &Execution<'_>, candidates: Vec<Candidate>, sellers: &Sellers) -> Result<Vec<Scored>, SearchError> {
    let mut ranked = execution.rank(candidates)?;
    if execution.sort != Sort::Relevance {
        return Ok(ranked);
    }
    let of_words = |s: &Scored| s.parts.without_class();
    let best = ranked.iter().map(of_words).fold(f32::MIN_POSITIVE, f32::max);
    for scored in &mut ranked {
        let own = of_words(scored) / best;
        let sold = LISTINGS_WEIGHT * sellers.by_id.get(&scored.candidate.id).map_or(0.0, |seller| seller.weight);
        // The better of the two counts, and a tenth of the other.
        let (own_text, listings) = if own > sold { (own, 0.1 * sold) } else { (0.1 * own, sold) };
        scored.score = own_text + listings;
        scored.parts = ScoreParts { own_text, listings, ..ScoreParts::default() };
        scored.candidate.part = sellers.part(scored.candidate.id);
    }
    ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.candidate.id.cmp(&b.candidate.id)));
    for part in 1..=2 {
        ranked = last(ranked, |scored| scored.candidate.part >= part);
    }
    Ok(ranked)
}
