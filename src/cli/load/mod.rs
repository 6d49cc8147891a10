//! `tradepost load`: companies, listings and RFQs from an NDJSON file, as an operator who moves from another platform brings them.
//!
//! Two passes over the file ([`lines`]): companies first, so that a listing may stand before its seller; then the rest, a thousand lines to
//! a transaction. A bad line is reported with its number, field and reason and stops nothing. The same file again changes nothing.

mod lines;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::sync_channel;

use clap::Args;

use self::lines::{Batch, Item, Pass, Reading};
use super::options::Global;
use super::print::{print_line, print_status};
use super::serve::FolderLock;
use crate::app::{App, IndexPlace};
use crate::clock::Clock;
use crate::companies;
use crate::companies::loading::{Loaded, Publish};
use crate::error::{FieldCode, Problem, Result};
use crate::ids::{CompanyId, ListingId, RfqId};
use crate::listings::events::ListingPublished;
use crate::listings::loading::{Voice, upsert_all_loaded};
use crate::outbox::{Options, enqueue};
use crate::rfqs::actions::upsert_loaded as upsert_loaded_rfq;
use crate::rfqs::{RfqFields, events::RfqPublished};
use crate::store::Tx;
use crate::workers::Workers;

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
    /// Match the loaded RFQs and listings too, and notify suppliers.
    #[arg(long = "match")]
    pub and_match: bool,
    /// Report what a load would report and store nothing.
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
        let at = if field.pointer.is_empty() { String::new() } else { format!("{} ", field.pointer) };
        print_status(&format!("line {line}: {at}{}", field.message));
    }
}

/// Loads a file; every refused line goes to `report` with its number, from 1.
///
/// One thread reads and checks the lines, this one stores them: what is checked waits for the database and not the other way round. A dry
/// run stores everything as well, in one transaction that is rolled back: so it refuses what a load refuses, for the same reasons. (On
/// SQLite nobody else writes meanwhile.)
///
/// # Errors
/// A file that cannot be read, or a fault of the database; batches that were stored before it stay.
pub fn load_file(app: &App, load: &Load, mut report: impl FnMut(usize, &Problem)) -> Result<Counts> {
    let mut storing = Storing { load, companies: HashMap::new(), counts: Counts::default(), report: &mut report };
    if load.dry_run {
        // All of it in one transaction that is rolled back: later lines see earlier ones, as they will in earnest.
        app.db.rehearse(|tx| go_through(&load.file, |batch| storing.store(batch, |work| work(tx))))?;
    } else {
        go_through(&load.file, |batch| storing.store(batch, |work| app.db.write(work)))?;
    }
    Ok(storing.counts)
}

/// Hands the checked lines of both passes over in batches.
fn go_through(file: &Path, mut store: impl FnMut(Batch) -> Result<()>) -> Result<()> {
    let mut reading = Reading::default();
    // Twice through the file: a listing may stand before its company, and the file need not fit into memory.
    for pass in [Pass::Companies, Pass::Rest] {
        let (batches, checked) = sync_channel(BATCHES_AHEAD);
        let reading = &mut reading;
        let store = &mut store;
        std::thread::scope(|scope| {
            // The channel ends with its sender, which goes with the thread.
            let reader = scope.spawn(move || reading.go_through(file, pass, &batches));
            let stored = checked.into_iter().try_for_each(store);
            let read = reader.join().unwrap_or_else(|_| Err(Problem::internal("reading the file panicked")));
            stored.and(read)
        })?;
    }
    Ok(())
}

/// What became of each line of a batch, and the companies that were found under their refs.
type Stored = (Vec<(usize, Result<Outcome>)>, HashMap<String, CompanyId>);

/// Stores what was read.
struct Storing<'a> {
    load: &'a Load,
    companies: HashMap<String, CompanyId>,
    counts: Counts,
    report: &'a mut dyn FnMut(usize, &Problem),
}

impl Storing<'_> {
    /// Stores a batch in a transaction of `transact`, which may run the work again.
    fn store(
        &mut self,
        batch: Batch,
        transact: impl FnOnce(&mut dyn FnMut(&mut Tx) -> Result<Stored>) -> Result<Stored>,
    ) -> Result<()> {
        let mut outcomes = Vec::with_capacity(batch.len());
        let mut items = Vec::with_capacity(batch.len());
        for (line, read) in batch {
            match read {
                Ok(item) => items.push((line, item)),
                Err(problem) => outcomes.push((line, Err(problem))),
            }
        }
        if !items.is_empty() {
            let (stored, found) = transact(&mut |tx: &mut Tx| self.store_items(tx, &items))?;
            outcomes.extend(stored);
            // Only now: what a run that was rolled back has stored is not there.
            self.companies.extend(found);
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

    /// Each line by itself: what refuses one takes back what was written for it and nothing else.
    fn store_items(&self, tx: &mut Tx, items: &[(usize, Item)]) -> Result<Stored> {
        let mut outcomes = Vec::with_capacity(items.len());
        let mut found = HashMap::new();
        let (mut lines, mut listings) = (Vec::new(), Vec::new());
        for (line, item) in items {
            let outcome = match item {
                Item::Company { reference, fields } => {
                    let loaded = tx.attempt(|tx| companies::loading::upsert_loaded(tx, reference, fields))?;
                    if let Ok(loaded) = &loaded {
                        found.insert(reference.clone(), loaded.id());
                    }
                    loaded.map(Outcome::from)
                }
                Item::Rfq { company, reference, fields } => match self.company_of(tx, company, &mut found)? {
                    Ok(company) => tx.attempt(|tx| self.store_rfq(tx, company, reference, fields))?,
                    Err(problem) => Err(problem),
                },
                Item::Listing { company, fields } => match self.company_of(tx, company, &mut found)? {
                    Ok(company) => {
                        lines.push(*line);
                        listings.push((company, &**fields));
                        continue;
                    }
                    Err(problem) => Err(problem),
                },
            };
            outcomes.push((*line, outcome));
        }
        for (line, loaded) in
            lines.into_iter().zip(upsert_all_loaded(tx, &listings, self.publish(), Voice::Quiet, None)?)
        {
            let loaded = match loaded {
                Ok(loaded) => {
                    if let (Loaded::Made(id) | Loaded::Changed(id), true) = (loaded, self.load.and_match) {
                        match_listing(tx, id)?;
                    }
                    Ok(Outcome::from(loaded))
                }
                Err(problem) => Err(problem),
            };
            outcomes.push((line, loaded));
        }
        Ok((outcomes, found))
    }

    /// The company of the ref: of this file, or of an earlier load. The outer error is a fault, the inner one refuses the line.
    fn company_of(
        &self,
        tx: &mut Tx,
        reference: &str,
        found: &mut HashMap<String, CompanyId>,
    ) -> Result<Result<CompanyId>> {
        if let Some(id) = self.companies.get(reference).or_else(|| found.get(reference)) {
            return Ok(Ok(*id));
        }
        let Some(id) = companies::store::find_by_ref(tx.conn(), reference)? else {
            let message = format!("must be the ref of a company of this file or of an earlier load, not {reference}");
            return Ok(Err(Problem::invalid_field("/company", FieldCode::UnknownValue, message)));
        };
        found.insert(reference.to_owned(), id);
        Ok(Ok(id))
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
