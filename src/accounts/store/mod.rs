//! Rows of accounts: people here; the other tables in a file each.

mod audit;
mod invitations;
mod keys;
mod mail;
mod members;
mod origins;
mod second_factors;
mod sessions;
mod throttles;
mod tokens;

pub(super) use audit::*;
pub(super) use invitations::*;
pub(super) use keys::*;
pub(super) use mail::*;
pub(super) use members::*;
pub(super) use origins::*;
pub(super) use second_factors::*;
pub(super) use sessions::*;
pub(super) use throttles::*;
pub(super) use tokens::*;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::User;
use crate::clock::Time;
use crate::error::{Code, Problem, Result};
use crate::ids::UserId;
use crate::locale::{Language, text};
use crate::store::schema::people;
use crate::store::{Conn, Tx, or_duplicate};

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
        people::id.eq(new.id.0),
        people::email.eq(new.email),
        people::email_key.eq(super::email_key(new.email)),
        people::name.eq(new.name),
        people::password_hash.eq(new.password_hash),
        people::platform_role.eq(new.platform_role),
        people::created_at.eq(now),
        people::confirmed_at.eq((new.address == Address::Confirmed).then_some(now)),
    );
    or_duplicate(diesel::insert_into(people::table).values(row).execute(tx.conn()), || {
        Problem::new(Code::Duplicate, text(Language::English, "accounts-address-has-account"))
    })
    .map(|_| ())
}

type LoginRow = (i64, String, Option<NaiveDateTime>, Option<NaiveDateTime>);

const LOGIN: (people::id, people::password_hash, people::disabled_at, people::confirmed_at) =
    (people::id, people::password_hash, people::disabled_at, people::confirmed_at);

fn login((id, password_hash, disabled, confirmed): LoginRow) -> Login {
    Login { id: UserId(id), password_hash, disabled: disabled.is_some(), confirmed: confirmed.is_some() }
}

pub(in crate::accounts) fn find_login(conn: &mut Conn, email: &str) -> Result<Option<Login>> {
    let known = people::table.filter(people::email_key.eq(super::email_key(email)));
    let row: Option<LoginRow> = known.select(LOGIN).first(conn).optional()?;
    Ok(row.map(login))
}

pub(in crate::accounts) fn find_login_of(conn: &mut Conn, person: UserId) -> Result<Option<Login>> {
    let row: Option<LoginRow> = people::table.find(person.0).select(LOGIN).first(conn).optional()?;
    Ok(row.map(login))
}

pub(in crate::accounts) fn update_password(tx: &mut Tx, person: UserId, password_hash: &str) -> Result<()> {
    diesel::update(people::table.find(person.0)).set(people::password_hash.eq(password_hash)).execute(tx.conn())?;
    Ok(())
}

/// Notes that the person owns their address; keeps the first time.
pub(in crate::accounts) fn mark_confirmed(tx: &mut Tx, person: UserId) -> Result<()> {
    let now = tx.now_db();
    let waiting = people::table.find(person.0).filter(people::confirmed_at.is_null());
    diesel::update(waiting).set(people::confirmed_at.eq(now)).execute(tx.conn())?;
    Ok(())
}

pub(in crate::accounts) fn find_person(conn: &mut Conn, id: UserId) -> Result<Option<User>> {
    let row: Option<(i64, String, String, Option<String>)> = people::table
        .find(id.0)
        .select((people::id, people::email, people::name, people::platform_role))
        .first(conn)
        .optional()?;
    Ok(row.map(|(id, email, name, role)| User {
        id: UserId(id),
        email,
        name,
        moderator: role.as_deref() == Some("moderator"),
    }))
}

/// People behind `after` who were made before the time and have not confirmed their address, with it; by id.
pub(in crate::accounts) fn list_unconfirmed(
    conn: &mut Conn,
    before: Time,
    after: Option<UserId>,
    most: i64,
) -> Result<Vec<(UserId, String)>> {
    let rows: Vec<(i64, String)> = people::table
        .filter(people::confirmed_at.is_null())
        .filter(people::disabled_at.is_null())
        .filter(people::created_at.lt(before.naive_utc()))
        .filter(people::id.gt(after.map_or(i64::MIN, |person| person.0)))
        .order(people::id)
        .limit(most)
        .select((people::id, people::email))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, email)| (UserId(id), email)).collect())
}

/// Gives the person another address.
pub(in crate::accounts) fn update_email(tx: &mut Tx, person: UserId, email: &str) -> Result<()> {
    let set = (people::email.eq(email), people::email_key.eq(super::email_key(email)));
    or_duplicate(diesel::update(people::table.find(person.0)).set(set).execute(tx.conn()), || {
        Problem::new(Code::Duplicate, text(Language::English, "accounts-address-has-account"))
    })?;
    Ok(())
}

/// Takes away everything that tells who the person was, and the way in.
pub(in crate::accounts) fn pseudonymise(tx: &mut Tx, person: UserId) -> Result<()> {
    let address = format!("{person}@deleted.invalid");
    let now = tx.now_db();
    diesel::update(people::table.find(person.0))
        .set((
            people::email.eq(&address),
            people::email_key.eq(&address),
            people::name.eq("Former member"),
            people::password_hash.eq(""),
            people::platform_role.eq(None::<&str>),
            people::disabled_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Forgets the rows that hold an address of the person or only concern them.
pub(in crate::accounts) fn delete_person_traces(tx: &mut Tx, person: UserId, email: &str) -> Result<()> {
    delete_tokens(tx, person)?;
    delete_invitations_of(tx, email)?;
    delete_refusals(tx, person)
}
