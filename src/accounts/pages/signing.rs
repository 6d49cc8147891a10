//! Signing in and out.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;

use super::second_factor::code_page;
use super::session_cookie::{signed_in, without_session};
use crate::accounts::actions::{self, SignIn};
use crate::accounts::audit::AuthEvent;
use crate::accounts::sessions;
use crate::accounts::trail::{origin_of, record, record_for};
use crate::app::App;
use crate::error::{Code, Result};
use crate::locale::{Language, text};
use crate::web::actor::AuthenticatedActor;
use crate::web::anonymous_form::{AnonymousForm, form_page_of, html, refused_html};
use crate::web::answer::see_other;
use crate::web::input::{FormData, Query};
use crate::web::layout::{Form, NoticeKind, Page, Section};
use crate::web::redirect::local_target;
use crate::web::run;

fn fields() -> Form {
    Form::new(&[("email", "accounts-email"), ("password", "accounts-password")])
}

#[derive(Template)]
#[template(path = "accounts/templates/sign_in.html")]
struct SignInPage {
    page: Page,
    form: Form,
    next: String,
}

#[derive(Deserialize)]
struct Params {
    #[serde(default)]
    next: String,
    /// What was just done: `password` or `joined`.
    #[serde(default)]
    after: String,
}

#[get("/sign-in")]
async fn sign_in_form(http: HttpRequest, app: Data<App>, Query(params): Query<Params>) -> Result<HttpResponse> {
    let mut page = form_page_of(&http, &app, text(Language::English, "accounts-sign-in")).under(Section::Account);
    match params.after.as_str() {
        "password" => page = page.with_notice(NoticeKind::Done, text(Language::English, "accounts-password-set")),
        "joined" => page = page.with_notice(NoticeKind::Done, text(Language::English, "accounts-joined-company")),
        _ => {}
    }
    html(
        &http,
        &app,
        &SignInPage { page, form: fields(), next: local_target(&app.config.server.public_url, &params.next) },
    )
}

#[post("/sign-in")]
async fn sign_in(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    AnonymousForm(form): AnonymousForm,
) -> Result<HttpResponse> {
    let next = local_target(&app.config.server.public_url, form.text("next").unwrap_or_default());
    let (origin, typed) = (origin_of(&http, &app), form.typed());
    let email = form.text("email").unwrap_or_default().to_owned();
    let outcome = run(&app, move |app| {
        actions::sign_in(app, form.text("email").unwrap_or_default(), form.secret("password"), &origin)
    })
    .await;
    match outcome {
        Ok(SignIn::Session(session)) => Ok(signed_in(&http, &app, actor, &next, &session).await),
        Ok(SignIn::NeedsCode(pending)) => html(&http, &app, &code_page(&http, &app, pending, next)),
        Err(problem) => {
            // Only wrong credentials are a failed sign-in: a try that was put off or a database that is away says nothing of them.
            if problem.code == Code::Unauthenticated {
                let whose = run(&app, move |app| actions::audit::find_user_id(app, &email)).await?;
                record_for(&http, &app, whose, AuthEvent::SignInFailed).await;
            }
            if problem.code == Code::TooManyRequests {
                return Err(problem);
            }
            let page = form_page_of(&http, &app, text(Language::English, "accounts-sign-in")).under(Section::Account);
            let form = fields().typed(typed).refused(&problem);
            let view = SignInPage { page, form, next };
            refused_html(&http, &app, &view, &view.form)
        }
    }
}

#[post("/sign-out")]
async fn sign_out(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    _form: FormData,
) -> Result<HttpResponse> {
    let leaving = actor.clone();
    run(&app, move |app| sessions::sign_out(app, &leaving)).await?;
    if actor.user().is_some() {
        record(&http, &app, &actor, AuthEvent::SignedOut).await;
    }
    Ok(without_session(&app, see_other("/")))
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(sign_in_form).service(sign_in).service(sign_out);
}
