//! SQLite's own rules: how every connection is set, a log that stays bounded, a damaged file that is refused.

use std::os::unix::fs::FileExt;
use std::process::Command;

use chrono::Duration;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use tradepost::indexing::drift::DriftMonitor;
use tradepost::store::schema::meta;
use tradepost::store::{Conn, Engine};

use crate::support::{Database, Kind, TestDb, World, run};

/// What the log beside the file is cut back to.
const MOST_LOG: u64 = 64 << 20;

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    value: i64,
}

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Text)]
    value: String,
}

fn number(conn: &mut Conn, sql: &str) -> i64 {
    let Conn::Sqlite(conn) = conn else { panic!("SQLite was asked for") };
    diesel::sql_query(sql).get_result::<Number>(conn).unwrap().value
}

#[test]
fn every_sqlite_connection_has_its_pragmas() {
    run(Kind::Sqlite, |ground: &TestDb| {
        let settings = |conn: &mut Conn| {
            assert_eq!(number(conn, "SELECT timeout AS value FROM pragma_busy_timeout"), 5_000);
            assert_eq!(number(conn, "SELECT synchronous AS value FROM pragma_synchronous"), 2, "FULL");
            assert_eq!(number(conn, "SELECT foreign_keys AS value FROM pragma_foreign_keys"), 1);
            assert_eq!(number(conn, "SELECT trusted_schema AS value FROM pragma_trusted_schema"), 0);
            let Conn::Sqlite(sqlite) = conn else { panic!("SQLite was asked for") };
            let mode = diesel::sql_query("SELECT journal_mode AS value FROM pragma_journal_mode");
            assert_eq!(mode.get_result::<Word>(sqlite).unwrap().value, "wal");
        };
        let readers = |conn: &mut Conn| {
            settings(conn);
            assert_eq!(number(conn, "SELECT query_only AS value FROM pragma_query_only"), 1);
            Ok(())
        };
        ground.db.read(readers).unwrap();
        let writer = |tx: &mut tradepost::store::Tx| {
            settings(tx.conn());
            assert_eq!(number(tx.conn(), "SELECT query_only AS value FROM pragma_query_only"), 0);
            Ok(())
        };
        ground.db.write(writer).unwrap();
    });
}

/// Who reads for long keeps the log from being folded in, so it grows; when they are done it shrinks again by itself.
#[test]
fn long_reader_does_not_grow_the_wal() {
    run(Kind::Sqlite, |ground: &TestDb| {
        let Engine::Sqlite(file) = &ground.engine else { panic!("SQLite was asked for") };
        let log = || file.with_extension("sqlite-wal").metadata().map_or(0, |log| log.len());
        let mut reader = SqliteConnection::establish(&file.to_string_lossy()).unwrap();
        reader.batch_execute("BEGIN; SELECT COUNT(*) FROM meta").unwrap();
        let write = |number: usize, bytes: usize| {
            let insert = |tx: &mut tradepost::store::Tx| {
                let row = (meta::key.eq(format!("long {number}")), meta::value.eq("x".repeat(bytes)));
                diesel::insert_into(meta::table).values(row).execute(tx.conn())?;
                Ok(())
            };
            ground.db.write(insert).unwrap();
        };
        (0..10).for_each(|number| write(number, 8 << 20));
        assert!(log() > MOST_LOG, "the reader did not hold the log: {}", log());
        reader.batch_execute("COMMIT").unwrap();
        (10..14).for_each(|number| write(number, 1));
        assert!(log() <= MOST_LOG, "the log is still {} bytes long", log());
    });
}

/// Overwrites a sixth of the file's pages.
fn damage(database: &Database) {
    let file = std::fs::File::options().write(true).open(database.url.strip_prefix("sqlite://").unwrap()).unwrap();
    let pages = file.metadata().unwrap().len() / 4_096;
    for page in pages / 3..pages / 2 {
        file.write_all_at(&[0x55; 4_096], page * 4_096).unwrap();
    }
}

/// Damage that comes while it serves is found at night, and `/readyz` says so.
#[test]
fn damaged_database_turns_readyz_red() {
    run(Kind::Sqlite, |world: &World| {
        world.drain();
        let ready = || {
            let answer = world.anonymous().page("/readyz");
            (answer.status, answer.json()["database_sound"] == true)
        };
        assert_eq!(ready(), (200, true));
        let mut watch = DriftMonitor::begin(&world.app);
        damage(world.database());
        world.clock.advance(Duration::hours(18) + Duration::minutes(30));
        world.app.node.keep(None).unwrap();
        // What can be read is compared; that may fail or not.
        watch.look(&world.app).ok();
        assert!(!world.app.db.is_sound());
        assert_eq!(ready(), (503, false));
    });
}

#[test]
fn damaged_database_is_not_served() {
    let database = Database::fresh(Kind::Sqlite).unwrap();
    damage(&database);
    let mut serve = Command::new(env!("CARGO_BIN_EXE_tradepost"));
    serve.args(["serve", "--listen", "127.0.0.1:0", "--database", &database.url, "--data"]).arg(database.folder());
    let ended = serve.env("RUST_LOG", "error").output().unwrap();
    let words = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert_eq!(ended.status.code(), Some(1), "{words}");
    assert!(words.contains("damaged") || words.contains("malformed"), "{words}");
    assert!(!words.contains("panicked"), "{words}");
}

/// What is written to a file that is no longer at its place is gone with the process: nothing is, and `/readyz` says so.
#[test]
fn replaced_database_file_is_not_written() {
    run(Kind::Sqlite, |world: &World| {
        let party = world.buyer();
        world.drain();
        let file = std::path::PathBuf::from(world.database().url.strip_prefix("sqlite://").unwrap());
        let aside = file.with_extension("aside");
        let write = || party.post("/rfqs", &crate::support::market::rfq("Valves")).status;
        let in_place = || {
            let answer = world.anonymous().page("/readyz");
            (answer.status, answer.json()["database_in_place"] == true)
        };
        assert_eq!((write(), in_place()), (201, (200, true)));
        std::fs::rename(&file, &aside).unwrap();
        assert_eq!((write(), in_place()), (503, (503, false)), "it was deleted");
        std::fs::copy(&aside, &file).unwrap();
        assert_eq!((write(), in_place()), (503, (503, false)), "another one is at its place");
        std::fs::rename(&aside, &file).unwrap();
        assert_eq!((write(), in_place()), (201, (200, true)), "it was put back");
    });
}

#[test]
fn empty_database_is_not_made_beside_an_index() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("index/listings")).unwrap();
    let mut serve = Command::new(env!("CARGO_BIN_EXE_tradepost"));
    serve.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(folder.path());
    let ended = serve.env("RUST_LOG", "error").output().unwrap();
    let words = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert_eq!(ended.status.code(), Some(1), "{words}");
    assert!(words.contains("There is no database at"), "{words}");
    assert!(!folder.path().join("tradepost.sqlite").exists());
}
