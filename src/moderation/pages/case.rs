//! One report for moderators: its target, its owner, and the decision.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;

use super::rows::{EntryRow, ReportRow, reporter};
use crate::actor::Actor;
use crate::app::App;
use crate::error::Result;
use crate::ids::ReportId;
use crate::locale::{Language, text};
use crate::moderation::Decision;
use crate::moderation::actions::{self, NewDecision};
use crate::moderation::rules::decisions_for;
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{html, refused_html, see_other};
use crate::web::envelope::page_of;
use crate::web::input::{FormData, Id, parse};
use crate::web::layout::{Form, Page, Section, When};
use crate::web::run;

const DECIDE_FIELDS: &[(&str, &str)] = &[("decision", "moderation-decision"), ("reason", "moderation-reason")];
/// Entries about the owner beside a report.
const HISTORY: i64 = 20;

#[derive(Template)]
#[template(path = "moderation/templates/case.html")]
struct CasePage {
    page: Page,
    form: Form,
    id: String,
    state: crate::formats::Pill,
    kind: &'static str,
    label: String,
    about: String,
    path: Option<String>,
    target_state: crate::formats::Pill,
    text: Vec<String>,
    reporter: String,
    reporter_words: Vec<String>,
    at: When,
    owner: String,
    owner_name: String,
    owner_state: crate::formats::Pill,
    verification: &'static str,
    others: Vec<ReportRow>,
    history: Vec<EntryRow>,
    decisions: Vec<(&'static str, &'static str)>,
    decided: Option<(&'static str, String)>,
}

fn case_page(app: &App, actor: &Actor, page: Page, id: ReportId, form: Form) -> Result<CasePage> {
    let (case, others, history) = actions::find_case(app, actor, id, HISTORY)?;
    let now = app.clock.now();
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let (report, target) = (&case.report, &case.target);
    let decisions = decisions_for(report.about.kind()).iter().map(|one| (one.as_str(), one.label(Language::English)));
    Ok(CasePage {
        page,
        form,
        id: report.id.to_string(),
        state: report.state.pill(),
        kind: report.kind.label(Language::English),
        label: target.label(),
        about: target.id.to_string(),
        path: target.public_path(),
        target_state: target.state.pill(),
        text: lines(&target.text),
        reporter: reporter(&case),
        reporter_words: lines(&report.words),
        at: When::new(report.created_at, now),
        owner: case.owner.id.to_string(),
        owner_name: case.owner.fields.name.clone(),
        owner_state: case.owner.state.pill(),
        verification: case.owner.verification.as_str(),
        others: others.iter().map(|other| ReportRow::new(other, now)).collect(),
        history: history.iter().map(|entry| EntryRow::new(entry, now)).collect(),
        decisions: decisions.collect(),
        decided: report
            .decision
            .map(|decision| (decision.label(Language::English), report.reason.clone().unwrap_or_default())),
    })
}

#[get("/moderation/reports/{id}")]
async fn show_case(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ReportId>,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(Language::English, "moderation-report-page")).under(Section::Moderation);
    let view = run(&app, move |app| case_page(app, &actor, page, id, Form::new(DECIDE_FIELDS))).await?;
    html(&view)
}

#[post("/moderation/reports/{id}")]
async fn decide(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ReportId>,
    form: FormData,
) -> Result<HttpResponse> {
    // Before the form is read: for everybody else this page does not exist, whatever they send.
    actor.as_moderator()?;
    let (moderator, typed) = (actor.clone(), form.typed());
    let outcome = run(&app, move |app| {
        let decision: Decision = parse("decision", form.text("decision").unwrap_or_default())?;
        let reason = form.text("reason").unwrap_or_default().to_owned();
        actions::decide(app, &moderator, id, &NewDecision { decision, reason })
    })
    .await;
    let Err(problem) = outcome else { return Ok(see_other(&format!("/moderation/reports/{id}"))) };
    let page = page_of(&http, text(Language::English, "moderation-report-page")).under(Section::Moderation);
    let form = Form::new(DECIDE_FIELDS).typed(typed).refused(&problem);
    let view = run(&app, move |app| case_page(app, &actor, page, id, form)).await?;
    refused_html(&view, &view.form)
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(show_case).service(decide);
}
