//! Rows of `sessions`.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::clock::Time;
use crate::error::Result;
use crate::ids::{CompanyId, SessionId, UserId};
use crate::store::schema::{companies, company_members, sessions, users};
use crate::store::{Conn, Tx};

/// A session joined with its person and company.
#[derive(Queryable)]
pub(in crate::accounts) struct SessionRow {
    pub id: i64,
    pub user_id: i64,
    pub company_id: i64,
    pub csrf: String,
    pub last_seen_at: NaiveDateTime,
    pub expires_at: NaiveDateTime,
    pub person_name: String,
    pub platform_role: Option<String>,
    pub disabled_at: Option<NaiveDateTime>,
    pub confirmed_at: Option<NaiveDateTime>,
    pub company_name: String,
    pub company_state: String,
    pub role: String,
}

pub(in crate::accounts) struct SessionToInsert<'a> {
    pub secret_hash: &'a str,
    pub person: UserId,
    pub company: CompanyId,
    pub csrf: &'a str,
    pub user_agent: &'a str,
    pub expires_at: Time,
}

pub(in crate::accounts) fn insert_session(tx: &mut Tx, new: &SessionToInsert) -> Result<SessionId> {
    let id: SessionId = tx.make_id();
    let now = tx.now_db();
    let row = (
        sessions::id.eq(id.0),
        sessions::secret_hash.eq(new.secret_hash),
        sessions::user_id.eq(new.person.0),
        sessions::company_id.eq(new.company.0),
        sessions::csrf.eq(new.csrf),
        sessions::user_agent.eq(new.user_agent),
        sessions::created_at.eq(now),
        sessions::last_seen_at.eq(now),
        sessions::expires_at.eq(new.expires_at.naive_utc()),
    );
    diesel::insert_into(sessions::table).values(row).execute(tx.conn())?;
    Ok(id)
}

pub(in crate::accounts) fn find_session(conn: &mut Conn, secret_hash: &str) -> Result<Option<SessionRow>> {
    let member_of =
        company_members::company_id.eq(sessions::company_id).and(company_members::user_id.eq(sessions::user_id));
    Ok(sessions::table
        .inner_join(users::table)
        .inner_join(companies::table)
        .inner_join(company_members::table.on(member_of))
        .filter(sessions::secret_hash.eq(secret_hash))
        .select((
            sessions::id,
            sessions::user_id,
            sessions::company_id,
            sessions::csrf,
            sessions::last_seen_at,
            sessions::expires_at,
            users::name,
            users::platform_role,
            users::disabled_at,
            users::confirmed_at,
            companies::name,
            companies::state,
            company_members::role,
        ))
        .first(conn)
        .optional()?)
}

/// When the session was opened.
pub(in crate::accounts) fn find_session_start(conn: &mut Conn, id: SessionId) -> Result<Option<Time>> {
    let start: Option<NaiveDateTime> =
        sessions::table.find(id.0).select(sessions::created_at).first(conn).optional()?;
    Ok(start.map(|start| start.and_utc()))
}

pub(in crate::accounts) fn touch_session(tx: &mut Tx, id: SessionId) -> Result<()> {
    let now = tx.now_db();
    diesel::update(sessions::table.find(id.0)).set(sessions::last_seen_at.eq(now)).execute(tx.conn())?;
    Ok(())
}

pub(in crate::accounts) fn delete_session(tx: &mut Tx, id: SessionId) -> Result<()> {
    diesel::delete(sessions::table.find(id.0)).execute(tx.conn())?;
    Ok(())
}

/// Ends every session of the person, on all devices.
pub(in crate::accounts) fn delete_sessions(tx: &mut Tx, person: UserId) -> Result<usize> {
    Ok(diesel::delete(sessions::table.filter(sessions::user_id.eq(person.0))).execute(tx.conn())?)
}

/// Ends the person's sessions for one company.
pub(in crate::accounts) fn delete_sessions_for(tx: &mut Tx, person: UserId, company: CompanyId) -> Result<()> {
    let theirs = sessions::table.filter(sessions::user_id.eq(person.0)).filter(sessions::company_id.eq(company.0));
    diesel::delete(theirs).execute(tx.conn())?;
    Ok(())
}

/// Ends one session of the person; another's is left alone.
pub(in crate::accounts) fn delete_session_of(tx: &mut Tx, person: UserId, id: SessionId) -> Result<()> {
    let own = sessions::table.filter(sessions::id.eq(id.0)).filter(sessions::user_id.eq(person.0));
    diesel::delete(own).execute(tx.conn())?;
    Ok(())
}

/// Ends every session of the person but this one.
pub(in crate::accounts) fn delete_other_sessions(tx: &mut Tx, person: UserId, kept: SessionId) -> Result<()> {
    let others = sessions::table.filter(sessions::user_id.eq(person.0)).filter(sessions::id.ne(kept.0));
    diesel::delete(others).execute(tx.conn())?;
    Ok(())
}

/// A session as its person sees it.
#[derive(Queryable)]
pub(in crate::accounts) struct SessionLine {
    pub id: i64,
    pub company_name: String,
    pub user_agent: String,
    pub created_at: NaiveDateTime,
    pub last_seen_at: NaiveDateTime,
}

/// The person's sessions that have not ended, last seen first.
pub(in crate::accounts) fn list_sessions(
    conn: &mut Conn,
    person: UserId,
    now: Time,
    seen_after: Time,
) -> Result<Vec<SessionLine>> {
    Ok(sessions::table
        .inner_join(companies::table)
        .filter(sessions::user_id.eq(person.0))
        .filter(sessions::expires_at.gt(now.naive_utc()))
        .filter(sessions::last_seen_at.gt(seen_after.naive_utc()))
        .order((sessions::last_seen_at.desc(), sessions::id.desc()))
        .select((sessions::id, companies::name, sessions::user_agent, sessions::created_at, sessions::last_seen_at))
        .load(conn)?)
}

pub(in crate::accounts) fn purge_sessions(tx: &mut Tx) -> Result<usize> {
    let now = tx.now_db();
    Ok(diesel::delete(sessions::table.filter(sessions::expires_at.le(now))).execute(tx.conn())?)
}
