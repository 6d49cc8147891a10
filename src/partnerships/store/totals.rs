//! Rows of `partnership_totals`: what both sides confirmed in each year, currency and direction, kept up with every change of a record's
//! state, so that a page reads a few rows whatever a partnership's history holds.

use diesel::prelude::*;

use crate::actor::Scope;
use crate::customs::Direction;
use crate::error::{FieldCode, Problem, Result};
use crate::ids::PartnershipId;
use crate::locale::{Language, text};
use crate::money::{Micros, MoneySum, Sum};
use crate::partnerships::{Record, YearTotal};
use crate::store::schema::{partnership_totals, partnerships};
use crate::store::{Conn, Tx, from_text, in_chunks, or_duplicate};

const MICROS_PER_UNIT: i128 = 1_000_000;

/// A sum is wider than a column of integers: it is stored in two, whole units and millionths.
#[derive(Queryable, Selectable)]
#[diesel(table_name = partnership_totals)]
struct TotalRow {
    year: i32,
    currency: String,
    direction: String,
    records: i64,
    value_units: i64,
    value_micros: i64,
    net_kg_units: i64,
    net_kg_micros: i64,
}

impl TryFrom<TotalRow> for YearTotal {
    type Error = Problem;
    fn try_from(row: TotalRow) -> Result<Self> {
        Ok(Self {
            year: row.year,
            direction: from_text(&row.direction)?,
            records: u32::try_from(row.records).map_err(Problem::internal)?,
            value: MoneySum { amount: joined(row.value_units, row.value_micros), currency: from_text(&row.currency)? },
            net_kg: joined(row.net_kg_units, row.net_kg_micros),
        })
    }
}

fn joined(units: i64, micros: i64) -> Sum {
    Sum(i128::from(units) * MICROS_PER_UNIT + i128::from(micros))
}

/// Whole units and millionths; a sum beyond what is stored is refused by the name of the field that would make it so.
fn parts(sum: Sum, field: &str) -> Result<(i64, i64)> {
    // Euclidean: of a negative sum the rest stays positive, as the columns expect.
    let units = i64::try_from(sum.0.div_euclid(MICROS_PER_UNIT));
    let micros = i64::try_from(sum.0.rem_euclid(MICROS_PER_UNIT));
    let too_large =
        || Problem::invalid_field(field, FieldCode::Range, text(Language::English, "partnerships-total-too-large"));
    Ok((units.map_err(|_| too_large())?, micros.map_err(|_| too_large())?))
}

/// The totals of a partnership, the latest year first.
pub(in crate::partnerships) fn list_totals(conn: &mut Conn, id: PartnershipId) -> Result<Vec<YearTotal>> {
    let rows: Vec<TotalRow> = partnership_totals::table
        .filter(partnership_totals::partnership_id.eq(id.0))
        .select(TotalRow::as_select())
        .load(conn)?;
    let mut totals = rows.into_iter().map(YearTotal::try_from).collect::<Result<Vec<_>>>()?;
    totals.sort_by_key(|total| std::cmp::Reverse((total.year, total.value.currency.code(), total.direction)));
    Ok(totals)
}

/// Whether any two companies have confirmed a record to each other.
pub fn is_anything_confirmed(conn: &mut Conn) -> Result<bool> {
    let first: Option<i64> =
        partnership_totals::table.select(partnership_totals::partnership_id).first(conn).optional()?;
    Ok(first.is_some())
}

/// What the company confirmed in all its partnerships, the latest year first.
pub(in crate::partnerships) fn list_company_totals(conn: &mut Conn, scope: Scope) -> Result<Vec<YearTotal>> {
    let company = scope.company().0;
    let own: Vec<i64> = partnerships::table
        .filter(partnerships::supplier_id.eq(company).or(partnerships::buyer_id.eq(company)))
        .select(partnerships::id)
        .load(conn)?;
    let rows: Vec<TotalRow> = in_chunks(&own, |part| {
        partnership_totals::table
            .filter(partnership_totals::partnership_id.eq_any(part))
            .select(TotalRow::as_select())
            .load(conn)
    })?;
    let mut totals: Vec<YearTotal> = Vec::new();
    for total in rows.into_iter().map(YearTotal::try_from) {
        let total = total?;
        let of = |other: &YearTotal| (other.year, other.direction, other.value.currency);
        match totals.iter_mut().find(|other| of(other) == of(&total)) {
            None => totals.push(total),
            Some(sum) => {
                sum.records += total.records;
                sum.value.amount = Sum(sum.value.amount.0 + total.value.amount.0);
                sum.net_kg = Sum(sum.net_kg.0 + total.net_kg.0);
            }
        }
    }
    totals.sort_by_key(|total| std::cmp::Reverse((total.year, total.value.currency.code(), total.direction)));
    Ok(totals)
}

/// Adds a record that was confirmed to the totals of its partnership.
pub(in crate::partnerships) fn add_to_totals(tx: &mut Tx, record: &Record) -> Result<()> {
    change_totals(tx, record, 1)
}

/// Takes a record out that is in force no longer.
pub(in crate::partnerships) fn take_from_totals(tx: &mut Tx, record: &Record) -> Result<()> {
    change_totals(tx, record, -1)
}

fn change_totals(tx: &mut Tx, record: &Record, sign: i8) -> Result<()> {
    let fields = &record.fields;
    let (year, currency) = (record.total_year(), fields.value.currency.code());
    let key = (record.partnership.0, year, currency, fields.direction.as_str());
    let found: Option<TotalRow> =
        partnership_totals::table.find(key).select(TotalRow::as_select()).first(tx.conn()).optional()?;
    let is_new = found.is_none();
    let before = found.unwrap_or_else(|| empty(year, currency, fields.direction));
    let changed = |sum: Sum, part: Micros| Sum(sum.0 + i128::from(sign) * i128::from(part.0));
    let value = changed(joined(before.value_units, before.value_micros), fields.value.amount);
    let net_kg = changed(joined(before.net_kg_units, before.net_kg_micros), fields.net_kg);
    let records = before.records + i64::from(sign);
    // No row instead of a row of noughts: a year without records is not shown.
    if records == 0 {
        diesel::delete(partnership_totals::table.find(key)).execute(tx.conn())?;
        return Ok(());
    }
    let ((value_units, value_micros), (kg_units, kg_micros)) =
        (parts(value, "/value/amount")?, parts(net_kg, "/net_kg")?);
    if is_new {
        let row = (
            partnership_totals::partnership_id.eq(record.partnership.0),
            partnership_totals::year.eq(year),
            partnership_totals::currency.eq(currency),
            partnership_totals::direction.eq(fields.direction.as_str()),
            partnership_totals::records.eq(records),
            partnership_totals::value_units.eq(value_units),
            partnership_totals::value_micros.eq(value_micros),
            partnership_totals::net_kg_units.eq(kg_units),
            partnership_totals::net_kg_micros.eq(kg_micros),
        );
        // Another confirmation made the row in the meantime: run again, and find it.
        let inserted = diesel::insert_into(partnership_totals::table).values(row).execute(tx.conn());
        return or_duplicate(inserted, Problem::transient).map(drop);
    }
    diesel::update(partnership_totals::table.find(key))
        .set((
            partnership_totals::records.eq(records),
            partnership_totals::value_units.eq(value_units),
            partnership_totals::value_micros.eq(value_micros),
            partnership_totals::net_kg_units.eq(kg_units),
            partnership_totals::net_kg_micros.eq(kg_micros),
        ))
        .execute(tx.conn())?;
    Ok(())
}

fn empty(year: i32, currency: &str, direction: Direction) -> TotalRow {
    TotalRow {
        year,
        currency: currency.to_owned(),
        direction: direction.to_string(),
        records: 0,
        value_units: 0,
        value_micros: 0,
        net_kg_units: 0,
        net_kg_micros: 0,
    }
}
