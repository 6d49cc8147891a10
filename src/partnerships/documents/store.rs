//! Rows of `record_documents` and `record_reviews`.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{DocumentKind, RecordDocument, Review};
use crate::clock::Time;
use crate::documents::store as files;
use crate::error::Result;
use crate::ids::{CompanyId, DocumentId, RecordId, UserId};
use crate::store::schema::{record_documents, record_reviews};
use crate::store::{Conn, Tx, from_text, in_chunks};

/// The documents of the records, in the order in which they were attached.
pub(super) fn list_documents(conn: &mut Conn, records: &[i64]) -> Result<Vec<RecordDocument>> {
    type Row = (i64, i64, String, i64, NaiveDateTime);
    let columns = (
        record_documents::record_id,
        record_documents::document_id,
        record_documents::kind,
        record_documents::attached_by,
        record_documents::created_at,
    );
    let mut rows: Vec<Row> = in_chunks(records, |part| {
        record_documents::table.filter(record_documents::record_id.eq_any(part)).select(columns).load(conn)
    })?;
    rows.sort_unstable_by_key(|(_, document, _, _, at)| (*at, *document));
    let ids: Vec<DocumentId> = rows.iter().map(|(_, document, ..)| DocumentId(*document)).collect();
    let documents = files::load(conn, &ids)?;
    let attached = |(record, document, kind, by, at): Row| {
        let Some(document) = documents.iter().find(|known| known.id.0 == document) else { return Ok(None) };
        Ok(Some(RecordDocument {
            record: RecordId(record),
            document: document.clone(),
            kind: from_text(&kind)?,
            attached_by: CompanyId(by),
            attached_at: at.and_utc(),
        }))
    };
    rows.into_iter().filter_map(|row| attached(row).transpose()).collect()
}

/// A document to be attached to a record.
pub(super) struct NewAttachment {
    pub record: RecordId,
    pub document: DocumentId,
    pub kind: DocumentKind,
    pub by: CompanyId,
    pub at: Time,
}

pub(super) fn insert_document(tx: &mut Tx, new: &NewAttachment) -> Result<()> {
    let row = (
        record_documents::record_id.eq(new.record.0),
        record_documents::document_id.eq(new.document.0),
        record_documents::kind.eq(new.kind.as_str()),
        record_documents::attached_by.eq(new.by.0),
        record_documents::created_at.eq(new.at.naive_utc()),
    );
    diesel::insert_into(record_documents::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// The reviews of those of the records that have one.
pub(super) fn list_reviews(conn: &mut Conn, records: &[i64]) -> Result<Vec<Review>> {
    let columns = (record_reviews::record_id, record_reviews::note, record_reviews::reviewed_at);
    let rows: Vec<(i64, String, NaiveDateTime)> = in_chunks(records, |part| {
        record_reviews::table.filter(record_reviews::record_id.eq_any(part)).select(columns).load(conn)
    })?;
    let review = |(record, note, at): (i64, String, NaiveDateTime)| Review {
        record: RecordId(record),
        note,
        reviewed_at: at.and_utc(),
    };
    Ok(rows.into_iter().map(review).collect())
}

/// Stores a review in the place of an earlier one; the ledger keeps both.
pub(super) fn replace_review(tx: &mut Tx, person: UserId, review: &Review) -> Result<()> {
    diesel::delete(record_reviews::table.find(review.record.0)).execute(tx.conn())?;
    let row = (
        record_reviews::record_id.eq(review.record.0),
        record_reviews::user_id.eq(person.0),
        record_reviews::note.eq(&review.note),
        record_reviews::reviewed_at.eq(review.reviewed_at.naive_utc()),
    );
    diesel::insert_into(record_reviews::table).values(row).execute(tx.conn())?;
    Ok(())
}
