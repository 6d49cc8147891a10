//! Rows of `companies` and `company_identifiers`.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::identifiers::IdentifierKind;
use super::{Company, CompanyFields, CompanyState, Verification};
use crate::error::{Code, Problem, Result};
use crate::ids::CompanyId;
use crate::on_each;
use crate::reference::outcome::Outcome;
use crate::store::schema::{companies, company_identifiers};
use crate::store::{Conn, Tx, from_json, from_text, or_duplicate, to_json};

#[derive(Queryable)]
struct CompanyRow {
    id: i64,
    reference: Option<String>,
    state: String,
    verification: String,
    content: String,
    version: i64,
    created_at: NaiveDateTime,
    updated_at: NaiveDateTime,
}

const COLUMNS: (
    companies::id,
    companies::reference,
    companies::state,
    companies::verification,
    companies::content,
    companies::version,
    companies::created_at,
    companies::updated_at,
) = (
    companies::id,
    companies::reference,
    companies::state,
    companies::verification,
    companies::content,
    companies::version,
    companies::created_at,
    companies::updated_at,
);

impl TryFrom<CompanyRow> for Company {
    type Error = Problem;
    fn try_from(row: CompanyRow) -> Result<Self> {
        Ok(Self {
            id: CompanyId(row.id),
            reference: row.reference,
            state: from_text(&row.state)?,
            verification: from_text(&row.verification)?,
            fields: from_json(&row.content)?,
            version: row.version,
            created_at: row.created_at.and_utc(),
            updated_at: row.updated_at.and_utc(),
        })
    }
}

pub(super) fn insert(
    tx: &mut Tx,
    fields: &CompanyFields,
    reference: Option<&str>,
    state: CompanyState,
) -> Result<CompanyId> {
    let id: CompanyId = tx.make_id();
    let now = tx.now_db();
    let row = (
        companies::id.eq(id.0),
        companies::reference.eq(reference),
        companies::name.eq(&fields.name),
        companies::country.eq(fields.country.as_str()),
        companies::state.eq(state.as_str()),
        companies::verification.eq(Verification::Registered.as_str()),
        companies::content.eq(to_json(fields)?),
        companies::version.eq(1_i64),
        companies::created_at.eq(now),
        companies::updated_at.eq(now),
    );
    or_duplicate(diesel::insert_into(companies::table).values(row).execute(tx.conn()), || {
        Problem::new(Code::Duplicate, "There is a company with this ref already.")
    })?;
    Ok(id)
}

pub(super) fn mark_closed(tx: &mut Tx, id: CompanyId) -> Result<()> {
    let now = tx.now_db();
    diesel::update(companies::table.find(id.0))
        .set((
            companies::state.eq(CompanyState::Closed.as_str()),
            companies::version.eq(companies::version + 1),
            companies::updated_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Lets a company take part whose people have confirmed no address so far; answers whether there was such a one.
pub(super) fn mark_confirmed(tx: &mut Tx, id: CompanyId) -> Result<bool> {
    let now = tx.now_db();
    let waiting = companies::table.find(id.0).filter(companies::state.eq(CompanyState::Unconfirmed.as_str()));
    let changed = diesel::update(waiting)
        .set((
            companies::state.eq(CompanyState::Active.as_str()),
            companies::version.eq(companies::version + 1),
            companies::updated_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(changed == 1)
}

pub(super) fn update(tx: &mut Tx, company: &Company, verification: Verification) -> Result<()> {
    let now = tx.now_db();
    diesel::update(companies::table.find(company.id.0))
        .set((
            companies::name.eq(&company.fields.name),
            companies::country.eq(company.fields.country.as_str()),
            companies::verification.eq(verification.as_str()),
            companies::content.eq(to_json(&company.fields)?),
            companies::version.eq(company.version + 1),
            companies::updated_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// One company, whatever its state.
pub fn find(conn: &mut Conn, id: CompanyId) -> Result<Option<Company>> {
    let row: Option<CompanyRow> = companies::table.find(id.0).select(COLUMNS).first(conn).optional()?;
    row.map(Company::try_from).transpose()
}

/// The companies of the ids, in no order.
pub fn load(conn: &mut Conn, ids: &[i64]) -> Result<Vec<Company>> {
    let rows: Vec<CompanyRow> = companies::table.filter(companies::id.eq_any(ids)).select(COLUMNS).load(conn)?;
    rows.into_iter().map(Company::try_from).collect()
}

/// The next companies after the id, by id; for going through all of them.
pub fn load_after(conn: &mut Conn, after: i64, most: i64) -> Result<Vec<Company>> {
    let rows: Vec<CompanyRow> =
        companies::table.filter(companies::id.gt(after)).order(companies::id).limit(most).select(COLUMNS).load(conn)?;
    rows.into_iter().map(Company::try_from).collect()
}

/// The names of the companies.
pub fn names(conn: &mut Conn, ids: &[i64]) -> Result<HashMap<i64, String>> {
    let rows: Vec<(i64, String)> =
        companies::table.filter(companies::id.eq_any(ids)).select((companies::id, companies::name)).load(conn)?;
    Ok(rows.into_iter().collect())
}

/// The company with this `ref` of an operator's file.
pub fn find_by_ref(conn: &mut Conn, reference: &str) -> Result<Option<CompanyId>> {
    let id: Option<i64> =
        companies::table.filter(companies::reference.eq(reference)).select(companies::id).first(conn).optional()?;
    Ok(id.map(CompanyId))
}

/// The companies with exactly this name, oldest first, at most two: more than one is ambiguous.
pub fn find_by_name(conn: &mut Conn, name: &str) -> Result<Vec<CompanyId>> {
    let ids: Vec<i64> = companies::table
        .filter(companies::name.eq(name))
        .order(companies::id)
        .limit(2)
        .select(companies::id)
        .load(conn)?;
    Ok(ids.into_iter().map(CompanyId).collect())
}

/// An identifier whose check digits hold.
pub(super) struct CheckedIdentifier {
    pub kind: IdentifierKind,
    pub canonical: String,
    pub outcome: Outcome,
}

/// Replaces a company's identifiers. One that another company holds is kept as a claim, which grants nothing.
pub(super) fn replace_identifiers(tx: &mut Tx, company: CompanyId, checked: &[CheckedIdentifier]) -> Result<()> {
    let now = tx.now_db();
    diesel::delete(company_identifiers::table.filter(company_identifiers::company_id.eq(company.0)))
        .execute(tx.conn())?;
    for identifier in checked {
        let taken: i64 = company_identifiers::table
            .filter(company_identifiers::kind.eq(identifier.kind.as_str()))
            .filter(company_identifiers::value.eq(&identifier.canonical))
            .filter(company_identifiers::state.eq("held"))
            .count()
            .get_result(tx.conn())?;
        let row = (
            company_identifiers::company_id.eq(company.0),
            company_identifiers::kind.eq(identifier.kind.as_str()),
            company_identifiers::value.eq(&identifier.canonical),
            company_identifiers::outcome.eq(identifier.outcome.as_str()),
            company_identifiers::state.eq(if taken == 0 { "held" } else { "claimed" }),
            company_identifiers::created_at.eq(now),
        );
        on_each!(tx.conn(), |c| diesel::insert_into(company_identifiers::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(c))?;
    }
    Ok(())
}

/// Kind, value and whether the company holds it (or only claims what another one holds).
pub fn list_identifiers(conn: &mut Conn, company: CompanyId) -> Result<Vec<(String, String, bool)>> {
    let rows: Vec<(String, String, String)> = company_identifiers::table
        .filter(company_identifiers::company_id.eq(company.0))
        .order((company_identifiers::kind, company_identifiers::value))
        .select((company_identifiers::kind, company_identifiers::value, company_identifiers::state))
        .load(conn)?;
    Ok(rows.into_iter().map(|(kind, value, state)| (kind, value, state == "held")).collect())
}
