//! A flood of sign-ins: what waits for a password hash is bounded, and whoever only reads waits for none of it.

use std::sync::Barrier;
use std::time::{Duration, Instant};

use tradepost::passwords::LEAST_MEMORY_KIB;

use crate::accounts::attempt;
use crate::support::{Answer, Client, Database, PASSWORD, Setup, World};

both!(flood_of_sign_ins_is_refused_at_once);

/// A world that computes one hash at a time, for which one more request may wait.
struct Narrow(World);

impl Setup for Narrow {
    fn on(database: Database) -> Self {
        Self(World::with(database, |config| {
            config.limits.password_hashes = 1;
            config.limits.password_queue = 2;
            // As long as a hash takes where people sign in.
            config.limits.password_memory_kib = LEAST_MEMORY_KIB;
        }))
    }
}

const STRANGERS: usize = 24;

fn flood_of_sign_ins_is_refused_at_once(Narrow(world): &Narrow) {
    let party = world.buyer();
    let browsers: Vec<Client> = (0..STRANGERS).map(|_| world.anonymous()).collect();
    let (gate, reader) = (Barrier::new(STRANGERS + 1), world.anonymous());
    let (answers, waited) = std::thread::scope(|scope| {
        let strangers: Vec<_> = browsers
            .iter()
            .enumerate()
            .map(|(number, browser)| {
                let gate = &gate;
                scope.spawn(move || {
                    gate.wait();
                    attempt(browser, &format!("stranger{number}@company.example"), "not the password")
                })
            })
            .collect();
        gate.wait();
        let begun = Instant::now();
        reader.page("/livez").expect(200);
        reader.page("/about/ranking").expect(200);
        let waited = begun.elapsed();
        (strangers.into_iter().map(|stranger| stranger.join().unwrap()).collect::<Vec<Answer>>(), waited)
    });
    let of = |status: u16| answers.iter().filter(|answer| answer.status == status).collect::<Vec<_>>();
    assert_eq!(of(422).len() + of(503).len(), STRANGERS, "each is answered");
    assert!(!of(422).is_empty() && !of(503).is_empty(), "{} of {STRANGERS} were refused", of(503).len());
    assert!(of(503).iter().all(|answer| answer.header("retry-after") == Some("5")));
    assert!(waited < Duration::from_secs(5), "{waited:?}");
    // And when it is over, who they are does not matter.
    attempt(&world.anonymous(), &party.email, PASSWORD).expect(303);
}
