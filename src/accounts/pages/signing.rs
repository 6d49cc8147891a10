//! Signing in and out.

use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::http::header;
use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;

use super::noting::{happening, note, note_all, note_of};
use super::second_factor::code_page;
use crate::accounts::events::{self, AuthEvent, NewHappened};
use crate::accounts::sessions::{self, Opened, Origin, SignIn};
use crate::actor::Actor;
use crate::app::App;
use crate::error::{Code, Result};
use crate::web::actor::{Who, client_address, cookie_name};
use crate::web::answer::see_other;
use crate::web::input::{FormData, Query};
use crate::web::layout::{Form, NoticeKind, Page, Section};
use crate::web::open_form::{OpenForm, form_page_of, html, refused_html};
use crate::web::redirect::local_target;
use crate::web::run;

const FIELDS: &[(&str, &str)] = &[("email", "E-mail"), ("password", "Password")];

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
    let mut page = form_page_of(&http, &app, "Sign in").under(Section::Account);
    match params.after.as_str() {
        "password" => page = page.noting(NoticeKind::Done, "The new password holds. Sign in with it."),
        "joined" => page = page.noting(NoticeKind::Done, "You belong to the company. Sign in with your new password."),
        _ => {}
    }
    html(
        &http,
        &app,
        &SignInPage { page, form: Form::new(FIELDS), next: local_target(&app.config.server.public_url, &params.next) },
    )
}

#[post("/sign-in")]
async fn sign_in(http: HttpRequest, app: Data<App>, Who(actor): Who, OpenForm(form): OpenForm) -> Result<HttpResponse> {
    let next = local_target(&app.config.server.public_url, form.text("next").unwrap_or_default());
    let (origin, typed) = (origin_of(&http), form.typed());
    let email = form.text("email").unwrap_or_default().to_owned();
    let outcome = run(&app, move |app| {
        sessions::sign_in(app, form.text("email").unwrap_or_default(), form.secret("password"), &origin)
    })
    .await;
    match outcome {
        Ok(SignIn::Opened(opened)) => Ok(signed_in(&http, &app, actor, &next, &opened).await),
        Ok(SignIn::NeedsCode(step)) => html(&http, &app, &code_page(&http, &app, step, next)),
        Err(problem) => {
            // Only wrong credentials are a failed sign-in: a try that was put off or a database that is away says nothing of them.
            if problem.code == Code::Unauthenticated {
                let whose = run(&app, move |app| events::person_of(app, &email)).await?;
                note_of(&http, &app, whose, AuthEvent::SignInFailed).await;
            }
            if problem.code == Code::TooManyRequests {
                return Err(problem);
            }
            let page = form_page_of(&http, &app, "Sign in").under(Section::Account);
            let form = Form::new(FIELDS).typed(typed).refused(&problem);
            let view = SignInPage { page, form, next };
            refused_html(&http, &app, &view, &view.form)
        }
    }
}

/// The answer to a sign-in that succeeded. A session that was open in this browser before ends with it.
pub(super) async fn signed_in(
    http: &HttpRequest,
    app: &Data<App>,
    before: Actor,
    next: &str,
    opened: &Opened,
) -> HttpResponse {
    let happened = NewHappened { person: Some(opened.person), ..happening(http, &before, AuthEvent::SignedIn) };
    note_all(app, happened).await;
    if let Err(problem) = run(app, move |app| sessions::sign_out(app, &before)).await {
        log::error!("a session was not ended by the one after it: {problem}");
    }
    with_session(app, see_other(next), opened)
}

#[post("/sign-out")]
async fn sign_out(http: HttpRequest, app: Data<App>, Who(actor): Who, _form: FormData) -> Result<HttpResponse> {
    let leaving = actor.clone();
    run(&app, move |app| sessions::sign_out(app, &leaving)).await?;
    if actor.person().is_some() {
        note(&http, &app, &actor, AuthEvent::SignedOut).await;
    }
    Ok(without_session(&app, see_other("/")))
}

/// Where the request comes from, for what is charged to it.
pub(super) fn origin_of(http: &HttpRequest) -> Origin {
    Origin { user_agent: user_agent(http), network: client_address(http).network().to_string() }
}

pub(super) fn user_agent(http: &HttpRequest) -> String {
    let agent = http.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    agent.unwrap_or_default().to_owned()
}

fn session_cookie<'c>(app: &App, secret: &str, max_age_s: i64) -> Cookie<'c> {
    Cookie::build(cookie_name(&app.config), secret.to_owned())
        .path("/")
        .http_only(true)
        .secure(app.config.is_https())
        .same_site(SameSite::Lax)
        .max_age(Duration::seconds(max_age_s))
        .finish()
}

fn add_cookie(answer: &mut HttpResponse, cookie: &Cookie) {
    if let Err(error) = answer.add_cookie(cookie) {
        log::error!("the session cookie cannot be set: {error}");
    }
}

/// The answer with the cookie of a session that was just opened.
pub(super) fn with_session(app: &App, mut answer: HttpResponse, opened: &Opened) -> HttpResponse {
    add_cookie(&mut answer, &session_cookie(app, &opened.secret, opened.max_age_s));
    answer
}

/// The answer that takes the cookie away.
pub(super) fn without_session(app: &App, mut answer: HttpResponse) -> HttpResponse {
    let mut cookie = session_cookie(app, "", 0);
    cookie.make_removal();
    add_cookie(&mut answer, &cookie);
    answer
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(sign_in_form).service(sign_in).service(sign_out);
}
