//! The wish that a running process rebuild its indexes, as a file in its data folder: each process has indexes of its own, so the
//! wish is made where they are and reaches nobody else. It outlives the process, which then finds it when it starts again.

use std::path::{Path, PathBuf};

use crate::error::{Problem, Result};

const WANTED: &str = "wanted";

/// The file through which a rebuild is asked for and answered.
#[derive(Clone, Debug)]
pub struct ReindexRequest {
    file: PathBuf,
}

impl ReindexRequest {
    /// The request of a data folder, made or not.
    pub fn of(data: &Path) -> Self {
        Self { file: data.join("reindex") }
    }

    /// Asks the process that serves the folder to rebuild its indexes.
    pub fn make(&self) -> Result<()> {
        self.write(WANTED)
    }

    /// Whether a rebuild is asked for.
    pub fn is_wanted(&self) -> bool {
        std::fs::read_to_string(&self.file).is_ok_and(|text| text == WANTED)
    }

    /// Tells whoever asked how it went; does nothing when nobody did.
    pub(super) fn answer(&self, how: &str) {
        if self.is_wanted()
            && let Err(problem) = self.write(how)
        {
            log::error!("{problem}");
        }
    }

    /// The answer, once there is one; taken away by reading it.
    pub fn take_answer(&self) -> Result<Option<String>> {
        let text = std::fs::read_to_string(&self.file).map_err(|error| self.fault(&error))?;
        if text == WANTED {
            return Ok(None);
        }
        std::fs::remove_file(&self.file).map_err(|error| self.fault(&error))?;
        Ok(Some(text))
    }

    /// Cancels the request.
    pub fn cancel(&self) -> Result<()> {
        std::fs::remove_file(&self.file).map_err(|error| self.fault(&error))
    }

    /// Writes the whole text at once: the other side never reads half of it.
    fn write(&self, text: &str) -> Result<()> {
        // Renamed into place: the other process never reads half an answer.
        let part = self.file.with_added_extension("part");
        std::fs::write(&part, text)
            .and_then(|()| std::fs::rename(&part, &self.file))
            .map_err(|error| self.fault(&error))
    }

    fn fault(&self, error: &std::io::Error) -> Problem {
        Problem::internal(format!("{}: {error}", self.file.display()))
    }
}
