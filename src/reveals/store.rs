//! Rows of `contact_reveals`, and whether two companies have a quote that opens their contacts.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{Ground, Reveal};
use crate::actor::Scope;
use crate::clock::Time;
use crate::error::{Problem, Result};
use crate::ids::{CompanyId, PersonId, RevealId};
use crate::page_rows;
use crate::quotes::QuoteState;
use crate::store::cursor::{Paging, Slice};
use crate::store::schema::{contact_reveals, quotes};
use crate::store::{Conn, Tx, from_text};

#[derive(Queryable)]
struct RevealRow {
    id: i64,
    company_id: i64,
    viewer_id: i64,
    #[expect(dead_code, reason = "kept for a question of law: which person looked")]
    person_id: Option<i64>,
    ground: String,
    at: NaiveDateTime,
    #[expect(dead_code, reason = "read by the queries' conditions only")]
    told_at: Option<NaiveDateTime>,
}

impl TryFrom<RevealRow> for Reveal {
    type Error = Problem;
    fn try_from(row: RevealRow) -> Result<Self> {
        Ok(Self {
            id: RevealId(row.id),
            company: CompanyId(row.company_id),
            viewer: CompanyId(row.viewer_id),
            ground: from_text(&row.ground)?,
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
    person: Option<PersonId>,
    ground: Ground,
) -> Result<()> {
    let id: RevealId = tx.make_id();
    let row = (
        contact_reveals::id.eq(id.0),
        contact_reveals::company_id.eq(owner.0),
        contact_reveals::viewer_id.eq(scope.company().0),
        contact_reveals::person_id.eq(person.map(|person| person.0)),
        contact_reveals::ground.eq(ground.as_str()),
        contact_reveals::at.eq(tx.now_db()),
    );
    diesel::insert_into(contact_reveals::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// How often the company looked at contacts on its own asking since then.
pub(super) fn count_asked_since(conn: &mut Conn, viewer: CompanyId, since: Time) -> Result<i64> {
    Ok(contact_reveals::table
        .filter(contact_reveals::viewer_id.eq(viewer.0))
        .filter(contact_reveals::ground.eq(Ground::Asked.as_str()))
        .filter(contact_reveals::at.gt(since.naive_utc()))
        .count()
        .get_result(conn)?)
}

/// Whether the company looked at these contacts since then.
pub(super) fn has_looked_since(conn: &mut Conn, viewer: CompanyId, owner: CompanyId, since: Time) -> Result<bool> {
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

/// A page of who looked at the company's own contacts, newest first.
pub(super) fn list_seen(conn: &mut Conn, scope: Scope, paging: Paging) -> Result<Slice<Reveal>> {
    let query = contact_reveals::table.filter(contact_reveals::company_id.eq(scope.company().0)).into_boxed();
    let rows: Vec<RevealRow> = page_rows!(query, contact_reveals::id, paging, conn)?;
    Ok(paging.cut(all(rows)?, |reveal| reveal.id.0))
}

/// Looks before the time of which the owner was not told yet, the oldest first.
pub(super) fn list_untold(conn: &mut Conn, before: Time, most: i64) -> Result<Vec<Reveal>> {
    all(contact_reveals::table
        .filter(contact_reveals::told_at.is_null())
        .filter(contact_reveals::at.lt(before.naive_utc()))
        .order(contact_reveals::at)
        .limit(most)
        .load(conn)?)
}

/// Notes that the owner was told of the looks; answers how many were not told before.
pub(super) fn set_told(tx: &mut Tx, ids: &[i64]) -> Result<usize> {
    let now = tx.now_db();
    let named = contact_reveals::table.filter(contact_reveals::id.eq_any(ids));
    Ok(diesel::update(named.filter(contact_reveals::told_at.is_null()))
        .set(contact_reveals::told_at.eq(now))
        .execute(tx.conn())?)
}
