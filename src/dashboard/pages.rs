//! The page of the dashboard, which is the front page of everybody who is signed in.

use actix_web::guard::GuardContext;
use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;

use super::{MOST_TASKS, PendingRfq, Tasks, actions};
use crate::actor::Actor;
use crate::app::App;
use crate::clock::Time;
use crate::discovery::pages::rows::{Row, rebuilding};
use crate::discovery::queries::{self, Incomplete};
use crate::error::Result;
use crate::locale::{Language, Message, text};
use crate::search::Kind;
use crate::web::actor::{Identity, identity};
use crate::web::answer::html;
use crate::web::envelope::page_of;
use crate::web::layout::{Page, When};
use crate::web::run;

/// The latest open RFQs that are shown.
const OPEN_RFQS: usize = 8;
/// Tasks of one kind that are named; the rest is behind the link.
const NAMED: usize = 4;

/// One task: what it is about, where it is done, and a word beside it.
pub(super) struct TaskItem {
    pub title: String,
    pub href: String,
    pub beside: String,
    pub deadline: Option<When>,
}

/// Tasks of one kind.
pub(super) struct TaskGroup {
    /// How many: `3`, `100 or more`.
    pub count: String,
    /// What they are: "RFQs with new quotes".
    pub words: String,
    /// The list with all of them.
    pub href: &'static str,
    /// The first few.
    pub items: Vec<TaskItem>,
}

#[derive(Template)]
#[template(path = "dashboard/templates/dashboard.html")]
pub(super) struct DashboardPage {
    pub page: Page,
    pub groups: Vec<TaskGroup>,
    pub open_rfqs: Vec<Row>,
}

fn group<T>(tasks_of_kind: Message, href: &'static str, tasks: Vec<T>, item: impl FnMut(T) -> TaskItem) -> TaskGroup {
    let found = tasks.len();
    let most = usize::try_from(MOST_TASKS).unwrap_or(usize::MAX);
    let count = if found >= most {
        Message::new("dashboard-or-more").with("count", found).text(Language::English)
    } else {
        found.to_string()
    };
    let items = tasks.into_iter().take(NAMED).map(item).collect();
    TaskGroup { count, words: tasks_of_kind.with("count", found).text(Language::English), href, items }
}

fn rfq_item(rfq: PendingRfq, href: String, now: Time) -> TaskItem {
    let beside = match rfq.quotes {
        0 => String::new(),
        quotes => Message::new("dashboard-new-quotes").with("count", quotes).text(Language::English),
    };
    TaskItem { title: rfq.title, href, beside, deadline: rfq.deadline.map(|deadline| When::new(deadline, now)) }
}

fn named(title: String, href: String) -> TaskItem {
    TaskItem { title, href, beside: String::new(), deadline: None }
}

/// The tasks by kind; kinds without any are left out.
pub(super) fn groups(tasks: Tasks, now: Time) -> Vec<TaskGroup> {
    let to_quotes = |rfq: PendingRfq| {
        let href = format!("/desk/buying/rfqs/{}/quotes", rfq.id);
        rfq_item(rfq, href, now)
    };
    let to_rfq = |rfq: PendingRfq| {
        let href = format!("/rfqs/{}", rfq.id);
        rfq_item(rfq, href, now)
    };
    let to_draft = |rfq: PendingRfq| {
        let href = format!("/desk/buying/rfqs/{}/edit", rfq.id);
        rfq_item(rfq, href, now)
    };
    let partnership = |(id, name)| named(name, format!("/partnerships/{id}"));
    let record = |(id, name)| {
        named(
            Message::new("dashboard-shipment-with").with("name", name).text(Language::English),
            format!("/records/{id}"),
        )
    };
    let all = [
        group(Message::new("dashboard-task-quotes"), "/desk/buying", tasks.rfqs_with_new_quotes, to_quotes),
        group(Message::new("dashboard-task-invitations"), "/desk/selling", tasks.unseen_invitations, to_rfq),
        group(Message::new("dashboard-task-matches"), "/desk/selling", tasks.unseen_matches, to_rfq),
        group(Message::new("dashboard-task-partnerships"), "/partnerships", tasks.partnerships_to_confirm, partnership),
        group(Message::new("dashboard-task-shipments"), "/partnerships", tasks.records_to_confirm, record),
        group(Message::new("dashboard-task-disputes"), "/partnerships", tasks.records_to_correct, record),
        group(Message::new("dashboard-task-drafts"), "/desk/buying", tasks.drafts, to_draft),
    ];
    all.into_iter().filter(|group| !group.items.is_empty()).collect()
}

pub(super) fn dashboard_page(app: &App, mut page: Page, actor: &Actor) -> Result<DashboardPage> {
    page.notices.extend(rebuilding(Kind::Rfq, Incomplete::of(app, Kind::Rfq)));
    let now = app.clock.now();
    let (hits, _) = queries::latest_rfqs(app, OPEN_RFQS)?;
    let open_rfqs = hits.iter().map(|hit| Row::of_rfq(hit, now)).collect();
    Ok(DashboardPage { page, groups: groups(actions::tasks(app, actor)?, now), open_rfqs })
}

/// Whether the request is of somebody who is signed in: for all others `/` is the front page.
fn is_signed_in(context: &GuardContext<'_>) -> bool {
    context.req_data().get::<Identity>().is_some_and(|identity| identity.viewer.is_some())
}

// A guard and not a branch in one handler: the front page does no work for those who get the dashboard, and neither page knows the other.
#[get("/", guard = "is_signed_in")]
async fn dashboard(http: HttpRequest, app: Data<App>) -> Result<HttpResponse> {
    let page = page_of(&http, text(Language::English, "dashboard-dashboard"));
    let identity = identity(&http);
    html(&run(&app, move |app| dashboard_page(app, page, &identity.actor)).await?)
}

/// The routes; before those of the front page, which has the same address.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(dashboard);
}
