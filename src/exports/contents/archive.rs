//! The archive as it is written: a zip straight into an unnamed file, one entry after the other, each counted and hashed as it goes.

use std::io::{self, Write};

use chrono::{Datelike, Timelike};
use serde::Serialize;
use sha2::{Digest, Sha256};
use zip::result::ZipError;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::app::App;
use crate::blobs::{IncomingFile, ReceivedFile};
use crate::clock::Time;
use crate::error::{Problem, Result};
use crate::hex;

/// The file that the archive goes into.
struct Sink(IncomingFile);

impl Write for Sink {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        // The problem travels through the archive's errors, so that a full disk is one that passes.
        self.0.take(piece).map_err(io::Error::other)?;
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn io_fault(error: io::Error) -> Problem {
    error.downcast::<Problem>().unwrap_or_else(|error| Problem::internal(error).during("writing an archive"))
}

fn fault(error: ZipError) -> Problem {
    match error {
        ZipError::Io(error) => io_fault(error),
        other => Problem::internal(other.to_string()).during("writing an archive"),
    }
}

/// What was written of an entry.
pub(super) struct Entry {
    /// How many lines.
    pub lines: u64,
    /// How many bytes, unpacked.
    pub bytes: u64,
    /// Their SHA-256, 64 hexadecimal digits.
    pub sha256: String,
}

/// An archive that is being written.
pub(super) struct Archive {
    zip: ZipWriter<StreamWriter<Sink>>,
    options: SimpleFileOptions,
    hasher: Sha256,
    lines: u64,
    bytes: u64,
    /// The line that is written, kept for its room.
    line: Vec<u8>,
}

impl Archive {
    /// An archive of the moment, with nothing in it.
    pub(super) fn begin(app: &App, now: Time) -> Result<Self> {
        let zip = ZipWriter::new_stream(Sink(app.blobs.receive(u64::MAX)?));
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(time_of(now))
            // How long an entry becomes is not known before it is written.
            .large_file(true);
        Ok(Self { zip, options, hasher: Sha256::new(), lines: 0, bytes: 0, line: Vec::new() })
    }

    /// Begins the next entry.
    pub(super) fn open(&mut self, name: &str) -> Result<()> {
        self.hasher = Sha256::new();
        (self.lines, self.bytes) = (0, 0);
        self.zip.start_file(name, self.options).map_err(fault)
    }

    /// Writes a piece of the entry.
    pub(super) fn piece(&mut self, piece: &[u8]) -> Result<()> {
        self.hasher.update(piece);
        self.bytes += piece.len() as u64;
        self.zip.write_all(piece).map_err(io_fault)
    }

    /// Writes a line of the entry: the JSON of the item.
    pub(super) fn line<T: Serialize>(&mut self, item: &T) -> Result<()> {
        let mut line = std::mem::take(&mut self.line);
        line.clear();
        serde_json::to_writer(&mut line, item).map_err(Problem::internal)?;
        line.push(b'\n');
        let written = self.piece(&line);
        self.line = line;
        self.lines += 1;
        written
    }

    /// Writes lines that are made already.
    pub(super) fn made_lines(&mut self, lines: &[u8]) -> Result<()> {
        self.lines += lines.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.piece(lines)
    }

    /// What was written of the entry.
    pub(super) fn close(&mut self) -> Entry {
        let sha256 = hex::encode(&std::mem::take(&mut self.hasher).finalize());
        Entry { lines: self.lines, bytes: self.bytes, sha256 }
    }

    /// The whole archive.
    pub(super) fn finish(self) -> Result<ReceivedFile> {
        let Sink(file) = self.zip.finish().map_err(fault)?.into_inner();
        Ok(file.finish())
    }
}

/// The time as archives have it: of the earliest one that they know where it is out of their range.
fn time_of(now: Time) -> DateTime {
    let part = |number: u32| u8::try_from(number).unwrap_or_default();
    let year = u16::try_from(now.year()).unwrap_or_default();
    let (month, day) = (part(now.month()), part(now.day()));
    DateTime::from_date_and_time(year, month, day, part(now.hour()), part(now.minute()), part(now.second()))
        .unwrap_or_default()
}
