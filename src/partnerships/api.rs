//! REST of partnerships, their records, customs references and ledgers.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::documents::{AttachDocument, actions as documents};
use super::views::{LedgerSummary, LedgerView, PartnershipView, RecordDocumentView, RecordDocuments, RecordView};
use super::{
    Overview, Partnership, PartnershipFields, PartnershipStep, RecordDetail, RecordFields, ReferenceFields, actions,
    records,
};
use crate::actor::Actor;
use crate::app::App;
use crate::clock::Time;
use crate::companies;
use crate::error::Result;
use crate::ids::{PartnershipId, RecordId};
use crate::secrets::Purpose;
use crate::store::Idempotent as StoredOnce;
use crate::store::cursor::{ListPage, Paging, RowKey, UpdatedKey};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{self, Page};
use crate::web::input::{Expected, Id, IdempotencyHeader, Input, Json, Query};
use crate::web::run;
use crate::web::since::{SinceParams, paged_since};

impl Input for PartnershipFields {
    const READ_ONLY: &'static [&'static str] =
        &["id", "state", "proposed_by", "proposed_at", "confirmed_at", "ended_at", "version", "totals", "ledger"];
}

impl Input for RecordFields {
    const READ_ONLY: &'static [&'static str] = &[
        "id",
        "partnership",
        "state",
        "grade",
        "declared_by",
        "disputed_reason",
        "corrected_by",
        "fob",
        "cif",
        "customs_references",
        "documents",
        "review",
        "bucket",
        "counts_for_statistics",
        "not_counted_because",
        "findings",
        "version",
        "created_at",
        "updated_at",
    ];
}

impl Input for ReferenceFields {
    const READ_ONLY: &'static [&'static str] = &[
        "id",
        "counted_regime",
        "declared_by",
        "outcome",
        "reason",
        "canonical",
        "display",
        "evidence",
        "is_duplicate",
        "created_at",
    ];
}

/// Why it is declined, ended or disputed.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepReason {
    /// The reason, which the other side sees; required to dispute.
    #[serde(default)]
    #[schema(max_length = 2000)]
    pub reason: Option<String>,
}

impl Input for StepReason {}

fn view_of(app: &App, partnership: Partnership) -> Result<PartnershipView> {
    let ids = [partnership.supplier.0, partnership.buyer.0];
    let names = app.db.read(|conn| companies::store::names(conn, &ids))?;
    Ok(PartnershipView::new(partnership, &names))
}

fn whole_view(app: &App, overview: Overview) -> Result<PartnershipView> {
    let ids = [overview.partnership.supplier.0, overview.partnership.buyer.0];
    let names = app.db.read(|conn| companies::store::names(conn, &ids))?;
    Ok(PartnershipView::whole(overview, &names))
}

/// A page of the partnerships of the actor's company as they are shown to both sides.
///
/// # Errors
/// 401 and 403.
pub fn own_views<K: RowKey>(
    app: &App,
    actor: &Actor,
    since: Option<Time>,
    paging: Paging<K>,
) -> Result<ListPage<PartnershipView, K>> {
    let slice = actions::list(app, actor, since, &paging)?;
    let ids: Vec<i64> = slice.items.iter().flat_map(|item| [item.supplier.0, item.buyer.0]).collect();
    let names = app.db.read(|conn| companies::store::names(conn, &ids))?;
    Ok(slice.map(|partnership| PartnershipView::new(partnership, &names)))
}

/// The partnerships of the company, newest first, or by the time of their last step.
#[utoipa::path(tag = "partnerships", params(SinceParams), responses((status = 200, body = Page<PartnershipView>)), security(("api_key" = ["partnerships:read"])))]
#[get("/partnerships")]
async fn list_partnerships(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Query(params): Query<SinceParams>,
) -> Result<HttpResponse> {
    let asked = params.read()?;
    let since = asked.1.updated_since;
    let newest = move |app: &App, actor: &Actor, paging: Paging| own_views(app, actor, since, paging);
    let updated = move |app: &App, actor: &Actor, paging: Paging<UpdatedKey>| own_views(app, actor, since, paging);
    paged_since(&http, &app, "partnerships".to_owned(), actor, asked, newest, updated).await
}

/// Proposes a partnership with another company; it becomes active when that company confirms it.
#[utoipa::path(tag = "partnerships", params(IdempotencyHeader), request_body = PartnershipFields, responses((status = 201, body = PartnershipView), (status = 409, description = "The two have a live partnership")), security(("api_key" = ["partnerships:write"])))]
#[post("/partnerships")]
async fn propose_partnership(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    once: IdempotencyHeader,
    body: Json<PartnershipFields>,
) -> Result<HttpResponse> {
    let (view, once) = run(&app, move |app| {
        let once = actions::propose(app, &actor, &body.0, once.over(&body.0).as_ref())?;
        let written = once.shown(actions::overview_written(app, &actor, once.id()))?;
        Ok((whole_view(app, written)?, once))
    })
    .await?;
    Ok(answer::created(&format!("/partnerships/{}", once.id()), &view, view.version, &once))
}

/// A partnership with its totals and how far its ledger holds.
#[utoipa::path(tag = "partnerships", params(("id" = PartnershipId, Path)), responses((status = 200, body = PartnershipView)), security(("api_key" = ["partnerships:read"])))]
#[get("/partnerships/{id}")]
async fn get_partnership(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<PartnershipId>,
) -> Result<HttpResponse> {
    // The totals change without the version.
    let view = run(&app, move |app| whole_view(app, actions::overview(app, &actor, id)?)).await?;
    answer::overview(&http, &view, view.version)
}

async fn step(
    app: Data<App>,
    actor: Actor,
    id: PartnershipId,
    step: PartnershipStep,
    reason: Option<String>,
    expected: Expected,
) -> Result<HttpResponse> {
    let view = run(&app, move |app| {
        let partnership = actions::step(app, &actor, id, step, reason.as_deref(), expected.0)?;
        view_of(app, partnership)
    })
    .await?;
    Ok(answer::changed(&view, view.version))
}

/// Confirms a partnership that the other side proposed.
#[utoipa::path(tag = "partnerships", params(Expected, ("id" = PartnershipId, Path)), responses((status = 200, body = PartnershipView)), security(("api_key" = ["partnerships:write"])))]
#[post("/partnerships/{id}/confirm")]
async fn confirm_partnership(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<PartnershipId>,
    expected: Expected,
) -> Result<HttpResponse> {
    step(app, actor, id, PartnershipStep::Confirm, None, expected).await
}

/// Declines a partnership that the other side proposed.
#[utoipa::path(tag = "partnerships", params(Expected, ("id" = PartnershipId, Path)), request_body = StepReason, responses((status = 200, body = PartnershipView)), security(("api_key" = ["partnerships:write"])))]
#[post("/partnerships/{id}/decline")]
async fn decline_partnership(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<PartnershipId>,
    expected: Expected,
    body: Json<StepReason>,
) -> Result<HttpResponse> {
    step(app, actor, id, PartnershipStep::Decline, body.0.reason, expected).await
}

/// Ends a partnership, or withdraws a proposal; its records stay.
#[utoipa::path(tag = "partnerships", params(Expected, ("id" = PartnershipId, Path)), request_body = StepReason, responses((status = 200, body = PartnershipView)), security(("api_key" = ["partnerships:write"])))]
#[post("/partnerships/{id}/end")]
async fn end_partnership(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<PartnershipId>,
    expected: Expected,
    body: Json<StepReason>,
) -> Result<HttpResponse> {
    step(app, actor, id, PartnershipStep::End, body.0.reason, expected).await
}

/// The ledger of a partnership of the actor's company.
///
/// # Errors
/// 401, 403, `not_found`.
pub fn ledger_view(app: &App, actor: &Actor, id: PartnershipId) -> Result<LedgerView> {
    let ledger = actions::read_ledger(app, actor, id)?;
    let summary = LedgerSummary::new(ledger.entries.len(), ledger.verification, ledger.differing);
    Ok(LedgerView {
        partnership: ledger.partnership,
        data: ledger.entries,
        verified_to: summary.verified_to,
        broken_at: summary.broken_at,
        differing: summary.differing,
        head: ledger.head,
    })
}

/// The ledger with its hashes, oldest entry first, and how far it holds.
#[utoipa::path(tag = "partnerships", params(("id" = PartnershipId, Path)), responses((status = 200, body = LedgerView)), security(("api_key" = ["partnerships:read"])))]
#[get("/partnerships/{id}/ledger")]
async fn get_ledger(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<PartnershipId>,
) -> Result<HttpResponse> {
    let ledger = run(&app, move |app| ledger_view(app, &actor, id)).await?;
    Ok(HttpResponse::Ok().json(ledger))
}

/// The key that the heads of ledgers are signed with.
#[derive(Debug, Serialize, ToSchema)]
struct LedgerKey {
    /// Always `ed25519`.
    algorithm: &'static str,
    /// The public key, 64 hexadecimal digits.
    public_key: String,
}

/// The public key of the platform's signatures under ledgers. Keep it: it proves later that a signature is the platform's.
#[utoipa::path(tag = "partnerships", responses((status = 200, body = LedgerKey)))]
#[get("/ledger-key")]
async fn get_ledger_key(app: Data<App>) -> HttpResponse {
    let public_key = app.secrets.public_key(Purpose::LedgerHead);
    HttpResponse::Ok().json(LedgerKey { algorithm: "ed25519", public_key })
}

fn record_views<K: RowKey>(
    app: &App,
    actor: &Actor,
    id: PartnershipId,
    since: Option<Time>,
    paging: Paging<K>,
) -> Result<ListPage<RecordView, K>> {
    Ok(records::list(app, actor, id, since, &paging)?.map(RecordView::from))
}

/// The records of a partnership, newest first, or by the time of their last change.
#[utoipa::path(tag = "partnerships", params(("id" = PartnershipId, Path), SinceParams), responses((status = 200, body = Page<RecordView>)), security(("api_key" = ["partnerships:read"])))]
#[get("/partnerships/{id}/records")]
async fn list_records(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<PartnershipId>,
    Query(params): Query<SinceParams>,
) -> Result<HttpResponse> {
    let asked = params.read()?;
    let since = asked.1.updated_since;
    let newest = move |app: &App, actor: &Actor, paging: Paging| record_views(app, actor, id, since, paging);
    let updated =
        move |app: &App, actor: &Actor, paging: Paging<UpdatedKey>| record_views(app, actor, id, since, paging);
    paged_since(&http, &app, format!("records {id}"), actor, asked, newest, updated).await
}

fn made(app: &App, actor: &Actor, once: StoredOnce<RecordId>) -> Result<(RecordView, StoredOnce<RecordId>)> {
    Ok((once.shown(records::find_written(app, actor, once.id()))?.into(), once))
}

/// Declares a shipment under an active partnership; with `supersedes` it corrects an earlier record.
#[utoipa::path(tag = "partnerships", params(IdempotencyHeader, ("id" = PartnershipId, Path)), request_body = RecordFields, responses((status = 201, body = RecordView)), security(("api_key" = ["partnerships:write"])))]
#[post("/partnerships/{id}/records")]
async fn declare_record(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<PartnershipId>,
    once: IdempotencyHeader,
    body: Json<RecordFields>,
) -> Result<HttpResponse> {
    let (view, once) = run(&app, move |app| {
        let once = records::declare(app, &actor, id, &body.0, once.over(&body.0).as_ref())?;
        made(app, &actor, once)
    })
    .await?;
    Ok(answer::created(&format!("/records/{}", once.id()), &view, view.version, &once))
}

/// A record with its customs references, its derived values and whether it counts.
#[utoipa::path(tag = "partnerships", params(("id" = RecordId, Path)), responses((status = 200, body = RecordView)), security(("api_key" = ["partnerships:read"])))]
#[get("/records/{id}")]
async fn get_record(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RecordId>,
) -> Result<HttpResponse> {
    // References are added without a new version.
    let view: RecordView = run(&app, move |app| records::find(app, &actor, id)).await?.into();
    answer::overview(&http, &view, view.version)
}

fn record_answer(detail: RecordDetail) -> HttpResponse {
    let view = RecordView::from(detail);
    answer::changed(&view, view.version)
}

/// Confirms a record that the other side declared.
#[utoipa::path(tag = "partnerships", params(Expected, ("id" = RecordId, Path)), responses((status = 200, body = RecordView)), security(("api_key" = ["partnerships:write"])))]
#[post("/records/{id}/confirm")]
async fn confirm_record(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RecordId>,
    expected: Expected,
) -> Result<HttpResponse> {
    run(&app, move |app| records::confirm(app, &actor, id, expected.0)).await.map(record_answer)
}

/// Disputes a record that the other side declared, with a reason.
#[utoipa::path(tag = "partnerships", params(Expected, ("id" = RecordId, Path)), request_body = StepReason, responses((status = 200, body = RecordView)), security(("api_key" = ["partnerships:write"])))]
#[post("/records/{id}/dispute")]
async fn dispute_record(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RecordId>,
    expected: Expected,
    body: Json<StepReason>,
) -> Result<HttpResponse> {
    let reason = body.0.reason.unwrap_or_default();
    run(&app, move |app| records::dispute(app, &actor, id, &reason, expected.0)).await.map(record_answer)
}

/// Puts a new record in the place of this one: at once if nobody confirmed it, else when the other side confirms the correction.
#[utoipa::path(tag = "partnerships", params(IdempotencyHeader, Expected, ("id" = RecordId, Path)), request_body = RecordFields, responses((status = 201, body = RecordView)), security(("api_key" = ["partnerships:write"])))]
#[post("/records/{id}/correct")]
async fn correct_record(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RecordId>,
    expected: Expected,
    once: IdempotencyHeader,
    body: Json<RecordFields>,
) -> Result<HttpResponse> {
    let (view, once) = run(&app, move |app| {
        let once = records::correct(app, &actor, id, &body.0, expected.0, once.over(&body.0).as_ref())?;
        made(app, &actor, once)
    })
    .await?;
    Ok(answer::created(&format!("/records/{}", once.id()), &view, view.version, &once))
}

/// Adds the number of a customs declaration to a record and answers the record with the result of the check.
#[utoipa::path(tag = "partnerships", params(IdempotencyHeader, ("id" = RecordId, Path)), request_body = ReferenceFields, responses((status = 201, body = RecordView), (status = 409, description = "The two have this number and item already"), (status = 422, description = "It cannot be a number of the scheme")), security(("api_key" = ["partnerships:write"])))]
#[post("/records/{id}/customs-references")]
async fn add_customs_reference(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RecordId>,
    once: IdempotencyHeader,
    body: Json<ReferenceFields>,
) -> Result<HttpResponse> {
    let (view, once) = run(&app, move |app| {
        let once = records::add_reference(app, &actor, id, &body.0, once.over(&body.0).as_ref())?;
        Ok((RecordView::from(records::find_written(app, &actor, id)?), once))
    })
    .await?;
    Ok(answer::created(&format!("/records/{id}"), &view, view.version, &once))
}

impl Input for AttachDocument {}

/// The documents of a record, in the order in which they were attached.
#[utoipa::path(tag = "partnerships", params(("id" = RecordId, Path)), responses((status = 200, body = RecordDocuments)), security(("api_key" = ["partnerships:read"])))]
#[get("/records/{id}/documents")]
async fn list_record_documents(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RecordId>,
) -> Result<HttpResponse> {
    let documents = run(&app, move |app| documents::list(app, &actor, id)).await?;
    let data = documents.into_iter().map(RecordDocumentView::from).collect();
    Ok(HttpResponse::Ok().json(RecordDocuments { data }))
}

/// Attaches one of one's own documents to a record; either side may. The other side is notified and may read it; the ledger keeps its SHA-256.
#[utoipa::path(tag = "partnerships", params(IdempotencyHeader, ("id" = RecordId, Path)), request_body = AttachDocument, responses((status = 201, body = RecordDocumentView), (status = 409, description = "The record has this document already, or was corrected"), (status = 422)), security(("api_key" = ["partnerships:write"])))]
#[post("/records/{id}/documents")]
async fn attach_record_document(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RecordId>,
    once: IdempotencyHeader,
    body: Json<AttachDocument>,
) -> Result<HttpResponse> {
    let (view, once) = run(&app, move |app| {
        let once = documents::attach(app, &actor, id, &body.0, once.over(&body.0).as_ref())?;
        Ok((RecordDocumentView::from(documents::find_attached(app, &actor, id, once.id())?), once))
    })
    .await?;
    // An attachment never changes.
    Ok(answer::created(&format!("/records/{id}/documents"), &view, 1, &once))
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_partnerships)
        .service(propose_partnership)
        .service(get_partnership)
        .service(confirm_partnership)
        .service(decline_partnership)
        .service(end_partnership)
        .service(get_ledger)
        .service(get_ledger_key)
        .service(list_records)
        .service(declare_record)
        .service(get_record)
        .service(confirm_record)
        .service(dispute_record)
        .service(correct_record)
        .service(add_customs_reference)
        .service(list_record_documents)
        .service(attach_record_document);
}
