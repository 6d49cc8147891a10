//! What a record stands for: its group, whether it counts in the statistics of general trade, and the totals of a partnership.

use std::collections::BTreeMap;

use chrono::Datelike;
use serde::Serialize;
use utoipa::ToSchema;

use super::axes::{DealLocus, Direction, PartyForm};
use super::valuation::{TABLE_CURRENCY, in_table_currency};
use super::{CustomsReference, Record, RecordFields, RecordState};
use crate::customs::Evidence;
use crate::customs::regimes::default_regime;
use crate::customs::rules::{Axes, Bucket, bucket};
use crate::money::{Currency, Micros, Money};
use crate::rates::History;
use crate::reference::outcome::Outcome;

/// The edition of the HS that the tables are in.
const HS_EDITION: &str = "H6";

/// The one group of the statistics that the record falls in. The regime is that of its best reference, else that of a plain purchase.
pub fn group(record: &RecordFields, references: &[CustomsReference]) -> Bucket {
    match best(references) {
        Some(reference) => bucket(&reference.fields.axes_for(record), &reference.fields.regime_for(record)),
        None => {
            let axes = Axes {
                direction: record.direction,
                party_form: record.party_form,
                deal_locus: record.deal_locus,
                goods_route: record.goods_route,
                declarant_role: None,
            };
            bucket(&axes, &default_regime(record.reporter_country, record.direction))
        }
    }
}

/// The reference that proves most: a well-formed declaration, else the first of any kind.
pub fn best(references: &[CustomsReference]) -> Option<&CustomsReference> {
    let is_proof = |reference: &&CustomsReference| {
        reference.outcome.is_well_formed() && reference.evidence == Evidence::Declaration
    };
    references.iter().find(is_proof).or_else(|| references.first())
}

/// Whether the record counts in the statistics of general trade, with the exchange rates that are loaded.
///
/// # Errors
/// The first reason why not, a phrase for people.
pub fn counts(record: &Record, references: &[CustomsReference], rates: &History) -> Result<(), &'static str> {
    let fields = &record.fields;
    let refusals = [
        (record.state == RecordState::Superseded, "a correction has taken its place"),
        (record.state == RecordState::Disputed, "the other side disputes it"),
        (fields.party_form != PartyForm::B2b, "one side is a consumer"),
        (fields.deal_locus != DealLocus::Offline, "the deal was made through a platform"),
        (group(fields, references) != Bucket::GeneralTrade, "the customs regime is not general trade"),
        (record.state != RecordState::Confirmed, "not confirmed by both sides"),
    ];
    first_of(&refusals)?;
    reference_counts(best(references).ok_or("no customs reference")?)?;
    let value = in_table_currency(record.statistical_value(), fields.customs_date(), rates);
    let value = if fields.direction == Direction::Export { value.fob } else { value.cif };
    first_of(&[
        (fields.customs_date().is_none(), "neither a release nor a declaration date"),
        (fields.hs_edition != HS_EDITION, "the HS code is of another edition"),
    ])?;
    let value = value.ok_or("the FOB value of the export or the CIF value of the import cannot be derived")?;
    first_of(&[(value.currency != TABLE_CURRENCY, "no dated rate to the currency of the tables")])
}

fn first_of(refusals: &[(bool, &'static str)]) -> Result<(), &'static str> {
    refusals.iter().find(|(applies, _)| *applies).map_or(Ok(()), |(_, reason)| Err(reason))
}

fn reference_counts(reference: &CustomsReference) -> Result<(), &'static str> {
    match (reference.outcome, reference.evidence) {
        (Outcome::Invalid, _) => Err("the customs reference is not well-formed"),
        (Outcome::Suspicious, _) => Err("the customs reference is suspicious"),
        (_, Evidence::Declaration) => Ok(()),
        _ => Err("the customs reference is preliminary, of a transit or supporting only"),
    }
}

/// What both sides confirmed in one year, currency and direction; exports and imports are never added up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct YearTotal {
    /// The year of release or declaration, else of the invoice.
    pub year: i32,
    /// Exports or imports.
    pub direction: Direction,
    /// How many records.
    pub records: u32,
    /// The invoice values under their Incoterms.
    pub value: Money,
    /// Net weight in kilograms.
    pub net_kg: Micros,
}

/// The totals of the confirmed records, the latest year first.
pub fn totals<'a>(records: impl IntoIterator<Item = &'a Record>) -> Vec<YearTotal> {
    type Key = (i32, &'static str, Direction);
    let mut sums: BTreeMap<Key, (u32, i64, i64, Currency)> = BTreeMap::new();
    for record in records.into_iter().filter(|record| record.state == RecordState::Confirmed) {
        let fields = &record.fields;
        let year = fields.customs_date().unwrap_or(fields.invoice_date).year();
        let key = (year, fields.value.currency.code(), fields.direction);
        let sum = sums.entry(key).or_insert((0, 0, 0, fields.value.currency));
        sum.0 += 1;
        sum.1 = sum.1.saturating_add(fields.value.amount.0);
        sum.2 = sum.2.saturating_add(fields.net_kg.0);
    }
    let total = |((year, _, direction), (records, value, kg, currency)): (Key, (u32, i64, i64, Currency))| YearTotal {
        year,
        direction,
        records,
        value: Money::new(Micros(value), currency),
        net_kg: Micros(kg),
    };
    sums.into_iter().rev().map(total).collect()
}
