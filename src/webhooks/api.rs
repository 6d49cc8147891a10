//! REST of webhook endpoints.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::actions::{self, Replay};
use super::fields::READ_ONLY;
use super::{Delivery, DeliveryState, DisabledReason, Endpoint, EndpointFields, Fault};
use crate::actor::Permission;
use crate::app::App;
use crate::error::{FieldCode, Problem, Result};
use crate::ids::{DeliveryId, EventId, WebhookId};
use crate::locale::{Language, text};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{ListParams, Page};
use crate::web::input::{Expected, Id, IdempotencyHeader, Input, Json, NoParameters, Patch, Query};
use crate::web::paged::paged;
use crate::web::{answer, run};

impl Input for EndpointFields {
    const READ_ONLY: &'static [&'static str] = READ_ONLY;
}

/// A webhook endpoint.
#[derive(Serialize, ToSchema)]
pub struct WebhookEndpoint {
    /// The id.
    pub id: WebhookId,
    /// What the company says of it.
    #[serde(flatten)]
    pub fields: EndpointFields,
    /// The secret, `whsec_` and base 64: only in the answer that made it.
    pub secret: Option<String>,
    /// Until when deliveries are signed with the secret before the last rotation as well; null when they are not.
    pub previous_secret_until: Option<DateTime<Utc>>,
    /// Why the platform disabled it: `gone` (410) or `failing` (120 hours of failures); null when it did not.
    pub disabled_reason: Option<DisabledReason>,
    /// Since when there are only failures; null when the last delivery was taken.
    pub failing_since: Option<DateTime<Utc>>,
    /// Grows with every change; the number in the ETag.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl WebhookEndpoint {
    /// The endpoint as its company sees it, without its secret.
    pub fn of(app: &App, endpoint: Endpoint) -> Self {
        let now = app.clock.now();
        Self {
            id: endpoint.id,
            fields: endpoint.fields,
            secret: None,
            previous_secret_until: endpoint.previous.map(|(_, until)| until).filter(|until| *until > now),
            disabled_reason: endpoint.disabled_reason,
            failing_since: endpoint.failing_since,
            version: endpoint.version,
            created_at: endpoint.created_at,
            updated_at: endpoint.updated_at,
        }
    }
}

/// The webhook endpoints of a company.
#[derive(Serialize, ToSchema)]
pub struct WebhookEndpoints {
    /// Oldest first.
    pub data: Vec<WebhookEndpoint>,
}

/// An event that was sent to an endpoint, and how that went last.
#[derive(Serialize, ToSchema)]
pub struct WebhookDelivery {
    /// The id.
    pub id: DeliveryId,
    /// The event; the `webhook-id` of every try.
    pub event: EventId,
    /// The event's type; `ping` for a test.
    #[serde(rename = "type")]
    pub kind: String,
    /// `pending`, `delivered`, `failed` (every try) or `cancelled` (the endpoint was disabled).
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is tried next.
    pub next_attempt_at: Option<DateTime<Utc>>,
    /// When it was last tried.
    pub last_attempt_at: Option<DateTime<Utc>>,
    /// The status that was answered; null when there was no answer.
    pub status: Option<u16>,
    /// Why there was no answer.
    pub fault: Option<Fault>,
    /// The first 1 000 characters of the answer.
    pub answer: Option<String>,
    /// How long the last try took, in milliseconds.
    pub took_ms: Option<u64>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

impl From<Delivery> for WebhookDelivery {
    fn from(delivery: Delivery) -> Self {
        let last = delivery.last;
        Self {
            id: delivery.id,
            event: delivery.event,
            kind: delivery.kind,
            state: delivery.state,
            attempts: delivery.attempts,
            next_attempt_at: delivery.next_at,
            last_attempt_at: last.as_ref().map(|last| last.at),
            status: last.as_ref().and_then(|last| last.status),
            fault: last.as_ref().and_then(|last| last.fault),
            took_ms: last.as_ref().map(|last| last.took_ms),
            answer: last.and_then(|last| last.answer),
            created_at: delivery.created_at,
        }
    }
}

/// Which events are sent again: one by its id, or all since a time.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ReplayEvents {
    /// An event of the feed.
    pub event: Option<EventId>,
    /// Or all that the endpoint wants from this time on, up to 1 000.
    pub since: Option<DateTime<Utc>>,
    /// Before this time; now without it.
    pub until: Option<DateTime<Utc>>,
}

impl Input for ReplayEvents {}

impl ReplayEvents {
    fn asked(&self, app: &App) -> Result<Replay> {
        match *self {
            Self { event: Some(event), since: None, until: None } => Ok(Replay::Event(event)),
            // To the next microsecond: what happened just now is meant, too.
            Self { event: None, since: Some(since), until } => {
                let now = app.clock.now() + chrono::Duration::microseconds(1);
                Ok(Replay::Since(since, until.unwrap_or(now)))
            }
            Self { event: None, .. } => Err(Problem::invalid_field(
                "/event",
                FieldCode::Required,
                text(Language::English, "webhooks-replay-what"),
            )),
            Self { event: Some(_), .. } => Err(Problem::invalid_field(
                "/event",
                FieldCode::Contradiction,
                text(Language::English, "webhooks-replay-what"),
            )),
        }
    }
}

/// What a replay came to.
#[derive(Serialize, ToSchema)]
pub struct Replayed {
    /// How many events are sent again.
    pub replayed: usize,
}

/// The company's webhook endpoints.
#[utoipa::path(tag = "events", responses((status = 200, body = WebhookEndpoints)), security(("api_key" = ["webhooks:write"])))]
#[get("/webhook-endpoints")]
async fn list_endpoints(app: Data<App>, AuthenticatedActor(actor): AuthenticatedActor) -> Result<HttpResponse> {
    let view = run(&app, move |app| {
        let endpoints = actions::list(app, &actor)?;
        Ok(WebhookEndpoints { data: endpoints.into_iter().map(|one| WebhookEndpoint::of(app, one)).collect() })
    })
    .await?;
    Ok(HttpResponse::Ok().json(view))
}

/// Has events sent to an address, signed by Standard Webhooks 1.0 (`webhook-id`, `webhook-timestamp`, `webhook-signature`); ten addresses at most.
/// This answer is the only one that shows the secret. What is not answered with 2xx within 15 seconds is sent again after 5 seconds, 5 and 30
/// minutes, 2, 5, 10, 14, 20 and 24 hours; redirects are not followed, 410 disables the endpoint, and so do 120 hours of failures.
#[utoipa::path(tag = "events", params(IdempotencyHeader), request_body = EndpointFields, responses((status = 201, body = WebhookEndpoint), (status = 409), (status = 422)), security(("api_key" = ["webhooks:write"])))]
#[post("/webhook-endpoints")]
async fn create_endpoint(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    once: IdempotencyHeader,
    Json(fields): Json<EndpointFields>,
) -> Result<HttpResponse> {
    let (view, once) = run(&app, move |app| {
        let key = once.over(&fields);
        let made = actions::create(app, &actor, fields, key.as_ref())?;
        let found = made.once.shown(actions::find(app, &actor, made.once.id()))?;
        Ok((WebhookEndpoint { secret: made.secret, ..WebhookEndpoint::of(app, found) }, made.once))
    })
    .await?;
    Ok(answer::created(&format!("/webhook-endpoints/{}", once.id()), &view, view.version, &once))
}

/// One webhook endpoint.
#[utoipa::path(tag = "events", params(("id" = WebhookId, Path)), responses((status = 200, body = WebhookEndpoint)), security(("api_key" = ["webhooks:write"])))]
#[get("/webhook-endpoints/{id}")]
async fn get_endpoint(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<WebhookId>,
) -> Result<HttpResponse> {
    let view = run(&app, move |app| Ok(WebhookEndpoint::of(app, actions::find(app, &actor, id)?))).await?;
    answer::overview(&http, &view, view.version)
}

/// Changes a webhook endpoint by an RFC 7396 merge patch. `enabled: true` also ends what the platform disabled it for; what happened
/// meanwhile is sent by `replay`.
#[utoipa::path(tag = "events", params(Expected, ("id" = WebhookId, Path)), request_body = EndpointFields, responses((status = 200, body = WebhookEndpoint)), security(("api_key" = ["webhooks:write"])))]
#[patch("/webhook-endpoints/{id}")]
async fn patch_endpoint(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<WebhookId>,
    expected: Expected,
    Patch(patch): Patch,
) -> Result<HttpResponse> {
    actor.authorize(Permission::WebhooksWrite)?;
    let version = expected.required()?;
    let view =
        run(&app, move |app| Ok(WebhookEndpoint::of(app, actions::change(app, &actor, id, Some(version), &patch)?)))
            .await?;
    Ok(answer::changed(&view, view.version))
}

/// Deletes a webhook endpoint; what waits for it is not sent.
#[utoipa::path(tag = "events", params(Expected, ("id" = WebhookId, Path)), responses((status = 204)), security(("api_key" = ["webhooks:write"])))]
#[delete("/webhook-endpoints/{id}")]
async fn delete_endpoint(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<WebhookId>,
    expected: Expected,
) -> Result<HttpResponse> {
    actor.authorize(Permission::WebhooksWrite)?;
    let version = expected.required()?;
    run(&app, move |app| actions::delete(app, &actor, id, Some(version))).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Gives a webhook endpoint another secret, which only this answer shows. For 24 hours deliveries carry a signature of each of the two.
#[utoipa::path(tag = "events", params(Expected, ("id" = WebhookId, Path)), responses((status = 200, body = WebhookEndpoint)), security(("api_key" = ["webhooks:write"])))]
#[post("/webhook-endpoints/{id}/rotate-secret")]
async fn rotate_secret(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<WebhookId>,
    expected: Expected,
    _: NoParameters,
) -> Result<HttpResponse> {
    let view = run(&app, move |app| {
        let (endpoint, secret) = actions::rotate_secret(app, &actor, id, expected.0)?;
        Ok(WebhookEndpoint { secret: Some(secret), ..WebhookEndpoint::of(app, endpoint) })
    })
    .await?;
    Ok(answer::changed(&view, view.version))
}

/// What was sent to a webhook endpoint in the last 30 days, newest first.
#[utoipa::path(tag = "events", params(("id" = WebhookId, Path), ListParams), responses((status = 200, body = Page<WebhookDelivery>)), security(("api_key" = ["webhooks:write"])))]
#[get("/webhook-endpoints/{id}/deliveries")]
async fn list_deliveries(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<WebhookId>,
    Query(params): Query<ListParams>,
) -> Result<HttpResponse> {
    paged(&http, &app, format!("webhook deliveries {id}"), actor, params, move |app, actor, paging| {
        Ok(actions::list_deliveries(app, actor, id, paging)?.map(WebhookDelivery::from))
    })
    .await
}

/// Sends an event of the type `ping` to a webhook endpoint; answers its delivery, which is then `pending`.
#[utoipa::path(tag = "events", params(("id" = WebhookId, Path)), responses((status = 200, body = WebhookDelivery), (status = 409)), security(("api_key" = ["webhooks:write"])))]
#[post("/webhook-endpoints/{id}/ping")]
async fn ping(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<WebhookId>,
    _: NoParameters,
) -> Result<HttpResponse> {
    let view = run(&app, move |app| actions::ping(app, &actor, id).map(WebhookDelivery::from)).await?;
    Ok(HttpResponse::Ok().json(view))
}

/// Sends events of the feed to a webhook endpoint again, under their own ids: one by `event`, or all that it wants of `since` to `until`, at
/// most 1 000.
#[utoipa::path(tag = "events", params(("id" = WebhookId, Path)), request_body = ReplayEvents, responses((status = 200, body = Replayed), (status = 409), (status = 422)), security(("api_key" = ["webhooks:write"])))]
#[post("/webhook-endpoints/{id}/replay")]
async fn replay(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<WebhookId>,
    Json(asked): Json<ReplayEvents>,
) -> Result<HttpResponse> {
    let view = run(&app, move |app| {
        // Before the body is judged: whoever may not do it, or has no such endpoint, learns that first.
        actions::find(app, &actor, id)?;
        Ok(Replayed { replayed: actions::replay(app, &actor, id, asked.asked(app)?)? })
    })
    .await?;
    Ok(HttpResponse::Ok().json(view))
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_endpoints)
        .service(create_endpoint)
        .service(get_endpoint)
        .service(patch_endpoint)
        .service(delete_endpoint)
        .service(rotate_secret)
        .service(list_deliveries)
        .service(ping)
        .service(replay);
}
