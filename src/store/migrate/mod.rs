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
mod status;

pub(in crate::store) use status::status_of;
pub use status::{Status, is_current, status};

use diesel::prelude::*;
use diesel_migrations::MigrationHarness;

use self::status::{POSTGRES, SQLITE, fault};
use super::conn::{Access, Conn};
use super::db::Db;
use super::schema::meta;
use crate::config::Engine;
use crate::error::Result;

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

fn ensure_epoch(conn: &mut Conn) -> Result<()> {
    let row = (meta::key.eq("epoch"), meta::value.eq(new_epoch()));
    // Two nodes that start at once agree on one.
    crate::on_each!(conn, |c| diesel::insert_into(meta::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

fn new_epoch() -> String {
    format!("{:032x}", rand::random::<u128>())
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
