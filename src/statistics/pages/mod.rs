//! Pages of the statistics: general trade, and beside it the retail that is none.

mod general;
mod links;
mod retail;

pub(crate) use general::{chapters, flows, release_options, revised, tables};
pub(crate) use retail::retail_tables;

use actix_web::web::ServiceConfig;

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(general::statistics).service(retail::retail_statistics);
}
