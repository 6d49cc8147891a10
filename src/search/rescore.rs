//! The second pass over the first few hundred candidates: BM25F by field, then pseudo-relevance feedback by class features.
//!
//! For each clause of the query the best part of the document counts and the others add a little (dismax); a document that holds all
//! clauses, is called exactly what was asked for, or has neighbouring words together gets a constant on top. Then the
//! attribute names, categories and name words of the best hits are taken for the class that is wanted, and what is near to
//! it rises. Last and least come verification and freshness.

use rustc_hash::FxHashMap;
use tantivy::query::{EnableScoring, Query as IndexQuery};
use tantivy::{DocAddress, DocSet, TERMINATED};

use super::bm25f::Bm25f;
use super::collector::Candidate;
use super::expansion::SYNONYM_TRUST;
use super::plan::{Clause, Plan, Reading};
use super::relaxation::{phrase_query, reading_query, term_query};
use super::request::{Stages, Weights};
use super::schema::Fields;
use super::snapshot::Snapshot;
use super::{SearchError, analyzers};

/// A candidate with its final score and what made it.
#[derive(Clone, Debug)]
pub(super) struct Scored {
    pub candidate: Candidate,
    pub score: f32,
    pub parts: ScoreParts,
    /// Some clause is met by the code of its goods alone.
    pub by_hs_alone: bool,
}

/// What made a score; those that are left at 0 did not come into it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ScoreParts {
    pub words: f32,
    pub all_words: f32,
    pub exact: f32,
    pub phrase: f32,
    pub hs_code: f32,
    pub class: f32,
    /// How near to the class of the first hits, 0..1; what `class` comes from.
    pub nearness: f32,
    pub prior: f32,
    /// Of a company: its own text, and what it sells.
    pub own_text: f32,
    pub listings: f32,
}

impl ScoreParts {
    /// What does not depend on the other hits.
    pub fn without_class(&self) -> f32 {
        self.words + self.all_words + self.exact + self.phrase + self.hs_code + self.prior
    }

    fn scaled(self, share: f32) -> Self {
        let Self { words, all_words, exact, phrase, hs_code, class, nearness, prior, own_text, listings } = self;
        Self {
            words: words * share,
            all_words: all_words * share,
            exact: exact * share,
            phrase: phrase * share,
            hs_code: hs_code * share,
            class: class * share,
            nearness,
            prior: prior * share,
            own_text: own_text * share,
            listings: listings * share,
        }
    }

    /// Each with its name.
    pub fn named(&self) -> Vec<(&'static str, f32)> {
        let all = [
            ("words", self.words),
            ("all_words", self.all_words),
            ("exact", self.exact),
            ("phrase", self.phrase),
            ("hs_code", self.hs_code),
            ("class", self.class),
            ("prior", self.prior),
            ("own_text", self.own_text),
            ("listings", self.listings),
        ];
        all.into_iter().filter(|(_, amount)| *amount != 0.0).collect()
    }
}

impl Scored {
    /// The same with another score and what made it in the same proportions, so that the parts still add up.
    pub fn scaled_to(self, score: f32) -> Self {
        let share = if self.score == 0.0 { 0.0 } else { score / self.score };
        Self { score, parts: self.parts.scaled(share), ..self }
    }
}

/// Weighs candidates for one plan.
pub(super) struct Rescorer<'a> {
    pub fields: &'a Fields,
    pub snapshot: &'a Snapshot,
    pub plan: &'a Plan,
    pub stages: &'a Stages,
    pub weights: &'a Weights,
}

impl Rescorer<'_> {
    /// The candidates, best first.
    pub fn rank(&self, mut candidates: Vec<Candidate>) -> Result<Vec<Scored>, SearchError> {
        candidates.sort_unstable_by_key(|c| c.address);
        let mut scored = self.score_words(candidates)?;
        if self.stages.feedback {
            self.feedback(&mut scored);
        }
        if self.stages.prior {
            self.prior(&mut scored);
        }
        sort(&mut scored);
        Ok(scored)
    }

    /// How well each candidate fits by itself: what its words score, as a part of what a document would that holds all of them again and
    /// again in a short name; and how near it is to the class of the first. Both 0..1.
    pub fn parts_of_ideal(&self, candidates: Vec<Candidate>) -> Result<Vec<(Candidate, f32, f32)>, SearchError> {
        let ideal = (self.ideal()? * REPEATED).max(f32::MIN_POSITIVE);
        let stages = Stages { prior: false, ..self.stages.clone() };
        let ranked = Rescorer { stages: &stages, ..*self }.rank(candidates)?;
        let part = |scored: Scored| {
            let parts = scored.parts;
            // Not the codes of goods, which are evidence of their own.
            let words = parts.words + parts.all_words + parts.phrase;
            (scored.candidate, (words / ideal).clamp(0.0, 1.0), parts.nearness.clamp(0.0, 1.0))
        };
        Ok(ranked.into_iter().map(part).collect())
    }

    fn ideal(&self) -> Result<f32, SearchError> {
        let bm25f = self.bm25f(&[]);
        let word = |text: &str| bm25f.in_usual_name(text);
        let mut sum = self.weights.all_words;
        for clause in &self.plan.wanted {
            let mut best = 0.0_f32;
            for reading in &clause.readings {
                best = best.max(match reading {
                    Reading::Word(text, trust) => word(text)? * trust,
                    Reading::Words(texts, trust) => {
                        texts.iter().map(|text| word(text)).sum::<Result<f32, SearchError>>()? * trust
                    }
                    Reading::Raw(..) => self.weights.code,
                    Reading::Phrase(stems) => {
                        stems.iter().map(|(_, text)| word(text)).sum::<Result<f32, SearchError>>()?
                    }
                    Reading::Hs { .. } => 1.0,
                });
            }
            sum += best;
        }
        // A word that nobody has is missing in every listing: half the words of the request are half the request.
        sum += self.plan.unknown as f32 * word("")?;
        Ok(sum + self.weights.phrase * self.plan.wanted.len().saturating_sub(1) as f32)
    }

    fn bm25f<'c>(&'c self, candidates: &'c [Candidate]) -> Bm25f<'c> {
        Bm25f::new(self.snapshot, self.fields.all, self.weights, candidates)
    }

    fn score_words(&self, candidates: Vec<Candidate>) -> Result<Vec<Scored>, SearchError> {
        let mut bm25f = self.bm25f(&candidates);
        let mut words = vec![0.0_f32; candidates.len()];
        let mut matched = vec![0_usize; candidates.len()];
        let mut goods = vec![0.0_f32; candidates.len()];
        for clause in &self.plan.wanted {
            let hs_expansion = self.best(&clause.hs_expansions, &mut bm25f)?;
            let form = match &clause.form {
                Some(form) if self.weights.form > 0.0 => {
                    self.constant(term_query(self.fields.words, form, false).as_ref(), bm25f.candidates)?
                }
                _ => vec![0.0; bm25f.candidates.len()],
            };
            for (at, value) in self.clause(clause, &mut bm25f)?.into_iter().enumerate() {
                words[at] += value * (1.0 + self.weights.form * form[at]);
                matched[at] += usize::from(value > 0.0);
                goods[at] += if value > 0.0 { 0.0 } else { hs_expansion[at] };
            }
        }
        let exact = match &self.plan.exact {
            Some(text) => self.constant(term_query(self.fields.exact, text, false).as_ref(), &candidates)?,
            None => vec![0.0; candidates.len()],
        };
        let phrase = if self.stages.phrase { self.phrases(&mut bm25f)? } else { vec![0.0; candidates.len()] };
        let all = self.plan.wanted.len();
        Ok(candidates
            .into_iter()
            .enumerate()
            .map(|(at, candidate)| {
                let has_all = if all > 0 && matched[at] == all { self.weights.all_words } else { 0.0 };
                let exact = exact[at] * self.weights.exact;
                let phrase = phrase[at] * self.weights.phrase;
                let score = words[at] + has_all + exact + phrase + goods[at];
                let parts = ScoreParts {
                    words: words[at],
                    all_words: has_all,
                    exact,
                    phrase,
                    hs_code: goods[at],
                    ..ScoreParts::default()
                };
                Scored { candidate, score, parts, by_hs_alone: goods[at] > 0.0 }
            })
            .collect())
    }

    /// What a clause says for each candidate: its best reading. A synonym, however rare it is, says less than the best match of
    /// what was typed.
    fn clause(&self, clause: &Clause, bm25f: &mut Bm25f<'_>) -> Result<Vec<f32>, SearchError> {
        let mut best = self.best(&clause.readings, bm25f)?;
        if clause.synonyms.is_empty() {
            return Ok(best);
        }
        let top = best.iter().copied().fold(0.0, f32::max);
        let most = if top > 0.0 { SYNONYM_TRUST * top } else { f32::MAX };
        for (best, other) in best.iter_mut().zip(self.best(&clause.synonyms, bm25f)?) {
            *best = best.max(other.min(most));
        }
        Ok(best)
    }

    fn best(&self, readings: &[Reading], bm25f: &mut Bm25f<'_>) -> Result<Vec<f32>, SearchError> {
        let mut best = vec![0.0_f32; bm25f.candidates.len()];
        let mut coded: Option<Vec<f32>> = None;
        let code = self.code_in_parts(readings);
        for reading in readings {
            let mut values = self.reading(reading, bm25f)?;
            if matches!(reading, Reading::Word(text, _) if Some(text.as_str()) == code) {
                values.iter_mut().filter(|value| **value > 0.0).for_each(|value| *value = value.max(self.weights.code));
            }
            for (best, value) in best.iter_mut().zip(&values) {
                *best = best.max(*value);
            }
            if matches!(reading, Reading::Raw(_, text) if Some(text.as_str()) == code) {
                coded = Some(values);
            }
        }
        // A code that was typed in parts says as much in one spelling as in another.
        let top = best.iter().copied().fold(0.0, f32::max);
        for (best, value) in best.iter_mut().zip(coded.iter().flatten()) {
            *best = if *value > 0.0 { top } else { *best };
        }
        Ok(best)
    }

    /// The code that several words of a query make, in letters and digits only.
    fn code_in_parts<'r>(&self, readings: &'r [Reading]) -> Option<&'r str> {
        let is_in_parts = readings.iter().any(|reading| matches!(reading, Reading::Words(..)));
        readings.iter().filter(|_| is_in_parts).find_map(|reading| match reading {
            Reading::Raw(field, text) if *field == self.fields.codes => Some(text.as_str()),
            _ => None,
        })
    }

    fn reading(&self, reading: &Reading, bm25f: &mut Bm25f<'_>) -> Result<Vec<f32>, SearchError> {
        let candidates = bm25f.candidates;
        Ok(match reading {
            Reading::Word(text, trust) => bm25f.word(text)?.scores.iter().map(|v| v * trust).collect(),
            Reading::Words(texts, trust) => {
                let mut sum = vec![0.0_f32; candidates.len()];
                let mut whole = vec![true; candidates.len()];
                for text in texts {
                    for (at, value) in bm25f.word(text)?.scores.iter().enumerate() {
                        sum[at] += value;
                        whole[at] &= *value > 0.0;
                    }
                }
                sum.into_iter().zip(whole).map(|(sum, whole)| if whole { sum * trust } else { 0.0 }).collect()
            }
            Reading::Raw(..) => {
                let found = self.constant(reading_query(self.fields, reading).as_ref(), candidates)?;
                found.into_iter().map(|v| v * self.weights.code).collect()
            }
            Reading::Phrase(stems) => self.scores(phrase_query(self.fields.all, stems).as_ref(), candidates)?,
            // The more digits, the nearer the goods: those of the subheading come before others of its heading.
            Reading::Hs { code, .. } => {
                let found = self.constant(reading_query(self.fields, reading).as_ref(), candidates)?;
                found.into_iter().map(|v| v * code.len() as f32 / 6.0).collect()
            }
        })
    }

    /// How many pairs of neighbouring words of the query stand together in the name.
    fn phrases(&self, bm25f: &mut Bm25f<'_>) -> Result<Vec<f32>, SearchError> {
        let mut sum = vec![0.0_f32; bm25f.candidates.len()];
        for pair in self.plan.wanted.windows(2) {
            let (Some(Reading::Word(a, _)), Some(Reading::Word(b, _))) =
                (pair[0].readings.first(), pair[1].readings.first())
            else {
                continue;
            };
            let (a, b) = (bm25f.word(a)?, bm25f.word(b)?);
            for (sum, (a, b)) in sum.iter_mut().zip(a.in_name.iter().zip(&b.in_name)) {
                *sum += if (a << 1) & b != 0 { 1.0 } else { 0.0 };
            }
        }
        Ok(sum)
    }

    /// One for each candidate that the query finds, else zero.
    fn constant(&self, query: &dyn IndexQuery, candidates: &[Candidate]) -> Result<Vec<f32>, SearchError> {
        Ok(self.scores(query, candidates)?.into_iter().map(|score| if score > 0.0 { 1.0 } else { 0.0 }).collect())
    }

    /// The query's score for each candidate; they come sorted by address.
    fn scores(&self, query: &dyn IndexQuery, candidates: &[Candidate]) -> Result<Vec<f32>, SearchError> {
        let weight = query.weight(EnableScoring::enabled_from_searcher(&self.snapshot.searcher))?;
        let mut out = vec![0.0_f32; candidates.len()];
        let mut at = 0;
        while at < candidates.len() {
            let segment = candidates[at].address.segment_ord;
            let mut scorer = weight.scorer(self.snapshot.searcher.segment_reader(segment), 1.0)?;
            while let Some(candidate) = candidates.get(at).filter(|c| c.address.segment_ord == segment) {
                let wanted = candidate.address.doc_id;
                let mut doc = scorer.doc();
                if doc < wanted && doc != TERMINATED {
                    doc = scorer.seek(wanted);
                }
                if doc == wanted {
                    // Found is never 0, which means not found, whatever a query scores.
                    out[at] = scorer.score().max(f32::MIN_POSITIVE);
                }
                at += 1;
            }
        }
        Ok(out)
    }

    /// Raises what is near to the class of the first hits.
    fn feedback(&self, scored: &mut [Scored]) {
        // Two hits are no class.
        if scored.len() < 3 {
            return;
        }
        // What holds all words says what is wanted, as long as it is more than a few.
        let whole = scored.iter().filter(|hit| hit.candidate.part == 0).count();
        let is_enough = whole >= ENOUGH_FOR_A_CLASS;
        let depth = self.weights.feedback_depth.clamp(1, if is_enough { whole } else { scored.len() });
        let first = |a: &Scored, b: &Scored| {
            let is_behind = |hit: &Scored| is_enough && hit.candidate.part > 0;
            is_behind(a).cmp(&is_behind(b)).then_with(|| best_first(a, b))
        };
        scored.select_nth_unstable_by(depth - 1, first);
        sort(&mut scored[..depth]);
        // The better a hit, the more it says about the class: with equal votes the tail of the first fifty would outvote the head.
        let top = scored[0].score.max(f32::MIN_POSITIVE);
        let vectors = self.features(scored);
        let mut centre: FxHashMap<u32, f32> = FxHashMap::default();
        for (vector, hit) in vectors.iter().zip(scored.iter()).take(depth) {
            for (feature, weight) in vector {
                *centre.entry(*feature).or_default() += weight * hit.score / top;
            }
        }
        // A query of many words names its class itself.
        let share = self.weights.feedback * (3.0 / self.plan.wanted.len().max(1) as f32).min(1.0);
        let norm = centre.values().map(|v| v * v).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
        for (hit, vector) in scored.iter_mut().zip(vectors.iter()) {
            let near: f32 = vector.iter().filter_map(|(feature, weight)| Some(weight * centre.get(feature)?)).sum();
            let bonus = share * top * near / norm;
            hit.score += bonus;
            hit.parts.class = bonus;
            hit.parts.nearness = near / norm;
        }
    }

    /// Each candidate's features, weighted by idf, at length one.
    fn features(&self, scored: &[Scored]) -> Vectors {
        let mut vectors =
            Vectors { features: Vec::with_capacity(scored.len() * 16), ends: Vec::with_capacity(scored.len()) };
        for hit in scored {
            let DocAddress { segment_ord, doc_id } = hit.candidate.address;
            let features = self.snapshot.columns[segment_ord as usize].features(doc_id);
            let begin = vectors.features.len();
            vectors.features.extend(features.iter().map(|feature| {
                let share = if analyzers::is_class_feature(*feature) { self.weights.class_features } else { 1.0 };
                (*feature, share * self.snapshot.averages.idf.weight(*feature))
            }));
            let own = &mut vectors.features[begin..];
            let norm = own.iter().map(|(_, w)| w * w).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
            own.iter_mut().for_each(|(_, w)| *w /= norm);
            vectors.ends.push(vectors.features.len());
        }
        vectors
    }

    /// Verification (0 to 10) and freshness beside the newest candidate, together at most `prior` of the best score.
    fn prior(&self, scored: &mut [Scored]) {
        let top = scored.iter().map(|s| s.score).fold(0.0, f32::max);
        let facts: Vec<(u32, i64)> = scored
            .iter()
            .map(|s| {
                let DocAddress { segment_ord, doc_id } = s.candidate.address;
                let row = self.snapshot.columns[segment_ord as usize].row(doc_id);
                (row.rank, row.published)
            })
            .collect();
        let newest = facts.iter().map(|(_, at)| *at).max().unwrap_or(0);
        for (hit, (rank, at)) in scored.iter_mut().zip(facts) {
            // By whole days, so that a catalogue that was loaded in one go is not ranked by the order of its lines.
            let days = ((newest - at) / DAY_MS) as f32;
            let fresh = HALF_FRESH_DAYS / (HALF_FRESH_DAYS + days);
            let bonus = self.weights.prior * top * (0.5 * rank as f32 / 10.0 + 0.5 * fresh);
            hit.score += bonus;
            hit.parts.prior = bonus;
        }
    }
}

/// A vector of features and weights for each candidate, one behind the other.
struct Vectors {
    features: Vec<(u32, f32)>,
    ends: Vec<usize>,
}

impl Vectors {
    fn iter(&self) -> impl Iterator<Item = &[(u32, f32)]> {
        let begins = std::iter::once(&0).chain(&self.ends);
        begins.zip(&self.ends).map(|(begin, end)| &self.features[*begin..*end])
    }
}

/// From so many hits that hold all words on, they alone make the class that is wanted.
const ENOUGH_FOR_A_CLASS: usize = 10;
/// What a word tells at most, beside what it tells that stands once in a name of usual length.
const REPEATED: f32 = 1.6;
/// A day in milliseconds.
const DAY_MS: i64 = 86_400_000;
/// After so many days a listing counts as half as fresh as the newest.
const HALF_FRESH_DAYS: f32 = 90.0;

/// Best first; equal scores by id, so that pages follow each other without gap.
fn sort(scored: &mut [Scored]) {
    scored.sort_unstable_by(best_first);
}

fn best_first(a: &Scored, b: &Scored) -> std::cmp::Ordering {
    b.score.total_cmp(&a.score).then(a.candidate.id.cmp(&b.candidate.id))
}
