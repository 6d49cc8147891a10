//! Rows of `rfq_invitations`: whom the buyer of an RFQ has invited to quote.

use std::collections::HashSet;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::actor::Scope;
use crate::clock::Time;
use crate::error::{Problem, Result};
use crate::ids::{CompanyId, RfqId, RfqInvitationId};
use crate::quotes::QuoteState;
use crate::rfqs::{Invitation, InvitationState, RfqState};
use crate::store::cursor::{ListPage, Paging};
use crate::store::schema::{companies, company_blocks, quotes, rfq_invitations, rfqs};
use crate::store::{Conn, Tx, from_text, in_chunks};
use crate::{on_each, page_rows};

#[derive(Queryable, Selectable)]
#[diesel(table_name = rfq_invitations)]
struct InvitationRow {
    id: i64,
    rfq_id: i64,
    supplier_id: i64,
    state: String,
    version: i64,
    created_at: NaiveDateTime,
    updated_at: NaiveDateTime,
}

impl TryFrom<InvitationRow> for Invitation {
    type Error = Problem;
    fn try_from(row: InvitationRow) -> Result<Self> {
        Ok(Self {
            id: RfqInvitationId(row.id),
            rfq: RfqId(row.rfq_id),
            supplier: CompanyId(row.supplier_id),
            state: from_text(&row.state)?,
            version: row.version,
            created_at: row.created_at.and_utc(),
            updated_at: row.updated_at.and_utc(),
        })
    }
}

fn all(rows: Vec<InvitationRow>) -> Result<Vec<Invitation>> {
    rows.into_iter().map(Invitation::try_from).collect()
}

/// The invitation of the supplier to quote on the RFQ.
pub fn find(conn: &mut Conn, rfq: RfqId, supplier: CompanyId) -> Result<Option<Invitation>> {
    let row: Option<InvitationRow> = rfq_invitations::table
        .filter(rfq_invitations::rfq_id.eq(rfq.0))
        .filter(rfq_invitations::supplier_id.eq(supplier.0))
        .select(InvitationRow::as_select())
        .first(conn)
        .optional()?;
    row.map(Invitation::try_from).transpose()
}

/// The same, if it was sent: one that is pending is known to nobody but the buyer.
pub fn find_sent(conn: &mut Conn, rfq: RfqId, supplier: CompanyId) -> Result<Option<Invitation>> {
    Ok(find(conn, rfq, supplier)?.filter(|invitation| invitation.state != InvitationState::Pending))
}

/// Stores an invitation of the supplier; one that has one already keeps it. Answers whether it is new.
pub(in crate::rfqs) fn insert(tx: &mut Tx, rfq: RfqId, supplier: CompanyId, state: InvitationState) -> Result<bool> {
    let (id, now): (RfqInvitationId, _) = (tx.make_id(), tx.now_db());
    let row = (
        rfq_invitations::id.eq(id.0),
        rfq_invitations::rfq_id.eq(rfq.0),
        rfq_invitations::supplier_id.eq(supplier.0),
        rfq_invitations::state.eq(state.as_str()),
        rfq_invitations::version.eq(1_i64),
        rfq_invitations::created_at.eq(now),
        rfq_invitations::updated_at.eq(now),
    );
    let stored = on_each!(tx.conn(), |c| diesel::insert_into(rfq_invitations::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(stored > 0)
}

/// Writes a new state as the next version of the invitation.
pub(in crate::rfqs) fn set_state(tx: &mut Tx, id: RfqInvitationId, state: InvitationState) -> Result<()> {
    let now = tx.now_db();
    diesel::update(rfq_invitations::table.find(id.0))
        .set((
            rfq_invitations::state.eq(state.as_str()),
            rfq_invitations::version.eq(rfq_invitations::version + 1),
            rfq_invitations::updated_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Cancels an invitation.
pub(in crate::rfqs) fn delete(tx: &mut Tx, id: RfqInvitationId) -> Result<()> {
    diesel::delete(rfq_invitations::table.find(id.0)).execute(tx.conn())?;
    Ok(())
}

/// Forgets all invitations of the RFQ.
pub(in crate::rfqs) fn delete_all(tx: &mut Tx, rfq: RfqId) -> Result<()> {
    diesel::delete(rfq_invitations::table.filter(rfq_invitations::rfq_id.eq(rfq.0))).execute(tx.conn())?;
    Ok(())
}

/// Records that the supplier quoted; nothing where it was not invited.
pub fn mark_quoted(tx: &mut Tx, rfq: RfqId, supplier: CompanyId) -> Result<()> {
    match find(tx.conn(), rfq, supplier)? {
        Some(known) if known.state != InvitationState::Quoted => set_state(tx, known.id, InvitationState::Quoted),
        _ => Ok(()),
    }
}

/// Records that the supplier has withdrawn its quote: it may decline, or quote anew.
pub fn mark_withdrawn(tx: &mut Tx, rfq: RfqId, supplier: CompanyId) -> Result<()> {
    match find(tx.conn(), rfq, supplier)? {
        Some(known) if known.state == InvitationState::Quoted => set_state(tx, known.id, InvitationState::Seen),
        _ => Ok(()),
    }
}

/// A page of the RFQ's invitations, newest first; whether the asker owns the RFQ is checked by the caller.
pub(in crate::rfqs) fn list_for_rfq(conn: &mut Conn, rfq: RfqId, paging: Paging) -> Result<ListPage<Invitation>> {
    let query = rfq_invitations::table
        .filter(rfq_invitations::rfq_id.eq(rfq.0))
        .select(InvitationRow::as_select())
        .into_boxed();
    let rows: Vec<InvitationRow> = page_rows!(query, rfq_invitations::id, paging, conn)?;
    Ok(paging.page(all(rows)?, |invitation| invitation.id.0))
}

/// All invitations of the RFQ: the configuration bounds how many.
pub(in crate::rfqs) fn list_all(conn: &mut Conn, rfq: RfqId) -> Result<Vec<Invitation>> {
    all(rfq_invitations::table
        .filter(rfq_invitations::rfq_id.eq(rfq.0))
        .order(rfq_invitations::id)
        .select(InvitationRow::as_select())
        .load(conn)?)
}

/// Those of the RFQ that were not sent.
pub(in crate::rfqs) fn list_pending(conn: &mut Conn, rfq: RfqId) -> Result<Vec<Invitation>> {
    all(rfq_invitations::table
        .filter(rfq_invitations::rfq_id.eq(rfq.0))
        .filter(rfq_invitations::state.eq(InvitationState::Pending.as_str()))
        .order(rfq_invitations::id)
        .select(InvitationRow::as_select())
        .load(conn)?)
}

/// A page of the invitations that were sent to the company, newest first; those of suspended buyers are left out.
pub(in crate::rfqs) fn list_received(conn: &mut Conn, scope: Scope, paging: Paging) -> Result<ListPage<Invitation>> {
    let suspended = companies::table.filter(companies::suspended_reason.is_not_null()).select(companies::id);
    let query = rfq_invitations::table
        .inner_join(rfqs::table)
        .filter(rfq_invitations::supplier_id.eq(scope.company().0))
        .filter(rfq_invitations::state.ne(InvitationState::Pending.as_str()))
        .filter(rfqs::company_id.ne_all(suspended))
        .select(InvitationRow::as_select())
        .into_boxed();
    let rows: Vec<InvitationRow> = page_rows!(query, rfq_invitations::id, paging, conn)?;
    Ok(paging.page(all(rows)?, |invitation| invitation.id.0))
}

/// The invitations to RFQs that are open at `now` which the company has neither answered by a quote nor declined, newest first.
pub(in crate::rfqs) fn list_unanswered(conn: &mut Conn, scope: Scope, now: Time, most: i64) -> Result<Vec<Invitation>> {
    let suspended = companies::table.filter(companies::suspended_reason.is_not_null()).select(companies::id);
    let unanswered = [InvitationState::Invited, InvitationState::Seen].map(InvitationState::as_str);
    all(rfq_invitations::table
        .inner_join(rfqs::table)
        .filter(rfq_invitations::supplier_id.eq(scope.company().0))
        .filter(rfq_invitations::state.eq_any(unanswered))
        .filter(rfqs::state.eq(RfqState::Open.as_str()))
        .filter(rfqs::deadline.gt(now.naive_utc()))
        .filter(rfqs::company_id.ne_all(suspended))
        .order(rfq_invitations::id.desc())
        .limit(most)
        .select(InvitationRow::as_select())
        .load(conn)?)
}

/// All whom the RFQ's buyer has invited.
pub(in crate::rfqs) fn list_suppliers(conn: &mut Conn, rfq: RfqId) -> Result<HashSet<CompanyId>> {
    let ids: Vec<i64> = rfq_invitations::table
        .filter(rfq_invitations::rfq_id.eq(rfq.0))
        .select(rfq_invitations::supplier_id)
        .load(conn)?;
    Ok(ids.into_iter().map(CompanyId).collect())
}

/// Those of them whose invitation was sent.
pub(in crate::rfqs) fn list_notified_suppliers(conn: &mut Conn, rfq: RfqId) -> Result<Vec<CompanyId>> {
    let ids: Vec<i64> = rfq_invitations::table
        .filter(rfq_invitations::rfq_id.eq(rfq.0))
        .filter(rfq_invitations::state.ne(InvitationState::Pending.as_str()))
        .order(rfq_invitations::id)
        .select(rfq_invitations::supplier_id)
        .load(conn)?;
    Ok(ids.into_iter().map(CompanyId).collect())
}

/// How many suppliers are invited to each of the RFQs.
pub(in crate::rfqs) fn count(conn: &mut Conn, ids: &[i64]) -> Result<Vec<(i64, i64)>> {
    in_chunks(ids, |part| {
        rfq_invitations::table
            .filter(rfq_invitations::rfq_id.eq_any(part))
            .group_by(rfq_invitations::rfq_id)
            .select((rfq_invitations::rfq_id, diesel::dsl::count_star()))
            .load(conn)
    })
}

/// Those of the suppliers that take no messages from the buyer.
pub(in crate::rfqs) fn list_blocking(
    conn: &mut Conn,
    buyer: CompanyId,
    suppliers: &[i64],
) -> Result<HashSet<CompanyId>> {
    let ids: Vec<i64> = in_chunks(suppliers, |part| {
        company_blocks::table
            .filter(company_blocks::company_id.eq_any(part))
            .filter(company_blocks::blocked_id.eq(buyer.0))
            .select(company_blocks::company_id)
            .load(conn)
    })?;
    Ok(ids.into_iter().map(CompanyId).collect())
}

/// Whether the supplier has ever quoted on the RFQ; a quote that it withdrew counts, because it was told what nobody else was.
pub(in crate::rfqs) fn has_quoted(conn: &mut Conn, rfq: RfqId, supplier: CompanyId) -> Result<bool> {
    let first: Option<i64> = quotes::table
        .filter(quotes::rfq_id.eq(rfq.0))
        .filter(quotes::supplier_id.eq(supplier.0))
        .select(quotes::id)
        .first(conn)
        .optional()?;
    Ok(first.is_some())
}

/// Those of the suppliers whose quotes on the RFQ count.
pub(in crate::rfqs) fn list_quoting(conn: &mut Conn, rfq: RfqId, suppliers: &[i64]) -> Result<HashSet<CompanyId>> {
    let ids: Vec<i64> = in_chunks(suppliers, |part| {
        quotes::table
            .filter(quotes::rfq_id.eq(rfq.0))
            .filter(quotes::supplier_id.eq_any(part))
            .filter(quotes::state.ne(QuoteState::Withdrawn.as_str()))
            .select(quotes::supplier_id)
            .load(conn)
    })?;
    Ok(ids.into_iter().map(CompanyId).collect())
}
