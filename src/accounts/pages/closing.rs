//! Deleting one's account.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;

use super::session_cookie::without_session;
use crate::accounts::actions;
use crate::accounts::audit::{self, AuthEvent};
use crate::accounts::rules;
use crate::accounts::trail::audit_event;
use crate::actor::Permission;
use crate::app::App;
use crate::error::Result;
use crate::locale::{Language, text};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{html, refused_html, see_other};
use crate::web::envelope::page_of;
use crate::web::input::FormData;
use crate::web::layout::{Form, Page, Section};
use crate::web::run;

fn fields() -> Form {
    Form::new(&[("current_password", "accounts-current-password")])
}

#[derive(Template)]
#[template(path = "accounts/templates/close.html")]
struct ClosePage {
    page: Page,
    form: Form,
}

#[get("/account/close")]
async fn ask(http: HttpRequest, AuthenticatedActor(actor): AuthenticatedActor) -> Result<HttpResponse> {
    rules::require_user(&actor, Permission::AccountRead)?;
    html(&ClosePage {
        page: page_of(&http, text(Language::English, "accounts-delete-question")).under(Section::Account),
        form: fields(),
    })
}

#[post("/account/close")]
async fn close(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    form: FormData,
) -> Result<HttpResponse> {
    let event = audit_event(&http, &actor, AuthEvent::Closed);
    match run(&app, move |app| actions::close_account(app, &actor, form.secret("current_password"))).await {
        Ok(()) => {
            audit::log_event(&event);
            Ok(without_session(&app, see_other("/")))
        }
        Err(problem) if problem.fields.is_empty() => Err(problem),
        Err(problem) => {
            let page = page_of(&http, text(Language::English, "accounts-delete-question")).under(Section::Account);
            let view = ClosePage { page, form: fields().refused(&problem) };
            refused_html(&view, &view.form)
        }
    }
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(ask).service(close);
}
