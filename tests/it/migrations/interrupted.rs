//! Migrations of real processes: killed in the middle, started all at once, and by a binary that is too old.

use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use tradepost::store::migrate;

use super::catalogue::Shape;
use super::rows::{Contents, fill};
use super::{Blank, Raw, at, engine_of, versions};
use crate::support::{Database, Kind, amount};

both!(
    killed_migration_leaves_old_or_new_schema,
    migration_status_lists_applied_and_pending,
    concurrent_starts_migrate_once,
    old_binary_refuses_a_newer_schema,
    migration_times_out_on_a_locked_table,
);

/// So many kills, and one of them was in the middle.
const MOST_KILLS: u32 = 160;

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

fn killed_migration_leaves_old_or_new_schema(blank: &Blank) {
    let mut shapes = vec![Shape::of(&mut Raw::open(&blank.database))];
    let mut raw = Raw::open(&blank.database);
    while raw.step_up() {
        shapes.push(Shape::of(&mut raw));
    }
    let course = Course { kind: blank.database.kind, shapes };
    // At moments spread over their whole course; at night so often from each earlier schema on.
    match std::env::var("TRADEPOST_TEST_MIGRATION_KILLS").ok().and_then(|kills| kills.parse().ok()) {
        Some(kills) => (1..course.shapes.len() - 1).for_each(|start| course.kill_from(start, kills)),
        None => course.kill_from(1, amount("TRADEPOST_TEST_MIGRATION_KILLS", 4)),
    }
}

/// All migrations, on one kind of database.
struct Course {
    kind: Kind,
    /// Of the database before the first migration and after each.
    shapes: Vec<Shape>,
}

impl Course {
    /// Kills the migrations that follow the first `start`, whose tables have rows in them: so often, and until one of the kills was in
    /// the middle of several.
    fn kill_from(&self, start: usize, kills: u32) {
        let (reached, took) = self.migrate(start, None);
        assert_eq!(reached, self.shapes.len() - 1, "nobody killed it");
        let is_between = |reached: usize| (start + 1..self.shapes.len() - 1).contains(&reached);
        let (mut done, mut between) = (0, 0);
        while done < kills || (between == 0 && start + 2 < self.shapes.len()) {
            assert!(done < MOST_KILLS.max(kills), "no kill was in the middle");
            done += 1;
            let (reached, _) = self.migrate(start, Some(took * (done % kills + 1) / kills));
            between += u32::from(is_between(reached));
        }
        eprintln!("{done} kills from schema {start} on, {between} of them between two migrations");
    }

    /// Migrates a database of the first `start` migrations, kills the process after a while, and migrates to the end. Answers how far
    /// it had come, and how long it had lived; no row is lost.
    fn migrate(&self, start: usize, killed_after: Option<Duration>) -> (usize, Duration) {
        let (database, mut raw) = at(self.kind, start);
        fill(&mut raw, &self.shapes[start]);
        let kept = Contents::of(&mut raw, &self.shapes[start]).renamed(&versions()[start..]);
        drop(raw);
        let begun = Instant::now();
        let mut process = program(&database, &["migrate"]).spawn().unwrap();
        if let Some(time) = killed_after {
            // The moment of the kill: any state that could be waited for would be between two statements, never in one.
            std::thread::sleep(time);
            drop(process.kill());
        }
        let ended = process.wait_with_output().unwrap();
        let lived = begun.elapsed();
        assert!(ended.status.success() || killed_after.is_some(), "{}", String::from_utf8_lossy(&ended.stderr));
        let now = Shape::of(&mut Raw::open(&database));
        let reached = self.shapes.iter().rposition(|shape| shape.differences(&now).is_empty());
        succeed(&program(&database, &["migrate"]).output().unwrap());
        let mut raw = Raw::open(&database);
        let finished = Shape::of(&mut raw);
        assert_eq!(finished.differences(&self.shapes[self.shapes.len() - 1]), Vec::<String>::new());
        let lasting = self.shapes[start].renamed(&versions()[start..]).lasting(&finished, &versions()[start..]);
        raw.execute("DELETE FROM meta WHERE key = 'epoch'");
        kept.only(&lasting).assert_same_as(&Contents::of(&mut raw, &lasting), "after the kill");
        (reached.expect("killed in the middle: a shape between"), lived)
    }
}

fn migration_status_lists_applied_and_pending(blank: &Blank) {
    let (database, mut raw) = at(blank.database.kind, 2);
    let versions = versions();
    let status = || program(&database, &["migrate", "--status"]).output().unwrap();
    let says = |applied: &[String], pending: &[String]| {
        let output = status();
        let newest_first: Vec<&str> = applied.iter().rev().map(String::as_str).collect();
        let said = format!("applied: {}\npending: {}\n", newest_first.join(", "), pending.join(", "));
        assert_eq!(String::from_utf8_lossy(&output.stdout), said);
        output
    };
    succeed(&says(&versions[..2], &versions[2..]));
    assert_eq!(Shape::of(&mut raw).differences(&Shape::of(&mut at(blank.database.kind, 2).1)), Vec::<String>::new());
    succeed(&program(&database, &["migrate"]).output().unwrap());
    succeed(&says(&versions, &[]));
    raw.execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('20991231000000')");
    let unknown = status();
    assert_eq!(unknown.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("20991231000000"));
}

fn concurrent_starts_migrate_once(blank: &Blank) {
    let started: Vec<_> = (0..6).map(|_| program(&blank.database, &["migrate"]).spawn().unwrap()).collect();
    let outputs: Vec<Output> = started.into_iter().map(|process| process.wait_with_output().unwrap()).collect();
    outputs.iter().for_each(succeed);
    let applied = outputs.iter().filter(|output| String::from_utf8_lossy(&output.stdout).contains("applied"));
    assert!(applied.count() >= 1);
    let status = migrate::status(&engine_of(&blank.database)).unwrap();
    assert_eq!((status.applied.len(), status.pending.len()), (versions().len(), 0));
}

fn old_binary_refuses_a_newer_schema(blank: &Blank) {
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
fn migration_times_out_on_a_locked_table(blank: &Blank) {
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
