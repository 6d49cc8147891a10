//! REST of companies: what everybody may see of one, and one's own profile.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, patch, post};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::actions;
use super::identifiers::{self, IdentifierKind};
use super::{
    Certification, Company, CompanyFields, CompanyState, Identifier, IdentifierState, READ_ONLY, Verification,
};
use crate::actor::Permission;
use crate::app::App;
use crate::error::{FieldCode, FieldError, Problem, Result};
use crate::ids::CompanyId;
use crate::locale::{Language, text};
use crate::reference::codes::Country;
use crate::reference::outcome::{Outcome, Verdict};
use crate::web::actor::AuthenticatedActor;
use crate::web::input::{Expected, Id, Input, Json, Patch};
use crate::web::{answer, run};

impl Input for CompanyFields {
    const READ_ONLY: &'static [&'static str] = READ_ONLY;
}

/// A company as everybody sees it: no people and no contact details.
#[derive(Serialize, ToSchema)]
pub struct CompanyView {
    /// The id.
    pub id: CompanyId,
    /// Its profile. Others see only the identifiers that it holds.
    #[serde(flatten)]
    pub fields: CompanyFields,
    /// Whether it takes part.
    pub state: CompanyState,
    /// How far its claims were checked.
    pub verification: Verification,
    /// Grows with every change; the number in the ETag.
    pub version: i64,
    /// When it was registered.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl From<Company> for CompanyView {
    fn from(company: Company) -> Self {
        Self {
            id: company.id,
            fields: company.fields,
            state: company.state,
            verification: company.verification,
            version: company.version,
            created_at: company.created_at,
            updated_at: company.updated_at,
        }
    }
}

/// A company.
#[utoipa::path(tag = "companies", params(("id" = CompanyId, Path)), responses((status = 200, body = CompanyView)), security((), ("api_key" = [])))]
#[get("/companies/{id}")]
async fn get_company(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<CompanyId>,
) -> Result<HttpResponse> {
    let view = run(&app, move |app| actions::show(app, &actor, id).map(CompanyView::from)).await?;
    Ok(answer::resource(&http, &view, view.version))
}

/// Changes one's own company by an RFC 7396 merge patch. Another name or identifier sets the verification back to `registered`.
#[utoipa::path(tag = "companies", params(Expected, ("id" = CompanyId, Path)), request_body = CompanyFields, responses((status = 200, body = CompanyView)), security(("api_key" = ["account:write"])))]
#[patch("/companies/{id}")]
async fn patch_company(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<CompanyId>,
    expected: Expected,
    Patch(patch): Patch,
) -> Result<HttpResponse> {
    actor.authorize_draft(Permission::AccountWrite)?;
    let version = expected.required()?;
    let view =
        run(&app, move |app| actions::change(app, &actor, id, Some(version), &patch).map(CompanyView::from)).await?;
    Ok(answer::changed(&view, view.version))
}

/// An identifier of a company.
#[derive(Serialize, ToSchema)]
pub struct IdentifierView {
    /// Whose register it is of.
    pub kind: String,
    /// The number in its canonical form.
    pub value: String,
    /// What its own check came to; only one with check digits that hold can identify a company.
    pub outcome: Outcome,
    /// `stated` until a moderator has checked the register entry of the company, which then holds it (`held`); `claimed` where another
    /// company holds it, until a moderator decides; `refused` when one decided against the claim.
    pub state: IdentifierState,
}

impl From<Identifier> for IdentifierView {
    fn from(identifier: Identifier) -> Self {
        let Identifier { kind, value, outcome, state, .. } = identifier;
        Self { kind, value, outcome, state }
    }
}

/// The identifiers of a company.
#[derive(Serialize, ToSchema)]
pub struct Identifiers {
    /// By kind and value.
    pub data: Vec<IdentifierView>,
}

/// The identifiers of a company: all of one's own, of others those that they hold.
#[utoipa::path(tag = "companies", params(("id" = CompanyId, Path)), responses((status = 200, body = Identifiers)), security((), ("api_key" = [])))]
#[get("/companies/{id}/identifiers")]
async fn list_identifiers(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<CompanyId>,
) -> Result<HttpResponse> {
    let rows = run(&app, move |app| actions::list_identifiers(app, &actor, id)).await?;
    Ok(HttpResponse::Ok().json(Identifiers { data: rows.into_iter().map(IdentifierView::from).collect() }))
}

/// A certificate that a company claims.
#[derive(Serialize, ToSchema)]
pub struct CertificationView {
    /// What it says.
    #[serde(flatten)]
    pub certification: Certification,
    /// Whether its last day is still to come.
    pub current: bool,
    /// Whether the company has put a copy of it on file.
    pub document_on_file: bool,
    /// The SHA-256 of that copy, 64 hexadecimal digits: whoever gets a copy from the company can compare it.
    pub document_sha256: Option<String>,
}

/// The certificates of a company.
#[derive(Serialize, ToSchema)]
pub struct Certifications {
    /// As the company states them, in its order.
    pub data: Vec<CertificationView>,
}

/// The certificates that a company claims.
#[utoipa::path(tag = "companies", params(("id" = CompanyId, Path)), responses((status = 200, body = Certifications)), security((), ("api_key" = [])))]
#[get("/companies/{id}/certifications")]
async fn list_certifications(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<CompanyId>,
) -> Result<HttpResponse> {
    let today = app.clock.today();
    let certificates = run(&app, move |app| actions::list_certificates(app, &actor, id)).await?;
    let data = certificates.into_iter().map(|(one, sha256)| certification(one, sha256, today)).collect();
    Ok(HttpResponse::Ok().json(Certifications { data }))
}

/// How a certificate is shown, with the SHA-256 of its copy where there is one.
pub fn certification(certification: Certification, sha256: Option<String>, today: NaiveDate) -> CertificationView {
    CertificationView {
        current: certification.is_valid_on(today),
        document_on_file: sha256.is_some(),
        document_sha256: sha256,
        certification,
    }
}

/// An identifier to check.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckIdentifier {
    /// `uscc`, `vat`, `eori`, `lei`, `duns`, `gln`, `gtin`, `iec`, `gstin`, `cnpj` or `jp_corporate`.
    pub kind: IdentifierKind,
    /// The number as it was typed, up to 64 characters.
    pub value: String,
    /// The country of the register, where the number does not say it.
    #[serde(default)]
    pub country: Option<Country>,
}

impl Input for CheckIdentifier {}

/// Checks an identifier by its own algorithm; whether it was ever given to anyone only its register can say.
#[utoipa::path(tag = "companies", request_body = CheckIdentifier, responses((status = 200, body = Verdict)), security((), ("api_key" = [])))]
#[post("/companies/identifiers/check")]
async fn check_identifier(Json(asked): Json<CheckIdentifier>) -> Result<HttpResponse> {
    let verdict = check(&asked)?;
    Ok(HttpResponse::Ok().json(verdict))
}

fn check(asked: &CheckIdentifier) -> Result<Verdict> {
    match asked.value.chars().count() {
        0 => Err(Problem::invalid(vec![FieldError::required("/value")])),
        1..=64 => Ok(identifiers::check(asked.kind, &asked.value, asked.country)),
        _ => Err(Problem::invalid_field("/value", FieldCode::Range, text(Language::English, "companies-at-most-64"))),
    }
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(check_identifier)
        .service(get_company)
        .service(patch_company)
        .service(list_identifiers)
        .service(list_certifications);
    super::contacts::api::routes(cfg);
}
