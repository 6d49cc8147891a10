//! Statistics: what the confirmed records say about general trade, published as a statistical office would.
//!
//! Only records count that are between businesses, agreed offline, general trade, confirmed by both sides, and carry a
//! well-formed reference that no other record carries ([`counting`]). What does not count is listed beside, by reason.
//!
//! All tables are cut from one [`cube`]: every combination of reporter, flow, partner, HS heading or chapter and month or
//! year, with all their totals. Cells are hidden once for the whole cube ([`suppression`]), so that no table gives away what
//! another hides. Exports are valued FOB and imports CIF; the two are never added, so the flow is part of every cell.
//!
//! [`table`] is the JSON and CSV form, [`comtrade`] the CSV in UN Comtrade's layout.

use chrono::{Datelike, NaiveDate};
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use crate::ids::{CompanyId, RecordId};
use crate::money::{Micros, Money};
use crate::partnerships::axes::{DealLocus, Direction, PartyForm};
use crate::reference::codes::{Country, HsCode};
use crate::units::Quantity;
use crate::wire_enum;

pub mod actions;
pub mod api;
pub mod comtrade;
pub mod counting;
pub mod cube;
pub mod disclosure;
pub mod pages;
mod store;
pub mod suppression;
pub mod table;
#[cfg(test)]
mod tests;

pub use counting::{Counted, NotCounted, counts, sort_out};
pub use cube::{Cell, Cube, aggregate};
pub use suppression::{Hidden, SuppressionRule};
pub use table::{Metadata, Table};

/// The edition of the HS that the tables are in, by its UN name.
pub const HS_EDITION: &str = "H6";
/// The currency of the tables.
pub const CURRENCY: &str = "USD";
/// The group of records that is general trade, as `crate::customs` names it.
pub const GENERAL_TRADE: &str = "general_trade";

wire_enum! {
    /// What is known of a record's customs reference.
    pub enum ReferenceOutcome {
        /// Form and check digit hold.
        Valid = "valid",
        /// The form holds; there is no check digit.
        ValidFormOnly = "valid_form_only",
        /// Something contradicts.
        Suspicious = "suspicious",
        /// The form or the check digit does not hold.
        Invalid = "invalid",
        /// It is preliminary, of a transit, or only supporting: no declaration.
        NoDeclaration = "no_declaration",
    }
}

/// The customs reference of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Scheme, canonical number and item in one text; equal for the same line of the same declaration.
    pub key: String,
    /// What its checks came to.
    pub outcome: ReferenceOutcome,
}

/// A trade record as statistics see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The record; of two with one reference the older counts.
    pub record: RecordId,
    /// Whether the record was superseded by a correction or is disputed.
    pub is_out_of_force: bool,
    /// The country the record is for.
    pub reporter: Country,
    /// The statistical partner: origin of imports, destination of exports.
    pub partner: Country,
    /// The goods, 6 digits or more.
    pub hs_code: HsCode,
    /// The edition of the code, `H6`.
    pub hs_edition: String,
    /// The flow.
    pub direction: Direction,
    /// The day of release, else of declaration.
    pub customs_date: Option<NaiveDate>,
    /// The FOB value where it could be derived.
    pub fob: Option<Money>,
    /// The CIF value where it could be derived.
    pub cif: Option<Money>,
    /// Net weight in kilograms.
    pub net_kg: Micros,
    /// The quantity of the invoice.
    pub quantity: Quantity,
    /// The company that sold.
    pub supplier: CompanyId,
    /// The company that bought.
    pub buyer: CompanyId,
    /// Between whom.
    pub party_form: PartyForm,
    /// Where the deal was made.
    pub deal_locus: DealLocus,
    /// The one group the record falls in; only [`GENERAL_TRADE`] counts.
    pub bucket: String,
    /// Whether both sides confirmed it.
    pub is_confirmed: bool,
    /// Its customs reference.
    pub reference: Option<Reference>,
}

impl Fact {
    /// The statistical value: FOB of exports, CIF of imports.
    pub fn value(&self) -> Option<Money> {
        match self.direction {
            Direction::Export => self.fob,
            Direction::Import => self.cif,
        }
    }
}

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
