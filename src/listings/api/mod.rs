//! REST of listings.

use actix_web::http::header;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post, put};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

pub mod bulk;
mod view;

pub use view::{ListingView, OfferingCompany};

use self::view::{versioned, written};
use super::actions::{self, Precondition};
use super::images::api as images;
use super::rules::OwnFilter;
use super::{Listing, ListingFields, READ_ONLY};
use crate::actor::Actor;
use crate::app::App;
use crate::classification::HsSuggestion;
use crate::classification::queries::suggest_where_none;
use crate::companies::loading::Publish;
use crate::error::{FieldCode, Problem, Result};
use crate::ids::ListingId;
use crate::locale::{Language, Message, text};
use crate::store::cursor::{ListPage, Paging, UpdatedKey};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::ListParams;
use crate::web::input::{Expected, Id, IdempotencyHeader, Json, Patch, Query, parse};
use crate::web::language::reader_language;
use crate::web::since::{Since, paged_since};
use crate::web::{answer, run};
use crate::wire;

/// A listing to be stored.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "it says in the document what `ListingInput::read` takes apart")]
pub struct ListingInput {
    /// The listing.
    #[schema(inline)]
    #[serde(flatten)]
    fields: ListingFields,
    /// true publishes it in the same step: it is stored and shown, or neither.
    #[schema(default = false)]
    publish: Option<bool>,
}

impl ListingInput {
    /// The fields, and whether the listing is to be published.
    fn read(mut sent: Value) -> Result<(ListingFields, Publish)> {
        let publish = sent.as_object_mut().and_then(|members| members.remove("publish")).unwrap_or_default();
        let fields = wire::read_value::<ListingFields>(sent, READ_ONLY);
        let publish = match publish {
            Value::Null | Value::Bool(false) => Publish::No,
            Value::Bool(true) => Publish::Yes,
            _ => {
                let message = text(Language::English, "errors-true-or-false");
                let mut problem = Problem::invalid_field("/publish", FieldCode::Format, message);
                problem.fields.extend(fields.err().into_iter().flat_map(|others| others.fields));
                return Err(problem);
            }
        };
        Ok((fields?, publish))
    }
}

/// The parameters of the list of one's own listings.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListingListParams {
    /// How many items, 1 to 100; 25 without it.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// A cursor of an earlier answer.
    pub cursor: Option<String>,
    /// Only those in this state; without it all but the removed ones.
    pub state: Option<String>,
    /// Only the one with this SKU.
    pub sku: Option<String>,
    /// Only those that were changed at this time or later.
    #[param(example = "2026-11-30T00:00:00Z")]
    pub updated_since: Option<String>,
    /// `updated`: by the time of their last change, the longest ago first, to keep a copy up to date; without it the newest listings come first.
    pub sort: Option<String>,
}

impl ListingListParams {
    fn filter(&self, since: &Since) -> Result<OwnFilter> {
        Ok(OwnFilter {
            state: self.state.as_deref().map(|text| parse("state", text)).transpose()?,
            sku: self.sku.clone(),
            updated_since: since.updated_since,
        })
    }
}

/// The listings of one company as they are shown to it.
///
/// # Errors
/// Faults of the database.
pub fn own_views<K>(app: &App, slice: ListPage<Listing, K>) -> Result<ListPage<ListingView, K>> {
    let company = slice.items.first().map(|listing| actions::company_of(app, listing)).transpose()?;
    let items = slice.items.into_iter();
    let views = company.map(|company| items.map(|listing| ListingView::new(listing, &company)).collect());
    Ok(ListPage { items: views.unwrap_or_default(), next: slice.next, prev: slice.prev })
}

/// The listings of one's own company, newest first, or by the time of their last change.
#[utoipa::path(tag = "listings", params(ListingListParams), responses((status = 200, body = answer::Page<ListingView>)), security(("api_key" = ["catalog:read"])))]
#[get("/listings")]
async fn list_listings(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Query(params): Query<ListingListParams>,
) -> Result<HttpResponse> {
    let since = Since::read(params.updated_since.as_deref(), params.sort.as_deref())?;
    let filter = params.filter(&since)?;
    // A cursor is of the list with these parameters and of no other.
    let name = format!("listings {filter:?}");
    let asked = ListParams { limit: params.limit, cursor: params.cursor };
    let other = filter.clone();
    let newest =
        move |app: &App, actor: &Actor, paging: Paging| own_views(app, actions::list_own(app, actor, &filter, paging)?);
    let updated = move |app: &App, actor: &Actor, paging: Paging<UpdatedKey>| {
        own_views(app, actions::list_own(app, actor, &other, paging)?)
    };
    paged_since(&http, &app, name, actor, (asked, since), newest, updated).await
}

/// A listing that was just made.
#[derive(Serialize, ToSchema)]
pub struct CreatedListingView {
    /// The listing.
    #[serde(flatten)]
    pub listing: ListingView,
    /// Codes that the name suggests, the likeliest first; empty where the listing says its code.
    pub suggested_hs: Vec<HsSuggestion>,
}

/// Makes a listing, as a draft unless `publish` is true. Where it says no HS code the answer suggests some, labelled in the language of `Accept-Language`.
#[utoipa::path(tag = "listings", params(IdempotencyHeader), request_body = ListingInput, responses((status = 201, body = CreatedListingView), (status = 409, description = "The SKU is in use, or the company has as many listings as it may have")), security(("api_key" = ["catalog:write"])))]
#[post("/listings")]
async fn create_listing(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    once: IdempotencyHeader,
    Json(sent): Json<Value>,
) -> Result<HttpResponse> {
    let language = reader_language(&http);
    let (view, once) = run(&app, move |app| {
        let key = once.over(&sent);
        let (fields, publish) = ListingInput::read(sent)?;
        let once = actions::create(app, &actor, fields, publish, key.as_ref())?;
        let listing = ListingView::from(once.shown(actions::find_written(app, &actor, once.id()))?);
        let ListingFields { name, hs_code, .. } = &listing.fields;
        let suggested_hs = suggest_where_none(app, name, hs_code.as_ref(), language);
        Ok((CreatedListingView { listing, suggested_hs }, once))
    })
    .await?;
    Ok(answer::created(&format!("/listings/{}", once.id()), &view, view.listing.version, &once))
}

/// Makes the listing of a SKU as a draft (201), or replaces all fields of the one that is there (200); its state stays, unless `publish` is true.
///
/// `If-None-Match: *` only makes it, `If-Match` only replaces that version; both answer 412 otherwise.
#[utoipa::path(tag = "listings", params(Expected, ("sku" = String, Path)), request_body = ListingInput,
    responses((status = 200, body = ListingView), (status = 201, body = ListingView), (status = 412)), security(("api_key" = ["catalog:write"])))]
#[put("/listings/by-sku/{sku}")]
async fn put_listing(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    sku: Path<String>,
    Expected(expected): Expected,
    Json(sent): Json<Value>,
) -> Result<HttpResponse> {
    let (fields, publish) = ListingInput::read(sent)?;
    let fields = with_sku(fields, &sku)?;
    let seen = precondition(&http, expected);
    let (view, made) = run(&app, move |app| {
        let put = actions::put(app, &actor, fields, publish, seen)?;
        Ok((written(app, put.listing)?, put.made))
    })
    .await?;
    let (once, path) = (crate::store::Idempotent::Fresh(view.id), format!("/listings/{}", view.id));
    Ok(if made { answer::created(&path, &view, view.version, &once) } else { answer::changed(&view, view.version) })
}

/// The SKU of the address wins; a body that names another one is a mistake somewhere.
fn with_sku(mut fields: ListingFields, sku: &str) -> Result<ListingFields> {
    let named = fields.sku.trim();
    if !named.is_empty() && named != sku.trim() {
        let message = Message::new("listings-must-be-sku-of-address").with("sku", sku).text(Language::English);
        return Err(Problem::invalid_field("/sku", FieldCode::Contradiction, message));
    }
    sku.clone_into(&mut fields.sku);
    Ok(fields)
}

fn precondition(http: &HttpRequest, expected: Option<i64>) -> Precondition {
    let none_match = http.headers().get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    match (none_match, expected) {
        (Some(value), _) if value.trim() == "*" => Precondition::Absent,
        (_, Some(version)) => Precondition::Version(version),
        _ => Precondition::Any,
    }
}

/// A listing: one's own in any state, another company's while it is published.
#[utoipa::path(tag = "listings", params(("id" = ListingId, Path)), responses((status = 200, body = ListingView)), security((), ("api_key" = ["catalog:read"])))]
#[get("/listings/{id}")]
async fn get_listing(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ListingId>,
) -> Result<HttpResponse> {
    let view = run(&app, move |app| actions::find(app, &actor, id).map(ListingView::from)).await?;
    Ok(answer::resource(&http, &view, view.version))
}

/// Changes a listing by an RFC 7396 merge patch.
#[utoipa::path(tag = "listings", params(Expected, ("id" = ListingId, Path)), request_body = ListingFields, responses((status = 200, body = ListingView)), security(("api_key" = ["catalog:write"])))]
#[patch("/listings/{id}")]
async fn patch_listing(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ListingId>,
    expected: Expected,
    Patch(patch): Patch,
) -> Result<HttpResponse> {
    let version = versioned(&actor, expected)?;
    let view = run(&app, move |app| {
        let listing = actions::change(app, &actor, id, Some(version), &patch)?;
        written(app, listing)
    })
    .await?;
    Ok(answer::changed(&view, view.version))
}

/// Takes a listing away for good; its SKU may be used again.
#[utoipa::path(tag = "listings", params(Expected, ("id" = ListingId, Path)), responses((status = 204)), security(("api_key" = ["catalog:write"])))]
#[delete("/listings/{id}")]
async fn delete_listing(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ListingId>,
    expected: Expected,
) -> Result<HttpResponse> {
    let version = versioned(&actor, expected)?;
    run(&app, move |app| actions::remove(app, &actor, id, Some(version))).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Shows a listing to everyone.
#[utoipa::path(tag = "listings", params(Expected, ("id" = ListingId, Path)), responses((status = 200, body = ListingView)), security(("api_key" = ["catalog:write"])))]
#[post("/listings/{id}/publish")]
async fn publish_listing(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ListingId>,
    Expected(expected): Expected,
) -> Result<HttpResponse> {
    let view = run(&app, move |app| written(app, actions::publish(app, &actor, id, expected)?)).await?;
    Ok(answer::changed(&view, view.version))
}

/// Takes a published listing out of sight for a while.
#[utoipa::path(tag = "listings", params(Expected, ("id" = ListingId, Path)), responses((status = 200, body = ListingView)), security(("api_key" = ["catalog:write"])))]
#[post("/listings/{id}/pause")]
async fn pause_listing(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ListingId>,
    Expected(expected): Expected,
) -> Result<HttpResponse> {
    let view = run(&app, move |app| written(app, actions::pause(app, &actor, id, expected)?)).await?;
    Ok(answer::changed(&view, view.version))
}

/// Gives a listing another 180 days; an expired one is shown again.
#[utoipa::path(tag = "listings", params(Expected, ("id" = ListingId, Path)), responses((status = 200, body = ListingView)), security(("api_key" = ["catalog:write"])))]
#[post("/listings/{id}/renew")]
async fn renew_listing(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ListingId>,
    Expected(expected): Expected,
) -> Result<HttpResponse> {
    let view = run(&app, move |app| written(app, actions::renew(app, &actor, id, expected)?)).await?;
    Ok(answer::changed(&view, view.version))
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    bulk::routes(cfg);
    cfg.service(list_listings)
        .service(create_listing)
        .service(put_listing)
        .service(get_listing)
        .service(patch_listing)
        .service(delete_listing)
        .service(publish_listing)
        .service(pause_listing)
        .service(renew_listing);
    images::routes(cfg);
}
