//! Pages of partnerships: the list, one partnership with its timeline and ledger, a shipment, and the forms and confirmations on both.

mod choose;
mod documents;
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

use crate::app::App;
use crate::companies;
use crate::error::Result;
use crate::ids::CompanyId;

/// The two sides as a page speaks of them.
#[derive(Clone, Debug)]
struct Parties {
    supplier: CompanyId,
    supplier_name: String,
    buyer: CompanyId,
    buyer_name: String,
}

impl Parties {
    fn load(app: &App, supplier: CompanyId, buyer: CompanyId) -> Result<Self> {
        let mut names = app.db.read(|conn| companies::store::names(conn, &[supplier.0, buyer.0]))?;
        let mut name = |id: CompanyId| names.remove(&id.0).unwrap_or_default();
        Ok(Self { supplier, supplier_name: name(supplier), buyer, buyer_name: name(buyer) })
    }

    fn name(&self, company: CompanyId) -> &str {
        if company == self.supplier { &self.supplier_name } else { &self.buyer_name }
    }

    fn other_name(&self, company: CompanyId) -> &str {
        if company == self.supplier { &self.buyer_name } else { &self.supplier_name }
    }
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(partnership::list)
        .service(proposal::propose_form)
        .service(proposal::propose)
        .service(partnership::show)
        .service(steps::ask_partnership)
        .service(steps::confirm)
        .service(steps::decline)
        .service(steps::end)
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
