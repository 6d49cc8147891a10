//! Indexing: keeps the search indexes equal to the database by following the change log.
//!
//! The index is a cache. Its commit payload says how far it has come; from there the indexer reads the change log, loads what
//! changed in a few batch queries, and commits again. An index that has no position, or one of another epoch of the database, is
//! emptied and filled from the tables; changes made meanwhile are in the log behind the position that it starts from, so none is
//! missed. Applying a change twice changes nothing.
//!
//! After a failure (a full disk, a database that is away) the indexer lets go of its writers and begins again as it does after a
//! start, from what is committed: there is one way to go on, and every kill tests it.
//!
//! A process that serves has a supervisor ([`supervise`]), which follows the log and, when it is asked to or finds the files damaged, has a
//! second set filled beside the one that serves and puts it in its place.

pub mod drift;
mod documents;
mod supervisor;
mod request;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};

use crate::app::App;
use crate::companies;
use crate::error::{Problem, Result};
use crate::listings;
use crate::rfqs;
use crate::search::{Change, Expected, Kind, Position, Search, SearchError, Writer};
use crate::store::change_log::{LoggedChange, changes_after, last_change, purged_to};
use crate::store::{Conn, Entity, Op, migrate};
use crate::synonyms;

pub use request::ReindexRequest;
pub use supervisor::supervise;

/// How many rows a rebuild reads at a time.
const REBUILD_BATCH: i64 = 1_000;
/// How many documents are made and handed to the writer at a time.
const PART: usize = 500;
/// How many batches a rebuild reads ahead of what is indexed.
const BATCHES_AHEAD: usize = 2;
/// Memory that the writer of an index that only follows may fill, in MiB; what is filled anew is written in larger parts.
const MOST_FOLLOWING_MIB: usize = 32;
/// How long an index that is far behind gathers changes before it commits: what is new is found within two seconds.
const COMMIT_EVERY: Duration = Duration::from_millis(700);
/// How long an index that serves is filled before what is in it is shown for the first time; then twice as long, and so on.
const REFRESH_AFTER: Duration = Duration::from_secs(1);

/// Writes indexes; there is one for those that serve, and at times another for those that are filled beside them.
pub struct Indexer {
    search: Search,
    target: Target,
    /// Whether much is written at once and nobody searches meanwhile, which goes faster with more memory and fewer commits.
    in_bulk: bool,
    /// None after a failure, until the indexes are opened again.
    writer: Option<Writer>,
    epoch: String,
    seq: Option<i64>,
    /// Whether the last failure was the indexes' and not the database's.
    broken: bool,
}

/// Which indexes are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    Live,
    Shadow,
}

impl Indexer {
    /// Takes the writers of the indexes that serve. Fails when another process holds them.
    pub fn open(app: &App) -> Result<Self> {
        Self::on_live(app, false)
    }

    /// The same for one who is about to load or rebuild, who gets all the memory that is configured.
    pub fn open_for_bulk(app: &App) -> Result<Self> {
        Self::on_live(app, true)
    }

    fn on_live(app: &App, in_bulk: bool) -> Result<Self> {
        let indexer = Self::on(app, app.search.clone(), Target::Live, in_bulk)?;
        app.search.forget_unfinished()?;
        Ok(indexer)
    }

    fn on(app: &App, search: Search, target: Target, in_bulk: bool) -> Result<Self> {
        let epoch = migrate::epoch(&app.db)?;
        let mut indexer = Self { search, target, in_bulk, writer: None, epoch, seq: None, broken: false };
        indexer.take_writers(app)?;
        Ok(indexer)
    }

    fn take_writers(&mut self, app: &App) -> Result<()> {
        let position = self.judge(self.search.position())?;
        let (last, purged) = app.db.read(|conn| Ok((last_change(conn)?, purged_to(conn)?)))?;
        let is_in_log = |seq: i64| (purged..=last).contains(&seq);
        let known = position.filter(|position| position.epoch == self.epoch && is_in_log(position.seq));
        self.seq = known.map(|position| position.seq);
        let most = app.config.search.writer_mib;
        let mib = if self.in_bulk || self.seq.is_none() { most } else { most.min(MOST_FOLLOWING_MIB) };
        let writer = self.judge(self.search.writer(mib << 20, 1))?;
        if self.target == Target::Live && self.seq.is_none() {
            app.index.begin_filling(expected(app)?);
        }
        self.writer = Some(writer);
        Ok(())
    }

    /// Remembers whether it is the indexes that fail.
    fn judge<T>(&mut self, outcome: std::result::Result<T, SearchError>) -> Result<T> {
        self.broken = outcome.is_err();
        outcome.map_err(Into::into)
    }

    fn note(&self, app: &App, reached: i64) {
        if self.target == Target::Live {
            let is_first = app.index.applied().is_none();
            app.index.note(reached);
            if is_first {
                // Jobs that search have waited for this.
                app.notify.notify_workers();
            }
        }
    }

    /// Waits for merges that are under way and gives the writers back.
    fn close(mut self) -> Result<()> {
        Ok(self.writer.take().map_or(Ok(()), Writer::close)?)
    }

    fn writer(&mut self) -> Result<&mut Writer> {
        self.writer.as_mut().ok_or_else(|| Problem::internal("the index is not open for writing"))
    }

    /// Brings the indexes up to the newest change; answers how many changes were applied (all rows, after a rebuild).
    pub fn catch_up(&mut self, app: &App) -> Result<usize> {
        self.broken = false;
        if self.writer.is_none() {
            self.take_writers(app)?;
        }
        let outcome = catch_unwind(AssertUnwindSafe(|| self.follow(app)))
            .unwrap_or_else(|_| Err(Problem::internal("the indexer panicked")));
        if outcome.is_err() {
            self.writer = None;
        }
        outcome
    }

    fn follow(&mut self, app: &App) -> Result<usize> {
        let mut applied = 0;
        // What comes meanwhile is for the next time: while others write without a pause, the log's end would never be reached.
        let newest = app.db.read(last_change)?;
        if self.seq.is_none() {
            applied += self.rebuild(app)?;
        }
        let (mut seq, mut committed) = (self.seq.unwrap_or(0), Instant::now());
        while seq < newest {
            let most = app.config.search.batch;
            let (batch, purged) = app.db.read(|conn| Ok((changes_after(conn, seq, most)?, purged_to(conn)?)))?;
            // An index that stood still for a month while the process ran has missed what was purged.
            if seq < purged {
                return Ok(applied + self.rebuild(app)?);
            }
            let Some(last) = batch.last() else { break };
            seq = last.seq;
            let speaks_of = |entity| batch.iter().any(|logged| logged.change.entity == entity);
            if speaks_of(Entity::Rates) {
                app.refresh_rates()?;
            }
            if speaks_of(Entity::Lexicon) {
                synonyms::refresh(&app.db, &app.search)?;
            }
            self.apply_batch(app, &batch)?;
            applied += batch.len();
            // Far behind, a commit for each batch would cost more than the batch.
            if committed.elapsed() >= COMMIT_EVERY || seq >= newest {
                self.commit(app, seq)?;
                committed = Instant::now();
            }
        }
        if self.seq.is_none_or(|committed| committed < seq) {
            self.commit(app, seq)?;
        }
        if applied == 0 {
            self.writer()?.settle_when_quiet();
        }
        self.note(app, self.seq.unwrap_or(0));
        Ok(applied)
    }

    /// Makes the documents of what a batch of changes speaks of, each read as it is now, and hands them to the writer part by part. A
    /// company that changed may have a hundred thousand listings: they are never in memory together.
    fn apply_batch(&mut self, app: &App, batch: &[LoggedChange]) -> Result<()> {
        let ids = |entity: Entity| -> Vec<i64> {
            let of = batch.iter().filter(|logged| logged.change.entity == entity);
            of.map(|logged| logged.change.id).collect::<BTreeSet<_>>().into_iter().collect()
        };
        let removed = batch.iter().filter(|logged| logged.change.op == Op::Removed);
        self.apply(removed.filter_map(|logged| remove(logged.change.entity, logged.change.id)).collect())?;
        let companies = ids(Entity::Company);
        for (ids, documents) in [
            (&companies, company_changes as DocumentsOf),
            (&ids(Entity::Listing), listing_changes as DocumentsOf),
            (&ids(Entity::Rfq), rfq_changes as DocumentsOf),
        ] {
            for part in ids.chunks(PART) {
                self.apply(app.db.read(|conn| documents(conn, part))?)?;
            }
        }
        // A listing shows its company's name, country and evidence, so it changes with it. So does an RFQ, which is gone while its buyer
        // does not take part.
        for part in companies.chunks(PART) {
            self.apply_all_of(app, part, listings::store::published_of_companies, listing_changes)?;
            self.apply_all_of(app, part, rfqs::store::open_of_companies, rfq_changes)?;
        }
        Ok(())
    }

    fn apply_all_of(&mut self, app: &App, companies: &[i64], next: NextOf, documents: DocumentsOf) -> Result<()> {
        let mut after = None;
        loop {
            let (last, changes) = app.db.read(|conn| {
                let rows = next(conn, companies, after, PART as i64)?;
                let ids: Vec<i64> = rows.iter().map(|(_, id)| *id).collect();
                Ok((rows.last().copied(), documents(conn, &ids)?))
            })?;
            if last.is_none() {
                return Ok(());
            }
            after = last;
            self.apply(changes)?;
        }
    }

    fn apply(&mut self, changes: Vec<Change>) -> Result<()> {
        let taken = self.writer()?.apply(changes);
        self.judge(taken)
    }

    /// Empties the indexes and fills them from the tables.
    pub fn rebuild(&mut self, app: &App) -> Result<usize> {
        self.rebuild_with_progress(app, |_| ())
    }

    /// The same; after each batch `progress` is given how many more documents there are.
    pub fn rebuild_with_progress(&mut self, app: &App, progress: impl Fn(u64)) -> Result<usize> {
        let start = Instant::now();
        // The log's end is read before the rows: what changes while they are read is applied again afterwards.
        let reached = app.db.read(last_change)?;
        app.refresh_rates()?;
        synonyms::refresh(&app.db, &app.search)?;
        let emptied = self.writer()?.clear();
        self.judge(emptied)?;
        let next_refresh = start + REFRESH_AFTER;
        let mut rebuild = Rebuild { indexer: self, count: 0, progress: &progress, begun: start, next_refresh };
        for fill in [fill_companies, fill_listings, fill_rfqs] {
            fill(&mut rebuild, app)?;
        }
        let count = rebuild.count;
        self.commit(app, reached)?;
        log::info!("index filled with {count} documents in {:.1} s", start.elapsed().as_secs_f64());
        Ok(count)
    }

    fn commit(&mut self, app: &App, reached: i64) -> Result<()> {
        let position = Position { epoch: self.epoch.clone(), seq: reached };
        let committed = self.writer()?.commit(&position);
        self.judge(committed)?;
        self.seq = Some(reached);
        self.note(app, reached);
        Ok(())
    }
}

impl Drop for Indexer {
    /// Whoever opens the indexes next goes on from here and not from a minute ago.
    fn drop(&mut self) {
        if let Some(writer) = &mut self.writer {
            writer.settle_positions();
        }
    }
}

/// About how many documents a rebuild will make.
pub fn count_documents(app: &App) -> Result<u64> {
    Ok(expected(app)?.into_iter().sum())
}

fn expected(app: &App) -> Result<Expected> {
    app.db.read(|conn| {
        let count = |kind: &Kind| match kind {
            Kind::Listing => listings::store::count_published(conn),
            Kind::Company => companies::store::count_shown(conn),
            Kind::Rfq => rfqs::store::count_open(conn),
        };
        let counts: Vec<u64> = Kind::ALL.iter().map(count).collect::<Result<_>>()?;
        counts.try_into().map_err(|_| Problem::internal("a kind of documents was not counted"))
    })
}

/// Indexes that are being filled from the tables.
struct Rebuild<'f> {
    indexer: &'f mut Indexer,
    count: usize,
    progress: &'f dyn Fn(u64),
    begun: Instant,
    next_refresh: Instant,
}

impl Rebuild<'_> {
    fn add(&mut self, app: &App, changes: Vec<Change>) -> Result<()> {
        self.count += changes.len();
        (self.progress)(changes.len() as u64);
        let (target, is_watched) = (self.indexer.target, !self.indexer.in_bulk);
        if target == Target::Shadow && app.notify.is_stopped() {
            return Err(Problem::conflict("The process ends before the indexes are filled."));
        }
        let writer = self.indexer.writer()?;
        let mut filled = writer.fill(changes);
        let now = Instant::now();
        if target == Target::Live && is_watched && now >= self.next_refresh {
            filled = filled.and_then(|()| writer.refresh());
            self.next_refresh = now + (now - self.begun);
        }
        self.indexer.judge(filled)
    }
}

fn fill_companies(rebuild: &mut Rebuild<'_>, app: &App) -> Result<()> {
    fill(rebuild, app, |conn, after| {
        let companies = companies::store::load_after(conn, after, REBUILD_BATCH)?;
        let last = companies.last().map(|company| company.id.0);
        Ok((documents::companies(conn, &companies)?, last))
    })
}

fn fill_listings(rebuild: &mut Rebuild<'_>, app: &App) -> Result<()> {
    fill(rebuild, app, |conn, after| {
        let listings = listings::store::load_after(conn, after, REBUILD_BATCH)?;
        let last = listings.last().map(|listing| listing.id.0);
        Ok((documents::listings(conn, &listings)?, last))
    })
}

fn fill_rfqs(rebuild: &mut Rebuild<'_>, app: &App) -> Result<()> {
    fill(rebuild, app, |conn, after| {
        let rfqs = rfqs::store::load_after(conn, after, REBUILD_BATCH)?;
        let last = rfqs.last().map(|rfq| rfq.id.0);
        Ok((documents::rfqs(conn, &rfqs)?, last))
    })
}

/// Goes through a table by id; `batch` answers the documents of the next rows and the last row's id. One thread reads, this one
/// indexes.
fn fill(
    rebuild: &mut Rebuild<'_>,
    app: &App,
    batch: impl Fn(&mut Conn, i64) -> Result<(Vec<Change>, Option<i64>)> + Send,
) -> Result<()> {
    let (batches, read) = sync_channel(BATCHES_AHEAD);
    let reading = move || -> Result<()> {
        let mut after = Some(0);
        while let Some(from) = after {
            let (changes, last) = app.db.read(|conn| batch(conn, from))?;
            // Nobody takes them after a fault of the index, which is then the answer.
            after = batches.send(changes).ok().and(last);
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let reader = scope.spawn(reading);
        let indexed = read.into_iter().try_for_each(|changes| rebuild.add(app, changes));
        let read = reader.join().unwrap_or_else(|_| Err(Problem::internal("reading for the index panicked")));
        indexed.and(read)
    })
}

/// What becomes of the documents of these ids.
type DocumentsOf = fn(&mut Conn, &[i64]) -> Result<Vec<Change>>;
/// The next things of companies, as pairs of company and id.
type NextOf = fn(&mut Conn, &[i64], Option<(i64, i64)>, i64) -> Result<Vec<(i64, i64)>>;

fn company_changes(conn: &mut Conn, ids: &[i64]) -> Result<Vec<Change>> {
    let companies = companies::store::load(conn, ids)?;
    let shown = companies.iter().filter(|company| documents::is_shown(company)).map(|company| company.id.0);
    let mut changes = absent(Entity::Company, ids, shown);
    changes.extend(documents::companies(conn, &companies)?);
    Ok(changes)
}

fn listing_changes(conn: &mut Conn, ids: &[i64]) -> Result<Vec<Change>> {
    let listings = listings::store::load(conn, ids)?;
    let made = documents::listings(conn, &listings)?;
    let shown = made.iter().filter_map(|change| match change {
        Change::Listing(doc) => Some(doc.id),
        _ => None,
    });
    let mut changes = absent(Entity::Listing, ids, shown);
    changes.extend(made);
    Ok(changes)
}

fn rfq_changes(conn: &mut Conn, ids: &[i64]) -> Result<Vec<Change>> {
    let rfqs = rfqs::store::load(conn, ids)?;
    let made = documents::rfqs(conn, &rfqs)?;
    let shown = made.iter().filter_map(|change| match change {
        Change::Rfq(doc) => Some(doc.id),
        _ => None,
    });
    let mut changes = absent(Entity::Rfq, ids, shown);
    changes.extend(made);
    Ok(changes)
}

/// The removals of what is not shown (any more).
fn absent(entity: Entity, ids: &[i64], shown: impl Iterator<Item = i64>) -> Vec<Change> {
    let shown: BTreeSet<i64> = shown.collect();
    ids.iter().filter(|id| !shown.contains(id)).filter_map(|id| remove(entity, *id)).collect()
}

fn remove(entity: Entity, id: i64) -> Option<Change> {
    match entity {
        Entity::Listing => Some(Change::RemoveListing(id)),
        Entity::Company => Some(Change::RemoveCompany(id)),
        Entity::Rfq => Some(Change::RemoveRfq(id)),
        Entity::Rates | Entity::Lexicon => None,
    }
}
