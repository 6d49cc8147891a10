//! Use cases: signing up, and confirming the address.
//!
//! Signing up answers the same, after the same work, for an address that has an account and for one that has none: "look at your
//! mail". What was typed is checked and put down; a job finds out which of the two it is, and its e-mail tells the reader, and nobody
//! else.

use serde::Deserialize;

use super::check_person;
use super::links::{self, LinkOutcome};
use crate::accounts::audit::{self, AuditEvent};
use crate::accounts::events::{AccountRequest, Newcomer};
use crate::accounts::rules::{Requester, require_user};
use crate::accounts::store::{self, Address, Login, NewUser};
use crate::accounts::{LinkPurpose, notifications};
use crate::actor::{Actor, Permission, Role};
use crate::app::App;
use crate::companies::actions as companies;
use crate::companies::{CompanyFields, Form};
use crate::error::{Code, Problem, Result};
use crate::ids::UserId;
use crate::locale::{Language, text};
use crate::reference::codes::Country;
use crate::store::Tx;

/// What a new person and their company say of themselves.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignUp {
    /// The person's name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their password.
    pub password: String,
    /// The company's name.
    pub company: String,
    /// Its country.
    pub country: Country,
    /// What it is.
    pub form: Form,
}

fn fields_of(name: &str, country: Country, form: Form) -> Result<CompanyFields> {
    let mut fields = CompanyFields { form, ..CompanyFields::new(name.trim(), country) };
    fields.check()?;
    Ok(fields)
}

/// Checks what was typed and puts it down; [`join`] makes an account of it, if the address has none.
///
/// # Errors
/// `invalid`, naming the fields.
pub fn sign_up(app: &App, new: SignUp, asked: AuditEvent) -> Result<()> {
    check_person(&new.name, &new.email, &new.password, &[&new.company])?;
    fields_of(&new.company, new.country, new.form)?;
    // Hashed here and not in the job: a password in clear must not stand in the table of jobs.
    let password_hash = app.hasher.place()?.hash(&new.password)?;
    let SignUp { name, email, company, country, form, .. } = new;
    let newcomer = Newcomer { name, email, password_hash, company, country, form };
    AccountRequest::SignUp(newcomer).enqueue(app, asked)
}

/// Makes the person and their company, both unconfirmed, and sends the e-mail that confirms them. For an address that has an account
/// nothing changes, and the e-mail says so. The id that the person will have is the same on every run, so that nobody is made twice.
pub(in crate::accounts) fn join(app: &App, id: UserId, new: &Newcomer, mut asked: AuditEvent) -> Result<()> {
    let fields = fields_of(&new.company, new.country, new.form)?;
    let join = |tx: &mut Tx| {
        if store::find_login_of(tx.conn(), id)?.is_some() {
            // An earlier run of the job came as far as this, and no further.
            return Ok(None);
        }
        let known = store::find_login(tx.conn(), &new.email)?;
        match &known {
            Some(known) => notify_of_existing_account(app, tx, known)?,
            None => create_account(app, tx, id, new, &fields)?,
        }
        let made = known.is_none().then_some(id);
        store::insert_auth_event(tx, &AuditEvent { person: made, ..asked.clone() })?;
        Ok(Some(made))
    };
    let made = match app.db.write(join) {
        // Somebody was faster with the same address.
        Err(problem) if problem.code == Code::Duplicate => app.db.write(join)?,
        outcome => outcome?,
    };
    if let Some(person) = made {
        asked.person = person;
        audit::log_event(&asked);
    }
    Ok(())
}

fn create_account(app: &App, tx: &mut Tx, id: UserId, new: &Newcomer, fields: &CompanyFields) -> Result<()> {
    let company = companies::register_unconfirmed(tx, fields)?;
    let person = NewUser {
        id,
        email: new.email.trim(),
        name: new.name.trim(),
        password_hash: &new.password_hash,
        platform_role: None,
        address: Address::Unconfirmed,
    };
    store::insert_person(tx, &person)?;
    store::insert_member(tx, company, id, Role::Owner)?;
    links::send_to_user(
        app,
        tx,
        id,
        LinkPurpose::ConfirmEmail,
        Requester::Stranger,
        notifications::confirm_address(Language::English),
    )
    .map(|_| ())
}

fn notify_of_existing_account(app: &App, tx: &mut Tx, known: &Login) -> Result<()> {
    // To an account that was closed nothing is sent: its reader asked for that.
    if known.disabled {
        return Ok(());
    }
    links::send_to_user(
        app,
        tx,
        known.id,
        LinkPurpose::ResetPassword,
        Requester::Stranger,
        notifications::account_exists(Language::English),
    )
    .map(|_| ())
}

/// Sends the confirming e-mail again.
///
/// # Errors
/// `conflict` when the address is confirmed; `too_many_requests` after some e-mails in a day.
pub fn send_confirmation_again(app: &App, actor: &Actor) -> Result<()> {
    let person = require_user(actor, Permission::AccountRead)?;
    app.db.write(|tx| {
        let known = store::find_login_of(tx.conn(), person)?.ok_or_else(|| Problem::not_found("account"))?;
        if known.confirmed {
            return Err(Problem::conflict(text(Language::English, "accounts-confirmed-already")));
        }
        match links::send_to_user(
            app,
            tx,
            person,
            LinkPurpose::ConfirmEmail,
            Requester::Stranger,
            notifications::confirm_address(Language::English),
        )? {
            LinkOutcome::Sent => Ok(()),
            LinkOutcome::QuotaReached => {
                Err(Problem::new(Code::TooManyRequests, text(Language::English, "accounts-confirmation-quota")))
            }
        }
    })
}

/// Confirms an address by the link that was sent to it; the person's companies take part from then on. Answers whose it is.
pub fn confirm_email(app: &App, secret: &str) -> Result<UserId> {
    app.db.write(|tx| {
        let token = links::use_up(tx, LinkPurpose::ConfirmEmail, secret)?;
        confirmed(tx, token.person)?;
        Ok(token.person)
    })
}

/// Notes that the person has read an e-mail to their address.
pub(super) fn confirmed(tx: &mut Tx, person: UserId) -> Result<()> {
    store::mark_confirmed(tx, person)?;
    for membership in store::list_memberships(tx.conn(), person)? {
        companies::confirm(tx, membership.company)?;
    }
    Ok(())
}
