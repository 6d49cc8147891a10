//! Rows of `customs_references`.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::clock::Time;
use crate::customs::{CheckResult, Scheme};
use crate::error::{Problem, Result};
use crate::ids::{CompanyId, CustomsReferenceId, RecordId};
use crate::partnerships::eligibility::DeclarationLine;
use crate::partnerships::references::{FIRST_ITEM, ReferenceContent};
use crate::partnerships::{CustomsReference, RecordState, ReferenceFields};
use crate::reference::outcome::Outcome;
use crate::store::schema::{customs_references, trade_records};
use crate::store::{Conn, Tx, from_json, from_text, in_chunks, or_duplicate, to_json};

#[derive(Queryable, Selectable)]
#[diesel(table_name = customs_references)]
struct ReferenceRow {
    id: i64,
    record_id: i64,
    declared_by: i64,
    number: String,
    item: i32,
    outcome: String,
    reason: Option<String>,
    duplicate_of: Option<i64>,
    content: String,
    created_at: NaiveDateTime,
}

impl TryFrom<ReferenceRow> for CustomsReference {
    type Error = Problem;
    fn try_from(row: ReferenceRow) -> Result<Self> {
        let content: ReferenceContent = from_json(&row.content)?;
        Ok(Self {
            id: CustomsReferenceId(row.id),
            record: RecordId(row.record_id),
            declared_by: CompanyId(row.declared_by),
            fields: content.fields,
            canonical: row.number,
            display: content.display,
            item: u16::try_from(row.item).unwrap_or(FIRST_ITEM),
            evidence: content.evidence,
            outcome: from_text(&row.outcome)?,
            reason: row.reason,
            duplicate_of: row.duplicate_of.map(CustomsReferenceId),
            created_at: row.created_at.and_utc(),
        })
    }
}

/// A checked reference that is to be stored.
pub(in crate::partnerships) struct NewReference<'a> {
    pub record: RecordId,
    pub declared_by: CompanyId,
    pub fields: &'a ReferenceFields,
    pub result: &'a CheckResult,
    pub item: u16,
    pub duplicate_of: Option<CustomsReferenceId>,
    pub at: Time,
}

pub(in crate::partnerships) fn insert_reference(tx: &mut Tx, new: &NewReference) -> Result<CustomsReferenceId> {
    let id: CustomsReferenceId = tx.make_id();
    let content = ReferenceContent {
        fields: new.fields.clone(),
        display: new.result.display.clone(),
        evidence: new.result.evidence,
    };
    let row = (
        customs_references::id.eq(id.0),
        customs_references::record_id.eq(new.record.0),
        customs_references::declared_by.eq(new.declared_by.0),
        customs_references::scheme.eq(new.fields.scheme.as_str()),
        customs_references::number.eq(&new.result.canonical),
        customs_references::item.eq(i32::from(new.item)),
        customs_references::outcome.eq(new.result.outcome.as_str()),
        customs_references::reason.eq(&new.result.reason),
        customs_references::duplicate_of.eq(new.duplicate_of.map(|id| id.0)),
        customs_references::content.eq(to_json(&content)?),
        customs_references::created_at.eq(new.at.naive_utc()),
    );
    // Somebody else stored the same line in the meantime: run again, and find it.
    or_duplicate(diesel::insert_into(customs_references::table).values(row).execute(tx.conn()), Problem::transient)?;
    Ok(id)
}

/// The references of these records, oldest first.
pub(in crate::partnerships) fn list_references(conn: &mut Conn, records: &[i64]) -> Result<Vec<CustomsReference>> {
    let mut rows: Vec<ReferenceRow> = in_chunks(records, |part| {
        customs_references::table
            .filter(customs_references::record_id.eq_any(part))
            .select(ReferenceRow::as_select())
            .load(conn)
    })?;
    // By id, which is by age: the parts came each in an order of its own.
    rows.sort_unstable_by_key(|row| row.id);
    rows.into_iter().map(CustomsReference::try_from).collect()
}

/// The same, by record; a record without any is not there.
pub fn references_by_record(conn: &mut Conn, records: &[i64]) -> Result<HashMap<RecordId, Vec<CustomsReference>>> {
    let mut by_record: HashMap<RecordId, Vec<CustomsReference>> = HashMap::new();
    for reference in list_references(conn, records)? {
        by_record.entry(reference.record).or_default().push(reference);
    }
    Ok(by_record)
}

/// The records that carry one of these lines.
pub(in crate::partnerships) fn list_records_on(conn: &mut Conn, lines: &[DeclarationLine]) -> Result<Vec<i64>> {
    type Row = (i64, String, String, i32);
    let numbers: Vec<&str> = lines.iter().map(|line| line.number.as_str()).collect();
    let columns = (
        customs_references::record_id,
        customs_references::scheme,
        customs_references::number,
        customs_references::item,
    );
    let rows: Vec<Row> = in_chunks(&numbers, |part| {
        customs_references::table.filter(customs_references::number.eq_any(part)).select(columns).load(conn)
    })?;
    // Portable SQL has no list of triples; few numbers stand in two schemes or on several items.
    let carries = |(_, scheme, number, item): &Row| {
        let is_it = |line: &&DeclarationLine| {
            is_of_system(scheme, line.system) && line.number == *number && i32::from(line.item) == *item
        };
        lines.iter().any(|line| is_it(&line))
    };
    let mut records: Vec<i64> = rows.into_iter().filter(carries).map(|(record, ..)| record).collect();
    records.sort_unstable();
    records.dedup();
    Ok(records)
}

/// Those of the lines that a record carries which both of its sides confirmed.
pub fn list_confirmed_lines(conn: &mut Conn, lines: &[DeclarationLine]) -> Result<HashSet<DeclarationLine>> {
    type Row = (String, String, i32);
    let numbers: Vec<&str> = lines.iter().map(|line| line.number.as_str()).collect();
    let rows: Vec<Row> = in_chunks(&numbers, |part| {
        customs_references::table
            .inner_join(trade_records::table)
            .filter(customs_references::number.eq_any(part))
            .filter(trade_records::state.eq(RecordState::Confirmed.as_str()))
            .select((customs_references::scheme, customs_references::number, customs_references::item))
            .load(conn)
    })?;
    let is_carried = |line: &&DeclarationLine| {
        rows.iter().any(|(scheme, number, item)| {
            is_of_system(scheme, line.system) && *number == line.number && *item == i32::from(line.item)
        })
    };
    Ok(lines.iter().filter(is_carried).cloned().collect())
}

/// A reference that carries the same line of the same declaration, and the record that has it.
pub(in crate::partnerships) struct SameLine {
    pub reference: CustomsReferenceId,
    pub is_first: bool,
    pub record: RecordId,
    pub supplier: CompanyId,
    pub buyer: CompanyId,
    pub is_superseded: bool,
    pub is_confirmed: bool,
}

fn is_of_system(scheme: &str, system: Scheme) -> bool {
    Scheme::parse(scheme).is_some_and(|scheme| scheme.system() == system)
}

pub(in crate::partnerships) fn list_same_line(conn: &mut Conn, line: &DeclarationLine) -> Result<Vec<SameLine>> {
    type Row = (i64, Option<i64>, i64, i64, i64, String, String);
    let rows: Vec<Row> = customs_references::table
        .inner_join(trade_records::table)
        .filter(customs_references::number.eq(&line.number))
        .filter(customs_references::item.eq(i32::from(line.item)))
        .order(customs_references::id)
        .select((
            customs_references::id,
            customs_references::duplicate_of,
            trade_records::id,
            trade_records::supplier_id,
            trade_records::buyer_id,
            trade_records::state,
            customs_references::scheme,
        ))
        .load(conn)?;
    let same = |(reference, duplicate_of, record, supplier, buyer, state, _): Row| {
        let state: RecordState = from_text(&state)?;
        Ok(SameLine {
            reference: CustomsReferenceId(reference),
            is_first: duplicate_of.is_none(),
            record: RecordId(record),
            supplier: CompanyId(supplier),
            buyer: CompanyId(buyer),
            is_superseded: state == RecordState::Superseded,
            is_confirmed: state == RecordState::Confirmed,
        })
    };
    rows.into_iter().filter(|row| is_of_system(&row.6, line.system)).map(same).collect()
}

/// Writes what a reference's check came to, seen anew.
pub(in crate::partnerships) fn set_outcome(
    tx: &mut Tx,
    id: CustomsReferenceId,
    outcome: Outcome,
    reason: &str,
) -> Result<()> {
    diesel::update(customs_references::table.find(id.0))
        .set((customs_references::outcome.eq(outcome.as_str()), customs_references::reason.eq(reason)))
        .execute(tx.conn())?;
    Ok(())
}
