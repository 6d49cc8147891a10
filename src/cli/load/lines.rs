//! The lines of a file: read one by one, checked, and turned into what is to be stored. Whatever is wrong with a line is wrong with it alone.

use std::collections::HashMap;
use std::fs::File;
use std::hash::{BuildHasher, RandomState};
use std::io::BufReader;
use std::path::Path;
use std::sync::mpsc::SyncSender;

use serde_json::{Map, Value};

use crate::cli::input::unreadable;
use crate::cli::progress::Progress;
use crate::companies::{self, CompanyFields};
use crate::error::{FieldCode, Problem, Result};
use crate::listings::{ListingFields, intake};
use crate::rfqs::{self, RfqFields};
use crate::wire;
use crate::wire::lines::{BOM, MOST_LINE, is_utf16, object, read_line};

/// Lines in one transaction.
const BATCH: usize = 200;
/// The longest `ref`, in characters.
const MAX_REF: usize = 200;

/// Companies are read in a pass of their own, so that a listing may stand before its seller.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Pass {
    Companies,
    Rest,
}

/// What a line asks to be stored; a listing and an RFQ name their company by its `ref`.
pub(super) enum Item {
    Company { reference: String, fields: Box<CompanyFields> },
    Listing { company: String, fields: Box<ListingFields> },
    Rfq { company: String, reference: String, fields: Box<RfqFields> },
}

/// Lines by their numbers, each read or refused.
pub(super) type Batch = Vec<(usize, Result<Item>)>;

/// Reads the lines and checks them.
#[derive(Default)]
pub(super) struct Reading {
    // Hashes of 64 bits instead of the names: a file of ten million lines fits, and two names that collide are next to impossible.
    hashes: RandomState,
    /// The line that each thing stood on first, by a hash of its kind and names: of a million things the names would take 100 MB, and two
    /// of them have the same hash once in thirty million such files.
    seen: HashMap<u64, usize>,
}

impl Reading {
    pub(super) fn go_through(&mut self, file: &Path, pass: Pass, batches: &SyncSender<Batch>) -> Result<()> {
        let (mut reader, bytes) = open(file)?;
        let progress = Progress::bytes(bytes, if pass == Pass::Companies { "companies" } else { "listings and RFQs" });
        let mut batch = Vec::with_capacity(BATCH);
        let mut line = Vec::new();
        for number in 1.. {
            let read = read_line(&mut reader, &mut line).map_err(|error| unreadable(file, &error))?;
            let mut is_end = read == 0;
            progress.advance(read as u64);
            let mut text = line.as_slice();
            if number == 1 {
                text = text.strip_prefix(BOM).unwrap_or(text);
                // Its line breaks cannot be told from halves of other characters, so the first line stands for the whole file.
                if is_utf16(text) {
                    if pass == Pass::Rest {
                        batch.push((number, Err(refused("must be UTF-8, not UTF-16: nothing of the file was read"))));
                    }
                    text = &[];
                    is_end = true;
                }
            }
            if let Some(outcome) = self.read(pass, number, text, read).transpose() {
                batch.push((number, outcome));
            }
            if batch.len() == BATCH || is_end {
                // Nobody takes it after a fault of the database, which is then the answer.
                if batches.send(std::mem::replace(&mut batch, Vec::with_capacity(BATCH))).is_err() || is_end {
                    break;
                }
            }
        }
        progress.finish();
        Ok(())
    }

    /// The item of a line, if the pass is about its kind. Lines that are no objects of a known type are refused in the second pass, once.
    fn read(&mut self, pass: Pass, number: usize, line: &[u8], bytes: usize) -> Result<Option<Item>> {
        if line.iter().all(u8::is_ascii_whitespace) {
            return Ok(None);
        }
        // A line that was cut off is no JSON, and so it is nobody's.
        let is_company = looks_like_company(line);
        if is_company != (pass == Pass::Companies) {
            return Ok(None);
        }
        if bytes > MOST_LINE {
            return Err(refused(format!("must have at most {} MiB", MOST_LINE >> 20)));
        }
        let item = parse(line, is_company)?;
        self.ensure_first(number, &item)?;
        Ok(Some(item))
    }

    /// Of two lines about the same thing the second is refused: the file would change it each time that it is loaded.
    fn ensure_first(&mut self, number: usize, item: &Item) -> Result<()> {
        let (names, pointer) = match item {
            Item::Company { reference, .. } => (("company", "", reference), "/ref"),
            Item::Listing { company, fields } => (("listing", company.as_str(), &fields.sku), "/sku"),
            Item::Rfq { company, reference, .. } => (("rfq", company.as_str(), reference), "/ref"),
        };
        match self.seen.insert(self.hashes.hash_one(names), number) {
            None => Ok(()),
            Some(first) => {
                // The first line stays the one that is named, however many repeat it.
                self.seen.insert(self.hashes.hash_one(names), first);
                let message = format!("is given twice: line {first} has it already");
                Err(Problem::invalid_field(pointer, FieldCode::Contradiction, message))
            }
        }
    }
}

fn parse(line: &[u8], is_company: bool) -> Result<Item> {
    let mut members = object(line)?;
    match take_text(&mut members, "type")?.as_str() {
        "company" if is_company => company(members),
        "company" => Err(Problem::invalid_field("/type", FieldCode::Contradiction, "is given twice")),
        "listing" => listing(members),
        "rfq" => rfq(members),
        _ => Err(Problem::invalid_field("/type", FieldCode::UnknownValue, "must be company, listing or rfq")),
    }
}

fn company(mut members: Map<String, Value>) -> Result<Item> {
    let reference = take_ref(&mut members, "ref")?;
    let mut fields: CompanyFields = wire::read_value(Value::Object(members), companies::READ_ONLY)?;
    fields.check()?;
    Ok(Item::Company { reference, fields: Box::new(fields) })
}

fn listing(mut members: Map<String, Value>) -> Result<Item> {
    let company = take_ref(&mut members, "company")?;
    // What had to be mended in it is no refusal; the operator sees the listing.
    let taken = intake::read(members)?;
    Ok(Item::Listing { company, fields: Box::new(taken.fields) })
}

fn rfq(mut members: Map<String, Value>) -> Result<Item> {
    let company = take_ref(&mut members, "company")?;
    let reference = take_ref(&mut members, "ref")?;
    let mut fields: RfqFields = wire::read_value(Value::Object(members), rfqs::READ_ONLY)?;
    fields.check()?;
    Ok(Item::Rfq { company, reference, fields: Box::new(fields) })
}

fn take_text(members: &mut Map<String, Value>, name: &str) -> Result<String> {
    let pointer = format!("/{name}");
    match members.remove(name) {
        Some(Value::String(text)) if !text.trim().is_empty() => Ok(text),
        None | Some(Value::Null) => Err(Problem::invalid_field(&pointer, FieldCode::Required, "is required")),
        Some(_) => Err(Problem::invalid_field(&pointer, FieldCode::Format, "must be a text that is not empty")),
    }
}

/// A name that the file gives; kept to the character, because an earlier load may have stored it so.
fn take_ref(members: &mut Map<String, Value>, name: &str) -> Result<String> {
    let text = take_text(members, name)?;
    let pointer = format!("/{name}");
    let characters = text.chars().count();
    if characters > MAX_REF {
        let message = format!("must have at most {MAX_REF} characters, not {characters}");
        return Err(Problem::invalid_field(&pointer, FieldCode::Range, message));
    }
    // PostgreSQL takes no NUL in a text, and the fault would be that of the whole batch.
    if text.chars().any(char::is_control) {
        return Err(Problem::invalid_field(&pointer, FieldCode::Format, "must not contain control characters"));
    }
    Ok(text)
}

/// A refusal of the line as a whole.
fn refused(message: impl Into<String>) -> Problem {
    Problem::invalid_field("", FieldCode::Format, message)
}

/// Whether the line is a company's. A line that is no JSON is nobody's and is refused in the second pass.
fn looks_like_company(line: &[u8]) -> bool {
    serde_json::from_slice::<TypeOnly>(line).is_ok_and(|line| line.kind.as_deref() == Some("company"))
}

#[derive(serde::Deserialize)]
struct TypeOnly {
    #[serde(rename = "type")]
    kind: Option<String>,
}

fn open(file: &Path) -> Result<(BufReader<File>, u64)> {
    let opened = File::open(file).map_err(|error| unreadable(file, &error))?;
    let bytes = opened.metadata().map_err(|error| unreadable(file, &error))?.len();
    Ok((BufReader::with_capacity(1 << 20, opened), bytes))
}
