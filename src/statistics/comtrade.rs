//! CSV in the layout of UN Comtrade: its 47 columns in its order, one row for each cell.
//!
//! Comtrade rows have a reporter and a period, so the reporter is added to the grouping where absent. The
//! regime is never the total `C00`, because only general trade is counted: `C01` clearance for home use, `C03` outright export.
//! A hidden cell keeps its row and loses its figures. Quantities are not available (Comtrade's code -1): those of invoices are in too many units.

use super::figures::Figures;
use super::table::{Cell, write_csv};
use super::{Key, Period};
use crate::customs::Direction;
use crate::error::Problem;
use crate::partnerships::fields::HS_EDITION;
use crate::reference::codes::Country;

/// The columns of a Comtrade record, in order.
pub const COLUMNS: [&str; 47] = [
    "typeCode",
    "freqCode",
    "refPeriodId",
    "refYear",
    "refMonth",
    "period",
    "reporterCode",
    "reporterISO",
    "reporterDesc",
    "flowCode",
    "flowDesc",
    "partnerCode",
    "partnerISO",
    "partnerDesc",
    "partner2Code",
    "partner2ISO",
    "partner2Desc",
    "classificationCode",
    "classificationSearchCode",
    "isOriginalClassification",
    "cmdCode",
    "cmdDesc",
    "aggrLevel",
    "isLeaf",
    "customsCode",
    "customsDesc",
    "mosCode",
    "motCode",
    "motDesc",
    "qtyUnitCode",
    "qtyUnitAbbr",
    "qty",
    "isQtyEstimated",
    "altQtyUnitCode",
    "altQtyUnitAbbr",
    "altQty",
    "isAltQtyEstimated",
    "netWgt",
    "isNetWgtEstimated",
    "grossWgt",
    "isGrossWgtEstimated",
    "cifvalue",
    "fobvalue",
    "primaryValue",
    "legacyEstimationFlag",
    "isReported",
    "isAggregate",
];

/// Comtrade's month of a row that is of a whole year.
// Comtrade's own number for a year without a month.
const WHOLE_YEAR: u32 = 52;

/// What Comtrade calls things; the reference tables answer.
pub struct Names<'a> {
    /// The Comtrade code of a country: UN M49 with its exceptions.
    pub country_code: &'a dyn Fn(&Country) -> u16,
    /// The label of a chapter or heading; empty where there is none.
    pub commodity: &'a dyn Fn(&str) -> String,
}

/// The cells, each of one reporter, as Comtrade CSV with its header.
///
/// # Errors
/// `internal`, should the rows not be writable.
pub fn to_csv(cells: &[Cell], names: &Names<'_>) -> Result<String, Problem> {
    let mut rows = vec![COLUMNS.iter().map(|name| (*name).to_owned()).collect()];
    rows.extend(cells.iter().map(|cell| row(cell, names)));
    write_csv(&rows)
}

fn row(cell: &Cell, names: &Names<'_>) -> Vec<String> {
    let mut row = period(cell.key.period);
    row.extend(country(cell.key.reporter, names));
    row.extend(texts(if cell.key.flow == Direction::Import { &["M", "Import"] } else { &["X", "Export"] }));
    row.extend(country(cell.key.partner, names));
    row.extend(country(None, names));
    row.extend(commodity(&cell.key, names));
    row.extend(procedure(cell.key.flow));
    row.extend(measures(cell.figures.as_ref(), cell.key.flow));
    // Every cell sums records up, none is a line that somebody reported.
    row.extend(texts(&["0", "false", "true"]));
    row
}

fn texts(values: &[&str]) -> Vec<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}

/// typeCode to period: goods, monthly or yearly, and the first day, year, month and name of the period.
fn period(period: Period) -> Vec<String> {
    let (frequency, year, month, first, name) = match period {
        Period::Month(year, month) => ("M", year, month, month, format!("{year:04}{month:02}")),
        Period::Year(year) => ("A", year, WHOLE_YEAR, 1, format!("{year:04}")),
    };
    let (id, year, month) = (format!("{year:04}{first:02}01"), year.to_string(), month.to_string());
    [texts(&["C", frequency]), vec![id, year, month, name]].concat()
}

/// Code, ISO 3166 alpha-3 and name; the world where it is all countries.
fn country(country: Option<Country>, names: &Names<'_>) -> Vec<String> {
    let Some(country) = country else { return texts(&["0", "W00", "World"]) };
    // Kosovo has no code of ISO's; `XKX` is what everybody uses.
    let alpha3 = rust_iso3166::from_alpha2(country.as_str()).map_or("XKX", |known| known.alpha3);
    vec![(names.country_code)(&country).to_string(), alpha3.to_owned(), country.name()]
}

/// classificationCode to isLeaf.
fn commodity(key: &Key, names: &Names<'_>) -> Vec<String> {
    let (code, label) = match &key.hs {
        None => ("TOTAL".to_owned(), "All Commodities".to_owned()),
        Some(code) => (code.clone(), (names.commodity)(code)),
    };
    let level = key.hs.as_ref().map_or(0, String::len).to_string();
    [texts(&[HS_EDITION, "HS", "true"]), vec![code, label, level], texts(&["false"])].concat()
}

/// customsCode to motDesc: the regime, and all modes of supply and transport.
fn procedure(flow: Direction) -> Vec<String> {
    texts(match flow {
        Direction::Import => &["C01", "Clearance for home use", "0", "0", "TOTAL MOT"],
        Direction::Export => &["C03", "Outright export", "0", "0", "TOTAL MOT"],
    })
}

/// qtyUnitCode to primaryValue; empty means not available.
fn measures(figures: Option<&Figures>, flow: Direction) -> Vec<String> {
    let weight = figures.map(|figures| figures.net_kg.display(0)).unwrap_or_default();
    let value = figures.map(|figures| figures.value.display(0)).unwrap_or_default();
    let (cif, fob) = match flow {
        Direction::Import => (value.clone(), String::new()),
        Direction::Export => (String::new(), value.clone()),
    };
    let mut measures = texts(&["-1", "N/A", "", "false", "-1", "N/A", "", "false"]);
    measures.extend([weight, "false".to_owned(), String::new(), "false".to_owned(), cif, fob, value]);
    measures
}
