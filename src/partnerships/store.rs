//! Rows of `partnerships`, their ledgers, `trade_records` and `customs_references`.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::actions::Acceptance;
use super::references::ReferenceContent;
use super::{
    CustomsReference, EvidenceGrade, LedgerEntry, Partnership, PartnershipFields, PartnershipState, Record,
    RecordFields, RecordState,
};
use crate::actor::Scope;
use crate::clock::Time;
use crate::customs::CheckResult;
use crate::error::{Code, Problem, Result};
use crate::ids::{CompanyId, CustomsReferenceId, PartnershipId, QuoteId, RecordId};
use crate::page_rows;
use crate::quotes::QuoteState;
use crate::store::cursor::{Paging, Slice};
use crate::store::schema::{customs_references, partnership_entries, partnerships, quotes, rfqs, trade_records};
use crate::store::{Conn, Tx, from_json, from_text, or_duplicate, to_json};

/// Read at once at most, of a partnership's whole history.
const MOST_ROWS: i64 = 20_000;

#[derive(Queryable, Selectable)]
#[diesel(table_name = partnerships)]
struct PartnershipRow {
    id: i64,
    supplier_id: i64,
    buyer_id: i64,
    proposed_by: i64,
    quote_id: Option<i64>,
    state: String,
    note: String,
    version: i64,
    proposed_at: NaiveDateTime,
    confirmed_at: Option<NaiveDateTime>,
    ended_at: Option<NaiveDateTime>,
}

impl TryFrom<PartnershipRow> for Partnership {
    type Error = Problem;
    fn try_from(row: PartnershipRow) -> Result<Self> {
        Ok(Self {
            id: PartnershipId(row.id),
            supplier: CompanyId(row.supplier_id),
            buyer: CompanyId(row.buyer_id),
            proposed_by: CompanyId(row.proposed_by),
            quote: row.quote_id.map(QuoteId),
            state: from_text(&row.state)?,
            note: row.note,
            version: row.version,
            proposed_at: row.proposed_at.and_utc(),
            confirmed_at: row.confirmed_at.map(|at| at.and_utc()),
            ended_at: row.ended_at.map(|at| at.and_utc()),
        })
    }
}

/// A new partnership; `duplicate` when the two have a live one.
pub(super) fn insert(
    tx: &mut Tx,
    fields: &PartnershipFields,
    proposer: CompanyId,
    proposed_at: Time,
) -> Result<Partnership> {
    let partnership = Partnership {
        id: tx.make_id(),
        supplier: fields.supplier,
        buyer: fields.buyer,
        proposed_by: proposer,
        quote: fields.quote,
        state: PartnershipState::Proposed,
        note: fields.note.clone().unwrap_or_default(),
        version: 1,
        proposed_at,
        confirmed_at: None,
        ended_at: None,
    };
    let row = (
        partnerships::id.eq(partnership.id.0),
        partnerships::supplier_id.eq(partnership.supplier.0),
        partnerships::buyer_id.eq(partnership.buyer.0),
        partnerships::proposed_by.eq(proposer.0),
        partnerships::quote_id.eq(partnership.quote.map(|quote| quote.0)),
        partnerships::state.eq(partnership.state.as_str()),
        partnerships::note.eq(&partnership.note),
        partnerships::version.eq(1_i64),
        partnerships::proposed_at.eq(proposed_at.naive_utc()),
    );
    or_duplicate(diesel::insert_into(partnerships::table).values(row).execute(tx.conn()), || {
        Problem::new(Code::Duplicate, "The two companies have a proposed or active partnership already.")
    })?;
    Ok(partnership)
}

/// Writes the state and times of a partnership and the next version.
pub(super) fn update(tx: &mut Tx, partnership: &Partnership) -> Result<()> {
    diesel::update(partnerships::table.find(partnership.id.0))
        .set((
            partnerships::state.eq(partnership.state.as_str()),
            partnerships::confirmed_at.eq(partnership.confirmed_at.map(|at| at.naive_utc())),
            partnerships::ended_at.eq(partnership.ended_at.map(|at| at.naive_utc())),
            partnerships::version.eq(partnership.version + 1),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// One partnership of the company; `None` also for one between others.
pub fn find(conn: &mut Conn, scope: Scope, id: PartnershipId) -> Result<Option<Partnership>> {
    let company = scope.company().0;
    let row: Option<PartnershipRow> = partnerships::table
        .find(id.0)
        .filter(partnerships::supplier_id.eq(company).or(partnerships::buyer_id.eq(company)))
        .select(PartnershipRow::as_select())
        .first(conn)
        .optional()?;
    row.map(Partnership::try_from).transpose()
}

/// The proposed or active partnership in which these two have these roles.
pub fn find_live(conn: &mut Conn, supplier: CompanyId, buyer: CompanyId) -> Result<Option<Partnership>> {
    let row: Option<PartnershipRow> = partnerships::table
        .filter(partnerships::supplier_id.eq(supplier.0))
        .filter(partnerships::buyer_id.eq(buyer.0))
        .filter(partnerships::state.eq_any(live_states()))
        .select(PartnershipRow::as_select())
        .first(conn)
        .optional()?;
    row.map(Partnership::try_from).transpose()
}

fn live_states() -> [&'static str; 2] {
    [PartnershipState::Proposed.as_str(), PartnershipState::Active.as_str()]
}

/// The company's partnerships on either side, newest first.
pub fn list(conn: &mut Conn, scope: Scope, paging: &Paging) -> Result<Slice<Partnership>> {
    let company = scope.company().0;
    let query = partnerships::table
        .filter(partnerships::supplier_id.eq(company).or(partnerships::buyer_id.eq(company)))
        .select(PartnershipRow::as_select())
        .into_boxed();
    let rows: Vec<PartnershipRow> = page_rows!(query, partnerships::id, paging, conn)?;
    let found = rows.into_iter().map(Partnership::try_from).collect::<Result<Vec<_>>>()?;
    Ok(paging.cut(found, |partnership| partnership.id.0))
}

/// The proposals that wait for the company, newest first.
pub fn list_waiting(conn: &mut Conn, scope: Scope, most: i64) -> Result<Vec<Partnership>> {
    let company = scope.company().0;
    let rows: Vec<PartnershipRow> = partnerships::table
        .filter(partnerships::supplier_id.eq(company).or(partnerships::buyer_id.eq(company)))
        .filter(partnerships::proposed_by.ne(company))
        .filter(partnerships::state.eq(PartnershipState::Proposed.as_str()))
        .order(partnerships::id.desc())
        .limit(most)
        .select(PartnershipRow::as_select())
        .load(conn)?;
    rows.into_iter().map(Partnership::try_from).collect()
}

/// Supplier and buyer of each proposed or active partnership of the company.
pub(super) fn list_live_sides(conn: &mut Conn, scope: Scope) -> Result<Vec<(CompanyId, CompanyId)>> {
    let company = scope.company().0;
    let rows: Vec<(i64, i64)> = partnerships::table
        .filter(partnerships::supplier_id.eq(company).or(partnerships::buyer_id.eq(company)))
        .filter(partnerships::state.eq_any(live_states()))
        .select((partnerships::supplier_id, partnerships::buyer_id))
        .load(conn)?;
    Ok(rows.into_iter().map(|(supplier, buyer)| (CompanyId(supplier), CompanyId(buyer))).collect())
}

/// The accepted quotes that the company gave or received, newest first.
pub(super) fn list_accepted(conn: &mut Conn, scope: Scope, most: i64) -> Result<Vec<Acceptance>> {
    let company = scope.company().0;
    let rows: Vec<(i64, i64, i64, String)> = quotes::table
        .inner_join(rfqs::table)
        .filter(quotes::supplier_id.eq(company).or(quotes::buyer_id.eq(company)))
        .filter(quotes::state.eq(QuoteState::Accepted.as_str()))
        .order(quotes::id.desc())
        .limit(most)
        .select((quotes::id, quotes::supplier_id, quotes::buyer_id, rfqs::title))
        .load(conn)?;
    let acceptance = |(quote, supplier, buyer, rfq_title)| Acceptance {
        quote: QuoteId(quote),
        supplier: CompanyId(supplier),
        buyer: CompanyId(buyer),
        rfq_title,
    };
    Ok(rows.into_iter().map(acceptance).collect())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = partnership_entries)]
struct EntryRow {
    number: i32,
    kind: String,
    company_id: Option<i64>,
    content: String,
    at: NaiveDateTime,
    previous_hash: String,
    hash: String,
}

impl TryFrom<EntryRow> for LedgerEntry {
    type Error = Problem;
    fn try_from(row: EntryRow) -> Result<Self> {
        Ok(Self {
            number: u32::try_from(row.number).unwrap_or(0),
            at: row.at.and_utc(),
            by: row.company_id.map(CompanyId),
            kind: from_text(&row.kind)?,
            body: from_json(&row.content)?,
            previous: row.previous_hash,
            hash: row.hash,
        })
    }
}

/// The newest entry of a ledger.
pub(super) fn last_entry(conn: &mut Conn, id: PartnershipId) -> Result<Option<LedgerEntry>> {
    let row: Option<EntryRow> = partnership_entries::table
        .filter(partnership_entries::partnership_id.eq(id.0))
        .order(partnership_entries::number.desc())
        .select(EntryRow::as_select())
        .first(conn)
        .optional()?;
    row.map(LedgerEntry::try_from).transpose()
}

/// Adds an entry that `ledger::next_entry` made. A number that was taken in the meantime runs the transaction again.
pub(super) fn insert_entry(
    tx: &mut Tx,
    id: PartnershipId,
    entry: &LedgerEntry,
    record: Option<RecordId>,
) -> Result<()> {
    let row = (
        partnership_entries::partnership_id.eq(id.0),
        partnership_entries::number.eq(i32::try_from(entry.number).unwrap_or(i32::MAX)),
        partnership_entries::kind.eq(entry.kind.as_str()),
        partnership_entries::company_id.eq(entry.by.map(|company| company.0)),
        partnership_entries::record_id.eq(record.map(|record| record.0)),
        partnership_entries::content.eq(to_json(&entry.body)?),
        partnership_entries::at.eq(entry.at.naive_utc()),
        partnership_entries::previous_hash.eq(&entry.previous),
        partnership_entries::hash.eq(&entry.hash),
    );
    or_duplicate(diesel::insert_into(partnership_entries::table).values(row).execute(tx.conn()), Problem::transient)?;
    Ok(())
}

/// The whole ledger, oldest entry first. The caller has seen that the partnership is the viewer's.
pub fn list_entries(conn: &mut Conn, id: PartnershipId) -> Result<Vec<LedgerEntry>> {
    let rows: Vec<EntryRow> = partnership_entries::table
        .filter(partnership_entries::partnership_id.eq(id.0))
        .order(partnership_entries::number)
        .limit(MOST_ROWS)
        .select(EntryRow::as_select())
        .load(conn)?;
    rows.into_iter().map(LedgerEntry::try_from).collect()
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = trade_records)]
struct RecordRow {
    id: i64,
    partnership_id: i64,
    supplier_id: i64,
    buyer_id: i64,
    declared_by: i64,
    state: String,
    grade: String,
    supersedes: Option<i64>,
    disputed_reason: Option<String>,
    content: String,
    version: i64,
    created_at: NaiveDateTime,
    updated_at: NaiveDateTime,
}

impl TryFrom<RecordRow> for Record {
    type Error = Problem;
    fn try_from(row: RecordRow) -> Result<Self> {
        let fields: RecordFields = from_json(&row.content)?;
        Ok(Self {
            id: RecordId(row.id),
            partnership: PartnershipId(row.partnership_id),
            supplier: CompanyId(row.supplier_id),
            buyer: CompanyId(row.buyer_id),
            declared_by: CompanyId(row.declared_by),
            state: from_text(&row.state)?,
            grade: from_text(&row.grade)?,
            disputed_reason: row.disputed_reason,
            fields: RecordFields { supersedes: row.supersedes.map(RecordId), ..fields },
            version: row.version,
            created_at: row.created_at.and_utc(),
            updated_at: row.updated_at.and_utc(),
        })
    }
}

/// A new record, declared by one side at `at`.
pub(super) fn insert_record(
    tx: &mut Tx,
    partnership: &Partnership,
    declared_by: CompanyId,
    fields: &RecordFields,
    at: Time,
) -> Result<Record> {
    let record = Record {
        id: tx.make_id(),
        partnership: partnership.id,
        supplier: partnership.supplier,
        buyer: partnership.buyer,
        declared_by,
        state: RecordState::Declared,
        grade: EvidenceGrade::SelfDeclared,
        disputed_reason: None,
        fields: fields.clone(),
        version: 1,
        created_at: at,
        updated_at: at,
    };
    let row = (
        trade_records::id.eq(record.id.0),
        trade_records::partnership_id.eq(record.partnership.0),
        trade_records::supplier_id.eq(record.supplier.0),
        trade_records::buyer_id.eq(record.buyer.0),
        trade_records::declared_by.eq(declared_by.0),
        trade_records::state.eq(record.state.as_str()),
        trade_records::grade.eq(record.grade.as_str()),
        trade_records::supersedes.eq(fields.supersedes.map(|id| id.0)),
        trade_records::content.eq(to_json(fields)?),
        trade_records::version.eq(1_i64),
        trade_records::created_at.eq(at.naive_utc()),
        trade_records::updated_at.eq(at.naive_utc()),
    );
    diesel::insert_into(trade_records::table).values(row).execute(tx.conn())?;
    Ok(record)
}

/// Writes the state, grade and dispute of a record and the next version.
pub(super) fn update_record(tx: &mut Tx, record: &Record, at: Time) -> Result<()> {
    diesel::update(trade_records::table.find(record.id.0))
        .set((
            trade_records::state.eq(record.state.as_str()),
            trade_records::grade.eq(record.grade.as_str()),
            trade_records::disputed_reason.eq(&record.disputed_reason),
            trade_records::version.eq(record.version + 1),
            trade_records::updated_at.eq(at.naive_utc()),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// One record of the company's partnerships; `None` also for one between others.
pub fn find_record(conn: &mut Conn, scope: Scope, id: RecordId) -> Result<Option<Record>> {
    let company = scope.company().0;
    let row: Option<RecordRow> = trade_records::table
        .find(id.0)
        .filter(trade_records::supplier_id.eq(company).or(trade_records::buyer_id.eq(company)))
        .select(RecordRow::as_select())
        .first(conn)
        .optional()?;
    row.map(Record::try_from).transpose()
}

/// The records of a partnership, newest first.
pub fn list_records(conn: &mut Conn, id: PartnershipId, paging: &Paging) -> Result<Slice<Record>> {
    let query =
        trade_records::table.filter(trade_records::partnership_id.eq(id.0)).select(RecordRow::as_select()).into_boxed();
    let rows: Vec<RecordRow> = page_rows!(query, trade_records::id, paging, conn)?;
    let found = rows.into_iter().map(Record::try_from).collect::<Result<Vec<_>>>()?;
    Ok(paging.cut(found, |record| record.id.0))
}

/// Every record of a partnership, oldest first.
pub fn all_records(conn: &mut Conn, id: PartnershipId) -> Result<Vec<Record>> {
    let rows: Vec<RecordRow> = trade_records::table
        .filter(trade_records::partnership_id.eq(id.0))
        .order(trade_records::id)
        .limit(MOST_ROWS)
        .select(RecordRow::as_select())
        .load(conn)?;
    rows.into_iter().map(Record::try_from).collect()
}

/// The declared records that wait for the company's word, newest first.
pub fn list_waiting_records(conn: &mut Conn, scope: Scope, most: i64) -> Result<Vec<Record>> {
    let company = scope.company().0;
    let rows: Vec<RecordRow> = trade_records::table
        .filter(trade_records::supplier_id.eq(company).or(trade_records::buyer_id.eq(company)))
        .filter(trade_records::declared_by.ne(company))
        .filter(trade_records::state.eq(RecordState::Declared.as_str()))
        .order(trade_records::id.desc())
        .limit(most)
        .select(RecordRow::as_select())
        .load(conn)?;
    let records = rows.into_iter().map(Record::try_from).collect::<Result<Vec<_>>>()?;
    Ok(records.into_iter().filter(|record| record.waits_for(scope.company())).collect())
}

/// The records that stand, in whatever state, as corrections of these.
pub(super) fn list_corrections(conn: &mut Conn, of: &[i64]) -> Result<Vec<Record>> {
    let rows: Vec<RecordRow> =
        trade_records::table.filter(trade_records::supersedes.eq_any(of)).select(RecordRow::as_select()).load(conn)?;
    rows.into_iter().map(Record::try_from).collect()
}

/// The records of one grade that both sides confirmed, the longest confirmed first; for moderators.
pub(super) fn list_of_grade(conn: &mut Conn, grade: EvidenceGrade, most: i64) -> Result<Vec<Record>> {
    let rows: Vec<RecordRow> = trade_records::table
        .filter(trade_records::grade.eq(grade.as_str()))
        .filter(trade_records::state.eq(RecordState::Confirmed.as_str()))
        .order(trade_records::id)
        .limit(most)
        .select(RecordRow::as_select())
        .load(conn)?;
    rows.into_iter().map(Record::try_from).collect()
}

/// One record whosever it is: for following corrections inside a partnership, and for moderators.
pub(super) fn find_any_record(conn: &mut Conn, id: RecordId) -> Result<Option<Record>> {
    let row: Option<RecordRow> =
        trade_records::table.find(id.0).select(RecordRow::as_select()).first(conn).optional()?;
    row.map(Record::try_from).transpose()
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = customs_references)]
struct ReferenceRow {
    id: i64,
    record_id: i64,
    declared_by: i64,
    number: String,
    item: i32,
    outcome: String,
    reason: Option<String>,
    duplicate_of: Option<i64>,
    content: String,
    created_at: NaiveDateTime,
}

impl TryFrom<ReferenceRow> for CustomsReference {
    type Error = Problem;
    fn try_from(row: ReferenceRow) -> Result<Self> {
        let content: ReferenceContent = from_json(&row.content)?;
        Ok(Self {
            id: CustomsReferenceId(row.id),
            record: RecordId(row.record_id),
            declared_by: CompanyId(row.declared_by),
            fields: content.fields,
            canonical: row.number,
            display: content.display,
            item: u16::try_from(row.item).unwrap_or(super::references::FIRST_ITEM),
            evidence: content.evidence,
            outcome: from_text(&row.outcome)?,
            reason: row.reason,
            duplicate_of: row.duplicate_of.map(CustomsReferenceId),
            created_at: row.created_at.and_utc(),
        })
    }
}

/// A checked reference that is to be stored.
pub(super) struct NewReference<'a> {
    pub record: RecordId,
    pub declared_by: CompanyId,
    pub fields: &'a super::ReferenceFields,
    pub result: &'a CheckResult,
    pub item: u16,
    pub duplicate_of: Option<CustomsReferenceId>,
    pub at: Time,
}

pub(super) fn insert_reference(tx: &mut Tx, new: &NewReference) -> Result<CustomsReferenceId> {
    let id: CustomsReferenceId = tx.make_id();
    let content = ReferenceContent {
        fields: new.fields.clone(),
        display: new.result.display.clone(),
        evidence: new.result.evidence,
    };
    let row = (
        customs_references::id.eq(id.0),
        customs_references::record_id.eq(new.record.0),
        customs_references::declared_by.eq(new.declared_by.0),
        customs_references::scheme.eq(new.fields.scheme.as_str()),
        customs_references::number.eq(&new.result.canonical),
        customs_references::item.eq(i32::from(new.item)),
        customs_references::outcome.eq(new.result.outcome.as_str()),
        customs_references::reason.eq(&new.result.reason),
        customs_references::duplicate_of.eq(new.duplicate_of.map(|id| id.0)),
        customs_references::content.eq(to_json(&content)?),
        customs_references::created_at.eq(new.at.naive_utc()),
    );
    // Somebody else stored the same line in the meantime: run again, and find it.
    or_duplicate(diesel::insert_into(customs_references::table).values(row).execute(tx.conn()), Problem::transient)?;
    Ok(id)
}

/// The references of these records, oldest first.
pub fn list_references(conn: &mut Conn, records: &[i64]) -> Result<Vec<CustomsReference>> {
    let rows: Vec<ReferenceRow> = customs_references::table
        .filter(customs_references::record_id.eq_any(records))
        .order(customs_references::id)
        .select(ReferenceRow::as_select())
        .load(conn)?;
    rows.into_iter().map(CustomsReference::try_from).collect()
}

/// A reference that carries the same line of the same declaration, and the record that it stands on.
pub(super) struct SameLine {
    pub reference: CustomsReferenceId,
    pub is_first: bool,
    pub record: RecordId,
    pub supplier: CompanyId,
    pub buyer: CompanyId,
    pub is_superseded: bool,
}

pub(super) fn list_same_line(conn: &mut Conn, scheme: &str, number: &str, item: u16) -> Result<Vec<SameLine>> {
    type Row = (i64, Option<i64>, i64, i64, i64, String);
    let rows: Vec<Row> = customs_references::table
        .inner_join(trade_records::table)
        .filter(customs_references::scheme.eq(scheme))
        .filter(customs_references::number.eq(number))
        .filter(customs_references::item.eq(i32::from(item)))
        .order(customs_references::id)
        .select((
            customs_references::id,
            customs_references::duplicate_of,
            trade_records::id,
            trade_records::supplier_id,
            trade_records::buyer_id,
            trade_records::state,
        ))
        .load(conn)?;
    let line = |(reference, duplicate_of, record, supplier, buyer, state): Row| SameLine {
        reference: CustomsReferenceId(reference),
        is_first: duplicate_of.is_none(),
        record: RecordId(record),
        supplier: CompanyId(supplier),
        buyer: CompanyId(buyer),
        is_superseded: state == RecordState::Superseded.as_str(),
    };
    Ok(rows.into_iter().map(line).collect())
}
