//! Guessing passwords is slow: every attempt is registered before the password is compared, for the account and for the network that it comes
//! from: attempts that run at the same time cannot outrun the count.
//!
//! * After five failures an account's next attempts are checked after 1 s, 2 s, 4 s ... and never later than 15 minutes, so a
//!   right password works within that time whatever others try. A success forgets the failures.
//! * A network has ten attempts, then one a minute. A success gives back the attempt that it took and nothing more.
//!
//! An address without an account is counted like one that has one, so that the answer does not tell them apart.

use chrono::Duration;

use super::store::{self, Throttle};
use super::{email_key, rules};
use crate::app::App;
use crate::clock::Time;
use crate::error::{Code, Problem, Result};
use crate::ids::UserId;
use crate::locale::{Language, Message};
use crate::secrets::sha256_hex;
use crate::store::Tx;

/// A registered attempt whose outcome is not known yet.
#[must_use = "a success has to be reported"]
pub(super) struct Attempt {
    account: String,
    network: Option<String>,
}

/// The key of the account that belongs to the address, or would.
pub(super) fn account_of(email: &str) -> String {
    format!("account {}", sha256_hex(email_key(email).as_bytes()))
}

/// Registers an attempt for an account and a network.
///
/// # Errors
/// `too_many_requests` with the time to come back at, when one of them has to wait; then nothing is counted.
pub(super) fn register_attempt(app: &App, account: String, network: Option<&str>) -> Result<Attempt> {
    let network = network.map(|network| format!("network {network}"));
    let limits = &app.config.limits;
    if limits.enabled {
        let (failures, burst) = (limits.account_failures, limits.network_failures);
        app.db.write(|tx| {
            // The network first: an attempt that it refuses must not count against the account, or strangers could lock anybody out more
            // cheaply.
            if let Some(key) = network.as_deref().filter(|_| burst > 0) {
                count_for_network(tx, key, burst)?;
            }
            if failures > 0 { count_for_account(tx, &account, failures) } else { Ok(()) }
        })?;
    }
    Ok(Attempt { account, network })
}

/// The key of a user's two-factor codes; the text is older than the name.
pub(super) fn second_factor_of(person: UserId) -> String {
    format!("second step {person}")
}

/// Registers an attempt of somebody who is signed in and is asked for the password again.
pub(super) fn register_attempt_of_user(app: &App, person: UserId) -> Result<Attempt> {
    register_attempt(app, format!("person {person}"), None)
}

impl Attempt {
    /// It was right: the account's failures are forgotten, and the network has this attempt back.
    pub(super) fn succeeded(self, app: &App) -> Result<()> {
        if !app.config.limits.enabled {
            return Ok(());
        }
        app.db.write(|tx| {
            // The account starts anew, the network does not: one known password would otherwise pay for guesses at all others.
            store::delete_throttle(tx, &self.account)?;
            let Some(key) = &self.network else { return Ok(()) };
            let Some(held) = store::find_throttle(tx.conn(), key)? else { return Ok(()) };
            // What this attempt was charged is given back; the guesses before it stay charged.
            let blocked_until = held.blocked_until - rules::NETWORK_REFILL;
            store::put_throttle(tx, key, &Throttle { blocked_until, ..held })
        })
    }
}

fn count_for_account(tx: &mut Tx, key: &str, free: u32) -> Result<()> {
    let now = tx.now();
    let held = store::find_throttle(tx.conn(), key)?.filter(|held| now - held.updated_at < rules::FAILURE_WINDOW);
    if let Some(held) = held.as_ref().filter(|held| now < held.blocked_until) {
        return Err(retry_after(held.blocked_until, now));
    }
    // Counted as a failure at once and cleared by a success: attempts at the same moment see each other.
    let failures = held.map_or(0, |held| held.failures) + 1;
    let blocked_until = now + rules::wait_after(failures, free);
    store::put_throttle(tx, key, &Throttle { failures, blocked_until, updated_at: now })
}

/// For a network `blocked_until` is when all its attempts are paid for: so many periods ahead of now as there were recent attempts.
fn count_for_network(tx: &mut Tx, key: &str, burst: u32) -> Result<()> {
    let now = tx.now();
    let held = store::find_throttle(tx.conn(), key)?;
    // A bucket as one time: each attempt pays a refill's time in advance, and the burst is how far ahead it may be.
    let paid_until = held.as_ref().map_or(now, |held| held.blocked_until.max(now));
    let credit = rules::NETWORK_REFILL * i32::try_from(burst - 1).unwrap_or(i32::MAX);
    if paid_until - now > credit {
        return Err(retry_after(paid_until - credit, now));
    }
    let failures = held.map_or(0, |held| held.failures).saturating_add(1);
    let blocked_until = paid_until + rules::NETWORK_REFILL;
    store::put_throttle(tx, key, &Throttle { failures, blocked_until, updated_at: now })
}

fn retry_after(at: Time, now: Time) -> Problem {
    // Rounded up: who comes back to the second must not be too early.
    let seconds = ((at - now) + Duration::milliseconds(999)).num_seconds().max(1);
    let detail = Message::new("accounts-too-many-attempts").with("seconds", seconds).text(Language::English);
    let mut problem = Problem::new(Code::TooManyRequests, detail);
    problem.retry_after_s = u64::try_from(seconds).ok();
    problem
}

/// Forgets what is over; answers how many.
pub fn purge(app: &App) -> Result<usize> {
    app.db.write(|tx| {
        let before = tx.now() - rules::FAILURE_WINDOW;
        store::purge_throttles(tx, before)
    })
}
