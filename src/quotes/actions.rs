//! Use cases of quotes: submitting, revising, and what either side decides. Each is one transaction with its letters.

use super::outlook::{ensure_foreign, seat_request, seat_rule};
use super::rules::{Award, QuoteFacts, declined_by, take_step};
use super::seats::{Seat, SeatKind, seat};
use super::store::{self, NewQuote};
use super::{Party, Quote, QuoteFields, QuoteState, QuoteStep, notify, reading};
use crate::actor::{Actor, Permission, Scope};
use crate::app::App;
use crate::documents::{Subject, attaching};
use crate::error::{FieldCode, Problem, Result};
use crate::ids::{CompanyId, QuoteId, RfqId};
use crate::matching;
use crate::rfqs::{self, Rfq, RfqState};
use crate::store::{Once, OnceKey, Tx, ensure_version};

/// The longest reason of a refusal, in characters.
pub const MAX_REASON: usize = 2_000;
/// Quotes that expire in one transaction at most.
const SWEEP: i64 = 200;

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
    once: Option<&OnceKey>,
) -> Result<Once<QuoteId>> {
    let scope = actor.may(Permission::QuotesWrite)?;
    app.db.write_once(once, |tx| {
        let rfq = reading::visible_rfq(tx.conn(), scope, rfq)?;
        let mut fields = fields.clone();
        fields.clean()?;
        fields.check(tx.now().date_naive())?;
        may_quote(tx, scope, &rfq)?;
        let seat = take_seat(tx, scope.company(), &rfq)?;
        let new = NewQuote { rfq: rfq.id, supplier: scope.company(), buyer: rfq.company, seat, fields: &fields };
        let id = store::insert(tx, &new)?;
        attach(tx, scope.company(), id, &fields)?;
        matching::store::mark_quoted(tx, rfq.id, scope.company())?;
        let quote = reload(tx, id)?;
        notify::submitted(tx, &quote, &rfq)?;
        close_when_full(tx, &rfq)?;
        Ok(id)
    })
}

/// Whether the company may quote on the RFQ now, seats aside.
///
/// # Errors
/// `conflict` for its own RFQ and one that is not open, `duplicate` when it has quoted.
fn may_quote(tx: &mut Tx, scope: Scope, rfq: &Rfq) -> Result<()> {
    ensure_foreign(scope, rfq)?;
    rfq.state.open_only()?;
    if rfq.deadline.is_some_and(|deadline| deadline <= tx.now()) {
        return Err(Problem::conflict("The RFQ's deadline has passed; it takes no more quotes."));
    }
    match store::find_standing(tx.conn(), rfq.id, scope.company())? {
        Some(_) => Err(store::quoted_already()),
        None => Ok(()),
    }
}

/// Attaches the documents of a version; those of earlier versions stay, as the versions themselves do.
fn attach(tx: &mut Tx, supplier: CompanyId, id: QuoteId, fields: &QuoteFields) -> Result<()> {
    attaching::attach(tx, supplier, (Subject::Quote, id.0), "/attachments", &fields.attachments)
}

fn take_seat(tx: &mut Tx, supplier: CompanyId, rfq: &Rfq) -> Result<SeatKind> {
    let now = tx.now();
    let request = seat_request(tx.conn(), supplier, rfq, now)?;
    match seat(&seat_rule(rfq), &request) {
        Seat::Granted(kind) => Ok(kind),
        Seat::Refused(reason) => Err(Problem::conflict(reason)),
    }
}

fn close_when_full(tx: &mut Tx, rfq: &Rfq) -> Result<()> {
    let (open, reserved) = store::count_seats(tx.conn(), rfq.id)?;
    if open + reserved >= u32::from(rfq.max_quotes) {
        rfqs::actions::close_full(tx, rfq.id)?;
    }
    Ok(())
}

fn reload(tx: &mut Tx, id: QuoteId) -> Result<Quote> {
    store::find(tx.conn(), id)?.ok_or_else(|| Problem::not_found("quote"))
}

/// A quote in an open transaction with what its steps depend on.
struct Desk {
    quote: Quote,
    rfq: Rfq,
    party: Party,
}

impl Desk {
    fn open(tx: &mut Tx, scope: Scope, id: QuoteId, expected: Option<i64>) -> Result<Self> {
        let quote = store::find_of(tx.conn(), scope, id)?.ok_or_else(|| Problem::not_found("quote"))?;
        ensure_version(expected, quote.version)?;
        let rfq = find_rfq(tx, quote.rfq)?;
        let party = if quote.supplier == scope.company() { Party::Supplier } else { Party::Buyer };
        Ok(Self { quote, rfq, party })
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
        }
    }

    /// Takes the step in the quote in hand; nothing is written yet.
    fn take(&mut self, tx: &Tx, step: QuoteStep, seen: Option<u32>) -> Result<()> {
        let facts = self.facts(tx.now());
        let next = take_step(&facts, step, self.party, seen, tx.now().date_naive())?;
        if self.party == Party::Buyer {
            reading::ensure_readable(&self.rfq)?;
        }
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
    let scope = actor.may(Permission::QuotesWrite)?;
    app.db.write(|tx| {
        let mut desk = Desk::open(tx, scope, id, expected)?;
        let mut fields = fields.clone();
        fields.clean()?;
        fields.check(tx.now().date_naive())?;
        desk.take(tx, QuoteStep::Revise, None)?;
        desk.quote.revision += 1;
        desk.quote.fields = fields;
        store::insert_revision(tx, &desk.quote)?;
        attach(tx, desk.quote.supplier, id, &desk.quote.fields)?;
        notify::revised(tx, &desk.quote, &desk.rfq)
    })
}

/// Takes a quote back; its seat is free again while the RFQ is open.
///
/// # Errors
/// `not_found`, `forbidden` for the buyer, `conflict` when it is decided, `stale`.
pub fn withdraw(app: &App, actor: &Actor, id: QuoteId, expected: Option<i64>) -> Result<()> {
    let scope = actor.may(Permission::QuotesWrite)?;
    app.db.write(|tx| {
        let mut desk = Desk::open(tx, scope, id, expected)?;
        desk.take(tx, QuoteStep::Withdraw, None)?;
        store::update_state(tx, &desk.quote)?;
        notify::withdrawn(tx, &desk.quote, &desk.rfq)?;
        settle(tx, &desk.rfq)
    })
}

/// Marks a quote as one that the buyer considers.
///
/// # Errors
/// `not_found`, `forbidden` for the supplier, `conflict` when it is decided, expired or sealed, `stale`.
pub fn shortlist(app: &App, actor: &Actor, id: QuoteId, expected: Option<i64>) -> Result<()> {
    let scope = actor.may(Permission::QuotesWrite)?;
    app.db.write(|tx| {
        let mut desk = Desk::open(tx, scope, id, expected)?;
        desk.take(tx, QuoteStep::Shortlist, None)?;
        store::update_state(tx, &desk.quote)?;
        notify::shortlisted(tx, &desk.quote, &desk.rfq)
    })
}

/// Why a buyer declines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusal {
    /// In words for the supplier, up to 2 000 characters.
    pub reason: Option<String>,
    /// Whether the quote is beside what was asked, which costs the supplier open seats for 90 days.
    pub off_target: bool,
}

/// Declines a quote.
///
/// # Errors
/// `not_found`, `forbidden` for the supplier, `conflict` when it is decided or sealed, `invalid` for too long a reason, `stale`.
pub fn decline(app: &App, actor: &Actor, id: QuoteId, expected: Option<i64>, refusal: &Refusal) -> Result<()> {
    let scope = actor.may(Permission::QuotesWrite)?;
    let reason = refusal.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    if reason.is_some_and(|reason| reason.chars().count() > MAX_REASON) {
        let message = format!("must be at most {MAX_REASON} characters");
        return Err(Problem::invalid_field("/reason", FieldCode::Range, message));
    }
    app.db.write(|tx| {
        let mut desk = Desk::open(tx, scope, id, expected)?;
        desk.take(tx, QuoteStep::Decline, None)?;
        desk.quote.decline_reason = reason.map(str::to_owned);
        desk.quote.off_target = refusal.off_target;
        store::update_state(tx, &desk.quote)?;
        notify::declined(tx, &desk.quote, &desk.rfq)?;
        settle(tx, &desk.rfq)
    })
}

/// Takes a quote. A whole award decides the RFQ and declines the other quotes; a split one leaves both as they are until the buyer
/// closes the RFQ. Without `award` it is what the RFQ was marked as. `seen` is the version that the buyer looked at, where they say
/// which.
///
/// # Errors
/// `not_found`, `forbidden` for the supplier, `conflict` when the quote or the RFQ is decided, expired or sealed, `stale` when it
/// was revised in the meantime.
pub fn accept(
    app: &App,
    actor: &Actor,
    id: QuoteId,
    expected: Option<i64>,
    seen: Option<u32>,
    award: Option<Award>,
) -> Result<()> {
    let scope = actor.may(Permission::QuotesWrite)?;
    app.db.write(|tx| {
        let mut desk = Desk::open(tx, scope, id, expected)?;
        desk.take(tx, QuoteStep::Accept, seen)?;
        store::update_state(tx, &desk.quote)?;
        notify::accepted(tx, &desk.quote, &desk.rfq)?;
        let marked = if desk.rfq.split_award { Award::Split } else { Award::Whole };
        let award = award.unwrap_or(marked);
        rfqs::actions::award(tx, desk.rfq.id, award == Award::Split)?;
        decline_others(tx, &desk, award)?;
        settle(tx, &desk.rfq)
    })
}

/// Decides a closed RFQ when this was the last of its quotes that waited.
fn settle(tx: &mut Tx, rfq: &Rfq) -> Result<()> {
    rfqs::actions::settle(tx, rfq.id).map(|_| ())
}

fn decline_others(tx: &mut Tx, desk: &Desk, award: Award) -> Result<()> {
    let quotes = store::list_for_rfq(tx.conn(), desk.rfq.id)?;
    let states: Vec<(QuoteId, QuoteState)> = quotes.iter().map(|quote| (quote.id, quote.state)).collect();
    let losers = declined_by(award, desk.quote.id, &states);
    for mut quote in quotes.into_iter().filter(|quote| losers.contains(&quote.id)) {
        quote.state = QuoteState::Declined;
        quote.decided_at = Some(tx.now());
        quote.decline_reason = Some("The buyer accepted another quote.".to_owned());
        store::update_state(tx, &quote)?;
        notify::declined(tx, &quote, &desk.rfq)?;
    }
    Ok(())
}

/// Ends the quotes whose last day of validity has passed; answers how many. Each batch is a transaction of its own.
pub fn expire_due(app: &App) -> Result<usize> {
    let mut total = 0;
    loop {
        let ended = app.db.write(expire_batch)?;
        total += ended;
        if i64::try_from(ended).unwrap_or(0) < SWEEP {
            return Ok(total);
        }
    }
}

fn expire_batch(tx: &mut Tx) -> Result<usize> {
    let today = tx.now().date_naive();
    let due = store::list_past(tx.conn(), today, SWEEP)?;
    for id in &due {
        let quote = reload(tx, *id)?;
        let rfq = find_rfq(tx, quote.rfq)?;
        let mut desk = Desk { quote, rfq, party: Party::System };
        desk.take(tx, QuoteStep::Expire, None)?;
        store::update_state(tx, &desk.quote)?;
        notify::expired(tx, &desk.quote, &desk.rfq)?;
        settle(tx, &desk.rfq)?;
    }
    Ok(due.len())
}
