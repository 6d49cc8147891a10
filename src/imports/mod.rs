//! Imports: catalogue files that a company brings in, and its catalogue as such files.
//!
//! States: `queued -> running -> finished | failed`. A file is stored first and read by a job, 200 rows to a transaction, each of which also keeps
//! how far it came: what is killed in the middle goes on behind the last row that was stored. Invariants:
//!
//! * Whatever is wrong with a row is wrong with it alone: a bad row holds no good one back, and is kept with the reasons.
//! * The same file twice changes nothing; a SKU that stands twice in a file is an error of the second row.
//! * `replace` pauses what the file does not name, and only once every row of it was read.
//! * A dry run says what would happen and stores no listing.
//! * One import of a company runs at a time; the others wait in their order.
//! * Only the company's own listings are read and written.

pub mod actions;
pub mod api;
pub mod events;
pub mod jobs;
pub mod pages;
pub mod readers;
pub mod rules;
pub mod store;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::blobs::Blob;
use crate::clock::Time;
use crate::ids::{CompanyId, ImportId};
use crate::{labelled, states, wire_enum};

wire_enum! {
    /// What kind of file it is.
    pub enum ImportFormat {
        /// A table with a header: comma, semicolon or tab, in any usual encoding.
        Csv = "csv",
        /// The first sheet of a workbook.
        Xlsx = "xlsx",
        /// JSON, one listing a line.
        Ndjson = "ndjson",
        /// A Google Merchant feed: the same tables with its column names.
        Merchant = "merchant",
    }
}

labelled!(ImportFormat, "imports-format");

wire_enum! {
    /// What becomes of listings that the file does not name.
    pub enum ImportMode {
        /// They stay as they are.
        Upsert = "upsert",
        /// Those that are published are paused.
        Replace = "replace",
    }
}

labelled!(ImportMode, "imports-mode");

wire_enum! {
    /// How far an import is.
    pub enum ImportState {
        /// It waits for its turn.
        Queued = "queued",
        /// Its rows are being read.
        Running = "running",
        /// All of its rows were read.
        Finished = "finished",
        /// The file could not be read, or not to its end.
        Failed = "failed",
    }
}

labelled!(ImportState, "imports-state");

states!(ImportState, "imports-state", {
    Queued => Quiet,
    Running => Open,
    Finished => Agreed,
    Failed => Refused,
});

impl ImportState {
    /// Whether nothing more will happen.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Finished | Self::Failed)
    }
}

/// What columns hold, by their header, where somebody said so: the field's name, `attribute:NAME`, or nothing for a column to be left out.
pub type Mapping = BTreeMap<String, String>;

/// What is to be done with a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// How it is read.
    pub format: ImportFormat,
    /// What becomes of listings that it does not name.
    pub mode: ImportMode,
    /// Whether drafts are published.
    pub publish: bool,
    /// Whether nothing is stored.
    pub dry_run: bool,
    /// What its sender said of its columns.
    pub mapping: Mapping,
}

/// How a file was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FileReading {
    /// The character encoding; null for a workbook.
    pub encoding: Option<String>,
    /// What stands between cells: `,`, `;` or a tab; null where there are no columns or no text.
    pub delimiter: Option<String>,
    /// The columns, in their order.
    pub columns: Vec<ColumnView>,
}

/// A column of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ColumnView {
    /// Its header.
    pub header: String,
    /// The field that it holds; `attribute:NAME` for an attribute; null where it is left out.
    pub field: Option<String>,
}

/// What became of the rows so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ImportCounts {
    /// Rows that were dealt with, without the header and empty ones.
    pub rows: i64,
    /// Listings that are new.
    #[serde(rename = "new")]
    pub made: i64,
    /// Listings that were there and differed.
    pub changed: i64,
    /// Listings that were there and equal.
    pub same: i64,
    /// Rows that were refused.
    pub refused: i64,
    /// Rows in which something was mended: control characters, HTML.
    pub noted: i64,
    /// Listings that were paused, because the file does not name them.
    pub paused: i64,
}

/// A file that a company brings in, and how far that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The id.
    pub id: ImportId,
    /// Whose it is.
    pub company: CompanyId,
    /// The file's name.
    pub name: String,
    /// How many bytes it has.
    pub bytes: u64,
    /// Where they are.
    pub blob: Blob,
    /// What is to be done with it.
    pub order: Order,
    /// How far it is.
    pub state: ImportState,
    /// How it is read; none before its turn.
    pub reading: Option<FileReading>,
    /// What became of the rows so far.
    pub counts: ImportCounts,
    /// Why the file could not be read, or nothing was paused.
    pub problem: Option<String>,
    /// Grows with every change; the ETag.
    pub version: i64,
    /// When it was sent.
    pub created_at: Time,
    /// When its turn came.
    pub started_at: Option<Time>,
    /// When it was over.
    pub finished_at: Option<Time>,
}

/// What is wrong with a row, or was mended in it, at one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RowFault {
    /// The header of the column, or the field's JSON pointer where there is none.
    pub column: String,
    /// The code of the fault: `required`, `format`, `range` and so on; or what was mended.
    pub code: String,
    /// What the cell says, up to 200 characters.
    pub value: String,
    /// What would be right, or what was done.
    pub message: String,
}

wire_enum! {
    /// Why a row is kept.
    pub enum RowKind {
        /// It was refused.
        Refused = "refused",
        /// Something was mended in it.
        Noted = "noted",
    }
}

/// A row that is kept with what is to be said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptRow {
    /// Its number in the file: the line of an NDJSON file, the row of a table, whose header is row 1.
    pub number: i64,
    /// Why it is kept.
    pub kind: RowKind,
    /// Its cells, or its line; only of refused rows.
    pub cells: Vec<String>,
    /// What is to be said of it.
    pub faults: Vec<RowFault>,
}
