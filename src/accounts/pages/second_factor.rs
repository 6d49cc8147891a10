//! Two-step verification: turning it on and off, recovery codes, and the code at sign-in.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;

use super::session_cookie::signed_in;
use crate::accounts::actions::{self, FactorUsed, SecondFactor};
use crate::accounts::audit::AuthEvent;
use crate::accounts::trail::{origin_of, record, record_for};
use crate::actor::Actor;
use crate::app::App;
use crate::error::{Code, Problem, Result};
use crate::locale::{Language, text};
use crate::web::actor::AuthenticatedActor;
use crate::web::anonymous_form::{self, AnonymousForm, form_page_of};
use crate::web::answer::{html, refused_html, see_other};
use crate::web::envelope::page_of;
use crate::web::input::FormData;
use crate::web::layout::{Form, NoticeKind, Page, Section};
use crate::web::redirect::local_target;
use crate::web::run;

fn fields() -> Form {
    Form::new(&[("current_password", "accounts-current-password"), ("code", "accounts-code")])
}

#[derive(Template)]
#[template(path = "accounts/templates/second_factor.html")]
struct SecondFactorPage {
    page: Page,
    form: Form,
    factor: SecondFactor,
    codes: Vec<String>,
}

#[derive(Template)]
#[template(path = "accounts/templates/sign_in_code.html")]
pub(super) struct CodePage {
    pub page: Page,
    pub form: Form,
    pub step: String,
    pub next: String,
}

/// The page that asks for the code after the password was right.
pub(super) fn code_page(http: &HttpRequest, app: &App, step: String, next: String) -> CodePage {
    let page = form_page_of(http, app, text(Language::English, "accounts-your-code")).under(Section::Account);
    CodePage { page, form: Form::new(&[("code", "accounts-code")]), step, next }
}

async fn shown(
    http: &HttpRequest,
    app: &Data<App>,
    actor: Actor,
    form: Form,
    codes: Vec<String>,
) -> Result<SecondFactorPage> {
    let mut page = page_of(http, text(Language::English, "accounts-two-step")).under(Section::Account);
    if http.query_string() == "off" {
        page = page.with_notice(NoticeKind::Done, text(Language::English, "accounts-two-step-is-off"));
    }
    let factor = run(app, move |app| actions::find_second_factor(app, &actor)).await?;
    Ok(SecondFactorPage { page, form, factor, codes })
}

async fn refused(http: &HttpRequest, app: &Data<App>, actor: Actor, problem: Problem) -> Result<HttpResponse> {
    if problem.fields.is_empty() {
        return Err(problem);
    }
    let view = shown(http, app, actor, fields().refused(&problem), Vec::new()).await?;
    refused_html(&view, &view.form)
}

#[get("/account/second-factor")]
async fn second_factor(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
) -> Result<HttpResponse> {
    html(&shown(&http, &app, actor, fields(), Vec::new()).await?)
}

#[post("/account/second-factor")]
async fn begin(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    form: FormData,
) -> Result<HttpResponse> {
    let viewer = actor.clone();
    let begin = move |app: &App| actions::begin_second_factor(app, &viewer, form.secret("current_password"));
    match run(&app, begin).await {
        Ok(()) => Ok(see_other("/account/second-factor")),
        Err(problem) => refused(&http, &app, actor, problem).await,
    }
}

#[post("/account/second-factor/confirm")]
async fn confirm(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    form: FormData,
) -> Result<HttpResponse> {
    let viewer = actor.clone();
    let confirm = move |app: &App| actions::confirm_second_factor(app, &viewer, form.text("code").unwrap_or_default());
    show_codes(&http, &app, actor, run(&app, confirm).await, AuthEvent::SecondFactorOn).await
}

#[post("/account/second-factor/recovery-codes")]
async fn renew(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    form: FormData,
) -> Result<HttpResponse> {
    let viewer = actor.clone();
    let renew = move |app: &App| actions::renew_recovery_codes(app, &viewer, form.secret("current_password"));
    show_codes(&http, &app, actor, run(&app, renew).await, AuthEvent::RecoveryCodesMade).await
}

/// The page with recovery codes, the only one that shows them.
async fn show_codes(
    http: &HttpRequest,
    app: &Data<App>,
    actor: Actor,
    made: Result<Vec<String>>,
    event: AuthEvent,
) -> Result<HttpResponse> {
    match made {
        Ok(codes) => {
            record(http, app, &actor, event).await;
            html(&shown(http, app, actor, fields(), codes).await?)
        }
        Err(problem) => refused(http, app, actor, problem).await,
    }
}

#[post("/account/second-factor/remove")]
async fn remove(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    form: FormData,
) -> Result<HttpResponse> {
    let viewer = actor.clone();
    let remove = move |app: &App| actions::remove_second_factor(app, &viewer, form.secret("current_password"));
    match run(&app, remove).await {
        Ok(()) => {
            record(&http, &app, &actor, AuthEvent::SecondFactorOff).await;
            Ok(see_other("/account/second-factor?off"))
        }
        Err(problem) => refused(&http, &app, actor, problem).await,
    }
}

#[post("/sign-in/code")]
async fn sign_in_code(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    AnonymousForm(form): AnonymousForm,
) -> Result<HttpResponse> {
    let next = local_target(&app.config.server.public_url, form.text("next").unwrap_or_default());
    let step = form.text("step").unwrap_or_default().to_owned();
    let (origin, shown_step) = (origin_of(&http, &app), step.clone());
    let outcome =
        run(&app, move |app| actions::sign_in_with_code(app, &step, form.text("code").unwrap_or_default(), &origin))
            .await;
    match outcome {
        Ok((session, used)) => {
            if used == FactorUsed::RecoveryCode {
                record_for(&http, &app, Some(session.person), AuthEvent::RecoveryCodeUsed).await;
            }
            Ok(signed_in(&http, &app, actor, &next, &session).await)
        }
        Err(problem) => {
            if problem.code == Code::Unauthenticated {
                let pending = shown_step.clone();
                let whose = run(&app, move |app| actions::pending_user(app, &pending)).await?;
                // A password step that ended by time, or was never ours, is nobody's wrong code.
                if whose.is_some() {
                    record_for(&http, &app, whose, AuthEvent::SignInFailed).await;
                }
            }
            if problem.code == Code::TooManyRequests {
                return Err(problem);
            }
            let mut view = code_page(&http, &app, shown_step, next);
            view.form = view.form.refused(&problem);
            anonymous_form::refused_html(&http, &app, &view, &view.form)
        }
    }
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(second_factor).service(begin).service(confirm).service(renew).service(remove).service(sign_in_code);
}
