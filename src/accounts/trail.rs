//! Where a request comes from, and recording what it did in the audit trail.

use crate::accounts::actions::Origin;
use crate::accounts::actions::audit::record_audit_event;
use crate::accounts::audit::{AuditEvent, AuthEvent};
use crate::accounts::devices::KnownDevice;
use crate::actor::Actor;
use crate::app::App;
use crate::config::Config;
use crate::ids::UserId;
use crate::web::actor::client_address;
use crate::web::envelope::RequestId;
use crate::web::run;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpMessage, HttpRequest};

/// The origin of the request, which attempts at a password count for.
pub(in crate::accounts) fn origin_of(http: &HttpRequest, app: &App) -> Origin {
    Origin {
        user_agent: user_agent(http),
        network: client_address(http).network().to_string(),
        device: known_device(http, app),
    }
}

/// The name of the cookie by which a device is known.
pub(in crate::accounts) fn device_cookie_name(config: &Config) -> &'static str {
    if config.is_https() { "__Host-device" } else { "device" }
}

/// The device that the request comes from, where somebody signed in with it before.
pub(in crate::accounts) fn known_device(http: &HttpRequest, app: &App) -> Option<KnownDevice> {
    KnownDevice::read(app, http.cookie(device_cookie_name(&app.config))?.value())
}

pub(in crate::accounts) fn user_agent(http: &HttpRequest) -> String {
    let agent = http.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    agent.unwrap_or_default().to_owned()
}

/// The event that happens now, by the actor.
pub(in crate::accounts) fn audit_event(http: &HttpRequest, actor: &Actor, event: AuthEvent) -> AuditEvent {
    let request_id = http.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    AuditEvent::by(actor, event, &user_agent(http), &request_id)
}

/// Records what the actor has done.
pub async fn record(http: &HttpRequest, app: &Data<App>, actor: &Actor, event: AuthEvent) {
    record_event(app, audit_event(http, actor, event)).await;
}

/// Records what somebody who is not signed in has done to a user's account; to nobody's where the address has none.
pub(in crate::accounts) async fn record_for(
    http: &HttpRequest,
    app: &Data<App>,
    user: Option<UserId>,
    event: AuthEvent,
) {
    record_event(app, AuditEvent { person: user, ..audit_event(http, &Actor::Anonymous, event) }).await;
}

/// Records an event that the handler put together.
pub(in crate::accounts) async fn record_event(app: &Data<App>, event: AuditEvent) {
    // What was recorded is done already: a failure to record it must not be answered as if it had not been.
    if let Err(problem) = run(app, move |app| record_audit_event(app, &event)).await {
        log::error!("an event of the audit trail could not be recorded: {problem}");
    }
}
