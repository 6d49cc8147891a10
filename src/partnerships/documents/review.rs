//! A moderator's look at the documents of a record: the highest grade of evidence, and an entry in the ledger.

use serde_json::json;

use super::store;
use super::{RecordDocument, Review};
use crate::actor::Actor;
use crate::app::App;
use crate::companies;
use crate::error::{FieldCode, Problem, Result};
use crate::ids::RecordId;
use crate::partnerships::actions::{MAX_REASON, Said, append};
use crate::partnerships::notifications::notify_of_review;
use crate::partnerships::recording::{RecordDetail, detail_of};
use crate::partnerships::rules::{Evidence, grade};
use crate::partnerships::store as records;
use crate::partnerships::{EvidenceGrade, LedgerKind, Record, RecordState};

/// So many records stand on the moderators' page, the longest waiting first.
const MOST: i64 = 100;

/// A record whose documents no moderator has looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToReview {
    /// The record.
    pub record: Record,
    /// The company that sells.
    pub supplier_name: String,
    /// The company that buys.
    pub buyer_name: String,
}

/// Moderators are people of the platform; for everybody else there is no such thing.
fn ensure_moderator(actor: &Actor) -> Result<()> {
    if actor.is_moderator() { Ok(()) } else { Err(absent()) }
}

fn absent() -> Problem {
    Problem::not_found("trade record")
}

/// The records whose documents wait for a look, the longest waiting first.
pub fn list_to_review(app: &App, actor: &Actor) -> Result<Vec<ToReview>> {
    ensure_moderator(actor)?;
    app.db.read(|conn| {
        let found = records::list_of_grade(conn, EvidenceGrade::DocumentAttached, MOST)?;
        let ids: Vec<i64> = found.iter().flat_map(|record| [record.supplier.0, record.buyer.0]).collect();
        let names = companies::store::names(conn, &ids)?;
        let name = |id: i64| names.get(&id).cloned().unwrap_or_default();
        let waiting = |record: Record| ToReview {
            supplier_name: name(record.supplier.0),
            buyer_name: name(record.buyer.0),
            record,
        };
        Ok(found.into_iter().map(waiting).collect())
    })
}

/// A record as a moderator looks at it.
pub fn look_at(app: &App, actor: &Actor, id: RecordId) -> Result<RecordDetail> {
    ensure_moderator(actor)?;
    app.db.read(|conn| {
        let record = records::find_any_record(conn, id)?.ok_or_else(absent)?;
        detail_of(conn, record, &app.rates.history())
    })
}

/// Whether there is anything to review: both sides confirmed the record, and it has documents.
pub fn may_be_reviewed(record: &Record) -> bool {
    record.state == RecordState::Confirmed && record.grade >= EvidenceGrade::DocumentAttached
}

/// Notes that a moderator looked at the documents of a record, with a note that both sides read; the evidence is `operator_reviewed` then.
///
/// # Errors
/// `not_found` for everybody but moderators; `conflict` when the record is not confirmed or has no documents, when nothing was attached since
/// the last look, or when the moderator's own company is a side of it; `invalid` naming `/note`.
pub fn review(app: &App, actor: &Actor, id: RecordId, note: &str) -> Result<()> {
    ensure_moderator(actor)?;
    let person = actor.user().ok_or_else(absent)?;
    let note = note.trim();
    check_note(note)?;
    app.db.write(|tx| {
        let record = records::find_any_record(tx.conn(), id)?.ok_or_else(absent)?;
        if !may_be_reviewed(&record) {
            return Err(Problem::conflict(
                "Both sides have to confirm the shipment, and one to attach a document, before that.",
            ));
        }
        if actor.company().is_some_and(|company| record.side_of(company).is_some()) {
            return Err(Problem::conflict(
                "Your own company is a side of this shipment; another moderator has to look.",
            ));
        }
        let documents = store::list_documents(tx.conn(), &[id.0])?;
        ensure_new(&documents, store::list_reviews(tx.conn(), &[id.0])?.first())?;
        let at = tx.now();
        store::replace_review(tx, person, &Review { record: id, note: note.to_owned(), reviewed_at: at })?;
        let hashes: Vec<&str> = documents.iter().map(|one| one.document.blob.sha256.as_str()).collect();
        let body = json!({"record": id, "documents": hashes, "reason": note});
        let kind = LedgerKind::RecordReviewed;
        append(tx, record.partnership, &Said { by: None, kind, record: Some(id), at, body })?;
        let count = u32::try_from(documents.len()).unwrap_or(u32::MAX);
        let grade = grade(Evidence { is_confirmed: true, documents: count, is_reviewed: true });
        records::update_record(tx, &Record { grade, ..record.clone() }, at)?;
        notify_of_review(tx, &record, at, note)
    })
}

fn check_note(note: &str) -> Result<()> {
    match note.chars().count() {
        0 => Err(Problem::invalid_field("/note", FieldCode::Required, "must say what you saw")),
        1..=MAX_REASON => Ok(()),
        _ => {
            Err(Problem::invalid_field("/note", FieldCode::Range, format!("must have at most {MAX_REASON} characters")))
        }
    }
}

/// A second look is one at what was attached since the first.
fn ensure_new(documents: &[RecordDocument], last: Option<&Review>) -> Result<()> {
    let is_new = |one: &RecordDocument| last.is_none_or(|last| one.attached_at > last.reviewed_at);
    if documents.iter().any(is_new) {
        return Ok(());
    }
    Err(Problem::conflict("A moderator has looked at these documents; nothing was attached since."))
}
