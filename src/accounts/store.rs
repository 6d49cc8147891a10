//! Rows of `people`, `company_members`, `sessions`, `api_keys` and `mail_refusals`.

mod origins;

pub(super) use origins::*;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{ApiKey, Membership, Person};
use crate::actor::{Permission, Role, Scope};
use crate::clock::Time;
use crate::error::{Code, Problem, Result};
use crate::ids::{ApiKeyId, CompanyId, PersonId, SessionId};
use crate::mail::Stream;
use crate::on_each;
use crate::store::schema::{api_keys, companies, company_members, mail_refusals, people, sessions};
use crate::store::{Conn, Tx, or_duplicate};

/// What signing in needs to know of a person.
pub(super) struct Login {
    pub id: PersonId,
    pub password_hash: String,
    pub disabled: bool,
}

/// A session joined with its person and company.
#[derive(Queryable)]
pub(super) struct SessionRow {
    pub id: i64,
    pub person_id: i64,
    pub company_id: i64,
    pub csrf: String,
    pub last_seen_at: NaiveDateTime,
    pub expires_at: NaiveDateTime,
    pub person_name: String,
    pub platform_role: Option<String>,
    pub disabled_at: Option<NaiveDateTime>,
    pub company_name: String,
    pub role: String,
}

/// A key as authentication sees it.
#[derive(Queryable)]
pub(super) struct KeyRow {
    pub id: i64,
    pub company_id: i64,
    pub scopes: String,
    pub expires_at: Option<NaiveDateTime>,
    pub last_used_at: Option<NaiveDateTime>,
}

/// Where a letter for a person goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Addressee {
    pub name: String,
    pub email: String,
}

pub(super) struct NewPerson<'a> {
    pub email: &'a str,
    pub name: &'a str,
    pub password_hash: &'a str,
    pub platform_role: Option<&'a str>,
}

pub(super) fn insert_person(tx: &mut Tx, new: &NewPerson) -> Result<PersonId> {
    let id: PersonId = tx.make_id();
    let row = (
        people::id.eq(id.0),
        people::email.eq(new.email),
        people::email_key.eq(super::email_key(new.email)),
        people::name.eq(new.name),
        people::password_hash.eq(new.password_hash),
        people::platform_role.eq(new.platform_role),
        people::created_at.eq(tx.now_db()),
    );
    or_duplicate(diesel::insert_into(people::table).values(row).execute(tx.conn()), || {
        Problem::new(Code::Duplicate, "There is an account with this e-mail address already.")
    })?;
    Ok(id)
}

pub(super) fn insert_member(tx: &mut Tx, company: CompanyId, person: PersonId, role: Role) -> Result<()> {
    let row = (
        company_members::company_id.eq(company.0),
        company_members::person_id.eq(person.0),
        company_members::role.eq(role.as_str()),
        company_members::created_at.eq(tx.now_db()),
    );
    or_duplicate(diesel::insert_into(company_members::table).values(row).execute(tx.conn()), || {
        Problem::new(Code::Duplicate, "This person is a member of the company already.")
    })?;
    Ok(())
}

pub(super) fn find_login(conn: &mut Conn, email: &str) -> Result<Option<Login>> {
    let row: Option<(i64, String, Option<NaiveDateTime>)> = people::table
        .filter(people::email_key.eq(super::email_key(email)))
        .select((people::id, people::password_hash, people::disabled_at))
        .first(conn)
        .optional()?;
    Ok(row.map(|(id, password_hash, disabled)| Login { id: PersonId(id), password_hash, disabled: disabled.is_some() }))
}

pub(super) fn find_person(conn: &mut Conn, id: PersonId) -> Result<Option<Person>> {
    let row: Option<(i64, String, String, Option<String>)> = people::table
        .find(id.0)
        .select((people::id, people::email, people::name, people::platform_role))
        .first(conn)
        .optional()?;
    Ok(row.map(|(id, email, name, role)| Person {
        id: PersonId(id),
        email,
        name,
        moderator: role.as_deref() == Some("moderator"),
    }))
}

pub(super) fn list_memberships(conn: &mut Conn, person: PersonId) -> Result<Vec<Membership>> {
    let rows: Vec<(i64, String, String)> = company_members::table
        .inner_join(companies::table)
        .filter(company_members::person_id.eq(person.0))
        .order(company_members::created_at)
        .select((companies::id, companies::name, company_members::role))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, company_name, role)| Membership {
            company: CompanyId(id),
            company_name,
            role: Role::parse(&role).unwrap_or(Role::Viewer),
        })
        .collect())
}

pub(super) struct NewSession<'a> {
    pub secret_hash: &'a str,
    pub person: PersonId,
    pub company: CompanyId,
    pub csrf: &'a str,
    pub user_agent: &'a str,
    pub expires_at: Time,
}

pub(super) fn insert_session(tx: &mut Tx, new: &NewSession) -> Result<SessionId> {
    let id: SessionId = tx.make_id();
    let now = tx.now_db();
    let row = (
        sessions::id.eq(id.0),
        sessions::secret_hash.eq(new.secret_hash),
        sessions::person_id.eq(new.person.0),
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

pub(super) fn find_session(conn: &mut Conn, secret_hash: &str) -> Result<Option<SessionRow>> {
    let member_of =
        company_members::company_id.eq(sessions::company_id).and(company_members::person_id.eq(sessions::person_id));
    Ok(sessions::table
        .inner_join(people::table)
        .inner_join(companies::table)
        .inner_join(company_members::table.on(member_of))
        .filter(sessions::secret_hash.eq(secret_hash))
        .select((
            sessions::id,
            sessions::person_id,
            sessions::company_id,
            sessions::csrf,
            sessions::last_seen_at,
            sessions::expires_at,
            people::name,
            people::platform_role,
            people::disabled_at,
            companies::name,
            company_members::role,
        ))
        .first(conn)
        .optional()?)
}

pub(super) fn touch_session(tx: &mut Tx, id: SessionId) -> Result<()> {
    let now = tx.now_db();
    diesel::update(sessions::table.find(id.0)).set(sessions::last_seen_at.eq(now)).execute(tx.conn())?;
    Ok(())
}

pub(super) fn delete_session(tx: &mut Tx, id: SessionId) -> Result<()> {
    diesel::delete(sessions::table.find(id.0)).execute(tx.conn())?;
    Ok(())
}

pub(super) fn purge_sessions(tx: &mut Tx) -> Result<usize> {
    let now = tx.now_db();
    Ok(diesel::delete(sessions::table.filter(sessions::expires_at.le(now))).execute(tx.conn())?)
}

pub(super) struct NewKey<'a> {
    pub company: CompanyId,
    pub created_by: Option<PersonId>,
    pub name: &'a str,
    pub prefix: &'a str,
    pub secret_hash: &'a str,
    pub permissions: &'a [Permission],
    pub expires_at: Option<Time>,
}

pub(super) fn insert_key(tx: &mut Tx, new: &NewKey) -> Result<ApiKeyId> {
    let id: ApiKeyId = tx.make_id();
    let scopes: Vec<&str> = new.permissions.iter().map(|permission| permission.as_str()).collect();
    let row = (
        api_keys::id.eq(id.0),
        api_keys::company_id.eq(new.company.0),
        api_keys::created_by.eq(new.created_by.map(|person| person.0)),
        api_keys::name.eq(new.name),
        api_keys::prefix.eq(new.prefix),
        api_keys::secret_hash.eq(new.secret_hash),
        api_keys::scopes.eq(scopes.join(" ")),
        api_keys::created_at.eq(tx.now_db()),
        api_keys::expires_at.eq(new.expires_at.map(|time| time.naive_utc())),
    );
    diesel::insert_into(api_keys::table).values(row).execute(tx.conn())?;
    Ok(id)
}

pub(super) fn find_key_by_secret(conn: &mut Conn, secret_hash: &str) -> Result<Option<KeyRow>> {
    Ok(api_keys::table
        .filter(api_keys::secret_hash.eq(secret_hash))
        .filter(api_keys::revoked_at.is_null())
        .select((api_keys::id, api_keys::company_id, api_keys::scopes, api_keys::expires_at, api_keys::last_used_at))
        .first(conn)
        .optional()?)
}

pub(super) fn touch_key(tx: &mut Tx, id: ApiKeyId) -> Result<()> {
    let now = tx.now_db();
    diesel::update(api_keys::table.find(id.0)).set(api_keys::last_used_at.eq(now)).execute(tx.conn())?;
    Ok(())
}

type ListedKey = (i64, String, String, String, NaiveDateTime, Option<NaiveDateTime>, Option<NaiveDateTime>);

pub(super) fn list_keys(conn: &mut Conn, scope: Scope) -> Result<Vec<ApiKey>> {
    let rows: Vec<ListedKey> = api_keys::table
        .filter(api_keys::company_id.eq(scope.company().0))
        .filter(api_keys::revoked_at.is_null())
        .order(api_keys::id.desc())
        .select((
            api_keys::id,
            api_keys::name,
            api_keys::prefix,
            api_keys::scopes,
            api_keys::created_at,
            api_keys::expires_at,
            api_keys::last_used_at,
        ))
        .load(conn)?;
    let ids: Vec<i64> = rows.iter().map(|row| row.0).collect();
    let mut origins = list_origins(conn, &ids)?;
    Ok(rows
        .into_iter()
        .map(|(id, name, prefix, scopes, created, expires, used)| ApiKey {
            id: ApiKeyId(id),
            name,
            prefix,
            permissions: parse_scopes(&scopes),
            origins: origins.remove(&id).unwrap_or_default(),
            created_at: created.and_utc(),
            expires_at: expires.map(|time| time.and_utc()),
            last_used_at: used.map(|time| time.and_utc()),
        })
        .collect())
}

pub(super) fn parse_scopes(scopes: &str) -> Vec<Permission> {
    scopes.split(' ').filter_map(Permission::parse).collect()
}

pub(super) fn revoke_key(tx: &mut Tx, scope: Scope, id: ApiKeyId) -> Result<()> {
    let now = tx.now_db();
    let mine = api_keys::table
        .filter(api_keys::id.eq(id.0))
        .filter(api_keys::company_id.eq(scope.company().0))
        .filter(api_keys::revoked_at.is_null());
    let revoked = diesel::update(mine).set(api_keys::revoked_at.eq(now)).execute(tx.conn())?;
    if revoked == 1 { Ok(()) } else { Err(Problem::not_found("API key")) }
}

/// The members of a company who take part in its trade and have not refused the stream.
pub(super) fn list_recipients(conn: &mut Conn, company: CompanyId, stream: Stream) -> Result<Vec<PersonId>> {
    let refused =
        mail_refusals::table.filter(mail_refusals::stream.eq(stream.as_str())).select(mail_refusals::person_id);
    let ids: Vec<i64> = company_members::table
        .inner_join(people::table)
        .filter(company_members::company_id.eq(company.0))
        .filter(company_members::role.ne(Role::Viewer.as_str()))
        .filter(people::disabled_at.is_null())
        .filter(people::id.ne_all(refused))
        .order(people::id)
        .select(people::id)
        .load(conn)?;
    Ok(ids.into_iter().map(PersonId).collect())
}

/// The address of a person, unless they refused the stream in the meantime or are gone.
pub(super) fn find_addressee(conn: &mut Conn, person: PersonId, stream: Stream) -> Result<Option<Addressee>> {
    let refusals: i64 = mail_refusals::table
        .filter(mail_refusals::person_id.eq(person.0))
        .filter(mail_refusals::stream.eq(stream.as_str()))
        .count()
        .get_result(conn)?;
    if refusals > 0 {
        return Ok(None);
    }
    let row: Option<(String, String)> = people::table
        .find(person.0)
        .filter(people::disabled_at.is_null())
        .select((people::name, people::email))
        .first(conn)
        .optional()?;
    Ok(row.map(|(name, email)| Addressee { name, email }))
}

pub(super) fn list_refused_streams(conn: &mut Conn, person: PersonId) -> Result<Vec<Stream>> {
    let rows: Vec<String> =
        mail_refusals::table.filter(mail_refusals::person_id.eq(person.0)).select(mail_refusals::stream).load(conn)?;
    Ok(rows.iter().filter_map(|stream| Stream::parse(stream)).collect())
}

pub(super) fn insert_refusal(tx: &mut Tx, person: PersonId, stream: Stream) -> Result<()> {
    let known: i64 = people::table.find(person.0).count().get_result(tx.conn())?;
    if known == 0 {
        return Ok(());
    }
    let row = (
        mail_refusals::person_id.eq(person.0),
        mail_refusals::stream.eq(stream.as_str()),
        mail_refusals::at.eq(tx.now_db()),
    );
    on_each!(tx.conn(), |c| diesel::insert_into(mail_refusals::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

pub(super) fn delete_refusal(tx: &mut Tx, person: PersonId, stream: Stream) -> Result<()> {
    let row = mail_refusals::table.find((person.0, stream.as_str()));
    diesel::delete(row).execute(tx.conn())?;
    Ok(())
}
