//! Rows of `account_tokens`: the secret links in e-mails, each good once and for a while.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::accounts::LinkPurpose;
use crate::clock::Time;
use crate::error::Result;
use crate::ids::{TokenId, UserId};
use crate::store::schema::account_tokens;
use crate::store::{Conn, Tx};

pub(in crate::accounts) struct NewToken<'a> {
    pub person: UserId,
    pub purpose: LinkPurpose,
    pub secret_hash: &'a str,
    pub email: &'a str,
    pub previous_email: Option<&'a str>,
    pub expires_at: Time,
}

/// What a link is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::accounts) struct Token {
    pub id: TokenId,
    pub person: UserId,
    pub email: String,
}

type TokenRow = (i64, i64, String);

const COLUMNS: (account_tokens::id, account_tokens::user_id, account_tokens::email) =
    (account_tokens::id, account_tokens::user_id, account_tokens::email);

fn token((id, person, email): TokenRow) -> Token {
    Token { id: TokenId(id), person: UserId(person), email }
}

/// Stores a token; an earlier one for the same purpose ends with it.
pub(in crate::accounts) fn insert_token(tx: &mut Tx, new: &NewToken) -> Result<TokenId> {
    let now = tx.now_db();
    let earlier = account_tokens::table
        .filter(account_tokens::user_id.eq(new.person.0))
        .filter(account_tokens::purpose.eq(new.purpose.as_str()))
        .filter(account_tokens::ended_at.is_null());
    diesel::update(earlier).set(account_tokens::ended_at.eq(now)).execute(tx.conn())?;
    let id: TokenId = tx.make_id();
    let row = (
        account_tokens::id.eq(id.0),
        account_tokens::user_id.eq(new.person.0),
        account_tokens::purpose.eq(new.purpose.as_str()),
        account_tokens::secret_hash.eq(new.secret_hash),
        account_tokens::email.eq(new.email),
        account_tokens::previous_email.eq(new.previous_email),
        account_tokens::created_at.eq(now),
        account_tokens::expires_at.eq(new.expires_at.naive_utc()),
    );
    diesel::insert_into(account_tokens::table).values(row).execute(tx.conn())?;
    Ok(id)
}

/// The token of that secret, if it is still good.
pub(in crate::accounts) fn find_token(
    conn: &mut Conn,
    purpose: LinkPurpose,
    secret_hash: &str,
    now: Time,
) -> Result<Option<Token>> {
    let row: Option<TokenRow> = account_tokens::table
        .filter(account_tokens::secret_hash.eq(secret_hash))
        .filter(account_tokens::purpose.eq(purpose.as_str()))
        .filter(account_tokens::ended_at.is_null())
        .filter(account_tokens::expires_at.gt(now.naive_utc()))
        .select(COLUMNS)
        .first(conn)
        .optional()?;
    Ok(row.map(token))
}

/// Uses the token of that secret up; of many who try at once exactly one gets it.
pub(in crate::accounts) fn use_token(tx: &mut Tx, purpose: LinkPurpose, secret_hash: &str) -> Result<Option<Token>> {
    let now = tx.now();
    let Some(token) = find_token(tx.conn(), purpose, secret_hash, now)? else { return Ok(None) };
    let open = account_tokens::table.find(token.id.0).filter(account_tokens::ended_at.is_null());
    let ended = diesel::update(open).set(account_tokens::ended_at.eq(now.naive_utc())).execute(tx.conn())?;
    Ok((ended == 1).then_some(token))
}

/// Where the e-mail with this link goes, unless the link is worth nothing any more.
pub(in crate::accounts) fn find_token_to_send(conn: &mut Conn, id: TokenId, now: Time) -> Result<Option<Token>> {
    let row: Option<TokenRow> = account_tokens::table
        .find(id.0)
        .filter(account_tokens::ended_at.is_null())
        .filter(account_tokens::expires_at.gt(now.naive_utc()))
        .select(COLUMNS)
        .first(conn)
        .optional()?;
    Ok(row.map(token))
}

/// The address that the link's one took the place of.
pub(in crate::accounts) fn find_previous_email(conn: &mut Conn, id: TokenId) -> Result<Option<String>> {
    let email: Option<Option<String>> =
        account_tokens::table.find(id.0).select(account_tokens::previous_email).first(conn).optional()?;
    Ok(email.flatten())
}

/// Ends every link of the person: their password or address is another one now.
pub(in crate::accounts) fn end_tokens(tx: &mut Tx, person: UserId) -> Result<()> {
    let now = tx.now_db();
    let open =
        account_tokens::table.filter(account_tokens::user_id.eq(person.0)).filter(account_tokens::ended_at.is_null());
    diesel::update(open).set(account_tokens::ended_at.eq(now)).execute(tx.conn())?;
    Ok(())
}

/// How many links for the purpose the person was sent since then.
pub(in crate::accounts) fn count_tokens(
    conn: &mut Conn,
    person: UserId,
    purpose: LinkPurpose,
    since: Time,
) -> Result<i64> {
    Ok(account_tokens::table
        .filter(account_tokens::user_id.eq(person.0))
        .filter(account_tokens::purpose.eq(purpose.as_str()))
        .filter(account_tokens::created_at.gt(since.naive_utc()))
        .count()
        .get_result(conn)?)
}

/// Forgets links that ended long ago; answers how many.
pub(in crate::accounts) fn purge_tokens(tx: &mut Tx, before: Time) -> Result<usize> {
    let before: NaiveDateTime = before.naive_utc();
    Ok(diesel::delete(account_tokens::table.filter(account_tokens::expires_at.lt(before))).execute(tx.conn())?)
}

/// Forgets every link of the person.
pub(in crate::accounts) fn delete_tokens(tx: &mut Tx, person: UserId) -> Result<()> {
    diesel::delete(account_tokens::table.filter(account_tokens::user_id.eq(person.0))).execute(tx.conn())?;
    Ok(())
}
