//! Which companies could supply what a text asks for: one pass over the listings that keeps each company's best.

use std::collections::HashMap;
use std::time::Duration;

use tantivy::query::{BooleanQuery, BoostQuery, Occur, Query as IndexQuery};

use super::clauses::Planner;
use super::collector::{self, Candidate, CompiledFilters, FirstPass};
use super::dims::{Dim, category_path};
use super::plan::{Clause, Plan, Reading};
use super::relaxation::{term_query, wide_query};
use super::request::{Filters, Sort, Stages, Weights};
use super::rescore::{Rescorer, Scored};
use super::{Kind, Search, SearchError, parse};

/// What is wanted.
#[derive(Clone, Debug)]
pub struct SupplierQuery {
    /// In a few words: a title. Counts most.
    pub title: String,
    /// At length: a specification. Adds to the title's words.
    pub specification: String,
    /// 2 to 10 digits, or empty; raises listings under it and under its heading, excludes none.
    pub hs_code: String,
    /// A path, or empty; raises listings in it.
    pub category: String,
    /// What the listings must have (supplier countries, forms, certifications and so on).
    pub filters: Filters,
    /// The buyer: its own listings do not count.
    pub exclude_company: Option<i64>,
    /// The language of the texts, ISO 639-1, if known.
    pub language: Option<String>,
    /// At most this many candidates.
    pub limit: usize,
    /// The stages to run.
    pub stages: Stages,
    /// The weights to use.
    pub weights: Weights,
}

impl Default for SupplierQuery {
    fn default() -> Self {
        Self {
            title: String::new(),
            specification: String::new(),
            hs_code: String::new(),
            category: String::new(),
            filters: Filters::default(),
            exclude_company: None,
            language: None,
            limit: 50,
            stages: Stages::default(),
            weights: Weights::default(),
        }
    }
}

/// A company that may supply it.
#[derive(Clone, Debug)]
pub struct SupplierCandidate {
    /// The company.
    pub company_id: i64,
    /// Relative to the best candidate, 0 to 1.
    pub score: f32,
    /// The score behind it; comparable within one answer only.
    pub raw: f32,
    /// Its best listings with their scores relative to the best listing of all, best first, at most three.
    pub best_listings: Vec<(i64, f32)>,
    /// How many of its listings match.
    pub hit_count: usize,
}

/// How many listings are weighed again.
const DEPTH: usize = 600;
/// Most of the specification's words that are asked for.
const MOST_SPECIFICATION_WORDS: usize = 24;
/// Best listings named for each candidate.
const BEST_LISTINGS: usize = 3;

impl Search {
    /// The companies whose listings fit best.
    pub fn supplier_candidates(&self, wanted: &SupplierQuery) -> Result<Vec<SupplierCandidate>, SearchError> {
        let view = self.view(Kind::Listing);
        let snapshot = &*view.snapshot;
        let planner = Planner::new(&view, &wanted.stages, wanted.language.as_deref());
        let mut plan = planner.plan(&parse::parse(&wanted.title))?;
        // A minus in the title of an RFQ is a dash or a temperature; nobody excludes words there.
        plan.unwanted.clear();
        let more = further(&planner, &plan, &wanted.specification)?;
        let Some(query) = union(&planner, wanted, &plan, &more)? else { return Ok(Vec::new()) };
        let pass = FirstPass {
            snapshot,
            filters: CompiledFilters::new(snapshot, &wanted.filters),
            facets: &[],
            sort: Sort::Relevance,
            group: true,
            keep: DEPTH,
            after: None,
            backwards: false,
            deadline: collector::deadline(Duration::from_secs(10)),
        };
        let mut collected = pass.run(query.as_ref())?;
        collected.candidates.retain(|c| Some(c.company) != wanted.exclude_company && c.company != 0);
        // The best of each company, and then as many of the best listings of all: so that a company's second-best counts too.
        let single = FirstPass { group: false, ..pass };
        let mut listings = single.run(query.as_ref())?.candidates;
        listings.retain(|c| Some(c.company) != wanted.exclude_company && c.company != 0);
        let counts: HashMap<i64, usize> = collected.candidates.iter().map(|c| (c.company, c.count)).collect();
        let weighed = weigh(&planner, wanted, &plan, &more, together(collected.candidates, listings))?;
        Ok(by_company(weighed, &counts, wanted.limit))
    }
}

fn together(groups: Vec<Candidate>, listings: Vec<Candidate>) -> Vec<Candidate> {
    let mut by_id: HashMap<i64, Candidate> = groups.into_iter().map(|c| (c.id, c)).collect();
    for candidate in listings {
        by_id.entry(candidate.id).or_insert(candidate);
    }
    by_id.into_values().collect()
}

/// The clauses of the specification that the title does not hold already.
fn further(planner: &Planner<'_>, title: &Plan, specification: &str) -> Result<Vec<Clause>, SearchError> {
    let mut pieces = parse::parse(specification);
    // Nor does a quotation mark in a specification ask for a phrase: it is an inch, or a name.
    pieces.iter_mut().for_each(|piece| (piece.negated, piece.phrase) = (false, false));
    // A specification is long and full of rare words: corrections would cost a walk over the dictionary each, and mean little.
    let plain = Stages { spelling: false, exact: false, ..planner.stages.clone() };
    let planner = planner.with(&plain);
    let mut clauses = planner.plan(&pieces)?.wanted;
    clauses.retain(|clause| !title.wanted.contains(clause));
    clauses.truncate(MOST_SPECIFICATION_WORDS);
    Ok(clauses)
}

fn union(
    planner: &Planner<'_>,
    wanted: &SupplierQuery,
    title: &Plan,
    more: &[Clause],
) -> Result<Option<Box<dyn IndexQuery>>, SearchError> {
    let fields = planner.fields;
    let mut parts: Vec<Box<dyn IndexQuery>> = title.wanted.iter().map(|clause| wide_query(fields, clause)).collect();
    for clause in more {
        // The title says what is wanted, the specification how: its words may not outvote the title's.
        parts.push(Box::new(BoostQuery::new(wide_query(fields, clause), 0.4)));
    }
    for (text, boost) in hs_parts(&wanted.hs_code) {
        if planner.snapshot.frequency(fields.hs, &text)? > 0 {
            parts.push(Box::new(BoostQuery::new(term_query(fields.hs, &text, false), boost)));
        }
    }
    let category = category_path(&wanted.category);
    let dim = fields.dims[Dim::Category.index()];
    if !category.is_empty() && planner.snapshot.frequency(dim, &category)? > 0 {
        parts.push(term_query(dim, &category, false));
    }
    Ok((!parts.is_empty()).then(|| {
        let clauses = parts.into_iter().map(|part| (Occur::Should, part)).collect();
        Box::new(BooleanQuery::new(clauses)) as Box<dyn IndexQuery>
    }))
}

/// The subheading and the heading of an HS code with how much they count.
fn hs_parts(code: &str) -> Vec<(String, f32)> {
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    // Not the chapter: with two digits in common every part of an engine would be a candidate for every other.
    let part = |length: usize, boost: f32| digits.get(..length).map(|text| (text.to_owned(), boost));
    [part(6, 1.0), part(4, 0.5)].into_iter().flatten().collect()
}

fn weigh(
    planner: &Planner<'_>,
    wanted: &SupplierQuery,
    title: &Plan,
    more: &[Clause],
    candidates: Vec<Candidate>,
) -> Result<Vec<Scored>, SearchError> {
    let rescorer = |plan| Rescorer {
        fields: planner.fields,
        snapshot: planner.snapshot,
        plan,
        stages: &wanted.stages,
        weights: &wanted.weights,
    };
    let mut hs: Vec<Clause> = hs_parts(&wanted.hs_code)
        .into_iter()
        .map(|(text, _)| Clause::of(vec![Reading::Raw(planner.fields.hs, text)]))
        .collect();
    let category = category_path(&wanted.category);
    if !category.is_empty() {
        hs.push(Clause::of(vec![Reading::Raw(planner.fields.dims[Dim::Category.index()], category)]));
    }
    let beside = Plan { wanted: more.to_vec(), ..Plan::default() };
    let codes = Plan { wanted: hs, ..Plan::default() };
    let mut sum = rescorer(title).rank(candidates.clone())?;
    for (plan, share) in [(&beside, 0.4), (&codes, 0.5)] {
        if plan.wanted.is_empty() {
            continue;
        }
        let values: HashMap<i64, f32> = rescorer(plan).words(candidates.clone())?;
        for scored in &mut sum {
            scored.score += share * values.get(&scored.candidate.id).copied().unwrap_or(0.0);
        }
    }
    sum.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.candidate.id.cmp(&b.candidate.id)));
    Ok(sum)
}

fn by_company(weighed: Vec<Scored>, counts: &HashMap<i64, usize>, limit: usize) -> Vec<SupplierCandidate> {
    let top = weighed.first().map_or(1.0, |s| s.score.max(f32::MIN_POSITIVE));
    let mut found: HashMap<i64, SupplierCandidate> = HashMap::new();
    for scored in &weighed {
        let company_id = scored.candidate.company;
        let entry = found.entry(company_id).or_insert_with(|| SupplierCandidate {
            company_id,
            score: 0.0,
            raw: scored.score,
            best_listings: Vec::new(),
            hit_count: 0,
        });
        // Only listings about as good as the best one say that the company deals in this.
        entry.hit_count += usize::from(scored.score >= 0.5 * entry.raw);
        if entry.best_listings.len() < BEST_LISTINGS {
            entry.best_listings.push((scored.candidate.id, scored.score / top));
        }
    }
    let mut all: Vec<SupplierCandidate> = found.into_values().collect();
    for candidate in &mut all {
        // The logarithm: thirty fitting listings say a little more than three, not ten times as much.
        candidate.raw *= 1.0 + 0.1 * (candidate.hit_count.clamp(1, 30) as f32).ln();
        candidate.hit_count = candidate.hit_count.min(counts.get(&candidate.company_id).copied().unwrap_or(usize::MAX));
    }
    let best = all.iter().map(|c| c.raw).fold(f32::MIN_POSITIVE, f32::max);
    all.iter_mut().for_each(|c| c.score = (c.raw / best).clamp(0.0, 1.0));
    all.sort_by(|a, b| b.raw.total_cmp(&a.raw).then(a.company_id.cmp(&b.company_id)));
    all.truncate(limit);
    all
}
