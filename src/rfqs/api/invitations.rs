//! REST of invitations to quote: the buyer's of an RFQ, and those that a supplier received.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, delete, get, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::error::Result;
use crate::ids::{CompanyId, RfqId};
use crate::rfqs::actions::invitations as actions;
use crate::rfqs::queries::invitations as queries;
use crate::rfqs::views::{InvitationToQuoteView, ReceivedInvitationView};
use crate::store::cursor::Paging;
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{self, ListParams, Page};
use crate::web::input::{Expected, Id, Ids, Input, Json, NoParameters, Query};
use crate::web::paged::paged;
use crate::web::run;

/// The answer to inviting has so many of the RFQ's invitations, the newest.
const NEWEST: i64 = 100;

/// Suppliers to invite.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InviteSuppliers {
    /// The companies, 1 to 50.
    #[schema(min_items = 1, max_items = 50)]
    pub companies: Vec<CompanyId>,
}

impl Input for InviteSuppliers {}

fn list_name(id: RfqId) -> String {
    format!("invitations of {id}")
}

/// The suppliers that one's own RFQ invites to quote, and how far each invitation got; newest first.
#[utoipa::path(tag = "rfqs", params(("id" = RfqId, Path), ListParams), responses((status = 200, body = Page<InvitationToQuoteView>)), security(("api_key" = ["rfqs:read"])))]
#[get("/rfqs/{id}/invitations")]
async fn list_invitations_to_quote(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RfqId>,
    Query(params): Query<ListParams>,
) -> Result<HttpResponse> {
    paged(&http, &app, list_name(id), actor, params, move |app, actor, paging| {
        Ok(queries::list(app, actor, id, paging)?.map(InvitationToQuoteView::from))
    })
    .await
}

/// Invites suppliers to quote on one's own draft or open RFQ, public or not. Of a draft they are pending until it is published; of an open one they
/// are sent at once. Answers the RFQ's invitations, newest first. Who is invited already stays so, and is not notified again; companies that
/// cannot be invited are named, and then nobody is invited.
#[utoipa::path(tag = "rfqs", params(("id" = RfqId, Path)), request_body = InviteSuppliers, responses((status = 200, body = Page<InvitationToQuoteView>)), security(("api_key" = ["rfqs:write"])))]
#[post("/rfqs/{id}/invitations")]
async fn invite_suppliers(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RfqId>,
    Json(input): Json<InviteSuppliers>,
) -> Result<HttpResponse> {
    let writer = actor.clone();
    let page = run(&app, move |app| {
        actions::invite(app, &writer, id, &input.companies)?;
        queries::list_after_write(app, &writer, id, Paging::first(NEWEST))
    })
    .await?;
    answer::list(&http, &app, &list_name(id), &actor, page.map(InvitationToQuoteView::from))
}

/// Cancels an invitation, before the supplier has quoted. An RFQ that is only for invited suppliers is out of its sight then.
#[utoipa::path(tag = "rfqs", params(Expected, ("id" = RfqId, Path), ("company" = CompanyId, Path)), responses((status = 204)), security(("api_key" = ["rfqs:write"])))]
#[delete("/rfqs/{id}/invitations/{company}")]
async fn uninvite_supplier(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Ids(id, company): Ids<RfqId, CompanyId>,
    expected: Expected,
) -> Result<HttpResponse> {
    let expected = expected.required()?;
    run(&app, move |app| actions::uninvite(app, &actor, id, company, Some(expected))).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The invitations to quote that one's own company received, newest first.
#[utoipa::path(tag = "rfqs", params(ListParams), responses((status = 200, body = Page<ReceivedInvitationView>)), security(("api_key" = ["rfqs:read"])))]
#[get("/rfq-invitations")]
async fn list_received_invitations(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Query(params): Query<ListParams>,
) -> Result<HttpResponse> {
    paged(&http, &app, "received invitations".to_owned(), actor, params, |app, actor, paging| {
        Ok(queries::list_received(app, actor, paging)?.map(ReceivedInvitationView::from))
    })
    .await
}

/// Declines the invitation to quote on an RFQ that one's own company received. The buyer reads that in its list; a quote can still be sent.
#[utoipa::path(tag = "rfqs", params(("id" = RfqId, Path)), responses((status = 200, body = ReceivedInvitationView)), security(("api_key" = ["rfqs:write"])))]
#[post("/rfqs/{id}/decline-invitation")]
async fn decline_invitation(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RfqId>,
    _: NoParameters,
) -> Result<HttpResponse> {
    let view = run(&app, move |app| {
        actions::decline(app, &actor, id)?;
        queries::find_answered(app, &actor, id).map(ReceivedInvitationView::from)
    })
    .await?;
    Ok(answer::changed(&view, view.version))
}

/// The routes.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_invitations_to_quote)
        .service(invite_suppliers)
        .service(uninvite_supplier)
        .service(list_received_invitations)
        .service(decline_invitation);
}
