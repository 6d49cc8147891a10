//! Guessing passwords is slow: every attempt is registered before the password is compared, for the account and for the network that it comes
//! from: attempts that run at the same time cannot outrun the count.
//!
//! * After five failures the next attempts at an account are checked after 1 s, 2 s, 4 s ... and at last every 15 minutes: at most 20 in an
//!   hour. A success forgets the failures.
//! * All strangers together have these attempts. A device that the user signed in with, and a network that they signed in from, has as
//!   many of its own, so that strangers who try without a pause do not keep the owner out. A link for a new password makes the browser that
//!   uses it such a device.
//! * A network has ten attempts, then one a minute. A success gives back the attempt that it took and nothing more. A known device is not
//!   counted there: its neighbours would keep it out.
//!
//! An address without an account is counted like one that has one, so that the answer does not tell them apart.

use chrono::Duration;

use super::devices::Origin;
use super::store::{self, Throttle};
use super::{devices, email_key, rules};
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

/// What is guessed at.
#[derive(Clone, Copy)]
pub(super) enum Guess<'a> {
    /// The password of the address, which may have no account.
    Password(&'a str),
    /// The two-factor code of the user whose password is known.
    Code,
}

impl Guess<'_> {
    /// The key of all strangers' attempts.
    fn of_strangers(self, user: Option<UserId>) -> String {
        match (self, user) {
            (Self::Password(email), _) => format!("account {}", sha256_hex(email_key(email).as_bytes())),
            // The text is older than the name.
            (Self::Code, user) => format!("second step {}", user.unwrap_or(UserId(0))),
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Password(_) => "password",
            Self::Code => "code",
        }
    }
}

/// Registers an attempt of somebody who is not signed in: where strangers are counted, or their device or network. `user` is whose account
/// it is, if there is one.
///
/// # Errors
/// `too_many_requests` with the time to come back at; then nothing is counted.
pub(super) fn register_sign_in(app: &App, guess: Guess, user: Option<UserId>, origin: &Origin) -> Result<Attempt> {
    // Looked up without an account too: the time would tell otherwise.
    let whose = user.unwrap_or(UserId(0));
    let tag = devices::network_tag(app, whose, &origin.network);
    let is_known_network = app.db.read(|conn| store::is_known_network(conn, whose, &tag))?;
    if let Some(name) = user.and_then(|user| origin.device.as_ref()?.name_for(user)) {
        let slot = format!("device {whose} {} {}", guess.word(), sha256_hex(name.as_bytes()));
        return register_attempt(app, slot, None);
    }
    let slot = if is_known_network { format!("near {whose} {} {tag}", guess.word()) } else { guess.of_strangers(user) };
    register_attempt(app, slot, Some(&origin.network))
}

/// Registers an attempt in a slot of an account and for a network.
fn register_attempt(app: &App, account: String, network: Option<&str>) -> Result<Attempt> {
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
