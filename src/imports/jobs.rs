//! Carrying an import out: its rows, two hundred to a transaction or as many as fit into 50 ms, and at last what the file does not name.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::time::Instant;

use super::events::RunImport;
use super::readers::{self, Row, Rows};
use super::rules::{BATCH, MOST_HELD, MOST_KEPT, MOST_TRIES, PART, Refusal, Taken};
use super::{Import, ImportCounts, ImportMode, ImportState, KeptRow, Mapping, RowFault, RowKind, actions, store};
use crate::app::App;
use crate::companies::loading::{Loaded, Publish};
use crate::error::{Code, FieldCode, FieldError, Problem, Result};
use crate::event_feed::{EventData, EventType, actions as feed};
use crate::ids::ListingId;
use crate::listings::ListingFields;
use crate::listings::actions::{cap, ensure_may_publish};
use crate::listings::loading::{Voice, pause_unnamed, upsert_all_loaded};
use crate::locale::{Language, Message};
use crate::outbox::{Job, JobError, Run};
use crate::store::Tx;

impl Job for RunImport {
    type Context = App;
    const KIND: &'static str = "run_import";

    fn run(self, app: &App, run: &Run) -> std::result::Result<(), JobError> {
        match carry_out(app, self) {
            Ok(Ended::Over) => Ok(()),
            // Behind what is stored it goes on, in this process or another one.
            Ok(Ended::Stopped) => Err(JobError::NotYet),
            // The others of the company wait behind it: after so many tries it is over, whatever is wrong.
            Err(problem) if run.attempt >= MOST_TRIES && !is_away(&problem) => {
                log::error!("import {} was given up: {problem}", self.import);
                give_up(app, self, &problem)?;
                Ok(())
            }
            Err(problem) => Err(problem.into()),
        }
    }
}

/// Whether the database or the file store is away, which passes.
fn is_away(problem: &Problem) -> bool {
    problem.code == Code::Unavailable
}

/// How a run ended.
enum Ended {
    /// There is nothing more to be done by this job.
    Over,
    /// The process stops.
    Stopped,
}

fn give_up(app: &App, job: RunImport, problem: &Problem) -> Result<()> {
    let Some(import) = app.db.read(|conn| store::find(conn, job.import))?.filter(|import| !import.state.is_over())
    else {
        return Ok(());
    };
    finish(app, &import, ImportState::Failed, Some(problem.detail.clone()))
}

fn carry_out(app: &App, job: RunImport) -> Result<Ended> {
    let Some((import, remembered)) = begin(app, job)? else { return Ok(Ended::Over) };
    let file = app.blobs.fetch(&import.blob)?;
    let outcome = readers::with_rows(file.reader()?, &import.order, &remembered, |opened| {
        let import = Import { reading: Some(opened.reading), ..import.clone() };
        Running { app, done: import.counts.rows, import, seen: SkusOfFile::default() }.run(opened.rows)
    });
    match outcome {
        Ok(ended) => ended,
        Err(problem) if problem.code == Code::Invalid => {
            finish(app, &import, ImportState::Failed, Some(said_of(&problem)))?;
            Ok(Ended::Over)
        }
        Err(fault) => Err(fault),
    }
}

/// What is wrong with a file, without the empty pointer that stands for all of it.
fn said_of(problem: &Problem) -> String {
    let messages: Vec<&str> = problem.fields.iter().map(|field| field.message.as_str()).collect();
    if messages.is_empty() { problem.detail.clone() } else { messages.join("; ") }
}

/// The import and what is remembered of its company's columns, if it is its turn.
fn begin(app: &App, job: RunImport) -> Result<Option<(Import, Mapping)>> {
    app.db.write(|tx| {
        let Some(mut import) = store::find(tx.conn(), job.import)?.filter(|import| !import.state.is_over()) else {
            return Ok(None);
        };
        // The one before enqueues this one again when it is over.
        if store::first_waiting(tx.conn(), import.company)? != Some(import.id) {
            return Ok(None);
        }
        if import.state == ImportState::Queued {
            import.state = ImportState::Running;
            import.started_at = Some(tx.now());
            advance(tx, &mut import)?;
        }
        let remembered = store::remembered(tx.conn(), import.company)?;
        Ok(Some((import, remembered)))
    })
}

/// Writes how far the import is; refused when another run of the same import is at it, which then goes on alone.
fn advance(tx: &mut Tx, import: &mut Import) -> Result<()> {
    if !store::update(tx, import)? {
        return Err(Problem::internal(format!("import {} is carried out twice at once", import.id)));
    }
    import.version += 1;
    Ok(())
}

/// Ends the import, and has the next one of its company carried out.
fn finish(app: &App, import: &Import, state: ImportState, problem: Option<String>) -> Result<()> {
    app.db.write(|tx| {
        let mut over = Import { state, finished_at: Some(tx.now()), ..import.clone() };
        over.problem = problem.clone().or(over.problem);
        advance(tx, &mut over)?;
        let data = EventData { import: Some(over.id), state: Some(state.to_string()), ..EventData::default() };
        feed::record(tx, EventType::ImportFinished, &data, &[over.company])?;
        if let Some(next) = store::first_waiting(tx.conn(), over.company)? {
            actions::enqueue_run(tx, next, &format!(" after {}", over.id))?;
        }
        Ok(())
    })
}

/// The SKUs of the file so far, as hashes: of a million rows the names would take 50 MB, and two of them have the same hash once in thirty
/// million such files.
#[derive(Default)]
struct SkusOfFile {
    hashes: RandomState,
    /// The row that each SKU stood on first; 0 where the row was refused, so that another one may still bring it.
    rows: HashMap<u64, i64>,
    /// Rows of which not even the SKU could be read.
    unnamed: i64,
}

impl SkusOfFile {
    fn hash(&self, sku: &str) -> u64 {
        self.hashes.hash_one(sku)
    }

    /// Notes what the row names; answers the earlier row that has the SKU of this good one.
    fn note(&mut self, row: &Row) -> Option<i64> {
        match &row.read {
            Ok(taken) => {
                let hash = self.hash(&taken.fields.sku);
                match self.rows.get(&hash).copied() {
                    Some(first) if first > 0 => return Some(first),
                    _ => drop(self.rows.insert(hash, row.number)),
                }
            }
            Err(Refusal { sku: Some(sku), .. }) => {
                let hash = self.hash(sku);
                self.rows.entry(hash).or_insert(0);
            }
            Err(_) => self.unnamed += 1,
        }
        None
    }

    fn names(&self, sku: &str) -> bool {
        self.rows.contains_key(&self.hash(sku))
    }
}

/// An import that is being carried out.
struct Running<'a> {
    app: &'a App,
    import: Import,
    /// Rows that an earlier run dealt with.
    done: i64,
    seen: SkusOfFile,
}

impl Running<'_> {
    fn run(mut self, mut rows: Rows<'_>) -> Result<Ended> {
        let mut passed = 0;
        loop {
            let mut batch = Vec::with_capacity(BATCH);
            let mut fault = None;
            let mut is_end = false;
            while batch.len() < BATCH {
                match rows.next() {
                    None => {
                        is_end = true;
                        break;
                    }
                    Some(Ok(row)) => {
                        let row = self.once(row);
                        passed += 1;
                        // Dealt with by an earlier run: only what it names is noted.
                        if passed > self.done {
                            batch.push(row);
                        }
                    }
                    Some(Err(problem)) => {
                        fault = Some(problem);
                        break;
                    }
                }
            }
            let mut left = batch.as_slice();
            while !left.is_empty() {
                left = &left[self.store(left)?..];
            }
            match fault {
                Some(problem) if problem.code == Code::Invalid => {
                    finish(self.app, &self.import, ImportState::Failed, Some(said_of(&problem)))?;
                    return Ok(Ended::Over);
                }
                Some(fault) => return Err(fault),
                None if is_end => break,
                None if self.app.notify.is_stopped() => return Ok(Ended::Stopped),
                None => {}
            }
        }
        let problem = self.pause_unnamed()?;
        finish(self.app, &self.import, ImportState::Finished, problem)?;
        Ok(Ended::Over)
    }

    /// The row, refused when an earlier one has its SKU: a file with both would change the listing each time that it comes.
    fn once(&mut self, row: Row) -> Row {
        let Some(first) = self.seen.note(&row) else { return row };
        let sku = row.read.ok().map(|taken| taken.fields.sku);
        let fault = RowFault {
            column: self.column_of_sku(),
            code: FieldCode::Contradiction.as_str().to_owned(),
            value: sku.clone().unwrap_or_default(),
            message: Message::new("imports-sku-twice").with("row", first).text(Language::English),
        };
        Row { number: row.number, cells: row.cells, read: Err(Refusal { sku, faults: vec![fault] }) }
    }

    fn column_of_sku(&self) -> String {
        self.column_of("/sku")
    }

    /// The header of the column that a refusal of the store is about.
    fn column_of(&self, pointer: &str) -> String {
        let name = pointer.trim_start_matches('/');
        let mut columns = self.import.reading.iter().flat_map(|reading| &reading.columns);
        let found = columns.find(|column| column.field.as_deref() == Some(name));
        found.map_or_else(|| pointer.to_owned(), |column| column.header.clone())
    }

    /// Stores the first rows, as many as one transaction may hold the writer for, and how far the import is; answers how many.
    fn store(&mut self, batch: &[Row]) -> Result<usize> {
        let (import, stored) = if self.import.order.dry_run {
            let (outcomes, stored) = self.app.db.rehearse(|tx| self.load_in_time(tx, batch))?;
            (self.app.db.write(|tx| self.keep(tx, &batch[..stored], &outcomes))?, stored)
        } else {
            self.app.db.write(|tx| {
                let (outcomes, stored) = self.load_in_time(tx, batch)?;
                Ok((self.keep(tx, &batch[..stored], &outcomes)?, stored))
            })?
        };
        self.import = import;
        Ok(stored)
    }

    /// Loads rows until all are, or the time is up; answers what became of the good ones, and how many rows that are.
    fn load_in_time(&self, tx: &mut Tx, batch: &[Row]) -> Result<(Vec<Result<Loaded<ListingId>>>, usize)> {
        let begun = Instant::now();
        let (mut outcomes, mut stored) = (Vec::new(), 0);
        for part in batch.chunks(PART) {
            if stored > 0 && begun.elapsed() >= MOST_HELD {
                break;
            }
            outcomes.extend(self.load(tx, part)?);
            stored += part.len();
        }
        Ok((outcomes, stored))
    }

    /// Stores the listings of the good rows; answers what became of each of these.
    fn load(&self, tx: &mut Tx, batch: &[Row]) -> Result<Vec<Result<Loaded<ListingId>>>> {
        let company = self.import.company;
        let good: Vec<_> = batch.iter().filter_map(|row| row.read.as_ref().ok()).collect();
        let fields: Vec<(_, &ListingFields)> = good.iter().map(|taken| (company, &taken.fields)).collect();
        // Looked at anew for each part: a company may be suspended while its file is read.
        let publish = match self.import.order.publish.then(|| ensure_may_publish(tx, company)) {
            Some(Ok(())) => Publish::Yes,
            Some(Err(fault)) if fault.code.status() >= 500 => return Err(fault),
            None | Some(Err(_)) => Publish::No,
        };
        upsert_all_loaded(tx, &fields, publish, Voice::Aloud, cap(self.app))
    }

    /// Counts the rows and keeps those of which something is to be said; answers the import as it is then.
    fn keep(&self, tx: &mut Tx, batch: &[Row], outcomes: &[Result<Loaded<ListingId>>]) -> Result<Import> {
        let mut import = self.import.clone();
        let mut outcomes = outcomes.iter();
        let mut kept = Vec::new();
        for row in batch {
            import.counts.rows += 1;
            let refused = match &row.read {
                Err(refusal) => Some(refusal.faults.clone()),
                Ok(taken) => match outcomes.next() {
                    Some(Ok(loaded)) => {
                        count(&mut import.counts, *loaded);
                        kept.extend(self.noted(&mut import.counts, row, taken));
                        None
                    }
                    Some(Err(problem)) => Some(self.faults_of(problem, row)),
                    None => return Err(Problem::internal("a row of an import came to nothing")),
                },
            };
            if let Some(faults) = refused {
                import.counts.refused += 1;
                if import.counts.refused <= MOST_KEPT {
                    kept.push(KeptRow { number: row.number, kind: RowKind::Refused, cells: row.cells.clone(), faults });
                }
            }
        }
        store::insert_rows(tx, import.id, &kept)?;
        advance(tx, &mut import)?;
        Ok(import)
    }

    fn noted(&self, counts: &mut ImportCounts, row: &Row, taken: &Taken) -> Option<KeptRow> {
        if taken.notes.is_empty() {
            return None;
        }
        counts.noted += 1;
        let is_kept = counts.noted <= MOST_KEPT;
        let faults = taken.notes.clone();
        is_kept.then(|| KeptRow { number: row.number, kind: RowKind::Noted, cells: Vec::new(), faults })
    }

    /// What the store refuses a listing for: a last day that has passed, a SKU that a moderator took off.
    fn faults_of(&self, problem: &Problem, row: &Row) -> Vec<RowFault> {
        let sku = row.read.as_ref().map(|taken| taken.fields.sku.clone()).unwrap_or_default();
        let fault = |field: &FieldError| RowFault {
            column: self.column_of(&field.pointer),
            code: field.code.as_str().to_owned(),
            value: if field.pointer == "/sku" { sku.clone() } else { String::new() },
            message: field.message.clone(),
        };
        if problem.fields.is_empty() {
            let (code, message) = (problem.code.as_str().to_owned(), problem.detail.clone());
            return vec![RowFault { column: self.column_of_sku(), code, value: sku.clone(), message }];
        }
        problem.fields.iter().map(fault).collect()
    }

    /// Pauses what the file does not name, where that was asked for; answers why nothing was paused where it was not possible.
    fn pause_unnamed(&mut self) -> Result<Option<String>> {
        if self.import.order.mode != ImportMode::Replace {
            return Ok(None);
        }
        // Any published listing might be the one that such a row means.
        if self.seen.unnamed > 0 {
            return Ok(Some(
                Message::new("imports-nothing-paused").with("rows", self.seen.unnamed).text(Language::English),
            ));
        }
        let mut after = ListingId(0);
        loop {
            let (import, last) = if self.import.order.dry_run {
                let (paused, last) = self.app.db.rehearse(|tx| self.pause_next(tx, after))?;
                (self.app.db.write(|tx| self.count_paused(tx, paused))?, last)
            } else {
                self.app.db.write(|tx| {
                    let (paused, last) = self.pause_next(tx, after)?;
                    Ok((self.count_paused(tx, paused)?, last))
                })?
            };
            self.import = import;
            match last {
                Some(last) => after = last,
                None => return Ok(None),
            }
        }
    }

    fn pause_next(&self, tx: &mut Tx, after: ListingId) -> Result<(i64, Option<ListingId>)> {
        let most = i64::try_from(BATCH).unwrap_or(i64::MAX);
        pause_unnamed(tx, self.import.company, after, most, |sku| self.seen.names(sku))
    }

    fn count_paused(&self, tx: &mut Tx, paused: i64) -> Result<Import> {
        let mut import = self.import.clone();
        if paused > 0 {
            import.counts.paused += paused;
            advance(tx, &mut import)?;
        }
        Ok(import)
    }
}

fn count(counts: &mut ImportCounts, loaded: Loaded<ListingId>) {
    match loaded {
        Loaded::Made(_) => counts.made += 1,
        Loaded::Changed(_) => counts.changed += 1,
        Loaded::Same(_) => counts.same += 1,
    }
}
