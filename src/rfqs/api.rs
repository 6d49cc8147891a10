//! REST of RFQs: one's own and the published ones, their life, completeness, questions and invitations.

mod invitations;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, patch, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::actions::{self, Invitees, Outcome};
use super::queries;
use super::rules::visibility::Viewer;
use super::store::RfqFilter;
use super::views::{CreatedRfqView, OwnRfqView, PublicRfqView, QuestionView, RfqDetail, VisibleQuestion};
use super::{ClosingFields, Completeness, READ_ONLY, RfqCounts, RfqFields, RfqState, completeness};
use crate::actor::Actor;
use crate::app::App;
use crate::classification::queries::suggest_where_none;
use crate::error::Result;
use crate::ids::{QuestionId, RfqId};
use crate::reference::codes::Language;
use crate::store::Idempotent as Made;
use crate::store::cursor::{ListPage, Paging, RowKey, UpdatedKey};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{ListParams, Page};
use crate::web::input::{Expected, Id, IdempotencyHeader, Ids, Input, Json, NoParameters, Patch, Query, parse};
use crate::web::language::reader_language;
use crate::web::paged::paged;
use crate::web::since::{Since, paged_since};
use crate::web::{answer, run};

impl Input for RfqFields {
    const READ_ONLY: &'static [&'static str] = READ_ONLY;
}

/// How an RFQ is closed.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CloseRfq {
    /// Whether more than one quote is to be accepted; absent leaves it as it is.
    pub split_award: Option<bool>,
    /// `not_awarded` ends an open or closed RFQ without an award; `awarded` ends one of which quotes were accepted in a split award.
    /// Absent: an open RFQ is closed and waits for the decision (with quotes accepted in a split award it is awarded immediately).
    pub outcome: Option<Outcome>,
}

impl Input for CloseRfq {}

/// A later deadline.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtendRfq {
    /// Later than the one now, at most 180 days ahead.
    pub deadline: DateTime<Utc>,
}

impl Input for ExtendRfq {}

/// Until when, and for how many quotes, a closed RFQ is open again; what is absent stays as it is.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ReopenRfq {
    /// In the future, at most 180 days ahead; needed once the deadline has passed.
    pub deadline: Option<DateTime<Utc>>,
    /// More than the quotes it has, at most 30; needed once all seats are taken.
    #[schema(minimum = 1, maximum = 30)]
    pub max_quotes: Option<u8>,
}

impl Input for ReopenRfq {}

/// A question.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskQuestion {
    /// 1 to 2 000 characters, without contact details: everyone who sees the RFQ reads it.
    pub question: String,
}

impl Input for AskQuestion {}

/// An answer.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerQuestion {
    /// 1 to 2 000 characters, without contact details: everyone who sees the RFQ reads it.
    pub answer: String,
}

impl Input for AnswerQuestion {}

/// The parameters of the list of one's own RFQs.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RfqListParams {
    /// How many items, 1 to 100; 25 without it.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// A cursor of an earlier answer.
    pub cursor: Option<String>,
    /// Only those in this state; without it all.
    pub state: Option<String>,
    /// Only those that were changed at this time or later.
    #[param(example = "2026-11-30T00:00:00Z")]
    pub updated_since: Option<String>,
    /// `updated`: by the time of their last change, the longest ago first, to keep a copy up to date; without it the newest come first.
    pub sort: Option<String>,
}

/// One's own RFQ after a write.
fn own_view(app: &App, actor: &Actor, id: RfqId) -> Result<OwnRfqView> {
    queries::find_after_write(app, actor, id).map(OwnRfqView::from)
}

fn changed(view: &OwnRfqView) -> HttpResponse {
    answer::changed(view, view.public.version)
}

/// Takes a step, and answers one's own RFQ as it is after it.
async fn after_step(
    app: &Data<App>,
    actor: Actor,
    id: RfqId,
    step: impl FnOnce(&App, &Actor) -> Result<()> + Send + 'static,
) -> Result<HttpResponse> {
    let view = run(app, move |app| {
        step(app, &actor)?;
        own_view(app, &actor, id)
    })
    .await?;
    Ok(changed(&view))
}

/// A page of the RFQs of the actor's company as they are shown to it.
///
/// # Errors
/// 401 and 403.
pub fn own_views<K: RowKey>(
    app: &App,
    actor: &Actor,
    filter: RfqFilter,
    paging: Paging<K>,
) -> Result<ListPage<OwnRfqView, K>> {
    let (buyer, slice) = queries::list_own(app, actor, filter, paging)?;
    Ok(slice.map(|(rfq, counts)| {
        OwnRfqView::from(RfqDetail { rfq, viewer: Viewer::Owner, buyer: Some(buyer.clone()), counts, invitation: None })
    }))
}

/// The RFQs of one's own company, newest first, or by the time of their last change.
#[utoipa::path(tag = "rfqs", params(RfqListParams), responses((status = 200, body = Page<OwnRfqView>)), security(("api_key" = ["rfqs:read"])))]
#[get("/rfqs")]
async fn list_rfqs(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Query(params): Query<RfqListParams>,
) -> Result<HttpResponse> {
    let state: Option<RfqState> = params.state.as_deref().map(|text| parse("state", text)).transpose()?;
    let since = Since::read(params.updated_since.as_deref(), params.sort.as_deref())?;
    let filter = RfqFilter { state, updated_since: since.updated_since };
    let name = format!("rfqs {}", state.map_or("", RfqState::as_str));
    let asked = (ListParams { limit: params.limit, cursor: params.cursor }, since);
    let newest = move |app: &App, actor: &Actor, paging: Paging| own_views(app, actor, filter, paging);
    let updated = move |app: &App, actor: &Actor, paging: Paging<UpdatedKey>| own_views(app, actor, filter, paging);
    paged_since(&http, &app, name, actor, asked, newest, updated).await
}

/// An RFQ that was just written, with the codes that its title suggests.
fn created_view(app: &App, actor: &Actor, made: &Made<RfqId>, language: Option<Language>) -> Result<CreatedRfqView> {
    let own: OwnRfqView = made.shown(own_view(app, actor, made.id()))?;
    let RfqFields { title, hs_code, items, .. } = &own.public.fields;
    // Each of several items has a code of its own, which the title of all of them says nothing of.
    let suggested_hs = match items.is_empty() {
        true => suggest_where_none(app, title, hs_code.as_ref(), language),
        false => Vec::new(),
    };
    Ok(CreatedRfqView { own, suggested_hs })
}

/// Writes an RFQ as a draft. Where it says no HS code the answer suggests some, labelled in the language of `Accept-Language`.
#[utoipa::path(tag = "rfqs", params(IdempotencyHeader), request_body = RfqFields, responses((status = 201, body = CreatedRfqView), (status = 409, description = "The company has as many as it may have")), security(("api_key" = ["rfqs:write"])))]
#[post("/rfqs")]
async fn create_rfq(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    once: IdempotencyHeader,
    Json(fields): Json<RfqFields>,
) -> Result<HttpResponse> {
    let key = once.over(&fields);
    let language = reader_language(&http);
    let (view, made) = run(&app, move |app| {
        let made = actions::create(app, &actor, fields, key.as_ref())?;
        Ok((created_view(app, &actor, &made, language)?, made))
    })
    .await?;
    Ok(answer::created(&format!("/rfqs/{}", made.id()), &view, view.own.public.version, &made))
}

/// What a copy of an RFQ begins with.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CopyRfq {
    /// Whether it invites the suppliers that quoted on the earlier one and did not withdraw; 409 where there is none.
    pub invite_quoted: bool,
}

impl Input for CopyRfq {}

/// Writes a draft that says what one's own RFQ says, but for its closing rule and a day that has passed; with `invite_quoted` everyone who quoted
/// then is asked again when it is published.
#[utoipa::path(tag = "rfqs", params(IdempotencyHeader, ("id" = RfqId, Path)), request_body = CopyRfq, responses((status = 201, body = CreatedRfqView), (status = 409)), security(("api_key" = ["rfqs:write"])))]
#[post("/rfqs/{id}/copy")]
async fn copy_rfq(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RfqId>,
    once: IdempotencyHeader,
    Json(how): Json<CopyRfq>,
) -> Result<HttpResponse> {
    let key = once.over(&how);
    let invitees = if how.invite_quoted { Invitees::Quoted } else { Invitees::None };
    let language = reader_language(&http);
    let (view, made) = run(&app, move |app| {
        let made = actions::copy(app, &actor, id, invitees, key.as_ref())?;
        Ok((created_view(app, &actor, &made, language)?, made))
    })
    .await?;
    Ok(answer::created(&format!("/rfqs/{}", made.id()), &view, view.own.public.version, &made))
}

/// An RFQ: one's own in any state, or a published one as its owner allows. One that is only for invited suppliers is there for these and
/// nobody else; the buyer learns that an invited supplier has read it.
#[utoipa::path(tag = "rfqs", params(("id" = RfqId, Path)), responses((status = 200, body = PublicRfqView)), security((), ("api_key" = ["rfqs:read"])))]
#[get("/rfqs/{id}")]
async fn get_rfq(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RfqId>,
) -> Result<HttpResponse> {
    let seen = run(&app, move |app| {
        let seen = queries::find(app, &actor, id)?;
        actions::invitations::mark_seen(app, &actor, id, seen.invitation)?;
        Ok(seen)
    })
    .await?;
    let version = seen.rfq.version;
    if seen.viewer == Viewer::Owner {
        return Ok(answer::resource(&http, &OwnRfqView::from(seen), version));
    }
    Ok(answer::resource(&http, &PublicRfqView::from(seen), version))
}

/// Changes a draft or an open RFQ by a merge patch. Suppliers who quoted on an open one are notified, and it is matched again.
#[utoipa::path(tag = "rfqs", params(Expected, ("id" = RfqId, Path)), request_body = RfqFields, responses((status = 200, body = OwnRfqView)), security(("api_key" = ["rfqs:write"])))]
#[patch("/rfqs/{id}")]
async fn patch_rfq(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RfqId>,
    expected: Expected,
    Patch(patch): Patch,
) -> Result<HttpResponse> {
    let expected = expected.required()?;
    after_step(&app, actor, id, move |app, actor| actions::change(app, actor, id, Some(expected), &patch)).await
}

/// Posts a draft; it needs a title, a quantity and a destination country.
#[utoipa::path(tag = "rfqs", params(Expected, ("id" = RfqId, Path)), responses((status = 200, body = OwnRfqView)), security(("api_key" = ["rfqs:write"])))]
#[post("/rfqs/{id}/publish")]
async fn publish_rfq(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RfqId>,
    Expected(expected): Expected,
    _: NoParameters,
) -> Result<HttpResponse> {
    after_step(&app, actor, id, move |app, actor| actions::publish(app, actor, id, expected)).await
}

/// Closes an open RFQ, or decides a closed one.
#[utoipa::path(tag = "rfqs", params(Expected, ("id" = RfqId, Path)), request_body = CloseRfq, responses((status = 200, body = OwnRfqView)), security(("api_key" = ["rfqs:write"])))]
#[post("/rfqs/{id}/close")]
async fn close_rfq(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RfqId>,
    Expected(expected): Expected,
    Json(how): Json<CloseRfq>,
) -> Result<HttpResponse> {
    after_step(&app, actor, id, move |app, actor| {
        actions::close(app, actor, id, expected, how.split_award, how.outcome)
    })
    .await
}

/// Moves the deadline of an open RFQ to a later moment.
#[utoipa::path(tag = "rfqs", params(Expected, ("id" = RfqId, Path)), request_body = ExtendRfq, responses((status = 200, body = OwnRfqView)), security(("api_key" = ["rfqs:write"])))]
#[post("/rfqs/{id}/extend")]
async fn extend_rfq(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RfqId>,
    Expected(expected): Expected,
    Json(to): Json<ExtendRfq>,
) -> Result<HttpResponse> {
    after_step(&app, actor, id, move |app, actor| actions::extend(app, actor, id, expected, to.deadline)).await
}

/// Has a closed RFQ take quotes again; suppliers whose quotes wait are notified, and it is matched again.
#[utoipa::path(tag = "rfqs", params(Expected, ("id" = RfqId, Path)), request_body = ReopenRfq, responses((status = 200, body = OwnRfqView)), security(("api_key" = ["rfqs:write"])))]
#[post("/rfqs/{id}/reopen")]
async fn reopen_rfq(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RfqId>,
    Expected(expected): Expected,
    Json(to): Json<ReopenRfq>,
) -> Result<HttpResponse> {
    let wanted = ClosingFields { deadline: to.deadline, max_quotes: to.max_quotes };
    after_step(&app, actor, id, move |app, actor| actions::reopen(app, actor, id, expected, &wanted)).await
}

/// Withdraws an RFQ before it is decided; the quotes that wait are declined and their suppliers notified.
#[utoipa::path(tag = "rfqs", params(Expected, ("id" = RfqId, Path)), responses((status = 200, body = OwnRfqView)), security(("api_key" = ["rfqs:write"])))]
#[post("/rfqs/{id}/withdraw")]
async fn withdraw_rfq(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RfqId>,
    Expected(expected): Expected,
    _: NoParameters,
) -> Result<HttpResponse> {
    after_step(&app, actor, id, move |app, actor| actions::withdraw(app, actor, id, expected)).await
}

/// How complete one's own RFQ is, and what each missing field would add.
#[utoipa::path(tag = "rfqs", params(("id" = RfqId, Path)), responses((status = 200, body = Completeness)), security(("api_key" = ["rfqs:read"])))]
#[get("/rfqs/{id}/completeness")]
async fn get_completeness(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RfqId>,
) -> Result<HttpResponse> {
    let (rfq, _): (_, RfqCounts) = run(&app, move |app| queries::find_own(app, &actor, id)).await?;
    Ok(answer::resource(&http, &completeness(&rfq.fields), rfq.version))
}

/// The questions under an RFQ and their answers, newest first. Who asked is not shown.
#[utoipa::path(tag = "rfqs", params(("id" = RfqId, Path), ListParams), responses((status = 200, body = Page<QuestionView>)), security((), ("api_key" = ["rfqs:read"])))]
#[get("/rfqs/{id}/questions")]
async fn list_questions(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RfqId>,
    Query(params): Query<ListParams>,
) -> Result<HttpResponse> {
    paged(&http, &app, format!("questions {id}"), actor, params, move |app, actor, paging| {
        Ok(queries::list_questions(app, actor, id, paging)?.map(QuestionView::from))
    })
    .await
}

/// Asks about an open RFQ of another company; the buyer is notified.
#[utoipa::path(tag = "rfqs", params(IdempotencyHeader, ("id" = RfqId, Path)), request_body = AskQuestion, responses((status = 201, body = QuestionView)), security(("api_key" = ["rfqs:write"])))]
#[post("/rfqs/{id}/questions")]
async fn ask(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RfqId>,
    once: IdempotencyHeader,
    Json(input): Json<AskQuestion>,
) -> Result<HttpResponse> {
    let key = once.over(&input);
    let (asked, made): (VisibleQuestion, Made<QuestionId>) = run(&app, move |app| {
        let made = actions::ask(app, &actor, id, &input.question, key.as_ref())?;
        Ok((made.shown(queries::find_question(app, &actor, id, made.id()))?, made))
    })
    .await?;
    let view = QuestionView::from(asked);
    Ok(answer::created(&format!("/rfqs/{id}/questions"), &view, view.version(), &made))
}

/// Answers a question under one's own RFQ, once; the asker is notified.
#[utoipa::path(tag = "rfqs", params(("id" = RfqId, Path), ("question" = QuestionId, Path)), request_body = AnswerQuestion, responses((status = 200, body = QuestionView)), security(("api_key" = ["rfqs:write"])))]
#[post("/rfqs/{id}/questions/{question}/answer")]
async fn answer_question(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Ids(id, question): Ids<RfqId, QuestionId>,
    Json(input): Json<AnswerQuestion>,
) -> Result<HttpResponse> {
    let asked = run(&app, move |app| actions::answer_question(app, &actor, id, question, &input.answer)).await?;
    let view = QuestionView::from(asked);
    Ok(answer::changed(&view, view.version()))
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_rfqs)
        .service(create_rfq)
        .service(copy_rfq)
        .service(get_rfq)
        .service(patch_rfq)
        .service(publish_rfq)
        .service(close_rfq)
        .service(extend_rfq)
        .service(reopen_rfq)
        .service(withdraw_rfq)
        .service(get_completeness)
        .service(list_questions)
        .service(ask)
        .service(answer_question);
    invitations::routes(cfg);
}
