//! Use cases: an authenticator as the second step of signing in.

use super::credentials::ensure_password;
use super::member_of;
use crate::accounts::authenticator::{self, Enrolment};
use crate::accounts::notify::tell_person;
use crate::accounts::store::{self, Factor};
use crate::accounts::{letters, sessions};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::error::{FieldCode, Problem, Result};
use crate::ids::PersonId;
use crate::mail::Content;
use crate::secrets::{Purpose, sha256_hex};
use crate::store::Tx;

/// How far a person's second step is set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecondFactor {
    /// There is none.
    Off,
    /// The key was made and waits for a first code.
    Waiting(Enrolment),
    /// It is asked for at every sign-in; so many recovery codes are left.
    On(i64),
}

/// How far one's own second step is set up.
pub fn find_second_factor(app: &App, actor: &Actor) -> Result<SecondFactor> {
    let id = member_of(actor, Permission::AccountRead)?;
    let (factor, left, person) = app.db.read(|conn| {
        let left = store::count_recovery_codes(conn, id)?;
        Ok((store::find_factor(conn, id)?, left, store::find_person(conn, id)?))
    })?;
    let person = person.ok_or_else(|| Problem::not_found("account"))?;
    match factor {
        None => Ok(SecondFactor::Off),
        Some(factor) if factor.confirmed => Ok(SecondFactor::On(left)),
        Some(factor) => {
            let key = open_key(app, id, &factor)?;
            authenticator::enrolment(&key, &person.email).map(SecondFactor::Waiting)
        }
    }
}

/// Makes a key for a person who shows that they know the password.
///
/// # Errors
/// `conflict` when there is an authenticator already.
pub fn begin_second_factor(app: &App, actor: &Actor, password: &str) -> Result<()> {
    let person = member_of(actor, Permission::AccountRead)?;
    ensure_password(app, person, password)?;
    let key = rand::random::<[u8; authenticator::KEY_BYTES]>();
    let sealed = app.secrets.seal(Purpose::SecondFactor, &person.to_string(), &key)?;
    app.db.write(|tx| {
        if store::find_factor(tx.conn(), person)?.is_some_and(|factor| factor.confirmed) {
            return Err(Problem::conflict("Your account has an authenticator already. Switch it off first."));
        }
        store::replace_factor(tx, person, &sealed)
    })
}

/// Switches the second step on with a first code, and ends the other sessions; answers the recovery codes, which are shown now and
/// never again.
pub fn confirm_second_factor(app: &App, actor: &Actor, code: &str) -> Result<Vec<String>> {
    let person = member_of(actor, Permission::AccountRead)?;
    let factor = app.db.read(|conn| store::find_factor(conn, person))?.filter(|factor| !factor.confirmed);
    let factor = factor.ok_or_else(|| Problem::conflict("There is no authenticator that waits for a code."))?;
    let step = authenticator::step_of(&open_key(app, person, &factor)?, code, app.clock.now())?;
    let step = step.ok_or_else(|| {
        Problem::invalid_field("/code", FieldCode::Contradiction, "is not the one that the program shows now")
    })?;
    let codes = app.db.write(|tx| {
        if !store::use_step(tx, person, step)? {
            return Err(Problem::conflict("There is no authenticator that waits for a code."));
        }
        store::mark_factor_confirmed(tx, person)?;
        tell(tx, person, "on", &letters::second_factor_on())?;
        make_codes(tx, person)
    })?;
    sessions::revoke_others(app, actor)?;
    Ok(codes)
}

/// Puts new recovery codes in the place of the old ones.
pub fn renew_recovery_codes(app: &App, actor: &Actor, password: &str) -> Result<Vec<String>> {
    let person = member_of(actor, Permission::AccountRead)?;
    ensure_password(app, person, password)?;
    app.db.write(|tx| {
        if !store::find_factor(tx.conn(), person)?.is_some_and(|factor| factor.confirmed) {
            return Err(Problem::conflict("Your account has no authenticator."));
        }
        make_codes(tx, person)
    })
}

/// Switches the second step off.
pub fn remove_second_factor(app: &App, actor: &Actor, password: &str) -> Result<()> {
    let person = member_of(actor, Permission::AccountRead)?;
    ensure_password(app, person, password)?;
    app.db.write(|tx| {
        let was_on = store::find_factor(tx.conn(), person)?.is_some_and(|factor| factor.confirmed);
        store::delete_factor(tx, person)?;
        if was_on { tell(tx, person, "off", &letters::second_factor_off()) } else { Ok(()) }
    })
}

/// Whether signing in takes a second step for the person.
pub(in crate::accounts) fn is_needed(app: &App, person: PersonId) -> Result<bool> {
    Ok(app.db.read(|conn| store::find_factor(conn, person))?.is_some_and(|factor| factor.confirmed))
}

/// Takes a code of the authenticator or a recovery code, each only once; answers whether it was right.
pub(in crate::accounts) fn take_code(app: &App, person: PersonId, code: &str) -> Result<bool> {
    let factor = app.db.read(|conn| store::find_factor(conn, person))?.filter(|factor| factor.confirmed);
    let Some(factor) = factor else { return Ok(false) };
    let plain = authenticator::plain_recovery_code(code);
    if let Some(step) = authenticator::step_of(&open_key(app, person, &factor)?, &plain, app.clock.now())? {
        return app.db.write(|tx| store::use_step(tx, person, step));
    }
    app.db.write(|tx| {
        let used = store::use_recovery_code(tx, person, &sha256_hex(plain.as_bytes()))?;
        if used {
            tell(tx, person, "recovery", &letters::recovery_code_used())?;
        }
        Ok(used)
    })
}

fn make_codes(tx: &mut Tx, person: PersonId) -> Result<Vec<String>> {
    let codes: Vec<String> = (0..authenticator::RECOVERY_CODES).map(|_| authenticator::recovery_code()).collect();
    let hash = |code: &String| sha256_hex(authenticator::plain_recovery_code(code).as_bytes());
    store::replace_recovery_codes(tx, person, &codes.iter().map(hash).collect::<Vec<_>>())?;
    Ok(codes)
}

fn tell(tx: &mut Tx, person: PersonId, what: &str, content: &Content) -> Result<()> {
    let event = format!("second factor {what} {}", tx.now().timestamp_micros());
    tell_person(tx, person, &event, content)
}

fn open_key(app: &App, person: PersonId, factor: &Factor) -> Result<Vec<u8>> {
    let key = app.secrets.open(Purpose::SecondFactor, &person.to_string(), &factor.sealed_key);
    key.ok_or_else(|| Problem::internal("the key of an authenticator was sealed with another secret key"))
}
