//! Who sent the request: the credentials it carries, the `Actor` that `accounts` made of them, and the address it comes from.

use std::future::{Ready, ready};
use std::net::IpAddr;

use actix_web::dev::{Payload, ServiceRequest};
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use crate::actor::Actor;
use crate::address::ClientAddress;
use crate::app::App;
use crate::config::Config;
use crate::error::Problem;
use crate::web::layout::Viewer;

/// What a request shows for itself, unchecked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credentials {
    /// Nothing.
    None,
    /// `Authorization: Bearer ...`; the only kind that the API takes.
    Bearer(String),
    /// The session cookie; the only kind that the site takes.
    Cookie(String),
}

/// The checked sender of the request; put into the request by the identifying middleware.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Who acts.
    pub actor: Actor,
    /// The names for the page's layout, of a signed-in person.
    pub viewer: Option<Viewer>,
    /// The form token of the session; empty without one.
    pub csrf: String,
}

/// Why the credentials of the request were refused; it is answered where requests are counted, so that guessing has its price.
#[derive(Clone, Debug)]
pub struct Refused(pub Problem);

impl Identity {
    /// Nobody in particular.
    pub fn anonymous() -> Self {
        Self { actor: Actor::Anonymous, viewer: None, csrf: String::new() }
    }
}

/// The name of the session cookie: bound to the host where the site is https.
pub fn cookie_name(config: &Config) -> &'static str {
    if config.is_https() { "__Host-sid" } else { "sid" }
}

/// Whether the path belongs to the API, where cookies mean nothing and every error is problem+json.
pub fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

/// The credentials of the request, of the kind that its path takes.
pub fn credentials(request: &ServiceRequest, config: &Config) -> Credentials {
    if !is_api(request.path()) {
        // A bearer key means nothing to the site: pages are for sessions, whose forms carry a token.
        let cookie = request.cookie(cookie_name(config));
        return cookie.map_or(Credentials::None, |cookie| Credentials::Cookie(cookie.value().to_owned()));
    }
    let bearer = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    match bearer.and_then(|value| value.split_once(' ')) {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Credentials::Bearer(token.trim().to_owned()),
        // Another scheme is an attempt to sign in that cannot succeed, not an anonymous request.
        _ if bearer.is_some() => Credentials::Bearer(String::new()),
        _ => Credentials::None,
    }
}

/// The actor of the request, for handlers.
#[derive(Clone, Debug)]
pub struct AuthenticatedActor(pub Actor);

impl FromRequest for AuthenticatedActor {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(identity(request).actor)))
    }
}

impl FromRequest for Identity {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(identity(request)))
    }
}

/// The identity that the middleware put into the request.
pub fn identity(request: &HttpRequest) -> Identity {
    request.extensions().get::<Identity>().cloned().unwrap_or_else(Identity::anonymous)
}

/// Where the request comes from, through trusted proxies only: the one answer to this question, for limits and for records.
pub fn client_address(request: &HttpRequest) -> ClientAddress {
    // Only a request that a unit test made has no peer.
    let peer = request.peer_addr().map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.ip());
    let Some(app) = request.app_data::<Data<App>>() else { return ClientAddress::new(peer) };
    let forwarded: Vec<&str> =
        request.headers().get_all("x-forwarded-for").map(|value| value.to_str().unwrap_or_default()).collect();
    app.config.server.trusted_proxies.client_of(peer, forwarded.into_iter())
}

impl FromRequest for ClientAddress {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(client_address(request)))
    }
}
