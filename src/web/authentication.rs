//! The middleware that finds out who is asking: the credentials of a request become its [`Identity`].

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage};

use super::actor::{Credentials, Identity, Refused, credentials, is_api};
use super::cors::{self, Listed};
use super::envelope::RequestId;
use super::layout::Viewer;
use super::run;
use crate::accounts::actions;
use crate::accounts::audit::{AuditEvent, AuthEvent, log_event};
use crate::accounts::authentication::{SignedIn, authenticate_key, authenticate_session};
use crate::actor::Actor;
use crate::app::App;
use crate::error::Result;
use crate::messages;

/// The middleware.
pub async fn authenticate<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> std::result::Result<ServiceResponse<B>, Error> {
    let Some(app) = request.app_data::<Data<App>>().cloned() else { return next.call(request).await };
    let identity = identify(&app, &request).await?;
    if let Some(origin) = find_listed(&app, &request, &identity.actor).await? {
        request.extensions_mut().insert(origin);
    }
    let refused = AuditEvent::by(&identity.actor, AuthEvent::Refused, "", &request_id(&request));
    request.extensions_mut().insert(identity);
    let answer = next.call(request).await;
    let status = match &answer {
        Ok(answer) => answer.status(),
        Err(error) => error.as_response_error().status_code(),
    };
    if status == StatusCode::FORBIDDEN {
        log_event(&refused);
    }
    answer
}

async fn identify(app: &Data<App>, request: &ServiceRequest) -> Result<Identity> {
    match credentials(request, &app.config) {
        Credentials::None => Ok(Identity::anonymous()),
        Credentials::Bearer(token) => {
            let actor = run(app, move |app| authenticate_key(app, &token)).await;
            // A key that is not valid is answered where requests are counted: guessing keys has to cost as much as reading pages.
            let actor = actor.unwrap_or_else(|problem| {
                request.extensions_mut().insert(Refused(problem));
                Actor::Anonymous
            });
            Ok(Identity { actor, viewer: None, csrf: String::new() })
        }
        Credentials::Cookie(secret) => {
            let shows_header = shows_header(request.path());
            let found = run(app, move |app| {
                let Some(found) = authenticate_session(app, &secret)? else { return Ok(None) };
                let unread = if shows_header { count_unread(app, &found.actor) } else { Unread::default() };
                Ok(Some((found, unread)))
            });
            Ok(found.await?.map_or_else(Identity::anonymous, |(found, unread)| identity_of(found, unread)))
        }
    }
}

/// The numbers in the header.
#[derive(Clone, Copy, Default)]
struct Unread {
    conversations: usize,
    notifications: usize,
}

/// Whether the answer is a page, whose header says how much is unread.
fn shows_header(path: &str) -> bool {
    !is_api(path) && !path.starts_with("/assets/") && path != "/search/suggest"
}

/// A page is worth more than the number in its header: where that cannot be read there is none.
fn count_unread(app: &App, actor: &Actor) -> Unread {
    let Actor::Member { user, company, .. } = actor else { return Unread::default() };
    let or_none = |counted: Result<usize>| {
        counted.unwrap_or_else(|problem| {
            log::warn!("what is unread could not be counted: {problem}");
            0
        })
    };
    Unread {
        conversations: or_none(messages::queries::count_unread(app, *company, *user)),
        notifications: or_none(actions::count_unread_of(app, *company, *user)),
    }
}

fn identity_of(signed_in: SignedIn, unread: Unread) -> Identity {
    let viewer = Viewer {
        person_name: signed_in.person_name,
        company_name: signed_in.company_name,
        moderator: signed_in.actor.is_moderator(),
        suspended: signed_in.actor.is_suspended(),
        confirmed: signed_in.confirmed,
        unread: unread.conversations,
        notifications: unread.notifications,
    };
    Identity { actor: signed_in.actor, viewer: Some(viewer), csrf: signed_in.csrf }
}

fn request_id(request: &ServiceRequest) -> String {
    request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default()
}

/// The origin that the request comes from, where the key lists it whose request this is or is to be.
async fn find_listed(app: &Data<App>, request: &ServiceRequest, actor: &Actor) -> Result<Option<Listed>> {
    let key = match actor {
        Actor::Key { key, .. } => Some(*key),
        _ if cors::is_preflight(request) => None,
        _ => return Ok(None),
    };
    let Some(origin) = cors::origin(request) else { return Ok(None) };
    let asked = origin.clone();
    let listed = run(app, move |app| actions::is_origin_listed(app, key, &asked)).await?;
    Ok(listed.then_some(Listed(origin)))
}
