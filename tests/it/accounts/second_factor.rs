//! The authenticator as the second step of signing in.

use chrono::Duration;
use totp_rs::{Builder, Secret};
use tradepost::accounts::actions::{KeyRotationStatus, key_rotation_status};
use tradepost::app::App;
use tradepost::workers::sweep;

use super::attempt;
use crate::support::{Answer, Client, PASSWORD, World};

/// A secret key that comes after that of the world.
const SECOND: &str = "the second key of all tests, thirty-two characters long";

both!(
    totp_code_is_accepted_once,
    recovery_code_is_accepted_once,
    enabling_two_factor_needs_password_and_code,
    pending_second_factor_ends,
    authenticator_keys_are_stored_encrypted,
    rotated_secret_key_reencrypts_authenticators,
    recovery_codes_work_after_the_secret_key_is_lost,
);

/// The code that the program of the person shows now.
pub fn code(world: &World, key: &str) -> String {
    let secret = Secret::try_from_base32(key).unwrap();
    let totp = Builder::new().with_secret(secret.as_bytes().to_vec()).build_noncompliant();
    totp.generate(u64::try_from(world.clock.now().timestamp()).unwrap()).to_string()
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    text.split(before).nth(1).unwrap_or_else(|| panic!("no {before} in {text}")).split(after).next().unwrap()
}

/// Switches it on and answers the key and the recovery codes.
pub fn switch_on(world: &World, browser: &Client) -> (String, Vec<String>) {
    switch_on_with(world, browser, PASSWORD)
}

/// The same for a person of this password.
pub fn switch_on_with(world: &World, browser: &Client, password: &str) -> (String, Vec<String>) {
    let begin = [("current_password", password)];
    browser.submit("/account/second-factor", "/account/second-factor", &begin).sent_to();
    let page = browser.page("/account/second-factor").expect(200).body;
    let key = between(&page, "secret=", "&").split('"').next().unwrap().to_owned();
    assert!(page.contains("data:image/svg+xml;base64,"), "a picture to scan");
    let now = code(world, &key);
    let on = [("code", now.as_str())];
    let page = browser.submit("/account/second-factor", "/account/second-factor/confirm", &on).expect(200).body;
    let codes: Vec<String> =
        page.split("<li><code>").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned()).collect();
    assert_eq!(codes.len(), 10, "{page}");
    assert!(!browser.page("/account/second-factor").body.contains(&codes[0]), "shown once");
    (key, codes)
}

pub fn enter_code(browser: &Client, page: &Answer, code: &str) -> Answer {
    enter_code_to(browser, page, code, "/account")
}

/// The same on the way to another page.
pub fn enter_code_to(browser: &Client, page: &Answer, code: &str, next: &str) -> Answer {
    let step = between(&page.body, "name=\"step\" value=\"", "\"").to_owned();
    browser.submit("/sign-in", "/sign-in/code", &[("step", &step), ("next", next), ("code", code)])
}

fn totp_code_is_accepted_once(world: &World) {
    let party = world.buyer();
    let (here, other) = (world.browser(&party.email), world.browser(&party.email));
    let (key, _) = switch_on(world, &here);
    other.page("/account").expect(401);
    let browser = world.anonymous();
    let asked = attempt(&browser, &party.email, PASSWORD).expect(200);
    assert!(browser.cookie("sid").is_none(), "the password alone opens nothing");
    // The code that switched it on was taken then.
    enter_code(&browser, &asked, &code(world, &key)).expect(422);
    enter_code(&browser, &asked, "000000").expect(422);
    world.clock.advance(Duration::seconds(30));
    let good = code(world, &key);
    assert_eq!(enter_code(&browser, &asked, &good).sent_to(), "/account");
    browser.page("/account").expect(200);
    let again = world.anonymous();
    let asked = attempt(&again, &party.email, PASSWORD).expect(200);
    enter_code(&again, &asked, &good).expect(422);
    assert!(again.cookie("sid").is_none(), "a code is taken once");
    // A new password does not take the second step away.
    world.anonymous().submit("/forgotten-password", "/forgotten-password", &[("email", &party.email)]);
    let link = world.link_to(&party.email);
    world.anonymous().submit(&link, &link, &[("password", "another 42 quiet anchors")]).sent_to();
    attempt(&again, &party.email, "another 42 quiet anchors").expect(200);
    assert!(again.cookie("sid").is_none());
    enter_code(&again, &asked, &code(world, &key)).expect(422);
}

fn recovery_code_is_accepted_once(world: &World) {
    let party = world.buyer();
    let here = world.browser(&party.email);
    let (_, codes) = switch_on(world, &here);
    let sign_in = |code: &str| {
        let browser = world.anonymous();
        let asked = attempt(&browser, &party.email, PASSWORD).expect(200);
        enter_code(&browser, &asked, code).status
    };
    assert_eq!(sign_in(&codes[3]), 303);
    assert_eq!(sign_in(&codes[3]), 422);
    assert_eq!(sign_in(&codes[4].to_uppercase().replace('-', " ")), 303, "however it is typed");
    assert!(here.page("/account/second-factor").expect(200).body.contains("8 recovery codes left"));
    world.drain();
    assert_eq!(world.mails_to(&party.email).last().unwrap().email.content.subject, "A recovery code was used");
    let renew = [("current_password", PASSWORD)];
    let fresh = here.submit("/account/second-factor", "/account/second-factor/recovery-codes", &renew).expect(200).body;
    assert_eq!(sign_in(&codes[5]), 422, "the old ones are worth nothing");
    assert_eq!(sign_in(between(&fresh, "<li><code>", "<")), 303);
}

fn enabling_two_factor_needs_password_and_code(world: &World) {
    let party = world.buyer();
    let here = world.browser(&party.email);
    let page = "/account/second-factor";
    here.submit(page, page, &[("current_password", "not the password")]).expect(422);
    here.submit(page, "/account/second-factor/confirm", &[("code", "123456")]).expect(409);
    here.submit(page, page, &[("current_password", PASSWORD)]).sent_to();
    here.submit(page, "/account/second-factor/confirm", &[("code", "not a code")]).expect(422);
    // Begun and not confirmed, it protects nothing and locks nobody out.
    world.browser(&party.email).page("/account").expect(200);
    switch_on(world, &here);
    here.submit(page, page, &[("current_password", PASSWORD)]).expect(409);
    here.submit(page, "/account/second-factor/remove", &[("current_password", "not the password")]).expect(422);
    assert_eq!(
        here.submit(page, "/account/second-factor/remove", &[("current_password", PASSWORD)]).sent_to(),
        "/account/second-factor?off"
    );
    world.browser(&party.email).page("/account").expect(200);
    world.drain();
    let subjects: Vec<_> = world.mails_to(&party.email).iter().map(|sent| sent.email.content.subject.clone()).collect();
    assert_eq!(subjects, ["Two-step verification is on", "Two-step verification is off"]);
}

fn pending_second_factor_ends(world: &World) {
    let party = world.buyer();
    let (key, codes) = switch_on(world, &world.browser(&party.email));
    let browser = world.anonymous();
    let asked = attempt(&browser, &party.email, PASSWORD).expect(200);
    world.clock.advance(Duration::minutes(11));
    enter_code(&browser, &asked, &code(world, &key)).expect(422);
    enter_code(&browser, &asked, &codes[0]).expect(422);
    let forged = browser.submit("/sign-in", "/sign-in/code", &[("step", "usr_1.x"), ("code", &codes[0])]);
    forged.expect(422);
    let asked = attempt(&browser, &party.email, PASSWORD).expect(200);
    enter_code(&browser, &asked, &codes[0]).sent_to();
}

fn authenticator_keys_are_stored_encrypted(world: &World) {
    use diesel::prelude::*;
    use tradepost::store::schema::{recovery_codes, second_factors};
    let party = world.buyer();
    let (key, codes) = switch_on(world, &world.browser(&party.email));
    let raw = Secret::try_from_base32(&key).unwrap();
    let (sealed, hashes): (Vec<String>, Vec<String>) = world
        .app
        .db
        .read(|conn| {
            let sealed = second_factors::table.select(second_factors::sealed_key).load(conn)?;
            Ok((sealed, recovery_codes::table.select(recovery_codes::code_hash).load(conn)?))
        })
        .unwrap();
    assert!(!sealed[0].contains(&key) && !sealed[0].as_bytes().windows(20).any(|part| part == raw.as_bytes()));
    assert!(hashes.len() == 10 && codes.iter().all(|code| !hashes.iter().any(|hash| hash.contains(code))));
}

/// Signs in with a code at the server; what came back.
fn sign_in_at(base: &str, email: &str, code: &str) -> Answer {
    let browser = Client::new(base, None);
    let asked = attempt(&browser, email, PASSWORD).expect(200);
    enter_code(&browser, &asked, code)
}

/// How many keys the secret key opens, the previous one, and neither.
fn seals(app: &App) -> (usize, usize, usize) {
    let KeyRotationStatus { current, previous, lost } =
        app.db.read(|conn| key_rotation_status(conn, &app.secrets)).unwrap();
    (current, previous, lost)
}

fn rotated_secret_key_reencrypts_authenticators(world: &World) {
    let (early, late) = (world.buyer(), world.supplier());
    let (early_key, _) = switch_on(world, &world.browser(&early.email));
    let (late_key, _) = switch_on(world, &world.browser(&late.email));
    let changed = world.another(|config| {
        config.secrets.previous_key = std::mem::replace(&mut config.secrets.key, SECOND.to_owned());
    });
    assert_eq!(seals(&changed.app), (0, 2, 0));
    world.clock.advance(Duration::seconds(30));
    assert_eq!(sign_in_at(&changed.base, &early.email, &code(world, &early_key)).status, 303);
    assert_eq!(seals(&changed.app), (1, 1, 0), "sealed anew at its use");
    sweep(&changed.app).unwrap();
    assert_eq!(seals(&changed.app), (2, 0, 0), "and what nobody uses too");
    // The next start without the old key: everybody signs in as before.
    let settled = world.another(|config| config.secrets.key = SECOND.to_owned());
    world.clock.advance(Duration::seconds(30));
    for (party, key) in [(&early, &early_key), (&late, &late_key)] {
        assert_eq!(sign_in_at(&settled.base, &party.email, &code(world, key)).status, 303);
    }
    assert_eq!(seals(&settled.app), (2, 0, 0));
}

/// The key of their time is gone: no fault, and a way in.
fn recovery_codes_work_after_the_secret_key_is_lost(world: &World) {
    let party = world.buyer();
    let (key, codes) = switch_on(world, &world.browser(&party.email));
    let waiting = world.supplier();
    let begun = world.browser(&waiting.email);
    begun.submit("/account/second-factor", "/account/second-factor", &[("current_password", PASSWORD)]).sent_to();
    let strange = world.another(|config| config.secrets.key = SECOND.to_owned());
    sweep(&strange.app).unwrap();
    assert_eq!(seals(&strange.app), (0, 0, 2), "nothing that cannot be opened is touched");
    world.clock.advance(Duration::seconds(30));
    let refused = sign_in_at(&strange.base, &party.email, &code(world, &key)).expect(422);
    assert!(refused.body.contains("Sign in with a recovery code"), "{}", refused.body);
    assert_eq!(sign_in_at(&strange.base, &party.email, &codes[0]).status, 303);
    sign_in_at(&strange.base, &party.email, &codes[0]).expect(422);
    // One that waits for its first code is begun anew.
    let again = Client::new(&strange.base, None);
    again.sign_in(&waiting.email, PASSWORD);
    let page = again.page("/account/second-factor").expect(200).body;
    assert!(page.contains("Set up") && !page.contains("data:image/svg+xml"), "{page}");
    again.submit("/account/second-factor", "/account/second-factor/confirm", &[("code", "123456")]).expect(409);
    // With the old key back, its codes are taken again.
    world.clock.advance(Duration::seconds(30));
    assert_eq!(sign_in_at(&world.base, &party.email, &code(world, &key)).status, 303);
    world.drain();
}
