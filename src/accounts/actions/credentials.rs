//! Use cases: changing the password or the e-mail address, by somebody who shows that they know the current password.

use super::links::{self, LinkOutcome, LinkRequest};
use super::password::ensure_password;
use super::{is_address, joining};
use crate::accounts::actions::notify_user;
use crate::accounts::events::{EmailTarget, SendTokenEmail};
use crate::accounts::rules::{Requester, require_user};
use crate::accounts::sessions::{self, NewSession};
use crate::accounts::{LinkPurpose, notifications, store};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::error::{Code, FieldCode, Problem, Result};
use crate::ids::UserId;
use crate::locale::{Language, text};
use crate::passwords;

/// Sets another password. All sessions end, and the one who asks goes on in a new one.
pub fn change_password(
    app: &App,
    actor: &Actor,
    current: &str,
    password: &str,
    user_agent: &str,
) -> Result<NewSession> {
    let id = require_user(actor, Permission::AccountRead)?;
    let person = app.db.read(|conn| store::find_person(conn, id))?.ok_or_else(|| Problem::not_found("account"))?;
    ensure_password(app, id, current)?;
    passwords::check(password, &[&person.name, &person.email]).map_err(|field| Problem::invalid(vec![field]))?;
    let password_hash = app.hasher.place()?.hash(password)?;
    app.db.write(|tx| {
        store::update_password(tx, id, &password_hash)?;
        store::delete_sessions(tx, id)?;
        store::end_tokens(tx, id)?;
        let event = format!("password {}", tx.now().timestamp_micros());
        notify_user(tx, id, &event, &notifications::password_changed(Language::English))
    })?;
    sessions::rotate_session(app, actor, actor.authorize_draft(Permission::AccountRead)?.company(), user_agent)
}

/// Sends a link to another address, which becomes the person's once the link is used. The answer is the same when the address has an
/// account; then its owner is notified.
pub fn ask_for_new_email(app: &App, actor: &Actor, current: &str, email: &str) -> Result<()> {
    let person = require_user(actor, Permission::AccountRead)?;
    ensure_password(app, person, current)?;
    let email = email.trim();
    if !is_address(email) {
        return Err(Problem::invalid_field(
            "/email",
            FieldCode::Format,
            text(Language::English, "accounts-must-be-email"),
        ));
    }
    app.db.write(|tx| {
        let own = store::find_person(tx.conn(), person)?.ok_or_else(|| Problem::not_found("account"))?;
        let known = store::find_login(tx.conn(), email)?;
        let request = LinkRequest {
            person,
            purpose: LinkPurpose::ChangeEmail,
            by: Requester::KnownDevice,
            // The token's row is the asker's: another person's address has no place in it.
            email: if known.is_some() { &own.email } else { email },
            previous_email: Some(&own.email),
        };
        // Counted the same whether the address has an account or not: the sixth answer would tell.
        let outcome = match &known {
            Some(_) => links::count_only(tx, &request)?,
            None => links::send(app, tx, &request, notifications::new_address(Language::English))?,
        };
        match (outcome, known) {
            (LinkOutcome::QuotaReached, _) => {
                Err(Problem::new(Code::TooManyRequests, text(Language::English, "accounts-enough-today")))
            }
            (LinkOutcome::Sent, None) => Ok(()),
            (LinkOutcome::Sent, Some(known)) => {
                // Its owner is told, at most once a day; the one who asked is told nothing, or addresses could be tried for accounts.
                let event = format!("taken {person} {}", tx.now().date_naive());
                notify_user(tx, known.id, &event, &notifications::address_taken(Language::English))
            }
        }
    })
}

/// Makes another address the person's, by the link that was sent to it; the old address is notified.
pub fn use_new_email(app: &App, secret: &str) -> Result<UserId> {
    let outcome = app.db.write(|tx| {
        let token = links::use_up(tx, LinkPurpose::ChangeEmail, secret)?;
        store::update_email(tx, token.person, &token.email)?;
        // Links that wait in the old mailbox end with it.
        store::end_tokens(tx, token.person)?;
        joining::confirmed(tx, token.person)?;
        let to = EmailTarget::Previous(token.id);
        let notice = SendTokenEmail { to, sealed: None, content: notifications::address_changed(Language::English) };
        notice.enqueue(tx)?;
        Ok(token.person)
    });
    outcome.map_err(|problem| match problem.code {
        Code::Duplicate => Problem::conflict(text(Language::English, "accounts-address-unusable")),
        _ => problem,
    })
}
