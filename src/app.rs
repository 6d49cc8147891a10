//! The program's parts in one place: what every use case takes as `&App`.

use std::path::Path;
use std::sync::Arc;

use crate::blobs::Blobs;
use crate::clock::Clock;
use crate::config::{Config, Engine};
use crate::error::{Problem, Result};
use crate::ids::IdMaker;
use crate::mail::Mailer;
use crate::metrics::Metrics;
use crate::outbound::Outbound;
use crate::outbox::Notify;
use crate::passwords::Hasher;
use crate::rates::{self, Loaded};
use crate::search::{Options as SearchOptions, Progress, Search};
use crate::secrets::Secrets;
use crate::store::{Db, NodeLease, Settings, StoreEvent, migrate};
use crate::synonyms;
use crate::work_queue::WorkQueue;

/// Everything that a use case needs.
pub struct App {
    /// The configuration.
    pub config: Config,
    /// The clock.
    pub clock: Clock,
    /// The database.
    pub db: Db,
    /// The search indexes.
    pub search: Search,
    /// How far the search indexes have followed the database.
    pub index: Progress,
    /// The exchange rates that were imported.
    pub rates: Loaded,
    /// Sends e-mails.
    pub mailer: Mailer,
    /// Where uploaded files lie.
    pub blobs: Blobs,
    /// Calls addresses that users name.
    pub outbound: Outbound,
    /// Reads uploaded pictures.
    pub image_queue: WorkQueue,
    /// Inspects uploaded documents.
    pub document_queue: WorkQueue,
    /// Answers searches that cost much.
    pub search_queue: WorkQueue,
    /// Signing and deriving keys.
    pub secrets: Secrets,
    /// Password hashing, a few at once.
    pub hasher: Hasher,
    /// What this process counts and measures.
    pub metrics: Metrics,
    /// Wakes the workers of this process.
    pub notify: Arc<Notify>,
    /// This process's node number; given back at the end.
    pub node: NodeLease,
}

/// Where the process has its search indexes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IndexPlace {
    /// In the data folder: the process that serves or brings the index up to date.
    DataFolder,
    /// In memory and empty: commands that only write the database, and tests.
    Memory,
}

impl App {
    /// Opens everything that the configuration names. The schema must be current: migrate first.
    pub fn build(config: Config, clock: Clock, place: IndexPlace) -> Result<Self> {
        make_data_folder(&config)?;
        let secrets = config.secrets()?;
        let mailer = Mailer::new(&config)?;
        let blobs = Blobs::open(&config)?;
        let settings = Settings {
            engine: config.engine()?,
            connections: config.database.connections,
            wait_ms: config.database.wait_ms,
        };
        let db = Db::open(settings, clock.clone(), Arc::new(IdMaker::new(0)))?;
        if place == IndexPlace::DataFolder {
            db.check_small_file()?;
        }
        let metrics = Metrics::new()?;
        let counters = metrics.store_counters();
        db.observed_by(move |event| match event {
            StoreEvent::Retry { transaction } => counters.retried(transaction),
            StoreEvent::RowFailed { sweep } => counters.row_failed(sweep),
        });
        let node = NodeLease::take(&db)?;
        let notify = Arc::new(Notify::default());
        let waker = Arc::clone(&notify);
        db.on_commit(move || waker.notify_workers());
        let search = open_search(&config, clock.clone(), place)?;
        let hasher = {
            let limits = &config.limits;
            Hasher::new(limits.password_hashes, limits.password_memory_kib, limits.password_queue)?
        };
        let rates_in_memory = Loaded::default();
        rates_in_memory.replace(db.read(rates::store::load)?);
        synonyms::refresh(&db, &search)?;
        let index = Progress::default();
        let outbound = Outbound::new(config.webhooks.private_addresses);
        let (threads, line) = (config.limits.upload_threads, config.limits.upload_queue);
        // Two queues: whoever floods the one with pictures keeps nobody from attaching a document.
        let image_queue = WorkQueue::new("images", threads, line, "errors-files-busy")?;
        let document_queue = WorkQueue::new("documents", threads, line, "errors-files-busy")?;
        let search_queue =
            WorkQueue::new("searches", search_threads(&config), config.limits.search_queue, "errors-searches-busy")?;
        Ok(Self {
            config,
            clock,
            db,
            search,
            index,
            rates: rates_in_memory,
            mailer,
            blobs,
            outbound,
            image_queue,
            document_queue,
            search_queue,
            secrets,
            hasher,
            metrics,
            notify,
            node,
        })
    }

    /// Loads the exchange rates again, after an import.
    pub fn refresh_rates(&self) -> Result<()> {
        self.rates.replace(self.db.read(rates::store::load)?);
        Ok(())
    }

    /// Brings the schema up to date, then [`App::build`].
    pub fn migrate_and_build(config: Config, clock: Clock, place: IndexPlace) -> Result<Self> {
        make_data_folder(&config)?;
        ensure_database_is_not_lost(&config)?;
        migrate::migrate(&config.engine()?)?;
        Self::build(config, clock, place)
    }
}

/// Refuses to make an empty SQLite database where something knows of rows: a mount that is missing would look like a new installation, be
/// used as one, and hide what there was.
fn ensure_database_is_not_lost(config: &Config) -> Result<()> {
    let Engine::Sqlite(file) = config.engine()? else { return Ok(()) };
    if file.exists() {
        return Ok(());
    }
    let is_filled = |folder: &Path| std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
    let beside = [config.data.join("index"), file.with_file_name("backups")];
    match beside.iter().find(|folder| is_filled(folder)) {
        None => Ok(()),
        Some(folder) => Err(Problem::conflict(format!(
            "There is no database at {}, but {} is of one that had rows. Put the database back (`tradepost restore`), or move that folder \
             away to begin anew.",
            file.display(),
            folder.display()
        ))),
    }
}

fn make_data_folder(config: &Config) -> Result<()> {
    std::fs::create_dir_all(&config.data)
        .map_err(|error| Problem::internal(format!("data folder {}: {error}", config.data.display())))
}

fn open_search(config: &Config, clock: Clock, place: IndexPlace) -> Result<Search> {
    let folder = config.data.join("index");
    let (dir, check) = match place {
        IndexPlace::DataFolder => (Some(folder.as_path()), true),
        IndexPlace::Memory => (None, false),
    };
    let opened = Search::open(dir, SearchOptions { check, clock }).map_err(Problem::internal)?;
    for sentence in opened.restarted {
        log::warn!("{sentence}; it is filled again from the database");
    }
    Ok(opened.search)
}

/// Threads for dear searches: without a number half of the cores, so that plain work always has one.
fn search_threads(config: &Config) -> usize {
    let half = std::thread::available_parallelism().map_or(1, |cores| cores.get().div_ceil(2));
    if config.limits.search_threads == 0 { half } else { config.limits.search_threads }
}
