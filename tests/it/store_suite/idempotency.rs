//! Doing a thing once, by its idempotency key.

use std::sync::Barrier;

use chrono::Duration;
use tradepost::error::{Code, Problem, Result};
use tradepost::ids::CompanyId;
use tradepost::store::{Db, IdempotencyKey, Idempotent};

use super::{count, exists, make};
use crate::support::TestDb;

both!(
    the_same_key_makes_one_thing,
    the_same_key_with_another_body_is_refused,
    a_key_is_forgotten_after_a_day,
    a_refused_creation_keeps_no_key,
    many_equal_requests_at_once_make_one_row,
);

fn key(text: &str, fingerprint: &str) -> IdempotencyKey {
    IdempotencyKey { key: text.to_owned(), fingerprint: fingerprint.to_owned() }
}

fn create(db: &Db, once: &IdempotencyKey) -> Result<Idempotent<CompanyId>> {
    db.write_idempotent(Some(once), |tx| make(tx, "Once"))
}

fn the_same_key_makes_one_thing(test_db: &TestDb) {
    let once = key("cmp_1 POST /listings abc", "f1");
    let first = create(&test_db.db, &once).unwrap();
    assert!(matches!(first, Idempotent::Fresh(id) if exists(&test_db.db, id)));
    let again = create(&test_db.seen_by_node(2), &once).unwrap();
    assert_eq!(again, Idempotent::Replayed(first.id()));
    let other = create(&test_db.db, &key("cmp_2 POST /listings abc", "f1")).unwrap();
    assert!(matches!(other, Idempotent::Fresh(_)));
    assert_eq!(count(&test_db.db), 2);
    let without = test_db.db.write_idempotent(None, |tx| make(tx, "Twice")).unwrap();
    assert!(matches!(without, Idempotent::Fresh(_)));
}

fn the_same_key_with_another_body_is_refused(test_db: &TestDb) {
    create(&test_db.db, &key("k", "f1")).unwrap();
    let refused = create(&test_db.db, &key("k", "f2")).unwrap_err();
    assert_eq!(refused.code, Code::IdempotencyMismatch);
    assert_eq!(count(&test_db.db), 1);
}

fn a_key_is_forgotten_after_a_day(test_db: &TestDb) {
    let once = key("k", "f1");
    let first = create(&test_db.db, &once).unwrap();
    test_db.clock.advance(Duration::hours(24) - Duration::seconds(1));
    assert_eq!(create(&test_db.db, &once).unwrap(), Idempotent::Replayed(first.id()));
    test_db.clock.advance(Duration::seconds(2));
    let second = create(&test_db.db, &key("k", "f2")).unwrap();
    assert!(matches!(second, Idempotent::Fresh(id) if id != first.id()));
    assert_eq!(create(&test_db.db, &key("k", "f2")).unwrap(), Idempotent::Replayed(second.id()));
}

fn a_refused_creation_keeps_no_key(test_db: &TestDb) {
    let once = key("k", "f1");
    let refused = test_db.db.write_idempotent::<CompanyId, _>(Some(&once), |tx| {
        make(tx, "Half")?;
        Err(Problem::conflict("not yet"))
    });
    assert_eq!(refused.unwrap_err().code, Code::Conflict);
    assert!(
        matches!(create(&test_db.db, &once).unwrap(), Idempotent::Fresh(_)),
        "the corrected request may use the key"
    );
    assert_eq!(count(&test_db.db), 1);
}

/// Sixty-four requests with one key at the same moment, through two processes' worth of pools.
fn many_equal_requests_at_once_make_one_row(test_db: &TestDb) {
    let other = test_db.seen_by_node(2);
    let once = key("k", "f1");
    let start = Barrier::new(64);
    let outcomes: Vec<Idempotent<CompanyId>> = std::thread::scope(|scope| {
        let senders: Vec<_> = (0..64)
            .map(|sender| {
                let db = if sender % 2 == 0 { &test_db.db } else { &other };
                let (start, once) = (&start, &once);
                scope.spawn(move || {
                    start.wait();
                    create(db, once).unwrap()
                })
            })
            .collect();
        senders.into_iter().map(|sender| sender.join().unwrap()).collect()
    });
    assert_eq!(count(&test_db.db), 1);
    assert_eq!(outcomes.iter().filter(|outcome| matches!(outcome, Idempotent::Fresh(_))).count(), 1);
    assert!(outcomes.iter().all(|outcome| outcome.id() == outcomes[0].id()));
}
