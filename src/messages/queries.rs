//! Queries of threads: who sees which, whose name, and how much of a message.

use std::collections::HashMap;

use chrono::Duration;

use super::rules::{self, AnsweringHabit, Dealings, Mark, MessagingRelation, Ownership};
use super::store::{self, ThreadFilter};
use super::views::{OtherCompany, ThreadDetail, ThreadSummary, VisibleMessage};
use super::{Message, Subject, Thread, ThreadSide};
use crate::accounts::actions::{have_dealt, list_recipients};
use crate::actor::{Actor, Permission, Scope};
use crate::app::App;
use crate::clock::Time;
use crate::companies::{self, Company, CompanyState};
use crate::error::{Problem, Result};
use crate::ids::{CompanyId, MessageId, RfqId, ThreadId, UserId};
use crate::listings::actions::Offered;
use crate::mail::Stream;
use crate::quotes::{self, QuoteState};
use crate::rfqs::store::Reader;
use crate::rfqs::{self, Rfq};
use crate::store::Conn;
use crate::store::cursor::{ListPage, Paging};
use crate::{listings, partnerships};

/// How a company answers is said by the threads of so many days.
const HABIT_DAYS: i64 = 180;

/// A thing that somebody wants to write about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct About {
    /// Whose it is.
    pub owned: Ownership,
    /// What it is called.
    pub title: String,
    /// The RFQ that may hide its buyer.
    pub rfq: Option<RfqId>,
}

fn absent() -> Problem {
    Problem::not_found("thread")
}

/// The thing, if the company may see it.
pub(super) fn find_about(conn: &mut Conn, scope: Scope, subject: Subject) -> Result<Option<About>> {
    let of = |owner: CompanyId, title: String| About { owned: Ownership::Of(owner), title, rfq: None };
    match subject {
        Subject::Listing(id) => {
            let Some(listing) = listings::store::find(conn, id)? else { return Ok(None) };
            let Some(company) = companies::store::find(conn, listing.company)? else { return Ok(None) };
            let is_own = listing.company == scope.company();
            let offered = Offered { listing, company };
            let is_seen = is_own || offered.is_public();
            Ok(is_seen.then(|| of(offered.listing.company, offered.listing.fields.name)))
        }
        Subject::Company(id) => {
            let company = companies::store::find(conn, id)?;
            let is_seen = |company: &Company| company.state == CompanyState::Active || id == scope.company();
            Ok(company.filter(is_seen).map(|company| of(id, company.fields.name)))
        }
        Subject::Rfq(id) => {
            let visible = rfqs::store::find_visible(conn, Reader::Company(scope.company()), id)?;
            Ok(visible.map(|visible| About { rfq: Some(id), ..of(visible.rfq.company, visible.rfq.fields.title) }))
        }
        Subject::Quote(id) => {
            let Some(quote) = quotes::store::find_of(conn, scope, id)? else { return Ok(None) };
            let rfq = rfqs::store::find(conn, quote.rfq)?;
            Ok(rfq.map(|rfq| About {
                owned: Ownership::Between(quote.supplier, quote.buyer),
                title: rfq.fields.title,
                rfq: Some(rfq.id),
            }))
        }
        Subject::Partnership(id) => Ok(partnerships::store::find(conn, scope, id)?.map(|found| About {
            owned: Ownership::Between(found.supplier, found.buyer),
            title: String::new(),
            rfq: None,
        })),
        Subject::Record(id) => Ok(partnerships::store::find_record(conn, scope, id)?.map(|record| About {
            owned: Ownership::Between(record.supplier, record.buyer),
            title: record.fields.description.clone(),
            rfq: None,
        })),
    }
}

/// An RFQ between two companies: who of them buys, whether its buyer is shown, and how far the other one's quote got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct RfqBetween {
    buyer: CompanyId,
    shows_buyer: bool,
    quote: Option<QuoteState>,
}

impl RfqBetween {
    fn new(rfq: &Rfq, states: impl Iterator<Item = QuoteState>) -> Self {
        Self { buyer: rfq.company, shows_buyer: rfq.fields.show_buyer_name, quote: furthest(states) }
    }

    fn hides_buyer_from(&self, company: CompanyId) -> bool {
        rules::is_other_hidden(company == self.buyer, self.shows_buyer, self.quote)
    }
}

/// A supplier may have withdrawn one quote and had another one accepted.
fn furthest(states: impl Iterator<Item = QuoteState>) -> Option<QuoteState> {
    states.max_by_key(|state| match state {
        QuoteState::Accepted => 2,
        QuoteState::Shortlisted => 1,
        _ => 0,
    })
}

fn rfq_between(conn: &mut Conn, rfq: Option<RfqId>, one: CompanyId, other: CompanyId) -> Result<Option<RfqBetween>> {
    let Some(id) = rfq else { return Ok(None) };
    let Some(rfq) = rfqs::store::find(conn, id)? else { return Ok(None) };
    let supplier = if rfq.company == one { other } else { one };
    let states = store::list_quote_states(conn, supplier, &[id.0])?;
    Ok(Some(RfqBetween::new(&rfq, states.into_iter().map(|(_, state)| state))))
}

/// What decides about a message of `writer` to `other`: whether it can be sent, and whether contact data is open.
pub(super) fn standing(
    conn: &mut Conn,
    rfq: Option<RfqId>,
    writer: CompanyId,
    other: CompanyId,
) -> Result<(MessagingRelation, Dealings)> {
    let between = rfq_between(conn, rfq, writer, other)?;
    let hides_from = |company: CompanyId| between.is_some_and(|between| between.hides_buyer_from(company));
    let state = companies::store::find(conn, other)?.map_or(CompanyState::Closed, |company| company.state);
    let standing = MessagingRelation {
        other: state,
        is_blocked: store::is_blocked(conn, other, writer)?,
        blocks: store::is_blocked(conn, writer, other)?,
        is_hidden: hides_from(writer),
    };
    let chosen = [Some(QuoteState::Shortlisted), Some(QuoteState::Accepted)];
    let dealings = Dealings {
        is_hidden: hides_from(writer) || hides_from(other),
        is_chosen_here: between.is_some_and(|between| chosen.contains(&between.quote)),
        have_dealt: have_dealt(conn, writer, other)?,
    };
    Ok((standing, dealings))
}

/// A thread of the company.
pub(super) fn own(conn: &mut Conn, scope: Scope, id: ThreadId) -> Result<(Thread, ThreadSide)> {
    store::find(conn, scope, id)?.ok_or_else(absent)
}

/// A thread, and the name of the other company where `reader` may know it; for e-mails.
pub(super) fn names_for(conn: &mut Conn, id: ThreadId, reader: CompanyId) -> Result<Option<(Thread, Option<String>)>> {
    let Some(thread) = store::find_any(conn, id)? else { return Ok(None) };
    let other = if thread.opener == reader { thread.addressee } else { thread.opener };
    let between = rfq_between(conn, thread.rfq, reader, other)?;
    if between.is_some_and(|between| between.hides_buyer_from(reader)) {
        return Ok(Some((thread, None)));
    }
    let name = companies::store::names(conn, &[other.0])?.remove(&other.0);
    Ok(Some((thread, name)))
}

/// A page of the company's threads, the one with the newest message first.
///
/// # Errors
/// 401 and 403.
pub fn list(app: &App, actor: &Actor, filter: &ThreadFilter, paging: Paging) -> Result<ListPage<ThreadSummary>> {
    let scope = actor.authorize(Permission::MessagesRead)?;
    app.db.read(|conn| {
        let page = store::list(conn, scope, filter, paging)?;
        Ok(ListPage { items: summaries(conn, actor, scope, page.items)?, next: page.next, prev: page.prev })
    })
}

/// Adds what stands around the threads, with one query for each kind of it.
fn summaries(
    conn: &mut Conn,
    actor: &Actor,
    scope: Scope,
    rows: Vec<(Thread, ThreadSide)>,
) -> Result<Vec<ThreadSummary>> {
    let others: Vec<i64> = rows.iter().map(|(_, side)| side.other.0).collect();
    let others = companies::store::load(conn, &others)?;
    let others: HashMap<CompanyId, Company> = others.into_iter().map(|company| (company.id, company)).collect();
    let messages: Vec<i64> = rows.iter().map(|(_, side)| side.last_message.0).collect();
    let messages = store::load_messages(conn, &messages)?;
    let messages: HashMap<MessageId, Message> = messages.into_iter().map(|message| (message.id, message)).collect();
    let assignees: Vec<i64> = rows.iter().filter_map(|(_, side)| side.assignee.map(|person| person.0)).collect();
    let assignees = store::person_names(conn, &assignees)?;
    let threads: Vec<i64> = rows.iter().map(|(thread, _)| thread.id.0).collect();
    let marks = actor.user().map(|person| store::load_marks(conn, person, &threads)).transpose()?;
    let rfqs: Vec<i64> = rows.iter().filter_map(|(thread, _)| thread.rfq.map(|rfq| rfq.0)).collect();
    let between = rfqs_of_supplier(conn, scope.company(), &rfqs)?;
    let missing = || Problem::internal("a thread's message or company is missing");
    rows.into_iter()
        .map(|(thread, side)| {
            let company = others.get(&side.other).ok_or_else(missing)?;
            let is_hidden = thread
                .rfq
                .and_then(|rfq| between.get(&rfq))
                .is_some_and(|between| between.hides_buyer_from(side.company));
            let mark = match &marks {
                Some(marks) => marks.get(&thread.id.0).copied().unwrap_or_default(),
                // A program has read what anybody of its company has.
                None => Mark { read: side.read.0, mailed: None },
            };
            Ok(ThreadSummary {
                other: named(company, is_hidden),
                last: messages.get(&side.last_message).cloned().ok_or_else(missing)?,
                is_unread: mark.is_unread(side.last_received),
                assignee: side.assignee.and_then(|person| assignees.get(&person.0).cloned()),
                thread,
                side,
            })
        })
        .collect()
}

fn named(company: &Company, is_hidden: bool) -> Option<OtherCompany> {
    let Company { id, fields, .. } = company;
    (!is_hidden).then(|| OtherCompany { id: *id, name: fields.name.clone(), country: fields.country })
}

/// The RFQs, for a viewer who is a supplier of those that are not its own.
fn rfqs_of_supplier(conn: &mut Conn, viewer: CompanyId, ids: &[i64]) -> Result<HashMap<RfqId, RfqBetween>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let states = store::list_quote_states(conn, viewer, ids)?;
    let rfqs = rfqs::store::load(conn, ids)?;
    Ok(rfqs
        .iter()
        .map(|rfq| {
            let own = states.iter().filter(|(id, _)| *id == rfq.id).map(|(_, state)| *state);
            (rfq.id, RfqBetween::new(rfq, own))
        })
        .collect())
}

/// A thread of the actor's company.
///
/// # Errors
/// 401, 403; `not_found` for one between others.
pub fn find(app: &App, actor: &Actor, id: ThreadId) -> Result<ThreadDetail> {
    let scope = actor.authorize(Permission::MessagesRead)?;
    app.db.read(|conn| detail(conn, actor, scope, id))
}

/// The same for who has just written to it, whose key may be one that only writes.
///
/// # Errors
/// As [`find`].
pub fn find_written(app: &App, actor: &Actor, id: ThreadId) -> Result<ThreadDetail> {
    let scope = actor.authorize(Permission::MessagesWrite)?;
    app.db.read(|conn| detail(conn, actor, scope, id))
}

fn detail(conn: &mut Conn, actor: &Actor, scope: Scope, id: ThreadId) -> Result<ThreadDetail> {
    let row = own(conn, scope, id)?;
    let (standing, dealings) = standing(conn, row.0.rfq, scope.company(), row.1.other)?;
    let summary = summaries(conn, actor, scope, vec![row])?.pop().ok_or_else(absent)?;
    let is_open = rules::contact_data_is_open(dealings);
    Ok(ThreadDetail { summary, is_open, refusal: rules::may_write(standing).err() })
}

/// A page of the messages of a thread, newest first.
///
/// # Errors
/// As [`find`].
pub fn list_messages(app: &App, actor: &Actor, id: ThreadId, paging: Paging) -> Result<ListPage<VisibleMessage>> {
    let scope = actor.authorize(Permission::MessagesRead)?;
    app.db.read(|conn| {
        let (thread, side) = own(conn, scope, id)?;
        let page = store::list_messages(conn, id, paging)?;
        Ok(ListPage { items: visible(conn, &thread, &side, page.items)?, next: page.next, prev: page.prev })
    })
}

/// A message of a thread of the actor's company.
///
/// # Errors
/// 401, 403; `not_found` for one between others.
pub fn find_message(app: &App, actor: &Actor, id: MessageId) -> Result<VisibleMessage> {
    message_in(app, actor.authorize(Permission::MessagesRead)?, id)
}

/// The same for who has just written it.
///
/// # Errors
/// As [`find_message`].
pub fn find_written_message(app: &App, actor: &Actor, id: MessageId) -> Result<VisibleMessage> {
    message_in(app, actor.authorize(Permission::MessagesWrite)?, id)
}

fn message_in(app: &App, scope: Scope, id: MessageId) -> Result<VisibleMessage> {
    let missing = || Problem::not_found("message");
    app.db.read(|conn| {
        let message = store::find_message(conn, id)?.ok_or_else(missing)?;
        let (thread, side) = store::find(conn, scope, message.thread)?.ok_or_else(missing)?;
        visible(conn, &thread, &side, vec![message])?.pop().ok_or_else(missing)
    })
}

fn visible(conn: &mut Conn, thread: &Thread, side: &ThreadSide, messages: Vec<Message>) -> Result<Vec<VisibleMessage>> {
    let (_, dealings) = standing(conn, thread.rfq, side.company, side.other)?;
    let is_open = rules::contact_data_is_open(dealings);
    let own = |message: &Message| message.sender == side.company;
    // Who of the other company writes is its own affair: a name is contact data too.
    let people: Vec<i64> =
        messages.iter().filter(|message| own(message)).filter_map(|message| message.person.map(|id| id.0)).collect();
    let names = store::person_names(conn, &people)?;
    Ok(messages
        .into_iter()
        .map(|message| {
            let is_own = own(&message);
            let author = message.person.filter(|_| is_own).and_then(|person| names.get(&person.0).cloned());
            VisibleMessage { message, is_own, author, is_open }
        })
        .collect())
}

/// The first message of a thread.
pub(super) fn is_first(app: &App, actor: &Actor, message: &Message) -> Result<bool> {
    let scope = actor.authorize(Permission::MessagesWrite)?;
    app.db.read(|conn| Ok(own(conn, scope, message.thread)?.0.first_message == message.id))
}

/// Whether the actor may read what is attached to a thread: exactly when it is their company's.
pub fn may_see_attachments(conn: &mut Conn, actor: &Actor, id: i64) -> Result<bool> {
    let Ok(scope) = actor.authorize(Permission::MessagesRead) else { return Ok(false) };
    Ok(store::find(conn, scope, ThreadId(id))?.is_some())
}

/// Somebody who wants to write about a thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// What it is called.
    pub title: String,
    /// The other company; none where an RFQ hides its buyer.
    pub other: Option<OtherCompany>,
    /// The thread that the two have about it.
    pub thread: Option<ThreadId>,
    /// Whether contact data would be open.
    pub is_open: bool,
}

/// What the page says before a first message.
///
/// # Errors
/// 401, 403; `not_found` for what the company may not see; `invalid` for its own.
pub fn find_opening(app: &App, actor: &Actor, subject: Subject) -> Result<Opening> {
    let scope = actor.authorize(Permission::MessagesWrite)?;
    app.db.read(|conn| {
        let about = find_about(conn, scope, subject)?.ok_or_else(|| Problem::not_found("subject"))?;
        let other = rules::addressee(subject, about.owned, scope.company())?;
        let (standing, dealings) = standing(conn, about.rfq, scope.company(), other)?;
        let company = companies::store::find(conn, other)?.ok_or_else(absent)?;
        Ok(Opening {
            title: rules::title_of(subject.kind(), &about.title),
            other: named(&company, standing.is_hidden),
            thread: store::find_about(conn, scope, other, subject)?,
            is_open: rules::contact_data_is_open(dealings),
        })
    })
}

/// How many threads the person has not read, counted up to 100.
pub fn count_unread(app: &App, company: CompanyId, person: UserId) -> Result<usize> {
    let unread = app.db.read(|conn| store::list_unread(conn, company, person))?;
    Ok(unread.into_iter().filter(|is_unread| *is_unread).count())
}

/// The colleagues who can answer, with their names.
///
/// # Errors
/// 401 and 403.
pub fn list_colleagues(app: &App, actor: &Actor) -> Result<Vec<(UserId, String)>> {
    let scope = actor.authorize(Permission::MessagesRead)?;
    app.db.read(|conn| {
        let people = list_recipients(conn, scope.company(), Stream::Transactional)?;
        let ids: Vec<i64> = people.iter().map(|person| person.0).collect();
        let names = store::person_names(conn, &ids)?;
        Ok(people.into_iter().filter_map(|person| Some((person, names.get(&person.0)?.clone()))).collect())
    })
}

/// How a company answers those who write to it; `None` where too few have written of late.
pub fn answering_habit(app: &App, company: CompanyId) -> Result<Option<AnsweringHabit>> {
    let now = app.clock.now();
    let threads = app.db.read(|conn| store::list_answering(conn, company, since(now)))?;
    Ok(rules::answering_habit(&threads, now))
}

fn since(now: Time) -> Time {
    now - Duration::days(HABIT_DAYS)
}
