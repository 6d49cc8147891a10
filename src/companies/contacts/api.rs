//! REST of contact people: one's own company's alone.

use actix_web::web::Data;
use actix_web::{HttpResponse, delete, get, patch, post};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Contact, ContactFields, READ_ONLY};
use crate::actor::Permission;
use crate::app::App;
use crate::error::Result;
use crate::ids::{CompanyId, ContactId};
use crate::web::actor::AuthenticatedActor;
use crate::web::input::{Expected, Id, IdempotencyHeader, Ids, Input, Json, Patch};
use crate::web::{answer, run};

impl Input for ContactFields {
    const READ_ONLY: &'static [&'static str] = READ_ONLY;
}

/// A contact person as their own company sees them.
#[derive(Serialize, ToSchema)]
pub struct ContactView {
    /// The id.
    pub id: ContactId,
    /// Who they are and how they are reached.
    #[serde(flatten)]
    pub fields: ContactFields,
    /// Grows with every change; the number in the ETag.
    pub version: i64,
    /// When they were added.
    pub created_at: DateTime<Utc>,
    /// When they were last changed.
    pub updated_at: DateTime<Utc>,
}

impl From<Contact> for ContactView {
    fn from(contact: Contact) -> Self {
        let Contact { id, fields, version, created_at, updated_at, .. } = contact;
        Self { id, fields, version, created_at, updated_at }
    }
}

/// The contact people of a company.
#[derive(Serialize, ToSchema)]
pub struct Contacts {
    /// Oldest first.
    pub data: Vec<ContactView>,
}

/// The contact people of one's own company. Nobody else sees them here; they are shown to another company only when they are revealed to it.
#[utoipa::path(tag = "companies", params(("id" = CompanyId, Path)), responses((status = 200, body = Contacts)), security(("api_key" = ["account:read"])))]
#[get("/companies/{id}/contacts")]
async fn list_contacts(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(company): Id<CompanyId>,
) -> Result<HttpResponse> {
    let contacts = run(&app, move |app| super::list(app, &actor, company)).await?;
    Ok(HttpResponse::Ok().json(Contacts { data: contacts.into_iter().map(ContactView::from).collect() }))
}

/// Adds a contact person to one's own company; 20 at most.
#[utoipa::path(tag = "companies", params(IdempotencyHeader, ("id" = CompanyId, Path)), request_body = ContactFields, responses((status = 201, body = ContactView), (status = 409), (status = 422)), security(("api_key" = ["account:write"])))]
#[post("/companies/{id}/contacts")]
async fn create_contact(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(company): Id<CompanyId>,
    once: IdempotencyHeader,
    Json(fields): Json<ContactFields>,
) -> Result<HttpResponse> {
    let (view, once) = run(&app, move |app| {
        let key = once.over(&fields);
        let once = super::create(app, &actor, company, fields, key.as_ref())?;
        let written = once.shown(super::find_written(app, &actor, company, once.id()))?;
        Ok((ContactView::from(written), once))
    })
    .await?;
    Ok(answer::created(&format!("/companies/{company}/contacts"), &view, view.version, &once))
}

/// Changes a contact person of one's own company by an RFC 7396 merge patch.
#[utoipa::path(tag = "companies", params(Expected, ("id" = CompanyId, Path), ("contact" = ContactId, Path)), request_body = ContactFields, responses((status = 200, body = ContactView)), security(("api_key" = ["account:write"])))]
#[patch("/companies/{id}/contacts/{contact}")]
async fn patch_contact(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Ids(company, contact): Ids<CompanyId, ContactId>,
    expected: Expected,
    Patch(patch): Patch,
) -> Result<HttpResponse> {
    actor.authorize(Permission::AccountWrite)?;
    let version = expected.required()?;
    let view = run(&app, move |app| {
        super::change(app, &actor, company, contact, Some(version), &patch)?;
        super::find_written(app, &actor, company, contact).map(ContactView::from)
    })
    .await?;
    Ok(answer::changed(&view, view.version))
}

/// Removes a contact person of one's own company.
#[utoipa::path(tag = "companies", params(Expected, ("id" = CompanyId, Path), ("contact" = ContactId, Path)), responses((status = 204)), security(("api_key" = ["account:write"])))]
#[delete("/companies/{id}/contacts/{contact}")]
async fn delete_contact(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Ids(company, contact): Ids<CompanyId, ContactId>,
    expected: Expected,
) -> Result<HttpResponse> {
    actor.authorize(Permission::AccountWrite)?;
    let version = expected.required()?;
    run(&app, move |app| super::delete(app, &actor, company, contact, Some(version))).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_contacts).service(create_contact).service(patch_contact).service(delete_contact);
}
