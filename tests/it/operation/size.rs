//! A platform of size: a killed server is ready again at once, a backup holds up nobody who writes, and it comes back soon.
//!
//! Every day with a little one; at night with the sizes that the variables below ask for, and with the program as it is released.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use diesel::prelude::*;
use serde_json::{Value, json};
use tradepost::on_each;
use tradepost::store::Engine;

use super::node::{Place, Process, RaisedAtTheEnd, free_port, total};
use crate::support::{Client, Database, Setup, Times, figures_hold, market, wait_at_most};

both!(large_platform_can_be_backed_up_and_restored);

/// A restore has to be over by then.
const RESTORED: Duration = Duration::from_secs(120);
/// A killed server is ready again by then, where all that is asked for at night is there and the program is the released one.
const READY: Duration = Duration::from_secs(3);
/// So many times longer a write may take beside a backup, but for one in a hundred.
const SLOWED: f64 = 2.0;
/// So many writes a second go on beside it.
const LEAST_RATE: f64 = 50.0;
/// Who writes, side by side.
const WRITERS: usize = 2;
/// The index of all leads is filled by then.
const FILLED: Duration = Duration::from_secs(600);
/// Each of them writes this often.
const PACE: Duration = Duration::from_millis(20);
/// Bytes of a row of ballast, and how many such rows one statement makes.
const ROW: usize = 1_800;
const ROWS: usize = 1_000;

fn asked(variable: &str, usual: usize) -> usize {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// A place whose database the program itself made.
struct Large(Place);

impl Setup for Large {
    fn on(database: Database) -> Self {
        let database = Database::empty(database.kind).unwrap();
        let data = database.folder().join("served");
        std::fs::create_dir_all(&data).unwrap();
        Self(Place { database, data, port: free_port() })
    }
}

fn large_platform_can_be_backed_up_and_restored(Large(place): &Large) {
    let (leads, mib) = (asked("TRADEPOST_TEST_LEADS", 200), asked("TRADEPOST_TEST_DATABASE_MIB", 20));
    place.run(&["migrate"]);
    let key = place.register();
    place.run(&["load", leads_file(place, leads).to_str().unwrap(), "--publish"]);
    let client = Client::new(&place.base(), Some(key));
    drop(filled_server(place, &client, leads));
    let begun = Instant::now();
    drop(place.serve(&[]));
    let took = begun.elapsed();
    eprintln!("ready {:.1} s after a kill, with {leads} leads", took.as_secs_f64());
    assert!(!figures_hold() || took < READY, "ready only {took:?} after a kill");

    add_ballast(place, mib);
    let server = filled_server(place, &client, leads);
    let backup = place.database.folder().join("backup");
    let measured = Duration::from_secs(if figures_hold() { 5 } else { 1 });
    // So long it is measured.
    let alone = written_while(&client, "alone", || std::thread::sleep(measured));
    let begun = Instant::now();
    let beside = written_while(&client, "beside", || {
        place.run(&["backup", backup.to_str().unwrap()]);
    });
    let took = begun.elapsed().as_secs_f64();
    let (rate, times) = (beside.count() as f64 / took, beside.at(99).as_secs_f64() / alone.at(99).as_secs_f64());
    eprintln!("{mib} MiB copied in {took:.1} s beside {rate:.0} writes a second");
    for (when, took) in [("alone", &alone), ("beside a backup", &beside)] {
        eprintln!("a write {when} takes {:?}, p99 {:?}, of {}", took.at(50), took.at(99), took.count());
    }
    assert!(!figures_hold() || times < SLOWED, "a write takes {times:.1} times as long beside a backup");
    assert!(!figures_hold() || rate >= LEAST_RATE, "only {rate:.0} writes a second beside a backup");
    drop(server);

    let elsewhere = Large::on(Database::empty(place.database.kind).unwrap()).0;
    let begun = Instant::now();
    elsewhere.run(&["restore", backup.to_str().unwrap()]);
    let took = begun.elapsed();
    eprintln!("brought back in {:.1} s", took.as_secs_f64());
    assert!(took < RESTORED, "bringing {mib} MiB back took {took:?}");
    let client = client.at(&elsewhere.base());
    let _server = filled_server(&elsewhere, &client, leads);
    assert!(client.get("/listings?limit=1").expect(200).json()["data"][0]["id"].is_string());
}

/// The server, once its index holds all leads.
pub fn filled_server(place: &Place, client: &Client, leads: usize) -> Process {
    let mut server = place.launch(&[]);
    wait_at_most(FILLED, "the index to be filled", || {
        place.is_ready(&mut server) && total(client, "/search/listings?limit=1") >= leads
    });
    server
}

/// Published listings of the company that is there, as a file to load.
pub fn leads_file(place: &Place, leads: usize) -> PathBuf {
    let path = place.database.folder().join("leads.ndjson");
    let line = |number: usize| {
        let mut line: Value = market::listing(&format!("LEAD-{number}"));
        line["type"] = json!("listing");
        line["company"] = json!("forge");
        line.to_string()
    };
    std::fs::write(&path, (0..leads).map(line).collect::<Vec<_>>().join("\n") + "\n").unwrap();
    path
}

/// Makes the database larger by so many MiB of rows that no two are alike: jobs that were done.
fn add_ballast(place: &Place, mib: usize) {
    let engine = Engine::from_url(&place.database.url).unwrap();
    let text: String = (0..40_000).map(|_| char::from(rand::random_range(b'a'..=b'z'))).collect();
    let rows = (mib << 20) / ROW;
    for first in (0..rows).step_by(ROWS) {
        let last = (first + ROWS).min(rows);
        let sql = format!(
            "INSERT INTO jobs (id, kind, destination, payload, priority, run_at, attempts, max_attempts, created_at, done_at) \
             WITH RECURSIVE n(i) AS (SELECT {first} + 1 UNION ALL SELECT i + 1 FROM n WHERE i < {last}) \
             SELECT i, 'ballast', '', substr('{text}', 1 + i * 37 % 38000, {ROW}), 0, '2100-01-01 00:00:00', 1, 1, \
             '2100-01-01 00:00:00', '2100-01-01 00:00:00' FROM n"
        );
        engine.look(|conn| Ok(on_each!(conn, |c| diesel::sql_query(&sql).execute(c))?)).unwrap();
    }
}

/// Writes at a steady pace while something goes on; how long each write took.
fn written_while(client: &Client, name: &str, meanwhile: impl FnOnce()) -> Times {
    let ended = AtomicBool::new(false);
    let write = |writer: usize| {
        let (client, mut took) = (client.another(), Vec::new());
        for number in (0..).take_while(|_| !ended.load(Ordering::SeqCst)) {
            let begun = Instant::now();
            client.post("/listings", &market::listing(&format!("{name}-{writer}-{number}"))).expect(201);
            took.push(begun.elapsed());
            // The pace of a writer, whatever a write takes.
            std::thread::sleep(PACE.saturating_sub(begun.elapsed()));
        }
        took
    };
    Times::new(std::thread::scope(|scope| {
        let write = &write;
        let writers: Vec<_> = (0..WRITERS).map(|writer| scope.spawn(move || write(writer))).collect();
        let end = RaisedAtTheEnd(&ended);
        meanwhile();
        drop(end);
        writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect()
    }))
}
