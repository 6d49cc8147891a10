//! Reading trade records: each with its references, documents and corrections, and whether it counts.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::actor::{Actor, Permission, Scope};
use crate::app::App;
use crate::clock::Time;
use crate::companies::{self, Verification};
use crate::error::{Problem, Result};
use crate::ids::{CompanyId, PartnershipId, RecordId};
use crate::partnerships::actions::find_in;
use crate::partnerships::documents::actions as documents;
use crate::partnerships::eligibility::{
    Circumstances, CountedLines, DeclarationLine, ExclusionReason, eligibility, strongest_reference,
};
use crate::partnerships::{CustomsReference, Record, RecordDetail, store};
use crate::rates::rules::History;
use crate::store::Conn;
use crate::store::cursor::{ListPage, Paging, RowKey};

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

/// A record as a moderator reviews its documents; for everybody else there is none.
pub fn find_for_review(app: &App, actor: &Actor, id: RecordId) -> Result<RecordDetail> {
    let absent = || Problem::not_found("trade_record");
    if !actor.is_moderator() {
        return Err(absent());
    }
    app.db.read(|conn| {
        let record = store::find_any_record(conn, id)?.ok_or_else(absent)?;
        detail_of(conn, record, &app.rates.history())
    })
}

/// A record with everything that belongs to it; the caller has decided that its caller may see it.
fn detail_of(conn: &mut Conn, record: Record, rates: &History) -> Result<RecordDetail> {
    let details = details_of(conn, vec![record], rates)?;
    details.into_iter().next().ok_or_else(|| Problem::internal("a record is without its details"))
}

/// The records of a partnership of the actor's company, newest first, or by the time of their last change.
pub fn list<K: RowKey>(
    app: &App,
    actor: &Actor,
    id: PartnershipId,
    since: Option<Time>,
    paging: &Paging<K>,
) -> Result<ListPage<RecordDetail, K>> {
    let scope = actor.authorize(Permission::PartnershipsRead)?;
    app.db.read(|conn| {
        find_in(conn, scope, id)?;
        let ListPage { items, next, prev } = store::list_records(conn, id, since, paging)?;
        Ok(ListPage { items: details_of(conn, items, &app.rates.history())?, next, prev })
    })
}

/// The records with what belongs to each, in their order, by one query for each kind of thing.
fn details_of(conn: &mut Conn, records: Vec<Record>, rates: &History) -> Result<Vec<RecordDetail>> {
    let ids: Vec<i64> = records.iter().map(|record| record.id.0).collect();
    let mut references = store::references_by_record(conn, &ids)?;
    let corrections = store::list_corrections(conn, &ids)?;
    let (documents, reviews) = documents::details_of(conn, &ids)?;
    let mut exclusions = exclusions(conn, &records, &references, rates)?;
    let detail = |record: Record| RecordDetail {
        references: references.remove(&record.id).unwrap_or_default(),
        corrected_by: corrections
            .iter()
            .filter(|correction| correction.fields.supersedes == Some(record.id))
            .map(|correction| correction.id)
            .collect(),
        exclusion: exclusions.remove(&record.id),
        documents: documents.iter().filter(|one| one.record == record.id).cloned().collect(),
        review: reviews.iter().find(|review| review.record == record.id).cloned(),
        record,
    };
    Ok(records.into_iter().map(detail).collect())
}

/// Why those of the records that do not count do not.
fn exclusions(
    conn: &mut Conn,
    records: &[Record],
    references: &HashMap<RecordId, Vec<CustomsReference>>,
    rates: &History,
) -> Result<HashMap<RecordId, ExclusionReason>> {
    let alone = CountedLines::default();
    let identified = identified_sides(conn, records)?;
    let circumstances = Circumstances { rates, identified: &identified };
    // Only a record that would count can be kept from it by another: most pages ask for no line at all.
    let lines = records
        .iter()
        .filter_map(|record| counted_line(record, references_of(references, record), &alone, circumstances));
    let counted = counted_lines(conn, &lines.collect::<Vec<_>>(), rates)?;
    let exclusion = |record: &Record| {
        let reason = eligibility(record, references_of(references, record), &counted, circumstances).err()?;
        Some((record.id, reason))
    };
    Ok(records.iter().filter_map(exclusion).collect())
}

fn references_of<'r>(
    references: &'r HashMap<RecordId, Vec<CustomsReference>>,
    record: &Record,
) -> &'r [CustomsReference] {
    references.get(&record.id).map_or(&[], Vec::as_slice)
}

/// The line that a record counts with, where it counts.
fn counted_line(
    record: &Record,
    references: &[CustomsReference],
    counted: &CountedLines,
    circumstances: Circumstances<'_>,
) -> Option<DeclarationLine> {
    eligibility(record, references, counted, circumstances).ok()?;
    strongest_reference(references).map(CustomsReference::line)
}

/// The oldest record that counts with each of the lines, whosever it is.
fn counted_lines(conn: &mut Conn, lines: &[DeclarationLine], rates: &History) -> Result<CountedLines> {
    let ids = if lines.is_empty() { Vec::new() } else { store::list_records_on(conn, lines)? };
    let references = store::references_by_record(conn, &ids)?;
    let mut counted = CountedLines::default();
    let records = store::load_records(conn, &ids)?;
    let identified = identified_sides(conn, &records)?;
    let circumstances = Circumstances { rates, identified: &identified };
    for record in records {
        let line = counted_line(&record, references_of(&references, &record), &counted, circumstances);
        line.into_iter().for_each(|line| counted.add(line, record.id));
    }
    Ok(counted)
}

/// Those of the companies of the records that are identified at least.
pub fn identified_sides(conn: &mut Conn, records: &[Record]) -> Result<HashSet<CompanyId>> {
    let sides: BTreeSet<i64> = records.iter().flat_map(|record| [record.supplier.0, record.buyer.0]).collect();
    let sides: Vec<i64> = sides.into_iter().collect();
    let levels = companies::store::load_form_and_verification(conn, &sides)?;
    let identified = levels.into_iter().filter(|(_, _, level)| *level >= Verification::Identified);
    Ok(identified.map(|(company, ..)| company).collect())
}

pub(super) fn find_record(conn: &mut Conn, scope: Scope, id: RecordId) -> Result<Record> {
    store::find_record(conn, scope, id)?.ok_or_else(|| Problem::not_found("trade_record"))
}
