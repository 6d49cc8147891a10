//! Files that a command is given.

use std::io;
use std::path::Path;

use crate::error::{FieldCode, Problem, Result};

/// Reads the file as a whole.
pub(super) fn read_file(file: &Path) -> Result<Vec<u8>> {
    std::fs::read(file).map_err(|error| unreadable(file, &error))
}

/// The refusal of a file that cannot be opened or read.
pub(super) fn unreadable(file: &Path, error: &io::Error) -> Problem {
    Problem::invalid_field("/file", FieldCode::Format, format!("{} cannot be read: {error}", file.display()))
}
