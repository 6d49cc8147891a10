//! What a search is asked for: words, filters, order, page, and the stages and weights it runs with.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::dims::{Dim, category_path};

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
    /// One of these documents.
    pub ids: Option<Vec<i64>>,
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
            (*dim, values.iter().map(|v| if is_path { category_path(v) } else { v.clone() }).collect())
        })
    }
}

/// From where an answer goes on. Opaque: give it back as it was, with the same query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct After {
    /// The last part of the first page's answer: 0 for what holds all words, 1 for most, 2 for any.
    #[serde(rename = "l")]
    pub(super) level: u8,
    /// The place in its order of the hit that the page stands beside.
    #[serde(rename = "k")]
    pub(super) key: i64,
    /// That hit's id.
    #[serde(rename = "i")]
    pub(super) id: i64,
    /// How many hits come before the page; of one that ends in front of the hit, before that.
    #[serde(rename = "n")]
    pub(super) seen: usize,
    /// The page ends in front of the hit instead of beginning behind it.
    #[serde(rename = "r", default)]
    pub(super) backwards: bool,
    /// The first page was answered in the order of the first pass, because the time was up.
    #[serde(rename = "u", default)]
    pub(super) unscored: bool,
    /// The point in time of the index that the first page was answered from.
    #[serde(rename = "s", default)]
    pub(super) point_in_time: u64,
    /// That of the listings, where companies were ranked by them.
    #[serde(rename = "b", default)]
    pub(super) listings_point_in_time: u64,
}

impl After {
    /// The deepest hit that can be paged to by relevance.
    // Each page scores again what the pages before it showed: deeper than this the cost of a page has no bound. Other orders have none.
    pub const DEEPEST: usize = 10_000;

    /// Whether what it goes on to lies deeper than that: then there are more hits, and they are not shown in this order.
    pub fn is_too_deep(&self) -> bool {
        self.seen >= Self::DEEPEST && !self.backwards
    }
}

/// The stages that can be switched off, for measuring what each brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stages {
    /// Model numbers in every spelling, GTINs, HS codes, glued words.
    pub codes: bool,
    /// Numbers with their units in every spelling, and the numbers of dimensions.
    pub units: bool,
    /// Other spellings of one word: British and American, German without its dots.
    pub spelling_variants: bool,
    /// Leaving out stop words.
    pub stopwords: bool,
    /// The whole query as the exact name or number of something.
    pub exact: bool,
    /// The operator's synonyms.
    pub synonyms: bool,
    /// Goods of the HS codes that the words name, in other languages.
    pub hs_expansion: bool,
    /// What the trade glossary calls the goods in other languages.
    pub glossary: bool,
    /// Corrections from the index's words.
    pub spelling: bool,
    /// Minimum-should-match: fewer words when not all are found together.
    pub relax: bool,
    /// The second pass: the first few hundred scored by the fields that their words stand in (BM25F).
    pub rescore: bool,
    /// Neighbouring words of the query that stand together in the name.
    pub phrase: bool,
    /// Pseudo-relevance feedback: similarity to the class of the first hits.
    pub feedback: bool,
    /// Freshness and verification.
    pub prior: bool,
}

impl Default for Stages {
    fn default() -> Self {
        Self {
            codes: true,
            units: true,
            spelling_variants: true,
            stopwords: true,
            exact: true,
            synonyms: true,
            hs_expansion: true,
            glossary: true,
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
            ("units", off(|s| s.units = false)),
            ("spelling_variants", off(|s| s.spelling_variants = false)),
            ("stopwords", off(|s| s.stopwords = false)),
            ("exact", off(|s| s.exact = false)),
            ("synonyms", off(|s| s.synonyms = false)),
            ("hs_expansion", off(|s| s.hs_expansion = false)),
            ("glossary", off(|s| s.glossary = false)),
            ("spelling", off(|s| s.spelling = false)),
            ("relax", off(|s| s.relax = false)),
            ("rescore", off(|s| s.rescore = false)),
            ("phrase", off(|s| s.phrase = false)),
            ("feedback", off(|s| s.feedback = false)),
            ("prior", off(|s| s.prior = false)),
        ]
    }
}

/// The weights of the second pass. They were set on the development half of 135 judged queries over 19 406 office goods and checked on the
/// other half; methods were tuned, never words.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// Of a match in: name, brand, model, class, values, attribute names, body.
    pub fields: [f32; 7],
    /// What the fields other than the best add (the tie breaker of a disjunction max).
    pub tie_breaker: f32,
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
    pub class_features: f32,
    /// How many first hits make that class.
    pub feedback_depth: usize,
    /// How much verification and freshness count, relative to the best score.
    pub prior: f32,
    /// How many candidates are re-scored.
    pub depth: usize,
    /// How much more a word counts in the form in which it was typed than as another form of it.
    pub form: f32,
    /// How much what holds most words, and any, counts beside what holds them all: parts follow each other where it is 0.
    pub parts: f32,
}

impl Default for Weights {
    fn default() -> Self {
        // nDCG@10 of the development queries with these: 0.853. Without the second pass it is 0.769, without feedback 0.821.
        Self {
            fields: [2.05, 1.0, 0.3, 2.0, 0.3, 0.15, 1.45],
            tie_breaker: 0.2,
            all_words: 2.4,
            exact: 20.0,
            code: 8.0,
            phrase: 0.5,
            feedback: 0.285,
            class_features: 8.0,
            feedback_depth: 50,
            prior: 0.01,
            // Deeper brought no better order and costs time in step: a candidate is one look at each posting list of the query.
            depth: 350,
            form: 0.1,
            parts: 0.0,
        }
    }
}

impl Weights {
    /// Weights beside these, each with one of them changed, by name.
    pub fn variants() -> Vec<(String, Weights)> {
        let changed = |name: &str, change: fn(&mut Weights)| {
            let mut weights = Weights::default();
            change(&mut weights);
            (name.to_owned(), weights)
        };
        vec![
            changed("tie_breaker 0.1", |w| w.tie_breaker = 0.1),
            changed("tie_breaker 0.35", |w| w.tie_breaker = 0.35),
            changed("all_words 1.2", |w| w.all_words = 1.2),
            changed("all_words 4", |w| w.all_words = 4.0),
            changed("phrase 0", |w| w.phrase = 0.0),
            changed("phrase 1", |w| w.phrase = 1.0),
            changed("feedback 0.15", |w| w.feedback = 0.15),
            changed("feedback 0.4", |w| w.feedback = 0.4),
            changed("feedback_depth 20", |w| w.feedback_depth = 20),
            changed("parts 0.5", |w| w.parts = 0.5),
            changed("parts 0.8", |w| w.parts = 0.8),
            changed("form 0", |w| w.form = 0.0),
            changed("form 0.25", |w| w.form = 0.25),
        ]
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

/// The most clauses and words of a query; the rest is left out.
pub const MAX_CLAUSES: usize = 32;
/// What a plain search costs in the units below: a page of 25 hits by a few words.
const PLAIN: usize = 8;
/// So many words are part of a plain search.
const PLAIN_WORDS: usize = 4;
/// A further word, which may be looked for in each spelling; 25 further hits, or their explanations; the hits before a deep page that are scored
/// again.
const DEAR: usize = 4;
/// The marked words of 25 hits.
const MARKED: usize = 2;
/// Letters of a text without spaces that count as one word.
const LETTERS_OF_A_WORD: usize = 4;

impl Query {
    /// What it costs to answer, known before it runs: in plain searches, 1 and more. A facet costs little, since all are counted in one pass.
    pub fn cost(&self) -> u32 {
        let word = |run: &str| if run.is_ascii() { 1 } else { run.chars().count().div_ceil(LETTERS_OF_A_WORD) };
        let words: usize = self.text.split_whitespace().map(word).sum();
        let more_words = words.min(MAX_CLAUSES).saturating_sub(PLAIN_WORDS);
        let pages = self.limit.div_ceil(25).max(1);
        let before = self.after.as_ref().map_or(0, |after| after.seen / self.weights.depth.max(1));
        let dear = more_words + (pages - 1) + before + if self.explain { pages } else { 0 };
        let marked = if self.highlight { pages * MARKED } else { 0 };
        let all = PLAIN + dear * DEAR + marked + self.facets.len();
        u32::try_from(all / PLAIN).unwrap_or(u32::MAX)
    }

    /// The point in time that its cursor names.
    pub(super) fn point_in_time(&self) -> Option<u64> {
        self.after.as_ref().map(|after| after.point_in_time)
    }

    /// A query for words, everything else as usual.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_has_a_cost_before_it_runs() {
        let after = |seen| Some(After { seen, ..serde_json::from_str(r#"{"l":0,"k":0,"i":1,"n":0}"#).unwrap() });
        let words = |count: usize| vec!["pipe"; count].join(" ");
        let all =
            Query { facets: Dim::ALL.to_vec(), highlight: true, explain: true, limit: 100, ..Query::text(words(32)) };
        for (query, cost) in [
            (Query::default(), 1),
            (Query::text("stainless steel pipe"), 1),
            (Query::text("不锈钢无缝钢管"), 1),
            (Query { highlight: true, facets: Dim::ALL[..6].to_vec(), ..Query::text("stainless steel pipe") }, 2),
            (Query { limit: 100, ..Query::text("pipe") }, 2),
            (Query { limit: 100, explain: true, ..Query::text("pipe") }, 4),
            (Query::text(words(12)), 5),
            (Query::text(words(500)), 15),
            (Query::text("钢".repeat(500)), 15),
            (Query { after: after(3_500), ..Query::text("pipe") }, 6),
        ] {
            assert_eq!(query.cost(), cost, "{query:?}");
        }
        assert!(all.cost() >= 20, "{}", all.cost());
    }
}
