//! Tables as a workbook (XLSX) for those who calculate in a spreadsheet: cells are text or numbers, never formulas. Written row by row over a
//! temporary file, so that a large table takes no memory of its size.

use std::fs::File;
use std::io::{Seek, SeekFrom};

use chrono::Datelike;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};

use crate::clock::Time;
use crate::error::{FieldCode, Problem, Result};
use crate::locale::{Language, Message};

/// The media type of a workbook.
pub const MEDIA_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Digits that a number of a spreadsheet keeps.
const EXACT_DIGITS: usize = 15;
/// The widest column, in characters.
const WIDEST: usize = 60;

/// A cell of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Text, whatever it begins with.
    Text(String),
    /// A decimal number as text; empty where there is none. One with more digits than a spreadsheet keeps is written as text.
    Number(String),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// A workbook that is being written.
pub struct Spreadsheet {
    book: Workbook,
    /// Rows of the sheet that is written.
    rows: u32,
}

impl Spreadsheet {
    /// An empty workbook, made at the time.
    pub fn new(at: Time) -> Self {
        let mut book = Workbook::new();
        let year = u16::try_from(at.year()).unwrap_or(1900);
        let (month, day) = (u8::try_from(at.month()).unwrap_or(1), u8::try_from(at.day()).unwrap_or(1));
        // The library would ask the system's clock. A year before 1900, which no spreadsheet knows, leaves it out.
        if let Ok(created) = ExcelDateTime::from_ymd(year, month, day) {
            book.set_properties(&DocProperties::new().set_creation_datetime(&created));
        }
        Self { book, rows: 0 }
    }

    /// Begins a sheet with its header; the rows that follow are its.
    ///
    /// # Errors
    /// `internal` for a name that is no sheet's, or stands twice.
    pub fn begin(&mut self, name: &str, header: &[&str]) -> Result<()> {
        let sheet = self.book.add_worksheet_with_constant_memory().map_err(Problem::internal)?;
        sheet.set_name(name).map_err(Problem::internal)?;
        sheet.set_freeze_panes(1, 0).map_err(Problem::internal)?;
        let bold = Format::new().set_bold();
        for (column, text) in (0..).zip(header) {
            sheet.set_column_width(column, width(text)).map_err(Problem::internal)?;
            sheet.write_string_with_format(0, column, *text, &bold).map_err(Problem::internal)?;
        }
        self.rows = 1;
        Ok(())
    }

    /// Writes the next row of the sheet that was begun last.
    ///
    /// # Errors
    /// `invalid` for `/format`, where a text or the table is too long for a spreadsheet.
    pub fn row(&mut self, cells: &[Cell]) -> Result<()> {
        let last = self.book.worksheets().len().saturating_sub(1);
        let sheet = self.book.worksheet_from_index(last).map_err(Problem::internal)?;
        for (column, cell) in (0..).zip(cells) {
            match cell {
                Cell::Number(number) if number.is_empty() => continue,
                Cell::Text(text) if text.is_empty() => continue,
                Cell::Number(number) => match number.parse::<f64>() {
                    Ok(exact) if digits(number) <= EXACT_DIGITS => sheet.write_number(self.rows, column, exact),
                    _ => sheet.write_string(self.rows, column, number),
                },
                Cell::Text(text) => sheet.write_string(self.rows, column, text),
            }
            .map_err(too_long)?;
        }
        self.rows += 1;
        Ok(())
    }

    /// The file, from its start.
    ///
    /// # Errors
    /// `internal`, should the temporary file not be writable.
    pub fn finish(mut self) -> Result<File> {
        let mut file = tempfile::tempfile().map_err(Problem::internal)?;
        self.book.save_to_writer(&mut file).map_err(Problem::internal)?;
        file.seek(SeekFrom::Start(0)).map_err(Problem::internal)?;
        Ok(file)
    }
}

fn digits(number: &str) -> usize {
    let digits = number.trim_start_matches(['-', '+', '0', '.']);
    digits.bytes().filter(u8::is_ascii_digit).count()
}

fn width(header: &str) -> f64 {
    let wide = (header.chars().count() + 4).clamp(10, WIDEST);
    f64::from(u32::try_from(wide).unwrap_or(10))
}

fn too_long(error: XlsxError) -> Problem {
    let what = match error {
        XlsxError::MaxStringLengthExceeded => Message::new("spreadsheet-text-too-long"),
        XlsxError::RowColumnLimitError => Message::new("spreadsheet-too-many-rows"),
        other => return Problem::internal(other),
    };
    Problem::invalid_field("/format", FieldCode::Range, what.text(Language::English))
}

#[cfg(test)]
mod tests {
    use calamine::{Data, Reader, Xlsx};
    use chrono::TimeZone;

    use super::*;

    #[test]
    fn cells_are_text_or_numbers_and_never_formulas() {
        let mut book = Spreadsheet::new(chrono::Utc.with_ymd_and_hms(2026, 11, 30, 12, 0, 0).unwrap());
        book.begin("First", &["name", "value"]).unwrap();
        book.row(&["=1+1".into(), Cell::Number("12.50".to_owned())]).unwrap();
        book.row(&["+49".into(), Cell::Number("1234567890123456".to_owned())]).unwrap();
        book.row(&["0012".into(), Cell::Number(String::new())]).unwrap();
        book.begin("Second", &["a"]).unwrap();
        book.row(&["钢管".into()]).unwrap();
        let mut read: Xlsx<_> = Xlsx::new(std::io::BufReader::new(book.finish().unwrap())).unwrap();
        assert_eq!(read.sheet_names(), ["First", "Second"]);
        let first = read.worksheet_range("First").unwrap();
        let text = |text: &str| Data::String(text.to_owned());
        let rows: Vec<Vec<Data>> = first.rows().map(<[Data]>::to_vec).collect();
        assert_eq!(rows[0], [text("name"), text("value")]);
        assert_eq!(rows[1], [text("=1+1"), Data::Float(12.5)]);
        assert_eq!(rows[2], [text("+49"), text("1234567890123456")], "more digits than a spreadsheet keeps");
        assert_eq!(rows[3], [text("0012"), Data::Empty]);
        assert_eq!(read.worksheet_range("Second").unwrap().get_value((1, 0)), Some(&text("钢管")));
        assert!(read.worksheet_formula("First").unwrap().is_empty());
    }

    #[test]
    fn what_no_spreadsheet_takes_is_refused() {
        let mut book = Spreadsheet::new(chrono::Utc.with_ymd_and_hms(2026, 11, 30, 12, 0, 0).unwrap());
        book.begin("First", &["name"]).unwrap();
        let problem = book.row(&["x".repeat(32_768).into()]).unwrap_err();
        assert_eq!(problem.fields[0].pointer, "/format");
    }
}
