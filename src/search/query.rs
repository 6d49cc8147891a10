//! A query, and how it is carried out: understand, pass, relax, re-score, page.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tantivy::DocAddress;
use tantivy::directory::OwnedBytes;
use tantivy::query::{AllQuery, Query as IndexQuery};

use super::answer::{Answer, Facet, FacetValue, Hit};
use super::clauses::{Plan, Planner};
use super::collector::{self, Candidate, Compiled, Gathered, Pass};
use super::levels::{self, Level};
use super::rescore::{Parts, Rescorer, Scored};
use super::schema::{Dim, Fields};
use super::snapshot::Snapshot;
use super::{SearchError, View, docs, highlight, packed, parse};

crate::wire_enum! {
    /// The order of the hits. Documents without the value come last.
    pub enum Sort {
        /// The best match first; without words, the newest.
        Relevance = "relevance",
        /// The latest published first.
        Newest = "newest",
        /// The lowest price first, at the rates of the price filter; without one, amounts as they are.
        Price = "price",
        /// The smallest order first.
        Moq = "moq",
        /// The earliest deadline first (RFQs).
        Deadline = "deadline",
    }
}

/// What a document must have. Several values of one field: any of them. Values are compared as stored, to the letter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filters {
    /// Values by dimension.
    pub dims: Vec<(Dim, Vec<String>)>,
    /// Beginnings of the HS code, 2 to 10 digits each.
    pub hs: Vec<String>,
    /// What the price must be, in one currency; listings in currencies without a rate are left out.
    pub price: Option<PriceFilter>,
    /// The smallest order must not be above this.
    pub moq_max_micros: Option<i64>,
    /// The lead time must not be above this.
    pub lead_time_max_days: Option<i64>,
    /// The deadline must be after this moment, or there is none.
    pub open_at_ms: Option<i64>,
    /// Published at this moment or later.
    pub published_since_ms: Option<i64>,
}

/// A range of prices, and how prices in other currencies compare with it. The order by price uses its rates too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PriceFilter {
    /// The price range must reach up to this.
    pub min_micros: Option<i64>,
    /// The price range must begin at or below this.
    pub max_micros: Option<i64>,
    /// The currencies that count.
    pub rates: Vec<PriceRate>,
}

/// A currency and its rate to the one that is asked in: a price times `numerator` by `denominator`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceRate {
    /// ISO 4217.
    pub currency: String,
    /// Above 0.
    pub numerator: i64,
    /// Above 0.
    pub denominator: i64,
}

impl PriceRate {
    /// The price in the currency that is asked in.
    pub(super) fn convert(numerator: i64, denominator: i64, micros: i64) -> i64 {
        let converted = i128::from(micros) * i128::from(numerator) / i128::from(denominator.max(1));
        i64::try_from(converted).unwrap_or(i64::MAX)
    }
}

impl Filters {
    /// Adds values of a dimension.
    #[must_use]
    pub fn with<S: Into<String>>(mut self, dim: Dim, values: impl IntoIterator<Item = S>) -> Self {
        self.dims.push((dim, values.into_iter().map(Into::into).collect()));
        self
    }

    pub(super) fn used(&self) -> impl Iterator<Item = (Dim, Vec<String>)> + '_ {
        self.dims.iter().filter(|(_, values)| !values.is_empty()).map(|(dim, values)| {
            let is_path = *dim == Dim::Category;
            (*dim, values.iter().map(|v| if is_path { docs::category_path(v) } else { v.clone() }).collect())
        })
    }
}

/// From where an answer goes on. Opaque: give it back as it was, with the same query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct After {
    /// The level of relaxing that the first page was answered at.
    #[serde(rename = "l")]
    level: u8,
    /// The last hit's place in its order.
    #[serde(rename = "k")]
    key: i64,
    /// The last hit's id.
    #[serde(rename = "i")]
    id: i64,
    /// How many hits came before.
    #[serde(rename = "n")]
    seen: usize,
    /// The state of the index that the first page was answered from.
    #[serde(rename = "s", default)]
    state: u64,
    /// That of the listings, where companies were ranked by them.
    #[serde(rename = "b", default)]
    pub(super) beside: u64,
}

/// The stages that can be switched off, for measuring what each brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stages {
    /// Model numbers in every spelling, GTINs, HS codes, glued words.
    pub codes: bool,
    /// Numbers with their units in every spelling, and the numbers of dimensions.
    pub measures: bool,
    /// Other spellings of one word: British and American, German without its dots.
    pub variants: bool,
    /// Leaving out the small words that connect others.
    pub connectives: bool,
    /// The whole query as the exact name or number of something.
    pub exact: bool,
    /// The operator's synonyms.
    pub synonyms: bool,
    /// Goods of the HS codes that the words name, in other languages.
    pub bridges: bool,
    /// Corrections from the index's words.
    pub spelling: bool,
    /// Fewer words when not all are found together.
    pub relax: bool,
    /// Weighing the first few hundred by the fields of their words.
    pub rescore: bool,
    /// Neighbouring words of the query that stand together in the name.
    pub phrase: bool,
    /// Nearness to the class of the first hits.
    pub feedback: bool,
    /// Freshness and verification.
    pub prior: bool,
}

impl Default for Stages {
    fn default() -> Self {
        Self {
            codes: true,
            measures: true,
            variants: true,
            connectives: true,
            exact: true,
            synonyms: true,
            bridges: true,
            spelling: true,
            relax: true,
            rescore: true,
            phrase: true,
            feedback: true,
            prior: true,
        }
    }
}

impl Stages {
    /// Each stage by name, and all stages but that one.
    pub fn each_off() -> Vec<(&'static str, Stages)> {
        let off = |change: fn(&mut Stages)| {
            let mut stages = Stages::default();
            change(&mut stages);
            stages
        };
        vec![
            ("codes", off(|s| s.codes = false)),
            ("measures", off(|s| s.measures = false)),
            ("variants", off(|s| s.variants = false)),
            ("connectives", off(|s| s.connectives = false)),
            ("exact", off(|s| s.exact = false)),
            ("synonyms", off(|s| s.synonyms = false)),
            ("bridges", off(|s| s.bridges = false)),
            ("spelling", off(|s| s.spelling = false)),
            ("relax", off(|s| s.relax = false)),
            ("rescore", off(|s| s.rescore = false)),
            ("phrase", off(|s| s.phrase = false)),
            ("feedback", off(|s| s.feedback = false)),
            ("prior", off(|s| s.prior = false)),
        ]
    }
}

/// The weights of the re-scoring. They were set on development queries of one market of office goods; methods, not words.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// Of a match in: name, brand, model, class, values, attribute names, body.
    pub fields: [f32; 7],
    /// What the fields other than the best add.
    pub tie: f32,
    /// Bonus when all words match.
    pub all_words: f32,
    /// Bonus when the document is called exactly what was asked for.
    pub exact: f32,
    /// Score of a code.
    pub code: f32,
    /// Bonus for each pair of neighbouring words that stand together in the name.
    pub phrase: f32,
    /// How much nearness to the class of the first hits counts, relative to the best score.
    pub feedback: f32,
    /// How much attribute names and categories count in it, relative to the words of the name.
    pub class_signs: f32,
    /// How many first hits make that class.
    pub feedback_depth: usize,
    /// How much verification and freshness count, relative to the best score.
    pub prior: f32,
    /// How many candidates are re-scored.
    pub depth: usize,
    /// With fewer hits than this the next level is tried.
    pub enough: usize,
    /// Fewer hits than this that hold all words are followed by those that hold most.
    pub filled: usize,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            fields: [2.05, 1.0, 0.3, 2.0, 0.3, 0.15, 1.45],
            tie: 0.2,
            all_words: 2.4,
            exact: 20.0,
            code: 8.0,
            phrase: 0.5,
            feedback: 0.285,
            class_signs: 8.0,
            feedback_depth: 50,
            prior: 0.01,
            depth: 350,
            enough: 1,
            filled: 10,
        }
    }
}

/// A query for listings, companies or RFQs.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// What was typed; empty for all.
    pub text: String,
    /// What a document must have besides.
    pub filters: Filters,
    /// The order.
    pub sort: Sort,
    /// At most this many hits, 0 to 100.
    pub limit: usize,
    /// From where to go on.
    pub after: Option<After>,
    /// The facets wanted.
    pub facets: Vec<Dim>,
    /// Only the best document of each company.
    pub group_by_company: bool,
    /// Whether to mark the found words.
    pub highlight: bool,
    /// Whether to tell what made each score.
    pub explain: bool,
    /// The reader's language, ISO 639-1, if known.
    pub language: Option<String>,
    /// After this long the search answers with what it has.
    pub time_limit: Duration,
    /// The stages to run.
    pub stages: Stages,
    /// The weights to use.
    pub weights: Weights,
}

impl Default for Query {
    fn default() -> Self {
        Self {
            text: String::new(),
            filters: Filters::default(),
            sort: Sort::Relevance,
            limit: 25,
            after: None,
            facets: Vec::new(),
            group_by_company: false,
            highlight: false,
            explain: false,
            language: None,
            time_limit: Duration::from_secs(1),
            stages: Stages::default(),
            weights: Weights::default(),
        }
    }
}

impl Query {
    /// The state of the index that its cursor names.
    pub(super) fn state(&self) -> Option<u64> {
        self.after.as_ref().map(|after| after.state)
    }

    /// A query for words, everything else as usual.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
}

/// The deepest hit that relevance order can be paged to.
const DEEPEST: usize = 10_000;

/// Carries out one query on one index.
pub(super) struct Run<'a> {
    view: &'a View,
    pub fields: &'a Fields,
    pub snapshot: &'a Snapshot,
    pub query: &'a Query,
    pub plan: Plan,
    pub sort: Sort,
    deadline: Instant,
}

/// Answers a query.
pub(super) fn run(view: &View, query: &Query) -> Result<Answer, SearchError> {
    let run = Run::new(view, query)?;
    let (level, gathered) = run.gather()?;
    run.answer(level, gathered, |run, candidates, level| run.rank(candidates, level))
}

impl<'a> Run<'a> {
    pub fn new(view: &'a View, query: &'a Query) -> Result<Self, SearchError> {
        let deadline = collector::deadline(query.time_limit);
        let planner = Planner::new(view, &query.stages, query.language.as_deref()).until(deadline);
        let plan = planner.plan(&parse::parse(&query.text))?;
        let sort = if plan.is_empty() && query.sort == Sort::Relevance { Sort::Newest } else { query.sort };
        Ok(Self { view, fields: &view.index.fields, snapshot: &view.snapshot, query, plan, sort, deadline })
    }

    /// Passes level by level until enough is found; the level, and what it brought.
    pub fn gather(&self) -> Result<(usize, Gathered), SearchError> {
        if self.plan.is_empty() {
            let all = levels::without(self.fields, &self.plan, Box::new(AllQuery));
            return Ok((0, self.pass(all.as_ref())?));
        }
        let first = self.query.after.as_ref().map_or(0, |after| usize::from(after.level).min(Level::ORDER.len() - 1));
        let mut best = (first, self.nothing());
        for (at, level) in Level::ORDER.iter().enumerate().skip(first) {
            if let Some(query) = levels::level_query(self.fields, &self.plan, *level) {
                let gathered = self.pass(query.as_ref())?;
                if gathered.total > best.1.total || gathered.timed_out {
                    best = (at, gathered);
                }
            }
            let enough = best.1.total >= self.enough(*level) || best.1.timed_out;
            if enough || !self.query.stages.relax || self.query.after.is_some() {
                break;
            }
        }
        Ok(best)
    }

    /// With so many hits at a level the next one is not tried.
    fn enough(&self, level: Level) -> usize {
        let weights = &self.query.weights;
        let is_filled = level == Level::All && self.sort == Sort::Relevance && self.plan.may_be_filled();
        if is_filled { weights.enough.max(weights.filled) } else { weights.enough }
    }

    /// Whether there is no time left: then what was found is answered in the order of the first pass.
    fn is_late(&self) -> bool {
        Instant::now() > self.deadline
    }

    fn nothing(&self) -> Gathered {
        Gathered { counts: vec![Vec::new(); self.query.facets.len()], ..Gathered::default() }
    }

    fn pass(&self, query: &dyn IndexQuery) -> Result<Gathered, SearchError> {
        self.pass_with(query, self.query.weights.depth)
    }

    /// One pass that keeps at least `depth` candidates where the order is by relevance.
    pub fn pass_with(&self, query: &dyn IndexQuery, depth: usize) -> Result<Gathered, SearchError> {
        let after = self.query.after.as_ref();
        let by_key = self.sort != Sort::Relevance;
        let reach = after.map_or(0, |after| after.seen) + self.query.limit + 1;
        let keep = if by_key { self.query.limit + 1 } else { reach.max(depth).min(DEEPEST) };
        let pass = Pass {
            snapshot: self.snapshot,
            filters: Compiled::new(self.snapshot, &self.query.filters),
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
            parts: Parts::default(),
            whole: false,
            bridged: false,
        };
        if self.sort != Sort::Relevance || !self.query.stages.rescore || self.is_late() {
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
        ranked = match Level::ORDER.get(level) {
            Some(Level::All) => last(ranked, |scored| scored.bridged),
            Some(Level::Most) => last(ranked, |scored| !scored.whole),
            _ => ranked,
        };
        // What was not weighed again stays below, in its own order.
        let least = ranked.last().map_or(f32::MAX, |scored| scored.score);
        let top = rest.first().map_or(1.0, |c| c.score.max(f32::MIN_POSITIVE));
        ranked.extend(rest.into_iter().map(|c| Scored { score: least * (c.score / top).min(1.0), ..plain(c) }));
        Ok(ranked)
    }

    /// Cuts the page out of the ranked candidates and makes the answer of it.
    pub fn answer(
        &self,
        level: usize,
        gathered: Gathered,
        rank: impl FnOnce(&Self, Vec<Candidate>, usize) -> Result<Vec<Scored>, SearchError>,
    ) -> Result<Answer, SearchError> {
        let (total, timed_out) = (gathered.total, gathered.timed_out);
        let facets = self.facets(&gathered.counts);
        let ranked = rank(self, gathered.candidates, level)?;
        let begin = self.begin(&ranked);
        let end = (begin + self.query.limit).min(ranked.len());
        let seen = self.query.after.as_ref().map_or(0, |after| after.seen) + (end - begin);
        let next = ranked[begin..end].last().filter(|_| end < ranked.len()).map(|last| After {
            level: u8::try_from(level).unwrap_or(0),
            key: if self.sort == Sort::Relevance { collector::score_key(last.score) } else { last.candidate.key },
            id: last.candidate.id,
            seen,
            state: self.snapshot.generation,
            beside: 0,
        });
        if next.is_some() {
            self.view.keep();
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
        let label = |value: &str| if is_code { self.view.lexicon.name(value) } else { None };
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
            let (name, body) = (name_of(&json), stored.body()?);
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

/// What was stored with a document, packed.
pub(super) struct Stored(OwnedBytes);

impl Stored {
    pub fn read(snapshot: &Snapshot, address: DocAddress) -> Result<Self, SearchError> {
        Ok(Self(snapshot.columns[address.segment_ord as usize].stored.get_document_bytes(address.doc_id)?))
    }

    /// The answer's element.
    pub fn hit(&self) -> Result<String, SearchError> {
        packed::hit(&self.0)
    }

    /// The text behind the name.
    pub fn body(&self) -> Result<String, SearchError> {
        packed::body(&self.0)
    }
}

/// What the thing is called whose hit this is.
pub(super) fn name_of(hit: &str) -> String {
    #[derive(Deserialize)]
    struct Named {
        #[serde(alias = "title")]
        name: String,
    }
    serde_json::from_str::<Named>(hit).map(|named| named.name).unwrap_or_default()
}
