//! Use cases: a forgotten password.

use super::{joining, links};
use crate::accounts::actions::notify_user;
use crate::accounts::audit::{self, AuditEvent};
use crate::accounts::devices::{self, KnownDevice, Origin};
use crate::accounts::events::AccountRequest;
use crate::accounts::rules::Requester;
use crate::accounts::{LinkPurpose, notifications, store};
use crate::actor::{Actor, Scope};
use crate::app::App;
use crate::error::{Problem, Result};
use crate::ids::UserId;
use crate::locale::Language;
use crate::passwords;
use crate::store::Tx;

/// Has a link for a new password sent to the address, if it has an account. The answer is the same in any case, and so is the work:
/// a job finds out whether there is anything to send.
pub fn ask_for_reset(app: &App, email: &str, device: Option<KnownDevice>, asked: AuditEvent) -> Result<()> {
    let known_to = device.map(|device| device.users().to_vec()).unwrap_or_default();
    AccountRequest::NewPassword { email: email.to_owned(), known_to }.enqueue(app, asked)
}

/// Sends the link, unless the address has no account, or was sent enough of them for today.
pub(in crate::accounts) fn send_reset(
    app: &App,
    email: &str,
    known_to: &[UserId],
    mut asked: AuditEvent,
) -> Result<()> {
    app.db.write(|tx| {
        asked.person = store::find_login(tx.conn(), email)?.filter(|known| !known.disabled).map(|known| known.id);
        store::insert_auth_event(tx, &asked)?;
        let Some(person) = asked.person else { return Ok(()) };
        let by = if known_to.contains(&person) { Requester::KnownDevice } else { Requester::Stranger };
        let content = notifications::new_password(Language::English);
        links::send_to_user(app, tx, person, LinkPurpose::ResetPassword, by, content).map(|_| ())
    })?;
    audit::log_event(&asked);
    Ok(())
}

/// Sets a new password by the link that was sent. Every session and every other link of the person ends; nobody is signed in by it, but
/// the network of `origin` is known from then on.
pub fn reset_password(app: &App, secret: &str, password: &str, origin: &Origin) -> Result<UserId> {
    // Looked up before the password is hashed, used up after it: a guess at a link costs no hash, and no connection waits for one.
    let token = links::look_up(app, LinkPurpose::ResetPassword, secret)?;
    let person = app.db.read(|conn| store::find_person(conn, token.person))?;
    let person = person.ok_or_else(|| Problem::not_found("account"))?;
    passwords::check(password, &[&person.name, &person.email]).map_err(|field| Problem::invalid(vec![field]))?;
    let password_hash = app.hasher.place()?.hash(password)?;
    app.db.write(|tx| {
        let token = links::use_up(tx, LinkPurpose::ResetPassword, secret)?;
        store::update_password(tx, token.person, &password_hash)?;
        // Whoever had the old password may be signed in with it.
        store::delete_sessions(tx, token.person)?;
        // Older links were sent to the same mailbox, perhaps for somebody else who reads it.
        store::end_tokens(tx, token.person)?;
        forget_what_strangers_set_up(tx, token.person)?;
        // Who has read the e-mail owns the address.
        joining::confirmed(tx, token.person)?;
        devices::remember_network(app, tx, token.person, &origin.network)?;
        notify_user(
            tx,
            token.person,
            &format!("password {}", token.id),
            &notifications::password_changed(Language::English),
        )?;
        Ok(token.person)
    })
}

/// Somebody may have signed up with an address that is not theirs, and have prepared the account for the day its owner comes: until the
/// address is confirmed, nothing but the link shows whose account it is.
fn forget_what_strangers_set_up(tx: &mut Tx, person: UserId) -> Result<()> {
    let login = store::find_login_of(tx.conn(), person)?.ok_or_else(|| Problem::not_found("account"))?;
    if login.confirmed {
        return Ok(());
    }
    store::delete_factor(tx, person)?;
    store::delete_networks(tx, person)?;
    for membership in store::list_memberships(tx.conn(), person)? {
        let scope = Scope::of_operator(&Actor::Operator, membership.company)?;
        store::revoke_keys_of_member(tx, scope, person)?;
    }
    Ok(())
}
