//! Rows of `api_keys`.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::accounts::ApiKey;
use crate::actor::{Permission, Scope};
use crate::clock::Time;
use crate::error::{Problem, Result};
use crate::ids::{ApiKeyId, CompanyId, UserId};
use crate::store::schema::{api_keys, companies};
use crate::store::{Conn, Tx};

/// A key as authentication sees it.
#[derive(Queryable)]
pub(in crate::accounts) struct KeyRow {
    pub id: i64,
    pub company_id: i64,
    pub scopes: String,
    pub expires_at: Option<NaiveDateTime>,
    pub last_used_at: Option<NaiveDateTime>,
    pub company_state: String,
}

pub(in crate::accounts) struct NewKey<'a> {
    pub company: CompanyId,
    pub created_by: Option<UserId>,
    pub name: &'a str,
    pub prefix: &'a str,
    pub secret_hash: &'a str,
    pub permissions: &'a [Permission],
    pub expires_at: Option<Time>,
}

pub(in crate::accounts) fn insert_key(tx: &mut Tx, new: &NewKey) -> Result<ApiKeyId> {
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

pub(in crate::accounts) fn find_key_by_secret(conn: &mut Conn, secret_hash: &str) -> Result<Option<KeyRow>> {
    Ok(api_keys::table
        .inner_join(companies::table)
        .filter(api_keys::secret_hash.eq(secret_hash))
        .filter(api_keys::revoked_at.is_null())
        .select((
            api_keys::id,
            api_keys::company_id,
            api_keys::scopes,
            api_keys::expires_at,
            api_keys::last_used_at,
            companies::state,
        ))
        .first(conn)
        .optional()?)
}

pub(in crate::accounts) fn touch_key(tx: &mut Tx, id: ApiKeyId) -> Result<()> {
    let now = tx.now_db();
    diesel::update(api_keys::table.find(id.0)).set(api_keys::last_used_at.eq(now)).execute(tx.conn())?;
    Ok(())
}

type ListedKey = (i64, String, String, String, NaiveDateTime, Option<NaiveDateTime>, Option<NaiveDateTime>);

pub(in crate::accounts) fn list_keys(conn: &mut Conn, scope: Scope) -> Result<Vec<ApiKey>> {
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
    let mut origins = super::list_origins(conn, &ids)?;
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

pub(in crate::accounts) fn parse_scopes(scopes: &str) -> Vec<Permission> {
    // A scope that this version does not know gives nothing; the key keeps the others.
    scopes.split(' ').filter_map(Permission::parse).collect()
}

pub(in crate::accounts) fn revoke_key(tx: &mut Tx, scope: Scope, id: ApiKeyId) -> Result<()> {
    let now = tx.now_db();
    let mine = api_keys::table
        .filter(api_keys::id.eq(id.0))
        .filter(api_keys::company_id.eq(scope.company().0))
        .filter(api_keys::revoked_at.is_null());
    let revoked = diesel::update(mine).set(api_keys::revoked_at.eq(now)).execute(tx.conn())?;
    if revoked == 1 { Ok(()) } else { Err(Problem::not_found("api_key")) }
}

/// Who made the key, or the key that made it.
pub(in crate::accounts) fn find_key_maker(conn: &mut Conn, id: ApiKeyId) -> Result<Option<UserId>> {
    let maker: Option<Option<i64>> = api_keys::table.find(id.0).select(api_keys::created_by).first(conn).optional()?;
    Ok(maker.flatten().map(UserId))
}

/// How many keys of the company are valid.
pub(in crate::accounts) fn count_keys(conn: &mut Conn, company: CompanyId) -> Result<i64> {
    Ok(api_keys::table
        .filter(api_keys::company_id.eq(company.0))
        .filter(api_keys::revoked_at.is_null())
        .count()
        .get_result(conn)?)
}

/// Ends the keys of the company that the person made.
pub(in crate::accounts) fn revoke_keys_of_member(tx: &mut Tx, scope: Scope, person: UserId) -> Result<()> {
    let now = tx.now_db();
    let theirs = api_keys::table
        .filter(api_keys::company_id.eq(scope.company().0))
        .filter(api_keys::created_by.eq(person.0))
        .filter(api_keys::revoked_at.is_null());
    diesel::update(theirs).set(api_keys::revoked_at.eq(now)).execute(tx.conn())?;
    Ok(())
}

/// Makes the keys of the company that one person made another's, with whom they end from then on.
pub(in crate::accounts) fn hand_keys_over(tx: &mut Tx, scope: Scope, from: UserId, to: UserId) -> Result<()> {
    let theirs = api_keys::table
        .filter(api_keys::company_id.eq(scope.company().0))
        .filter(api_keys::created_by.eq(from.0))
        .filter(api_keys::revoked_at.is_null());
    diesel::update(theirs).set(api_keys::created_by.eq(to.0)).execute(tx.conn())?;
    Ok(())
}

/// Ends every key of the company.
pub(in crate::accounts) fn revoke_keys(tx: &mut Tx, scope: Scope) -> Result<()> {
    let now = tx.now_db();
    let all = api_keys::table.filter(api_keys::company_id.eq(scope.company().0)).filter(api_keys::revoked_at.is_null());
    diesel::update(all).set(api_keys::revoked_at.eq(now)).execute(tx.conn())?;
    Ok(())
}
