//! Recording and ending evidence, each step in the transaction of what led to it; the level and the numbers held follow at once.

use chrono::NaiveDate;

use super::{EndedBecause, EvidenceItem, EvidenceKind, Facts, store, summarise};
use crate::companies::events::CompanyChanged;
use crate::companies::identifiers::IdentifierKind;
use crate::companies::store as companies;
use crate::companies::{Company, CompanyState, IdentifierState, Verification, rules};
use crate::error::{Problem, Result};
use crate::ids::CompanyId;
use crate::locale::{Language, text};
use crate::outbox::{Options, enqueue};
use crate::reference::outcome::Outcome;
use crate::store::{Entity, Op, Tx};

/// The evidence with which a company holds the numbers that it names: a moderator saw whose they are.
const HOLDING: &[EvidenceKind] = &[EvidenceKind::Register, EvidenceKind::Identity];

/// Records what a moderator checked, in place of earlier evidence of its kind; answers the level that follows.
pub fn record(
    tx: &mut Tx,
    company: CompanyId,
    kind: EvidenceKind,
    facts: &Facts,
    expires_on: Option<NaiveDate>,
) -> Result<Verification> {
    // Ended, not overwritten: what counted when is needed to judge a past decision.
    store::end(tx, company, Some(kind), EndedBecause::Replaced)?;
    store::insert(tx, company, kind, facts, expires_on)?;
    if HOLDING.contains(&kind) {
        hold_identifiers(tx, company)?;
    }
    recompute_verification(tx, company)
}

/// Ends all evidence of a company that is another one now.
pub fn invalidate_all(tx: &mut Tx, company: CompanyId) -> Result<Verification> {
    release_identifiers(tx, company)?;
    store::end(tx, company, None, EndedBecause::Changed)?;
    recompute_verification(tx, company)
}

/// Ends evidence whose last day has passed; answers the level that is left.
pub fn expire(tx: &mut Tx, item: &EvidenceItem) -> Result<Verification> {
    store::end(tx, item.company, Some(item.kind), EndedBecause::Expired)?;
    recompute_verification(tx, item.company)
}

/// Records that the company was reminded so many days before evidence ends.
pub fn record_reminder(tx: &mut Tx, item: &EvidenceItem, days: i32) -> Result<()> {
    store::set_reminded(tx, item.id, days)
}

/// Gives the company the level that follows from its evidence and identifiers; writes nothing when it has it.
pub fn recompute_verification(tx: &mut Tx, id: CompanyId) -> Result<Verification> {
    let company = companies::find(tx.conn(), id)?.ok_or_else(|| Problem::not_found("company"))?;
    let seen = store::list_current(tx.conn(), id)?;
    claim_identifiers(tx, &company)?;
    let holds_number = companies::list_identifiers(tx.conn(), id)?
        .iter()
        .any(|one| one.state == IdentifierState::Held && one.outcome == Outcome::Valid);
    let today = tx.now().date_naive();
    let level = rules::verification(&summarise(company.fields.form, holds_number, &seen), today);
    // The sweep asks for every company whose evidence ends; an equal level must not make a new version of the company.
    if level != company.verification {
        companies::set_verification(tx, &company, level)?;
        announce_change(tx, id)?;
        tx.record_change(Entity::Company, id.0, Op::Changed);
    }
    Ok(level)
}

/// Has the matches of a company follow what changed at it in this transaction; called once that is written.
pub fn announce_change(tx: &mut Tx, id: CompanyId) -> Result<()> {
    let Some(company) = companies::find(tx.conn(), id)? else { return Ok(()) };
    // Behind what others wait for: a company may change every second.
    let once = Options::once(format!("company_changed {id} {}", company.version)).low_priority();
    enqueue(tx, &CompanyChanged { company: id }, once)
}

/// Has the company hold the numbers that it names and nobody else holds: a moderator has seen whose they are. Only then: a number that
/// another company gives up later is nobody's until a moderator looks again.
fn hold_identifiers(tx: &mut Tx, id: CompanyId) -> Result<()> {
    let stated = companies::list_identifiers(tx.conn(), id)?;
    for one in stated.iter().filter(|one| one.state == IdentifierState::Stated) {
        let Some(kind) = IdentifierKind::parse(&one.kind) else { continue };
        let (_, holder) = companies::find_claim(tx.conn(), id, kind, &one.value)?;
        if holder.is_none() {
            companies::set_identifier_state(tx, id, kind, &one.value, IdentifierState::Held)?;
            let step = (IdentifierState::Stated, IdentifierState::Claimed);
            companies::move_others(tx, (kind, &one.value), step, id)?;
            tx.record_change(Entity::Company, id.0, Op::Changed);
        }
    }
    Ok(())
}

/// Has a number that the company only states be claimed where another company holds it. What it holds, claims or was refused stays.
fn claim_identifiers(tx: &mut Tx, company: &Company) -> Result<()> {
    // Who does not take part yet claims nothing: no moderator is asked about an account that nobody confirmed.
    if !matches!(company.state, CompanyState::Active | CompanyState::Suspended) {
        return Ok(());
    }
    let stated = companies::list_identifiers(tx.conn(), company.id)?;
    for one in stated.iter().filter(|one| one.state == IdentifierState::Stated) {
        let Some(kind) = IdentifierKind::parse(&one.kind) else { continue };
        if let (_, Some(_)) = companies::find_claim(tx.conn(), company.id, kind, &one.value)? {
            companies::set_identifier_state(tx, company.id, kind, &one.value, IdentifierState::Claimed)?;
        }
    }
    Ok(())
}

/// Ends what the company holds and claims: it states its numbers from now on. Others that claimed one of them state it too.
pub fn release_identifiers(tx: &mut Tx, id: CompanyId) -> Result<()> {
    for one in companies::list_identifiers(tx.conn(), id)? {
        let open = matches!(one.state, IdentifierState::Held | IdentifierState::Claimed);
        let Some(kind) = IdentifierKind::parse(&one.kind).filter(|_| open) else { continue };
        companies::set_identifier_state(tx, id, kind, &one.value, IdentifierState::Stated)?;
        if one.state == IdentifierState::Held {
            tx.record_change(Entity::Company, id.0, Op::Changed);
            let step = (IdentifierState::Claimed, IdentifierState::Stated);
            companies::move_others(tx, (kind, &one.value), step, id)?;
        }
    }
    Ok(())
}

/// Gives a claimed number to the claimant. The company that held it keeps it in its profile as one that was refused, and its register entry
/// no longer counts. Answers that company.
///
/// # Errors
/// `conflict` when it is not claimed (any more).
pub fn award_identifier(
    tx: &mut Tx,
    claimant: CompanyId,
    kind: IdentifierKind,
    value: &str,
) -> Result<Option<CompanyId>> {
    let (state, holder) = companies::find_claim(tx.conn(), claimant, kind, value)?;
    ensure_claimed(state)?;
    if let Some(holder) = holder {
        // The old holder first: the table lets one company hold a number.
        companies::set_identifier_state(tx, holder, kind, value, IdentifierState::Refused)?;
        // The register entry was looked up for that number.
        store::end(tx, holder, Some(EvidenceKind::Register), EndedBecause::Changed)?;
    }
    companies::set_identifier_state(tx, claimant, kind, value, IdentifierState::Held)?;
    tx.record_change(Entity::Company, claimant.0, Op::Changed);
    recompute_verification(tx, claimant)?;
    if let Some(holder) = holder {
        // Its other numbers stood on the same entry.
        release_identifiers(tx, holder)?;
        recompute_verification(tx, holder)?;
    }
    Ok(holder)
}

/// Refuses a claim: the number stays in the claimant's profile as one that grants nothing.
///
/// # Errors
/// `conflict` when it is not claimed (any more).
pub fn refuse_claim(tx: &mut Tx, claimant: CompanyId, kind: IdentifierKind, value: &str) -> Result<Option<CompanyId>> {
    let (state, holder) = companies::find_claim(tx.conn(), claimant, kind, value)?;
    ensure_claimed(state)?;
    companies::set_identifier_state(tx, claimant, kind, value, IdentifierState::Refused)?;
    Ok(holder)
}

fn ensure_claimed(state: Option<IdentifierState>) -> Result<()> {
    match state {
        Some(IdentifierState::Claimed) => Ok(()),
        _ => Err(Problem::conflict(text(Language::English, "companies-claim-ended"))),
    }
}
