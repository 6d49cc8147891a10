//! The one writer: turns documents into index entries, commits them with their position in the change log, and lets the
//! readers see them.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use tantivy::schema::{Field, Term as IndexTerm};
use tantivy::{IndexWriter, TantivyDocument};

use super::analyzers;
use super::docs::{Change, Entry};
use super::schema::Fields;
use super::{Indexes, Kind, Search, SearchError, lock};

/// How far an index has followed the change log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Names one life of the database; a restored one gets a new epoch.
    pub epoch: String,
    /// The last `changes.seq` that is in the index.
    pub seq: i64,
}

/// Longest text of one field that is looked at, in bytes: a longer description is cut off.
const MAX_TEXT: usize = 60_000;
/// Longest stored text for highlighting, in bytes.
const MAX_STORED: usize = 4_000;
/// Longest exact form in bytes.
const MAX_EXACT: usize = 160;

/// Writes the three indexes. There is one in a process; it holds their locks until it is dropped.
pub struct Writer {
    indexes: Indexes,
    writers: [IndexWriter; Kind::ALL.len()],
}

impl Search {
    /// The writer, with a memory budget in bytes for each of the three indexes (at least 15 MB is taken) and one or two
    /// threads for each. Fails when another writer is alive on the same folder.
    pub fn writer(&self, memory_bytes: usize, threads: usize) -> Result<Writer, SearchError> {
        let threads = threads.clamp(1, 2);
        let memory = memory_bytes.max(threads * 15_000_000);
        let indexes = self.indexes();
        let open = |kind: Kind| indexes[kind as usize].index.writer_with_num_threads(threads, memory);
        let writers = [open(Kind::Listing)?, open(Kind::Company)?, open(Kind::Rfq)?];
        Ok(Writer { indexes, writers })
    }

    /// How far all three indexes have come: the smallest position, or none when one has none or their epochs differ.
    pub fn position(&self) -> Result<Option<Position>, SearchError> {
        position_of(&self.indexes())
    }
}

fn position_of(indexes: &Indexes) -> Result<Option<Position>, SearchError> {
    let mut least: Option<Position> = None;
    for index in indexes {
        let payload = index.index.load_metas()?.payload;
        let Some(here) = payload.and_then(|text| serde_json::from_str::<Position>(&text).ok()) else {
            return Ok(None);
        };
        least = match least {
            Some(other) if other.epoch != here.epoch => return Ok(None),
            Some(other) if other.seq <= here.seq => Some(other),
            _ => Some(here),
        };
    }
    Ok(least)
}

impl Writer {
    /// Takes the changes in order; they are seen after the next [`Writer::commit`].
    pub fn apply(&mut self, batch: Vec<Change>) -> Result<(), SearchError> {
        for change in batch {
            match change {
                Change::Listing(doc) => self.upsert(Kind::Listing, (*doc).into())?,
                Change::Company(doc) => self.upsert(Kind::Company, (*doc).into())?,
                Change::Rfq(doc) => self.upsert(Kind::Rfq, (*doc).into())?,
                Change::RemoveListing(id) => self.remove(Kind::Listing, id),
                Change::RemoveCompany(id) => self.remove(Kind::Company, id),
                Change::RemoveRfq(id) => self.remove(Kind::Rfq, id),
            }
        }
        Ok(())
    }

    fn upsert(&mut self, kind: Kind, entry: Entry) -> Result<(), SearchError> {
        self.remove(kind, entry.id);
        let document = document(&self.indexes[kind as usize].fields, &entry)?;
        self.writers[kind as usize].add_document(document)?;
        Ok(())
    }

    fn remove(&mut self, kind: Kind, id: i64) {
        let field = self.indexes[kind as usize].fields.id;
        self.writers[kind as usize].delete_term(IndexTerm::from_field_i64(field, id));
    }

    /// Makes what was applied durable, with the position it reaches, and lets searches see it.
    pub fn commit(&mut self, position: &Position) -> Result<(), SearchError> {
        let payload = serde_json::to_string(position).map_err(|e| SearchError::Index(e.to_string()))?;
        for writer in &mut self.writers {
            let mut prepared = writer.prepare_commit()?;
            prepared.set_payload(&payload);
            prepared.commit()?;
        }
        self.reload()
    }

    /// Empties all three indexes and their position, at once and durably.
    pub fn clear(&mut self) -> Result<(), SearchError> {
        for writer in &mut self.writers {
            writer.delete_all_documents()?;
            writer.commit()?;
        }
        self.reload()
    }

    /// How far the indexes have come; see [`Search::position`].
    pub fn position(&self) -> Result<Option<Position>, SearchError> {
        position_of(&self.indexes)
    }

    /// Waits until merges that are under way have ended, and closes the writer.
    pub fn close(self) -> Result<(), SearchError> {
        for writer in self.writers {
            writer.wait_merging_threads()?;
        }
        Ok(())
    }

    /// Lets searches see the last commit.
    fn reload(&self) -> Result<(), SearchError> {
        for index in &self.indexes {
            index.reader.reload()?;
            let fresh = index.snapshots.take(index.reader.searcher())?;
            *lock(&index.current) = fresh;
            lock(&index.kept).forget(index.clock.now());
        }
        Ok(())
    }
}

/// Collects the terms of a document field by field.
struct Builder<'a> {
    fields: &'a Fields,
    language: &'a str,
    document: TantivyDocument,
    all: String,
    words: HashSet<String>,
}

impl Builder<'_> {
    /// Files a text under one of the word fields and `times` under the combined one.
    fn text(&mut self, field: usize, text: &str, times: usize) {
        let text = cut(text, MAX_TEXT);
        let terms = analyzers::terms(text, self.language);
        if terms.is_empty() {
            return;
        }
        let spaced = analyzers::spaced(&terms);
        for _ in 0..times {
            self.combined(&spaced);
        }
        self.document.add_text(self.fields.parts[field], spaced);
    }

    fn combined(&mut self, spaced: &str) {
        if !self.all.is_empty() {
            self.all.push(analyzers::GAP);
        }
        self.all.push_str(spaced);
    }

    /// Remembers the plain words of a text as ones that spelling may be corrected to.
    fn vocabulary(&mut self, text: &str) {
        let plain = analyzers::words(cut(text, MAX_STORED)).into_iter().map(|word| word.text);
        self.words.extend(plain.filter(|word| word.len() > 2 && !analyzers::has_digit(word)));
    }
}

/// The text's beginning, at most `bytes` long.
fn cut(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

fn is_no(value: &str) -> bool {
    matches!(value.trim(), "no" | "No" | "NO" | "false" | "False" | "n" | "N" | "-")
}

fn is_yes(value: &str) -> bool {
    matches!(value.trim(), "yes" | "Yes" | "YES" | "true" | "True" | "y" | "Y")
}

/// The index's entry of a document.
fn document(fields: &Fields, entry: &Entry) -> Result<TantivyDocument, SearchError> {
    let mut b = Builder {
        fields,
        language: &entry.language,
        document: TantivyDocument::default(),
        all: String::new(),
        words: HashSet::new(),
    };
    add_texts(&mut b, entry);
    let (mut document, all, words) = (b.document, b.all, b.words);
    document.add_text(fields.all, all);
    add_raw(&mut document, fields.words, words);
    add_codes(&mut document, fields, entry);
    add_columns(&mut document, fields, entry);
    add_signs(&mut document, fields, entry);
    let hit = serde_json::to_string(&entry.hit).map_err(|e| SearchError::Index(e.to_string()))?;
    document.add_text(fields.hit, hit);
    document.add_u64(fields.digest, entry.digest());
    document.add_text(fields.text_name, cut(&entry.name, MAX_STORED));
    document.add_text(fields.text_body, cut(&entry.body, MAX_STORED));
    Ok(document)
}

fn add_texts(b: &mut Builder<'_>, entry: &Entry) {
    b.text(0, &entry.name, 2);
    b.vocabulary(&entry.name);
    let parts = [(1, &entry.brand), (2, &entry.model), (3, &entry.class)];
    for (field, texts) in parts {
        for text in texts {
            b.text(field, text, 1);
            b.vocabulary(text);
        }
    }
    for (name, value) in entry.attributes.iter().filter(|(_, value)| !is_no(value)) {
        b.text(5, name, 1);
        b.vocabulary(name);
        if !is_yes(value) {
            b.text(4, value, 1);
            b.vocabulary(value);
        }
    }
    b.text(6, &entry.body, 1);
    b.vocabulary(&entry.body);
    let company = analyzers::terms(&entry.company_name, b.language);
    if !company.is_empty() {
        b.combined(&analyzers::spaced(&company));
    }
}

fn add_raw(document: &mut TantivyDocument, field: Field, terms: impl IntoIterator<Item = String>) {
    let joined = terms.into_iter().collect::<Vec<_>>().join(" ");
    if !joined.is_empty() {
        document.add_text(field, joined);
    }
}

fn add_codes(document: &mut TantivyDocument, fields: &Fields, entry: &Entry) {
    let mut runs = Vec::new();
    let mut exact = HashSet::new();
    for text in &entry.codes {
        let text = cut(text, MAX_STORED);
        analyzers::code_runs(text, &mut runs);
        let squashed = analyzers::squash(text);
        if (2..=MAX_EXACT).contains(&squashed.len()) {
            exact.insert(squashed);
        }
    }
    let chunks = entry.attributes.iter().map(|(_, value)| value).chain([&entry.body]);
    for chunk in chunks.flat_map(|text| cut(text, MAX_STORED).split_whitespace()) {
        if chunk.len() <= 40 && analyzers::has_digit(chunk) && chunk.contains(|c: char| !c.is_alphanumeric()) {
            runs.push(analyzers::squash(chunk));
        }
    }
    runs.retain(|run| run.len() >= 3);
    runs.sort_unstable();
    runs.dedup();
    add_raw(document, fields.codes, runs);
    add_raw(document, fields.exact, exact);
    if let Some(gtin) = gtin14(&entry.gtin) {
        add_raw(document, fields.gtin, [gtin]);
    }
    let hs: String = entry.hs_code.chars().filter(char::is_ascii_digit).take(10).collect();
    if hs.len() >= 2 {
        add_raw(document, fields.hs, (2..=hs.len()).map(|end| hs[..end].to_owned()));
        document.add_u64(fields.hs_number, hs_bounds(&hs).0);
    }
}

/// A GTIN of 8, 12, 13 or 14 digits in its 14-digit form.
pub(super) fn gtin14(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    let is_gtin = matches!(digits.len(), 8 | 12 | 13 | 14) && digits.bytes().all(|b| b.is_ascii_digit());
    is_gtin.then(|| format!("{digits:0>14}"))
}

/// The least and the greatest ten-digit number that begin with these digits (up to 10 of them).
pub(super) fn hs_bounds(digits: &str) -> (u64, u64) {
    let number = digits.parse::<u64>().unwrap_or(0);
    let scale = 10_u64.pow(u32::try_from(10_usize.saturating_sub(digits.len())).unwrap_or(0));
    (number * scale, number * scale + scale - 1)
}

fn add_columns(document: &mut TantivyDocument, fields: &Fields, entry: &Entry) {
    document.add_i64(fields.id, entry.id);
    document.add_i64(fields.rank, i64::from(entry.rank));
    for (dim, value) in entry.dims.iter().filter(|(_, value)| !value.is_empty()) {
        document.add_text(fields.dims[dim.index()], value);
    }
    for (field, value) in fields.numbers.iter().zip(entry.numbers) {
        if let Some(value) = value {
            document.add_i64(*field, value);
        }
    }
}

/// What class of thing it is, as far as its attribute names, its category and the words of its name tell.
fn add_signs(document: &mut TantivyDocument, fields: &Fields, entry: &Entry) {
    let mut signs = HashSet::new();
    for (name, _) in entry.attributes.iter().filter(|(_, value)| !is_no(value)) {
        signs.insert(analyzers::sign(&analyzers::fold(name), true));
    }
    for part in entry.class.iter().flat_map(|path| path.split('/')).map(str::trim).filter(|part| !part.is_empty()) {
        signs.insert(analyzers::sign(&analyzers::fold(part), true));
    }
    for term in analyzers::terms(cut(&entry.name, MAX_STORED), &entry.language) {
        if term.text.len() > 2 && !analyzers::has_digit(&term.text) {
            signs.insert(analyzers::sign(&term.text, false));
        }
    }
    for sign in signs {
        document.add_u64(fields.signs, sign);
    }
}
