//! Use cases: a forgotten password.

use super::{joining, links};
use crate::accounts::events::{self, NewHappened};
use crate::accounts::jobs::{self, Asked};
use crate::accounts::notify::tell_person;
use crate::accounts::{LinkPurpose, letters, store};
use crate::app::App;
use crate::error::{Problem, Result};
use crate::ids::PersonId;
use crate::passwords;

/// Has a link for a new password sent to the address, if it has an account. The answer is the same in any case, and so is the work:
/// a job finds out whether there is anything to send.
pub fn ask_for_reset(app: &App, email: &str, asked: NewHappened) -> Result<()> {
    jobs::answer_later(app, &Asked::NewPassword { email: email.to_owned() }, asked)
}

/// Sends the link, unless the address has no account, or was sent enough of them for today.
pub(in crate::accounts) fn send_reset(app: &App, email: &str, mut asked: NewHappened) -> Result<()> {
    app.db.write(|tx| {
        asked.person = store::find_login(tx.conn(), email)?.filter(|known| !known.disabled).map(|known| known.id);
        store::insert_auth_event(tx, &asked)?;
        let Some(person) = asked.person else { return Ok(()) };
        links::send_to_person(app, tx, person, LinkPurpose::ResetPassword, letters::new_password()).map(|_| ())
    })?;
    events::log(&asked);
    Ok(())
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
