//! A moderator's review of the documents of a record: the highest grade of evidence, and an entry in the ledger.

use serde_json::json;

use super::store;
use super::{RecordDocument, Review};
use crate::actor::Actor;
use crate::app::App;
use crate::companies;
use crate::error::{FieldCode, Problem, Result};
use crate::ids::RecordId;
use crate::locale::{Language, Message, text};
use crate::partnerships::actions::{MAX_REASON, NewEntry, append};
use crate::partnerships::notifications::notify_review;
use crate::partnerships::rules::{Evidence, grade};
use crate::partnerships::store as partnership_store;
use crate::partnerships::{EvidenceGrade, LedgerKind, PendingReview, Record};

/// So many records are on the moderators' page, the longest waiting first; it says how many more there are.
const MOST: i64 = 100;

/// Moderators are people of the platform; for everybody else there is no such thing.
fn ensure_moderator(actor: &Actor) -> Result<()> {
    if actor.is_moderator() { Ok(()) } else { Err(absent()) }
}

fn absent() -> Problem {
    Problem::not_found("trade_record")
}

/// The records whose documents wait for a review, the longest waiting first, at most 100; and how many there are.
pub fn list_pending_reviews(app: &App, actor: &Actor) -> Result<(Vec<PendingReview>, usize)> {
    ensure_moderator(actor)?;
    app.db.read(|conn| {
        let found = partnership_store::list_of_grade(conn, EvidenceGrade::DocumentAttached, MOST)?;
        let ids: Vec<i64> = found.iter().flat_map(|record| [record.supplier.0, record.buyer.0]).collect();
        let names = companies::store::names(conn, &ids)?;
        let name = |id: i64| names.get(&id).cloned().unwrap_or_default();
        let waiting = |record: Record| PendingReview {
            supplier_name: name(record.supplier.0),
            buyer_name: name(record.buyer.0),
            record,
        };
        let total = partnership_store::count_of_grade(conn, EvidenceGrade::DocumentAttached)?;
        Ok((found.into_iter().map(waiting).collect(), total))
    })
}

/// Records that a moderator reviewed the documents of a record, with a note that both sides read; the evidence is `operator_reviewed` then.
///
/// # Errors
/// `not_found` for everybody but moderators; `conflict` when the record is not confirmed or has no documents, when nothing was attached since
/// the last review, or when the moderator's own company is a side of it; `invalid` naming `/note`.
pub fn review(app: &App, actor: &Actor, id: RecordId, note: &str) -> Result<()> {
    ensure_moderator(actor)?;
    let person = actor.user().ok_or_else(absent)?;
    let note = note.trim();
    check_note(note)?;
    app.db.write(|tx| {
        let record = partnership_store::find_any_record(tx.conn(), id)?.ok_or_else(absent)?;
        if !record.may_be_reviewed() {
            return Err(Problem::conflict(text(Language::English, "partnerships-review-not-ready")));
        }
        if actor.company().is_some_and(|company| record.side_of(company).is_some()) {
            return Err(Problem::conflict(text(Language::English, "partnerships-review-own")));
        }
        let documents = store::list_documents(tx.conn(), &[id.0])?;
        ensure_new(&documents, store::list_reviews(tx.conn(), &[id.0])?.first())?;
        let at = tx.now();
        store::replace_review(tx, person, &Review { record: id, note: note.to_owned(), reviewed_at: at })?;
        let hashes: Vec<&str> = documents.iter().map(|one| one.document.blob.sha256.as_str()).collect();
        let body = json!({"record": id, "documents": hashes, "reason": note});
        let kind = LedgerKind::RecordReviewed;
        append(tx, record.partnership, &NewEntry { by: None, kind, record: Some(id), at, body })?;
        let count = u32::try_from(documents.len()).unwrap_or(u32::MAX);
        let grade = grade(Evidence { is_confirmed: true, documents: count, is_reviewed: true });
        partnership_store::update_record(tx, &record, &Record { grade, ..record.clone() }, at)?;
        notify_review(tx, &record, at, note)
    })
}

fn check_note(note: &str) -> Result<()> {
    match note.chars().count() {
        0 => Err(Problem::invalid_field(
            "/note",
            FieldCode::Required,
            text(Language::English, "partnerships-say-what-you-saw"),
        )),
        1..=MAX_REASON => Ok(()),
        _ => Err(Problem::invalid_field(
            "/note",
            FieldCode::Range,
            Message::new("partnerships-too-long").with("most", MAX_REASON).text(Language::English),
        )),
    }
}

/// A second review is of what was attached since the first.
fn ensure_new(documents: &[RecordDocument], last: Option<&Review>) -> Result<()> {
    let is_new = |one: &RecordDocument| last.is_none_or(|last| one.attached_at > last.reviewed_at);
    if documents.iter().any(is_new) {
        return Ok(());
    }
    Err(Problem::conflict(text(Language::English, "partnerships-reviewed-already")))
}
