//! REST of saved searches.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::fields::READ_ONLY;
use super::queries::SavedSearchPreview;
use super::{Alert, AlertReason, SavedSearchFields, SearchedKind, actions, queries};
use crate::actor::Permission;
use crate::app::App;
use crate::error::Result;
use crate::ids::{AlertId, SavedSearchId};
use crate::reference::codes::Country;
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{ListParams, Page};
use crate::web::input::{Expected, Id, IdempotencyHeader, Input, Json, Patch, Query};
use crate::web::paged::paged;
use crate::web::{answer, run};

impl Input for SavedSearchFields {
    const READ_ONLY: &'static [&'static str] = READ_ONLY;
}

/// A search that a person keeps.
#[derive(Serialize, ToSchema)]
pub struct SavedSearch {
    /// The id.
    pub id: SavedSearchId,
    /// What its person says of it; the query in its canonical form.
    #[serde(flatten)]
    pub fields: SavedSearchFields,
    /// Grows with every change; the number in the ETag.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl From<super::SavedSearch> for SavedSearch {
    fn from(search: super::SavedSearch) -> Self {
        Self {
            id: search.id,
            fields: search.fields,
            version: search.version,
            created_at: search.created_at,
            updated_at: search.updated_at,
        }
    }
}

/// What a saved search has found.
#[derive(Serialize, ToSchema)]
pub struct SavedSearchAlert {
    /// The id.
    pub id: AlertId,
    /// What kind of thing it is.
    pub kind: SearchedKind,
    /// The id of the listing, company or RFQ.
    pub thing: String,
    /// Why it is news: it is `new`, or `changed` in what decides about it.
    pub reason: AlertReason,
    /// What it was called then.
    pub title: String,
    /// The country of the supplier or company, or the destination of an RFQ.
    pub country: Option<Country>,
    /// When it was found.
    pub created_at: DateTime<Utc>,
}

impl From<Alert> for SavedSearchAlert {
    fn from(alert: Alert) -> Self {
        Self {
            id: alert.id,
            kind: alert.kind,
            thing: alert.thing_id(),
            reason: alert.reason,
            title: alert.title,
            country: alert.country,
            created_at: alert.created_at,
        }
    }
}

/// The searches that the person keeps whom the key acts for: the one who made it, or else the company's owner of the longest standing. Newest
/// first.
#[utoipa::path(tag = "alerts", params(ListParams), responses((status = 200, body = Page<SavedSearch>), (status = 409)), security(("api_key" = ["alerts:read"])))]
#[get("/saved-searches")]
async fn list_searches(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Query(params): Query<ListParams>,
) -> Result<HttpResponse> {
    paged(&http, &app, "saved searches".to_owned(), actor, params, move |app, actor, paging| {
        Ok(actions::list(app, actor, paging)?.map(SavedSearch::from))
    })
    .await
}

/// Saves a search for the person whom the key acts for. What it finds is what `/search/{kind}` finds that holds every word.
#[utoipa::path(tag = "alerts", params(IdempotencyHeader), request_body = SavedSearchFields, responses((status = 201, body = SavedSearch), (status = 409), (status = 422)), security(("api_key" = ["alerts:write"])))]
#[post("/saved-searches")]
async fn create_search(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    once: IdempotencyHeader,
    Json(fields): Json<SavedSearchFields>,
) -> Result<HttpResponse> {
    let (view, once) = run(&app, move |app| {
        let once = actions::create(app, &actor, fields.clone(), once.over(&fields).as_ref())?;
        // As the one who made it: a key that only writes is shown what it wrote.
        Ok((SavedSearch::from(once.shown(actions::find_written(app, &actor, once.id()))?), once))
    })
    .await?;
    Ok(answer::created(&format!("/saved-searches/{}", once.id()), &view, view.version, &once))
}

/// One saved search.
#[utoipa::path(tag = "alerts", params(("id" = SavedSearchId, Path)), responses((status = 200, body = SavedSearch)), security(("api_key" = ["alerts:read"])))]
#[get("/saved-searches/{id}")]
async fn get_search(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<SavedSearchId>,
) -> Result<HttpResponse> {
    let view = run(&app, move |app| actions::find(app, &actor, id).map(SavedSearch::from)).await?;
    Ok(answer::resource(&http, &view, view.version))
}

/// What a saved search would have brought in the last seven days, of what can be found now: how many, and the newest of them.
#[utoipa::path(tag = "alerts", params(("id" = SavedSearchId, Path)), responses((status = 200, body = SavedSearchPreview)), security(("api_key" = ["alerts:read"])))]
#[get("/saved-searches/{id}/preview")]
async fn preview_search(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<SavedSearchId>,
) -> Result<HttpResponse> {
    let (_, view) = run(&app, move |app| queries::preview(app, &actor, id)).await?;
    Ok(HttpResponse::Ok().json(view))
}

/// What a saved search has found in the last 90 days, newest first: each listing, company or RFQ that appeared, and each that changed in what
/// decides about it (price, quantity, terms).
#[utoipa::path(tag = "alerts", params(("id" = SavedSearchId, Path), ListParams), responses((status = 200, body = Page<SavedSearchAlert>)), security(("api_key" = ["alerts:read"])))]
#[get("/saved-searches/{id}/alerts")]
async fn list_alerts(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<SavedSearchId>,
    Query(params): Query<ListParams>,
) -> Result<HttpResponse> {
    paged(&http, &app, format!("alerts of {id}"), actor, params, move |app, actor, paging| {
        Ok(actions::list_alerts(app, actor, id, paging)?.map(SavedSearchAlert::from))
    })
    .await
}

/// Changes a saved search by an RFC 7396 merge patch.
#[utoipa::path(tag = "alerts", params(Expected, ("id" = SavedSearchId, Path)), request_body = SavedSearchFields, responses((status = 200, body = SavedSearch)), security(("api_key" = ["alerts:write"])))]
#[patch("/saved-searches/{id}")]
async fn patch_search(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<SavedSearchId>,
    expected: Expected,
    Patch(patch): Patch,
) -> Result<HttpResponse> {
    actor.authorize(Permission::AlertsWrite)?;
    let version = expected.required()?;
    let view =
        run(&app, move |app| actions::change(app, &actor, id, Some(version), &patch).map(SavedSearch::from)).await?;
    Ok(answer::changed(&view, view.version))
}

/// Deletes a saved search.
#[utoipa::path(tag = "alerts", params(Expected, ("id" = SavedSearchId, Path)), responses((status = 204)), security(("api_key" = ["alerts:write"])))]
#[delete("/saved-searches/{id}")]
async fn delete_search(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<SavedSearchId>,
    expected: Expected,
) -> Result<HttpResponse> {
    actor.authorize(Permission::AlertsWrite)?;
    let version = expected.required()?;
    run(&app, move |app| actions::delete(app, &actor, id, Some(version))).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_searches)
        .service(create_search)
        .service(preview_search)
        .service(list_alerts)
        .service(get_search)
        .service(patch_search)
        .service(delete_search);
}
