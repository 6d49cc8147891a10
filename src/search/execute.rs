//! How a query is carried out: understood, run in a first pass, relaxed where that finds too little, scored again, cut into a page.

use std::cell::OnceCell;
use std::time::Instant;

use tantivy::query::{AllQuery, Query as IndexQuery};

use super::answer::{Answer, Facet, FacetValue, Hit};
use super::clauses::{Plan, Planner};
use super::collector::{self, Candidate, Collected, CompiledFilters, FirstPass};
use super::dims::Dim;
use super::doc_codec::{self, Stored};
use super::engine::View;
use super::relaxation::{self, MinShouldMatch};
use super::request::{After, Query, Sort};
use super::rescore::{Rescorer, ScoreParts, Scored};
use super::schema::Fields;
use super::snapshot::Snapshot;
use super::{Kind, Search, SearchError, highlight, parse};

/// The deepest hit that relevance order can be paged to.
// Each page scores again what the pages before it showed: deeper than this the cost of a page has no bound. Other orders have none.
const DEEPEST: usize = 10_000;

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

/// Answers a query.
pub(super) fn execute(view: &View, query: &Query) -> Result<Answer, SearchError> {
    let execution = Execution::new(view, query)?;
    let (level, collected) = execution.collect()?;
    execution.answer(level, collected, Execution::rank)
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

    /// First passes that ask for ever fewer words, until one finds enough; which one that was, and what it brought.
    pub fn collect(&self) -> Result<(usize, Collected), SearchError> {
        if self.plan.is_empty() {
            let all = relaxation::without(self.fields, &self.plan, Box::new(AllQuery));
            return Ok((0, self.pass(all.as_ref())?));
        }
        let first =
            self.query.after.as_ref().map_or(0, |after| usize::from(after.level).min(MinShouldMatch::ORDER.len() - 1));
        let mut best = (first, self.nothing());
        for (at, level) in MinShouldMatch::ORDER.iter().enumerate().skip(first) {
            if let Some(query) = relaxation::relaxed_query(self.fields, &self.plan, *level) {
                let collected = self.pass(query.as_ref())?;
                if collected.total > best.1.total || collected.timed_out {
                    best = (at, collected);
                }
            }
            let is_enough = best.1.total >= self.min_hits(*level) || best.1.timed_out;
            // The pages of one search are answered at one level: those before said what their hits have in common.
            if is_enough || !self.query.stages.relax || self.query.after.is_some() {
                break;
            }
        }
        Ok(best)
    }

    /// With so many hits at a level the next one is not tried.
    fn min_hits(&self, level: MinShouldMatch) -> usize {
        let weights = &self.query.weights;
        let is_filled = level == MinShouldMatch::All && self.sort == Sort::Relevance && self.plan.may_be_filled();
        if is_filled { weights.min_hits.max(weights.fill_below) } else { weights.min_hits }
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

    fn pass(&self, query: &dyn IndexQuery) -> Result<Collected, SearchError> {
        self.pass_with(query, self.query.weights.depth)
    }

    /// One pass that keeps at least `depth` candidates where the order is by relevance.
    pub fn pass_with(&self, query: &dyn IndexQuery, depth: usize) -> Result<Collected, SearchError> {
        let after = self.query.after.as_ref();
        let by_key = self.sort != Sort::Relevance;
        let reach = after.map_or(0, |after| after.seen) + self.query.limit + 1;
        // The first `depth` are scored again as a whole on every page: what a page shows depends on none of the pages before it.
        let keep = if by_key { self.query.limit + 1 } else { reach.max(depth).min(DEEPEST) };
        let pass = FirstPass {
            snapshot: self.snapshot,
            filters: CompiledFilters::new(self.snapshot, &self.query.filters),
            facets: &self.query.facets,
            sort: self.sort,
            group: self.query.group_by_company,
            keep,
            after: after.filter(|_| by_key).map(|after| (after.key, after.id)),
            deadline: self.deadline,
        };
        pass.run(query)
    }

    /// The candidates in their final order with what made their scores.
    pub fn rank(&self, candidates: Vec<Candidate>, level: usize) -> Result<Vec<Scored>, SearchError> {
        let plain = |c: Candidate| Scored {
            candidate: c,
            score: c.score,
            parts: ScoreParts::default(),
            whole: false,
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
        let mut ranked = rescorer.rank(first)?;
        ranked = match MinShouldMatch::ORDER.get(level) {
            Some(MinShouldMatch::All) => last(ranked, |scored| scored.by_hs_alone),
            Some(MinShouldMatch::Most) => last(ranked, |scored| !scored.whole),
            _ => ranked,
        };
        // What was not scored again stays below, in its own order; its scores are of another scale, so they are fitted under the last.
        let least = ranked.last().map_or(f32::MAX, |scored| scored.score);
        let top = rest.first().map_or(1.0, |c| c.score.max(f32::MIN_POSITIVE));
        ranked.extend(rest.into_iter().map(|c| Scored { score: least * (c.score / top).min(1.0), ..plain(c) }));
        Ok(ranked)
    }

    /// Cuts the page out of the ranked candidates and makes the answer of it.
    pub fn answer(
        &self,
        level: usize,
        collected: Collected,
        rank: impl FnOnce(&Self, Vec<Candidate>, usize) -> Result<Vec<Scored>, SearchError>,
    ) -> Result<Answer, SearchError> {
        let (total, timed_out) = (collected.total, collected.timed_out);
        let facets = self.facets(&collected.counts);
        let ranked = rank(self, collected.candidates, level)?;
        let begin = self.begin(&ranked);
        let end = (begin + self.query.limit).min(ranked.len());
        let seen = self.query.after.as_ref().map_or(0, |after| after.seen) + (end - begin);
        let next = ranked[begin..end].last().filter(|_| end < ranked.len()).map(|last| After {
            level: u8::try_from(level).unwrap_or(0),
            key: if self.sort == Sort::Relevance { collector::score_key(last.score) } else { last.candidate.key },
            id: last.candidate.id,
            seen,
            unscored: self.is_unscored(),
            point_in_time: self.snapshot.generation,
            listings_point_in_time: 0,
        });
        if next.is_some() {
            self.view.keep_point_in_time();
        }
        let hits = ranked[begin..end].iter().map(|scored| self.hit(scored)).collect::<Result<_, _>>()?;
        Ok(Answer {
            hits,
            total,
            facets,
            relaxed: level > 0 || (self.plan.unknown > 0 && total > 0),
            did_you_mean: self.plan.corrected.clone(),
            next,
            timed_out,
        })
    }

    /// Where the page begins: behind the last hit of the page before, wherever that stands now; if it is gone, where it
    /// would stand.
    fn begin(&self, ranked: &[Scored]) -> usize {
        let Some(after) = self.query.after.as_ref().filter(|_| self.sort == Sort::Relevance) else { return 0 };
        let found = ranked.iter().position(|scored| scored.candidate.id == after.id).map(|at| at + 1);
        found.unwrap_or_else(|| {
            let is_later = |s: &Scored| (collector::score_key(s.score), s.candidate.id) > (after.key, after.id);
            ranked.iter().position(is_later).unwrap_or(ranked.len())
        })
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
        let label = |value: &str| if is_code { self.view.synonyms.name(value) } else { None };
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
fn last(ranked: Vec<Scored>, is_below: impl Fn(&Scored) -> bool) -> Vec<Scored> {
    if !ranked.iter().any(&is_below) {
        return ranked;
    }
    let (mut below, mut ranked): (Vec<Scored>, Vec<Scored>) = ranked.into_iter().partition(is_below);
    let (least, top) = (ranked.last().map(|s| s.score), below.first().map_or(1.0, |s| s.score.max(f32::MIN_POSITIVE)));
    if let Some(least) = least {
        below.iter_mut().for_each(|scored| scored.score *= 0.5 * least / top);
    }
    ranked.append(&mut below);
    ranked
}
