//! REST of contact reveals.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::actions::{self, Disclosure};
use super::{DisclosureBasis, Reveal};
use crate::app::App;
use crate::companies::contacts::ContactFields;
use crate::error::Result;
use crate::ids::{CompanyId, RevealId};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{ListParams, Page};
use crate::web::input::{Id, Input, Json, Query};
use crate::web::paged::paged;
use crate::web::run;

/// A reveal needs no parameters: `{}` or no body at all.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevealContact {}

impl Input for RevealContact {}

/// The contacts of a company.
#[derive(Serialize, ToSchema)]
pub struct RevealedContacts {
    /// The company that they belong to.
    pub company: CompanyId,
    /// Its contact people; empty when it named none.
    pub contacts: Vec<ContactFields>,
    /// `quote` when one between the two companies was shortlisted or accepted, `asked` otherwise; only the latter is counted.
    pub ground: DisclosureBasis,
    /// How many further reveals on request are left; null without a limit.
    pub left: Option<i64>,
}

impl From<Disclosure> for RevealedContacts {
    fn from(disclosure: Disclosure) -> Self {
        Self {
            company: disclosure.company.id,
            contacts: disclosure.contacts.into_iter().map(|contact| contact.fields).collect(),
            ground: disclosure.basis,
            left: disclosure.left,
        }
    }
}

/// A view of one's own contacts.
#[derive(Serialize, ToSchema)]
pub struct RevealView {
    /// The id.
    pub id: RevealId,
    /// The company that viewed them.
    pub viewer: Viewer,
    /// Why it was allowed to.
    pub ground: DisclosureBasis,
    /// When it first did.
    pub at: DateTime<Utc>,
}

/// A company that viewed contacts.
#[derive(Serialize, ToSchema)]
pub struct Viewer {
    /// The id.
    pub id: CompanyId,
    /// The name.
    pub name: String,
}

impl From<(Reveal, String)> for RevealView {
    fn from((reveal, name): (Reveal, String)) -> Self {
        let viewer = Viewer { id: reveal.viewer, name };
        Self { id: reveal.id, viewer, ground: reveal.basis, at: reveal.at }
    }
}

/// Reveals the contact people of another company: without a limit when a quote between the two was shortlisted or accepted, else for a
/// `documented` company, 20 times in 24 hours and 100 in 30 days. The company is notified; a second reveal within 24 hours is the same one.
#[utoipa::path(tag = "companies", params(("id" = CompanyId, Path)), request_body = RevealContact, responses((status = 200, body = RevealedContacts)), security(("api_key" = ["contacts:reveal"])))]
#[post("/companies/{id}/reveal-contact")]
async fn reveal_contact(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<CompanyId>,
    _: Json<RevealContact>,
) -> Result<HttpResponse> {
    let view = run(&app, move |app| actions::reveal(app, &actor, id).map(RevealedContacts::from)).await?;
    Ok(HttpResponse::Ok().json(view))
}

/// The companies that viewed the contacts of one's own, newest first.
#[utoipa::path(tag = "companies", params(ListParams), responses((status = 200, body = Page<RevealView>)), security(("api_key" = ["account:read"])))]
#[get("/contact-reveals")]
async fn list_contact_reveals(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Query(params): Query<ListParams>,
) -> Result<HttpResponse> {
    paged(&http, &app, "contact reveals".to_owned(), actor, params, |app, actor, paging| {
        Ok(actions::list_own(app, actor, paging)?.map(RevealView::from))
    })
    .await
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(reveal_contact).service(list_contact_reveals);
}
