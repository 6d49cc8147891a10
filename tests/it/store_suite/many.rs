//! More ids than a statement takes: SQLite binds at most 32 766 values, and no caller counts them.

use tradepost::error::Result;
use tradepost::ids::CompanyId;
use tradepost::store::Conn;
use tradepost::{companies, listings, partnerships, rfqs};

use super::make;
use crate::support::TestDb;

both!(lists_of_ids_may_be_of_any_length);

/// More than either database binds in one statement.
const IDS: i64 = 70_000;

fn lists_of_ids_may_be_of_any_length(test_db: &TestDb) {
    let id: CompanyId = test_db.db.write(|tx| make(tx, "Nordwind")).unwrap();
    let ids: Vec<i64> = (1..IDS).chain([id.0]).collect();
    let found = |count: fn(&mut Conn, &[i64]) -> Result<usize>| test_db.db.read(|conn| count(conn, &ids)).unwrap();
    assert_eq!(found(|conn, ids| Ok(companies::store::load(conn, ids)?.len())), 1);
    assert_eq!(found(|conn, ids| Ok(companies::store::names(conn, ids)?.len())), 1);
    assert_eq!(found(|conn, ids| Ok(companies::store::load_form_and_verification(conn, ids)?.len())), 1);
    assert_eq!(found(|conn, ids| Ok(listings::store::load(conn, ids)?.len())), 0);
    assert_eq!(found(|conn, ids| Ok(rfqs::store::load(conn, ids)?.len())), 0);
    assert_eq!(found(|conn, ids| Ok(partnerships::store::references_by_record(conn, ids)?.len())), 0);
    let around = test_db.db.read(|conn| rfqs::store::count_related(conn, &ids)).unwrap();
    assert_eq!(around.len(), ids.len());
}
