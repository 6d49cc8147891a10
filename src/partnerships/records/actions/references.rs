//! Adding customs references to a record, and copying them to its correction.

use std::collections::HashSet;

use chrono::NaiveDate;
use serde_json::json;

use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::clock::Time;
use crate::error::{Code, Problem, Result};
use crate::ids::{CompanyId, CustomsReferenceId, RecordId};
use crate::locale::{Language, Message, text};
use crate::partnerships::actions::{NewEntry, append};
use crate::partnerships::eligibility::DeclarationLine;
use crate::partnerships::notifications::{StepText, notify_record};
use crate::partnerships::records::queries::find_record;
use crate::partnerships::references::{FIRST_ITEM, mark_suspicious};
use crate::partnerships::store::{self, NewReference, SameLine};
use crate::partnerships::{CustomsReference, LedgerKind, Record, RecordState, ReferenceFields};
use crate::reference::outcome::Outcome;
use crate::store::{Conn, IdempotencyKey, Idempotent, Tx};

/// A record carries at most so many references: each is compared with all others of its number in the transaction that adds it.
pub const MAX_REFERENCES: usize = 20;

/// Adds a customs reference to a record of the actor's company; either side may.
pub fn add_reference(
    app: &App,
    actor: &Actor,
    id: RecordId,
    fields: &ReferenceFields,
    once: Option<&IdempotencyKey>,
) -> Result<Idempotent<CustomsReferenceId>> {
    let scope = actor.authorize(Permission::PartnershipsWrite)?;
    app.db.write_idempotent(once, |tx| {
        let record = find_record(tx.conn(), scope, id)?;
        let at = tx.now();
        let reference = add_reference_in(tx, &record, scope.company(), fields, at)?;
        let text = StepText {
            subject: "partnerships-mail-reference",
            sentence: Message::new("partnerships-mail-reference-text"),
            reason: None,
            action: "partnerships-mail-look-at-number",
        };
        notify_record(tx, &record, scope.company(), &format!("reference_added {reference}"), text)?;
        Ok(reference)
    })
}

/// Adds a reference in an open transaction.
pub(in crate::partnerships) fn add_reference_in(
    tx: &mut Tx,
    record: &Record,
    by: CompanyId,
    fields: &ReferenceFields,
    at: Time,
) -> Result<CustomsReferenceId> {
    if record.state == RecordState::Superseded {
        return Err(Problem::conflict(text(Language::English, "partnerships-reference-corrected")));
    }
    fields.check(&record.fields, today_of(tx))?;
    if store::list_references(tx.conn(), &[record.id.0])?.len() >= MAX_REFERENCES {
        let says = Message::new("partnerships-too-many-references").with("most", MAX_REFERENCES);
        return Err(Problem::conflict(says.text(Language::English)));
    }
    let id = store_reference(tx, record, by, fields, at)?;
    let body = json!({"record": record.id, "customs_reference": id, "fields": fields});
    let kind = LedgerKind::CustomsReferenceAdded;
    append(tx, record.partnership, &NewEntry { by: Some(by), kind, record: Some(record.id), at, body })?;
    Ok(id)
}

fn today_of(tx: &Tx) -> NaiveDate {
    tx.now().date_naive()
}

/// Assesses a reference, alone and beside those that carry the same line of the same declaration, and stores it.
fn store_reference(
    tx: &mut Tx,
    record: &Record,
    by: CompanyId,
    fields: &ReferenceFields,
    at: Time,
) -> Result<CustomsReferenceId> {
    let mut result = fields.assess(&record.fields, today_of(tx));
    let item = result.item.unwrap_or(FIRST_ITEM);
    let line = DeclarationLine { system: fields.scheme.system(), number: result.canonical.clone(), item };
    let lines = store::list_same_line(tx.conn(), &line)?;
    // A correction carries the number of what it corrects; that is the same shipment and no duplicate.
    let relatives: HashSet<RecordId> =
        correction_chain(tx.conn(), record)?.into_iter().map(|member| member.id).collect();
    if let Some(line) = lines.iter().find(|line| is_own_duplicate(line, record, &relatives)) {
        let detail = Message::new("partnerships-reference-twice")
            .with("record", line.record.to_string())
            .text(Language::English);
        return Err(Problem::new(Code::Duplicate, detail));
    }
    // Refused between the same two, only suspicious between others: an answer that refuses would tell a stranger that the number is in use.
    if lines.iter().any(|line| is_held_by_others(line, record)) {
        mark_suspicious(&mut result, held_by_others());
    }
    // Always the first one and not the nearest: the table allows one first reference for a line, whoever comes at the same moment.
    let duplicate_of = lines.iter().find(|line| line.is_first).map(|line| line.reference);
    let new = NewReference { record: record.id, declared_by: by, fields, result: &result, item, duplicate_of, at };
    store::insert_reference(tx, &new)
}

fn held_by_others() -> &'static str {
    text(Language::English, "partnerships-reference-elsewhere")
}

/// Whether other companies have confirmed a record with the line to each other. What one side only claims makes nobody's number suspicious:
/// anybody could claim the number of a competitor's declaration first.
fn is_held_by_others(line: &SameLine, record: &Record) -> bool {
    line.is_confirmed && !is_same_pair(line, record)
}

/// Looks at the references of a record that is about to be confirmed once more: another pair may have confirmed the line since.
pub(super) fn doubt_held_lines(tx: &mut Tx, record: &Record) -> Result<()> {
    for reference in store::list_references(tx.conn(), &[record.id.0])? {
        let lines = store::list_same_line(tx.conn(), &reference.line())?;
        let is_sound = matches!(reference.outcome, Outcome::Valid | Outcome::ValidFormOnly);
        if is_sound && lines.iter().any(|line| is_held_by_others(line, record)) {
            store::set_outcome(tx, reference.id, Outcome::Suspicious, held_by_others())?;
        }
    }
    Ok(())
}

fn is_same_pair(line: &SameLine, record: &Record) -> bool {
    let pair = (record.supplier, record.buyer);
    pair == (line.supplier, line.buyer) || pair == (line.buyer, line.supplier)
}

/// The same two have the line on this record or on another shipment. On what the record corrects, or is corrected by, it is the same shipment.
fn is_own_duplicate(line: &SameLine, record: &Record, relatives: &HashSet<RecordId>) -> bool {
    line.record == record.id || (!line.is_superseded && is_same_pair(line, record) && !relatives.contains(&line.record))
}

/// The references of the old record, checked anew against the correction, which they belong to from now on.
pub(super) fn copy_references(tx: &mut Tx, old: &Record, record: &Record, at: Time) -> Result<Vec<CustomsReferenceId>> {
    let references = store::list_references(tx.conn(), &[old.id.0])?;
    let mut copy =
        |reference: CustomsReference| store_reference(tx, record, reference.declared_by, &reference.fields, at);
    references.into_iter().map(&mut copy).collect()
}

/// The record, everything that it corrects, and every correction of those: at most one of them is in force.
pub(super) fn correction_chain(conn: &mut Conn, record: &Record) -> Result<Vec<Record>> {
    let mut root = record.clone();
    while let Some(above) = root.fields.supersedes {
        let Some(found) = store::find_any_record(conn, above)? else { break };
        root = found;
    }
    // From the root downwards, a generation in one query: a record that is corrected twice has two branches.
    let mut members = vec![root];
    let mut newest = 0;
    while newest < members.len() {
        let ids: Vec<i64> = members[newest..].iter().map(|member| member.id.0).collect();
        newest = members.len();
        members.extend(store::list_corrections(conn, &ids)?);
    }
    Ok(members)
}
