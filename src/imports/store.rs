//! Rows of `imports`, `import_rows` and `import_columns`.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{Import, ImportCounts, ImportState, KeptRow, Mapping, Order, RowKind};
use crate::actor::Scope;
use crate::blobs::Blob;
use crate::clock::Time;
use crate::error::{Problem, Result};
use crate::ids::{BlobId, CompanyId, ImportId};
use crate::store::cursor::{ListPage, Paging};
use crate::store::schema::{import_columns, import_rows, imports};
use crate::store::{Conn, Tx, from_json, from_text, to_json};
use crate::{due_rows, on_each, page_rows};

/// So many columns of a company are remembered; a file has fifty.
const MOST_REMEMBERED: i64 = 5_000;

#[derive(Queryable, Selectable)]
#[diesel(table_name = imports)]
struct ImportRow {
    id: i64,
    company_id: i64,
    blob_id: i64,
    sha256: String,
    bytes: i64,
    name: String,
    content: String,
    state: String,
    reading: Option<String>,
    done_rows: i64,
    made: i64,
    changed: i64,
    same: i64,
    refused: i64,
    noted: i64,
    paused: i64,
    problem: Option<String>,
    version: i64,
    created_at: NaiveDateTime,
    started_at: Option<NaiveDateTime>,
    finished_at: Option<NaiveDateTime>,
}

impl TryFrom<ImportRow> for Import {
    type Error = Problem;
    fn try_from(row: ImportRow) -> Result<Self> {
        Ok(Self {
            id: ImportId(row.id),
            company: CompanyId(row.company_id),
            name: row.name,
            bytes: u64::try_from(row.bytes).unwrap_or_default(),
            blob: Blob { id: BlobId(row.blob_id), sha256: row.sha256 },
            order: from_json(&row.content)?,
            state: from_text(&row.state)?,
            reading: row.reading.as_deref().map(from_json).transpose()?,
            counts: ImportCounts {
                rows: row.done_rows,
                made: row.made,
                changed: row.changed,
                same: row.same,
                refused: row.refused,
                noted: row.noted,
                paused: row.paused,
            },
            problem: row.problem,
            version: row.version,
            created_at: row.created_at.and_utc(),
            started_at: row.started_at.map(|time| time.and_utc()),
            finished_at: row.finished_at.map(|time| time.and_utc()),
        })
    }
}

/// An import to be stored.
pub(super) struct NewImport<'a> {
    pub name: &'a str,
    pub bytes: u64,
    pub blob: &'a Blob,
    pub order: &'a Order,
}

pub(super) fn insert(tx: &mut Tx, company: CompanyId, new: &NewImport<'_>) -> Result<ImportId> {
    let id: ImportId = tx.make_id();
    let row = (
        imports::id.eq(id.0),
        imports::company_id.eq(company.0),
        imports::blob_id.eq(new.blob.id.0),
        imports::sha256.eq(&new.blob.sha256),
        imports::bytes.eq(i64::try_from(new.bytes).map_err(Problem::internal)?),
        imports::name.eq(new.name),
        imports::content.eq(to_json(new.order)?),
        imports::state.eq(ImportState::Queued.as_str()),
        imports::done_rows.eq(0_i64),
        imports::made.eq(0_i64),
        imports::changed.eq(0_i64),
        imports::same.eq(0_i64),
        imports::refused.eq(0_i64),
        imports::noted.eq(0_i64),
        imports::paused.eq(0_i64),
        imports::version.eq(1_i64),
        imports::created_at.eq(tx.now_db()),
    );
    diesel::insert_into(imports::table).values(row).execute(tx.conn())?;
    Ok(id)
}

/// Writes how far an import is, as its next version; answers whether nobody else did meanwhile, in which case nothing is written.
pub(super) fn update(tx: &mut Tx, import: &Import) -> Result<bool> {
    let ImportCounts { rows, made, changed, same, refused, noted, paused } = import.counts;
    let held = imports::table.find(import.id.0).filter(imports::version.eq(import.version));
    let written = diesel::update(held)
        .set((
            imports::state.eq(import.state.as_str()),
            imports::reading.eq(import.reading.as_ref().map(to_json).transpose()?),
            imports::done_rows.eq(rows),
            imports::made.eq(made),
            imports::changed.eq(changed),
            imports::same.eq(same),
            imports::refused.eq(refused),
            imports::noted.eq(noted),
            imports::paused.eq(paused),
            imports::problem.eq(&import.problem),
            imports::version.eq(import.version + 1),
            imports::started_at.eq(import.started_at.map(|time| time.naive_utc())),
            imports::finished_at.eq(import.finished_at.map(|time| time.naive_utc())),
        ))
        .execute(tx.conn())?;
    Ok(written == 1)
}

/// One import, whoever's it is.
pub(super) fn find(conn: &mut Conn, id: ImportId) -> Result<Option<Import>> {
    let row: Option<ImportRow> = imports::table.find(id.0).select(ImportRow::as_select()).first(conn).optional()?;
    row.map(Import::try_from).transpose()
}

/// A page of the company's imports, newest first.
pub(super) fn list_own(conn: &mut Conn, scope: Scope, paging: Paging) -> Result<ListPage<Import>> {
    let query =
        imports::table.filter(imports::company_id.eq(scope.company().0)).select(ImportRow::as_select()).into_boxed();
    let rows: Vec<ImportRow> = page_rows!(query, imports::id, paging, conn)?;
    let all = rows.into_iter().map(Import::try_from).collect::<Result<Vec<_>>>()?;
    Ok(paging.page(all, |import| import.id.0))
}

/// The oldest import of the company that is not over.
pub(super) fn first_waiting(conn: &mut Conn, company: CompanyId) -> Result<Option<ImportId>> {
    let id: Option<i64> = imports::table
        .filter(imports::company_id.eq(company.0))
        .filter(imports::finished_at.is_null())
        .order(imports::id)
        .select(imports::id)
        .first(conn)
        .optional()?;
    Ok(id.map(ImportId))
}

/// How many imports of the company are not over, counted up to `most`.
pub(super) fn count_waiting(conn: &mut Conn, company: CompanyId, most: i64) -> Result<i64> {
    let ids: Vec<i64> = imports::table
        .filter(imports::company_id.eq(company.0))
        .filter(imports::finished_at.is_null())
        .order(imports::id)
        .limit(most)
        .select(imports::id)
        .load(conn)?;
    Ok(i64::try_from(ids.len()).unwrap_or(i64::MAX))
}

/// Imports that were sent before the time, oldest first.
pub(super) fn list_older(
    conn: &mut Conn,
    before: Time,
    after: Option<&(NaiveDateTime, i64)>,
) -> Result<Vec<(NaiveDateTime, i64)>> {
    let older = imports::table.filter(imports::created_at.lt(before.naive_utc()));
    Ok(due_rows!(older.into_boxed(), imports::created_at.nullable(), imports::id, after, conn)?)
}

/// Removes an import with the rows that are kept of it, some of these in one go; answers whether it is gone.
pub(super) fn delete(tx: &mut Tx, id: ImportId, most: i64) -> Result<bool> {
    let numbers: Vec<i64> = import_rows::table
        .filter(import_rows::import_id.eq(id.0))
        .order(import_rows::row_number)
        .limit(most)
        .select(import_rows::row_number)
        .load(tx.conn())?;
    if let Some(last) = numbers.last() {
        let first = import_rows::table.filter(import_rows::import_id.eq(id.0)).filter(import_rows::row_number.le(last));
        diesel::delete(first).execute(tx.conn())?;
        return Ok(false);
    }
    diesel::delete(imports::table.find(id.0)).execute(tx.conn())?;
    Ok(true)
}

#[derive(Insertable)]
#[diesel(table_name = import_rows)]
struct NewRow {
    import_id: i64,
    row_number: i64,
    kind: &'static str,
    cells: String,
    faults: String,
}

pub(super) fn insert_rows(tx: &mut Tx, id: ImportId, kept: &[KeptRow]) -> Result<()> {
    if kept.is_empty() {
        return Ok(());
    }
    let row = |row: &KeptRow| {
        Ok(NewRow {
            import_id: id.0,
            row_number: row.number,
            kind: row.kind.as_str(),
            cells: to_json(&row.cells)?,
            faults: to_json(&row.faults)?,
        })
    };
    let rows = kept.iter().map(row).collect::<Result<Vec<NewRow>>>()?;
    on_each!(tx.conn(), |c| diesel::insert_into(import_rows::table).values(rows).execute(c))?;
    Ok(())
}

/// The next kept rows of the kind, behind the number, at most `most`. Whoever calls this has found the import in its own company.
pub(super) fn load_rows(conn: &mut Conn, id: ImportId, kind: RowKind, after: i64, most: i64) -> Result<Vec<KeptRow>> {
    let rows: Vec<(i64, String, String)> = import_rows::table
        .filter(import_rows::import_id.eq(id.0))
        .filter(import_rows::kind.eq(kind.as_str()))
        .filter(import_rows::row_number.gt(after))
        .order(import_rows::row_number)
        .limit(most)
        .select((import_rows::row_number, import_rows::cells, import_rows::faults))
        .load(conn)?;
    let row = |(number, cells, faults): (i64, String, String)| {
        Ok(KeptRow { number, kind, cells: from_json(&cells)?, faults: from_json(&faults)? })
    };
    rows.into_iter().map(row).collect()
}

/// What the company said of its columns.
pub(super) fn remembered(conn: &mut Conn, company: CompanyId) -> Result<Mapping> {
    let rows: Vec<(String, String)> = import_columns::table
        .filter(import_columns::company_id.eq(company.0))
        .order(import_columns::header)
        .limit(MOST_REMEMBERED)
        .select((import_columns::header, import_columns::field))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

#[derive(Insertable)]
#[diesel(table_name = import_columns)]
struct NewColumn {
    company_id: i64,
    header: String,
    field: String,
}

/// Remembers what the company says of its columns.
pub(super) fn remember(tx: &mut Tx, company: CompanyId, mapping: &Mapping) -> Result<()> {
    let headers: Vec<String> = mapping.keys().cloned().collect();
    let said = import_columns::table
        .filter(import_columns::company_id.eq(company.0))
        .filter(import_columns::header.eq_any(headers));
    diesel::delete(said).execute(tx.conn())?;
    let row = |(header, field): (&String, &String)| NewColumn {
        company_id: company.0,
        header: header.clone(),
        field: field.clone(),
    };
    let rows: Vec<NewColumn> = mapping.iter().map(row).collect();
    if !rows.is_empty() {
        on_each!(tx.conn(), |c| diesel::insert_into(import_columns::table).values(rows).execute(c))?;
    }
    Ok(())
}
