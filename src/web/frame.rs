//! The frame around every request: its id, a caught panic, the body of a problem, the security headers.

use std::panic::AssertUnwindSafe;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse};
use askama::Template;
use futures_util::FutureExt;

use super::actor::{identity, is_api};
use super::layout::{ErrorPage, Page};
use super::problem::{ProblemBody, of_status};
use crate::app::App;
use crate::error::{Code, Problem};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'";

/// The id of the request: the client's, when it is a plain word, or one of ours.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// The middleware; the outermost of all.
pub async fn frame<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let id = request_id(request.headers().get(REQUEST_ID));
    request.extensions_mut().insert(RequestId(id.clone()));
    let http = request.request().clone();
    let outcome = AssertUnwindSafe(next.call(request)).catch_unwind().await;
    let answer = match outcome {
        Ok(Ok(answer)) => answer.into_parts().1.map_into_boxed_body(),
        Ok(Err(error)) => error.error_response(),
        Err(_) => {
            let problem = Problem::internal(format!("a handler panicked at {} {}", http.method(), http.path()));
            actix_web::ResponseError::error_response(&problem)
        }
    };
    let mut answer = with_problem_body(&http, answer, &id);
    add_headers(&http, &mut answer, &id);
    Ok(ServiceResponse::new(http, answer))
}

fn request_id(sent: Option<&HeaderValue>) -> String {
    let is_plain =
        |id: &&str| (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let sent = sent.and_then(|value| value.to_str().ok()).filter(is_plain);
    sent.map_or_else(|| format!("{:032x}", rand::random::<u128>()), str::to_owned)
}

/// Gives an error its body: the problem that travelled with it, or the one that its bare status stands for.
fn with_problem_body(http: &HttpRequest, answer: HttpResponse, id: &str) -> HttpResponse {
    let status = answer.status();
    let carried = answer.extensions().get::<Problem>().cloned();
    let is_ours = answer.headers().get(header::CONTENT_TYPE).is_some_and(|kind| {
        kind.as_bytes().starts_with(b"application/problem+json") || kind.as_bytes().starts_with(b"text/html")
    });
    if !(status.is_client_error() || status.is_server_error()) || (carried.is_none() && is_ours) {
        return answer;
    }
    let problem = carried.unwrap_or_else(|| of_status(status));
    let (head, _) = answer.into_parts();
    let mut answer = head.set_body(BoxBody::new(()));
    let (kind, body) =
        if is_api(http.path()) { problem_json(http, &problem, id) } else { problem_page(http, &problem, id) };
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    answer.headers_mut().remove(header::CONTENT_LENGTH);
    answer.set_body(BoxBody::new(body))
}

fn problem_json(http: &HttpRequest, problem: &Problem, id: &str) -> (&'static str, String) {
    let site = http.app_data::<Data<App>>().map_or("", |app| app.config.server.public_url.as_str());
    let body = serde_json::to_string(&ProblemBody::new(problem, site, id)).unwrap_or_default();
    ("application/problem+json", body)
}

fn problem_page(http: &HttpRequest, problem: &Problem, id: &str) -> (&'static str, String) {
    let mut page = page_of(http, problem.code.title());
    if problem.code == Code::Unauthenticated {
        page = page.noting(super::layout::NoticeKind::Info, "Sign in to go on.");
    }
    let html = ErrorPage::new(page, problem, id).render();
    ("text/html; charset=utf-8", html.unwrap_or_else(|_| problem.detail.clone()))
}

/// The frame of a page for this request: who looks at it, and where they are.
pub fn page_of(http: &HttpRequest, title: &str) -> Page {
    let identity = identity(http);
    let path = http.uri().path_and_query().map_or("/", |path| path.as_str());
    let page = Page::new(title).at(path);
    match identity.viewer {
        Some(viewer) => page.seen_by(viewer, identity.csrf),
        None => page,
    }
}

fn add_headers(http: &HttpRequest, answer: &mut HttpResponse, id: &str) {
    let app = http.app_data::<Data<App>>();
    let https = app.is_some_and(|app| app.config.is_https());
    let docs = http.path().starts_with("/api/docs");
    let signed_in = identity(http).actor.company().is_some();
    let headers = answer.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    // Swagger UI sets styles from its script; it is the only page that may.
    let csp = if docs { DOCS_CSP } else { CSP };
    set(header::CONTENT_SECURITY_POLICY, csp);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "same-origin");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    if signed_in {
        set(header::CACHE_CONTROL, "no-store");
    }
    if https {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
    }
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
}

const DOCS_CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
    font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'";
