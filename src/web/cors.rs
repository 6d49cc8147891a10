//! Scripts of other sites: their browsers may read the API's answers only where an API key lists their origin.
//!
//! Who is asking is found out before ([`Listed`] is put into the request by the identifying middleware); here the answer gets its
//! headers. A preflight carries no key, so it is answered when any key lists the origin; the request after it must carry the one
//! that does. Cookies mean nothing to the API, so credentials are never allowed.

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpResponse};

use super::actor::is_api;

/// How long a browser may remember a preflight, in seconds.
const MAX_AGE_S: &str = "600";
/// What a script may send beside the plain headers.
const ALLOWED: &str = "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-Request-Id";
/// What a script may read beside the plain headers.
const EXPOSED: &str = "ETag, Idempotent-Replayed, Link, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id";

/// The origin of the request, which a key lists.
#[derive(Clone, Debug)]
pub struct Listed(pub String);

/// The origin that the browser names, of a request to the API.
pub fn origin(request: &ServiceRequest) -> Option<String> {
    let origin = request.headers().get(header::ORIGIN).filter(|_| is_api(request.path()))?;
    origin.to_str().ok().map(str::to_owned)
}

/// Whether a browser asks beforehand what it may send.
pub fn is_preflight(request: &ServiceRequest) -> bool {
    request.method() == Method::OPTIONS && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

/// The middleware.
pub async fn answer<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, Error> {
    let listed = request.extensions().get::<Listed>().cloned();
    let (names_origin, preflight) = (origin(&request).is_some(), is_preflight(&request));
    let mut answer = next.call(request).await?.map_into_left_body();
    if names_origin {
        // Also on refusals: a cache must not hand the answer for one origin to another.
        answer.headers_mut().append(header::VARY, HeaderValue::from_static("Origin"));
    }
    let Some(origin) = listed.and_then(|listed| HeaderValue::from_str(&listed.0).ok()) else { return Ok(answer) };
    // The router has said which methods there are.
    if preflight && answer.headers().contains_key(header::ALLOW) {
        answer = allowed(answer);
    }
    answer.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    set(answer.headers_mut(), header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    Ok(answer)
}

fn allowed<B>(refusal: ServiceResponse<EitherBody<B, BoxBody>>) -> ServiceResponse<EitherBody<B, BoxBody>> {
    let (request, refusal) = refusal.into_parts();
    let mut answer = HttpResponse::NoContent().finish();
    let headers = answer.headers_mut();
    if let Some(methods) = refusal.headers().get(header::ALLOW) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods.clone());
    }
    set(headers, header::ACCESS_CONTROL_ALLOW_HEADERS, ALLOWED);
    set(headers, header::ACCESS_CONTROL_MAX_AGE, MAX_AGE_S);
    headers.insert(header::VARY, HeaderValue::from_static("Origin"));
    ServiceResponse::new(request, answer).map_into_right_body()
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.insert(name, HeaderValue::from_static(value));
}
