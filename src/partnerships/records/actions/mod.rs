//! Declaring, confirming, disputing and correcting a shipment. Every step appends to the ledger and notifies the other side.

use serde_json::json;

use self::references::{copy_references, correction_chain, doubt_held_lines};
use super::queries::{find_record, find_written};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::clock::Time;
use crate::error::{FieldCode, Problem, Result};
use crate::event_feed::EventType;
use crate::ids::{CompanyId, PartnershipId, RecordId};
use crate::locale::{Language, Message, text};
use crate::partnerships::actions::{NewEntry, append, check_reason, find_in, with_reason};
use crate::partnerships::documents::actions::{copy_documents, evidence_of};
use crate::partnerships::notifications::{StepText, notify_record, record_step};
use crate::partnerships::plausibility::ensure_possible;
use crate::partnerships::rules::{RecordFacts, grade, is_record_step_taken, may_declare, step_record};
use crate::partnerships::{
    LedgerKind, Partnership, Record, RecordDetail, RecordFields, RecordState, RecordStep, Side, store,
};
use crate::store::{IdempotencyKey, Idempotent, Tx, ensure_version};

mod references;

/// A shipment is corrected at most so often: every step of it goes through the whole chain in one transaction.
pub const MAX_CORRECTIONS: usize = 50;

pub use references::add_reference;
pub(in crate::partnerships) use references::add_reference_in;

/// Declares a shipment under a partnership for the actor's company; with `supersedes` it is a correction.
pub fn declare(
    app: &App,
    actor: &Actor,
    id: PartnershipId,
    fields: &RecordFields,
    once: Option<&IdempotencyKey>,
) -> Result<Idempotent<RecordId>> {
    let scope = actor.authorize(Permission::PartnershipsWrite)?;
    fields.check(app.clock.today())?;
    ensure_possible(fields, Language::English)?;
    app.db.write_idempotent(once, |tx| {
        let partnership = find_in(tx.conn(), scope, id)?;
        declare_and_notify(tx, &partnership, scope.company(), fields)
    })
}

/// Puts a new record in the place of an old one, of which the client has seen the version `expected`.
pub fn correct(
    app: &App,
    actor: &Actor,
    id: RecordId,
    fields: &RecordFields,
    expected: Option<i64>,
    once: Option<&IdempotencyKey>,
) -> Result<Idempotent<RecordId>> {
    let scope = actor.authorize(Permission::PartnershipsWrite)?;
    if fields.supersedes.is_some_and(|named| named != id) {
        let message = Message::new("partnerships-supersedes").with("id", id.to_string()).text(Language::English);
        return Err(Problem::invalid_field("/supersedes", FieldCode::Contradiction, message));
    }
    fields.check(app.clock.today())?;
    ensure_possible(fields, Language::English)?;
    let fields = RecordFields { supersedes: Some(id), ..fields.clone() };
    app.db.write_idempotent(once, |tx| {
        let old = find_record(tx.conn(), scope, id)?;
        ensure_version(expected, old.version)?;
        let partnership = find_in(tx.conn(), scope, old.partnership)?;
        declare_and_notify(tx, &partnership, scope.company(), &fields)
    })
}

fn declare_and_notify(
    tx: &mut Tx,
    partnership: &Partnership,
    by: CompanyId,
    fields: &RecordFields,
) -> Result<RecordId> {
    let at = tx.now();
    let record = declare_in(tx, partnership, by, fields, at)?;
    // The event names the e-mail's job: sent once for it, however often the transaction runs.
    let event = format!("record_declared {}", record.id);
    notify_record(tx, &record, by, &event, text_of_declaring(&record))?;
    let is_correction = record.fields.supersedes.is_some();
    let kind = if is_correction { EventType::RecordCorrected } else { EventType::RecordDeclared };
    record_step(tx, kind, &record, record.state)?;
    Ok(record.id)
}

fn text_of_declaring(record: &Record) -> StepText<'static> {
    let (subject, sentence) = match record.fields.supersedes {
        None => ("partnerships-mail-shipment", "partnerships-mail-shipment-text"),
        Some(_) => ("partnerships-mail-corrected", "partnerships-mail-corrected-text"),
    };
    StepText { subject, sentence: Message::new(sentence), reason: None, action: "partnerships-mail-confirm-or-dispute" }
}

/// Stores a record in an open transaction. Its fields were checked.
pub(in crate::partnerships) fn declare_in(
    tx: &mut Tx,
    partnership: &Partnership,
    by: CompanyId,
    fields: &RecordFields,
    at: Time,
) -> Result<Record> {
    let old = find_corrected(tx, partnership, fields.supersedes)?;
    may_declare(partnership.state, old.as_ref().map(|old| old.state))?;
    let after = old.as_ref().map(|old| step_of(old, RecordStep::Correct, by)).transpose()?;
    if let Some(old) = &old
        && correction_chain(tx.conn(), old)?.len() > MAX_CORRECTIONS
    {
        let says = Message::new("partnerships-too-many-corrections").with("most", MAX_CORRECTIONS);
        return Err(Problem::conflict(says.text(Language::English)));
    }
    let record = store::insert_record(tx, partnership, by, fields, at)?;
    let (mut references, mut documents) = (Vec::new(), Vec::new());
    if let (Some(old), Some(after)) = (&old, after) {
        if after != old.state {
            store::update_record(tx, old, &Record { state: after, ..old.clone() }, at)?;
        }
        references = copy_references(tx, old, &record, at)?;
        documents = copy_documents(tx, old, &record, at)?;
    }
    let kind = if old.is_some() { LedgerKind::RecordCorrected } else { LedgerKind::RecordDeclared };
    let body = json!({"record": record.id, "fields": fields, "customs_references": references, "documents": documents});
    append(tx, partnership.id, &NewEntry { by: Some(by), kind, record: Some(record.id), at, body })?;
    Ok(record)
}

fn find_corrected(tx: &mut Tx, partnership: &Partnership, id: Option<RecordId>) -> Result<Option<Record>> {
    let Some(id) = id else { return Ok(None) };
    let found = store::find_any_record(tx.conn(), id)?.filter(|record| record.partnership == partnership.id);
    let message = text(Language::English, "partnerships-no-record");
    found.map(Some).ok_or_else(|| Problem::invalid_field("/supersedes", FieldCode::UnknownValue, message))
}

pub(in crate::partnerships) fn step_of(record: &Record, step: RecordStep, by: CompanyId) -> Result<RecordState> {
    let (facts, by) = facts_of(record, by)?;
    Ok(step_record(&facts, step, by)?)
}

/// Whether the company has taken the step already. Asked before a version is compared: the first call has made a new one.
fn is_taken(record: &Record, step: RecordStep, by: CompanyId) -> Result<bool> {
    let (facts, by) = facts_of(record, by)?;
    Ok(is_record_step_taken(&facts, step, by))
}

fn facts_of(record: &Record, by: CompanyId) -> Result<(RecordFacts, Side)> {
    let side = |company| record.side_of(company).ok_or_else(|| Problem::not_found("trade_record"));
    let (declarer, by) = (side(record.declared_by)?, side(by)?);
    Ok((RecordFacts { state: record.state, declarer, party_form: record.fields.party_form }, by))
}

/// Confirms a record for the actor's company.
pub fn confirm(app: &App, actor: &Actor, id: RecordId, expected: Option<i64>) -> Result<RecordDetail> {
    let scope = actor.authorize(Permission::PartnershipsWrite)?;
    app.db.write(|tx| {
        let record = find_record(tx.conn(), scope, id)?;
        if is_taken(&record, RecordStep::Confirm, scope.company())? {
            return Ok(());
        }
        ensure_version(expected, record.version)?;
        let at = tx.now();
        confirm_in(tx, &record, scope.company(), at)?;
        record_step(tx, EventType::RecordConfirmed, &record, RecordState::Confirmed)?;
        let text = StepText {
            subject: "partnerships-mail-shipment-confirmed",
            sentence: Message::new("partnerships-mail-shipment-confirmed-text"),
            reason: None,
            action: "partnerships-mail-open-shipment",
        };
        notify_record(tx, &record, scope.company(), &format!("record_confirmed {id}"), text)
    })?;
    find_written(app, actor, id)
}

/// Confirms a record in an open transaction; what it corrects is then superseded.
pub(in crate::partnerships) fn confirm_in(tx: &mut Tx, record: &Record, by: CompanyId, at: Time) -> Result<()> {
    let state = step_of(record, RecordStep::Confirm, by)?;
    let grade = grade(evidence_of(tx.conn(), record.id, true)?);
    doubt_held_lines(tx, record)?;
    // All of the chain and not only the one before: of one shipment only what was confirmed last may stay in force.
    for other in correction_chain(tx.conn(), record)? {
        if other.id != record.id && other.state != RecordState::Superseded {
            store::update_record(tx, &other, &Record { state: RecordState::Superseded, ..other.clone() }, at)?;
        }
    }
    store::update_record(tx, record, &Record { state, grade, ..record.clone() }, at)?;
    let body = json!({"record": record.id});
    let kind = LedgerKind::RecordConfirmed;
    append(tx, record.partnership, &NewEntry { by: Some(by), kind, record: Some(record.id), at, body })
}

/// Disputes a record for the actor's company.
pub fn dispute(app: &App, actor: &Actor, id: RecordId, reason: &str, expected: Option<i64>) -> Result<RecordDetail> {
    let scope = actor.authorize(Permission::PartnershipsWrite)?;
    check_dispute(reason)?;
    app.db.write(|tx| {
        let record = find_record(tx.conn(), scope, id)?;
        let is_same = record.disputed_reason.as_deref() == Some(reason.trim());
        if is_same && is_taken(&record, RecordStep::Dispute, scope.company())? {
            return Ok(());
        }
        ensure_version(expected, record.version)?;
        let at = tx.now();
        dispute_in(tx, &record, scope.company(), reason, at)?;
        record_step(tx, EventType::RecordDisputed, &record, RecordState::Disputed)?;
        let text = StepText {
            subject: "partnerships-mail-disputes",
            sentence: Message::new("partnerships-mail-disputes-text"),
            reason: Some(reason),
            action: "partnerships-mail-open-shipment",
        };
        notify_record(tx, &record, scope.company(), &format!("record_disputed {id}"), text)
    })?;
    find_written(app, actor, id)
}

pub(in crate::partnerships) fn check_dispute(reason: &str) -> Result<()> {
    if reason.trim().is_empty() {
        return Err(Problem::invalid_field(
            "/reason",
            FieldCode::Required,
            text(Language::English, "partnerships-say-what-is-wrong"),
        ));
    }
    check_reason(Some(reason))
}

/// Disputes a record in an open transaction.
pub(in crate::partnerships) fn dispute_in(
    tx: &mut Tx,
    record: &Record,
    by: CompanyId,
    reason: &str,
    at: Time,
) -> Result<()> {
    let state = step_of(record, RecordStep::Dispute, by)?;
    let reason = reason.trim();
    let after = Record { state, disputed_reason: Some(reason.to_owned()), ..record.clone() };
    store::update_record(tx, record, &after, at)?;
    let body = with_reason(json!({"record": record.id}), Some(reason));
    let kind = LedgerKind::RecordDisputed;
    append(tx, record.partnership, &NewEntry { by: Some(by), kind, record: Some(record.id), at, body })
}
