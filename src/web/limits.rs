//! Rate limits: so many requests a minute for an API key, fewer for an address without one, few for signing in.
//!
//! The state lives in the process (a limit protects this node); answers tell how much is left (`RateLimit-Policy`, `RateLimit`
//! of the IETF draft), a refusal says when to come back.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage};
use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use super::actor::{Identity, client_address, is_api};
use crate::actor::Actor;
use crate::config;
use crate::error::{Code, Problem};

type Limiter<K> = RateLimiter<K, DashMapStateStore<K>, DefaultClock, StateInformationMiddleware>;

/// The limiters of this process; a limit of 0 is none.
pub struct Limits {
    keys: Option<(u32, Limiter<i64>)>,
    addresses: Option<(u32, Limiter<IpAddr>)>,
    sign_ins: Option<(u32, Limiter<IpAddr>)>,
}

impl Limits {
    /// The limiters that the configuration asks for.
    pub fn new(limits: &config::Limits) -> Self {
        let on = |per_minute: u32| if limits.enabled { per_minute } else { 0 };
        Self {
            keys: limiter(on(limits.per_key_minute)),
            addresses: limiter(on(limits.per_address_minute)),
            sign_ins: limiter(on(limits.sign_in_minute)),
        }
    }

    /// Counts a request and answers (limit, what is left), or after how many seconds to come back.
    fn count(&self, request: &ServiceRequest) -> Result<Option<(u32, u32)>, u64> {
        let address = client_address(request.request()).network();
        if is_sign_in(request) {
            check(self.sign_ins.as_ref(), &address)?;
        }
        match request.extensions().get::<Identity>().map(|identity| &identity.actor) {
            Some(Actor::Key { key, .. }) => check(self.keys.as_ref(), &key.0),
            Some(Actor::Member { person, .. }) => check(self.keys.as_ref(), &person.0),
            _ => check(self.addresses.as_ref(), &address),
        }
    }
}

fn limiter<K: std::hash::Hash + Eq + Clone>(per_minute: u32) -> Option<(u32, Limiter<K>)> {
    let quota = Quota::per_minute(NonZeroU32::new(per_minute)?);
    Some((per_minute, RateLimiter::dashmap(quota).with_middleware()))
}

fn check<K: std::hash::Hash + Eq + Clone>(
    limiter: Option<&(u32, Limiter<K>)>,
    key: &K,
) -> Result<Option<(u32, u32)>, u64> {
    let Some((limit, limiter)) = limiter else { return Ok(None) };
    match limiter.check_key(key) {
        Ok(snapshot) => Ok(Some((*limit, snapshot.remaining_burst_capacity()))),
        Err(refused) => Err(refused.wait_time_from(DefaultClock::default().now()).as_secs() + 1),
    }
}

fn is_sign_in(request: &ServiceRequest) -> bool {
    !request.method().is_safe()
        && matches!(request.path(), "/sign-in" | "/sign-in/code" | "/sign-up" | "/forgotten-password")
}

/// The middleware. Assets and health checks are not counted.
pub async fn limit<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let path = request.path();
    let free = path.starts_with("/assets/") || path == "/livez" || path == "/readyz";
    let counted = match request.app_data::<Data<Limits>>() {
        Some(limits) if !free => limits.count(&request),
        _ => Ok(None),
    };
    let api = is_api(path);
    match counted {
        Err(seconds) => {
            let mut problem =
                Problem::new(Code::TooManyRequests, format!("Too many requests; try again in {seconds} s."));
            problem.retry_after_s = Some(seconds);
            Err(problem.into())
        }
        Ok(left) => {
            let mut answer = next.call(request).await?;
            if let Some((limit, left)) = left.filter(|_| api) {
                add_headers(&mut answer, limit, left);
            }
            Ok(answer)
        }
    }
}

fn add_headers<B>(answer: &mut ServiceResponse<B>, limit: u32, left: u32) {
    let window = Duration::from_secs(60).as_secs();
    let pairs = [
        ("ratelimit-policy", format!("\"default\";q={limit};w={window}")),
        ("ratelimit", format!("\"default\";r={left};t={window}")),
    ];
    for (name, value) in pairs {
        if let Ok(value) = HeaderValue::from_str(&value) {
            answer.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
}
