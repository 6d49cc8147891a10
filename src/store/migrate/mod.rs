//! Migrations: the same names for both databases, built into the binary, applied at every start.
//!
//! Rules for whoever writes one:
//!
//! * It is a new folder of the same name in `migrations/sqlite` and `migrations/postgres`; what was released is never edited. The
//!   statements are portable, so both files say the same; a test compares the two schemas column by column, fills every table of
//!   every earlier schema and takes it to the newest one without losing a row.
//! * It runs in one transaction together with the note that it ran, so a killed process leaves the old schema or the new one. It
//!   says neither `BEGIN` nor `PRAGMA`.
//! * SQLite changes what `ALTER TABLE` cannot by building a new table, copying the rows, dropping the old table and renaming. With
//!   foreign keys switched on the drop would delete the rows that point at it, and inside a transaction switching them off is
//!   silently ignored. Such a migration therefore has a `metadata.toml` with `run_in_transaction = false`: the runner switches
//!   foreign keys off, opens the transaction itself, checks every reference before it commits, and switches them on again. A test
//!   finds rebuilds without it.
//! * On PostgreSQL it waits at most five seconds for a table's lock, so that it never holds up the nodes that still serve, and it
//!   rewrites no table.
//!
//! Before a SQLite file with rows in it is changed, it is copied to `backups` beside it. A database whose schema is newer than the
//! binary is refused.

mod run;

use diesel::migration::{Migration, MigrationSource};
use diesel::prelude::*;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::conn::{Access, Conn, Engine};
use super::db::Db;
use super::schema::meta;
use crate::error::{Problem, Result};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Where the schema stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Migrations that were applied, by version, newest first.
    pub applied: Vec<String>,
    /// Migrations of this binary that were not.
    pub pending: Vec<String>,
    /// Migrations in the database that this binary does not know: it is too old for it.
    pub unknown: Vec<String>,
}

impl Status {
    /// Refuses a schema that is newer than the binary.
    pub fn ensure_known(&self) -> Result<()> {
        if self.unknown.is_empty() {
            return Ok(());
        }
        let unknown = self.unknown.join(", ");
        Err(Problem::conflict(format!(
            "The database has a newer schema than this version knows ({unknown}); use a newer tradepost."
        )))
    }
}

/// Applies what is pending and makes sure that the database has an epoch; refuses a schema newer than the binary. Answers what it
/// applied.
pub fn migrate(engine: &Engine) -> Result<Vec<String>> {
    let mut conn = engine.connect(Access::Write).map_err(|error| fault(&error))?;
    let applied = match (&mut conn, engine) {
        (Conn::Sqlite(c), Engine::Sqlite(file)) => run::on_sqlite(c, file)?,
        (Conn::Postgres(c), _) => run::on_postgres(c)?,
        (Conn::Sqlite(_), Engine::Postgres(_)) => Vec::new(),
    };
    ensure_epoch(&mut conn)?;
    Ok(applied)
}

/// Where the schema of the database stands.
pub fn status(engine: &Engine) -> Result<Status> {
    let mut conn = engine.connect(Access::Write).map_err(|error| fault(&error))?;
    status_of(&mut conn)
}

/// Where diesel keeps which migrations were applied.
mod applied {
    diesel::table! {
        __diesel_schema_migrations (version) {
            version -> Text,
            run_on -> Timestamp,
        }
    }
}

/// Whether the schema is the one that this binary knows; asked often, so it writes nothing and opens no connection of its own.
pub fn is_current(conn: &mut Conn) -> Result<bool> {
    use applied::__diesel_schema_migrations::dsl::{__diesel_schema_migrations, version};
    let mut applied: Vec<String> = __diesel_schema_migrations.select(version).load(conn)?;
    applied.sort();
    let mut known = match conn {
        Conn::Sqlite(_) => names::<diesel::sqlite::Sqlite>(SQLITE)?,
        Conn::Postgres(_) => names::<diesel::pg::Pg>(POSTGRES)?,
    };
    known.sort();
    Ok(applied == known)
}

fn names<DB: diesel::backend::Backend>(source: EmbeddedMigrations) -> Result<Vec<String>>
where
    EmbeddedMigrations: MigrationSource<DB>,
{
    let known: Vec<Box<dyn Migration<DB>>> = source.migrations().map_err(|error| fault(&error))?;
    Ok(known.iter().map(|migration| migration.name().version().to_string()).collect())
}

/// The database's epoch: another one means another history, so an index filled from the old one is worthless.
pub fn epoch(db: &Db) -> Result<String> {
    db.read(epoch_of)
}

pub(super) fn epoch_of(conn: &mut Conn) -> Result<String> {
    Ok(meta::table.filter(meta::key.eq("epoch")).select(meta::value).first(conn)?)
}

pub(super) fn renew_epoch(conn: &mut Conn) -> Result<()> {
    diesel::update(meta::table.filter(meta::key.eq("epoch"))).set(meta::value.eq(new_epoch())).execute(conn)?;
    Ok(())
}

pub(super) fn status_of(conn: &mut Conn) -> Result<Status> {
    match conn {
        Conn::Sqlite(c) => compare(c, SQLITE),
        Conn::Postgres(c) => compare(c, POSTGRES),
    }
}

fn compare<C, DB>(conn: &mut C, source: EmbeddedMigrations) -> Result<Status>
where
    C: MigrationHarness<DB>,
    DB: diesel::backend::Backend,
    EmbeddedMigrations: MigrationSource<DB>,
{
    let known: Vec<Box<dyn Migration<DB>>> = source.migrations().map_err(|error| fault(&error))?;
    let applied: Vec<String> =
        conn.applied_migrations().map_err(|error| fault(&error))?.iter().map(ToString::to_string).collect();
    let known: Vec<String> = known.iter().map(|migration| migration.name().version().to_string()).collect();
    let pending = known.iter().filter(|name| !applied.contains(name)).cloned().collect();
    let unknown = applied.iter().filter(|name| !known.contains(name)).cloned().collect();
    Ok(Status { applied, pending, unknown })
}

fn ensure_epoch(conn: &mut Conn) -> Result<()> {
    let row = (meta::key.eq("epoch"), meta::value.eq(new_epoch()));
    // Two nodes that start at once agree on one.
    crate::on_each!(conn, |c| diesel::insert_into(meta::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

fn new_epoch() -> String {
    format!("{:032x}", rand::random::<u128>())
}

fn fault(error: &dyn std::fmt::Display) -> Problem {
    Problem::internal(format!("migration: {error}"))
}

/// Whether the database carries the mark.
pub fn is_marked(engine: &Engine, mark: &str) -> Result<bool> {
    let mut conn = engine.connect(Access::Write).map_err(|error| fault(&error))?;
    let held: i64 = meta::table.filter(meta::key.eq(mark)).count().get_result(&mut conn)?;
    Ok(held > 0)
}

/// Puts the mark on the database.
pub fn mark(engine: &Engine, mark: &str) -> Result<()> {
    let mut conn = engine.connect(Access::Write).map_err(|error| fault(&error))?;
    diesel::insert_into(meta::table).values((meta::key.eq(mark), meta::value.eq("yes"))).execute(&mut conn)?;
    Ok(())
}

/// Takes every migration back: the database is as empty as it was before the first one.
pub fn revert_all(engine: &Engine) -> Result<()> {
    match engine.connect(Access::Write).map_err(|error| fault(&error))? {
        Conn::Sqlite(mut c) => c.revert_all_migrations(SQLITE).map(|_| ()).map_err(|error| fault(&error)),
        Conn::Postgres(mut c) => c.revert_all_migrations(POSTGRES).map(|_| ()).map_err(|error| fault(&error)),
    }
}
