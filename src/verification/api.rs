//! REST of verification: what was checked of a company, and applying for a level. Moderators decide on the site only.

use actix_web::web::Data;
use actix_web::{HttpResponse, get, post};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::actions::{self, VerificationStatus};
use super::{NewRequest, Request, RequestState};
use crate::app::App;
use crate::companies::Verification;
use crate::companies::evidence::{self, EvidenceCheck, EvidenceItem, EvidenceKind};
use crate::error::Result;
use crate::ids::{CompanyId, RequestId};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer;
use crate::web::input::{Id, IdempotencyHeader, Input, Json};
use crate::web::run;

impl Input for NewRequest {
    const READ_ONLY: &'static [&'static str] = &["id", "state", "reason", "version", "created_at", "decided_at"];
}

/// What was checked of a company and what was not.
#[derive(Serialize, ToSchema)]
pub struct VerificationView {
    /// The level.
    pub level: Verification,
    /// What the level means, in a sentence.
    pub meaning: &'static str,
    /// What was checked, a sentence each.
    pub checked: Vec<EvidenceCheck>,
    /// What was not checked, a sentence each.
    pub not_checked: Vec<EvidenceCheck>,
    /// The evidence that moderators checked, with its dates.
    pub evidence: Vec<EvidenceView>,
    /// One's own company's latest requests, newest first; null for everybody else.
    pub requests: Option<Vec<RequestView>>,
}

/// A piece of evidence; public.
#[derive(Serialize, ToSchema)]
pub struct EvidenceView {
    /// The kind.
    pub kind: EvidenceKind,
    /// The register, the authority of an identity document, or the auditor.
    pub issuer: String,
    /// The entry's number in the register.
    pub entry: Option<String>,
    /// Where the entry can be looked up.
    pub url: Option<String>,
    /// The day the entry was looked up, or that the report carries.
    pub dated: Option<NaiveDate>,
    /// What the documents are.
    pub documents: Vec<String>,
    /// The day a moderator checked it.
    pub seen_on: NaiveDate,
    /// The last day on which it counts.
    pub expires_on: Option<NaiveDate>,
}

impl From<EvidenceItem> for EvidenceView {
    fn from(item: EvidenceItem) -> Self {
        let facts = item.facts;
        Self {
            kind: item.kind,
            issuer: facts.issuer,
            entry: facts.entry,
            url: facts.url,
            dated: facts.dated,
            documents: facts.documents,
            seen_on: item.seen_on,
            expires_on: item.expires_on,
        }
    }
}

/// A request as the company that made it sees it.
#[derive(Serialize, ToSchema)]
pub struct RequestView {
    /// The id.
    pub id: RequestId,
    /// What was submitted.
    #[serde(flatten)]
    pub submitted: NewRequest,
    /// Open until a moderator decides.
    pub state: RequestState,
    /// The reason of the decision; null while it is open.
    pub reason: Option<String>,
    /// Grows with every change; the number in the ETag.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was decided.
    pub decided_at: Option<DateTime<Utc>>,
}

impl From<Request> for RequestView {
    fn from(request: Request) -> Self {
        Self {
            id: request.id,
            submitted: request.content.submitted,
            state: request.state,
            reason: request.reason,
            version: request.version,
            created_at: request.created_at,
            decided_at: request.decided_at,
        }
    }
}

impl From<VerificationStatus> for VerificationView {
    fn from(status: VerificationStatus) -> Self {
        let level = status.company.verification;
        let requests =
            (!status.requests.is_empty()).then(|| status.requests.into_iter().map(RequestView::from).collect());
        Self {
            level,
            meaning: evidence::meaning(level),
            checked: status.checked,
            not_checked: status.not_checked,
            evidence: status.evidence.into_iter().map(EvidenceView::from).collect(),
            requests,
        }
    }
}

/// The level of a company, the evidence for it with its dates, and what was not checked.
#[utoipa::path(tag = "companies", params(("id" = CompanyId, Path)), responses((status = 200, body = VerificationView)), security((), ("api_key" = [])))]
#[get("/companies/{id}/verification")]
async fn get_verification(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<CompanyId>,
) -> Result<HttpResponse> {
    let view = run(&app, move |app| actions::find_status(app, &actor, id).map(VerificationView::from)).await?;
    Ok(HttpResponse::Ok().json(view))
}

/// Applies for one's own company: `identified` with a register entry, `documented` with documents, `audited` with a third party's
/// report. A moderator decides with a reason; levels can't be bought.
#[utoipa::path(tag = "companies", params(IdempotencyHeader, ("id" = CompanyId, Path)), request_body = NewRequest, responses((status = 201, body = RequestView)), security(("api_key" = ["account:write"])))]
#[post("/companies/{id}/verification")]
async fn request_verification(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<CompanyId>,
    once: IdempotencyHeader,
    Json(submitted): Json<NewRequest>,
) -> Result<HttpResponse> {
    let key = once.over(&submitted);
    let (request, made) = run(&app, move |app| {
        let made = actions::request(app, &actor, id, &submitted, key.as_ref())?;
        Ok((made.shown(actions::find_made(app, &actor, made.id()))?, made))
    })
    .await?;
    let version = request.version;
    Ok(answer::created(&format!("/companies/{id}/verification"), &RequestView::from(request), version, &made))
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(get_verification).service(request_verification);
}
