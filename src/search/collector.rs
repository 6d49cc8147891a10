//! The one cheap pass: hits, total and facets together, over the combined field and the fast columns.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use tantivy::query::{EnableScoring, Query as IndexQuery};
use tantivy::{DocAddress, DocSet, SegmentOrdinal, TERMINATED};

use super::dims::Dim;
use super::request::{Filters, PriceFilter, PriceRate, Sort};
use super::snapshot::{Columns, Snapshot};
use super::{SearchError, writer};

/// How often the pass looks at the clock, in documents.
// The clock is read so seldom that it costs nothing, and often enough that a search ends within a millisecond of its time.
const LOOK_EVERY: u32 = 4096;

/// A document on its way into the answer. The smaller `(key, id)`, the earlier it comes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub key: i64,
    pub id: i64,
    pub company: i64,
    pub address: DocAddress,
    pub score: f32,
    pub count: usize,
    /// The part of the answer that it belongs to: 0 for what holds all words, 1 for most, 2 for any.
    pub part: u8,
}

impl Candidate {
    /// Its place among the others. Ties go by id, never by the address in the index: an update gives a document another address, and
    /// every node has addresses of its own, so a walk that goes on in another state of the index (its own was dropped, or another node
    /// answers) lost 50 of 400 hits that tie where the first pass is cut off.
    fn order(&self) -> (i64, i64) {
        (self.key, self.id)
    }

    /// The same with its place counted from the end.
    fn flipped(self) -> Self {
        Self { key: self.key.saturating_neg(), id: -self.id, ..self }
    }
}

/// What a pass is to bring.
pub(super) struct FirstPass<'a> {
    pub snapshot: &'a Snapshot,
    pub filters: CompiledFilters,
    pub facets: &'a [Dim],
    pub sort: Sort,
    pub group: bool,
    /// How many candidates to keep.
    pub keep: usize,
    /// For sorts other than relevance: only what comes after this.
    pub after: Option<(i64, i64)>,
    /// What comes before `after`, nearest to it, instead of what comes after it.
    pub backwards: bool,
    pub deadline: Instant,
}

/// What it brought.
#[derive(Default)]
pub(super) struct Collected {
    pub candidates: Vec<Candidate>,
    pub total: usize,
    pub counts: Vec<Vec<u32>>,
    pub timed_out: bool,
}

/// When a search that begins now has to end.
pub(super) fn deadline(after: Duration) -> Instant {
    Instant::now() + after
}

/// Filters with their values numbered.
pub(super) struct CompiledFilters {
    dims: Vec<(Dim, Vec<u32>)>,
    hs: Vec<(u64, u64)>,
    price: Option<Price>,
    at_most: Vec<(usize, i64)>,
    at_least: Vec<(usize, i64)>,
}

const PRICE_MIN: usize = 1;
const PRICE_MAX: usize = 2;
const MOQ: usize = 3;
const LEAD_TIME: usize = 4;
const PUBLISHED: usize = 5;
const DEADLINE: usize = 6;

impl CompiledFilters {
    pub fn new(snapshot: &Snapshot, filters: &Filters) -> Self {
        let number = |dim: Dim, value: &str| snapshot.number(dim, value).unwrap_or(u32::MAX);
        let dims = filters.used().map(|(dim, values)| (dim, values.iter().map(|v| number(dim, v)).collect())).collect();
        // A value that no document ever had gets a number that none has, and so finds nothing; leaving it out would find everything.
        let limit = |at: usize, value: Option<i64>| value.map(|value| (at, value));
        let at_most = [limit(MOQ, filters.moq_max_micros), limit(LEAD_TIME, filters.lead_time_max_days)];
        let at_least =
            [limit(DEADLINE, filters.open_at_ms.map(|now| now + 1)), limit(PUBLISHED, filters.published_since_ms)];
        // As ranges of one number: a prefix of any length is two comparisons, not a lookup of terms.
        let hs = filters.hs.iter().map(|digits| writer::hs_bounds(digits)).collect();
        Self {
            dims,
            hs,
            price: filters.price.as_ref().map(|price| Price::new(snapshot, price)),
            at_most: at_most.into_iter().flatten().collect(),
            at_least: at_least.into_iter().flatten().collect(),
        }
    }

    /// Whether the numbers hold; a document without a number does not pass its filter, but one without a deadline is open.
    fn numbers_hold(&self, columns: &Columns, doc: u32) -> bool {
        let at = |number: usize| columns.numbers[number].first(doc);
        self.price.as_ref().is_none_or(|price| price.holds(columns, doc))
            && self.at_most.iter().all(|(number, limit)| at(*number).is_some_and(|value| value <= *limit))
            && self.at_least.iter().all(|(number, limit)| match at(*number) {
                Some(value) => value >= *limit,
                // An RFQ without a deadline stays open until it has its quotes.
                None => *number == DEADLINE,
            })
    }

    fn dim_holds(&self, columns: &Columns, doc: u32, dim: Dim, wanted: &[u32]) -> bool {
        let mut holds = false;
        if let Some(column) = &columns.dims[dim.index()] {
            column.each(doc, |number| holds |= wanted.contains(&number));
        }
        holds
    }

    fn hs_holds(&self, columns: &Columns, doc: u32) -> bool {
        // An RFQ for several items has a code for each.
        let mut codes = columns.hs.values_for_doc(doc);
        codes.any(|hs| self.hs.iter().any(|(least, most)| (*least..=*most).contains(&hs)))
    }

    /// What the document fails: nothing, one dimension, or more than that (then it is of no use to any facet).
    fn verdict(&self, columns: &Columns, doc: u32, facets: &[Dim]) -> Verdict {
        if !self.numbers_hold(columns, doc) {
            return Verdict::Out;
        }
        // A facet counts with every filter but its own, so that a chosen value does not hide those beside it. A document that fails one
        // filter alone still counts for that filter's facet; one that fails two is of no use to any.
        let mut failed = None;
        let mut fail = |dim: Dim| match failed {
            None if facets.iter().any(|facet| facet.filtered_as() == dim.filtered_as()) => {
                failed = Some(dim.filtered_as());
                true
            }
            Some(other) => other == dim.filtered_as(),
            None => false,
        };
        if !self.hs.is_empty() && !self.hs_holds(columns, doc) && !fail(Dim::Hs) {
            return Verdict::Out;
        }
        for (dim, wanted) in &self.dims {
            if !self.dim_holds(columns, doc, *dim, wanted) && !fail(*dim) {
                return Verdict::Out;
            }
        }
        failed.map_or(Verdict::In, Verdict::OnlyFor)
    }
}

/// A price filter with its currencies numbered.
struct Price {
    min: Option<i64>,
    max: Option<i64>,
    rates: Vec<(u32, i64, i64)>,
}

impl Price {
    fn new(snapshot: &Snapshot, filter: &PriceFilter) -> Self {
        let numbered = |rate: &PriceRate| {
            let number = snapshot.number(Dim::Currency, &rate.currency)?;
            Some((number, rate.numerator, rate.denominator))
        };
        let rates = filter.rates.iter().filter_map(numbered).collect();
        Self { min: filter.min_micros, max: filter.max_micros, rates }
    }

    /// The number in the currency that is asked in, of a document in a currency that counts.
    fn converted(&self, columns: &Columns, doc: u32, number: usize) -> Option<i64> {
        let mut currency = None;
        columns.dims[Dim::Currency.index()].as_ref()?.each(doc, |known| currency = Some(known));
        let (_, numerator, denominator) = self.rates.iter().find(|(known, ..)| Some(*known) == currency)?;
        Some(PriceRate::convert(*numerator, *denominator, columns.numbers[number].first(doc)?))
    }

    fn holds(&self, columns: &Columns, doc: u32) -> bool {
        let at = |number: usize| self.converted(columns, doc, number);
        self.max.is_none_or(|max| at(PRICE_MIN).is_some_and(|price| price <= max))
            && self.min.is_none_or(|min| at(PRICE_MAX).is_some_and(|price| price >= min))
    }
}

enum Verdict {
    In,
    OnlyFor(Dim),
    Out,
}

/// A score as a key: the greater the score, the smaller the key.
pub(super) fn score_key(score: f32) -> i64 {
    // The bits of floats that are not negative are ordered as the floats are: scores sort with the other keys as integers.
    -i64::from(score.max(0.0).to_bits())
}

impl FirstPass<'_> {
    /// Runs the query over all segments.
    pub fn run(&self, query: &dyn IndexQuery) -> Result<Collected, SearchError> {
        let scored = self.sort == Sort::Relevance;
        let scoring = if scored {
            EnableScoring::enabled_from_searcher(&self.snapshot.searcher)
        } else {
            EnableScoring::disabled_from_searcher(&self.snapshot.searcher)
        };
        // One pass for hits, total and facets: a pruned pass for the hits alone followed by one for the counts was slower in every
        // measurement, because the counts need all documents anyway.
        let weight = query.weight(scoring)?;
        let mut state = State::new(self);
        for (ord, reader) in self.snapshot.searcher.segment_readers().iter().enumerate() {
            let columns = &self.snapshot.columns[ord];
            let alive = reader.alive_bitset();
            let mut scorer = weight.scorer(reader, 1.0)?;
            let mut doc = scorer.doc();
            let mut until_look = LOOK_EVERY;
            while doc != TERMINATED {
                if alive.is_none_or(|alive| alive.is_alive(doc)) {
                    state.see(columns, ord as SegmentOrdinal, doc, || if scored { scorer.score() } else { 0.0 });
                }
                doc = scorer.advance();
                until_look -= 1;
                if until_look == 0 {
                    until_look = LOOK_EVERY;
                    if Instant::now() > self.deadline {
                        return Ok(state.end(true));
                    }
                }
            }
        }
        Ok(state.end(false))
    }
}

struct State<'a> {
    pass: &'a FirstPass<'a>,
    collected: Collected,
    /// The place of the last that is kept, once there are enough.
    worst: (i64, i64),
    groups: HashMap<i64, Candidate>,
}

impl<'a> State<'a> {
    fn new(pass: &'a FirstPass<'a>) -> Self {
        let collected = Collected { counts: vec![Vec::new(); pass.facets.len()], ..Collected::default() };
        Self { pass, collected, worst: (i64::MAX, i64::MAX), groups: HashMap::new() }
    }

    #[inline]
    fn see(&mut self, columns: &Columns, ord: SegmentOrdinal, doc: u32, score: impl FnOnce() -> f32) {
        match self.pass.filters.verdict(columns, doc, self.pass.facets) {
            Verdict::Out => return,
            Verdict::OnlyFor(dim) => return self.count(columns, doc, Some(dim)),
            Verdict::In => {}
        }
        self.collected.total += 1;
        self.count(columns, doc, None);
        let score = score();
        let key = self.key(columns, doc, score);
        let key = if self.flips() { key.saturating_neg() } else { key };
        // Most documents leave here, before their row is read.
        if key > self.worst.0 && !self.pass.group {
            return;
        }
        let row = columns.row(doc);
        let id = if self.flips() { -row.id } else { row.id };
        if (key, id) > self.worst && !self.pass.group {
            return;
        }
        let address = DocAddress::new(ord, doc);
        self.take(Candidate { key, id, company: row.company, address, score, count: 1, part: 0 });
    }

    fn key(&self, columns: &Columns, doc: u32, score: f32) -> i64 {
        match self.pass.sort {
            Sort::Relevance => score_key(score),
            Sort::Newest => -columns.numbers[PUBLISHED].first(doc).unwrap_or(i64::MIN + 1),
            Sort::Price => self.price(columns, doc).unwrap_or(i64::MAX),
            Sort::Moq => columns.numbers[MOQ].first(doc).unwrap_or(i64::MAX),
            Sort::Deadline => columns.numbers[DEADLINE].first(doc).unwrap_or(i64::MAX),
        }
    }

    fn price(&self, columns: &Columns, doc: u32) -> Option<i64> {
        match &self.pass.filters.price {
            Some(price) => price.converted(columns, doc, PRICE_MIN),
            None => columns.numbers[PRICE_MIN].first(doc),
        }
    }

    fn count(&mut self, columns: &Columns, doc: u32, only: Option<Dim>) {
        for (dim, counts) in self.pass.facets.iter().zip(&mut self.collected.counts) {
            if only.is_some_and(|only| only != dim.filtered_as()) {
                continue;
            }
            let Some(column) = &columns.dims[dim.index()] else { continue };
            column.each(doc, |number| {
                let number = number as usize;
                if counts.len() <= number {
                    counts.resize(number + 1, 0);
                }
                counts[number] += 1;
            });
        }
    }

    /// Whether places are counted from the end. The best of a group is the first of it in any direction: groups are turned at the end.
    fn flips(&self) -> bool {
        self.pass.backwards && !self.pass.group
    }

    /// What all that is kept comes after, in the direction of the pass.
    fn after(&self) -> Option<(i64, i64)> {
        self.pass.after.map(|(key, id)| if self.pass.backwards { (key.saturating_neg(), -id) } else { (key, id) })
    }

    fn take(&mut self, candidate: Candidate) {
        if self.pass.group {
            let best = self.groups.entry(candidate.company).or_insert(Candidate { count: 0, ..candidate });
            let count = best.count + 1;
            if (candidate.key, candidate.id) < (best.key, best.id) {
                *best = candidate;
            }
            // The count goes on with whichever listing of the company is the best.
            best.count = count;
            return;
        }
        if self.after().is_some_and(|after| (candidate.key, candidate.id) <= after) {
            return;
        }
        self.collected.candidates.push(candidate);
        // Selecting the best of twice as many costs each candidate a constant; a heap would cost it a logarithm.
        if self.collected.candidates.len() >= self.pass.keep * 2 + 64 {
            self.shrink();
        }
    }

    /// Keeps the best and remembers the worst of them.
    fn shrink(&mut self) {
        let (candidates, keep) = (&mut self.collected.candidates, self.pass.keep);
        if candidates.len() > keep && keep > 0 {
            let (_, last, _) = candidates.select_nth_unstable_by_key(keep - 1, Candidate::order);
            self.worst = last.order();
        }
        candidates.truncate(keep);
    }

    fn end(mut self, timed_out: bool) -> Collected {
        if self.pass.group {
            self.collected.total = self.groups.len();
            let after = self.after();
            let flip = |c: Candidate| if self.pass.backwards { c.flipped() } else { c };
            let groups = std::mem::take(&mut self.groups).into_values().map(flip);
            self.collected.candidates = groups.filter(|c| after.is_none_or(|after| (c.key, c.id) > after)).collect();
        }
        self.shrink();
        self.collected.candidates.sort_unstable_by_key(Candidate::order);
        if self.pass.backwards {
            self.collected.candidates.reverse();
            self.collected.candidates.iter_mut().for_each(|c| *c = c.flipped());
        }
        self.collected.timed_out = timed_out;
        self.collected
    }
}
