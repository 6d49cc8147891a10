//! Use cases: a forgotten password.

use super::{joining, links};
use crate::accounts::actions::notify_user;
use crate::accounts::audit::{self, AuditEvent};
use crate::accounts::events::AccountRequest;
use crate::accounts::{LinkPurpose, notifications, store};
use crate::app::App;
use crate::error::{Problem, Result};
use crate::ids::UserId;
use crate::locale::Language;
use crate::passwords;

/// Has a link for a new password sent to the address, if it has an account. The answer is the same in any case, and so is the work:
/// a job finds out whether there is anything to send.
pub fn ask_for_reset(app: &App, email: &str, asked: AuditEvent) -> Result<()> {
    AccountRequest::NewPassword { email: email.to_owned() }.enqueue(app, asked)
}

/// Sends the link, unless the address has no account, or was sent enough of them for today.
pub(in crate::accounts) fn send_reset(app: &App, email: &str, mut asked: AuditEvent) -> Result<()> {
    app.db.write(|tx| {
        asked.person = store::find_login(tx.conn(), email)?.filter(|known| !known.disabled).map(|known| known.id);
        store::insert_auth_event(tx, &asked)?;
        let Some(person) = asked.person else { return Ok(()) };
        links::send_to_user(app, tx, person, LinkPurpose::ResetPassword, notifications::new_password(Language::English))
            .map(|_| ())
    })?;
    audit::log_event(&asked);
    Ok(())
}

/// Sets a new password by the link that was sent. Every session and every other link of the person ends; nobody is signed in by it.
pub fn reset_password(app: &App, secret: &str, password: &str) -> Result<UserId> {
    // Looked up before the password is hashed, used up after it: a guess at a link costs no hash, and no connection waits for one.
    let token = links::look_up(app, LinkPurpose::ResetPassword, secret)?;
    let person = app.db.read(|conn| store::find_person(conn, token.person))?;
    let person = person.ok_or_else(|| Problem::not_found("account"))?;
    passwords::check(password, &[&person.name, &person.email]).map_err(|field| Problem::invalid(vec![field]))?;
    let password_hash = app.hasher.hash(password)?;
    app.db.write(|tx| {
        let token = links::use_up(tx, LinkPurpose::ResetPassword, secret)?;
        store::update_password(tx, token.person, &password_hash)?;
        // Whoever had the old password may be signed in with it.
        store::delete_sessions(tx, token.person)?;
        // Older links were sent to the same mailbox, perhaps for somebody else who reads it.
        store::end_tokens(tx, token.person)?;
        // Who has read the e-mail owns the address.
        joining::confirmed(tx, token.person)?;
        notify_user(
            tx,
            token.person,
            &format!("password {}", token.id),
            &notifications::password_changed(Language::English),
        )?;
        Ok(token.person)
    })
}
