//! Rows of `invitations`.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::accounts::{Invitation, email_key};
use crate::actor::{Role, Scope};
use crate::clock::Time;
use crate::error::{Problem, Result};
use crate::ids::{CompanyId, InvitationId, UserId};
use crate::store::schema::{companies, invitations};
use crate::store::{Conn, Tx, from_text};

pub(in crate::accounts) struct NewInvitation<'a> {
    pub company: CompanyId,
    pub email: &'a str,
    pub role: Role,
    pub invited_by: Option<UserId>,
    pub secret_hash: &'a str,
    pub expires_at: Time,
}

type Row = (i64, i64, String, String, String, NaiveDateTime, NaiveDateTime);

const COLUMNS: (
    invitations::id,
    invitations::company_id,
    companies::name,
    invitations::email,
    invitations::role,
    invitations::created_at,
    invitations::expires_at,
) = (
    invitations::id,
    invitations::company_id,
    companies::name,
    invitations::email,
    invitations::role,
    invitations::created_at,
    invitations::expires_at,
);

fn invitation((id, company, company_name, email, role, created_at, expires_at): Row) -> Result<Invitation> {
    Ok(Invitation {
        id: InvitationId(id),
        company: CompanyId(company),
        company_name,
        email,
        role: from_text(&role)?,
        created_at: created_at.and_utc(),
        expires_at: expires_at.and_utc(),
    })
}

/// Stores an invitation; an earlier one of the same address to the same company ends with it.
pub(in crate::accounts) fn insert_invitation(tx: &mut Tx, new: &NewInvitation) -> Result<InvitationId> {
    let (id, now, key): (InvitationId, _, _) = (tx.make_id(), tx.now_db(), email_key(new.email));
    let earlier = invitations::table
        .filter(invitations::company_id.eq(new.company.0))
        .filter(invitations::email_key.eq(&key))
        .filter(invitations::ended_at.is_null());
    diesel::update(earlier).set(invitations::ended_at.eq(now)).execute(tx.conn())?;
    let row = (
        invitations::id.eq(id.0),
        invitations::company_id.eq(new.company.0),
        invitations::email.eq(new.email),
        invitations::email_key.eq(key),
        invitations::role.eq(new.role.as_str()),
        invitations::invited_by.eq(new.invited_by.map(|person| person.0)),
        invitations::secret_hash.eq(new.secret_hash),
        invitations::created_at.eq(now),
        invitations::expires_at.eq(new.expires_at.naive_utc()),
    );
    diesel::insert_into(invitations::table).values(row).execute(tx.conn())?;
    Ok(id)
}

/// The invitations of a company that can still be accepted, newest first.
pub(in crate::accounts) fn list_invitations(conn: &mut Conn, scope: Scope, now: Time) -> Result<Vec<Invitation>> {
    let rows: Vec<Row> = invitations::table
        .inner_join(companies::table)
        .filter(invitations::company_id.eq(scope.company().0))
        .filter(invitations::ended_at.is_null())
        .filter(invitations::expires_at.gt(now.naive_utc()))
        .order(invitations::id.desc())
        .select(COLUMNS)
        .load(conn)?;
    rows.into_iter().map(invitation).collect()
}

/// How many invitations the company has sent since then.
pub(in crate::accounts) fn count_invitations(conn: &mut Conn, company: CompanyId, since: Time) -> Result<i64> {
    Ok(invitations::table
        .filter(invitations::company_id.eq(company.0))
        .filter(invitations::created_at.gt(since.naive_utc()))
        .count()
        .get_result(conn)?)
}

/// How many invitations went to the address since then, of all companies.
pub(in crate::accounts) fn count_invitations_to(conn: &mut Conn, email: &str, since: Time) -> Result<i64> {
    Ok(invitations::table
        .filter(invitations::email_key.eq(email_key(email)))
        .filter(invitations::created_at.gt(since.naive_utc()))
        .count()
        .get_result(conn)?)
}

/// The invitation with that secret, if it can still be accepted.
pub(in crate::accounts) fn find_invitation_by_secret(
    conn: &mut Conn,
    secret_hash: &str,
    now: Time,
) -> Result<Option<Invitation>> {
    let row: Option<Row> = invitations::table
        .inner_join(companies::table)
        .filter(invitations::secret_hash.eq(secret_hash))
        .filter(invitations::ended_at.is_null())
        .filter(invitations::expires_at.gt(now.naive_utc()))
        .select(COLUMNS)
        .first(conn)
        .optional()?;
    row.map(invitation).transpose()
}

/// The invitation, if it can still be accepted.
pub(in crate::accounts) fn find_invitation(conn: &mut Conn, id: InvitationId, now: Time) -> Result<Option<Invitation>> {
    let row: Option<Row> = invitations::table
        .inner_join(companies::table)
        .filter(invitations::id.eq(id.0))
        .filter(invitations::ended_at.is_null())
        .filter(invitations::expires_at.gt(now.naive_utc()))
        .select(COLUMNS)
        .first(conn)
        .optional()?;
    row.map(invitation).transpose()
}

/// Notes that it was accepted; of many who try at once exactly one does.
pub(in crate::accounts) fn mark_accepted(tx: &mut Tx, id: InvitationId) -> Result<bool> {
    let now = tx.now_db();
    let open = invitations::table.filter(invitations::id.eq(id.0)).filter(invitations::ended_at.is_null());
    let set = (invitations::accepted_at.eq(now), invitations::ended_at.eq(now));
    Ok(diesel::update(open).set(set).execute(tx.conn())? == 1)
}

/// Takes an invitation back.
pub(in crate::accounts) fn end_invitation(tx: &mut Tx, scope: Scope, id: InvitationId) -> Result<()> {
    let now = tx.now_db();
    let open = invitations::table
        .filter(invitations::id.eq(id.0))
        .filter(invitations::company_id.eq(scope.company().0))
        .filter(invitations::ended_at.is_null());
    let ended = diesel::update(open).set(invitations::ended_at.eq(now)).execute(tx.conn())?;
    if ended == 1 { Ok(()) } else { Err(Problem::not_found("invitation")) }
}

/// Forgets every invitation that went to the address.
pub(in crate::accounts) fn delete_invitations_of(tx: &mut Tx, email: &str) -> Result<()> {
    diesel::delete(invitations::table.filter(invitations::email_key.eq(email_key(email)))).execute(tx.conn())?;
    Ok(())
}
