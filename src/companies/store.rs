//! Rows of `companies` and `company_identifiers`.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde::Deserialize;

use super::identifiers::IdentifierKind;
use super::names::{self, NamedAlike};
use super::{Company, CompanyFields, CompanyState, Form, Identifier, IdentifierState, Verification};
use crate::error::{Code, Problem, Result};
use crate::ids::CompanyId;
use crate::locale::{Language, text};
use crate::on_each;
use crate::reference::outcome::Outcome;
use crate::store::schema::{companies, company_identifiers};
use crate::store::{Conn, Tx, from_json, from_text, in_chunks, or_duplicate, to_json};

#[derive(Queryable, Selectable)]
#[diesel(table_name = companies)]
struct CompanyRow {
    id: i64,
    reference: Option<String>,
    state: String,
    verification: String,
    content: String,
    version: i64,
    created_at: NaiveDateTime,
    updated_at: NaiveDateTime,
    suspended_reason: Option<String>,
}

impl TryFrom<CompanyRow> for Company {
    type Error = Problem;
    fn try_from(row: CompanyRow) -> Result<Self> {
        Ok(Self {
            id: CompanyId(row.id),
            reference: row.reference,
            state: from_text(&row.state)?,
            suspended_reason: row.suspended_reason,
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
        companies::name_look.eq(names::look(&fields.name)),
        companies::country.eq(fields.country.as_str()),
        companies::state.eq(state.as_str()),
        companies::verification.eq(Verification::Registered.as_str()),
        companies::content.eq(to_json(fields)?),
        companies::version.eq(1_i64),
        companies::created_at.eq(now),
        companies::updated_at.eq(now),
    );
    or_duplicate(diesel::insert_into(companies::table).values(row).execute(tx.conn()), || {
        Problem::new(Code::Duplicate, text(Language::English, "companies-ref-exists"))
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

/// Writes the profile of the company, as its next version.
pub(super) fn update(tx: &mut Tx, company: &Company) -> Result<()> {
    let now = tx.now_db();
    diesel::update(companies::table.find(company.id.0))
        .set((
            companies::name.eq(&company.fields.name),
            companies::name_look.eq(names::look(&company.fields.name)),
            companies::country.eq(company.fields.country.as_str()),
            companies::content.eq(to_json(&company.fields)?),
            companies::version.eq(company.version + 1),
            companies::updated_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Writes whether the company takes part, as its next version.
pub(super) fn set_state(tx: &mut Tx, company: &Company, state: CompanyState, reason: Option<&str>) -> Result<()> {
    let now = tx.now_db();
    diesel::update(companies::table.find(company.id.0))
        .set((
            companies::state.eq(state.as_str()),
            companies::suspended_reason.eq(reason),
            companies::version.eq(company.version + 1),
            companies::updated_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// One company, whatever its state.
pub fn find(conn: &mut Conn, id: CompanyId) -> Result<Option<Company>> {
    let row: Option<CompanyRow> = companies::table.find(id.0).select(CompanyRow::as_select()).first(conn).optional()?;
    row.map(Company::try_from).transpose()
}

/// The companies of the ids, in no order.
pub fn load(conn: &mut Conn, ids: &[i64]) -> Result<Vec<Company>> {
    let rows: Vec<CompanyRow> = in_chunks(ids, |part| {
        companies::table.filter(companies::id.eq_any(part)).select(CompanyRow::as_select()).load(conn)
    })?;
    rows.into_iter().map(Company::try_from).collect()
}

/// The next companies after the id, by id; for going through all of them.
pub fn load_after(conn: &mut Conn, after: i64, most: i64) -> Result<Vec<Company>> {
    let rows: Vec<CompanyRow> = companies::table
        .filter(companies::id.gt(after))
        .order(companies::id)
        .limit(most)
        .select(CompanyRow::as_select())
        .load(conn)?;
    rows.into_iter().map(Company::try_from).collect()
}

/// The names of the companies.
pub fn names(conn: &mut Conn, ids: &[i64]) -> Result<HashMap<i64, String>> {
    let columns = (companies::id, companies::name);
    let rows: Vec<(i64, String)> =
        in_chunks(ids, |part| companies::table.filter(companies::id.eq_any(part)).select(columns).load(conn))?;
    Ok(rows.into_iter().collect())
}

/// What decides what the companies may do: form and verification.
pub fn load_form_and_verification(conn: &mut Conn, ids: &[i64]) -> Result<Vec<(CompanyId, Form, Verification)>> {
    #[derive(Deserialize)]
    struct Formed {
        #[serde(default)]
        form: Form,
    }
    let columns = (companies::id, companies::verification, companies::content);
    let rows: Vec<(i64, String, String)> =
        in_chunks(ids, |part| companies::table.filter(companies::id.eq_any(part)).select(columns).load(conn))?;
    let levels = |(id, verification, content): (i64, String, String)| {
        Ok((CompanyId(id), from_json::<Formed>(&content)?.form, from_text(&verification)?))
    };
    rows.into_iter().map(levels).collect()
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

/// The other companies that take part and whose name has one of the looks, those that were checked most first; at most 50.
pub(super) fn list_alike(conn: &mut Conn, looks: &[String], except: CompanyId) -> Result<Vec<NamedAlike>> {
    let rows: Vec<(i64, String, String)> = companies::table
        .filter(companies::name_look.eq_any(looks))
        .filter(companies::id.ne(except.0))
        .filter(companies::state.eq(CompanyState::Active.as_str()))
        .order(companies::id)
        .limit(50)
        .select((companies::id, companies::name, companies::verification))
        .load(conn)?;
    let alike = |(id, name, verification): (i64, String, String)| {
        Ok(NamedAlike { id: CompanyId(id), name, verification: from_text(&verification)? })
    };
    let mut alike = rows.into_iter().map(alike).collect::<Result<Vec<_>>>()?;
    alike.sort_by_key(|one| std::cmp::Reverse(one.verification));
    Ok(alike)
}

/// Writes the looks of the names of some companies that have none; answers how many that were.
pub(super) fn fill_looks(tx: &mut Tx) -> Result<usize> {
    let rows: Vec<(i64, String)> = companies::table
        .filter(companies::name_look.is_null())
        .limit(200)
        .select((companies::id, companies::name))
        .load(tx.conn())?;
    for (id, name) in &rows {
        diesel::update(companies::table.find(id)).set(companies::name_look.eq(names::look(name))).execute(tx.conn())?;
    }
    Ok(rows.len())
}

/// An identifier whose check digits hold.
pub(super) struct CheckedIdentifier {
    pub kind: IdentifierKind,
    pub canonical: String,
    pub outcome: Outcome,
}

/// Makes these the company's identifiers. Those that it names already keep their state; a new one is stated and no more
/// until a moderator sees its register entry.
pub(super) fn replace_identifiers(tx: &mut Tx, company: CompanyId, checked: &[CheckedIdentifier]) -> Result<()> {
    let known = list_identifiers(tx.conn(), company)?;
    let is_named = |one: &Identifier| checked.iter().any(|new| new.is(one));
    for gone in known.iter().filter(|one| !is_named(one)) {
        diesel::delete(company_identifiers::table.find((company.0, &gone.kind, &gone.value))).execute(tx.conn())?;
    }
    for new in checked.iter().filter(|new| !known.iter().any(|one| new.is(one))) {
        let row = (
            company_identifiers::company_id.eq(company.0),
            company_identifiers::kind.eq(new.kind.as_str()),
            company_identifiers::value.eq(&new.canonical),
            company_identifiers::outcome.eq(new.outcome.as_str()),
            company_identifiers::state.eq(IdentifierState::Stated.as_str()),
            company_identifiers::created_at.eq(tx.now_db()),
        );
        on_each!(tx.conn(), |c| diesel::insert_into(company_identifiers::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(c))?;
    }
    Ok(())
}

impl CheckedIdentifier {
    fn is(&self, known: &Identifier) -> bool {
        known.kind == self.kind.as_str() && known.value == self.canonical
    }
}

fn find_holder(conn: &mut Conn, kind: IdentifierKind, value: &str) -> Result<Option<CompanyId>> {
    let holder: Option<i64> = company_identifiers::table
        .filter(company_identifiers::kind.eq(kind.as_str()))
        .filter(company_identifiers::value.eq(value))
        .filter(company_identifiers::state.eq(IdentifierState::Held.as_str()))
        .select(company_identifiers::company_id)
        .first(conn)
        .optional()?;
    Ok(holder.map(CompanyId))
}

/// The identifiers that a company names, by kind and value.
pub fn list_identifiers(conn: &mut Conn, company: CompanyId) -> Result<Vec<Identifier>> {
    let rows: Vec<(String, String, String, String, NaiveDateTime)> = company_identifiers::table
        .filter(company_identifiers::company_id.eq(company.0))
        .order((company_identifiers::kind, company_identifiers::value))
        .select((
            company_identifiers::kind,
            company_identifiers::value,
            company_identifiers::outcome,
            company_identifiers::state,
            company_identifiers::created_at,
        ))
        .load(conn)?;
    let identifier = |(kind, value, outcome, state, since): (String, String, String, String, NaiveDateTime)| {
        let (outcome, state) = (from_text(&outcome)?, from_text(&state)?);
        Ok(Identifier { kind, value, outcome, state, since: since.and_utc() })
    };
    rows.into_iter().map(identifier).collect()
}

/// How a number stands that the company names, if it does, and who holds it.
pub fn find_claim(
    conn: &mut Conn,
    claimant: CompanyId,
    kind: IdentifierKind,
    value: &str,
) -> Result<(Option<IdentifierState>, Option<CompanyId>)> {
    let state: Option<String> = company_identifiers::table
        .find((claimant.0, kind.as_str(), value))
        .select(company_identifiers::state)
        .first(conn)
        .optional()?;
    let state = state.map(|state| from_text(&state)).transpose()?;
    Ok((state, find_holder(conn, kind, value)?))
}

/// The claims that wait for a moderator, the oldest first: who claims which number.
pub fn list_claims(conn: &mut Conn, most: i64) -> Result<Vec<(CompanyId, IdentifierKind, String)>> {
    let rows: Vec<(i64, String, String)> = company_identifiers::table
        .filter(company_identifiers::state.eq(IdentifierState::Claimed.as_str()))
        .order((company_identifiers::created_at, company_identifiers::company_id))
        .limit(most)
        .select((company_identifiers::company_id, company_identifiers::kind, company_identifiers::value))
        .load(conn)?;
    rows.into_iter().map(|(company, kind, value)| Ok((CompanyId(company), from_text(&kind)?, value))).collect()
}

/// How many claims wait for a moderator.
pub fn count_claims(conn: &mut Conn) -> Result<i64> {
    let claimed = company_identifiers::state.eq(IdentifierState::Claimed.as_str());
    Ok(company_identifiers::table.filter(claimed).count().get_result(conn)?)
}

/// Writes whether the company holds a number that it names.
pub(super) fn set_identifier_state(
    tx: &mut Tx,
    company: CompanyId,
    kind: IdentifierKind,
    value: &str,
    state: IdentifierState,
) -> Result<()> {
    diesel::update(company_identifiers::table.find((company.0, kind.as_str(), value)))
        .set(company_identifiers::state.eq(state.as_str()))
        .execute(tx.conn())?;
    Ok(())
}

/// Moves every company in the state to the other one, of those that take part and name the number; the one named last stays as it is.
pub(super) fn move_others(
    tx: &mut Tx,
    (kind, value): (IdentifierKind, &str),
    (from, to): (IdentifierState, IdentifierState),
    except: CompanyId,
) -> Result<()> {
    let taking_part = companies::table
        .filter(companies::state.eq_any([CompanyState::Active.as_str(), CompanyState::Suspended.as_str()]))
        .select(companies::id);
    let naming = company_identifiers::table
        .filter(company_identifiers::kind.eq(kind.as_str()))
        .filter(company_identifiers::value.eq(value))
        .filter(company_identifiers::state.eq(from.as_str()))
        .filter(company_identifiers::company_id.ne(except.0))
        .filter(company_identifiers::company_id.eq_any(taking_part));
    diesel::update(naming).set(company_identifiers::state.eq(to.as_str())).execute(tx.conn())?;
    Ok(())
}

/// The numbers that the companies hold: whose, and the number.
pub fn held_numbers(conn: &mut Conn, ids: &[i64]) -> Result<Vec<(CompanyId, String)>> {
    let columns = (company_identifiers::company_id, company_identifiers::value);
    let rows: Vec<(i64, String)> = in_chunks(ids, |part| {
        company_identifiers::table
            .filter(company_identifiers::company_id.eq_any(part))
            .filter(company_identifiers::state.eq(IdentifierState::Held.as_str()))
            .select(columns)
            .load(conn)
    })?;
    Ok(rows.into_iter().map(|(company, value)| (CompanyId(company), value)).collect())
}

/// Writes the level that follows from the evidence, as the company's next version.
pub(super) fn set_verification(tx: &mut Tx, company: &Company, level: Verification) -> Result<()> {
    let now = tx.now_db();
    diesel::update(companies::table.find(company.id.0))
        .set((
            companies::verification.eq(level.as_str()),
            companies::version.eq(company.version + 1),
            companies::updated_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// How many companies take part.
pub fn count_shown(conn: &mut Conn) -> Result<u64> {
    let count: i64 =
        companies::table.filter(companies::state.eq(CompanyState::Active.as_str())).count().get_result(conn)?;
    Ok(u64::try_from(count).unwrap_or(0))
}
