//! Rows of `quotes` and `quote_versions`.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::{Quote, QuoteFields, QuoteState, QuoteVersion, SeatKind};
use crate::actor::Scope;
use crate::clock::Time;
use crate::error::{Code, Problem, Result};
use crate::ids::{CompanyId, QuoteId, RfqId};
use crate::locale::{Language, text};
use crate::store::cursor::{ListPage, Paging, RowKey};
use crate::store::schema::{quote_versions, quotes};
use crate::store::{Conn, Tx, from_json, from_text, in_chunks, or_duplicate, to_json};
use crate::{due_rows, ordered_rows, page_rows};

#[derive(Queryable)]
struct QuoteRow {
    id: i64,
    rfq_id: i64,
    supplier_id: i64,
    buyer_id: i64,
    state: String,
    seat: String,
    decline_reason: Option<String>,
    off_target: bool,
    revision: i32,
    content: String,
    #[expect(dead_code, reason = "kept beside the document for the expiry's query only")]
    valid_until: Option<NaiveDate>,
    version: i64,
    created_at: NaiveDateTime,
    updated_at: NaiveDateTime,
    decided_at: Option<NaiveDateTime>,
    off_target_at: Option<NaiveDateTime>,
    awarded_items: Option<String>,
}

impl TryFrom<QuoteRow> for Quote {
    type Error = Problem;
    fn try_from(row: QuoteRow) -> Result<Self> {
        Ok(Self {
            id: QuoteId(row.id),
            rfq: RfqId(row.rfq_id),
            supplier: CompanyId(row.supplier_id),
            buyer: CompanyId(row.buyer_id),
            state: from_text(&row.state)?,
            seat: from_text(&row.seat)?,
            revision: number(row.revision),
            fields: from_json(&row.content)?,
            decline_reason: row.decline_reason,
            off_target: row.off_target,
            off_target_at: row.off_target_at.map(|at| at.and_utc()),
            version: row.version,
            created_at: row.created_at.and_utc(),
            updated_at: row.updated_at.and_utc(),
            decided_at: row.decided_at.map(|at| at.and_utc()),
            awarded_items: row.awarded_items.as_deref().map(from_json).transpose()?.unwrap_or_default(),
        })
    }
}

fn number(stored: i32) -> u32 {
    u32::try_from(stored).unwrap_or_default()
}

fn stored(number: u32) -> Result<i32> {
    i32::try_from(number).map_err(Problem::internal)
}

fn all(rows: Vec<QuoteRow>) -> Result<Vec<Quote>> {
    rows.into_iter().map(Quote::try_from).collect()
}

/// A quote to be stored.
pub(super) struct NewQuote<'a> {
    pub rfq: RfqId,
    pub supplier: CompanyId,
    pub buyer: CompanyId,
    pub seat: SeatKind,
    pub fields: &'a QuoteFields,
}

/// Stores a quote with its first version; a second one of the same supplier that was not withdrawn is refused.
pub(super) fn insert(tx: &mut Tx, new: &NewQuote<'_>) -> Result<QuoteId> {
    let id: QuoteId = tx.make_id();
    let now = tx.now_db();
    let row = (
        quotes::id.eq(id.0),
        quotes::rfq_id.eq(new.rfq.0),
        quotes::supplier_id.eq(new.supplier.0),
        quotes::buyer_id.eq(new.buyer.0),
        quotes::state.eq(QuoteState::Submitted.as_str()),
        quotes::seat.eq(new.seat.as_str()),
        quotes::off_target.eq(false),
        quotes::revision.eq(1),
        quotes::content.eq(to_json(new.fields)?),
        quotes::valid_until.eq(new.fields.valid_until),
        quotes::version.eq(1_i64),
        quotes::created_at.eq(now),
        quotes::updated_at.eq(now),
    );
    or_duplicate(diesel::insert_into(quotes::table).values(row).execute(tx.conn()), quoted_already)?;
    insert_version(tx, id, 1, new.fields)?;
    Ok(id)
}

/// The refusal of a second quote.
pub(super) fn quoted_already() -> Problem {
    Problem::new(Code::Duplicate, text(Language::English, "quotes-refused-twice"))
}

fn insert_version(tx: &mut Tx, quote: QuoteId, number: u32, fields: &QuoteFields) -> Result<()> {
    let now = tx.now_db();
    let row = (
        quote_versions::quote_id.eq(quote.0),
        quote_versions::number.eq(stored(number)?),
        quote_versions::content.eq(to_json(fields)?),
        quote_versions::created_at.eq(now),
    );
    diesel::insert_into(quote_versions::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// Writes a new current version, beside those before it.
pub(super) fn insert_revision(tx: &mut Tx, quote: &Quote) -> Result<()> {
    insert_version(tx, quote.id, quote.revision, &quote.fields)?;
    diesel::update(quotes::table.find(quote.id.0))
        .set((
            quotes::revision.eq(stored(quote.revision)?),
            quotes::content.eq(to_json(&quote.fields)?),
            quotes::valid_until.eq(quote.fields.valid_until),
        ))
        .execute(tx.conn())?;
    update_state(tx, quote)
}

/// Writes where the quote stands, with the next row version.
pub fn update_state(tx: &mut Tx, quote: &Quote) -> Result<()> {
    let now = tx.now_db();
    let awarded = (!quote.awarded_items.is_empty()).then(|| to_json(&quote.awarded_items)).transpose()?;
    diesel::update(quotes::table.find(quote.id.0))
        .set((
            quotes::state.eq(quote.state.as_str()),
            quotes::decline_reason.eq(&quote.decline_reason),
            quotes::off_target.eq(quote.off_target),
            quotes::off_target_at.eq(quote.off_target_at.map(|at| at.naive_utc())),
            quotes::version.eq(quote.version + 1),
            quotes::updated_at.eq(now),
            quotes::decided_at.eq(quote.decided_at.map(|at| at.naive_utc())),
            quotes::awarded_items.eq(awarded),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// One quote, whoever asks; for what was checked already and for other features' own rules.
pub fn find(conn: &mut Conn, id: QuoteId) -> Result<Option<Quote>> {
    let row: Option<QuoteRow> = quotes::table.find(id.0).first(conn).optional()?;
    row.map(Quote::try_from).transpose()
}

/// One quote, if the company is its supplier or its buyer.
pub fn find_of(conn: &mut Conn, scope: Scope, id: QuoteId) -> Result<Option<Quote>> {
    let company = scope.company().0;
    let row: Option<QuoteRow> = quotes::table
        .find(id.0)
        .filter(quotes::supplier_id.eq(company).or(quotes::buyer_id.eq(company)))
        .first(conn)
        .optional()?;
    row.map(Quote::try_from).transpose()
}

/// The supplier's quote on the RFQ that was not withdrawn.
pub fn find_active(conn: &mut Conn, rfq: RfqId, supplier: CompanyId) -> Result<Option<Quote>> {
    let row: Option<QuoteRow> = quotes::table
        .filter(quotes::rfq_id.eq(rfq.0))
        .filter(quotes::supplier_id.eq(supplier.0))
        .filter(quotes::state.ne(QuoteState::Withdrawn.as_str()))
        .first(conn)
        .optional()?;
    row.map(Quote::try_from).transpose()
}

/// All quotes on an RFQ in the order they came, withdrawn ones too.
pub fn list_for_rfq(conn: &mut Conn, rfq: RfqId) -> Result<Vec<Quote>> {
    let rows: Vec<QuoteRow> = quotes::table.filter(quotes::rfq_id.eq(rfq.0)).order(quotes::id).load(conn)?;
    all(rows)
}

/// The items that are awarded, by RFQ.
pub(super) fn awarded_items(conn: &mut Conn, rfqs: &[i64]) -> Result<HashMap<i64, Vec<u32>>> {
    let rows: Vec<(i64, Option<String>)> = in_chunks(rfqs, |part| {
        let awarded = quotes::table.filter(quotes::rfq_id.eq_any(part)).filter(quotes::awarded_items.is_not_null());
        awarded.select((quotes::rfq_id, quotes::awarded_items)).load(conn)
    })?;
    let mut by_rfq: HashMap<i64, Vec<u32>> = HashMap::new();
    for (rfq, items) in rows {
        let items: Vec<u32> = items.as_deref().map(from_json).transpose()?.unwrap_or_default();
        by_rfq.entry(rfq).or_default().extend(items);
    }
    Ok(by_rfq)
}

/// The quotes on an RFQ that wait for a decision, in the order they came.
pub fn list_live(conn: &mut Conn, rfq: RfqId) -> Result<Vec<Quote>> {
    let query = quotes::table.filter(quotes::rfq_id.eq(rfq.0)).filter(quotes::state.eq_any(QuoteState::LIVE_TEXTS));
    all(query.order(quotes::id).load(conn)?)
}

/// The supplier's quotes that wait for a decision, on all RFQs.
pub(super) fn list_live_of(conn: &mut Conn, supplier: CompanyId) -> Result<Vec<QuoteId>> {
    let own = quotes::table.filter(quotes::supplier_id.eq(supplier.0));
    let live = own.filter(quotes::state.eq_any(QuoteState::LIVE_TEXTS)).order(quotes::id);
    let ids: Vec<i64> = live.select(quotes::id).load(conn)?;
    Ok(ids.into_iter().map(QuoteId).collect())
}

/// A page of the quotes on an RFQ that the company may know of: all for the buyer, only its own for a supplier.
pub fn page_for_rfq(conn: &mut Conn, scope: Scope, rfq: RfqId, paging: Paging) -> Result<ListPage<Quote>> {
    let company = scope.company().0;
    let query = quotes::table
        .filter(quotes::rfq_id.eq(rfq.0))
        .filter(quotes::supplier_id.eq(company).or(quotes::buyer_id.eq(company)))
        .into_boxed();
    let rows: Vec<QuoteRow> = page_rows!(query, quotes::id, paging, conn)?;
    Ok(paging.page(all(rows)?, |quote| quote.id.0))
}

/// Which of its own quotes a supplier lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QuoteFilter {
    /// Only those on this RFQ.
    pub rfq: Option<RfqId>,
    /// Only those in this state.
    pub state: Option<QuoteState>,
    /// Only those that were changed at this time or later.
    pub updated_since: Option<Time>,
}

/// A page of the company's own quotes, newest first, or by the time of their last change.
pub fn page_of_supplier<K: RowKey>(
    conn: &mut Conn,
    scope: Scope,
    filter: QuoteFilter,
    paging: Paging<K>,
) -> Result<ListPage<Quote, K>> {
    let mut query = quotes::table.filter(quotes::supplier_id.eq(scope.company().0)).into_boxed();
    if let Some(rfq) = filter.rfq {
        query = query.filter(quotes::rfq_id.eq(rfq.0));
    }
    if let Some(state) = filter.state {
        query = query.filter(quotes::state.eq(state.as_str()));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(quotes::updated_at.ge(since.naive_utc()));
    }
    let rows: Vec<QuoteRow> = ordered_rows!(query, quotes::updated_at, quotes::id, paging, conn)?;
    Ok(paging.page(all(rows)?, |quote| K::of(quote.updated_at.naive_utc(), quote.id.0)))
}

/// All versions of a quote, the first one first.
pub fn list_versions(conn: &mut Conn, quote: QuoteId) -> Result<Vec<QuoteVersion>> {
    let rows: Vec<(i32, String, NaiveDateTime)> = quote_versions::table
        .filter(quote_versions::quote_id.eq(quote.0))
        .order(quote_versions::number)
        .select((quote_versions::number, quote_versions::content, quote_versions::created_at))
        .load(conn)?;
    rows.into_iter()
        .map(|(stored, content, at)| {
            Ok(QuoteVersion { number: number(stored), fields: from_json(&content)?, created_at: at.and_utc() })
        })
        .collect()
}

/// All versions of the quotes, the latest first.
pub(super) fn versions_by_quote(conn: &mut Conn, quotes: &[i64]) -> Result<HashMap<QuoteId, Vec<QuoteVersion>>> {
    use quote_versions::{content, created_at, quote_id};
    let rows: Vec<(i64, i32, String, NaiveDateTime)> = in_chunks(quotes, |part| {
        quote_versions::table
            .filter(quote_id.eq_any(part))
            .order((quote_id, quote_versions::number.desc()))
            .select((quote_id, quote_versions::number, content, created_at))
            .load(conn)
    })?;
    let mut found: HashMap<QuoteId, Vec<QuoteVersion>> = HashMap::new();
    for (quote, stored, said, at) in rows {
        let version = QuoteVersion { number: number(stored), fields: from_json(&said)?, created_at: at.and_utc() };
        found.entry(QuoteId(quote)).or_default().push(version);
    }
    Ok(found)
}

/// Live quotes whose last day of validity lies before `today`, longest past first.
pub(super) fn list_expired(
    conn: &mut Conn,
    today: NaiveDate,
    after: Option<&(NaiveDate, i64)>,
) -> Result<Vec<(NaiveDate, i64)>> {
    // Live is what is not decided, and by that the index holds them: one by state would be taken for other queries too, and read most
    // quotes there are.
    let past = quotes::table
        .filter(quotes::decided_at.is_null())
        .filter(quotes::state.eq_any(QuoteState::LIVE_TEXTS))
        .filter(quotes::valid_until.lt(today));
    Ok(due_rows!(past.into_boxed(), quotes::valid_until, quotes::id, after, conn)?)
}

/// How many seats of the RFQ of each kind are taken: (open, reserved).
pub fn count_by_seat(conn: &mut Conn, rfq: RfqId) -> Result<(u32, u32)> {
    let mut of_kind = |kind: SeatKind| -> Result<u32> {
        let count: i64 = quotes::table
            .filter(quotes::rfq_id.eq(rfq.0))
            .filter(quotes::state.ne(QuoteState::Withdrawn.as_str()))
            // Beside what was asked: it must not keep out who would have answered it.
            .filter(quotes::off_target.eq(false))
            .filter(quotes::seat.eq(kind.as_str()))
            .count()
            .get_result(conn)?;
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    };
    Ok((of_kind(SeatKind::Open)?, of_kind(SeatKind::Reserved)?))
}

/// Open seats that the supplier took since then, over all RFQs; withdrawn quotes count, for they took one.
pub(super) fn count_open_since(conn: &mut Conn, supplier: CompanyId, since: NaiveDateTime) -> Result<u32> {
    let count: i64 = quotes::table
        .filter(quotes::supplier_id.eq(supplier.0))
        .filter(quotes::seat.eq(SeatKind::Open.as_str()))
        // By submission and whatever became of it: quoting and withdrawing must not be a way to see thirty buyers a day.
        .filter(quotes::created_at.ge(since))
        .count()
        .get_result(conn)?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// The supplier's quotes that were marked off target since then.
pub(super) fn count_marks_since(conn: &mut Conn, supplier: CompanyId, since: NaiveDateTime) -> Result<u32> {
    let count: i64 = quotes::table
        .filter(quotes::supplier_id.eq(supplier.0))
        .filter(quotes::off_target_at.ge(since))
        .count()
        .get_result(conn)?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}
