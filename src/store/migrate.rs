//! Migrations: the same names for both databases, built into the binary.

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
    /// Migrations that were applied, by name.
    pub applied: Vec<String>,
    /// Migrations of this binary that were not.
    pub pending: Vec<String>,
    /// Migrations in the database that this binary does not know: it is too old for it.
    pub unknown: Vec<String>,
}

/// Applies what is pending and makes sure that the database has an epoch; refuses a schema newer than the binary.
pub fn migrate(engine: &Engine) -> Result<Vec<String>> {
    let mut conn = engine.connect(Access::Write).map_err(|error| fault(&error))?;
    let before = status_of(&mut conn)?;
    if !before.unknown.is_empty() {
        return Err(Problem::internal(format!(
            "the database has migrations that this version does not know ({}); use a newer tradepost",
            before.unknown.join(", ")
        )));
    }
    match &mut conn {
        Conn::Sqlite(c) => run(c, SQLITE)?,
        Conn::Postgres(c) => {
            // One node migrates, the others wait.
            diesel::sql_query("SELECT pg_advisory_lock(7473000)").execute(c)?;
            run(c, POSTGRES)?;
            diesel::sql_query("SELECT pg_advisory_unlock(7473000)").execute(c)?;
        }
    }
    ensure_epoch(&mut conn)?;
    Ok(before.pending)
}

/// Where the schema of the database stands.
pub fn status(engine: &Engine) -> Result<Status> {
    let mut conn = engine.connect(Access::Write).map_err(|error| fault(&error))?;
    status_of(&mut conn)
}

/// The database's epoch: another one means another history, so an index filled from the old one is worthless.
pub fn epoch(db: &Db) -> Result<String> {
    db.read(|conn| Ok(meta::table.filter(meta::key.eq("epoch")).select(meta::value).first(conn)?))
}

fn run<C, DB>(conn: &mut C, source: EmbeddedMigrations) -> Result<()>
where
    C: MigrationHarness<DB>,
    DB: diesel::backend::Backend,
    EmbeddedMigrations: MigrationSource<DB>,
{
    conn.run_pending_migrations(source).map(|_| ()).map_err(|error| fault(&error))
}

fn status_of(conn: &mut Conn) -> Result<Status> {
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
    let held: i64 = meta::table.filter(meta::key.eq("epoch")).count().get_result(conn)?;
    if held == 0 {
        let epoch = format!("{:032x}", rand::random::<u128>());
        diesel::insert_into(meta::table).values((meta::key.eq("epoch"), meta::value.eq(epoch))).execute(conn)?;
    }
    Ok(())
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
