//! The one-click unsubscribe.

use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;

use crate::accounts::actions::{self, Subscription};
use crate::app::App;
use crate::error::Result;
use crate::locale::{Language, text};
use crate::web::answer::html;
use crate::web::envelope::page_of;
use crate::web::layout::{NoticeKind, Page};
use crate::web::run;

#[derive(Template)]
#[template(path = "accounts/templates/unsubscribe.html")]
struct UnsubscribePage {
    page: Page,
    token: String,
    done: bool,
}

#[get("/unsubscribe/{token}")]
async fn unsubscribe_form(http: HttpRequest, app: Data<App>, token: Path<String>) -> Result<HttpResponse> {
    // Link scanners open every address: only the POST below changes anything.
    actions::read_unsubscribe_token(&app, &token)?;
    let page = page_of(&http, text(Language::English, "accounts-unsubscribe-question"));
    html(&UnsubscribePage { page, token: token.into_inner(), done: false })
}

#[post("/unsubscribe/{token}")]
async fn unsubscribe(http: HttpRequest, app: Data<App>, token: Path<String>) -> Result<HttpResponse> {
    let token = token.into_inner();
    let used = token.clone();
    run(&app, move |app| {
        let (person, stream) = actions::read_unsubscribe_token(app, &used)?;
        actions::set_stream(app, person, stream, Subscription::Off)
    })
    .await?;
    let page = page_of(&http, text(Language::English, "accounts-unsubscribed"))
        .with_notice(NoticeKind::Done, text(Language::English, "accounts-unsubscribed-what"));
    html(&UnsubscribePage { page, token, done: true })
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(unsubscribe_form).service(unsubscribe);
}
