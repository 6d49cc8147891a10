//! The order of a feed is that of the commits: a reader that has passed an event never misses one that was recorded before it.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;

use tradepost::actor::{Actor, Scope};
use tradepost::error::Problem;
use tradepost::event_feed::{EventData, EventType, actions, store};
use tradepost::ids::{CompanyId, ListingId};
use tradepost::store::{Db, Engine, Tx};

use crate::support::TestDb;

both!(
    commits_held_open_hide_no_event,
    a_reader_beside_many_writers_reads_every_event_once,
    what_is_rolled_back_leaves_no_event,
);

const COMPANY: CompanyId = CompanyId(7);

fn record(tx: &mut Tx, number: i64) -> Result<(), Problem> {
    let data = EventData { listing: Some(ListingId(number)), ..EventData::default() };
    actions::record(tx, EventType::ListingPublished, &data, &[COMPANY])
}

/// A program that follows the feed and never goes back.
#[derive(Default)]
struct Reader {
    seq: i64,
    seen: Vec<i64>,
}

impl Reader {
    fn look(&mut self, db: &Db) {
        let scope = Scope::of_operator(&Actor::Operator, COMPANY).unwrap();
        let (events, seq) = db
            .read(|conn| {
                let events = store::list_after(conn, scope, self.seq, 1_000)?;
                let last = events.last().map(|event| event.id);
                Ok((events, last.map(|id| store::find_seq(conn, scope, id)).transpose()?.flatten()))
            })
            .unwrap();
        self.seq = seq.unwrap_or(self.seq);
        self.seen.extend(events.iter().map(|event| event.data.listing.unwrap().0));
    }
}

/// Three transactions, each of which has recorded its event before the ones that begin later commit; the last to begin commits first. Were the
/// numbers taken where the events are recorded, the reader would pass those of the transactions that are still open.
fn commits_held_open_hide_no_event(test_db: &TestDb) {
    // One writer at a time is all that SQLite has: there nothing can be held open beside another.
    let overlaps = matches!(test_db.engine, Engine::Postgres(_));
    let mut reader = Reader::default();
    std::thread::scope(|scope| {
        let mut open = Vec::new();
        for number in 1..=3 {
            let (go_on, wait) = mpsc::channel::<()>();
            let (recorded, is_recorded) = mpsc::channel::<()>();
            let db = test_db.seen_by_node(u16::try_from(number).unwrap() + 1);
            let held = scope.spawn(move || {
                db.write(|tx| {
                    record(tx, number)?;
                    let _ = recorded.send(());
                    if overlaps {
                        wait.recv().unwrap();
                    }
                    Ok(())
                })
                .unwrap();
            });
            is_recorded.recv().unwrap();
            open.push((go_on, held));
        }
        for (go_on, held) in open.into_iter().rev() {
            reader.look(&test_db.db);
            let _ = go_on.send(());
            held.join().unwrap();
            reader.look(&test_db.db);
        }
    });
    let order = if overlaps { [3, 2, 1] } else { [1, 2, 3] };
    assert_eq!(reader.seen, order, "each once, in the order of commit");
}

/// Eight writers, two processes' worth of pools, and one reader that never goes back.
fn a_reader_beside_many_writers_reads_every_event_once(test_db: &TestDb) {
    let other = test_db.seen_by_node(2);
    let done = AtomicBool::new(false);
    let seen = std::thread::scope(|scope| {
        let reading = scope.spawn(|| {
            let mut reader = Reader::default();
            loop {
                // Asked before the look: what is committed before the end is read after it.
                let is_last_look = done.load(Ordering::SeqCst);
                reader.look(&test_db.db);
                if is_last_look {
                    return reader.seen;
                }
            }
        });
        let write = |writer: i64| {
            let db = if writer % 2 == 0 { &test_db.db } else { &other };
            move || (0..25).for_each(|number| db.write(|tx| record(tx, writer * 100 + number)).unwrap())
        };
        let writers: Vec<_> = (0..8).map(|writer| scope.spawn(write(writer))).collect();
        writers.into_iter().for_each(|writer| writer.join().unwrap());
        done.store(true, Ordering::SeqCst);
        reading.join().unwrap()
    });
    assert_eq!(seen.len(), 8 * 25);
    assert_eq!(seen.iter().collect::<HashSet<_>>().len(), 8 * 25);
    for writer in 0..8 {
        let own: Vec<i64> = seen.iter().copied().filter(|number| number / 100 == writer).collect();
        assert!(own.is_sorted(), "what one program did one after the other stands so in the feed: {own:?}");
    }
}

fn what_is_rolled_back_leaves_no_event(test_db: &TestDb) {
    let db = &test_db.db;
    let refused = db.write(|tx| {
        record(tx, 1)?;
        Err::<(), _>(Problem::conflict("no"))
    });
    assert!(refused.is_err());
    db.write(|tx| {
        record(tx, 2)?;
        let attempted = tx.attempt(|tx| {
            record(tx, 3)?;
            Err::<(), _>(Problem::conflict("no"))
        })?;
        assert!(attempted.is_err());
        record(tx, 4)
    })
    .unwrap();
    db.rehearse(|tx| record(tx, 5)).unwrap();
    let mut reader = Reader::default();
    reader.look(db);
    assert_eq!(reader.seen, [2, 4]);
}
