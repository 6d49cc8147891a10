//! Use cases of RFQs: writing, publishing, changing, ending; who sees what.

mod closing;
mod letters;
mod loading;
mod moderation;
mod questions;

pub use closing::{award, close_due, close_full, settle};
pub use loading::{Loaded, upsert_loaded};
pub use moderation::{match_again, take_down};
pub use questions::{Asked, answer_question, ask, find_question, list_questions};

use super::events::RfqPublished;
use super::rules::{self, Closing, Viewer};
use super::store::{self, Counts};
use super::{ClosedReason, READ_ONLY, Rfq, RfqFields, RfqState};
use crate::actor::{Actor, Permission, Scope};
use crate::app::App;
use crate::clock::Time;
use crate::companies::{Company, CompanyState, store as companies};
use crate::documents::{Subject, attaching};
use crate::error::{Code, FieldCode, Problem, Result};
use crate::ids::{CompanyId, RfqId};
use crate::outbox::{Options, enqueue};
use crate::store::cursor::{Paging, Slice};
use crate::store::{Conn, Entity, Once, OnceKey, Op, Tx, ensure_version};
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

/// An RFQ as somebody sees it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The RFQ.
    pub rfq: Rfq,
    /// What they are to it.
    pub viewer: Viewer,
    /// Who asks, where the viewer may know.
    pub buyer: Option<Company>,
    /// What stands around it.
    pub counts: Counts,
}

pub(super) fn absent() -> Problem {
    Problem::not_found("RFQ")
}

/// Writes a draft for the actor's company; may lack any field.
pub fn create(app: &App, actor: &Actor, mut fields: RfqFields, once: Option<&OnceKey>) -> Result<Once<RfqId>> {
    let scope = actor.may_prepare(Permission::RfqsWrite)?;
    fields.check()?;
    app.db.write_once(once, |tx| {
        let id = store::insert(tx, scope.company(), None, &fields)?;
        attach(tx, scope.company(), id, &fields)?;
        Ok(id)
    })
}

/// Makes the documents that the fields name those of the RFQ; they must be its company's own.
pub(super) fn attach(tx: &mut Tx, company: CompanyId, id: RfqId, fields: &RfqFields) -> Result<()> {
    attaching::replace(tx, company, (Subject::Rfq, id.0), "/attachments", &fields.attachments)
}

/// Whether the actor may read what is attached to the RFQ: exactly when they may see it.
pub fn may_see_attachments(conn: &mut Conn, actor: &Actor, id: i64) -> Result<bool> {
    match see(conn, actor, RfqId(id)) {
        Ok(_) => Ok(true),
        Err(problem) if matches!(problem.code, Code::NotFound | Code::Forbidden) => Ok(false),
        Err(problem) => Err(problem),
    }
}

/// One of the actor's own RFQs, with what stands around it.
pub fn find_own(app: &App, actor: &Actor, id: RfqId) -> Result<(Rfq, Counts)> {
    let scope = actor.may(Permission::RfqsRead)?;
    app.db.read(|conn| {
        let rfq = own(conn, scope, id)?;
        Ok((rfq, counts_of(conn, id)?))
    })
}

/// One's own RFQ after a write; a key that may only write sees what it wrote.
pub fn find_after_write(app: &App, actor: &Actor, id: RfqId) -> Result<Seen> {
    let scope = actor.may_prepare(Permission::RfqsWrite)?;
    app.db.read(|conn| {
        let rfq = own(conn, scope, id)?;
        let buyer = companies::find(conn, rfq.company)?;
        let counts = counts_of(conn, id)?;
        Ok(Seen { rfq, viewer: Viewer::Owner, buyer, counts })
    })
}

/// An RFQ as the actor may see it: one's own, or a published one of a company that takes part.
pub fn find(app: &App, actor: &Actor, id: RfqId) -> Result<Seen> {
    app.db.read(|conn| see(conn, actor, id))
}

/// The same on an open connection.
pub(super) fn see(conn: &mut Conn, actor: &Actor, id: RfqId) -> Result<Seen> {
    let rfq = store::find(conn, id)?.ok_or_else(absent)?;
    let viewer = viewer_of(conn, actor, &rfq)?;
    let buyer = companies::find(conn, rfq.company)?.ok_or_else(absent)?;
    let hidden = viewer != Viewer::Owner && buyer.state != CompanyState::Active;
    if hidden || !rules::may_be_seen_by(rfq.state, viewer) {
        return Err(absent());
    }
    let buyer = rules::buyer_is_shown_to(rfq.fields.show_buyer_name, viewer).then_some(buyer);
    let counts = counts_of(conn, id)?;
    Ok(Seen { rfq, viewer, buyer, counts })
}

fn viewer_of(conn: &mut Conn, actor: &Actor, rfq: &Rfq) -> Result<Viewer> {
    if actor.company() == Some(rfq.company) {
        // One's own RFQ behind a key without the scope is refused by name, not as if it did not exist.
        actor.may(Permission::RfqsRead)?;
        return Ok(Viewer::Owner);
    }
    if actor.is_moderator() {
        return Ok(Viewer::Owner);
    }
    let takes_part = match actor.may(Permission::RfqsRead) {
        Ok(scope) => store::takes_part(conn, rfq.id, scope.company())?,
        Err(_) => false,
    };
    Ok(if takes_part { Viewer::Participant } else { Viewer::Anyone })
}

/// A page of the actor's own RFQs, of one state or all, with what stands around each.
pub fn list_own(
    app: &App,
    actor: &Actor,
    state: Option<RfqState>,
    paging: Paging,
) -> Result<(Company, Slice<(Rfq, Counts)>)> {
    let scope = actor.may(Permission::RfqsRead)?;
    app.db.read(|conn| {
        let buyer = companies::find(conn, scope.company())?.ok_or_else(|| Problem::not_found("company"))?;
        let slice = store::list_own(conn, scope, state, paging)?;
        Ok((buyer, with_counts(conn, slice)?))
    })
}

/// A page of the open RFQs, newest first, for everyone.
pub fn list_open(app: &App, paging: Paging) -> Result<Slice<(Rfq, Counts)>> {
    let now = app.clock.now();
    app.db.read(|conn| {
        let slice = store::list_open(conn, now, paging)?;
        with_counts(conn, slice)
    })
}

fn with_counts(conn: &mut Conn, slice: Slice<Rfq>) -> Result<Slice<(Rfq, Counts)>> {
    let ids: Vec<i64> = slice.items.iter().map(|rfq| rfq.id.0).collect();
    let counts = store::count_around(conn, &ids)?;
    Ok(slice.map(|rfq| {
        let around = counts.get(&rfq.id.0).copied().unwrap_or_default();
        (rfq, around)
    }))
}

pub(super) fn counts_of(conn: &mut Conn, id: RfqId) -> Result<Counts> {
    Ok(store::count_around(conn, &[id.0])?.remove(&id.0).unwrap_or_default())
}

pub(super) fn own(conn: &mut Conn, scope: Scope, id: RfqId) -> Result<Rfq> {
    store::find(conn, id)?.filter(|rfq| rfq.company == scope.company()).ok_or_else(absent)
}

/// One of the actor's own RFQs at the version expected, to be written.
fn own_to_write(tx: &mut Tx, scope: Scope, id: RfqId, expected: Option<i64>) -> Result<Rfq> {
    let rfq = own(tx.conn(), scope, id)?;
    ensure_version(expected, rfq.version)?;
    Ok(rfq)
}

/// Writes the RFQ as its next version, and has the index read it again if others may see it.
pub(super) fn save(tx: &mut Tx, rfq: &mut Rfq) -> Result<()> {
    store::update(tx, rfq)?;
    if rfq.state != RfqState::Draft {
        tx.note_change(Entity::Rfq, rfq.id.0, Op::Changed);
    }
    rfq.version += 1;
    rfq.updated_at = tx.now();
    Ok(())
}

/// Announces a version of an open RFQ, to be matched.
fn announce(tx: &mut Tx, rfq: &Rfq) -> Result<()> {
    let key = format!("rfq_published {} v{}", rfq.id, rfq.version);
    enqueue(tx, &RfqPublished { rfq: rfq.id }, Options::once(key))
}

/// Posts a draft: it needs a title, a quantity and a destination country.
pub fn publish(app: &App, actor: &Actor, id: RfqId, expected: Option<i64>) -> Result<()> {
    let scope = actor.may(Permission::RfqsWrite)?;
    app.db.write(|tx| {
        let mut rfq = own_to_write(tx, scope, id, expected)?;
        rfq.state.publish()?;
        rfq.fields.publishable()?;
        open_now(tx, &mut rfq)?;
        save(tx, &mut rfq)?;
        announce(tx, &rfq)
    })
}

/// Sets what an RFQ has from its publication on; the caller saves it.
pub(super) fn open_now(tx: &Tx, rfq: &mut Rfq) -> Result<()> {
    rfq.state = rfq.state.publish()?;
    let closing = rules::closing(tx.now(), &rfq.fields.closing)?;
    rfq.published_at = Some(tx.now());
    put_closing(rfq, closing);
    Ok(())
}

/// The document shows the rule in force, so that it reads the same as the RFQ behaves.
pub(super) fn put_closing(rfq: &mut Rfq, closing: Closing) {
    rfq.deadline = Some(closing.deadline);
    rfq.max_quotes = closing.seats;
    rfq.fields.closing.deadline = Some(closing.deadline);
    rfq.fields.closing.max_quotes = Some(closing.seats);
}

/// Changes a draft or an open RFQ by an RFC 7396 patch. Those who quoted on an open one are told, and it is matched again.
pub fn change(app: &App, actor: &Actor, id: RfqId, expected: Option<i64>, patch: &serde_json::Value) -> Result<()> {
    let scope = actor.may_prepare(Permission::RfqsWrite)?;
    app.db.write(|tx| {
        let rfq = own_to_write(tx, scope, id, expected)?;
        let fields = wire::merge_patch(&rfq.fields, patch.clone(), READ_ONLY)?;
        replace(tx, rfq, fields)
    })
}

/// Replaces all fields of a draft or an open RFQ: the site's form.
pub fn rewrite(app: &App, actor: &Actor, id: RfqId, expected: Option<i64>, fields: &RfqFields) -> Result<()> {
    let scope = actor.may_prepare(Permission::RfqsWrite)?;
    app.db.write(|tx| {
        let rfq = own_to_write(tx, scope, id, expected)?;
        replace(tx, rfq, fields.clone())
    })
}

fn replace(tx: &mut Tx, mut rfq: Rfq, mut fields: RfqFields) -> Result<()> {
    rfq.state.change()?;
    fields.check()?;
    attach(tx, rfq.company, rfq.id, &fields)?;
    if rfq.state == RfqState::Open {
        return replace_open(tx, rfq, fields);
    }
    rfq.max_quotes = fields.closing.max_quotes.unwrap_or(rules::DEFAULT_SEATS);
    rfq.fields = fields;
    save(tx, &mut rfq)
}

pub(super) fn replace_open(tx: &mut Tx, mut rfq: Rfq, fields: RfqFields) -> Result<()> {
    if rfq.fields.publishable().is_ok() {
        fields.publishable()?;
    }
    if rfq.fields.sealed && !fields.sealed {
        let message = "must stay as it is while the RFQ is open: suppliers quoted on it";
        return Err(Problem::invalid_field("/sealed", FieldCode::Contradiction, message));
    }
    let before = rfq.fields.clone();
    let closing = rules::change_closing(tx.now(), &in_force(&rfq, tx.now()), &fields.closing)?;
    let taken = counts_of(tx.conn(), rfq.id)?.quotes;
    if closing.seats < rfq.max_quotes && usize::from(closing.seats) <= taken {
        let message = format!("must be more than the {taken} quotes it has; close the RFQ to take no more");
        return Err(Problem::invalid_field("/closing/max_quotes", FieldCode::Contradiction, message));
    }
    rfq.fields = fields;
    put_closing(&mut rfq, closing);
    if rfq.fields == before {
        return Ok(());
    }
    save(tx, &mut rfq)?;
    letters::changed(tx, &rfq)?;
    announce(tx, &rfq)
}

/// The closing rule of a published RFQ.
pub(super) fn in_force(rfq: &Rfq, now: Time) -> Closing {
    Closing { deadline: rfq.deadline.unwrap_or(now), seats: rfq.max_quotes }
}

/// Moves the deadline of an open RFQ to a later moment.
pub fn extend(app: &App, actor: &Actor, id: RfqId, expected: Option<i64>, deadline: Time) -> Result<()> {
    let scope = actor.may(Permission::RfqsWrite)?;
    let deadline = crate::clock::cut_to_micros(deadline);
    app.db.write(|tx| {
        let mut rfq = own_to_write(tx, scope, id, expected)?;
        let now = tx.now();
        let closing = in_force(&rfq, now);
        let deadline = rules::extend(rfq.state, now, closing.deadline, deadline).map_err(at_deadline)?;
        put_closing(&mut rfq, Closing { deadline, ..closing });
        save(tx, &mut rfq)?;
        letters::extended(tx, &rfq)
    })
}

/// The deadline is the whole input here, so its pointer is shorter than in the RFQ.
fn at_deadline(refusal: rules::RfqRefusal) -> Problem {
    let mut problem = Problem::from(refusal);
    for field in &mut problem.fields {
        "/deadline".clone_into(&mut field.pointer);
    }
    problem
}

/// Ends the taking of quotes, or decides a closed RFQ: `awarded` after a split award, `not_awarded` without any.
///
/// An open RFQ becomes closed; with quotes accepted one by one (a split award) it is awarded at once. With `not_awarded` it ends without
/// an award, from open as well as from closed.
pub fn close(
    app: &App,
    actor: &Actor,
    id: RfqId,
    expected: Option<i64>,
    split: Option<bool>,
    outcome: Option<Outcome>,
) -> Result<()> {
    let scope = actor.may(Permission::RfqsWrite)?;
    app.db.write(|tx| {
        let mut rfq = own_to_write(tx, scope, id, expected)?;
        rfq.split_award = split.unwrap_or(rfq.split_award);
        let accepted = counts_of(tx.conn(), id)?.accepted;
        rfq.closed_reason = rfq.closed_reason.or(Some(ClosedReason::Buyer));
        rfq.state = state_after_close(rfq.state, accepted, outcome)?;
        save(tx, &mut rfq)?;
        match rfq.state {
            RfqState::Closed => letters::closed(tx, &rfq),
            _ => letters::ended(tx, &rfq),
        }
    })
}

fn state_after_close(state: RfqState, accepted: usize, outcome: Option<Outcome>) -> Result<RfqState> {
    match (outcome, accepted) {
        (Some(Outcome::NotAwarded), 1..) => {
            Err(Problem::conflict("A quote of this RFQ was accepted; it cannot end without an award."))
        }
        (Some(Outcome::Awarded), 0) => Err(Problem::conflict("No quote of this RFQ was accepted; accept one first.")),
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

/// Takes an RFQ back, at any time before it is decided; those who quoted are told.
pub fn withdraw(app: &App, actor: &Actor, id: RfqId, expected: Option<i64>) -> Result<()> {
    let scope = actor.may(Permission::RfqsWrite)?;
    app.db.write(|tx| {
        let mut rfq = own_to_write(tx, scope, id, expected)?;
        let was_draft = rfq.state == RfqState::Draft;
        rfq.state = rfq.state.withdraw()?;
        save(tx, &mut rfq)?;
        if was_draft { Ok(()) } else { letters::withdrawn(tx, &rfq) }
    })
}

/// How many suppliers are told when the RFQ ends: those whose quotes wait for a decision.
pub fn count_quoters(app: &App, id: RfqId) -> Result<usize> {
    app.db.read(|conn| store::list_quoters(conn, id)).map(|quoters| quoters.len())
}
