//! What a stranger may learn from how long an answer takes: not whether there is such an account.

use std::time::Instant;

use chrono::Duration;
use serde_json::json;
use tradepost::address::TrustedProxies;

use super::newcomer;
use super::throttle::{Guesser, network};
use crate::support::{Database, Setup, World};

both!(
    sign_in_takes_equal_time_for_unknown_accounts,
    sign_up_takes_equal_time_for_known_accounts,
    password_reset_takes_equal_time_for_unknown_accounts,
    invitation_takes_equal_time_for_known_accounts,
);

/// How often each is asked; the nightly run sets the variable to 500.
const SAMPLES: u32 = 10;
/// So many make a median that a busy machine does not move.
const ENOUGH: u32 = 100;
/// What the medians may differ by, in milliseconds: a tenth of what a password's hash takes.
const MOST_MS: f64 = 5.0;
/// How far from equal the ranks may be, in standard deviations: what equal ones reach once in a thousand nights. Anything that is done
/// for one of the two alone goes beyond: 0.8 ms more of work did by 15.
const MOST_Z: f64 = 3.3;

/// A world in which one account and one network may be tried any number of times.
struct Patient(World);

impl Setup for Patient {
    fn on(database: Database) -> Self {
        Self(World::with(database, |config| {
            config.limits.account_failures = 1_000_000;
            config.server.trusted_proxies = TrustedProxies::parse(["127.0.0.1"]).unwrap();
        }))
    }
}

/// An address that the platform does not know; another one each turn.
fn nobody(turn: u32) -> String {
    format!("nobody{turn}@company.example")
}

/// Asks by turns about somebody and about nobody, and compares how long the answers took.
fn compare(what: &str, somebody: &str, ask: impl Fn(u32, &str)) {
    let samples = std::env::var("TRADEPOST_TEST_SAMPLES").ok().and_then(|text| text.parse().ok()).unwrap_or(SAMPLES);
    let mut took = [Vec::new(), Vec::new()];
    for turn in 0..2 * samples {
        // One after the other, and each as often first.
        let who = usize::from((turn % 4) % 3 != 0);
        let email = if who == 0 { somebody.to_owned() } else { nobody(turn) };
        let begun = Instant::now();
        ask(turn, &email);
        took[who].push(begun.elapsed().as_secs_f64() * 1_000.0);
    }
    let [somebody, nobody] = &took;
    assert_eq!(somebody.len(), nobody.len());
    let (one, other, z) = (median(somebody), median(nobody), rank_sum(somebody, nobody));
    let told = format!("{one:.2} ms for somebody, {other:.2} ms for nobody, rank sum z = {z:.2}");
    eprintln!("{what}, {samples} each: {told}");
    if samples >= ENOUGH {
        assert!((one - other).abs() < MOST_MS && z.abs() < MOST_Z, "{what}: {told}");
    }
}

fn sign_in_takes_equal_time_for_unknown_accounts(Patient(world): &Patient) {
    let guesser = Guesser::at(&world.base);
    compare("signing in", &world.buyer().email, |turn, email| {
        guesser.guess(&network(turn), email, "not the password").expect(422);
    });
}

fn sign_up_takes_equal_time_for_known_accounts(Patient(world): &Patient) {
    let guesser = Guesser::at(&world.base);
    compare("signing up", &world.buyer().email, |turn, email| {
        assert_eq!(guesser.send("/sign-up", &network(turn), &newcomer(email)).sent_to(), "/sign-up/sent");
    });
}

/// A person is sent three e-mails a day at most, so it is another third of a day each time.
fn password_reset_takes_equal_time_for_unknown_accounts(Patient(world): &Patient) {
    let guesser = Guesser::at(&world.base);
    compare("asking for a new password", &world.buyer().email, |turn, email| {
        world.clock.advance(Duration::hours(9));
        guesser.send("/forgotten-password", &network(turn), &[("email", email)]).sent_to();
    });
}

/// A company sends 50 invitations a day at most.
fn invitation_takes_equal_time_for_known_accounts(Patient(world): &Patient) {
    let (buyer, supplier) = (world.buyer(), world.supplier());
    let path = format!("/companies/{}/members", buyer.company);
    compare("inviting", &supplier.email, |_, email| {
        world.clock.advance(Duration::hours(1));
        buyer.post(&path, &json!({"email": email, "role": "viewer"})).expect(201);
    });
}

fn median(times: &[f64]) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

/// By how many standard deviations the ranks of the two differ from those of equal ones (Mann and Whitney).
fn rank_sum(ours: &[f64], theirs: &[f64]) -> f64 {
    let mut longer = 0.0;
    for own in ours {
        longer += theirs
            .iter()
            .map(|their| f64::from(u8::from(own > their)) + f64::from(u8::from(own == their)) / 2.0)
            .sum::<f64>();
    }
    let (n, m) = (ours.len() as f64, theirs.len() as f64);
    (longer - n * m / 2.0) / (n * m * (n + m + 1.0) / 12.0).sqrt()
}
