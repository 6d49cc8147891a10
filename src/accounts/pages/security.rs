//! What protects one's own account: the sessions that are open, the password, the address.

use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;

use super::joining::StepPage;
use super::session_cookie::with_session;
use crate::accounts::actions::{self, SecondFactor, links};
use crate::accounts::audit::{AuditEvent, AuthEvent, RecordedEvent};
use crate::accounts::sessions::{self, OpenSession};
use crate::accounts::trail::{audit_event, record, record_event, user_agent};
use crate::accounts::{LinkPurpose, User, rules};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::error::{Problem, Result};
use crate::locale::{self, Language};
use crate::web::actor::AuthenticatedActor;
use crate::web::anonymous_form::{self, AnonymousForm, form_page_of};
use crate::web::answer::{html, refused_html, see_other};
use crate::web::envelope::page_of;
use crate::web::input::FormData;
use crate::web::layout::{Form, NoticeKind, Page, Section, When};
use crate::web::run;

fn fields() -> Form {
    Form::new(&[
        ("current_password", "accounts-current-password"),
        ("password", "accounts-new-password"),
        ("email", "accounts-new-email-address"),
    ])
}

#[derive(Template)]
#[template(path = "accounts/templates/security.html")]
struct SecurityPage {
    page: Page,
    form: Form,
    person: User,
    sessions: Vec<(OpenSession, When)>,
    events: Vec<RecordedEvent>,
    two_step: bool,
}

fn security_page(page: Page, app: &App, actor: &Actor, form: Form) -> Result<SecurityPage> {
    rules::require_user(actor, Permission::AccountRead)?;
    let (person, _) = actions::myself(app, actor)?;
    let now = app.clock.now();
    let sessions = sessions::list_open(app, actor)?;
    let sessions = sessions.into_iter().map(|session| (When::new(session.last_seen_at, now), session));
    Ok(SecurityPage {
        page: page.under(Section::Account),
        form,
        person: person.ok_or_else(|| Problem::not_found("account"))?,
        sessions: sessions.map(|(when, session)| (session, when)).collect(),
        events: actions::audit::list_recent(app, actor)?,
        two_step: matches!(actions::find_second_factor(app, actor)?, SecondFactor::On(_)),
    })
}

fn done_sentence(query: &str) -> Option<&'static str> {
    match query {
        "password" => Some(locale::text(Language::English, "accounts-password-changed")),
        "email" => Some(locale::text(Language::English, "accounts-change-email-sent")),
        "sessions" => Some(locale::text(Language::English, "accounts-session-ended")),
        _ => None,
    }
}

#[get("/account/security")]
async fn security(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
) -> Result<HttpResponse> {
    let mut page = page_of(&http, locale::text(Language::English, "accounts-security"));
    if let Some(sentence) = done_sentence(http.query_string()) {
        page = page.with_notice(NoticeKind::Done, sentence);
    }
    let view = run(&app, move |app| security_page(page, app, &actor, fields())).await?;
    html(&view)
}

/// The page again with what was refused.
async fn refused(
    http: &HttpRequest,
    app: &Data<App>,
    actor: Actor,
    typed: Vec<(String, String)>,
    problem: Problem,
) -> Result<HttpResponse> {
    if problem.fields.is_empty() {
        return Err(problem);
    }
    let (page, form) =
        (page_of(http, locale::text(Language::English, "accounts-security")), fields().typed(typed).refused(&problem));
    let view = run(app, move |app| security_page(page, app, &actor, form)).await?;
    refused_html(&view, &view.form)
}

#[post("/account/password")]
async fn change_password(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    form: FormData,
) -> Result<HttpResponse> {
    let (viewer, agent, typed) = (actor.clone(), user_agent(&http), form.typed());
    let outcome = run(&app, move |app| {
        actions::change_password(app, &viewer, form.secret("current_password"), form.secret("password"), &agent)
    })
    .await;
    match outcome {
        Ok(opened) => {
            record(&http, &app, &actor, AuthEvent::PasswordChanged).await;
            Ok(with_session(&app, see_other("/account/security?password"), &opened))
        }
        Err(problem) => refused(&http, &app, actor, typed, problem).await,
    }
}

#[post("/account/email")]
async fn change_email(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    form: FormData,
) -> Result<HttpResponse> {
    let (viewer, typed) = (actor.clone(), form.typed());
    let outcome = run(&app, move |app| {
        let email = form.text("email").unwrap_or_default();
        actions::ask_for_new_email(app, &viewer, form.secret("current_password"), email)
    })
    .await;
    match outcome {
        Ok(()) => Ok(see_other("/account/security?email")),
        Err(problem) => refused(&http, &app, actor, typed, problem).await,
    }
}

#[get("/confirm-email/{secret}")]
async fn confirm_email_form(http: HttpRequest, app: Data<App>, secret: Path<String>) -> Result<HttpResponse> {
    // Link scanners open every address: only the POST below uses the link.
    let secret = secret.into_inner();
    let action = format!("/confirm-email/{secret}");
    run(&app, move |app| links::find(app, LinkPurpose::ChangeEmail, &secret)).await?;
    let page = form_page_of(&http, &app, locale::text(Language::English, "accounts-use-address-question"))
        .under(Section::Account);
    let says = vec![locale::text(Language::English, "accounts-use-address-what")];
    anonymous_form::html(
        &http,
        &app,
        &StepPage {
            page,
            says,
            button: Some((action, locale::text(Language::English, "accounts-use-address"))),
            link: None,
        },
    )
}

#[post("/confirm-email/{secret}")]
async fn confirm_email(
    http: HttpRequest,
    app: Data<App>,
    secret: Path<String>,
    _form: AnonymousForm,
) -> Result<HttpResponse> {
    let person = run(&app, move |app| actions::use_new_email(app, &secret)).await?;
    let done = audit_event(&http, &Actor::Anonymous, AuthEvent::EmailChanged);
    record_event(&app, AuditEvent { person: Some(person), ..done }).await;
    let page = form_page_of(&http, &app, locale::text(Language::English, "accounts-address-changed-title"))
        .under(Section::Account);
    let says = vec![locale::text(Language::English, "accounts-address-changed-what")];
    anonymous_form::html(
        &http,
        &app,
        &StepPage {
            page,
            says,
            button: None,
            link: Some(("/account", locale::text(Language::English, "accounts-to-account"))),
        },
    )
}

#[post("/account/sessions/revoke")]
async fn revoke_session(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    form: FormData,
) -> Result<HttpResponse> {
    let viewer = actor.clone();
    run(&app, move |app| {
        // A session that is not there any more, or was never one's own, is ended already.
        match form.text("session").and_then(|text| text.parse().ok()) {
            Some(session) => sessions::revoke(app, &viewer, session),
            None => sessions::revoke_others(app, &viewer),
        }
    })
    .await?;
    record(&http, &app, &actor, AuthEvent::SessionsEnded).await;
    Ok(see_other("/account/security?sessions"))
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(security)
        .service(change_password)
        .service(change_email)
        .service(confirm_email_form)
        .service(confirm_email)
        .service(revoke_session);
}
