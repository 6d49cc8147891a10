//! Pages of accounts: signing up, in and out, links from letters, one's own account with API keys, the one-click unsubscribe.

mod account;
mod joining;
mod recovery;
mod signing;
mod unsubscribe;

use actix_web::web::ServiceConfig;

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    signing::routes(cfg);
    joining::routes(cfg);
    recovery::routes(cfg);
    account::routes(cfg);
    unsubscribe::routes(cfg);
}
