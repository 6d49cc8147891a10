//! A table as it is published: its metadata, its rows, what was not counted; JSON and plain CSV.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::GroupBy;
use super::cube::{Cell, Cube};
use super::suppression::SuppressionRule;
use crate::clock::Time;
use crate::error::Problem;
use crate::locale::{Language, text};
use crate::partnerships::eligibility::{ExclusionReason, TABLE_CURRENCY};
use crate::partnerships::fields::HS_EDITION;
use crate::reference::codes::Country;

/// What a reader must know to read a table.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Metadata {
    /// What is counted.
    pub title: String,
    /// The boundary of statistics, `general` or `special`; not to be confused with the customs regime of general trade.
    pub trade_system: String,
    /// The customs regime covered.
    pub customs_regime: String,
    /// How values are measured.
    pub valuation: String,
    /// The ISO 4217 code of all values.
    pub currency: String,
    /// Which country is the partner.
    pub partner_basis: String,
    /// The edition of the HS.
    pub hs_edition: String,
    /// The date that puts a record into its period.
    pub time_of_recording: String,
    /// What the figures are drawn from.
    pub coverage: String,
    /// When cells are hidden.
    pub suppression_rule: String,
    /// The moment that the records are of.
    #[schema(value_type = String, format = DateTime)]
    pub as_of: Time,
}

/// How many records are excluded for a reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ExcludedRecords {
    /// The reason.
    pub reason: ExclusionReason,
    /// The reason as a sentence.
    pub sentence: String,
    /// How many records.
    pub records: u32,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Table {
    /// How to read it.
    pub metadata: Metadata,
    /// What the rows are grouped by; the flow always is.
    pub group: Vec<GroupBy>,
    /// The cells, in the order of their keys.
    pub rows: Vec<Cell>,
    /// The totals of all rows, one for each flow (and reporter, where grouped by it).
    pub totals: Vec<Cell>,
    /// How many records the tables are made of.
    pub counted: u32,
    /// How many are excluded, by reason.
    pub not_counted: Vec<ExcludedRecords>,
}

impl Metadata {
    /// The metadata of a table as of a moment.
    pub fn new(rule: &SuppressionRule, as_of: Time) -> Self {
        Self {
            title: text(Language::English, "statistics-title").into(),
            trade_system: "general".into(),
            customs_regime: text(Language::English, "statistics-meta-regime").into(),
            valuation: text(Language::English, "statistics-meta-valuation").into(),
            currency: TABLE_CURRENCY.to_string(),
            partner_basis: text(Language::English, "statistics-meta-partner").into(),
            hs_edition: HS_EDITION.into(),
            time_of_recording: text(Language::English, "statistics-meta-recording").into(),
            coverage: text(Language::English, "statistics-meta-coverage").into(),
            suppression_rule: rule.sentence(),
            as_of,
        }
    }
}

impl Table {
    /// The table of a cube for one reporter, or for all together.
    pub fn of(
        cube: &Cube,
        group: &[GroupBy],
        reporter: Option<Country>,
        metadata: Metadata,
        counted: u32,
        excluded: &BTreeMap<ExclusionReason, u32>,
    ) -> Self {
        let mut group: Vec<GroupBy> = group.to_vec();
        // Always by flow: exports are FOB and imports CIF, and the two have no sum.
        group.push(GroupBy::Flow);
        group.extend(reporter.map(|_| GroupBy::Reporter));
        group.sort();
        group.dedup();
        let only = |cells: Vec<Cell>| -> Vec<Cell> {
            cells.into_iter().filter(|cell| reporter.is_none() || cell.key.reporter == reporter).collect()
        };
        let wide: Vec<GroupBy> = group.iter().copied().filter(|by| *by == GroupBy::Reporter).collect();
        let exclusion = |(reason, records): (&ExclusionReason, &u32)| ExcludedRecords {
            reason: *reason,
            sentence: reason.sentence().to_owned(),
            records: *records,
        };
        Self {
            metadata,
            rows: only(cube.at(&group)),
            totals: only(cube.at(&wide)),
            group,
            counted,
            not_counted: excluded.iter().map(exclusion).collect(),
        }
    }

    /// The rows and then the totals as CSV with a header; hidden figures are empty and `hidden` says why.
    ///
    /// # Errors
    /// `internal`, should the rows not be writable.
    pub fn to_csv(&self) -> Result<String, Problem> {
        const HEADER: [&str; 13] = [
            "flow",
            "reporter",
            "partner",
            "hs",
            "period",
            "value",
            "currency",
            "net_kg",
            "quantity",
            "unit",
            "records",
            "suppliers",
            "buyers",
        ];
        let mut rows = vec![HEADER.iter().map(|name| (*name).to_owned()).chain(["hidden".to_owned()]).collect()];
        rows.extend(self.rows.iter().chain(&self.totals).map(csv_row));
        write_csv(&rows)
    }
}

fn csv_row(cell: &Cell) -> Vec<String> {
    let all = |text: Option<String>| text.unwrap_or_else(|| "all".to_owned());
    let country = |country: Option<Country>| all(country.map(|country| country.to_string()));
    let figure = |read: fn(&super::cube::Figures) -> String| cell.figures.as_ref().map(read).unwrap_or_default();
    vec![
        cell.key.flow.to_string(),
        country(cell.key.reporter),
        country(cell.key.partner),
        all(cell.key.hs.clone()),
        all(cell.key.period.map(|period| period.to_string())),
        figure(|figures| figures.value.display(2)),
        TABLE_CURRENCY.to_string(),
        figure(|figures| figures.net_kg.display(0)),
        figure(|figures| figures.quantity.map(|quantity| quantity.value.display(0)).unwrap_or_default()),
        figure(|figures| figures.quantity.map(|quantity| quantity.unit.to_string()).unwrap_or_default()),
        figure(|figures| figures.records.to_string()),
        figure(|figures| figures.suppliers.to_string()),
        figure(|figures| figures.buyers.to_string()),
        cell.hidden.map(|hidden| hidden.to_string()).unwrap_or_default(),
    ]
}

/// Writes rows as CSV: commas, quotes where needed, lines ended by a line feed, UTF-8 without a mark.
pub(super) fn write_csv(rows: &[Vec<String>]) -> Result<String, Problem> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).map_err(Problem::internal)?;
    }
    let bytes = writer.into_inner().map_err(|error| Problem::internal(error.to_string()))?;
    String::from_utf8(bytes).map_err(Problem::internal)
}
