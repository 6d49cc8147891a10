//! REST of notifications: what a person is shown of what happened.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::accounts::{NotificationFilter, actions};
use crate::app::App;
use crate::error::{FieldCode, Problem, Result};
use crate::ids::NotificationId;
use crate::locale::{Language, text};
use crate::mail::NotificationKind;
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{ListParams, Page};
use crate::web::input::{Input, Json, Query};
use crate::web::paged::paged;
use crate::web::run;

/// Something that happened, as a person is shown it on the site.
#[derive(Serialize, ToSchema)]
pub struct Notification {
    /// The id.
    pub id: NotificationId,
    /// What it is about.
    pub kind: NotificationKind,
    /// What happened, in a line; as the subject of the e-mail about it.
    pub title: String,
    /// The path of its page on the site.
    pub path: String,
    /// How often the like happened since the person read of it.
    pub times: u32,
    /// When it happened last.
    pub created_at: DateTime<Utc>,
    /// When the person read it; null while it is unread.
    pub read_at: Option<DateTime<Utc>>,
}

impl From<crate::accounts::Notification> for Notification {
    fn from(one: crate::accounts::Notification) -> Self {
        Self {
            id: one.id,
            kind: one.kind,
            title: one.title,
            path: one.path,
            times: one.times,
            created_at: one.created_at,
            read_at: one.read_at,
        }
    }
}

/// The parameters of the list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct NotificationParams {
    /// Only those that are unread.
    pub unread: Option<bool>,
    /// Only those of the kind.
    pub kind: Option<NotificationKind>,
    /// How many items, 1 to 100; 25 without it.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// A cursor of an earlier answer.
    pub cursor: Option<String>,
}

/// Which notifications were read: some by their ids, or all.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ReadNotifications {
    /// These, up to 100.
    #[schema(max_items = 100)]
    pub ids: Vec<NotificationId>,
    /// Or all.
    pub all: bool,
    /// With `all`: all of the kind.
    pub kind: Option<NotificationKind>,
}

impl Input for ReadNotifications {}

impl ReadNotifications {
    fn check(&self) -> Result<()> {
        let wrong = |code, key| Err(Problem::invalid_field("/ids", code, text(Language::English, key)));
        match (self.ids.len(), self.all) {
            (0, false) => wrong(FieldCode::Required, "accounts-read-what"),
            (1.., true) => wrong(FieldCode::Contradiction, "accounts-read-what"),
            (101.., _) => wrong(FieldCode::Range, "accounts-read-many"),
            _ => Ok(()),
        }
    }
}

/// What is unread.
#[derive(Serialize, ToSchema)]
pub struct UnreadNotifications {
    /// How many notifications, counted up to 100.
    pub unread: usize,
}

/// What happened to the company, for the person whom the key acts for: the one who made it, or else the company's owner of the longest
/// standing. Newest first, for 90 days.
#[utoipa::path(tag = "account", params(NotificationParams), responses((status = 200, body = Page<Notification>)), security(("api_key" = ["account:read"])))]
#[get("/notifications")]
async fn list_notifications(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Query(params): Query<NotificationParams>,
) -> Result<HttpResponse> {
    let NotificationParams { unread, kind, limit, cursor } = params;
    let unread = unread.unwrap_or_default();
    let list = format!("notifications {unread} {}", kind.map_or("", NotificationKind::as_str));
    paged(&http, &app, list, actor, ListParams { limit, cursor }, move |app, actor, paging| {
        let filter = NotificationFilter { unread, kind };
        Ok(actions::list_notifications(app, actor, filter, paging)?.map(Notification::from))
    })
    .await
}

/// How many notifications are unread: cheap enough to ask every 30 seconds.
#[utoipa::path(tag = "account", responses((status = 200, body = UnreadNotifications)), security(("api_key" = ["account:read"])))]
#[get("/notifications/unread")]
async fn count_notifications(app: Data<App>, AuthenticatedActor(actor): AuthenticatedActor) -> Result<HttpResponse> {
    let unread = run(&app, move |app| actions::count_unread_notifications(app, &actor)).await?;
    Ok(HttpResponse::Ok().json(UnreadNotifications { unread }))
}

/// Marks notifications as read; answers how many are unread still. Ids that are none of the person's are passed over.
#[utoipa::path(tag = "account", request_body = ReadNotifications, responses((status = 200, body = UnreadNotifications), (status = 422)), security(("api_key" = ["account:read"])))]
#[post("/notifications/read")]
async fn read_notifications(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Json(read): Json<ReadNotifications>,
) -> Result<HttpResponse> {
    let unread = run(&app, move |app| {
        // Before the body is judged: whoever may not do it learns that first.
        actions::count_unread_notifications(app, &actor)?;
        read.check()?;
        let ids = (!read.all).then_some(read.ids.as_slice());
        actions::mark_notifications_read(app, &actor, ids, read.kind)?;
        actions::count_unread_notifications(app, &actor)
    })
    .await?;
    Ok(HttpResponse::Ok().json(UnreadNotifications { unread }))
}

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_notifications).service(count_notifications).service(read_notifications);
}
