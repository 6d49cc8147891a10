//! Applying what is pending, so that nothing is lost whatever happens meanwhile.

use std::path::{Path, PathBuf};

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::migration::Migration;
use diesel::pg::PgConnection;
use diesel::sqlite::{Sqlite, SqliteConnection};
use diesel_migrations::MigrationHarness;

use super::status::{POSTGRES, SQLITE, compare, fault};
use crate::clock::Clock;
use crate::error::{Problem, Result};
use crate::store::copy;

/// Copies made before migrations that are kept, the newest ones.
const COPIES_KEPT: usize = 5;

/// One node migrates, the others wait for it and then find nothing to do.
pub(super) fn on_postgres(c: &mut PgConnection) -> Result<Vec<String>> {
    // Waiting for the other node and building an index may take long; waiting for a table that others use may not.
    c.batch_execute("SET statement_timeout = 0; SET lock_timeout = 0; SELECT pg_advisory_lock(7473000)")?;
    c.batch_execute("SET lock_timeout = '5s'")?;
    let outcome = apply_on_postgres(c);
    c.batch_execute("SELECT pg_advisory_unlock(7473000)")?;
    outcome
}

fn apply_on_postgres(c: &mut PgConnection) -> Result<Vec<String>> {
    let status = compare(c, POSTGRES)?;
    status.ensure_known()?;
    match c.run_pending_migrations(POSTGRES) {
        Ok(_) => Ok(status.pending),
        Err(error) if error.to_string().contains("lock timeout") => Err(Problem::conflict(
            "A table that the migration changes is in use by a long transaction. The migration was rolled back; try again.",
        )),
        Err(error) => Err(fault(&error)),
    }
}

/// Each pending migration in an immediate transaction of its own, so that processes that start at once take turns.
pub(super) fn on_sqlite(c: &mut SqliteConnection, file: &Path) -> Result<Vec<String>> {
    // Of many that start at once, the last waits for all the others' migrations.
    c.batch_execute("PRAGMA busy_timeout = 60000")?;
    let status = compare(c, SQLITE)?;
    status.ensure_known()?;
    if let (Some(first), false) = (status.pending.first(), status.applied.is_empty()) {
        copy_aside(c, file, first)?;
    }
    let mut applied = Vec::new();
    while let Some(next) = pending(c)?.into_iter().next() {
        let name = next.name().version().to_string();
        if step(c, &*next)? {
            applied.push(name);
        }
    }
    Ok(applied)
}

fn pending(c: &mut SqliteConnection) -> Result<Vec<Box<dyn Migration<Sqlite>>>> {
    c.pending_migrations(SQLITE).map_err(|error| fault(&error))
}

/// Applies one migration; false when another process did so meanwhile.
fn step(c: &mut SqliteConnection, migration: &dyn Migration<Sqlite>) -> Result<bool> {
    let rebuilds = !migration.metadata().run_in_transaction();
    if rebuilds {
        c.batch_execute("PRAGMA foreign_keys = OFF")?;
    }
    AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE")?;
    let outcome = apply(c, migration, rebuilds);
    match outcome {
        Ok(_) => AnsiTransactionManager::commit_transaction(c)?,
        Err(_) => AnsiTransactionManager::rollback_transaction(c)?,
    }
    c.batch_execute("PRAGMA foreign_keys = ON")?;
    outcome
}

fn apply(c: &mut SqliteConnection, migration: &dyn Migration<Sqlite>, rebuilds: bool) -> Result<bool> {
    let version = migration.name().version();
    if !pending(c)?.iter().any(|other| other.name().version() == version) {
        return Ok(false);
    }
    c.run_migration(migration).map_err(|error| fault(&error))?;
    if rebuilds {
        copy::ensure_references(c)?;
    }
    Ok(true)
}

/// Copies the database to `backups` beside it, verified, before a migration changes it.
fn copy_aside(c: &mut SqliteConnection, file: &Path, first: &str) -> Result<()> {
    let folder = file.parent().unwrap_or(Path::new(".")).join("backups");
    std::fs::create_dir_all(&folder).map_err(|error| cannot_copy(&folder, &error))?;
    let made_at = Clock::System.now().format("%Y%m%dT%H%M%S%6fZ");
    let to = folder.join(format!("{made_at}-before-{first}.sqlite"));
    log::info!("the schema changes; the database is copied to {} first", to.display());
    copy::copy_sqlite(c, &to)?;
    forget_old_copies(&folder).map_err(|error| cannot_copy(&folder, &error))
}

fn cannot_copy(folder: &Path, error: &std::io::Error) -> Problem {
    Problem::internal(format!("the copy before the migration, in {}: {error}", folder.display()))
}

fn forget_old_copies(folder: &Path) -> std::io::Result<()> {
    let is_ours = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.contains("-before-") && name.ends_with(".sqlite")
    };
    let mut copies: Vec<PathBuf> =
        std::fs::read_dir(folder)?.flatten().map(|entry| entry.path()).filter(is_ours).collect();
    // The names begin with the time.
    copies.sort();
    let too_many = copies.len().saturating_sub(COPIES_KEPT);
    copies.iter().take(too_many).try_for_each(std::fs::remove_file)
}
