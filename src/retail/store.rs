//! Rows of `retail_records`.

use std::collections::HashSet;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::fields::RetailFields;
use super::{ReferenceCheck, RetailFilter, RetailRecord, RetailState};
use crate::actor::Scope;
use crate::error::{Problem, Result};
use crate::ids::{CompanyId, RetailRecordId};
use crate::page_rows;
use crate::store::cursor::{ListPage, Paging};
use crate::store::schema::{retail_records, statistics_retail_facts};
use crate::store::{Conn, Tx, from_json, from_text, in_chunks, or_duplicate, to_json};

/// Rows that are read at once of what has no bound.
const CHUNK: i64 = 1_000;

#[derive(Queryable, Selectable)]
#[diesel(table_name = retail_records)]
struct RetailRow {
    id: i64,
    company_id: i64,
    state: String,
    supersedes: Option<i64>,
    content: String,
    version: i64,
    created_at: NaiveDateTime,
    updated_at: NaiveDateTime,
}

/// The document of a stored record.
#[derive(Serialize, Deserialize)]
struct Content {
    fields: RetailFields,
    check: Option<ReferenceCheck>,
}

impl TryFrom<RetailRow> for RetailRecord {
    type Error = Problem;
    fn try_from(row: RetailRow) -> Result<Self> {
        let Content { fields, check } = from_json(&row.content)?;
        Ok(Self {
            id: RetailRecordId(row.id),
            seller: CompanyId(row.company_id),
            state: from_text(&row.state)?,
            fields: RetailFields { supersedes: row.supersedes.map(RetailRecordId), ..fields },
            check,
            version: row.version,
            created_at: row.created_at.and_utc(),
            updated_at: row.updated_at.and_utc(),
        })
    }
}

fn all(rows: Vec<RetailRow>) -> Result<Vec<RetailRecord>> {
    rows.into_iter().map(RetailRecord::try_from).collect()
}

/// A new record of a company, in force.
pub(super) fn insert(
    tx: &mut Tx,
    seller: CompanyId,
    fields: &RetailFields,
    check: Option<&ReferenceCheck>,
) -> Result<RetailRecord> {
    let at = tx.now();
    let record = RetailRecord {
        id: tx.make_id(),
        seller,
        state: RetailState::Recorded,
        fields: fields.clone(),
        check: check.cloned(),
        version: 1,
        created_at: at,
        updated_at: at,
    };
    let system = fields.customs_reference.as_ref().map(|reference| reference.scheme.system().as_str());
    let content = Content { fields: fields.clone(), check: record.check.clone() };
    let row = (
        retail_records::id.eq(record.id.0),
        retail_records::company_id.eq(seller.0),
        retail_records::state.eq(record.state.as_str()),
        retail_records::direction.eq(fields.direction.as_str()),
        retail_records::party_form.eq(fields.party_form.as_str()),
        retail_records::month.eq(fields.month()),
        retail_records::reference.eq(&fields.reference),
        retail_records::line_system.eq(system),
        retail_records::line_number.eq(check.map(|check| &check.canonical)),
        retail_records::line_item.eq(check.map(|check| i32::from(check.item))),
        retail_records::supersedes.eq(fields.supersedes.map(|id| id.0)),
        retail_records::content.eq(to_json(&content)?),
        retail_records::version.eq(1_i64),
        retail_records::created_at.eq(at.naive_utc()),
        retail_records::updated_at.eq(at.naive_utc()),
    );
    // Somebody else of the company stored the same reference or line in the meantime: run again, and find it.
    or_duplicate(diesel::insert_into(retail_records::table).values(row).execute(tx.conn()), Problem::transient)?;
    Ok(record)
}

/// Writes the state of a record and the next version.
pub(super) fn set_state(tx: &mut Tx, record: &RetailRecord, state: RetailState) -> Result<()> {
    let at = tx.now_db();
    diesel::update(retail_records::table.find(record.id.0))
        .set((
            retail_records::state.eq(state.as_str()),
            retail_records::version.eq(record.version + 1),
            retail_records::updated_at.eq(at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// One record of the company; `None` also for one of another.
pub(super) fn find(conn: &mut Conn, scope: Scope, id: RetailRecordId) -> Result<Option<RetailRecord>> {
    let row: Option<RetailRow> = retail_records::table
        .find(id.0)
        .filter(retail_records::company_id.eq(scope.company().0))
        .select(RetailRow::as_select())
        .first(conn)
        .optional()?;
    row.map(RetailRecord::try_from).transpose()
}

/// The records of these ids.
pub(super) fn load(conn: &mut Conn, ids: &[i64]) -> Result<Vec<RetailRecord>> {
    let rows: Vec<RetailRow> = in_chunks(ids, |part| {
        retail_records::table.filter(retail_records::id.eq_any(part)).select(RetailRow::as_select()).load(conn)
    })?;
    all(rows)
}

/// The company's records that the filter leaves, newest first.
pub(super) fn list(
    conn: &mut Conn,
    scope: Scope,
    filter: &RetailFilter,
    paging: &Paging,
) -> Result<ListPage<RetailRecord>> {
    let mut query = retail_records::table
        .filter(retail_records::company_id.eq(scope.company().0))
        .select(RetailRow::as_select())
        .into_boxed();
    if let Some(direction) = filter.direction {
        query = query.filter(retail_records::direction.eq(direction.as_str()));
    }
    if let Some(parties) = filter.party_form {
        query = query.filter(retail_records::party_form.eq(parties.as_str()));
    }
    if let Some(month) = &filter.month {
        query = query.filter(retail_records::month.eq(month.clone()));
    }
    if let Some(reference) = &filter.reference {
        query = query.filter(retail_records::reference.eq(reference.clone()));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(retail_records::updated_at.ge(since.naive_utc()));
    }
    let rows: Vec<RetailRow> = page_rows!(query, retail_records::id, paging, conn)?;
    Ok(paging.page(all(rows)?, |record| record.id.0))
}

/// The corrections of these records: each with what it corrects.
pub(super) fn list_corrections(conn: &mut Conn, of: &[i64]) -> Result<Vec<(RetailRecordId, RetailRecordId)>> {
    let rows: Vec<(Option<i64>, i64)> = in_chunks(of, |part| {
        retail_records::table
            .filter(retail_records::supersedes.eq_any(part))
            .select((retail_records::supersedes, retail_records::id))
            .load(conn)
    })?;
    let pair = |(old, new): (Option<i64>, i64)| Some((RetailRecordId(old?), RetailRecordId(new)));
    Ok(rows.into_iter().filter_map(pair).collect())
}

/// The company's records in force that have one of these references of its own, or one of these customs numbers.
pub(super) fn list_in_force(
    conn: &mut Conn,
    seller: CompanyId,
    references: &[&str],
    numbers: &[&str],
) -> Result<Vec<RetailRecord>> {
    let mut rows: Vec<RetailRow> = in_chunks(references, |part| {
        retail_records::table
            .filter(retail_records::company_id.eq(seller.0))
            .filter(retail_records::state.eq(RetailState::Recorded.as_str()))
            .filter(retail_records::reference.eq_any(part))
            .select(RetailRow::as_select())
            .load(conn)
    })?;
    rows.extend(in_chunks(numbers, |part| {
        retail_records::table
            .filter(retail_records::company_id.eq(seller.0))
            .filter(retail_records::state.eq(RetailState::Recorded.as_str()))
            .filter(retail_records::line_number.eq_any(part))
            .select(RetailRow::as_select())
            .load(conn)
    })?);
    all(rows)
}

/// Those of the records that a release of the statistics holds, or held.
pub(super) fn released(conn: &mut Conn, ids: &[i64]) -> Result<HashSet<RetailRecordId>> {
    let rows: Vec<i64> = in_chunks(ids, |part| {
        statistics_retail_facts::table
            .filter(statistics_retail_facts::record_id.eq_any(part))
            .select(statistics_retail_facts::record_id)
            .load(conn)
    })?;
    Ok(rows.into_iter().map(RetailRecordId).collect())
}

/// The next records of all companies after an id, oldest first: for what is made of every record there is.
pub fn load_after(conn: &mut Conn, after: RetailRecordId) -> Result<Vec<RetailRecord>> {
    let rows: Vec<RetailRow> = retail_records::table
        .filter(retail_records::id.gt(after.0))
        .order(retail_records::id)
        .limit(CHUNK)
        .select(RetailRow::as_select())
        .load(conn)?;
    all(rows)
}

/// Whether any company has recorded anything.
pub fn is_anything_recorded(conn: &mut Conn) -> Result<bool> {
    let first: Option<i64> = retail_records::table.select(retail_records::id).first(conn).optional()?;
    Ok(first.is_some())
}
