//! Indexing: keeps the search indexes equal to the database by following the change log.
//!
//! The index is a cache. Its commit payload says how far it has come; from there the indexer reads the change log, loads what
//! changed in a few batch queries, and commits again. An index that has no position, or one of another epoch of the database, is
//! emptied and filled from the tables; changes made meanwhile are in the log behind the position that it starts from, so none is
//! missed. Applying a change twice changes nothing.

mod documents;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crate::app::App;
use crate::companies::{self, Company, CompanyState};
use crate::error::{Problem, Result};
use crate::listings::{self, ListingState};
use crate::outbox::{LoggedChange, changes_after, last_change};
use crate::rfqs;
use crate::search::{Change, Position, SearchError, Writer};
use crate::store::{Conn, Entity, Op, migrate};

/// How many rows a rebuild reads at a time.
const REBUILD_BATCH: i64 = 1_000;

/// Writes the indexes of this process; there is one.
pub struct Indexer {
    writer: Writer,
    epoch: String,
    seq: Option<i64>,
}

impl Indexer {
    /// Takes the writers. Fails when another process holds them.
    pub fn open(app: &App) -> Result<Self> {
        let bytes = app.config.search.writer_mib << 20;
        let writer = app.search.writer(bytes, 1).map_err(fault)?;
        let epoch = migrate::epoch(&app.db)?;
        let last = app.db.read(last_change)?;
        let position = writer.position().map_err(fault)?;
        let seq =
            position.filter(|position| position.epoch == epoch && position.seq <= last).map(|position| position.seq);
        Ok(Self { writer, epoch, seq })
    }

    /// Brings the indexes up to the newest change; answers how many changes were applied (all rows, after a rebuild).
    pub fn catch_up(&mut self, app: &App) -> Result<usize> {
        let mut applied = 0;
        if self.seq.is_none() {
            applied += self.rebuild(app)?;
        }
        loop {
            let seq = self.seq.unwrap_or(0);
            let batch = app.db.read(|conn| changes_after(conn, seq, app.config.search.batch))?;
            let Some(last) = batch.last() else { break };
            let reached = last.seq;
            let changes = app.db.read(|conn| documents_of(conn, &batch))?;
            self.commit(app, changes, reached)?;
            applied += batch.len();
        }
        app.index.note(self.seq.unwrap_or(0));
        Ok(applied)
    }

    /// Empties the indexes and fills them from the tables.
    pub fn rebuild(&mut self, app: &App) -> Result<usize> {
        let start = Instant::now();
        // The log's end is read before the rows: what changes while they are read is applied again afterwards.
        let reached = app.db.read(last_change)?;
        self.writer.clear().map_err(fault)?;
        let mut count = 0;
        for fill in [fill_companies, fill_listings, fill_rfqs] {
            count += fill(self, app)?;
        }
        self.commit(app, Vec::new(), reached)?;
        log::info!("index filled with {count} documents in {:.1} s", start.elapsed().as_secs_f64());
        Ok(count)
    }

    fn commit(&mut self, app: &App, changes: Vec<Change>, reached: i64) -> Result<()> {
        let position = Position { epoch: self.epoch.clone(), seq: reached };
        let outcome = self.writer.apply(changes).and_then(|()| self.writer.commit(&position));
        if let Err(error) = outcome {
            // What was applied and not committed is applied again from the last position.
            let _ = self.writer.rollback();
            return Err(fault(error));
        }
        self.seq = Some(reached);
        app.index.note(reached);
        Ok(())
    }

    /// Follows the change log until the process's bell is stopped. Changes are gathered for a moment before each commit.
    pub fn work(&mut self, app: &App) {
        let gather = Duration::from_millis(app.config.search.commit_every_ms);
        let poll = Duration::from_millis(app.config.workers.poll_ms);
        while !app.bell.is_stopped() {
            let seen = app.bell.count();
            match self.catch_up(app) {
                // Writers that come in one stream are waited for once, not one by one.
                Ok(applied) if applied > 0 => std::thread::sleep(gather),
                Ok(_) => app.bell.wait(seen, poll),
                Err(problem) => {
                    log::error!("the index cannot follow the database: {problem}");
                    app.bell.wait(seen, poll.max(Duration::from_secs(1)));
                }
            }
        }
    }
}

fn fault(error: SearchError) -> Problem {
    Problem::internal(error)
}

fn fill_companies(indexer: &mut Indexer, app: &App) -> Result<usize> {
    fill(indexer, app, |conn, after| {
        let companies = companies::store::load_after(conn, after, REBUILD_BATCH)?;
        let last = companies.last().map(|company| company.id.0);
        Ok((companies.iter().filter(|company| is_shown(company)).map(documents::company).collect(), last))
    })
}

fn fill_listings(indexer: &mut Indexer, app: &App) -> Result<usize> {
    fill(indexer, app, |conn, after| {
        let listings = listings::store::load_after(conn, after, REBUILD_BATCH)?;
        let last = listings.last().map(|listing| listing.id.0);
        Ok((documents::listings(conn, &listings)?, last))
    })
}

fn fill_rfqs(indexer: &mut Indexer, app: &App) -> Result<usize> {
    fill(indexer, app, |conn, after| {
        let rfqs = rfqs::store::load_after(conn, after, REBUILD_BATCH)?;
        let last = rfqs.last().map(|rfq| rfq.id.0);
        Ok((documents::rfqs(conn, &rfqs)?, last))
    })
}

/// Goes through a table by id; `batch` answers the documents of the next rows and the last row's id.
fn fill(
    indexer: &mut Indexer,
    app: &App,
    batch: impl Fn(&mut Conn, i64) -> Result<(Vec<Change>, Option<i64>)>,
) -> Result<usize> {
    let (mut after, mut count) = (0, 0);
    loop {
        let (changes, last) = app.db.read(|conn| batch(conn, after))?;
        count += changes.len();
        indexer.writer.apply(changes).map_err(fault)?;
        match last {
            Some(last) => after = last,
            None => return Ok(count),
        }
    }
}

fn is_shown(company: &Company) -> bool {
    company.state == CompanyState::Active
}

/// What a batch of changes makes of the documents: each thing is read once, as it is now.
fn documents_of(conn: &mut Conn, batch: &[LoggedChange]) -> Result<Vec<Change>> {
    let ids = |entity: Entity| -> Vec<i64> {
        let of = batch.iter().filter(|logged| logged.change.entity == entity);
        of.map(|logged| logged.change.id).collect::<BTreeSet<_>>().into_iter().collect()
    };
    let gone: Vec<Change> = batch
        .iter()
        .filter(|logged| logged.change.op == Op::Removed)
        .map(|logged| remove(logged.change.entity, logged.change.id))
        .collect();
    let mut changes = gone;
    let company_ids = ids(Entity::Company);
    let companies = companies::store::load(conn, &company_ids)?;
    changes.extend(absent(Entity::Company, &company_ids, companies.iter().filter(|c| is_shown(c)).map(|c| c.id.0)));
    changes.extend(companies.iter().filter(|company| is_shown(company)).map(documents::company));
    // A listing shows its company's name, country and evidence, so it changes with it.
    let mut listing_ids = ids(Entity::Listing);
    listing_ids.extend(listings::store::ids_of_companies(conn, &company_ids)?);
    for part in listing_ids.chunks(500) {
        let listings = listings::store::load(conn, part)?;
        let made = documents::listings(conn, &listings)?;
        let shown = made.iter().filter_map(|change| match change {
            Change::Listing(doc) => Some(doc.id),
            _ => None,
        });
        changes.extend(absent(Entity::Listing, part, shown));
        changes.extend(made);
    }
    // So does an RFQ, which is gone while its buyer does not take part.
    let mut rfq_ids = ids(Entity::Rfq);
    rfq_ids.extend(rfqs::store::ids_of_companies(conn, &company_ids)?);
    let rfqs = rfqs::store::load(conn, &rfq_ids)?;
    let made = documents::rfqs(conn, &rfqs)?;
    let shown = made.iter().filter_map(|change| match change {
        Change::Rfq(doc) => Some(doc.id),
        _ => None,
    });
    changes.extend(absent(Entity::Rfq, &rfq_ids, shown));
    changes.extend(made);
    Ok(changes)
}

/// The removals of what is not shown (any more).
fn absent(entity: Entity, ids: &[i64], shown: impl Iterator<Item = i64>) -> Vec<Change> {
    let shown: BTreeSet<i64> = shown.collect();
    ids.iter().filter(|id| !shown.contains(id)).map(|id| remove(entity, *id)).collect()
}

fn remove(entity: Entity, id: i64) -> Change {
    match entity {
        Entity::Listing => Change::RemoveListing(id),
        Entity::Company => Change::RemoveCompany(id),
        Entity::Rfq => Change::RemoveRfq(id),
    }
}

/// Whether a listing can be found by everybody.
fn is_found(state: ListingState) -> bool {
    state.is_public()
}
