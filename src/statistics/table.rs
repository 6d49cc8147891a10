//! A table as it is published: its release, its metadata, its rows, what was not counted; JSON and plain CSV.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::cube::Family;
use super::figures::{CountClass, Figures};
use super::suppression::{Hidden, SuppressionRule};
use super::vintages::Revision;
use super::{GroupBy, Key};
use crate::clock::Time;
use crate::customs::rules::PartyForm;
use crate::error::Problem;
use crate::formats::absolute;
use crate::locale::{Language, Message, text};
use crate::partnerships::eligibility::{ExclusionReason, TABLE_CURRENCY};
use crate::partnerships::fields::HS_EDITION;
use crate::reference::codes::Country;
use crate::retail::rules::RetailExclusion;

const LANGUAGE: Language = Language::English;

/// A cell of a release. Where it is hidden all figures are absent, the number of companies included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Cell {
    /// What it is about.
    pub key: Key,
    /// Why it is hidden; absent where it is not.
    pub hidden: Option<Hidden>,
    /// The figures.
    pub figures: Option<Figures>,
    /// The release that drew the figures: an earlier one where too few companies changed since for a revision.
    pub vintage: u32,
}

/// What a reader must know to read a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
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
    /// How figures are rounded.
    pub rounding: String,
    /// When figures of earlier releases change.
    pub revision_rule: String,
    /// The moment that the records are of.
    #[schema(value_type = String, format = DateTime)]
    pub as_of: Time,
}

/// How many records are excluded for a reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExcludedRecords {
    /// The reason.
    pub reason: ExclusionReason,
    /// The reason as a sentence.
    pub sentence: String,
    /// How many records.
    pub records: CountClass,
}

/// What a release holds of one form of parties.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RetailSummary {
    /// B2C or C2C.
    pub party_form: PartyForm,
    /// How many records its tables are made of.
    pub counted: CountClass,
    /// The months of earlier releases that it revises.
    pub revised: Vec<Revision>,
}

/// How many retail records are excluded for a reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExcludedRetail {
    /// The reason.
    pub reason: RetailExclusion,
    /// The reason as a sentence.
    pub sentence: String,
    /// How many records.
    pub records: CountClass,
}

/// A release, without its tables.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ReleaseView {
    /// Its number, from 1.
    pub number: u32,
    /// The last month that it covers, `2026-10`.
    pub covers: String,
    /// When it appeared.
    #[schema(value_type = String, format = DateTime)]
    pub published_at: Time,
    /// SHA-256 over the release before, number, month and every cell.
    pub hash: String,
    /// The hash of the release before; empty for the first.
    pub previous_hash: String,
    /// The months of earlier releases that it revises.
    pub revised: Vec<Revision>,
    /// How many records the tables are made of.
    pub counted: CountClass,
    /// How many are excluded, by reason.
    pub not_counted: Vec<ExcludedRecords>,
    /// What it holds of retail, by form of the parties.
    pub retail: Vec<RetailSummary>,
    /// How many retail records are excluded, by reason.
    pub retail_not_counted: Vec<ExcludedRetail>,
    /// How to read its tables.
    pub metadata: Metadata,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = StatisticsTable)]
pub struct Table {
    /// The release that it is of; null before the first.
    pub release: Option<u32>,
    /// Its release's hash.
    pub hash: Option<String>,
    /// The month that is closed next and not published yet.
    pub in_preparation: String,
    /// How to read it.
    pub metadata: Metadata,
    /// What the rows are grouped by; the flow always is.
    pub group: Vec<GroupBy>,
    /// The cells, in the order of their keys.
    pub rows: Vec<Cell>,
    /// The totals of the years, one for each flow (and reporter, where grouped by it).
    pub totals: Vec<Cell>,
    /// How many records the tables are made of.
    pub counted: CountClass,
    /// How many are excluded, by reason.
    pub not_counted: Vec<ExcludedRecords>,
}

impl Metadata {
    /// The metadata of tables made by the rule as of a moment.
    pub fn new(rule: &SuppressionRule, as_of: Time) -> Self {
        Self {
            title: text(LANGUAGE, "statistics-title").into(),
            trade_system: "general".into(),
            customs_regime: text(LANGUAGE, "statistics-meta-regime").into(),
            valuation: text(LANGUAGE, "statistics-meta-valuation").into(),
            currency: TABLE_CURRENCY.to_string(),
            partner_basis: text(LANGUAGE, "statistics-meta-partner").into(),
            hs_edition: HS_EDITION.into(),
            time_of_recording: text(LANGUAGE, "statistics-meta-recording").into(),
            coverage: text(LANGUAGE, "statistics-meta-coverage").into(),
            suppression_rule: rule.sentence(),
            rounding: text(LANGUAGE, "statistics-meta-rounding").into(),
            revision_rule: rule.revision_sentence(),
            as_of,
        }
    }
}

impl Metadata {
    /// What it says, each with the name that its reader knows it by.
    pub fn named(&self) -> Vec<(&'static str, String)> {
        let name = |key| text(LANGUAGE, key);
        vec![
            (name("statistics-what-counts"), self.title.clone()),
            (name("statistics-as-of"), absolute(self.as_of)),
            (name("statistics-trade-system"), self.trade_system.clone()),
            (name("statistics-regime"), self.customs_regime.clone()),
            (name("statistics-valuation"), self.valuation.clone()),
            (name("statistics-currency"), self.currency.clone()),
            (name("statistics-partner"), self.partner_basis.clone()),
            (name("statistics-hs-edition"), self.hs_edition.clone()),
            (name("statistics-time"), self.time_of_recording.clone()),
            (name("statistics-coverage"), self.coverage.clone()),
            (name("statistics-suppression"), self.suppression_rule.clone()),
            (name("statistics-rounding"), self.rounding.clone()),
            (name("statistics-revisions"), self.revision_rule.clone()),
        ]
    }
}

impl SuppressionRule {
    /// The rule as a sentence, for the metadata.
    pub fn sentence(&self) -> String {
        Message::new("statistics-meta-rule")
            .with("companies", self.min_companies)
            .with("percent", usize::from(self.p_percent))
            .text(LANGUAGE)
    }

    /// When a month is revised, as a sentence.
    pub fn revision_sentence(&self) -> String {
        Message::new("statistics-meta-revisions").with("companies", self.min_companies).text(LANGUAGE)
    }
}

/// The exclusions of a release, small numbers in classes.
pub fn excluded_records(excluded: &BTreeMap<ExclusionReason, u32>) -> Vec<ExcludedRecords> {
    let exclusion = |(reason, records): (&ExclusionReason, &u32)| ExcludedRecords {
        reason: *reason,
        sentence: reason.sentence().to_owned(),
        records: CountClass::of(usize::try_from(*records).unwrap_or(usize::MAX)),
    };
    excluded.iter().map(exclusion).collect()
}

/// The hash of a release: over the release before, its number and month, and every cell in the order of tables and keys; those of retail with
/// the form of the parties in front, so that a release without any has the hash that it always had.
pub fn release_hash(previous: &str, number: u32, covers: &str, cells: &[Cell], retail: &[(Family, Cell)]) -> String {
    let mut digest = Sha256::new();
    digest.update(format!("{previous}\n{number}\n{covers}\n"));
    let mut lines: Vec<String> = cells.iter().map(|cell| csv_row(cell).join(",")).collect();
    lines.extend(retail.iter().map(|(family, cell)| format!("{},{}", family.parties(), csv_row(cell).join(","))));
    lines.sort_unstable();
    lines.iter().for_each(|line| digest.update(format!("{line}\n")));
    crate::hex::encode(&digest.finalize())
}

/// The columns of a table as CSV and in a spreadsheet.
pub(super) const COLUMNS: [&str; 13] = [
    "flow",
    "reporter",
    "partner",
    "hs",
    "period",
    "value",
    "currency",
    "net_kg",
    "records",
    "suppliers",
    "buyers",
    "hidden",
    "vintage",
];

/// Which of [`COLUMNS`] hold numbers: the value and the weight.
pub(super) const NUMBERS: [usize; 2] = [5, 7];

/// The rows of a table, and then its totals that are no rows already: a table of years consists of totals.
pub(super) fn each_once<'c, C, K: PartialEq>(
    rows: &'c [C],
    totals: &'c [C],
    key: impl Fn(&'c C) -> K,
) -> impl Iterator<Item = &'c C> {
    let further = totals.iter().filter(move |total| !rows.iter().any(|row| key(row) == key(total)));
    rows.iter().chain(further)
}

impl Table {
    /// The rows, and then the totals that are no rows already.
    pub fn cells(&self) -> impl Iterator<Item = &Cell> {
        each_once(&self.rows, &self.totals, |cell| &cell.key)
    }

    /// The rows and then the totals as CSV with a header; hidden figures are empty and `hidden` says why.
    ///
    /// # Errors
    /// `internal`, should the rows not be writable.
    pub fn to_csv(&self) -> Result<String, Problem> {
        let mut rows = vec![COLUMNS.iter().map(|name| (*name).to_owned()).collect()];
        rows.extend(self.cells().map(csv_row));
        write_csv(&rows)
    }
}

/// A cell in these columns; `all` where it is not narrowed down, empty where there is no figure.
pub(super) fn csv_row(cell: &Cell) -> Vec<String> {
    let all = |text: Option<String>| text.unwrap_or_else(|| "all".to_owned());
    let country = |country: Option<Country>| all(country.map(|country| country.to_string()));
    let figure = |read: fn(&Figures) -> String| cell.figures.as_ref().map(read).unwrap_or_default();
    vec![
        cell.key.flow.to_string(),
        country(cell.key.reporter),
        country(cell.key.partner),
        all(cell.key.hs.clone()),
        cell.key.period.to_string(),
        figure(|figures| figures.value.display(0)),
        TABLE_CURRENCY.to_string(),
        figure(|figures| figures.net_kg.display(0)),
        figure(|figures| figures.records.to_string()),
        figure(|figures| figures.suppliers.to_string()),
        figure(|figures| figures.buyers.to_string()),
        cell.hidden.map(|hidden| hidden.to_string()).unwrap_or_default(),
        cell.vintage.to_string(),
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
