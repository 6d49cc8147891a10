//! Rows of `company_members`: who belongs to which company, and as what.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::accounts::{Member, Membership};
use crate::actor::{Role, Scope};
use crate::error::{Code, Problem, Result};
use crate::ids::{CompanyId, UserId};
use crate::locale::{Language, text};
use crate::store::schema::{companies, company_members, users};
use crate::store::{Conn, Tx, from_text, or_duplicate};

pub(in crate::accounts) fn insert_member(tx: &mut Tx, company: CompanyId, person: UserId, role: Role) -> Result<()> {
    let row = (
        company_members::company_id.eq(company.0),
        company_members::user_id.eq(person.0),
        company_members::role.eq(role.as_str()),
        company_members::created_at.eq(tx.now_db()),
    );
    or_duplicate(diesel::insert_into(company_members::table).values(row).execute(tx.conn()), || {
        Problem::new(Code::Duplicate, text(Language::English, "accounts-member-already"))
    })?;
    Ok(())
}

pub(in crate::accounts) fn list_memberships(conn: &mut Conn, person: UserId) -> Result<Vec<Membership>> {
    let rows: Vec<(i64, String, String)> = company_members::table
        .inner_join(companies::table)
        .filter(company_members::user_id.eq(person.0))
        .order((company_members::created_at, companies::id))
        .select((companies::id, companies::name, company_members::role))
        .load(conn)?;
    rows.into_iter()
        .map(|(id, company_name, role)| {
            Ok(Membership { company: CompanyId(id), company_name, role: from_text(&role)? })
        })
        .collect()
}

/// The people of a company, oldest member first.
pub(in crate::accounts) fn list_members(conn: &mut Conn, scope: Scope) -> Result<Vec<Member>> {
    let rows: Vec<(i64, String, String, NaiveDateTime, i64)> = company_members::table
        .inner_join(users::table)
        .filter(company_members::company_id.eq(scope.company().0))
        .filter(users::disabled_at.is_null())
        .order((company_members::created_at, users::id))
        .select((users::id, users::name, company_members::role, company_members::created_at, company_members::version))
        .load(conn)?;
    let member = |(id, name, role, since, version): (i64, String, String, NaiveDateTime, i64)| {
        // An unknown role is a fault to be seen: whoever decides about owners must not count somebody as a viewer by guess.
        Ok(Member { id: UserId(id), name, role: from_text(&role)?, since: since.and_utc(), version })
    };
    rows.into_iter().map(member).collect()
}

pub(in crate::accounts) fn update_role(tx: &mut Tx, scope: Scope, person: UserId, role: Role) -> Result<()> {
    let row = company_members::table.find((scope.company().0, person.0));
    let changed = (company_members::role.eq(role.as_str()), company_members::version.eq(company_members::version + 1));
    diesel::update(row).set(changed).execute(tx.conn())?;
    Ok(())
}

pub(in crate::accounts) fn delete_member(tx: &mut Tx, scope: Scope, person: UserId) -> Result<()> {
    diesel::delete(company_members::table.find((scope.company().0, person.0))).execute(tx.conn())?;
    Ok(())
}
