//! The moderators' queue of reports.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;

use super::rows::{ROWS, reporter};
use crate::actor::Actor;
use crate::app::App;
use crate::clock::Time;
use crate::error::Result;
use crate::locale::{Language, text};
use crate::moderation::actions::{self, Case};
use crate::moderation::{ReportFilter, ReportKind, ReportState};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{ListParams, html, pager};
use crate::web::envelope::page_of;
use crate::web::input::{Query, parse};
use crate::web::layout::{Page, Pager, Section, When};
use crate::web::run;

struct CaseRow {
    id: String,
    kind: &'static str,
    label: String,
    owner: String,
    owner_name: String,
    reporter: String,
    state: crate::formats::Pill,
    at: When,
}

struct FilterLink {
    href: String,
    label: String,
    current: bool,
}

#[derive(Template)]
#[template(path = "moderation/templates/queue.html")]
struct QueuePage {
    page: Page,
    states: Vec<FilterLink>,
    kinds: Vec<FilterLink>,
    rows: Vec<CaseRow>,
    pager: Pager,
    open: i64,
    oldest: Option<When>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct QueueQuery {
    state: Option<String>,
    kind: Option<String>,
    company: Option<String>,
    cursor: Option<String>,
}

impl QueueQuery {
    /// Without a state those that are open; `all` for every state.
    fn filter(&self) -> Result<ReportFilter> {
        let state = match self.state.as_deref() {
            None | Some("") => Some(ReportState::Open),
            Some("all") => None,
            Some(text) => Some(parse("state", text)?),
        };
        let kind = self.kind.as_deref().filter(|text| !text.is_empty());
        let company = self.company.as_deref().filter(|text| !text.is_empty());
        Ok(ReportFilter {
            state,
            kind: kind.map(|text| parse("kind", text)).transpose()?,
            company: company.map(|text| parse("company", text)).transpose()?,
        })
    }
}

/// The address of the queue with these filters, ending in what a cursor can follow.
fn queue_path(filter: ReportFilter) -> String {
    let state = filter.state.map_or("all", ReportState::as_str);
    let mut path = format!("/moderation?state={state}");
    path.extend(filter.kind.map(|kind| format!("&kind={kind}")));
    path.extend(filter.company.map(|company| format!("&company={company}")));
    path
}

fn case_row(case: &Case, now: Time) -> CaseRow {
    CaseRow {
        id: case.report.id.to_string(),
        kind: case.report.kind.label(Language::English),
        label: case.target.label(),
        owner: case.owner.id.to_string(),
        owner_name: case.owner.fields.name.clone(),
        reporter: reporter(case),
        state: case.report.state.pill(),
        at: When::new(case.report.created_at, now),
    }
}

fn queue_page(app: &App, actor: &Actor, page: Page, query: QueueQuery) -> Result<QueuePage> {
    actor.as_moderator()?;
    let filter = query.filter()?;
    let path = queue_path(filter);
    let paging = ListParams { limit: Some(ROWS), cursor: query.cursor }.paging(app, &path, actor)?;
    let queue = actions::list_queue(app, actor, filter, paging)?;
    let now = app.clock.now();
    let state = |state: Option<ReportState>| FilterLink {
        href: queue_path(ReportFilter { state, ..filter }),
        label: state.map_or("all".to_owned(), |state| state.pill().label(Language::English).to_owned()),
        current: filter.state == state,
    };
    let kind = |kind: Option<ReportKind>| FilterLink {
        href: queue_path(ReportFilter { kind, ..filter }),
        label: kind.map_or(text(Language::English, "moderation-every-kind").to_owned(), |kind| {
            kind.label(Language::English).to_owned()
        }),
        current: filter.kind == kind,
    };
    Ok(QueuePage {
        page,
        states: ReportState::ALL.iter().map(|one| state(Some(*one))).chain([state(None)]).collect(),
        kinds: std::iter::once(kind(None)).chain(ReportKind::ALL.iter().map(|one| kind(Some(*one)))).collect(),
        rows: queue.cases.items.iter().map(|case| case_row(case, now)).collect(),
        pager: pager(app, &path, actor, &path, queue.cases.prev.as_ref(), queue.cases.next.as_ref())?,
        open: queue.open,
        oldest: queue.oldest.map(|oldest| When::new(oldest, now)),
    })
}

#[get("/moderation")]
async fn show_queue(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Query(query): Query<QueueQuery>,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(Language::English, "moderation-queue-page")).under(Section::Moderation);
    let view = run(&app, move |app| queue_page(app, &actor, page, query)).await?;
    html(&view)
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(show_queue);
}
