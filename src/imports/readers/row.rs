//! What readers of files answer: rows, one by one.

use crate::error::{FieldCode, Problem, Result};
use crate::imports::rules::{Refusal, Taken};
use crate::locale::{Language, text};

/// A row of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its number in the file, from 1.
    pub number: i64,
    /// Its cells, or its line.
    pub cells: Vec<String>,
    /// What it is.
    pub read: std::result::Result<Taken, Refusal>,
}

/// The rows of a file; an error is one of the file, behind which nothing more is read.
pub type Rows<'f> = Box<dyn Iterator<Item = Result<Row>> + 'f>;

/// A record of a table: its number and its cells.
pub(super) type Record = Result<(i64, Vec<String>)>;

/// A file that is not what it should be.
pub(super) fn no_such_file(cause: impl std::fmt::Display) -> Problem {
    let problem = Problem::invalid_field("", FieldCode::Format, text(Language::English, "imports-unreadable-file"));
    log::debug!("an import does not read: {cause}");
    problem
}
