//! When a delivery is tried again, when an endpoint is disabled, and how a delivery is signed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Duration};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::{DisabledReason, Endpoint};
use crate::clock::Time;

/// Tries of a delivery.
pub const MOST_ATTEMPTS: u32 = 10;
/// The waits between them, in seconds: 5 s, 5 min, 30 min, 2, 5, 10, 14, 20 and 24 h. With these the last try is 75.6 hours after the first.
const WAITS_S: [i64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
/// The longest wait that a server may ask for, in hours.
const MOST_RETRY_AFTER_H: i64 = 24;
/// After so many hours of nothing but failures an endpoint is disabled.
const FAILING_H: i64 = 120;
/// How long the secret before a rotation is signed with as well, in hours.
pub const ROTATION_H: i64 = 24;
/// The longest body, in bytes.
pub const MOST_BODY: usize = 20_480;
/// So many characters of an answer are kept.
pub const KEPT_ANSWER: usize = 1_000;
/// A company has so many endpoints at most.
pub const MOST_ENDPOINTS: i64 = 10;
/// So many events are sent again by one call.
pub const MOST_REPLAYED: i64 = 1_000;
/// What every secret begins with.
pub const SECRET_PREFIX: &str = "whsec_";
/// The length of a secret in bytes.
pub const SECRET_BYTES: usize = 32;

/// When a delivery that failed at `now` for the `attempts`th time is tried again; never after its last try. `spread` is a random number from -1 to 1,
/// so that what failed at once does not come back at once. What the server asks for (`Retry-After`) comes first, up to 24 hours.
pub fn next_attempt(attempts: u32, now: Time, retry_after: Option<&str>, spread: f64) -> Option<Time> {
    let place = usize::try_from(attempts.checked_sub(1)?).ok()?;
    let seconds = *WAITS_S.get(place)?;
    if let Some(asked) = retry_after.and_then(|text| read_retry_after(text, now)) {
        return Some(now + asked.clamp(Duration::seconds(1), Duration::hours(MOST_RETRY_AFTER_H)));
    }
    // A tenth either way.
    #[expect(clippy::cast_possible_truncation, reason = "a day in milliseconds fits")]
    let spread_ms = (seconds as f64 * 100.0 * spread.clamp(-1.0, 1.0)) as i64;
    Some(now + Duration::seconds(seconds) + Duration::milliseconds(spread_ms))
}

/// Seconds, or a date of HTTP.
fn read_retry_after(text: &str, now: Time) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<u32>() {
        return Some(Duration::seconds(seconds.into()));
    }
    DateTime::parse_from_rfc2822(text).ok().map(|at| at.to_utc() - now)
}

/// Whether a status says that the event was taken. A redirect does not: whoever follows it sends the event to somebody who was not checked.
pub fn is_success(status: u16) -> bool {
    (200..300).contains(&status)
}

/// Why an endpoint is disabled after a failure at `now`, if it is.
pub fn disabled_by(status: Option<u16>, failing_since: Time, now: Time) -> Option<DisabledReason> {
    if status == Some(410) {
        return Some(DisabledReason::Gone);
    }
    (now - failing_since >= Duration::hours(FAILING_H)).then_some(DisabledReason::Failing)
}

/// A queue for each host, with a lane for each endpoint: a host that does not answer delays no other, and on a host that serves many no endpoint
/// delays the others.
pub(super) fn queue_of(endpoint: &Endpoint) -> String {
    let url = &endpoint.fields.url;
    let host = url.split("://").nth(1).and_then(|rest| rest.split(['/', '?']).next()).unwrap_or_default();
    format!("webhook:{} {}", host.to_lowercase(), endpoint.id)
}

/// The text of a secret as it is shown.
pub fn secret_text(secret: &[u8]) -> String {
    format!("{SECRET_PREFIX}{}", STANDARD.encode(secret))
}

/// The header `webhook-signature`: one signature for each secret, with a space between.
pub fn signatures(secrets: &[Vec<u8>], id: &str, timestamp: i64, body: &str) -> String {
    let signed = format!("{id}.{timestamp}.{body}");
    let one = |secret: &Vec<u8>| {
        // An HMAC takes a key of any length, so there is no error to meet.
        let mut mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
        mac.update(signed.as_bytes());
        Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
    };
    secrets.iter().filter_map(one).collect::<Vec<_>>().join(" ")
}

/// The beginning of an answer as it is kept.
pub fn kept_answer(body: &str) -> String {
    let is_shown = |c: &char| !c.is_control() || *c == '\n';
    body.chars().filter(is_shown).take(KEPT_ANSWER).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Time {
        "2026-12-01T00:00:00Z".parse().unwrap()
    }

    #[test]
    fn ten_tries_in_seventy_five_hours_give_or_take_a_tenth() {
        let total = |spread: f64| {
            let mut at = now();
            let mut tries = 1;
            while let Some(next) = next_attempt(tries, at, None, spread) {
                (at, tries) = (next, tries + 1);
            }
            (tries, (at - now()).num_seconds())
        };
        assert_eq!(total(0.0), (MOST_ATTEMPTS, 272_105));
        assert_eq!(total(1.0).1, 299_315);
        assert_eq!(total(-1.0).1, 244_894);
        assert_eq!(next_attempt(MOST_ATTEMPTS, now(), Some("5"), 0.0), None, "not even when the server asks for it");
    }

    #[test]
    fn what_the_server_asks_for_comes_first_up_to_a_day() {
        let wait = |text: &str| (next_attempt(1, now(), Some(text), 0.0).unwrap() - now()).num_seconds();
        assert_eq!(wait("120"), 120);
        assert_eq!(wait("Tue, 01 Dec 2026 00:10:00 GMT"), 600);
        assert_eq!(wait("Mon, 30 Nov 2026 00:00:00 GMT"), 1);
        assert_eq!((wait("0"), wait("999999999")), (1, 86_400));
        assert_eq!((wait("soon"), wait("-5"), wait("")), (5, 5, 5));
    }

    #[test]
    fn an_endpoint_ends_with_410_or_after_five_days_of_failures() {
        let since = now() - Duration::hours(120);
        assert_eq!(disabled_by(Some(410), now(), now()), Some(DisabledReason::Gone));
        assert_eq!(disabled_by(Some(404), now(), now()), None);
        assert_eq!(disabled_by(None, since, now()), Some(DisabledReason::Failing));
        assert_eq!(disabled_by(Some(500), since + Duration::seconds(1), now()), None);
    }

    /// The example of the specification.
    #[test]
    fn a_signature_is_that_of_the_specification() {
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let body = r#"{"test": 2432232314}"#;
        let signed = |secrets: &[Vec<u8>]| signatures(secrets, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body);
        let wanted = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(signed(std::slice::from_ref(&secret)), wanted);
        let both = signed(&[vec![1; 32], secret]);
        assert!(both.ends_with(wanted) && both.matches("v1,").count() == 2, "{both}");
    }
}
