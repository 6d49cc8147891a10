//! `tradepost backup` and `restore`: a copy of everything that cannot be rebuilt, and its restoration.
//!
//! A backup is a folder: a snapshot of the database, the blobs, the secret key, and a manifest that lists them and is written last. It is
//! made while the platform serves, and verified before the command succeeds. A restored database has a new epoch, so that every search
//! index built before is rebuilt.

mod files;
mod manifest;
mod postgres;
mod rotation;

use std::path::{Path, PathBuf};

use clap::Args;

use super::options::Global;
use super::print::{print_line, print_status};
use super::progress::{while_growing, while_working};
use super::serve::FolderLock;
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

/// The label of its progress.
const DATABASE: &str = "database";

/// Arguments of `backup`.
#[derive(Args, Clone, Debug)]
pub struct Backup {
    /// A new or empty folder; with `--rotate` the folder that holds all backups.
    pub dir: PathBuf,
    /// Create a folder in DIR that is named by the time, then delete old ones: the newest of each of the last 7 days, 4 weeks and
    /// 12 months are kept. Folders with other names are left alone.
    #[arg(long)]
    pub rotate: bool,
}

/// Arguments of `restore`.
#[derive(Args, Clone, Debug)]
pub struct Restore {
    /// The folder of the backup.
    pub dir: PathBuf,
    /// Replace existing data: files are moved to `replaced-TIME` in the data folder, the tables of a PostgreSQL database are
    /// dropped.
    #[arg(long)]
    pub replace: bool,
}

pub(super) fn back_up(global: &Global, args: &Backup) -> Result<()> {
    let config = global.load("data")?;
    if !args.rotate {
        return back_up_to(global, &config, &args.dir);
    }
    back_up_to(global, &config, &args.dir.join(rotation::name_of(Clock::System.now())))?;
    let removed = rotation::rotate(&args.dir)?;
    if removed > 0 {
        print_status(&format!("{removed} old backups deleted"));
    }
    Ok(())
}

fn back_up_to(global: &Global, config: &Config, dir: &Path) -> Result<()> {
    if !files::is_empty(dir) {
        return Err(Problem::conflict(format!("The folder {} is not empty; choose another one.", dir.display())));
    }
    let was_there = dir.exists();
    files::make_private_folder(dir)?;
    let filled = fill(global, config, dir);
    if filled.is_err() {
        // An incomplete backup only takes space, and blocks the next one to the same folder.
        files::clear(dir, was_there);
    }
    filled
}

fn fill(global: &Global, config: &Config, dir: &Path) -> Result<()> {
    let engine = config.engine()?;
    let inventory = copy_database(&engine, dir)?;
    // After the database: every file that the snapshot names exists by then, and newer ones do no harm.
    copy_tree(&config.blobs_folder(), &dir.join(BLOBS), "files")?;
    if !copy_private(&config.data.join(SECRET_KEY), &dir.join(SECRET_KEY))? {
        print_status("no secret_key in the data folder: keep the configured key with the backup");
    }
    if let Some(file) = &global.config {
        copy_private(file, &dir.join("config.toml"))?;
    }
    let manifest = Manifest::of(dir, engine.name(), &inventory, Clock::System.now())?;
    manifest.write(dir)?;
    Manifest::read(dir)?.verify(dir)?;
    let rows: i64 = inventory.rows.values().sum();
    print_line(&format!(
        "{}: {rows} rows in {} tables, {} files",
        dir.display(),
        inventory.rows.len(),
        manifest.files.len()
    ));
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

pub(super) fn restore(global: &Global, args: &Restore) -> Result<()> {
    let config = global.load("data")?;
    let engine = config.engine()?;
    let dir = &args.dir;
    let manifest = Manifest::read(dir)?;
    manifest.ensure_fits(engine.name())?;
    manifest.verify(dir)?;
    // A server that runs meanwhile would write into files that are moved away.
    let _lock = FolderLock::take(&config.data)?;
    make_room(&config, &engine, args.replace)?;
    // Blobs are named by their hash: existing ones are the same or do no harm.
    copy_tree(&dir.join(BLOBS), &config.blobs_folder(), "files")?;
    copy_private(&dir.join(SECRET_KEY), &config.data.join(SECRET_KEY))?;
    match &engine {
        Engine::Sqlite(file) => {
            let copy = dir.join(SQLITE_FILE);
            while_growing(&files::part_of(file), files::length(&copy), DATABASE, || {
                files::copy_atomically(&copy, file)
            })?;
        }
        Engine::Postgres(url) => while_working(DATABASE, || postgres::restore(url, &dir.join(POSTGRES_FILE)))?,
    }
    backup::verify(&engine)?;
    manifest.compare_rows(&backup::take_inventory(&engine)?)?;
    // Last of what can fail: with the old epoch every node would trust an index of rows that are gone.
    backup::begin_new_epoch(&engine)?;
    // The backup may be of an older version than this binary.
    migrate::migrate(&engine)?;
    let rows: i64 = manifest.rows.values().sum();
    print_line(&format!("restored: {rows} rows in {} tables, as of {}", manifest.rows.len(), manifest.made_at));
    Ok(())
}

/// Refuses to touch existing data unless it may be replaced; then its files are moved away.
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
            "There is already data in {} or its database; use --replace to replace it.",
            data.display()
        )));
    }
    let aside = data.join(format!("replaced-{}", Clock::System.now().format("%Y%m%dT%H%M%SZ")));
    move_into(&ours, &aside)?;
    if !ours.is_empty() {
        print_status(&format!("the replaced files are in {}", aside.display()));
    }
    match engine {
        Engine::Postgres(_) => backup::drop_tables_and_functions(engine),
        Engine::Sqlite(_) => Ok(()),
    }
}
