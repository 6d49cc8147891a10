//! What a search reads: the committed segments with their columns opened and their facet values numbered across segments.
//!
//! Opening columns and reading a segment's dictionary costs more than a query, so both are done once for each segment and
//! kept as long as the segment lives. So are the [`Row`]s of its documents, which lie in memory.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, RwLock};

use tantivy::columnar::Column;
use tantivy::index::SegmentId;
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::store::StoreReader;
use tantivy::{DocId, DocSet, Searcher, SegmentReader, TERMINATED};

use super::SearchError;
use super::dims::Dim;
use super::idf::Idf;
use super::schema::{NUMBERS, PARTS, dim_name, lengths, unpack_ends};
use super::sync::lock;

/// Numbers the facet values of all segments; a number never changes for a snapshot.
#[derive(Default)]
pub(super) struct Names {
    ids: HashMap<Arc<str>, u32>,
    texts: Vec<Arc<str>>,
}

impl Names {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(id) = self.ids.get(text) {
            return *id;
        }
        let id = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        let text: Arc<str> = text.into();
        self.texts.push(text.clone());
        self.ids.insert(text, id);
        id
    }

    pub fn find(&self, text: &str) -> Option<u32> {
        self.ids.get(text).copied()
    }

    pub fn text(&self, id: u32) -> Option<Arc<str>> {
        self.texts.get(id as usize).cloned()
    }

    pub fn texts(&self) -> &[Arc<str>] {
        &self.texts
    }
}

/// The numbers of all dimensions.
pub(super) type AllNames = [RwLock<Names>; Dim::COUNT];

/// A dimension's values in one segment: ordinals and the number of each.
pub(super) struct DimColumn {
    ords: Column<u64>,
    numbers: Vec<u32>,
    multiple: bool,
}

impl DimColumn {
    /// Calls `each` with the number of every value of the document.
    #[inline]
    pub fn each(&self, doc: DocId, mut each: impl FnMut(u32)) {
        if !self.multiple {
            if let Some(number) = self.ords.first(doc).and_then(|ord| self.numbers.get(ord as usize)) {
                each(*number);
            }
            return;
        }
        for ord in self.ords.values_for_doc(doc) {
            if let Some(number) = self.numbers.get(ord as usize) {
                each(*number);
            }
        }
    }
}

/// What is read of every candidate, side by side: a search pays for one place in memory a candidate instead of one a column.
#[derive(Clone, Copy, Default)]
pub(super) struct Row {
    pub id: i64,
    /// The company's id; 0 where there is none.
    pub company: i64,
    /// When it was published, in milliseconds; 0 where that is not known.
    pub published: i64,
    /// The ends of its parts, packed.
    layout: u64,
    /// How far its company is verified, 0 to 10.
    pub rank: u32,
    /// Where its features begin; they end where those of the next row begin.
    features: u32,
}

/// The opened columns of one segment, and a row for each of its documents.
pub(super) struct Columns {
    pub dims: [Option<DimColumn>; Dim::COUNT],
    pub numbers: [Column<i64>; NUMBERS.len()],
    pub hs: Column<u64>,
    /// What is stored with the documents.
    pub stored: StoreReader,
    /// By document, and one more for the end.
    rows: Box<[Row]>,
    features: Box<[u32]>,
}

/// Places in [`NUMBERS`].
const COMPANY: usize = 0;
const PUBLISHED: usize = 5;

impl Columns {
    fn open(reader: &SegmentReader, names: &AllNames) -> Result<Self, SearchError> {
        let fast = reader.fast_fields();
        let whole = |name: &str| -> Result<Column<i64>, SearchError> {
            Ok(fast.column_opt::<i64>(name)?.unwrap_or_else(|| Column::build_empty_column(reader.max_doc())))
        };
        let unsigned = |name: &str| -> Result<Column<u64>, SearchError> {
            Ok(fast.column_opt::<u64>(name)?.unwrap_or_else(|| Column::build_empty_column(reader.max_doc())))
        };
        let mut dims = [const { None }; Dim::COUNT];
        for dim in Dim::ALL {
            dims[dim.index()] = open_dim(reader, *dim, &names[dim.index()])?;
        }
        let numbers = NUMBERS.iter().map(|name| whole(name)).collect::<Result<Vec<_>, _>>()?;
        let numbers: [_; NUMBERS.len()] =
            numbers.try_into().map_err(|_| SearchError::Index("columns are missing".into()))?;
        let (ids, ranks, layouts) = (whole("id")?, whole("rank")?, unsigned("layout")?);
        let all_features = unsigned("features")?;
        let (mut rows, mut features) = (Vec::with_capacity(reader.max_doc() as usize + 1), Vec::new());
        for doc in 0..reader.max_doc() {
            rows.push(Row {
                id: ids.first(doc).unwrap_or_default(),
                company: numbers[COMPANY].first(doc).unwrap_or_default(),
                published: numbers[PUBLISHED].first(doc).unwrap_or_default(),
                layout: layouts.first(doc).unwrap_or_default(),
                rank: ranks.first(doc).and_then(|rank| rank.try_into().ok()).unwrap_or_default(),
                features: features.len() as u32,
            });
            features.extend(all_features.values_for_doc(doc).map(|feature| feature as u32));
        }
        rows.push(Row { features: features.len() as u32, ..Row::default() });
        let (hs, stored) = (unsigned("hs_number")?, reader.get_store_reader(0)?);
        Ok(Self { dims, numbers, hs, stored, rows: rows.into(), features: features.into() })
    }
}

fn open_dim(reader: &SegmentReader, dim: Dim, names: &RwLock<Names>) -> Result<Option<DimColumn>, SearchError> {
    let Some(column) = reader.fast_fields().str(&dim_name(dim.index()))? else { return Ok(None) };
    let mut names = names.write().unwrap_or_else(std::sync::PoisonError::into_inner);
    let mut numbers = Vec::with_capacity(column.num_terms());
    let mut stream = column.dictionary().stream()?;
    while stream.advance() {
        numbers.push(names.number(&String::from_utf8_lossy(stream.key())));
    }
    Ok(Some(DimColumn { ords: column.ords().clone(), numbers, multiple: dim.is_multiple() }))
}

/// One state of one index; a search holds it from its beginning to its end.
pub(super) struct Snapshot {
    /// Names the state: that of its segments and what is deleted in them.
    pub generation: u64,
    pub searcher: Searcher,
    pub columns: Vec<Arc<Columns>>,
    pub names: Arc<AllNames>,
    pub averages: Arc<Averages>,
}

/// What the documents are like in general: counted anew when the index has grown by a tenth.
pub(super) struct Averages {
    pub documents: u64,
    /// How much each feature tells.
    pub idf: Idf,
    /// How long each part is, in positions.
    pub lengths: [f32; PARTS],
}

impl Averages {
    fn of(documents: u64, columns: &[Arc<Columns>]) -> Self {
        let (mut sums, mut count) = ([0; PARTS], 0);
        for column in columns {
            for row in column.documents() {
                lengths(&row.ends()).iter().zip(&mut sums).for_each(|(length, sum)| *sum += u64::from(*length));
            }
            count += column.documents().len();
        }
        let idf = Idf::of(documents, columns.iter().map(|column| (column.documents().len(), &*column.features)));
        Self { documents, idf, lengths: sums.map(|sum| (sum as f32 / count.max(1) as f32).max(1.0)) }
    }
}

impl Row {
    /// The position behind the last term of each part of the document's words.
    pub fn ends(&self) -> [u32; PARTS] {
        unpack_ends(self.layout)
    }
}

impl Columns {
    /// The rows of all documents, deleted ones too.
    fn documents(&self) -> &[Row] {
        &self.rows[..self.rows.len() - 1]
    }

    /// The document's row.
    pub fn row(&self, doc: DocId) -> &Row {
        &self.rows[doc as usize]
    }

    /// What class of thing the document is, as far as that is known.
    pub fn features(&self, doc: DocId) -> &[u32] {
        let (begin, end) = (self.rows[doc as usize].features, self.rows[doc as usize + 1].features);
        &self.features[begin as usize..end as usize]
    }
}

impl Snapshot {
    /// In how many documents the term stands (deleted ones included until their segment is merged).
    pub fn frequency(&self, field: Field, text: &str) -> Result<u64, SearchError> {
        Ok(self.searcher.doc_freq(&Term::from_field_text(field, text))?)
    }

    /// Whether a document that is there has the term.
    pub fn is_held(&self, field: Field, text: &str) -> Result<bool, SearchError> {
        let term = Term::from_field_text(field, text);
        for reader in self.searcher.segment_readers() {
            let found = reader.inverted_index(field)?.read_postings(&term, IndexRecordOption::Basic)?;
            let Some(mut postings) = found else { continue };
            let mut doc = postings.doc();
            while doc != TERMINATED {
                if reader.alive_bitset().is_none_or(|alive| alive.is_alive(doc)) {
                    return Ok(true);
                }
                doc = postings.advance();
            }
        }
        Ok(false)
    }

    /// Whether a document ever was in the language (ISO 639-1).
    pub fn holds_language(&self, language: &str) -> bool {
        let names = self.names[Dim::Language.index()].read().unwrap_or_else(std::sync::PoisonError::into_inner);
        names.texts().iter().any(|code| code.starts_with(language))
    }

    /// The number of a facet value, if any document ever had it.
    pub fn number(&self, dim: Dim, text: &str) -> Option<u32> {
        self.names[dim.index()].read().unwrap_or_else(std::sync::PoisonError::into_inner).find(text)
    }
}

/// Makes snapshots and keeps what they share.
pub(super) struct Snapshots {
    shared: Mutex<SharedColumns>,
    averages: Mutex<Arc<Averages>>,
}

/// The columns of the last snapshot's segments, and the names that they number.
struct SharedColumns {
    names: Arc<AllNames>,
    known: HashMap<SegmentId, Arc<Columns>>,
}

/// So many names that no segment has are kept, beside as many as the segments have: what is gone costs memory, to begin anew costs time.
const MOST_UNUSED_NAMES: usize = 10_000;

fn no_names() -> Arc<AllNames> {
    Arc::new(std::array::from_fn(|_| RwLock::default()))
}

impl SharedColumns {
    fn open(&self, reader: &SegmentReader) -> Result<Arc<Columns>, SearchError> {
        match self.known.get(&reader.segment_id()) {
            Some(here) => Ok(here.clone()),
            None => Ok(Arc::new(Columns::open(reader, &self.names)?)),
        }
    }

    /// Whether most names are of what no segment has any more: a catalogue that renames its categories every night would fill the memory.
    fn is_stale(&self, columns: &[Arc<Columns>]) -> bool {
        let of_segment =
            |columns: &Arc<Columns>| columns.dims.iter().flatten().map(|dim| dim.numbers.len()).sum::<usize>();
        let used: usize = columns.iter().map(of_segment).sum();
        let named = |names: &RwLock<Names>| names.read().unwrap_or_else(std::sync::PoisonError::into_inner).texts.len();
        self.names.iter().map(named).sum::<usize>() > 2 * used + MOST_UNUSED_NAMES
    }
}

impl Snapshots {
    pub fn new() -> Self {
        Self {
            shared: Mutex::new(SharedColumns { names: no_names(), known: HashMap::new() }),
            averages: Mutex::new(Arc::new(Averages::of(0, &[]))),
        }
    }

    /// The snapshot of what the searcher sees.
    pub fn take(&self, searcher: Searcher) -> Result<Arc<Snapshot>, SearchError> {
        let mut shared = lock(&self.shared);
        let readers = searcher.segment_readers();
        let mut columns = readers.iter().map(|reader| shared.open(reader)).collect::<Result<Vec<_>, _>>()?;
        if shared.is_stale(&columns) {
            *shared = SharedColumns { names: no_names(), known: HashMap::new() };
            columns = readers.iter().map(|reader| shared.open(reader)).collect::<Result<Vec<_>, _>>()?;
        }
        // Only the segments of this snapshot: the columns of merged ones go with the last search that uses them.
        shared.known = readers.iter().map(SegmentReader::segment_id).zip(columns.iter().cloned()).collect();
        let names = shared.names.clone();
        drop(shared);
        let averages = self.averages(searcher.num_docs(), &columns);
        let generation = generation(&searcher);
        Ok(Arc::new(Snapshot { generation, searcher, columns, names, averages }))
    }

    fn averages(&self, documents: u64, columns: &[Arc<Columns>]) -> Arc<Averages> {
        let mut last = lock(&self.averages);
        // Counting anew reads all rows; the averages and frequencies of an index that grew by less than a tenth have hardly changed.
        if documents.abs_diff(last.documents) * 10 > last.documents {
            *last = Arc::new(Averages::of(documents, columns));
        }
        last.clone()
    }
}

fn generation(searcher: &Searcher) -> u64 {
    let mut hasher = DefaultHasher::new();
    // Not tantivy's own generation, which counts loads: a reload that brought nothing must not give the same documents another name.
    for reader in searcher.segment_readers() {
        (reader.segment_id(), reader.delete_opstamp()).hash(&mut hasher);
    }
    hasher.finish()
}
