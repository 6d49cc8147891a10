//! The limit: the leanest program of actix-web and tantivy. One combined field, all words, hits, total and facet in one pass, hits ready
//! made in a file, the search called directly in the worker. It ranks by nothing else, filters nothing, follows no database.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::query::{BooleanQuery, Query, TermQuery};
use tantivy::schema::{FAST, Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::TextAnalyzer;
use tantivy::{DocId, Index, Score, SegmentOrdinal, SegmentReader, Term, doc};

use crate::market::{self, Line};
use crate::server::SearchFn;

/// Hits of an answer.
const HITS: usize = 20;
/// Two letters as a number, one for each country.
const COUNTRIES: usize = 26 * 26;

fn number(country: &str) -> u64 {
    country.bytes().fold(0, |number, letter| number * 26 + u64::from(letter - b'A'))
}

/// The hit as an answer holds it.
fn hit(line: &Line) -> String {
    let snippet: String = line.description.chars().take(160).collect();
    serde_json::json!({"id": line.sku, "name": line.name, "country": line.origin_country, "description": snippet})
        .to_string()
}

/// Fills the index.
pub fn build(file: &Path, folder: &Path) {
    std::fs::create_dir_all(folder).unwrap();
    let mut schema = Schema::builder();
    let indexing = TextFieldIndexing::default().set_tokenizer("en_stem").set_index_option(IndexRecordOption::WithFreqs);
    let text = schema.add_text_field("text", TextOptions::default().set_indexing_options(indexing));
    let country = schema.add_u64_field("country", FAST);
    let place = schema.add_u64_field("place", FAST);
    let index = Index::create_in_dir(folder, schema.build()).unwrap();
    let mut writer = index.writer_with_num_threads(2, 256 << 20).unwrap();
    let mut hits = BufWriter::new(File::create(folder.join("hits")).unwrap());
    let mut at = 0_u64;
    for line in market::read(file) {
        let ready = hit(&line);
        // Where it begins and how long it is, in one number.
        let found = at << 16 | ready.len() as u64;
        let words = format!("{0} {0} {1}", line.name, line.description);
        writer.add_document(doc!(text => words, country => number(&line.origin_country), place => found)).unwrap();
        hits.write_all(ready.as_bytes()).unwrap();
        at += ready.len() as u64;
    }
    hits.flush().unwrap();
    writer.commit().unwrap();
    writer.wait_merging_threads().unwrap();
}

/// Opens it for one worker.
pub fn open(folder: &Path) -> SearchFn {
    let index = Index::open_in_dir(folder).unwrap();
    let text = index.schema().get_field("text").unwrap();
    let searcher = index.reader().unwrap().searcher();
    let hits = Arc::new(File::open(folder.join("hits")).unwrap());
    let analyzer = index.tokenizers().get("en_stem").unwrap();
    Box::new(move |words| {
        let found = searcher.search(&query(text, &mut analyzer.clone(), words), &OnePass).unwrap();
        let mut answer = format!("{{\"total\":{},\"data\":[", found.total);
        for (at, (_, place)) in found.best.iter().enumerate() {
            let mut ready = vec![0; (place & 0xffff) as usize];
            hits.read_exact_at(&mut ready, place >> 16).unwrap();
            let comma = if at == 0 { "" } else { "," };
            let _ = write!(answer, "{comma}{}", std::str::from_utf8(&ready).unwrap());
        }
        answer.push_str("],\"facets\":{\"country\":[");
        let counted = found.countries.iter().enumerate().filter(|(_, count)| **count > 0);
        for (at, (country, count)) in counted.enumerate() {
            let letters = [country / 26, country % 26].map(|letter| (b'A' + letter as u8) as char);
            let comma = if at == 0 { "" } else { "," };
            let _ = write!(answer, "{comma}{{\"value\":\"{}{}\",\"count\":{count}}}", letters[0], letters[1]);
        }
        answer.push_str("]}}");
        answer
    })
}

fn query(text: Field, analyzer: &mut TextAnalyzer, words: &str) -> BooleanQuery {
    let mut queries: Vec<Box<dyn Query>> = Vec::new();
    let mut stream = analyzer.token_stream(words);
    while let Some(token) = stream.next() {
        let term = Term::from_field_text(text, &token.text);
        queries.push(Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)));
    }
    BooleanQuery::intersection(queries)
}

/// Hits, total and facet together.
struct OnePass;

struct Found {
    total: usize,
    countries: Vec<u32>,
    /// Score and place of the hit, best first.
    best: Vec<(Score, u64)>,
}

struct Segment {
    country: Column<u64>,
    place: Column<u64>,
    total: usize,
    countries: Vec<u32>,
    /// The worst of the best on top: scores above zero order like their bits.
    best: BinaryHeap<Reverse<(u32, Reverse<DocId>)>>,
}

impl Collector for OnePass {
    type Fruit = Found;
    type Child = Segment;

    fn for_segment(&self, _: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<Segment> {
        let column = |name: &str| reader.fast_fields().u64(name);
        let countries = vec![0; COUNTRIES];
        Ok(Segment {
            country: column("country")?,
            place: column("place")?,
            total: 0,
            countries,
            best: BinaryHeap::with_capacity(HITS + 1),
        })
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(&self, segments: Vec<Found>) -> tantivy::Result<Found> {
        let mut all = Found { total: 0, countries: vec![0; COUNTRIES], best: Vec::new() };
        for segment in segments {
            all.total += segment.total;
            all.countries.iter_mut().zip(&segment.countries).for_each(|(sum, count)| *sum += count);
            all.best.extend(segment.best);
        }
        all.best.sort_by(|one, other| other.0.total_cmp(&one.0));
        all.best.truncate(HITS);
        Ok(all)
    }
}

impl SegmentCollector for Segment {
    type Fruit = Found;

    fn collect(&mut self, doc: DocId, score: Score) {
        self.total += 1;
        if let Some(country) = self.country.first(doc) {
            self.countries[country as usize] += 1;
        }
        let ranked = Reverse((score.to_bits(), Reverse(doc)));
        if self.best.len() < HITS {
            self.best.push(ranked);
        } else if self.best.peek().is_some_and(|worst| ranked < *worst) {
            self.best.pop();
            self.best.push(ranked);
        }
    }

    fn harvest(self) -> Found {
        let placed = |Reverse((score, Reverse(doc)))| (f32::from_bits(score), self.place.first(doc).unwrap_or(0));
        Found { total: self.total, countries: self.countries, best: self.best.into_iter().map(placed).collect() }
    }
}
