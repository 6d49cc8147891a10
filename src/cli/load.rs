//! `tradepost load`: companies, listings and RFQs from an NDJSON file, as an operator who moves from another platform brings them.
//!
//! Two passes over the file: companies first, so that a listing may stand before its seller; then the rest, a thousand lines to a
//! transaction. A bad line is reported with its number, field and reason and stops nothing. The same file again changes nothing.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};

use clap::Args;
use serde_json::{Map, Value};

use super::progress::Progress;
use super::serve::FolderLock;
use super::{Global, print_line, print_status};
use crate::app::{App, IndexPlace};
use crate::clock::Clock;
use crate::companies::loading::{Loaded, Publish};
use crate::companies::{self, CompanyFields};
use crate::error::{FieldCode, Problem, Result};
use crate::ids::{CompanyId, ListingId, RfqId};
use crate::listings::loading::upsert_all_loaded;
use crate::listings::{self, ListingFields, events::ListingPublished};
use crate::outbox::{Options, enqueue};
use crate::rfqs::actions::{check_loaded as check_loaded_rfq, upsert_loaded as upsert_loaded_rfq};
use crate::rfqs::{self, RfqFields, events::RfqPublished};
use crate::store::Tx;
use crate::wire;
use crate::workers::Workers;

/// Lines in one transaction.
const BATCH: usize = 1_000;
/// Batches that are read before they are stored.
const BATCHES_AHEAD: usize = 4;
/// Bad lines that are printed; the rest is only counted.
const MOST_SHOWN: usize = 1_000;

/// What to load and how.
#[derive(Args, Clone, Debug, Default)]
pub struct Load {
    /// The file; one JSON object a line.
    pub file: PathBuf,
    /// Publish what is loaded.
    #[arg(long)]
    pub publish: bool,
    /// Match the loaded RFQs and listings too, and tell suppliers.
    #[arg(long = "match")]
    pub and_match: bool,
    /// Check every line and store nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Exit with 1 when a line was refused.
    #[arg(long)]
    pub strict: bool,
}

/// How a load went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// New things.
    pub made: usize,
    /// Things that were there and differed.
    pub changed: usize,
    /// Things that were there and equal.
    pub same: usize,
    /// Lines that were refused.
    pub refused: usize,
}

pub(super) fn run(global: &Global, load: &Load) -> Result<()> {
    let config = global.load("data")?;
    // With a server on the folder the index is the server's business; without one it is brought up to date here.
    let lock = FolderLock::try_take(&config.data)?;
    let place = if lock.is_some() { IndexPlace::DataFolder } else { IndexPlace::Memory };
    let app = Arc::new(App::migrate_and_build(config, Clock::System, place)?);
    let counts = if place == IndexPlace::DataFolder && !load.dry_run {
        let workers = Workers::new(Arc::clone(&app));
        let counts = workers.while_indexing(|| load_file(&app, load, report))??;
        print_status("bringing the search index up to date");
        workers.drain()?;
        counts
    } else {
        load_file(&app, load, report)?
    };
    let Counts { made, changed, same, refused } = counts;
    print_line(&format!("{made} new, {changed} changed, {same} unchanged, {refused} refused"));
    if load.strict && refused > 0 {
        return Err(Problem::conflict(format!("{refused} lines were refused")));
    }
    Ok(())
}

fn report(line: usize, problem: &Problem) {
    if problem.fields.is_empty() {
        print_status(&format!("line {line}: {}", problem.detail));
    }
    for field in &problem.fields {
        print_status(&format!("line {line}: {} {}", field.pointer, field.message));
    }
}

/// Loads a file; every refused line goes to `report` with its number, from 1.
///
/// One thread reads and checks the lines, this one stores them: what is checked waits for the database and not the other way round.
pub fn load_file(app: &App, load: &Load, mut report: impl FnMut(usize, &Problem)) -> Result<Counts> {
    let mut reading = Reading { app, load, companies: HashMap::new() };
    let mut storing = Storing { app, load, counts: Counts::default(), report: &mut report };
    for pass in [Pass::Companies, Pass::Rest] {
        let (batches, checked) = sync_channel(BATCHES_AHEAD);
        let reading = &mut reading;
        std::thread::scope(|scope| {
            // The channel ends with its sender, which goes with the thread.
            let reader = scope.spawn(move || reading.go_through(pass, &batches));
            let stored = checked.into_iter().try_for_each(|batch| storing.store(batch));
            let read = reader.join().unwrap_or_else(|_| Err(Problem::internal("reading the file panicked")));
            stored.and(read)
        })?;
    }
    Ok(storing.counts)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Pass {
    Companies,
    Rest,
}

enum Item {
    Company(String, Box<CompanyFields>),
    Listing(CompanyId, Box<ListingFields>),
    Rfq(CompanyId, String, Box<RfqFields>),
}

/// Lines by their numbers, each read or refused.
type Batch = Vec<(usize, Result<Item>)>;

/// Reads the lines and checks them.
struct Reading<'a> {
    app: &'a App,
    load: &'a Load,
    companies: HashMap<String, CompanyId>,
}

impl Reading<'_> {
    fn go_through(&mut self, pass: Pass, batches: &SyncSender<Batch>) -> Result<()> {
        let (mut reader, bytes) = open(&self.load.file)?;
        let progress = Progress::bytes(bytes, if pass == Pass::Companies { "companies" } else { "listings and RFQs" });
        let mut batch = Vec::with_capacity(BATCH);
        let mut text = Vec::new();
        for number in 1.. {
            text.clear();
            let read = reader.read_until(b'\n', &mut text).map_err(|error| unreadable(&self.load.file, &error))?;
            let is_end = read == 0;
            progress.advance(read as u64);
            if let Some(outcome) = self.parse(pass, &text).transpose() {
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

    /// The item of a line, if the pass is about its kind. Lines that are no objects of a known type are refused in the second
    /// pass, once.
    fn parse(&mut self, pass: Pass, line: &[u8]) -> Result<Option<Item>> {
        if line.iter().all(u8::is_ascii_whitespace) {
            return Ok(None);
        }
        let is_company = looks_like_company(line);
        if is_company != (pass == Pass::Companies) {
            return Ok(None);
        }
        let Value::Object(mut members) = wire::parse(line)? else {
            return Err(Problem::invalid_field("", FieldCode::Format, "must be a JSON object"));
        };
        match take_text(&mut members, "type")?.as_str() {
            "company" if is_company => self.company(members).map(Some),
            "listing" => self.listing(members).map(Some),
            "rfq" => self.rfq(members).map(Some),
            _ => Err(Problem::invalid_field("/type", FieldCode::UnknownValue, "must be company, listing or rfq")),
        }
    }

    fn company(&mut self, mut members: Map<String, Value>) -> Result<Item> {
        let reference = take_text(&mut members, "ref")?;
        let mut fields: CompanyFields = wire::read_value(Value::Object(members), companies::READ_ONLY)?;
        fields.check()?;
        if self.load.dry_run {
            self.companies.insert(reference.clone(), CompanyId(0));
        }
        Ok(Item::Company(reference, Box::new(fields)))
    }

    fn listing(&mut self, mut members: Map<String, Value>) -> Result<Item> {
        let company = self.company_of(&mut members)?;
        let mut fields: ListingFields = wire::read_value(Value::Object(members), listings::READ_ONLY)?;
        fields.check()?;
        Ok(Item::Listing(company, Box::new(fields)))
    }

    fn rfq(&mut self, mut members: Map<String, Value>) -> Result<Item> {
        let company = self.company_of(&mut members)?;
        let reference = take_text(&mut members, "ref")?;
        let mut fields: RfqFields = wire::read_value(Value::Object(members), rfqs::READ_ONLY)?;
        check_loaded_rfq(self.app, company, &reference, &mut fields)?;
        Ok(Item::Rfq(company, reference, Box::new(fields)))
    }

    fn company_of(&mut self, members: &mut Map<String, Value>) -> Result<CompanyId> {
        let reference = take_text(members, "company")?;
        if let Some(id) = self.companies.get(&reference) {
            return Ok(*id);
        }
        let known = self.app.db.read(|conn| companies::store::find_by_ref(conn, &reference))?;
        let id = known.ok_or_else(|| {
            let message = format!("must be the ref of a company of this file or of an earlier load, not {reference}");
            Problem::invalid_field("/company", FieldCode::UnknownValue, message)
        })?;
        self.companies.insert(reference, id);
        Ok(id)
    }
}

/// Stores what was read.
struct Storing<'a> {
    app: &'a App,
    load: &'a Load,
    counts: Counts,
    report: &'a mut dyn FnMut(usize, &Problem),
}

impl Storing<'_> {
    /// Stores a batch in one transaction.
    fn store(&mut self, batch: Batch) -> Result<()> {
        let mut outcomes = Vec::with_capacity(batch.len());
        let mut items = Vec::with_capacity(batch.len());
        for (line, read) in batch {
            match read {
                Ok(item) => items.push((line, item)),
                Err(problem) => outcomes.push((line, Err(problem))),
            }
        }
        if self.load.dry_run {
            outcomes.extend(items.iter().map(|(line, _)| (*line, Ok(Outcome::Same))));
        } else if !items.is_empty() {
            outcomes.extend(self.app.db.write(|tx| self.store_items(tx, &items))?);
        }
        outcomes.sort_by_key(|(line, _)| *line);
        for (line, outcome) in outcomes {
            match outcome {
                Ok(Outcome::Made) => self.counts.made += 1,
                Ok(Outcome::Changed) => self.counts.changed += 1,
                Ok(Outcome::Same) => self.counts.same += 1,
                Err(problem) => self.refused(line, &problem),
            }
        }
        Ok(())
    }

    fn refused(&mut self, line: usize, problem: &Problem) {
        self.counts.refused += 1;
        if self.counts.refused <= MOST_SHOWN {
            (self.report)(line, problem);
        }
    }

    fn store_items(&self, tx: &mut Tx, items: &[(usize, Item)]) -> Result<Vec<(usize, Result<Outcome>)>> {
        let mut outcomes = Vec::with_capacity(items.len());
        let (mut lines, mut listings) = (Vec::new(), Vec::new());
        for (line, item) in items {
            match item {
                Item::Company(reference, fields) => {
                    let loaded = companies::loading::upsert_loaded(tx, reference, fields)?;
                    outcomes.push((*line, Ok(Outcome::from(loaded))));
                }
                Item::Rfq(company, reference, fields) => {
                    outcomes.push((*line, self.store_rfq(tx, *company, reference, fields)));
                }
                Item::Listing(company, fields) => {
                    lines.push(*line);
                    listings.push((*company, &**fields));
                }
            }
        }
        for (line, loaded) in lines.into_iter().zip(upsert_all_loaded(tx, &listings, self.publish())?) {
            let loaded = loaded.and_then(|loaded| {
                if let (Loaded::Made(id) | Loaded::Changed(id), true) = (loaded, self.load.and_match) {
                    match_listing(tx, id)?;
                }
                Ok(Outcome::from(loaded))
            });
            outcomes.push((line, loaded));
        }
        Ok(outcomes)
    }

    fn store_rfq(&self, tx: &mut Tx, company: CompanyId, reference: &str, fields: &RfqFields) -> Result<Outcome> {
        let loaded = upsert_loaded_rfq(tx, company, reference, fields, self.publish())?;
        if let (Loaded::Made(id) | Loaded::Changed(id), true) = (loaded, self.load.and_match) {
            match_rfq(tx, id)?;
        }
        Ok(loaded.into())
    }

    fn publish(&self) -> Publish {
        if self.load.publish { Publish::Yes } else { Publish::No }
    }
}

fn match_listing(tx: &mut Tx, listing: ListingId) -> Result<()> {
    let key = format!("loaded {listing} {}", tx.now().timestamp_micros());
    enqueue(tx, &ListingPublished { listing }, Options::once(key))
}

fn match_rfq(tx: &mut Tx, rfq: RfqId) -> Result<()> {
    let key = format!("loaded {rfq} {}", tx.now().timestamp_micros());
    enqueue(tx, &RfqPublished { rfq }, Options::once(key))
}

#[derive(Clone, Copy)]
enum Outcome {
    Made,
    Changed,
    Same,
}

impl<I> From<Loaded<I>> for Outcome {
    fn from(loaded: Loaded<I>) -> Self {
        match loaded {
            Loaded::Made(_) => Self::Made,
            Loaded::Changed(_) => Self::Changed,
            Loaded::Same(_) => Self::Same,
        }
    }
}

/// Whether the line is a company's, by its first bytes where `type` stands first, otherwise by parsing it. A line that is no
/// JSON is nobody's and is refused in the second pass.
fn looks_like_company(line: &[u8]) -> bool {
    serde_json::from_slice::<TypeOnly>(line).is_ok_and(|line| line.kind.as_deref() == Some("company"))
}

#[derive(serde::Deserialize)]
struct TypeOnly {
    #[serde(rename = "type")]
    kind: Option<String>,
}

fn take_text(members: &mut Map<String, Value>, name: &str) -> Result<String> {
    let pointer = format!("/{name}");
    match members.remove(name) {
        Some(Value::String(text)) if !text.trim().is_empty() => Ok(text),
        None | Some(Value::Null) => Err(Problem::invalid_field(&pointer, FieldCode::Required, "is required")),
        Some(_) => Err(Problem::invalid_field(&pointer, FieldCode::Format, "must be a text that is not empty")),
    }
}

fn open(file: &Path) -> Result<(BufReader<File>, u64)> {
    let opened = File::open(file).map_err(|error| unreadable(file, &error))?;
    let bytes = opened.metadata().map_err(|error| unreadable(file, &error))?.len();
    Ok((BufReader::with_capacity(1 << 20, opened), bytes))
}

fn unreadable(file: &Path, error: &std::io::Error) -> Problem {
    Problem::invalid_field("/file", FieldCode::Format, format!("{} cannot be read: {error}", file.display()))
}
