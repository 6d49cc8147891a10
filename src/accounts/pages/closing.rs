//! Deleting one's account.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;

use super::noting::happening;
use super::signing::without_session;
use crate::accounts::actions;
use crate::accounts::events::{self, AuthEvent};
use crate::actor::Permission;
use crate::app::App;
use crate::error::Result;
use crate::web::actor::Who;
use crate::web::answer::{html, refused_html, see_other};
use crate::web::frame::page_of;
use crate::web::input::FormData;
use crate::web::layout::{Form, Page, Section};
use crate::web::run;

const TITLE: &str = "Delete your account?";
const FIELDS: &[(&str, &str)] = &[("current_password", "Present password")];

#[derive(Template)]
#[template(path = "accounts/templates/close.html")]
struct ClosePage {
    page: Page,
    form: Form,
}

#[get("/account/close")]
async fn ask(http: HttpRequest, Who(actor): Who) -> Result<HttpResponse> {
    actions::member_of(&actor, Permission::AccountRead)?;
    html(&ClosePage { page: page_of(&http, TITLE).under(Section::Account), form: Form::new(FIELDS) })
}

#[post("/account/close")]
async fn close(http: HttpRequest, app: Data<App>, Who(actor): Who, form: FormData) -> Result<HttpResponse> {
    let happened = happening(&http, &actor, AuthEvent::Closed);
    match run(&app, move |app| actions::close_account(app, &actor, form.secret("current_password"))).await {
        Ok(()) => {
            events::log(&happened);
            Ok(without_session(&app, see_other("/")))
        }
        Err(problem) if problem.fields.is_empty() => Err(problem),
        Err(problem) => {
            let page = page_of(&http, TITLE).under(Section::Account);
            let view = ClosePage { page, form: Form::new(FIELDS).refused(&problem) };
            refused_html(&view, &view.form)
        }
    }
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(ask).service(close);
}
