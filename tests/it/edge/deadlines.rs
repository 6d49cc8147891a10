//! What takes too long is answered, and the answer says what was too slow.

use std::sync::mpsc::channel;

use tradepost::accounts::audit::AuthEvent;
use tradepost::locale::Language;

use super::headers::assert_guarded;
use crate::accounts::attempt;
use crate::support::{Answer, Database, Kind, PASSWORD, Setup, Wire, World, market, run};

/// A server that waits for nobody: a body may stand still for a moment, or take a moment in all.
struct Hasty(World);
/// The same, which reads at any pace but not for long.
struct Brief(World);
/// A server whose use cases must be done soon.
struct Prompt(World);

impl Setup for Hasty {
    fn on(database: Database) -> Self {
        Self(World::with(database, |config| {
            config.limits.grace_ms = 300;
            config.limits.head_ms = 300;
        }))
    }
}

impl Setup for Brief {
    fn on(database: Database) -> Self {
        Self(World::with(database, |config| config.limits.body_ms = 300))
    }
}

impl Setup for Prompt {
    fn on(database: Database) -> Self {
        Self(World::with(database, |config| config.limits.handler_ms = 1_000))
    }
}

fn stalled(world: &World, path: &str, kind: &str) -> Option<Answer> {
    let mut wire = Wire::to(&world.base);
    let head = format!("POST {path} HTTP/1.1\r\nHost: a\r\nOrigin: http://a\r\nContent-Type: {kind}\r\n");
    wire.send(format!("{head}Content-Length: 5000\r\n\r\n{{"));
    let answer = wire.answer();
    wire.rest();
    answer
}

fn every_kind_of_body_is_timed(world: &World) {
    // Together: the server lingers for three seconds with each, so that its answer is read.
    let (json, form) = std::thread::scope(|scope| {
        let json = scope.spawn(|| stalled(world, "/api/v1/customs/check", "application/json"));
        let form = stalled(world, "/sign-in", "application/x-www-form-urlencoded");
        (json.join().unwrap().expect("an answer"), form.expect("an answer"))
    });
    assert_eq!((json.status, json.problem().as_str()), (408, "request_timeout"));
    assert_eq!(form.status, 408);
    assert_guarded("POST /api/v1/customs/check", &json);
    assert_guarded("POST /sign-in", &form);
    assert!(form.header("content-type").is_some_and(|kind| kind.starts_with("text/html")), "{form:?}");
}

/// The database has no part in these.
#[test]
fn stalled_body_times_out() {
    run(Kind::Sqlite, |Hasty(world): &Hasty| every_kind_of_body_is_timed(world));
}

#[test]
fn missing_request_head_times_out() {
    run(Kind::Sqlite, |Hasty(world): &Hasty| {
        for begun in ["", "GET / HTTP/1.1\r\nHost: a\r\nX-Long: "] {
            let mut wire = Wire::to(&world.base);
            wire.send(begun);
            let answer = wire.answer().expect("an answer");
            assert_eq!((answer.status, answer.problem().as_str()), (408, "request_timeout"), "{begun:?}");
            assert!(wire.rest().is_empty());
        }
    });
}

#[test]
fn endless_body_times_out() {
    run(Kind::Sqlite, |Brief(world): &Brief| every_kind_of_body_is_timed(world));
}

#[test]
fn unavailable_database_is_no_failed_sign_in() {
    run(Kind::Sqlite, |Prompt(world): &Prompt| {
        let party = world.buyer();
        let browser = world.anonymous();
        browser.page("/sign-in").expect(200);
        let (held, is_held) = channel();
        let (release, released) = channel::<()>();
        std::thread::scope(|scope| {
            scope.spawn(move || {
                world.app.db.write(|_| {
                    let _ = held.send(());
                    let _ = released.recv();
                    Ok(())
                })
            });
            is_held.recv().unwrap();
            attempt(&browser, &party.email, PASSWORD).expect(503);
            drop(release);
        });
        let browser = world.browser(&party.email);
        // Whatever was still waiting for the writer was written before this session was.
        let page = browser.page("/account/security").expect(200).body;
        assert!(!page.contains(AuthEvent::SignInFailed.label(Language::English)), "{page}");
    });
}

/// One writer at a time is SQLite's: while somebody holds it, others wait, and get an answer before their patience ends.
#[test]
fn slow_use_case_times_out_and_runs_once() {
    run(Kind::Sqlite, |Prompt(world): &Prompt| {
        let buyer = world.buyer();
        buyer.get("/me").expect(200);
        let ask = || {
            let call = buyer.call("POST", "/rfqs").header("Idempotency-Key", "patience");
            call.json(&market::rfq("Valves for the patient")).send()
        };
        let (held, is_held) = channel();
        let (release, released) = channel::<()>();
        std::thread::scope(|scope| {
            scope.spawn(move || {
                world.app.db.write(|_| {
                    let _ = held.send(());
                    let _ = released.recv();
                    Ok(())
                })
            });
            is_held.recv().unwrap();
            let late = ask().expect(503);
            assert_eq!(late.problem(), "unavailable");
            assert!(late.header("retry-after").is_some());
            assert_guarded("POST /api/v1/rfqs", &late);
            drop(release);
        });
        ask().expect(201);
        let rfqs = buyer.get("/rfqs").expect(200).json();
        assert_eq!(rfqs["data"].as_array().map(Vec::len), Some(1), "{rfqs}");
    });
}
