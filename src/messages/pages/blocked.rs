//! The companies from which one's own takes no messages.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;

use super::{LANGUAGE, ROWS};
use crate::actor::Permission;
use crate::app::App;
use crate::error::Result;
use crate::ids::CompanyId;
use crate::locale::text;
use crate::messages::actions::{self, Block};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{ListParams, html, pager, see_other};
use crate::web::envelope::page_of;
use crate::web::input::{FormData, Id, Query};
use crate::web::layout::{Page, Pager, Section, When};
use crate::web::run;

const LIST: &str = "blocked companies";

struct Row {
    company: String,
    name: String,
    at: When,
}

#[derive(Template)]
#[template(path = "messages/templates/blocked.html")]
struct BlockedPage {
    page: Page,
    rows: Vec<Row>,
    pager: Pager,
    may_write: bool,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct BlockedQuery {
    cursor: Option<String>,
}

#[get("/account/blocked-companies")]
async fn blocked(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Query(query): Query<BlockedQuery>,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(LANGUAGE, "messages-blocked-title")).under(Section::Messages);
    let view = run(&app, move |app| {
        let paging = ListParams { limit: Some(ROWS), cursor: query.cursor }.paging(app, LIST, &actor)?;
        let slice = actions::list_blocks(app, &actor, paging)?;
        let path = "/account/blocked-companies";
        let pager = pager(app, LIST, &actor, path, slice.prev.as_ref(), slice.next.as_ref())?;
        let now = app.clock.now();
        let row =
            |block: Block| Row { company: block.company.to_string(), name: block.name, at: When::new(block.at, now) };
        let rows = slice.items.into_iter().map(row).collect();
        Ok(BlockedPage { page, rows, pager, may_write: actor.authorize(Permission::MessagesWrite).is_ok() })
    })
    .await?;
    html(&view)
}

#[post("/account/blocked-companies/{id}/remove")]
async fn unblock(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<CompanyId>,
    _form: FormData,
) -> Result<HttpResponse> {
    run(&app, move |app| actions::unblock(app, &actor, id)).await?;
    Ok(see_other("/account/blocked-companies"))
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(blocked).service(unblock);
}
