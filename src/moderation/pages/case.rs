//! One report before the moderators: what it is about, whose it is, and the decision.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;

use super::{EntryRow, ReportRow, reporter};
use crate::actor::Actor;
use crate::app::App;
use crate::error::Result;
use crate::ids::ReportId;
use crate::moderation::Decision;
use crate::moderation::actions::{self, Ruling};
use crate::moderation::rules::{decision_words, decisions_for, kind_words};
use crate::web::actor::Who;
use crate::web::answer::{html, refused_html, see_other};
use crate::web::frame::page_of;
use crate::web::input::{FormData, Id, parse};
use crate::web::layout::{Form, Page, Section, When};
use crate::web::run;

const DECIDE_FIELDS: &[(&str, &str)] = &[("decision", "Decision"), ("reason", "Reason")];
/// So much of the owner's history stands beside a report.
const HISTORY: i64 = 20;

#[derive(Template)]
#[template(path = "moderation/templates/case.html")]
struct CasePage {
    page: Page,
    form: Form,
    id: String,
    state: &'static str,
    kind: &'static str,
    called: String,
    about: String,
    path: Option<String>,
    thing_state: &'static str,
    words: Vec<String>,
    reporter: String,
    reporter_words: Vec<String>,
    at: When,
    owner: String,
    owner_name: String,
    owner_state: &'static str,
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
    let (report, subject) = (&case.report, &case.subject);
    let decisions = decisions_for(report.about.kind()).iter().map(|one| (one.as_str(), decision_words(*one)));
    Ok(CasePage {
        page,
        form,
        id: report.id.to_string(),
        state: report.state.as_str(),
        kind: kind_words(report.kind),
        called: subject.called(),
        about: subject.about.to_string(),
        path: subject.public_path(),
        thing_state: subject.state,
        words: lines(&subject.words),
        reporter: reporter(&case),
        reporter_words: lines(&report.words),
        at: When::new(report.created_at, now),
        owner: case.owner.id.to_string(),
        owner_name: case.owner.fields.name.clone(),
        owner_state: case.owner.state.as_str(),
        verification: case.owner.verification.as_str(),
        others: others.iter().map(|other| ReportRow::new(other, now)).collect(),
        history: history.iter().map(|entry| EntryRow::new(entry, now)).collect(),
        decisions: decisions.collect(),
        decided: report.decision.map(|decision| (decision_words(decision), report.reason.clone().unwrap_or_default())),
    })
}

#[get("/moderation/reports/{id}")]
async fn show_case(http: HttpRequest, app: Data<App>, Who(actor): Who, Id(id): Id<ReportId>) -> Result<HttpResponse> {
    let page = page_of(&http, "Report").under(Section::Moderation);
    let view = run(&app, move |app| case_page(app, &actor, page, id, Form::new(DECIDE_FIELDS))).await?;
    html(&view)
}

#[post("/moderation/reports/{id}")]
async fn decide(
    http: HttpRequest,
    app: Data<App>,
    Who(actor): Who,
    Id(id): Id<ReportId>,
    form: FormData,
) -> Result<HttpResponse> {
    actor.moderates()?;
    let (moderator, typed) = (actor.clone(), form.typed());
    let outcome = run(&app, move |app| {
        let decision: Decision = parse("decision", form.text("decision").unwrap_or_default())?;
        let reason = form.text("reason").unwrap_or_default().to_owned();
        actions::decide(app, &moderator, id, &Ruling { decision, reason })
    })
    .await;
    let Err(problem) = outcome else { return Ok(see_other(&format!("/moderation/reports/{id}"))) };
    let page = page_of(&http, "Report").under(Section::Moderation);
    let form = Form::new(DECIDE_FIELDS).typed(typed).refused(&problem);
    let view = run(&app, move |app| case_page(app, &actor, page, id, form)).await?;
    refused_html(&view, &view.form)
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(show_case).service(decide);
}
