//! Recording and ending evidence, each step in the transaction of what led to it; the level follows at once.

use chrono::NaiveDate;

use super::{EndedBecause, EvidenceItem, EvidenceKind, Facts, store, summarise};
use crate::companies::identifiers::IdentifierKind;
use crate::companies::store as companies;
use crate::companies::{IdentifierState, Verification, rules};
use crate::error::{Problem, Result};
use crate::ids::CompanyId;
use crate::locale::{Language, text};
use crate::reference::outcome::Outcome;
use crate::store::{Entity, Op, Tx};

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
    recompute_verification(tx, company)
}

/// Ends all evidence of a company that is another one now.
pub fn invalidate_all(tx: &mut Tx, company: CompanyId) -> Result<Verification> {
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
    let holds_number = companies::list_identifiers(tx.conn(), id)?
        .iter()
        .any(|one| one.state == IdentifierState::Held && one.outcome == Outcome::Valid);
    let today = tx.now().date_naive();
    let level = rules::verification(&summarise(company.fields.form, holds_number, &seen), today);
    // The sweep asks for every company whose evidence ends; an equal level must not make a new version of the company.
    if level != company.verification {
        companies::set_verification(tx, &company, level)?;
        tx.record_change(Entity::Company, id.0, Op::Changed);
    }
    Ok(level)
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
        recompute_verification(tx, holder)?;
    }
    companies::set_identifier_state(tx, claimant, kind, value, IdentifierState::Held)?;
    recompute_verification(tx, claimant)?;
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
