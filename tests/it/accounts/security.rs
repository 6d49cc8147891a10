//! What protects an account: sessions, the password, the address.

use chrono::Duration;
use tradepost::store::Tx;

use super::{attempt, seen};
use crate::support::{Client, Database, HASH_KIB, PASSWORD, Setup, World};

both!(
    sessions_can_be_listed_and_ended,
    changed_password_ends_other_sessions,
    changed_address_is_confirmed_by_the_new_one_and_announced_to_the_old_one,
    changing_to_a_taken_address_reveals_nothing,
    account_changes_need_the_current_password,
    every_sign_in_creates_a_new_session,
    https_cookies_are_host_bound,
    failed_sign_in_does_not_reveal_accounts,
    weaker_password_hash_is_upgraded_at_sign_in,
);

const NEW: &str = "another 42 quiet anchors";

fn row_ids(page: &str) -> Vec<String> {
    let ids = page.split("name=\"session\" value=\"").skip(1);
    ids.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

fn sessions_can_be_listed_and_ended(world: &World) {
    let party = world.buyer();
    let (here, phone, fair) = (world.browser(&party.email), world.browser(&party.email), world.browser(&party.email));
    let foreign = world.browser(&world.supplier().email);
    let page = here.page("/account/security").expect(200).body;
    assert!(page.contains("(this device)") && page.matches("Nordwind Import").count() >= 3, "{page}");
    let others = row_ids(&page);
    assert_eq!(others.len(), 2);
    // Another's session is left alone.
    foreign.submit("/account/security", "/account/sessions/revoke", &[("session", &others[0])]).sent_to();
    phone.page("/account").expect(200);
    here.submit("/account/security", "/account/sessions/revoke", &[("session", &others[0])]).sent_to();
    let open = [&phone, &fair].iter().filter(|browser| browser.page("/account").status == 200).count();
    assert_eq!(open, 1);
    here.submit("/account/security", "/account/sessions/revoke", &[]).sent_to();
    for other in [&phone, &fair] {
        other.page("/account").expect(401);
    }
    here.page("/account").expect(200);
    world.browser(&party.email);
    world.clock.advance(Duration::hours(9));
    let back = world.browser(&party.email);
    assert!(row_ids(&back.page("/account/security").expect(200).body).is_empty(), "what has run out is not listed");
}

fn change(browser: &Client, current: &str, new: &str) -> crate::support::Answer {
    browser.submit("/account/security", "/account/password", &[("current_password", current), ("password", new)])
}

fn changed_password_ends_other_sessions(world: &World) {
    let party = world.buyer();
    let (here, other) = (world.browser(&party.email), world.browser(&party.email));
    let before = here.cookie("sid").unwrap();
    assert!(change(&here, "not the password", NEW).expect(422).body.contains("href=\"#f-current_password\""));
    assert!(change(&here, PASSWORD, "password1234").expect(422).body.contains("href=\"#f-password\""));
    other.page("/account").expect(200);
    assert_eq!(change(&here, PASSWORD, NEW).sent_to(), "/account/security?password");
    assert_ne!(here.cookie("sid").unwrap(), before);
    here.page("/account").expect(200);
    other.page("/account").expect(401);
    let old = world.anonymous().browser("GET", "/account").header("Cookie", &format!("sid={before}")).send();
    assert_eq!(old.status, 401);
    attempt(&world.anonymous(), &party.email, PASSWORD).expect(422);
    world.anonymous().sign_in(&party.email, NEW);
    world.drain();
    assert_eq!(world.mails_to(&party.email)[0].email.content.subject, "Your password was changed");
}

fn ask(browser: &Client, email: &str) -> crate::support::Answer {
    browser.submit("/account/security", "/account/email", &[("current_password", PASSWORD), ("email", email)])
}

fn changed_address_is_confirmed_by_the_new_one_and_announced_to_the_old_one(world: &World) {
    let party = world.buyer();
    let here = world.browser(&party.email);
    world.anonymous().submit("/forgotten-password", "/forgotten-password", &[("email", &party.email)]);
    let reset = world.link_to(&party.email);
    assert_eq!(ask(&here, "new@nordwind.example").sent_to(), "/account/security?email");
    let link = world.link_to("new@nordwind.example");
    world.browser(&party.email).page("/account").expect(200);
    let page = world.anonymous().page(&link).expect(200);
    assert!(!page.body.contains(&party.email));
    world.anonymous().submit(&link, &link, &[]).expect(200);
    world.anonymous().submit("/sign-in", &link, &[]).expect(404);
    world.anonymous().page(&reset).expect(404);
    attempt(&world.anonymous(), &party.email, PASSWORD).expect(422);
    world.browser("new@nordwind.example");
    world.drain();
    let told = world.mails_to(&party.email).last().unwrap().email.clone();
    assert_eq!(told.content.subject, "Your e-mail address was changed");
    assert!(!String::from_utf8_lossy(&world.mails_to(&party.email).last().unwrap().raw).contains("new@nordwind"));
}

fn changing_to_a_taken_address_reveals_nothing(world: &World) {
    let (party, other) = (world.buyer(), world.supplier());
    let here = world.browser(&party.email);
    let (taken, free) = (ask(&here, &other.email), ask(&here, "free@nordwind.example"));
    assert_eq!(seen(&taken), seen(&free));
    world.drain();
    let told = &world.mails_to(&other.email)[0].email.content;
    assert_eq!(told.subject, "Your e-mail address already has an account");
    // It was free when the e-mail was sent, and somebody took it before the link was used.
    let link = world.link_to("free@nordwind.example");
    super::sign_up(world, "free@nordwind.example").sent_to();
    world.anonymous().submit(&link, &link, &[]).expect(409);
    world.browser(&party.email).page("/account").expect(200);
    world.drain();
}

fn account_changes_need_the_current_password(world: &World) {
    let party = world.buyer();
    let here = world.browser(&party.email);
    let fields = [("current_password", "not the password"), ("email", "thief@evil.example")];
    here.submit("/account/security", "/account/email", &fields).expect(422);
    world.drain();
    assert!(world.mails().is_empty());
}

fn every_sign_in_creates_a_new_session(world: &World) {
    let party = world.buyer();
    let browser = world.browser(&party.email);
    let first = browser.cookie("sid").unwrap();
    browser.sign_in(&party.email, PASSWORD);
    let second = browser.cookie("sid").unwrap();
    assert_ne!(first, second);
    let old = world.anonymous().browser("GET", "/account").header("Cookie", &format!("sid={first}")).send();
    assert_eq!(old.status, 401, "the cookie from before the sign-in is worth nothing");
    // A cookie that somebody planted is never taken over.
    let planted = world.anonymous();
    let form = planted.page("/sign-in");
    assert!(form.body.contains("name=\"csrf\""));
    let fields = [("email", party.email.as_str()), ("password", PASSWORD)];
    let answer = planted.submit("/sign-in", "/sign-in", &fields).expect(303);
    let cookie = answer.header("set-cookie").unwrap();
    let exact = cookie.split_once(';').unwrap().1;
    assert_eq!(exact, " HttpOnly; SameSite=Lax; Path=/; Max-Age=604800");
}

/// A world that people reach by https.
struct Https(World);

impl Setup for Https {
    fn on(database: Database) -> Self {
        Self(World::with(database, |config| config.server.public_url = "https://trade.example".to_owned()))
    }
}

fn https_cookies_are_host_bound(Https(world): &Https) {
    let party = world.buyer();
    let browser = world.anonymous();
    let form = browser.page("/sign-in").expect(200);
    let rest = |cookie: &str| cookie.split_once(';').unwrap().1.to_owned();
    let cookie = form.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-form="), "{cookie}");
    assert_eq!(rest(cookie), " HttpOnly; SameSite=Lax; Secure; Path=/");
    attempt(&browser, &party.email, PASSWORD).expect(403);
    let token = browser.token_on("/sign-in").unwrap();
    let typed = [("email", party.email.as_str()), ("password", PASSWORD), ("csrf", &token)];
    let answer = browser
        .browser("POST", "/sign-in")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .header("Origin", "https://trade.example")
        .bytes(serde_urlencoded::to_string(typed).unwrap().into_bytes())
        .send()
        .expect(303);
    browser.keep_cookie(&answer);
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-sid="), "{cookie}");
    assert_eq!(rest(cookie), " HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=604800");
    browser.page("/account").expect(200);
}

/// One answer and one hash, whether the address has an account, has none, or has one that is switched off.
fn failed_sign_in_does_not_reveal_accounts(world: &World) {
    use diesel::prelude::*;
    use tradepost::store::schema::users;
    let (party, off) = (world.buyer(), world.supplier());
    let now = world.clock.now().naive_utc();
    let off_row = || users::table.find(off.person.0);
    let disable = |tx: &mut Tx| Ok(diesel::update(off_row()).set(users::disabled_at.eq(now)).execute(tx.conn())?);
    world.app.db.write(disable).unwrap();
    let mut answers = Vec::new();
    for email in [party.email.as_str(), "nobody@company.example", &off.email] {
        let start = world.app.hasher.computed();
        let (status, mut headers, body) = seen(&attempt(&world.anonymous(), email, "not the password"));
        // What was typed stands in the form again.
        headers.retain(|(name, _)| name != "content-length");
        assert_eq!(world.app.hasher.computed() - start, 1, "{email}");
        answers.push((status, headers, body.replace(email, "EMAIL")));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
    attempt(&world.anonymous(), &off.email, PASSWORD).expect(422);
}

fn weaker_password_hash_is_upgraded_at_sign_in(world: &World) {
    use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version};
    use diesel::prelude::*;
    use tradepost::store::schema::users;
    let party = world.buyer();
    let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(HASH_KIB / 2, 1, 1, None).unwrap());
    let weak = weak.hash_password(PASSWORD.as_bytes()).unwrap().to_string();
    let row = || users::table.find(party.person.0);
    let store = |tx: &mut Tx| Ok(diesel::update(row()).set(users::password_hash.eq(&weak)).execute(tx.conn())?);
    world.app.db.write(store).unwrap();
    let stored =
        || -> String { world.app.db.read(|conn| Ok(row().select(users::password_hash).first(conn)?)).unwrap() };
    attempt(&world.anonymous(), &party.email, "not the password").expect(422);
    assert_eq!(stored(), weak);
    world.browser(&party.email);
    assert!(stored().starts_with(&format!("$argon2id$v=19$m={HASH_KIB},t=2,p=1$")), "{}", stored());
    world.browser(&party.email);
}
