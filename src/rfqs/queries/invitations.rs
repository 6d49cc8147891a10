//! Queries of invitations to quote: the buyer's, and those that a supplier received.

use std::collections::{HashMap, HashSet};

use super::own;
use crate::actor::{Actor, Permission, Scope};
use crate::app::App;
use crate::companies::{self, Company, CompanyState};
use crate::error::Result;
use crate::ids::{CompanyId, RfqId};
use crate::partnerships;
use crate::rfqs::rules::visibility::{Viewer, buyer_is_shown_to};
use crate::rfqs::store::invitations as store;
use crate::rfqs::views::{InvitationWithRfq, InvitationWithSupplier};
use crate::rfqs::{Invitation, Rfq};
use crate::store::Conn;
use crate::store::cursor::{ListPage, Paging};

/// So many partnerships of the buyer are looked through for suppliers to invite.
const PARTNERS: i64 = 100;

/// A page of the invitations of one's own RFQ, newest first.
///
/// # Errors
/// 401, 403; `not_found` when the RFQ is not of the actor's company.
pub fn list(app: &App, actor: &Actor, id: RfqId, paging: Paging) -> Result<ListPage<InvitationWithSupplier>> {
    list_in(app, actor.authorize(Permission::RfqsRead)?, id, paging)
}

/// The same for who has just invited somebody, whose key may be one that only writes.
///
/// # Errors
/// As [`list`].
pub fn list_after_write(
    app: &App,
    actor: &Actor,
    id: RfqId,
    paging: Paging,
) -> Result<ListPage<InvitationWithSupplier>> {
    list_in(app, actor.authorize_draft(Permission::RfqsWrite)?, id, paging)
}

fn list_in(app: &App, scope: Scope, id: RfqId, paging: Paging) -> Result<ListPage<InvitationWithSupplier>> {
    app.db.read(|conn| {
        own(conn, scope, id)?;
        let page = store::list_for_rfq(conn, id, paging)?;
        let suppliers = by_id(conn, page.items.iter().map(|invitation| invitation.supplier))?;
        let with = |invitation: Invitation| {
            let supplier = suppliers.get(&invitation.supplier)?.clone();
            Some(InvitationWithSupplier { invitation, supplier })
        };
        Ok(ListPage { items: page.items.into_iter().filter_map(with).collect(), next: page.next, prev: page.prev })
    })
}

fn by_id(conn: &mut Conn, ids: impl Iterator<Item = CompanyId>) -> Result<HashMap<CompanyId, Company>> {
    let ids: HashSet<i64> = ids.map(|id| id.0).collect();
    let loaded = companies::store::load(conn, &ids.into_iter().collect::<Vec<_>>())?;
    Ok(loaded.into_iter().map(|company| (company.id, company)).collect())
}

/// The suppliers that one's own RFQ has invited.
///
/// # Errors
/// 401, 403; `not_found` when the RFQ is not of the actor's company.
pub fn list_invited(app: &App, actor: &Actor, id: RfqId) -> Result<HashSet<CompanyId>> {
    let scope = actor.authorize(Permission::RfqsRead)?;
    app.db.read(|conn| {
        own(conn, scope, id)?;
        store::list_suppliers(conn, id)
    })
}

/// The companies with which the buyer of one's own RFQ has partnerships and which are not invited: id and name, by name.
///
/// # Errors
/// 401, 403; `not_found` when the RFQ is not of the actor's company.
pub fn list_partners_to_invite(app: &App, actor: &Actor, id: RfqId) -> Result<Vec<(CompanyId, String)>> {
    let scope = actor.authorize(Permission::RfqsRead)?;
    app.db.read(|conn| {
        own(conn, scope, id)?;
        let invited = store::list_suppliers(conn, id)?;
        let partnerships = partnerships::store::list(conn, scope, None, &Paging::<i64>::first(PARTNERS))?.items;
        let others =
            partnerships.iter().map(|one| if one.supplier == scope.company() { one.buyer } else { one.supplier });
        let partners = by_id(conn, others.filter(|other| !invited.contains(other)))?;
        let active = partners.into_values().filter(|company| company.state == CompanyState::Active);
        let mut named: Vec<(CompanyId, String)> = active.map(|company| (company.id, company.fields.name)).collect();
        named.sort_by(|a, b| a.1.cmp(&b.1).then(a.0.cmp(&b.0)));
        Ok(named)
    })
}

/// A company to be invited by an RFQ that is being written; none where it does not take part.
pub fn find_invitee(app: &App, id: CompanyId) -> Result<Option<Company>> {
    let company = app.db.read(|conn| companies::store::find(conn, id))?;
    Ok(company.filter(|company| company.state == CompanyState::Active))
}

/// A page of the invitations that the actor's company received, newest first.
///
/// # Errors
/// 401 and 403.
pub fn list_received(app: &App, actor: &Actor, paging: Paging) -> Result<ListPage<InvitationWithRfq>> {
    let scope = actor.authorize(Permission::RfqsRead)?;
    app.db.read(|conn| {
        let page = store::list_received(conn, scope, paging)?;
        Ok(ListPage { items: with_rfqs(conn, page.items)?, next: page.next, prev: page.prev })
    })
}

/// The latest invitations to open RFQs that the actor's company has not answered.
///
/// # Errors
/// 401 and 403.
pub fn list_unanswered(app: &App, actor: &Actor, most: i64) -> Result<Vec<InvitationWithRfq>> {
    let scope = actor.authorize(Permission::RfqsRead)?;
    let now = app.clock.now();
    app.db.read(|conn| {
        let waiting = store::list_unanswered(conn, scope, now, most)?;
        with_rfqs(conn, waiting)
    })
}

/// One invitation that the actor's company received, for who has just answered it.
///
/// # Errors
/// 401, 403; `not_found`.
pub fn find_answered(app: &App, actor: &Actor, id: RfqId) -> Result<InvitationWithRfq> {
    let scope = actor.authorize(Permission::RfqsWrite)?;
    app.db.read(|conn| {
        let found = store::find_sent(conn, id, scope.company())?.into_iter().collect();
        with_rfqs(conn, found)?.pop().ok_or_else(super::absent)
    })
}

fn with_rfqs(conn: &mut Conn, invitations: Vec<Invitation>) -> Result<Vec<InvitationWithRfq>> {
    let ids: Vec<i64> = invitations.iter().map(|invitation| invitation.rfq.0).collect();
    let rfqs: HashMap<RfqId, Rfq> =
        crate::rfqs::store::load(conn, &ids)?.into_iter().map(|rfq| (rfq.id, rfq)).collect();
    let shows = |rfq: &&Rfq| buyer_is_shown_to(rfq.fields.show_buyer_name, Viewer::Invited);
    let buyers = by_id(conn, rfqs.values().filter(shows).map(|rfq| rfq.company))?;
    let with = |invitation: Invitation| {
        let rfq = rfqs.get(&invitation.rfq)?.clone();
        let buyer = Some(&rfq).filter(shows).and_then(|rfq| buyers.get(&rfq.company)).cloned();
        Some(InvitationWithRfq { invitation, rfq, buyer })
    };
    Ok(invitations.into_iter().filter_map(with).collect())
}
