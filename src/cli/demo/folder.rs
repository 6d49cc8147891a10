//! The demo's data folder or database: empty, or marked by an earlier demo.

use std::path::Path;

use crate::config::Config;
use crate::error::{Problem, Result};
use crate::store::{Engine, migrate};

const MARK: &str = "tradepost-demo";

/// Empties and marks the folder or database, or refuses because it may hold real data.
pub(super) fn make_fresh(config: &Config) -> Result<()> {
    let data = &config.data;
    let is_empty = std::fs::read_dir(data).map_or(true, |mut entries| entries.next().is_none());
    // The demo deletes the folder below: only what an earlier demo marked is safe to delete.
    if !is_empty && !data.join(MARK).exists() {
        return Err(Problem::conflict(format!(
            "The folder {} is not empty and not of a demo; choose another one with --data.",
            data.display()
        )));
    }
    if let engine @ Engine::Postgres(_) = config.engine()? {
        make_fresh_database(&engine)?;
    }
    empty(data)?;
    std::fs::write(data.join(MARK), "This folder belongs to `tradepost demo`, which recreates it at every start.\n")
        .map_err(|error| fault(data, &error))
}

fn make_fresh_database(engine: &Engine) -> Result<()> {
    let status = migrate::status(engine)?;
    let is_new = status.applied.is_empty() && status.unknown.is_empty();
    if !is_new && !migrate::is_marked(engine, MARK)? {
        return Err(Problem::conflict(
            "The database is not empty and not of a demo; choose another one with --database.",
        ));
    }
    if !is_new {
        migrate::revert_all(engine)?;
    }
    migrate::migrate(engine)?;
    migrate::mark(engine, MARK)
}

fn empty(data: &Path) -> Result<()> {
    if data.exists() {
        std::fs::remove_dir_all(data).map_err(|error| fault(data, &error))?;
    }
    std::fs::create_dir_all(data).map_err(|error| fault(data, &error))
}

fn fault(data: &Path, error: &std::io::Error) -> Problem {
    Problem::internal(format!("demo folder {}: {error}", data.display()))
}
