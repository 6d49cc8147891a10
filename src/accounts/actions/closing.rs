//! Use case: deleting one's account.
//!
//! The person is pseudonymised: name, address and password go, and with them everything that lets somebody in. What they did for a
//! company stays with the company's name. A company whose last person goes is closed: nobody else sees it any more, its programs
//! are locked out, and the ledgers of its partners stay whole.

use super::password::ensure_password;
use crate::accounts::events::{EmailTarget, SendTokenEmail};
use crate::accounts::rules::require_user;
use crate::accounts::store::NewToken;
use crate::accounts::{LinkPurpose, notifications, rules, store};
use crate::actor::{Actor, Permission, Scope};
use crate::app::App;
use crate::companies::actions as companies;
use crate::error::{Code, Problem, Result};
use crate::ids::UserId;
use crate::locale::Language;
use crate::secrets::{random_token, sha256_hex};
use crate::store::{SWEEP_BATCH, Tx, sweep_rows};

/// Deletes the account of somebody who shows that they know its password.
///
/// # Errors
/// `conflict` when they are the last owner of a company that has other people: these would be left without one.
pub fn close_account(app: &App, actor: &Actor, password: &str) -> Result<()> {
    let id = require_user(actor, Permission::AccountRead)?;
    ensure_password(app, id, password)?;
    app.db.write(|tx| {
        let person = store::find_person(tx.conn(), id)?.ok_or_else(|| Problem::not_found("account"))?;
        pseudonymise_account(tx, id, &person.email)?;
        notify_of_closing(tx, id, &person.email)
    })
}

/// Deletes the accounts whose address nobody has confirmed for 30 days, without an e-mail to it: most likely it is not theirs. The last
/// owner of a company that has other people stays. Answers how many were deleted.
pub fn purge_unconfirmed(app: &App) -> Result<usize> {
    let before = app.clock.now() - rules::UNCONFIRMED_RETENTION;
    sweep_rows(
        &app.db,
        "forgetting unconfirmed accounts",
        |conn, after: Option<&(UserId, String)>| {
            store::list_unconfirmed(conn, before, after.map(|(user, _)| *user), SWEEP_BATCH)
        },
        |(user, _)| *user,
        |(user, email)| match app.db.write(|tx| pseudonymise_account(tx, *user, email)) {
            Ok(()) => Ok(true),
            // The last owner of a company that has other people is no failure.
            Err(problem) if problem.code == Code::Conflict => Ok(false),
            Err(problem) => Err(problem),
        },
    )
}

fn pseudonymise_account(tx: &mut Tx, person: UserId, email: &str) -> Result<()> {
    for membership in store::list_memberships(tx.conn(), person)? {
        leave(tx, person, Scope::of_operator(&Actor::Operator, membership.company)?)?;
    }
    store::delete_sessions(tx, person)?;
    store::delete_factor(tx, person)?;
    store::delete_auth_events(tx, person)?;
    store::delete_person_traces(tx, person, email)?;
    store::pseudonymise(tx, person)
}

fn leave(tx: &mut Tx, person: UserId, scope: Scope) -> Result<()> {
    let members = store::list_members(tx.conn(), scope)?;
    if members.len() > 1 {
        rules::ensure_owner_stays(&members, person, None).map_err(Problem::conflict)?;
        store::revoke_keys_of_member(tx, scope, person)?;
    } else {
        companies::close(tx, scope.company())?;
        store::revoke_keys(tx, scope)?;
    }
    store::delete_member(tx, scope, person)
}

/// The e-mail is sent after the address is gone from the account; until then it is in a token's row, which is forgotten after a day.
fn notify_of_closing(tx: &mut Tx, person: UserId, email: &str) -> Result<()> {
    let unusable = sha256_hex(random_token().as_bytes());
    let row = NewToken {
        person,
        purpose: LinkPurpose::AccountClosed,
        secret_hash: &unusable,
        email,
        previous_email: Some(email),
        expires_at: tx.now(),
    };
    let to = EmailTarget::Previous(store::insert_token(tx, &row)?);
    let notice = SendTokenEmail { to, sealed: None, content: notifications::account_closed(Language::English) };
    notice.enqueue(tx)
}
