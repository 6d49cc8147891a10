//! Use cases: another password, another address; both by somebody who shows that they know the present password.

use super::links::{self, Link, Wanted};
use super::{is_address, joining, member_of};
use crate::accounts::jobs::{SendLink, To};
use crate::accounts::notify::tell_person;
use crate::accounts::sessions::{self, Opened};
use crate::accounts::{LinkPurpose, letters, store, throttle};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::error::{Code, FieldCode, Problem, Result};
use crate::ids::PersonId;
use crate::passwords;

/// Makes sure that whoever asks knows the password: an open session alone does not change what protects the account.
pub(super) fn ensure_password(app: &App, person: PersonId, password: &str) -> Result<()> {
    let login = app.db.read(|conn| store::find_login_of(conn, person))?.ok_or_else(|| Problem::not_found("account"))?;
    let charged = throttle::charge_person(app, person)?;
    if app.hasher.is_right(password, Some(&login.password_hash)) {
        return charged.succeeded(app);
    }
    Err(Problem::invalid_field("/current_password", FieldCode::Contradiction, "is not right"))
}

/// Sets another password. All sessions end, and the one who asks goes on in a new one.
pub fn change_password(app: &App, actor: &Actor, current: &str, password: &str, user_agent: &str) -> Result<Opened> {
    let id = member_of(actor, Permission::AccountRead)?;
    let person = app.db.read(|conn| store::find_person(conn, id))?.ok_or_else(|| Problem::not_found("account"))?;
    ensure_password(app, id, current)?;
    passwords::check(password, &[&person.name, &person.email]).map_err(|field| Problem::invalid(vec![field]))?;
    let password_hash = app.hasher.hash(password)?;
    app.db.write(|tx| {
        store::update_password(tx, id, &password_hash)?;
        store::delete_sessions(tx, id)?;
        store::end_tokens(tx, id)?;
        let event = format!("password {}", tx.now().timestamp_micros());
        tell_person(tx, id, &event, &letters::password_changed())
    })?;
    sessions::replace(app, actor, actor.may_prepare(Permission::AccountRead)?.company(), user_agent)
}

/// Sends a link to another address, which becomes the person's once the link is used. The answer is the same when the address has an
/// account; then its owner is told.
pub fn ask_for_new_email(app: &App, actor: &Actor, current: &str, email: &str) -> Result<()> {
    let person = member_of(actor, Permission::AccountRead)?;
    ensure_password(app, person, current)?;
    let email = email.trim();
    if !is_address(email) {
        return Err(Problem::invalid_field(
            "/email",
            FieldCode::Format,
            "must be an e-mail address like anna@example.com",
        ));
    }
    app.db.write(|tx| {
        let own = store::find_person(tx.conn(), person)?.ok_or_else(|| Problem::not_found("account"))?;
        if let Some(known) = store::find_login(tx.conn(), email)? {
            let event = format!("taken {person} {}", tx.now().date_naive());
            return tell_person(tx, known.id, &event, &letters::address_taken());
        }
        let wanted = Wanted { person, purpose: LinkPurpose::ChangeEmail, email, previous_email: Some(&own.email) };
        match links::send(app, tx, &wanted, letters::new_address())? {
            Link::Sent => Ok(()),
            Link::TooMany => Err(Problem::new(Code::TooManyRequests, "That is enough for today; try again tomorrow.")),
        }
    })
}

/// Makes another address the person's, by the link that was sent to it; the old address is told.
pub fn use_new_email(app: &App, secret: &str) -> Result<PersonId> {
    let outcome = app.db.write(|tx| {
        let token = links::use_up(tx, LinkPurpose::ChangeEmail, secret)?;
        store::update_email(tx, token.person, &token.email)?;
        store::end_tokens(tx, token.person)?;
        joining::confirmed(tx, token.person)?;
        let to = To::Previous(token.id);
        let notice = SendLink { to, sealed: None, content: letters::address_changed() };
        notice.enqueue(tx)?;
        Ok(token.person)
    });
    outcome.map_err(|problem| match problem.code {
        Code::Duplicate => Problem::conflict("The address cannot be used for this account."),
        _ => problem,
    })
}
