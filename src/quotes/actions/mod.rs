//! Use cases of quotes: submitting, revising, and what either side decides. Each is one transaction with its notifications.

mod notifying;

use chrono::NaiveDate;

use super::eligibility::ensure_takes_quotes;
use super::quota::{Allocation, QuotaRule, SeatKind, allocate};
use super::rules::{Award, QuoteFacts, apply_step, awarded_by, declined_by, is_taken, offers_more};
use super::store::{self, NewQuote};
use super::{Party, Quote, QuoteFields, QuoteState, QuoteStep, queries};
use crate::actor::{Actor, Permission, Scope};
use crate::app::App;
use crate::companies::{self, CompanyState};
use crate::config::Config;
use crate::documents::{Subject, attachments};
use crate::error::{FieldCode, Problem, Result};
use crate::formats::numbers;
use crate::ids::{CompanyId, QuoteId, RfqId};
use crate::locale::{Language, Message, text};
use crate::matching;
use crate::rfqs::{self, Rfq, RfqState};
use crate::store::{IdempotencyKey, Idempotent, Tx, ensure_version, sweep_rows};

/// The longest reason of a refusal, in characters.
pub const MAX_REASON: usize = 2_000;

/// Submits a quote on an open RFQ of another company.
///
/// # Errors
/// `not_found` for an RFQ that the company may not see, `duplicate` when it has quoted already, `conflict` when the RFQ is its
/// own or closed or no seat is free, `invalid` naming the fields that are wrong.
pub fn submit(
    app: &App,
    actor: &Actor,
    rfq: RfqId,
    fields: &QuoteFields,
    once: Option<&IdempotencyKey>,
) -> Result<Idempotent<QuoteId>> {
    let scope = actor.authorize(Permission::QuotesWrite)?;
    app.db.write_idempotent(once, |tx| {
        // Inside the transaction: between a look before it and the insert the last seat may go, or the buyer be suspended.
        let rfq = queries::visible_rfq(tx.conn(), scope, rfq)?;
        let mut fields = fields.clone();
        fields.clean()?;
        fields.check(&rfq.fields, tx.now().date_naive())?;
        may_quote(tx, scope, &rfq)?;
        ensure_free_items(tx, &rfq, &fields)?;
        let seat = allocate_seat(tx, scope.company(), &rfq, &app.config)?;
        let new = NewQuote { rfq: rfq.id, supplier: scope.company(), buyer: rfq.company, seat, fields: &fields };
        let id = store::insert(tx, &new)?;
        attach(tx, scope.company(), id, &fields)?;
        matching::store::mark_quoted(tx, rfq.id, scope.company())?;
        rfqs::store::invitations::mark_quoted(tx, rfq.id, scope.company())?;
        let quote = reload(tx, id)?;
        notifying::submitted(tx, &quote, &rfq)?;
        close_when_full(tx, &rfq)?;
        Ok(id)
    })
}

/// Whether the company may quote on the RFQ now, seats aside.
///
/// # Errors
/// `conflict` for its own RFQ and one that is not open, `duplicate` when it has quoted.
fn may_quote(tx: &mut Tx, scope: Scope, rfq: &Rfq) -> Result<()> {
    ensure_takes_quotes(rfq, scope.company(), tx.now())?;
    match store::find_active(tx.conn(), rfq.id, scope.company())? {
        Some(_) => Err(store::quoted_already()),
        None => Ok(()),
    }
}

/// Refuses a quote of which nothing could be accepted any more, before it takes a seat.
fn ensure_free_items(tx: &mut Tx, rfq: &Rfq, fields: &QuoteFields) -> Result<()> {
    let awarded = store::awarded_items(tx.conn(), &[rfq.id.0])?.remove(&rfq.id.0).unwrap_or_default();
    if awarded.is_empty() || fields.items.iter().any(|item| !awarded.contains(&item.item)) {
        return Ok(());
    }
    let message = Message::new("quotes-items-gone").with("items", numbers(&awarded)).text(Language::English);
    Err(Problem::conflict(message))
}

/// Attaches the documents of a version; those of earlier versions stay, as the versions themselves do.
fn attach(tx: &mut Tx, supplier: CompanyId, id: QuoteId, fields: &QuoteFields) -> Result<()> {
    attachments::attach(tx, supplier, (Subject::Quote, id.0), "/attachments", &fields.attachments)
}

fn allocate_seat(tx: &mut Tx, supplier: CompanyId, rfq: &Rfq, config: &Config) -> Result<SeatKind> {
    let now = tx.now();
    let usage = queries::quota_usage(tx.conn(), supplier, rfq, config, now)?;
    match allocate(&QuotaRule::of(rfq.max_quotes, rfq.fields.visibility), &usage) {
        Allocation::Granted(kind) => Ok(kind),
        Allocation::Refused(reason) => Err(Problem::conflict(reason)),
    }
}

fn close_when_full(tx: &mut Tx, rfq: &Rfq) -> Result<()> {
    let (open, reserved) = store::count_by_seat(tx.conn(), rfq.id)?;
    // In the transaction of the quote that took the last seat: an RFQ that is full is never seen open.
    if open + reserved >= u32::from(rfq.max_quotes) {
        rfqs::actions::close_full(tx, rfq.id)?;
    }
    Ok(())
}

fn reload(tx: &mut Tx, id: QuoteId) -> Result<Quote> {
    store::find(tx.conn(), id)?.ok_or_else(|| Problem::not_found("quote"))
}

/// A step of a quote in an open transaction, with what it depends on.
struct Transition {
    quote: Quote,
    rfq: Rfq,
    party: Party,
}

impl Transition {
    fn load(tx: &mut Tx, scope: Scope, id: QuoteId) -> Result<Self> {
        let quote = store::find_of(tx.conn(), scope, id)?.ok_or_else(|| Problem::not_found("quote"))?;
        let rfq = find_rfq(tx, quote.rfq)?;
        let party = if quote.supplier == scope.company() { Party::Supplier } else { Party::Buyer };
        Ok(Self { quote, rfq, party })
    }

    fn begin(tx: &mut Tx, scope: Scope, id: QuoteId, expected: Option<i64>) -> Result<Self> {
        let transition = Self::load(tx, scope, id)?;
        ensure_version(expected, transition.quote.version)?;
        Ok(transition)
    }

    /// The same; nothing where the step was taken already, to the same effect.
    fn begin_step(
        tx: &mut Tx,
        (scope, id, expected): (Scope, QuoteId, Option<i64>),
        step: QuoteStep,
        is_same: impl FnOnce(&Self) -> bool,
    ) -> Result<Option<Self>> {
        let transition = Self::load(tx, scope, id)?;
        // Before the version is compared: the first call has made a new one.
        if is_taken(transition.quote.state, step, transition.party) && is_same(&transition) {
            return Ok(None);
        }
        ensure_version(expected, transition.quote.version)?;
        Ok(Some(transition))
    }

    fn facts(&self, now: crate::clock::Time) -> QuoteFacts {
        let undecided = matches!(self.rfq.state, RfqState::Open | RfqState::Closed);
        let in_time = self.rfq.deadline.is_none_or(|deadline| deadline > now);
        QuoteFacts {
            state: self.quote.state,
            version: self.quote.revision,
            valid_until: self.quote.fields.valid_until,
            request_is_undecided: undecided,
            request_is_open: self.rfq.state == RfqState::Open && in_time,
            request_has_items: !self.rfq.fields.items.is_empty(),
        }
    }

    /// Applies the step to the quote; nothing is written yet.
    fn apply(&mut self, tx: &Tx, step: QuoteStep, seen: Option<u32>) -> Result<()> {
        let facts = self.facts(tx.now());
        let next = apply_step(&facts, step, self.party, seen, tx.now().date_naive())?;
        // A buyer that could shortlist or decline a sealed quote would learn something of it from the refusals.
        if self.party == Party::Buyer {
            queries::ensure_readable(&self.rfq)?;
        }
        // Cleared when an expired quote comes back to life by a new version.
        self.quote.decided_at = if next.is_live() { None } else { Some(tx.now()) };
        self.quote.state = next;
        Ok(())
    }
}

fn find_rfq(tx: &mut Tx, id: RfqId) -> Result<Rfq> {
    rfqs::store::find(tx.conn(), id)?.ok_or_else(|| Problem::internal("a quote's RFQ is missing"))
}

/// Puts a new version in place of the current one; the earlier ones stay as they were. A version is a whole quote: what it does
/// not say is not carried over.
///
/// # Errors
/// `not_found`, `forbidden` for the buyer, `conflict` when the quote is decided or the RFQ closed, `invalid`, `stale`.
pub fn revise(app: &App, actor: &Actor, id: QuoteId, expected: Option<i64>, fields: &QuoteFields) -> Result<()> {
    let scope = actor.authorize(Permission::QuotesWrite)?;
    app.db.write(|tx| {
        let mut transition = Transition::begin(tx, scope, id, expected)?;
        let mut fields = fields.clone();
        fields.clean()?;
        fields.check(&transition.rfq.fields, tx.now().date_naive())?;
        transition.apply(tx, QuoteStep::Revise, None)?;
        transition.quote.revision += 1;
        transition.quote.fields = fields;
        store::insert_revision(tx, &transition.quote)?;
        attach(tx, transition.quote.supplier, id, &transition.quote.fields)?;
        notifying::revised(tx, &transition.quote, &transition.rfq)
    })
}

/// Withdraws a quote; its seat is free again while the RFQ is open.
///
/// # Errors
/// `not_found`, `forbidden` for the buyer, `conflict` when it is decided, `stale`.
pub fn withdraw(app: &App, actor: &Actor, id: QuoteId, expected: Option<i64>) -> Result<()> {
    let scope = actor.authorize(Permission::QuotesWrite)?;
    app.db.write(|tx| {
        let begun = Transition::begin_step(tx, (scope, id, expected), QuoteStep::Withdraw, |_| true)?;
        let Some(mut transition) = begun else { return Ok(()) };
        transition.apply(tx, QuoteStep::Withdraw, None)?;
        store::update_state(tx, &transition.quote)?;
        rfqs::store::invitations::mark_withdrawn(tx, transition.rfq.id, transition.quote.supplier)?;
        notifying::withdrawn(tx, &transition.quote, &transition.rfq)?;
        decide_rfq_if_complete(tx, &transition.rfq)
    })
}

/// Withdraws the quotes that wait of a company that closed: nothing could be agreed with it. Each in a transaction of its own.
pub fn withdraw_all_of(app: &App, company: CompanyId) -> Result<()> {
    for id in app.db.read(|conn| store::list_live_of(conn, company))? {
        app.db.write(|tx| {
            let quote = reload(tx, id)?;
            // The buyer may have decided it meanwhile.
            if !quote.state.is_live() {
                return Ok(());
            }
            let rfq = find_rfq(tx, quote.rfq)?;
            let mut transition = Transition { quote, rfq, party: Party::Supplier };
            transition.apply(tx, QuoteStep::Withdraw, None)?;
            store::update_state(tx, &transition.quote)?;
            notifying::withdrawn(tx, &transition.quote, &transition.rfq)?;
            decide_rfq_if_complete(tx, &transition.rfq)
        })?;
    }
    Ok(())
}

/// Marks a quote as one that the buyer considers.
///
/// # Errors
/// `not_found`, `forbidden` for the supplier, `conflict` when it is decided, expired or sealed, `stale`.
pub fn shortlist(app: &App, actor: &Actor, id: QuoteId, expected: Option<i64>) -> Result<()> {
    let scope = actor.authorize(Permission::QuotesWrite)?;
    app.db.write(|tx| {
        let begun = Transition::begin_step(tx, (scope, id, expected), QuoteStep::Shortlist, |_| true)?;
        let Some(mut transition) = begun else { return Ok(()) };
        transition.apply(tx, QuoteStep::Shortlist, None)?;
        ensure_supplier_active(tx, transition.quote.supplier)?;
        store::update_state(tx, &transition.quote)?;
        notifying::shortlisted(tx, &transition.quote, &transition.rfq)
    })
}

/// How a buyer declines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decline {
    /// In words for the supplier, up to 2 000 characters.
    pub reason: Option<String>,
    /// Whether the quote is beside what was asked, which costs the supplier open seats for 90 days.
    pub off_target: bool,
}

/// Declines a quote.
///
/// # Errors
/// `not_found`, `forbidden` for the supplier, `conflict` when it is decided or sealed, `invalid` for too long a reason, `stale`.
pub fn decline(app: &App, actor: &Actor, id: QuoteId, expected: Option<i64>, decline: &Decline) -> Result<()> {
    let scope = actor.authorize(Permission::QuotesWrite)?;
    let reason = decline.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    if reason.is_some_and(|reason| reason.chars().count() > MAX_REASON) {
        let message = Message::new("quotes-too-long").with("most", MAX_REASON).text(Language::English);
        return Err(Problem::invalid_field("/reason", FieldCode::Range, message));
    }
    app.db.write(|tx| {
        let is_same = |before: &Transition| {
            let quote = &before.quote;
            quote.decline_reason.as_deref() == reason && quote.off_target == decline.off_target
        };
        let begun = Transition::begin_step(tx, (scope, id, expected), QuoteStep::Decline, is_same)?;
        let Some(mut transition) = begun else { return Ok(()) };
        transition.apply(tx, QuoteStep::Decline, None)?;
        transition.quote.decline_reason = reason.map(str::to_owned);
        transition.quote.off_target = decline.off_target;
        // Its own time: the quota counts marks of the last days, and a decision may be older or younger than the mark.
        transition.quote.off_target_at = decline.off_target.then(|| tx.now());
        store::update_state(tx, &transition.quote)?;
        notifying::declined(tx, &transition.quote, &transition.rfq)?;
        decide_rfq_if_complete(tx, &transition.rfq)
    })
}

/// What a buyer accepts of a quote, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Acceptance {
    /// The version that the buyer read, where they say which.
    pub seen: Option<u32>,
    /// Whether the award is split; without it, as the RFQ was marked.
    pub award: Option<Award>,
    /// The numbers of the items that are accepted; all that the quote offers where none are named.
    pub items: Vec<u32>,
}

/// Accepts a quote. A whole award decides the RFQ and declines the other quotes; a split one leaves both as they are until the buyer
/// closes the RFQ. Of an RFQ with items some may be accepted, now and more later; the award is whole with the last of them, or where it is
/// said to be.
///
/// # Errors
/// `not_found`, `forbidden` for the supplier, `conflict` when the quote or the RFQ is decided, expired or sealed, or an item is awarded to
/// another quote, `invalid` for items that the quote does not offer, `stale` when it was revised in the meantime.
pub fn accept(app: &App, actor: &Actor, id: QuoteId, expected: Option<i64>, acceptance: &Acceptance) -> Result<()> {
    let scope = actor.authorize(Permission::QuotesWrite)?;
    let Acceptance { seen, award, items } = acceptance;
    app.db.write(|tx| {
        let is_same = |before: &Transition| is_accepted(before, acceptance);
        let begun = Transition::begin_step(tx, (scope, id, expected), QuoteStep::Accept, is_same)?;
        let Some(mut transition) = begun else { return Ok(()) };
        transition.apply(tx, QuoteStep::Accept, *seen)?;
        ensure_supplier_active(tx, transition.quote.supplier)?;
        let others = awarded_to_others(tx, &transition.rfq, id)?;
        let chosen = awarded_by(items, &transition.quote.fields.item_numbers(), &others)?;
        transition.quote.awarded_items.extend(&chosen);
        transition.quote.awarded_items.sort_unstable();
        transition.quote.awarded_items.dedup();
        store::update_state(tx, &transition.quote)?;
        notifying::accepted(tx, &transition.quote, &transition.rfq)?;
        let award = award_of(&transition, *award, &others);
        rfqs::actions::award(tx, transition.rfq.id, award == Award::Split)?;
        decline_others(tx, &transition, award)?;
        decide_rfq_if_complete(tx, &transition.rfq)
    })
}

/// Whether all of it was accepted already, to the same effect.
fn is_accepted(before: &Transition, acceptance: &Acceptance) -> bool {
    let (quote, rfq) = (&before.quote, &before.rfq);
    if acceptance.seen.is_some_and(|seen| seen != quote.revision) {
        return false;
    }
    if rfq.fields.items.is_empty() {
        let is_split = acceptance.award.map(|award| award == Award::Split);
        return acceptance.items.is_empty() && is_split.is_none_or(|split| split == rfq.split_award);
    }
    let asked = if acceptance.items.is_empty() { quote.fields.item_numbers() } else { acceptance.items.clone() };
    // Ending the RFQ with items left over is more than accepting the same items once more.
    let ends = acceptance.award == Some(Award::Whole) && rfq.state != RfqState::Awarded;
    asked.iter().all(|item| quote.awarded_items.contains(item)) && !ends
}

/// The items of the RFQ that are awarded to its other quotes.
fn awarded_to_others(tx: &mut Tx, rfq: &Rfq, quote: QuoteId) -> Result<Vec<u32>> {
    if rfq.fields.items.is_empty() {
        return Ok(Vec::new());
    }
    let quotes = store::list_for_rfq(tx.conn(), rfq.id)?;
    Ok(quotes.into_iter().filter(|other| other.id != quote).flat_map(|quote| quote.awarded_items).collect())
}

/// Whether the acceptance ends the RFQ.
fn award_of(transition: &Transition, said: Option<Award>, others: &[u32]) -> Award {
    let (rfq, own) = (&transition.rfq, &transition.quote.awarded_items);
    if rfq.fields.items.is_empty() {
        // Where the call says nothing, what the RFQ is marked as counts: a whole award by default would decline the rest of a split one.
        return said.unwrap_or(if rfq.split_award { Award::Split } else { Award::Whole });
    }
    let is_last = rfq.fields.items.iter().all(|item| own.contains(&item.number()) || others.contains(&item.number()));
    if is_last || said == Some(Award::Whole) { Award::Whole } else { Award::Split }
}

/// Nothing is agreed with a company that a moderator suspended.
fn ensure_supplier_active(tx: &mut Tx, supplier: CompanyId) -> Result<()> {
    let supplier = companies::store::find(tx.conn(), supplier)?;
    if supplier.is_some_and(|supplier| supplier.state == CompanyState::Active) {
        return Ok(());
    }
    Err(Problem::conflict(text(Language::English, "quotes-refused-suspended")))
}

/// Marks a quote as beside what was asked, after its buyer's report, in the transaction of a moderator's decision; the state of the quote
/// stays as it is.
///
/// # Errors
/// `not_found`; `conflict` when it is marked already.
pub fn mark_off_target(tx: &mut Tx, id: QuoteId) -> Result<()> {
    let mut quote = reload(tx, id)?;
    if quote.off_target {
        return Err(Problem::conflict(text(Language::English, "quotes-refused-marked")));
    }
    quote.off_target = true;
    quote.off_target_at = Some(tx.now());
    store::update_state(tx, &quote)
}

/// Decides a closed RFQ when this was the last of its quotes that waited, and none that was accepted offers an item that is still free.
fn decide_rfq_if_complete(tx: &mut Tx, rfq: &Rfq) -> Result<()> {
    if !rfq.fields.items.is_empty() {
        let (quotes, today) = (store::list_for_rfq(tx.conn(), rfq.id)?, tx.now().date_naive());
        let awarded: Vec<u32> = quotes.iter().flat_map(|quote| quote.awarded_items.iter().copied()).collect();
        let mut accepted = quotes.iter().filter(|quote| quote.state == QuoteState::Accepted);
        if accepted.any(|quote| offers_more(&quote.fields, &awarded, today)) {
            return Ok(());
        }
    }
    rfqs::actions::decide_if_complete(tx, rfq.id).map(|_| ())
}

fn decline_others(tx: &mut Tx, transition: &Transition, award: Award) -> Result<()> {
    let quotes = store::list_for_rfq(tx.conn(), transition.rfq.id)?;
    let states: Vec<(QuoteId, QuoteState)> = quotes.iter().map(|quote| (quote.id, quote.state)).collect();
    let losers = declined_by(award, transition.quote.id, &states);
    for mut quote in quotes.into_iter().filter(|quote| losers.contains(&quote.id)) {
        quote.state = QuoteState::Declined;
        quote.decided_at = Some(tx.now());
        quote.decline_reason = Some(text(Language::English, "quotes-another-accepted").to_owned());
        store::update_state(tx, &quote)?;
        notifying::declined(tx, &quote, &transition.rfq)?;
    }
    Ok(())
}

/// Ends the quotes whose last day of validity has passed, each in a transaction of its own; answers how many.
pub fn expire_due(app: &App) -> Result<usize> {
    let today = app.clock.today();
    let id = |(_, id): &(_, i64)| QuoteId(*id);
    sweep_rows(
        &app.db,
        "expiring quotes",
        |conn, after| store::list_expired(conn, today, after),
        id,
        |row| app.db.write(|tx| expire_if_past(tx, id(row), today)),
    )
}

/// The quote may have been decided or revised since it was found past.
fn expire_if_past(tx: &mut Tx, id: QuoteId, today: NaiveDate) -> Result<bool> {
    let quote = reload(tx, id)?;
    // Looked at again in its own transaction: a new version may be valid for longer.
    let is_past = quote.state.is_live() && quote.fields.valid_until.is_some_and(|last| last < today);
    if is_past {
        let rfq = find_rfq(tx, quote.rfq)?;
        let mut transition = Transition { quote, rfq, party: Party::System };
        transition.apply(tx, QuoteStep::Expire, None)?;
        store::update_state(tx, &transition.quote)?;
        notifying::expired(tx, &transition.quote, &transition.rfq)?;
        decide_rfq_if_complete(tx, &transition.rfq)?;
    }
    Ok(is_past)
}
