//! Noting what happens to accounts, with the request's id and the device.

use actix_web::web::Data;
use actix_web::{HttpMessage, HttpRequest};

use super::signing::user_agent;
use crate::accounts::events::{self, AuthEvent, NewHappened};
use crate::actor::Actor;
use crate::app::App;
use crate::ids::PersonId;
use crate::web::frame::RequestId;
use crate::web::run;

/// What happens now, by the actor.
pub(in crate::accounts) fn happening(http: &HttpRequest, actor: &Actor, event: AuthEvent) -> NewHappened {
    let request_id = http.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    NewHappened::by(actor, event, &user_agent(http), &request_id)
}

/// Notes what the actor has done. It is done: a fault in noting it is logged and changes nothing for them.
pub(in crate::accounts) async fn note(http: &HttpRequest, app: &Data<App>, actor: &Actor, event: AuthEvent) {
    note_all(app, happening(http, actor, event)).await;
}

/// Notes what somebody who is not signed in has done to an account; to nobody's where none was meant.
pub(super) async fn note_of(http: &HttpRequest, app: &Data<App>, whose: Option<PersonId>, event: AuthEvent) {
    note_all(app, NewHappened { person: whose, ..happening(http, &Actor::Anonymous, event) }).await;
}

/// Notes what was found out about by the handler itself.
pub(in crate::accounts) async fn note_all(app: &Data<App>, happened: NewHappened) {
    if let Err(problem) = run(app, move |app| events::note(app, &happened)).await {
        log::error!("what happened to an account could not be noted: {problem}");
    }
}
