//! Work whose cost is known before it runs: cheap work is done where the request is, dear work on threads of its own, and both count for what they
//! cost in the rate limit.

use std::hash::{BuildHasher, BuildHasherDefault};

use actix_web::web::Data;
use actix_web::{HttpMessage, HttpRequest};
use rustc_hash::FxHasher;

use super::actor::{Identity, client_address};
use super::limits::charge;
use crate::actor::Actor;
use crate::app::App;
use crate::error::Result;

/// Answers a search that costs so many plain ones.
///
/// # Errors
/// Those of the work; `too_many_requests` where its cost is more than the caller has left, `unavailable` where too many dear ones run.
pub async fn search<T: Send + 'static>(
    http: &HttpRequest,
    app: &Data<App>,
    cost: u32,
    work: impl FnOnce(&App) -> Result<T> + Send + 'static,
) -> Result<T> {
    charge(http, cost)?;
    // Handing it over costs more than a plain search takes.
    if cost <= app.config.limits.search_plain_cost {
        return work(app);
    }
    let slot = app.search_queue.reserve(owner(http))?;
    let app = Data::clone(app);
    slot.run(move || work(&app)).await
}

/// Who asks, as the queue tells owners apart: the company, or the network. Companies' ids are positive.
fn owner(http: &HttpRequest) -> i64 {
    match http.extensions().get::<Identity>().map(|identity| &identity.actor) {
        Some(Actor::Key { company, .. } | Actor::Member { company, .. }) => company.0,
        _ => {
            let hash = BuildHasherDefault::<FxHasher>::default().hash_one(client_address(http).network());
            -i64::try_from(hash >> 1).unwrap_or(i64::MAX)
        }
    }
}
