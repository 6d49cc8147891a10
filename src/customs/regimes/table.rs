//! The known codes of the four systems, with our own descriptions, and how they map to the United Nations' procedures.

use serde::Serialize;
use utoipa::ToSchema;

use super::system::RegimeSystem;
use crate::customs::Direction;

/// One known code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RegimeRow {
    /// Whose code list.
    pub system: RegimeSystem,
    /// The code.
    #[schema(value_type = String, example = "0110")]
    pub code: &'static str,
    /// What it means.
    #[schema(value_type = String)]
    pub meaning: &'static str,
    /// China's statistical group; none for modes outside trade statistics and for other systems.
    pub stat_group: Option<u8>,
}

/// A group of China's trade statistics: the last two digits of a supervision mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct StatGroup {
    /// The number.
    pub code: u8,
    /// Its name.
    #[schema(value_type = String)]
    pub name: &'static str,
}

/// A customs procedure of the United Nations' trade data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct UnProcedure {
    /// The code.
    #[schema(value_type = String)]
    pub code: &'static str,
    /// Its name.
    #[schema(value_type = String)]
    pub name: &'static str,
}

const fn cn(code: &'static str, group: u8, meaning: &'static str) -> RegimeRow {
    let stat_group = if group == 0 { None } else { Some(group) };
    RegimeRow { system: RegimeSystem::CnSupervision, code, meaning, stat_group }
}

const fn eu(code: &'static str, meaning: &'static str) -> RegimeRow {
    RegimeRow { system: RegimeSystem::EuProcedure, code, meaning, stat_group: None }
}

const fn us(code: &'static str, meaning: &'static str) -> RegimeRow {
    RegimeRow { system: RegimeSystem::UsEntryType, code, meaning, stat_group: None }
}

const fn un(code: &'static str, meaning: &'static str) -> RegimeRow {
    RegimeRow { system: RegimeSystem::UnProcedure, code, meaning, stat_group: None }
}

#[rustfmt::skip]
static ROWS: &[RegimeRow] = &[
    cn("0110", 10, "general trade"),
    cn("0130", 30, "barter"),
    cn("0214", 14, "processing with materials supplied by the foreign side"),
    cn("0245", 0, "supplied materials sold into the home market"),
    cn("0255", 0, "supplied-material goods carried over for further processing at home"),
    cn("0513", 13, "compensation trade"),
    cn("0615", 15, "processing with imported materials, matched contract"),
    cn("0644", 0, "imported materials sold into the home market"),
    cn("0654", 0, "imported-material goods carried over for further processing at home"),
    cn("0715", 15, "processing with imported materials, non-matched contract"),
    cn("1039", 39, "market procurement"),
    cn("1210", 10, "bonded cross-border e-commerce through special areas"),
    cn("1233", 33, "bonded warehouse goods"),
    cn("1234", 34, "bonded-zone storage and re-consignment"),
    cn("1239", 39, "bonded cross-border e-commerce outside the pilot areas"),
    cn("1300", 0, "goods for repair"),
    cn("1427", 27, "outward processing"),
    cn("1500", 0, "leasing for less than a year"),
    cn("1523", 23, "leasing for a year or more"),
    cn("1616", 16, "consignment"),
    cn("2025", 25, "equipment as investment by a joint venture"),
    cn("2225", 25, "equipment as investment by a wholly foreign firm"),
    cn("2600", 0, "temporary import or export"),
    cn("3010", 10, "samples and advertising goods, A"),
    cn("3039", 39, "samples and advertising goods, B"),
    cn("3422", 22, "export for construction contracts abroad"),
    cn("3511", 11, "aid between governments and international bodies"),
    cn("3612", 12, "other donations"),
    cn("4019", 19, "small border trade"),
    cn("4561", 0, "returned goods"),
    cn("5014", 14, "special area: processing with supplied materials"),
    cn("5015", 15, "special area: processing with imported materials"),
    cn("5034", 34, "special area: logistics goods"),
    cn("5335", 35, "special area: equipment from abroad"),
    cn("6033", 33, "goods in or out of a bonded logistics centre"),
    cn("9610", 10, "cross-border e-commerce retail, cleared by list"),
    cn("9710", 10, "cross-border e-commerce, direct export between businesses"),
    cn("9739", 39, "other trade"),
    cn("9810", 10, "cross-border e-commerce, export to an overseas warehouse"),
    cn("9839", 39, "other goods for gifts and resale"),
    eu("1000", "outright export"),
    eu("1040", "outright export after release for free circulation"),
    eu("1100", "export of equivalent goods under inward processing before the import"),
    eu("2100", "export for outward processing"),
    eu("2300", "temporary export for return unaltered"),
    eu("3151", "re-export after inward processing"),
    eu("3153", "re-export after temporary admission"),
    eu("3171", "re-export after customs warehousing"),
    eu("4000", "release for free circulation and home use"),
    eu("4051", "release for home use after inward processing"),
    eu("4053", "release for home use after temporary admission"),
    eu("4071", "release for home use out of a customs warehouse"),
    eu("4078", "release for home use out of a free zone"),
    eu("4200", "release for free circulation with VAT-free supply to another member state"),
    eu("4271", "the same out of a customs warehouse"),
    eu("4400", "release for end use at a reduced duty"),
    eu("4500", "release for home use of one tax, goods into a tax warehouse"),
    eu("5100", "inward processing"),
    eu("5300", "temporary admission"),
    eu("6110", "re-import after outright export"),
    eu("6121", "re-import after outward processing"),
    eu("6123", "re-import after temporary export"),
    eu("7100", "customs warehousing"),
    eu("7800", "free zone"),
    us("01", "consumption entry, free and dutiable"),
    us("02", "consumption entry under quota or visa"),
    us("03", "consumption entry with anti-dumping or countervailing duty"),
    us("06", "consumption entry out of a foreign-trade zone"),
    us("07", "consumption entry under quota and with anti-dumping or countervailing duty"),
    us("11", "informal entry, free and dutiable"),
    us("12", "informal entry under quota"),
    us("21", "warehouse entry"),
    us("22", "re-warehouse entry"),
    us("23", "temporary importation under bond"),
    us("31", "warehouse withdrawal for consumption"),
    us("32", "warehouse withdrawal under quota"),
    us("34", "warehouse withdrawal with anti-dumping or countervailing duty"),
    us("38", "warehouse withdrawal under quota and with anti-dumping or countervailing duty"),
    us("51", "entry by the defence contract administration"),
    us("61", "immediate transportation"),
    us("62", "transportation and exportation"),
    us("63", "immediate exportation"),
    us("86", "entry of a low-value shipment of one day to one person"),
    un("C01", "clearance for home use"),
    un("C02", "re-import in the same state"),
    un("C03", "outright export"),
    un("C04", "customs warehouses"),
    un("C05", "free zones"),
    un("C06", "inward processing"),
    un("C07", "outward processing"),
    un("C08", "drawback"),
    un("C09", "processing for home use"),
    un("C10", "carriage coastwise"),
    un("C11", "customs offences"),
    un("C12", "travellers"),
    un("C13", "postal traffic"),
    un("C14", "stores"),
    un("C15", "relief consignments"),
    un("C20", "other procedures"),
];

/// Every known code, by system.
pub fn rows() -> &'static [RegimeRow] {
    ROWS
}

macro_rules! named {
    ($kind:ident: $($code:literal $name:literal),* $(,)?) => { &[$($kind { code: $code, name: $name },)*] };
}

/// China's statistical groups.
pub static STAT_GROUPS: &[StatGroup] = named![StatGroup:
    10 "general trade", 11 "aid between governments and international bodies", 12 "other donations",
    13 "compensation trade", 14 "processing with supplied materials", 15 "processing with imported materials",
    16 "consignment", 19 "small border trade", 20 "equipment for processing trade", 22 "contracted projects abroad",
    23 "leasing", 25 "equipment as foreign investment", 27 "outward processing", 30 "barter",
    31 "duty-free goods for foreign currency", 33 "bonded premises", 34 "logistics in special areas",
    35 "equipment of special areas", 39 "other", 41 "duty-free goods",
];

/// The procedures of the United Nations' trade data, with the total.
pub static UN_PROCEDURES: &[UnProcedure] = named![UnProcedure:
    "C00" "total", "C01" "clearance for home use", "C02" "re-import in the same state", "C03" "outright export",
    "C04" "customs warehouses", "C05" "free zones", "C06" "inward processing", "C07" "outward processing",
    "C08" "drawback", "C09" "processing for home use", "C10" "carriage coastwise", "C11" "customs offences",
    "C12" "travellers", "C13" "postal traffic", "C14" "stores", "C15" "relief consignments", "C20" "other",
];

/// All that maps to nothing closer.
const OTHER: &str = "C20";

pub(super) fn un_of_group(group: Option<u8>, direction: Direction) -> &'static str {
    match (group, direction) {
        (Some(10), Direction::Import) => "C01",
        (Some(10), Direction::Export) => "C03",
        (Some(14 | 15), _) => "C06",
        (Some(27), _) => "C07",
        (Some(33), _) => "C04",
        (Some(34 | 35), _) => "C05",
        (Some(11 | 12), _) => "C15",
        _ => OTHER,
    }
}

/// By the requested procedure, the first two digits.
pub(super) fn un_of_eu(code: &str) -> &'static str {
    match code.get(..2) {
        Some("10") => "C03",
        Some("40" | "42" | "45") => "C01",
        Some("44") => "C09",
        Some("11" | "51") => "C06",
        Some("21") => "C07",
        Some("61") => "C02",
        Some("71" | "76" | "77") => "C04",
        Some("78") => "C05",
        _ => OTHER,
    }
}

pub(super) fn un_of_us(code: &str) -> &'static str {
    match code {
        "01" | "02" | "03" | "07" | "11" | "12" | "31" | "32" | "34" | "38" => "C01",
        "06" => "C05",
        "21" | "22" => "C04",
        _ => OTHER,
    }
}

pub(super) fn un_known(code: &str) -> &'static str {
    UN_PROCEDURES.iter().find(|row| row.code == code).map_or(OTHER, |row| row.code)
}
