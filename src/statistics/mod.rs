//! Statistics: what the confirmed records say about general trade, published as a statistical office would.
//!
//! Which records count is decided by [`eligibility`](crate::partnerships::eligibility), for the pages of the records as well; [`Partition`]
//! keeps what counts and lists the rest by reason.
//!
//! Nothing is published live: the difference of two live tables is one shipment. A **release** covers closed months, appears on a day of the
//! calendar ([`calendar`]) and never changes. It takes in what is new ([`vintages`]); a month that an earlier release covers is revised only when
//! enough companies changed. All tables are cut from one lattice of cells ([`cube`]): every combination of reporter, partner, HS heading or
//! chapter, and month or year. Which cells are shown is decided once for all tables and all releases together ([`release`], [`suppression`],
//! [`disclosure`]), and figures are rounded ([`figures`]). Exports are valued FOB and imports CIF; the two are never added, so the flow is part
//! of every cell.
//!
//! Retail (B2C and C2C) has tables of its own in the same releases ([`retail`]), by the same machinery: a [`Family`] is decided without the others,
//! and no sum is over two of them.
//!
//! [`table`] is the JSON and CSV form, [`comtrade`] the CSV in UN Comtrade's layout, [`sdmx`] that of statistical offices.

use chrono::{Datelike, NaiveDate};
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use crate::customs::Direction;
use crate::ids::CompanyId;
use crate::money::Micros;
use crate::reference::codes::Country;
use crate::wire_enum;

pub mod actions;
pub mod api;
#[cfg(test)]
mod attack_tests;
pub mod calendar;
pub mod comtrade;
pub mod cube;
pub mod disclosure;
pub mod figures;
pub mod jobs;
pub mod pages;
pub mod release;
pub mod retail;
pub mod rules;
pub mod sdmx;
mod store;
pub mod suppression;
pub mod table;
#[cfg(test)]
mod tests;
pub mod vintages;

pub use cube::Family;
pub use figures::{CountClass, Figures};
pub use rules::Partition;
pub use suppression::{Hidden, SuppressionRule};
pub use table::{Cell, Metadata, ReleaseView, Table};

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

impl std::str::FromStr for Period {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const FORM: &str = "must be a month like 2026-10 or a year like 2026";
        let (year, month) = text.split_once('-').map_or((text, None), |(year, month)| (year, Some(month)));
        let number = |text: &str, digits: usize| {
            (text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse::<u32>().ok())
        };
        let year = number(year, 4).flatten().and_then(|year| i32::try_from(year).ok()).ok_or(FORM)?;
        let Some(month) = month else { return Ok(Self::Year(year)) };
        let month = number(month, 2).flatten().filter(|month| (1..=12).contains(month)).ok_or(FORM)?;
        Ok(Self::Month(year, month))
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
    /// What a table may be grouped by; the flow always is, and so is the month or the year.
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
#[schema(as = CellKey)]
pub struct Key {
    /// Export or import.
    pub flow: Direction,
    /// The country that the records are for.
    pub reporter: Option<Country>,
    /// The other country.
    pub partner: Option<Country>,
    /// The chapter (2 digits) or heading (4).
    pub hs: Option<String>,
    /// The month, `2026-10`, or the year, `2026`; the year of a release that ends within it holds the months up to there.
    #[schema(value_type = String)]
    pub period: Period,
}

/// A record as the releases hold it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contribution {
    /// The id of the record, of whichever family its block is.
    pub record: i64,
    /// Export or import.
    pub flow: Direction,
    /// The country that the record is for.
    pub reporter: Country,
    /// The statistical partner.
    pub partner: Country,
    /// The HS heading, 4 digits; of retail the chapter, 2 digits.
    pub heading: String,
    /// The year of the customs date.
    pub year: i32,
    /// The month of the customs date, 1 to 12.
    pub month: u32,
    /// FOB of exports, CIF of imports, in the currency of the tables.
    pub value: Micros,
    /// Net weight in kilograms.
    pub net_kg: Micros,
    /// The company that sold; in decisions on disclosure the first of those that one owner has.
    pub supplier: CompanyId,
    /// The company that bought, alike; of retail, where nobody did, the one that sold once more.
    pub buyer: CompanyId,
    /// The first release that holds it.
    pub entered: u32,
    /// The first release that holds it no longer.
    pub left: Option<u32>,
}
