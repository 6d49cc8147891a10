//! Which listings could serve what a text asks for, and how well their words fit: what matching asks the index.

use std::collections::HashMap;
use std::time::Duration;

use tantivy::query::{BooleanQuery, BoostQuery, Occur, Query as IndexQuery};

use super::clauses::Planner;
use super::collector::{self, Candidate, CompiledFilters, FirstPass};
use super::dims::{Dim, category_path};
use super::plan::{Clause, Plan};
use super::relaxation::{term_query, wide_query};
use super::request::{Filters, Sort, Stages, Weights};
use super::rescore::Rescorer;
use super::{Kind, Search, SearchError, parse};

/// What is wanted.
#[derive(Clone, Debug, Default)]
pub struct SupplierQuery {
    /// In a few words: a title. Its words alone make the score.
    pub title: String,
    /// At length: a specification. Its words bring candidates.
    pub specification: String,
    /// HS codes of 4 or 6 digits that the goods may have, each with how much a listing under it counts as a candidate.
    pub codes: Vec<(String, f32)>,
    /// What the goods may be called otherwise, in any language: these names bring candidates.
    pub other_names: Vec<String>,
    /// A path, or empty; raises listings in it.
    pub category: String,
    /// What the listings must have (supplier countries, forms, one company and so on).
    pub filters: Filters,
    /// The buyer: its own listings do not count.
    pub exclude_company: Option<i64>,
    /// The language of the texts, ISO 639-1, if known.
    pub language: Option<String>,
    /// The stages to run.
    pub stages: Stages,
    /// The weights to use.
    pub weights: Weights,
}

/// A listing that may be what is wanted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ListingCandidate {
    /// The listing.
    pub id: i64,
    /// Whose it is.
    pub company_id: i64,
    /// 0..1: the score of the title's words in it, as a part of what a listing has that holds them all, and nothing else, in its name. No
    /// other listing has a part in it but by how rare words are.
    pub text: f32,
    /// 0..1: how near its class (attribute names, category, words of its name) is to that of the listings that the title finds first.
    pub nearness: f32,
}

/// So many of the best listings are candidates, and as many of the best of each company: so that a company's second-best counts too, and
/// none with a hundred listings leaves no room for others.
const DEPTH: usize = 300;
/// Most of the specification's words that are asked for.
const MOST_SPECIFICATION_WORDS: usize = 24;
/// How much a word of the specification brings a candidate: the title says what is wanted, the specification how.
const SPECIFICATION: f32 = 0.4;
/// The same of another name of the goods.
const OTHER_NAME: f32 = 0.6;
/// Most other names that are asked for.
const MOST_OTHER_NAMES: usize = 48;

impl Search {
    /// The listings that may fit, by id.
    pub fn supplier_candidates(&self, wanted: &SupplierQuery) -> Result<Vec<ListingCandidate>, SearchError> {
        let view = self.view(Kind::Listing);
        let snapshot = &*view.snapshot;
        let planner = Planner::new(&view, &wanted.stages, wanted.language.as_deref());
        let mut plan = planner.plan(&parse::parse(&wanted.title))?;
        plan.unwanted.clear();
        let Some(query) = union(&planner, wanted, &plan)? else { return Ok(Vec::new()) };
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
        let groups = pass.run(query.as_ref())?.candidates;
        let single = FirstPass { group: false, ..pass };
        let listings = single.run(query.as_ref())?.candidates;
        let is_other = |c: &Candidate| Some(c.company) != wanted.exclude_company && c.company != 0;
        let by_id: HashMap<i64, Candidate> =
            groups.into_iter().chain(listings).filter(is_other).map(|c| (c.id, c)).collect();
        let rescorer = Rescorer {
            fields: planner.fields,
            snapshot,
            plan: &plan,
            stages: &wanted.stages,
            weights: &wanted.weights,
        };
        let mut found: Vec<ListingCandidate> = rescorer
            .parts_of_ideal(by_id.into_values().collect())?
            .into_iter()
            .map(|(candidate, text, nearness)| ListingCandidate {
                id: candidate.id,
                company_id: candidate.company,
                text,
                nearness,
            })
            .collect();
        found.sort_unstable_by_key(|candidate| candidate.id);
        Ok(found)
    }
}

/// The clauses of the specification that the title does not hold already.
fn further(planner: &Planner<'_>, title: &Plan, specification: &str) -> Result<Vec<Clause>, SearchError> {
    let mut pieces = parse::parse(specification);
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
) -> Result<Option<Box<dyn IndexQuery>>, SearchError> {
    let fields = planner.fields;
    let mut parts: Vec<Box<dyn IndexQuery>> = title.wanted.iter().map(|clause| wide_query(fields, clause)).collect();
    for clause in further(planner, title, &wanted.specification)? {
        parts.push(Box::new(BoostQuery::new(wide_query(fields, &clause), SPECIFICATION)));
    }
    for name in wanted.other_names.iter().take(MOST_OTHER_NAMES) {
        let readings = planner.other_names(name, 1.0)?;
        if !readings.is_empty() {
            parts.push(Box::new(BoostQuery::new(wide_query(fields, &Clause::of(readings)), OTHER_NAME)));
        }
    }
    for (code, boost) in &wanted.codes {
        if planner.snapshot.frequency(fields.hs, code)? > 0 {
            parts.push(Box::new(BoostQuery::new(term_query(fields.hs, code, false), *boost)));
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
