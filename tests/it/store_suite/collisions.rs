//! Transactions that all read and write the same row at once: each gets through, and none is lost.

use diesel::prelude::*;
use tradepost::store::schema::meta;
use tradepost::store::{Db, Tx};

use crate::support::TestDb;

both!(everybody_who_collides_gets_through);

/// Who counts, and how far each does.
const COUNTERS: u32 = 16;
const EACH: u32 = 25;

const KEY: &str = "collisions";

fn count(db: &Db) {
    let one_more = |tx: &mut Tx| {
        let row = meta::table.filter(meta::key.eq(KEY));
        let now: String = row.select(meta::value).first(tx.conn())?;
        let next = now.parse::<u32>().unwrap() + 1;
        diesel::update(row).set(meta::value.eq(next.to_string())).execute(tx.conn())?;
        Ok(())
    };
    db.write(one_more).unwrap();
}

fn everybody_who_collides_gets_through(test_db: &TestDb) {
    let begin = |tx: &mut Tx| {
        let row = (meta::key.eq(KEY), meta::value.eq("0"));
        diesel::insert_into(meta::table).values(row).execute(tx.conn())?;
        Ok(())
    };
    test_db.db.write(begin).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..COUNTERS {
            scope.spawn(|| (0..EACH).for_each(|_| count(&test_db.db)));
        }
    });
    let counted = meta::table.filter(meta::key.eq(KEY)).select(meta::value);
    let counted: String = test_db.db.read(|conn| Ok(counted.first(conn)?)).unwrap();
    assert_eq!(counted, (COUNTERS * EACH).to_string());
}
