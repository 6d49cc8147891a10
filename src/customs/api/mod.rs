//! REST of customs: the check of a number, the list of schemes, and the codes of trade (`reference`). None needs a key.

mod reference;

use actix_web::web::Data;
use actix_web::{HttpResponse, get, post};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::customs::{CheckRequest, CheckResult, Evidence, Outcome, Part, SchemeInfo, check, schemes};
use crate::error::{FieldCode, Problem, Result};
use crate::locale::{Language, Message};
use crate::web::input::{Input, Json};

/// The longest number that is checked, in characters.
const MAX_NUMBER: usize = 100;
/// Reference lists change with a release only, in seconds.
const MAX_AGE: &str = "public, max-age=86400";

impl Input for CheckRequest {}

/// What the check of a number came to.
#[derive(Serialize, ToSchema)]
pub struct CheckView {
    /// How far it could be checked.
    pub outcome: Outcome,
    /// Why it is suspicious or invalid, or what is to be known of it although it is valid.
    pub reason: Option<String>,
    /// The form that is stored and compared.
    pub canonical: String,
    /// The form that people write.
    pub display: String,
    /// What it proves at most.
    pub evidence: Evidence,
    /// The decoded parts.
    pub parts: Vec<Part>,
}

impl From<CheckResult> for CheckView {
    fn from(result: CheckResult) -> Self {
        let CheckResult { outcome, reason, canonical, display, evidence, parts, item: _ } = result;
        Self { outcome, reason, canonical, display, evidence, parts }
    }
}

/// The schemes of customs numbers.
#[derive(Serialize, ToSchema)]
pub struct Schemes {
    /// Every scheme.
    pub data: &'static [SchemeInfo],
}

/// Refuses a text that is too long to be any number.
pub(in crate::customs) fn check_length(request: &CheckRequest) -> Result<()> {
    if request.number.chars().count() > MAX_NUMBER {
        let message = Message::new("customs-number-long").with("most", MAX_NUMBER).text(Language::English);
        return Err(Problem::invalid_field("/number", FieldCode::Range, message));
    }
    Ok(())
}

/// Checks a customs number by the rules of its scheme. It never says that a declaration exists: only the customs office can.
#[utoipa::path(tag = "customs", request_body = CheckRequest, responses((status = 200, body = CheckView)))]
#[post("/customs/check")]
async fn check_number(app: Data<App>, body: Json<CheckRequest>) -> Result<HttpResponse> {
    check_length(&body.0)?;
    Ok(HttpResponse::Ok().json(CheckView::from(check(&body.0, app.clock.today()))))
}

/// The schemes of customs numbers, with the form of each and a made-up example.
#[utoipa::path(tag = "customs", responses((status = 200, body = Schemes)))]
#[get("/customs/schemes")]
async fn list_schemes() -> HttpResponse {
    HttpResponse::Ok().insert_header(("Cache-Control", MAX_AGE)).json(Schemes { data: schemes() })
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(check_number).service(list_schemes);
    reference::routes(cfg);
}
