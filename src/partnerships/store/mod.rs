//! Rows of `partnerships`. Their ledgers, records, customs references and totals stand in the files beside this one.

mod entries;
mod records;
mod references;
mod totals;

use std::collections::HashSet;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Timestamp};

pub(in crate::partnerships) use entries::*;
pub use records::*;
pub use references::*;
pub use totals::is_anything_confirmed;
pub(in crate::partnerships) use totals::*;

use super::{AcceptedQuote, Partnership, PartnershipFields, PartnershipState};
use crate::actor::Scope;
use crate::clock::Time;
use crate::error::{Code, Problem, Result};
use crate::ids::{CompanyId, PartnershipId, QuoteId};
use crate::locale::{Language, text};
use crate::ordered_rows;
use crate::quotes::QuoteState;
use crate::store::cursor::{ListPage, Paging, RowKey};
use crate::store::schema::{partnerships, quotes, rfqs};
use crate::store::{Conn, Tx, from_text, or_duplicate};

/// Rows that are read at once of what has no bound.
const CHUNK: i64 = 1_000;

diesel::define_sql_function! {
    /// The first of the times that there is.
    #[sql_name = "coalesce"]
    fn last_of(first: Nullable<Timestamp>, second: Nullable<Timestamp>, third: Timestamp) -> Timestamp;
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = partnerships)]
struct PartnershipRow {
    id: i64,
    supplier_id: i64,
    buyer_id: i64,
    proposed_by: i64,
    quote_id: Option<i64>,
    state: String,
    note: String,
    version: i64,
    proposed_at: NaiveDateTime,
    confirmed_at: Option<NaiveDateTime>,
    ended_at: Option<NaiveDateTime>,
}

impl TryFrom<PartnershipRow> for Partnership {
    type Error = Problem;
    fn try_from(row: PartnershipRow) -> Result<Self> {
        Ok(Self {
            id: PartnershipId(row.id),
            supplier: CompanyId(row.supplier_id),
            buyer: CompanyId(row.buyer_id),
            proposed_by: CompanyId(row.proposed_by),
            quote: row.quote_id.map(QuoteId),
            state: from_text(&row.state)?,
            note: row.note,
            version: row.version,
            proposed_at: row.proposed_at.and_utc(),
            confirmed_at: row.confirmed_at.map(|at| at.and_utc()),
            ended_at: row.ended_at.map(|at| at.and_utc()),
        })
    }
}

/// A new partnership; `duplicate` when the two have a live one.
pub(in crate::partnerships) fn insert(
    tx: &mut Tx,
    fields: &PartnershipFields,
    proposer: CompanyId,
    proposed_at: Time,
) -> Result<Partnership> {
    let partnership = Partnership {
        id: tx.make_id(),
        supplier: fields.supplier,
        buyer: fields.buyer,
        proposed_by: proposer,
        quote: fields.quote,
        state: PartnershipState::Proposed,
        note: fields.note.clone().unwrap_or_default(),
        version: 1,
        proposed_at,
        confirmed_at: None,
        ended_at: None,
    };
    let row = (
        partnerships::id.eq(partnership.id.0),
        partnerships::supplier_id.eq(partnership.supplier.0),
        partnerships::buyer_id.eq(partnership.buyer.0),
        partnerships::proposed_by.eq(proposer.0),
        partnerships::quote_id.eq(partnership.quote.map(|quote| quote.0)),
        partnerships::state.eq(partnership.state.as_str()),
        partnerships::note.eq(&partnership.note),
        partnerships::version.eq(1_i64),
        partnerships::proposed_at.eq(proposed_at.naive_utc()),
    );
    or_duplicate(diesel::insert_into(partnerships::table).values(row).execute(tx.conn()), || {
        Problem::new(Code::Duplicate, text(Language::English, "partnerships-exists"))
    })?;
    Ok(partnership)
}

/// Writes the state and times of a partnership and the next version.
pub(in crate::partnerships) fn update(tx: &mut Tx, partnership: &Partnership) -> Result<()> {
    diesel::update(partnerships::table.find(partnership.id.0))
        .set((
            partnerships::state.eq(partnership.state.as_str()),
            partnerships::confirmed_at.eq(partnership.confirmed_at.map(|at| at.naive_utc())),
            partnerships::ended_at.eq(partnership.ended_at.map(|at| at.naive_utc())),
            partnerships::version.eq(partnership.version + 1),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// One partnership of the company; `None` also for one between others.
pub fn find(conn: &mut Conn, scope: Scope, id: PartnershipId) -> Result<Option<Partnership>> {
    let company = scope.company().0;
    let row: Option<PartnershipRow> = partnerships::table
        .find(id.0)
        .filter(partnerships::supplier_id.eq(company).or(partnerships::buyer_id.eq(company)))
        .select(PartnershipRow::as_select())
        .first(conn)
        .optional()?;
    row.map(Partnership::try_from).transpose()
}

/// The proposed or active partnership in which these two have these roles.
pub fn find_live(conn: &mut Conn, supplier: CompanyId, buyer: CompanyId) -> Result<Option<Partnership>> {
    let row: Option<PartnershipRow> = partnerships::table
        .filter(partnerships::supplier_id.eq(supplier.0))
        .filter(partnerships::buyer_id.eq(buyer.0))
        .filter(partnerships::state.eq_any(live_states()))
        .select(PartnershipRow::as_select())
        .first(conn)
        .optional()?;
    row.map(Partnership::try_from).transpose()
}

fn live_states() -> [&'static str; 2] {
    [PartnershipState::Proposed.as_str(), PartnershipState::Active.as_str()]
}

/// The company's partnerships on either side, newest first, or by the time of their last step.
pub fn list<K: RowKey>(
    conn: &mut Conn,
    scope: Scope,
    since: Option<Time>,
    paging: &Paging<K>,
) -> Result<ListPage<Partnership, K>> {
    let company = scope.company().0;
    let mut query = partnerships::table
        .filter(partnerships::supplier_id.eq(company).or(partnerships::buyer_id.eq(company)))
        .select(PartnershipRow::as_select())
        .into_boxed();
    // Each step has a time of its own, and the last of them is when it changed.
    let changed = || last_of(partnerships::ended_at, partnerships::confirmed_at, partnerships::proposed_at);
    if let Some(since) = since {
        query = query.filter(changed().ge(since.naive_utc()));
    }
    let rows: Vec<PartnershipRow> = ordered_rows!(query, changed(), partnerships::id, paging, conn)?;
    let found = rows.into_iter().map(Partnership::try_from).collect::<Result<Vec<_>>>()?;
    let changed_at = |one: &Partnership| one.ended_at.or(one.confirmed_at).unwrap_or(one.proposed_at);
    Ok(paging.page(found, |partnership| K::of(changed_at(partnership).naive_utc(), partnership.id.0)))
}

/// The proposals that wait for the company, newest first.
pub fn list_waiting(conn: &mut Conn, scope: Scope, most: i64) -> Result<Vec<Partnership>> {
    let company = scope.company().0;
    let rows: Vec<PartnershipRow> = partnerships::table
        .filter(partnerships::supplier_id.eq(company).or(partnerships::buyer_id.eq(company)))
        .filter(partnerships::proposed_by.ne(company))
        .filter(partnerships::state.eq(PartnershipState::Proposed.as_str()))
        .order(partnerships::id.desc())
        .limit(most)
        .select(PartnershipRow::as_select())
        .load(conn)?;
    rows.into_iter().map(Partnership::try_from).collect()
}

/// Supplier and buyer of each proposed or active partnership of the company.
pub(super) fn list_live_sides(conn: &mut Conn, scope: Scope) -> Result<HashSet<(CompanyId, CompanyId)>> {
    let company = scope.company().0;
    let rows: Vec<(i64, i64)> = partnerships::table
        .filter(partnerships::supplier_id.eq(company).or(partnerships::buyer_id.eq(company)))
        .filter(partnerships::state.eq_any(live_states()))
        .select((partnerships::supplier_id, partnerships::buyer_id))
        .load(conn)?;
    Ok(rows.into_iter().map(|(supplier, buyer)| (CompanyId(supplier), CompanyId(buyer))).collect())
}

/// The next accepted quotes that the company gave or received before a quote, newest first.
pub(super) fn list_accepted_before(conn: &mut Conn, scope: Scope, before: QuoteId) -> Result<Vec<AcceptedQuote>> {
    let company = scope.company().0;
    let rows: Vec<(i64, i64, i64, String)> = quotes::table
        .inner_join(rfqs::table)
        .filter(quotes::supplier_id.eq(company).or(quotes::buyer_id.eq(company)))
        .filter(quotes::state.eq(QuoteState::Accepted.as_str()))
        .filter(quotes::id.lt(before.0))
        .order(quotes::id.desc())
        .limit(CHUNK)
        .select((quotes::id, quotes::supplier_id, quotes::buyer_id, rfqs::title))
        .load(conn)?;
    let accepted = |(quote, supplier, buyer, rfq_title)| AcceptedQuote {
        quote: QuoteId(quote),
        supplier: CompanyId(supplier),
        buyer: CompanyId(buyer),
        rfq_title,
    };
    Ok(rows.into_iter().map(accepted).collect())
}
