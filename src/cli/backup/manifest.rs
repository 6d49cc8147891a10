//! The manifest of a backup: its files with their checksums, and its rows.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::files::{fault, files_below};
use crate::cli::progress::Progress;
use crate::clock::Time;
use crate::error::{Problem, Result};
use crate::secrets;
use crate::store::backup::Inventory;

/// The manifest's file in a backup.
pub(super) const FILE: &str = "manifest.json";
/// Raised when older versions can no longer read a backup.
const FORMAT: u32 = 1;

/// The contents of a backup.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    format: u32,
    pub made_at: Time,
    tradepost: String,
    engine: String,
    engine_version: String,
    migrations: Vec<String>,
    epoch: String,
    /// Rows of each table.
    pub rows: BTreeMap<String, i64>,
    /// Every other file of the backup, by its path.
    pub files: BTreeMap<String, Content>,
}

/// Size and SHA-256 of a file.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Content {
    bytes: u64,
    sha256: String,
}

impl Content {
    fn of(path: &Path) -> Result<Self> {
        let (bytes, sha256) = File::open(path).and_then(secrets::sha256_of).map_err(|error| fault(path, &error))?;
        Ok(Self { bytes, sha256 })
    }
}

impl Manifest {
    /// The manifest of the files in the folder.
    pub fn of(dir: &Path, engine: &str, inventory: &Inventory, made_at: Time) -> Result<Self> {
        let mut files = BTreeMap::new();
        for file in files_below(dir)? {
            files.insert(file.to_string_lossy().into_owned(), Content::of(&dir.join(&file))?);
        }
        Ok(Self {
            format: FORMAT,
            made_at,
            tradepost: env!("CARGO_PKG_VERSION").to_owned(),
            engine: engine.to_owned(),
            engine_version: inventory.version.clone(),
            migrations: inventory.migrations.clone(),
            epoch: inventory.epoch.clone(),
            rows: inventory.rows.clone(),
            files,
        })
    }

    /// Writes it into the folder; from then on the folder is a backup.
    pub fn write(&self, dir: &Path) -> Result<()> {
        let path = dir.join(FILE);
        let text = serde_json::to_string_pretty(self).map_err(Problem::internal)?;
        std::fs::write(&path, text + "\n")
            .and_then(|()| File::open(&path)?.sync_all())
            .map_err(|error| fault(&path, &error))
    }

    /// Reads the manifest of a backup.
    pub fn read(dir: &Path) -> Result<Self> {
        let path = dir.join(FILE);
        let text = std::fs::read_to_string(&path).map_err(|error| {
            Problem::conflict(format!("{} is not a complete backup: {FILE} cannot be read: {error}", dir.display()))
        })?;
        serde_json::from_str(&text).map_err(|error| Problem::conflict(format!("{}: {error}", path.display())))
    }

    /// Refuses a backup of another database engine or of another format.
    pub fn ensure_fits(&self, engine: &str) -> Result<()> {
        if self.format != FORMAT {
            return Err(Problem::conflict(format!(
                "The backup has format {} and was made by tradepost {}; this version reads format {FORMAT}.",
                self.format, self.tradepost
            )));
        }
        if self.engine != engine {
            return Err(Problem::conflict(format!(
                "The backup is of a {} database, but this one is {engine}.",
                self.engine
            )));
        }
        Ok(())
    }

    /// Compares every file with its checksum.
    pub fn verify(&self, dir: &Path) -> Result<()> {
        let progress = Progress::bytes(self.files.values().map(|content| content.bytes).sum(), "verifying");
        for (name, content) in &self.files {
            if Content::of(&dir.join(name))? != *content {
                return Err(Problem::conflict(format!(
                    "{name} of the backup is damaged: its checksum does not match."
                )));
            }
            progress.advance(content.bytes);
        }
        progress.finish();
        Ok(())
    }

    /// Compares the restored rows with those of the backup.
    pub fn compare_rows(&self, inventory: &Inventory) -> Result<()> {
        let differs = |table: &&String| self.rows.get(*table) != inventory.rows.get(*table);
        match self.rows.keys().chain(inventory.rows.keys()).find(differs) {
            None => Ok(()),
            Some(table) => Err(Problem::conflict(format!(
                "{table} has {:?} rows, but {:?} in the backup.",
                inventory.rows.get(table).unwrap_or(&0),
                self.rows.get(table).unwrap_or(&0)
            ))),
        }
    }
}
