//! Signing up, and the page behind the link that confirms an address.

use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;

use super::session_cookie::with_destination;
use crate::accounts::LinkPurpose;
use crate::accounts::actions::{self, SignUp, links};
use crate::accounts::audit::AuthEvent;
use crate::accounts::trail::{audit_event, record_for};
use crate::actor::Actor;
use crate::app::App;
use crate::companies::Form as CompanyForm;
use crate::error::Result;
use crate::locale::{Language, text};
use crate::web::actor::AuthenticatedActor;
use crate::web::anonymous_form::{AnonymousForm, form_page_of, html, refused_html};
use crate::web::answer::see_other;
use crate::web::input::{FormData, Query};
use crate::web::layout::{Form, Page, Section};
use crate::web::redirect::local_target;
use crate::web::run;
use crate::wire;

fn fields() -> Form {
    Form::new(&[
        ("name", "accounts-your-name"),
        ("email", "accounts-email"),
        ("password", "accounts-password"),
        ("company", "accounts-company"),
        ("country", "accounts-country"),
        ("form", "accounts-kind-of-company"),
    ])
}

#[derive(Template)]
#[template(path = "accounts/templates/sign_up.html")]
struct SignUpPage {
    page: Page,
    form: Form,
    /// Where the person wanted to go, and goes when they first sign in.
    next: String,
}

#[derive(Deserialize)]
struct Params {
    #[serde(default)]
    next: String,
}

/// A page that says what happened or will, with at most one button.
#[derive(Template)]
#[template(path = "accounts/templates/step.html")]
pub(super) struct StepPage {
    pub page: Page,
    /// Sentences.
    pub says: Vec<&'static str>,
    /// Where the button posts to, and its words.
    pub button: Option<(String, &'static str)>,
    /// Where a link leads, and its words.
    pub link: Option<(&'static str, &'static str)>,
}

#[get("/sign-up")]
async fn sign_up_form(http: HttpRequest, app: Data<App>, Query(params): Query<Params>) -> Result<HttpResponse> {
    let page = form_page_of(&http, &app, text(Language::English, "accounts-join-tradepost")).under(Section::Account);
    let next = local_target(&app.config.server.public_url, &params.next);
    html(&http, &app, &SignUpPage { page, form: fields(), next })
}

#[post("/sign-up")]
async fn sign_up(http: HttpRequest, app: Data<App>, AnonymousForm(form): AnonymousForm) -> Result<HttpResponse> {
    let typed = form.typed();
    let next = local_target(&app.config.server.public_url, form.text("next").unwrap_or_default());
    let asked = audit_event(&http, &Actor::Anonymous, AuthEvent::SignedUp);
    let outcome = run(&app, move |app| {
        let members = form.0.iter().filter(|(name, _)| name != "csrf" && name != "next");
        let value = members.map(|(name, value)| (name.clone(), serde_json::Value::from(value.as_str()))).collect();
        let new: SignUp = wire::read_value(serde_json::Value::Object(value), &[])?;
        actions::sign_up(app, new, asked)
    })
    .await;
    match outcome {
        Ok(()) => Ok(with_destination(&app, see_other("/sign-up/sent"), &next)),
        Err(problem) => {
            let page =
                form_page_of(&http, &app, text(Language::English, "accounts-join-tradepost")).under(Section::Account);
            let form = fields().typed(typed).refused(&problem);
            let view = SignUpPage { page, form, next };
            refused_html(&http, &app, &view, &view.form)
        }
    }
}

#[get("/sign-up/sent")]
async fn sign_up_sent(http: HttpRequest, app: Data<App>) -> Result<HttpResponse> {
    let page = form_page_of(&http, &app, text(Language::English, "accounts-check-your-inbox")).under(Section::Account);
    let says =
        vec![text(Language::English, "accounts-sign-up-sent"), text(Language::English, "accounts-sign-up-meanwhile")];
    html(
        &http,
        &app,
        &StepPage { page, says, button: None, link: Some(("/sign-in", text(Language::English, "accounts-sign-in"))) },
    )
}

#[get("/confirm/{secret}")]
async fn confirm_form(http: HttpRequest, app: Data<App>, secret: Path<String>) -> Result<HttpResponse> {
    // Link scanners open every address: only the POST below uses the link.
    let secret = secret.into_inner();
    let action = format!("/confirm/{secret}");
    run(&app, move |app| links::find(app, LinkPurpose::ConfirmEmail, &secret)).await?;
    let page = form_page_of(&http, &app, text(Language::English, "accounts-confirm-title")).under(Section::Account);
    let says = vec![text(Language::English, "accounts-confirm-what")];
    html(
        &http,
        &app,
        &StepPage {
            page,
            says,
            button: Some((action, text(Language::English, "accounts-confirm-button"))),
            link: None,
        },
    )
}

#[post("/confirm/{secret}")]
async fn confirm(
    http: HttpRequest,
    app: Data<App>,
    secret: Path<String>,
    _form: AnonymousForm,
) -> Result<HttpResponse> {
    let person = run(&app, move |app| actions::confirm_email(app, &secret)).await?;
    record_for(&http, &app, Some(person), AuthEvent::EmailConfirmed).await;
    let mut page =
        form_page_of(&http, &app, text(Language::English, "accounts-confirmed-title")).under(Section::Account);
    if let Some(viewer) = &mut page.viewer {
        viewer.confirmed = true;
    }
    let link = if page.viewer.is_some() {
        ("/", text(Language::English, "accounts-to-desk"))
    } else {
        ("/sign-in", text(Language::English, "accounts-sign-in"))
    };
    let says = vec![text(Language::English, "accounts-confirmed-what")];
    html(&http, &app, &StepPage { page, says, button: None, link: Some(link) })
}

#[post("/account/confirmation")]
async fn send_again(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    _form: FormData,
) -> Result<HttpResponse> {
    run(&app, move |app| actions::send_confirmation_again(app, &actor)).await?;
    Ok(see_other("/account?sent"))
}

/// The company forms to choose from at sign-up.
fn company_forms() -> Vec<(&'static str, &'static str)> {
    CompanyForm::ALL.iter().map(|form| (form.as_str(), form.label(Language::English))).collect()
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(sign_up_form)
        .service(sign_up)
        .service(sign_up_sent)
        .service(confirm_form)
        .service(confirm)
        .service(send_again);
}
