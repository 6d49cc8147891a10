//! Transactions: all or nothing, one after the other, whatever happens inside.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Barrier, Mutex};

use diesel::prelude::*;
use tradepost::error::{Code, Problem, Result};
use tradepost::store::schema::{companies, meta};
use tradepost::store::{Entity, NodeLease, Op};

use super::{count, exists, make};
use crate::support::{Kind, TestDb, run};

both!(
    what_was_written_is_read_back_with_its_time,
    a_refused_transaction_leaves_nothing,
    a_panic_leaves_the_writer_usable,
    refused_attempt_is_taken_back_and_the_transaction_goes_on,
    fault_in_an_attempt_ends_the_transaction_and_leaves_the_writer_usable,
    rehearsal_leaves_nothing,
    a_reader_cannot_write,
    a_use_case_reads_one_snapshot,
    a_failed_read_leaves_the_connection_usable,
    read_then_write_never_loses_an_update,
    writers_and_readers_never_lock_each_other_out,
    every_process_has_a_node_number_of_its_own,
);

fn what_was_written_is_read_back_with_its_time(test_db: &TestDb) {
    let id = test_db.db.write(|tx| make(tx, "Nordwind")).unwrap();
    let company = test_db.db.read(|conn| tradepost::companies::store::find(conn, id)).unwrap().unwrap();
    assert_eq!(company.fields.name, "Nordwind");
    assert_eq!(company.created_at, test_db.clock.now());
    assert!(exists(&test_db.seen_by_node(2), id), "a second process sees what was committed");
}

fn a_refused_transaction_leaves_nothing(test_db: &TestDb) {
    let refused = test_db.db.write(|tx| {
        make(tx, "Gone")?;
        tx.record_change(Entity::Company, 1, Op::Changed);
        Err::<(), _>(Problem::conflict("no"))
    });
    assert_eq!(refused.unwrap_err(), Problem::conflict("no"));
    assert_eq!(count(&test_db.db), 0);
    assert_eq!(test_db.db.read(tradepost::store::change_log::last_change).unwrap(), 0, "no change was logged");
    test_db.db.write(|tx| make(tx, "Kept")).unwrap();
    assert_eq!(count(&test_db.db), 1);
}

fn a_panic_leaves_the_writer_usable(test_db: &TestDb) {
    for _ in 0..20 {
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            test_db.db.write(|tx| {
                make(tx, "Half")?;
                if count_in(tx) > 0 { panic!("in the middle of a transaction") } else { Ok(()) }
            })
        }));
        assert!(outcome.is_err());
    }
    test_db.db.write(|tx| make(tx, "Whole")).unwrap();
    assert_eq!(count(&test_db.db), 1);
}

fn refused_attempt_is_taken_back_and_the_transaction_goes_on(ground: &TestDb) {
    ground
        .db
        .write(|tx| {
            make(tx, "First")?;
            let refused = tx.attempt(|tx| {
                make(tx, "Refused")?;
                tx.record_change(Entity::Rfq, 99, Op::Changed);
                Err::<(), _>(Problem::conflict("no"))
            })?;
            assert_eq!(refused.unwrap_err(), Problem::conflict("no"));
            tx.attempt(|tx| make(tx, "Last"))?.map(drop)
        })
        .unwrap();
    assert_eq!(count(&ground.db), 2);
    let logged = ground.db.read(|conn| tradepost::store::change_log::changes_after(conn, 0, 100)).unwrap();
    assert!(logged.iter().all(|logged| logged.change.entity == Entity::Company), "the refused change was not logged");
}

fn fault_in_an_attempt_ends_the_transaction_and_leaves_the_writer_usable(ground: &TestDb) {
    let failed = ground.db.write(|tx| {
        make(tx, "First")?;
        tx.attempt(|tx| {
            make(tx, "Half")?;
            Err::<(), _>(Problem::internal("on purpose"))
        })
    });
    assert_eq!(failed.unwrap_err().code, tradepost::error::Code::Internal);
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        ground.db.write(|tx| tx.attempt(|tx| if count_in(tx) == 0 { panic!("in an attempt") } else { Ok(()) }))
    }));
    assert!(panicked.is_err());
    assert_eq!(count(&ground.db), 0);
    ground.db.write(|tx| make(tx, "Whole")).unwrap();
    assert_eq!(count(&ground.db), 1);
}

fn rehearsal_leaves_nothing(ground: &TestDb) {
    let counted = ground.db.rehearse(|tx| {
        make(tx, "Rehearsed")?;
        Ok(count_in(tx))
    });
    assert_eq!(counted, Ok(1), "it sees what it wrote");
    assert_eq!(count(&ground.db), 0);
    assert_eq!(ground.db.read(tradepost::store::change_log::last_change).unwrap(), 0, "no change was logged");
    ground.db.write(|tx| make(tx, "Kept")).unwrap();
    assert_eq!(count(&ground.db), 1);
}

fn count_in(tx: &mut tradepost::store::Tx) -> i64 {
    companies::table.count().get_result(tx.conn()).unwrap()
}

fn a_reader_cannot_write(test_db: &TestDb) {
    let row = meta::table.filter(meta::key.eq("x"));
    let tried = test_db.db.read(|conn| {
        let row = (meta::key.eq("x"), meta::value.eq("y"));
        diesel::insert_into(meta::table).values(row).execute(conn).map_err(Problem::from)
    });
    assert!(tried.is_err(), "a read wrote {tried:?} rows");
    let tried = test_db.db.read(|conn| diesel::delete(meta::table).execute(conn).map_err(Problem::from));
    assert!(tried.is_err(), "a read deleted {tried:?} rows");
    let left: i64 = test_db.db.read(|conn| Ok(row.count().get_result(conn)?)).unwrap();
    assert_eq!(left, 0);
    test_db.db.write(|tx| make(tx, "Afterwards")).unwrap();
}

/// What another transaction commits between two queries of one read is not seen by the second, and by the next read it is.
fn a_use_case_reads_one_snapshot(test_db: &TestDb) {
    let rows = |conn: &mut tradepost::store::Conn| -> Result<i64> { Ok(companies::table.count().get_result(conn)?) };
    test_db.db.write(|tx| make(tx, "Before")).unwrap();
    let (first, second) = test_db
        .db
        .read(|conn| {
            let first = rows(conn)?;
            std::thread::scope(|scope| scope.spawn(|| test_db.db.write(|tx| make(tx, "Between"))).join().unwrap())?;
            Ok((first, rows(conn)?))
        })
        .unwrap();
    assert_eq!((first, second), (1, 1));
    assert_eq!(test_db.db.read(rows).unwrap(), 2);
}

/// A read that fails or panics gives its connection back without its transaction: more of them than there are connections.
fn a_failed_read_leaves_the_connection_usable(test_db: &TestDb) {
    for _ in 0..10 {
        assert!(test_db.db.read(|_| Err::<(), _>(Problem::conflict("no"))).is_err());
        assert!(
            catch_unwind(AssertUnwindSafe(|| test_db.db.read(|_| -> Result<()> { panic!("while reading") }))).is_err()
        );
    }
    test_db.db.write(|tx| make(tx, "Afterwards")).unwrap();
    assert_eq!(count(&test_db.db), 1);
}

/// Sixteen threads read a number and write the next one, eight times each: the number is the count of all.
fn read_then_write_never_loses_an_update(test_db: &TestDb) {
    let id = test_db.db.write(|tx| make(tx, "Counter")).unwrap();
    let row = companies::table.find(id.0);
    let start = Barrier::new(8);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                start.wait();
                for _ in 0..8 {
                    let work = |tx: &mut tradepost::store::Tx<'_>| {
                        let version: i64 = row.select(companies::version).first(tx.conn())?;
                        diesel::update(row).set(companies::version.eq(version + 1)).execute(tx.conn())?;
                        Ok(())
                    };
                    // Under this much contention PostgreSQL may ask a caller to come back.
                    while test_db.db.write(work).is_err() {}
                }
            });
        }
    });
    let version: i64 = test_db.db.read(|conn| Ok(row.select(companies::version).first(conn)?)).unwrap();
    assert_eq!(version, 1 + 8 * 8);
}

/// Sixteen threads write and sixteen read at the same time, through two processes' worth of pools.
fn writers_and_readers_never_lock_each_other_out(test_db: &TestDb) {
    let other = test_db.seen_by_node(2);
    let start = Barrier::new(32);
    std::thread::scope(|scope| {
        for thread in 0..16 {
            let db = if thread % 2 == 0 { &test_db.db } else { &other };
            let start = &start;
            scope.spawn(move || {
                start.wait();
                for number in 0..6 {
                    db.write(|tx| make(tx, &format!("Company {thread}-{number}"))).unwrap();
                }
            });
        }
        for thread in 0..16 {
            let db = if thread % 2 == 0 { &test_db.db } else { &other };
            let start = &start;
            scope.spawn(move || {
                start.wait();
                let mut last = 0;
                while last < 16 * 6 {
                    let now = count(db);
                    assert!(now >= last, "what was committed stays");
                    last = now;
                }
            });
        }
    });
    assert_eq!(count(&test_db.db), 16 * 6);
}

/// Two processes whose threads write without a pause write in turn, and not whenever one of them happens to look in the moment in which
/// the other does not write.
#[test]
fn busy_processes_write_in_turn() {
    run(Kind::Sqlite, two_busy_processes);
}

/// Rows of one transaction: so many take longer than all that is between two transactions.
const ROWS: usize = 40;
/// Transactions of both processes.
const TURNS: usize = 80;
/// So many of one process may follow each other: what fits into one turn, and chance.
const MOST_IN_A_ROW: usize = 6;

fn two_busy_processes(test_db: &TestDb) {
    let processes = [test_db.db.clone(), test_db.seen_by_node(2)];
    let (order, start) = (Mutex::new(Vec::new()), Barrier::new(8));
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let (db, process, order, start) = (&processes[thread % 2], thread % 2, &order, &start);
            let write = move |tx: &mut tradepost::store::Tx| {
                (0..ROWS).try_for_each(|row| make(tx, &format!("Company {thread}-{row}")).map(drop))?;
                // Still inside the transaction, so in the order of the transactions.
                order.lock().unwrap().push(process);
                Ok(())
            };
            scope.spawn(move || {
                start.wait();
                while order.lock().unwrap().len() < TURNS {
                    match db.write(write) {
                        Ok(()) => {}
                        // On a machine that stands still for seconds patience ends, as it should; whose turn it is next is the question here.
                        Err(refused) => assert_eq!(refused.code, Code::Unavailable, "{refused:?}"),
                    }
                }
            });
        }
    });
    let order = order.into_inner().unwrap();
    let in_a_row = order[..TURNS].chunk_by(|a, b| a == b).map(<[_]>::len).max();
    assert!(in_a_row <= Some(MOST_IN_A_ROW), "{in_a_row:?} in a row: {order:?}");
}

fn every_process_has_a_node_number_of_its_own(test_db: &TestDb) {
    let start = Barrier::new(8);
    let leases: Vec<NodeLease> = std::thread::scope(|scope| {
        let takers: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    start.wait();
                    NodeLease::take(&test_db.db).unwrap()
                })
            })
            .collect();
        takers.into_iter().map(|taker| taker.join().unwrap()).collect()
    });
    let mut nodes: Vec<u16> = leases.iter().map(NodeLease::node).collect();
    nodes.sort_unstable();
    assert_eq!(nodes, (0..8).collect::<Vec<_>>());
    drop(leases);
    let lease = NodeLease::take(&test_db.db).unwrap();
    assert_eq!(lease.node(), 0, "given back, a number is free");
    test_db.clock.advance(chrono::Duration::hours(25));
    let successor = NodeLease::take(&test_db.seen_by_node(2)).unwrap();
    assert_eq!(successor.node(), 0, "so is one whose lease ran out");
    assert_eq!(lease.keep(None).unwrap(), Some(1), "and its old holder goes on under another");
}
