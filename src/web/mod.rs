//! The web: how a request becomes a typed input, who sent it, and how an answer or a problem goes back.
//!
//! Knows HTTP and nothing of trade. `routes.rs` is the one page that names every route; the features' `api.rs` and `pages.rs`
//! hold the handlers, thin async wrappers around their actions.

pub mod actor;
pub mod answer;
pub mod assets;
mod authentication;
pub mod body;
pub mod connection;
pub mod costs;
pub mod cors;
pub mod csrf;
pub mod docs;
pub mod envelope;
mod headers;
pub mod health;
pub mod input;
pub mod language;
pub mod layout;
pub mod limits;
pub mod metrics;
mod openapi;
pub mod paged;
pub mod observe;
pub mod anonymous_form;
pub mod problem;
pub mod redirect;
mod request_path;
pub mod routes;
pub mod server;
pub mod since;
pub mod slow_uploads;
pub mod streamed;
pub mod throughput;
pub mod upload;
pub mod weighed;

use std::future::pending;
use std::pin::pin;
use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::rt::time::timeout;
use actix_web::web::Data;
use futures_util::future::{Either, select};

use self::connection::RequestTracker;
use crate::app::App;
use crate::error::{Code, Problem, Result};
use crate::locale::{Language, text};
use crate::work_queue::Ticket;

/// Where the REST API is.
pub const API: &str = "/api/v1";

/// The future of an extractor: a part of a request that is being read.
type ExtractorFuture<T> = std::pin::Pin<Box<dyn Future<Output = Result<T>>>>;

/// Runs a use case off the event loop: the database blocks, the loop must not. Its caller waits so long and no longer.
pub async fn run<T: Send + 'static>(
    app: &Data<App>,
    work: impl FnOnce(&App) -> Result<T> + Send + 'static,
) -> Result<T> {
    let most_ms = app.config.limits.handler_ms;
    let app = Data::clone(app);
    let work = actix_web::web::block(move || work(&app));
    let done = match most_ms {
        0 => work.await,
        most_ms => timeout(Duration::from_millis(most_ms), work).await.map_err(|_| too_long())?,
    };
    let done = done.unwrap_or_else(|_| Err(Problem::internal("a use case panicked or the server is stopping")));
    // Here and not where the answer is made: a form shows what failed and answers with a page, which carries no problem.
    done.map_err(|problem| problem.logged(&envelope::current_request()))
}

/// Waits for work of a bounded queue, as long as [`run`] waits and as long as the client is there. Work whose caller waits no longer is
/// taken out of the queue, or its outcome is thrown away: it stores nothing.
///
/// # Errors
/// Those of the work; `unavailable` when it takes too long.
pub async fn queued<T>(http: &HttpRequest, app: &Data<App>, ticket: Ticket<T>) -> Result<T> {
    let done = async {
        match select(ticket, pin!(closed(http))).await {
            Either::Left((outcome, _)) => outcome,
            // Nobody reads this, but the log has a line for the request.
            Either::Right(_) => Err(Problem::new(Code::BadRequest, text(Language::English, "errors-closed"))),
        }
    };
    match app.config.limits.handler_ms {
        0 => done.await,
        most_ms => timeout(Duration::from_millis(most_ms), done).await.unwrap_or_else(|_| Err(not_begun())),
    }
}

/// Ends when the client closes its side of the connection.
pub fn closed(http: &HttpRequest) -> impl Future<Output = ()> + use<> {
    let closed = http.conn_data::<RequestTracker>().map(RequestTracker::closed);
    async {
        match closed {
            Some(closed) => closed.await,
            None => pending().await,
        }
    }
}

fn not_begun() -> Problem {
    let mut problem = Problem::new(Code::Unavailable, text(Language::English, "errors-too-long"));
    problem.retry_after_s = Some(10);
    problem
}

/// The work goes on, and may yet be done.
fn too_long() -> Problem {
    let sentence = "This takes too long at the moment and may still be carried out. Look before you send it again, or send it \
        again with the same Idempotency-Key.";
    let mut problem = Problem::new(Code::Unavailable, sentence);
    problem.retry_after_s = Some(10);
    problem
}
