//! Use cases of partnerships: proposing, confirming, declining, ending, reading. Every change adds an entry to the ledger and notifies
//! the other side.

use serde_json::{Value, json};

use super::ledger::{self, ChainCheck, LedgerHead, Replay};
use super::notifications::{StepText, notify_partnership};
use super::rules::{is_partnership_step_taken, step_partnership};
use super::{
    AcceptedQuote, LedgerEntry, LedgerKind, Overview, Partnership, PartnershipFields, PartnershipState,
    PartnershipStep, Record, RecordState, Verification, Waiting, YearTotal, store,
};
use crate::actor::{Actor, Permission, Scope};
use crate::app::App;
use crate::clock::Time;
use crate::companies::{self, CompanyState};
use crate::error::{FieldCode, FieldError, Problem, Result};
use crate::ids::{CompanyId, PartnershipId, QuoteId, RecordId};
use crate::locale::{Language, Message, text};
use crate::quotes::rules::supplier_knows_buyer;
use crate::quotes::{self, Quote, QuoteState};
use crate::rfqs;
use crate::store::cursor::{ListPage, Paging, RowKey};
use crate::store::{Conn, IdempotencyKey, Idempotent, Tx, ensure_version};

/// The longest reason for declining, ending or disputing, in characters.
pub const MAX_REASON: usize = 2_000;

/// So many companies to propose a partnership to are listed; any other is proposed from its profile.
const MOST_CHOICES: usize = 50;

/// An overview holds this many entries of the ledger; the API lists all.
const SHOWN_ENTRIES: i64 = 40;

/// Proposes a partnership; the actor's company is one side of it.
pub fn propose(
    app: &App,
    actor: &Actor,
    fields: &PartnershipFields,
    once: Option<&IdempotencyKey>,
) -> Result<Idempotent<PartnershipId>> {
    let company = actor.authorize(Permission::PartnershipsWrite)?.company();
    // Before the transaction: what the fields alone decide needs no connection.
    fields.check(company)?;
    app.db.write_idempotent(once, |tx| {
        let partnership = propose_in(tx, fields, company, None)?;
        let text = StepText {
            subject: "partnerships-mail-proposes",
            sentence: Message::new("partnerships-mail-proposes-text"),
            reason: None,
            action: "partnerships-mail-review-proposal",
        };
        notify_partnership(tx, &partnership, company, text)?;
        Ok(partnership.id)
    })
}

/// Stores a proposal in an open transaction, as of `at` or now.
pub(super) fn propose_in(
    tx: &mut Tx,
    fields: &PartnershipFields,
    proposer: CompanyId,
    at: Option<Time>,
) -> Result<Partnership> {
    check_companies(tx.conn(), fields)?;
    check_quote(tx.conn(), fields)?;
    let at = at.unwrap_or_else(|| tx.now());
    let partnership = store::insert(tx, fields, proposer, at)?;
    let body = serde_json::to_value(fields).map_err(Problem::internal)?;
    append(tx, partnership.id, &NewEntry { by: Some(proposer), kind: LedgerKind::Proposed, record: None, at, body })?;
    Ok(partnership)
}

fn check_companies(conn: &mut Conn, fields: &PartnershipFields) -> Result<()> {
    let mut wrong = Vec::new();
    for (pointer, id) in [("/supplier", fields.supplier), ("/buyer", fields.buyer)] {
        let found = companies::store::find(conn, id)?;
        // A suspended company answers like one that does not exist: who probes ids must not learn of suspensions.
        if found.is_none_or(|company| company.state != CompanyState::Active) {
            wrong.push(FieldError::new(
                pointer,
                FieldCode::UnknownValue,
                text(Language::English, "partnerships-no-company"),
            ));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(Problem::invalid(wrong)) }
}

fn check_quote(conn: &mut Conn, fields: &PartnershipFields) -> Result<()> {
    let Some(id) = fields.quote else { return Ok(()) };
    let quote = quotes::store::find(conn, id)?;
    // Both sides, not only ours: a quote of the same supplier to another buyer would connect two strangers.
    let is_theirs = |quote: &Quote| (quote.supplier, quote.buyer) == (fields.supplier, fields.buyer);
    if quote.is_some_and(|quote| quote.state == QuoteState::Accepted && is_theirs(&quote)) {
        return Ok(());
    }
    // One answer whatever is wrong: a supplier who tries companies one after the other must not learn which of them is the buyer of an
    // RFQ that does not name it, nor whether somebody else's quote exists.
    let message = text(Language::English, "partnerships-no-quote");
    Err(Problem::invalid_field("/quote", FieldCode::Contradiction, message))
}

/// One partnership of the actor's company.
pub fn find(app: &App, actor: &Actor, id: PartnershipId) -> Result<Partnership> {
    let scope = actor.authorize(Permission::PartnershipsRead)?;
    app.db.read(|conn| find_in(conn, scope, id))
}

pub(super) fn find_in(conn: &mut Conn, scope: Scope, id: PartnershipId) -> Result<Partnership> {
    store::find(conn, scope, id)?.ok_or_else(|| Problem::not_found("partnership"))
}

/// The partnerships of the actor's company, newest first, or by the time of their last step.
pub fn list<K: RowKey>(
    app: &App,
    actor: &Actor,
    since: Option<Time>,
    paging: &Paging<K>,
) -> Result<ListPage<Partnership, K>> {
    let scope = actor.authorize(Permission::PartnershipsRead)?;
    app.db.read(|conn| store::list(conn, scope, since, paging))
}

/// The proposal that an accepted quote of the actor's company leads to.
///
/// # Errors
/// 401, 403; `not_found` for a quote of others; `conflict` while the buyer has not accepted it, which names no buyer.
pub fn proposal_of_quote(app: &App, actor: &Actor, id: QuoteId) -> Result<PartnershipFields> {
    let scope = actor.authorize(Permission::PartnershipsWrite)?;
    app.db.read(|conn| {
        let absent = || Problem::not_found("quote");
        let quote = quotes::store::find_of(conn, scope, id)?.ok_or_else(absent)?;
        let rfq = rfqs::store::find(conn, quote.rfq)?.ok_or_else(absent)?;
        let is_named = quote.buyer == scope.company() || supplier_knows_buyer(&quote, &rfq);
        // The form could only be refused before, and would have named the buyer of an anonymous RFQ.
        if !is_named || quote.state != QuoteState::Accepted {
            return Err(Problem::conflict(text(Language::English, "partnerships-quote-not-accepted")));
        }
        Ok(PartnershipFields { supplier: quote.supplier, buyer: quote.buyer, quote: Some(id), note: None })
    })
}

/// The newest accepted quote with each company with whom there is no live partnership in the same roles, at most 50; with the actor's
/// company.
pub fn without_partnership(app: &App, actor: &Actor) -> Result<(CompanyId, Vec<AcceptedQuote>)> {
    let scope = actor.authorize(Permission::PartnershipsWrite)?;
    let accepted = app.db.read(|conn| newest_without_partnership(conn, scope))?;
    Ok((scope.company(), accepted))
}

fn newest_without_partnership(conn: &mut Conn, scope: Scope) -> Result<Vec<AcceptedQuote>> {
    // Two that traded often have many accepted quotes: the newest stands for all, and the older ones of others are behind them.
    let mut seen = store::list_live_sides(conn, scope)?;
    let (mut found, mut before) = (Vec::new(), QuoteId(i64::MAX));
    while found.len() < MOST_CHOICES {
        let accepted = store::list_accepted_before(conn, scope, before)?;
        let Some(last) = accepted.last() else { break };
        before = last.quote;
        found.extend(accepted.into_iter().filter(|one| seen.insert((one.supplier, one.buyer))));
    }
    found.truncate(MOST_CHOICES);
    Ok(found)
}

/// What waits for the actor's company, at most 50 of each kind.
pub fn waiting(app: &App, actor: &Actor) -> Result<Waiting> {
    let scope = actor.authorize(Permission::PartnershipsRead)?;
    app.db.read(|conn| {
        Ok(Waiting {
            partnerships: store::list_waiting(conn, scope, 50)?,
            records: store::list_waiting_records(conn, scope, 50)?,
        })
    })
}

/// What the actor's company confirmed in all its partnerships, as it is now: its own figures are no secret to it.
pub fn own_totals(app: &App, actor: &Actor) -> Result<Vec<YearTotal>> {
    let scope = actor.authorize(Permission::PartnershipsRead)?;
    app.db.read(|conn| store::list_company_totals(conn, scope))
}

/// A partnership with its totals and the check of its ledger.
pub fn overview(app: &App, actor: &Actor, id: PartnershipId) -> Result<Overview> {
    overview_in(app, actor.authorize(Permission::PartnershipsRead)?, id)
}

/// The same after a write; a key that may only write sees what became of it.
pub fn overview_written(app: &App, actor: &Actor, id: PartnershipId) -> Result<Overview> {
    overview_in(app, actor.authorize(Permission::PartnershipsWrite)?, id)
}

fn overview_in(app: &App, scope: Scope, id: PartnershipId) -> Result<Overview> {
    app.db.read(|conn| {
        let partnership = find_in(conn, scope, id)?;
        let (mut check, mut replay) = (ChainCheck::new(id), Replay::default());
        store::for_each_entry(conn, id, |entry| {
            check.push(&entry);
            replay.push(&entry);
        })?;
        Ok(Overview {
            differing: differing(conn, id, replay)?,
            totals: store::list_totals(conn, id)?,
            declared: store::count_in_state(conn, id, RecordState::Declared)?,
            disputed: store::count_in_state(conn, id, RecordState::Disputed)?,
            newest: store::list_newest_entries(conn, id, SHOWN_ENTRIES)?,
            entries: check.entries(),
            verification: check.verification(),
            partnership,
        })
    })
}

/// The records of a partnership whose rows do not say what its ledger says.
fn differing(conn: &mut Conn, id: PartnershipId, mut replay: Replay) -> Result<Vec<RecordId>> {
    let (mut differing, mut after) = (Vec::new(), RecordId(0));
    loop {
        let records = store::load_records_of_after(conn, id, after)?;
        let Some(last) = records.last() else { break };
        after = last.id;
        let ids: Vec<i64> = records.iter().map(|record| record.id.0).collect();
        let references = store::references_by_record(conn, &ids)?;
        let of = |record: &Record| references.get(&record.id).map_or(&[][..], Vec::as_slice);
        differing.extend(records.iter().filter(|record| !replay.agrees(record, of(record))).map(|record| record.id));
    }
    differing.extend(replay.missing());
    Ok(differing)
}

/// A ledger, its entries oldest first, and how far it holds.
#[derive(Clone, Debug)]
pub struct WholeLedger {
    /// Its partnership.
    pub partnership: PartnershipId,
    /// Its entries.
    pub entries: Vec<LedgerEntry>,
    /// Whether its chain holds.
    pub verification: Verification,
    /// The records that differ from it.
    pub differing: Vec<RecordId>,
    /// Its newest entry, signed.
    pub head: Option<LedgerHead>,
}

/// The ledger of a partnership of the actor's company.
pub fn read_ledger(app: &App, actor: &Actor, id: PartnershipId) -> Result<WholeLedger> {
    let scope = actor.authorize(Permission::PartnershipsRead)?;
    app.db.read(|conn| {
        find_in(conn, scope, id)?;
        let (mut entries, mut check, mut replay) = (Vec::new(), ChainCheck::new(id), Replay::default());
        store::for_each_entry(conn, id, |entry| {
            check.push(&entry);
            replay.push(&entry);
            entries.push(entry);
        })?;
        let sign = |last: &LedgerEntry| LedgerHead::sign(&app.secrets, id, last.number, &last.hash);
        let verification = check.verification();
        // A chain that does not hold is not signed: the signature would say that it did.
        let holds = matches!(verification, Verification::Verified { .. });
        let head = entries.last().filter(|_| holds).map(sign);
        Ok(WholeLedger { partnership: id, entries, verification, differing: differing(conn, id, replay)?, head })
    })
}

/// Confirms, declines or ends a partnership for the actor's company.
pub fn step(
    app: &App,
    actor: &Actor,
    id: PartnershipId,
    step: PartnershipStep,
    reason: Option<&str>,
    expected: Option<i64>,
) -> Result<Partnership> {
    let scope = actor.authorize(Permission::PartnershipsWrite)?;
    check_reason(reason)?;
    app.db.write(|tx| {
        let partnership = find_in(tx.conn(), scope, id)?;
        let side = |company| partnership.side_of(company).ok_or_else(|| Problem::not_found("partnership"));
        let (proposer, by) = (side(partnership.proposed_by)?, side(scope.company())?);
        // Before the version is compared: the first call has made a new one.
        if is_partnership_step_taken(partnership.state, proposer, step, by) {
            return Ok(partnership);
        }
        ensure_version(expected, partnership.version)?;
        let at = tx.now();
        let stepped = step_in(tx, &partnership, scope.company(), step, reason, at)?;
        // In the same transaction: an e-mail about a step that was rolled back would be a lie.
        notify_partnership(tx, &stepped, scope.company(), text_of(step, reason))?;
        find_in(tx.conn(), scope, id)
    })
}

/// Where a step of the company would lead.
pub(super) fn next_state(partnership: &Partnership, step: PartnershipStep, by: CompanyId) -> Result<PartnershipState> {
    let side = |company| partnership.side_of(company).ok_or_else(|| Problem::not_found("partnership"));
    Ok(step_partnership(partnership.state, side(partnership.proposed_by)?, step, side(by)?)?)
}

/// Carries a step out in an open transaction; answers the partnership after it.
pub(super) fn step_in(
    tx: &mut Tx,
    partnership: &Partnership,
    by: CompanyId,
    step: PartnershipStep,
    reason: Option<&str>,
    at: Time,
) -> Result<Partnership> {
    let state = next_state(partnership, step, by)?;
    let mut after = Partnership { state, ..partnership.clone() };
    let kind = match state {
        PartnershipState::Active => {
            after.confirmed_at = Some(at);
            LedgerKind::Confirmed
        }
        PartnershipState::Declined => {
            after.ended_at = Some(at);
            LedgerKind::Declined
        }
        PartnershipState::Ended | PartnershipState::Proposed => {
            after.ended_at = Some(at);
            LedgerKind::Ended
        }
    };
    store::update(tx, &after)?;
    append(
        tx,
        partnership.id,
        &NewEntry { by: Some(by), kind, record: None, at, body: with_reason(json!({}), reason) },
    )?;
    Ok(after)
}

fn text_of(step: PartnershipStep, reason: Option<&str>) -> StepText<'_> {
    let (subject, sentence) = match step {
        PartnershipStep::Confirm => ("partnerships-mail-confirmed", "partnerships-mail-confirmed-text"),
        PartnershipStep::Decline => ("partnerships-mail-declined", "partnerships-mail-declined-text"),
        PartnershipStep::End => ("partnerships-mail-ended", "partnerships-mail-ended-text"),
    };
    StepText { subject, sentence: Message::new(sentence), reason, action: "partnerships-mail-open-partnership" }
}

/// Refuses a reason that is too long.
pub(super) fn check_reason(reason: Option<&str>) -> Result<()> {
    if reason.is_some_and(|reason| reason.chars().count() > MAX_REASON) {
        let message = Message::new("partnerships-too-long").with("most", MAX_REASON).text(Language::English);
        return Err(Problem::invalid_field("/reason", FieldCode::Range, message));
    }
    Ok(())
}

/// A body of a ledger entry with the reason, where there is one.
pub(super) fn with_reason(mut body: Value, reason: Option<&str>) -> Value {
    if let (Value::Object(members), Some(reason)) = (&mut body, reason.filter(|reason| !reason.is_empty())) {
        members.insert("reason".to_owned(), reason.into());
    }
    body
}

/// What a new entry of a ledger says.
pub(super) struct NewEntry {
    /// The company; none for the platform.
    pub by: Option<CompanyId>,
    pub kind: LedgerKind,
    pub record: Option<RecordId>,
    pub at: Time,
    pub body: Value,
}

/// Adds an entry to a partnership's ledger.
pub(super) fn append(tx: &mut Tx, id: PartnershipId, new: &NewEntry) -> Result<()> {
    // Read in the writing transaction: two that append at once take the same number, and the second runs again.
    let last = store::last_entry(tx.conn(), id)?;
    let entry = ledger::next_entry(id, last.as_ref(), new.at, new.by, new.kind, new.body.clone());
    store::insert_entry(tx, id, &entry, new.record)
}
