//! Pages of webhooks, for the owners of a company: its endpoints, one of them with what was sent to it, and what is done with it.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use serde_json::json;

use super::actions::Replay;
use super::{Delivery, Endpoint, EndpointFields, actions};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::error::{FieldCode, Problem, Result};
use crate::event_feed::EventType;
use crate::formats::Pill;
use crate::ids::WebhookId;
use crate::locale::{Language, text};
use crate::store::cursor::ListPage;
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{ListParams, html, pager, refused_html, see_other};
use crate::web::envelope::page_of;
use crate::web::input::{FormData, Id, Query};
use crate::web::layout::{Form, NoticeKind, Page, Pager, Section, When};
use crate::web::run;

const ROWS: u32 = 25;

fn fields() -> Form {
    Form::new(&[("url", "webhooks-address"), ("description", "webhooks-description"), ("types", "webhooks-types")])
}

/// Only owners: whoever else could have everything that happens sent to an address of their own.
fn ensure_owner(actor: &Actor) -> Result<()> {
    actor.authorize(Permission::AccountWrite).map(drop)
}

struct EndpointRow {
    id: String,
    url: String,
    description: String,
    enabled: bool,
    failing: Option<When>,
}

#[derive(Template)]
#[template(path = "webhooks/templates/list.html")]
struct ListPageView {
    page: Page,
    form: Form,
    rows: Vec<EndpointRow>,
    types: &'static [&'static str],
}

fn list_page(page: Page, app: &App, actor: &Actor, form: Form) -> Result<ListPageView> {
    ensure_owner(actor)?;
    let now = app.clock.now();
    let row = |endpoint: Endpoint| EndpointRow {
        id: endpoint.id.to_string(),
        url: endpoint.fields.url,
        description: endpoint.fields.description.unwrap_or_default(),
        enabled: endpoint.fields.enabled,
        failing: endpoint.failing_since.map(|since| When::new(since, now)),
    };
    let rows = actions::list(app, actor)?.into_iter().map(row).collect();
    Ok(ListPageView { page, form, rows, types: EventType::TEXTS })
}

struct DeliveryRow {
    kind: String,
    event: String,
    state: Pill,
    attempts: u32,
    answer: String,
    body: String,
    at: When,
    next: Option<When>,
}

/// Where the buttons of the page lead.
struct Steps {
    ping: String,
    enable: String,
    disable: String,
    rotate: String,
    replay: String,
    delete: String,
}

impl Steps {
    fn of(path: &str) -> Self {
        let to = |step: &str| format!("{path}/{step}");
        Self {
            ping: to("ping"),
            enable: to("enable"),
            disable: to("disable"),
            rotate: to("rotate-secret"),
            replay: to("replay"),
            delete: to("delete"),
        }
    }
}

#[derive(Template)]
#[template(path = "webhooks/templates/endpoint.html")]
struct EndpointPage {
    page: Page,
    url: String,
    description: String,
    types: String,
    enabled: bool,
    status: String,
    steps: Steps,
    secret: Option<String>,
    rows: Vec<DeliveryRow>,
    pager: Pager,
}

fn delivery_row(app: &App, delivery: Delivery) -> DeliveryRow {
    let now = app.clock.now();
    let answer = match delivery.last.as_ref().map(|last| (last.status, last.fault)) {
        Some((Some(status), _)) => status.to_string(),
        Some((_, Some(fault))) => fault.label(Language::English).to_owned(),
        _ => String::new(),
    };
    DeliveryRow {
        kind: delivery.kind,
        event: delivery.event.to_string(),
        state: delivery.state.pill(),
        attempts: delivery.attempts,
        answer,
        at: When::new(delivery.last.as_ref().map_or(delivery.created_at, |last| last.at), now),
        body: delivery.last.and_then(|last| last.answer).unwrap_or_default(),
        next: delivery.next_at.map(|at| When::new(at, now)),
    }
}

fn endpoint_page(
    page: Page,
    app: &App,
    actor: &Actor,
    id: WebhookId,
    cursor: Option<String>,
    secret: Option<String>,
) -> Result<EndpointPage> {
    ensure_owner(actor)?;
    let endpoint = actions::find(app, actor, id)?;
    let list = format!("webhook deliveries {id}");
    let paging = ListParams { limit: Some(ROWS), cursor }.paging(app, &list, actor)?;
    let slice: ListPage<Delivery> = actions::list_deliveries(app, actor, id, paging)?;
    let path = format!("/account/webhooks/{id}");
    let pager = pager(app, &list, actor, &path, slice.prev.as_ref(), slice.next.as_ref())?;
    let types: Vec<&str> = endpoint.fields.types.iter().map(|kind| kind.as_str()).collect();
    let types =
        if types.is_empty() { text(Language::English, "webhooks-all-types").to_owned() } else { types.join(", ") };
    Ok(EndpointPage {
        page,
        types,
        status: status_of(&endpoint),
        enabled: endpoint.fields.enabled,
        steps: Steps::of(&path),
        secret,
        rows: slice.items.into_iter().map(|delivery| delivery_row(app, delivery)).collect(),
        pager,
        url: endpoint.fields.url,
        description: endpoint.fields.description.unwrap_or_default(),
    })
}

fn status_of(endpoint: &Endpoint) -> String {
    if endpoint.fields.enabled {
        return text(Language::English, "webhooks-is-on").to_owned();
    }
    let why = endpoint.disabled_reason.map_or("", |reason| reason.label(Language::English));
    format!("{}. {why}", text(Language::English, "webhooks-is-off"))
}

#[get("/account/webhooks")]
async fn list_webhooks(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(Language::English, "webhooks-title")).under(Section::Account);
    let view = run(&app, move |app| list_page(page, app, &actor, fields())).await?;
    html(&view)
}

fn typed(form: &FormData) -> Result<EndpointFields> {
    let types = form.all("types").into_iter().map(str::parse::<EventType>).collect::<std::result::Result<_, _>>();
    let types = types.map_err(|error| Problem::invalid_field("/types", FieldCode::UnknownValue, error.to_string()))?;
    Ok(EndpointFields {
        url: form.text("url").unwrap_or_default().to_owned(),
        description: form.text("description").map(str::to_owned),
        types,
        enabled: true,
    })
}

#[post("/account/webhooks")]
async fn create_webhook(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    form: FormData,
) -> Result<HttpResponse> {
    let list = page_of(&http, text(Language::English, "webhooks-title")).under(Section::Account);
    let one = page_of(&http, text(Language::English, "webhooks-endpoint")).under(Section::Account);
    let view = run(&app, move |app| {
        ensure_owner(&actor)?;
        match typed(&form).and_then(|new| actions::create(app, &actor, new, None)) {
            Ok(made) => endpoint_page(one, app, &actor, made.once.id(), None, made.secret).map(Ok),
            Err(problem) => list_page(list, app, &actor, fields().typed(form.typed()).refused(&problem)).map(Err),
        }
    })
    .await?;
    match view {
        Ok(made) => html(&made),
        Err(refused) => refused_html(&refused, &refused.form),
    }
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct EndpointQuery {
    cursor: Option<String>,
    done: Option<String>,
}

/// What was just done, by the query of the address.
fn done_sentence(query: Option<&str>) -> Option<&'static str> {
    match query {
        Some("ping") => Some(text(Language::English, "webhooks-pinged")),
        Some("replay") => Some(text(Language::English, "webhooks-replayed")),
        Some("enabled") => Some(text(Language::English, "webhooks-enabled-done")),
        Some("disabled") => Some(text(Language::English, "webhooks-disabled-done")),
        _ => None,
    }
}

#[get("/account/webhooks/{id}")]
async fn show_webhook(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<WebhookId>,
    Query(query): Query<EndpointQuery>,
) -> Result<HttpResponse> {
    let mut page = page_of(&http, text(Language::English, "webhooks-endpoint")).under(Section::Account);
    if let Some(sentence) = done_sentence(query.done.as_deref()) {
        page = page.with_notice(NoticeKind::Done, sentence);
    }
    let view = run(&app, move |app| endpoint_page(page, app, &actor, id, query.cursor, None)).await?;
    html(&view)
}

#[post("/account/webhooks/{id}/rotate-secret")]
async fn rotate_webhook_secret(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<WebhookId>,
    _form: FormData,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(Language::English, "webhooks-endpoint")).under(Section::Account);
    let view = run(&app, move |app| {
        ensure_owner(&actor)?;
        let (_, secret) = actions::rotate_secret(app, &actor, id, None)?;
        endpoint_page(page, app, &actor, id, None, Some(secret))
    })
    .await?;
    html(&view)
}

/// Carries a step of an owner out, and goes where it answers.
async fn step(
    app: &Data<App>,
    actor: Actor,
    work: impl FnOnce(&App, &Actor) -> Result<String> + Send + 'static,
) -> Result<HttpResponse> {
    let path = run(app, move |app| {
        ensure_owner(&actor)?;
        work(app, &actor)
    })
    .await?;
    Ok(see_other(&path))
}

#[post("/account/webhooks/{id}/ping")]
async fn ping_webhook(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<WebhookId>,
    _form: FormData,
) -> Result<HttpResponse> {
    let ping = move |app: &App, actor: &Actor| {
        actions::ping(app, actor, id).map(|_| format!("/account/webhooks/{id}?done=ping"))
    };
    step(&app, actor, ping).await
}

#[post("/account/webhooks/{id}/enable")]
async fn enable_webhook(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<WebhookId>,
    _form: FormData,
) -> Result<HttpResponse> {
    let enable = move |app: &App, actor: &Actor| {
        actions::change(app, actor, id, None, &json!({"enabled": true}))?;
        Ok(format!("/account/webhooks/{id}?done=enabled"))
    };
    step(&app, actor, enable).await
}

#[post("/account/webhooks/{id}/disable")]
async fn disable_webhook(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<WebhookId>,
    _form: FormData,
) -> Result<HttpResponse> {
    let disable = move |app: &App, actor: &Actor| {
        actions::change(app, actor, id, None, &json!({"enabled": false}))?;
        Ok(format!("/account/webhooks/{id}?done=disabled"))
    };
    step(&app, actor, disable).await
}

#[post("/account/webhooks/{id}/delete")]
async fn delete_webhook(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<WebhookId>,
    _form: FormData,
) -> Result<HttpResponse> {
    let delete =
        move |app: &App, actor: &Actor| actions::delete(app, actor, id, None).map(|()| "/account/webhooks".to_owned());
    step(&app, actor, delete).await
}

/// Sends an event of the log again.
#[post("/account/webhooks/{id}/replay")]
async fn replay_event(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<WebhookId>,
    form: FormData,
) -> Result<HttpResponse> {
    let replay = move |app: &App, actor: &Actor| {
        let event = form.text("event").and_then(|text| text.parse().ok());
        actions::replay(app, actor, id, Replay::Event(event.ok_or_else(|| Problem::not_found("event"))?))?;
        Ok(format!("/account/webhooks/{id}?done=replay"))
    };
    step(&app, actor, replay).await
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_webhooks)
        .service(create_webhook)
        .service(show_webhook)
        .service(rotate_webhook_secret)
        .service(ping_webhook)
        .service(enable_webhook)
        .service(disable_webhook)
        .service(replay_event)
        .service(delete_webhook);
}
