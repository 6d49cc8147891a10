//! Files of JSON, one listing a line.

use std::io::{BufRead, BufReader, Read};

use super::row::{Row, Rows};
use crate::error::{FieldCode, Problem, Result};
use crate::imports::RowFault;
use crate::imports::rules::{Refusal, listing_of_line};
use crate::locale::{Language, Message, text};
use crate::wire::lines::{BOM, MOST_LINE, is_utf16, read_line};

/// So much of a line that is too long is kept with its refusal, in bytes.
const KEPT: usize = 1_000;

/// The rows of the file.
pub(super) fn rows<'f>(file: impl Read + 'f) -> Rows<'f> {
    Box::new(Lines { reader: BufReader::with_capacity(64 << 10, file), number: 0, is_over: false })
}

struct Lines<R> {
    reader: R,
    number: i64,
    is_over: bool,
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = Result<Row>;

    fn next(&mut self) -> Option<Result<Row>> {
        let mut line = Vec::new();
        while !self.is_over {
            let read = match read_line(&mut self.reader, &mut line) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) => {
                    self.is_over = true;
                    return Some(Err(Problem::internal(error)));
                }
            };
            self.number += 1;
            let mut said = line.as_slice();
            if self.number == 1 {
                said = said.strip_prefix(BOM).unwrap_or(said);
                if is_utf16(said) {
                    self.is_over = true;
                    let message = text(Language::English, "imports-lines-utf8");
                    return Some(Err(Problem::invalid_field("", FieldCode::Format, message)));
                }
            }
            if !said.iter().all(u8::is_ascii_whitespace) {
                return Some(Ok(row(self.number, said, read)));
            }
        }
        self.is_over = true;
        None
    }
}

fn row(number: i64, line: &[u8], bytes: usize) -> Row {
    let shown = if bytes > MOST_LINE { &line[..KEPT] } else { line };
    let cells = vec![String::from_utf8_lossy(shown).trim_end_matches(['\r', '\n']).to_owned()];
    if bytes <= MOST_LINE {
        return Row { number, cells, read: listing_of_line(line) };
    }
    let message = Message::new("imports-long-line").with("most", MOST_LINE >> 20).text(Language::English);
    let code = FieldCode::Range.as_str().to_owned();
    let fault = RowFault { column: String::new(), code, value: String::new(), message };
    Row { number, cells, read: Err(Refusal { sku: None, faults: vec![fault] }) }
}
