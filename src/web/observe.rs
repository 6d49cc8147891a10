//! What is recorded of every request at its end: a line in the log and a count. Neither holds a path or a query, which may name
//! somebody: only the pattern of the route.

use std::time::Instant;

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::HeaderMap;
use actix_web::middleware::Next;
use actix_web::web::Data;

use super::headers::REQUEST_ID;
use crate::app::App;
use crate::config::RequestLog;

/// The route of requests that fit none.
const NO_ROUTE: &str = "none";

/// The middleware; outside of the envelope, so that it sees what the client sees.
pub async fn observe<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let begun = Instant::now();
    let method = method_of(request.method().as_str());
    let app = request.app_data::<Data<App>>().cloned();
    let outcome = next.call(request).await;
    let Some(app) = app else { return outcome };
    let (route, status, id, outcome) = match outcome {
        Ok(answer) => {
            let route = answer.request().match_pattern();
            (route, answer.status().as_u16(), id_of(answer.headers()), Ok(answer))
        }
        Err(error) => {
            // The answer can be taken from an error once only, so it is handed on with another.
            let answer = error.error_response();
            let (status, id) = (answer.status().as_u16(), id_of(answer.headers()));
            (None, status, id, Err(InternalError::from_response(error, answer).into()))
        }
    };
    let (route, took) = (route.as_deref().unwrap_or(NO_ROUTE), begun.elapsed());
    app.metrics.request(method, route, status, took);
    if let Some(level) = level_of(app.config.log.requests, status) {
        let ms = took.as_secs_f64() * 1_000.0;
        let ms = (ms * 10.0).round() / 10.0;
        log::log!(level, request = id.as_str(), method, route, status, ms; "request");
    }
    outcome
}

/// The id that the envelope gave the answer.
fn id_of(headers: &HeaderMap) -> String {
    headers.get(REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or_default().to_owned()
}

/// The method, of those that there are: a label is no place for a word of the client's.
fn method_of(sent: &str) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    KNOWN.into_iter().find(|known| *known == sent).unwrap_or("other")
}

fn level_of(wanted: RequestLog, status: u16) -> Option<log::Level> {
    match wanted {
        RequestLog::All => Some(log::Level::Info),
        RequestLog::Failures => (status >= 500).then_some(log::Level::Info),
        RequestLog::None => None,
    }
}
