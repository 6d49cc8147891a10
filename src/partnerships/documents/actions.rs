//! Attaching documents to a record, and what they make of its evidence.

use serde_json::json;

use super::store::{self, NewAttachment};
use super::{AttachDocument, DocumentKind, MAX_RECORD_DOCUMENTS, RecordDocument, Review};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::clock::Time;
use crate::documents::{Document, Subject, attachments};
use crate::error::{Code, FieldCode, Problem, Result};
use crate::ids::{CompanyId, DocumentId, RecordId};
use crate::locale::{Language, Message, text};
use crate::partnerships::actions::{NewEntry, append};
use crate::partnerships::notifications::{StepText, notify_record};
use crate::partnerships::rules::{Evidence, grade};
use crate::partnerships::store as partnership_store;
use crate::partnerships::{LedgerKind, Record, RecordState};
use crate::store::{Conn, IdempotencyKey, Idempotent, Tx};

fn absent() -> Problem {
    Problem::not_found("trade_record")
}

/// The documents of a record of the actor's company, in the order in which they were attached.
pub fn list(app: &App, actor: &Actor, id: RecordId) -> Result<Vec<RecordDocument>> {
    let scope = actor.authorize(Permission::PartnershipsRead)?;
    app.db.read(|conn| {
        partnership_store::find_record(conn, scope, id)?.ok_or_else(absent)?;
        store::list_documents(conn, &[id.0])
    })
}

/// One of them, after it was attached; a key that may only write sees what became of it.
pub fn find_attached(app: &App, actor: &Actor, id: RecordId, document: DocumentId) -> Result<RecordDocument> {
    let scope = actor.authorize(Permission::PartnershipsWrite)?;
    app.db.read(|conn| {
        partnership_store::find_record(conn, scope, id)?.ok_or_else(absent)?;
        let all = store::list_documents(conn, &[id.0])?;
        all.into_iter().find(|one| one.document.id == document).ok_or_else(|| Problem::not_found("document"))
    })
}

/// Whether the actor may read the documents of a record: either side, and moderators.
pub fn may_see_documents(conn: &mut Conn, actor: &Actor, id: i64) -> Result<bool> {
    if actor.is_moderator() {
        return Ok(true);
    }
    let Ok(scope) = actor.authorize(Permission::PartnershipsRead) else { return Ok(false) };
    Ok(partnership_store::find_record(conn, scope, RecordId(id))?.is_some())
}

/// Attaches a document to a record of the actor's company and notifies the other side; either side may.
///
/// # Errors
/// 401, 403, `not_found`; `invalid` naming `/document` when it is not one's own; `duplicate` when the record has the same bytes already;
/// `conflict` when a correction has taken the record's place, or it has 20 documents.
pub fn attach(
    app: &App,
    actor: &Actor,
    id: RecordId,
    fields: &AttachDocument,
    once: Option<&IdempotencyKey>,
) -> Result<Idempotent<DocumentId>> {
    let scope = actor.authorize(Permission::PartnershipsWrite)?;
    app.db.write_idempotent(once, |tx| {
        let record = partnership_store::find_record(tx.conn(), scope, id)?.ok_or_else(absent)?;
        attach_and_notify(tx, &record, scope.company(), fields)?;
        Ok(fields.document)
    })
}

/// Attaches several documents of one kind: all of them or none.
///
/// # Errors
/// As [`attach`]; `invalid` when there is none.
pub fn attach_all(app: &App, actor: &Actor, id: RecordId, kind: DocumentKind, documents: &[DocumentId]) -> Result<()> {
    let scope = actor.authorize(Permission::PartnershipsWrite)?;
    if documents.is_empty() {
        return Err(Problem::invalid_field(
            "/document",
            FieldCode::Required,
            text(Language::English, "partnerships-no-file"),
        ));
    }
    app.db.write(|tx| {
        for document in documents {
            let record = partnership_store::find_record(tx.conn(), scope, id)?.ok_or_else(absent)?;
            attach_and_notify(tx, &record, scope.company(), &AttachDocument { document: *document, kind })?;
        }
        Ok(())
    })
}

fn attach_and_notify(tx: &mut Tx, record: &Record, by: CompanyId, fields: &AttachDocument) -> Result<()> {
    if record.state == RecordState::Superseded {
        return Err(Problem::conflict(text(Language::English, "partnerships-document-corrected")));
    }
    let document = link(tx, record, by, fields)?;
    let at = tx.now();
    let body = json!({
        "record": record.id,
        "document": document.id,
        "document_kind": fields.kind,
        "media_type": document.media_type,
        "bytes": document.bytes,
        "sha256": document.blob.sha256,
    });
    let kind = LedgerKind::DocumentAttached;
    append(tx, record.partnership, &NewEntry { by: Some(by), kind, record: Some(record.id), at, body })?;
    raise_grade(tx, record, at)?;
    let kind_label = fields.kind.label(Language::English);
    let text = StepText {
        subject: "partnerships-mail-attached",
        sentence: Message::new("partnerships-mail-attached-text").with("kind", kind_label),
        reason: None,
        action: "partnerships-mail-look-at-shipment",
    };
    notify_record(tx, record, by, &format!("document_attached {} {}", record.id, document.id), text)
}

/// Stores that the record has the document, which must be the company's own and new to the record.
fn link(tx: &mut Tx, record: &Record, by: CompanyId, fields: &AttachDocument) -> Result<Document> {
    let found = attachments::own(tx.conn(), by, "/document", &[fields.document]).map_err(at_document)?;
    let document = found.into_iter().next().ok_or_else(|| Problem::not_found("document"))?;
    let there = store::list_documents(tx.conn(), &[record.id.0])?;
    if there.iter().any(|one| one.document.blob.sha256 == document.blob.sha256) {
        return Err(Problem::new(Code::Duplicate, text(Language::English, "partnerships-document-twice")));
    }
    // Every page of the record lists them all.
    if there.len() >= MAX_RECORD_DOCUMENTS {
        return Err(Problem::conflict(
            Message::new("partnerships-documents-full").with("most", MAX_RECORD_DOCUMENTS).text(Language::English),
        ));
    }
    let at = tx.now();
    let new = NewAttachment { record: record.id, document: document.id, kind: fields.kind, by, at };
    store::insert_document(tx, &new)?;
    attachments::attach(tx, by, (Subject::Record, record.id.0), "/document", &[document.id])?;
    Ok(document)
}

/// There is one document here, not a list of them.
fn at_document(mut problem: Problem) -> Problem {
    for field in &mut problem.fields {
        "/document".clone_into(&mut field.pointer);
    }
    problem
}

fn raise_grade(tx: &mut Tx, record: &Record, at: Time) -> Result<()> {
    let is_confirmed = record.state == RecordState::Confirmed;
    let grade = grade(evidence_of(tx.conn(), record.id, is_confirmed)?);
    if grade == record.grade {
        return Ok(());
    }
    partnership_store::update_record(tx, record, &Record { grade, ..record.clone() }, at)
}

/// What evidence there is for a record that both confirmed, or not.
pub(in crate::partnerships) fn evidence_of(conn: &mut Conn, id: RecordId, is_confirmed: bool) -> Result<Evidence> {
    let documents = store::list_documents(conn, &[id.0])?.len();
    let is_reviewed = !store::list_reviews(conn, &[id.0])?.is_empty();
    Ok(Evidence { is_confirmed, documents: u32::try_from(documents).unwrap_or(u32::MAX), is_reviewed })
}

/// Gives a correction the documents of the record that it corrects; answers their ids.
pub(in crate::partnerships) fn copy_documents(
    tx: &mut Tx,
    old: &Record,
    new: &Record,
    at: Time,
) -> Result<Vec<DocumentId>> {
    let mut copied = Vec::new();
    for one in store::list_documents(tx.conn(), &[old.id.0])? {
        let document = one.document.id;
        let attachment = NewAttachment { record: new.id, document, kind: one.kind, by: one.attached_by, at };
        store::insert_document(tx, &attachment)?;
        attachments::attach(tx, one.attached_by, (Subject::Record, new.id.0), "/document", &[document])?;
        copied.push(document);
    }
    Ok(copied)
}

/// The documents and reviews of the records.
pub(in crate::partnerships) fn details_of(conn: &mut Conn, ids: &[i64]) -> Result<(Vec<RecordDocument>, Vec<Review>)> {
    Ok((store::list_documents(conn, ids)?, store::list_reviews(conn, ids)?))
}
