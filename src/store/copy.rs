//! Copies of a whole SQLite database: made at one moment while others write, and read before they are trusted.

use std::fs::File;
use std::path::{Path, PathBuf};

use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel::sqlite::SqliteConnection;

use super::conn::{Access, Conn};
use crate::config::Engine;
use crate::error::{Problem, Result};

#[derive(QueryableByName)]
struct IntegrityLine {
    #[diesel(sql_type = Text)]
    integrity_check: String,
}

#[derive(QueryableByName)]
struct BrokenReference {
    #[diesel(sql_type = Text)]
    child: String,
    #[diesel(sql_type = Text)]
    parent: String,
}

/// Writes the database behind the connection to a new file and verifies it. The file has its name only once it is whole; of a copy
/// that failed nothing is left.
pub(super) fn copy_sqlite(c: &mut SqliteConnection, to: &Path) -> Result<()> {
    // Under another name until it was verified: whatever stands under the right name is whole, even after a kill.
    let part = to.with_added_extension("part");
    let fault = |error: std::io::Error| Problem::internal(format!("{}: {error}", part.display()));
    remove_if_there(&part).map_err(fault)?;
    let mut copy = || {
        // Not the backup API of SQLite: that begins again with every write, and under load it would never end.
        diesel::sql_query("VACUUM INTO ?").bind::<Text, _>(part.to_string_lossy()).execute(c)?;
        verify_sqlite(&part)?;
        // The rename may be on the disk before the contents are.
        File::open(&part).and_then(|file| file.sync_all()).map_err(fault)?;
        std::fs::rename(&part, to).map_err(fault)
    };
    copy().inspect_err(|_| drop(remove_if_there(&part)))
}

fn remove_if_there(file: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Reads a whole database file: its pages, its indexes and its references.
pub(super) fn verify_sqlite(file: &Path) -> Result<()> {
    let engine = Engine::Sqlite(PathBuf::from(file));
    // For reading: a connection for writing would switch the copy to a write-ahead log.
    let opened = engine.connect(Access::Read).map_err(|error| Problem::internal(error).during("database"))?;
    let Conn::Sqlite(mut c) = opened else { return Ok(()) };
    ensure_integrity(&mut c)?;
    ensure_references(&mut c)
}

fn ensure_integrity(c: &mut SqliteConnection) -> Result<()> {
    let lines: Vec<IntegrityLine> = diesel::sql_query("PRAGMA integrity_check").load(c)?;
    match lines.as_slice() {
        [only] if only.integrity_check == "ok" => Ok(()),
        [] => Err(Problem::conflict("The database cannot be checked.")),
        [first, ..] => Err(Problem::conflict(format!("The database is damaged: {}.", first.integrity_check))),
    }
}

/// Refuses a database in which a row points at one that is not there.
pub(super) fn ensure_references(c: &mut SqliteConnection) -> Result<()> {
    let broken: Vec<BrokenReference> =
        diesel::sql_query("SELECT \"table\" AS child, parent FROM pragma_foreign_key_check").load(c)?;
    match broken.first() {
        None => Ok(()),
        Some(BrokenReference { child, parent }) => Err(Problem::conflict(format!(
            "{} references do not hold, the first from {child} to {parent}.",
            broken.len()
        ))),
    }
}
