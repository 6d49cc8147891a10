//! REST of the event feed, and the wait for its next event.

use std::pin::pin;
use std::time::{Duration, Instant};

use actix_web::rt::time::timeout;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::EventView;
use super::actions::{self, After, Events};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::error::{FieldCode, Problem, Result};
use crate::ids::EventId;
use crate::locale::{Language, Message};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::limit_of;
use crate::web::input::{Query, parse};
use crate::web::{closed, run};

/// The longest wait, in seconds.
// Proxies cut a silent request off after 30 or 60.
const MOST_WAIT_S: u32 = 25;
/// How often a waiting request looks by itself: what another process committed wakes nobody here.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Where to go on, and whether to wait.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EventParams {
    /// The id of the last event that was read (`next_after` of the last answer), or `latest` to begin with what happens from now on. Without it
    /// the feed begins with the oldest event that is kept.
    pub after: Option<String>,
    /// How many events, 1 to 100; 25 without it.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// When there is no event yet, how many seconds to wait for one, 0 to 25; 0 without it.
    #[param(minimum = 0, maximum = 25)]
    pub wait: Option<u32>,
}

impl EventParams {
    fn after(&self) -> Result<After> {
        match self.after.as_deref() {
            None => Ok(After::Start),
            Some("latest") => Ok(After::Latest),
            Some(text) => parse::<EventId>("after", text).map(After::Event),
        }
    }

    fn wait(&self) -> Result<Duration> {
        match self.wait.unwrap_or(0) {
            seconds @ 0..=MOST_WAIT_S => Ok(Duration::from_secs(seconds.into())),
            _ => {
                let message = Message::new("events-wait").with("most", MOST_WAIT_S).text(Language::English);
                Err(Problem::invalid_field("/wait", FieldCode::Range, message))
            }
        }
    }
}

/// The next events of the company.
#[derive(Serialize, ToSchema)]
pub struct EventPage {
    /// In the order in which they happened.
    pub data: Vec<EventView>,
    /// Whether there are more after these.
    pub has_more: bool,
    /// Send it as `after` for what comes next; null while there is no event at all.
    pub next_after: Option<EventId>,
}

impl From<Events> for EventPage {
    fn from(page: Events) -> Self {
        let data = page.events.into_iter().map(EventView::from).collect();
        Self { data, has_more: page.has_more, next_after: page.next }
    }
}

/// What happened to the company's listings, RFQs, matches, quotes, partnerships and records in the last 30 days, in order: an event that
/// comes later never stands before one that was read. Needs `events:read`. Thin: ids, states, names of changed fields. With `wait` the answer
/// comes as soon as there is an event. 410 `gone` when `after` is older than what is kept: read the resources themselves, then go on
/// from `latest`.
#[utoipa::path(tag = "events", params(EventParams), responses((status = 200, body = EventPage), (status = 410)), security(("api_key" = ["events:read"])))]
#[get("/events")]
async fn list_events(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Query(params): Query<EventParams>,
) -> Result<HttpResponse> {
    let company = actor.authorize(Permission::EventsRead)?.company();
    let (after, limit, wait) = (params.after()?, limit_of(params.limit)?, params.wait()?);
    let until = Instant::now() + wait;
    let subscription = if wait.is_zero() { None } else { app.db.event_signal().subscribe(company.0) };
    let mut gone = pin!(closed(&http));
    loop {
        // Before the look: an event that is committed right after it still ends the wait.
        let next = subscription.as_ref().map(|subscription| subscription.next());
        let mut next = pin!(next);
        if let Some(next) = next.as_mut().as_pin_mut() {
            next.enable();
        }
        let page = look(&app, actor.clone(), after, limit).await?;
        let left = until.saturating_duration_since(Instant::now());
        let is_over = !page.events.is_empty() || left.is_zero() || after == After::Latest || app.notify.is_stopped();
        let Some(next) = next.as_mut().as_pin_mut().filter(|_| !is_over) else {
            return Ok(HttpResponse::Ok().json(EventPage::from(page)));
        };
        // Nothing is held meanwhile: no connection of the database and no thread.
        let woken = futures_util::future::select(next, gone.as_mut());
        if let Ok(futures_util::future::Either::Right(_)) = timeout(left.min(LOOK_EVERY), woken).await {
            return Ok(HttpResponse::Ok().json(EventPage::from(page)));
        }
    }
}

async fn look(app: &Data<App>, actor: Actor, after: After, limit: i64) -> Result<Events> {
    run(app, move |app| actions::list(app, &actor, after, limit)).await
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_events);
}
