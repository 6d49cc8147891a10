//! Every route on one page. (A seam: it names the features and holds no logic.)

use actix_web::{App as ActixApp, web};
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_actix_web::{AppExt, scope};

use super::{assets, docs, health};
use crate::{accounts, finding};

/// The REST routes, relative to `/api/v1`.
pub fn api(cfg: &mut ServiceConfig) {
    accounts::api::routes(cfg);
    finding::api::routes(cfg);
}

/// The pages.
fn pages(cfg: &mut web::ServiceConfig) {
    finding::pages::routes(cfg);
    accounts::pages::routes(cfg);
}

/// The whole tree of routes.
pub fn all(cfg: &mut web::ServiceConfig) {
    cfg.configure(docs::routes)
        .service(web::scope("/api/v1").configure(|cfg| api(&mut ServiceConfig::new(cfg))))
        .configure(health::routes)
        .configure(assets::routes)
        .configure(pages);
}

/// The OpenAPI document, collected from the routes themselves.
pub fn openapi() -> OpenApi {
    let app = ActixApp::new().into_utoipa_app().openapi(docs::Document::openapi());
    app.service(scope::scope("/api/v1").configure(api)).split_for_parts().1
}
