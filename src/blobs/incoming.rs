//! An upload on its way in: gathered on disk, hashed as it comes.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::errors::{storage_problem, too_large};
use crate::error::Result;
use crate::hex;

/// An upload that is not complete yet.
pub struct IncomingFile {
    file: File,
    hasher: Sha256,
    bytes: u64,
    most: u64,
}

/// A complete upload.
pub struct ReceivedFile {
    file: File,
    /// How many bytes.
    pub bytes: u64,
    /// Their SHA-256, 64 hexadecimal digits.
    pub sha256: String,
}

impl IncomingFile {
    /// A file that the system removes by itself, even when the process is killed.
    pub(super) fn begin(folder: &Path, most: u64) -> Result<Self> {
        // In the data folder and not in the system's: that one may be in memory, and an upload is as large as the limit allows.
        let file = tempfile::tempfile_in(folder).map_err(|error| storage_problem(&error))?;
        Ok(Self { file, hasher: Sha256::new(), bytes: 0, most })
    }

    /// Takes the next piece; `too_large` naming `/content` when there are more than `most` bytes.
    pub fn take(&mut self, piece: &[u8]) -> Result<()> {
        self.bytes += piece.len() as u64;
        // At the piece that is too much, not at the end: the length that was announced is only a claim.
        if self.bytes > self.most {
            return Err(too_large(self.most));
        }
        self.hasher.update(piece);
        self.file.write_all(piece).map_err(|error| storage_problem(&error))
    }

    /// The upload, when all of it came.
    pub fn finish(self) -> ReceivedFile {
        let sha256 = hex::encode(&self.hasher.finalize());
        ReceivedFile { file: self.file, bytes: self.bytes, sha256 }
    }
}

impl ReceivedFile {
    /// The bytes from the beginning. One reader at a time: they share the place in the file.
    pub fn reader(&self) -> Result<impl Read + Seek + '_> {
        let mut file = &self.file;
        file.seek(SeekFrom::Start(0)).map_err(|error| storage_problem(&error))?;
        Ok(file)
    }
}
