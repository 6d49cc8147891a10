//! The change log: a reader that follows it misses nothing.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;

use chrono::Duration;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use tradepost::error::Problem;
use tradepost::store::change_log::{changes_after, last_change, purge_changes, purged_to};
use tradepost::store::{Change, Db, Engine, Entity, NodeLease, Op};

use crate::support::TestDb;

both!(
    changes_stand_in_the_order_of_commit_and_once_each,
    a_gap_left_by_a_rollback_skips_nothing,
    overlapping_transactions_hide_no_change,
    a_reader_beside_many_writers_sees_every_change_once,
    old_changes_are_purged_behind_the_slowest_index,
);

fn note(db: &Db, id: i64) {
    db.write(|tx| {
        tx.record_change(Entity::Listing, id, Op::Changed);
        Ok(())
    })
    .unwrap();
}

/// The ids of the changes after the number, and the number to go on from.
fn follow(db: &Db, from: i64) -> (Vec<i64>, i64) {
    let changes = db.read(|conn| changes_after(conn, from, 1_000)).unwrap();
    let last = changes.last().map_or(from, |change| change.seq);
    (changes.into_iter().map(|logged| logged.change.id).collect(), last)
}

fn changes_stand_in_the_order_of_commit_and_once_each(test_db: &TestDb) {
    test_db
        .db
        .write(|tx| {
            tx.record_change(Entity::Rfq, 7, Op::Changed);
            tx.record_change(Entity::Rfq, 7, Op::Changed);
            tx.record_change(Entity::Rfq, 7, Op::Removed);
            Ok(())
        })
        .unwrap();
    note(&test_db.db, 8);
    let logged = test_db.db.read(|conn| changes_after(conn, 0, 10)).unwrap();
    let changes: Vec<Change> = logged.iter().map(|logged| logged.change).collect();
    let rfq = |op| Change { entity: Entity::Rfq, id: 7, op };
    let listing = Change { entity: Entity::Listing, id: 8, op: Op::Changed };
    assert_eq!(changes, [rfq(Op::Changed), rfq(Op::Removed), listing]);
    assert!(logged.windows(2).all(|pair| pair[0].seq < pair[1].seq));
    assert_eq!(test_db.db.read(last_change).unwrap(), logged[2].seq);
    assert_eq!(test_db.db.read(|conn| changes_after(conn, logged[0].seq, 1)).unwrap(), [logged[1]]);
}

/// A number that was taken by a transaction which failed is never filled: a reader must not wait for it, and does not.
fn a_gap_left_by_a_rollback_skips_nothing(test_db: &TestDb) {
    note(&test_db.db, 1);
    let (_, seen) = follow(&test_db.db, 0);
    burn_a_number(&test_db.engine);
    let refused = test_db.db.write(|tx| {
        tx.record_change(Entity::Listing, 2, Op::Changed);
        Err::<(), _>(Problem::conflict("no"))
    });
    assert!(refused.is_err());
    note(&test_db.db, 3);
    note(&test_db.db, 4);
    assert_eq!(follow(&test_db.db, seen).0, [3, 4]);
}

/// What is older than 30 days goes, but nothing that an index has not applied yet, unless that was not heard of for a day.
fn old_changes_are_purged_behind_the_slowest_index(test_db: &TestDb) {
    let purge = || purge_changes(&test_db.db).unwrap();
    let left = || follow(&test_db.db, 0).0;
    let [fast, slow] = [1, 2].map(|node| NodeLease::take(&test_db.seen_by_node(node)).unwrap());
    (1..=4).for_each(|id| note(&test_db.db, id));
    let seq = |place: usize| test_db.db.read(|conn| changes_after(conn, 0, 10)).unwrap()[place].seq;
    let (second, fourth) = (seq(1), seq(3));
    test_db.clock.advance(Duration::days(29));
    assert_eq!((purge(), test_db.db.read(purged_to).unwrap()), (0, 0), "they are kept for a month");
    test_db.clock.advance(Duration::days(2));
    note(&test_db.db, 5);
    fast.keep(Some(fourth)).unwrap();
    slow.keep(Some(second)).unwrap();
    assert_eq!((purge(), left()), (2, vec![3, 4, 5]), "up to where the slower one is");
    assert_eq!(test_db.db.read(purged_to).unwrap(), second);
    // The slow one is heard of no more, and the fast one has applied all.
    test_db.clock.advance(Duration::hours(25));
    fast.keep(Some(fourth + 1)).unwrap();
    assert_eq!((purge(), left()), (2, vec![5]));
    test_db.clock.advance(Duration::days(60));
    assert_eq!((purge(), left()), (0, vec![5]), "the newest one stays");
}

/// Takes the next number of the log in a transaction that is rolled back.
fn burn_a_number(engine: &Engine) {
    let sql =
        "INSERT INTO changes (entity, entity_id, op, at) VALUES ('listing', 99, 'changed', '2026-01-01 00:00:00')";
    match engine {
        Engine::Sqlite(path) => {
            let mut conn = diesel::SqliteConnection::establish(&path.to_string_lossy()).unwrap();
            conn.batch_execute(&["BEGIN", sql, "ROLLBACK"].join(";")).unwrap();
        }
        Engine::Postgres(url) => {
            let mut conn = diesel::PgConnection::establish(url).unwrap();
            conn.batch_execute(&["BEGIN", sql, "ROLLBACK"].join(";")).unwrap();
        }
    }
}

/// Two transactions that overlap: the first to begin is the last to commit. A reader follows between every two steps; were the
/// numbers taken where the changes are noted, it would pass the first one's number before that becomes visible.
fn overlapping_transactions_hide_no_change(test_db: &TestDb) {
    let (go_on, wait) = mpsc::channel::<()>();
    let (noted, is_noted) = mpsc::channel::<()>();
    let slow = test_db.db.clone();
    let mut seen = Vec::new();
    let mut at = 0;
    let mut look = |db: &Db| {
        let (ids, last) = follow(db, at);
        assert!(last >= at);
        seen.extend(ids);
        at = last;
    };
    std::thread::scope(|scope| {
        // One writer at a time is all that SQLite has: there the second waits for the first, so the first must not wait for it.
        let overlaps = matches!(test_db.engine, Engine::Postgres(_));
        let first = scope.spawn(move || {
            slow.write(|tx| {
                tx.record_change(Entity::Listing, 1, Op::Changed);
                let _ = noted.send(());
                if overlaps {
                    wait.recv().unwrap();
                }
                Ok(())
            })
            .unwrap();
        });
        is_noted.recv().unwrap();
        look(&test_db.db);
        note(&test_db.db, 2);
        look(&test_db.db);
        let _ = go_on.send(());
        first.join().unwrap();
    });
    look(&test_db.db);
    seen.sort_unstable();
    assert_eq!(seen, [1, 2]);
}

/// Eight writers, two processes' worth of pools, and one reader that never goes back.
fn a_reader_beside_many_writers_sees_every_change_once(test_db: &TestDb) {
    let other = test_db.seen_by_node(2);
    let done = AtomicBool::new(false);
    let seen = std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let (mut seen, mut at) = (Vec::new(), 0);
            loop {
                // Looked at before the log is read: what is committed before the end is read after it.
                let is_last_look = done.load(Ordering::SeqCst);
                let (ids, last) = follow(&test_db.db, at);
                seen.extend(ids);
                at = last;
                if is_last_look {
                    return seen;
                }
            }
        });
        let writers: Vec<_> = (0..8)
            .map(|writer| {
                let db = if writer % 2 == 0 { &test_db.db } else { &other };
                scope.spawn(move || (0..25).for_each(|number| note(db, writer * 100 + number)))
            })
            .collect();
        writers.into_iter().for_each(|writer| writer.join().unwrap());
        done.store(true, Ordering::SeqCst);
        reader.join().unwrap()
    });
    assert_eq!(seen.len(), 8 * 25);
    assert_eq!(seen.iter().collect::<HashSet<_>>().len(), 8 * 25);
}
