//! The form to apply for a level.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use chrono::NaiveDate;

use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::companies::{self, Verification};
use crate::documents::pages::{files_of, take_files};
use crate::error::{FieldCode, FieldError, Problem, Result};
use crate::ids::DocumentId;
use crate::locale::{self, Language, Message};
use crate::verification::actions;
use crate::verification::rules::{self, Needs};
use crate::verification::{NewRequest, RegisterEntry};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{html, refused_html, see_other};
use crate::web::envelope::page_of;
use crate::web::input::{FormData, Query, parse};
use crate::web::layout::{FileLink, Form, Page, Section};
use crate::web::run;
use crate::web::upload::FormWithFiles;

const FIELDS: &[(&str, &str)] = &[
    ("register.name", "verification-register"),
    ("register.entry", "verification-entry"),
    ("register.url", "verification-entry-link"),
    ("register.checked_on", "verification-checked-on"),
    ("documents", "verification-documents"),
    ("issuer", "verification-issuer"),
    ("dated", "verification-date"),
    ("valid_until", "verification-valid-until"),
    ("note", "verification-moderator-note"),
    ("level", "verification-label-level"),
];

#[derive(Template)]
#[template(path = "verification/templates/request.html")]
struct RequestPage {
    page: Page,
    form: Form,
    level: &'static str,
    needs: Needs,
    /// The documents that came with an earlier sending.
    files: Vec<FileLink>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct LevelQuery {
    level: String,
}

fn request_page(app: &App, actor: &Actor, page: Page, level: &str, form: Form) -> Result<RequestPage> {
    let (level, needs) = requested_level(app, actor, level)?;
    let files = files_of(app, actor, &form, "documents")?;
    let page = Page {
        title: Message::new("verification-apply-for").with("level", rules::level_name(level)).text(Language::English),
        ..page
    };
    Ok(RequestPage { page: page.under(Section::Account), form, level: level.as_str(), needs, files })
}

/// The level applied for, and what the request has to carry.
fn requested_level(app: &App, actor: &Actor, level: &str) -> Result<(Verification, Needs)> {
    let scope = actor.authorize(Permission::AccountWrite)?;
    let level: Verification = parse("level", level)?;
    let company = companies::actions::find(app, actor, scope.company())?;
    Ok((level, rules::needs(level, company.fields.form)?))
}

/// The form as the API's JSON; names the fields that cannot be read.
fn read(form: &FormData, level: Verification, needs: Needs) -> Result<NewRequest> {
    let mut wrong = Vec::new();
    let text = |name: &str| form.text(name).map(str::to_owned);
    let mut day = |name: &str| {
        let typed = form.text(name)?;
        typed
            .parse::<NaiveDate>()
            .map_err(|_| {
                let pointer = format!("/{}", name.replace('.', "/"));
                wrong.push(FieldError::new(
                    pointer,
                    FieldCode::Format,
                    locale::text(Language::English, "verification-a-day"),
                ));
            })
            .ok()
    };
    let register = RegisterEntry {
        name: text("register.name").unwrap_or_default(),
        entry: text("register.entry").unwrap_or_default(),
        url: text("register.url"),
        checked_on: day("register.checked_on"),
    };
    let (dated, valid_until) = (day("dated"), day("valid_until"));
    let documents: Vec<DocumentId> = form.all("documents").iter().filter_map(|id| id.parse().ok()).collect();
    if !wrong.is_empty() {
        return Err(Problem::invalid(wrong));
    }
    let register = (needs == Needs::Register).then_some(register);
    Ok(NewRequest { level, register, documents, issuer: text("issuer"), dated, valid_until, note: text("note") })
}

#[get("/account/verification/request")]
async fn request_form(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Query(query): Query<LevelQuery>,
) -> Result<HttpResponse> {
    let page = page_of(&http, locale::text(Language::English, "verification-apply-title"));
    let view = run(&app, move |app| request_page(app, &actor, page, &query.level, Form::new(FIELDS))).await?;
    html(&view)
}

#[post("/account/verification/request")]
async fn send_request(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    sent: FormWithFiles,
) -> Result<HttpResponse> {
    let page = page_of(&http, locale::text(Language::English, "verification-apply-title"));
    let refused = run(&app, move |app| {
        let scope = actor.authorize(Permission::AccountWrite)?;
        let named = sent.form.text("level").unwrap_or_default().to_owned();
        let (level, needs) = requested_level(app, &actor, &named)?;
        let (form, kept) = take_files(app, &actor, sent, "documents");
        let submitted = kept.and_then(|()| read(&form, level, needs));
        match submitted.and_then(|submitted| actions::request(app, &actor, scope.company(), &submitted, None)) {
            Ok(_) => Ok(None),
            Err(problem) => {
                let form = Form::new(FIELDS).typed(form.typed()).refused(&problem);
                request_page(app, &actor, page, &named, form).map(Some)
            }
        }
    })
    .await?;
    match refused {
        None => Ok(see_other("/account/verification?asked")),
        Some(view) => refused_html(&view, &view.form),
    }
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(request_form).service(send_request);
}
