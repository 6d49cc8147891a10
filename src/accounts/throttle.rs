//! Guessing passwords is slow: every try is charged before it is looked at, on the account that it is for and on the network that it
//! comes from.
//!
//! * After five failures an account's next tries are looked at after 1 s, 2 s, 4 s ... and never later than 15 minutes, so a
//!   right password works within that time whatever others try. A success forgets the failures.
//! * A network has ten tries, then one a minute. A success gives back the try that it took and nothing more.
//!
//! An address without an account is charged like one that has one.

use chrono::Duration;

use super::store::{self, Throttle};
use super::{email_key, rules};
use crate::app::App;
use crate::clock::Time;
use crate::error::{Code, Problem, Result};
use crate::ids::PersonId;
use crate::secrets::sha256_hex;
use crate::store::Tx;

/// A try that was charged and is being looked at.
#[must_use = "a success has to be told"]
pub(super) struct Try {
    account: String,
    network: Option<String>,
}

/// The key of the account that belongs to the address, or would.
pub(super) fn account_of(email: &str) -> String {
    format!("account {}", sha256_hex(email_key(email).as_bytes()))
}

/// Charges a try on an account and a network.
///
/// # Errors
/// `too_many_requests` with the time to come back at, when one of them has to wait; then nothing is charged.
pub(super) fn charge(app: &App, account: String, network: Option<&str>) -> Result<Try> {
    let network = network.map(|network| format!("network {network}"));
    let limits = &app.config.limits;
    if limits.enabled {
        let (failures, burst) = (limits.account_failures, limits.network_failures);
        app.db.write(|tx| {
            if let Some(key) = network.as_deref().filter(|_| burst > 0) {
                charge_network(tx, key, burst)?;
            }
            if failures > 0 { charge_account(tx, &account, failures) } else { Ok(()) }
        })?;
    }
    Ok(Try { account, network })
}

/// The key of a person's second step.
pub(super) fn second_step_of(person: PersonId) -> String {
    format!("second step {person}")
}

/// Charges a try of somebody who is signed in and is asked for the password again.
pub(super) fn charge_person(app: &App, person: PersonId) -> Result<Try> {
    charge(app, format!("person {person}"), None)
}

impl Try {
    /// It was right: the account's failures are forgotten, and the network has this try back.
    pub(super) fn succeeded(self, app: &App) -> Result<()> {
        if !app.config.limits.enabled {
            return Ok(());
        }
        app.db.write(|tx| {
            store::delete_throttle(tx, &self.account)?;
            let Some(key) = &self.network else { return Ok(()) };
            let Some(held) = store::find_throttle(tx.conn(), key)? else { return Ok(()) };
            let blocked_until = held.blocked_until - rules::NETWORK_PERIOD;
            store::put_throttle(tx, key, &Throttle { blocked_until, ..held })
        })
    }
}

fn charge_account(tx: &mut Tx, key: &str, free: u32) -> Result<()> {
    let now = tx.now();
    let held = store::find_throttle(tx.conn(), key)?.filter(|held| now - held.updated_at < rules::FAILURES_KEPT);
    if let Some(held) = held.as_ref().filter(|held| now < held.blocked_until) {
        return Err(come_back(held.blocked_until, now));
    }
    let failures = held.map_or(0, |held| held.failures) + 1;
    let blocked_until = now + rules::wait_after(failures, free);
    store::put_throttle(tx, key, &Throttle { failures, blocked_until, updated_at: now })
}

/// For a network `blocked_until` is when all its tries are paid for: so many periods ahead of now as tries were made of late.
fn charge_network(tx: &mut Tx, key: &str, burst: u32) -> Result<()> {
    let now = tx.now();
    let held = store::find_throttle(tx.conn(), key)?;
    let paid_until = held.as_ref().map_or(now, |held| held.blocked_until.max(now));
    let credit = rules::NETWORK_PERIOD * i32::try_from(burst - 1).unwrap_or(i32::MAX);
    if paid_until - now > credit {
        return Err(come_back(paid_until - credit, now));
    }
    let failures = held.map_or(0, |held| held.failures).saturating_add(1);
    let blocked_until = paid_until + rules::NETWORK_PERIOD;
    store::put_throttle(tx, key, &Throttle { failures, blocked_until, updated_at: now })
}

fn come_back(at: Time, now: Time) -> Problem {
    let seconds = ((at - now) + Duration::milliseconds(999)).num_seconds().max(1);
    let detail = format!("Too many tries. The next one is looked at in {seconds} s.");
    let mut problem = Problem::new(Code::TooManyRequests, detail);
    problem.retry_after_s = u64::try_from(seconds).ok();
    problem
}

/// Forgets what is over; answers how many.
pub fn purge(app: &App) -> Result<usize> {
    app.db.write(|tx| {
        let before = tx.now() - rules::FAILURES_KEPT;
        store::purge_throttles(tx, before)
    })
}
