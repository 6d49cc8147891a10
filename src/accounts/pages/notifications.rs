//! The page of notifications: what happened, by kind, and what is unread of it.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;

use crate::accounts::{Notification, NotificationFilter, actions};
use crate::app::App;
use crate::clock::Time;
use crate::error::{Problem, Result};
use crate::ids::NotificationId;
use crate::locale::{Language, text};
use crate::mail::NotificationKind;
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{ListParams, html, pager, see_other};
use crate::web::envelope::page_of;
use crate::web::input::{FormData, Query};
use crate::web::layout::{Page, Pager, Section, When};
use crate::web::run;

const LANGUAGE: Language = Language::English;
const ROWS: u32 = 25;

struct Row {
    id: String,
    kind: &'static str,
    title: String,
    times: u32,
    path: String,
    is_unread: bool,
    at: When,
}

impl Row {
    fn new(one: Notification, now: Time) -> Self {
        Self {
            id: one.id.to_string(),
            kind: one.kind.label(LANGUAGE),
            title: one.title,
            times: one.times,
            path: one.path,
            is_unread: one.read_at.is_none(),
            at: When::new(one.created_at, now),
        }
    }
}

/// A link to the notifications of one kind, or to all.
struct Tab {
    label: &'static str,
    href: String,
    current: bool,
}

#[derive(Template)]
#[template(path = "accounts/templates/notifications.html")]
struct NotificationsPage {
    page: Page,
    tabs: Vec<Tab>,
    only_unread: bool,
    toggle: String,
    kind: &'static str,
    rows: Vec<Row>,
    pager: Pager,
}

#[derive(Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
struct NotificationsQuery {
    unread: Option<String>,
    kind: Option<NotificationKind>,
    cursor: Option<String>,
}

impl NotificationsQuery {
    fn is_unread(&self) -> bool {
        self.unread.as_deref() == Some("yes")
    }
}

/// The address of a list.
fn path_of(unread: bool, kind: Option<NotificationKind>) -> String {
    let mut parts: Vec<String> = unread.then(|| "unread=yes".to_owned()).into_iter().collect();
    parts.extend(kind.map(|kind| format!("kind={kind}")));
    if parts.is_empty() { "/notifications".to_owned() } else { format!("/notifications?{}", parts.join("&")) }
}

fn tabs(unread: bool, chosen: Option<NotificationKind>) -> Vec<Tab> {
    let all = Tab {
        label: text(LANGUAGE, "accounts-notifications-all"),
        href: path_of(unread, None),
        current: chosen.is_none(),
    };
    let of = |kind: &NotificationKind| Tab {
        label: kind.label(LANGUAGE),
        href: path_of(unread, Some(*kind)),
        current: chosen == Some(*kind),
    };
    std::iter::once(all).chain(NotificationKind::ALL.iter().map(of)).collect()
}

#[get("/notifications")]
async fn notifications(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Query(query): Query<NotificationsQuery>,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(LANGUAGE, "accounts-notifications")).under(Section::Notifications);
    let view = run(&app, move |app| {
        let (unread, kind) = (query.is_unread(), query.kind);
        let path = path_of(unread, kind);
        let paging = ListParams { limit: Some(ROWS), cursor: query.cursor }.paging(app, &path, &actor)?;
        let slice = actions::list_notifications(app, &actor, NotificationFilter { unread, kind }, paging)?;
        let pager = pager(app, &path, &actor, &path, slice.prev.as_ref(), slice.next.as_ref())?;
        let now = app.clock.now();
        Ok(NotificationsPage {
            page,
            tabs: tabs(unread, kind),
            only_unread: unread,
            toggle: path_of(!unread, kind),
            kind: kind.map_or("", NotificationKind::as_str),
            rows: slice.items.into_iter().map(|one| Row::new(one, now)).collect(),
            pager,
        })
    })
    .await?;
    html(&view)
}

/// Marks one as read, or all of the list.
#[post("/notifications/read")]
async fn read_notifications(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    form: FormData,
) -> Result<HttpResponse> {
    let kind = form.text("kind").and_then(NotificationKind::parse);
    run(&app, move |app| {
        let one = form.text("id").map(str::parse::<NotificationId>).transpose();
        let one = one.map_err(|_| Problem::not_found("notification"))?;
        let ids = one.map(|id| vec![id]);
        actions::mark_notifications_read(app, &actor, ids.as_deref(), kind)
    })
    .await?;
    Ok(see_other(&path_of(false, kind)))
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(notifications).service(read_notifications);
}
