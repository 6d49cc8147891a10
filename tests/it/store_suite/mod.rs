//! What the store and the outbox promise, on both databases.

mod change_log;
mod claims;
mod collisions;
mod cursors;
mod effects;
mod jobs;
mod many;
mod idempotency;
mod transactions;

use diesel::prelude::*;
use tradepost::companies::{self, CompanyFields, actions::register};
use tradepost::error::Result;
use tradepost::ids::CompanyId;
use tradepost::store::schema::companies as table;
use tradepost::store::{Db, Tx};

/// Stores a company: a row that every test may make.
fn make(tx: &mut Tx, name: &str) -> Result<CompanyId> {
    register(tx, &CompanyFields::new(name, "DE".parse().unwrap()), None)
}

fn count(db: &Db) -> i64 {
    db.read(|conn| Ok(table::table.count().get_result(conn)?)).unwrap()
}

fn exists(db: &Db, id: CompanyId) -> bool {
    db.read(|conn| companies::store::find(conn, id)).unwrap().is_some()
}
