//! Every route on one page. (A seam: it names the features and holds no logic.)

use actix_web::{App as ActixApp, web};
use serde_json::Value;
use utoipa::OpenApi as _;
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_actix_web::{AppExt, scope};

use super::{API, assets, docs, health};
use crate::documents::{AccessPolicies, Subject};
use crate::error::Result;
use crate::{
    accounts, alerts, companies, customs, dashboard, discovery, documents, event_feed, exports, imports, listings,
    matching, messages, moderation, partnerships, quotes, retail, reveals, rfqs, site, statistics, verification,
    webhooks,
};

/// The REST routes, relative to `/api/v1`.
pub fn api(cfg: &mut ServiceConfig) {
    // Routes are tried in turn: first what is asked for most.
    discovery::api::routes(cfg);
    accounts::api::routes(cfg);
    documents::api::routes(cfg);
    companies::api::routes(cfg);
    listings::api::routes(cfg);
    imports::api::routes(cfg);
    rfqs::api::routes(cfg);
    matching::api::routes(cfg);
    quotes::api::routes(cfg);
    customs::api::routes(cfg);
    partnerships::api::routes(cfg);
    retail::api::routes(cfg);
    statistics::api::routes(cfg);
    messages::api::routes(cfg);
    moderation::api::routes(cfg);
    verification::api::routes(cfg);
    reveals::api::routes(cfg);
    event_feed::api::routes(cfg);
    webhooks::api::routes(cfg);
    alerts::api::routes(cfg);
    exports::api::routes(cfg);
}

/// The pages.
fn pages(cfg: &mut web::ServiceConfig) {
    cfg.configure(accounts::pages::routes)
        .configure(documents::pages::routes)
        .configure(companies::pages::routes)
        .configure(companies::contacts::pages::routes)
        .configure(listings::pages::routes)
        .configure(imports::pages::routes)
        .configure(rfqs::pages::routes)
        .configure(matching::pages::routes)
        .configure(quotes::pages::routes)
        .configure(customs::pages::routes)
        .configure(partnerships::pages::routes)
        .configure(retail::pages::routes)
        .configure(statistics::pages::routes)
        .configure(messages::pages::routes)
        .configure(moderation::pages::routes)
        .configure(verification::pages::routes)
        .configure(reveals::pages::routes)
        .configure(webhooks::pages::routes)
        .configure(alerts::pages::routes)
        .configure(exports::pages::routes)
        // Both answer `/`: the dashboard those who are signed in, the front page all others.
        .configure(dashboard::pages::routes)
        .configure(discovery::pages::routes)
        .configure(site::about::pages::routes)
        .configure(site::operator::pages::routes)
        .configure(site::crawlers::pages::routes);
}

/// Who may read what is attached to what.
pub fn access_policies() -> AccessPolicies {
    AccessPolicies::default()
        .with(Subject::Rfq, rfqs::queries::may_see_attachments)
        .with(Subject::Quote, quotes::queries::may_see_attachments)
        .with(Subject::Certification, companies::actions::may_see_certificates)
        .with(Subject::Record, partnerships::documents::actions::may_see_documents)
        .with(Subject::Thread, messages::queries::may_see_attachments)
        .with(Subject::Verification, verification::actions::may_see_documents)
}

/// The whole tree of routes.
pub fn all(cfg: &mut web::ServiceConfig) {
    cfg.configure(docs::routes)
        .service(web::scope(API).configure(|cfg| api(&mut ServiceConfig::new(cfg))))
        .configure(health::routes)
        .configure(assets::routes)
        .configure(pages);
}

/// The OpenAPI document, collected from the routes themselves.
///
/// # Errors
/// `internal` when it cannot be written, which is a fault of ours.
pub fn openapi() -> Result<Value> {
    let app = ActixApp::new().into_utoipa_app().openapi(docs::Document::openapi());
    super::openapi::complete(app.service(scope::scope(API).configure(api)).split_for_parts().1)
}
