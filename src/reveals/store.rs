//! Rows of `contact_reveals`, and whether two companies have a quote that opens their contacts.

use chrono::NaiveDateTime;
use diesel::dsl::{count, max};
use diesel::prelude::*;

use super::{DisclosureBasis, Reveal};
use crate::actor::Scope;
use crate::clock::Time;
use crate::error::{Problem, Result};
use crate::ids::{CompanyId, RevealId, UserId};
use crate::page_rows;
use crate::quotes::QuoteState;
use crate::store::cursor::{ListPage, Paging};
use crate::store::schema::{companies, contact_reveals, quotes};
use crate::store::{Conn, Tx, from_text};

#[derive(Queryable)]
struct RevealRow {
    id: i64,
    company_id: i64,
    viewer_id: i64,
    #[expect(dead_code, reason = "kept for a question of law: which person revealed")]
    user_id: Option<i64>,
    ground: String,
    at: NaiveDateTime,
    #[expect(dead_code, reason = "read by the queries' conditions only")]
    notified_at: Option<NaiveDateTime>,
}

impl TryFrom<RevealRow> for Reveal {
    type Error = Problem;
    fn try_from(row: RevealRow) -> Result<Self> {
        Ok(Self {
            id: RevealId(row.id),
            company: CompanyId(row.company_id),
            viewer: CompanyId(row.viewer_id),
            basis: from_text(&row.ground)?,
            at: row.at.and_utc(),
        })
    }
}

fn all(rows: Vec<RevealRow>) -> Result<Vec<Reveal>> {
    rows.into_iter().map(Reveal::try_from).collect()
}

pub(super) fn insert(
    tx: &mut Tx,
    owner: CompanyId,
    scope: Scope,
    person: Option<UserId>,
    basis: DisclosureBasis,
) -> Result<()> {
    let id: RevealId = tx.make_id();
    let row = (
        contact_reveals::id.eq(id.0),
        contact_reveals::company_id.eq(owner.0),
        contact_reveals::viewer_id.eq(scope.company().0),
        contact_reveals::user_id.eq(person.map(|person| person.0)),
        contact_reveals::ground.eq(basis.as_str()),
        contact_reveals::at.eq(tx.now_db()),
    );
    diesel::insert_into(contact_reveals::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// How many reveals on request the company made since then.
pub(super) fn count_requested_since(conn: &mut Conn, viewer: CompanyId, since: Time) -> Result<i64> {
    Ok(contact_reveals::table
        .filter(contact_reveals::viewer_id.eq(viewer.0))
        .filter(contact_reveals::ground.eq(DisclosureBasis::Request.as_str()))
        .filter(contact_reveals::at.gt(since.naive_utc()))
        .count()
        .get_result(conn)?)
}

/// Whether the company revealed these contacts since then.
pub(super) fn has_revealed_since(conn: &mut Conn, viewer: CompanyId, owner: CompanyId, since: Time) -> Result<bool> {
    let count: i64 = contact_reveals::table
        .filter(contact_reveals::viewer_id.eq(viewer.0))
        .filter(contact_reveals::company_id.eq(owner.0))
        .filter(contact_reveals::at.gt(since.naive_utc()))
        .count()
        .get_result(conn)?;
    Ok(count > 0)
}

/// Whether a quote between the two companies, in either direction, was shortlisted or accepted.
pub(super) fn has_quote_between(conn: &mut Conn, one: CompanyId, other: CompanyId) -> Result<bool> {
    let opens = [QuoteState::Shortlisted.as_str(), QuoteState::Accepted.as_str()];
    let this_way = quotes::supplier_id.eq(one.0).and(quotes::buyer_id.eq(other.0));
    let that_way = quotes::supplier_id.eq(other.0).and(quotes::buyer_id.eq(one.0));
    let count: i64 =
        quotes::table.filter(quotes::state.eq_any(opens)).filter(this_way.or(that_way)).count().get_result(conn)?;
    Ok(count > 0)
}

/// A page of the reveals of the company's own contacts, newest first.
pub(super) fn list_own(conn: &mut Conn, scope: Scope, paging: Paging) -> Result<ListPage<Reveal>> {
    let query = contact_reveals::table.filter(contact_reveals::company_id.eq(scope.company().0)).into_boxed();
    let rows: Vec<RevealRow> = page_rows!(query, contact_reveals::id, paging, conn)?;
    Ok(paging.page(all(rows)?, |reveal| reveal.id.0))
}

/// What an owner was not notified of yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unnotified {
    /// How many companies saw the contacts.
    pub viewers: usize,
    /// The newest reveal, which names the e-mail: no later one has the same.
    pub newest: RevealId,
}

/// The owners after the given one, in the order of their ids, who have reveals before the time that they were not notified of.
pub(super) fn list_owners_to_notify(
    conn: &mut Conn,
    before: Time,
    after: CompanyId,
    limit: i64,
) -> Result<Vec<CompanyId>> {
    let ids: Vec<i64> = contact_reveals::table
        .filter(contact_reveals::notified_at.is_null())
        .filter(contact_reveals::at.lt(before.naive_utc()))
        .filter(contact_reveals::company_id.gt(after.0))
        .select(contact_reveals::company_id)
        .distinct()
        .order(contact_reveals::company_id)
        .limit(limit)
        .load(conn)?;
    Ok(ids.into_iter().map(CompanyId).collect())
}

/// How much the owner was not notified of; `None` when that is nothing.
pub(super) fn summarize_unnotified(conn: &mut Conn, owner: CompanyId, before: Time) -> Result<Option<Unnotified>> {
    let (viewers, newest): (i64, Option<i64>) = contact_reveals::table
        .filter(contact_reveals::company_id.eq(owner.0))
        .filter(contact_reveals::notified_at.is_null())
        .filter(contact_reveals::at.lt(before.naive_utc()))
        .select((count(contact_reveals::viewer_id).aggregate_distinct(), max(contact_reveals::id)))
        .first(conn)?;
    let viewers = usize::try_from(viewers).unwrap_or(usize::MAX);
    Ok(newest.map(|newest| Unnotified { viewers, newest: RevealId(newest) }))
}

/// The names of the companies that saw the contacts and that the owner was not notified of, by name, at most `limit`.
pub(super) fn list_unnotified_viewers(
    conn: &mut Conn,
    owner: CompanyId,
    before: Time,
    limit: usize,
) -> Result<Vec<String>> {
    let rows: Vec<(String, i64)> = contact_reveals::table
        .inner_join(companies::table.on(companies::id.eq(contact_reveals::viewer_id)))
        .filter(contact_reveals::company_id.eq(owner.0))
        .filter(contact_reveals::notified_at.is_null())
        .filter(contact_reveals::at.lt(before.naive_utc()))
        // Two companies of one name are two.
        .select((companies::name, companies::id))
        .distinct()
        .order((companies::name, companies::id))
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .load(conn)?;
    Ok(rows.into_iter().map(|(name, _)| name).collect())
}

/// Notes that the owner was notified of all reveals before the time.
pub(super) fn mark_notified(tx: &mut Tx, owner: CompanyId, before: Time) -> Result<()> {
    let now = tx.now_db();
    let reveals = contact_reveals::table
        .filter(contact_reveals::company_id.eq(owner.0))
        .filter(contact_reveals::notified_at.is_null())
        .filter(contact_reveals::at.lt(before.naive_utc()));
    diesel::update(reveals).set(contact_reveals::notified_at.eq(now)).execute(tx.conn())?;
    Ok(())
}
