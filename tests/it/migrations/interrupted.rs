//! Migrations of real processes: killed in the middle, started all at once, and by a binary that is too old.

use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use tradepost::store::migrate;

use super::catalogue::Shape;
use super::rows::{Contents, fill};
use super::{Blank, Raw, at, engine_of, versions};
use crate::support::{Database, Kind};

both!(
    a_killed_migration_leaves_the_old_schema_or_the_new_one,
    processes_that_start_at_once_migrate_once,
    an_old_binary_refuses_a_newer_schema,
    a_migration_does_not_wait_for_ever_for_a_table,
);

/// How often a migration is killed, at moments spread over its whole course; `TRADEPOST_KILL_ROUNDS` says otherwise.
const KILLS: u32 = 16;

fn kills() -> u32 {
    std::env::var("TRADEPOST_KILL_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(KILLS)
}

fn program(database: &Database, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tradepost"));
    command.args(arguments).args(["--database", &database.url, "--data"]).arg(database.folder().join("served"));
    command.env("RUST_LOG", "error").stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

#[track_caller]
fn succeed(output: &Output) {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// From the first schema with rows in it, where there is a later one; otherwise from nothing.
fn a_killed_migration_leaves_the_old_schema_or_the_new_one(blank: &Blank) {
    let kind = blank.database.kind;
    let mut shapes = vec![Shape::of(&mut Raw::open(&blank.database))];
    let mut raw = Raw::open(&blank.database);
    while raw.step_up() {
        shapes.push(Shape::of(&mut raw));
    }
    let start = (shapes.len() - 2).min(1);
    let mut course = Duration::ZERO;
    let kills = kills();
    for kill in 0..=kills {
        let (database, mut raw) = at(kind, start);
        fill(&mut raw, &shapes[start]);
        let kept = Contents::of(&mut raw, &shapes[start]);
        drop(raw);
        let begun = Instant::now();
        let mut process = program(&database, &["migrate"]).spawn().unwrap();
        if kill == 0 {
            succeed(&process.wait_with_output().unwrap());
            course = begun.elapsed();
        } else {
            std::thread::sleep(course * kill / kills);
            drop(process.kill());
            process.wait().unwrap();
        }
        let now = Shape::of(&mut Raw::open(&database));
        assert!(shapes.iter().any(|shape| shape.differences(&now).is_empty()), "killed in the middle: a shape between");
        succeed(&program(&database, &["migrate"]).output().unwrap());
        let mut raw = Raw::open(&database);
        let finished = Shape::of(&mut raw);
        assert_eq!(finished.differences(shapes.last().unwrap()), Vec::<String>::new());
        let lasting = shapes[start].lasting(&finished, &versions()[start..]);
        raw.execute("DELETE FROM meta WHERE key = 'epoch'");
        kept.only(&lasting).assert_same_as(&Contents::of(&mut raw, &lasting), "after the kill");
    }
}

fn processes_that_start_at_once_migrate_once(blank: &Blank) {
    let started: Vec<_> = (0..6).map(|_| program(&blank.database, &["migrate"]).spawn().unwrap()).collect();
    let outputs: Vec<Output> = started.into_iter().map(|process| process.wait_with_output().unwrap()).collect();
    outputs.iter().for_each(succeed);
    let applied = outputs.iter().filter(|output| String::from_utf8_lossy(&output.stdout).contains("applied"));
    assert!(applied.count() >= 1);
    let status = migrate::status(&engine_of(&blank.database)).unwrap();
    assert_eq!((status.applied.len(), status.pending.len()), (versions().len(), 0));
}

fn an_old_binary_refuses_a_newer_schema(blank: &Blank) {
    migrate::migrate(&engine_of(&blank.database)).unwrap();
    let mut raw = Raw::open(&blank.database);
    raw.execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('20991231000000')");
    let file = blank.database.folder().join("market.ndjson");
    std::fs::write(&file, "{\"type\":\"company\",\"ref\":\"a\",\"name\":\"A\",\"country\":\"DE\"}\n").unwrap();
    let commands: [&[&str]; 6] = [
        &["serve", "--listen", "127.0.0.1:0"],
        &["worker"],
        &["load", file.to_str().unwrap()],
        &["migrate"],
        &["reindex"],
        &["jobs", "list"],
    ];
    for arguments in commands {
        let refused = program(&blank.database, arguments).output().unwrap();
        let words = String::from_utf8_lossy(&refused.stderr);
        assert_eq!(refused.status.code(), Some(1), "{arguments:?}: {words}");
        assert!(words.contains("newer schema") && words.contains("20991231000000"), "{arguments:?}: {words}");
    }
    let status = migrate::status(&engine_of(&blank.database)).unwrap();
    assert_eq!(status.unknown, ["20991231000000"], "nothing was taken back");
}

/// Somebody's long transaction holds every table: the migration gives up, and succeeds later.
fn a_migration_does_not_wait_for_ever_for_a_table(blank: &Blank) {
    if blank.database.kind == Kind::Sqlite || versions().len() < 2 {
        return;
    }
    let (database, mut raw) = at(Kind::Postgres, 1);
    let tables: Vec<String> = Shape::of(&mut raw).tables.into_keys().collect();
    raw.execute("BEGIN");
    raw.execute(&format!("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", tables.join(", ")));
    let begun = Instant::now();
    let problem = migrate::migrate(&engine_of(&database)).unwrap_err();
    assert!(problem.detail.contains("in use by a long transaction"), "{problem}");
    assert!(begun.elapsed() < Duration::from_secs(20), "it waited {:?}", begun.elapsed());
    raw.execute("ROLLBACK");
    migrate::migrate(&engine_of(&database)).unwrap();
    assert_eq!(migrate::status(&engine_of(&database)).unwrap().pending, Vec::<String>::new());
}
