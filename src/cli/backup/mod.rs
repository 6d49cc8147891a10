//! `tradepost backup` and `restore`: a copy of everything that cannot be made anew, and the way back.
//!
//! A backup is a folder: the database as it was at one moment, the blobs, the secret key and a manifest, which is written last and
//! says what belongs to it. It is made while the platform serves, and it is read again before it is called a backup. What comes back
//! has a new epoch, so that every search index of the old history is filled anew.

mod files;
mod manifest;
mod postgres;
mod rotation;

use std::path::{Path, PathBuf};

use clap::Args;

use super::progress::{while_growing, while_working};
use super::serve::FolderLock;
use super::{Global, say, tell};
use crate::clock::Clock;
use crate::config::Config;
use crate::error::{Problem, Result};
use crate::store::backup::{self, Inventory};
use crate::store::{Engine, migrate};
use files::{copy_private, copy_tree, move_into};
use manifest::Manifest;

/// The database within a backup.
const SQLITE_FILE: &str = "database.sqlite";
const POSTGRES_FILE: &str = "database.dump";
/// The uploaded files within a backup, and the key within a backup and a data folder.
const BLOBS: &str = "blobs";
const SECRET_KEY: &str = "secret_key";

/// What the progress of its copy is called.
const DATABASE: &str = "the database";

/// Where to.
#[derive(Args, Clone, Debug)]
pub struct Backup {
    /// A folder that does not exist yet or is empty; with `--rotate` the folder of all backups.
    pub dir: PathBuf,
    /// Make a folder named by the moment within DIR, then remove old ones: the newest of each of the last 7 days, 4 weeks and 12
    /// months stay. What has another name is left alone.
    #[arg(long)]
    pub rotate: bool,
}

/// Where from.
#[derive(Args, Clone, Debug)]
pub struct Restore {
    /// The folder of a backup.
    pub dir: PathBuf,
    /// Put it in the place of what is there: files are moved to `replaced-TIME` in the data folder, the tables of a PostgreSQL
    /// database are dropped.
    #[arg(long)]
    pub replace: bool,
}

pub(super) fn back_up(global: &Global, wanted: &Backup) -> Result<()> {
    let config = global.load("data")?;
    if !wanted.rotate {
        return back_up_to(global, &config, &wanted.dir);
    }
    back_up_to(global, &config, &wanted.dir.join(rotation::name_of(Clock::System.now())))?;
    let gone = rotation::rotate(&wanted.dir)?;
    if gone > 0 {
        tell(&format!("{gone} old backups removed"));
    }
    Ok(())
}

fn back_up_to(global: &Global, config: &Config, dir: &Path) -> Result<()> {
    if !files::is_empty(dir) {
        return Err(Problem::conflict(format!("The folder {} is not empty; name another one.", dir.display())));
    }
    let was_there = dir.exists();
    files::make_private_folder(dir)?;
    let filled = fill(global, config, dir);
    if filled.is_err() {
        // What is no backup would only take room, and be in the way of the next one.
        files::clear(dir, was_there);
    }
    filled
}

fn fill(global: &Global, config: &Config, dir: &Path) -> Result<()> {
    let engine = config.engine()?;
    let inventory = copy_database(&engine, dir)?;
    // After the database: what it speaks of is there, and what came since does no harm.
    copy_tree(&config.blobs_folder(), &dir.join(BLOBS), "the files")?;
    if !copy_private(&config.data.join(SECRET_KEY), &dir.join(SECRET_KEY))? {
        tell("there is no secret_key in the data folder: keep the configured key with the backup");
    }
    if let Some(file) = &global.config {
        copy_private(file, &dir.join("config.toml"))?;
    }
    let manifest = Manifest::of(dir, engine.name(), &inventory, Clock::System.now())?;
    manifest.write(dir)?;
    Manifest::read(dir)?.verify(dir)?;
    let rows: i64 = inventory.rows.values().sum();
    say(&format!("{}: {rows} rows in {} tables, {} files", dir.display(), inventory.rows.len(), manifest.files.len()));
    Ok(())
}

fn copy_database(engine: &Engine, dir: &Path) -> Result<Inventory> {
    match engine {
        Engine::Sqlite(file) => {
            let copy = dir.join(SQLITE_FILE);
            while_growing(&copy, files::length(file), DATABASE, || backup::copy_to(engine, &copy))
        }
        Engine::Postgres(url) => backup::with_snapshot(engine, |snapshot, inventory| {
            let file = dir.join(POSTGRES_FILE);
            while_working(DATABASE, || postgres::dump(url, snapshot, &file))?;
            postgres::ensure_readable(&file)?;
            Ok(inventory.clone())
        }),
    }
}

pub(super) fn restore(global: &Global, wanted: &Restore) -> Result<()> {
    let config = global.load("data")?;
    let engine = config.engine()?;
    let dir = &wanted.dir;
    let manifest = Manifest::read(dir)?;
    manifest.ensure_fits(engine.name())?;
    manifest.verify(dir)?;
    let _lock = FolderLock::take(&config.data)?;
    make_room(&config, &engine, wanted.replace)?;
    // Blobs are named by what is in them: those that are there already are the same or do no harm.
    copy_tree(&dir.join(BLOBS), &config.blobs_folder(), "the files")?;
    copy_private(&dir.join(SECRET_KEY), &config.data.join(SECRET_KEY))?;
    match &engine {
        Engine::Sqlite(file) => {
            let copy = dir.join(SQLITE_FILE);
            while_growing(&files::part_of(file), files::length(&copy), DATABASE, || files::copy_whole(&copy, file))?;
        }
        Engine::Postgres(url) => while_working(DATABASE, || postgres::restore(url, &dir.join(POSTGRES_FILE)))?,
    }
    backup::verify(&engine)?;
    manifest.compare_rows(&backup::take_inventory(&engine)?)?;
    backup::begin_new_epoch(&engine)?;
    // A binary that is newer than the backup knows how to go on from there.
    migrate::migrate(&engine)?;
    let rows: i64 = manifest.rows.values().sum();
    say(&format!("restored: {rows} rows in {} tables, as of {}", manifest.rows.len(), manifest.made_at));
    Ok(())
}

/// Refuses to touch what is there, unless it may be replaced; then it is put aside.
fn make_room(config: &Config, engine: &Engine, replace: bool) -> Result<()> {
    let data = &config.data;
    let mut ours: Vec<PathBuf> = [SECRET_KEY, "index"].iter().map(|name| data.join(name)).collect();
    if let Engine::Sqlite(file) = engine {
        ours.extend(["", "-wal", "-shm"].map(|end| PathBuf::from(format!("{}{end}", file.display()))));
    }
    ours.retain(|path| path.exists());
    let is_free = ours.is_empty() && backup::is_empty(engine)?;
    if is_free {
        return Ok(());
    }
    if !replace {
        return Err(Problem::conflict(format!(
            "There is a platform in {} or its database already; --replace puts the backup in its place.",
            data.display()
        )));
    }
    let aside = data.join(format!("replaced-{}", Clock::System.now().format("%Y%m%dT%H%M%SZ")));
    move_into(&ours, &aside)?;
    if !ours.is_empty() {
        tell(&format!("what was there is in {}", aside.display()));
    }
    match engine {
        Engine::Postgres(_) => backup::drop_all_tables(engine),
        Engine::Sqlite(_) => Ok(()),
    }
}
