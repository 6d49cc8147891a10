//! Pages of moderation: the report form, the decisions about one's own company, and the moderators' pages.

mod case;
mod company;
mod own;
mod queue;
mod report;
mod rows;

use actix_web::web::ServiceConfig;

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    report::routes(cfg);
    own::routes(cfg);
    queue::routes(cfg);
    case::routes(cfg);
    company::routes(cfg);
}
