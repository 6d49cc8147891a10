//! Pages of verification: the evidence and requests of one's own company, and the moderators' queues of requests and of disputed identifiers.

mod claims;
mod own;
mod queue;
mod request;
mod rows;

use actix_web::web::ServiceConfig;

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    own::routes(cfg);
    request::routes(cfg);
    claims::routes(cfg);
    queue::routes(cfg);
}
