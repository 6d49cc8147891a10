//! Queries of RFQs and their questions: who sees which, and with which numbers.

pub mod invitations;

use std::collections::HashSet;

use super::rules::visibility::{Viewer, buyer_is_shown_to};
use super::store::{self, Reader, RfqFilter, VisibleRfq};
use super::views::{RfqDetail, VisibleQuestion};
use super::{Rfq, RfqCounts};
use crate::actor::{Actor, Permission, Scope};
use crate::app::App;
use crate::companies::{Company, store as companies};
use crate::error::{Code, Problem, Result};
use crate::ids::{QuestionId, RfqId};
use crate::store::Conn;
use crate::store::cursor::{ListPage, Paging, RowKey};

/// The refusal of an RFQ that is not there, or not for who asks.
pub(super) fn absent() -> Problem {
    Problem::not_found("rfq")
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
pub fn find_own(app: &App, actor: &Actor, id: RfqId) -> Result<(Rfq, RfqCounts)> {
    let scope = actor.authorize(Permission::RfqsRead)?;
    app.db.read(|conn| {
        let rfq = own(conn, scope, id)?;
        Ok((rfq, counts_of(conn, id)?))
    })
}

/// One's own RFQ after a write; a key that may only write sees what it wrote.
pub fn find_after_write(app: &App, actor: &Actor, id: RfqId) -> Result<RfqDetail> {
    let scope = actor.authorize_draft(Permission::RfqsWrite)?;
    app.db.read(|conn| {
        let rfq = own(conn, scope, id)?;
        let buyer = companies::find(conn, rfq.company)?;
        let counts = counts_of(conn, id)?;
        Ok(RfqDetail { rfq, viewer: Viewer::Owner, buyer, counts, invitation: None })
    })
}

/// An RFQ as the actor may see it: one's own, or a published one of a company that takes part.
pub fn find(app: &App, actor: &Actor, id: RfqId) -> Result<RfqDetail> {
    app.db.read(|conn| see(conn, actor, id))
}

/// The same on an open connection.
pub(super) fn see(conn: &mut Conn, actor: &Actor, id: RfqId) -> Result<RfqDetail> {
    let VisibleRfq { rfq, viewer, buyer, invitation } =
        store::find_visible(conn, reader(actor), id)?.ok_or_else(absent)?;
    if actor.company() == Some(rfq.company) {
        // One's own RFQ behind a key without the scope is refused by name, not as if it did not exist.
        actor.authorize(Permission::RfqsRead)?;
    }
    let buyer = buyer_is_shown_to(rfq.fields.show_buyer_name, viewer).then_some(buyer);
    let counts = counts_of(conn, id)?;
    Ok(RfqDetail { rfq, viewer, buyer, counts, invitation })
}

fn reader(actor: &Actor) -> Reader {
    match actor.company() {
        _ if actor.is_moderator() => Reader::Moderator,
        Some(company) if actor.authorize(Permission::RfqsRead).is_ok() => Reader::Company(company),
        Some(company) => Reader::Unscoped(company),
        None => Reader::Public,
    }
}

/// Who asks, and a page of their RFQs.
pub type OwnRfqs<K> = (Company, ListPage<(Rfq, RfqCounts), K>);

/// A page of the actor's own RFQs in the order of its key, with what stands around each.
pub fn list_own<K: RowKey>(app: &App, actor: &Actor, filter: RfqFilter, paging: Paging<K>) -> Result<OwnRfqs<K>> {
    let scope = actor.authorize(Permission::RfqsRead)?;
    app.db.read(|conn| {
        let buyer = companies::find(conn, scope.company())?.ok_or_else(|| Problem::not_found("company"))?;
        let slice = store::list_own(conn, scope, filter, paging)?;
        Ok((buyer, with_counts(conn, slice)?))
    })
}

/// A page of the open RFQs that everyone may see, newest first.
pub fn list_open(app: &App, paging: Paging) -> Result<ListPage<(Rfq, RfqCounts)>> {
    let now = app.clock.now();
    app.db.read(|conn| {
        let slice = store::list_open(conn, now, paging)?;
        with_counts(conn, slice)
    })
}

fn with_counts<K>(conn: &mut Conn, slice: ListPage<Rfq, K>) -> Result<ListPage<(Rfq, RfqCounts), K>> {
    let ids: Vec<i64> = slice.items.iter().map(|rfq| rfq.id.0).collect();
    let counts = store::count_related(conn, &ids)?;
    Ok(slice.map(|rfq| {
        let around = counts.get(&rfq.id.0).copied().unwrap_or_default();
        (rfq, around)
    }))
}

pub(super) fn counts_of(conn: &mut Conn, id: RfqId) -> Result<RfqCounts> {
    Ok(store::count_related(conn, &[id.0])?.remove(&id.0).unwrap_or_default())
}

pub(super) fn own(conn: &mut Conn, scope: Scope, id: RfqId) -> Result<Rfq> {
    store::find(conn, id)?.filter(|rfq| rfq.company == scope.company()).ok_or_else(absent)
}

/// How many suppliers are notified when the RFQ ends: those whose quotes wait for a decision.
pub fn count_waiting_suppliers(app: &App, id: RfqId) -> Result<usize> {
    app.db.read(|conn| store::list_waiting_suppliers(conn, id)).map(|waiting| waiting.len())
}

/// A page of the questions under an RFQ that the actor may see, newest first.
pub fn list_questions(app: &App, actor: &Actor, id: RfqId, paging: Paging) -> Result<ListPage<VisibleQuestion>> {
    app.db.read(|conn| {
        let seen = see(conn, actor, id)?;
        let own = if seen.viewer == Viewer::Owner { None } else { actor.company() };
        let slice = store::list_questions(conn, id, paging)?;
        Ok(slice.map(|question| VisibleQuestion { own: own == Some(question.company), question }))
    })
}

/// A page of the questions that the actor's company asked, newest first; with the answers under the RFQs that it may see still.
///
/// # Errors
/// 401 and 403.
pub fn list_asked(app: &App, actor: &Actor, paging: Paging) -> Result<ListPage<VisibleQuestion>> {
    let scope = actor.authorize(Permission::RfqsRead)?;
    app.db.read(|conn| {
        let page = store::list_asked(conn, scope, paging)?;
        let asked: HashSet<RfqId> = page.items.iter().map(|question| question.rfq).collect();
        let mut visible = HashSet::new();
        for id in asked {
            // One by one: each RFQ decides for itself who sees it.
            if store::find_visible(conn, Reader::Company(scope.company()), id)?.is_some() {
                visible.insert(id);
            }
        }
        Ok(page.map(|mut question| {
            question.answer = question.answer.filter(|_| visible.contains(&question.rfq));
            VisibleQuestion { question, own: true }
        }))
    })
}

/// One question under an RFQ that the actor may see.
pub fn find_question(app: &App, actor: &Actor, id: RfqId, question: QuestionId) -> Result<VisibleQuestion> {
    app.db.read(|conn| {
        see(conn, actor, id)?;
        let question = store::find_question(conn, id, question)?.ok_or_else(|| Problem::not_found("question"))?;
        Ok(VisibleQuestion { own: actor.company() == Some(question.company), question })
    })
}
