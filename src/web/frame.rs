//! The frame around every request: its id, a caught panic, the body of a problem, the security headers.

use std::panic::AssertUnwindSafe;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse};
use askama::Template;
use futures_util::FutureExt;

use super::actor::{Identity, identity, is_api};
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
    let kept = Kept::of(&request);
    request.extensions_mut().insert(RequestId(kept.id.clone()));
    let method = request.method().clone();
    let outcome = AssertUnwindSafe(next.call(request)).catch_unwind().await;
    match outcome {
        Ok(Ok(answer)) => {
            let (http, answer) = answer.into_parts();
            let answer = kept.complete(&identity(&http), answer.map_into_boxed_body());
            Ok(ServiceResponse::new(http, answer))
        }
        Ok(Err(error)) => Err(kept.answer_without_request(error.error_response())),
        Err(_) => {
            let problem = Problem::internal(format!("a handler panicked at {method} {}", kept.path));
            Err(kept.answer_without_request(actix_web::ResponseError::error_response(&problem)))
        }
    }
}

fn request_id(sent: Option<&HeaderValue>) -> String {
    let is_plain =
        |id: &&str| (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let sent = sent.and_then(|value| value.to_str().ok()).filter(is_plain);
    sent.map_or_else(|| format!("{:032x}", rand::random::<u128>()), str::to_owned)
}

/// What the frame keeps of a request while it is handled. Not the request itself: as long as a second handle to it exists, the
/// framework cannot write the path's parameters into it; and a guard that refuses, or a panic, takes it away for good.
struct Kept {
    app: Option<Data<App>>,
    id: String,
    path: String,
    place: String,
}

impl Kept {
    fn of(request: &ServiceRequest) -> Self {
        Self {
            app: request.app_data::<Data<App>>().cloned(),
            id: request_id(request.headers().get(REQUEST_ID)),
            path: request.path().to_owned(),
            place: place_of(request.request()).to_owned(),
        }
    }

    /// The answer of a request that is lost, as the error that the framework answers with.
    fn answer_without_request(&self, answer: HttpResponse) -> Error {
        let answer = self.complete(&Identity::anonymous(), answer);
        InternalError::from_response("answered outside the handlers", answer).into()
    }

    /// The answer with the body that its problem stands for, and with the headers of every answer.
    fn complete(&self, identity: &Identity, answer: HttpResponse) -> HttpResponse {
        let mut answer = self.with_problem_body(identity, answer);
        self.add_headers(identity, &mut answer);
        answer
    }

    /// Gives an error its body: the problem that travelled with it, or the one that its bare status stands for.
    fn with_problem_body(&self, identity: &Identity, answer: HttpResponse) -> HttpResponse {
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
            if is_api(&self.path) { self.problem_json(&problem) } else { self.problem_page(identity, &problem) };
        answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        answer.headers_mut().remove(header::CONTENT_LENGTH);
        answer.set_body(BoxBody::new(body))
    }

    fn problem_json(&self, problem: &Problem) -> (&'static str, String) {
        let site = self.app.as_ref().map_or("", |app| app.config.server.public_url.as_str());
        let body = serde_json::to_string(&ProblemBody::new(problem, site, &self.id)).unwrap_or_default();
        ("application/problem+json", body)
    }

    fn problem_page(&self, identity: &Identity, problem: &Problem) -> (&'static str, String) {
        let mut page = page_for(identity.clone(), &self.place, problem.code.title());
        if problem.code == Code::Unauthenticated {
            page = page.noting(super::layout::NoticeKind::Info, "Sign in to go on.");
        }
        let html = ErrorPage::new(page, problem, &self.id).render();
        ("text/html; charset=utf-8", html.unwrap_or_else(|_| problem.detail.clone()))
    }

    fn add_headers(&self, identity: &Identity, answer: &mut HttpResponse) {
        let headers = answer.headers_mut();
        let mut set = |name: HeaderName, value: &'static str| {
            if !headers.contains_key(&name) {
                headers.insert(name, HeaderValue::from_static(value));
            }
        };
        // Swagger UI sets styles from its script; it is the only page that may.
        let csp = if self.path.starts_with("/api/docs") { DOCS_CSP } else { CSP };
        set(header::CONTENT_SECURITY_POLICY, csp);
        set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        set(header::REFERRER_POLICY, "same-origin");
        set(header::X_FRAME_OPTIONS, "DENY");
        set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
        set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
        if identity.actor.company().is_some() {
            set(header::CACHE_CONTROL, "no-store");
        }
        if self.app.as_ref().is_some_and(|app| app.config.is_https()) {
            set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
        }
        if let Ok(id) = HeaderValue::from_str(&self.id) {
            headers.insert(REQUEST_ID, id);
        }
    }
}

fn place_of(http: &HttpRequest) -> &str {
    http.uri().path_and_query().map_or("/", |path| path.as_str())
}

/// The frame of a page for this request: who looks at it, and where they are.
pub fn page_of(http: &HttpRequest, title: &str) -> Page {
    page_for(identity(http), place_of(http), title)
}

fn page_for(identity: Identity, place: &str, title: &str) -> Page {
    let page = Page::new(title).at(place);
    match identity.viewer {
        Some(viewer) => page.seen_by(viewer, identity.csrf),
        None => page,
    }
}

const DOCS_CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
    font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'";
