//! Use cases of trade records: declaring, confirming, disputing, correcting, and adding customs references.

use std::collections::HashSet;

use chrono::NaiveDate;
use serde_json::json;

use super::actions::{Said, append, check_reason, find_in, with_reason};
use super::documents::{self, RecordDocument, Review};
use super::notifications::{News, notify_of_record};
use super::references::{FIRST_ITEM, doubt};
use super::rules::{RecordFacts, grade, may_declare, step_record};
use super::standing::counts;
use super::store::{self, NewReference, SameLine};
use super::{
    CustomsReference, LedgerKind, Partnership, Record, RecordFields, RecordState, RecordStep, ReferenceFields,
};
use crate::actor::{Actor, Permission, Scope};
use crate::app::App;
use crate::clock::Time;
use crate::error::{Code, FieldCode, Problem, Result};
use crate::ids::{CompanyId, CustomsReferenceId, PartnershipId, RecordId};
use crate::rates::History;
use crate::store::cursor::{Paging, Slice};
use crate::store::{Conn, Once, OnceKey, Tx, ensure_version};

/// A record with its customs references.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordDetail {
    /// The record.
    pub record: Record,
    /// Its references, oldest first.
    pub references: Vec<CustomsReference>,
    /// The corrections of it, oldest first.
    pub corrected_by: Vec<RecordId>,
    /// The first reason why it does not count in the statistics; `None` when it does.
    pub not_counted: Option<&'static str>,
    /// Its documents, in the order in which they were attached.
    pub documents: Vec<RecordDocument>,
    /// The newest look of a moderator at them.
    pub review: Option<Review>,
}

/// One record of the actor's company.
pub fn find(app: &App, actor: &Actor, id: RecordId) -> Result<RecordDetail> {
    find_in_scope(app, actor.authorize(Permission::PartnershipsRead)?, id)
}

/// A record after a write; a key that may only write sees what became of it.
pub fn find_written(app: &App, actor: &Actor, id: RecordId) -> Result<RecordDetail> {
    find_in_scope(app, actor.authorize(Permission::PartnershipsWrite)?, id)
}

fn find_in_scope(app: &App, scope: Scope, id: RecordId) -> Result<RecordDetail> {
    app.db.read(|conn| {
        let record = find_record(conn, scope, id)?;
        detail_of(conn, record, &app.rates.history())
    })
}

/// A record with everything that belongs to it; the caller has decided that its caller may see it.
pub(super) fn detail_of(conn: &mut Conn, record: Record, rates: &History) -> Result<RecordDetail> {
    let id = [record.id.0];
    let (documents, reviews) = documents::details_of(conn, &id)?;
    let references = store::list_references(conn, &id)?;
    Ok(RecordDetail {
        not_counted: counts(&record, &references, rates).err(),
        references,
        corrected_by: store::list_corrections(conn, &id)?.into_iter().map(|record| record.id).collect(),
        documents,
        review: reviews.into_iter().next(),
        record,
    })
}

/// The records of a partnership of the actor's company, newest first.
pub fn list(app: &App, actor: &Actor, id: PartnershipId, paging: &Paging) -> Result<Slice<RecordDetail>> {
    let scope = actor.authorize(Permission::PartnershipsRead)?;
    app.db.read(|conn| {
        find_in(conn, scope, id)?;
        let slice = store::list_records(conn, id, paging)?;
        let ids: Vec<i64> = slice.items.iter().map(|record| record.id.0).collect();
        let references = store::list_references(conn, &ids)?;
        let corrections = store::list_corrections(conn, &ids)?;
        let (documents, reviews) = documents::details_of(conn, &ids)?;
        let rates = app.rates.history();
        Ok(slice.map(|record| {
            let references: Vec<_> =
                references.iter().filter(|reference| reference.record == record.id).cloned().collect();
            let not_counted = counts(&record, &references, &rates).err();
            let documents = documents.iter().filter(|one| one.record == record.id).cloned().collect();
            let review = reviews.iter().find(|review| review.record == record.id).cloned();
            let corrected_by = corrections
                .iter()
                .filter(|correction| correction.fields.supersedes == Some(record.id))
                .map(|correction| correction.id)
                .collect();
            RecordDetail { references, corrected_by, not_counted, documents, review, record }
        }))
    })
}

fn find_record(conn: &mut Conn, scope: Scope, id: RecordId) -> Result<Record> {
    store::find_record(conn, scope, id)?.ok_or_else(|| Problem::not_found("trade record"))
}

/// Declares a shipment under a partnership for the actor's company; with `supersedes` it is a correction.
pub fn declare(
    app: &App,
    actor: &Actor,
    id: PartnershipId,
    fields: &RecordFields,
    once: Option<&OnceKey>,
) -> Result<Once<RecordId>> {
    let scope = actor.authorize(Permission::PartnershipsWrite)?;
    fields.check(app.clock.today())?;
    app.db.write_once(once, |tx| {
        let partnership = find_in(tx.conn(), scope, id)?;
        declare_and_tell(tx, &partnership, scope.company(), fields)
    })
}

/// Puts a new record in the place of an old one, of which the client has seen the version `expected`.
pub fn correct(
    app: &App,
    actor: &Actor,
    id: RecordId,
    fields: &RecordFields,
    expected: Option<i64>,
    once: Option<&OnceKey>,
) -> Result<Once<RecordId>> {
    let scope = actor.authorize(Permission::PartnershipsWrite)?;
    if fields.supersedes.is_some_and(|named| named != id) {
        let message = format!("must be {id}, the record that is corrected, or absent");
        return Err(Problem::invalid_field("/supersedes", FieldCode::Contradiction, message));
    }
    fields.check(app.clock.today())?;
    let fields = RecordFields { supersedes: Some(id), ..fields.clone() };
    app.db.write_once(once, |tx| {
        let old = find_record(tx.conn(), scope, id)?;
        ensure_version(expected, old.version)?;
        let partnership = find_in(tx.conn(), scope, old.partnership)?;
        declare_and_tell(tx, &partnership, scope.company(), &fields)
    })
}

fn declare_and_tell(tx: &mut Tx, partnership: &Partnership, by: CompanyId, fields: &RecordFields) -> Result<RecordId> {
    let at = tx.now();
    let record = declare_in(tx, partnership, by, fields, at)?;
    let event = format!("record_declared {}", record.id);
    notify_of_record(tx, &record, by, &event, &news_of_declaring(&record))?;
    Ok(record.id)
}

fn news_of_declaring(record: &Record) -> News<'static> {
    let (subject, sentence) = match record.fields.supersedes {
        None => ("{} declared a shipment", "{} declared a shipment under your partnership."),
        Some(_) => {
            ("{} corrected a shipment", "{} put a correction in the place of a shipment that was declared before.")
        }
    };
    News { subject, sentence, reason: None, action: "Look at it and confirm or dispute" }
}

/// Stores a record in an open transaction. Its fields were checked.
pub(super) fn declare_in(
    tx: &mut Tx,
    partnership: &Partnership,
    by: CompanyId,
    fields: &RecordFields,
    at: Time,
) -> Result<Record> {
    let old = find_corrected(tx, partnership, fields.supersedes)?;
    may_declare(partnership.state, old.as_ref().map(|old| old.state))?;
    let after = old.as_ref().map(|old| step_of(old, RecordStep::Correct, by)).transpose()?;
    let record = store::insert_record(tx, partnership, by, fields, at)?;
    let (mut carried, mut papers) = (Vec::new(), Vec::new());
    if let (Some(old), Some(after)) = (&old, after) {
        if after != old.state {
            store::update_record(tx, &Record { state: after, ..old.clone() }, at)?;
        }
        carried = carry_references(tx, old, &record, at)?;
        papers = documents::carry(tx, old, &record, at)?;
    }
    let kind = if old.is_some() { LedgerKind::RecordCorrected } else { LedgerKind::RecordDeclared };
    let body = json!({"record": record.id, "fields": fields, "customs_references": carried, "documents": papers});
    append(tx, partnership.id, &Said { by: Some(by), kind, record: Some(record.id), at, body })?;
    Ok(record)
}

fn find_corrected(tx: &mut Tx, partnership: &Partnership, id: Option<RecordId>) -> Result<Option<Record>> {
    let Some(id) = id else { return Ok(None) };
    let found = store::find_any_record(tx.conn(), id)?.filter(|record| record.partnership == partnership.id);
    let message = "must be a record of this partnership";
    found.map(Some).ok_or_else(|| Problem::invalid_field("/supersedes", FieldCode::UnknownValue, message))
}

pub(super) fn step_of(record: &Record, step: RecordStep, by: CompanyId) -> Result<RecordState> {
    let side = |company| record.side_of(company).ok_or_else(|| Problem::not_found("trade record"));
    let facts =
        RecordFacts { state: record.state, declarer: side(record.declared_by)?, party_form: record.fields.party_form };
    Ok(step_record(&facts, step, side(by)?)?)
}

/// The references of the old record, checked anew against the correction, which they belong to from now on.
fn carry_references(tx: &mut Tx, old: &Record, record: &Record, at: Time) -> Result<Vec<CustomsReferenceId>> {
    let mut carried = Vec::new();
    for reference in store::list_references(tx.conn(), &[old.id.0])? {
        let id = store_reference(tx, record, reference.declared_by, &reference.fields, at)?;
        carried.push(id);
    }
    Ok(carried)
}

/// Confirms a record for the actor's company.
pub fn confirm(app: &App, actor: &Actor, id: RecordId, expected: Option<i64>) -> Result<RecordDetail> {
    let scope = actor.authorize(Permission::PartnershipsWrite)?;
    app.db.write(|tx| {
        let record = find_record(tx.conn(), scope, id)?;
        ensure_version(expected, record.version)?;
        let at = tx.now();
        confirm_in(tx, &record, scope.company(), at)?;
        let news = News {
            subject: "{} confirmed a shipment",
            sentence: "{} confirmed the shipment that you declared. Both sides now say the same.",
            reason: None,
            action: "Open the shipment",
        };
        notify_of_record(tx, &record, scope.company(), &format!("record_confirmed {id}"), &news)
    })?;
    find_written(app, actor, id)
}

/// Confirms a record in an open transaction; what it corrects is then superseded.
pub(super) fn confirm_in(tx: &mut Tx, record: &Record, by: CompanyId, at: Time) -> Result<()> {
    let state = step_of(record, RecordStep::Confirm, by)?;
    let grade = grade(documents::evidence_of(tx.conn(), record.id, true)?);
    for other in family(tx.conn(), record)? {
        if other.id != record.id && other.state != RecordState::Superseded {
            store::update_record(tx, &Record { state: RecordState::Superseded, ..other }, at)?;
        }
    }
    store::update_record(tx, &Record { state, grade, ..record.clone() }, at)?;
    let body = json!({"record": record.id});
    let kind = LedgerKind::RecordConfirmed;
    append(tx, record.partnership, &Said { by: Some(by), kind, record: Some(record.id), at, body })
}

/// The record, everything that it corrects, and every correction of those: at most one of them is in force.
fn family(conn: &mut Conn, record: &Record) -> Result<Vec<Record>> {
    let mut root = record.clone();
    while let Some(above) = root.fields.supersedes {
        let Some(found) = store::find_any_record(conn, above)? else { break };
        root = found;
    }
    let mut members = vec![root];
    let mut newest = 0;
    while newest < members.len() {
        let ids: Vec<i64> = members[newest..].iter().map(|member| member.id.0).collect();
        newest = members.len();
        members.extend(store::list_corrections(conn, &ids)?);
    }
    Ok(members)
}

/// Disputes a record for the actor's company.
pub fn dispute(app: &App, actor: &Actor, id: RecordId, reason: &str, expected: Option<i64>) -> Result<RecordDetail> {
    let scope = actor.authorize(Permission::PartnershipsWrite)?;
    check_dispute(reason)?;
    app.db.write(|tx| {
        let record = find_record(tx.conn(), scope, id)?;
        ensure_version(expected, record.version)?;
        let at = tx.now();
        dispute_in(tx, &record, scope.company(), reason, at)?;
        let news = News {
            subject: "{} disputes a shipment",
            sentence: "{} disputes the shipment that you declared. Correct it, or talk to them.",
            reason: Some(reason),
            action: "Open the shipment",
        };
        notify_of_record(tx, &record, scope.company(), &format!("record_disputed {id}"), &news)
    })?;
    find_written(app, actor, id)
}

pub(super) fn check_dispute(reason: &str) -> Result<()> {
    if reason.trim().is_empty() {
        return Err(Problem::invalid_field("/reason", FieldCode::Required, "must say what is not right"));
    }
    check_reason(Some(reason))
}

/// Disputes a record in an open transaction.
pub(super) fn dispute_in(tx: &mut Tx, record: &Record, by: CompanyId, reason: &str, at: Time) -> Result<()> {
    let state = step_of(record, RecordStep::Dispute, by)?;
    let reason = reason.trim();
    store::update_record(tx, &Record { state, disputed_reason: Some(reason.to_owned()), ..record.clone() }, at)?;
    let body = with_reason(json!({"record": record.id}), Some(reason));
    let kind = LedgerKind::RecordDisputed;
    append(tx, record.partnership, &Said { by: Some(by), kind, record: Some(record.id), at, body })
}

/// Adds a customs reference to a record of the actor's company; either side may.
pub fn add_reference(
    app: &App,
    actor: &Actor,
    id: RecordId,
    fields: &ReferenceFields,
    once: Option<&OnceKey>,
) -> Result<Once<CustomsReferenceId>> {
    let scope = actor.authorize(Permission::PartnershipsWrite)?;
    app.db.write_once(once, |tx| {
        let record = find_record(tx.conn(), scope, id)?;
        let at = tx.now();
        let reference = add_reference_in(tx, &record, scope.company(), fields, at)?;
        let news = News {
            subject: "{} added a customs reference",
            sentence: "{} added the number of a customs declaration to a shipment under your partnership.",
            reason: None,
            action: "Look at the number and its check",
        };
        notify_of_record(tx, &record, scope.company(), &format!("reference_added {reference}"), &news)?;
        Ok(reference)
    })
}

/// Adds a reference in an open transaction.
pub(super) fn add_reference_in(
    tx: &mut Tx,
    record: &Record,
    by: CompanyId,
    fields: &ReferenceFields,
    at: Time,
) -> Result<CustomsReferenceId> {
    if record.state == RecordState::Superseded {
        return Err(Problem::conflict("A correction has taken the record's place; add the reference to that one."));
    }
    fields.check(&record.fields, today_of(tx))?;
    let id = store_reference(tx, record, by, fields, at)?;
    let body = json!({"record": record.id, "customs_reference": id, "fields": fields});
    let kind = LedgerKind::CustomsReferenceAdded;
    append(tx, record.partnership, &Said { by: Some(by), kind, record: Some(record.id), at, body })?;
    Ok(id)
}

fn today_of(tx: &Tx) -> NaiveDate {
    tx.now().date_naive()
}

/// Judges a reference, alone and beside those that carry the same line of the same declaration, and stores it.
fn store_reference(
    tx: &mut Tx,
    record: &Record,
    by: CompanyId,
    fields: &ReferenceFields,
    at: Time,
) -> Result<CustomsReferenceId> {
    let mut result = fields.judge(&record.fields, today_of(tx));
    let item = result.item.unwrap_or(FIRST_ITEM);
    let lines = store::list_same_line(tx.conn(), fields.scheme.as_str(), &result.canonical, item)?;
    let relatives: HashSet<RecordId> = family(tx.conn(), record)?.into_iter().map(|member| member.id).collect();
    if let Some(line) = lines.iter().find(|line| is_own_duplicate(line, record, &relatives)) {
        let detail = format!("The record {} of your partnership carries this number and item already.", line.record);
        return Err(Problem::new(Code::Duplicate, detail));
    }
    if lines.iter().any(|line| !line.is_superseded && !is_same_pair(line, record)) {
        doubt(&mut result, "a record of other companies carries the same number and item");
    }
    let duplicate_of = lines.iter().find(|line| line.is_first).map(|line| line.reference);
    let new = NewReference { record: record.id, declared_by: by, fields, result: &result, item, duplicate_of, at };
    store::insert_reference(tx, &new)
}

fn is_same_pair(line: &SameLine, record: &Record) -> bool {
    let pair = (record.supplier, record.buyer);
    pair == (line.supplier, line.buyer) || pair == (line.buyer, line.supplier)
}

/// The same two have the line on this record or on another shipment. On what the record corrects, or is corrected by, it is the same shipment.
fn is_own_duplicate(line: &SameLine, record: &Record, relatives: &HashSet<RecordId>) -> bool {
    line.record == record.id || (!line.is_superseded && is_same_pair(line, record) && !relatives.contains(&line.record))
}
