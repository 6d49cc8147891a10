//! Sixteen who write and sixteen who read at the same time, and one after the other who join: everybody is served and nobody for long,
//! e-mails go soon, nothing is lost, and what SQLite writes beside its file stays bounded.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chrono::NaiveDateTime;
use diesel::prelude::*;
use tradepost::accounts::jobs::EMAIL_JOBS;
use tradepost::on_each;
use tradepost::store::Engine;
use tradepost::store::schema::{jobs, listings};

use super::node::{Place, RaisedAtTheEnd};
use crate::accounts::newcomer;
use crate::faults::checker::check_integrity;
use crate::support::{Client, Kind, Times, figures_hold, market, wait_for};

both!(concurrent_users_are_served);

/// How many write, and how many read.
const EACH: usize = 16;
/// What a write takes, but for one in a hundred, by the released program.
const QUICK: Duration = Duration::from_millis(250);
/// What it takes from the transaction that enqueues an e-mail to its being handed over, but for one in a hundred.
const SOON: Duration = Duration::from_secs(2);
/// How often PostgreSQL looks after its tables.
const TENDED_EVERY: Duration = Duration::from_secs(5);
/// The most bytes of the log beside the file.
const MOST_LOG: u64 = 64 << 20;

/// For how many seconds; the nightly run sets the variable to 300.
fn lasts() -> Duration {
    let asked = std::env::var("TRADEPOST_TEST_CROWD_S").ok().and_then(|text| text.parse().ok());
    Duration::from_secs(asked.unwrap_or(2))
}

fn concurrent_users_are_served(place: &Place) {
    let registered = place.register();
    let key = || Some(registered.clone());
    let _server = place.serve(&[]);
    let (ended, until) = (AtomicBool::new(false), Instant::now() + lasts());
    // Who fails ends the work of all others.
    let again_and_again = |bearer: Option<String>, one: &dyn Fn(&Client, usize)| {
        let _end = RaisedAtTheEnd(&ended);
        let client = Client::new(&place.base(), bearer);
        let mut took = Vec::new();
        // Everybody does it once, however late the machine lets them begin: without the one sign-up there is no e-mail to look at.
        loop {
            let begun = Instant::now();
            one(&client, took.len());
            took.push(begun.elapsed());
            if Instant::now() >= until || ended.load(Ordering::SeqCst) {
                break took;
            }
        }
    };
    let (written, read): (Vec<_>, Vec<_>) = std::thread::scope(|scope| {
        let (again_and_again, key) = (&again_and_again, &key);
        let start = |who: usize| {
            let writer = scope.spawn(move || {
                again_and_again(key(), &|client, number| {
                    client.post("/listings", &market::listing(&format!("C{who}-{number}"))).expect(201);
                })
            });
            let reader = scope.spawn(move || {
                again_and_again(key(), &|client, number| {
                    let path = ["/listings?limit=10", "/search/listings?q=valve"][number % 2];
                    client.get(path).expect(200);
                })
            });
            (writer, reader)
        };
        scope.spawn(move || {
            again_and_again(None, &|client, number| {
                let email = format!("somebody{number}@novo.example");
                client.submit("/sign-up", "/sign-up", &newcomer(&email)).sent_to();
            })
        });
        scope.spawn(|| tend(place, &ended, until));
        let all: Vec<_> = (0..EACH).map(start).collect();
        all.into_iter().map(|(writer, reader)| (writer.join().unwrap(), reader.join().unwrap())).unzip()
    });
    let [written, read] = [written, read].map(|took| Times::new(took.concat()));
    for (what, took) in [("writes", &written), ("reads", &read)] {
        eprintln!("{} {what}: {:?}, p99 {:?}, at most {:?}", took.count(), took.at(50), took.at(99), took.at(100));
    }
    assert!(written.count() >= EACH && read.count() >= EACH, "too few were served to prove anything");
    assert!(!figures_hold() || written.at(99) < QUICK, "a write takes {:?}", written.at(99));
    let handed_over = emails(place);
    eprintln!("{} e-mails: {:?}, p99 {:?}", handed_over.count(), handed_over.at(50), handed_over.at(99));
    assert!(!figures_hold() || handed_over.at(99) < SOON, "an e-mail takes {:?}", handed_over.at(99));
    let engine = Engine::from_url(&place.database.url).unwrap();
    let kept: i64 = engine.look(|conn| Ok(on_each!(conn, |c| listings::table.count().get_result(c))?)).unwrap();
    assert_eq!(usize::try_from(kept).unwrap(), written.count());
    if let Engine::Sqlite(file) = &engine {
        let log = file.with_extension("sqlite-wal").metadata().map_or(0, |log| log.len());
        assert!(log <= MOST_LOG, "the log is {log} bytes long");
    }
    check_integrity(&place.database);
}

/// Does now and then what PostgreSQL does by itself where its tests do not forbid it, to save time: looks how its tables have grown.
/// A plan of the time when they were empty reads all that a company has for each page of a list.
fn tend(place: &Place, ended: &AtomicBool, until: Instant) {
    let engine = Engine::from_url(&place.database.url).unwrap();
    if place.database.kind == Kind::Sqlite {
        return;
    }
    while Instant::now() < until && !ended.load(Ordering::SeqCst) {
        engine.look(|conn| Ok(on_each!(conn, |c| diesel::sql_query("ANALYZE").execute(c))?)).unwrap();
        // As often as an autovacuum comes by.
        std::thread::sleep(TENDED_EVERY.min(until.saturating_duration_since(Instant::now())));
    }
}

/// How long each e-mail took until it was handed over, when all are.
fn emails(place: &Place) -> Times {
    let engine = Engine::from_url(&place.database.url).unwrap();
    let open = || -> i64 {
        let open = jobs::table.filter(jobs::kind.eq_any(EMAIL_JOBS)).filter(jobs::done_at.is_null());
        engine.look(|conn| Ok(open.count().get_result(conn)?)).unwrap()
    };
    wait_for("every e-mail to go", || open() == 0);
    // One that another job enqueued since is not among them.
    let emails = jobs::table
        .filter(jobs::kind.eq_any(EMAIL_JOBS))
        .filter(jobs::done_at.is_not_null())
        .select((jobs::created_at, jobs::done_at.assume_not_null()));
    let rows: Vec<(NaiveDateTime, NaiveDateTime)> = engine.look(|conn| Ok(emails.load(conn)?)).unwrap();
    let took = |(enqueued, done): (NaiveDateTime, NaiveDateTime)| (done - enqueued).to_std().unwrap();
    Times::new(rows.into_iter().map(took).collect())
}
