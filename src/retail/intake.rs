//! Rows of a CSV file as JSON: each column is a field by its pointer with dots (`value.amount`, `customs_reference.number`), empty cells are
//! absent. What is in the fields is checked where every record is.

use serde_json::{Map, Value};

use crate::error::{FieldCode, FieldError, Problem};
use crate::locale::{Language, Message, text};

/// The most rows of a file.
pub const MOST_ROWS: usize = 1_000;

/// The columns that a file may have, in the order in which they are shown to people.
pub const COLUMNS: [&str; 32] = [
    "reference",
    "direction",
    "party_form",
    "period",
    "date",
    "reporter_country",
    "consumer_country",
    "goods_route",
    "hs_code",
    "description",
    "quantity.value",
    "quantity.unit",
    "net_kg",
    "value.amount",
    "value.currency",
    "parcels",
    "origin_country",
    "deal_locus",
    "platform",
    "declarant_role",
    "declarant_name",
    "declarant_number",
    "regime.system",
    "regime.code",
    "customs_reference.scheme",
    "customs_reference.number",
    "customs_reference.item",
    "customs_reference.office",
    "customs_reference.date",
    "ioss",
    "hs_edition",
    "supersedes",
];

/// Columns that hold numbers in JSON.
const NUMBERS: [&str; 2] = ["parcels", "customs_reference.item"];

/// A row of a file: the line that it begins in, and the record, or why it is none.
pub type CsvRow = (u64, Result<Value, Problem>);

/// The rows of a file with a header, in UTF-8; columns are divided by commas, semicolons or tabs.
///
/// # Errors
/// `invalid` at `/file`: where it is not a table, has a column twice or one that is none of [`COLUMNS`], no row, or more than [`MOST_ROWS`].
pub fn rows_of_csv(bytes: &[u8]) -> Result<Vec<CsvRow>, Problem> {
    let refused = |code, says: String| Problem::invalid_field("/file", code, says);
    let unreadable = |_| refused(FieldCode::Format, text(Language::English, "retail-csv-unreadable").to_owned());
    // Spreadsheets begin a text with the mark of its encoding.
    let content = std::str::from_utf8(bytes).map_err(unreadable)?.trim_start_matches('\u{feff}');
    let header = content.lines().next().unwrap_or_default();
    let delimiter = [';', '\t'].into_iter().find(|sign| header.contains(*sign)).unwrap_or(',');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(u8::try_from(delimiter).unwrap_or(b','))
        .trim(csv::Trim::All)
        // A row of another length is refused by itself.
        .flexible(true)
        .from_reader(content.as_bytes());
    let unreadable = |_| refused(FieldCode::Format, text(Language::English, "retail-csv-unreadable").to_owned());
    let columns: Vec<String> = reader.headers().map_err(unreadable)?.iter().map(str::to_lowercase).collect();
    if let Some(strange) = columns.iter().find(|column| !COLUMNS.contains(&column.as_str())) {
        let says = Message::new("retail-csv-column").with("column", strange.as_str());
        let says = says.with("columns", COLUMNS.join(", ")).text(Language::English);
        return Err(refused(FieldCode::UnknownValue, says));
    }
    if let Some(twice) =
        columns.iter().enumerate().find_map(|(at, column)| columns[..at].contains(column).then_some(column))
    {
        let says = Message::new("retail-csv-twice").with("column", twice.as_str()).text(Language::English);
        return Err(refused(FieldCode::Contradiction, says));
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(unreadable)?;
        if rows.len() == MOST_ROWS {
            let says = Message::new("retail-csv-rows").with("most", MOST_ROWS).text(Language::English);
            return Err(refused(FieldCode::Range, says));
        }
        let line = record.position().map_or(0, |begun| {
            // It begins behind the empty lines that were passed over.
            let rest =
                usize::try_from(begun.byte()).ok().and_then(|at| content.as_bytes().get(at..)).unwrap_or_default();
            let empty = rest.iter().take_while(|byte| b"\r\n".contains(byte)).filter(|byte| **byte == b'\n').count();
            begun.line() + u64::try_from(empty).unwrap_or_default()
        });
        let row = if record.len() == columns.len() {
            Ok(object_of(columns.iter().map(String::as_str).zip(record.iter())))
        } else {
            let says = Message::new("retail-csv-cells").with("cells", record.len()).with("columns", columns.len());
            Err(Problem::invalid(vec![FieldError::new("", FieldCode::Format, says.text(Language::English))]))
        };
        rows.push((line, row));
    }
    if rows.is_empty() {
        return Err(refused(FieldCode::Required, text(Language::English, "retail-csv-empty").to_owned()));
    }
    Ok(rows)
}

/// Cells or fields of a form as JSON, by their pointers with dots; of what is empty nothing is there.
pub fn object_of<'c>(cells: impl Iterator<Item = (&'c str, &'c str)>) -> Value {
    let mut members = Map::new();
    for (name, typed) in cells.filter(|(_, typed)| !typed.is_empty()) {
        let value = match typed.parse::<u32>() {
            Ok(number) if NUMBERS.contains(&name) => Value::from(number),
            _ => Value::from(typed),
        };
        match name.split_once('.') {
            None => drop(members.insert(name.to_owned(), value)),
            Some((whole, part)) => {
                let inner = members.entry(whole).or_insert_with(|| Value::Object(Map::new()));
                if let Some(inner) = inner.as_object_mut() {
                    inner.insert(part.to_owned(), value);
                }
            }
        }
    }
    // A unit, a currency or a list of codes alone is what a form offers, not what somebody typed.
    for (whole, part) in
        [("quantity", "value"), ("value", "amount"), ("regime", "code"), ("customs_reference", "number")]
    {
        if members.get(whole).is_some_and(|inner| inner.get(part).is_none()) {
            members.remove(whole);
        }
    }
    Value::Object(members)
}
