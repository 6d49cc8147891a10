//! Use cases: two-factor authentication with an authenticator app.

use super::only_operator;
use super::password::ensure_password;
use crate::accounts::actions::notify_user;
use crate::accounts::audit::{AuditEvent, AuthEvent};
use crate::accounts::authenticator::{self, Enrolment};
use crate::accounts::rules::require_user;
use crate::accounts::store;
use crate::accounts::{notifications, sessions};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::error::{Code, FieldCode, Problem, Result};
use crate::ids::UserId;
use crate::locale::{Language, text};
use crate::mail::NotificationText;
use crate::secrets::{Purpose, Sealed, Secrets, sha256_hex};
use crate::store::{Conn, Tx, sweep_rows};

/// How many sealed keys are read in one go.
const BATCH: i64 = 500;

/// How far two-factor authentication is set up for a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecondFactor {
    /// There is none.
    Off,
    /// The key was made and waits for a first code.
    Waiting(Enrolment),
    /// It is asked for at every sign-in; so many recovery codes are left.
    On(i64),
}

/// How far one's own two-factor authentication is set up.
pub fn find_second_factor(app: &App, actor: &Actor) -> Result<SecondFactor> {
    let id = require_user(actor, Permission::AccountRead)?;
    let (factor, left, person) = app.db.read(|conn| {
        let left = store::count_recovery_codes(conn, id)?;
        Ok((store::find_factor(conn, id)?, left, store::find_person(conn, id)?))
    })?;
    let person = person.ok_or_else(|| Problem::not_found("account"))?;
    match factor {
        None => Ok(SecondFactor::Off),
        Some(factor) if factor.confirmed => Ok(SecondFactor::On(left)),
        // One that cannot be opened is worth nothing, and a new one is made in its place.
        Some(factor) => match open_key(&app.secrets, id, &factor.sealed_key) {
            Some((key, _)) => authenticator::enrolment(&key, &person.email).map(SecondFactor::Waiting),
            None => Ok(SecondFactor::Off),
        },
    }
}

/// Makes a key for a person who shows that they know the password.
///
/// # Errors
/// `conflict` when there is an authenticator already.
pub fn begin_second_factor(app: &App, actor: &Actor, password: &str) -> Result<()> {
    let person = require_user(actor, Permission::AccountRead)?;
    ensure_password(app, person, password)?;
    let key = rand::random::<[u8; authenticator::KEY_BYTES]>();
    let sealed = seal_key(&app.secrets, person, &key)?;
    app.db.write(|tx| {
        if store::find_factor(tx.conn(), person)?.is_some_and(|factor| factor.confirmed) {
            return Err(Problem::conflict(text(Language::English, "accounts-authenticator-exists")));
        }
        store::replace_factor(tx, person, &sealed)
    })
}

/// Turns two-factor authentication on with a first code, and ends the other sessions; answers the recovery codes, which are shown now and
/// never again.
pub fn confirm_second_factor(app: &App, actor: &Actor, code: &str) -> Result<Vec<String>> {
    let person = require_user(actor, Permission::AccountRead)?;
    let factor = app.db.read(|conn| store::find_factor(conn, person))?.filter(|factor| !factor.confirmed);
    let opened = factor.and_then(|factor| open_key(&app.secrets, person, &factor.sealed_key));
    let (key, _) =
        opened.ok_or_else(|| Problem::conflict(text(Language::English, "accounts-authenticator-not-waiting")))?;
    let step = authenticator::step_of(&key, code, app.clock.now())?;
    let step = step.ok_or_else(|| {
        Problem::invalid_field("/code", FieldCode::Contradiction, text(Language::English, "accounts-code-not-current"))
    })?;
    let codes = app.db.write(|tx| {
        if !store::use_step(tx, person, step)? {
            return Err(Problem::conflict(text(Language::English, "accounts-authenticator-not-waiting")));
        }
        store::mark_factor_confirmed(tx, person)?;
        notify(tx, person, "on", &notifications::second_factor_on(Language::English))?;
        make_codes(tx, person)
    })?;
    sessions::revoke_others(app, actor)?;
    Ok(codes)
}

/// Puts new recovery codes in the place of the old ones.
pub fn renew_recovery_codes(app: &App, actor: &Actor, password: &str) -> Result<Vec<String>> {
    let person = require_user(actor, Permission::AccountRead)?;
    ensure_password(app, person, password)?;
    app.db.write(|tx| {
        if !store::find_factor(tx.conn(), person)?.is_some_and(|factor| factor.confirmed) {
            return Err(Problem::conflict(text(Language::English, "accounts-authenticator-missing")));
        }
        make_codes(tx, person)
    })
}

/// Removes the second factor of the account with that address, as the operator. Sessions end: whoever has them was let in by it.
pub fn remove_second_factor_of(app: &App, actor: &Actor, email: &str) -> Result<()> {
    only_operator(actor)?;
    app.db.write(|tx| {
        let person = store::find_login(tx.conn(), email)?.ok_or_else(|| Problem::not_found("account"))?.id;
        if store::find_factor(tx.conn(), person)?.is_none() {
            return Err(Problem::conflict(text(Language::English, "accounts-no-second-factor")));
        }
        store::delete_factor(tx, person)?;
        store::delete_sessions(tx, person)?;
        let event = AuditEvent { person: Some(person), ..AuditEvent::by(actor, AuthEvent::SecondFactorOff, "", "") };
        store::insert_auth_event(tx, &event)?;
        notify(tx, person, "off", &notifications::second_factor_off(Language::English))
    })
}

/// Turns two-factor authentication off.
pub fn remove_second_factor(app: &App, actor: &Actor, password: &str) -> Result<()> {
    let person = require_user(actor, Permission::AccountRead)?;
    ensure_password(app, person, password)?;
    app.db.write(|tx| {
        let was_on = store::find_factor(tx.conn(), person)?.is_some_and(|factor| factor.confirmed);
        store::delete_factor(tx, person)?;
        if was_on { notify(tx, person, "off", &notifications::second_factor_off(Language::English)) } else { Ok(()) }
    })
}

/// Whether signing in takes a second factor for the user.
pub(in crate::accounts) fn is_needed(app: &App, person: UserId) -> Result<bool> {
    Ok(app.db.read(|conn| store::find_factor(conn, person))?.is_some_and(|factor| factor.confirmed))
}

/// The kind of code that was used as the second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactorUsed {
    /// A code of the authenticator.
    Code,
    /// A recovery code.
    RecoveryCode,
}

/// Takes a code of the authenticator or a recovery code, each only once; none when it was not right.
///
/// # Errors
/// `unauthenticated` when the key of the authenticator cannot be opened and it was no recovery code: recovery codes need no key.
pub(in crate::accounts) fn take_code(app: &App, person: UserId, code: &str) -> Result<Option<FactorUsed>> {
    let factor = app.db.read(|conn| store::find_factor(conn, person))?.filter(|factor| factor.confirmed);
    let Some(factor) = factor else { return Ok(None) };
    let plain = authenticator::plain_recovery_code(code);
    let opened = open_key(&app.secrets, person, &factor.sealed_key);
    if let Some((key, sealed)) = &opened
        && let Some(step) = authenticator::step_of(key, &plain, app.clock.now())?
    {
        let anew = (*sealed == Sealed::Previous).then(|| seal_key(&app.secrets, person, key)).transpose()?;
        let used = app.db.write(|tx| {
            if let Some(anew) = &anew {
                store::reseal_factor(tx, person, &factor.sealed_key, anew)?;
            }
            store::use_step(tx, person, step)
        })?;
        // A code whose step was used before is no code: whoever looked over a shoulder has it, too.
        return Ok(used.then_some(FactorUsed::Code));
    }
    let used = app.db.write(|tx| {
        let used = store::use_recovery_code(tx, person, &sha256_hex(plain.as_bytes()))?;
        if used {
            notify(tx, person, "recovery", &notifications::recovery_code_used(Language::English))?;
        }
        Ok(used)
    })?;
    match (used, opened) {
        (true, _) => Ok(Some(FactorUsed::RecoveryCode)),
        (false, Some(_)) => Ok(None),
        (false, None) => {
            log::error!("the key of an authenticator was sealed with another secret key: see `tradepost check`");
            Err(Problem::new(Code::Unauthenticated, text(Language::English, "accounts-authenticator-unreadable")))
        }
    }
}

/// How the keys of the authenticators are sealed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeyRotationStatus {
    /// With the current secret key.
    pub current: usize,
    /// With the previous one.
    pub previous: usize,
    /// With neither: their users sign in with recovery codes.
    pub lost: usize,
}

/// Looks at the keys of all authenticators.
pub fn key_rotation_status(conn: &mut Conn, secrets: &Secrets) -> Result<KeyRotationStatus> {
    let (mut status, mut after) = (KeyRotationStatus::default(), UserId(0));
    loop {
        let batch = store::list_sealed_keys(conn, after, BATCH)?;
        let Some((last, _)) = batch.last() else { return Ok(status) };
        after = *last;
        for (person, sealed) in &batch {
            match open_key(secrets, *person, sealed) {
                Some((_, Sealed::Current)) => status.current += 1,
                Some((_, Sealed::Previous)) => status.previous += 1,
                None => status.lost += 1,
            }
        }
    }
}

/// KeyRotationStatus with the present secret key what was sealed with the previous one, so that that one can go; answers how many. While there is
/// no previous key there is nothing to do.
pub fn reseal_second_factors(app: &App) -> Result<usize> {
    if !app.secrets.has_previous() {
        return Ok(0);
    }
    let count = sweep_rows(
        &app.db,
        "sealing authenticators anew",
        |conn, after: Option<&(UserId, String)>| {
            store::list_sealed_keys(conn, after.map_or(UserId(0), |(user, _)| *user), BATCH)
        },
        |(user, _)| *user,
        |(user, sealed)| {
            let Some((key, Sealed::Previous)) = open_key(&app.secrets, *user, sealed) else { return Ok(false) };
            let anew = seal_key(&app.secrets, *user, &key)?;
            app.db.write(|tx| store::reseal_factor(tx, *user, sealed, &anew))?;
            Ok(true)
        },
    )?;
    if count > 0 {
        log::info!("the keys of {count} authenticators were sealed with the new secret key");
    }
    Ok(count)
}

fn make_codes(tx: &mut Tx, person: UserId) -> Result<Vec<String>> {
    let codes: Vec<String> =
        (0..authenticator::RECOVERY_CODES).map(|_| authenticator::recovery_code(rand::random())).collect();
    let hash = |code: &String| sha256_hex(authenticator::plain_recovery_code(code).as_bytes());
    store::replace_recovery_codes(tx, person, &codes.iter().map(hash).collect::<Vec<_>>())?;
    Ok(codes)
}

fn notify(tx: &mut Tx, person: UserId, what: &str, content: &NotificationText) -> Result<()> {
    let event = format!("second factor {what} {}", tx.now().timestamp_micros());
    notify_user(tx, person, &event, content)
}

fn seal_key(secrets: &Secrets, person: UserId, key: &[u8]) -> Result<String> {
    secrets.seal(Purpose::SecondFactor, &person.to_string(), key)
}

fn open_key(secrets: &Secrets, person: UserId, sealed: &str) -> Option<(Vec<u8>, Sealed)> {
    secrets.open_with_key_age(Purpose::SecondFactor, &person.to_string(), sealed)
}
