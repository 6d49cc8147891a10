//! The shadow: a second set of indexes, filled while the first one serves and then put in its place.
//!
//! On disk the set that serves is the folder itself and the other one `<folder>.next`. Putting one in the place of the other is two
//! renames: searches that are under way keep the files that they have open and end on what they began with. A process that is
//! killed between the renames finds no index, and fills one.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use super::engine::Indexes;
use super::open::reopen;
use super::{Kind, Options, Search, SearchError};

/// Whatever is being written is in its place by then.
const WRITTEN_BY: Duration = Duration::from_secs(60);

fn shadow_of(dir: &Path) -> PathBuf {
    dir.with_added_extension("next")
}

fn last_of(dir: &Path) -> PathBuf {
    dir.with_added_extension("last")
}

impl Search {
    /// An empty second set.
    pub fn shadow(&self) -> Result<Search, SearchError> {
        self.forget_unfinished()?;
        let dir = self.shared.dir.as_deref().map(shadow_of);
        Ok(Self::open(dir.as_deref(), self.unchecked())?.search)
    }

    fn unchecked(&self) -> Options {
        Options { check: false, clock: self.shared.clock.clone() }
    }

    /// Removes what a process that was killed may have left beside the indexes.
    pub fn forget_unfinished(&self) -> Result<(), SearchError> {
        let Some(dir) = &self.shared.dir else { return Ok(()) };
        remove(&shadow_of(dir))?;
        remove(&last_of(dir))?;
        // Segments that nothing names are the library's to remove, with the next commit.
        Kind::ALL.iter().try_for_each(|kind| remove_unfinished(&dir.join(kind.folder())))
    }

    /// Serves what `next` holds from now on, and forgets what served before. No writer may be open on either.
    pub fn promote(&self, next: Search) -> Result<(), SearchError> {
        let fresh = match &self.shared.dir {
            None => next.indexes(),
            Some(dir) => {
                drop(next);
                put_in_place(dir, &self.unchecked())?
            }
        };
        for (fresh, former) in fresh.iter().zip(&self.indexes()) {
            fresh.take_points_in_time_of(former);
        }
        *self.shared.indexes.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        self.forget_unfinished()
    }

    /// What is wrong with the files of the indexes, a sentence for each index; reads them all.
    pub fn damage(&self) -> Vec<String> {
        let look = |kind: &Kind| {
            let index = self.index(*kind);
            match index.index.validate_checksum() {
                Ok(damaged) if damaged.is_empty() => None,
                Ok(damaged) => Some(format!("{}: {} files are damaged", kind.folder(), damaged.len())),
                Err(error) => Some(format!("{}: cannot be checked: {error}", kind.folder())),
            }
        };
        Kind::ALL.iter().filter_map(look).collect()
    }
}

/// Removes the files that were being written when their process was killed: each is written under a name of its own, and then named rightly.
fn remove_unfinished(folder: &Path) -> Result<(), SearchError> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Ok(()) };
    for entry in entries {
        let entry = entry?;
        let age = entry.metadata().and_then(|about| about.modified()).ok().and_then(|written| written.elapsed().ok());
        let is_left =
            entry.file_name().to_string_lossy().starts_with(".tmp") && age.is_some_and(|age| age > WRITTEN_BY);
        if is_left {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn put_in_place(dir: &Path, options: &Options) -> Result<Indexes, SearchError> {
    let last = last_of(dir);
    remove(&last)?;
    if dir.exists() {
        std::fs::rename(dir, &last)?;
    }
    if let Err(error) = std::fs::rename(shadow_of(dir), dir) {
        // What served before is better than nothing.
        let _ = std::fs::rename(&last, dir);
        return Err(error.into());
    }
    let open = |kind: Kind| {
        let opened = reopen(&dir.join(kind.folder()), options);
        opened.map(Arc::new).map_err(|reason| SearchError::Index(format!("{}: {reason}", kind.folder())))
    };
    Ok([open(Kind::Listing)?, open(Kind::Company)?, open(Kind::Rfq)?])
}

fn remove(folder: &Path) -> Result<(), SearchError> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
