//! The envelope of every request: its id, whose turn it is, a caught panic, the body of a problem, the security headers.

use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, Data};
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse, ResponseError};
use askama::Template;
use futures_util::FutureExt;

use super::actor::{Identity, identity, is_api};
use super::connection::{RequestInFlight, RequestTracker};
use super::headers::{ALWAYS, DOCS_CSP, HSTS, REQUEST_ID, make_request_id};
use super::layout::{ErrorPage, Page};
use super::problem::{ProblemBody, of_status};
use super::request_path;
use crate::app::App;
use crate::error::{Code, Problem};
use crate::locale::{Language, Message, label};

tokio::task_local! {
    /// The id of the request that the task answers.
    static REQUEST: String;
}

/// The id of the request that is being answered, for the log; empty outside of one.
pub(super) fn current_request() -> String {
    REQUEST.try_with(Clone::clone).unwrap_or_default()
}

/// The id of the request: the client's, when it is a plain word, or one of ours.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// What is kept of a request while it is on its way: the request itself must not be held, the router needs it alone.
struct RequestMeta {
    id: String,
    method: String,
    path: String,
    path_and_query: String,
    app: Option<Data<App>>,
}

impl RequestMeta {
    /// What is wrong with an address that is longer than any of ours: a page must not have to read 50 000 parameters.
    fn address_problem(&self) -> Option<Problem> {
        let most = self.app.as_ref().map_or(0, |app| app.config.limits.uri_bytes);
        let is_too_long = most > 0 && self.path_and_query.len() > most;
        is_too_long.then(|| {
            Problem::new(
                Code::UriTooLong,
                Message::new("errors-address-long").with("most", most.to_string()).text(Language::English),
            )
        })
    }
}

/// The middleware; the outermost of all.
pub async fn envelope<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    // Before anything looks at the path: a rule that compared another spelling than the router would be passed by.
    request_path::normalize(&mut request);
    let meta = RequestMeta {
        id: request_id(request.headers().get(REQUEST_ID)),
        method: request.method().to_string(),
        path: request.path().to_owned(),
        path_and_query: request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned(),
        app: request.app_data::<Data<App>>().cloned(),
    };
    let in_flight = request.request().conn_data::<RequestTracker>().map(RequestTracker::begin);
    request.extensions_mut().insert(RequestId(meta.id.clone()));
    // What answers GET answers HEAD; the connection leaves the body out by itself.
    if request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    if let Some(problem) = meta.address_problem() {
        let (http, _) = request.into_parts();
        let answer = finish(&meta, &Identity::anonymous(), problem.error_response());
        return Ok(ServiceResponse::new(http, answer));
    }
    let answered = REQUEST.scope(meta.id.clone(), AssertUnwindSafe(next.call(request)).catch_unwind());
    match answered.await {
        Ok(Ok(answer)) => {
            let (http, answer) = answer.into_parts();
            let identity = identity(&http);
            let answer = finish(&meta, &identity, answer.map_into_boxed_body());
            let answer = answer.map_body(|_, body| BoxBody::new(Outgoing { body, _in_flight: in_flight }));
            Ok(ServiceResponse::new(http, answer))
        }
        Ok(Err(error)) => {
            let answer = finish(&meta, &Identity::anonymous(), error.error_response());
            Err(InternalError::from_response(error, answer).into())
        }
        Err(_) => {
            let problem = Problem::internal(format!("a handler panicked at {} {}", meta.method, meta.path));
            let answer = finish(&meta, &Identity::anonymous(), problem.error_response());
            Err(InternalError::from_response(problem, answer).into())
        }
    }
}

/// The body of an answer; until it is handed over, the client waits for the server and not the other way round.
struct Outgoing {
    body: BoxBody,
    _in_flight: Option<RequestInFlight>,
}

impl MessageBody for Outgoing {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(cx)
    }
}

fn finish(meta: &RequestMeta, identity: &Identity, answer: HttpResponse) -> HttpResponse {
    let mut answer = with_problem_body(meta, identity, answer);
    add_headers(meta, identity, &mut answer);
    answer
}

fn request_id(sent: Option<&HeaderValue>) -> String {
    let is_plain =
        |id: &&str| (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    // A caller's own id is taken so that both logs can be compared; letters and digits alone, because it is written into our log.
    let sent = sent.and_then(|value| value.to_str().ok()).filter(is_plain);
    sent.map_or_else(make_request_id, str::to_owned)
}

/// Gives an error its body: the problem that travelled with it, or the one that its bare status stands for.
fn with_problem_body(meta: &RequestMeta, identity: &Identity, answer: HttpResponse) -> HttpResponse {
    let status = answer.status();
    let carried = answer.extensions().get::<Problem>().cloned();
    let is_ours = answer.headers().get(header::CONTENT_TYPE).is_some_and(|kind| {
        let kinds: [&[u8]; 3] = [b"application/problem+json", b"application/json", b"text/html"];
        kinds.iter().any(|ours| kind.as_bytes().starts_with(ours))
    });
    if !(status.is_client_error() || status.is_server_error()) || (carried.is_none() && is_ours) {
        return answer;
    }
    let problem = carried.unwrap_or_else(|| of_status(status)).logged(&meta.id);
    let (head, _) = answer.into_parts();
    let mut answer = head.set_body(BoxBody::new(()));
    let (kind, body) =
        if is_api(&meta.path) { problem_json(meta, &problem) } else { problem_page(meta, identity, &problem) };
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    answer.headers_mut().remove(header::CONTENT_LENGTH);
    answer.set_body(BoxBody::new(body))
}

fn problem_json(meta: &RequestMeta, problem: &Problem) -> (&'static str, String) {
    let site = meta.app.as_ref().map_or("", |app| app.config.server.public_url.as_str());
    let body = serde_json::to_string(&ProblemBody::new(problem, site, &meta.id)).unwrap_or_default();
    ("application/problem+json", body)
}

fn problem_page(meta: &RequestMeta, identity: &Identity, problem: &Problem) -> (&'static str, String) {
    let page = page_for(identity, "", &meta.path_and_query);
    let html = ErrorPage::new(page, problem, &meta.id).render();
    ("text/html; charset=utf-8", html.unwrap_or_else(|_| problem.detail.clone()))
}

/// The layout of a page for this request: who looks at it, and where they are.
pub fn page_of(http: &HttpRequest, title: &str) -> Page {
    let page = page_for(&identity(http), title, http.uri().path_and_query().map_or("/", |path| path.as_str()));
    let provided = http.app_data::<Data<App>>().map(|app| app.config.operator.provided()).unwrap_or_default();
    let named = |(name, _): (&'static str, _)| (name, label(page.language, "operator-page", name));
    let operator_pages = provided.into_iter().map(named).collect();
    Page { operator_pages, ..page }
}

fn page_for(identity: &Identity, title: &str, path: &str) -> Page {
    let page = Page::new(title).at(path);
    match &identity.viewer {
        Some(viewer) => page.seen_by(viewer.clone(), identity.csrf.clone()),
        None => page,
    }
}

fn add_headers(meta: &RequestMeta, identity: &Identity, answer: &mut HttpResponse) {
    let https = meta.app.as_ref().is_some_and(|app| app.config.is_https());
    let headers = answer.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    if meta.path.starts_with("/api/docs") {
        set(header::CONTENT_SECURITY_POLICY, DOCS_CSP);
    }
    for (name, value) in ALWAYS {
        set(HeaderName::from_static(name), value);
    }
    // What a member sees belongs into no cache, not even the browser's: the next one at the machine would page back to it.
    if identity.actor.company().is_some() {
        set(header::CACHE_CONTROL, "no-store");
    }
    if https {
        // Only where the site is on HTTPS: at a desk it would lock the browser out of every program on localhost.
        set(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
    if let Ok(id) = HeaderValue::from_str(&meta.id) {
        headers.insert(REQUEST_ID, id);
    }
}

#[cfg(test)]
mod tests {
    use actix_web::middleware::from_fn;
    use actix_web::test::{TestRequest, init_service, read_body, try_call_service};
    use actix_web::{App as ActixApp, web};

    use super::*;

    async fn broken() -> HttpResponse {
        panic!("the inside of the implementation")
    }

    async fn well() -> HttpResponse {
        HttpResponse::Ok().finish()
    }

    #[actix_web::test]
    async fn a_panic_is_answered_and_the_next_request_too() {
        let routes = ActixApp::new().route("/api/v1/broken", web::get().to(broken)).route("/well", web::get().to(well));
        let app = init_service(routes.wrap(from_fn(envelope))).await;
        for _ in 0..3 {
            let request = TestRequest::get().uri("/api/v1/broken").to_request();
            let Err(fault) = try_call_service(&app, request).await else { panic!("a panic was no fault") };
            let answer = fault.error_response();
            assert_eq!(answer.status(), 500);
            assert_eq!(answer.headers().get(header::CONTENT_TYPE).unwrap(), "application/problem+json");
            assert!(answer.headers().contains_key(REQUEST_ID) && answer.headers().contains_key("x-frame-options"));
            let body = actix_web::body::to_bytes(answer.into_body()).await.unwrap_or_default();
            let body = String::from_utf8_lossy(&body).into_owned();
            assert!(body.contains("\"internal\"") && !body.contains("implementation"), "{body}");
            let answer = try_call_service(&app, TestRequest::get().uri("/well").to_request()).await.unwrap();
            assert_eq!(answer.status(), 200);
            assert!(read_body(answer).await.is_empty());
        }
    }
}
