//! Rate limits: so many requests a minute for an API key or a signed-in person, fewer for an address without one, few for signing in. Whoever
//! is known counts for the company as well, with all its keys and people together, and for the address: a hundred keys are no hundred limits.
//! A request counts for what it [costs](super::costs), and a change also among those of the company's day.
//!
//! The state lives in the process (a limit protects this node); answers tell how much is left (`RateLimit-Policy`, `RateLimit`
//! of the IETF draft), a refusal says when to come back. A key that is not valid counts for the address that sends it, so that
//! keys cannot be guessed any faster than pages are read.

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage, HttpRequest, ResponseError};
use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use super::actor::{Identity, Refused, client_address, is_api};
use super::costs::{self, Bound, Cost};
use super::docs::Published;
use crate::actor::Actor;
use crate::config;
use crate::error::{Code, Problem};
use crate::locale::{Language, Message, text};

/// A count is a minute's, unless it is a day's.
const WINDOW_S: u32 = 60;
const DAY_S: u32 = 86_400;
/// A request counts once, and what costs more as often as it costs.
const ONCE: NonZeroU32 = NonZeroU32::MIN;
/// After so many counts, those that are full again are forgotten.
const CLEANUP_AFTER: u32 = 10_000;

/// The limiters of this process; a limit of 0 is none.
pub struct Limits {
    keys: Option<Counter<i64>>,
    companies: Option<Counter<i64>>,
    changes: Option<Counter<i64>>,
    /// In thousands of pixels.
    pixels: Option<Counter<i64>>,
    callers_of_address: Option<Counter<IpAddr>>,
    addresses: Option<Counter<IpAddr>>,
    sign_ins: Option<Counter<IpAddr>>,
    health: Option<Counter<IpAddr>>,
}

/// What a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Counted {
    /// Requests of a minute.
    Requests,
    /// A company's changes of a day.
    Changes,
    /// A company's pixels of a minute, in thousands.
    Pixels,
}

impl Counted {
    /// The name of its policy in the headers.
    fn policy(self) -> &'static str {
        match self {
            Self::Requests => "default",
            Self::Changes => "changes",
            Self::Pixels => "pixels",
        }
    }

    /// In seconds.
    fn window_s(self) -> u32 {
        match self {
            Self::Requests | Self::Pixels => WINDOW_S,
            Self::Changes => DAY_S,
        }
    }

    /// Why more is refused, and what helps.
    fn refused(self, wait_s: u64) -> String {
        let message = match self {
            Self::Requests => Message::new("errors-too-many").with("seconds", wait_s.to_string()),
            Self::Changes => Message::new("errors-too-many-today").with("minutes", wait_s.div_ceil(60)),
            Self::Pixels => Message::new("errors-too-many-pixels").with("seconds", wait_s.to_string()),
        };
        message.text(Language::English)
    }
}

/// One limit for each of many.
struct Counter<K: Hash + Eq + Clone> {
    most: u32,
    of: Counted,
    limiter: RateLimiter<K, DashMapStateStore<K>, DefaultClock, StateInformationMiddleware>,
    counted: AtomicU32,
}

/// What a request has left after it was counted.
#[derive(Clone, Copy, Debug)]
struct RateLimitState {
    most: u32,
    of: Counted,
    left: u32,
    /// After how many seconds a refused request may come back; `None` where it was let through.
    wait_s: Option<u64>,
}

impl Limits {
    /// The limiters that the configuration asks for.
    pub fn new(limits: &config::Limits) -> Self {
        let on = |per_minute: u32| if limits.enabled { per_minute } else { 0 };
        Self {
            keys: Counter::new(on(limits.per_key_minute)),
            companies: Counter::new(on(limits.per_company_minute)),
            changes: Counter::of(Counted::Changes, on(limits.changes_per_company_day)),
            pixels: Counter::of(Counted::Pixels, on(limits.megapixels_per_minute).saturating_mul(1_000)),
            callers_of_address: Counter::new(on(limits.callers_per_address_minute)),
            addresses: Counter::new(on(limits.per_address_minute)),
            sign_ins: Counter::new(on(limits.sign_in_minute)),
            health: Counter::new(on(limits.health_minute)),
        }
    }

    fn count(&self, request: &ServiceRequest) -> Option<RateLimitState> {
        // The network, for the same reason as connections: an IPv6 subscriber has addresses without end.
        let address = client_address(request.request()).network();
        if request.path() == "/readyz" {
            return count(self.health.as_ref(), &address, ONCE);
        }
        let cost = costs::of(request.method(), request.match_pattern().as_deref());
        // Signing in counts twice, here and as any request below: forms that are sent in turn must not share out the limit.
        let is_sign_in = cost.bound == Bound::SignIns;
        let refused = is_sign_in.then(|| count(self.sign_ins.as_ref(), &address, ONCE)).flatten();
        if refused.is_some_and(|state| state.wait_s.is_some()) {
            return refused;
        }
        let http = request.request();
        let state = self.count_actor(http, &address, cost);
        let is_free = matches!(cost.bound, Bound::Reads | Bound::Endings | Bound::Passwords | Bound::SignIns);
        let is_change = !request.method().is_safe() && !is_free;
        if !is_change || state.is_some_and(|state| state.wait_s.is_some()) {
            return state;
        }
        let refused = self.count_change(http, cost).filter(|change| change.wait_s.is_some());
        refused.or(state)
    }

    fn count_change(&self, http: &HttpRequest, cost: Cost) -> Option<RateLimitState> {
        let extensions = http.extensions();
        let actor = &extensions.get::<Identity>()?.actor;
        count(self.changes.as_ref(), &actor.company()?.0, times(cost.for_actor(actor)))
    }

    /// Counts `more` for whoever the request was counted for.
    fn charge(&self, http: &HttpRequest, more: NonZeroU32) -> Option<RateLimitState> {
        let address = client_address(http).network();
        self.count_actor(http, &address, Cost { weight: more.get(), bound: Bound::Searches })
    }

    fn count_actor(&self, http: &HttpRequest, address: &IpAddr, cost: Cost) -> Option<RateLimitState> {
        let extensions = http.extensions();
        let actor = extensions.get::<Identity>().map_or(&Actor::Anonymous, |identity| &identity.actor);
        let times = times(cost.for_actor(actor));
        match actor {
            Actor::Key { key, company, .. } => self.count_caller(key.0, company.0, address, times),
            // Ids of keys and users come from one sequence, so the two never share a count.
            Actor::Member { user, company, .. } => self.count_caller(user.0, company.0, address, times),
            _ => count(self.addresses.as_ref(), address, times),
        }
    }

    /// What the caller itself has left, unless the company or the address has nothing left.
    fn count_caller(&self, caller: i64, company: i64, address: &IpAddr, times: NonZeroU32) -> Option<RateLimitState> {
        let is_refused = |state: &RateLimitState| state.wait_s.is_some();
        let own = count(self.keys.as_ref(), &caller, times);
        if own.as_ref().is_some_and(is_refused) {
            return own;
        }
        let company = count(self.companies.as_ref(), &company, times).filter(is_refused);
        let refused = company.or_else(|| count(self.callers_of_address.as_ref(), address, times).filter(is_refused));
        refused.or(own)
    }
}

impl<K: Hash + Eq + Clone> Counter<K> {
    fn new(per_minute: u32) -> Option<Self> {
        Self::of(Counted::Requests, per_minute)
    }

    /// So many within the time of what is counted; none for 0.
    fn of(of: Counted, most: u32) -> Option<Self> {
        let burst = NonZeroU32::new(most)?;
        let one = Duration::from_secs(u64::from(of.window_s())) / most;
        let limiter = RateLimiter::dashmap(Quota::with_period(one)?.allow_burst(burst)).with_middleware();
        Some(Self { most, of, limiter, counted: AtomicU32::new(0) })
    }

    fn count(&self, key: &K, times: NonZeroU32) -> RateLimitState {
        if self.counted.fetch_add(1, Ordering::Relaxed) % CLEANUP_AFTER == CLEANUP_AFTER - 1 {
            // The limiter forgets nothing by itself: a scan from many addresses would fill the memory.
            self.limiter.retain_recent();
        }
        let (left, wait_s) = match self.limiter.check_key_n(key, times) {
            Ok(Ok(snapshot)) => (snapshot.remaining_burst_capacity(), None),
            Ok(Err(refused)) => (0, Some(refused.wait_time_from(DefaultClock::default().now()).as_secs() + 1)),
            // It costs more than a minute holds, so it never passes; all the same a minute is what there is to say.
            Err(_) => (0, Some(u64::from(self.of.window_s()))),
        };
        RateLimitState { most: self.most, of: self.of, left, wait_s }
    }
}

fn count<K: Hash + Eq + Clone>(counter: Option<&Counter<K>>, key: &K, times: NonZeroU32) -> Option<RateLimitState> {
    counter.map(|counter| counter.count(key, times))
}

impl RateLimitState {
    /// In how many seconds everything is there again; at a refusal, when one request is.
    fn reset_s(self) -> u64 {
        let used = u64::from(self.most - self.left.min(self.most));
        self.wait_s.unwrap_or_else(|| (used * u64::from(self.of.window_s())).div_ceil(u64::from(self.most)))
    }

    fn refusal(self) -> Option<Problem> {
        let seconds = self.wait_s?;
        let mut problem = Problem::new(Code::TooManyRequests, self.of.refused(seconds));
        problem.retry_after_s = Some(seconds);
        Some(problem)
    }

    fn write_headers<B>(self, answer: &mut ServiceResponse<B>) {
        let pairs = [
            ("ratelimit-policy", format!("\"{}\";q={};w={}", self.of.policy(), self.most, self.of.window_s())),
            ("ratelimit", format!("\"{}\";r={};t={}", self.of.policy(), self.left, self.reset_s())),
        ];
        for (name, value) in pairs {
            if let Ok(value) = HeaderValue::from_str(&value) {
                answer.headers_mut().insert(HeaderName::from_static(name), value);
            }
        }
    }
}

fn times(cost: u32) -> NonZeroU32 {
    NonZeroU32::new(cost).unwrap_or(ONCE)
}

/// Counts the pixels of pictures that are read for a company, wherever they are read.
#[derive(Clone)]
pub struct PixelMeter {
    limits: Option<Data<Limits>>,
    company: i64,
    factor: u32,
}

impl PixelMeter {
    /// Of the company that sends the request.
    pub fn of(http: &HttpRequest, actor: &Actor) -> Self {
        let company = actor.company().map_or(0, |company| company.0);
        let factor = Cost { weight: 1, bound: Bound::Pictures }.for_actor(actor);
        Self { limits: http.app_data::<Data<Limits>>().cloned(), company, factor }
    }

    /// Counts a picture before it is decoded.
    ///
    /// # Errors
    /// `too_many_requests` with the time to wait, where the company's minute has no room for it.
    pub fn take(&self, pixels: u64) -> Result<(), Problem> {
        let thousands = u32::try_from(pixels.div_ceil(1_000)).unwrap_or(u32::MAX).saturating_mul(self.factor);
        let counter = self.limits.as_ref().and_then(|limits| limits.pixels.as_ref());
        let state = count(counter, &self.company, times(thousands));
        state.and_then(RateLimitState::refusal).map_or(Ok(()), Err)
    }
}

/// Counts a request for more than one: for what it costs, in plain requests. The caller has been counted once already.
///
/// # Errors
/// `too_many_requests`, where the cost is more than what is left.
pub fn charge(http: &HttpRequest, cost: u32) -> Result<(), Problem> {
    let (Some(more), Some(limits)) = (NonZeroU32::new(cost.saturating_sub(1)), http.app_data::<Data<Limits>>()) else {
        return Ok(());
    };
    let state = limits.charge(http, more);
    if let Some(state) = state {
        http.extensions_mut().insert(Charged(state));
    }
    state.and_then(RateLimitState::refusal).map_or(Ok(()), Err)
}

/// What is left after a request was counted for its cost.
#[derive(Clone, Copy)]
struct Charged(RateLimitState);

/// The middleware. Assets and `/livez`, which costs nothing, are not counted.
pub async fn limit<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, Error> {
    let path = request.path();
    // Assets are cached for good and cost nothing; a load balancer that is refused at `/livez` would kill the process.
    let free = path.starts_with("/assets/") || path == "/livez";
    let api = is_api(path);
    let state = request.app_data::<Data<Limits>>().filter(|_| !free).and_then(|limits| limits.count(&request));
    let unknown = request.extensions().get::<Refused>().map(|Refused(problem)| problem.clone());
    let refused = state.and_then(RateLimitState::refusal).or(unknown).or_else(|| without_key(&request));
    let mut answer = match refused {
        Some(problem) => refuse(request, &problem),
        None => next.call(request).await?.map_into_left_body(),
    };
    let charged = answer.request().extensions().get::<Charged>().map(|Charged(state)| *state);
    if let Some(state) = charged.or(state).filter(|_| api) {
        state.write_headers(&mut answer);
    }
    Ok(answer)
}

/// Why a call of the API that needs a key is refused to whoever shows none: before anything else of it is looked at, so that nobody learns
/// the form of a request that is not for them, or mends it for nothing.
fn without_key(request: &ServiceRequest) -> Option<Problem> {
    let is_anonymous = request.extensions().get::<Identity>().is_none_or(|one| matches!(one.actor, Actor::Anonymous));
    if !is_api(request.path()) || !is_anonymous {
        return None;
    }
    let published = request.app_data::<Data<Published>>()?;
    // Whoever asks for the head of a page asks for the page.
    let method = if request.method() == Method::HEAD { &Method::GET } else { request.method() };
    let needs_key = published.needs_key(method, request.match_pattern()?);
    needs_key.then(|| Problem::new(Code::Unauthenticated, text(Language::English, "errors-needs-sign-in")))
}

fn refuse<B>(request: ServiceRequest, problem: &Problem) -> ServiceResponse<EitherBody<B, BoxBody>> {
    let (request, _): (HttpRequest, _) = request.into_parts();
    ServiceResponse::new(request, problem.error_response()).map_into_right_body()
}
