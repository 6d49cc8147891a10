//! The web: how a request becomes a typed input, who sent it, and how an answer or a problem goes back.
//!
//! Knows HTTP and nothing of trade. `routes.rs` is the one page that names every route; the features' `api.rs` and `pages.rs`
//! hold the handlers, thin async wrappers around their actions.

pub mod actor;
pub mod answer;
pub mod assets;
pub mod csrf;
pub mod docs;
pub mod frame;
pub mod health;
pub mod input;
pub mod layout;
pub mod limits;
pub mod open_form;
pub mod metrics;
pub mod observe;
pub mod problem;
pub mod routes;
pub mod server;
pub mod upload;

use actix_web::web::Data;

use crate::app::App;
use crate::error::{Problem, Result};

/// A part of a request that is being read.
type Reading<T> = std::pin::Pin<Box<dyn Future<Output = Result<T>>>>;

/// Runs a use case off the event loop: the database blocks, the loop must not.
pub async fn run<T: Send + 'static>(
    app: &Data<App>,
    work: impl FnOnce(&App) -> Result<T> + Send + 'static,
) -> Result<T> {
    let app = Data::clone(app);
    actix_web::web::block(move || work(&app))
        .await
        .unwrap_or_else(|_| Err(Problem::internal("a use case panicked or the server is stopping")))
}
