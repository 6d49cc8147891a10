//! Rows of `exports`.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{Counts, Export, ExportState};
use crate::actor::Scope;
use crate::blobs::Blob;
use crate::clock::Time;
use crate::error::{Problem, Result};
use crate::ids::{BlobId, CompanyId, ExportId, UserId};
use crate::store::cursor::{ListPage, Paging};
use crate::store::schema::exports;
use crate::store::{Conn, Tx, from_json, from_text, or_duplicate, to_json};
use crate::{due_rows, page_rows};

#[derive(Queryable, Selectable)]
#[diesel(table_name = exports)]
struct ExportRow {
    id: i64,
    company_id: i64,
    user_id: i64,
    state: String,
    counts: String,
    blob_id: Option<i64>,
    sha256: Option<String>,
    bytes: Option<i64>,
    problem: Option<String>,
    version: i64,
    created_at: NaiveDateTime,
    started_at: Option<NaiveDateTime>,
    finished_at: Option<NaiveDateTime>,
    expires_at: Option<NaiveDateTime>,
}

impl TryFrom<ExportRow> for Export {
    type Error = Problem;
    fn try_from(row: ExportRow) -> Result<Self> {
        let blob = row.blob_id.zip(row.sha256.clone()).map(|(id, sha256)| Blob { id: BlobId(id), sha256 });
        Ok(Self {
            id: ExportId(row.id),
            company: CompanyId(row.company_id),
            person: UserId(row.user_id),
            state: from_text(&row.state)?,
            counts: from_json(&row.counts)?,
            blob,
            sha256: row.sha256,
            bytes: row.bytes.and_then(|bytes| u64::try_from(bytes).ok()),
            problem: row.problem,
            version: row.version,
            created_at: row.created_at.and_utc(),
            started_at: row.started_at.map(|time| time.and_utc()),
            finished_at: row.finished_at.map(|time| time.and_utc()),
            expires_at: row.expires_at.map(|time| time.and_utc()),
        })
    }
}

/// Stores an export that waits for a worker; run again where another one of the company came first, which is then found.
pub(super) fn insert(tx: &mut Tx, company: CompanyId, person: UserId) -> Result<ExportId> {
    let id: ExportId = tx.make_id();
    let row = (
        exports::id.eq(id.0),
        exports::company_id.eq(company.0),
        exports::user_id.eq(person.0),
        exports::state.eq(ExportState::Queued.as_str()),
        exports::counts.eq(to_json(&Counts::new())?),
        exports::version.eq(1_i64),
        exports::created_at.eq(tx.now_db()),
    );
    or_duplicate(diesel::insert_into(exports::table).values(row).execute(tx.conn()), Problem::transient)?;
    Ok(id)
}

/// Writes how far the export is, as its next version; answers whether nobody else did meanwhile, in which case nothing is written.
pub(super) fn update(tx: &mut Tx, export: &Export) -> Result<bool> {
    let held = exports::table.find(export.id.0).filter(exports::version.eq(export.version));
    let written = diesel::update(held)
        .set((
            exports::state.eq(export.state.as_str()),
            exports::counts.eq(to_json(&export.counts)?),
            exports::blob_id.eq(export.blob.as_ref().map(|blob| blob.id.0)),
            exports::sha256.eq(&export.sha256),
            exports::bytes.eq(export.bytes.map(i64::try_from).transpose().map_err(Problem::internal)?),
            exports::problem.eq(&export.problem),
            exports::version.eq(export.version + 1),
            exports::started_at.eq(export.started_at.map(|time| time.naive_utc())),
            exports::finished_at.eq(export.finished_at.map(|time| time.naive_utc())),
            exports::expires_at.eq(export.expires_at.map(|time| time.naive_utc())),
        ))
        .execute(tx.conn())?;
    Ok(written == 1)
}

/// One export, whoever's it is.
pub(super) fn find(conn: &mut Conn, id: ExportId) -> Result<Option<Export>> {
    let row: Option<ExportRow> = exports::table.find(id.0).select(ExportRow::as_select()).first(conn).optional()?;
    row.map(Export::try_from).transpose()
}

/// The export of the company that is not over.
pub(super) fn find_running(conn: &mut Conn, company: CompanyId) -> Result<Option<ExportId>> {
    let id: Option<i64> = exports::table
        .filter(exports::company_id.eq(company.0))
        .filter(exports::finished_at.is_null())
        .select(exports::id)
        .first(conn)
        .optional()?;
    Ok(id.map(ExportId))
}

/// How many exports the company asked for since the time, counted up to `most`.
pub(super) fn count_since(conn: &mut Conn, company: CompanyId, since: Time, most: i64) -> Result<i64> {
    let times: Vec<NaiveDateTime> = exports::table
        .filter(exports::company_id.eq(company.0))
        .order(exports::id.desc())
        .limit(most)
        .select(exports::created_at)
        .load(conn)?;
    let recent = times.into_iter().filter(|at| at.and_utc() > since).count();
    Ok(i64::try_from(recent).unwrap_or(i64::MAX))
}

/// A page of the company's exports, newest first.
pub(super) fn list_own(conn: &mut Conn, scope: Scope, paging: Paging) -> Result<ListPage<Export>> {
    let query =
        exports::table.filter(exports::company_id.eq(scope.company().0)).select(ExportRow::as_select()).into_boxed();
    let rows: Vec<ExportRow> = page_rows!(query, exports::id, paging, conn)?;
    let all = rows.into_iter().map(Export::try_from).collect::<Result<Vec<_>>>()?;
    Ok(paging.page(all, |export| export.id.0))
}

/// Exports whose archives are there still though their time is over, longest past first.
pub(super) fn list_expired(
    conn: &mut Conn,
    now: Time,
    after: Option<&(NaiveDateTime, i64)>,
) -> Result<Vec<(NaiveDateTime, i64)>> {
    let over = exports::table.filter(exports::blob_id.is_not_null()).filter(exports::expires_at.le(now.naive_utc()));
    Ok(due_rows!(over.into_boxed(), exports::expires_at, exports::id, after, conn)?)
}

/// Exports that were asked for before the time, oldest first.
pub(super) fn list_older(
    conn: &mut Conn,
    before: Time,
    after: Option<&(NaiveDateTime, i64)>,
) -> Result<Vec<(NaiveDateTime, i64)>> {
    let older = exports::table.filter(exports::created_at.lt(before.naive_utc()));
    Ok(due_rows!(older.into_boxed(), exports::created_at.nullable(), exports::id, after, conn)?)
}

/// Removes an export.
pub(super) fn delete(tx: &mut Tx, id: ExportId) -> Result<()> {
    diesel::delete(exports::table.find(id.0)).execute(tx.conn())?;
    Ok(())
}
