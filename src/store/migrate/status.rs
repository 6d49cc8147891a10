//! Where the schema of a database stands, against the migrations of this binary.

use diesel::migration::{Migration, MigrationSource};
use diesel::prelude::*;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::config::Engine;
use crate::error::{Problem, Result};
use crate::store::conn::{Access, Conn};

pub(super) const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
pub(super) const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

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

pub(in crate::store) fn status_of(conn: &mut Conn) -> Result<Status> {
    match conn {
        Conn::Sqlite(c) => compare(c, SQLITE),
        Conn::Postgres(c) => compare(c, POSTGRES),
    }
}

pub(super) fn compare<C, DB>(conn: &mut C, source: EmbeddedMigrations) -> Result<Status>
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

pub(super) fn fault(error: &dyn std::fmt::Display) -> Problem {
    Problem::internal(format!("migration: {error}"))
}
