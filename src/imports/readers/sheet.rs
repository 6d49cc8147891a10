//! Workbooks: the first sheet, cell by cell.
//!
//! A workbook is an archive, and an archive of some kilobytes can hold gigabytes: before anything of it is kept it is unpacked once, and counted.

use std::io::{Read, Seek, SeekFrom};

use calamine::{DataRef, Reader, Xlsx, XlsxCellReader};
use flate2::read::DeflateDecoder;
use zip::{CompressionMethod, ZipArchive};

use super::row::{Record, no_such_file};
use crate::error::{FieldCode, Problem, Result};
use crate::imports::rules::columns::MOST_COLUMNS;
use crate::imports::rules::unambiguous;
use crate::locale::{Language, Message};

/// The most bytes of a workbook that is unpacked.
const MOST_UNPACKED: u64 = 512 << 20;
/// The most bytes of one of its parts that is kept in memory: texts, styles; of a sheet only a cell is.
const MOST_KEPT: u64 = 64 << 20;
/// The most parts.
const MOST_PARTS: usize = 10_000;

/// A workbook that is open.
pub(super) struct Workbook<R: Read + Seek> {
    book: Xlsx<R>,
}

/// Opens a workbook.
///
/// # Errors
/// `invalid` when it is none, or too large once it is unpacked.
pub(super) fn open<R: Read + Seek>(mut file: R) -> Result<Workbook<R>> {
    ensure_bounded(&mut file)?;
    file.seek(SeekFrom::Start(0)).map_err(Problem::internal)?;
    Ok(Workbook { book: Xlsx::new(file).map_err(no_such_file)? })
}

impl<R: Read + Seek> Workbook<R> {
    /// The rows of the first sheet that say something.
    pub(super) fn rows(&mut self) -> Result<SheetRows<'_, R>> {
        let first = self.book.sheet_names().into_iter().next().ok_or_else(|| no_such_file("no sheet"))?;
        let cells = self.book.worksheet_cells_reader(&first).map_err(no_such_file)?;
        Ok(SheetRows { cells, next: None, width: 0, is_end: false, is_over: false })
    }
}

/// Refuses what would fill the memory.
fn ensure_bounded(file: &mut (impl Read + Seek)) -> Result<()> {
    let mut archive = ZipArchive::new(file).map_err(no_such_file)?;
    if archive.len() > MOST_PARTS {
        return Err(too_large());
    }
    let mut total = 0;
    for at in 0..archive.len() {
        let part = archive.by_index_raw(at).map_err(no_such_file)?;
        let name = part.name().map_err(no_such_file)?.into_owned();
        // Of these only a cell is in memory at once, or nothing at all.
        let is_streamed = name.starts_with("xl/worksheets/") || name.starts_with("xl/media/");
        let most = if is_streamed { MOST_UNPACKED } else { MOST_KEPT };
        let bytes = match part.compression() {
            CompressionMethod::Stored => part.compressed_size(),
            // What the archive says of itself is only a claim.
            CompressionMethod::Deflated => count(DeflateDecoder::new(part), most)?,
            other => return Err(no_such_file(format!("{other:?}"))),
        };
        total += bytes;
        if bytes > most || total > MOST_UNPACKED {
            return Err(too_large());
        }
    }
    Ok(())
}

fn count(part: impl Read, most: u64) -> Result<u64> {
    std::io::copy(&mut part.take(most + 1), &mut std::io::sink()).map_err(no_such_file)
}

fn too_large() -> Problem {
    let message = Message::new("imports-unpacked-large").with("most", MOST_UNPACKED >> 20).text(Language::English);
    Problem::invalid_field("", FieldCode::Range, message)
}

/// The rows of a sheet.
pub(super) struct SheetRows<'b, R: Read + Seek> {
    cells: XlsxCellReader<'b, R>,
    /// The first cell of the next row: its place and its text.
    next: Option<(u32, u32, String)>,
    /// How many columns the header has.
    width: usize,
    /// Whether the last cell was read: behind it there is no further one to ask for.
    is_end: bool,
    is_over: bool,
}

impl<R: Read + Seek> Iterator for SheetRows<'_, R> {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        while !self.is_over {
            match self.read_row() {
                Ok(Some((_, cells))) if cells.iter().all(|cell| cell.trim().is_empty()) => {}
                Ok(Some((number, mut cells))) => {
                    if self.width == 0 {
                        self.width = cells.len();
                    }
                    // Cells at the end that are empty are not in the file.
                    let width = self.width.max(cells.len());
                    cells.resize(width, String::new());
                    return Some(Ok((number, cells)));
                }
                Ok(None) => self.is_over = true,
                Err(problem) => {
                    self.is_over = true;
                    return Some(Err(problem));
                }
            }
        }
        None
    }
}

impl<R: Read + Seek> SheetRows<'_, R> {
    fn read_row(&mut self) -> Result<Option<(i64, Vec<String>)>> {
        let Some((row, column, text)) = self.next.take().map_or_else(|| self.read_cell(), |cell| Ok(Some(cell)))?
        else {
            return Ok(None);
        };
        let mut cells = Vec::new();
        put(&mut cells, column, text);
        while let Some((other, column, text)) = self.read_cell()? {
            if other != row {
                self.next = Some((other, column, text));
                break;
            }
            put(&mut cells, column, text);
        }
        Ok(Some((i64::from(row) + 1, cells)))
    }

    /// The next cell: its row and column from 0, and its text.
    fn read_cell(&mut self) -> Result<Option<(u32, u32, String)>> {
        if self.is_end {
            return Ok(None);
        }
        let Some(cell) = self.cells.next_cell().map_err(no_such_file)? else {
            self.is_end = true;
            return Ok(None);
        };
        let (row, column) = cell.get_position();
        Ok(Some((row, column, text_of(cell.get_value()))))
    }
}

/// Puts a cell in its column; one far to the right is no part of the table.
fn put(cells: &mut Vec<String>, column: u32, text: String) {
    let column = column as usize;
    if column >= MOST_COLUMNS || (text.is_empty() && column >= cells.len()) {
        return;
    }
    if cells.len() <= column {
        cells.resize(column + 1, String::new());
    }
    cells[column] = text;
}

fn text_of(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number_text(*number),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(holds) => holds.to_string(),
        DataRef::DateTime(time) => {
            let (year, month, day, ..) = time.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

/// A number of a workbook, which is a binary fraction, as the decimal that was typed.
fn number_text(number: f64) -> String {
    let text = number.to_string();
    let is_long = text.split_once('.').is_some_and(|(_, decimals)| decimals.len() > 6);
    let text =
        if is_long { format!("{number:.6}").trim_end_matches('0').trim_end_matches('.').to_owned() } else { text };
    unambiguous(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_that_were_typed() {
        for (number, text) in
            [(12.0, "12"), (0.1 + 0.2, "0.3"), (1.125, "1.1250"), (4_006_381_333_931.0, "4006381333931"), (4.4, "4.4")]
        {
            assert_eq!(number_text(number), text);
        }
    }
}
