//! The tables of retail: what they are made of, and how they read. They stand in the same releases as those of general trade and are decided by
//! the same machinery, apart from them. The consumer is nobody, so of the two sides of every sum only the seller's can show a company; and
//! retail is published by chapter, for the word of one side alone is not worth more.

use std::collections::BTreeMap;

use chrono::Datelike;
use serde::Serialize;
use utoipa::ToSchema;

use super::cube::Family;
use super::figures::CountClass;
use super::suppression::Hidden;
use super::table::{Cell, ExcludedRetail, Metadata, RetailSummary, each_once, write_csv};
use super::{Contribution, GroupBy, Key};
use crate::customs::rules::PartyForm;
use crate::error::Problem;
use crate::locale::{Language, text};
use crate::money::Sum;
use crate::partnerships::eligibility::{Circumstances, TABLE_CURRENCY};
use crate::reference::codes::Country;
use crate::retail::RetailRecord;
use crate::retail::fields::first_of;
use crate::retail::rules::{RetailExclusion, RetailFact, counted};

const LANGUAGE: Language = Language::English;

/// The retail records that count and the number of those that do not, gathered record by record.
#[derive(Clone, Debug, Default)]
pub struct RetailPartition {
    /// Those that count, oldest first.
    pub facts: Vec<RetailFact>,
    /// How many do not, by the first reason.
    pub excluded: BTreeMap<RetailExclusion, u32>,
}

impl RetailPartition {
    /// Puts the next record on its side.
    pub fn add(&mut self, record: &RetailRecord, circumstances: Circumstances<'_>) {
        match counted(record, circumstances) {
            Ok(fact) => self.facts.push(fact),
            Err(reason) => *self.excluded.entry(reason).or_default() += 1,
        }
    }

    /// The records of a family, as a release takes them in.
    pub fn of(&self, family: Family, release: u32) -> Vec<Contribution> {
        let of_family = self.facts.iter().filter(|fact| Family::of(fact.party_form) == family);
        of_family.filter_map(|fact| contribution(fact, release)).collect()
    }

    /// How many are excluded, by reason; small numbers in classes.
    pub fn not_counted(&self) -> Vec<ExcludedRetail> {
        let exclusion = |(reason, records): (&RetailExclusion, &u32)| ExcludedRetail {
            reason: *reason,
            sentence: reason.sentence().to_owned(),
            records: CountClass::of(usize::try_from(*records).unwrap_or(usize::MAX)),
        };
        self.excluded.iter().map(exclusion).collect()
    }
}

fn contribution(fact: &RetailFact, release: u32) -> Option<Contribution> {
    let month = first_of(&fact.month)?;
    Some(Contribution {
        record: fact.record.0,
        flow: fact.direction,
        reporter: fact.reporter,
        partner: fact.consumer,
        heading: fact.chapter.clone(),
        year: month.year(),
        month: month.month(),
        value: fact.value,
        net_kg: fact.net_kg,
        supplier: fact.seller,
        // On both sides: the rule then asks the same of both, and what is safe for the sellers is safe.
        buyer: fact.seller,
        entered: release,
        left: None,
    })
}

/// The figures of a cell of retail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RetailFigures {
    /// What the consumers paid, in the currency of the table; rounded to three digits, in thousands at least.
    pub value: Sum,
    /// Net weight in kilograms, rounded alike.
    pub net_kg: Sum,
    /// How many records.
    pub records: CountClass,
    /// How many selling companies.
    pub sellers: CountClass,
}

/// A cell of retail in a release. Where it is hidden all figures are absent, the number of companies included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RetailCell {
    /// B2C or C2C.
    pub party_form: PartyForm,
    /// What it is about; the partner is the country of the consumers.
    pub key: Key,
    /// Why it is hidden; absent where it is not.
    pub hidden: Option<Hidden>,
    /// The figures.
    pub figures: Option<RetailFigures>,
    /// The release that drew the figures: an earlier one where too few companies changed since for a revision.
    pub vintage: u32,
}

impl RetailCell {
    /// The cell of a table of the family.
    pub fn new(family: Family, cell: Cell) -> Self {
        let figures = cell.figures.map(|figures| RetailFigures {
            value: figures.value,
            net_kg: figures.net_kg,
            records: figures.records,
            sellers: figures.suppliers,
        });
        Self { party_form: family.parties(), key: cell.key, hidden: cell.hidden, figures, vintage: cell.vintage }
    }
}

/// A table of retail e-commerce, recorded by its sellers; not general trade.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RetailTable {
    /// The release that it is of; null before the first.
    pub release: Option<u32>,
    /// Its release's hash.
    pub hash: Option<String>,
    /// The month that is closed next and not published yet.
    pub in_preparation: String,
    /// How to read it.
    pub metadata: Metadata,
    /// What the rows are grouped by; flow and form of the parties always are.
    pub group: Vec<GroupBy>,
    /// The cells, B2C first, in the order of their keys.
    pub rows: Vec<RetailCell>,
    /// The totals of the years, one for each form of parties and flow (and reporter, where grouped by it).
    pub totals: Vec<RetailCell>,
    /// How many records the tables are made of, by form of the parties.
    pub counted: Vec<RetailSummary>,
    /// How many are excluded, by reason.
    pub not_counted: Vec<ExcludedRetail>,
}

impl Metadata {
    /// The metadata of the retail tables of the same release.
    #[must_use]
    pub fn of_retail(self) -> Self {
        Self {
            title: text(LANGUAGE, "statistics-retail-title").into(),
            customs_regime: text(LANGUAGE, "statistics-retail-meta-regime").into(),
            valuation: text(LANGUAGE, "statistics-retail-meta-valuation").into(),
            partner_basis: text(LANGUAGE, "statistics-retail-meta-partner").into(),
            time_of_recording: text(LANGUAGE, "statistics-retail-meta-recording").into(),
            coverage: text(LANGUAGE, "statistics-retail-meta-coverage").into(),
            ..self
        }
    }
}

impl RetailTable {
    /// The rows and then the totals that are no rows already as CSV with a header; hidden figures are empty and `hidden` says why.
    ///
    /// # Errors
    /// `internal`, should the rows not be writable.
    pub fn to_csv(&self) -> Result<String, Problem> {
        const HEADER: [&str; 13] = [
            "party_form",
            "flow",
            "reporter",
            "consumer_country",
            "hs",
            "period",
            "value",
            "currency",
            "net_kg",
            "records",
            "sellers",
            "hidden",
            "vintage",
        ];
        let mut rows = vec![HEADER.iter().map(|name| (*name).to_owned()).collect()];
        rows.extend(each_once(&self.rows, &self.totals, |cell| (cell.party_form, &cell.key)).map(csv_row));
        write_csv(&rows)
    }
}

fn csv_row(cell: &RetailCell) -> Vec<String> {
    let all = |text: Option<String>| text.unwrap_or_else(|| "all".to_owned());
    let country = |country: Option<Country>| all(country.map(|country| country.to_string()));
    let figure = |read: fn(&RetailFigures) -> String| cell.figures.as_ref().map(read).unwrap_or_default();
    vec![
        cell.party_form.to_string(),
        cell.key.flow.to_string(),
        country(cell.key.reporter),
        country(cell.key.partner),
        all(cell.key.hs.clone()),
        cell.key.period.to_string(),
        figure(|figures| figures.value.display(0)),
        TABLE_CURRENCY.to_string(),
        figure(|figures| figures.net_kg.display(0)),
        figure(|figures| figures.records.to_string()),
        figure(|figures| figures.sellers.to_string()),
        cell.hidden.map(|hidden| hidden.to_string()).unwrap_or_default(),
        cell.vintage.to_string(),
    ]
}
