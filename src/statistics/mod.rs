//! Statistics: what the confirmed records say about general trade, published as a statistical office would.
//!
//! Which records count is decided by [`eligibility`](crate::partnerships::eligibility), for the pages of the records as well; [`Partition`] keeps what counts and lists the
//! rest by reason.
//!
//! All tables are cut from one [`cube`]: every combination of reporter, flow, partner, HS heading or chapter and month or
//! year, with all their totals. Cells are hidden once for the whole cube ([`suppression`]), so that no table gives away what
//! another hides. Exports are valued FOB and imports CIF; the two are never added, so the flow is part of every cell.
//!
//! [`table`] is the JSON and CSV form, [`comtrade`] the CSV in UN Comtrade's layout.

use chrono::{Datelike, NaiveDate};
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use crate::customs::Direction;
use crate::reference::codes::Country;
use crate::wire_enum;

pub mod actions;
pub mod api;
pub mod comtrade;
pub mod cube;
pub mod disclosure;
pub mod pages;
pub mod rules;
pub mod suppression;
pub mod table;
#[cfg(test)]
mod tests;

pub use cube::{Cell, Cube};
pub use rules::Partition;
pub use suppression::{Hidden, SuppressionRule};
pub use table::{Metadata, Table};

/// A month or a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// A calendar year.
    Year(i32),
    /// A calendar month, 1 to 12.
    Month(i32, u32),
}

impl Period {
    /// The month of a day.
    pub fn month_of(day: NaiveDate) -> Self {
        Self::Month(day.year(), day.month())
    }

    /// The year it is or lies in.
    pub fn year(self) -> i32 {
        match self {
            Self::Year(year) | Self::Month(year, _) => year,
        }
    }
}

impl std::fmt::Display for Period {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
        }
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

wire_enum! {
    /// What a table may be grouped by; the flow always is.
    pub enum GroupBy {
        /// The country that the records are for.
        Reporter = "reporter",
        /// Export or import.
        Flow = "flow",
        /// The other country.
        Partner = "partner",
        /// The HS chapter.
        Hs2 = "hs2",
        /// The HS heading.
        Hs4 = "hs4",
        /// The month.
        Period = "period",
        /// The year.
        Year = "year",
    }
}

/// What a cell is about; absent means all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
pub struct Key {
    /// Export or import.
    pub flow: Direction,
    /// The country that the records are for.
    pub reporter: Option<Country>,
    /// The other country.
    pub partner: Option<Country>,
    /// The chapter (2 digits) or heading (4).
    pub hs: Option<String>,
    /// The month, `2026-10`, or the year, `2026`.
    #[schema(value_type = Option<String>)]
    pub period: Option<Period>,
}
