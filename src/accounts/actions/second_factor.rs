//! Use cases: an authenticator as the second step of signing in.

use super::credentials::ensure_password;
use super::member_of;
use crate::accounts::authenticator::{self, Enrolment};
use crate::accounts::notify::tell_person;
use crate::accounts::store;
use crate::accounts::{letters, sessions};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::error::{Code, FieldCode, Problem, Result};
use crate::ids::PersonId;
use crate::mail::Content;
use crate::secrets::{Purpose, Sealed, Secrets, sha256_hex};
use crate::store::{Conn, Tx};

/// How many sealed keys are looked at in one go.
const BATCH: i64 = 500;

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
    let person = member_of(actor, Permission::AccountRead)?;
    ensure_password(app, person, password)?;
    let key = rand::random::<[u8; authenticator::KEY_BYTES]>();
    let sealed = seal_key(&app.secrets, person, &key)?;
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
    let opened = factor.and_then(|factor| open_key(&app.secrets, person, &factor.sealed_key));
    let (key, _) = opened.ok_or_else(|| Problem::conflict("There is no authenticator that waits for a code."))?;
    let step = authenticator::step_of(&key, code, app.clock.now())?;
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

/// What was taken as the second step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// A code of the authenticator.
    Code,
    /// A recovery code.
    RecoveryCode,
}

/// Takes a code of the authenticator or a recovery code, each only once; none when it was not right.
///
/// # Errors
/// `unauthenticated` when the key of the authenticator cannot be opened and it was no recovery code: recovery codes need no key.
pub(in crate::accounts) fn take_code(app: &App, person: PersonId, code: &str) -> Result<Option<Taken>> {
    let factor = app.db.read(|conn| store::find_factor(conn, person))?.filter(|factor| factor.confirmed);
    let Some(factor) = factor else { return Ok(None) };
    let plain = authenticator::plain_recovery_code(code);
    let opened = open_key(&app.secrets, person, &factor.sealed_key);
    if let Some((key, sealed)) = &opened
        && let Some(step) = authenticator::step_of(key, &plain, app.clock.now())?
    {
        let anew = (*sealed == Sealed::Before).then(|| seal_key(&app.secrets, person, key)).transpose()?;
        let used = app.db.write(|tx| {
            if let Some(anew) = &anew {
                store::reseal_factor(tx, person, &factor.sealed_key, anew)?;
            }
            store::use_step(tx, person, step)
        })?;
        return Ok(used.then_some(Taken::Code));
    }
    let used = app.db.write(|tx| {
        let used = store::use_recovery_code(tx, person, &sha256_hex(plain.as_bytes()))?;
        if used {
            tell(tx, person, "recovery", &letters::recovery_code_used())?;
        }
        Ok(used)
    })?;
    match (used, opened) {
        (true, _) => Ok(Some(Taken::RecoveryCode)),
        (false, Some(_)) => Ok(None),
        (false, None) => {
            log::error!("the key of an authenticator was sealed with another secret key: see `tradepost check`");
            Err(Problem::new(
                Code::Unauthenticated,
                "The codes of your authenticator cannot be checked at the moment. Sign in with a recovery code.",
            ))
        }
    }
}

/// How the keys of the authenticators are sealed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seals {
    /// With the present secret key.
    pub now: usize,
    /// With the previous one.
    pub before: usize,
    /// With neither: these people sign in with recovery codes.
    pub lost: usize,
}

/// Looks at the keys of all authenticators.
pub fn count_seals(conn: &mut Conn, secrets: &Secrets) -> Result<Seals> {
    let (mut seals, mut after) = (Seals::default(), PersonId(0));
    loop {
        let batch = store::list_sealed_keys(conn, after, BATCH)?;
        let Some((last, _)) = batch.last() else { return Ok(seals) };
        after = *last;
        for (person, sealed) in &batch {
            match open_key(secrets, *person, sealed) {
                Some((_, Sealed::Now)) => seals.now += 1,
                Some((_, Sealed::Before)) => seals.before += 1,
                None => seals.lost += 1,
            }
        }
    }
}

/// Seals with the present secret key what was sealed with the previous one, so that that one can go; answers how many. While there is
/// no previous key there is nothing to do.
pub fn reseal_second_factors(app: &App) -> Result<usize> {
    let (mut count, mut after) = (0, PersonId(0));
    while app.secrets.has_previous() {
        let batch = app.db.read(|conn| store::list_sealed_keys(conn, after, BATCH))?;
        let Some((last, _)) = batch.last() else { break };
        after = *last;
        for (person, sealed) in &batch {
            if let Some((key, Sealed::Before)) = open_key(&app.secrets, *person, sealed) {
                let anew = seal_key(&app.secrets, *person, &key)?;
                app.db.write(|tx| store::reseal_factor(tx, *person, sealed, &anew))?;
                count += 1;
            }
        }
    }
    if count > 0 {
        log::info!("the keys of {count} authenticators were sealed with the new secret key");
    }
    Ok(count)
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

fn seal_key(secrets: &Secrets, person: PersonId, key: &[u8]) -> Result<String> {
    secrets.seal(Purpose::SecondFactor, &person.to_string(), key)
}

fn open_key(secrets: &Secrets, person: PersonId, sealed: &str) -> Option<(Vec<u8>, Sealed)> {
    secrets.open_telling(Purpose::SecondFactor, &person.to_string(), sealed)
}
