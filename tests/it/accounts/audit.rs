//! What happens to accounts is noted, for the operator and for the person, without a word that is nobody's business.

use std::sync::{Mutex, Once};

use log::{Log, Metadata, Record};
use serde_json::json;
use tradepost::accounts::actions::audit::find_user_id;
use tradepost::accounts::audit::AuthEvent;

use super::second_factor::{enter_code, switch_on};
use super::{attempt, sign_up};
use crate::support::{Client, PASSWORD, World};

both!(
    audit_events_hold_no_secrets,
    every_event_is_recorded,
    users_see_their_recent_activity,
    log_line_cannot_be_forged,
);

/// Keeps the lines of this process.
struct Lines(Mutex<Vec<String>>);

impl Log for Lines {
    fn enabled(&self, _: &Metadata) -> bool {
        true
    }
    fn log(&self, record: &Record) {
        if record.target().starts_with("tradepost") {
            self.0.lock().unwrap().push(format!("{} {}", record.target(), record.args()));
        }
    }
    fn flush(&self) {}
}

static LINES: Lines = Lines(Mutex::new(Vec::new()));

fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        log::set_logger(&LINES).unwrap();
        log::set_max_level(log::LevelFilter::Info);
    });
}

fn lines_with(word: &str) -> Vec<String> {
    LINES.0.lock().unwrap().iter().filter(|line| line.contains(word)).cloned().collect()
}

fn audit_events_hold_no_secrets(world: &World) {
    listen();
    let party = world.party("Canary Imports", "DE");
    let wrong = "canary wrong password 5551";
    attempt(&world.anonymous(), &party.email, wrong).expect(422);
    attempt(&world.anonymous(), "canary5552@nobody.example", wrong).expect(422);
    let browser = world.browser(&party.email);
    world.anonymous().submit("/forgotten-password", "/forgotten-password", &[("email", &party.email)]);
    let link = world.link_to(&party.email);
    let new = "canary new password 5553";
    world.anonymous().submit(&link, &link, &[("password", new)]).sent_to();
    drop(browser);
    let browser = world.anonymous();
    browser.sign_in(&party.email, new);
    let sid = browser.cookie("sid").unwrap();
    let made = browser.submit("/account", "/account/api-keys", &[("name", "erp"), ("scopes", "rfqs:read")]).expect(200);
    let key = made.body.split("tp_live_").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let made = party.post("/api-keys", &json!({"name": "two", "scopes": ["rfqs:read"]})).expect(201);
    let revoked = party.call("DELETE", &format!("/api-keys/{}", made.id()));
    assert_eq!(revoked.header("If-Match", made.header("etag").unwrap()).send().status, 204);
    let limited = Client::new(&world.base, Some(format!("tp_live_{key}")));
    limited.post("/rfqs", &json!({"title": "x"})).expect(403);
    browser.submit("/account", "/sign-out", &[]).sent_to();
    let person = party.person.to_string();
    let noted = lines_with(&person);
    for event in ["sign_in_failed", "reset_asked", "password_reset", "signed_in", "key_made", "signed_out"] {
        let line = noted.iter().find(|line| line.contains(&format!("event={event} ")));
        let line = line.unwrap_or_else(|| panic!("{event} is not noted: {noted:#?}"));
        let request = line.split("request=").nth(1).unwrap();
        assert!(request.len() >= 16 && line.starts_with("tradepost::auth "), "{line}");
    }
    let company = lines_with(&party.company.to_string());
    for event in ["key_revoked", "refused"] {
        assert!(company.iter().any(|line| line.contains(&format!("event={event} "))), "{event}: {company:#?}");
    }
    let secret = link.rsplit('/').next().unwrap();
    let canaries = ["canary", &party.email, &sid, &key, secret, PASSWORD];
    for canary in canaries {
        assert_eq!(lines_with(canary), Vec::<String>::new(), "{canary} is in the log");
    }
}

/// Each event is made once, by those who make it in life; no secret and no address that was used on the way is in any line.
fn every_event_is_recorded(world: &World) {
    listen();
    let changes = ["first canary harbour 71", "second canary harbour 72", "third canary harbour 73"];
    let [before, after, third] = changes;
    let mut secrets = changes.map(str::to_owned).to_vec();
    let mut link_to = |email: &str| {
        let link = world.link_to(email);
        secrets.push(link.rsplit('/').next().unwrap().to_owned());
        link
    };
    let (email, moved, kim) = ("canary6661@novo.example", "canary6662@novo.example", "canary6663@novo.example");
    sign_up(world, email).sent_to();
    let link = link_to(email);
    world.anonymous().submit(&link, &link, &[]).expect(200);
    attempt(&world.anonymous(), email, before).expect(422);
    let here = world.browser(email);
    let change = [("current_password", PASSWORD), ("password", after)];
    here.submit("/account/security", "/account/password", &change).sent_to();
    world.anonymous().submit("/forgotten-password", "/forgotten-password", &[("email", email)]);
    let link = link_to(email);
    world.anonymous().submit(&link, &link, &[("password", PASSWORD)]).sent_to();
    let here = world.browser(email);
    here.submit("/account/security", "/account/email", &[("current_password", PASSWORD), ("email", moved)]).sent_to();
    let link = link_to(moved);
    world.anonymous().submit(&link, &link, &[]).expect(200);
    let (email, here) = (moved, world.browser(moved));

    let (key, codes) = switch_on(world, &here);
    let known = [("current_password", PASSWORD)];
    here.submit("/account/second-factor", "/account/second-factor/recovery-codes", &known).expect(200);
    here.submit("/account/second-factor", "/account/second-factor/remove", &known).sent_to();
    let (_, fresh) = switch_on(world, &here);
    let elsewhere = world.anonymous();
    let asked = attempt(&elsewhere, email, PASSWORD).expect(200);
    enter_code(&elsewhere, &asked, &fresh[0]).sent_to();
    here.submit("/account/security", "/account/sessions/revoke", &[]).sent_to();

    let made = here.submit("/account", "/account/api-keys", &[("name", "erp"), ("scopes", "account:read")]).expect(200);
    let secret = made.body.split("tp_live_").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let limited = Client::new(&world.base, Some(format!("tp_live_{secret}")));
    limited.post("/rfqs", &json!({"title": "x"})).expect(403);
    let person = find_user_id(&world.app, email).unwrap().unwrap();
    let company = limited.get("/me").expect(200).text("/companies/0/id");
    let ids = here.page("/account").body;
    let revoke = ids.split("/account/api-keys/").nth(1).unwrap().split('/').next().unwrap();
    here.submit("/account", &format!("/account/api-keys/{revoke}/revoke"), &[]).sent_to();

    let invite = |role: &str| {
        here.submit("/account/members", "/account/members", &[("email", kim), ("role", role)]).sent_to();
    };
    let within = |page: &str, before: &str| page.split(before).nth(1).unwrap().split('/').next().unwrap().to_owned();
    invite("viewer");
    let waiting = within(&here.page("/account/members").body, "/account/invitations/");
    here.submit("/account/members", &format!("/account/invitations/{waiting}/revoke"), &[]).sent_to();
    invite("viewer");
    let link = link_to(kim);
    let joining = world.anonymous();
    joining.submit(&link, &link, &[("name", "Kim"), ("password", third)]).sent_to();
    let joined = find_user_id(&world.app, kim).unwrap().unwrap();
    let of_kim = format!("/account/members/{joined}");
    here.submit("/account/members", &of_kim, &[("role", "trader")]).sent_to();
    here.submit("/account/members", &format!("{of_kim}/remove"), &[]).sent_to();
    let other = world.anonymous();
    let asked = attempt(&other, email, PASSWORD).expect(200);
    enter_code(&other, &asked, &fresh[1]).sent_to();
    other.submit("/account", "/sign-out", &[]).sent_to();
    here.submit("/account/exports", "/account/exports", &[]).sent_to();
    world.drain();
    let exports = here.page("/account/exports").body;
    let ready = within(&exports, "href=\"/account/exports/");
    here.page(&format!("/account/exports/{ready}/content")).expect(200);
    let sid = here.cookie("sid").unwrap();
    here.submit("/account/close", "/account/close", &known).sent_to();
    world.drain();

    let ids = [person.to_string(), joined.to_string(), company];
    let noted: Vec<String> = ids.iter().flat_map(|id| lines_with(id)).collect();
    for event in AuthEvent::ALL {
        let is_of = |line: &&String| line.starts_with("tradepost::auth ") && line.contains(&format!(" event={event} "));
        assert!(noted.iter().find(is_of).is_some(), "{event} is not noted: {noted:#?}");
    }
    secrets.extend([key, secret, sid].into_iter().chain(codes).chain(fresh));
    secrets.extend(["canary".to_owned(), PASSWORD.to_owned()]);
    for secret in secrets {
        assert_eq!(lines_with(&secret), Vec::<String>::new(), "{secret} is in the log");
    }
}

fn users_see_their_recent_activity(world: &World) {
    let party = world.buyer();
    attempt(&world.anonymous(), &party.email, "not the password").expect(422);
    let browser = world.browser(&party.email);
    let page = browser.page("/account/security").expect(200).body;
    assert!(page.contains("sign-in failed") && page.contains("signed in"), "{page}");
    let other = world.browser(&world.supplier().email);
    assert!(!other.page("/account/security").expect(200).body.contains("sign-in failed"));
    world.clock.advance(chrono::Duration::days(91));
    tradepost::workers::sweep(&world.app).unwrap();
    let browser = world.browser(&party.email);
    assert!(!browser.page("/account/security").expect(200).body.contains("sign-in failed"), "kept for 90 days");
}

fn log_line_cannot_be_forged(world: &World) {
    listen();
    let browser = world.anonymous();
    let token = browser.page("/sign-in").body;
    let token = token.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let evil = "x@y.example%0D%0Atradepost::auth%20event%3Dforged5554";
    browser
        .browser("POST", "/sign-in")
        .header("Origin", &world.base)
        .header("User-Agent", "Firefox event=forged5554")
        .header("X-Request-Id", "forged5554 event")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .bytes(format!("csrf={token}&email={evil}&password={evil}").into_bytes())
        .send()
        .expect(422);
    assert_eq!(lines_with("forged5554"), Vec::<String>::new());
}
