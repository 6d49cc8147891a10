//! Use cases of RFQs: writing, publishing, changing, ending.

mod closing;
mod copying;
pub mod invitations;
mod loading;
mod moderation;
mod notifying;
mod questions;

pub use closing::{award, close_due, close_full, decide_if_complete};
pub use copying::{Invitees, copy};
pub use loading::{Loaded, upsert_loaded};
pub use moderation::{match_again, notify_of_suspension, take_down};
pub use questions::{answer_question, ask};

use chrono::Duration;

use super::events::RfqPublished;
use super::queries::{counts_of, own};
use super::rules::{self, Closing, visibility};
use super::{
    ClosedReason, ClosingFields, DEFAULT_SEATS, MAX_SEATS, READ_ONLY, Rfq, RfqFields, RfqState, Visibility, store,
};
use crate::actor::{Actor, Permission, Scope};
use crate::app::App;
use crate::clock::Time;
use crate::companies::{self, Verification};
use crate::documents::{Subject, attachments};
use crate::error::{Code, FieldCode, Problem, Result};
use crate::event_feed::rules::changed_fields;
use crate::event_feed::{EventType, actions as feed};
use crate::ids::{CompanyId, RfqId};
use crate::locale::{Language, Message, text};
use crate::matching;
use crate::outbox::{Options, enqueue};
use crate::quotes::{self, QuoteState};
use crate::store::{Entity, IdempotencyKey, Idempotent, Op, Tx, ensure_version};
use crate::wire;
use crate::wire_enum;

wire_enum! {
    /// How the buyer ends a closed RFQ.
    pub enum Outcome {
        /// Quotes were accepted, one by one; no more will be.
        Awarded = "awarded",
        /// No quote was accepted.
        NotAwarded = "not_awarded",
    }
}

/// An identified company publishes so many times the RFQs of another one.
const IDENTIFIED_FACTOR: i64 = 4;

/// How many RFQs of a company that closed one query looks up; a company that the operator loaded may have 100 000.
// The ids of a page, not a transaction: each RFQ is withdrawn in its own.
const WITHDRAWN_AT_ONCE: i64 = 200;

/// How many RFQs one transaction forgets.
const FORGOTTEN_AT_ONCE: i64 = 50;

/// Writes a draft for the actor's company; may lack any field.
pub fn create(app: &App, actor: &Actor, fields: RfqFields, once: Option<&IdempotencyKey>) -> Result<Idempotent<RfqId>> {
    create_inviting(app, actor, fields, &[], once)
}

/// The same with suppliers that are invited once it is published.
///
/// # Errors
/// `invalid` naming each field that is wrong, and each of the suppliers that cannot be invited.
pub fn create_inviting(
    app: &App,
    actor: &Actor,
    mut fields: RfqFields,
    invited: &[CompanyId],
    once: Option<&IdempotencyKey>,
) -> Result<Idempotent<RfqId>> {
    let scope = actor.authorize_draft(Permission::RfqsWrite)?;
    fields.check()?;
    app.db.write_idempotent(once, |tx| {
        fields.check_dates(None, tx.now())?;
        ensure_room(app, tx, actor, scope.company())?;
        let id = store::insert(tx, scope.company(), None, &fields)?;
        attach(tx, scope.company(), id, &fields)?;
        if !invited.is_empty() {
            let rfq = own(tx.conn(), scope, id)?;
            invitations::invite_in(app, tx, &rfq, invited)?;
        }
        Ok(id)
    })
}

/// Makes the documents that the fields name those of the RFQ; they must be its company's own.
pub(super) fn attach(tx: &mut Tx, company: CompanyId, id: RfqId, fields: &RfqFields) -> Result<()> {
    attachments::replace(tx, company, (Subject::Rfq, id.0), "/attachments", &fields.attachments)
}

/// One of the actor's own RFQs at the version expected, to be written.
fn own_to_write(tx: &mut Tx, scope: Scope, id: RfqId, expected: Option<i64>) -> Result<Rfq> {
    let rfq = own(tx.conn(), scope, id)?;
    ensure_version(expected, rfq.version)?;
    Ok(rfq)
}

/// Whether a step was taken already, to the same effect: whoever heard no answer may ask again, and that changes nothing. Looked at before the
/// version is compared, for the first call has made a new one.
fn is_done(tx: &mut Tx, scope: Scope, id: RfqId, done: impl FnOnce(&Rfq) -> bool) -> Result<bool> {
    own(tx.conn(), scope, id).map(|rfq| done(&rfq))
}

/// Writes the RFQ as its next version, and has the index read it again if others may see it.
pub(super) fn save(tx: &mut Tx, rfq: &mut Rfq) -> Result<()> {
    store::update(tx, rfq)?;
    // Drafts are in no index: each line of the change log costs every node a read.
    if rfq.state != RfqState::Draft {
        tx.record_change(Entity::Rfq, rfq.id.0, Op::Changed);
    }
    // As the row has it now: whoever goes on with this value holds the version that the next write is compared with.
    rfq.version += 1;
    rfq.updated_at = tx.now();
    Ok(())
}

/// Announces a version of an open RFQ, to be matched.
fn announce(tx: &mut Tx, rfq: &Rfq) -> Result<()> {
    // With the version: a changed RFQ is matched again, and a repeated request of the same change is not.
    let key = format!("rfq_published {} v{}", rfq.id, rfq.version);
    enqueue(tx, &RfqPublished { rfq: rfq.id }, Options::once(key))
}

/// Posts a draft: it needs a title, a quantity and a destination country.
pub fn publish(app: &App, actor: &Actor, id: RfqId, expected: Option<i64>) -> Result<()> {
    let scope = actor.authorize(Permission::RfqsWrite)?;
    app.db.write(|tx| {
        if is_done(tx, scope, id, |rfq| rfq.state == RfqState::Open)? {
            return Ok(());
        }
        let mut rfq = own_to_write(tx, scope, id, expected)?;
        rfq.state.publish()?;
        rfq.fields.publishable()?;
        // A draft may have lain since before its day: suppliers are not asked for what nobody can deliver any more.
        rfq.fields.check_dates(None, tx.now())?;
        ensure_may_publish(app, tx, &rfq)?;
        open(tx, &mut rfq)?;
        save(tx, &mut rfq)?;
        notifying::published(tx, &rfq)?;
        invitations::send_pending(tx, &rfq)?;
        announce(tx, &rfq)
    })
}

/// Each RFQ is read by all suppliers that it fits: a company publishes so many a day, more once it has shown who it is.
fn ensure_may_publish(app: &App, tx: &mut Tx, rfq: &Rfq) -> Result<()> {
    let limits = &app.config.limits;
    let company = companies::store::find(tx.conn(), rfq.company)?.ok_or_else(|| Problem::not_found("company"))?;
    let is_identified = company.verification != Verification::Registered;
    let most = limits.rfqs_per_day * if is_identified { IDENTIFIED_FACTOR } else { 1 };
    let since = tx.now() - Duration::hours(24);
    let published = store::count_published_since(tx.conn(), rfq.company, since)?;
    if !limits.is_reached(most, published) {
        return Ok(());
    }
    let key = if is_identified { "rfqs-too-many-today" } else { "rfqs-too-many-today-unidentified" };
    let says = Message::new(key).with("most", most).text(Language::English);
    Err(Problem::new(Code::TooManyRequests, says))
}

/// Refuses an RFQ beyond those that the company may have: few while nobody of it has confirmed an address.
pub(super) fn ensure_room(app: &App, tx: &mut Tx, actor: &Actor, company: CompanyId) -> Result<()> {
    let limits = &app.config.limits;
    let mut ensure =
        |most: i64, refused: Message| match limits.is_on(most) && store::has_as_many(tx.conn(), company, most)? {
            true => Err(Problem::conflict(refused.with("most", most).text(Language::English))),
            false => Ok(()),
        };
    if actor.is_unconfirmed() {
        ensure(limits.unconfirmed_drafts, Message::new("rfqs-too-many-drafts"))?;
    }
    ensure(limits.rfqs_per_company, Message::new("rfqs-too-many"))
}

/// Sets what an RFQ has from its publication on; the caller saves it.
pub(super) fn open(tx: &Tx, rfq: &mut Rfq) -> Result<()> {
    rfq.state = rfq.state.publish()?;
    let closing = rules::closing(tx.now(), &rfq.fields.closing)?;
    rfq.published_at = Some(tx.now());
    set_closing(rfq, closing);
    Ok(())
}

/// The document shows the rule in force, so that it reads the same as the RFQ behaves.
pub(super) fn set_closing(rfq: &mut Rfq, closing: Closing) {
    rfq.deadline = Some(closing.deadline);
    rfq.max_quotes = closing.seats;
    rfq.fields.closing.deadline = Some(closing.deadline);
    rfq.fields.closing.max_quotes = Some(closing.seats);
}

/// Changes a draft or an open RFQ by an RFC 7396 patch. Suppliers who quoted on an open one are notified, and it is matched again.
pub fn change(app: &App, actor: &Actor, id: RfqId, expected: Option<i64>, patch: &serde_json::Value) -> Result<()> {
    let scope = actor.authorize_draft(Permission::RfqsWrite)?;
    app.db.write(|tx| {
        let rfq = own_to_write(tx, scope, id, expected)?;
        // In the transaction: the patch is laid over what is stored now, not over what its sender saw.
        let fields = wire::merge_patch(&rfq.fields, patch.clone(), READ_ONLY)?;
        replace(tx, rfq, fields)
    })
}

/// Replaces all fields of a draft or an open RFQ: the site's form.
pub fn rewrite(app: &App, actor: &Actor, id: RfqId, expected: Option<i64>, fields: &RfqFields) -> Result<()> {
    let scope = actor.authorize_draft(Permission::RfqsWrite)?;
    app.db.write(|tx| {
        let rfq = own_to_write(tx, scope, id, expected)?;
        replace(tx, rfq, fields.clone())
    })
}

fn replace(tx: &mut Tx, mut rfq: Rfq, mut fields: RfqFields) -> Result<()> {
    rfq.state.change()?;
    fields.check()?;
    fields.check_dates(Some(&rfq.fields), tx.now())?;
    let questions = counts_of(tx.conn(), rfq.id)?.questions;
    visibility::change(rfq.state, rfq.fields.visibility, fields.visibility, questions)?;
    attach(tx, rfq.company, rfq.id, &fields)?;
    if rfq.state == RfqState::Open {
        return replace_open(tx, rfq, fields);
    }
    rfq.max_quotes = fields.closing.max_quotes.unwrap_or(DEFAULT_SEATS);
    rfq.fields = fields;
    save(tx, &mut rfq)
}

pub(super) fn replace_open(tx: &mut Tx, mut rfq: Rfq, fields: RfqFields) -> Result<()> {
    ensure_items_stay(tx, &rfq, &fields)?;
    // Only one that was complete has to stay so: an RFQ that the operator loaded with gaps can be changed without filling all of them.
    if rfq.fields.publishable().is_ok() {
        fields.publishable()?;
    }
    if rfq.fields.sealed && !fields.sealed {
        let message = text(Language::English, "rfqs-sealed-stays");
        return Err(Problem::invalid_field("/sealed", FieldCode::Contradiction, message));
    }
    let before = rfq.fields.clone();
    let closing = rules::change_closing(tx.now(), &current_closing(&rfq, tx.now()), &fields.closing)?;
    let taken = seats_taken(tx, rfq.id)?;
    // A lower number that is reached already would be a close without its notification and its reason.
    if closing.seats < rfq.max_quotes && usize::from(closing.seats) <= taken {
        let message = Message::new("rfqs-more-than-taken").with("taken", taken).text(Language::English);
        return Err(Problem::invalid_field("/closing/max_quotes", FieldCode::Contradiction, message));
    }
    rfq.fields = fields;
    set_closing(&mut rfq, closing);
    // Saving a form unchanged is common, and an e-mail to every supplier for it is how e-mails come to be ignored.
    if rfq.fields == before {
        return Ok(());
    }
    opened_to_all(tx, &rfq, before.visibility)?;
    save(tx, &mut rfq)?;
    notifying::changed(tx, &rfq, changed_fields(&before, &rfq.fields))?;
    announce(tx, &rfq)
}

/// Suppliers quote by the numbers of the items, and what is awarded is agreed.
pub(super) fn ensure_items_stay(tx: &mut Tx, rfq: &Rfq, fields: &RfqFields) -> Result<()> {
    let quotes = match rfq.fields.items.is_empty() {
        true => Vec::new(),
        false => quotes::store::list_for_rfq(tx.conn(), rfq.id)?,
    };
    let awarded: Vec<u32> = quotes.into_iter().flat_map(|quote| quote.awarded_items).collect();
    fields.check_items_after(&rfq.fields, &awarded)
}

/// Has the suppliers that were suggested to the buyer alone be matched anew, and told, where everyone sees the RFQ now.
pub(super) fn opened_to_all(tx: &mut Tx, rfq: &Rfq, before: Visibility) -> Result<()> {
    if before == Visibility::Invited && rfq.fields.visibility == Visibility::Public {
        matching::store::forget_suggestions(tx, rfq.id)?;
    }
    Ok(())
}

/// How many quotes hold a seat of the RFQ.
fn seats_taken(tx: &mut Tx, id: RfqId) -> Result<usize> {
    let (open, reserved) = quotes::store::count_by_seat(tx.conn(), id)?;
    Ok(usize::try_from(open.saturating_add(reserved)).unwrap_or(usize::MAX))
}

/// Has a closed RFQ take quotes again, until a new deadline or for more quotes where these are given: whoever filled its seats with quotes that
/// nobody wants has not closed it for good. Suppliers whose quotes wait are notified, and it is matched again.
///
/// # Errors
/// `conflict` when it is not closed; `invalid` when its deadline has passed, or all seats are taken, and nothing else is given.
pub fn reopen(app: &App, actor: &Actor, id: RfqId, expected: Option<i64>, wanted: &ClosingFields) -> Result<()> {
    let scope = actor.authorize(Permission::RfqsWrite)?;
    if wanted.max_quotes.is_some_and(|most| !(1..=MAX_SEATS).contains(&most)) {
        let message = Message::new("rfqs-seats-range").with("most", MAX_SEATS).text(Language::English);
        return Err(Problem::invalid_field("/max_quotes", FieldCode::Range, message));
    }
    let wanted = ClosingFields { deadline: wanted.deadline.map(crate::clock::cut_to_micros), ..*wanted };
    app.db.write(|tx| {
        let is_same = |rfq: &Rfq| {
            rfq.state == RfqState::Open
                && wanted.deadline.is_none_or(|deadline| rfq.deadline == Some(deadline))
                && wanted.max_quotes.is_none_or(|most| rfq.max_quotes == most)
        };
        if is_done(tx, scope, id, is_same)? {
            return Ok(());
        }
        let mut rfq = own_to_write(tx, scope, id, expected)?;
        rfq.state = rfq.state.reopen()?;
        let (now, taken) = (tx.now(), seats_taken(tx, id)?);
        let closing = rules::reopening(now, &current_closing(&rfq, now), &wanted, taken).map_err(at_root)?;
        rfq.closed_reason = None;
        set_closing(&mut rfq, closing);
        save(tx, &mut rfq)?;
        notifying::reopened(tx, &rfq)?;
        announce(tx, &rfq)
    })
}

/// The closing rule of a published RFQ.
pub(super) fn current_closing(rfq: &Rfq, now: Time) -> Closing {
    Closing { deadline: rfq.deadline.unwrap_or(now), seats: rfq.max_quotes }
}

/// Moves the deadline of an open RFQ to a later moment.
pub fn extend(app: &App, actor: &Actor, id: RfqId, expected: Option<i64>, deadline: Time) -> Result<()> {
    let scope = actor.authorize(Permission::RfqsWrite)?;
    let deadline = crate::clock::cut_to_micros(deadline);
    app.db.write(|tx| {
        if is_done(tx, scope, id, |rfq| rfq.state == RfqState::Open && rfq.deadline == Some(deadline))? {
            return Ok(());
        }
        let mut rfq = own_to_write(tx, scope, id, expected)?;
        let now = tx.now();
        let closing = current_closing(&rfq, now);
        let deadline = rules::extend(rfq.state, now, closing.deadline, deadline).map_err(at_root)?;
        set_closing(&mut rfq, Closing { deadline, ..closing });
        save(tx, &mut rfq)?;
        notifying::extended(tx, &rfq)
    })
}

/// The closing rule is the whole input here, so its pointers are shorter than in the RFQ.
fn at_root(refusal: rules::RfqRefusal) -> Problem {
    let mut problem = Problem::from(refusal);
    for field in &mut problem.fields {
        field.pointer = field.pointer.replacen("/closing", "", 1);
    }
    problem
}

/// Ends the taking of quotes, or decides a closed RFQ: `awarded` after a split award, `not_awarded` without any.
///
/// An open RFQ becomes closed; with quotes accepted one by one (a split award) it is awarded immediately. With `not_awarded` it ends without
/// an award, from open as well as from closed.
pub fn close(
    app: &App,
    actor: &Actor,
    id: RfqId,
    expected: Option<i64>,
    split: Option<bool>,
    outcome: Option<Outcome>,
) -> Result<()> {
    let scope = actor.authorize(Permission::RfqsWrite)?;
    app.db.write(|tx| {
        let is_same = |rfq: &Rfq| {
            let ended = match outcome {
                None => rfq.state == RfqState::Closed && rfq.closed_reason == Some(ClosedReason::Buyer),
                Some(Outcome::Awarded) => rfq.state == RfqState::Awarded,
                Some(Outcome::NotAwarded) => rfq.state == RfqState::NotAwarded,
            };
            ended && split.is_none_or(|split| rfq.split_award == split)
        };
        // A closed RFQ with accepted quotes is awarded by a second call.
        if is_done(tx, scope, id, is_same)? && (outcome.is_some() || counts_of(tx.conn(), id)?.accepted == 0) {
            return Ok(());
        }
        let mut rfq = own_to_write(tx, scope, id, expected)?;
        rfq.split_award = split.unwrap_or(rfq.split_award);
        let accepted = counts_of(tx.conn(), id)?.accepted;
        // The first reason stays: what the deadline closed was not closed by the buyer who ends it.
        rfq.closed_reason = rfq.closed_reason.or(Some(ClosedReason::Buyer));
        rfq.state = state_after_close(rfq.state, accepted, outcome)?;
        save(tx, &mut rfq)?;
        match rfq.state {
            RfqState::Closed => notifying::closed(tx, &rfq),
            _ => {
                notifying::ended(tx, &rfq)?;
                decline_waiting(tx, &rfq)
            }
        }
    })
}

fn state_after_close(state: RfqState, accepted: usize, outcome: Option<Outcome>) -> Result<RfqState> {
    match (outcome, accepted) {
        (Some(Outcome::NotAwarded), 1..) => Err(Problem::conflict(text(Language::English, "rfqs-end-accepted"))),
        (Some(Outcome::Awarded), 0) => Err(Problem::conflict(text(Language::English, "rfqs-end-none-accepted"))),
        (Some(Outcome::NotAwarded), 0) => {
            let closed = if state == RfqState::Open { state.close()? } else { state };
            Ok(closed.end_without_award()?)
        }
        (_, 1..) => Ok(state.award()?),
        (None, 0) => Ok(state.close()?),
    }
}

/// Ends a closed RFQ without an award.
pub fn end_without_award(app: &App, actor: &Actor, id: RfqId, expected: Option<i64>) -> Result<()> {
    close(app, actor, id, expected, None, Some(Outcome::NotAwarded))
}

/// Withdraws an RFQ, at any time before it is decided. The quotes that wait are declined, and their suppliers are notified.
pub fn withdraw(app: &App, actor: &Actor, id: RfqId, expected: Option<i64>) -> Result<()> {
    let scope = actor.authorize(Permission::RfqsWrite)?;
    app.db.write(|tx| {
        if is_done(tx, scope, id, |rfq| rfq.state == RfqState::Withdrawn)? {
            return Ok(());
        }
        let rfq = own_to_write(tx, scope, id, expected)?;
        withdraw_in(tx, rfq)
    })
}

/// Withdraws the undecided RFQs of a company that closed: there is nobody left who could decide them. Each in a transaction of its own, so
/// that one that another step ended meanwhile keeps none of the others.
pub fn withdraw_all_of(app: &App, company: CompanyId) -> Result<()> {
    let mut after = 0;
    loop {
        let page = app.db.read(|conn| store::list_undecided_after(conn, company, after, WITHDRAWN_AT_ONCE))?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.0;
        for id in page {
            app.db.write(|tx| match store::find(tx.conn(), id)? {
                // The buyer or a moderator may have ended it since the page was read.
                Some(rfq) if rfq.state.withdraw().is_ok() => withdraw_in(tx, rfq),
                _ => Ok(()),
            })?;
        }
    }
}

/// Forgets the RFQs of a company that nobody has confirmed and that is closed: none was published, so nobody else has ever seen them.
pub fn forget_all_of(app: &App, company: CompanyId) -> Result<()> {
    loop {
        let is_last = app.db.write(|tx| {
            let page = store::list_unpublished(tx.conn(), company, FORGOTTEN_AT_ONCE)?;
            for rfq in &page {
                attachments::discard(tx, (Subject::Rfq, rfq.id.0), &rfq.fields.attachments)?;
                store::invitations::delete_all(tx, rfq.id)?;
                store::delete(tx, rfq.id)?;
            }
            Ok(page.is_empty())
        })?;
        if is_last {
            return Ok(());
        }
    }
}

fn withdraw_in(tx: &mut Tx, mut rfq: Rfq) -> Result<()> {
    let was_draft = rfq.state == RfqState::Draft;
    rfq.state = rfq.state.withdraw()?;
    save(tx, &mut rfq)?;
    if was_draft {
        return Ok(());
    }
    notifying::withdrawn(tx, &rfq)?;
    decline_waiting(tx, &rfq)
}

/// Declines the quotes of an RFQ that ended while they waited: nobody can decide them any more. Their suppliers are notified of the
/// RFQ's end by the caller, before this, in one e-mail and not two.
pub(super) fn decline_waiting(tx: &mut Tx, rfq: &Rfq) -> Result<()> {
    let now = tx.now();
    for mut quote in quotes::store::list_live(tx.conn(), rfq.id)? {
        // Declined, not expired: a supplier that reads "expired" would write a new version, which no closed RFQ takes.
        quote.state = QuoteState::Declined;
        quote.decided_at = Some(now);
        quote.decline_reason = Some(rules::why_declined(rfq.state, rfq.withdrawn_reason.is_some()).to_owned());
        quotes::store::update_state(tx, &quote)?;
        feed::record(tx, EventType::QuoteDeclined, &quote.event_data(), &quote.parties())?;
    }
    Ok(())
}
