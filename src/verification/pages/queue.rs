//! The moderators' queue of requests, and one request with its decision.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use chrono::NaiveDate;

use super::rows::EvidenceRow;
use crate::actor::Actor;
use crate::app::App;
use crate::companies::evidence::kind_name;
use crate::documents::pages::links;
use crate::error::{FieldCode, Problem, Result};
use crate::ids::RequestId;
use crate::locale::{Language, text};
use crate::text::area;
use crate::verification::rules::{Needs, level_name};
use crate::verification::{Decision, Identity, RequestState, Verdict, actions};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{ListParams, html, pager, refused_html, see_other};
use crate::web::envelope::page_of;
use crate::web::input::{FormData, Id, Query, parse};
use crate::web::layout::{FileLink, Form, Page, Pager, Section, When};
use crate::web::run;

const FIELDS: &[(&str, &str)] = &[
    ("verdict", "verification-decision"),
    ("expires_on", "verification-mail-until"),
    ("seen", "verification-description"),
    ("reason", "verification-reason"),
];
const ROWS: u32 = 25;
const LIST: &str = "verification requests";

/// The decisions and their labels in the form.
fn verdicts() -> Vec<(&'static str, &'static str)> {
    vec![
        ("accept", text(Language::English, "verification-accept")),
        ("refuse", text(Language::English, "verification-refuse")),
    ]
}

struct Row {
    id: String,
    level: &'static str,
    company: String,
    company_name: String,
    now: &'static str,
    at: When,
}

#[derive(Template)]
#[template(path = "verification/templates/queue.html")]
struct QueuePage {
    page: Page,
    rows: Vec<Row>,
    pager: Pager,
    open: i64,
    oldest: Option<When>,
    shows: RequestState,
}

#[derive(Template)]
#[template(path = "verification/templates/case.html")]
struct CasePage {
    page: Page,
    form: Form,
    id: String,
    level_name: &'static str,
    state: crate::formats::Pill,
    at: When,
    company: String,
    company_name: String,
    legal_name: String,
    country: String,
    verification: &'static str,
    numbers: Vec<(String, String, crate::formats::Pill)>,
    submitted: Vec<(&'static str, String)>,
    url: Option<String>,
    files: Vec<FileLink>,
    note: String,
    evidence: Vec<EvidenceRow>,
    has_changed: bool,
    is_open: bool,
    reason: String,
    needs_end: bool,
    needs_description: bool,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct QueueQuery {
    state: Option<String>,
    cursor: Option<String>,
}

fn queue_page(app: &App, actor: &Actor, page: Page, query: QueueQuery) -> Result<QueuePage> {
    actor.as_moderator()?;
    let state = query.state.as_deref().map_or(Ok(RequestState::Open), |text| parse("state", text))?;
    let list = format!("{LIST} {state}");
    let paging = ListParams { limit: Some(ROWS), cursor: query.cursor }.paging(app, &list, actor)?;
    let queue = actions::list_queue(app, actor, state, paging)?;
    let now = app.clock.now();
    let row = |case: &actions::Case| Row {
        id: case.request.id.to_string(),
        level: case.request.level.as_str(),
        company: case.company.id.to_string(),
        company_name: case.company.fields.name.clone(),
        now: case.company.verification.as_str(),
        at: When::new(case.request.created_at, now),
    };
    Ok(QueuePage {
        page,
        rows: queue.cases.items.iter().map(row).collect(),
        pager: pager(
            app,
            &list,
            actor,
            &format!("/moderation/verification?state={state}"),
            queue.cases.prev.as_ref(),
            queue.cases.next.as_ref(),
        )?,
        open: queue.open,
        oldest: queue.oldest.map(|oldest| When::new(oldest, now)),
        shows: state,
    })
}

fn case_page(app: &App, actor: &Actor, page: Page, id: RequestId, form: Form) -> Result<CasePage> {
    let case = actions::find_case(app, actor, id)?;
    let (request, company) = (&case.request, &case.company);
    let submitted = &request.content.submitted;
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let register = submitted.register.clone().unwrap_or_default();
    let facts = [
        (text(Language::English, "verification-said-register"), register.name),
        (text(Language::English, "verification-said-entry"), register.entry),
        (text(Language::English, "verification-said-checked"), day(register.checked_on)),
        (text(Language::English, "verification-said-issuer"), submitted.issuer.clone().unwrap_or_default()),
        (text(Language::English, "verification-said-date"), day(submitted.dated)),
        (text(Language::English, "verification-said-until"), day(submitted.valid_until)),
    ];
    Ok(CasePage {
        page,
        form,
        id: request.id.to_string(),
        level_name: level_name(request.level),
        state: request.state.pill(),
        at: When::new(request.created_at, app.clock.now()),
        company: company.id.to_string(),
        company_name: company.fields.name.clone(),
        legal_name: company.fields.legal_name.clone().unwrap_or_default(),
        country: company.fields.country.name(),
        verification: company.verification.as_str(),
        numbers: case
            .named
            .iter()
            .map(|one| (kind_name(&one.kind).to_owned(), one.value.clone(), one.state.pill()))
            .collect(),
        submitted: facts.into_iter().filter(|(_, text)| !text.is_empty()).collect(),
        url: register.url,
        files: links(app, &submitted.documents)?,
        note: submitted.note.clone().unwrap_or_default(),
        evidence: case.evidence.iter().map(EvidenceRow::new).collect(),
        has_changed: Identity::from(company) != request.content.identity,
        is_open: request.state == RequestState::Open,
        reason: request.reason.clone().unwrap_or_default(),
        needs_end: case.needs.is_some_and(|needs| needs != Needs::Register),
        needs_description: case.needs == Some(Needs::Documents),
    })
}

/// The decision as the moderator typed it.
fn decision(form: &FormData) -> Result<Decision> {
    let verdict: Verdict = parse("verdict", form.text("verdict").unwrap_or_default())?;
    let expires_on = form.text("expires_on").map(str::parse::<NaiveDate>).transpose().map_err(|_| {
        Problem::invalid_field("/expires_on", FieldCode::Format, text(Language::English, "verification-a-day"))
    })?;
    let lines = area::lines(form.text("seen").unwrap_or_default());
    let reason = form.text("reason").unwrap_or_default().to_owned();
    Ok(Decision { verdict, reason, expires_on, seen: lines.map(str::to_owned).collect() })
}

#[get("/moderation/verification")]
async fn show_queue(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Query(query): Query<QueueQuery>,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(Language::English, "verification-requests-title")).under(Section::Moderation);
    let view = run(&app, move |app| queue_page(app, &actor, page, query)).await?;
    html(&view)
}

#[get("/moderation/verification/{id}")]
async fn show_case(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RequestId>,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(Language::English, "verification-request-title")).under(Section::Moderation);
    let view = run(&app, move |app| case_page(app, &actor, page, id, Form::new(FIELDS))).await?;
    html(&view)
}

#[post("/moderation/verification/{id}")]
async fn decide(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RequestId>,
    form: FormData,
) -> Result<HttpResponse> {
    actor.as_moderator()?;
    let (moderator, typed) = (actor.clone(), form.typed());
    let outcome = run(&app, move |app| actions::decide(app, &moderator, id, &decision(&form)?)).await;
    let Err(problem) = outcome else { return Ok(see_other(&format!("/moderation/verification/{id}"))) };
    let page = page_of(&http, text(Language::English, "verification-request-title")).under(Section::Moderation);
    let form = Form::new(FIELDS).typed(typed).refused(&problem);
    let view = run(&app, move |app| case_page(app, &actor, page, id, form)).await?;
    refused_html(&view, &view.form)
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(show_queue).service(show_case).service(decide);
}
