//! Rows of `threads`, `thread_sides`, `thread_messages`, `thread_marks` and `company_blocks`.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::rules::{Answering, Mark};
use super::{Message, Subject, SubjectKind, Thread, ThreadSide};
use crate::actor::Scope;
use crate::clock::Time;
use crate::error::{Code, Problem, Result};
use crate::ids::{CompanyId, MessageId, RfqId, ThreadId, UserId};
use crate::locale::{Language, text};
use crate::quotes::QuoteState;
use crate::store::cursor::{ListPage, Paging};
use crate::store::schema::{company_blocks, quotes, thread_marks, thread_messages, thread_sides, threads, users};
use crate::store::{Conn, Tx, from_json, from_text, or_duplicate, to_json};
use crate::{on_each, page_rows};

/// So many of the newest threads are looked at for the number of unread ones.
// A bound for every page of the site; who has a hundred unread threads is told "99+".
pub(super) const COUNTED: i64 = 100;
/// How a company answers is read from so many of its newest threads.
const JUDGED: i64 = 100;

#[derive(Queryable, Selectable)]
#[diesel(table_name = threads)]
struct ThreadRow {
    id: i64,
    subject: String,
    subject_id: i64,
    title: String,
    rfq_id: Option<i64>,
    opener_id: i64,
    addressee_id: i64,
    first_message_id: i64,
    created_at: NaiveDateTime,
    answered_at: Option<NaiveDateTime>,
}

impl TryFrom<ThreadRow> for Thread {
    type Error = Problem;
    fn try_from(row: ThreadRow) -> Result<Self> {
        Ok(Self {
            id: ThreadId(row.id),
            subject: Subject::of(from_text::<SubjectKind>(&row.subject)?, row.subject_id),
            title: row.title,
            rfq: row.rfq_id.map(RfqId),
            opener: CompanyId(row.opener_id),
            addressee: CompanyId(row.addressee_id),
            first_message: MessageId(row.first_message_id),
            created_at: row.created_at.and_utc(),
            answered_at: row.answered_at.map(|at| at.and_utc()),
        })
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = thread_sides)]
struct SideRow {
    company_id: i64,
    other_id: i64,
    last_message_id: i64,
    last_received_id: Option<i64>,
    read_id: i64,
    archived: bool,
    assignee_id: Option<i64>,
    version: i64,
}

impl From<SideRow> for ThreadSide {
    fn from(row: SideRow) -> Self {
        Self {
            company: CompanyId(row.company_id),
            other: CompanyId(row.other_id),
            last_message: MessageId(row.last_message_id),
            last_received: row.last_received_id.map(MessageId),
            read: MessageId(row.read_id),
            is_archived: row.archived,
            assignee: row.assignee_id.map(UserId),
            version: row.version,
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = thread_messages)]
struct MessageRow {
    id: i64,
    thread_id: i64,
    company_id: i64,
    user_id: Option<i64>,
    text: String,
    shown: Option<String>,
    masked: String,
    attachments: String,
    created_at: NaiveDateTime,
}

impl TryFrom<MessageRow> for Message {
    type Error = Problem;
    fn try_from(row: MessageRow) -> Result<Self> {
        Ok(Self {
            id: MessageId(row.id),
            thread: ThreadId(row.thread_id),
            sender: CompanyId(row.company_id),
            person: row.user_id.map(UserId),
            text: row.text,
            shown: row.shown,
            masked: from_json(&row.masked)?,
            attachments: from_json(&row.attachments)?,
            created_at: row.created_at.and_utc(),
        })
    }
}

fn thread_and_side((thread, side): (ThreadRow, SideRow)) -> Result<(Thread, ThreadSide)> {
    Ok((Thread::try_from(thread)?, side.into()))
}

/// A thread to be stored, with the message that it begins with.
pub(super) struct NewThread<'a> {
    pub subject: Subject,
    pub title: &'a str,
    pub rfq: Option<RfqId>,
    pub opener: CompanyId,
    pub addressee: CompanyId,
}

/// Stores a thread and its two sides; its first message has to follow under this id.
///
/// # Errors
/// `duplicate` when the two have one about the thing already.
pub(super) fn insert_thread(tx: &mut Tx, new: &NewThread<'_>, first: MessageId) -> Result<ThreadId> {
    let (id, now): (ThreadId, _) = (tx.make_id(), tx.now_db());
    let row = (
        threads::id.eq(id.0),
        threads::subject.eq(new.subject.kind().as_str()),
        threads::subject_id.eq(new.subject.raw()),
        threads::title.eq(new.title),
        threads::rfq_id.eq(new.rfq.map(|rfq| rfq.0)),
        threads::opener_id.eq(new.opener.0),
        threads::addressee_id.eq(new.addressee.0),
        threads::first_message_id.eq(first.0),
        threads::created_at.eq(now),
    );
    diesel::insert_into(threads::table).values(row).execute(tx.conn())?;
    for (company, other) in [(new.opener, new.addressee), (new.addressee, new.opener)] {
        let side = (
            thread_sides::thread_id.eq(id.0),
            thread_sides::company_id.eq(company.0),
            thread_sides::other_id.eq(other.0),
            thread_sides::subject.eq(new.subject.kind().as_str()),
            thread_sides::subject_id.eq(new.subject.raw()),
            thread_sides::last_message_id.eq(first.0),
            thread_sides::read_id.eq(0_i64),
            thread_sides::archived.eq(false),
            thread_sides::version.eq(0_i64),
        );
        or_duplicate(diesel::insert_into(thread_sides::table).values(side).execute(tx.conn()), || {
            Problem::new(Code::Duplicate, text(Language::English, "messages-exists"))
        })?;
    }
    Ok(id)
}

/// Stores a message and what it changes of the thread and its two sides.
pub(super) fn insert_message(tx: &mut Tx, message: &Message) -> Result<()> {
    let row = (
        thread_messages::id.eq(message.id.0),
        thread_messages::thread_id.eq(message.thread.0),
        thread_messages::company_id.eq(message.sender.0),
        thread_messages::user_id.eq(message.person.map(|person| person.0)),
        thread_messages::text.eq(&message.text),
        thread_messages::shown.eq(&message.shown),
        thread_messages::masked.eq(to_json(&message.masked)?),
        // Of the masked text: a search must not be a way to try out the digits of a number that is hidden.
        thread_messages::folded.eq(message.masked_text().to_lowercase()),
        thread_messages::attachments.eq(to_json(&message.attachments)?),
        thread_messages::created_at.eq(message.created_at.naive_utc()),
    );
    diesel::insert_into(thread_messages::table).values(row).execute(tx.conn())?;
    let sides = thread_sides::table.filter(thread_sides::thread_id.eq(message.thread.0));
    diesel::update(sides)
        .set((
            thread_sides::last_message_id.eq(message.id.0),
            thread_sides::version.eq(thread_sides::version + 1),
            // Who answers has it on the table again, as who receives has.
            thread_sides::archived.eq(false),
        ))
        .execute(tx.conn())?;
    let received = thread_sides::table
        .filter(thread_sides::thread_id.eq(message.thread.0))
        .filter(thread_sides::company_id.ne(message.sender.0));
    diesel::update(received).set(thread_sides::last_received_id.eq(message.id.0)).execute(tx.conn())?;
    let answered = threads::table
        .find(message.thread.0)
        .filter(threads::addressee_id.eq(message.sender.0))
        .filter(threads::answered_at.is_null());
    diesel::update(answered).set(threads::answered_at.eq(message.created_at.naive_utc())).execute(tx.conn())?;
    Ok(())
}

/// The company's thread with the other one about the thing.
pub(super) fn find_about(
    conn: &mut Conn,
    scope: Scope,
    other: CompanyId,
    subject: Subject,
) -> Result<Option<ThreadId>> {
    let id: Option<i64> = thread_sides::table
        .filter(thread_sides::company_id.eq(scope.company().0))
        .filter(thread_sides::other_id.eq(other.0))
        .filter(thread_sides::subject.eq(subject.kind().as_str()))
        .filter(thread_sides::subject_id.eq(subject.raw()))
        .select(thread_sides::thread_id)
        .first(conn)
        .optional()?;
    Ok(id.map(ThreadId))
}

/// A thread of the company; `None` also for one between others.
pub(super) fn find(conn: &mut Conn, scope: Scope, id: ThreadId) -> Result<Option<(Thread, ThreadSide)>> {
    let row: Option<(ThreadRow, SideRow)> = thread_sides::table
        .inner_join(threads::table)
        .filter(thread_sides::thread_id.eq(id.0))
        .filter(thread_sides::company_id.eq(scope.company().0))
        .select((ThreadRow::as_select(), SideRow::as_select()))
        .first(conn)
        .optional()?;
    row.map(thread_and_side).transpose()
}

/// A thread, whoever asks; for e-mails about it.
pub(super) fn find_any(conn: &mut Conn, id: ThreadId) -> Result<Option<Thread>> {
    let row: Option<ThreadRow> = threads::table.find(id.0).select(ThreadRow::as_select()).first(conn).optional()?;
    row.map(Thread::try_from).transpose()
}

/// A message, whoever asks; where access is checked.
pub(super) fn find_message(conn: &mut Conn, id: MessageId) -> Result<Option<Message>> {
    let row: Option<MessageRow> =
        thread_messages::table.find(id.0).select(MessageRow::as_select()).first(conn).optional()?;
    row.map(Message::try_from).transpose()
}

/// A message with its thread, whoever asks; for moderators.
pub fn find_with_thread(conn: &mut Conn, id: MessageId) -> Result<Option<(Thread, Message)>> {
    let Some(message) = find_message(conn, id)? else { return Ok(None) };
    Ok(find_any(conn, message.thread)?.map(|thread| (thread, message)))
}

/// The messages of the ids.
pub(super) fn load_messages(conn: &mut Conn, ids: &[i64]) -> Result<Vec<Message>> {
    // Of no ids at all SQLite reads the whole table.
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<MessageRow> =
        thread_messages::table.filter(thread_messages::id.eq_any(ids)).select(MessageRow::as_select()).load(conn)?;
    rows.into_iter().map(Message::try_from).collect()
}

/// A page of the messages of a thread, newest first.
pub(super) fn list_messages(conn: &mut Conn, thread: ThreadId, paging: Paging) -> Result<ListPage<Message>> {
    let query = thread_messages::table
        .filter(thread_messages::thread_id.eq(thread.0))
        .select(MessageRow::as_select())
        .into_boxed();
    let rows: Vec<MessageRow> = page_rows!(query, thread_messages::id, paging, conn)?;
    let messages = rows.into_iter().map(Message::try_from).collect::<Result<Vec<_>>>()?;
    Ok(paging.page(messages, |message| message.id.0))
}

/// Which of its threads a company lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ThreadFilter {
    /// Those that are put away, instead of the others.
    pub is_archived: bool,
    /// Only those with these words in a message or in their title; in small letters.
    pub words: Option<String>,
}

/// A page of the company's threads, the one with the newest message first.
pub(super) fn list(
    conn: &mut Conn,
    scope: Scope,
    filter: &ThreadFilter,
    paging: Paging,
) -> Result<ListPage<(Thread, ThreadSide)>> {
    let mut query = thread_sides::table
        .inner_join(threads::table)
        .filter(thread_sides::company_id.eq(scope.company().0))
        .filter(thread_sides::archived.eq(filter.is_archived))
        .select((ThreadRow::as_select(), SideRow::as_select()))
        .into_boxed();
    if let Some(words) = &filter.words {
        // Of each thread of the company by the index of its messages, and no further than the page.
        let found = thread_messages::table
            .filter(thread_messages::thread_id.eq(thread_sides::thread_id))
            .filter(thread_messages::folded.like(pattern(words)).escape('\\'));
        query = query.filter(diesel::dsl::exists(found));
    }
    let rows: Vec<(ThreadRow, SideRow)> = page_rows!(query, thread_sides::last_message_id, paging, conn)?;
    let found = rows.into_iter().map(thread_and_side).collect::<Result<Vec<_>>>()?;
    Ok(paging.page(found, |(_, side)| side.last_message.0))
}

fn pattern(words: &str) -> String {
    let mut pattern = String::with_capacity(words.len() + 2);
    pattern.push('%');
    for c in words.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// Whether each of the newest threads is unread for the person, up to [`COUNTED`].
pub(super) fn list_unread(conn: &mut Conn, company: CompanyId, person: UserId) -> Result<Vec<bool>> {
    let rows: Vec<(Option<i64>, Option<i64>)> = thread_sides::table
        .left_join(
            thread_marks::table
                .on(thread_marks::thread_id.eq(thread_sides::thread_id).and(thread_marks::user_id.eq(person.0))),
        )
        .filter(thread_sides::company_id.eq(company.0))
        .filter(thread_sides::last_received_id.is_not_null())
        .filter(thread_sides::archived.eq(false))
        .order(thread_sides::last_received_id.desc())
        .limit(COUNTED)
        .select((thread_sides::last_received_id, thread_marks::read_id.nullable()))
        .load(conn)?;
    Ok(rows.into_iter().map(|(received, read)| received.unwrap_or(0) > read.unwrap_or(0)).collect())
}

/// What the person has read of the threads.
pub(super) fn load_marks(conn: &mut Conn, person: UserId, threads: &[i64]) -> Result<HashMap<i64, Mark>> {
    if threads.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(i64, i64, Option<i64>, Option<NaiveDateTime>)> = thread_marks::table
        .filter(thread_marks::user_id.eq(person.0))
        .filter(thread_marks::thread_id.eq_any(threads))
        .select((thread_marks::thread_id, thread_marks::read_id, thread_marks::mailed_id, thread_marks::mailed_at))
        .load(conn)?;
    Ok(rows.into_iter().map(|(thread, read, id, at)| (thread, mark(read, id, at))).collect())
}

/// What each of the people has read of the thread.
pub(super) fn load_marks_of(conn: &mut Conn, thread: ThreadId, people: &[i64]) -> Result<HashMap<i64, Mark>> {
    if people.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(i64, i64, Option<i64>, Option<NaiveDateTime>)> = thread_marks::table
        .filter(thread_marks::thread_id.eq(thread.0))
        .filter(thread_marks::user_id.eq_any(people))
        .select((thread_marks::user_id, thread_marks::read_id, thread_marks::mailed_id, thread_marks::mailed_at))
        .load(conn)?;
    Ok(rows.into_iter().map(|(person, read, id, at)| (person, mark(read, id, at))).collect())
}

fn mark(read: i64, mailed: Option<i64>, at: Option<NaiveDateTime>) -> Mark {
    Mark { read, mailed: mailed.zip(at).map(|(id, at)| (MessageId(id), at.and_utc())) }
}

/// Writes how far the person has read the thread.
pub(super) fn set_read(tx: &mut Tx, person: UserId, thread: ThreadId, read: i64) -> Result<()> {
    let row =
        (thread_marks::user_id.eq(person.0), thread_marks::thread_id.eq(thread.0), thread_marks::read_id.eq(read));
    on_each!(tx.conn(), |c| diesel::insert_into(thread_marks::table)
        .values(row)
        .on_conflict((thread_marks::user_id, thread_marks::thread_id))
        .do_update()
        .set(thread_marks::read_id.eq(read))
        .execute(c))?;
    Ok(())
}

/// Writes of which message the person is mailed.
pub(super) fn set_mailed(tx: &mut Tx, person: UserId, thread: ThreadId, message: MessageId) -> Result<()> {
    let mailed = (thread_marks::mailed_id.eq(message.0), thread_marks::mailed_at.eq(tx.now_db()));
    let row = (
        thread_marks::user_id.eq(person.0),
        thread_marks::thread_id.eq(thread.0),
        thread_marks::read_id.eq(0_i64),
        mailed,
    );
    on_each!(tx.conn(), |c| diesel::insert_into(thread_marks::table)
        .values(row)
        .on_conflict((thread_marks::user_id, thread_marks::thread_id))
        .do_update()
        .set(mailed)
        .execute(c))?;
    Ok(())
}

/// Writes how far anybody of the company has read the thread.
pub(super) fn set_read_by_company(tx: &mut Tx, scope: Scope, thread: ThreadId, read: MessageId) -> Result<()> {
    diesel::update(thread_sides::table.find((thread.0, scope.company().0)))
        .set(thread_sides::read_id.eq(read.0))
        .execute(tx.conn())?;
    Ok(())
}

/// Puts the company's side of a thread away, or takes it out again.
pub(super) fn set_archived(tx: &mut Tx, scope: Scope, thread: ThreadId, archived: bool) -> Result<()> {
    diesel::update(thread_sides::table.find((thread.0, scope.company().0)))
        .set((thread_sides::archived.eq(archived), thread_sides::version.eq(thread_sides::version + 1)))
        .execute(tx.conn())?;
    Ok(())
}

/// Writes who of the company answers a thread.
pub(super) fn set_assignee(tx: &mut Tx, scope: Scope, thread: ThreadId, person: Option<UserId>) -> Result<()> {
    diesel::update(thread_sides::table.find((thread.0, scope.company().0)))
        .set((
            thread_sides::assignee_id.eq(person.map(|person| person.0)),
            thread_sides::version.eq(thread_sides::version + 1),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Who of a company answers a thread.
pub(super) fn find_assignee(conn: &mut Conn, thread: ThreadId, company: CompanyId) -> Result<Option<UserId>> {
    let id: Option<Option<i64>> =
        thread_sides::table.find((thread.0, company.0)).select(thread_sides::assignee_id).first(conn).optional()?;
    Ok(id.flatten().map(UserId))
}

/// The names of people.
pub(super) fn person_names(conn: &mut Conn, ids: &[i64]) -> Result<HashMap<i64, String>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(i64, String)> =
        users::table.filter(users::id.eq_any(ids)).select((users::id, users::name)).load(conn)?;
    Ok(rows.into_iter().collect())
}

/// The states of the supplier's quotes on the RFQs, all of them.
pub(super) fn list_quote_states(
    conn: &mut Conn,
    supplier: CompanyId,
    rfqs: &[i64],
) -> Result<Vec<(RfqId, QuoteState)>> {
    let rows: Vec<(i64, String)> = quotes::table
        .filter(quotes::rfq_id.eq_any(rfqs))
        .filter(quotes::supplier_id.eq(supplier.0))
        .select((quotes::rfq_id, quotes::state))
        .load(conn)?;
    rows.into_iter().map(|(rfq, state)| Ok((RfqId(rfq), from_text(&state)?))).collect()
}

/// How many messages the company sent since then.
pub(super) fn count_messages_since(conn: &mut Conn, sender: CompanyId, since: Time) -> Result<i64> {
    Ok(thread_messages::table
        .filter(thread_messages::company_id.eq(sender.0))
        .filter(thread_messages::created_at.ge(since.naive_utc()))
        .count()
        .get_result(conn)?)
}

/// How many threads the company began since then.
pub(super) fn count_threads_since(conn: &mut Conn, opener: CompanyId, since: Time) -> Result<i64> {
    Ok(threads::table
        .filter(threads::opener_id.eq(opener.0))
        .filter(threads::created_at.ge(since.naive_utc()))
        .count()
        .get_result(conn)?)
}

/// Whether the company has begun as many threads as that.
pub(super) fn has_begun_as_many(conn: &mut Conn, opener: CompanyId, most: i64) -> Result<bool> {
    let last: Option<i64> = threads::table
        .filter(threads::opener_id.eq(opener.0))
        .order(threads::created_at)
        .offset(most - 1)
        .limit(1)
        .select(threads::id)
        .first(conn)
        .optional()?;
    Ok(last.is_some())
}

/// When the newest threads began that the company was written to since then, and when it answered; without those of companies that it
/// blocks, which count nowhere.
pub(super) fn list_answering(conn: &mut Conn, company: CompanyId, since: Time) -> Result<Vec<Answering>> {
    let blocked = company_blocks::table
        .filter(company_blocks::company_id.eq(company.0))
        .filter(company_blocks::blocked_id.eq(threads::opener_id));
    let rows: Vec<(NaiveDateTime, Option<NaiveDateTime>)> = threads::table
        .filter(threads::addressee_id.eq(company.0))
        .filter(threads::created_at.ge(since.naive_utc()))
        .filter(diesel::dsl::not(diesel::dsl::exists(blocked)))
        .order(threads::created_at.desc())
        .limit(JUDGED)
        .select((threads::created_at, threads::answered_at))
        .load(conn)?;
    let answering = |(began, answered): (NaiveDateTime, Option<NaiveDateTime>)| Answering {
        began: began.and_utc(),
        answered: answered.map(|at| at.and_utc()),
    };
    Ok(rows.into_iter().map(answering).collect())
}

/// Whether the company takes no messages from the other one.
pub(super) fn is_blocked(conn: &mut Conn, company: CompanyId, other: CompanyId) -> Result<bool> {
    let count: i64 = company_blocks::table.find((company.0, other.0)).count().get_result(conn)?;
    Ok(count > 0)
}

/// Stores that the company takes no messages from the other one; a second time changes nothing.
pub(super) fn insert_block(tx: &mut Tx, scope: Scope, blocked: CompanyId, person: Option<UserId>) -> Result<()> {
    let row = (
        company_blocks::company_id.eq(scope.company().0),
        company_blocks::blocked_id.eq(blocked.0),
        company_blocks::user_id.eq(person.map(|person| person.0)),
        company_blocks::created_at.eq(tx.now_db()),
    );
    on_each!(tx.conn(), |c| diesel::insert_into(company_blocks::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(())
}

/// Takes messages from the other one again; answers whether they were blocked.
pub(super) fn delete_block(tx: &mut Tx, scope: Scope, blocked: CompanyId) -> Result<bool> {
    let row = company_blocks::table.find((scope.company().0, blocked.0));
    Ok(diesel::delete(row).execute(tx.conn())? > 0)
}

/// When the company blocked the other one.
pub(super) fn find_block(conn: &mut Conn, scope: Scope, blocked: CompanyId) -> Result<Option<Time>> {
    let at: Option<NaiveDateTime> = company_blocks::table
        .find((scope.company().0, blocked.0))
        .select(company_blocks::created_at)
        .first(conn)
        .optional()?;
    Ok(at.map(|at| at.and_utc()))
}

/// A page of the companies that the company blocks, and since when, the youngest company first.
pub(super) fn list_blocks(conn: &mut Conn, scope: Scope, paging: Paging) -> Result<ListPage<(CompanyId, Time)>> {
    let query = company_blocks::table
        .filter(company_blocks::company_id.eq(scope.company().0))
        .select((company_blocks::blocked_id, company_blocks::created_at))
        .into_boxed();
    let rows: Vec<(i64, NaiveDateTime)> = page_rows!(query, company_blocks::blocked_id, paging, conn)?;
    let blocks = rows.into_iter().map(|(id, at)| (CompanyId(id), at.and_utc())).collect();
    Ok(paging.page(blocks, |(id, _): &(CompanyId, Time)| id.0))
}
