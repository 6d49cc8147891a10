//! BM25F: how well each word of a query matches each candidate of one search, by the fields that it stands in.
//!
//! The positions of the combined field tell the part that a word stands in, so one reading of one list of documents answers for all
//! parts, and for what stands beside what in the name.

use std::collections::HashMap;
use std::rc::Rc;

use tantivy::index::SegmentReader;
use tantivy::postings::Postings as _;
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{DocSet as _, TERMINATED};

use super::SearchError;
use super::collector::Candidate;
use super::request::Weights;
use super::schema::{PARTS, lengths};
use super::snapshot::Snapshot;

/// BM25: how soon further occurrences stop counting, and how much the length of a part does.
const K1: f32 = 1.2;
const B: f32 = 0.75;

/// How much a word tells that so many of all documents hold.
pub(super) fn idf(documents: u64, frequency: u64) -> f32 {
    (1.0 + ((documents - frequency.min(documents)) as f32 + 0.5) / (frequency as f32 + 0.5)).ln()
}

/// What is known of the candidates.
pub(super) struct Bm25f<'a> {
    snapshot: &'a Snapshot,
    field: Field,
    weights: &'a Weights,
    /// By address.
    pub candidates: &'a [Candidate],
    ends: Vec<[u32; PARTS]>,
    known: HashMap<String, Rc<TermScores>>,
}

/// What a word is to each candidate.
pub(super) struct TermScores {
    /// How much it tells; 0 where it does not stand.
    pub scores: Vec<f32>,
    /// The positions in the name that it stands at, of the first 64: a bit for each.
    pub in_name: Vec<u64>,
}

impl<'a> Bm25f<'a> {
    /// The candidates must be in the order of their addresses.
    pub fn new(snapshot: &'a Snapshot, field: Field, weights: &'a Weights, candidates: &'a [Candidate]) -> Self {
        let ends_of = |c: &Candidate| snapshot.columns[c.address.segment_ord as usize].row(c.address.doc_id).ends();
        let ends = candidates.iter().map(ends_of).collect();
        Self { snapshot, field, weights, candidates, ends, known: HashMap::new() }
    }

    /// A word: the best part counts and the others add a little (dismax).
    pub fn word(&mut self, text: &str) -> Result<Rc<TermScores>, SearchError> {
        if let Some(found) = self.known.get(text) {
            return Ok(Rc::clone(found));
        }
        let found = Rc::new(self.read(text)?);
        self.known.insert(text.to_owned(), Rc::clone(&found));
        Ok(found)
    }

    /// What a word tells that stands once, in a name of usual length.
    pub fn in_usual_name(&self, text: &str) -> Result<f32, SearchError> {
        let (_, idf) = self.rarity(&Term::from_field_text(self.field, text))?;
        Ok(idf * self.weights.fields[0])
    }

    /// In how many documents a word stands, and its inverse document frequency.
    fn rarity(&self, term: &Term) -> Result<(u64, f32), SearchError> {
        let searcher = &self.snapshot.searcher;
        let documents: u64 = searcher.segment_readers().iter().map(|reader| u64::from(reader.max_doc())).sum();
        let frequency = searcher.doc_freq(term)?;
        // Over all segments and deleted documents too: both counts must be of the same documents, or a word could be rarer than none.
        Ok((frequency, idf(documents, frequency)))
    }

    fn read(&self, text: &str) -> Result<TermScores, SearchError> {
        let count = self.candidates.len();
        let mut found = TermScores { scores: vec![0.0; count], in_name: vec![0; count] };
        let term = Term::from_field_text(self.field, text);
        let searcher = &self.snapshot.searcher;
        let (frequency, idf) = self.rarity(&term)?;
        let mut at = 0;
        while frequency > 0 && at < count {
            let segment = self.candidates[at].address.segment_ord;
            let end = at + self.candidates[at..].partition_point(|c| c.address.segment_ord == segment);
            self.read_segment(searcher.segment_reader(segment), &term, at..end, idf, &mut found)?;
            at = end;
        }
        Ok(found)
    }

    fn read_segment(
        &self,
        reader: &SegmentReader,
        term: &Term,
        candidates: std::ops::Range<usize>,
        idf: f32,
        found: &mut TermScores,
    ) -> Result<(), SearchError> {
        let index = reader.inverted_index(self.field)?;
        let Some(mut postings) = index.read_postings(term, IndexRecordOption::WithFreqsAndPositions)? else {
            return Ok(());
        };
        let mut positions = Vec::new();
        for at in candidates {
            let wanted = self.candidates[at].address.doc_id;
            let doc = if postings.doc() < wanted { postings.seek(wanted) } else { postings.doc() };
            if doc == TERMINATED {
                break;
            }
            if doc == wanted {
                postings.positions(&mut positions);
                (found.scores[at], found.in_name[at]) = self.score(&self.ends[at], &positions, idf);
            }
        }
        Ok(())
    }

    /// How much a word tells that stands at these positions, and where in the name it does.
    fn score(&self, ends: &[u32; PARTS], positions: &[u32], idf: f32) -> (f32, u64) {
        let (mut counts, mut in_name, mut part) = ([0.0_f32; PARTS], 0, 0);
        for position in positions {
            while part < PARTS && ends[part] <= *position {
                part += 1;
            }
            let Some(count) = counts.get_mut(part) else { break };
            *count += 1.0;
            if part == 0 {
                in_name |= 1_u64.checked_shl(*position).unwrap_or(0);
            }
        }
        let (mut best, mut sum) = (0.0_f32, 0.0);
        for (part, (count, length)) in
            counts.iter().zip(lengths(ends)).enumerate().filter(|(_, (count, _))| **count > 0.0)
        {
            let relative = length as f32 / self.snapshot.averages.lengths[part];
            let value = self.weights.fields[part] * count * (K1 + 1.0) / (count + K1 * (1.0 - B + B * relative));
            best = best.max(value);
            sum += value;
        }
        // The best field counts, the others add a little (disjunction max): a sum would rank those first who repeat a word everywhere.
        (idf * (best + self.weights.tie_breaker * (sum - best)), in_name)
    }
}
