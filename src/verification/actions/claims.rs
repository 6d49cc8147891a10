//! Disputed identifiers, which a company names and another one holds: a moderator decides who holds them.

use crate::accounts::actions::{Sender, notify_company};
use crate::actor::Actor;
use crate::app::App;
use crate::companies::evidence::actions::{award_identifier, refuse_claim};
use crate::companies::identifiers::IdentifierKind;
use crate::companies::{self, IdentifierState};
use crate::error::{Problem, Result};
use crate::ids::CompanyId;
use crate::locale::Language;
use crate::mail::Stream;
use crate::moderation::Act;
use crate::moderation::actions::{checked_reason, ensure_impartial, record_about_company};
use crate::store::{Conn, Tx};
use crate::verification::{Claim, Verdict, notifications};

/// Claims that the page shows, the oldest first; it says how many more there are.
const MOST: i64 = 100;

fn absent() -> Problem {
    Problem::not_found("claim")
}

/// The open claims, the oldest first, at most [`MOST`]; and how many there are.
pub fn list_claims(app: &App, actor: &Actor) -> Result<(Vec<Claim>, i64)> {
    actor.as_moderator()?;
    app.db.read(|conn| {
        let rows = companies::store::list_claims(conn, MOST)?;
        let claims = rows.into_iter().map(|(claimant, kind, value)| load(conn, claimant, kind, &value));
        Ok((claims.collect::<Result<Vec<_>>>()?, companies::store::count_claims(conn)?))
    })
}

/// One claim, for moderators.
pub fn find_claim(app: &App, actor: &Actor, claimant: CompanyId, kind: IdentifierKind, value: &str) -> Result<Claim> {
    actor.as_moderator()?;
    app.db.read(|conn| load(conn, claimant, kind, value))
}

fn load(conn: &mut Conn, claimant: CompanyId, kind: IdentifierKind, value: &str) -> Result<Claim> {
    let numbers = companies::store::list_identifiers(conn, claimant)?;
    let is_claim = |one: &&companies::Identifier| {
        one.kind == kind.as_str() && one.value == value && one.state == IdentifierState::Claimed
    };
    let claimed = numbers.iter().find(is_claim).ok_or_else(absent)?;
    let (_, holder) = companies::store::find_claim(conn, claimant, kind, value)?;
    let holder = holder.map(|holder| companies::store::find(conn, holder)).transpose()?.flatten();
    Ok(Claim {
        kind: claimed.kind.clone(),
        value: claimed.value.clone(),
        since: claimed.since,
        claimant: companies::store::find(conn, claimant)?.ok_or_else(absent)?,
        holder,
    })
}

/// Decides who holds a disputed identifier. Both sides are notified.
///
/// # Errors
/// `not_found` for who is no moderator and for what is no claim; `conflict` when it concerns the moderator's own company; `invalid` without a
/// reason.
pub fn decide_claim(
    app: &App,
    actor: &Actor,
    claimant: CompanyId,
    kind: IdentifierKind,
    value: &str,
    verdict: Verdict,
    reason: &str,
) -> Result<()> {
    let moderator = actor.as_moderator()?;
    let reason = checked_reason(reason)?;
    app.db.write(|tx| {
        let claim = load(tx.conn(), claimant, kind, value)?;
        ensure_impartial(moderator, claimant)?;
        // Both sides: refusing a claim favours the holder as much as accepting it favours the claimant.
        if let Some(holder) = &claim.holder {
            ensure_impartial(moderator, holder.id)?;
        }
        let act = match verdict {
            Verdict::Accept => award_identifier(tx, claimant, kind, value).map(|_| Act::AwardedIdentifier)?,
            Verdict::Refuse => refuse_claim(tx, claimant, kind, value).map(|_| Act::RefusedClaim)?,
        };
        let said = format!("{} {value}: {reason}", kind.as_str());
        record_about_company(tx, moderator, act, claimant, &said)?;
        notify_sides(tx, &claim, verdict, &reason)
    })
}

/// The claimant is notified of every decision, the holder only of one that takes the identifier away.
fn notify_sides(tx: &mut Tx, claim: &Claim, verdict: Verdict, reason: &str) -> Result<()> {
    // The same identifier may be claimed again later: the time makes each decision an event of its own.
    let event = format!("claim {} {} {}", claim.kind, claim.value, tx.now().timestamp_millis());
    let content = notifications::claim_decided(Language::English, claim, verdict, reason);
    notify_company(
        tx,
        Sender::Platform,
        claim.claimant.id,
        Stream::Transactional,
        &format!("{event} claimant"),
        &content,
    )?;
    if let (Some(holder), Verdict::Accept) = (&claim.holder, verdict) {
        let content = notifications::identifier_lost(Language::English, claim, reason);
        notify_company(tx, Sender::Platform, holder.id, Stream::Transactional, &format!("{event} holder"), &content)?;
    }
    Ok(())
}
