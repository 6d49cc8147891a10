//! What a catalogue file says, decided without reading one: which column holds what, what a row is as a listing, and a listing as a row.

use std::time::Duration;

mod amounts;
pub mod cells;
pub mod columns;
pub mod rows;
mod units;

pub(super) use amounts::unambiguous;
pub use cells::{EXPORTED, MERCHANT, row_of};
pub use columns::{Columns, Field, Target};
pub use rows::{Refusal, Taken, listing_of_cells, listing_of_line};
pub use units::unit_code;

/// Rows in one transaction.
// Few enough that nobody waits long for the writer, many enough that the commit costs little.
pub const BATCH: usize = 200;
/// A transaction ends after so long, however few rows are stored by then: a slow disk or a busy machine must not make everybody else wait.
pub const MOST_HELD: Duration = Duration::from_millis(50);
/// Rows that are stored before the time is looked at.
pub const PART: usize = 20;
/// So many rows of an import are kept with what is wrong with them; further ones are only counted.
pub const MOST_KEPT: i64 = 10_000;
/// So many imports of a company may wait.
pub const MOST_WAITING: i64 = 20;
/// How long an import and its file are kept, in days.
pub const KEPT_DAYS: i64 = 30;
/// An import that fails by a fault of ours is given up after so many tries.
pub const MOST_TRIES: u32 = 8;
