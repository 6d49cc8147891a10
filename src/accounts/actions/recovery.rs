//! Use cases: a forgotten password.

use super::{joining, links};
use crate::accounts::events::{self, NewHappened};
use crate::accounts::jobs::AnswerReset;
use crate::accounts::notify::tell_person;
use crate::accounts::{LinkPurpose, letters, store};
use crate::app::App;
use crate::error::{Problem, Result};
use crate::ids::PersonId;
use crate::outbox::{Options, enqueue};
use crate::passwords;

/// Has a link for a new password sent to the address, if it has an account. The answer is the same in any case, and so is the work:
/// that somebody asked is noted, and a job that finds out whether there is anything to send is enqueued.
pub fn ask_for_reset(app: &App, email: &str, mut asked: NewHappened) -> Result<()> {
    app.db.write(|tx| {
        let known = store::find_login(tx.conn(), email)?.filter(|known| !known.disabled);
        asked.person = known.map(|known| known.id);
        store::insert_auth_event(tx, &asked)?;
        enqueue(tx, &AnswerReset { person: asked.person }, Options::default())
    })?;
    events::log(&asked);
    Ok(())
}

/// Sends the link, unless the account was closed in the meantime or was sent enough of them for today.
pub(in crate::accounts) fn send_reset(app: &App, person: PersonId) -> Result<()> {
    app.db.write(|tx| {
        if store::find_login_of(tx.conn(), person)?.is_none_or(|known| known.disabled) {
            return Ok(());
        }
        links::send_to_person(app, tx, person, LinkPurpose::ResetPassword, letters::new_password()).map(|_| ())
    })
}

/// Sets a new password by the link that was sent. Every session and every other link of the person ends; nobody is signed in by it.
pub fn reset_password(app: &App, secret: &str, password: &str) -> Result<PersonId> {
    let token = links::look_up(app, LinkPurpose::ResetPassword, secret)?;
    let person = app.db.read(|conn| store::find_person(conn, token.person))?;
    let person = person.ok_or_else(|| Problem::not_found("account"))?;
    passwords::check(password, &[&person.name, &person.email]).map_err(|field| Problem::invalid(vec![field]))?;
    let password_hash = app.hasher.hash(password)?;
    app.db.write(|tx| {
        let token = links::use_up(tx, LinkPurpose::ResetPassword, secret)?;
        store::update_password(tx, token.person, &password_hash)?;
        store::delete_sessions(tx, token.person)?;
        store::end_tokens(tx, token.person)?;
        // Who has read the letter owns the address.
        joining::confirmed(tx, token.person)?;
        tell_person(tx, token.person, &format!("password {}", token.id), &letters::password_changed())?;
        Ok(token.person)
    })
}
