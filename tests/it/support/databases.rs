//! A fresh database for every test, copied from one that was migrated once.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use tempfile::TempDir;
use tradepost::clock::{Clock, Time};
use tradepost::ids::IdMaker;
use tradepost::store::{Db, Engine, Settings, migrate};

use super::disk::SmallDisk;
use super::postgres::Server;

/// Which database a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

/// What a test function asks for: built on an empty database of the kind.
pub trait Setup {
    fn on(database: Database) -> Self;
}

/// Runs the test on a database of the kind, if it could be made.
pub fn run<S: Setup>(kind: Kind, test: fn(&S)) {
    run_on(Database::fresh(kind), test);
}

/// Runs the test on the database, if it could be made.
pub fn run_on<S: Setup>(database: Option<Database>, test: fn(&S)) {
    if let Some(database) = database {
        test(&S::on(database));
    }
}

/// An empty database with the current schema, dropped with this value.
pub struct Database {
    /// Its URL.
    pub url: String,
    /// Which it is.
    pub kind: Kind,
    name: String,
    /// The server, when it is this database's own.
    server: Option<Server>,
    /// The disk that the folder is, when it is one of its own. Let go before the folder is removed.
    disk: Option<SmallDisk>,
    folder: TempDir,
}

impl Database {
    /// `None` where PostgreSQL's programs are not installed.
    pub fn fresh(kind: Kind) -> Option<Self> {
        let folder = new_folder();
        match kind {
            Kind::Sqlite => Some(Self::in_folder(folder, None)),
            Kind::Postgres => {
                let server = Server::of_process().or_else(no_postgres)?;
                let name = copy_of_template(server);
                let url = server.url_of(&name);
                Some(Self { url, kind, name, server: None, disk: None, folder })
            }
        }
    }

    /// A PostgreSQL database on a server that can be stopped, for nobody else uses it.
    pub fn on_own_server() -> Option<Self> {
        let server = Server::of_its_own().or_else(no_postgres)?;
        server.execute("CREATE DATABASE platform");
        let url = server.url_of("platform");
        migrate::migrate(&Engine::Postgres(url.clone())).unwrap();
        let name = "platform".to_owned();
        Some(Self { url, kind: Kind::Postgres, name, server: Some(server), disk: None, folder: new_folder() })
    }

    /// A SQLite database in a folder on a disk of so many MiB; `None` where this user cannot make one.
    pub fn on_small_disk(mib: u32) -> Option<Self> {
        let folder = new_folder();
        let disk = SmallDisk::mount(folder.path(), mib)?;
        Some(Self::in_folder(folder, Some(disk)))
    }

    fn in_folder(folder: TempDir, disk: Option<SmallDisk>) -> Self {
        let path = folder.path().join("tradepost.sqlite");
        std::fs::write(&path, sqlite_template()).unwrap();
        let url = format!("sqlite://{}", path.display());
        Self { url, kind: Kind::Sqlite, name: String::new(), server: None, disk, folder }
    }

    /// Its server, when it is its own.
    pub fn server(&self) -> &Server {
        self.server.as_ref().expect("a server of the database's own")
    }

    /// Its disk, when it is its own.
    pub fn disk(&self) -> &SmallDisk {
        self.disk.as_ref().expect("a disk of the database's own")
    }

    /// Ends every session of a PostgreSQL database, as an administrator does.
    pub fn terminate_sessions(&self) {
        let sql = format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}' AND pid <> pg_backend_pid()",
            self.name
        );
        self.administer(&sql);
    }

    /// Makes a PostgreSQL database read-only for every session that begins now, as a replica is, or writable again.
    pub fn set_read_only(&self, how: &str) {
        self.administer(&format!("ALTER DATABASE {} SET default_transaction_read_only = {how}", self.name));
        self.terminate_sessions();
    }

    /// Locks tables of a PostgreSQL database against everybody while `meanwhile` runs, as a change of them would.
    pub fn with_locked<T>(&self, tables: &str, meanwhile: impl FnOnce() -> T) -> T {
        let mut conn = PgConnection::establish(&self.url).unwrap();
        conn.batch_execute(&format!("BEGIN; LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE")).unwrap();
        meanwhile()
    }

    fn administer(&self, sql: &str) {
        match &self.server {
            Some(server) => server.execute(sql),
            None => Server::of_process().unwrap().execute(sql),
        }
    }

    /// One without any schema.
    pub fn empty(kind: Kind) -> Option<Self> {
        let folder = new_folder();
        let (name, url) = match kind {
            Kind::Sqlite => (String::new(), format!("sqlite://{}", folder.path().join("tradepost.sqlite").display())),
            Kind::Postgres => {
                let server = Server::of_process().or_else(no_postgres)?;
                let name = next_name();
                server.execute(&format!("CREATE DATABASE {name}"));
                (name.clone(), server.url_of(&name))
            }
        };
        Some(Self { url, kind, name, server: None, disk: None, folder })
    }

    /// A folder of the test's own.
    pub fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if self.server.is_none()
            && let (Kind::Postgres, Some(server)) = (self.kind, Server::of_process())
            && !std::thread::panicking()
        {
            server.execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
        }
    }
}

fn new_folder() -> TempDir {
    tempfile::Builder::new().prefix("tradepost-test-").tempdir().unwrap()
}

fn no_postgres<T>() -> Option<T> {
    super::leave_out("PostgreSQL's initdb and postgres are not installed: nothing is tested on it");
    None
}

/// The bytes of a migrated SQLite file.
fn sqlite_template() -> &'static [u8] {
    static TEMPLATE: OnceLock<Vec<u8>> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("template.sqlite");
        migrate::migrate(&Engine::Sqlite(path.clone())).unwrap();
        // A copy of the file alone is the whole database only once the log beside it was folded in.
        let log = path.with_extension("sqlite-wal");
        assert!(log.metadata().map_or(0, |log| log.len()) == 0, "the migrated template still has a log");
        std::fs::read(path).unwrap()
    })
}

fn copy_of_template(server: &Server) -> String {
    static TEMPLATE: OnceLock<String> = OnceLock::new();
    let process = std::process::id();
    let template = TEMPLATE.get_or_init(|| {
        let name = format!("tradepost_test_{process}_template");
        server.execute(&format!("CREATE DATABASE {name}"));
        migrate::migrate(&Engine::Postgres(server.url_of(&name))).unwrap();
        name
    });
    let name = next_name();
    server.execute(&format!("CREATE DATABASE {name} TEMPLATE {template}"));
    name
}

fn next_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    format!("tradepost_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst))
}

/// When every test begins.
pub fn start_of_tests() -> Time {
    "2026-11-23T08:00:00Z".parse().unwrap()
}

/// The store alone, on a clock that stands still.
pub struct TestDb {
    /// The database.
    pub db: Db,
    /// Its clock.
    pub clock: Clock,
    /// Where it is: for what goes past [`Db`].
    pub engine: Engine,
    database: Database,
}

impl Setup for TestDb {
    fn on(database: Database) -> Self {
        let clock = Clock::fake(start_of_tests());
        let engine = Engine::from_url(&database.url).unwrap();
        let db = open(&engine, &clock, 1);
        Self { db, clock, engine, database }
    }
}

impl TestDb {
    /// Which database this is.
    pub fn kind(&self) -> Kind {
        self.database.kind
    }

    /// The database, for those who look at it from outside.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// The same database as another process with that node number sees it.
    pub fn seen_by_node(&self, node: u16) -> Db {
        open(&self.engine, &self.clock, node)
    }
}

fn open(engine: &Engine, clock: &Clock, node: u16) -> Db {
    let settings = Settings { engine: engine.clone(), connections: 8, wait_ms: 20_000 };
    Db::open(settings, clock.clone(), Arc::new(IdMaker::new(node))).unwrap()
}
