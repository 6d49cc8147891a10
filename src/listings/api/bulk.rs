//! REST of listings for whoever keeps a catalogue elsewhere: by SKU, and a hundred in one call.

use actix_web::http::Method;
use actix_web::web::{Data, Path, method as method_only};
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::view::{ListingView, versioned, written};
use crate::actor::Permission;
use crate::app::App;
use crate::error::{FieldCode, FieldError, Problem, Result};
use crate::ids::ListingId;
use crate::listings::batch::{self, BatchResult};
use crate::listings::{ListingFields, ListingState, actions};
use crate::locale::{Language, Message};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer;
use crate::web::docs::unknown;
use crate::web::input::{Expected, Input, Json, Patch};
use crate::web::problem::ProblemField;
use crate::web::run;
use crate::wire_enum;

/// The most listings in one call.
pub const MOST: usize = 100;

/// Listings that are made, or replaced by their SKU.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ListingBatch {
    /// 1 to 100 listings, each as `PUT /listings/by-sku/{sku}` takes it, with its SKU.
    #[schema(required = true, value_type = Vec<ListingFields>, min_items = 1, max_items = 100)]
    pub listings: Vec<serde_json::Value>,
    /// true publishes drafts.
    pub publish: bool,
}

impl Input for ListingBatch {}

wire_enum! {
    /// What became of a listing of a batch.
    pub enum BatchOutcome {
        /// It is new.
        New = "new",
        /// It was there and differed.
        Changed = "changed",
        /// It was there and equal: nothing was written.
        Same = "same",
        /// It was refused; the others are stored.
        Refused = "refused",
    }
}

/// What became of one listing of a batch.
#[derive(Serialize, ToSchema)]
pub struct ListingResult {
    /// What became of it.
    pub outcome: BatchOutcome,
    /// Its SKU, as far as it has one.
    pub sku: Option<String>,
    /// Its id; null where it was refused.
    pub id: Option<ListingId>,
    /// Its state; null where it was refused.
    pub state: Option<ListingState>,
    /// Its version; null where it was refused.
    pub version: Option<i64>,
    /// What is wrong with it, by JSON pointers into the listing; empty where it was stored.
    pub errors: Vec<ProblemField>,
}

/// What became of each listing of a batch.
#[derive(Serialize, ToSchema)]
pub struct ListingResults {
    /// A result for each, in the order of the request.
    pub data: Vec<ListingResult>,
}

fn result_of(result: BatchResult) -> ListingResult {
    let BatchResult { sku, outcome } = result;
    match outcome {
        Ok((outcome, listing)) => ListingResult {
            outcome: match outcome {
                batch::Written::Made => BatchOutcome::New,
                batch::Written::Changed => BatchOutcome::Changed,
                batch::Written::Same => BatchOutcome::Same,
            },
            sku: Some(listing.fields.sku),
            id: Some(listing.id),
            state: Some(listing.state),
            version: Some(listing.version),
            errors: Vec::new(),
        },
        Err(problem) => {
            let mut errors: Vec<ProblemField> = problem.fields.iter().map(ProblemField::from).collect();
            if errors.is_empty() {
                errors.push(ProblemField::from(&FieldError::new("", FieldCode::Contradiction, problem.detail)));
            }
            ListingResult { outcome: BatchOutcome::Refused, sku, id: None, state: None, version: None, errors }
        }
    }
}

/// Makes up to a hundred listings, or replaces those of the same SKU, with a result for each: one that is refused does not keep the others from
/// being stored. The same call again changes nothing. New listings are drafts, unless `publish` is true.
#[utoipa::path(tag = "listings", request_body = ListingBatch, responses((status = 200, body = ListingResults)), security(("api_key" = ["catalog:write"])))]
#[post("/listings/batch")]
async fn put_listings(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Json(sent): Json<ListingBatch>,
) -> Result<HttpResponse> {
    actor.authorize(Permission::CatalogWrite)?;
    if !(1..=MOST).contains(&sent.listings.len()) {
        let message = Message::new("listings-batch-size").with("most", MOST).text(Language::English);
        return Err(Problem::invalid_field("/listings", FieldCode::Range, message));
    }
    let results = run(&app, move |app| batch::put_all(app, &actor, sent.listings, sent.publish)).await?;
    Ok(HttpResponse::Ok().json(ListingResults { data: results.into_iter().map(result_of).collect() }))
}

/// The listing of a SKU, in any state but removed.
#[utoipa::path(tag = "listings", params(("sku" = String, Path)), responses((status = 200, body = ListingView)), security(("api_key" = ["catalog:read"])))]
#[get("/listings/by-sku/{sku}")]
async fn get_listing_by_sku(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    sku: Path<String>,
) -> Result<HttpResponse> {
    let view =
        run(&app, move |app| written(app, batch::find_by_sku(app, &actor, Permission::CatalogRead, &sku)?)).await?;
    Ok(answer::resource(&http, &view, view.version))
}

/// Changes the listing of a SKU by an RFC 7396 merge patch: what it does not name stays.
#[utoipa::path(tag = "listings", params(Expected, ("sku" = String, Path)), request_body = ListingFields, responses((status = 200, body = ListingView)), security(("api_key" = ["catalog:write"])))]
#[patch("/listings/by-sku/{sku}")]
async fn patch_listing_by_sku(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    sku: Path<String>,
    expected: Expected,
    Patch(patch): Patch,
) -> Result<HttpResponse> {
    let version = versioned(&actor, expected)?;
    let view = run(&app, move |app| {
        let id = batch::find_by_sku(app, &actor, Permission::CatalogWrite, &sku)?.id;
        written(app, actions::change(app, &actor, id, Some(version), &patch)?)
    })
    .await?;
    Ok(answer::changed(&view, view.version))
}

/// Takes the listing of a SKU away for good; the SKU may be used again.
#[utoipa::path(tag = "listings", params(Expected, ("sku" = String, Path)), responses((status = 204)), security(("api_key" = ["catalog:write"])))]
#[delete("/listings/by-sku/{sku}")]
async fn delete_listing_by_sku(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    sku: Path<String>,
    expected: Expected,
) -> Result<HttpResponse> {
    let version = versioned(&actor, expected)?;
    run(&app, move |app| {
        let id = batch::find_by_sku(app, &actor, Permission::CatalogWrite, &sku)?.id;
        actions::remove(app, &actor, id, Some(version))
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The routes.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    for method in [Method::GET, Method::PATCH, Method::DELETE] {
        // Otherwise `batch` would be taken for the id of a listing that is not there.
        cfg.route("/listings/batch", method_only(method).to(unknown));
    }
    cfg.service(put_listings).service(get_listing_by_sku).service(patch_listing_by_sku).service(delete_listing_by_sku);
}
