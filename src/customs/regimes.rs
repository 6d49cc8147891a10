//! Customs regimes: under which procedure goods were declared, in the code system of the country, and what that means for statistics.
//!
//! There are four systems: China's supervision modes, the European Union's procedures, the United States' entry types, and the procedures of the
//! United Nations that all others are mapped to. A well-formed code that the tables do not know is allowed and says so.
//! The descriptions are our own, and so is the mapping to the United Nations' codes.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Direction;
use crate::locale::{self, Language};
use crate::reference::codes::{BadCode, Country};
use crate::reference::countries;
use crate::reference::plain::has_shape;

mod system;
mod table;

pub use system::RegimeSystem;
pub use table::{RegimeRow, STAT_GROUPS, StatGroup, UN_PROCEDURES, UnProcedure, rows};

/// A customs regime: `{"system":"cn_supervision","code":"0110"}`. The code has the form of its system; the tables need not know it.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "TypedRegime")]
pub struct Regime {
    system: RegimeSystem,
    #[schema(example = "0110")]
    code: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedRegime {
    system: RegimeSystem,
    code: String,
}

impl TryFrom<TypedRegime> for Regime {
    type Error = BadCode;
    fn try_from(typed: TypedRegime) -> Result<Self, BadCode> {
        Self::new(typed.system, &typed.code)
    }
}

/// What is known of a regime.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RegimeInfo {
    /// Whose code list.
    pub system: RegimeSystem,
    /// The code.
    pub code: String,
    /// What it means, as we describe it.
    pub meaning: String,
    /// Whether the tables know the code.
    pub known: bool,
    /// China's statistical group, where the mode belongs to one.
    pub stat_group: Option<u8>,
    /// The United Nations' procedure for imports.
    #[schema(value_type = String)]
    pub un_import: &'static str,
    /// The United Nations' procedure for exports.
    #[schema(value_type = String)]
    pub un_export: &'static str,
}

/// China's ordinary group, named "Ordinary Trade" in its statistics.
const ORDINARY_GROUP: u8 = 10;

impl Regime {
    /// A regime of this system; spaces in the code are left out, so that `40 00` is `4000`.
    ///
    /// # Errors
    /// When the code has not the form of the system's codes.
    pub fn new(system: RegimeSystem, code: &str) -> Result<Self, BadCode> {
        let code: String = code.trim().chars().filter(|c| *c != ' ').take(10).collect::<String>().to_uppercase();
        let (shape, wanted) = match system {
            RegimeSystem::CnSupervision => ("9999", "customs-regime-form-china"),
            RegimeSystem::EuProcedure => ("9999", "customs-regime-form-eu"),
            RegimeSystem::UsEntryType => ("99", "customs-regime-form-us"),
            RegimeSystem::UnProcedure => ("C99", "customs-regime-form-un"),
        };
        if has_shape(&code, shape) { Ok(Self { system, code }) } else { Err(BadCode(wanted)) }
    }

    fn of(system: RegimeSystem, code: &str) -> Self {
        Self { system, code: code.to_owned() }
    }

    /// Whose code list.
    pub fn system(&self) -> RegimeSystem {
        self.system
    }

    /// The code.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The table's row, where it has one.
    pub fn row(&self) -> Option<&'static RegimeRow> {
        rows().iter().find(|row| row.system == self.system && row.code == self.code)
    }

    /// China's statistical group: that of the table, else the mode's last two digits where a group has that number. `None` for the modes that
    /// are outside trade statistics and for other systems.
    pub fn stat_group(&self) -> Option<u8> {
        if self.system != RegimeSystem::CnSupervision {
            return None;
        }
        match self.row() {
            Some(row) => row.stat_group,
            // A mode that the table does not know yet: its last two digits are the group all the same, by the way the codes are made.
            None => self
                .code
                .parse::<u16>()
                .ok()
                .and_then(|mode| u8::try_from(mode % 100).ok())
                .filter(|group| is_group(*group)),
        }
    }

    /// The United Nations' procedure that the regime counts as in this direction, like `C01`.
    pub fn un_procedure(&self, direction: Direction) -> &'static str {
        match self.system {
            RegimeSystem::CnSupervision => table::un_of_group(self.stat_group(), direction),
            RegimeSystem::EuProcedure => table::un_of_eu(&self.code),
            RegimeSystem::UsEntryType => table::un_of_us(&self.code),
            RegimeSystem::UnProcedure => table::un_known(&self.code),
        }
    }

    /// What is known of it, for people and integrators.
    pub fn info(&self) -> RegimeInfo {
        let row = self.row();
        RegimeInfo {
            system: self.system,
            code: self.code.clone(),
            meaning: row
                .map_or(locale::text(Language::English, "customs-regime-unknown"), |row| row.meaning)
                .to_owned(),
            known: row.is_some(),
            stat_group: self.stat_group(),
            un_import: self.un_procedure(Direction::Import),
            un_export: self.un_procedure(Direction::Export),
        }
    }
}

impl fmt::Display for Regime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.system {
            RegimeSystem::EuProcedure => write!(f, "{} {}", &self.code[..2], &self.code[2..]),
            _ => f.write_str(&self.code),
        }
    }
}

impl fmt::Debug for Regime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.system, self.code)
    }
}

fn is_group(number: u8) -> bool {
    STAT_GROUPS.iter().any(|group| group.code == number)
}

/// The regime of a plain purchase across this country's border: 0110 in China, 4000 and 1000 in the European Union, 01 for imports of the
/// United States, and the United Nations' C01 and C03 elsewhere.
pub fn default_regime(country: Country, direction: Direction) -> Regime {
    match (country.as_str(), direction) {
        ("CN", _) => Regime::of(RegimeSystem::CnSupervision, "0110"),
        ("US", Direction::Import) => Regime::of(RegimeSystem::UsEntryType, "01"),
        _ if countries::is_eu_member(country) => {
            Regime::of(RegimeSystem::EuProcedure, if direction == Direction::Import { "4000" } else { "1000" })
        }
        _ => Regime::of(RegimeSystem::UnProcedure, ordinary_un(direction)),
    }
}

fn ordinary_un(direction: Direction) -> &'static str {
    match direction {
        Direction::Import => "C01",
        Direction::Export => "C03",
    }
}

/// Whether the regime is general trade in the strict sense: 0110; 40xx import and 10xx export; 01 import; C01 import and C03 export.
pub fn is_general_trade(regime: &Regime, direction: Direction) -> bool {
    match (regime.system, direction) {
        (RegimeSystem::CnSupervision, _) => regime.code == "0110",
        (RegimeSystem::EuProcedure, Direction::Import) => regime.code.starts_with("40"),
        (RegimeSystem::EuProcedure, Direction::Export) => regime.code.starts_with("10"),
        (RegimeSystem::UsEntryType, Direction::Import) => regime.code == "01",
        // Entry types are of imports; an export is filed without one.
        (RegimeSystem::UsEntryType, Direction::Export) => false,
        (RegimeSystem::UnProcedure, _) => regime.code == ordinary_un(direction),
    }
}

/// Whether the regime falls in the general-trade group of statistics: China's group 10; elsewhere what maps to C01 import and C03 export.
pub fn is_general_trade_group(regime: &Regime, direction: Direction) -> bool {
    match regime.system {
        RegimeSystem::CnSupervision => regime.stat_group() == Some(ORDINARY_GROUP),
        _ => regime.un_procedure(direction) == ordinary_un(direction),
    }
}

/// Whether it is one of China's modes for trade made on an e-commerce platform.
pub fn is_ecommerce_platform_mode(regime: &Regime) -> bool {
    is_mode(regime, &["9710", "9810", "9610", "1210", "1239"])
}

/// Whether the goods lie in a bonded place, a free zone or a warehouse under this regime.
pub fn is_bonded_or_warehouse(regime: &Regime) -> bool {
    match regime.system {
        RegimeSystem::CnSupervision => {
            is_mode(regime, &["1210", "1239", "9810"]) || matches!(regime.stat_group(), Some(33..=35))
        }
        RegimeSystem::EuProcedure => is_eu_storage(&regime.code[..2]) || is_eu_storage(&regime.code[2..]),
        RegimeSystem::UsEntryType => {
            matches!(regime.code.as_str(), "06" | "21" | "22" | "26" | "30" | "31" | "32" | "34" | "38")
        }
        RegimeSystem::UnProcedure => matches!(regime.code.as_str(), "C04" | "C05"),
    }
}

fn is_eu_storage(procedure: &str) -> bool {
    matches!(procedure, "71" | "76" | "77" | "78")
}

/// Whether it is one of these supervision modes of China.
pub(super) fn is_mode(regime: &Regime, modes: &[&str]) -> bool {
    regime.system == RegimeSystem::CnSupervision && modes.contains(&regime.code.as_str())
}
