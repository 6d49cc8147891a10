//! Files of JSON objects, one a line (NDJSON): their lines, read one by one, of which none can fill the memory.

use std::io::{self, BufRead};

use serde_json::{Map, Value};

use crate::error::{FieldCode, Problem, Result};

/// The longest line, in bytes: a listing with every attribute as long as it may be has eight million, and a file without line breaks must
/// not be read into memory as a whole.
// Far more than any listing, and little enough that a file without line breaks does not fill the memory.
pub const MOST_LINE: usize = 16 << 20;
/// What a UTF-8 file of a spreadsheet or of Windows begins with.
pub const BOM: &[u8] = b"\xef\xbb\xbf";

/// Whether the file begins as one of UTF-16 does.
pub fn is_utf16(beginning: &[u8]) -> bool {
    beginning.starts_with(b"\xff\xfe") || beginning.starts_with(b"\xfe\xff")
}

/// Reads a line with its end, of which at most [`MOST_LINE`] bytes are kept; answers how many it had.
///
/// # Errors
/// Those of the reader.
pub fn read_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<usize> {
    line.clear();
    let mut read = 0;
    loop {
        let piece = match reader.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            piece => piece?,
        };
        let end = piece.iter().position(|byte| *byte == b'\n');
        let length = end.map_or(piece.len(), |end| end + 1);
        // The rest of a line that is too long is read past, so that the next one is read from its beginning.
        let kept = length.min(MOST_LINE.saturating_sub(line.len()));
        line.extend_from_slice(&piece[..kept]);
        reader.consume(length);
        read += length;
        if end.is_some() || length == 0 {
            return Ok(read);
        }
    }
}

/// The object of a line.
///
/// # Errors
/// `invalid` about the line as a whole.
pub fn object(line: &[u8]) -> Result<Map<String, Value>> {
    let text = std::str::from_utf8(line).map_err(|error| {
        refused(format!("must be UTF-8: the byte at column {} is none of it", error.valid_up_to() + 1))
    })?;
    let value: Value = serde_json::from_str(text).map_err(|error| {
        let says = error.to_string();
        // Serde counts lines too, and there is only this one.
        let says = says.rsplit_once(" at line ").map_or(says.as_str(), |(says, _)| says);
        refused(format!("must be a JSON object: {says} at column {}", error.column()))
    })?;
    match value {
        Value::Object(members) => Ok(members),
        _ => Err(refused("must be a JSON object")),
    }
}

/// A refusal of the line as a whole.
fn refused(message: impl Into<String>) -> Problem {
    Problem::invalid_field("", FieldCode::Format, message)
}
