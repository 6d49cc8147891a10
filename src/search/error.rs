//! What can go wrong in the index.

use std::fmt;

/// Why an index could not be opened, written or searched. Never the fault of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SearchError {
    /// The index or the disk below it; the text is for the log.
    Index(String),
}

impl fmt::Display for SearchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Index(cause) = self;
        write!(f, "search index: {cause}")
    }
}

impl std::error::Error for SearchError {}

impl From<tantivy::TantivyError> for SearchError {
    fn from(error: tantivy::TantivyError) -> Self {
        Self::Index(error.to_string())
    }
}

impl From<std::io::Error> for SearchError {
    fn from(error: std::io::Error) -> Self {
        Self::Index(error.to_string())
    }
}

impl From<SearchError> for crate::error::Problem {
    fn from(error: SearchError) -> Self {
        Self::internal(error)
    }
}
