//! How a query is carried out: understood, run in a first pass, relaxed where that finds too little, scored again, cut into a page.

use std::cell::OnceCell;
use std::time::Instant;

use rustc_hash::FxHashSet;
use tantivy::query::{AllQuery, Query as IndexQuery};

use super::answer::{Answer, Facet, FacetValue, Hit, Matched};
use super::clauses::Planner;
use super::collector::{self, Candidate, Collected, CompiledFilters, FirstPass};
use super::dims::Dim;
use super::doc_codec::{self, Stored};
use super::engine::View;
use super::percolation::among;
use super::plan::Plan;
use super::relaxation::{self, MinShouldMatch};
use super::request::{After, Query, Sort};
use super::rescore::{Rescorer, ScoreParts, Scored};
use super::schema::Fields;
use super::snapshot::Snapshot;
use super::{Kind, Search, SearchError, highlight, parse};

impl Search {
    /// Searches listings.
    pub fn listings(&self, query: &Query) -> Result<Answer, SearchError> {
        execute(&self.view(Kind::Listing).at(query.point_in_time()), query)
    }

    /// Searches open RFQs.
    pub fn rfqs(&self, query: &Query) -> Result<Answer, SearchError> {
        execute(&self.view(Kind::Rfq).at(query.point_in_time()), query)
    }
}

/// One query on one index, from its plan to its page.
pub(super) struct Execution<'a> {
    view: &'a View,
    pub fields: &'a Fields,
    pub snapshot: &'a Snapshot,
    pub query: &'a Query,
    pub plan: Plan,
    pub sort: Sort,
    deadline: Instant,
    /// Whether hits stay in the order of the first pass, once that is decided.
    unscored: OnceCell<bool>,
}

/// What the first passes found.
pub(super) struct PassResult {
    /// The last part that was looked for.
    pub level: u8,
    pub matched: Matched,
    /// The candidates, part behind part, and the counts of all parts together.
    pub collected: Collected,
}

impl PassResult {
    fn whole(collected: Collected) -> Self {
        Self { level: 0, matched: Matched::whole(collected.total), collected }
    }
}

/// Answers a query.
pub(super) fn execute(view: &View, query: &Query) -> Result<Answer, SearchError> {
    let execution = Execution::new(view, query)?;
    let found = execution.collect(query.limit)?;
    execution.answer(found, Execution::rank)
}

impl<'a> Execution<'a> {
    pub fn new(view: &'a View, query: &'a Query) -> Result<Self, SearchError> {
        let deadline = collector::deadline(query.time_limit);
        let planner = Planner::new(view, &query.stages, query.language.as_deref()).until(deadline);
        let plan = planner.plan(&parse::parse(&query.text))?;
        let sort = if plan.is_empty() && query.sort == Sort::Relevance { Sort::Newest } else { query.sort };
        Ok(Self {
            view,
            fields: &view.index.fields,
            snapshot: &view.snapshot,
            query,
            plan,
            sort,
            deadline,
            unscored: OnceCell::new(),
        })
    }

    /// First passes that ask for ever fewer words: for all, and where so few have them for most and for any.
    pub fn collect(&self, min_hits: usize) -> Result<PassResult, SearchError> {
        if self.plan.is_empty() {
            let all = relaxation::without(self.fields, &self.plan, Box::new(AllQuery));
            return Ok(PassResult::whole(self.pass(all.as_ref(), 0)?));
        }
        let all = self.part(MinShouldMatch::All, 0)?;
        let is_enough = match &self.query.after {
            // The pages of one search are answered alike: the first said how far its answer goes.
            Some(after) => after.level == 0,
            None => !self.query.stages.relax || all.total >= min_hits.max(1) || all.timed_out,
        };
        if is_enough {
            return Ok(PassResult::whole(all));
        }
        if self.sort != Sort::Relevance {
            return self.fewer_words(all);
        }
        if self.plan.is_indivisible() {
            return Ok(PassResult {
                level: 2,
                matched: Matched { all: all.total, most: Some(0), any: Some(0) },
                collected: all,
            });
        }
        let most = self.part(MinShouldMatch::Most, 0)?;
        // All that holds most words holds any: so many more are kept, to have a page of those that do not.
        let any = self.part(MinShouldMatch::Any, most.candidates.len())?;
        Ok(self.in_parts(all, most, any))
    }

    /// In another order than by relevance parts would stand in each other's way: fewer words are asked for where nothing has them all.
    fn fewer_words(&self, all: Collected) -> Result<PassResult, SearchError> {
        let level = self.query.after.as_ref().map(|after| after.level);
        if all.total > 0 && level.is_none() {
            return Ok(PassResult::whole(all));
        }
        let matched = |most, any| Matched { all: 0, most: Some(most), any };
        let most = self.part(MinShouldMatch::Most, 0)?;
        if level == Some(1) || (level.is_none() && most.total > 0) {
            return Ok(PassResult { level: 1, matched: matched(most.total, None), collected: most });
        }
        let any = self.part(MinShouldMatch::Any, 0)?;
        Ok(PassResult { level: 2, matched: matched(0, Some(any.total)), collected: any })
    }

    fn part(&self, level: MinShouldMatch, more: usize) -> Result<Collected, SearchError> {
        match relaxation::relaxed_query(self.fields, &self.plan, level) {
            Some(query) => self.pass(query.as_ref(), more),
            None => Ok(self.nothing()),
        }
    }

    /// Three passes, of which each finds what the one before it found and more, as one list of parts.
    fn in_parts(&self, all: Collected, most: Collected, any: Collected) -> PassResult {
        let of_most = most.total.max(all.total);
        let matched =
            Matched { all: all.total, most: Some(of_most - all.total), any: Some(any.total.saturating_sub(of_most)) };
        let is_group = self.query.group_by_company;
        let identity = |c: &Candidate| if is_group { c.company } else { c.id };
        let mut seen = FxHashSet::default();
        let mut candidates = Vec::with_capacity(all.candidates.len() + most.candidates.len());
        // Where not all that hold most words were kept, what holds fewer lies behind the last page that is shown.
        let are_all = most.candidates.len() >= most.total;
        for (part, found) in
            [(0, all.candidates), (1, most.candidates), (2, if are_all { any.candidates } else { Vec::new() })]
        {
            candidates.extend(found.into_iter().filter(|c| seen.insert(identity(c))).map(|c| Candidate { part, ..c }));
        }
        let timed_out = most.timed_out || any.timed_out;
        PassResult {
            level: 2,
            matched,
            collected: Collected { candidates, total: matched.total(), counts: any.counts, timed_out },
        }
    }

    /// Whether hits stay in the order of the first pass: where there was no time left when the first page was answered. The pages
    /// behind it keep its order, late or not: a walk that changed its order half way lost hits.
    fn is_unscored(&self) -> bool {
        let decide = || match &self.query.after {
            Some(after) => after.unscored,
            None => Instant::now() > self.deadline,
        };
        *self.unscored.get_or_init(decide)
    }

    fn nothing(&self) -> Collected {
        Collected { counts: vec![Vec::new(); self.query.facets.len()], ..Collected::default() }
    }

    fn pass(&self, query: &dyn IndexQuery, more: usize) -> Result<Collected, SearchError> {
        self.pass_with(query, self.query.weights.depth, more)
    }

    /// One pass that keeps at least `depth` candidates, and so many more, where the order is by relevance.
    pub fn pass_with(&self, query: &dyn IndexQuery, depth: usize, more: usize) -> Result<Collected, SearchError> {
        let after = self.query.after.as_ref();
        let by_key = self.sort != Sort::Relevance;
        let reach = after.map_or(0, |after| after.seen) + self.query.limit + 1;
        // The first `depth` are scored again as a whole on every page: what a page shows depends on none of the pages before it.
        let keep = if by_key { self.query.limit + 1 } else { reach.min(After::DEEPEST + 1).max(depth) + more };
        let pass = FirstPass {
            snapshot: self.snapshot,
            filters: CompiledFilters::new(self.snapshot, &self.query.filters),
            facets: &self.query.facets,
            sort: self.sort,
            group: self.query.group_by_company,
            keep,
            after: after.filter(|_| by_key).map(|after| (after.key, after.id)),
            backwards: by_key && after.is_some_and(|after| after.backwards),
            deadline: self.deadline,
        };
        match &self.query.filters.ids {
            Some(ids) => pass.run(&*among(self.fields, query, ids)),
            None => pass.run(query),
        }
    }

    /// The candidates in their final order with what made their scores.
    pub fn rank(&self, candidates: Vec<Candidate>) -> Result<Vec<Scored>, SearchError> {
        let plain = |c: Candidate| Scored {
            candidate: c,
            score: c.score,
            parts: ScoreParts { words: c.score, ..ScoreParts::default() },
            by_hs_alone: false,
        };
        if self.sort != Sort::Relevance || !self.query.stages.rescore || self.is_unscored() {
            return Ok(candidates.into_iter().map(plain).collect());
        }
        let mut first = candidates;
        let rest = first.split_off(first.len().min(self.query.weights.depth));
        let rescorer = Rescorer {
            fields: self.fields,
            snapshot: self.snapshot,
            plan: &self.plan,
            stages: &self.query.stages,
            weights: &self.query.weights,
        };
        let mut ranked = self.ordered(rescorer.rank(first)?);
        // What was not scored again stays below, in its own order; its scores are of another scale, so they are fitted under the last.
        // Parts follow each other: a score may be no higher than the one before it.
        let mut least = ranked.last().map_or(f32::MAX, |scored| scored.score);
        let top = rest.first().map_or(1.0, |c| c.score.max(f32::MIN_POSITIVE));
        let bound = least;
        ranked.extend(rest.into_iter().map(plain).map(|scored| {
            least = least.min(bound * (scored.score / top).min(1.0));
            scored.scaled_to(least)
        }));
        Ok(ranked)
    }

    /// The ranked, part behind part; or, where that weighs something, what holds fewer words among the others.
    fn ordered(&self, ranked: Vec<Scored>) -> Vec<Scored> {
        let mut ranked = last(ranked, |scored| scored.by_hs_alone && scored.candidate.part == 0);
        let share = self.query.weights.parts;
        if share > 0.0 {
            let weighed = |s: Scored| {
                let score = s.score * if s.candidate.part > 0 { share } else { 1.0 };
                s.scaled_to(score)
            };
            ranked = ranked.into_iter().map(weighed).collect();
            ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.candidate.id.cmp(&b.candidate.id)));
            return ranked;
        }
        (1..=2).fold(ranked, |ranked, part| last(ranked, |scored| scored.candidate.part >= part))
    }

    /// Cuts the page out of the ranked candidates and makes the answer of it.
    pub fn answer(
        &self,
        found: PassResult,
        rank: impl FnOnce(&Self, Vec<Candidate>) -> Result<Vec<Scored>, SearchError>,
    ) -> Result<Answer, SearchError> {
        let PassResult { level, matched, collected } = found;
        let facets = self.facets(&collected.counts);
        let ranked = rank(self, collected.candidates)?;
        let page = self.page(&ranked);
        let beside = |at: usize, seen: usize, backwards: bool| {
            ranked.get(at).map(|hit| self.beside(hit, level, seen, backwards))
        };
        let is_back = self.query.after.as_ref().is_some_and(|after| after.backwards);
        // A page that was gone back to has the one behind it that it was reached from.
        let has_next = page.end < ranked.len() || (is_back && page.end > 0);
        let by_key = self.sort != Sort::Relevance;
        let has_prev = page.start > 0 || (by_key && self.query.after.is_some() && !is_back);
        let next = if has_next && page.end > 0 { beside(page.end - 1, page.end, false) } else { None };
        let prev = if has_prev { beside(page.start, page.start, true) } else { None };
        if next.is_some() || prev.is_some() {
            self.view.keep_point_in_time();
        }
        let hits = ranked[page].iter().map(|scored| self.hit(scored)).collect::<Result<_, _>>()?;
        Ok(Answer {
            hits,
            total: matched.total(),
            matched,
            facets,
            relaxed: matched.total() > matched.all || (self.plan.unknown > 0 && matched.total() > 0),
            did_you_mean: self.plan.corrected.clone(),
            next,
            prev,
            timed_out: collected.timed_out,
        })
    }

    /// From where to go on beside a hit that so many come before, that hit included where the page goes on behind it.
    fn beside(&self, hit: &Scored, level: u8, seen: usize, backwards: bool) -> After {
        let by_relevance = self.sort == Sort::Relevance;
        After {
            level,
            key: if by_relevance { collector::score_key(hit.score) } else { hit.candidate.key },
            id: hit.candidate.id,
            // Other orders begin at a key and count nothing that comes before it.
            seen: if by_relevance { seen } else { 0 },
            backwards,
            unscored: self.is_unscored(),
            point_in_time: self.snapshot.generation,
            listings_point_in_time: 0,
        }
    }

    /// The places of the page: behind the hit that its cursor names, or in front of it, wherever that stands now; if it is gone, where
    /// it would stand.
    fn page(&self, ranked: &[Scored]) -> std::ops::Range<usize> {
        let (limit, last) = (self.query.limit, ranked.len().min(After::DEEPEST));
        let Some(after) = &self.query.after else { return 0..limit.min(last) };
        if self.sort != Sort::Relevance {
            return if after.backwards {
                ranked.len().saturating_sub(limit)..ranked.len()
            } else {
                0..limit.min(ranked.len())
            };
        }
        let found = ranked.iter().position(|scored| scored.candidate.id == after.id);
        let is_later = |s: &Scored| (collector::score_key(s.score), s.candidate.id) > (after.key, after.id);
        let stands = || ranked.iter().position(is_later).unwrap_or(ranked.len());
        if after.backwards {
            let end = found.unwrap_or_else(stands).min(last);
            return end.saturating_sub(limit)..end;
        }
        let begin = found.map_or_else(stands, |at| at + 1).min(last);
        begin..(begin + limit).min(last)
    }

    fn facets(&self, counts: &[Vec<u32>]) -> Vec<Facet> {
        self.query.facets.iter().zip(counts).map(|(dim, counts)| self.facet(*dim, counts)).collect()
    }

    fn facet(&self, dim: Dim, counts: &[u32]) -> Facet {
        let mut ranked: Vec<(u32, u32)> =
            counts.iter().zip(0..).filter(|(count, _)| **count > 0).map(|(count, number)| (*count, number)).collect();
        ranked.sort_unstable_by_key(|(count, number)| (std::cmp::Reverse(*count), *number));
        ranked.truncate(if dim.is_tree() { Facet::MAX_TREE_VALUES } else { Facet::MAX_VALUES });
        let is_code = matches!(dim, Dim::Hs | Dim::HsChapter);
        let language = self.query.language.as_deref().unwrap_or("en");
        let label = |value: &str| if is_code { self.view.synonyms.label(value, language) } else { None };
        let names = self.snapshot.names[dim.index()].read().unwrap_or_else(std::sync::PoisonError::into_inner);
        let value = |(count, number): (u32, u32)| {
            let value = names.text(number)?.to_string();
            Some(FacetValue { label: label(&value), value, count: count as usize })
        };
        Facet { dim, values: ranked.into_iter().filter_map(value).collect() }
    }

    fn hit(&self, scored: &Scored) -> Result<Hit, SearchError> {
        let stored = Stored::read(self.snapshot, scored.candidate.address)?;
        let json = stored.hit()?;
        let mut marked = None;
        if self.query.highlight {
            let planner = Planner::new(self.view, &self.query.stages, self.query.language.as_deref());
            let (name, body) = (doc_codec::name_of(&json), stored.body()?);
            marked = Some(highlight::highlight(&name, &body, &self.plan.marks, &planner.languages));
        }
        Ok(Hit {
            id: scored.candidate.id,
            company_id: scored.candidate.company,
            score: scored.score,
            group_count: scored.candidate.count,
            json,
            highlight: marked,
            explain: self.query.explain.then(|| scored.parts.named()),
        })
    }
}

/// The ranked with some of them below all others.
pub(super) fn last(ranked: Vec<Scored>, is_below: impl Fn(&Scored) -> bool) -> Vec<Scored> {
    if !ranked.iter().any(&is_below) {
        return ranked;
    }
    let (below, mut ranked): (Vec<Scored>, Vec<Scored>) = ranked.into_iter().partition(is_below);
    let (least, top) = (ranked.last().map(|s| s.score), below.first().map_or(1.0, |s| s.score.max(f32::MIN_POSITIVE)));
    let share = least.map_or(1.0, |least| 0.5 * least / top);
    ranked.extend(below.into_iter().map(|scored| {
        let score = scored.score * share;
        scored.scaled_to(score)
    }));
    ranked
}
