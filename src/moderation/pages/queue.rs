//! The moderators' queue of reports.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;

use super::{ROWS, reporter};
use crate::actor::Actor;
use crate::app::App;
use crate::clock::Time;
use crate::error::Result;
use crate::moderation::actions::{self, Case};
use crate::moderation::rules::kind_words;
use crate::moderation::store::Wanted;
use crate::moderation::{ReportKind, ReportState};
use crate::web::actor::Who;
use crate::web::answer::{ListParams, html, pager};
use crate::web::frame::page_of;
use crate::web::input::{Query, parse};
use crate::web::layout::{Page, Pager, Section, When, state_words};
use crate::web::run;

struct CaseRow {
    id: String,
    kind: &'static str,
    called: String,
    owner: String,
    owner_name: String,
    reporter: String,
    state: &'static str,
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
    fn wanted(&self) -> Result<Wanted> {
        let state = match self.state.as_deref() {
            None | Some("") => Some(ReportState::Open),
            Some("all") => None,
            Some(text) => Some(parse("state", text)?),
        };
        let kind = self.kind.as_deref().filter(|text| !text.is_empty());
        let company = self.company.as_deref().filter(|text| !text.is_empty());
        Ok(Wanted {
            state,
            kind: kind.map(|text| parse("kind", text)).transpose()?,
            company: company.map(|text| parse("company", text)).transpose()?,
        })
    }
}

/// The address of the queue with these filters, ending in what a cursor can follow.
fn queue_path(wanted: Wanted) -> String {
    let state = wanted.state.map_or("all", ReportState::as_str);
    let mut path = format!("/moderation?state={state}");
    path.extend(wanted.kind.map(|kind| format!("&kind={kind}")));
    path.extend(wanted.company.map(|company| format!("&company={company}")));
    path
}

fn case_row(case: &Case, now: Time) -> CaseRow {
    CaseRow {
        id: case.report.id.to_string(),
        kind: kind_words(case.report.kind),
        called: case.subject.called(),
        owner: case.owner.id.to_string(),
        owner_name: case.owner.fields.name.clone(),
        reporter: reporter(case),
        state: case.report.state.as_str(),
        at: When::new(case.report.created_at, now),
    }
}

fn queue_page(app: &App, actor: &Actor, page: Page, query: QueueQuery) -> Result<QueuePage> {
    actor.moderates()?;
    let wanted = query.wanted()?;
    let path = queue_path(wanted);
    let paging = ListParams { limit: Some(ROWS), cursor: query.cursor }.paging(app, &path, actor)?;
    let queue = actions::list_queue(app, actor, wanted, paging)?;
    let now = app.clock.now();
    let state = |state: Option<ReportState>| FilterLink {
        href: queue_path(Wanted { state, ..wanted }),
        label: state.map_or("all".to_owned(), |state| state_words(state.as_str())),
        current: wanted.state == state,
    };
    let kind = |kind: Option<ReportKind>| FilterLink {
        href: queue_path(Wanted { kind, ..wanted }),
        label: kind.map_or("every kind".to_owned(), |kind| state_words(kind.as_str())),
        current: wanted.kind == kind,
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
    Who(actor): Who,
    Query(query): Query<QueueQuery>,
) -> Result<HttpResponse> {
    let page = page_of(&http, "Reports").under(Section::Moderation);
    let view = run(&app, move |app| queue_page(app, &actor, page, query)).await?;
    html(&view)
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(show_queue);
}
