//! Inviting suppliers to quote, cancelling that, and what an invited supplier answers.

use std::collections::{HashMap, HashSet};

use super::notifying;
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::companies::{self, Company, CompanyState};
use crate::error::{FieldCode, FieldError, Problem, Result};
use crate::ids::{CompanyId, RfqId, RfqInvitationId};
use crate::locale::{Language, Message, text};
use crate::rfqs::queries::{absent, own, see};
use crate::rfqs::rules::RfqRefusal;
use crate::rfqs::rules::visibility::{Viewer, buyer_is_shown_to};
use crate::rfqs::store::invitations as store;
use crate::rfqs::{InvitationState, Rfq, RfqState};
use crate::store::{Tx, ensure_version};

/// So many companies are invited in one call.
pub const MOST_AT_ONCE: usize = 50;

/// Invites suppliers to quote on one's own RFQ. Of a draft they are pending until it is published; of an open one they are sent at once. Who is
/// invited already stays so, and is not notified again; an invitation that could not be sent with the others is sent now.
///
/// # Errors
/// `not_found`; `conflict` when it is neither a draft nor open, or has as many invitations as it may; `invalid` naming each company that
/// cannot be invited, and then nobody is.
pub fn invite(app: &App, actor: &Actor, id: RfqId, companies: &[CompanyId]) -> Result<()> {
    let scope = actor.authorize_draft(Permission::RfqsWrite)?;
    app.db.write(|tx| {
        let rfq = own(tx.conn(), scope, id)?;
        if rfq.state != RfqState::Draft {
            // Others are written to: not by somebody who has confirmed no address.
            actor.authorize(Permission::RfqsWrite)?;
        }
        invite_in(app, tx, &rfq, companies)
    })
}

/// The same in an open transaction.
pub(super) fn invite_in(app: &App, tx: &mut Tx, rfq: &Rfq, companies: &[CompanyId]) -> Result<()> {
    rfq.state.change()?;
    // The sweep that closes it runs once a minute; the deadline holds from its second on.
    if rfq.state == RfqState::Open && rfq.deadline.is_some_and(|deadline| deadline <= tx.now()) {
        return Err(RfqRefusal::NotOpen(RfqState::Closed).into());
    }
    ensure_number(companies)?;
    let all = store::list_all(tx.conn(), rfq.id)?;
    let is_sent = |state| rfq.state == RfqState::Draft || state != InvitationState::Pending;
    let (known, pending): (Vec<_>, Vec<_>) = all.iter().partition(|invitation| is_sent(invitation.state));
    let known: HashSet<CompanyId> = known.into_iter().map(|invitation| invitation.supplier).collect();
    let pending: HashMap<CompanyId, RfqInvitationId> =
        pending.into_iter().map(|invitation| (invitation.supplier, invitation.id)).collect();
    let mut seen = HashSet::new();
    let added: Vec<(usize, CompanyId)> = companies
        .iter()
        .copied()
        .enumerate()
        .filter(|(_, company)| !known.contains(company) && seen.insert(*company))
        .collect();
    ensure_may_be_invited(tx, rfq, &added)?;
    let new = added.iter().filter(|(_, company)| !pending.contains_key(company)).count();
    ensure_room(app, all.len(), new)?;
    let ids: Vec<i64> = added.iter().map(|(_, company)| company.0).collect();
    let quoting = store::list_quoting(tx.conn(), rfq.id, &ids)?;
    let mut notified = Vec::new();
    for (_, supplier) in added {
        let state = match rfq.state {
            RfqState::Draft => InvitationState::Pending,
            _ if quoting.contains(&supplier) => InvitationState::Quoted,
            _ => InvitationState::Invited,
        };
        let is_new = match pending.get(&supplier) {
            Some(id) => store::set_state(tx, *id, state).map(|()| true)?,
            None => store::insert(tx, rfq.id, supplier, state)?,
        };
        if is_new && state == InvitationState::Invited {
            notified.push(supplier);
        }
    }
    notify(tx, rfq, &notified)
}

fn ensure_number(companies: &[CompanyId]) -> Result<()> {
    if companies.is_empty() {
        return Err(Problem::invalid(vec![FieldError::required("/companies")]));
    }
    if companies.len() > MOST_AT_ONCE {
        let message = Message::new("rfqs-invite-most-at-once").with("most", MOST_AT_ONCE).text(Language::English);
        return Err(Problem::invalid_field("/companies", FieldCode::Range, message));
    }
    Ok(())
}

/// Refuses the buyer itself, companies that do not take part, and those that take nothing from the buyer, all at once.
fn ensure_may_be_invited(tx: &mut Tx, rfq: &Rfq, added: &[(usize, CompanyId)]) -> Result<()> {
    let ids: Vec<i64> = added.iter().map(|(_, company)| company.0).collect();
    let active = load_active(tx, &ids)?;
    let blocking = store::list_blocking(tx.conn(), rfq.company, &ids)?;
    let refusal = |company: &CompanyId| {
        if *company == rfq.company {
            Some((FieldCode::Contradiction, "rfqs-invite-own"))
        } else if !active.contains(company) {
            Some((FieldCode::UnknownValue, "rfqs-invite-unknown"))
        } else if blocking.contains(company) {
            Some((FieldCode::Contradiction, "rfqs-invite-blocked"))
        } else {
            None
        }
    };
    let errors: Vec<FieldError> = added
        .iter()
        .filter_map(|(place, company)| {
            let (code, key) = refusal(company)?;
            Some(FieldError::new(format!("/companies/{place}"), code, text(Language::English, key)))
        })
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(Problem::invalid(errors)) }
}

/// Those of the companies that the buyer may invite.
pub(super) fn invitable(tx: &mut Tx, buyer: CompanyId, companies: &[CompanyId]) -> Result<Vec<CompanyId>> {
    let ids: Vec<i64> = companies.iter().map(|company| company.0).collect();
    let active = load_active(tx, &ids)?;
    let blocking = store::list_blocking(tx.conn(), buyer, &ids)?;
    let is_invitable = |company: &CompanyId| active.contains(company) && !blocking.contains(company);
    Ok(companies.iter().copied().filter(is_invitable).collect())
}

fn load_active(tx: &mut Tx, ids: &[i64]) -> Result<HashSet<CompanyId>> {
    let companies = companies::store::load(tx.conn(), ids)?;
    let active = companies.into_iter().filter(|company| company.state == CompanyState::Active);
    Ok(active.map(|company| company.id).collect())
}

fn ensure_room(app: &App, known: usize, added: usize) -> Result<()> {
    let (limits, sum) = (&app.config.limits, i64::try_from(known + added).unwrap_or(i64::MAX));
    let most = limits.invitations_per_rfq;
    if added > 0 && limits.is_reached(most, sum - 1) {
        return Err(Problem::conflict(Message::new("rfqs-invite-too-many").with("most", most).text(Language::English)));
    }
    Ok(())
}

/// Sends the invitations that are pending until the RFQ is published. Of those that were invited then, some may have left the platform since, or
/// take nothing from the buyer any more: theirs stay as they are.
pub(super) fn send_pending(tx: &mut Tx, rfq: &Rfq) -> Result<()> {
    let pending = store::list_pending(tx.conn(), rfq.id)?;
    let ids: Vec<i64> = pending.iter().map(|invitation| invitation.supplier.0).collect();
    let active = load_active(tx, &ids)?;
    let blocking = store::list_blocking(tx.conn(), rfq.company, &ids)?;
    let mut notified = Vec::new();
    for invitation in pending {
        let supplier = invitation.supplier;
        if active.contains(&supplier) && !blocking.contains(&supplier) {
            store::set_state(tx, invitation.id, InvitationState::Invited)?;
            notified.push(supplier);
        }
    }
    notify(tx, rfq, &notified)
}

fn notify(tx: &mut Tx, rfq: &Rfq, suppliers: &[CompanyId]) -> Result<()> {
    if suppliers.is_empty() {
        return Ok(());
    }
    let buyer: Option<Company> = if buyer_is_shown_to(rfq.fields.show_buyer_name, Viewer::Invited) {
        companies::store::find(tx.conn(), rfq.company)?
    } else {
        None
    };
    notifying::invited(tx, rfq, buyer.as_ref().map(|buyer| buyer.fields.name.as_str()), suppliers)
}

/// Cancels an invitation, before the supplier has quoted; an RFQ that is only for invited suppliers is out of its sight then. Nobody is
/// notified.
///
/// # Errors
/// `not_found`; `conflict` once the supplier quoted, and when the RFQ is neither a draft nor open; `stale`.
pub fn uninvite(app: &App, actor: &Actor, id: RfqId, supplier: CompanyId, expected: Option<i64>) -> Result<()> {
    let scope = actor.authorize_draft(Permission::RfqsWrite)?;
    app.db.write(|tx| {
        let rfq = own(tx.conn(), scope, id)?;
        let known = store::find(tx.conn(), id, supplier)?.ok_or_else(|| Problem::not_found("invitation"))?;
        ensure_version(expected, known.version)?;
        rfq.state.change()?;
        if store::has_quoted(tx.conn(), id, supplier)? {
            return Err(Problem::conflict(text(Language::English, "rfqs-uninvite-quoted")));
        }
        store::delete(tx, known.id)
    })
}

/// Declines an invitation that the actor's company received; nobody is notified, and the buyer reads it in the list. Who declined may still
/// quote.
///
/// # Errors
/// `not_found` for an RFQ that the company may not see; `conflict` when it is not invited, has quoted, or it takes no quotes any more.
pub fn decline(app: &App, actor: &Actor, id: RfqId) -> Result<()> {
    let scope = actor.authorize(Permission::RfqsWrite)?;
    app.db.write(|tx| {
        let rfq = see(tx.conn(), actor, id)?.rfq;
        let known = store::find_sent(tx.conn(), rfq.id, scope.company())?;
        let known = known.ok_or_else(|| Problem::conflict(text(Language::English, "rfqs-not-invited")))?;
        match known.state {
            // Whoever heard no answer may ask again.
            InvitationState::Declined => Ok(()),
            InvitationState::Quoted => Err(Problem::conflict(text(Language::English, "rfqs-decline-quoted"))),
            InvitationState::Pending => Err(absent()),
            InvitationState::Invited | InvitationState::Seen if rfq.state != RfqState::Open => {
                Err(RfqRefusal::NotOpen(rfq.state).into())
            }
            InvitationState::Invited | InvitationState::Seen => {
                store::set_state(tx, known.id, InvitationState::Declined)
            }
        }
    })
}

/// Records that the actor's company opened the RFQ that it is invited to; `state` is what was read with it.
pub fn mark_seen(app: &App, actor: &Actor, id: RfqId, state: Option<InvitationState>) -> Result<()> {
    // What was read decides first: the page of an RFQ is opened a hundred times for each time that this has something to write.
    if state != Some(InvitationState::Invited) {
        return Ok(());
    }
    let company = actor.authorize(Permission::RfqsRead)?.company();
    app.db.write(|tx| match store::find(tx.conn(), id, company)? {
        Some(known) if known.state == InvitationState::Invited => store::set_state(tx, known.id, InvitationState::Seen),
        _ => Ok(()),
    })
}
