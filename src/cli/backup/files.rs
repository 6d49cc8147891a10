//! Copying files so that a copy is either complete or absent, and private where it is secret.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::cli::progress::Progress;
use crate::error::{Problem, Result};

pub(super) fn fault(path: &Path, error: &io::Error) -> Problem {
    Problem::conflict(format!("{}: {error}", path.display()))
}

/// Whether the folder is empty or absent.
pub(super) fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).map_or(!folder.exists(), |mut entries| entries.next().is_none())
}

/// Creates a folder with mode 0700: a backup holds every secret of the platform.
pub(super) fn make_private_folder(folder: &Path) -> Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|error| fault(folder, &error))
}

/// Deletes the contents of the folder, and the folder itself unless `keep_folder`. A failure is logged.
pub(super) fn clear(folder: &Path, keep_folder: bool) {
    let remove = |entry: fs::DirEntry| {
        if entry.file_type()?.is_dir() { fs::remove_dir_all(entry.path()) } else { fs::remove_file(entry.path()) }
    };
    let emptied = fs::read_dir(folder).and_then(|mut entries| entries.try_for_each(|entry| remove(entry?)));
    let cleared = emptied.and_then(|()| if keep_folder { Ok(()) } else { fs::remove_dir(folder) });
    if let Err(error) = cleared {
        log::warn!("an incomplete backup could not be deleted: {}: {error}", folder.display());
    }
}

/// The size of the file in bytes; 0 when it does not exist.
pub(super) fn length(file: &Path) -> u64 {
    fs::metadata(file).map(|found| found.len()).unwrap_or(0)
}

/// The path under which a copy of the file is written until it is complete.
pub(super) fn part_of(file: &Path) -> PathBuf {
    file.with_added_extension("part")
}

/// Copies a file; the copy gets its name only when it is complete and synced to disk.
pub(super) fn copy_atomically(from: &Path, to: &Path) -> Result<()> {
    let part = part_of(to);
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(|error| fault(folder, &error))?;
    }
    let copied = fs::copy(from, &part).and_then(|_| File::open(&part)?.sync_all()).and_then(|()| fs::rename(&part, to));
    copied.map_err(|error| {
        let _ = fs::remove_file(&part);
        fault(to, &error)
    })
}

/// Copies a secret file with mode 0600; `false` when it does not exist.
pub(super) fn copy_private(from: &Path, to: &Path) -> Result<bool> {
    let mut source = match File::open(from) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        opened => opened.map_err(|error| fault(from, &error))?,
    };
    let mut options = fs::OpenOptions::new();
    let mut out = options.write(true).create_new(true).mode(0o600).open(to).map_err(|error| fault(to, &error))?;
    io::copy(&mut source, &mut out).and_then(|_| out.sync_all()).map_err(|error| fault(to, &error))?;
    Ok(true)
}

/// Copies all files below a folder and shows the progress; nothing when it does not exist. A file that is deleted meanwhile is skipped:
/// nothing used it any more.
pub(super) fn copy_tree(from: &Path, to: &Path, what: &'static str) -> Result<()> {
    let files = files_below(from)?;
    let progress = Progress::bytes(files.iter().map(|file| length(&from.join(file))).sum(), what);
    for file in files {
        let source = from.join(&file);
        let bytes = length(&source);
        match copy_atomically(&source, &to.join(&file)) {
            Err(problem) if source.exists() => return Err(problem),
            _ => progress.advance(bytes),
        }
    }
    progress.finish();
    Ok(())
}

/// The paths of the files below a folder, relative to it, sorted.
pub(super) fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        let entries = match fs::read_dir(&at) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            entries => entries.map_err(|error| fault(&at, &error))?,
        };
        for entry in entries {
            let path = entry.map_err(|error| fault(&at, &error))?.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(within) = path.strip_prefix(folder) {
                found.push(within.to_owned());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Moves files and folders into a new folder.
pub(super) fn move_into(paths: &[PathBuf], folder: &Path) -> Result<()> {
    for path in paths {
        make_private_folder(folder)?;
        let to = folder.join(path.file_name().unwrap_or_default());
        fs::rename(path, &to).map_err(|error| fault(path, &error))?;
    }
    Ok(())
}
