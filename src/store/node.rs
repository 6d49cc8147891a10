//! Node numbers: every process leases one of its own from the database, so that ids never collide.
//!
//! A lease holds for a day and is extended every ten minutes, by the clock and by a thread of its own. A process that could not
//! extend it for a day (it slept, or the database was away) may find its number taken: it then goes on under another.

use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::Duration;
use diesel::prelude::*;

use super::conn::Conn;
use super::db::Db;
use super::schema::nodes;
use super::tx::Tx;
use crate::clock::Time;
use crate::error::{Problem, Result};
use crate::ids::MAX_NODE;

const LEASE: Duration = Duration::hours(24);
/// So long after it was taken or extended, a lease is extended.
const RENEW_AFTER: Duration = Duration::minutes(10);

/// A node number held by this process; given back when it is dropped.
pub struct NodeLease {
    db: Db,
    holder: String,
    held: Mutex<Held>,
}

#[derive(Clone, Copy)]
struct Held {
    node: i32,
    until: Time,
}

impl NodeLease {
    /// Takes the lowest number that is free or whose lease has run out; the database's ids are made under it from now on.
    pub fn take(db: &Db) -> Result<Self> {
        // The process id alone is 1 in every container.
        let holder = format!("{}-{:016x}", std::process::id(), rand::random::<u64>());
        let held = db.write(|tx| take_lowest(tx, &holder))?;
        let lease = Self { db: db.clone(), holder, held: Mutex::new(held) };
        lease.db.ids().set_node(lease.node());
        Ok(lease)
    }

    /// The number, 0 to [`MAX_NODE`].
    pub fn node(&self) -> u16 {
        u16::try_from(self.held().node).unwrap_or(0)
    }

    /// Whether nobody else can have the number at this time.
    pub fn holds(&self, now: Time) -> bool {
        now < self.held().until
    }

    /// Extends the lease when it is time to, and takes another number when this one was lost; answers the new one then. Ids are
    /// made under it from now on. `applied` is how far the process's search index has followed the change log, if it has one: it is
    /// stored with the lease, for [`slowest_position`].
    pub fn keep(&self, applied: Option<i64>) -> Result<Option<u16>> {
        let before = *self.held();
        let since = before.until - LEASE;
        // A clock that went back says nothing of when others take the lease for over.
        if (since..since + RENEW_AFTER).contains(&self.db.clock().now()) {
            return Ok(None);
        }
        let held = self.db.write(|tx| {
            let until = tx.now() + LEASE;
            let mine = nodes::table.filter(nodes::node.eq(before.node)).filter(nodes::holder.eq(&self.holder));
            let set = (
                nodes::lease_until.eq(until.naive_utc()),
                nodes::applied_seq.eq(applied),
                nodes::applied_at.eq(applied.map(|_| tx.now_db())),
            );
            // Only while it is still ours: the condition and not a look before it, so that nobody can take the number in between.
            let kept = diesel::update(mine).set(set).execute(tx.conn())?;
            if kept == 1 { Ok(Held { until, ..before }) } else { take_lowest(tx, &self.holder) }
        })?;
        *self.held() = held;
        if held.node == before.node {
            return Ok(None);
        }
        self.db.ids().set_node(self.node());
        Ok(Some(self.node()))
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How far the slowest search index has followed the change log, of those that reported within a day: one that is gone for longer fills
/// itself anew when it comes back, and must not keep the log from being purged until then.
pub fn slowest_position(conn: &mut Conn, now: Time) -> Result<Option<i64>> {
    let since = (now - LEASE).naive_utc();
    let recent = nodes::table.filter(nodes::applied_at.gt(since));
    Ok(recent.select(diesel::dsl::min(nodes::applied_seq)).first(conn)?)
}

fn take_lowest(tx: &mut Tx, holder: &str) -> Result<Held> {
    let now = tx.now_db();
    let held: Vec<i32> = nodes::table.filter(nodes::lease_until.gt(now)).select(nodes::node).load(tx.conn())?;
    // The lowest and not a random one: `nodes` stays as small as the platform ever was.
    let free = (0..=i32::from(MAX_NODE)).find(|node| !held.contains(node));
    let node = free.ok_or_else(|| Problem::internal("all node numbers are taken"))?;
    let until = tx.now() + LEASE;
    diesel::delete(nodes::table.filter(nodes::node.eq(node))).execute(tx.conn())?;
    diesel::insert_into(nodes::table)
        .values((nodes::node.eq(node), nodes::holder.eq(holder), nodes::lease_until.eq(until.naive_utc())))
        .execute(tx.conn())?;
    Ok(Held { node, until })
}

impl NodeLease {
    fn give_back(&self) {
        let node = self.held().node;
        let given_back = self.db.write(|tx| {
            let mine = nodes::table.filter(nodes::node.eq(node)).filter(nodes::holder.eq(&self.holder));
            diesel::delete(mine).execute(tx.conn()).map_err(Into::into)
        });
        if let Err(problem) = given_back {
            log::warn!("the node number could not be given back: {problem}");
        }
    }
}

impl Drop for NodeLease {
    /// On a thread of its own: what holds the lease last may end on an event loop, where the database is not used.
    fn drop(&mut self) {
        // On a thread of its own: the last reference may fall on an event loop, where the database may not be used.
        std::thread::scope(|scope| {
            if let Err(error) = std::thread::Builder::new().spawn_scoped(scope, || self.give_back()) {
                log::warn!("the node number could not be given back: {error}");
            }
        });
    }
}
