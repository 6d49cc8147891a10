//! Readers of catalogue files: rows one by one, whatever the kind of file, of which none can fill the memory.

mod delimited;
mod encodings;
mod lines;
mod row;
mod sheet;

pub use row::{Row, Rows};

use std::io::{Read, Seek};

use self::row::Record;
use super::rules::{Columns, Refusal, listing_of_cells};
use super::{FileReading, ImportFormat, Mapping, Order, RowFault};
use crate::error::{FieldCode, Problem, Result};
use crate::locale::{Language, text};

/// A file that is open, and how it is read.
pub struct Opened<'f> {
    /// How it is read.
    pub reading: FileReading,
    /// Its rows.
    pub rows: Rows<'f>,
}

/// Opens a file and has `work` read it; `remembered` is what its company's columns held the last time.
///
/// # Errors
/// `invalid` when it is no such file, has no header, or no column that holds the SKU; `internal` for a fault of the disk. The inner outcome is
/// that of the work.
pub fn with_rows<T>(
    file: impl Read + Seek,
    order: &Order,
    remembered: &Mapping,
    work: impl FnOnce(Opened<'_>) -> Result<T>,
) -> Result<Result<T>> {
    match order.format {
        ImportFormat::Ndjson => Ok(work(Opened { reading: FileReading::default(), rows: lines::rows(file) })),
        ImportFormat::Csv | ImportFormat::Merchant => {
            let (mut reading, mut table) = delimited::open(file)?;
            let columns = columns_of(&mut table, order, remembered)?;
            reading.columns = columns.views();
            Ok(work(Opened { reading, rows: rows_of(table, columns) }))
        }
        ImportFormat::Xlsx => {
            // The rows borrow the workbook, which is why all of this is one call.
            let mut workbook = sheet::open(file)?;
            let mut table = workbook.rows()?;
            let columns = columns_of(&mut table, order, remembered)?;
            let reading = FileReading { columns: columns.views(), ..FileReading::default() };
            Ok(work(Opened { reading, rows: rows_of(table, columns) }))
        }
    }
}

/// The columns by the first row that says something.
fn columns_of(table: &mut impl Iterator<Item = Record>, order: &Order, remembered: &Mapping) -> Result<Columns> {
    let header = table.next().transpose()?;
    let Some((_, cells)) = header else {
        return Err(Problem::invalid_field("", FieldCode::Required, text(Language::English, "imports-empty-file")));
    };
    let mut headers: Vec<String> = cells.iter().map(|cell| cell.trim().to_owned()).collect();
    while headers.last().is_some_and(String::is_empty) {
        headers.pop();
    }
    Columns::find(headers, order.format, &order.mapping, remembered)
}

fn rows_of<'f>(table: impl Iterator<Item = Record> + 'f, columns: Columns) -> Rows<'f> {
    Box::new(table.map(move |record| {
        let (number, cells) = record?;
        // What a wrong character set leaves behind; as text of a listing it would be shown to everyone.
        let read = match cells.iter().position(|cell| cell.contains(char::REPLACEMENT_CHARACTER)) {
            Some(at) => Err(unreadable(&columns, &cells, at)),
            None => listing_of_cells(&columns, &cells),
        };
        Ok(Row { number, cells, read })
    }))
}

fn unreadable(columns: &Columns, cells: &[String], at: usize) -> Refusal {
    let fault = RowFault {
        column: columns.headers().get(at).cloned().unwrap_or_default(),
        code: FieldCode::Format.as_str().to_owned(),
        value: cells[at].chars().take(50).collect(),
        message: text(Language::English, "imports-unreadable-characters").to_owned(),
    };
    Refusal { sku: None, faults: vec![fault] }
}

#[cfg(test)]
mod tests;
