//! REST of exports: asking for everything that a company has, how far that is, and the archive.

use std::collections::BTreeMap;

use actix_web::http::Method;
use actix_web::http::header;
use actix_web::web::{Data, method as method_only};
use actix_web::{HttpRequest, HttpResponse, get, post};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Export, ExportState, actions};
use crate::accounts::audit::AuthEvent;
use crate::accounts::trail::record;
use crate::actor::Actor;
use crate::app::App;
use crate::clock::Time;
use crate::error::Result;
use crate::ids::ExportId;
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{self, ListParams, Page};
use crate::web::docs::unknown;
use crate::web::input::{Id, IdempotencyHeader, NoParameters, Query};
use crate::web::paged::paged;
use crate::web::run;

/// An export of everything that the company has, and how far it is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ExportView {
    /// The id.
    pub id: ExportId,
    /// `queued`, `running`, `finished`, `failed`, or `expired`: the archive is there no more.
    pub state: ExportState,
    /// How much is done, 0 to 100.
    #[schema(minimum = 0, maximum = 100)]
    pub progress: u8,
    /// How many lines each kind of thing has, of those that were written; the names are those of the files in the archive.
    pub counts: BTreeMap<String, u64>,
    /// How many bytes the archive has; null before it is complete.
    pub bytes: Option<u64>,
    /// The SHA-256 of the archive, 64 hexadecimal digits; null before it is complete.
    pub sha256: Option<String>,
    /// Why it could not be made.
    pub problem: Option<String>,
    /// Grows with every change; the number in the ETag.
    pub version: i64,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When it was begun, or begun anew.
    pub started_at: Option<DateTime<Utc>>,
    /// When it was over.
    pub finished_at: Option<DateTime<Utc>>,
    /// From when on the archive is gone.
    pub expires_at: Option<DateTime<Utc>>,
}

impl ExportView {
    /// The export as it is at the moment.
    pub fn new(export: Export, now: Time) -> Self {
        Self {
            id: export.id,
            state: export.state_at(now),
            progress: export.progress(),
            counts: export.counts.iter().map(|(kind, count)| (kind.to_string(), *count)).collect(),
            bytes: export.bytes,
            sha256: export.sha256,
            problem: export.problem,
            version: export.version,
            created_at: export.created_at,
            started_at: export.started_at,
            finished_at: export.finished_at,
            expires_at: export.expires_at,
        }
    }
}

/// Has a zip of everything made that the company has: a file of NDJSON for each kind of thing, in the shapes that this API answers, its documents and
/// images as files, a manifest with the SHA-256 of each, and a README. A job makes it; how far it is stands at `Location`. While one is being made,
/// the answer is that one. Saved searches, notifications and preferences are those of the owner whom the key acts for.
///
/// The key needs all of these scopes: it is shown nothing by way of an archive that it could not read by itself.
#[utoipa::path(tag = "exports", params(IdempotencyHeader),
    responses((status = 202, body = ExportView), (status = 409, description = "The company has no owner"), (status = 429, description = "The company had as many exports made in the last 24 hours as it may have, or the key calls too often")),
    security(("api_key" = ["account:read", "alerts:read", "catalog:read", "documents:read", "messages:read", "partnerships:read", "quotes:read", "rfqs:read"])))]
#[post("/exports/everything")]
async fn create_export(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    once: IdempotencyHeader,
    _: NoParameters,
) -> Result<HttpResponse> {
    let asking = actor.clone();
    let (view, once) = run(&app, move |app| {
        let once = actions::create(app, &asking, once.over(&()).as_ref())?;
        let export = once.shown(actions::find(app, &asking, once.id()))?;
        Ok((ExportView::new(export, app.clock.now()), once))
    })
    .await?;
    record(&http, &app, &actor, AuthEvent::ExportAsked).await;
    Ok(answer::accepted(&format!("/exports/{}", once.id()), &view, view.version, &once))
}

/// The company's exports of the last ninety days, newest first.
#[utoipa::path(tag = "exports", params(ListParams), responses((status = 200, body = Page<ExportView>)), security(("api_key" = ["account:read"])))]
#[get("/exports")]
async fn list_exports(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Query(params): Query<ListParams>,
) -> Result<HttpResponse> {
    paged(&http, &app, "exports".to_owned(), actor, params, |app, actor, paging| {
        let now = app.clock.now();
        Ok(actions::list(app, actor, paging)?.map(|export| ExportView::new(export, now)))
    })
    .await
}

/// How far an export is, what is in it, and until when its archive can be downloaded.
#[utoipa::path(tag = "exports", params(("id" = ExportId, Path)), responses((status = 200, body = ExportView)), security(("api_key" = ["account:read"])))]
#[get("/exports/{id}")]
async fn get_export(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ExportId>,
) -> Result<HttpResponse> {
    let view = run(&app, move |app| Ok(ExportView::new(actions::find(app, &actor, id)?, app.clock.now()))).await?;
    // An archive is over by the clock, without a new version.
    answer::overview(&http, &view, view.version)
}

/// The archive. The key needs all of these scopes.
#[utoipa::path(tag = "exports", params(("id" = ExportId, Path)),
    responses((status = 200, description = "The zip", content((Vec<u8> = "application/octet-stream"), (Vec<u8> = "application/zip"))), (status = 409, description = "It is not complete yet, or could not be made"), (status = 410, description = "Its time is over")),
    security(("api_key" = ["account:read", "alerts:read", "catalog:read", "documents:read", "messages:read", "partnerships:read", "quotes:read", "rfqs:read"])))]
#[get("/exports/{id}/content")]
async fn get_export_content(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ExportId>,
) -> Result<HttpResponse> {
    content(&http, &app, actor, id).await
}

/// The archive of an export, to be saved.
pub(super) async fn content(http: &HttpRequest, app: &Data<App>, actor: Actor, id: ExportId) -> Result<HttpResponse> {
    let asking = actor.clone();
    let (archive, bytes) = run(app, move |app| actions::find_archive(app, &asking, id)).await?;
    record(http, app, &actor, AuthEvent::ExportTaken).await;
    let pieces = actions::read(app, &archive).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/zip"))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{id}.zip\"")))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        // What is packed already is not packed again, and its length is known.
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .no_chunking(bytes)
        .streaming(pieces))
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    // Otherwise `everything` would be taken for the id of an export that is not there.
    cfg.route("/exports/everything", method_only(Method::GET).to(unknown));
    cfg.service(create_export).service(list_exports).service(get_export_content).service(get_export);
}
