//! The connection to either database, and how one is opened.

use std::path::Path;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::{ConnectionError, ConnectionResult};

use super::failure;
use crate::config::Engine;
use crate::error::{Problem, Result};

/// The oldest SQLite without the fault that could damage a database in WAL mode (3.51.3), as `sqlite3_libversion_number`.
const OLDEST_SAFE_SQLITE: i64 = 3_051_003;

/// How long a process waits for others that switch a new file to a write-ahead log.
const WAL_PATIENCE: Duration = Duration::from_secs(5);
/// How long it waits between two attempts.
const WAL_RETRY: Duration = Duration::from_millis(5);

/// A connection to one of the two databases.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// PostgreSQL.
    Postgres(diesel::PgConnection),
    /// SQLite.
    Sqlite(diesel::SqliteConnection),
}

diesel::define_sql_function! {
    /// The version of the linked SQLite.
    fn sqlite_version() -> diesel::sql_types::Text;
}

impl Engine {
    /// Opens a database that is there for one look at it; without [`super::Db`] and whatever its schema.
    pub fn look<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        if let Self::Sqlite(file) = self
            && !file.exists()
        {
            return Err(Problem::conflict(format!("There is no database at {}.", file.display())));
        }
        // Write access: some who look go on to write, and a SQLite file in WAL mode may have to be recovered before anybody can read it.
        let opened = self.connect(Access::Write);
        let cannot = |error| Problem::conflict(format!("The database cannot be opened: {error}"));
        work(&mut opened.map_err(cannot)?)
    }

    /// Opens a connection; `ReadOnly` ones refuse to write on SQLite.
    pub(super) fn connect(&self, access: Access) -> ConnectionResult<Conn> {
        match self {
            Self::Sqlite(path) => open_sqlite(path, access).map(Conn::Sqlite),
            Self::Postgres(url) => {
                let mut conn = diesel::PgConnection::establish(url)?;
                // A process that stands still in the middle of a transaction holds its locks, and the one of the change log stops
                // everybody: the server ends its session before others give up waiting. A reader holds nothing that others wait for, and
                // may work for long on what it has read.
                let most_idle = if access == Access::Read {
                    "SET idle_in_transaction_session_timeout = '60s'"
                } else {
                    "SET idle_in_transaction_session_timeout = '5s'"
                };
                // Columns are timestamps without a zone, so the session's must be UTC. A lock that is not had in ten seconds is held by
                // something that hangs.
                let settings = "SET TIME ZONE 'UTC'; SET statement_timeout = '60s'; SET lock_timeout = '10s'";
                conn.batch_execute(settings)
                    .and_then(|()| conn.batch_execute(most_idle))
                    .map_err(ConnectionError::CouldntSetupConfiguration)?;
                Ok(Conn::Postgres(conn))
            }
        }
    }
}

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    Write,
}

fn open_sqlite(path: &Path, access: Access) -> ConnectionResult<diesel::SqliteConnection> {
    let mut conn = diesel::SqliteConnection::establish(&path.to_string_lossy())?;
    // First of all: the pragmas behind it can meet a busy file themselves.
    conn.batch_execute("PRAGMA busy_timeout = 5000").map_err(ConnectionError::CouldntSetupConfiguration)?;
    if access == Access::Write {
        enter_wal(&mut conn).map_err(ConnectionError::CouldntSetupConfiguration)?;
    }
    let pragmas = match access {
        Access::Write => {
            "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; \
             PRAGMA trusted_schema = OFF; PRAGMA cache_size = -65536; PRAGMA journal_size_limit = 67108864; PRAGMA wal_autocheckpoint = 4000"
        }
        Access::Read => {
            "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; \
             PRAGMA trusted_schema = OFF; PRAGMA cache_size = -16384; PRAGMA query_only = ON"
        }
    };
    conn.batch_execute(pragmas).map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(conn)
}

/// Switches the file to a write-ahead log; nothing to do when it has one.
fn enter_wal(conn: &mut diesel::SqliteConnection) -> QueryResult<()> {
    let start = Instant::now();
    loop {
        match conn.batch_execute("PRAGMA journal_mode = WAL") {
            // The busy timeout does not hold here: of ten processes that start on a new file, those that come upon another's switch are
            // refused at once.
            Err(error) if failure::is_busy(&error) && start.elapsed() < WAL_PATIENCE => {
                std::thread::sleep(WAL_RETRY);
            }
            outcome => return outcome,
        }
    }
}

/// Refuses a SQLite file whose pages do not fit together; reads all of it.
pub(super) fn assert_sound(conn: &mut Conn) -> Result<()> {
    #[derive(QueryableByName)]
    struct Line {
        #[diesel(sql_type = diesel::sql_types::Text)]
        quick_check: String,
    }
    let Conn::Sqlite(sqlite) = conn else { return Ok(()) };
    // Not `integrity_check`: that compares every index with its table as well and takes several times as long, too long for a start.
    let lines: Vec<Line> = diesel::sql_query("PRAGMA quick_check(1)").load(sqlite)?;
    match lines.first() {
        Some(line) if line.quick_check == "ok" => Ok(()),
        line => {
            let found = line.map_or("nothing", |line| line.quick_check.as_str());
            Err(Problem::internal(format!("the database file is damaged and must be restored from a backup: {found}")))
        }
    }
}

/// Refuses a SQLite that could damage the file.
pub(super) fn assert_safe_sqlite(conn: &mut Conn) -> Result<()> {
    let Conn::Sqlite(sqlite) = conn else { return Ok(()) };
    let version: String = diesel::select(sqlite_version()).get_result(sqlite)?;
    let number = version.split('.').fold(0_i64, |sum, part| sum * 1_000 + part.parse::<i64>().unwrap_or(0));
    if number >= OLDEST_SAFE_SQLITE {
        return Ok(());
    }
    Err(Problem::internal(format!("SQLite {version} can damage a database in WAL mode; 3.51.3 or newer is needed")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writers_that_open_a_new_file_together_all_get_in() {
        for _ in 0..20 {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("new.sqlite");
            std::thread::scope(|scope| {
                let all: Vec<_> =
                    (0..16).map(|_| scope.spawn(|| open_sqlite(&file, Access::Write).map(drop))).collect();
                for one in all {
                    one.join().unwrap().unwrap();
                }
            });
        }
    }
}
