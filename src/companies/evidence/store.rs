//! Rows of `company_evidence`.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::{EndedBecause, EvidenceItem, EvidenceKind, Facts};
use crate::error::{Problem, Result};
use crate::ids::{CompanyId, EvidenceId};
use crate::store::schema::company_evidence;
use crate::store::{Conn, Tx, from_json, from_text, to_json};

#[derive(Queryable)]
struct EvidenceRow {
    id: i64,
    company_id: i64,
    kind: String,
    content: String,
    seen_on: NaiveDate,
    expires_on: Option<NaiveDate>,
    reminded_days: Option<i32>,
    #[expect(dead_code, reason = "read by the queries' conditions only")]
    ended_at: Option<NaiveDateTime>,
    #[expect(dead_code, reason = "kept for the operator's own questions")]
    ended_because: Option<String>,
}

impl TryFrom<EvidenceRow> for EvidenceItem {
    type Error = Problem;
    fn try_from(row: EvidenceRow) -> Result<Self> {
        Ok(Self {
            id: EvidenceId(row.id),
            company: CompanyId(row.company_id),
            kind: from_text(&row.kind)?,
            facts: from_json(&row.content)?,
            seen_on: row.seen_on,
            expires_on: row.expires_on,
            reminded_days: row.reminded_days,
        })
    }
}

fn all(rows: Vec<EvidenceRow>) -> Result<Vec<EvidenceItem>> {
    rows.into_iter().map(EvidenceItem::try_from).collect()
}

pub(super) fn insert(
    tx: &mut Tx,
    company: CompanyId,
    kind: EvidenceKind,
    facts: &Facts,
    expires_on: Option<NaiveDate>,
) -> Result<()> {
    let id: EvidenceId = tx.make_id();
    let row = (
        company_evidence::id.eq(id.0),
        company_evidence::company_id.eq(company.0),
        company_evidence::kind.eq(kind.as_str()),
        company_evidence::content.eq(to_json(facts)?),
        company_evidence::seen_on.eq(tx.now().date_naive()),
        company_evidence::expires_on.eq(expires_on),
    );
    diesel::insert_into(company_evidence::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// The current evidence of a company, by kind.
pub fn list_current(conn: &mut Conn, company: CompanyId) -> Result<Vec<EvidenceItem>> {
    all(company_evidence::table
        .filter(company_evidence::company_id.eq(company.0))
        .filter(company_evidence::ended_at.is_null())
        .order(company_evidence::kind)
        .load(conn)?)
}

/// Where a walk over ending evidence goes on: after this last day and id.
pub type EndingAfter = (NaiveDate, i64);

/// Current evidence that ends, without what is in it: a row that cannot be read keeps no other from ending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Queryable)]
pub struct Ending {
    /// The id.
    pub id: i64,
    /// Whose it is.
    pub company: i64,
    /// The last day on which it counts.
    pub expires_on: Option<NaiveDate>,
    /// How many days before the end the company was reminded last.
    pub reminded_days: Option<i32>,
}

impl Ending {
    /// Where a walk goes on after it.
    pub fn position(&self) -> EndingAfter {
        (self.expires_on.unwrap_or(NaiveDate::MAX), self.id)
    }
}

/// At most `limit` pieces of current evidence whose last day is not after `until`, the first to end before the others.
pub fn list_ending(conn: &mut Conn, until: NaiveDate, (day, id): EndingAfter, limit: i64) -> Result<Vec<Ending>> {
    let later = company_evidence::expires_on.gt(day);
    Ok(company_evidence::table
        .filter(company_evidence::ended_at.is_null())
        .filter(company_evidence::expires_on.le(until))
        .filter(later.or(company_evidence::expires_on.eq(day).and(company_evidence::id.gt(id))))
        .order((company_evidence::expires_on, company_evidence::id))
        .limit(limit)
        .select((
            company_evidence::id,
            company_evidence::company_id,
            company_evidence::expires_on,
            company_evidence::reminded_days,
        ))
        .load(conn)?)
}

/// Ends the current evidence of one kind, or all of it; answers how many pieces that were.
pub(super) fn end(tx: &mut Tx, company: CompanyId, kind: Option<EvidenceKind>, because: EndedBecause) -> Result<usize> {
    let now = tx.now_db();
    let kinds: Vec<&str> = kind.map_or_else(|| EvidenceKind::TEXTS.to_vec(), |kind| vec![kind.as_str()]);
    let current = company_evidence::table
        .filter(company_evidence::company_id.eq(company.0))
        .filter(company_evidence::ended_at.is_null())
        .filter(company_evidence::kind.eq_any(kinds));
    Ok(diesel::update(current)
        .set((company_evidence::ended_at.eq(now), company_evidence::ended_because.eq(because.as_str())))
        .execute(tx.conn())?)
}

/// Records that the company was reminded so many days before the end.
pub(super) fn set_reminded(tx: &mut Tx, id: EvidenceId, days: i32) -> Result<()> {
    diesel::update(company_evidence::table.find(id.0))
        .set(company_evidence::reminded_days.eq(days))
        .execute(tx.conn())?;
    Ok(())
}
