//! Indexing, as the change log tells it: what a batch may gather, and what was purged before it was read.

use chrono::Duration;
use diesel::connection::SimpleConnection;
use tradepost::ids::ListingId;
use tradepost::store::{Entity, Op};
use tradepost::{on_each, workers};

use crate::support::{Party, World, market};

both!(company_of_many_listings_is_indexed_anew_whole, index_that_missed_purged_changes_is_rebuilt,);

/// More than are read in one part.
const LISTINGS: usize = 1_203;

/// Copies the listing until the company has so many.
fn multiply(world: &World, supplier: &Party, listing: &str) {
    let id: ListingId = listing.parse().unwrap();
    let sql = format!(
        "INSERT INTO listings (id, company_id, sku, name, state, content, content_hash, version, created_at, updated_at, \
         published_at, expires_at, images, image_bytes) \
         WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {}) \
         SELECT id + n, company_id, sku || '-' || n, name, state, content, content_hash, version, created_at, updated_at, \
         published_at, expires_at, images, image_bytes FROM listings, numbers WHERE id = {}",
        LISTINGS - 1,
        id.0
    );
    let change = |tx: &mut tradepost::store::Tx| {
        on_each!(tx.conn(), |c| c.batch_execute(&sql))?;
        tx.record_change(Entity::Company, supplier.company.0, Op::Changed);
        Ok(())
    };
    world.app.db.write(change).unwrap();
}

/// A listing shows its company, so a change of the company is one of all its listings, however many.
fn company_of_many_listings_is_indexed_anew_whole(world: &World) {
    let supplier = world.supplier();
    let listing = supplier.publish_listing(&market::listing("MANY"));
    world.drain();
    multiply(world, &supplier, &listing);
    world.drain();
    assert_eq!(world.app.search.count(tradepost::search::Kind::Listing), LISTINGS as u64);
}

/// The process stood still for longer than changes are kept: what they said is read from the tables.
fn index_that_missed_purged_changes_is_rebuilt(world: &World) {
    let supplier = world.supplier();
    world.drain();
    supplier.publish_listing(&market::listing("MISSED"));
    world.clock.advance(Duration::days(31));
    let nothing = |tx: &mut tradepost::store::Tx| {
        tx.record_change(Entity::Listing, 1, Op::Changed);
        Ok(())
    };
    world.app.db.write(nothing).unwrap();
    workers::sweep(&world.app).unwrap();
    world.drain();
    assert_eq!(world.app.search.count(tradepost::search::Kind::Listing), 1);
}
