//! The address of a document on the site: the file, for those who may read it.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpResponse, get};

use super::{actions, api};
use crate::app::App;
use crate::error::Result;
use crate::ids::DocumentId;
use crate::web::actor::Who;
use crate::web::input::Id;
use crate::web::run;

#[get("/documents/{id}")]
async fn show(app: Data<App>, Who(actor): Who, Id(id): Id<DocumentId>) -> Result<HttpResponse> {
    let document = run(&app, move |app| actions::find(app, &actor, id)).await?;
    api::content(&app, &document).await
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(show);
}
