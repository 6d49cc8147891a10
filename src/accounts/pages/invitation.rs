//! The page behind an invitation's link: join as the person one is, or as somebody new.

use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;

use super::session_cookie::with_session;
use crate::accounts::actions;
use crate::accounts::audit::{AuditEvent, AuthEvent};
use crate::accounts::sessions::NewSession;
use crate::accounts::trail::{audit_event, record, record_event, user_agent};
use crate::app::App;
use crate::error::{Code, Problem, Result};
use crate::ids::{CompanyId, UserId};
use crate::locale::{Language, text};
use crate::web::actor::AuthenticatedActor;
use crate::web::anonymous_form::{AnonymousForm, form_page_of, html, refused_html};
use crate::web::answer::see_other;
use crate::web::layout::{Form, Page, Section};
use crate::web::run;

fn fields() -> Form {
    Form::new(&[("name", "accounts-your-name"), ("password", "accounts-password")])
}

#[derive(Template)]
#[template(path = "accounts/templates/invitation.html")]
struct InvitationPage {
    page: Page,
    form: Form,
    company: String,
    role: &'static str,
    email: String,
    has_account: bool,
    action: String,
}

impl InvitationPage {
    /// Where to sign in and come back from.
    fn sign_in_href(&self) -> String {
        format!("/sign-in?{}", serde_urlencoded::to_string([("next", &self.action)]).unwrap_or_default())
    }
}

async fn page(http: &HttpRequest, app: &Data<App>, secret: String, form: Form) -> Result<InvitationPage> {
    let page = form_page_of(http, app, text(Language::English, "accounts-join-a-company")).under(Section::Account);
    let action = format!("/invitations/{secret}");
    let (found, has_account) = run(app, move |app| actions::find_invitation(app, &secret)).await?;
    let (company, role, email) = (found.company_name, found.role.label(Language::English), found.email);
    Ok(InvitationPage { page, form, company, role, email, has_account, action })
}

#[get("/invitations/{secret}")]
async fn invitation(http: HttpRequest, app: Data<App>, secret: Path<String>) -> Result<HttpResponse> {
    // Link scanners open every address: only the POST below accepts.
    let view = page(&http, &app, secret.into_inner(), fields()).await?;
    html(&http, &app, &view)
}

/// How somebody goes on who has joined.
enum Outcome {
    /// In a session for the company.
    GoesOn(NewSession),
    /// They are new, and sign in first.
    SignsIn(UserId, CompanyId),
}

#[post("/invitations/{secret}")]
async fn accept(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    secret: Path<String>,
    AnonymousForm(form): AnonymousForm,
) -> Result<HttpResponse> {
    let (secret, agent, typed) = (secret.into_inner(), user_agent(&http), form.typed());
    let (used, joining) = (secret.clone(), actor.clone());
    let outcome = run(&app, move |app| {
        if actor.user().is_some() {
            return actions::accept(app, &actor, &used, &agent).map(Outcome::GoesOn);
        }
        let name = form.text("name").unwrap_or_default();
        let joined = actions::accept_as_new(app, &used, name, form.secret("password"));
        joined.map(|(person, company)| Outcome::SignsIn(person, company))
    })
    .await;
    match outcome {
        Ok(Outcome::GoesOn(opened)) => {
            record(&http, &app, &joining, AuthEvent::Joined).await;
            Ok(with_session(&app, see_other("/account/members"), &opened))
        }
        Ok(Outcome::SignsIn(person, company)) => {
            let by = person.to_string();
            let joined = audit_event(&http, &joining, AuthEvent::Joined);
            record_event(&app, AuditEvent { person: Some(person), company: Some(company), by, ..joined }).await;
            Ok(see_other("/sign-in?after=joined"))
        }
        Err(problem) => refused(&http, &app, secret, typed, problem).await,
    }
}

/// Wrong fields are shown at their place; who is a member already, or has an account, is told so.
async fn refused(
    http: &HttpRequest,
    app: &Data<App>,
    secret: String,
    typed: Vec<(String, String)>,
    problem: Problem,
) -> Result<HttpResponse> {
    if !matches!(problem.code, Code::Invalid | Code::Duplicate) {
        return Err(problem);
    }
    let view = page(http, app, secret, fields().typed(typed).refused(&problem)).await?;
    refused_html(http, app, &view, &view.form)
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(invitation).service(accept);
}
