//! Guessing is slow, for an account and for a network, and nobody is locked out for ever.

use chrono::Duration;
use tradepost::address::TrustedProxies;

use super::attempt;
use super::second_factor::{code, enter_code, switch_on};
use crate::support::{Answer, Client, Database, PASSWORD, Setup, World};

both!(
    failed_sign_ins_back_off_per_account,
    failed_sign_ins_are_limited_per_network,
    unknown_account_is_throttled_like_a_known_one,
    thousand_concurrent_guesses_count_as_five,
    throttle_survives_a_restart,
    password_confirmation_is_throttled_too,
    second_factor_is_throttled_too,
);

/// A world behind a proxy that names the client, with only the limits that are tested here.
struct Guarded(World);

impl Setup for Guarded {
    fn on(database: Database) -> Self {
        Self(World::with(database, |config| {
            config.limits.enabled = true;
            config.limits.per_key_minute = 0;
            config.limits.per_address_minute = 0;
            config.limits.sign_in_minute = 0;
            config.server.trusted_proxies = TrustedProxies::parse(["127.0.0.1"]).unwrap();
        }))
    }
}

/// A browser that has opened the form.
pub struct Guesser {
    browser: Client,
    token: String,
    base: String,
}

impl Guesser {
    pub fn at(base: &str) -> Self {
        let browser = Client::new(base, None);
        let form = browser.page("/sign-in").body;
        let token = form.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        Self { browser, token, base: base.to_owned() }
    }

    pub fn guess(&self, from: &str, email: &str, password: &str) -> Answer {
        self.send("/sign-in", from, &[("email", email), ("password", password)])
    }

    /// Sends any form of strangers.
    pub fn send(&self, path: &str, from: &str, fields: &[(&str, &str)]) -> Answer {
        let fields: Vec<_> = fields.iter().copied().chain([("csrf", self.token.as_str())]).collect();
        self.browser
            .browser("POST", path)
            .header("Origin", &self.base)
            .header("X-Forwarded-For", from)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .bytes(serde_urlencoded::to_string(fields).unwrap().into_bytes())
            .send()
    }
}

/// An address of a network of its own.
pub fn network(number: u32) -> String {
    format!("198.51.{}.{}", number / 200, number % 200 + 1)
}

fn failed_sign_ins_back_off_per_account(Guarded(world): &Guarded) {
    let party = world.buyer();
    let guesser = Guesser::at(&world.base);
    let start = world.clock.now();
    let hashes = world.app.hasher.computed();
    let mut evaluated = 0;
    let mut sent = 0;
    while world.clock.now() - start < Duration::hours(1) {
        sent += 1;
        let answer = guesser.guess(&network(sent), &party.email, "not the password");
        match answer.status {
            422 => evaluated += 1,
            429 => {
                let wait: i64 = answer.header("retry-after").unwrap().parse().unwrap();
                assert!((1..=900).contains(&wait), "{wait}");
                // The right password waits like all others, and never longer than 15 minutes.
                assert_eq!(guesser.guess(&network(sent), &party.email, PASSWORD).status, 429);
                world.clock.advance(Duration::seconds(wait));
            }
            other => panic!("{other}: {}", answer.body),
        }
    }
    assert!((15..=20).contains(&evaluated), "{evaluated}");
    assert_eq!(world.app.hasher.computed() - hashes, evaluated, "nothing was hashed while waiting");
    world.clock.advance(Duration::minutes(15));
    assert_eq!(guesser.guess(&network(1), &party.email, PASSWORD).status, 303);
    // A success forgets the failures of the account.
    for number in 0..4 {
        assert_eq!(guesser.guess(&network(300 + number), &party.email, "not the password").status, 422);
    }
    assert_eq!(guesser.guess(&network(310), &party.email, PASSWORD).status, 303);
}

fn failed_sign_ins_are_limited_per_network(Guarded(world): &Guarded) {
    let party = world.buyer();
    let guesser = Guesser::at(&world.base);
    let from = "203.0.113.9";
    for number in 0..10 {
        let email = format!("somebody{number}@company.example");
        assert_eq!(guesser.guess(from, &email, "not the password").status, 422, "{number}");
    }
    let refused = guesser.guess(from, "another@company.example", "not the password");
    assert_eq!((refused.status, refused.header("retry-after")), (429, Some("60")));
    assert_eq!(guesser.guess(from, &party.email, PASSWORD).status, 429);
    assert_eq!(guesser.guess("203.0.113.10", &party.email, PASSWORD).status, 303, "a neighbour is not concerned");
    world.clock.advance(Duration::seconds(60));
    assert_eq!(guesser.guess(from, &party.email, PASSWORD).status, 303);
    // The success gave its own try back and no other.
    assert_eq!(guesser.guess(from, "last@company.example", "not the password").status, 422);
    assert_eq!(guesser.guess(from, "more@company.example", "not the password").status, 429);
    // An IPv6 customer is one network.
    for number in 0..10 {
        let email = format!("else{number}@company.example");
        assert_eq!(guesser.guess(&format!("2001:db8:1:2::{number:x}"), &email, "no password").status, 422);
    }
    assert_eq!(guesser.guess("2001:db8:1:2:ffff::1", "x@company.example", "no password").status, 429);
}

fn unknown_account_is_throttled_like_a_known_one(Guarded(world): &Guarded) {
    let party = world.buyer();
    let guesser = Guesser::at(&world.base);
    let statuses = |email: &str, offset: u32| -> Vec<(u16, Option<String>)> {
        let one = |number| {
            let answer = guesser.guess(&network(offset + number), email, "not the password");
            (answer.status, answer.header("retry-after").map(str::to_owned))
        };
        (0..8).map(one).collect()
    };
    assert_eq!(statuses(&party.email, 0), statuses("nobody@company.example", 20));
}

fn thousand_concurrent_guesses_count_as_five(Guarded(world): &Guarded) {
    let party = world.buyer();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let thread = |number: u32| {
            let email = &party.email;
            scope.spawn(move || {
                let guesser = Guesser::at(&world.base);
                let guess = |turn| guesser.guess(&network(number * 10 + turn), email, "not the password").status;
                (0..5).map(guess).collect::<Vec<_>>()
            })
        };
        let all: Vec<_> = (0..8).map(thread).collect();
        all.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let evaluated = statuses.iter().filter(|status| **status == 422).count();
    assert_eq!(evaluated, 5, "{statuses:?}");
}

fn throttle_survives_a_restart(Guarded(world): &Guarded) {
    use diesel::prelude::*;
    use tradepost::store::schema::throttles;
    let party = world.buyer();
    let guesser = Guesser::at(&world.base);
    for number in 0..6 {
        guesser.guess(&network(number), &party.email, "not the password");
    }
    let held: Vec<(String, i32)> = world
        .app
        .db
        .read(|conn| Ok(throttles::table.select((throttles::key, throttles::failures)).load(conn)?))
        .unwrap();
    assert!(held.iter().any(|(key, failures)| key.starts_with("account ") && *failures == 5), "{held:?}");
    assert!(!format!("{held:?}").contains(&party.email), "no address is kept");
    world.clock.advance(Duration::hours(25));
    tradepost::workers::sweep(&world.app).unwrap();
    let left: i64 = world.app.db.read(|conn| Ok(throttles::table.count().get_result(conn)?)).unwrap();
    assert_eq!(left, 0);
}

fn password_confirmation_is_throttled_too(Guarded(world): &Guarded) {
    let party = world.buyer();
    let browser = world.browser(&party.email);
    let guess = |password: &str| {
        let fields = [("current_password", password), ("email", "thief@evil.example")];
        browser.submit("/account/security", "/account/email", &fields).status
    };
    let statuses: Vec<u16> = (0..6).map(|_| guess("not the password")).collect();
    assert_eq!(statuses, [422, 422, 422, 422, 422, 429]);
    assert_eq!(guess(PASSWORD), 429);
    world.clock.advance(Duration::seconds(2));
    assert_eq!(guess(PASSWORD), 303);
    world.drain();
}

/// Whoever has the password guesses codes no faster, from wherever; the person gets in within the wait.
fn second_factor_is_throttled_too(Guarded(world): &Guarded) {
    let party = world.buyer();
    let (key, codes) = switch_on(world, &world.browser(&party.email));
    world.clock.advance(Duration::seconds(30));
    let browser = world.anonymous();
    let asked = attempt(&browser, &party.email, PASSWORD).expect(200);
    let statuses: Vec<u16> = (0..6).map(|_| enter_code(&browser, &asked, "000000").status).collect();
    assert_eq!(statuses, [422, 422, 422, 422, 422, 429]);
    for right in [code(world, &key), codes[0].clone()] {
        let refused = enter_code(&browser, &asked, &right);
        assert_eq!(
            (refused.status, refused.header("retry-after")),
            (429, Some("1")),
            "a right one waits like all others"
        );
    }
    // Another browser with the password does not begin anew.
    let other = world.anonymous();
    let asked_there = attempt(&other, &party.email, PASSWORD).expect(200);
    assert_eq!(enter_code(&other, &asked_there, "000000").status, 429);
    world.clock.advance(Duration::seconds(2));
    assert_eq!(enter_code(&other, &asked_there, &code(world, &key)).status, 303);
    // The success forgets the failures.
    world.clock.advance(Duration::minutes(6));
    let asked = attempt(&browser, &party.email, PASSWORD).expect(200);
    assert_eq!(enter_code(&browser, &asked, "000000").status, 422);
    world.drain();
}
