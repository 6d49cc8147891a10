//! Use cases of contact people: a company keeps its own.

use super::store;
use super::{Contact, ContactFields, READ_ONLY};
use crate::actor::{Actor, Permission, Scope};
use crate::app::App;
use crate::error::{Problem, Result};
use crate::ids::{CompanyId, ContactId};
use crate::locale::{Language, Message};
use crate::store::{IdempotencyKey, Idempotent, ensure_version};
use crate::wire;

/// A company has so many contact people at most.
pub const MAX_CONTACTS: i64 = 20;

/// The scope of the company that is named, which must be the actor's own: another's has no contacts that anyone could ask for.
fn own(actor: &Actor, company: CompanyId, permission: Permission) -> Result<Scope> {
    let scope = actor.authorize(permission)?;
    if scope.company() == company { Ok(scope) } else { Err(Problem::not_found("company")) }
}

fn absent() -> Problem {
    Problem::not_found("contact")
}

/// The contact people of one's own company, oldest first.
pub fn list(app: &App, actor: &Actor, company: CompanyId) -> Result<Vec<Contact>> {
    own(actor, company, Permission::AccountRead)?;
    app.db.read(|conn| store::list_of(conn, company))
}

/// One contact person of one's own company.
pub fn find(app: &App, actor: &Actor, company: CompanyId, id: ContactId) -> Result<Contact> {
    let scope = own(actor, company, Permission::AccountRead)?;
    app.db.read(|conn| store::find(conn, scope, id))?.ok_or_else(absent)
}

/// The same after a write; a key that may only write sees what it wrote.
pub fn find_written(app: &App, actor: &Actor, company: CompanyId, id: ContactId) -> Result<Contact> {
    let scope = own(actor, company, Permission::AccountWrite)?;
    app.db.read(|conn| store::find(conn, scope, id))?.ok_or_else(absent)
}

/// Adds a contact person.
///
/// # Errors
/// 401, 403; `not_found` for another company; `invalid` naming the fields; `conflict` when there are 20 already.
pub fn create(
    app: &App,
    actor: &Actor,
    company: CompanyId,
    mut fields: ContactFields,
    once: Option<&IdempotencyKey>,
) -> Result<Idempotent<ContactId>> {
    let scope = own(actor, company, Permission::AccountWrite)?;
    fields.check()?;
    app.db.write_idempotent(once, |tx| {
        // In the transaction, so that two at once do not both find the last place free.
        if store::count(tx.conn(), scope)? >= MAX_CONTACTS {
            return Err(Problem::conflict(
                Message::new("companies-contacts-most").with("most", MAX_CONTACTS).text(Language::English),
            ));
        }
        store::insert(tx, scope, &fields)
    })
}

/// Changes a contact person by an RFC 7396 patch.
pub fn change(
    app: &App,
    actor: &Actor,
    company: CompanyId,
    id: ContactId,
    expected: Option<i64>,
    patch: &serde_json::Value,
) -> Result<()> {
    let scope = own(actor, company, Permission::AccountWrite)?;
    app.db.write(|tx| {
        let mut contact = store::find(tx.conn(), scope, id)?.ok_or_else(absent)?;
        ensure_version(expected, contact.version)?;
        contact.fields = wire::merge_patch(&contact.fields, patch.clone(), READ_ONLY)?;
        contact.fields.check()?;
        store::update(tx, &contact)
    })
}

/// Removes a contact person.
pub fn delete(app: &App, actor: &Actor, company: CompanyId, id: ContactId, expected: Option<i64>) -> Result<()> {
    let scope = own(actor, company, Permission::AccountWrite)?;
    app.db.write(|tx| {
        let contact = store::find(tx.conn(), scope, id)?.ok_or_else(absent)?;
        ensure_version(expected, contact.version)?;
        store::delete(tx, contact.id)
    })
}
