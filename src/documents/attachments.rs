//! Attaching documents to what a company does, in the transaction of the feature whose thing it is.

use super::{Document, Subject};
use super::{actions, store};
use crate::app::App;
use crate::error::{FieldCode, FieldError, Problem, Result};
use crate::ids::{CompanyId, DocumentId};
use crate::locale::{Language, text};
use crate::store::{Conn, Tx};
use crate::text::Checker;

/// The documents of the ids, which must all be the company's own.
///
/// # Errors
/// `invalid` naming each id that is not (`/attachments/2`); one of others and one that is not there are refused in the same words.
pub fn own(conn: &mut Conn, company: CompanyId, pointer: &str, ids: &[DocumentId]) -> Result<Vec<Document>> {
    let found = store::load(conn, ids)?;
    // One refusal for what does not exist and for what is another's: ids must not be tried out.
    let is_own = |id: &DocumentId| found.iter().any(|document| document.id == *id && document.company == company);
    let refuse = |place: usize| {
        let message = text(Language::English, "documents-must-be-own");
        FieldError::new(format!("{pointer}/{place}"), FieldCode::UnknownValue, message)
    };
    let wrong: Vec<FieldError> =
        ids.iter().enumerate().filter(|(_, id)| !is_own(id)).map(|(place, _)| refuse(place)).collect();
    if wrong.is_empty() { Ok(found) } else { Err(Problem::invalid(wrong)) }
}

/// Refuses file names that everyone may read and that carry contact details, each by its place.
fn ensure_public(pointer: &str, ids: &[DocumentId], documents: &[Document]) -> Result<()> {
    let mut checker = Checker::new();
    for (place, id) in ids.iter().enumerate() {
        if let Some(document) = documents.iter().find(|document| document.id == *id) {
            checker.public_text(&format!("{pointer}/{place}"), &mut document.name.clone(), 1..=usize::MAX);
        }
    }
    checker.finish()
}

/// Attaches documents of the company to a thing of its, beside those that it has: what was once shown stays with it.
///
/// # Errors
/// As [`own`], and for file names with contact details in them where everyone may read what is attached.
pub fn attach(
    tx: &mut Tx,
    company: CompanyId,
    (subject, thing): (Subject, i64),
    pointer: &str,
    ids: &[DocumentId],
) -> Result<()> {
    let documents = own(tx.conn(), company, pointer, ids)?;
    // Names of files are texts that everybody reads, so they hold no addresses either.
    if subject.is_public() {
        ensure_public(pointer, ids, &documents)?;
    }
    let linked = store::list_linked(tx.conn(), subject, thing)?;
    // A changed RFQ or quote names its old attachments again.
    let new = ids.iter().filter(|id| !linked.contains(id));
    new.copied().collect::<Vec<_>>().into_iter().try_for_each(|id| store::insert_link(tx, id, subject, thing))
}

/// Makes these the documents of a thing: those that it had besides are the company's alone again.
///
/// # Errors
/// As [`attach`].
pub fn replace(
    tx: &mut Tx,
    company: CompanyId,
    (subject, thing): (Subject, i64),
    pointer: &str,
    ids: &[DocumentId],
) -> Result<()> {
    attach(tx, company, (subject, thing), pointer, ids)?;
    for id in store::list_linked(tx.conn(), subject, thing)?.into_iter().filter(|id| !ids.contains(id)) {
        store::delete_link(tx, id, subject, thing)?;
    }
    Ok(())
}

/// Takes documents off a thing and deletes those that nothing else has attached, at once: for what must not be kept.
pub fn discard(tx: &mut Tx, (subject, thing): (Subject, i64), ids: &[DocumentId]) -> Result<()> {
    for id in ids {
        store::delete_link(tx, *id, subject, thing)?;
        if store::list_links(tx.conn(), *id)?.is_empty()
            && let Some(document) = store::find(tx.conn(), *id)?
        {
            actions::delete_in(tx, &document)?;
        }
    }
    Ok(())
}

/// The documents of the ids in their order, for who may see the thing that has them attached.
pub fn list_attached(app: &App, ids: &[DocumentId]) -> Result<Vec<Document>> {
    if ids.is_empty() { Ok(Vec::new()) } else { app.db.read(|conn| store::load(conn, ids)) }
}
