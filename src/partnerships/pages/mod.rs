//! Pages of partnerships: the list, one partnership with its timeline and ledger, a shipment, and the forms and confirmations on both.

mod choose;
mod documents;
mod parties;
mod partnership;
mod proposal;
mod record;
mod record_form;
mod review;
mod rows;
mod steps;
#[cfg(test)]
mod tests;

pub(crate) use record::{declarant_options, regime_systems};
pub(crate) use record_form::{deal_channels, goods_routes, party_forms, transport_modes};

use actix_web::web::ServiceConfig;

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(partnership::list)
        .service(proposal::propose_form)
        .service(proposal::propose)
        .service(partnership::show)
        .service(steps::ask_partnership)
        .service(steps::step_partnership)
        .service(record_form::record_form)
        .service(record_form::declare)
        .service(record::show)
        .service(steps::ask_record)
        .service(steps::confirm_record)
        .service(steps::dispute_record)
        .service(record_form::correct_form)
        .service(record_form::correct)
        .service(record::reference_form)
        .service(record::add_reference)
        .service(documents::attach_form)
        .service(documents::attach)
        .service(review::list)
        .service(review::look)
        .service(review::grade);
}
