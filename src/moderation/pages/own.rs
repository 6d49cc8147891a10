//! The decisions about one's own company, and the reports that it made.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;

use super::rows::{EntryRow, ROWS, ReportRow};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::companies;
use crate::error::Result;
use crate::locale::{Language, text};
use crate::moderation::actions;
use crate::store::cursor::Paging;
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{ListParams, html, pager};
use crate::web::envelope::page_of;
use crate::web::input::Query;
use crate::web::layout::{NoticeKind, Page, Pager, Section};
use crate::web::run;

/// Reports of one's own that are shown, newest first.
const REPORTS: i64 = 50;

#[derive(Template)]
#[template(path = "moderation/templates/own.html")]
struct OwnPage {
    page: Page,
    suspended_reason: Option<String>,
    decided: Vec<EntryRow>,
    reports: Vec<ReportRow>,
    has_older_reports: bool,
    pager: Pager,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct OwnQuery {
    cursor: Option<String>,
    reported: Option<String>,
}

fn own_page(app: &App, actor: &Actor, page: Page, cursor: Option<String>) -> Result<OwnPage> {
    let scope = actor.authorize(Permission::AccountRead)?;
    let company = companies::actions::find(app, actor, scope.company())?;
    let now = app.clock.now();
    let list = "own decisions";
    let paging = ListParams { limit: Some(ROWS), cursor }.paging(app, list, actor)?;
    let slice = actions::list_about_own(app, actor, paging)?;
    let pager = pager(app, list, actor, "/account/moderation", slice.prev.as_ref(), slice.next.as_ref())?;
    let decided = slice.items.into_iter().map(|(entry, label)| EntryRow { label, ..EntryRow::new(&entry, now) });
    let reports = actions::list_own(app, actor, Paging::first(REPORTS))?;
    Ok(OwnPage {
        page,
        suspended_reason: company.suspended_reason,
        decided: decided.collect(),
        has_older_reports: reports.next.is_some(),
        reports: reports.items.iter().map(|report| ReportRow::new(report, now)).collect(),
        pager,
    })
}

#[get("/account/moderation")]
async fn own(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Query(query): Query<OwnQuery>,
) -> Result<HttpResponse> {
    let mut page = page_of(&http, text(Language::English, "moderation-own-page")).under(Section::Account);
    if query.reported.is_some() {
        page = page.with_notice(NoticeKind::Done, text(Language::English, "moderation-reported-notice"));
    }
    let view = run(&app, move |app| own_page(app, &actor, page, query.cursor)).await?;
    html(&view)
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(own);
}
