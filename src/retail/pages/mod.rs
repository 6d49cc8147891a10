//! Pages of retail records, beside the partnerships: the list, one record, the form, and a file of many.

mod form;
mod list;
mod record;
mod upload;

pub(crate) use list::{directions, parties};

use actix_web::web::ServiceConfig;

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    // Before the page of one record, for whose id the words would be taken.
    cfg.service(list::list)
        .service(form::new_form)
        .service(form::create)
        .service(upload::upload_form)
        .service(upload::upload)
        .service(record::show)
        .service(record::ask_withdraw)
        .service(record::withdraw)
        .service(form::correct_form)
        .service(form::correct);
}
