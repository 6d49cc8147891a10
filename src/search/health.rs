//! The state of index files, read from outside: takes no lock, changes nothing, may run beside the process that serves them.

use std::path::Path;
use std::sync::Arc;

use super::open::reopen;
use super::{Index, Kind, Options, Position, Search, SearchError};
use crate::clock::Clock;

/// What is in the folder of the indexes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexHealth {
    /// How many documents of all kinds can be found.
    pub documents: u64,
    /// How far they have followed the database; none when they were never filled.
    pub position: Option<Position>,
}

/// Reads all index files and compares checksums; `None` where there are no indexes.
pub fn health(dir: &Path) -> Result<Option<IndexHealth>, SearchError> {
    if !dir.exists() {
        return Ok(None);
    }
    let open = |kind: Kind| -> Result<Arc<Index>, SearchError> {
        let opened = reopen(&dir.join(kind.folder()), &Options::default());
        opened.map(Arc::new).map_err(|reason| SearchError::Index(format!("{} {reason}", kind.folder())))
    };
    let search = Search::of(None, [open(Kind::Listing)?, open(Kind::Company)?, open(Kind::Rfq)?], Clock::System);
    let documents = Kind::ALL.iter().map(|kind| search.count(*kind)).sum();
    Ok(Some(IndexHealth { documents, position: search.position()? }))
}

/// The version of the search library and of its files.
pub fn version() -> &'static str {
    tantivy::version_string()
}
