//! Use cases: signing up, and confirming the address.
//!
//! Signing up answers the same for an address that has an account and for one that has none: "look at your mail". The letter tells
//! its reader, and nobody else, which it was.

use serde::Deserialize;

use super::links::{self, Link};
use super::{check_person, member_of};
use crate::accounts::store::{self, Address, Login, NewPerson};
use crate::accounts::{LinkPurpose, letters};
use crate::actor::{Actor, Permission, Role};
use crate::app::App;
use crate::companies::actions as companies;
use crate::companies::{CompanyFields, Form};
use crate::error::{Code, Problem, Result};
use crate::ids::PersonId;
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

/// Makes a person and their company, both unconfirmed, and sends the letter that confirms them. For an address that has an account
/// nothing changes, and the letter says so. Answers who was made; for the record, and nothing to tell whoever signs up.
pub fn sign_up(app: &App, new: &SignUp) -> Result<Option<PersonId>> {
    check_person(&new.name, &new.email, &new.password, &[&new.company])?;
    let mut fields = CompanyFields { form: new.form, ..CompanyFields::new(new.company.trim(), new.country) };
    fields.check()?;
    let password_hash = app.hasher.hash(&new.password)?;
    let join = |tx: &mut Tx| match store::find_login(tx.conn(), &new.email)? {
        Some(known) => tell_of_account(app, tx, &known).map(|()| None),
        None => found(app, tx, new, &fields, &password_hash).map(Some),
    };
    match app.db.write(join) {
        // Somebody was faster with the same address.
        Err(problem) if problem.code == Code::Duplicate => app.db.write(join),
        outcome => outcome,
    }
}

fn found(app: &App, tx: &mut Tx, new: &SignUp, fields: &CompanyFields, password_hash: &str) -> Result<PersonId> {
    let company = companies::register_unconfirmed(tx, fields)?;
    let person = NewPerson {
        email: new.email.trim(),
        name: new.name.trim(),
        password_hash,
        platform_role: None,
        address: Address::Unconfirmed,
    };
    let person = store::insert_person(tx, &person)?;
    store::insert_member(tx, company, person, Role::Owner)?;
    links::send_to_person(app, tx, person, LinkPurpose::ConfirmEmail, letters::confirm_address())?;
    Ok(person)
}

fn tell_of_account(app: &App, tx: &mut Tx, known: &Login) -> Result<()> {
    if known.disabled {
        return Ok(());
    }
    links::send_to_person(app, tx, known.id, LinkPurpose::ResetPassword, letters::account_exists()).map(|_| ())
}

/// Sends the confirming letter again.
///
/// # Errors
/// `conflict` when the address is confirmed; `too_many_requests` after some letters in a day.
pub fn send_confirmation_again(app: &App, actor: &Actor) -> Result<()> {
    let person = member_of(actor, Permission::AccountRead)?;
    app.db.write(|tx| {
        let known = store::find_login_of(tx.conn(), person)?.ok_or_else(|| Problem::not_found("account"))?;
        if known.confirmed {
            return Err(Problem::conflict("Your e-mail address is confirmed."));
        }
        match links::send_to_person(app, tx, person, LinkPurpose::ConfirmEmail, letters::confirm_address())? {
            Link::Sent => Ok(()),
            Link::TooMany => Err(Problem::new(
                Code::TooManyRequests,
                "We sent you several letters today. Look into the folder for unwanted mail, or try again tomorrow.",
            )),
        }
    })
}

/// Confirms an address by the link that was sent to it; the person's companies take part from then on. Answers whose it is.
pub fn confirm_email(app: &App, secret: &str) -> Result<PersonId> {
    app.db.write(|tx| {
        let token = links::use_up(tx, LinkPurpose::ConfirmEmail, secret)?;
        confirmed(tx, token.person)?;
        Ok(token.person)
    })
}

/// Notes that the person has read a letter to their address.
pub(super) fn confirmed(tx: &mut Tx, person: PersonId) -> Result<()> {
    store::mark_confirmed(tx, person)?;
    for membership in store::list_memberships(tx.conn(), person)? {
        companies::confirm(tx, membership.company)?;
    }
    Ok(())
}
