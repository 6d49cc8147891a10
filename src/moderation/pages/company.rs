//! A company before the moderators, with its history, and the history of all.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;

use super::rows::{EntryRow, ROWS};
use crate::actor::Actor;
use crate::app::App;
use crate::companies::CompanyState;
use crate::error::Result;
use crate::ids::CompanyId;
use crate::locale::{Language, text};
use crate::moderation::rules::CompanyStep;
use crate::moderation::{Entry, actions};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{ListParams, html, pager, refused_html, see_other};
use crate::web::envelope::page_of;
use crate::web::input::{FormData, Id, Ids, Query};
use crate::web::layout::{Form, Page, Pager, Section};
use crate::web::run;

const REASON_FIELDS: &[(&str, &str)] = &[("reason", "moderation-reason")];

#[derive(Template)]
#[template(path = "moderation/templates/company.html")]
struct CompanyPage {
    page: Page,
    form: Form,
    id: String,
    name: String,
    state: crate::formats::Pill,
    suspended_reason: Option<String>,
    is_suspended: bool,
    verification: &'static str,
    history: Vec<EntryRow>,
    pager: Pager,
}

#[derive(Template)]
#[template(path = "moderation/templates/history.html")]
struct HistoryPage {
    page: Page,
    history: Vec<EntryRow>,
    pager: Pager,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct PageQuery {
    cursor: Option<String>,
}

fn company_page(
    app: &App,
    actor: &Actor,
    page: Page,
    id: CompanyId,
    cursor: Option<String>,
    form: Form,
) -> Result<CompanyPage> {
    actor.as_moderator()?;
    let list = format!("history {id}");
    let paging = ListParams { limit: Some(ROWS), cursor }.paging(app, &list, actor)?;
    let (company, history) = actions::find_company(app, actor, id, paging)?;
    let now = app.clock.now();
    Ok(CompanyPage {
        page: Page { title: company.fields.name.clone(), ..page },
        form,
        id: id.to_string(),
        name: company.fields.name,
        state: company.state.pill(),
        is_suspended: company.state == CompanyState::Suspended,
        suspended_reason: company.suspended_reason,
        verification: company.verification.as_str(),
        pager: pager(
            app,
            &list,
            actor,
            &format!("/moderation/companies/{id}"),
            history.prev.as_ref(),
            history.next.as_ref(),
        )?,
        history: history.items.iter().map(|entry| EntryRow::new(entry, now)).collect(),
    })
}

#[get("/moderation/companies/{id}")]
async fn show_company(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<CompanyId>,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(Language::English, "moderation-company-page")).under(Section::Moderation);
    let form = Form::new(REASON_FIELDS);
    let view = run(&app, move |app| company_page(app, &actor, page, id, query.cursor, form)).await?;
    html(&view)
}

#[post("/moderation/companies/{id}/{step:suspend|lift}")]
async fn take_step(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Ids(id, step): Ids<CompanyId, CompanyStep>,
    form: FormData,
) -> Result<HttpResponse> {
    actor.as_moderator()?;
    let (moderator, typed) = (actor.clone(), form.typed());
    let outcome = run(&app, move |app| {
        let reason = form.text("reason").unwrap_or_default();
        match step {
            CompanyStep::Suspend => actions::suspend(app, &moderator, id, reason),
            CompanyStep::Lift => actions::lift(app, &moderator, id, reason),
        }
    })
    .await;
    let Err(problem) = outcome else { return Ok(see_other(&format!("/moderation/companies/{id}"))) };
    let page = page_of(&http, text(Language::English, "moderation-company-page")).under(Section::Moderation);
    let form = Form::new(REASON_FIELDS).typed(typed).refused(&problem);
    let view = run(&app, move |app| company_page(app, &actor, page, id, None, form)).await?;
    refused_html(&view, &view.form)
}

#[get("/moderation/history")]
async fn show_history(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(Language::English, "moderation-history-page")).under(Section::Moderation);
    let view = run(&app, move |app| {
        actor.as_moderator()?;
        let paging =
            ListParams { limit: Some(ROWS), cursor: query.cursor }.paging(app, "moderation history", &actor)?;
        let slice = actions::list_history(app, &actor, paging)?;
        let now = app.clock.now();
        let row =
            |(entry, name): &(Entry, String)| EntryRow { company_name: name.clone(), ..EntryRow::new(entry, now) };
        let pager =
            pager(app, "moderation history", &actor, "/moderation/history", slice.prev.as_ref(), slice.next.as_ref())?;
        Ok(HistoryPage { page, history: slice.items.iter().map(row).collect(), pager })
    })
    .await?;
    html(&view)
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(show_company).service(take_step).service(show_history);
}
