//! Pages of accounts: signing up, in and out, links from e-mails, one's own account, the people of a company, the one-click unsubscribe.

mod account;
mod closing;
mod invitation;
mod joining;
mod members;
mod notifications;
mod recovery;
mod second_factor;
mod security;
mod session_cookie;
mod signing;
mod unsubscribe;

use actix_web::web::ServiceConfig;

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    signing::routes(cfg);
    joining::routes(cfg);
    recovery::routes(cfg);
    account::routes(cfg);
    security::routes(cfg);
    second_factor::routes(cfg);
    members::routes(cfg);
    closing::routes(cfg);
    invitation::routes(cfg);
    unsubscribe::routes(cfg);
    notifications::routes(cfg);
}
