//! Every encoding with every delimiter, and what is no table.

use std::io::Cursor;

use encoding_rs::{GB18030, WINDOWS_1251, WINDOWS_1252};

use super::*;
use crate::imports::ImportMode;

fn order(format: ImportFormat) -> Order {
    Order { format, mode: ImportMode::Upsert, publish: false, dry_run: false, mapping: Mapping::new() }
}

fn read(bytes: &[u8], format: ImportFormat) -> Result<(FileReading, Vec<Result<Row>>)> {
    with_rows(Cursor::new(bytes), &order(format), &Mapping::new(), |opened| {
        Ok((opened.reading, opened.rows.collect()))
    })?
}

fn named(row: &Result<Row>) -> (String, String) {
    let taken = row.as_ref().unwrap().read.as_ref().unwrap();
    (taken.fields.sku.clone(), taken.fields.name.clone())
}

fn utf16(text: &str, little: bool, mark: bool) -> Vec<u8> {
    let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
    units.flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
}

#[test]
fn every_encoding_is_read_with_every_delimiter() {
    // Long enough for a guess: catalogues are.
    let chinese = "不锈钢无缝钢管，用于化工和食品工业，表面经过酸洗处理";
    let german = "Rohre aus nichtrostendem Stahl, nahtlos, für Geräte der Getränkeindustrie, Größe DN50, geprüft";
    let russian = "Трубы бесшовные из нержавеющей стали для пищевой промышленности";
    for delimiter in [",", ";", "\t"] {
        let table = |name: &str| {
            let rows: Vec<String> = (1..=20)
                .map(|at| ["A-".to_owned() + &at.to_string(), format!("\"{name}\""), "x".to_owned()].join(delimiter))
                .collect();
            format!("{}\r\n{}\r\n", ["SKU", "Name", "Brand"].join(delimiter), rows.join("\r\n"))
        };
        let encoded: Vec<(&str, &str, Vec<u8>)> = vec![
            ("UTF-8", chinese, table(chinese).into_bytes()),
            ("UTF-8", german, format!("\u{feff}{}", table(german)).into_bytes()),
            ("UTF-16LE", chinese, utf16(&table(chinese), true, true)),
            ("UTF-16BE", russian, utf16(&table(russian), false, true)),
            ("UTF-16LE", german, utf16(&table(german), true, false)),
            ("UTF-16BE", german, utf16(&table(german), false, false)),
            ("gb18030", chinese, GB18030.encode(&table(chinese)).0.into_owned()),
            ("windows-1252", german, WINDOWS_1252.encode(&table(german)).0.into_owned()),
            ("windows-1251", russian, WINDOWS_1251.encode(&table(russian)).0.into_owned()),
        ];
        for (encoding, name, bytes) in encoded {
            let (reading, rows) = read(&bytes, ImportFormat::Csv).unwrap();
            let found = (reading.encoding.as_deref(), reading.delimiter.as_deref(), rows.len());
            assert_eq!(found, (Some(encoding), Some(delimiter), 20), "{encoding} {delimiter:?}");
            assert_eq!(named(&rows[19]), ("A-20".to_owned(), name.to_owned()), "{encoding} {delimiter:?}");
        }
    }
}

#[test]
fn rows_are_counted_as_a_spreadsheet_does() {
    let table = "\n\nSKU,Name\nA-1,\"two\nlines\"\n,\nA-2,Pipe\n";
    let (_, rows) = read(table.as_bytes(), ImportFormat::Csv).unwrap();
    let numbers: Vec<i64> = rows.iter().map(|row| row.as_ref().unwrap().number).collect();
    // The csv reader passes over lines that are empty altogether.
    assert_eq!((numbers.len(), numbers[1] - numbers[0]), (2, 2));
    assert_eq!(named(&rows[1]).1, "Pipe");
}

#[test]
fn rows_that_have_slipped_and_unreadable_ones_are_refused_alone() {
    let table = "SKU;Name;Brand\nA-1;Pipe;Aldra;x\nA-2;Pipe\nA-3;Pi\u{fffd}pe;x\nA-4;Pipe;Aldra;;\n";
    let (_, rows) = read(table.as_bytes(), ImportFormat::Csv).unwrap();
    let columns: Vec<Option<String>> = rows
        .iter()
        .map(|row| row.as_ref().unwrap().read.as_ref().err().map(|refusal| refusal.faults[0].column.clone()))
        .collect();
    assert_eq!(columns, [Some(String::new()), Some(String::new()), Some("Name".to_owned()), None]);
}

#[test]
fn a_quote_that_is_never_closed_ends_the_file_and_not_the_memory() {
    let mut table = b"SKU,Name\nA-1,Pipe\nA-2,\"Pipe".to_vec();
    table.resize(3 << 20, b'x');
    let (_, rows) = read(&table, ImportFormat::Csv).unwrap();
    assert_eq!(rows.len(), 2);
    let problem = rows[1].as_ref().unwrap_err();
    assert!(problem.fields[0].message.contains("row 3"), "{problem}");
}

#[test]
fn lines_are_read_one_by_one_whatever_is_wrong_with_them() {
    let lines = "\u{feff}{\"sku\":\"A-1\",\"name\":\"Pipe\"}\r\n\n{\"sku\":\"A-2\"}\n{nonsense\n[1]\n{\"type\":\"listing\",\"sku\":\"A-3\",\"name\":\"x\",\"colour\":1}\n";
    let (_, rows) = read(lines.as_bytes(), ImportFormat::Ndjson).unwrap();
    assert_eq!(named(&rows[0]), ("A-1".to_owned(), "Pipe".to_owned()));
    let refused: Vec<(i64, Option<String>, String)> = rows[1..]
        .iter()
        .map(|row| row.as_ref().unwrap())
        .map(|row| (row.number, row.read.as_ref().unwrap_err().clone()))
        .map(|(number, refusal)| (number, refusal.sku, refusal.faults[0].column.clone()))
        .collect();
    let wanted = [(3, Some("A-2"), "/name"), (4, None, ""), (5, None, ""), (6, Some("A-3"), "/colour")];
    assert_eq!(refused, wanted.map(|(number, sku, column)| (number, sku.map(str::to_owned), column.to_owned())));
    assert!(read(&utf16("{}\n", true, true), ImportFormat::Ndjson).unwrap().1[0].is_err());
}

#[test]
fn what_is_no_table_is_refused_as_a_whole() {
    for (bytes, format) in [
        (&b""[..], ImportFormat::Csv),
        (b"\n \n", ImportFormat::Csv),
        (b"Name,Brand\nPipe,Aldra\n", ImportFormat::Csv),
        (b"SKU,Name\n", ImportFormat::Xlsx),
        (b"PK\x03\x04 and nothing more", ImportFormat::Xlsx),
    ] {
        let refused = read(bytes, format).map(drop).unwrap_err();
        assert_eq!(refused.code, crate::error::Code::Invalid, "{bytes:?}");
    }
}
