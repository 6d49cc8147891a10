//! Use cases of documents: uploading, reading, deleting.

use chrono::Duration;

use super::media::{KINDS, detect_media_type};
use super::rules::{UNATTACHED_DAYS, name_of};
use super::store::{self, NewDocument};
use super::{AccessPolicies, Document, MediaType};
use crate::actor::{Actor, Permission, Scope};
use crate::app::App;
use crate::blobs::{self, Blob, ByteStream, ReceivedFile};
use crate::error::{Code, FieldCode, Problem, Result};
use crate::ids::DocumentId;
use crate::locale::{Language, Message, text};
use crate::store::cursor::{ListPage, Paging};
use crate::store::{IdempotencyKey, Idempotent, Tx, sweep_rows};

/// A sent file that may become a document: what it is, and the name that it gets.
pub struct Inspected {
    name: String,
    media_type: MediaType,
    received: ReceivedFile,
}

/// Finds out what a sent file is. Work for the document queue: the directory of an archive is read into memory, a text as a whole.
///
/// # Errors
/// `invalid` naming `/content` for a kind that is not taken, `/name` for its name.
pub fn inspect(sent_name: &str, received: ReceivedFile) -> Result<Inspected> {
    if received.bytes == 0 {
        return Err(Problem::invalid_field(
            "/content",
            FieldCode::Required,
            text(Language::English, "documents-must-not-be-empty"),
        ));
    }
    let media_type = detect_media_type(received.reader()?, sent_name).map_err(Problem::internal)?;
    let media_type = media_type.ok_or_else(|| {
        let message = Message::new("documents-must-be-kind").with("kinds", KINDS).text(Language::English);
        Problem::invalid_field("/content", FieldCode::Format, message)
    })?;
    let name = name_of(sent_name, media_type)?;
    Ok(Inspected { name, media_type, received })
}

/// Stores a file as a document of the actor's company. The file is stored before the row, so a crash in between leaves only bytes that are
/// swept.
///
/// # Errors
/// 401 and 403; `invalid` naming `/content` when the company has no room left.
pub fn upload(
    app: &App,
    actor: &Actor,
    file: &Inspected,
    once: Option<&IdempotencyKey>,
) -> Result<Idempotent<DocumentId>> {
    let scope = actor.authorize(Permission::DocumentsWrite)?;
    // Outside the transaction: a slow disk must not keep the database's writers waiting.
    let blob = keep(app, file)?;
    app.db.write_idempotent(once, |tx| insert(app, tx, scope, file, &blob))
}

/// Stores several files in one transaction; an answer for each says why it was refused, and the others are stored. After any other fault
/// none of them is.
///
/// # Errors
/// As [`upload`], but for `invalid`, which stands in the answers.
pub fn upload_all(app: &App, actor: &Actor, files: &[Inspected]) -> Result<Vec<Result<DocumentId>>> {
    let scope = actor.authorize(Permission::DocumentsWrite)?;
    let blobs = files.iter().map(|file| keep(app, file)).collect::<Result<Vec<_>>>()?;
    app.db.write(|tx| {
        let one = |(file, blob): (&Inspected, &Blob)| match insert(app, tx, scope, file, blob) {
            Err(fault) if fault.code != Code::Invalid => Err(fault),
            outcome => Ok(outcome),
        };
        files.iter().zip(&blobs).map(one).collect()
    })
}

fn keep(app: &App, file: &Inspected) -> Result<Blob> {
    Ok(Blob { id: app.blobs.put(&app.db, &file.received)?, sha256: file.received.sha256.clone() })
}

fn insert(app: &App, tx: &mut Tx, scope: Scope, file: &Inspected, blob: &Blob) -> Result<DocumentId> {
    let bytes = file.received.bytes;
    let limits = &app.config.limits;
    let (count, held) = store::usage(tx.conn(), scope)?;
    if limits.is_reached(limits.documents_per_company, count) {
        let message =
            Message::new("documents-too-many").with("most", limits.documents_per_company).text(Language::English);
        return Err(Problem::invalid_field("/content", FieldCode::Range, message));
    }
    let most = limits.company_upload_bytes;
    if limits.enabled && most > 0 && held + bytes > most {
        let message = Message::new("documents-full").with("most", most >> 20).text(Language::English);
        return Err(Problem::invalid_field("/content", FieldCode::Range, message));
    }
    let new = NewDocument { name: &file.name, media_type: file.media_type, bytes, blob };
    let id = store::insert(tx, scope, &new)?;
    blobs::retain(tx, blob.id)?;
    Ok(id)
}

/// A document as the actor may have it: of their own company, or attached to something that they may see.
///
/// # Errors
/// `forbidden` for one's own without the right; `not_found` for what is not to be seen and for what is not there.
pub fn find(app: &App, policies: &AccessPolicies, actor: &Actor, id: DocumentId) -> Result<Document> {
    app.db.read(|conn| {
        let document = store::find(conn, id)?.ok_or_else(absent)?;
        if actor.company() == Some(document.company) {
            actor.authorize(Permission::DocumentsRead)?;
            return Ok(document);
        }
        // Whoever may see one of the things that it hangs on may see it; each kind of thing decides for itself.
        for (subject, thing) in store::list_links(conn, id)? {
            if policies.may_see(conn, actor, subject, thing)? {
                return Ok(document);
            }
        }
        Err(absent())
    })
}

fn absent() -> Problem {
    Problem::not_found("document")
}

/// A document that the actor's company has just uploaded; a key that may only write sees what became of it.
pub fn find_written(app: &App, actor: &Actor, id: DocumentId) -> Result<Document> {
    let scope = actor.authorize(Permission::DocumentsWrite)?;
    let found = app.db.read(|conn| store::find(conn, id))?;
    found.filter(|document| document.company == scope.company()).ok_or_else(absent)
}

/// The bytes of a document that the caller has found for its reader.
pub async fn read(app: &App, document: &Document) -> Result<ByteStream> {
    app.blobs.read(&document.blob).await
}

/// The documents of the actor's company, newest first.
pub fn list(app: &App, actor: &Actor, paging: Paging) -> Result<ListPage<Document>> {
    let scope = actor.authorize(Permission::DocumentsRead)?;
    app.db.read(|conn| store::list_own(conn, scope, paging))
}

/// Deletes a document of the actor's company.
///
/// # Errors
/// 401 and 403; `not_found`; `conflict` while something has it attached.
pub fn delete(app: &App, actor: &Actor, id: DocumentId) -> Result<()> {
    let scope = actor.authorize(Permission::DocumentsWrite)?;
    app.db.write(|tx| {
        let found = store::find(tx.conn(), id)?;
        let document = found.filter(|document| document.company == scope.company()).ok_or_else(absent)?;
        // A quote's attachment is part of what was offered: its sender must not take it back from under the buyer.
        if !store::is_unattached(tx.conn(), id)? {
            return Err(Problem::conflict(text(Language::English, "documents-attached")));
        }
        delete_in(tx, &document)
    })
}

pub(super) fn delete_in(tx: &mut Tx, document: &Document) -> Result<()> {
    store::delete(tx, document.id)?;
    blobs::release(tx, document.blob.id)
}

/// Deletes the documents that nothing has attached for 30 days; answers how many. Their bytes go with the next sweep of the blobs.
pub fn delete_unattached(app: &App) -> Result<usize> {
    let since = app.clock.now() - Duration::days(UNATTACHED_DAYS);
    let id = |(_, id): &(_, i64)| DocumentId(*id);
    sweep_rows(
        &app.db,
        "deleting unattached documents",
        |conn, after| store::list_unattached(conn, since, after),
        id,
        |row| app.db.write(|tx| delete_if_unattached(tx, id(row))),
    )
}

/// The document may have been attached since it was found.
fn delete_if_unattached(tx: &mut Tx, id: DocumentId) -> Result<bool> {
    let is_unattached = store::is_unattached(tx.conn(), id)?;
    if let Some(document) = store::find(tx.conn(), id)?.filter(|_| is_unattached) {
        delete_in(tx, &document)?;
    }
    Ok(is_unattached)
}
