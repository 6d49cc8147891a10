//! Rows of `partnership_entries`: the ledgers, to which entries are only ever added.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::CHUNK;
use crate::error::{Problem, Result};
use crate::ids::{CompanyId, PartnershipId, RecordId};
use crate::partnerships::LedgerEntry;
use crate::store::schema::partnership_entries;
use crate::store::{Conn, Tx, from_json, from_text, or_duplicate, to_json};

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
pub(in crate::partnerships) fn last_entry(conn: &mut Conn, id: PartnershipId) -> Result<Option<LedgerEntry>> {
    let row: Option<EntryRow> = partnership_entries::table
        .filter(partnership_entries::partnership_id.eq(id.0))
        .order(partnership_entries::number.desc())
        .select(EntryRow::as_select())
        .first(conn)
        .optional()?;
    row.map(LedgerEntry::try_from).transpose()
}

/// Adds an entry that `ledger::next_entry` made. A number that was taken in the meantime runs the transaction again.
pub(in crate::partnerships) fn insert_entry(
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

/// The newest entries of a ledger, the newest first.
pub(in crate::partnerships) fn list_newest_entries(
    conn: &mut Conn,
    id: PartnershipId,
    most: i64,
) -> Result<Vec<LedgerEntry>> {
    let rows: Vec<EntryRow> = partnership_entries::table
        .filter(partnership_entries::partnership_id.eq(id.0))
        .order(partnership_entries::number.desc())
        .limit(most)
        .select(EntryRow::as_select())
        .load(conn)?;
    rows.into_iter().map(LedgerEntry::try_from).collect()
}

/// Hands over every entry of a ledger, oldest first, however long it is. The caller has seen that the partnership is the viewer's.
pub(in crate::partnerships) fn for_each_entry(
    conn: &mut Conn,
    id: PartnershipId,
    mut take: impl FnMut(LedgerEntry),
) -> Result<()> {
    // Below every number that could stand there: a check of the chain has to see an entry that was put before the first one, too.
    let mut after = i32::MIN;
    loop {
        let rows: Vec<EntryRow> = partnership_entries::table
            .filter(partnership_entries::partnership_id.eq(id.0))
            .filter(partnership_entries::number.gt(after))
            .order(partnership_entries::number)
            .limit(CHUNK)
            .select(EntryRow::as_select())
            .load(conn)?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.number;
        for row in rows {
            take(LedgerEntry::try_from(row)?);
        }
    }
}
