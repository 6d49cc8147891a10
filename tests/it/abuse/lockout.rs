//! Strangers type wrong passwords for somebody else's address, without a pause and from everywhere: the owner still gets in.

use chrono::Duration;
use tradepost::address::TrustedProxies;

use crate::accounts::attempt;
use crate::accounts::second_factor::{code, enter_code, switch_on};
use crate::accounts::throttle::{Guesser, network};
use crate::support::{Client, Database, PASSWORD, Setup, World};

both!(
    owner_signs_in_on_a_known_device_during_an_attack,
    owner_signs_in_from_a_known_network_during_an_attack,
    password_reset_admits_during_an_attack,
    code_is_accepted_on_a_known_device_during_an_attack,
    strangers_leave_the_owner_links_for_a_new_password,
    known_device_guesses_no_faster_than_a_stranger,
    device_of_one_account_is_no_device_of_another,
);

const NEW: &str = "another 42 quiet anchors";

struct Attacked(World);

impl Setup for Attacked {
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

/// Tries until strangers have to wait, from a network of its own each time.
fn attack(world: &World, email: &str, offset: u32) {
    let stranger = Guesser::at(&world.base);
    let statuses: Vec<u16> =
        (0..8).map(|number| stranger.guess(&network(offset + number), email, "not the password").status).collect();
    assert!(statuses.contains(&429), "{statuses:?}");
}

/// Strangers who try at every moment that they may, for so long.
fn attack_for(world: &World, email: &str, time: Duration) {
    let (stranger, start) = (Guesser::at(&world.base), world.clock.now());
    let (mut tries, mut checked) = (0, 0);
    while world.clock.now() - start < time {
        tries += 1;
        let answer = stranger.guess(&network(tries), email, "not the password");
        match answer.header("retry-after") {
            Some(wait) => world.clock.advance(Duration::seconds(wait.parse().unwrap())),
            None => checked += 1,
        }
    }
    assert!(checked <= 20 * time.num_hours(), "{checked} passwords were tried in {time}");
}

/// A sign-in from a network as a proxy names it.
fn sign_in_from(browser: &Client, world: &World, from: &str, email: &str, password: &str) -> u16 {
    let token = browser.token_on("/sign-in").unwrap();
    let fields = [("csrf", token.as_str()), ("email", email), ("password", password)];
    let answer = browser
        .browser("POST", "/sign-in")
        .header("Origin", &world.base)
        .header("X-Forwarded-For", from)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .bytes(serde_urlencoded::to_string(fields).unwrap().into_bytes())
        .send();
    browser.keep_cookie(&answer);
    answer.status
}

fn owner_signs_in_on_a_known_device_during_an_attack(Attacked(world): &Attacked) {
    let party = world.buyer();
    let laptop = world.anonymous();
    assert_eq!(sign_in_from(&laptop, world, "203.0.113.1", &party.email, PASSWORD), 303);
    laptop.submit("/account", "/sign-out", &[]);
    attack_for(world, &party.email, Duration::hours(2));
    attack(world, &party.email, 500);
    // On the road, in a network that nobody knows and that is blocked for strangers.
    let cafe = Guesser::at(&world.base);
    for number in 0..12 {
        cafe.guess("203.0.113.77", &format!("x{number}@company.example"), "not the password");
    }
    assert_eq!(sign_in_from(&laptop, world, "203.0.113.77", &party.email, PASSWORD), 303);
    // The success has forgiven the strangers nothing.
    let stranger = Guesser::at(&world.base).guess(&network(700), &party.email, "not the password");
    assert_eq!(stranger.status, 429);
}

fn owner_signs_in_from_a_known_network_during_an_attack(Attacked(world): &Attacked) {
    let party = world.buyer();
    assert_eq!(sign_in_from(&world.anonymous(), world, "203.0.113.1", &party.email, PASSWORD), 303);
    attack(world, &party.email, 0);
    assert_eq!(sign_in_from(&world.anonymous(), world, "203.0.113.1", &party.email, PASSWORD), 303);
    assert_eq!(sign_in_from(&world.anonymous(), world, "203.0.113.2", &party.email, PASSWORD), 429, "a stranger");
    // Six other networks later the first is one of a stranger again.
    for number in 0..5 {
        world.clock.advance(Duration::minutes(16));
        let from = format!("203.0.113.{}", 10 + number);
        assert_eq!(sign_in_from(&world.anonymous(), world, &from, &party.email, PASSWORD), 303);
    }
    attack(world, &party.email, 20);
    assert_eq!(sign_in_from(&world.anonymous(), world, "203.0.113.1", &party.email, PASSWORD), 429);
    world.clock.advance(Duration::days(91));
    tradepost::workers::sweep(&world.app).unwrap();
    attack(world, &party.email, 40);
    assert_eq!(sign_in_from(&world.anonymous(), world, "203.0.113.14", &party.email, PASSWORD), 429, "long ago");
}

fn password_reset_admits_during_an_attack(Attacked(world): &Attacked) {
    let party = world.buyer();
    attack(world, &party.email, 0);
    let browser = world.anonymous();
    browser.submit("/forgotten-password", "/forgotten-password", &[("email", &party.email)]);
    let link = world.link_to(&party.email);
    browser.submit(&link, &link, &[("password", NEW)]).expect(303);
    assert_eq!(sign_in_from(&browser, world, "203.0.113.5", &party.email, NEW), 303);
    world.drain();
}

fn code_is_accepted_on_a_known_device_during_an_attack(Attacked(world): &Attacked) {
    let party = world.buyer();
    let laptop = world.browser(&party.email);
    let (key, _) = switch_on(world, &laptop);
    laptop.submit("/account", "/sign-out", &[]);
    world.clock.advance(Duration::seconds(30));
    // The thief knows the password and guesses codes, in another network.
    let thief = Guesser::at(&world.base);
    let asked = thief.guess("198.51.100.9", &party.email, PASSWORD);
    let step = asked.body.split("name=\"step\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let statuses: Vec<u16> = (0..6)
        .map(|_| thief.send("/sign-in/code", "198.51.100.9", &[("step", &step), ("code", "000000")]).status)
        .collect();
    assert_eq!(statuses, [422, 422, 422, 422, 422, 429]);
    let asked = attempt(&laptop, &party.email, PASSWORD).expect(200);
    assert_eq!(enter_code(&laptop, &asked, &code(world, &key)).status, 303);
    world.drain();
}

fn strangers_leave_the_owner_links_for_a_new_password(Attacked(world): &Attacked) {
    let party = world.buyer();
    let laptop = world.browser(&party.email);
    laptop.submit("/account", "/sign-out", &[]);
    let ask = |browser: &Client| {
        browser.submit("/forgotten-password", "/forgotten-password", &[("email", &party.email)]);
        world.drain();
        world.mails_to(&party.email).len()
    };
    let sent: Vec<usize> = (0..5).map(|_| ask(&world.anonymous())).collect();
    assert_eq!(sent, [1, 2, 3, 3, 3], "three a day for strangers");
    assert_eq!(ask(&laptop), 4);
    let link = world.link_to(&party.email);
    laptop.submit(&link, &link, &[("password", NEW)]).expect(303);
    laptop.sign_in(&party.email, NEW);
    world.drain();
}

fn known_device_guesses_no_faster_than_a_stranger(Attacked(world): &Attacked) {
    let party = world.buyer();
    let laptop = world.browser(&party.email);
    laptop.submit("/account", "/sign-out", &[]);
    let statuses: Vec<u16> =
        (0..7).map(|number| sign_in_from(&laptop, world, &network(number), &party.email, "not it")).collect();
    assert_eq!(statuses, [422, 422, 422, 422, 422, 429, 429]);
}

fn device_of_one_account_is_no_device_of_another(Attacked(world): &Attacked) {
    let (party, other) = (world.buyer(), world.supplier());
    let laptop = world.browser(&other.email);
    laptop.submit("/account", "/sign-out", &[]);
    attack(world, &party.email, 0);
    assert_eq!(sign_in_from(&laptop, world, "203.0.113.1", &party.email, PASSWORD), 429);
    // Whoever changes the cookie has none.
    let forged = laptop.cookie("device").unwrap().replacen('.', "x.", 1);
    let token = laptop.token_on("/sign-in").unwrap();
    let form = laptop.cookie("form").unwrap();
    let fields = [("csrf", token.as_str()), ("email", &party.email), ("password", PASSWORD)];
    let answer = world
        .anonymous()
        .browser("POST", "/sign-in")
        .header("Cookie", &format!("device={forged}; form={form}"))
        .header("Origin", &world.base)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .bytes(serde_urlencoded::to_string(fields).unwrap().into_bytes())
        .send();
    assert_eq!(answer.status, 429);
}
