//! Problems as HTTP: RFC 9457 `application/problem+json` for the API, a page with the same words for people.

use actix_web::body::BoxBody;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::{Code, FieldError, Problem};
use crate::locale::Language;

/// The body of every 4xx and 5xx of the API.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// Where the code is documented.
    #[serde(rename = "type")]
    pub kind: String,
    /// The code's title, the same for every occurrence.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What happened this time and what would be right.
    pub detail: String,
    /// The request id.
    pub instance: String,
    /// The code, for programs.
    pub code: &'static str,
    /// The fields that are wrong.
    pub errors: Vec<ProblemField>,
}

/// One wrong field.
#[derive(Serialize, ToSchema)]
#[schema(as = ProblemField)]
pub struct ProblemField {
    /// RFC 6901 JSON pointer into the input.
    pub pointer: String,
    /// The kind of mistake.
    pub code: &'static str,
    /// What would be right.
    pub message: String,
}

impl From<&FieldError> for ProblemField {
    fn from(field: &FieldError) -> Self {
        Self { pointer: field.pointer.clone(), code: field.code.as_str(), message: field.message.clone() }
    }
}

impl ProblemBody {
    /// The body for a problem; `site` is the address of the platform, `request_id` the request's.
    pub fn new(problem: &Problem, site: &str, request_id: &str) -> Self {
        Self {
            kind: format!("{site}/api/problems#{}", problem.code.as_str()),
            title: problem.code.title(Language::English),
            status: problem.code.status(),
            detail: problem.detail.clone(),
            instance: request_id.to_owned(),
            code: problem.code.as_str(),
            errors: problem.fields.iter().map(ProblemField::from).collect(),
        }
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// An empty answer that carries the problem; the envelope gives it its body, for it knows the request's id and path.
    fn error_response(&self) -> HttpResponse<BoxBody> {
        let mut answer = HttpResponse::build(self.status_code());
        if self.code == Code::Unauthenticated {
            answer.insert_header((header::WWW_AUTHENTICATE, "Bearer realm=\"tradepost\""));
        }
        if let Some(seconds) = self.retry_after_s {
            answer.insert_header((header::RETRY_AFTER, seconds.to_string()));
        }
        let mut answer = answer.finish();
        answer.extensions_mut().insert(self.clone());
        answer
    }
}

/// The problem that an answer of the framework's own (a path that does not parse, a method that is not served) stands for.
pub fn of_status(status: StatusCode) -> Problem {
    let code = Code::ALL.iter().copied().find(|code| code.status() == status.as_u16());
    let fallback = if status.is_server_error() { Code::Internal } else { Code::BadRequest };
    let code = code.unwrap_or(fallback);
    Problem::new(code, format!("{}.", code.title(Language::English)))
}
