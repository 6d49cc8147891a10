//! The form to report an RFQ, a listing, a quote or a company.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;

use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::error::{Problem, Result};
use crate::locale::{Language, text};
use crate::moderation::actions::{self, NewReport};
use crate::moderation::{ReportKind, ReportTarget, TargetId, rules};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{html, refused_html, see_other};
use crate::web::envelope::page_of;
use crate::web::input::{FormData, Query, parse};
use crate::web::layout::{Form, Page};
use crate::web::run;

const FIELDS: &[(&str, &str)] = &[("kind", "moderation-kind"), ("words", "moderation-words")];

#[derive(Template)]
#[template(path = "moderation/templates/report.html")]
struct ReportPage {
    page: Page,
    form: Form,
    about: String,
    label: String,
    kinds: Vec<(&'static str, &'static str)>,
    back: String,
}

impl ReportPage {
    fn new(page: Page, target: &ReportTarget, form: Form) -> Self {
        let kinds = rules::kinds_for(target.id.kind());
        Self {
            page,
            form,
            about: target.id.to_string(),
            label: target.label(),
            kinds: kinds.iter().map(|kind| (kind.as_str(), kind.label(Language::English))).collect(),
            back: target.public_path().unwrap_or_else(|| target.owner_path()),
        }
    }
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct ReportQuery {
    about: String,
}

fn named(text: &str) -> Result<TargetId> {
    text.parse().map_err(|_| Problem::not_found("thing_to_report"))
}

async fn target_of(app: &Data<App>, actor: &Actor, text: &str) -> Result<ReportTarget> {
    actor.authorize(Permission::ReportsWrite)?;
    let (about, viewer) = (named(text)?, actor.clone());
    run(app, move |app| actions::find_target(app, &viewer, about)).await
}

#[get("/report")]
async fn report_form(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Query(query): Query<ReportQuery>,
) -> Result<HttpResponse> {
    let target = target_of(&app, &actor, &query.about).await?;
    html(&ReportPage::new(page_of(&http, text(Language::English, "moderation-report-to")), &target, Form::new(FIELDS)))
}

#[post("/report")]
async fn report(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    form: FormData,
) -> Result<HttpResponse> {
    let target = target_of(&app, &actor, form.text("about").unwrap_or_default()).await?;
    let (about, typed) = (target.id, form.typed());
    let outcome = run(&app, move |app| {
        let kind: ReportKind = parse("kind", form.text("kind").unwrap_or_default())?;
        let new = NewReport { about, kind, words: form.text("words").unwrap_or_default().to_owned() };
        actions::report(app, &actor, new, None)
    })
    .await;
    match outcome {
        Ok(_) => Ok(see_other("/account/moderation?reported")),
        Err(problem) => {
            let form = Form::new(FIELDS).typed(typed).refused(&problem);
            let view = ReportPage::new(page_of(&http, text(Language::English, "moderation-report-to")), &target, form);
            refused_html(&view, &view.form)
        }
    }
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(report_form).service(report);
}
