//! Rows of `rfqs` and `rfq_questions`, and what an RFQ's pages count of matches and quotes.

pub mod invitations;

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::dsl::count_star;
use diesel::prelude::*;

use super::rules::visibility::{self, Viewer};
use super::{
    ClosedReason, DEFAULT_SEATS, InvitationState, Question, Rfq, RfqCounts, RfqFields, RfqState, Visibility,
    completeness,
};
use crate::actor::Scope;
use crate::clock::Time;
use crate::companies::{Company, CompanyState, store as companies_store};
use crate::error::{Code, Problem, Result};
use crate::ids::{CompanyId, QuestionId, RfqId};
use crate::locale::{Language, text};
use crate::quotes::QuoteState;
use crate::store::cursor::{ListPage, Paging, RowKey};
use crate::store::schema::{companies, matches, quotes, rfq_questions, rfqs};
use crate::store::{Conn, Tx, from_json, from_text, in_chunks, or_duplicate, to_json};
use crate::{due_rows, ordered_rows, page_rows};

#[derive(Queryable, Selectable)]
#[diesel(table_name = rfqs)]
struct RfqRow {
    id: i64,
    company_id: i64,
    reference: Option<String>,
    state: String,
    closed_reason: Option<String>,
    split_award: bool,
    content: String,
    completeness: i32,
    max_quotes: i32,
    version: i64,
    created_at: NaiveDateTime,
    updated_at: NaiveDateTime,
    published_at: Option<NaiveDateTime>,
    deadline: Option<NaiveDateTime>,
    matched_at: Option<NaiveDateTime>,
    withdrawn_reason: Option<String>,
}

fn time(stored: Option<NaiveDateTime>) -> Option<Time> {
    stored.map(|time| time.and_utc())
}

impl TryFrom<RfqRow> for Rfq {
    type Error = Problem;
    fn try_from(row: RfqRow) -> Result<Self> {
        Ok(Self {
            id: RfqId(row.id),
            company: CompanyId(row.company_id),
            reference: row.reference,
            state: from_text(&row.state)?,
            closed_reason: row.closed_reason.as_deref().map(from_text::<ClosedReason>).transpose()?,
            split_award: row.split_award,
            fields: from_json(&row.content)?,
            completeness: u8::try_from(row.completeness).unwrap_or(0),
            max_quotes: u8::try_from(row.max_quotes).unwrap_or(DEFAULT_SEATS),
            version: row.version,
            created_at: row.created_at.and_utc(),
            updated_at: row.updated_at.and_utc(),
            published_at: time(row.published_at),
            deadline: time(row.deadline),
            matched_at: time(row.matched_at),
            withdrawn_reason: row.withdrawn_reason,
        })
    }
}

fn all(rows: Vec<RfqRow>) -> Result<Vec<Rfq>> {
    rows.into_iter().map(Rfq::try_from).collect()
}

/// Stores a new draft. `fields` were checked.
pub(super) fn insert(tx: &mut Tx, company: CompanyId, reference: Option<&str>, fields: &RfqFields) -> Result<RfqId> {
    let id: RfqId = tx.make_id();
    let now = tx.now_db();
    let seats = fields.closing.max_quotes.unwrap_or(DEFAULT_SEATS);
    let row = (
        rfqs::id.eq(id.0),
        rfqs::company_id.eq(company.0),
        rfqs::reference.eq(reference),
        rfqs::title.eq(&fields.title),
        rfqs::state.eq(RfqState::Draft.as_str()),
        rfqs::split_award.eq(false),
        rfqs::content.eq(to_json(fields)?),
        rfqs::completeness.eq(i32::from(completeness(fields).score)),
        rfqs::max_quotes.eq(i32::from(seats)),
        rfqs::version.eq(1_i64),
        rfqs::created_at.eq(now),
        rfqs::updated_at.eq(now),
        rfqs::visibility.eq(fields.visibility.as_str()),
    );
    or_duplicate(diesel::insert_into(rfqs::table).values(row).execute(tx.conn()), || {
        Problem::new(Code::Duplicate, text(Language::English, "rfqs-ref-taken"))
    })?;
    Ok(id)
}

/// Writes everything about an RFQ that can change, as its next version; the completeness is reckoned anew.
pub(super) fn update(tx: &mut Tx, rfq: &Rfq) -> Result<()> {
    let now = tx.now_db();
    diesel::update(rfqs::table.find(rfq.id.0))
        .set((
            rfqs::title.eq(&rfq.fields.title),
            rfqs::state.eq(rfq.state.as_str()),
            rfqs::closed_reason.eq(rfq.closed_reason.map(ClosedReason::as_str)),
            rfqs::split_award.eq(rfq.split_award),
            rfqs::content.eq(to_json(&rfq.fields)?),
            rfqs::completeness.eq(i32::from(completeness(&rfq.fields).score)),
            rfqs::max_quotes.eq(i32::from(rfq.max_quotes)),
            rfqs::version.eq(rfq.version + 1),
            rfqs::updated_at.eq(now),
            rfqs::published_at.eq(rfq.published_at.map(|time| time.naive_utc())),
            rfqs::deadline.eq(rfq.deadline.map(|time| time.naive_utc())),
            rfqs::withdrawn_reason.eq(&rfq.withdrawn_reason),
            rfqs::visibility.eq(rfq.fields.visibility.as_str()),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Notes when the RFQ was matched: the first time, and again after it was changed. A mere repetition leaves the time as it is.
pub fn set_matched_at(tx: &mut Tx, rfq: &Rfq, began: Time) -> Result<()> {
    // A time that moved with every repetition would make a listing published in between look as if it had been matched.
    if rfq.matched_at.is_some_and(|at| at >= rfq.updated_at) {
        return Ok(());
    }
    diesel::update(rfqs::table.filter(rfqs::id.eq(rfq.id.0)))
        .set(rfqs::matched_at.eq(began.naive_utc()))
        .execute(tx.conn())?;
    Ok(())
}

/// How many RFQs the company published since then.
pub(super) fn count_published_since(conn: &mut Conn, company: CompanyId, since: Time) -> Result<i64> {
    Ok(rfqs::table
        .filter(rfqs::company_id.eq(company.0))
        .filter(rfqs::published_at.gt(since.naive_utc()))
        .count()
        .get_result(conn)?)
}

/// Whether the company has as many RFQs as that, whatever their state.
pub(super) fn has_as_many(conn: &mut Conn, company: CompanyId, most: i64) -> Result<bool> {
    let last: Option<i64> = rfqs::table
        .filter(rfqs::company_id.eq(company.0))
        .order(rfqs::id)
        .offset(most - 1)
        .limit(1)
        .select(rfqs::id)
        .first(conn)
        .optional()?;
    Ok(last.is_some())
}

/// RFQs of the company that were never published, at most `most`.
pub(super) fn list_unpublished(conn: &mut Conn, company: CompanyId, most: i64) -> Result<Vec<Rfq>> {
    let rows: Vec<RfqRow> = rfqs::table
        .filter(rfqs::company_id.eq(company.0))
        .filter(rfqs::published_at.is_null())
        .order(rfqs::id)
        .limit(most)
        .select(RfqRow::as_select())
        .load(conn)?;
    all(rows)
}

/// Removes the row of an RFQ to which nothing refers.
pub(super) fn delete(tx: &mut Tx, id: RfqId) -> Result<()> {
    diesel::delete(rfqs::table.find(id.0)).execute(tx.conn())?;
    Ok(())
}

/// One RFQ, whatever its state.
pub fn find(conn: &mut Conn, id: RfqId) -> Result<Option<Rfq>> {
    let row: Option<RfqRow> = rfqs::table.find(id.0).select(RfqRow::as_select()).first(conn).optional()?;
    row.map(Rfq::try_from).transpose()
}

/// The RFQs of the ids, in no order.
pub fn load(conn: &mut Conn, ids: &[i64]) -> Result<Vec<Rfq>> {
    all(in_chunks(ids, |part| rfqs::table.filter(rfqs::id.eq_any(part)).select(RfqRow::as_select()).load(conn))?)
}

/// The next RFQs after the id, by id; for going through all of them.
pub fn load_after(conn: &mut Conn, after: i64, most: i64) -> Result<Vec<Rfq>> {
    all(rfqs::table.filter(rfqs::id.gt(after)).order(rfqs::id).limit(most).select(RfqRow::as_select()).load(conn)?)
}

/// The company's RFQ with this `ref` of an operator's file.
pub fn find_by_ref(conn: &mut Conn, company: CompanyId, reference: &str) -> Result<Option<Rfq>> {
    let row: Option<RfqRow> = rfqs::table
        .filter(rfqs::company_id.eq(company.0))
        .filter(rfqs::reference.eq(reference))
        .select(RfqRow::as_select())
        .first(conn)
        .optional()?;
    row.map(Rfq::try_from).transpose()
}

/// Which of its own RFQs a company lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RfqFilter {
    /// Only those in this state.
    pub state: Option<RfqState>,
    /// Only those that were changed at this time or later.
    pub updated_since: Option<Time>,
}

/// A page of the company's own RFQs, newest first, or by the time of their last change.
pub(super) fn list_own<K: RowKey>(
    conn: &mut Conn,
    scope: Scope,
    filter: RfqFilter,
    paging: Paging<K>,
) -> Result<ListPage<Rfq, K>> {
    let mut query = rfqs::table.filter(rfqs::company_id.eq(scope.company().0)).select(RfqRow::as_select()).into_boxed();
    if let Some(state) = filter.state {
        query = query.filter(rfqs::state.eq(state.as_str()));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(rfqs::updated_at.ge(since.naive_utc()));
    }
    let rows: Vec<RfqRow> = ordered_rows!(query, rfqs::updated_at, rfqs::id, paging, conn)?;
    Ok(paging.page(all(rows)?, |rfq| K::of(rfq.updated_at.naive_utc(), rfq.id.0)))
}

/// A page of all open RFQs of companies that take part which everyone may see, newest first.
pub fn list_open(conn: &mut Conn, now: Time, paging: Paging) -> Result<ListPage<Rfq>> {
    let query = rfqs::table
        .inner_join(companies::table)
        .filter(companies::state.eq(CompanyState::Active.as_str()))
        .filter(rfqs::state.eq(RfqState::Open.as_str()))
        .filter(rfqs::visibility.eq(Visibility::Public.as_str()))
        .filter(rfqs::deadline.gt(now.naive_utc()))
        .select(RfqRow::as_select())
        .into_boxed();
    let rows: Vec<RfqRow> = page_rows!(query, rfqs::id, paging, conn)?;
    Ok(paging.page(all(rows)?, |rfq| rfq.id.0))
}

/// The next open RFQs of the companies, as pairs of company and id in the order of these, at most `most`: what disappears and comes back with
/// them, and may show a company's name.
/// The companies are in ascending order; `after` is the last pair of the part before.
pub fn open_of_companies(
    conn: &mut Conn,
    companies: &[i64],
    after: Option<(i64, i64)>,
    most: i64,
) -> Result<Vec<(i64, i64)>> {
    use rfqs::{company_id, id};
    let done = after.map_or(0, |(last, _)| companies.partition_point(|company| *company < last));
    let rest = companies.get(done..).unwrap_or_default();
    let mut query =
        rfqs::table.filter(company_id.eq_any(rest)).filter(rfqs::state.eq(RfqState::Open.as_str())).into_boxed();
    if let Some((last_company, last_id)) = after {
        query = query.filter(company_id.gt(last_company).or(id.gt(last_id)));
    }
    Ok(query.order((company_id, id)).limit(most).select((company_id, id)).load(conn)?)
}

/// The company's RFQs after the id that are published and not decided, by id.
pub(super) fn list_undecided_after(conn: &mut Conn, company: CompanyId, after: i64, most: i64) -> Result<Vec<RfqId>> {
    let undecided = [RfqState::Open, RfqState::Closed].map(RfqState::as_str);
    let ids: Vec<i64> = rfqs::table
        .filter(rfqs::company_id.eq(company.0))
        .filter(rfqs::state.eq_any(undecided))
        .filter(rfqs::id.gt(after))
        .order(rfqs::id)
        .limit(most)
        .select(rfqs::id)
        .load(conn)?;
    Ok(ids.into_iter().map(RfqId).collect())
}

/// The company's RFQs of which quotes wait for a decision.
pub(super) fn list_with_live_quotes(conn: &mut Conn, company: CompanyId) -> Result<Vec<RfqId>> {
    let ids: Vec<i64> = quotes::table
        .filter(quotes::buyer_id.eq(company.0))
        .filter(quotes::state.eq_any(QuoteState::LIVE_TEXTS))
        .select(quotes::rfq_id)
        .distinct()
        .order(quotes::rfq_id)
        .load(conn)?;
    Ok(ids.into_iter().map(RfqId).collect())
}

/// The open RFQs of everybody but one company after the id, by id.
pub fn list_open_after(conn: &mut Conn, but: CompanyId, after: i64, most: i64) -> Result<Vec<RfqId>> {
    let ids: Vec<i64> = rfqs::table
        .filter(rfqs::state.eq(RfqState::Open.as_str()))
        .filter(rfqs::company_id.ne(but.0))
        .filter(rfqs::id.gt(after))
        .order(rfqs::id)
        .limit(most)
        .select(rfqs::id)
        .load(conn)?;
    Ok(ids.into_iter().map(RfqId).collect())
}

/// Open RFQs whose deadline has passed, the longest overdue first.
pub(super) fn list_due(
    conn: &mut Conn,
    now: Time,
    after: Option<&(NaiveDateTime, i64)>,
) -> Result<Vec<(NaiveDateTime, i64)>> {
    let due = rfqs::table.filter(rfqs::state.eq(RfqState::Open.as_str())).filter(rfqs::deadline.le(now.naive_utc()));
    Ok(due_rows!(due.into_boxed(), rfqs::deadline, rfqs::id, after, conn)?)
}

/// What stands around each of the RFQs.
pub fn count_related(conn: &mut Conn, ids: &[i64]) -> Result<HashMap<i64, RfqCounts>> {
    let mut counts: HashMap<i64, RfqCounts> = ids.iter().map(|id| (*id, RfqCounts::default())).collect();
    let of_quotes: Vec<(i64, String, i64)> = in_chunks(ids, |part| {
        quotes::table
            .filter(quotes::rfq_id.eq_any(part))
            .filter(quotes::state.ne(QuoteState::Withdrawn.as_str()))
            .group_by((quotes::rfq_id, quotes::state))
            .select((quotes::rfq_id, quotes::state, count_star()))
            .load(conn)
    })?;
    for (id, state, number) in of_quotes {
        let entry = counts.entry(id).or_default();
        entry.quotes += size(number);
        let state: QuoteState = from_text(&state)?;
        entry.undecided += if state.is_live() { size(number) } else { 0 };
        entry.accepted += if state == QuoteState::Accepted { size(number) } else { 0 };
    }
    let of_matches: Vec<(i64, i64)> = in_chunks(ids, |part| {
        matches::table
            .filter(matches::rfq_id.eq_any(part))
            .group_by(matches::rfq_id)
            .select((matches::rfq_id, count_star()))
            .load(conn)
    })?;
    for (id, number) in of_matches {
        counts.entry(id).or_default().matches = size(number);
    }
    count_questions(conn, ids, &mut counts)?;
    for (id, number) in invitations::count(conn, ids)? {
        counts.entry(id).or_default().invited = size(number);
    }
    Ok(counts)
}

fn count_questions(conn: &mut Conn, ids: &[i64], counts: &mut HashMap<i64, RfqCounts>) -> Result<()> {
    let asked: Vec<(i64, Option<NaiveDateTime>)> = in_chunks(ids, |part| {
        rfq_questions::table
            .filter(rfq_questions::rfq_id.eq_any(part))
            .select((rfq_questions::rfq_id, rfq_questions::answered_at))
            .load(conn)
    })?;
    for (id, answered) in asked {
        let entry = counts.entry(id).or_default();
        entry.questions += 1;
        entry.unanswered += usize::from(answered.is_none());
    }
    Ok(())
}

fn size(number: i64) -> usize {
    usize::try_from(number).unwrap_or(0)
}

/// The suppliers whose quotes wait for a decision: those who have to know what becomes of the RFQ.
pub fn list_waiting_suppliers(conn: &mut Conn, id: RfqId) -> Result<Vec<CompanyId>> {
    let suppliers: Vec<i64> = quotes::table
        .filter(quotes::rfq_id.eq(id.0))
        .filter(quotes::state.eq_any(QuoteState::LIVE_TEXTS))
        .order(quotes::supplier_id)
        .select(quotes::supplier_id)
        .load(conn)?;
    Ok(suppliers.into_iter().map(CompanyId).collect())
}

/// The suppliers that quoted and did not withdraw.
pub fn list_quoting_suppliers(conn: &mut Conn, id: RfqId) -> Result<Vec<CompanyId>> {
    let suppliers: Vec<i64> = quotes::table
        .filter(quotes::rfq_id.eq(id.0))
        .filter(quotes::state.ne(QuoteState::Withdrawn.as_str()))
        .select(quotes::supplier_id)
        .load(conn)?;
    Ok(suppliers.into_iter().map(CompanyId).collect())
}

/// Who asks for an RFQ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// A company.
    Company(CompanyId),
    /// A company through a key that may not read RFQs: its own are known as such, and all others are what the public sees.
    Unscoped(CompanyId),
    /// A moderator of the platform.
    Moderator,
    /// Anyone else.
    Public,
}

/// An RFQ that the reader may see.
#[derive(Clone, Debug)]
pub struct VisibleRfq {
    /// The RFQ.
    pub rfq: Rfq,
    /// What the reader is to it.
    pub viewer: Viewer,
    /// Who asks; whether that is shown is for [`visibility::buyer_is_shown_to`].
    pub buyer: Company,
    /// How far the reader's own invitation got, where it has one.
    pub invitation: Option<InvitationState>,
}

/// The RFQ, if the reader may see it: the one query behind every page, call and attachment.
pub fn find_visible(conn: &mut Conn, reader: Reader, id: RfqId) -> Result<Option<VisibleRfq>> {
    let Some(rfq) = find(conn, id)? else { return Ok(None) };
    let Some(buyer) = companies_store::find(conn, rfq.company)? else { return Ok(None) };
    let (viewer, invitation) = match reader {
        Reader::Moderator => (Viewer::Owner, None),
        Reader::Company(company) | Reader::Unscoped(company) if company == rfq.company => (Viewer::Owner, None),
        Reader::Company(company) => match invitations::find_sent(conn, id, company)? {
            Some(invitation) => (Viewer::Invited, Some(invitation.state)),
            None if takes_part(conn, id, company)? => (Viewer::Participant, None),
            None => (Viewer::Anyone, None),
        },
        Reader::Unscoped(_) | Reader::Public => (Viewer::Anyone, None),
    };
    let is_visible = visibility::is_visible(rfq.state, rfq.fields.visibility, buyer.state, viewer);
    Ok(is_visible.then_some(VisibleRfq { rfq, viewer, buyer, invitation }))
}

/// Whether the company was matched to the RFQ or quoted for it.
fn takes_part(conn: &mut Conn, id: RfqId, company: CompanyId) -> Result<bool> {
    let quoted: i64 = quotes::table
        .filter(quotes::rfq_id.eq(id.0))
        .filter(quotes::supplier_id.eq(company.0))
        .count()
        .get_result(conn)?;
    let matched: i64 = matches::table
        .filter(matches::rfq_id.eq(id.0))
        .filter(matches::supplier_id.eq(company.0))
        .count()
        .get_result(conn)?;
    Ok(quoted + matched > 0)
}

#[derive(Queryable)]
struct QuestionRow {
    id: i64,
    rfq_id: i64,
    company_id: i64,
    question: String,
    answer: Option<String>,
    asked_at: NaiveDateTime,
    answered_at: Option<NaiveDateTime>,
}

impl From<QuestionRow> for Question {
    fn from(row: QuestionRow) -> Self {
        Self {
            id: QuestionId(row.id),
            rfq: RfqId(row.rfq_id),
            company: CompanyId(row.company_id),
            question: row.question,
            answer: row.answer,
            asked_at: row.asked_at.and_utc(),
            answered_at: time(row.answered_at),
        }
    }
}

pub(super) fn insert_question(tx: &mut Tx, rfq: RfqId, asker: CompanyId, question: &str) -> Result<QuestionId> {
    let id: QuestionId = tx.make_id();
    let row = (
        rfq_questions::id.eq(id.0),
        rfq_questions::rfq_id.eq(rfq.0),
        rfq_questions::company_id.eq(asker.0),
        rfq_questions::question.eq(question),
        rfq_questions::asked_at.eq(tx.now_db()),
    );
    diesel::insert_into(rfq_questions::table).values(row).execute(tx.conn())?;
    Ok(id)
}

/// A question of the RFQ.
pub(super) fn find_question(conn: &mut Conn, rfq: RfqId, id: QuestionId) -> Result<Option<Question>> {
    let row: Option<QuestionRow> =
        rfq_questions::table.find(id.0).filter(rfq_questions::rfq_id.eq(rfq.0)).first(conn).optional()?;
    Ok(row.map(Question::from))
}

/// A page of the RFQ's questions, newest first.
pub(super) fn list_questions(conn: &mut Conn, rfq: RfqId, paging: Paging) -> Result<ListPage<Question>> {
    let query = rfq_questions::table.filter(rfq_questions::rfq_id.eq(rfq.0)).into_boxed();
    let rows: Vec<QuestionRow> = page_rows!(query, rfq_questions::id, paging, conn)?;
    Ok(paging.page(rows.into_iter().map(Question::from).collect(), |question| question.id.0))
}

/// A page of the questions that the company asked, whosever RFQs they stand under, newest first.
pub(super) fn list_asked(conn: &mut Conn, scope: Scope, paging: Paging) -> Result<ListPage<Question>> {
    let query = rfq_questions::table.filter(rfq_questions::company_id.eq(scope.company().0)).into_boxed();
    let rows: Vec<QuestionRow> = page_rows!(query, rfq_questions::id, paging, conn)?;
    Ok(paging.page(rows.into_iter().map(Question::from).collect(), |question| question.id.0))
}

/// How many questions the company has asked under the RFQ.
pub(super) fn count_asked(conn: &mut Conn, rfq: RfqId, asker: CompanyId) -> Result<usize> {
    let number: i64 = rfq_questions::table
        .filter(rfq_questions::rfq_id.eq(rfq.0))
        .filter(rfq_questions::company_id.eq(asker.0))
        .count()
        .get_result(conn)?;
    Ok(size(number))
}

pub(super) fn update_answer(tx: &mut Tx, id: QuestionId, answer: &str) -> Result<()> {
    let now = tx.now_db();
    diesel::update(rfq_questions::table.find(id.0))
        .set((rfq_questions::answer.eq(answer), rfq_questions::answered_at.eq(now)))
        .execute(tx.conn())?;
    Ok(())
}

/// How many RFQs are open that everyone may see.
pub fn count_open(conn: &mut Conn) -> Result<u64> {
    let open = rfqs::table.filter(rfqs::state.eq(RfqState::Open.as_str()));
    let count: i64 = open.filter(rfqs::visibility.eq(Visibility::Public.as_str())).count().get_result(conn)?;
    Ok(u64::try_from(count).unwrap_or(0))
}
