//! The one writer: turns documents into index entries, commits them with their position in the change log, and lets the
//! readers see them.

use std::collections::{BTreeSet, HashSet};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tantivy::indexer::IndexWriterOptions;
use tantivy::schema::{Field, Term as IndexTerm};
use tantivy::{IndexWriter, TantivyDocument};

use super::analyzers;
use super::docs::{Change, Entry, Step};
use super::engine::Indexes;
use super::schema::{Fields, PARTS, pack_ends};
use super::sync::lock;
use super::{Kind, Search, SearchError, doc_codec};

/// How far an index has followed the change log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Names one life of the database; a restored one gets a new epoch.
    pub epoch: String,
    /// The last `changes.seq` that is in the index.
    pub seq: i64,
}

/// Longest text of one field that is indexed, in bytes: a longer description is cut off.
const MAX_TEXT: usize = 60_000;
/// Longest stored text for highlighting, in bytes.
const MAX_STORED: usize = 4_000;
/// Longest exact form in bytes.
const MAX_EXACT: usize = 160;

/// How long an index that does not change may keep an old position, which is what a process that is killed goes on from.
// A commit of an index that did not change only moves its position: each costs files and a reload, and what is repeated after a kill is
// cheap.
const POSITION_EVERY: Duration = Duration::from_secs(60);

/// How long nothing is committed before the indexes that did not change get the present position too.
const QUIET: Duration = Duration::from_secs(1);

/// Writes the three indexes. There is one in a process; it holds their locks until it is dropped.
pub struct Writer {
    indexes: Indexes,
    writers: [IndexWriter; Kind::ALL.len()],
    written: [Written; Kind::ALL.len()],
    /// The position of the last commit.
    position: Option<Position>,
}

/// What this writer has done with one index.
#[derive(Clone, Copy, Default)]
struct Written {
    /// Whether something was applied since its last commit.
    is_changed: bool,
    /// When it was committed last, by this writer.
    committed: Option<Instant>,
}

impl Search {
    /// The writer, with a memory budget in bytes for each of the three indexes (at least 15 MB is taken) and one or two
    /// threads for each. Fails when another writer is alive on the same folder.
    pub fn writer(&self, memory_bytes: usize, threads: usize) -> Result<Writer, SearchError> {
        let threads = threads.clamp(1, 2);
        let memory = memory_bytes.max(threads * 15_000_000);
        let indexes = self.indexes();
        let open = |kind: Kind| {
            let options = IndexWriterOptions::builder()
                .num_worker_threads(threads)
                .memory_budget_per_thread(memory / threads)
                // Of four merges at once, the default, each holds its segments in memory and its stack: a small node has no room for twelve.
                .num_merge_threads(1);
            indexes[kind as usize].index.writer_with_options(options.build())
        };
        let writers = [open(Kind::Listing)?, open(Kind::Company)?, open(Kind::Rfq)?];
        Ok(Writer { indexes, writers, written: Default::default(), position: None })
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
            // One index of another database makes all of them useless: they are filled together.
            Some(other) if other.epoch != here.epoch => return Ok(None),
            // The least: a change is applied again to those that have it, which changes nothing.
            Some(other) if other.seq <= here.seq => Some(other),
            _ => Some(here),
        };
    }
    Ok(least)
}

impl Writer {
    /// Puts documents in that are not there yet; they are seen after the next [`Writer::commit`]. Removals are passed over. Another
    /// thread makes half of them: what makes documents of entries takes longer than reading them or indexing them does.
    pub fn fill(&mut self, batch: Vec<Change>) -> Result<(), SearchError> {
        let entries: Vec<(Kind, Box<Entry>)> = batch
            .into_iter()
            .filter_map(|change| match change.into_step() {
                (kind, Step::Put(entry)) => Some((kind, entry)),
                (_, Step::Remove(_)) => None,
            })
            .collect();
        // Making documents, not writing them, is what takes the time; two threads because a rebuild shares the machine with who is served.
        let (here, there) = entries.split_at(entries.len() / 2);
        let (made_here, made_there) = std::thread::scope(|scope| {
            let other = scope.spawn(|| self.made(there));
            (self.made(here), other.join())
        });
        let made_there =
            made_there.unwrap_or_else(|_| Err(SearchError::Index("making a document panicked".to_owned())));
        for (kind, document) in made_here?.into_iter().chain(made_there?) {
            self.writers[kind as usize].add_document(document)?;
            self.written[kind as usize].is_changed = true;
        }
        Ok(())
    }

    fn made(&self, entries: &[(Kind, Box<Entry>)]) -> Result<Vec<(Kind, TantivyDocument)>, SearchError> {
        entries
            .iter()
            .map(|(kind, entry)| Ok((*kind, document(&self.indexes[*kind as usize].fields, entry)?)))
            .collect()
    }

    /// Takes the changes in order; they are seen after the next [`Writer::commit`].
    pub fn apply(&mut self, batch: Vec<Change>) -> Result<(), SearchError> {
        for (kind, step) in batch.into_iter().map(Change::into_step) {
            match step {
                Step::Put(entry) => {
                    // Always, although most are new: an id is not looked up more cheaply than it is deleted.
                    self.remove(kind, entry.id);
                    let document = document(&self.indexes[kind as usize].fields, &entry)?;
                    self.writers[kind as usize].add_document(document)?;
                }
                Step::Remove(id) => self.remove(kind, id),
            }
        }
        Ok(())
    }

    fn remove(&mut self, kind: Kind, id: i64) {
        self.written[kind as usize].is_changed = true;
        let field = self.indexes[kind as usize].fields.id;
        self.writers[kind as usize].delete_term(IndexTerm::from_field_i64(field, id));
    }

    /// Makes what was applied durable, with the position it reaches, and lets searches see it. Only the indexes that changed are touched:
    /// a commit syncs files and makes readers begin anew, and most changes are of one kind. The others keep an older position, from which
    /// a process that is killed applies a minute's changes a second time; now and then, and at the end, they get the present one.
    pub fn commit(&mut self, position: &Position) -> Result<(), SearchError> {
        self.position = Some(position.clone());
        for kind in Kind::ALL {
            let Written { is_changed, committed } = self.written[*kind as usize];
            if is_changed || committed.is_none_or(|at| at.elapsed() >= POSITION_EVERY) {
                self.commit_one(*kind, position)?;
                self.reload(*kind)?;
            }
        }
        Ok(())
    }

    fn commit_one(&mut self, kind: Kind, position: &Position) -> Result<(), SearchError> {
        let payload = serde_json::to_string(position).map_err(|e| SearchError::Index(e.to_string()))?;
        let mut prepared = self.writers[kind as usize].prepare_commit()?;
        prepared.set_payload(&payload);
        prepared.commit()?;
        self.written[kind as usize] = Written { is_changed: false, committed: Some(Instant::now()) };
        Ok(())
    }

    /// Does so once nothing was committed for a second: whoever reads the files of a running process does not find an old position.
    pub fn settle_when_quiet(&mut self) {
        let is_quiet = |written: &Written| written.committed.is_none_or(|at| at.elapsed() >= QUIET);
        if self.written.iter().all(is_quiet) {
            self.settle_positions();
        }
    }

    /// Gives the indexes that did not change since the last commit its position; best effort, for an older one is right too.
    pub fn settle_positions(&mut self) {
        let Some(position) = self.position.take() else { return };
        for kind in Kind::ALL {
            if !self.written[*kind as usize].is_changed
                && let Err(error) = self.commit_one(*kind, &position)
            {
                // No fault: the older position is true, only further behind.
                log::debug!("the index of {} keeps an older position: {error}", kind.folder());
            }
        }
    }

    /// Lets searches see what was filled so far. It has no position: a process that is killed now begins to fill again.
    pub fn refresh(&mut self) -> Result<(), SearchError> {
        for writer in &mut self.writers {
            writer.commit()?;
        }
        Kind::ALL.iter().try_for_each(|kind| self.reload(*kind))
    }

    /// Empties all three indexes and their position, at once and durably.
    pub fn clear(&mut self) -> Result<(), SearchError> {
        for writer in &mut self.writers {
            writer.delete_all_documents()?;
            writer.commit()?;
        }
        self.position = None;
        self.written = [Written { is_changed: true, committed: None }; Kind::ALL.len()];
        Kind::ALL.iter().try_for_each(|kind| self.reload(*kind))
    }

    /// Merges all segments of each index into one.
    #[cfg(test)]
    pub(super) fn merge_all(&mut self) -> Result<(), SearchError> {
        for (index, writer) in self.indexes.iter().zip(&mut self.writers) {
            let segments = index.index.searchable_segment_ids()?;
            if segments.len() > 1 {
                writer.merge(&segments).wait()?;
            }
        }
        Kind::ALL.iter().try_for_each(|kind| self.reload(*kind))
    }

    /// How far the indexes have come; see [`Search::position`].
    pub fn position(&self) -> Result<Option<Position>, SearchError> {
        position_of(&self.indexes)
    }

    /// Waits until merges that are under way have ended, and closes the writer.
    pub fn close(mut self) -> Result<(), SearchError> {
        self.settle_positions();
        for writer in self.writers {
            writer.wait_merging_threads()?;
        }
        Ok(())
    }

    /// Lets searches see the index's last commit.
    fn reload(&self, kind: Kind) -> Result<(), SearchError> {
        let index = &self.indexes[kind as usize];
        index.reader.reload()?;
        let fresh = index.snapshots.take(index.reader.searcher())?;
        *lock(&index.current) = fresh;
        lock(&index.points_in_time).forget(index.clock.now());
        Ok(())
    }
}

/// Collects the terms of a document part by part.
struct Builder<'a> {
    language: &'a str,
    /// The combined field.
    all: String,
    /// The position of its last term.
    last: u32,
    /// The position behind the last term of each part; the part that is under way is the first without one.
    ends: [u32; PARTS],
    ended: usize,
    words: HashSet<String>,
}

impl Builder<'_> {
    /// Adds a text to the part that is under way.
    fn text(&mut self, text: &str) {
        self.terms(&analyzers::spaced(&analyzers::terms(cut(text, MAX_TEXT), self.language)));
    }

    /// The same for a text whose plain words are ones that spelling may be corrected to; answers its terms as they are indexed.
    fn named(&mut self, text: &str) -> String {
        let text = cut(text, MAX_TEXT);
        let words = analyzers::words(text);
        for word in words.iter().take_while(|word| word.end <= MAX_STORED) {
            let is_plain = word.text.len() > 2 && !analyzers::has_digit(&word.text);
            if is_plain && !self.words.contains(&word.text) {
                self.words.insert(word.text.clone());
            }
        }
        let spaced = analyzers::spaced(&analyzers::terms_of(text, words, self.language));
        self.terms(&spaced);
        spaced
    }

    /// Adds a category in English too where the text is in another language: it is the operator's word for the goods, not the seller's, and
    /// its Spanish stem would be another word.
    fn category(&mut self, category: Option<&String>) {
        if analyzers::language(self.language).is_some_and(|language| language != analyzers::Language::English) {
            let own = std::mem::replace(&mut self.language, "en");
            category.into_iter().for_each(|text| self.text(text));
            self.language = own;
        }
    }

    fn terms(&mut self, spaced: &str) {
        if spaced.is_empty() {
            return;
        }
        if !self.all.is_empty() {
            self.all.push(analyzers::GAP);
            self.last += analyzers::GAP_WIDTH;
        }
        self.all.push_str(spaced);
        self.last += spaced.bytes().filter(|byte| *byte == b' ').count() as u32;
    }

    /// Ends the part that is under way.
    fn end_part(&mut self) {
        self.ends[self.ended..].fill(if self.all.is_empty() { 0 } else { self.last + 1 });
        self.ended += 1;
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
    let mut document = TantivyDocument::default();
    add_texts(&mut document, fields, entry);
    add_codes(&mut document, fields, entry);
    add_columns(&mut document, fields, entry);
    add_features(&mut document, fields, entry);
    document.add_bytes(fields.stored, &doc_codec::encode(&entry.hit, cut(&entry.body, MAX_STORED))?);
    document.add_u64(fields.digest, entry.digest());
    Ok(document)
}

/// The words, part by part in the order of [`super::schema::PARTS`].
fn add_texts(document: &mut TantivyDocument, fields: &Fields, entry: &Entry) {
    let mut b = Builder {
        language: &entry.language,
        all: String::new(),
        last: 0,
        ends: [0; PARTS],
        ended: 0,
        words: HashSet::new(),
    };
    let name = b.named(&entry.name);
    b.end_part();
    for texts in [&entry.brand, &entry.model] {
        texts.iter().for_each(|text| drop(b.named(text)));
        b.end_part();
    }
    entry.class.iter().for_each(|text| drop(b.named(text)));
    b.category(entry.class.first());
    b.end_part();
    let attributes = || entry.attributes.iter().filter(|(_, value)| !is_no(value));
    attributes().filter(|(_, value)| !is_yes(value)).for_each(|(_, value)| drop(b.named(value)));
    b.end_part();
    attributes().for_each(|(name, _)| drop(b.named(name)));
    b.end_part();
    b.text(&entry.body);
    b.end_part();
    // Behind the parts: in the first pass, which knows no fields, a word of the name counts twice.
    b.terms(&name);
    b.text(&entry.company_name);
    document.add_u64(fields.layout, pack_ends(&b.ends));
    document.add_text(fields.all, b.all);
    document.add_text(fields.name, name);
    add_raw(document, fields.words, b.words);
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
        // Part numbers of others in a text: with a digit and a sign in it. Plain numbers and words would make every text a code.
        // So would numbers with decimals: `2.5kg` is no `25kg`.
        let has_sign = chunk.contains(|c: char| !c.is_alphanumeric());
        if chunk.len() <= 40 && analyzers::has_digit(chunk) && has_sign && !analyzers::has_decimal(chunk) {
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
    add_hs(document, fields, entry);
}

/// The codes with all that they begin with, and each as a number.
fn add_hs(document: &mut TantivyDocument, fields: &Fields, entry: &Entry) {
    let digits = |code: &str| code.chars().filter(char::is_ascii_digit).take(10).collect::<String>();
    let codes: BTreeSet<String> = entry.hs_code.split_whitespace().map(digits).filter(|code| code.len() >= 2).collect();
    let begins: BTreeSet<String> =
        codes.iter().flat_map(|code| (2..=code.len()).map(move |end| code[..end].to_owned())).collect();
    add_raw(document, fields.hs, begins);
    for code in &codes {
        document.add_u64(fields.hs_number, hs_bounds(code).0);
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
fn add_features(document: &mut TantivyDocument, fields: &Fields, entry: &Entry) {
    // In order: scores are sums over features, and sums of floats depend on the order. All nodes must rank near ties alike.
    let mut features = BTreeSet::new();
    for (name, _) in entry.attributes.iter().filter(|(_, value)| !is_no(value)) {
        features.insert(analyzers::feature(&analyzers::fold(name), true));
    }
    for part in entry.class.iter().flat_map(|path| path.split('/')).map(str::trim).filter(|part| !part.is_empty()) {
        features.insert(analyzers::feature(&analyzers::fold(part), true));
    }
    for term in analyzers::terms(cut(&entry.name, MAX_STORED), &entry.language) {
        if term.text.len() > 2 && !analyzers::has_digit(&term.text) {
            features.insert(analyzers::feature(&term.text, false));
        }
    }
    for feature in features {
        document.add_u64(fields.features, feature.into());
    }
}
