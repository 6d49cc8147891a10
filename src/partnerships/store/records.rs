//! Rows of `trade_records`.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{CHUNK, add_to_totals, take_from_totals};
use crate::actor::Scope;
use crate::clock::Time;
use crate::error::{Problem, Result};
use crate::ids::{CompanyId, PartnershipId, RecordId};
use crate::ordered_rows;
use crate::partnerships::{EvidenceGrade, Partnership, Record, RecordFields, RecordState};
use crate::store::cursor::{ListPage, Paging, RowKey};
use crate::store::schema::trade_records;
use crate::store::{Conn, Tx, from_json, from_text, in_chunks, to_json};

#[derive(Queryable, Selectable)]
#[diesel(table_name = trade_records)]
struct RecordRow {
    id: i64,
    partnership_id: i64,
    supplier_id: i64,
    buyer_id: i64,
    declared_by: i64,
    state: String,
    grade: String,
    supersedes: Option<i64>,
    disputed_reason: Option<String>,
    content: String,
    version: i64,
    created_at: NaiveDateTime,
    updated_at: NaiveDateTime,
}

impl TryFrom<RecordRow> for Record {
    type Error = Problem;
    fn try_from(row: RecordRow) -> Result<Self> {
        let fields: RecordFields = from_json(&row.content)?;
        Ok(Self {
            id: RecordId(row.id),
            partnership: PartnershipId(row.partnership_id),
            supplier: CompanyId(row.supplier_id),
            buyer: CompanyId(row.buyer_id),
            declared_by: CompanyId(row.declared_by),
            state: from_text(&row.state)?,
            grade: from_text(&row.grade)?,
            disputed_reason: row.disputed_reason,
            fields: RecordFields { supersedes: row.supersedes.map(RecordId), ..fields },
            version: row.version,
            created_at: row.created_at.and_utc(),
            updated_at: row.updated_at.and_utc(),
        })
    }
}

/// A new record, declared by one side at `at`.
pub(in crate::partnerships) fn insert_record(
    tx: &mut Tx,
    partnership: &Partnership,
    declared_by: CompanyId,
    fields: &RecordFields,
    at: Time,
) -> Result<Record> {
    let record = Record {
        id: tx.make_id(),
        partnership: partnership.id,
        supplier: partnership.supplier,
        buyer: partnership.buyer,
        declared_by,
        state: RecordState::Declared,
        grade: EvidenceGrade::SelfDeclared,
        disputed_reason: None,
        fields: fields.clone(),
        version: 1,
        created_at: at,
        updated_at: at,
    };
    let row = (
        trade_records::id.eq(record.id.0),
        trade_records::partnership_id.eq(record.partnership.0),
        trade_records::supplier_id.eq(record.supplier.0),
        trade_records::buyer_id.eq(record.buyer.0),
        trade_records::declared_by.eq(declared_by.0),
        trade_records::state.eq(record.state.as_str()),
        trade_records::grade.eq(record.grade.as_str()),
        trade_records::supersedes.eq(fields.supersedes.map(|id| id.0)),
        trade_records::content.eq(to_json(fields)?),
        trade_records::version.eq(1_i64),
        trade_records::created_at.eq(at.naive_utc()),
        trade_records::updated_at.eq(at.naive_utc()),
    );
    diesel::insert_into(trade_records::table).values(row).execute(tx.conn())?;
    Ok(record)
}

/// Writes the state, grade and dispute of a record and the next version, and keeps the totals of its partnership.
pub(in crate::partnerships) fn update_record(tx: &mut Tx, before: &Record, after: &Record, at: Time) -> Result<()> {
    diesel::update(trade_records::table.find(after.id.0))
        .set((
            trade_records::state.eq(after.state.as_str()),
            trade_records::grade.eq(after.grade.as_str()),
            trade_records::disputed_reason.eq(&after.disputed_reason),
            trade_records::version.eq(before.version + 1),
            trade_records::updated_at.eq(at.naive_utc()),
        ))
        .execute(tx.conn())?;
    // Here and not in the use cases: no change of a state can then forget the totals.
    match (before.state == RecordState::Confirmed, after.state == RecordState::Confirmed) {
        (false, true) => add_to_totals(tx, after),
        (true, false) => take_from_totals(tx, before),
        _ => Ok(()),
    }
}

/// One record of the company's partnerships; `None` also for one between others.
pub fn find_record(conn: &mut Conn, scope: Scope, id: RecordId) -> Result<Option<Record>> {
    let company = scope.company().0;
    let row: Option<RecordRow> = trade_records::table
        .find(id.0)
        .filter(trade_records::supplier_id.eq(company).or(trade_records::buyer_id.eq(company)))
        .select(RecordRow::as_select())
        .first(conn)
        .optional()?;
    row.map(Record::try_from).transpose()
}

/// The records of a partnership, newest first.
pub fn list_records<K: RowKey>(
    conn: &mut Conn,
    id: PartnershipId,
    since: Option<Time>,
    paging: &Paging<K>,
) -> Result<ListPage<Record, K>> {
    let mut query =
        trade_records::table.filter(trade_records::partnership_id.eq(id.0)).select(RecordRow::as_select()).into_boxed();
    if let Some(since) = since {
        query = query.filter(trade_records::updated_at.ge(since.naive_utc()));
    }
    let rows: Vec<RecordRow> = ordered_rows!(query, trade_records::updated_at, trade_records::id, paging, conn)?;
    let found = rows.into_iter().map(Record::try_from).collect::<Result<Vec<_>>>()?;
    Ok(paging.page(found, |record| K::of(record.updated_at.naive_utc(), record.id.0)))
}

/// How many records of a partnership are in the state.
pub(in crate::partnerships) fn count_in_state(conn: &mut Conn, id: PartnershipId, state: RecordState) -> Result<usize> {
    let count: i64 = trade_records::table
        .filter(trade_records::partnership_id.eq(id.0))
        .filter(trade_records::state.eq(state.as_str()))
        .count()
        .get_result(conn)?;
    Ok(usize::try_from(count).unwrap_or(0))
}

/// The oldest record of a partnership that says exactly this.
pub(in crate::partnerships) fn find_equal(
    conn: &mut Conn,
    id: PartnershipId,
    fields: &RecordFields,
) -> Result<Option<RecordId>> {
    let mut after = RecordId(0);
    loop {
        let records = load_records_of_after(conn, id, after)?;
        let Some(last) = records.last() else { return Ok(None) };
        after = last.id;
        // Compared as values, not as stored texts: an older program wrote fewer fields.
        if let Some(same) = records.iter().find(|record| record.fields == *fields) {
            return Ok(Some(same.id));
        }
    }
}

/// The next records of a partnership after an id, oldest first.
pub(in crate::partnerships) fn load_records_of_after(
    conn: &mut Conn,
    id: PartnershipId,
    after: RecordId,
) -> Result<Vec<Record>> {
    let rows: Vec<RecordRow> = trade_records::table
        .filter(trade_records::partnership_id.eq(id.0))
        .filter(trade_records::id.gt(after.0))
        .order(trade_records::id)
        .limit(CHUNK)
        .select(RecordRow::as_select())
        .load(conn)?;
    rows.into_iter().map(Record::try_from).collect()
}

/// The next records of all partnerships after an id, oldest first: for what is made of every record there is.
pub fn load_records_after(conn: &mut Conn, after: RecordId) -> Result<Vec<Record>> {
    let rows: Vec<RecordRow> = trade_records::table
        .filter(trade_records::id.gt(after.0))
        .order(trade_records::id)
        .limit(CHUNK)
        .select(RecordRow::as_select())
        .load(conn)?;
    rows.into_iter().map(Record::try_from).collect()
}

/// The records of these ids, oldest first.
pub(in crate::partnerships) fn load_records(conn: &mut Conn, ids: &[i64]) -> Result<Vec<Record>> {
    let mut rows: Vec<RecordRow> = in_chunks(ids, |part| {
        trade_records::table.filter(trade_records::id.eq_any(part)).select(RecordRow::as_select()).load(conn)
    })?;
    rows.sort_unstable_by_key(|row| row.id);
    rows.into_iter().map(Record::try_from).collect()
}

/// The declared records that wait for the company to confirm or dispute them, newest first.
pub fn list_waiting_records(conn: &mut Conn, scope: Scope, most: i64) -> Result<Vec<Record>> {
    let company = scope.company().0;
    let rows: Vec<RecordRow> = trade_records::table
        .filter(trade_records::supplier_id.eq(company).or(trade_records::buyer_id.eq(company)))
        .filter(trade_records::declared_by.ne(company))
        .filter(trade_records::state.eq(RecordState::Declared.as_str()))
        .order(trade_records::id.desc())
        .limit(most)
        .select(RecordRow::as_select())
        .load(conn)?;
    let records = rows.into_iter().map(Record::try_from).collect::<Result<Vec<_>>>()?;
    Ok(records.into_iter().filter(|record| record.waits_for(scope.company())).collect())
}

/// The corrections of these records, in whatever state.
pub(in crate::partnerships) fn list_corrections(conn: &mut Conn, of: &[i64]) -> Result<Vec<Record>> {
    let rows: Vec<RecordRow> = in_chunks(of, |part| {
        trade_records::table.filter(trade_records::supersedes.eq_any(part)).select(RecordRow::as_select()).load(conn)
    })?;
    rows.into_iter().map(Record::try_from).collect()
}

/// The records of one grade that both sides confirmed, the longest confirmed first; for moderators.
pub(in crate::partnerships) fn list_of_grade(conn: &mut Conn, grade: EvidenceGrade, most: i64) -> Result<Vec<Record>> {
    let rows: Vec<RecordRow> = trade_records::table
        .filter(trade_records::grade.eq(grade.as_str()))
        .filter(trade_records::state.eq(RecordState::Confirmed.as_str()))
        .order(trade_records::id)
        .limit(most)
        .select(RecordRow::as_select())
        .load(conn)?;
    rows.into_iter().map(Record::try_from).collect()
}

/// How many such records there are.
pub(in crate::partnerships) fn count_of_grade(conn: &mut Conn, grade: EvidenceGrade) -> Result<usize> {
    let count: i64 = trade_records::table
        .filter(trade_records::grade.eq(grade.as_str()))
        .filter(trade_records::state.eq(RecordState::Confirmed.as_str()))
        .count()
        .get_result(conn)?;
    Ok(usize::try_from(count).unwrap_or(0))
}

/// One record whosever it is: for following corrections inside a partnership, and for moderators.
pub(in crate::partnerships) fn find_any_record(conn: &mut Conn, id: RecordId) -> Result<Option<Record>> {
    let row: Option<RecordRow> =
        trade_records::table.find(id.0).select(RecordRow::as_select()).first(conn).optional()?;
    row.map(Record::try_from).transpose()
}
