//! Rows of `documents` and `document_links`.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::{Document, MediaType, Subject};
use crate::actor::Scope;
use crate::blobs::Blob;
use crate::clock::Time;
use crate::error::{Problem, Result};
use crate::ids::{BlobId, CompanyId, DocumentId};
use crate::store::cursor::{ListPage, Paging};
use crate::store::schema::{document_links, documents};
use crate::store::{Conn, Tx, from_text, in_chunks};
use crate::{due_rows, page_rows};

#[derive(Queryable, Selectable)]
#[diesel(table_name = documents)]
struct DocumentRow {
    id: i64,
    company_id: i64,
    blob_id: i64,
    name: String,
    media_type: String,
    bytes: i64,
    sha256: String,
    created_at: NaiveDateTime,
}

impl TryFrom<DocumentRow> for Document {
    type Error = Problem;
    fn try_from(row: DocumentRow) -> Result<Self> {
        Ok(Self {
            id: DocumentId(row.id),
            company: CompanyId(row.company_id),
            name: row.name,
            media_type: from_text(&row.media_type)?,
            bytes: u64::try_from(row.bytes).unwrap_or_default(),
            blob: Blob { id: BlobId(row.blob_id), sha256: row.sha256 },
            created_at: row.created_at.and_utc(),
        })
    }
}

fn all(rows: Vec<DocumentRow>) -> Result<Vec<Document>> {
    rows.into_iter().map(Document::try_from).collect()
}

/// A document to be stored.
pub(super) struct NewDocument<'a> {
    pub name: &'a str,
    pub media_type: MediaType,
    pub bytes: u64,
    pub blob: &'a Blob,
}

pub(super) fn insert(tx: &mut Tx, scope: Scope, new: &NewDocument<'_>) -> Result<DocumentId> {
    let id: DocumentId = tx.make_id();
    let now = tx.now_db();
    let row = (
        documents::id.eq(id.0),
        documents::company_id.eq(scope.company().0),
        documents::blob_id.eq(new.blob.id.0),
        documents::name.eq(new.name),
        documents::media_type.eq(new.media_type.as_str()),
        documents::bytes.eq(i64::try_from(new.bytes).map_err(Problem::internal)?),
        documents::sha256.eq(&new.blob.sha256),
        documents::created_at.eq(now),
        // New documents are unattached: a form that is never sent leaves them to the sweep.
        documents::unattached_since.eq(now),
    );
    diesel::insert_into(documents::table).values(row).execute(tx.conn())?;
    Ok(id)
}

/// One document, whoever's it is.
pub(super) fn find(conn: &mut Conn, id: DocumentId) -> Result<Option<Document>> {
    let row: Option<DocumentRow> =
        documents::table.find(id.0).select(DocumentRow::as_select()).first(conn).optional()?;
    row.map(Document::try_from).transpose()
}

/// A page of the company's documents, newest first.
pub(super) fn list_own(conn: &mut Conn, scope: Scope, paging: Paging) -> Result<ListPage<Document>> {
    let query = documents::table
        .filter(documents::company_id.eq(scope.company().0))
        .select(DocumentRow::as_select())
        .into_boxed();
    let rows: Vec<DocumentRow> = page_rows!(query, documents::id, paging, conn)?;
    Ok(paging.page(all(rows)?, |document| document.id.0))
}

/// How many documents the company has, and how many bytes they have together.
pub(super) fn usage(conn: &mut Conn, scope: Scope) -> Result<(i64, u64)> {
    // The databases answer the sum of whole numbers in different types.
    let sum = diesel::dsl::sql::<BigInt>("CAST(COALESCE(SUM(bytes), 0) AS BIGINT)");
    let (count, bytes): (i64, i64) = documents::table
        .filter(documents::company_id.eq(scope.company().0))
        .select((diesel::dsl::count_star(), sum))
        .first(conn)?;
    Ok((count, u64::try_from(bytes).unwrap_or_default()))
}

/// Whether nothing has the document attached.
pub(super) fn is_unattached(conn: &mut Conn, id: DocumentId) -> Result<bool> {
    let found: i64 = documents::table
        .filter(documents::id.eq(id.0))
        .filter(documents::unattached_since.is_not_null())
        .count()
        .get_result(conn)?;
    Ok(found == 1)
}

/// Documents that nothing has attached since the time, the longest waiting first.
pub(super) fn list_unattached(
    conn: &mut Conn,
    since: Time,
    after: Option<&(NaiveDateTime, i64)>,
) -> Result<Vec<(NaiveDateTime, i64)>> {
    let due = documents::table.filter(documents::unattached_since.lt(since.naive_utc()));
    Ok(due_rows!(due.into_boxed(), documents::unattached_since, documents::id, after, conn)?)
}

/// Removes the row of a document that nothing has attached.
pub(super) fn delete(tx: &mut Tx, id: DocumentId) -> Result<()> {
    diesel::delete(documents::table.find(id.0)).execute(tx.conn())?;
    Ok(())
}

/// The documents of the ids, in their order, whoever's they are; those that are not there are left out.
pub fn load(conn: &mut Conn, ids: &[DocumentId]) -> Result<Vec<Document>> {
    let wanted: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let mut found = all(in_chunks(&wanted, |part| {
        documents::table.filter(documents::id.eq_any(part)).select(DocumentRow::as_select()).load(conn)
    })?)?;
    found.sort_by_key(|document| ids.iter().position(|id| *id == document.id));
    Ok(found)
}

/// What the document is attached to.
pub(super) fn list_links(conn: &mut Conn, id: DocumentId) -> Result<Vec<(Subject, i64)>> {
    let rows: Vec<(String, i64)> = document_links::table
        .filter(document_links::document_id.eq(id.0))
        .order((document_links::subject, document_links::subject_id))
        .select((document_links::subject, document_links::subject_id))
        .load(conn)?;
    rows.into_iter().map(|(subject, thing)| Ok((from_text(&subject)?, thing))).collect()
}

/// The documents that a thing has attached, oldest first.
pub(super) fn list_linked(conn: &mut Conn, subject: Subject, thing: i64) -> Result<Vec<DocumentId>> {
    let ids: Vec<i64> = document_links::table
        .filter(document_links::subject.eq(subject.as_str()))
        .filter(document_links::subject_id.eq(thing))
        .order(document_links::document_id)
        .select(document_links::document_id)
        .load(conn)?;
    Ok(ids.into_iter().map(DocumentId).collect())
}

pub(super) fn insert_link(tx: &mut Tx, id: DocumentId, subject: Subject, thing: i64) -> Result<()> {
    let row = (
        document_links::document_id.eq(id.0),
        document_links::subject.eq(subject.as_str()),
        document_links::subject_id.eq(thing),
        document_links::created_at.eq(tx.now_db()),
    );
    diesel::insert_into(document_links::table).values(row).execute(tx.conn())?;
    diesel::update(documents::table.find(id.0))
        .set(documents::unattached_since.eq(None::<NaiveDateTime>))
        .execute(tx.conn())?;
    Ok(())
}

/// Takes a link back; with the last one the document begins to wait for its deletion.
pub(super) fn delete_link(tx: &mut Tx, id: DocumentId, subject: Subject, thing: i64) -> Result<()> {
    diesel::delete(document_links::table.find((id.0, subject.as_str(), thing))).execute(tx.conn())?;
    // One document may hang on an RFQ and on a record; only with the last link it becomes unattached.
    if list_links(tx.conn(), id)?.is_empty() {
        let now = tx.now_db();
        diesel::update(documents::table.find(id.0)).set(documents::unattached_since.eq(now)).execute(tx.conn())?;
    }
    Ok(())
}
