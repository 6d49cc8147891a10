//! The page of exports, for the owners of a company: asking for one, how far each is, and its archive.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;

use super::{Export, ExportState, actions, api, rules};
use crate::accounts::audit::AuthEvent;
use crate::accounts::trail::record;
use crate::actor::Actor;
use crate::app::App;
use crate::clock::Time;
use crate::documents::pages::size;
use crate::error::{Code, Result};
use crate::formats::Pill;
use crate::ids::ExportId;
use crate::locale::{Language, Message, text};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{ListParams, html, pager, see_other};
use crate::web::envelope::page_of;
use crate::web::input::{FormData, Id, Query};
use crate::web::layout::{NoticeKind, Page, Pager, Section, When};
use crate::web::run;

const HOME: &str = "/account/exports";
const ROWS: u32 = 25;

struct ExportLine {
    id: String,
    state: Pill,
    is_ready: bool,
    /// How much is done of one that is being made.
    progress: Option<u8>,
    size: String,
    lines: u64,
    problem: String,
    asked: When,
    until: Option<When>,
}

impl ExportLine {
    fn new(export: Export, now: Time) -> Self {
        let state = export.state_at(now);
        let is_ready = state == ExportState::Finished;
        Self {
            id: export.id.to_string(),
            is_ready,
            progress: (state == ExportState::Running).then(|| export.progress()),
            size: export.bytes.map(size).unwrap_or_default(),
            lines: export.counts.values().sum(),
            asked: When::new(export.created_at, now),
            until: export.expires_at.filter(|_| is_ready).map(|until| When::new(until, now)),
            problem: export.problem.unwrap_or_default(),
            state: state.pill(),
        }
    }
}

#[derive(Template)]
#[template(path = "exports/templates/list.html")]
struct ListView {
    page: Page,
    kept: String,
    is_running: bool,
    rows: Vec<ExportLine>,
    pager: Pager,
}

fn list_view(page: Page, app: &App, actor: &Actor, cursor: Option<String>) -> Result<ListView> {
    // Whoever cannot take an archive has no use for the page.
    rules::ensure_takes(actor)?;
    let paging = ListParams { limit: Some(ROWS), cursor }.paging(app, "exports page", actor)?;
    let slice = actions::list(app, actor, paging)?;
    let now = app.clock.now();
    let pager = pager(app, "exports page", actor, HOME, slice.prev.as_ref(), slice.next.as_ref())?;
    let is_running = slice.items.iter().any(|export| export.finished_at.is_none());
    Ok(ListView {
        page,
        kept: Message::new("exports-kept").with("days", app.config.exports.keep_days).text(Language::English),
        is_running,
        rows: slice.items.into_iter().map(|export| ExportLine::new(export, now)).collect(),
        pager,
    })
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    cursor: Option<String>,
    done: Option<String>,
}

fn page_here(http: &HttpRequest) -> Page {
    page_of(http, text(Language::English, "exports-title")).under(Section::Account)
}

#[get("/account/exports")]
async fn show_exports(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Query(query): Query<ListQuery>,
) -> Result<HttpResponse> {
    let mut page = page_here(&http);
    if query.done.as_deref() == Some("asked") {
        page = page.with_notice(NoticeKind::Done, text(Language::English, "exports-asked"));
    }
    html(&run(&app, move |app| list_view(page, app, &actor, query.cursor)).await?)
}

#[post("/account/exports")]
async fn ask_for_export(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    _form: FormData,
) -> Result<HttpResponse> {
    let (asking, page) = (actor.clone(), page_here(&http));
    let outcome = run(&app, move |app| match actions::create(app, &asking, None) {
        Ok(_) => Ok(None),
        // Said on the page, where the ones of today are.
        Err(problem) if problem.code == Code::TooManyRequests => {
            let page = page.with_notice(NoticeKind::NeedsYou, problem.detail);
            list_view(page, app, &asking, None).map(Some)
        }
        Err(problem) => Err(problem),
    })
    .await?;
    match outcome {
        Some(refused) => html(&refused),
        None => {
            record(&http, &app, &actor, AuthEvent::ExportAsked).await;
            Ok(see_other("/account/exports?done=asked"))
        }
    }
}

#[get("/account/exports/{id}/content")]
async fn take_export(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ExportId>,
) -> Result<HttpResponse> {
    api::content(&http, &app, actor, id).await
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(show_exports).service(ask_for_export).service(take_export);
}
