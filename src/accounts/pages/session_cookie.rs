//! The cookies of somebody who signed in: the session's, and the one by which their device is known afterwards.

use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use crate::accounts::audit::{AuditEvent, AuthEvent};
use crate::accounts::devices::KnownDevice;
use crate::accounts::rules::DEVICE_TTL;
use crate::accounts::sessions::{self, NewSession};
use crate::accounts::trail::{audit_event, device_cookie_name, known_device, record_event};
use crate::actor::Actor;
use crate::app::App;
use crate::config::Config;
use crate::ids::UserId;
use crate::web::actor::cookie_name;
use crate::web::answer::see_other;
use crate::web::redirect::{local_target, next_of_query, next_query};
use crate::web::run;

/// So long it is kept where somebody who joins wanted to go, in seconds: until the confirmation has been read, at leisure.
const DESTINATION_S: i64 = 24 * 3_600;

/// The answer to a sign-in that succeeded: on to `next`, a path of this site.
pub(super) async fn signed_in(
    http: &HttpRequest,
    app: &Data<App>,
    before: Actor,
    next: &str,
    session: &NewSession,
) -> HttpResponse {
    let event = AuditEvent { person: Some(session.person), ..audit_event(http, &before, AuthEvent::SignedIn) };
    record_event(app, event).await;
    // A session that was open in this browser before is not left behind: its cookie is overwritten, so nobody could end it here.
    if let Err(problem) = run(app, move |app| sessions::sign_out(app, &before)).await {
        log::error!("a session was not ended by the one after it: {problem}");
    }
    let remembered = http.cookie(destination_cookie_name(&app.config)).map(|cookie| next_of_query(cookie.value()));
    // What was asked for now goes before what was asked for when joining.
    let next = match &remembered {
        Some(remembered) if next == "/" => local_target(&app.config.server.public_url, remembered),
        _ => next.to_owned(),
    };
    let mut answer = see_other(&next);
    if remembered.is_some() {
        answer = with_destination(app, answer, "/");
    }
    with_device(http, app, with_session(app, answer, session), session.person)
}

/// The answer with the cookie that keeps where somebody who joins wanted to go, until they first sign in; `/` forgets it.
pub(super) fn with_destination(app: &App, mut answer: HttpResponse, next: &str) -> HttpResponse {
    // As a query: an address may hold what would end a cookie's value.
    let mut wanted = cookie(app, destination_cookie_name(&app.config), &next_query(next), DESTINATION_S);
    if next == "/" {
        wanted.make_removal();
    }
    add_cookie(&mut answer, &wanted);
    answer
}

fn destination_cookie_name(config: &Config) -> &'static str {
    if config.is_https() { "__Host-destination" } else { "destination" }
}

/// The answer with the cookie by which the device is known as one of the user's from now on.
pub(super) fn with_device(http: &HttpRequest, app: &App, mut answer: HttpResponse, user: UserId) -> HttpResponse {
    let device = KnownDevice::with_user(known_device(http, app).as_ref(), app, user);
    add_cookie(&mut answer, &cookie(app, device_cookie_name(&app.config), &device.sign(app), DEVICE_TTL.num_seconds()));
    answer
}

/// The answer with the cookie of a session that was just opened.
pub(super) fn with_session(app: &App, mut answer: HttpResponse, session: &NewSession) -> HttpResponse {
    add_cookie(&mut answer, &session_cookie(app, &session.secret, session.max_age_s));
    answer
}

/// The answer that removes the cookie.
pub(super) fn without_session(app: &App, mut answer: HttpResponse) -> HttpResponse {
    let mut cookie = session_cookie(app, "", 0);
    cookie.make_removal();
    add_cookie(&mut answer, &cookie);
    answer
}

fn session_cookie<'c>(app: &App, secret: &str, max_age_s: i64) -> Cookie<'c> {
    cookie(app, cookie_name(&app.config), secret, max_age_s)
}

fn cookie<'c>(app: &App, name: &'static str, value: &str, max_age_s: i64) -> Cookie<'c> {
    Cookie::build(name, value.to_owned())
        .path("/")
        .http_only(true)
        .secure(app.config.is_https())
        // Lax and not Strict: a link from an e-mail has to find its reader signed in.
        .same_site(SameSite::Lax)
        .max_age(Duration::seconds(max_age_s))
        .finish()
}

fn add_cookie(answer: &mut HttpResponse, cookie: &Cookie) {
    if let Err(error) = answer.add_cookie(cookie) {
        log::error!("the cookie {} cannot be set: {error}", cookie.name());
    }
}
