//! A forgotten password, and the race for its link.

use std::thread;

use chrono::Duration;

use super::{attempt, seen};
use crate::support::{PASSWORD, World, market};

both!(
    password_reset_ends_sessions_and_links,
    asking_for_an_email_tells_a_stranger_nothing,
    reset_link_works_once_among_twenty_concurrent_uses,
    weak_password_does_not_consume_the_reset_link,
    the_host_of_a_request_is_in_no_email,
    account_links_are_stored_only_as_hashes,
    who_waits_for_an_email_waits_for_no_crowd,
);

const NEW: &str = "another 42 quiet anchors";

fn ask(world: &World, email: &str) -> crate::support::Answer {
    world.anonymous().submit("/forgotten-password", "/forgotten-password", &[("email", email)])
}

fn password_reset_ends_sessions_and_links(world: &World) {
    let party = world.buyer();
    let sessions = [(); 3].map(|()| world.browser(&party.email));
    ask(world, &party.email).sent_to();
    let first = world.link_to(&party.email);
    ask(world, &party.email).sent_to();
    let link = world.link_to(&party.email);
    world.anonymous().page(&first).expect(404);
    let browser = world.anonymous();
    assert_eq!(browser.submit(&link, &link, &[("password", NEW)]).sent_to(), "/sign-in?after=password");
    assert!(browser.cookie("sid").is_none(), "nobody is signed in by it");
    for session in &sessions {
        session.page("/account").expect(401);
    }
    attempt(&world.anonymous(), &party.email, PASSWORD).expect(422);
    browser.sign_in(&party.email, NEW);
    world.drain();
    let told = world.mails_to(&party.email).last().unwrap().email.clone();
    assert_eq!(told.content.subject, "Your password was changed");
    world.anonymous().submit("/sign-in", &link, &[("password", NEW)]).expect(404);
    // The company's programs go on.
    party.get("/me").expect(200);
}

fn asking_for_an_email_tells_a_stranger_nothing(world: &World) {
    let party = world.buyer();
    let hashes = world.app.hasher.computed();
    let (known, unknown) = (ask(world, &party.email), ask(world, "nobody@company.example"));
    assert_eq!(seen(&known), seen(&unknown));
    assert_eq!(world.app.hasher.computed(), hashes);
    for _ in 0..5 {
        assert_eq!(seen(&ask(world, &party.email)), seen(&unknown));
    }
    world.drain();
    assert_eq!(world.mails().len(), 1, "a newer link takes the place of one that was not sent yet");
    world.pass(Duration::hours(25));
    for _ in 0..5 {
        ask(world, &party.email);
        world.drain();
    }
    assert_eq!(world.mails().len(), 4, "three a day");
}

fn reset_link_works_once_among_twenty_concurrent_uses(world: &World) {
    let party = world.buyer();
    ask(world, &party.email);
    let link = world.link_to(&party.email);
    let statuses: Vec<u16> = thread::scope(|scope| {
        let one = |number: usize| {
            let link = &link;
            scope.spawn(move || {
                let browser = world.anonymous();
                browser.submit("/sign-in", link, &[("password", &format!("{NEW} number {number}"))]).status
            })
        };
        let all: Vec<_> = (0..20).map(one).collect();
        all.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [303, 404].contains(status)), "{statuses:?}");
}

fn weak_password_does_not_consume_the_reset_link(world: &World) {
    let party = world.buyer();
    ask(world, &party.email);
    let link = world.link_to(&party.email);
    let browser = world.anonymous();
    for weak in ["short", "password1234", party.email.as_str()] {
        let refused = browser.submit(&link, &link, &[("password", weak)]).expect(422);
        assert!(refused.body.contains("href=\"#f-password\""), "{}", refused.body);
    }
    browser.submit(&link, &link, &[("password", NEW)]).sent_to();
}

fn the_host_of_a_request_is_in_no_email(world: &World) {
    let party = world.buyer();
    let form = world.anonymous();
    form.page("/forgotten-password");
    let token = form.page("/forgotten-password").body;
    let token = token.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    form.browser("POST", "/forgotten-password")
        .header("Host", "evil.example")
        .header("X-Forwarded-Host", "evil.example")
        .header("Origin", &world.base)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .bytes(format!("csrf={token}&email={}", party.email).into_bytes())
        .send()
        .expect(303);
    world.drain();
    let raw = String::from_utf8_lossy(&world.mails_to(&party.email)[0].raw).into_owned();
    assert!(raw.contains("/new-password/") && !raw.contains("evil"), "{raw}");
}

/// What a dump or a backup holds opens nothing: the e-mails that wait hold their links sealed.
fn account_links_are_stored_only_as_hashes(world: &World) {
    use diesel::prelude::*;
    use tradepost::store::schema::{account_tokens, invitations, jobs};
    let party = world.buyer();
    ask(world, &party.email);
    let invited = serde_json::json!({"email": "kim@nordwind.example", "role": "trader"});
    party.post(&format!("/companies/{}/members", party.company), &invited).expect(201);
    let held = || -> Vec<String> {
        world
            .app
            .db
            .read(|conn| {
                let mut all: Vec<String> = jobs::table.select(jobs::payload).load(conn)?;
                all.extend(account_tokens::table.select(account_tokens::secret_hash).load::<String>(conn)?);
                all.extend(invitations::table.select(invitations::secret_hash).load::<String>(conn)?);
                Ok(all)
            })
            .unwrap()
    };
    let before = held();
    assert!(before.iter().any(|text| text.contains("sealed")), "e-mails wait");
    for email in [party.email.as_str(), "kim@nordwind.example"] {
        let link = world.link_to(email);
        let secret = link.rsplit('/').next().unwrap();
        assert_eq!(secret.len(), 43, "32 random bytes");
        for text in before.iter().chain(&held()) {
            assert!(!text.contains(secret) && !text.contains("kim@nordwind"), "{text}");
        }
        world.anonymous().page(&link).expect(200);
    }
}

/// A published RFQ may be told to thousands of suppliers; a link that somebody waits for, and the news of one's own trade, go
/// before they get an answer, and so does the job that makes a link.
fn who_waits_for_an_email_waits_for_no_crowd(world: &World) {
    use diesel::prelude::*;
    use tradepost::store::schema::jobs;
    let (supplier, buyer) = (world.supplier(), world.buyer());
    supplier.publish_listing(&market::listing("V-1"));
    world.drain();
    let rfq = buyer.publish_rfq(&market::rfq("Brass ball valves DN20"));
    world.drain();
    supplier.post(&format!("/rfqs/{rfq}/quotes"), &market::quote("3.21")).expect(201);
    ask(world, &buyer.email).sent_to();
    world.drain();
    let rows = jobs::table.select((jobs::kind, jobs::payload, jobs::priority));
    let rows: Vec<(String, String, i32)> = world.app.db.read(|conn| Ok(rows.load(conn)?)).unwrap();
    let of = |kind: &str, word: &str| {
        let found = rows.iter().find(|(known, payload, _)| known == kind && payload.contains(word));
        found.unwrap_or_else(|| panic!("no {kind} with {word}: {rows:?}")).2
    };
    let match_email = of("send_letter", "\"matches\"");
    assert!(of("answer", "") > of("rfq_published", "") && of("send_link", "") > match_email, "{rows:?}");
    assert!(of("send_letter", "\"transactional\"") > match_email, "{rows:?}");
}
