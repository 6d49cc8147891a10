//! Customs references: the number that a customs office gave to a declaration, and what can be said of it without asking that office.
//!
//! * A **scheme** names whose number it is. [`check`] normalises the text, takes it apart and tests form, check digit, year and direction.
//!   It never says that a declaration exists: only the customs office can.
//! * The outcome is `valid` (form and check digit hold), `valid_form_only` (there is no check digit), `suspicious` or `invalid`, the last two with a
//!   reason. The **evidence** says what the number proves at most: a declaration, a preliminary entry, a transit movement, or a supporting reference.
//! * One declaration is one (scheme, canonical number); one statistical line is (scheme, canonical number, item).
//! * The customs **regime** of a reference ([`regimes`]) is kept apart from the axes of its trade record ([`rules`]): none is derived from another,
//!   contradictions are reported.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::reference::codes::Country;
pub use crate::reference::outcome::{Outcome, Part};
use crate::wire::from_one;
use crate::wire_enum;

pub mod actions;
pub mod api;
pub mod pages;
pub mod regimes;
pub mod rules;
mod schemes;
pub mod store;

#[cfg(test)]
mod tests;

pub use schemes::{SchemeInfo, check, schemes};

wire_enum! {
    /// Whose number it is and of which kind.
    pub enum Scheme {
        /// China: the customs number of a declaration, 18 characters.
        CnDeclaration = "cn_declaration",
        /// China: the number given on entry, before acceptance; the same 18 characters.
        CnPreliminary = "cn_preliminary",
        /// European Union and common transit: movement reference number, 18 characters.
        EuMrn = "eu_mrn",
        /// United Kingdom: movement reference number, 18 characters.
        UkMrn = "uk_mrn",
        /// United Kingdom: declaration unique consignment reference.
        UkDucr = "uk_ducr",
        /// United Kingdom: master unique consignment reference.
        UkMucr = "uk_mucr",
        /// United States: entry number of an import.
        UsEntry = "us_entry",
        /// United States: internal transaction number of an export filing.
        UsItn = "us_itn",
        /// India: shipping bill of an export; unique only with its port and date.
        InShippingBill = "in_shipping_bill",
        /// India: bill of entry of an import; unique only with its port and date.
        InBillOfEntry = "in_bill_of_entry",
        /// Brazil: single import declaration.
        BrDuimp = "br_duimp",
        /// Brazil: single export declaration.
        BrDue = "br_due",
        /// Brazil: import declaration of the older system.
        BrDi = "br_di",
        /// Japan: declaration number.
        JpDeclaration = "jp_declaration",
        /// Korea: declaration number.
        KrDeclaration = "kr_declaration",
        /// Any other country's number, with that country and the date of the document.
        Other = "other",
    }
}

wire_enum! {
    /// The direction in which the goods cross the border of the reporting country.
    pub enum Direction {
        /// Into the country.
        Import = "import",
        /// Out of the country.
        Export = "export",
    }
}

wire_enum! {
    /// What a number proves at most.
    pub enum Evidence {
        /// An import or export declaration.
        Declaration = "declaration",
        /// A declaration that was keyed in and not yet accepted.
        Preliminary = "preliminary",
        /// A transit movement, which is neither import nor export.
        Transit = "transit",
        /// A reference that belongs to a declaration but is none.
        Supporting = "supporting",
    }
}

/// A number to be checked: the input of `POST /customs/check`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckRequest {
    /// Whose number it is.
    pub scheme: Scheme,
    /// The number as it was typed; spaces and full-width characters do not matter.
    #[schema(max_length = 100, example = "5316 2026 1 234567890")]
    pub number: String,
    /// Export or import.
    pub direction: Direction,
    /// The date of the declaration; part of the number in India, wanted for `other`.
    #[serde(default)]
    pub date: Option<NaiveDate>,
    /// The item of the declaration, from 1.
    #[serde(default, deserialize_with = "from_one")]
    #[schema(minimum = 1)]
    pub item: Option<u16>,
    /// The country whose office gave the number; needed for `other`.
    #[serde(default)]
    pub country: Option<Country>,
    /// The six-character port code; part of the number in India.
    #[serde(default)]
    pub port: Option<String>,
}

/// What the check came to: the answer of `POST /customs/check`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CheckResult {
    /// How far it could be checked.
    pub outcome: Outcome,
    /// Why it is suspicious or invalid, or what is to be known of it although it is valid.
    pub reason: Option<String>,
    /// The form that is stored and compared.
    pub canonical: String,
    /// The form that people write.
    pub display: String,
    /// What it proves at most.
    pub evidence: Evidence,
    /// The decoded parts.
    pub parts: Vec<Part>,
    /// The item, as given or as the number itself carries it.
    pub item: Option<u16>,
}

impl Direction {
    /// The other way.
    pub fn opposite(self) -> Self {
        match self {
            Self::Import => Self::Export,
            Self::Export => Self::Import,
        }
    }
}
