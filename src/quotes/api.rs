//! REST of quotes: submitting, reading, deciding, comparing.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::actions::{self, Acceptance, Decline};
use super::fields::READ_ONLY;
use super::queries::{self, VisibleQuote};
use super::rules::Award;
use super::store::QuoteFilter;
use super::{Comparison, QuoteFields, QuoteState, QuoteVersion, SeatKind};
use crate::actor::Actor;
use crate::app::App;
use crate::companies::Verification;
use crate::error::Result;
use crate::ids::{CompanyId, QuoteId, RfqId};
use crate::money::Currency;
use crate::reference::codes::Country;
use crate::store::cursor::{ListPage, Paging, RowKey, UpdatedKey};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{self, ListParams};
use crate::web::input::{Expected, Id, IdempotencyHeader, Input, Json, NoParameters, Query, parse};
use crate::web::paged::paged;
use crate::web::run;
use crate::web::since::{Since, paged_since};

/// A quote as its supplier or its buyer sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QuoteView {
    /// The id.
    pub id: QuoteId,
    /// The RFQ.
    pub rfq: RfqId,
    /// Its title.
    pub rfq_title: String,
    /// Who quotes.
    pub supplier: QuoteSupplier,
    /// Who asked; null for a supplier that may not know it yet.
    pub buyer: Option<QuoteBuyer>,
    /// Where it stands.
    pub state: QuoteState,
    /// The kind of seat it holds.
    pub seat: SeatKind,
    /// Whether its fields are left out here because the RFQ's quotes are sealed until it takes no more.
    pub sealed: bool,
    /// The number of the current version, from 1.
    pub revision: u32,
    /// The current version.
    #[serde(flatten)]
    pub fields: Option<QuoteFields>,
    /// Why the buyer declined it, if they said so.
    pub decline_reason: Option<String>,
    /// Whether the buyer marked it as beside what was asked.
    pub off_target: bool,
    /// The numbers of the items that it was accepted for; empty on an RFQ without items.
    pub awarded_items: Vec<u32>,
    /// The version of the resource, as in the `ETag`.
    pub version: i64,
    /// When it was submitted.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was accepted, declined, withdrawn or expired.
    pub decided_at: Option<DateTime<Utc>>,
}

/// Who quotes.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QuoteSupplier {
    /// The company.
    pub id: CompanyId,
    /// Its name.
    pub name: String,
    /// Its country.
    pub country: Country,
    /// How far it is verified.
    pub verification: Verification,
}

/// Who asked.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QuoteBuyer {
    /// The company.
    pub id: CompanyId,
    /// Its name.
    pub name: String,
}

impl From<VisibleQuote> for QuoteView {
    fn from(visible: VisibleQuote) -> Self {
        let VisibleQuote { quote, rfq, supplier, buyer_name, is_readable, .. } = visible;
        Self {
            id: quote.id,
            rfq: quote.rfq,
            rfq_title: rfq.fields.title,
            supplier: QuoteSupplier {
                id: supplier.id,
                name: supplier.fields.name,
                country: supplier.fields.country,
                verification: supplier.verification,
            },
            buyer: buyer_name.map(|name| QuoteBuyer { id: quote.buyer, name }),
            state: quote.state,
            seat: quote.seat,
            sealed: !is_readable,
            revision: quote.revision,
            fields: is_readable.then_some(quote.fields),
            decline_reason: quote.decline_reason,
            off_target: quote.off_target,
            awarded_items: quote.awarded_items,
            version: quote.version,
            created_at: quote.created_at,
            updated_at: quote.updated_at,
            decided_at: quote.decided_at,
        }
    }
}

/// A quote with everything it ever said.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QuoteDetail {
    /// The quote.
    #[serde(flatten)]
    pub quote: QuoteView,
    /// Its versions, the latest first; none while they are sealed.
    pub versions: Vec<QuoteVersionView>,
}

/// One version of a quote.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QuoteVersionView {
    /// Its number, from 1.
    pub revision: u32,
    /// What it says.
    #[serde(flatten)]
    pub fields: QuoteFields,
    /// When it was submitted.
    pub created_at: DateTime<Utc>,
}

impl From<QuoteVersion> for QuoteVersionView {
    fn from(version: QuoteVersion) -> Self {
        Self { revision: version.number, fields: version.fields, created_at: version.created_at }
    }
}

impl From<(VisibleQuote, Vec<QuoteVersion>)> for QuoteDetail {
    fn from((visible, versions): (VisibleQuote, Vec<QuoteVersion>)) -> Self {
        let versions = versions.into_iter().map(QuoteVersionView::from).collect();
        Self { quote: QuoteView::from(visible), versions }
    }
}

impl Input for QuoteFields {
    const READ_ONLY: &'static [&'static str] = READ_ONLY;
}

fn detail(app: &App, actor: &Actor, id: QuoteId) -> Result<QuoteDetail> {
    queries::find_with_versions(app, actor, id).map(QuoteDetail::from)
}

/// The quote as it is after an action. Whoever may write a quote sees what became of it, even with a key that only writes.
fn after(app: &App, actor: &Actor, id: QuoteId) -> Result<QuoteDetail> {
    queries::find_written(app, actor, id).map(QuoteDetail::from)
}

/// Takes a step, and answers the quote as it is after it.
async fn after_step<T>(
    app: &Data<App>,
    actor: Actor,
    id: QuoteId,
    step: impl FnOnce(&App, &Actor) -> Result<T> + Send + 'static,
) -> Result<HttpResponse> {
    let view = run(app, move |app| {
        step(app, &actor)?;
        after(app, &actor, id)
    })
    .await?;
    Ok(answer::changed(&view, view.quote.version))
}

/// Quotes on an open RFQ. One quote for each supplier; half the seats are kept for the best-matched for 24 hours.
#[utoipa::path(tag = "quotes", params(IdempotencyHeader, ("id" = RfqId, Path)), request_body = QuoteFields,
    responses((status = 201, body = QuoteDetail), (status = 409), (status = 422)), security(("api_key" = ["quotes:write"])))]
#[post("/rfqs/{id}/quotes")]
async fn submit_quote(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(rfq): Id<RfqId>,
    once: IdempotencyHeader,
    Json(fields): Json<QuoteFields>,
) -> Result<HttpResponse> {
    let (view, once) = run(&app, move |app| {
        let key = once.over(&fields);
        let once = actions::submit(app, &actor, rfq, &fields, key.as_ref())?;
        Ok((once.shown(after(app, &actor, once.id()))?, once))
    })
    .await?;
    Ok(answer::created(&format!("/quotes/{}", once.id()), &view, view.quote.version, &once))
}

/// What a list of one's own quotes takes.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct QuoteListParams {
    /// How many items, 1 to 100; 25 without it.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// A cursor of an earlier answer.
    pub cursor: Option<String>,
    /// Only those on this RFQ.
    pub rfq: Option<String>,
    /// Only those in this state.
    pub state: Option<String>,
    /// Only those that were changed at this time or later.
    #[param(example = "2026-11-30T00:00:00Z")]
    pub updated_since: Option<String>,
    /// `updated`: by the time of their last change, the longest ago first, to keep a copy up to date; without it the newest come first.
    pub sort: Option<String>,
}

fn own_views<K: RowKey>(
    app: &App,
    actor: &Actor,
    filter: QuoteFilter,
    paging: Paging<K>,
) -> Result<ListPage<QuoteView, K>> {
    Ok(queries::list_own(app, actor, filter, paging)?.map(QuoteView::from))
}

/// The quotes that one's own company gave, newest first, or by the time of their last change.
#[utoipa::path(tag = "quotes", params(QuoteListParams), responses((status = 200, body = answer::Page<QuoteView>)), security(("api_key" = ["quotes:read"])))]
#[get("/quotes")]
async fn list_own_quotes(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Query(params): Query<QuoteListParams>,
) -> Result<HttpResponse> {
    let rfq = params.rfq.as_deref().map(|text| parse::<RfqId>("rfq", text)).transpose()?;
    let state = params.state.as_deref().map(|text| parse::<QuoteState>("state", text)).transpose()?;
    let of_rfq = rfq.map(|id| id.to_string()).unwrap_or_default();
    let name = format!("quotes {of_rfq} {}", state.map_or("", QuoteState::as_str));
    let since = Since::read(params.updated_since.as_deref(), params.sort.as_deref())?;
    let filter = QuoteFilter { rfq, state, updated_since: since.updated_since };
    let asked = (ListParams { limit: params.limit, cursor: params.cursor }, since);
    let newest = move |app: &App, actor: &Actor, paging: Paging| own_views(app, actor, filter, paging);
    let updated = move |app: &App, actor: &Actor, paging: Paging<UpdatedKey>| own_views(app, actor, filter, paging);
    paged_since(&http, &app, name, actor, asked, newest, updated).await
}

/// The quotes on an RFQ, newest first: all of them for its buyer, only one's own for a supplier. Sealed ones come without their fields.
#[utoipa::path(tag = "quotes", params(("id" = RfqId, Path), ListParams), responses((status = 200, body = answer::Page<QuoteView>)), security(("api_key" = ["quotes:read"])))]
#[get("/rfqs/{id}/quotes")]
async fn list_quotes_on_rfq(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(rfq): Id<RfqId>,
    Query(params): Query<ListParams>,
) -> Result<HttpResponse> {
    paged(&http, &app, format!("quotes of {rfq}"), actor, params, move |app, actor, paging| {
        Ok(queries::list_for_rfq(app, actor, rfq, paging)?.map(QuoteView::from))
    })
    .await
}

/// What a comparison takes.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ComparisonParams {
    /// The ISO 4217 currency of the figures; that of the target price, else of most quotes, without it.
    pub currency: Option<String>,
}

/// The quotes on one's own RFQ side by side; a figure that cannot be compared says why. Of an RFQ with items, item by item and as baskets: one that
/// lacks items is never the lowest.
#[utoipa::path(tag = "quotes", params(("id" = RfqId, Path), ComparisonParams), responses((status = 200, body = Comparison), (status = 409)), security(("api_key" = ["quotes:read"])))]
#[get("/rfqs/{id}/comparison")]
async fn compare_quotes(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(rfq): Id<RfqId>,
    Query(params): Query<ComparisonParams>,
) -> Result<HttpResponse> {
    let currency = params.currency.as_deref().map(|text| parse::<Currency>("currency", text)).transpose()?;
    let comparison = run(&app, move |app| queries::compare_for_rfq(app, &actor, rfq, currency)).await?;
    Ok(HttpResponse::Ok().json(comparison))
}

/// A quote that one's own company gave or received, with its versions.
#[utoipa::path(tag = "quotes", params(("id" = QuoteId, Path)), responses((status = 200, body = QuoteDetail)), security(("api_key" = ["quotes:read"])))]
#[get("/quotes/{id}")]
async fn get_quote(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<QuoteId>,
) -> Result<HttpResponse> {
    let view = run(&app, move |app| detail(app, &actor, id)).await?;
    Ok(answer::resource(&http, &view, view.quote.version))
}

/// Puts a new version in place of the current one. The body is a whole quote: what it leaves out is not carried over.
#[utoipa::path(tag = "quotes", params(Expected, ("id" = QuoteId, Path)), request_body = QuoteFields,
    responses((status = 200, body = QuoteDetail), (status = 409), (status = 412), (status = 422)), security(("api_key" = ["quotes:write"])))]
#[post("/quotes/{id}/revise")]
async fn revise_quote(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<QuoteId>,
    Expected(expected): Expected,
    Json(fields): Json<QuoteFields>,
) -> Result<HttpResponse> {
    after_step(&app, actor, id, move |app, actor| actions::revise(app, actor, id, expected, &fields)).await
}

/// Takes one's own quote back.
#[utoipa::path(tag = "quotes", params(Expected, ("id" = QuoteId, Path)), responses((status = 200, body = QuoteDetail), (status = 409), (status = 412)), security(("api_key" = ["quotes:write"])))]
#[post("/quotes/{id}/withdraw")]
async fn withdraw_quote(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<QuoteId>,
    Expected(expected): Expected,
    _: NoParameters,
) -> Result<HttpResponse> {
    after_step(&app, actor, id, move |app, actor| actions::withdraw(app, actor, id, expected)).await
}

/// Marks a quote on one's own RFQ as one that is considered.
#[utoipa::path(tag = "quotes", params(Expected, ("id" = QuoteId, Path)), responses((status = 200, body = QuoteDetail), (status = 409), (status = 412)), security(("api_key" = ["quotes:write"])))]
#[post("/quotes/{id}/shortlist")]
async fn shortlist_quote(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<QuoteId>,
    Expected(expected): Expected,
    _: NoParameters,
) -> Result<HttpResponse> {
    after_step(&app, actor, id, move |app, actor| actions::shortlist(app, actor, id, expected)).await
}

/// Why a quote is declined.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DeclineQuote {
    /// Words for the supplier, up to 2 000 characters.
    #[schema(max_length = 2000)]
    pub reason: Option<String>,
    /// Whether it is beside what was asked; costs the supplier open seats for 90 days.
    pub off_target: bool,
}

impl Input for DeclineQuote {}

/// Declines a quote on one's own RFQ.
#[utoipa::path(tag = "quotes", params(Expected, ("id" = QuoteId, Path)), request_body = DeclineQuote,
    responses((status = 200, body = QuoteDetail), (status = 409), (status = 412)), security(("api_key" = ["quotes:write"])))]
#[post("/quotes/{id}/decline")]
async fn decline_quote(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<QuoteId>,
    Expected(expected): Expected,
    Json(body): Json<DeclineQuote>,
) -> Result<HttpResponse> {
    after_step(&app, actor, id, move |app, actor| {
        let decline = Decline { reason: body.reason, off_target: body.off_target };
        actions::decline(app, actor, id, expected, &decline)
    })
    .await
}

/// How a quote is accepted.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AcceptQuote {
    /// The numbers of the items that are accepted, of an RFQ with items; all that the quote offers where none are named. More can be accepted later.
    #[schema(max_items = 50)]
    pub items: Vec<u32>,
    /// Whether the others stay as they are, because the award is split among several suppliers; as the RFQ is marked without it. An RFQ with
    /// items is split until the last of them is awarded; false ends it before.
    pub split: Option<bool>,
    /// The version that was read; refused with 412 when there is a newer one.
    pub revision: Option<u32>,
}

impl Input for AcceptQuote {}

/// Accepts a quote on one's own RFQ: the RFQ is awarded, and the other quotes are declined unless the award is split. Of an RFQ with items each is
/// awarded once, and the RFQ with the last of them.
#[utoipa::path(tag = "quotes", params(Expected, ("id" = QuoteId, Path)), request_body = AcceptQuote,
    responses((status = 200, body = QuoteDetail), (status = 409), (status = 412), (status = 422)), security(("api_key" = ["quotes:write"])))]
#[post("/quotes/{id}/accept")]
async fn accept_quote(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<QuoteId>,
    Expected(expected): Expected,
    Json(body): Json<AcceptQuote>,
) -> Result<HttpResponse> {
    after_step(&app, actor, id, move |app, actor| {
        let award = body.split.map(|split| if split { Award::Split } else { Award::Whole });
        let acceptance = Acceptance { seen: body.revision, award, items: body.items };
        actions::accept(app, actor, id, expected, &acceptance)
    })
    .await
}

/// The routes, relative to the API's root.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(submit_quote)
        .service(list_quotes_on_rfq)
        .service(compare_quotes)
        .service(list_own_quotes)
        .service(get_quote)
        .service(revise_quote)
        .service(withdraw_quote)
        .service(shortlist_quote)
        .service(decline_quote)
        .service(accept_quote);
}
