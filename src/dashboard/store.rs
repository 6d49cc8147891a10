//! What a company has to do: one small read for each kind of task. Reads only.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{MOST_TASKS, PendingRfq};
use crate::actor::Scope;
use crate::clock::Time;
use crate::error::Result;
use crate::ids::{PartnershipId, RecordId, RfqId};
use crate::matching::MatchState;
use crate::partnerships::{PartnershipState, RecordState};
use crate::quotes::QuoteState;
use crate::rfqs::{InvitationState, RfqState, Visibility};
use crate::store::Conn;
use crate::store::schema::{companies, matches, partnerships, quotes, rfq_invitations, rfqs, trade_records};

/// The company's drafts, the latest first.
pub fn drafts(conn: &mut Conn, scope: Scope) -> Result<Vec<PendingRfq>> {
    let rows: Vec<(i64, String)> = rfqs::table
        .filter(rfqs::company_id.eq(scope.company().0))
        .filter(rfqs::state.eq(RfqState::Draft.as_str()))
        .order(rfqs::id.desc())
        .limit(MOST_TASKS)
        .select((rfqs::id, rfqs::title))
        .load(conn)?;
    let pending = |(id, title): (i64, String)| PendingRfq { id: RfqId(id), title, quotes: 0, deadline: None };
    Ok(rows.into_iter().map(pending).collect())
}

/// The company's undecided RFQs with quotes that it has neither shortlisted nor decided on, the latest first.
pub fn rfqs_with_new_quotes(conn: &mut Conn, scope: Scope) -> Result<Vec<PendingRfq>> {
    let rows: Vec<(i64, String, Option<NaiveDateTime>)> = rfqs::table
        .inner_join(quotes::table)
        .filter(rfqs::company_id.eq(scope.company().0))
        .filter(rfqs::state.eq_any([RfqState::Open.as_str(), RfqState::Closed.as_str()]))
        .filter(quotes::state.eq(QuoteState::Submitted.as_str()))
        .order((rfqs::id.desc(), quotes::id))
        .limit(MOST_TASKS)
        .select((rfqs::id, rfqs::title, rfqs::deadline))
        .load(conn)?;
    let mut pending: Vec<PendingRfq> = Vec::new();
    for (id, title, deadline) in rows {
        match pending.last_mut().filter(|last| last.id.0 == id) {
            Some(last) => last.quotes += 1,
            None => pending.push(PendingRfq { id: RfqId(id), title, quotes: 1, deadline: utc(deadline) }),
        }
    }
    Ok(pending)
}

/// Open RFQs that the company was matched with and has not opened, the best match first.
pub fn unseen_matches(conn: &mut Conn, scope: Scope) -> Result<Vec<PendingRfq>> {
    let suspended = companies::table.filter(companies::suspended_reason.is_not_null()).select(companies::id);
    let rows: Vec<(i64, String, Option<NaiveDateTime>)> = matches::table
        .inner_join(rfqs::table)
        .filter(matches::supplier_id.eq(scope.company().0))
        .filter(matches::state.eq_any([MatchState::Suggested.as_str(), MatchState::Notified.as_str()]))
        .filter(rfqs::state.eq(RfqState::Open.as_str()))
        .filter(rfqs::visibility.eq(Visibility::Public.as_str()))
        .filter(rfqs::company_id.ne_all(suspended))
        .order((matches::score.desc(), matches::id))
        .limit(MOST_TASKS)
        .select((rfqs::id, rfqs::title, rfqs::deadline))
        .load(conn)?;
    Ok(rows.into_iter().map(to_read).collect())
}

/// Open RFQs that the company is invited to quote on and has not opened, the latest invitation first.
pub fn unseen_invitations(conn: &mut Conn, scope: Scope) -> Result<Vec<PendingRfq>> {
    let suspended = companies::table.filter(companies::suspended_reason.is_not_null()).select(companies::id);
    let rows: Vec<(i64, String, Option<NaiveDateTime>)> = rfq_invitations::table
        .inner_join(rfqs::table)
        .filter(rfq_invitations::supplier_id.eq(scope.company().0))
        .filter(rfq_invitations::state.eq(InvitationState::Invited.as_str()))
        .filter(rfqs::state.eq(RfqState::Open.as_str()))
        .filter(rfqs::company_id.ne_all(suspended))
        .order(rfq_invitations::id.desc())
        .limit(MOST_TASKS)
        .select((rfqs::id, rfqs::title, rfqs::deadline))
        .load(conn)?;
    Ok(rows.into_iter().map(to_read).collect())
}

fn to_read((id, title, deadline): (i64, String, Option<NaiveDateTime>)) -> PendingRfq {
    PendingRfq { id: RfqId(id), title, quotes: 0, deadline: utc(deadline) }
}

/// Partnerships that the other side proposed, with that side's name, the oldest first.
pub fn partnerships_to_confirm(conn: &mut Conn, scope: Scope) -> Result<Vec<(PartnershipId, String)>> {
    let company = scope.company().0;
    let rows: Vec<(i64, String)> = partnerships::table
        .inner_join(companies::table.on(companies::id.eq(partnerships::proposed_by)))
        .filter(partnerships::supplier_id.eq(company).or(partnerships::buyer_id.eq(company)))
        .filter(partnerships::proposed_by.ne(company))
        .filter(partnerships::state.eq(PartnershipState::Proposed.as_str()))
        .order(partnerships::id)
        .limit(MOST_TASKS)
        .select((partnerships::id, companies::name))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, name)| (PartnershipId(id), name)).collect())
}

/// Records that the other side declared and that the company has neither confirmed nor disputed, the oldest first.
pub fn records_to_confirm(conn: &mut Conn, scope: Scope) -> Result<Vec<(RecordId, String)>> {
    records(conn, scope, RecordState::Declared, Declarer::Other)
}

/// Records of the company that the other side disputes, with that side's name, the oldest first.
pub fn records_to_correct(conn: &mut Conn, scope: Scope) -> Result<Vec<(RecordId, String)>> {
    records(conn, scope, RecordState::Disputed, Declarer::Own)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Declarer {
    Own,
    Other,
}

/// Records in the state, each with the name of the other side.
fn records(conn: &mut Conn, scope: Scope, state: RecordState, by: Declarer) -> Result<Vec<(RecordId, String)>> {
    let company = scope.company().0;
    // Over the partnerships, because those are found by company.
    let query = partnerships::table
        .inner_join(trade_records::table.on(trade_records::partnership_id.eq(partnerships::id)))
        .inner_join(
            companies::table.on(companies::id
                .ne(company)
                .and(companies::id.eq(partnerships::supplier_id).or(companies::id.eq(partnerships::buyer_id)))),
        )
        .filter(partnerships::supplier_id.eq(company).or(partnerships::buyer_id.eq(company)))
        .filter(trade_records::state.eq(state.as_str()))
        .order(trade_records::id)
        .limit(MOST_TASKS)
        .select((trade_records::id, companies::name))
        .into_boxed();
    let rows: Vec<(i64, String)> = match by {
        Declarer::Own => query.filter(trade_records::declared_by.eq(company)).load(conn)?,
        Declarer::Other => query.filter(trade_records::declared_by.ne(company)).load(conn)?,
    };
    Ok(rows.into_iter().map(|(id, name)| (RecordId(id), name)).collect())
}

fn utc(time: Option<NaiveDateTime>) -> Option<Time> {
    time.map(|time| time.and_utc())
}
