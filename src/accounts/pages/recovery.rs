//! A forgotten password: asking for the e-mail, and the page behind its link.

use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;

use super::joining::StepPage;
use super::session_cookie::{with_device, without_session};
use crate::accounts::LinkPurpose;
use crate::accounts::actions::{self, links};
use crate::accounts::audit::{AuditEvent, AuthEvent};
use crate::accounts::trail::{audit_event, known_device, origin_of, record_event};
use crate::actor::Actor;
use crate::app::App;
use crate::error::{Code, Result};
use crate::locale::{Language, text};
use crate::web::anonymous_form::{AnonymousForm, form_page_of, html, refused_html};
use crate::web::answer::see_other;
use crate::web::layout::{Form, Page, Section};
use crate::web::run;

#[derive(Template)]
#[template(path = "accounts/templates/forgotten_password.html")]
struct ForgottenPage {
    page: Page,
    form: Form,
}

#[derive(Template)]
#[template(path = "accounts/templates/new_password.html")]
struct NewPasswordPage {
    page: Page,
    form: Form,
    action: String,
}

#[get("/forgotten-password")]
async fn forgotten_form(http: HttpRequest, app: Data<App>) -> Result<HttpResponse> {
    let page =
        form_page_of(&http, &app, text(Language::English, "accounts-choose-new-password")).under(Section::Account);
    html(&http, &app, &ForgottenPage { page, form: Form::new(&[("email", "accounts-email")]) })
}

#[post("/forgotten-password")]
async fn forgotten(http: HttpRequest, app: Data<App>, AnonymousForm(form): AnonymousForm) -> Result<HttpResponse> {
    let asked = audit_event(&http, &Actor::Anonymous, AuthEvent::ResetAsked);
    let device = known_device(&http, &app);
    run(&app, move |app| actions::ask_for_reset(app, form.text("email").unwrap_or_default(), device, asked)).await?;
    Ok(see_other("/forgotten-password/sent"))
}

#[get("/forgotten-password/sent")]
async fn forgotten_sent(http: HttpRequest, app: Data<App>) -> Result<HttpResponse> {
    let page = form_page_of(&http, &app, text(Language::English, "accounts-check-your-inbox")).under(Section::Account);
    let says =
        vec![text(Language::English, "accounts-reset-sent"), text(Language::English, "accounts-reset-sent-hint")];
    html(
        &http,
        &app,
        &StepPage { page, says, button: None, link: Some(("/sign-in", text(Language::English, "accounts-sign-in"))) },
    )
}

fn new_password_page(http: &HttpRequest, app: &App, secret: &str, form: Form) -> NewPasswordPage {
    let page = form_page_of(http, app, text(Language::English, "accounts-choose-new-password")).under(Section::Account);
    NewPasswordPage { page, form, action: format!("/new-password/{secret}") }
}

#[get("/new-password/{secret}")]
async fn new_password_form(http: HttpRequest, app: Data<App>, secret: Path<String>) -> Result<HttpResponse> {
    // Link scanners open every address: only the POST below uses the link.
    let asked = secret.clone();
    run(&app, move |app| links::find(app, LinkPurpose::ResetPassword, &asked)).await?;
    html(&http, &app, &new_password_page(&http, &app, &secret, Form::new(&[("password", "accounts-new-password")])))
}

#[post("/new-password/{secret}")]
async fn new_password(
    http: HttpRequest,
    app: Data<App>,
    secret: Path<String>,
    AnonymousForm(form): AnonymousForm,
) -> Result<HttpResponse> {
    let (used, origin) = (secret.clone(), origin_of(&http, &app));
    let outcome = run(&app, move |app| actions::reset_password(app, &used, form.secret("password"), &origin)).await;
    match outcome {
        Ok(person) => {
            let done = audit_event(&http, &Actor::Anonymous, AuthEvent::PasswordReset);
            record_event(&app, AuditEvent { person: Some(person), ..done }).await;
            // Whatever strangers have tried, the new password is looked at at once on this device.
            Ok(with_device(&http, &app, without_session(&app, see_other("/sign-in?after=password")), person))
        }
        Err(problem) if problem.code == Code::Invalid => {
            let form = Form::new(&[("password", "accounts-new-password")]).refused(&problem);
            let view = new_password_page(&http, &app, &secret, form);
            refused_html(&http, &app, &view, &view.form)
        }
        Err(problem) => Err(problem),
    }
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(forgotten_form)
        .service(forgotten)
        .service(forgotten_sent)
        .service(new_password_form)
        .service(new_password);
}
