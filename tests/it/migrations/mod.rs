//! Migrations: both databases have one shape, every earlier schema comes to the newest one with all its rows, and whatever happens
//! in the middle leaves the old schema or the new one.

mod catalogue;
mod interrupted;
mod rows;

use std::collections::BTreeMap;
use std::path::PathBuf;

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use tradepost::store::{Engine, migrate};

use self::catalogue::{Shape, files_of_tables};
use self::rows::{Contents, fill};
use crate::support::{Database, Kind, Setup, amount};

both!(
    every_earlier_schema_keeps_its_rows,
    every_migration_can_be_reverted_and_reapplied,
    sqlite_file_is_copied_before_a_migration,
    waiting_quotes_of_ended_rfqs_are_declined,
);

/// Columns that a later migration removes: its version, the table, the column (`*` for the whole table).
const REMOVED: &[(&str, &str, &str)] = &[];

/// What a later migration renames: its version, the table, the column (`*` for the table itself), the new name.
const RENAMED: &[(&str, &str, &str, &str)] = &[
    ("20261129160200", "blobs", "claimed_at", "unused_since"),
    ("20261129160200", "blobs", "doomed_at", "marked_for_deletion_at"),
    ("20261129170100", "contact_reveals", "told_at", "notified_at"),
    ("20261129210500", "jobs", "dest_key", "destination"),
    ("20261129210600", "people", "*", "users"),
    ("20261129210600", "account_tokens", "person_id", "user_id"),
    ("20261129210600", "second_factors", "person_id", "user_id"),
    ("20261129210600", "recovery_codes", "person_id", "user_id"),
    ("20261129210600", "auth_events", "person_id", "user_id"),
    ("20261129210600", "company_members", "person_id", "user_id"),
    ("20261129210600", "sessions", "person_id", "user_id"),
    ("20261129210600", "mail_refusals", "person_id", "user_id"),
    ("20261129210600", "moderation_entries", "person_id", "user_id"),
    ("20261129210600", "record_reviews", "person_id", "user_id"),
    ("20261129210600", "contact_reveals", "person_id", "user_id"),
];

/// Migrations that rewrite a table on PostgreSQL (version and table), which locks it for as long as it is large.
const REWRITTEN: &[(&str, &str)] = &[];

/// A database without a schema.
struct Blank {
    database: Database,
}

impl Setup for Blank {
    fn on(database: Database) -> Self {
        Self { database: Database::empty(database.kind).unwrap() }
    }
}

/// A connection to either, for what tests look at past the program.
enum Raw {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Raw {
    fn open(database: &Database) -> Self {
        match database.kind {
            Kind::Sqlite => {
                let path = database.url.strip_prefix("sqlite://").unwrap();
                let mut conn = SqliteConnection::establish(path).unwrap();
                diesel::sql_query("PRAGMA foreign_keys = ON").execute(&mut conn).unwrap();
                Self::Sqlite(conn)
            }
            Kind::Postgres => Self::Postgres(PgConnection::establish(&database.url).unwrap()),
        }
    }

    fn execute(&mut self, sql: &str) {
        let done = match self {
            Self::Sqlite(c) => diesel::sql_query(sql).execute(c),
            Self::Postgres(c) => diesel::sql_query(sql).execute(c),
        };
        done.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// Applies the next migration of the files; false when there is none.
    fn step_up(&mut self) -> bool {
        self.check_references("OFF");
        let ran = match self {
            Self::Sqlite(c) => c.run_next_migration(files(Kind::Sqlite)).map(|_| ()),
            Self::Postgres(c) => c.run_next_migration(files(Kind::Postgres)).map(|_| ()),
        };
        self.check_references("ON");
        ran.is_ok()
    }

    fn step_down(&mut self) {
        self.check_references("OFF");
        match self {
            Self::Sqlite(c) => drop(c.revert_last_migration(files(Kind::Sqlite)).unwrap()),
            Self::Postgres(c) => drop(c.revert_last_migration(files(Kind::Postgres)).unwrap()),
        }
        self.check_references("ON");
    }

    /// As the program's own runner does around a migration that rebuilds a table.
    fn check_references(&mut self, how: &str) {
        if matches!(self, Self::Sqlite(_)) {
            self.execute(&format!("PRAGMA foreign_keys = {how}"));
        }
    }
}

fn files(kind: Kind) -> FileBasedMigrations {
    let engine = if kind == Kind::Sqlite { "sqlite" } else { "postgres" };
    FileBasedMigrations::from_path(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("migrations").join(engine)).unwrap()
}

/// The database with the first `steps` migrations.
fn at(kind: Kind, steps: usize) -> (Database, Raw) {
    let database = Database::empty(kind).unwrap();
    let mut raw = Raw::open(&database);
    for _ in 0..steps {
        assert!(raw.step_up());
    }
    (database, raw)
}

/// The versions of all migrations, oldest first.
fn versions() -> Vec<String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("migrations/sqlite");
    let names = std::fs::read_dir(folder).unwrap().flatten().map(|entry| entry.file_name().into_string().unwrap());
    let mut versions: Vec<String> = names.map(|name| name.split('_').next().unwrap().replace('-', "")).collect();
    versions.sort();
    versions
}

fn engine_of(database: &Database) -> Engine {
    Engine::from_url(&database.url).unwrap()
}

/// Names, nullability, types, defaults, keys, indexes and references are the same on both.
#[test]
fn both_databases_have_the_same_shape() {
    let shape = |kind| {
        let database = Database::fresh(kind)?;
        Some(Shape::of(&mut Raw::open(&database)))
    };
    let (Some(sqlite), Some(postgres)) = (shape(Kind::Sqlite), shape(Kind::Postgres)) else {
        return;
    };
    assert!(sqlite.tables.len() > 20, "the schema was not read");
    let complaints = sqlite.differences(&postgres);
    assert!(complaints.is_empty(), "SQLite and PostgreSQL differ:\n  {}", complaints.join("\n  "));
}

fn every_earlier_schema_keeps_its_rows(blank: &Blank) {
    let kind = blank.database.kind;
    let versions = versions();
    // The newest and others spread over all of them; at night from each.
    let wanted = amount("TRADEPOST_TEST_SCHEMAS", 8);
    let apart = versions.len().div_ceil(wanted);
    for steps in (1..=versions.len()).filter(|steps| (versions.len() - steps).is_multiple_of(apart)) {
        let (database, mut raw) = at(kind, steps);
        let before = Shape::of(&mut raw);
        fill(&mut raw, &before);
        let kept = Contents::of(&mut raw, &before).renamed(&versions[steps..]);
        assert!(kept.rows.values().all(|rows| rows.len() == rows::ROWS), "a table of {steps} migrations is empty");
        let places = files_of_tables(&mut raw);
        drop(raw);
        let applied = migrate::migrate(&engine_of(&database)).unwrap();
        assert_eq!(applied, versions[steps..]);
        let mut raw = Raw::open(&database);
        let after = Shape::of(&mut raw);
        let lasting = before.renamed(&versions[steps..]).lasting(&after, &versions[steps..]);
        // The epoch is no row of the earlier schema: the program gives every database one.
        raw.execute("DELETE FROM meta WHERE key = 'epoch'");
        let when = format!("from {steps} of {} migrations", versions.len());
        kept.only(&lasting).assert_same_as(&Contents::of(&mut raw, &lasting), &when);
        assert_not_rewritten(&places, &files_of_tables(&mut raw), &versions[steps..]);
        raw.ensure_sound();
    }
}

impl Raw {
    fn ensure_sound(&mut self) {
        let Self::Sqlite(c) = self else { return };
        #[derive(QueryableByName)]
        struct Line {
            #[diesel(sql_type = diesel::sql_types::Text)]
            integrity_check: String,
        }
        #[derive(QueryableByName)]
        struct Broken {
            #[diesel(sql_type = diesel::sql_types::Text)]
            parent: String,
        }
        let lines: Vec<Line> = diesel::sql_query("PRAGMA integrity_check").load(c).unwrap();
        assert_eq!(lines.iter().map(|line| line.integrity_check.as_str()).collect::<Vec<_>>(), ["ok"]);
        let broken: Vec<Broken> = diesel::sql_query("SELECT parent FROM pragma_foreign_key_check").load(c).unwrap();
        assert!(broken.is_empty(), "{} references do not hold, the first to {}", broken.len(), broken[0].parent);
    }
}

/// A table's file stays the same one unless the table was written anew.
fn assert_not_rewritten(before: &BTreeMap<String, i64>, after: &BTreeMap<String, i64>, applied: &[String]) {
    for (table, file) in before {
        let declared = REWRITTEN.iter().any(|(version, name)| name == table && applied.iter().any(|v| v == version));
        let rewritten = after.get(table).is_some_and(|now| now != file);
        assert!(!rewritten || declared, "{table} is rewritten, which locks it for as long as it is large");
    }
}

fn every_migration_can_be_reverted_and_reapplied(blank: &Blank) {
    let mut raw = Raw::open(&blank.database);
    let mut shapes = vec![Shape::of(&mut raw)];
    while raw.step_up() {
        shapes.push(Shape::of(&mut raw));
    }
    assert_eq!(shapes.len(), versions().len() + 1);
    for steps in (0..shapes.len() - 1).rev() {
        raw.step_down();
        let complaints = Shape::of(&mut raw).differences(&shapes[steps]);
        assert!(complaints.is_empty(), "after taking back number {}: {complaints:?}", steps + 1);
    }
    drop(raw);
    migrate::migrate(&engine_of(&blank.database)).unwrap();
    let again = Shape::of(&mut Raw::open(&blank.database));
    assert_eq!(again.differences(shapes.last().unwrap()), Vec::<String>::new());
}

/// An empty file needs no copy; one with rows is copied as it was, and only the last few copies are kept.
fn sqlite_file_is_copied_before_a_migration(blank: &Blank) {
    migrate::migrate(&engine_of(&blank.database)).unwrap();
    let backups = blank.database.folder().join("backups");
    assert!(!backups.exists(), "there was nothing to copy");
    if blank.database.kind == Kind::Postgres || versions().len() < 2 {
        return;
    }
    let (database, mut raw) = at(Kind::Sqlite, 1);
    let before = Shape::of(&mut raw);
    fill(&mut raw, &before);
    let kept = Contents::of(&mut raw, &before);
    let backups = database.folder().join("backups");
    std::fs::create_dir(&backups).unwrap();
    for day in 1..8 {
        std::fs::write(backups.join(format!("2020010{day}T000000000000Z-before-0.sqlite")), "old").unwrap();
    }
    drop(raw);
    migrate::migrate(&engine_of(&database)).unwrap();
    let mut copies: Vec<PathBuf> = std::fs::read_dir(&backups).unwrap().flatten().map(|entry| entry.path()).collect();
    copies.sort();
    assert_eq!(copies.len(), 5, "{copies:?}");
    let mut copy = Raw::Sqlite(SqliteConnection::establish(copies.last().unwrap().to_str().unwrap()).unwrap());
    assert_eq!(Shape::of(&mut copy).differences(&before), Vec::<String>::new());
    kept.assert_same_as(&Contents::of(&mut copy, &before), "the copy");
}

/// What the versions before left behind: quotes that wait although their RFQ was withdrawn or decided.
fn waiting_quotes_of_ended_rfqs_are_declined(blank: &Blank) {
    let place = versions().iter().position(|version| version == "20261129150000").unwrap();
    let (_database, mut raw) = at(blank.database.kind, place);
    let shape = Shape::of(&mut raw);
    let quotes = |raw: &mut Raw| Contents::of(raw, &shape).rows["quotes"].clone();
    fill(&mut raw, &shape);
    for (rfq, quote) in [("withdrawn", "submitted"), ("awarded", "shortlisted"), ("open", "submitted")] {
        // One row after the other: those that still hold what `fill` wrote are next.
        let next = |table: &str| format!("(SELECT min(id) FROM {table} WHERE state LIKE '{table}.%')");
        let (of_rfqs, of_quotes) = (next("rfqs"), next("quotes"));
        raw.execute(&format!("UPDATE quotes SET state = '{quote}' WHERE id = {of_quotes}"));
        raw.execute(&format!("UPDATE rfqs SET state = '{rfq}' WHERE id = {of_rfqs}"));
    }
    let before = quotes(&mut raw);
    assert!(raw.step_up());
    let after = quotes(&mut raw);
    let told: Vec<_> = after.iter().map(|row| (row["state"].as_str(), row["decline_reason"].as_str())).collect();
    assert_eq!(told[..2], [("declined", "The RFQ was withdrawn."), ("declined", "The buyer accepted another quote."),]);
    assert_eq!(after[2], before[2], "an open RFQ's quote stays");
    for (now, was) in after.iter().zip(&before).take(2) {
        let number = |row: &BTreeMap<String, String>| row["version"].parse::<i64>().unwrap();
        assert_eq!(number(now), number(was) + 1);
        assert_ne!(now["decided_at"], "NULL");
    }
}
