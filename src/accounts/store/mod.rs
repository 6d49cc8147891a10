//! Rows of accounts: people here; the other tables in a file each.

mod audit;
mod invitations;
mod keys;
mod mail;
mod mail_items;
mod members;
mod networks;
mod notifications;
mod origins;
mod second_factors;
mod sessions;
mod throttles;
mod tokens;

pub(super) use audit::*;
pub(super) use invitations::*;
pub(super) use keys::*;
pub(super) use mail::*;
pub(super) use mail_items::*;
pub(super) use members::*;
pub(super) use networks::*;
pub(super) use notifications::*;
pub(super) use origins::*;
pub(super) use second_factors::*;
pub(super) use sessions::*;
pub(super) use throttles::*;
pub(super) use tokens::*;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{PlatformRole, User};
use crate::clock::Time;
use crate::error::{Code, Problem, Result};
use crate::ids::UserId;
use crate::locale::{Language, text};
use crate::store::schema::users;
use crate::store::{Conn, Tx, from_text, or_duplicate};

/// What signing in needs to know of a person.
pub(in crate::accounts) struct Login {
    pub id: UserId,
    pub password_hash: String,
    pub disabled: bool,
    pub confirmed: bool,
}

pub(in crate::accounts) struct NewUser<'a> {
    pub id: UserId,
    pub email: &'a str,
    pub name: &'a str,
    pub password_hash: &'a str,
    pub platform_role: Option<&'a str>,
    /// Whether somebody vouches for the address; otherwise its owner has to confirm it.
    pub address: Address,
}

/// Whether an e-mail address is known to be its person's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::accounts) enum Address {
    /// The operator named it, or its owner used a link that was sent there.
    Confirmed,
    /// Somebody typed it.
    Unconfirmed,
}

pub(in crate::accounts) fn insert_person(tx: &mut Tx, new: &NewUser) -> Result<()> {
    let now = tx.now_db();
    let row = (
        users::id.eq(new.id.0),
        users::email.eq(new.email),
        users::email_key.eq(super::email_key(new.email)),
        users::name.eq(new.name),
        users::password_hash.eq(new.password_hash),
        users::platform_role.eq(new.platform_role),
        users::created_at.eq(now),
        users::confirmed_at.eq((new.address == Address::Confirmed).then_some(now)),
    );
    or_duplicate(diesel::insert_into(users::table).values(row).execute(tx.conn()), || {
        Problem::new(Code::Duplicate, text(Language::English, "accounts-address-has-account"))
    })
    .map(|_| ())
}

type LoginRow = (i64, String, Option<NaiveDateTime>, Option<NaiveDateTime>);

const LOGIN: (users::id, users::password_hash, users::disabled_at, users::confirmed_at) =
    (users::id, users::password_hash, users::disabled_at, users::confirmed_at);

fn login((id, password_hash, disabled, confirmed): LoginRow) -> Login {
    Login { id: UserId(id), password_hash, disabled: disabled.is_some(), confirmed: confirmed.is_some() }
}

pub(in crate::accounts) fn find_login(conn: &mut Conn, email: &str) -> Result<Option<Login>> {
    let known = users::table.filter(users::email_key.eq(super::email_key(email)));
    let row: Option<LoginRow> = known.select(LOGIN).first(conn).optional()?;
    Ok(row.map(login))
}

pub(in crate::accounts) fn find_login_of(conn: &mut Conn, person: UserId) -> Result<Option<Login>> {
    let row: Option<LoginRow> = users::table.find(person.0).select(LOGIN).first(conn).optional()?;
    Ok(row.map(login))
}

pub(in crate::accounts) fn update_password(tx: &mut Tx, person: UserId, password_hash: &str) -> Result<()> {
    diesel::update(users::table.find(person.0)).set(users::password_hash.eq(password_hash)).execute(tx.conn())?;
    Ok(())
}

/// Notes that the person owns their address; keeps the first time.
pub(in crate::accounts) fn mark_confirmed(tx: &mut Tx, person: UserId) -> Result<()> {
    let now = tx.now_db();
    let waiting = users::table.find(person.0).filter(users::confirmed_at.is_null());
    diesel::update(waiting).set(users::confirmed_at.eq(now)).execute(tx.conn())?;
    Ok(())
}

pub(in crate::accounts) fn find_person(conn: &mut Conn, id: UserId) -> Result<Option<User>> {
    let row: Option<(i64, String, String, Option<String>)> = users::table
        .find(id.0)
        .select((users::id, users::email, users::name, users::platform_role))
        .first(conn)
        .optional()?;
    row.map(|(id, email, name, role)| {
        let moderator = role.as_deref().map(from_text).transpose()? == Some(PlatformRole::Moderator);
        Ok(User { id: UserId(id), email, name, moderator })
    })
    .transpose()
}

/// People behind `after` who were made before the time and have not confirmed their address, with it; by id.
pub(in crate::accounts) fn list_unconfirmed(
    conn: &mut Conn,
    before: Time,
    after: Option<UserId>,
    most: i64,
) -> Result<Vec<(UserId, String)>> {
    let rows: Vec<(i64, String)> = users::table
        .filter(users::confirmed_at.is_null())
        .filter(users::disabled_at.is_null())
        .filter(users::created_at.lt(before.naive_utc()))
        .filter(users::id.gt(after.map_or(i64::MIN, |person| person.0)))
        .order(users::id)
        .limit(most)
        .select((users::id, users::email))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, email)| (UserId(id), email)).collect())
}

/// Gives the person another address.
pub(in crate::accounts) fn update_email(tx: &mut Tx, person: UserId, email: &str) -> Result<()> {
    let set = (users::email.eq(email), users::email_key.eq(super::email_key(email)));
    or_duplicate(diesel::update(users::table.find(person.0)).set(set).execute(tx.conn()), || {
        Problem::new(Code::Duplicate, text(Language::English, "accounts-address-has-account"))
    })?;
    Ok(())
}

/// Takes away everything that tells who the person was, and the way in.
pub(in crate::accounts) fn pseudonymise(tx: &mut Tx, person: UserId) -> Result<()> {
    let address = format!("{person}@deleted.invalid");
    let now = tx.now_db();
    diesel::update(users::table.find(person.0))
        .set((
            users::email.eq(&address),
            users::email_key.eq(&address),
            users::name.eq("Former member"),
            users::password_hash.eq(""),
            users::platform_role.eq(None::<&str>),
            users::disabled_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Forgets the rows that hold an address of the person or only concern them.
pub(in crate::accounts) fn delete_person_traces(tx: &mut Tx, person: UserId, email: &str) -> Result<()> {
    delete_tokens(tx, person)?;
    delete_networks(tx, person)?;
    delete_mail_items(tx, person)?;
    delete_notifications(tx, person)?;
    delete_invitations_of(tx, email)?;
    delete_refusals(tx, person)
}
