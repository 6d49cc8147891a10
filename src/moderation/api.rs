//! REST of reports. Moderators work on the site only: an API key belongs to a company and never to the platform.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::actions::{self, NewReport};
use super::{Decision, Report, ReportKind, ReportState, TargetId};
use crate::app::App;
use crate::error::Result;
use crate::ids::ReportId;
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{self, ListParams, Page};
use crate::web::input::{Id, IdempotencyHeader, Input, Json, Query};
use crate::web::paged::paged;
use crate::web::run;

impl Input for NewReport {
    const READ_ONLY: &'static [&'static str] =
        &["id", "state", "decision", "reason", "version", "created_at", "decided_at"];
}

/// A report as the company that made it sees it.
#[derive(Serialize, ToSchema)]
pub struct ReportView {
    /// The id.
    pub id: ReportId,
    /// What is reported.
    pub about: TargetId,
    /// What is wrong with it.
    pub kind: ReportKind,
    /// The reporter's words.
    pub words: String,
    /// Where it stands.
    pub state: ReportState,
    /// What a moderator decided.
    pub decision: Option<Decision>,
    /// Why.
    pub reason: Option<String>,
    /// Grows with every change; the number in the ETag.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was decided.
    pub decided_at: Option<DateTime<Utc>>,
}

impl From<Report> for ReportView {
    fn from(report: Report) -> Self {
        Self {
            id: report.id,
            about: report.about,
            kind: report.kind,
            words: report.words,
            state: report.state,
            decision: report.decision,
            reason: report.reason,
            version: report.version,
            created_at: report.created_at,
            decided_at: report.decided_at,
        }
    }
}

/// Reports an RFQ, a listing, a quote that one received, or a company to the platform's moderators. One open report of a thing at a time;
/// its owner does not learn who made it.
#[utoipa::path(tag = "reports", params(IdempotencyHeader), request_body = NewReport, responses((status = 201, body = ReportView)), security(("api_key" = ["reports:write"])))]
#[post("/reports")]
async fn create_report(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    once: IdempotencyHeader,
    Json(new): Json<NewReport>,
) -> Result<HttpResponse> {
    let key = once.over(&new);
    let (report, made) = run(&app, move |app| {
        let made = actions::report(app, &actor, new, key.as_ref())?;
        Ok((made.shown(actions::find_own(app, &actor, made.id()))?, made))
    })
    .await?;
    let version = report.version;
    Ok(answer::created(&format!("/reports/{}", report.id), &ReportView::from(report), version, &made))
}

/// The reports that one's own company made, newest first.
#[utoipa::path(tag = "reports", params(ListParams), responses((status = 200, body = Page<ReportView>)), security(("api_key" = ["account:read"]), ("api_key" = ["reports:write"]), ("api_key" = ["messages:read"])))]
#[get("/reports")]
async fn list_reports(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Query(params): Query<ListParams>,
) -> Result<HttpResponse> {
    paged(&http, &app, "reports".to_owned(), actor, params, |app, actor, paging| {
        Ok(actions::list_own(app, actor, paging)?.map(ReportView::from))
    })
    .await
}

/// A report of one's own company, and what was decided.
#[utoipa::path(tag = "reports", params(("id" = ReportId, Path)), responses((status = 200, body = ReportView)), security(("api_key" = ["account:read"]), ("api_key" = ["reports:write"]), ("api_key" = ["messages:read"])))]
#[get("/reports/{id}")]
async fn get_report(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ReportId>,
) -> Result<HttpResponse> {
    let report = run(&app, move |app| actions::find_own(app, &actor, id)).await?;
    let version = report.version;
    Ok(answer::resource(&http, &ReportView::from(report), version))
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(create_report).service(list_reports).service(get_report);
}
