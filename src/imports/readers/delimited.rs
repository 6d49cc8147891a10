//! Tables as text: cells between commas, semicolons or tabs, in quotes where they need them.

use std::cell::Cell;
use std::io::{self, Read, Seek, SeekFrom};
use std::rc::Rc;

use encoding_rs_io::{DecodeReaderBytes, DecodeReaderBytesBuilder};

use super::encodings::detect;
use super::row::{Record, no_such_file};
use crate::error::{FieldCode, Problem, Result};
use crate::imports::FileReading;
use crate::locale::{Language, Message};

/// The longest row, in bytes of UTF-8: a listing with every attribute as long as it may be is larger, but no table holds it.
const MOST_ROW: usize = 1 << 20;
/// So many characters are looked at to find the delimiter.
const SAMPLE: u64 = 64 << 10;
/// And so many rows of them.
const SAMPLE_ROWS: usize = 20;

/// The table of a file, and its encoding and delimiter.
///
/// # Errors
/// `internal` for a fault of the disk.
pub(super) fn open<R: Read + Seek>(mut file: R) -> Result<(FileReading, Table<R>)> {
    let encoding = detect(&mut file).map_err(Problem::internal)?;
    let mut decoder = DecodeReaderBytesBuilder::new();
    decoder.encoding(Some(encoding)).strip_bom(true);
    let mut sample = Vec::new();
    decoder.build(&mut file).take(SAMPLE).read_to_end(&mut sample).map_err(Problem::internal)?;
    file.seek(SeekFrom::Start(0)).map_err(Problem::internal)?;
    let delimiter = delimiter_of(&sample);
    let left = Rc::new(Cell::new(MOST_ROW));
    let limited = Limited { reader: decoder.build(file), left: Rc::clone(&left) };
    let reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(limited);
    let reading = FileReading {
        encoding: Some(encoding.name().to_owned()),
        delimiter: Some(char::from(delimiter).to_string()),
        columns: Vec::new(),
    };
    Ok((reading, Table { reader, left, number: 0, is_over: false }))
}

/// The delimiter under which the beginning of the file is a table: the most columns in the most rows of one width.
fn delimiter_of(sample: &[u8]) -> u8 {
    let score = |delimiter: u8| {
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(sample);
        let widths: Vec<usize> =
            reader.byte_records().take(SAMPLE_ROWS).map_while(std::result::Result::ok).map(|row| row.len()).collect();
        let header = widths.first().copied().unwrap_or(0);
        let alike = widths.iter().filter(|width| **width == header).count();
        // A header of one cell is no table, however regular the rest.
        if header < 2 { 0 } else { alike * 1_000 / widths.len().max(1) + header.min(500) }
    };
    [b'\t', b';', b','].into_iter().max_by_key(|delimiter| score(*delimiter)).unwrap_or(b',')
}

/// The rows of a table that say something.
pub(super) struct Table<R: Read> {
    reader: csv::Reader<Limited<DecodeReaderBytes<R, Vec<u8>>>>,
    left: Rc<Cell<usize>>,
    number: i64,
    is_over: bool,
}

impl<R: Read> Iterator for Table<R> {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        let mut record = csv::StringRecord::new();
        while !self.is_over {
            self.left.set(MOST_ROW);
            self.number += 1;
            match self.reader.read_record(&mut record) {
                Ok(true) if record.iter().all(|cell| cell.trim().is_empty()) => {}
                Ok(true) => return Some(Ok((self.number, record.iter().map(str::to_owned).collect()))),
                Ok(false) => self.is_over = true,
                Err(error) => {
                    self.is_over = true;
                    return Some(Err(self.fault(error)));
                }
            }
        }
        None
    }
}

impl<R: Read> Table<R> {
    fn fault(&self, error: csv::Error) -> Problem {
        if self.left.get() == 0 {
            let message = Message::new("imports-long-row").with("row", self.number).with("most", MOST_ROW >> 20);
            return Problem::invalid_field("", FieldCode::Range, message.text(Language::English));
        }
        match error.into_kind() {
            csv::ErrorKind::Io(error) => Problem::internal(error),
            other => no_such_file(format!("{other:?}")),
        }
    }
}

/// A reader that refuses a row that does not end: one quote that is never closed makes one of the whole file.
struct Limited<R> {
    reader: R,
    left: Rc<Cell<usize>>,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.left.get();
        if left == 0 {
            return Err(io::Error::other("a row is too long"));
        }
        let read = self.reader.read(buffer)?;
        self.left.set(left.saturating_sub(read));
        Ok(read)
    }
}
