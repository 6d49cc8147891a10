//! Use cases of companies: registering, reading, changing the profile.

use super::events::{CompanyClosed, DoubtfulName};
use super::evidence::{self, EvidenceItem};
use super::identifiers::{self, IdentifierKind};
use super::names;
use super::store::{self, CheckedIdentifier};
use super::{Certification, Company, CompanyFields, CompanyState, Identifier, IdentifierState, READ_ONLY};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::documents::{Subject, attachments};
use crate::error::{Code, FieldCode, FieldError, Problem, Result};
use crate::ids::{CompanyId, DocumentId};
use crate::locale::{self, Language, Message};
use crate::outbox::{Options, enqueue};
use crate::reference::outcome::Outcome;
use crate::store::{Conn, Entity, Op, Tx, ensure_version};
use crate::wire;

/// Stores a new company in an open transaction. `fields` were checked.
pub fn register(tx: &mut Tx, fields: &CompanyFields, reference: Option<&str>) -> Result<CompanyId> {
    insert(tx, fields, reference, CompanyState::Active)
}

/// Stores the company of somebody who has not confirmed their address: nobody else sees it before [`confirm`].
pub fn register_unconfirmed(tx: &mut Tx, fields: &CompanyFields) -> Result<CompanyId> {
    insert(tx, fields, None, CompanyState::Unconfirmed)
}

/// Closes a company whose last person goes: it stays as a name in the records of others, and is seen by nobody. What it left undecided is
/// ended by the reaction to [`CompanyClosed`].
pub fn close(tx: &mut Tx, id: CompanyId) -> Result<()> {
    let was_unconfirmed = store::find(tx.conn(), id)?.is_some_and(|company| company.state == CompanyState::Unconfirmed);
    store::mark_closed(tx, id)?;
    evidence::actions::announce_change(tx, id)?;
    evidence::actions::release_identifiers(tx, id)?;
    tx.record_change(Entity::Company, id.0, Op::Changed);
    enqueue(tx, &CompanyClosed { company: id, was_unconfirmed }, Options::once(format!("company_closed {id}")))
}

/// Lets a company take part, one of whose people has confirmed an address. One that takes part already, or is suspended, stays as
/// it is.
pub fn confirm(tx: &mut Tx, id: CompanyId) -> Result<()> {
    if store::mark_confirmed(tx, id)? {
        evidence::actions::recompute_verification(tx, id)?;
        tx.record_change(Entity::Company, id.0, Op::Changed);
        if let Some(company) = store::find(tx.conn(), id)? {
            question_names(tx, id, &company.fields)?;
        }
    }
    Ok(())
}

/// Has a moderator look at a name that passes for another company's.
fn question_names(tx: &mut Tx, id: CompanyId, fields: &CompanyFields) -> Result<()> {
    let names: Vec<&str> = fields.names().collect();
    let looks: Vec<String> = names.iter().map(|name| names::look(name)).filter(|look| !look.is_empty()).collect();
    let alike = store::list_alike(tx.conn(), &looks, id)?;
    let Some((name, doubt)) = names::doubt(&names, &alike) else { return Ok(()) };
    let event = DoubtfulName { company: id, name: name.to_owned(), doubt };
    let key = format!("doubtful_name {id} {}", tx.now().timestamp_millis());
    enqueue(tx, &event, Options::once(key))
}

/// Gives companies that were stored before looks were compared their own; a step of the sweep.
pub fn fill_looks(app: &App) -> Result<()> {
    while app.db.write(store::fill_looks)? > 0 {}
    Ok(())
}

fn insert(tx: &mut Tx, fields: &CompanyFields, reference: Option<&str>, state: CompanyState) -> Result<CompanyId> {
    let checked = check_identifiers(fields)?;
    let id = store::insert(tx, fields, reference, state)?;
    store::replace_identifiers(tx, id, &checked)?;
    attach_certificates(tx, id, fields)?;
    evidence::actions::recompute_verification(tx, id)?;
    if state == CompanyState::Active {
        question_names(tx, id, fields)?;
    }
    tx.record_change(Entity::Company, id.0, Op::Changed);
    Ok(id)
}

/// A company as everybody may see it: an active one, or one's own.
pub fn find(app: &App, actor: &Actor, id: CompanyId) -> Result<Company> {
    let company = app.db.read(|conn| store::find(conn, id))?.ok_or_else(|| Problem::not_found("company"))?;
    // Suspended and unconfirmed companies are seen by themselves and by moderators; to others there is no such company.
    let visible = company.state == CompanyState::Active || actor.company() == Some(id) || actor.is_moderator();
    if visible { Ok(company) } else { Err(Problem::not_found("company")) }
}

/// Makes the copies that the certificates name the company's attached documents; they must be its own.
fn attach_certificates(tx: &mut Tx, company: CompanyId, fields: &CompanyFields) -> Result<()> {
    let named = fields.certifications.iter().enumerate();
    let named: Vec<(usize, DocumentId)> = named.filter_map(|(at, one)| Some((at, one.document?))).collect();
    let ids: Vec<DocumentId> = named.iter().map(|(_, document)| *document).collect();
    attachments::replace(tx, company, (Subject::Certification, company.0), "", &ids).map_err(|mut problem| {
        for field in &mut problem.fields {
            let place: usize = field.pointer.trim_start_matches('/').parse().unwrap_or_default();
            let certificate = named.get(place).map_or(0, |(at, _)| *at);
            field.pointer = format!("/certifications/{certificate}/document");
        }
        problem
    })
}

/// Whether the actor may read the copies of a company's certificates: moderators, beside the company itself.
pub fn may_see_certificates(_: &mut Conn, actor: &Actor, _: i64) -> Result<bool> {
    Ok(actor.is_moderator())
}

/// The certificates of a company that the actor may see, each with the SHA-256 of its copy if there is one. The copy itself is named to the
/// company and to moderators only.
pub fn list_certificates(app: &App, actor: &Actor, id: CompanyId) -> Result<Vec<(Certification, Option<String>)>> {
    let company = find(app, actor, id)?;
    let may_read = actor.company() == Some(id) || actor.is_moderator();
    let ids: Vec<DocumentId> = company.fields.certifications.iter().filter_map(|one| one.document).collect();
    let documents = attachments::list_attached(app, &ids)?;
    // Everybody may know that a copy exists and its hash; the copy itself is for the company and for moderators.
    let with_hash = |mut one: Certification| {
        let copy = documents.iter().find(|document| Some(document.id) == one.document);
        one.document = one.document.filter(|_| may_read);
        (one, copy.map(|document| document.blob.sha256.clone()))
    };
    Ok(company.fields.certifications.into_iter().map(with_hash).collect())
}

/// A company as its caller may see it: with all of its own identifiers and the copies of its certificates, of others only with the
/// identifiers that they hold.
pub fn show(app: &App, actor: &Actor, id: CompanyId) -> Result<Company> {
    let mut company = find(app, actor, id)?;
    if actor.company() != Some(id) {
        let held = held_identifiers(app, id)?;
        company.fields.identifiers.retain(|identifier| {
            let checked = IdentifierKind::parse(&identifier.kind)
                .map(|kind| identifiers::check(kind, &identifier.value, identifier.country).canonical);
            held.iter().any(|held| held.kind == identifier.kind && Some(&held.value) == checked.as_ref())
        });
        company.fields.certifications.iter_mut().for_each(|one| one.document = None);
    }
    Ok(company)
}

/// The identifiers that the caller may see: all of one's own, of others the held ones.
pub fn list_identifiers(app: &App, actor: &Actor, id: CompanyId) -> Result<Vec<Identifier>> {
    find(app, actor, id)?;
    let mut all = app.db.read(|conn| store::list_identifiers(conn, id))?;
    if actor.company() != Some(id) {
        all.retain(|one| one.state == IdentifierState::Held);
    }
    Ok(all)
}

/// The identifiers that a company holds, which others may see.
pub fn held_identifiers(app: &App, id: CompanyId) -> Result<Vec<Identifier>> {
    let mut all = app.db.read(|conn| store::list_identifiers(conn, id))?;
    all.retain(|one| one.state == IdentifierState::Held);
    Ok(all)
}

/// What moderators saw of a company and what counts still.
pub fn current_evidence(app: &App, id: CompanyId) -> Result<Vec<EvidenceItem>> {
    app.db.read(|conn| evidence::store::list_current(conn, id))
}

/// The name of a company that is known to exist.
pub fn name_of(app: &App, id: CompanyId) -> Result<String> {
    let company = app.db.read(|conn| store::find(conn, id))?;
    company.map(|company| company.fields.name).ok_or_else(|| Problem::not_found("company"))
}

/// The company that an operator names by id, by ref or by exact name.
pub fn find_named(app: &App, text: &str) -> Result<CompanyId> {
    app.db.read(|conn| {
        // From the certain to the ambiguous: an id, then the operator's own reference, then a name that only one may have.
        if let Ok(id) = text.parse::<CompanyId>()
            && store::find(conn, id)?.is_some()
        {
            return Ok(id);
        }
        if let Some(id) = store::find_by_ref(conn, text)? {
            return Ok(id);
        }
        match store::find_by_name(conn, text)?.as_slice() {
            [one] => Ok(*one),
            [] => Err(Problem::new(
                Code::NotFound,
                Message::new("companies-absent").with("company", text).text(Language::English),
            )),
            _ => Err(Problem::conflict(
                Message::new("companies-ambiguous-name").with("name", text).text(Language::English),
            )),
        }
    })
}

/// Changes one's own company by an RFC 7396 patch.
pub fn change(
    app: &App,
    actor: &Actor,
    id: CompanyId,
    expected: Option<i64>,
    patch: &serde_json::Value,
) -> Result<Company> {
    let scope = actor.authorize_draft(Permission::AccountWrite)?;
    if scope.company() != id {
        return Err(Problem::not_found("company"));
    }
    app.db.write(|tx| {
        let mut company = store::find(tx.conn(), id)?.ok_or_else(|| Problem::not_found("company"))?;
        ensure_version(expected, company.version)?;
        company.fields = wire::merge_patch(&company.fields, patch.clone(), READ_ONLY)?;
        company.fields.check()?;
        replace(tx, &company)?;
        store::find(tx.conn(), id)?.ok_or_else(|| Problem::not_found("company"))
    })
}

/// Suspends a company in an open transaction: it, its listings and its RFQs are seen by nobody else from the commit on, and it may only
/// read. What it had stays as it is.
///
/// # Errors
/// `conflict` when it is suspended already, or does not take part.
pub fn suspend(tx: &mut Tx, id: CompanyId, reason: &str) -> Result<()> {
    let company = store::find(tx.conn(), id)?.ok_or_else(|| Problem::not_found("company"))?;
    match company.state {
        CompanyState::Active => {}
        CompanyState::Suspended => {
            return Err(Problem::conflict(locale::text(Language::English, "companies-suspended-already")));
        }
        CompanyState::Unconfirmed | CompanyState::Closed => {
            return Err(Problem::conflict(locale::text(Language::English, "companies-not-visible")));
        }
    }
    store::set_state(tx, &company, CompanyState::Suspended, Some(reason))?;
    evidence::actions::announce_change(tx, id)?;
    tx.record_change(Entity::Company, id.0, Op::Changed);
    Ok(())
}

/// Lets a suspended company take part again, in an open transaction.
///
/// # Errors
/// `conflict` when it is not suspended.
pub fn lift_suspension(tx: &mut Tx, id: CompanyId) -> Result<()> {
    let company = store::find(tx.conn(), id)?.ok_or_else(|| Problem::not_found("company"))?;
    if company.state != CompanyState::Suspended {
        return Err(Problem::conflict(locale::text(Language::English, "companies-not-suspended")));
    }
    store::set_state(tx, &company, CompanyState::Active, None)?;
    tx.record_change(Entity::Company, id.0, Op::Changed);
    Ok(())
}

/// Writes changed fields of a company in an open transaction. The evidence of a company whose name, country or number changed ends, because
/// what was checked was about another one.
pub fn replace(tx: &mut Tx, company: &Company) -> Result<()> {
    let before = store::find(tx.conn(), company.id)?.ok_or_else(|| Problem::not_found("company"))?;
    let checked = check_identifiers(&company.fields)?;
    // What the evidence was about: a company that renames itself, moves or changes its numbers is another one to whoever checked it.
    let same = before.fields.legal_name == company.fields.legal_name
        && before.fields.name == company.fields.name
        && before.fields.country == company.fields.country
        && before.fields.identifiers == company.fields.identifiers;
    store::update(tx, company)?;
    if !same {
        // Before a number leaves the profile: nobody disputes it any more then.
        evidence::actions::release_identifiers(tx, company.id)?;
    }
    store::replace_identifiers(tx, company.id, &checked)?;
    attach_certificates(tx, company.id, &company.fields)?;
    // Nobody sees an unconfirmed company; [`confirm`] looks at its names.
    if company.state == CompanyState::Active && !company.fields.names().eq(before.fields.names()) {
        question_names(tx, company.id, &company.fields)?;
    }
    let matching =
        |fields: &CompanyFields| (fields.country, fields.form, fields.markets.clone(), fields.certifications.clone());
    if matching(&before.fields) != matching(&company.fields) {
        evidence::actions::announce_change(tx, company.id)?;
    }
    if same {
        evidence::actions::recompute_verification(tx, company.id)?
    } else {
        evidence::actions::invalidate_all(tx, company.id)?
    };
    tx.record_change(Entity::Company, company.id.0, Op::Changed);
    Ok(())
}

fn check_identifiers(fields: &CompanyFields) -> Result<Vec<CheckedIdentifier>> {
    let mut wrong = Vec::new();
    let mut checked = Vec::new();
    for (index, identifier) in fields.identifiers.iter().enumerate() {
        let pointer = |part: &str| format!("/identifiers/{index}/{part}");
        let Some(kind) = IdentifierKind::parse(&identifier.kind) else {
            let message = Message::new("companies-must-be-one-of")
                .with("known", IdentifierKind::TEXTS.join(", "))
                .text(Language::English);
            wrong.push(FieldError::new(pointer("kind"), FieldCode::UnknownValue, message));
            continue;
        };
        let verdict = identifiers::check(kind, &identifier.value, identifier.country);
        if verdict.outcome == Outcome::Invalid {
            let reason =
                verdict.reason.unwrap_or_else(|| locale::text(Language::English, "companies-is-not-valid").to_owned());
            wrong.push(FieldError::new(pointer("value"), FieldCode::CheckDigit, reason));
            continue;
        }
        checked.push(CheckedIdentifier { kind, canonical: verdict.canonical, outcome: verdict.outcome });
    }
    if wrong.is_empty() { Ok(checked) } else { Err(Problem::invalid(wrong)) }
}
