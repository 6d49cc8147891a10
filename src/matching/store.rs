//! Rows of `matches`, and the one column of `rfqs` that matching owns: `matched_at`.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDateTime;
use diesel::dsl::exists;
use diesel::prelude::*;

use super::rules::{MatchStep, step};
use super::{DismissReason, Match, MatchState, ScoredCandidate};
use crate::actor::Scope;
use crate::clock::Time;
use crate::error::{Problem, Result};
use crate::ids::{CompanyId, MatchId, RfqId};
use crate::ordered_rows;
use crate::rfqs::{RfqState, Visibility};
use crate::store::cursor::{ListPage, Paging, Position, RowKey};
use crate::store::schema::{companies, matches, rfqs};
use crate::store::{Conn, Tx, from_json, from_text, in_chunks, to_json};

#[derive(Queryable)]
struct MatchRow {
    id: i64,
    rfq_id: i64,
    supplier_id: i64,
    state: String,
    score: f64,
    content: String,
    dismissed_reason: Option<String>,
    version: i64,
    created_at: NaiveDateTime,
    updated_at: NaiveDateTime,
    notified_at: Option<NaiveDateTime>,
}

impl TryFrom<MatchRow> for Match {
    type Error = Problem;
    fn try_from(row: MatchRow) -> Result<Self> {
        Ok(Self {
            id: MatchId(row.id),
            rfq: RfqId(row.rfq_id),
            supplier: CompanyId(row.supplier_id),
            state: from_text(&row.state)?,
            score: row.score,
            evidence: from_json(&row.content)?,
            dismissed_reason: row.dismissed_reason.as_deref().map(from_text).transpose()?,
            version: row.version,
            created_at: row.created_at.and_utc(),
            updated_at: row.updated_at.and_utc(),
            notified_at: row.notified_at.map(|at| at.and_utc()),
        })
    }
}

/// What everyone may see.
const PUBLIC: &str = Visibility::Public.as_str();

/// Those that have not lapsed.
fn is_current() -> diesel::dsl::NotEq<matches::state, &'static str> {
    matches::state.ne(MatchState::Lapsed.as_str())
}

fn read_all(rows: Vec<MatchRow>) -> Result<Vec<Match>> {
    rows.into_iter().map(Match::try_from).collect()
}

/// The match of the RFQ and the supplier.
pub fn find_for(conn: &mut Conn, rfq: RfqId, supplier: CompanyId) -> Result<Option<Match>> {
    let row: Option<MatchRow> = matches::table
        .filter(matches::rfq_id.eq(rfq.0))
        .filter(matches::supplier_id.eq(supplier.0))
        .first(conn)
        .optional()?;
    row.map(Match::try_from).transpose()
}

/// A match of the supplier itself; those with RFQs for invited suppliers are suggestions to their buyers, and nobody else's.
pub fn find_own(conn: &mut Conn, scope: Scope, id: MatchId) -> Result<Option<Match>> {
    let public = rfqs::table.filter(rfqs::id.eq(matches::rfq_id)).filter(rfqs::visibility.eq(PUBLIC));
    let row: Option<MatchRow> = matches::table
        .find(id.0)
        .filter(matches::supplier_id.eq(scope.company().0))
        .filter(exists(public))
        .first(conn)
        .optional()?;
    row.map(Match::try_from).transpose()
}

/// The place of a supplier among the matches of the RFQ by score, from 1; `None` when it is not matched.
pub fn rank_of(conn: &mut Conn, rfq: RfqId, supplier: CompanyId) -> Result<Option<usize>> {
    let own = find_for(conn, rfq, supplier)?.filter(|own| own.state != MatchState::Lapsed);
    let Some(own) = own else { return Ok(None) };
    let better: i64 = matches::table
        .filter(matches::rfq_id.eq(rfq.0))
        .filter(is_current())
        // The same order as the list's, so that the place which is said is the place where it stands.
        .filter(matches::score.gt(own.score).or(matches::score.eq(own.score).and(matches::id.lt(own.id.0))))
        .count()
        .get_result(conn)?;
    Ok(Some(1 + usize::try_from(better).unwrap_or(0)))
}

/// How many suppliers are matched to the RFQ.
pub fn count_for_rfq(conn: &mut Conn, rfq: RfqId) -> Result<i64> {
    Ok(matches::table.filter(matches::rfq_id.eq(rfq.0)).filter(is_current()).count().get_result(conn)?)
}

/// The suppliers matched to the RFQ.
pub(super) fn suppliers_of(conn: &mut Conn, rfq: RfqId) -> Result<HashSet<CompanyId>> {
    let ids: Vec<i64> = matches::table.filter(matches::rfq_id.eq(rfq.0)).select(matches::supplier_id).load(conn)?;
    Ok(ids.into_iter().map(CompanyId).collect())
}

/// Those whose match has not lapsed.
pub(super) fn current_suppliers_of(conn: &mut Conn, rfq: RfqId) -> Result<HashSet<CompanyId>> {
    let current = matches::table.filter(matches::rfq_id.eq(rfq.0)).filter(is_current());
    let ids: Vec<i64> = current.select(matches::supplier_id).load(conn)?;
    Ok(ids.into_iter().map(CompanyId).collect())
}

/// How many suppliers were notified about the RFQ.
pub(super) fn count_notified(conn: &mut Conn, rfq: RfqId) -> Result<usize> {
    let count: i64 = matches::table
        .filter(matches::rfq_id.eq(rfq.0))
        .filter(matches::notified_at.is_not_null())
        .count()
        .get_result(conn)?;
    Ok(usize::try_from(count).unwrap_or(0))
}

/// The score at place `place` (from 0) among the matches of the RFQ, best first; `None` when there are fewer.
pub(super) fn score_at(conn: &mut Conn, rfq: RfqId, place: usize) -> Result<Option<f64>> {
    Ok(matches::table
        .filter(matches::rfq_id.eq(rfq.0))
        .filter(is_current())
        .order((matches::score.desc(), matches::id.asc()))
        .offset(i64::try_from(place).unwrap_or(i64::MAX))
        .select(matches::score)
        .first(conn)
        .optional()?)
}

/// What the matches of an RFQ are ordered by, best first and equals by id: the score, as its bits because a cursor must hold it exactly,
/// and the id.
pub type RankKey = (u64, i64);

/// The matches of the RFQ, best first; whether the asker owns the RFQ is checked by the caller.
pub fn list_for_rfq(conn: &mut Conn, rfq: RfqId, paging: Paging<RankKey>) -> Result<ListPage<Match, RankKey>> {
    let query =
        matches::table.filter(matches::rfq_id.eq(rfq.0)).filter(is_current()).limit(paging.limit + 1).into_boxed();
    let rows: Vec<MatchRow> = match paging.position {
        Position::Start => query.order((matches::score.desc(), matches::id.asc())).load(conn)?,
        Position::Before((bits, id)) => {
            let score = f64::from_bits(bits);
            let below = matches::score.lt(score).or(matches::score.eq(score).and(matches::id.gt(id)));
            query.filter(below).order((matches::score.desc(), matches::id.asc())).load(conn)?
        }
        Position::After((bits, id)) => {
            let score = f64::from_bits(bits);
            let above = matches::score.gt(score).or(matches::score.eq(score).and(matches::id.lt(id)));
            query.filter(above).order((matches::score.asc(), matches::id.desc())).load(conn)?
        }
    };
    Ok(paging.page(read_all(rows)?, |matched| (matched.score.to_bits(), matched.id.0)))
}

/// Which of a supplier's matches are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InboxFilter {
    /// All of them.
    #[default]
    All,
    /// Those the supplier has not dismissed.
    Kept,
}

/// A supplier's matches, newest first, or by the time of their last change; those with RFQs of suspended companies, or for invited suppliers, are
/// left out.
pub fn list_inbox<K: RowKey>(
    conn: &mut Conn,
    scope: Scope,
    which: InboxFilter,
    since: Option<Time>,
    paging: &Paging<K>,
) -> Result<ListPage<Match, K>> {
    let suspended = companies::table.filter(companies::suspended_reason.is_not_null()).select(companies::id);
    let theirs = rfqs::table.filter(rfqs::company_id.eq_any(suspended)).select(rfqs::id);
    let public = rfqs::table.filter(rfqs::id.eq(matches::rfq_id)).filter(rfqs::visibility.eq(PUBLIC));
    let mut query = matches::table
        .filter(matches::supplier_id.eq(scope.company().0))
        .filter(is_current())
        .filter(matches::rfq_id.ne_all(theirs))
        .filter(exists(public))
        .into_boxed();
    if which == InboxFilter::Kept {
        query = query.filter(matches::state.ne(MatchState::Dismissed.as_str()));
    }
    if let Some(since) = since {
        query = query.filter(matches::updated_at.ge(since.naive_utc()));
    }
    let rows: Vec<MatchRow> = ordered_rows!(query, matches::updated_at, matches::id, paging, conn)?;
    Ok(paging.page(read_all(rows)?, |m| K::of(m.updated_at.naive_utc(), m.id.0)))
}

/// What of a supplier's inbox waits for its answer: matches with open RFQs, neither quoted nor dismissed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InboxCounts {
    /// All of them.
    pub open: usize,
    /// Those that nobody of the company has opened.
    pub unread: usize,
    /// Those whose RFQ closes soon.
    pub closing_soon: usize,
}

/// Counts what waits at `now`; an RFQ closes soon when its deadline is not after `soon`.
pub(super) fn count_inbox(conn: &mut Conn, scope: Scope, now: Time, soon: Time) -> Result<InboxCounts> {
    let suspended = companies::table.filter(companies::suspended_reason.is_not_null()).select(companies::id);
    let undecided = [MatchState::Suggested, MatchState::Notified, MatchState::Seen].map(MatchState::as_str);
    let rows: Vec<(String, Option<NaiveDateTime>)> = matches::table
        .inner_join(rfqs::table)
        .filter(matches::supplier_id.eq(scope.company().0))
        .filter(matches::state.eq_any(undecided))
        .filter(rfqs::state.eq(RfqState::Open.as_str()))
        .filter(rfqs::deadline.gt(now.naive_utc()))
        .filter(rfqs::visibility.eq(PUBLIC))
        .filter(rfqs::company_id.ne_all(suspended))
        .select((matches::state, rfqs::deadline))
        .load(conn)?;
    let closes_soon = |deadline: &Option<NaiveDateTime>| deadline.is_some_and(|deadline| deadline <= soon.naive_utc());
    let states = rows.iter().map(|(state, _)| from_text::<MatchState>(state)).collect::<Result<Vec<_>>>()?;
    Ok(InboxCounts {
        open: rows.len(),
        unread: states.iter().filter(|state| **state != MatchState::Seen).count(),
        closing_soon: rows.iter().filter(|(_, deadline)| closes_soon(deadline)).count(),
    })
}

/// The share, 0..1, of the RFQs that each supplier was notified of before `until`, other than `except`, and answered by a quote or a
/// dismissal. A supplier that was notified of none is left out.
pub(super) fn response_rates(
    conn: &mut Conn,
    suppliers: &[i64],
    until: Time,
    except: RfqId,
) -> Result<HashMap<i64, f64>> {
    let counts: Vec<(i64, String, i64)> = in_chunks(suppliers, |part| {
        matches::table
            .filter(matches::supplier_id.eq_any(part))
            // Who was notified yesterday has had no time to answer; counted, every new supplier would begin with a bad rate.
            .filter(matches::notified_at.lt(until.naive_utc()))
            // What lapsed before it was answered asked for nothing in the end.
            .filter(is_current())
            // What the supplier does with this RFQ must not move its place in this RFQ.
            .filter(matches::rfq_id.ne(except.0))
            .group_by((matches::supplier_id, matches::state))
            .select((matches::supplier_id, matches::state, diesel::dsl::count_star()))
            .load(conn)
    })?;
    let mut sums: HashMap<i64, (u32, u32)> = HashMap::new();
    for (supplier, state, count) in counts {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        // A dismissal is an answer: the rate rewards looking, not quoting at any price.
        let answered = matches!(from_text(&state)?, MatchState::Quoted | MatchState::Dismissed);
        let sum = sums.entry(supplier).or_default();
        sum.0 = sum.0.saturating_add(if answered { count } else { 0 });
        sum.1 = sum.1.saturating_add(count);
    }
    Ok(sums.into_iter().map(|(supplier, (part, whole))| (supplier, f64::from(part) / f64::from(whole))).collect())
}

/// Stores what was found for the RFQ: a new match is suggested, a known one keeps its state, an equal one is left as it is.
/// Answers the match as it stands now, and whether it is new.
pub(super) fn upsert(tx: &mut Tx, rfq: RfqId, found: &ScoredCandidate) -> Result<(Match, bool)> {
    let known: Option<(i64, f64, String, String, Option<NaiveDateTime>)> = matches::table
        .filter(matches::rfq_id.eq(rfq.0))
        .filter(matches::supplier_id.eq(found.supplier.0))
        .select((matches::id, matches::score, matches::content, matches::state, matches::notified_at))
        .first(tx.conn())
        .optional()?;
    if let Some((id, .., state, notified_at)) = &known
        && from_text::<MatchState>(state)? == MatchState::Lapsed
    {
        // Who was notified once is not notified again.
        let back = if notified_at.is_some() { MatchState::Notified } else { MatchState::Suggested };
        set_state(tx, MatchId(*id), back)?;
    }
    let content = to_json(&found.evidence())?;
    let is_new = known.is_none();
    match known {
        None => insert(tx, rfq, found, &content)?,
        // Bits, not `==`: what is equal is not written, or every repetition of a job would be a new version in every cache.
        Some((id, score, old, ..)) if score.to_bits() != found.breakdown.score.to_bits() || old != content => {
            diesel::update(matches::table.find(id))
                .set((
                    matches::score.eq(found.breakdown.score),
                    matches::content.eq(content),
                    matches::version.eq(matches::version + 1),
                    matches::updated_at.eq(tx.now_db()),
                ))
                .execute(tx.conn())?;
        }
        Some(_) => {}
    }
    let stored = find_for(tx.conn(), rfq, found.supplier)?;
    let stored = stored.ok_or_else(|| Problem::internal("a match vanished in its transaction"))?;
    Ok((stored, is_new))
}

fn insert(tx: &mut Tx, rfq: RfqId, found: &ScoredCandidate, content: &str) -> Result<()> {
    let (id, now): (MatchId, _) = (tx.make_id(), tx.now_db());
    let row = (
        matches::id.eq(id.0),
        matches::rfq_id.eq(rfq.0),
        matches::supplier_id.eq(found.supplier.0),
        matches::state.eq(MatchState::Suggested.as_str()),
        matches::score.eq(found.breakdown.score),
        matches::content.eq(content),
        matches::version.eq(1_i64),
        matches::created_at.eq(now),
        matches::updated_at.eq(now),
    );
    diesel::insert_into(matches::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// Forgets the matches of an RFQ that were suggested to its buyer alone, so that they are found anew, and told, when it is for everyone.
pub fn forget_suggestions(tx: &mut Tx, rfq: RfqId) -> Result<()> {
    let untold = [MatchState::Suggested, MatchState::Lapsed].map(MatchState::as_str);
    diesel::delete(
        matches::table
            .filter(matches::rfq_id.eq(rfq.0))
            .filter(matches::notified_at.is_null())
            .filter(matches::state.eq_any(untold)),
    )
    .execute(tx.conn())?;
    Ok(())
}

/// Has a match lapse that nobody has decided: a quote and a dismissal stay what they are.
pub(super) fn lapse(tx: &mut Tx, known: &Match) -> Result<()> {
    match known.state {
        MatchState::Suggested | MatchState::Notified | MatchState::Seen => set_state(tx, known.id, MatchState::Lapsed),
        MatchState::Quoted | MatchState::Dismissed | MatchState::Lapsed => Ok(()),
    }
}

/// The next matches of a supplier with RFQs that are open, by id.
pub(super) fn list_with_open_rfqs(conn: &mut Conn, supplier: CompanyId, after: i64, most: i64) -> Result<Vec<Match>> {
    let rows: Vec<MatchRow> = matches::table
        .inner_join(rfqs::table)
        .filter(matches::supplier_id.eq(supplier.0))
        .filter(matches::id.gt(after))
        .filter(rfqs::state.eq(RfqState::Open.as_str()))
        .order(matches::id)
        .limit(most)
        .select(matches::all_columns)
        .load(conn)?;
    read_all(rows)
}

/// Moves a match on; one that the step leaves where it is, is not written.
pub(super) fn advance(tx: &mut Tx, known: &Match, what: MatchStep) -> Result<()> {
    let state = step(known.state, what)?;
    // Repeated jobs and second looks write nothing: each write would be a new version and an `updated_at` that lies.
    if state == known.state {
        return Ok(());
    }
    set_state(tx, known.id, state)
}

fn set_state(tx: &mut Tx, id: MatchId, state: MatchState) -> Result<()> {
    diesel::update(matches::table.find(id.0))
        .set((
            matches::state.eq(state.as_str()),
            matches::version.eq(matches::version + 1),
            matches::updated_at.eq(tx.now_db()),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Records that the supplier was notified.
pub(super) fn mark_notified(tx: &mut Tx, known: &Match) -> Result<()> {
    let state = step(known.state, MatchStep::Notify)?;
    diesel::update(matches::table.find(known.id.0))
        .set((
            matches::state.eq(state.as_str()),
            matches::notified_at.eq(tx.now_db()),
            matches::version.eq(matches::version + 1),
            matches::updated_at.eq(tx.now_db()),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Records that the supplier does not want it, and why.
pub(super) fn mark_dismissed(tx: &mut Tx, known: &Match, reason: DismissReason) -> Result<()> {
    let state = step(known.state, MatchStep::Dismiss)?;
    // Another reason is a correction and is written; the same one is a repeated request.
    if state == known.state && known.dismissed_reason == Some(reason) {
        return Ok(());
    }
    diesel::update(matches::table.find(known.id.0))
        .set(matches::dismissed_reason.eq(reason.as_str()))
        .execute(tx.conn())?;
    set_state(tx, known.id, state)
}

/// Records that the supplier quoted; nothing where it was not matched.
pub fn mark_quoted(tx: &mut Tx, rfq: RfqId, supplier: CompanyId) -> Result<()> {
    match find_for(tx.conn(), rfq, supplier)? {
        Some(known) => advance(tx, &known, MatchStep::Quote),
        // Suppliers may quote an open RFQ without having been matched to it.
        None => Ok(()),
    }
}

/// Whether any public RFQ that is open at `now` was matched no later than `matched`, or never and was changed no later than `changed`.
pub(super) fn any_needs_matching(conn: &mut Conn, matched: Time, changed: Time, now: Time) -> Result<bool> {
    let was_left = rfqs::matched_at.is_null().and(rfqs::updated_at.le(changed.naive_utc()));
    let first: Option<i64> = rfqs::table
        .filter(rfqs::state.eq(RfqState::Open.as_str()))
        .filter(rfqs::deadline.gt(now.naive_utc()))
        .filter(rfqs::visibility.eq(PUBLIC))
        .filter(rfqs::matched_at.le(matched.naive_utc()).or(was_left.nullable()))
        .select(rfqs::id)
        .first(conn)
        .optional()?;
    Ok(first.is_some())
}
