//! Use cases of threads: writing, reading, putting away, assigning, blocking. Each is one transaction with its notifications.

use chrono::Duration;

use super::queries::{self, About, own};
use super::rules::{self, MessageRefusal, WritingLimits};
use super::store::{self, NewThread};
use super::{MAX_CHARACTERS, Message, Subject, ThreadSide, notifications};
use crate::accounts::actions::list_recipients;
use crate::actor::{Actor, Permission, Scope};
use crate::app::App;
use crate::clock::Time;
use crate::companies::{self, CompanyState};
use crate::documents::{self, MAX_ATTACHMENTS, attachments};
use crate::error::{Code, FieldCode, Problem, Result};
use crate::event_feed::{EventData, EventType, actions as feed};
use crate::ids::{CompanyId, DocumentId, MessageId, RfqId, ThreadId, UserId};
use crate::locale::{Language, text};
use crate::mail::Stream;
use crate::store::cursor::{ListPage, Paging};
use crate::store::{IdempotencyKey, Idempotent, Tx, ensure_version};
use crate::text::Checker;

/// A message to be sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewMessage {
    /// The text, 1 to 5 000 characters.
    pub text: String,
    /// Documents of the company.
    pub attachments: Vec<DocumentId>,
}

impl NewMessage {
    /// Cleans it and collects what is wrong with it.
    pub fn check(&mut self, checker: &mut Checker) {
        checker.prose("/text", &mut self.text, 1..=MAX_CHARACTERS);
        checker.distinct("/attachments", &mut self.attachments, MAX_ATTACHMENTS);
    }

    fn checked(&self) -> Result<Self> {
        let mut new = self.clone();
        let mut checker = Checker::new();
        new.check(&mut checker);
        checker.finish()?;
        Ok(new)
    }
}

/// Writes about a thing to the company that it belongs to, or to the other party of it: the first message of a thread, or the next one where
/// the two have one about it.
///
/// # Errors
/// `invalid` for a thing that the company may not see or write about; `conflict` when the other company takes no messages from it;
/// `too_many_requests` over the day's limits.
pub fn start(
    app: &App,
    actor: &Actor,
    subject: Subject,
    new: &NewMessage,
    once: Option<&IdempotencyKey>,
) -> Result<Idempotent<MessageId>> {
    let scope = actor.authorize(Permission::MessagesWrite)?;
    let new = new.checked()?;
    let write = || {
        app.db.write_idempotent(once, |tx| {
            let about = queries::find_about(tx.conn(), scope, subject)?.ok_or(MessageRefusal::Absent)?;
            let other = rules::addressee(subject, about.owned, scope.company())?;
            let known = store::find_about(tx.conn(), scope, other, subject)?;
            let message = Draft { thread: known, rfq: about.rfq, other, new: &new };
            message.send(app, tx, actor, scope, |tx, first| begin(app, tx, scope, subject, &about, other, first))
        })
    };
    match write() {
        // Both sides began at the same moment: this message is the second one of the thread that is there now.
        Err(problem) if problem.code == Code::Duplicate => write(),
        outcome => outcome,
    }
}

/// Begins a thread under the id of its first message.
fn begin(
    app: &App,
    tx: &mut Tx,
    scope: Scope,
    subject: Subject,
    about: &About,
    other: CompanyId,
    first: MessageId,
) -> Result<ThreadId> {
    let limits = writing_limits(app, tx, scope)?;
    let since = yesterday(tx);
    let begun = store::count_threads_since(tx.conn(), scope.company(), since)?;
    if app.config.limits.is_reached(limits.threads, begun) {
        return Err(MessageRefusal::TooManyThreads { most: limits.threads, is_newcomer: limits.is_newcomer }.into());
    }
    let most = app.config.limits.threads_per_company;
    if app.config.limits.is_on(most) && store::has_begun_as_many(tx.conn(), scope.company(), most)? {
        return Err(MessageRefusal::TooManyThreadsInAll { most }.into());
    }
    let new = NewThread { subject, title: &about.title, rfq: about.rfq, opener: scope.company(), addressee: other };
    store::insert_thread(tx, &new, first)
}

/// Answers in a thread.
///
/// # Errors
/// `not_found` for a thread between others; as [`start`].
pub fn reply(
    app: &App,
    actor: &Actor,
    id: ThreadId,
    new: &NewMessage,
    once: Option<&IdempotencyKey>,
) -> Result<Idempotent<MessageId>> {
    let scope = actor.authorize(Permission::MessagesWrite)?;
    app.db.write_idempotent(once, |tx| {
        let (thread, side) = own(tx.conn(), scope, id)?;
        let new = new.checked()?;
        let message = Draft { thread: Some(id), rfq: thread.rfq, other: side.other, new: &new };
        message.send(app, tx, actor, scope, |_, _| Err(Problem::internal("a thread that is there was to be begun")))
    })
}

/// A message on its way.
struct Draft<'a> {
    thread: Option<ThreadId>,
    rfq: Option<RfqId>,
    other: CompanyId,
    new: &'a NewMessage,
}

impl Draft<'_> {
    fn send(
        &self,
        app: &App,
        tx: &mut Tx,
        actor: &Actor,
        scope: Scope,
        begin: impl FnOnce(&mut Tx, MessageId) -> Result<ThreadId>,
    ) -> Result<MessageId> {
        let (standing, _) = queries::standing(tx.conn(), self.rfq, scope.company(), self.other)?;
        rules::may_write(standing)?;
        ensure_may_send(app, tx, scope)?;
        let id: MessageId = tx.make_id();
        let thread = match self.thread {
            Some(thread) => thread,
            None => begin(tx, id)?,
        };
        let (shown, masked) = rules::mask(&self.new.text).unzip();
        let message = Message {
            id,
            thread,
            sender: scope.company(),
            person: actor.user(),
            text: self.new.text.clone(),
            shown,
            masked: masked.unwrap_or_default(),
            attachments: self.new.attachments.clone(),
            created_at: tx.now(),
        };
        let thing = (documents::Subject::Thread, thread.0);
        attachments::attach(tx, scope.company(), thing, "/attachments", &message.attachments)?;
        store::insert_message(tx, &message)?;
        // Who answers has read what they answer.
        mark_read(tx, actor, scope, thread, id)?;
        notifications::received(tx, &message, self.other)?;
        let data = EventData { thread: Some(thread), message: Some(id), ..EventData::default() };
        feed::record(tx, EventType::MessageReceived, &data, &[self.other])?;
        Ok(id)
    }
}

fn yesterday(tx: &Tx) -> Time {
    tx.now() - Duration::hours(24)
}

fn writing_limits(app: &App, tx: &mut Tx, scope: Scope) -> Result<WritingLimits> {
    let company = companies::store::find(tx.conn(), scope.company())?.ok_or_else(|| Problem::not_found("company"))?;
    let limits = &app.config.limits;
    Ok(WritingLimits::of(company.verification, limits.messages_per_day, limits.threads_per_day))
}

/// Counted in the transaction that writes: of two messages at once only one may be the last of the day.
fn ensure_may_send(app: &App, tx: &mut Tx, scope: Scope) -> Result<()> {
    let limits = writing_limits(app, tx, scope)?;
    let since = yesterday(tx);
    let sent = store::count_messages_since(tx.conn(), scope.company(), since)?;
    if app.config.limits.is_reached(limits.messages, sent) {
        return Err(MessageRefusal::TooMany { most: limits.messages, is_newcomer: limits.is_newcomer }.into());
    }
    Ok(())
}

fn mark_read(tx: &mut Tx, actor: &Actor, scope: Scope, thread: ThreadId, read: MessageId) -> Result<()> {
    store::set_read_by_company(tx, scope, thread, read)?;
    match actor.user() {
        Some(person) => store::set_read(tx, person, thread, read.0),
        None => Ok(()),
    }
}

/// Marks a thread as read up to its newest message: for the person, and for the company's programs.
///
/// # Errors
/// 401, 403; `not_found` for a thread between others.
pub fn read(app: &App, actor: &Actor, id: ThreadId) -> Result<()> {
    // Marks of one's own are no writing that others see: who may only read has them too.
    let scope = actor.authorize(Permission::MessagesRead)?;
    app.db.write(|tx| {
        let (_, side) = own(tx.conn(), scope, id)?;
        mark_read(tx, actor, scope, id, side.last_message)
    })
}

/// Marks the newest message of the other side as not read, for the person.
///
/// # Errors
/// As [`read`].
pub fn mark_unread(app: &App, actor: &Actor, id: ThreadId) -> Result<()> {
    let scope = actor.authorize(Permission::MessagesRead)?;
    app.db.write(|tx| {
        let (_, side) = own(tx.conn(), scope, id)?;
        match (actor.user(), side.last_received) {
            (Some(person), Some(received)) => store::set_read(tx, person, id, received.0 - 1),
            _ => Ok(()),
        }
    })
}

fn own_to_change(tx: &mut Tx, scope: Scope, id: ThreadId, expected: Option<i64>) -> Result<ThreadSide> {
    let (_, side) = own(tx.conn(), scope, id)?;
    ensure_version(expected, side.version)?;
    Ok(side)
}

/// Puts a thread away, or takes it out again; the other side does not see it.
///
/// # Errors
/// 401, 403; `not_found`; `stale`.
pub fn set_archived(app: &App, actor: &Actor, id: ThreadId, expected: Option<i64>, archived: bool) -> Result<()> {
    let scope = actor.authorize(Permission::MessagesWrite)?;
    app.db.write(|tx| {
        let side = own_to_change(tx, scope, id, expected)?;
        if side.is_archived == archived { Ok(()) } else { store::set_archived(tx, scope, id, archived) }
    })
}

/// Gives a thread to a colleague, who alone is mailed of its messages from then on, or to nobody in particular.
///
/// # Errors
/// 401, 403; `not_found`; `stale`; `invalid` for who does not trade for the company.
pub fn assign(app: &App, actor: &Actor, id: ThreadId, expected: Option<i64>, person: Option<UserId>) -> Result<()> {
    let scope = actor.authorize(Permission::MessagesWrite)?;
    app.db.write(|tx| {
        let side = own_to_change(tx, scope, id, expected)?;
        if let Some(person) = person {
            let colleagues = list_recipients(tx.conn(), scope.company(), Stream::Transactional)?;
            if !colleagues.contains(&person) {
                let message = text(Language::English, "messages-not-a-colleague");
                return Err(Problem::invalid_field("/member", FieldCode::UnknownValue, message));
            }
        }
        if side.assignee == person { Ok(()) } else { store::set_assignee(tx, scope, id, person) }
    })
}

/// A company that is blocked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The company.
    pub company: CompanyId,
    /// Its name.
    pub name: String,
    /// Since when.
    pub at: Time,
}

fn find_block_in(tx: &mut Tx, scope: Scope, company: CompanyId) -> Result<Block> {
    let at = store::find_block(tx.conn(), scope, company)?.ok_or_else(not_blocked)?;
    let names = companies::store::names(tx.conn(), &[company.0])?;
    Ok(Block { company, name: names.get(&company.0).cloned().unwrap_or_default(), at })
}

fn not_blocked() -> Problem {
    Problem::not_found("blocked_company")
}

/// Takes no messages from a company any more.
///
/// # Errors
/// 401, 403; `invalid` for one's own and for a company that does not take part.
pub fn block(
    app: &App,
    actor: &Actor,
    company: CompanyId,
    once: Option<&IdempotencyKey>,
) -> Result<Idempotent<CompanyId>> {
    let scope = actor.authorize(Permission::MessagesWrite)?;
    let refuse = |code, key| Problem::invalid_field("/company", code, text(Language::English, key));
    if company == scope.company() {
        return Err(refuse(FieldCode::Contradiction, "messages-block-own"));
    }
    app.db.write_idempotent(once, |tx| {
        let found = companies::store::find(tx.conn(), company)?;
        if found.is_none_or(|found| found.state != CompanyState::Active) {
            return Err(refuse(FieldCode::UnknownValue, "messages-block-unknown"));
        }
        store::insert_block(tx, scope, company, actor.user())?;
        Ok(company)
    })
}

/// A company that one's own blocks, for who has just blocked it.
///
/// # Errors
/// 401, 403; `not_found` for one that it does not block.
pub fn find_block(app: &App, actor: &Actor, company: CompanyId) -> Result<Block> {
    let scope = actor.authorize(Permission::MessagesWrite)?;
    app.db.write(|tx| find_block_in(tx, scope, company))
}

/// Blocks the other company of a thread.
///
/// # Errors
/// 401, 403; `not_found`; `conflict` for a buyer whose name is hidden.
pub fn block_other(app: &App, actor: &Actor, id: ThreadId) -> Result<()> {
    actor.authorize(Permission::MessagesWrite)?;
    // By its id it would stand in the list of blocked companies, which names it.
    let detail = queries::find_written(app, actor, id)?;
    let other =
        detail.summary.other.ok_or_else(|| Problem::conflict(text(Language::English, "messages-block-hidden")))?;
    block(app, actor, other.id, None).map(drop)
}

/// Takes messages from a company again.
///
/// # Errors
/// 401, 403; `not_found` for one that is not blocked.
pub fn unblock(app: &App, actor: &Actor, company: CompanyId) -> Result<()> {
    let scope = actor.authorize(Permission::MessagesWrite)?;
    app.db.write(|tx| if store::delete_block(tx, scope, company)? { Ok(()) } else { Err(not_blocked()) })
}

/// A page of the companies that one's own blocks.
///
/// # Errors
/// 401 and 403.
pub fn list_blocks(app: &App, actor: &Actor, paging: Paging) -> Result<ListPage<Block>> {
    let scope = actor.authorize(Permission::MessagesRead)?;
    app.db.read(|conn| {
        let page = store::list_blocks(conn, scope, paging)?;
        let ids: Vec<i64> = page.items.iter().map(|(company, _)| company.0).collect();
        let names = companies::store::names(conn, &ids)?;
        Ok(page.map(|(company, at)| Block { company, name: names.get(&company.0).cloned().unwrap_or_default(), at }))
    })
}
