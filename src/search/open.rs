//! Opening the indexes; those that cannot be used are moved away and started empty.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Mutex};

use tantivy::directory::MmapDirectory;
use tantivy::store::Compressor;
use tantivy::tokenizer::TextAnalyzer;
use tantivy::{IndexReader, IndexSettings, ReloadPolicy};

use super::analyzers::Spaced;
use super::schema::{self, Fields};
use super::snapshot::Snapshots;
use super::{Index, Kind, Search, SearchError};
use crate::clock::Clock;

/// Name of the file that holds the schema's version.
const VERSION_FILE: &str = "schema-version";

/// How to open.
#[derive(Clone, Debug)]
pub struct Options {
    /// Reads every file of the indexes and compares checksums; about a second for a million listings.
    pub check: bool,
    /// Tells how long states of the indexes are kept for cursors.
    pub clock: Clock,
}

impl Default for Options {
    fn default() -> Self {
        Self { check: true, clock: Clock::System }
    }
}

/// The opened indexes, and what had to be thrown away for it.
#[derive(Debug)]
pub struct Opened {
    /// Ready for searching.
    pub search: Search,
    /// One sentence for each index that was started empty although there was one; it has to be filled again.
    pub restarted: Vec<String>,
}

impl Search {
    /// Opens the indexes below `dir` (made when absent), or new ones in memory. An index of another schema version, one that
    /// cannot be opened and one whose checksums do not hold is moved to `<kind>.unusable` and started empty.
    pub fn open(dir: Option<&Path>, options: Options) -> Result<Opened, SearchError> {
        let mut restarted = Vec::new();
        let mut open = |kind: Kind| match dir {
            None => in_memory(&options),
            Some(dir) => on_disk(&dir.join(kind.folder()), &options, &mut restarted),
        };
        let indexes = [open(Kind::Listing)?, open(Kind::Company)?, open(Kind::Rfq)?];
        let search = Search::of(dir.map(Path::to_owned), indexes.map(Arc::new), options.clock.clone());
        Ok(Opened { search, restarted })
    }

    /// Empty indexes in memory, for tests and measuring.
    pub fn in_memory() -> Result<Search, SearchError> {
        Ok(Self::open(None, Options { check: false, ..Options::default() })?.search)
    }
}

fn settings() -> IndexSettings {
    // Hits are read by the twenty from all over the store: small plain blocks cost a copy, compressed ones a hundred
    // microseconds. What is kept in them is packed one by one.
    IndexSettings {
        docstore_compression: Compressor::None,
        docstore_compress_dedicated_thread: false,
        docstore_blocksize: 2048,
        ..IndexSettings::default()
    }
}

fn in_memory(options: &Options) -> Result<Index, SearchError> {
    let (schema, fields) = schema::build();
    let index = tantivy::Index::builder().schema(schema).settings(settings()).create_in_ram()?;
    ready(index, fields, options)
}

fn ready(index: tantivy::Index, fields: Fields, options: &Options) -> Result<Index, SearchError> {
    index.tokenizers().register(schema::SPACED, TextAnalyzer::from(Spaced));
    // Reloaded by hand after each commit: a watcher of files would see half of the three indexes.
    let reader: IndexReader =
        index.reader_builder().reload_policy(ReloadPolicy::Manual).doc_store_cache_num_blocks(0).try_into()?;
    let snapshots = Snapshots::new();
    let current = Mutex::new(snapshots.take(reader.searcher())?);
    Ok(Index {
        index,
        fields,
        reader,
        snapshots,
        current,
        points_in_time: Mutex::default(),
        clock: options.clock.clone(),
    })
}

fn on_disk(folder: &Path, options: &Options, restarted: &mut Vec<String>) -> Result<Index, SearchError> {
    let had_something = fs::read_dir(folder).is_ok_and(|mut files| files.next().is_some());
    if had_something {
        // Files that are damaged where no checksum looks may be more than the library expects.
        let reopened = catch_unwind(AssertUnwindSafe(|| reopen(folder, options)));
        match reopened.unwrap_or_else(|_| Err("cannot be read at all".to_owned())) {
            Ok(index) => return Ok(index),
            Err(reason) => restarted.push(format!("{}: {reason}", folder.display())),
        }
    }
    if folder.exists() {
        move_away(folder)?;
    }
    fs::create_dir_all(folder)?;
    let (schema, fields) = schema::build();
    let directory = MmapDirectory::open(folder).map_err(|e| SearchError::Index(e.to_string()))?;
    let index = tantivy::Index::builder().schema(schema).settings(settings()).open_or_create(directory)?;
    fs::write(folder.join(VERSION_FILE), schema::VERSION.to_string())?;
    ready(index, fields, options)
}

pub(super) fn reopen(folder: &Path, options: &Options) -> Result<Index, String> {
    let version = fs::read_to_string(folder.join(VERSION_FILE)).unwrap_or_default();
    if version.trim() != schema::VERSION.to_string() {
        return Err(format!("has schema version '{}', not {}", version.trim(), schema::VERSION));
    }
    let index = tantivy::Index::open_in_dir(folder).map_err(|e| format!("cannot be opened: {e}"))?;
    let (schema, fields) = schema::build();
    if index.schema() != schema {
        return Err("has other fields".into());
    }
    if options.check {
        let damaged = index.validate_checksum().map_err(|e| format!("cannot be checked: {e}"))?;
        if !damaged.is_empty() {
            return Err(format!("{} of its files are damaged", damaged.len()));
        }
    }
    ready(index, fields, options).map_err(|e| format!("cannot be read: {e}"))
}

/// Moves the folder aside, over what was moved aside before: at most one unusable index is kept for each kind.
fn move_away(folder: &Path) -> Result<(), SearchError> {
    let aside = folder.with_extension("unusable");
    if aside.exists() {
        fs::remove_dir_all(&aside)?;
    }
    fs::rename(folder, &aside)?;
    Ok(())
}
