//! Node numbers: every process leases one of its own from the database, so that ids never collide.

use chrono::Duration;
use diesel::prelude::*;

use super::db::Db;
use super::schema::nodes;
use crate::error::{Problem, Result};
use crate::ids::MAX_NODE;

const LEASE_HOURS: i64 = 24;

/// A node number held by this process; given back when it is dropped.
pub struct NodeLease {
    db: Db,
    node: i32,
    holder: String,
}

impl NodeLease {
    /// Takes the lowest number that is free or whose lease has run out.
    pub fn take(db: &Db) -> Result<Self> {
        let holder = format!("{}-{:016x}", std::process::id(), rand::random::<u64>());
        let node = db.write(|tx| {
            let now = tx.now_db();
            let held: Vec<i32> = nodes::table.filter(nodes::lease_until.gt(now)).select(nodes::node).load(tx.conn())?;
            let free = (0..=i32::from(MAX_NODE)).find(|node| !held.contains(node));
            let node = free.ok_or_else(|| Problem::internal("all node numbers are taken"))?;
            let until = (tx.now() + Duration::hours(LEASE_HOURS)).naive_utc();
            diesel::delete(nodes::table.filter(nodes::node.eq(node))).execute(tx.conn())?;
            diesel::insert_into(nodes::table)
                .values((nodes::node.eq(node), nodes::holder.eq(&holder), nodes::lease_until.eq(until)))
                .execute(tx.conn())?;
            Ok(node)
        })?;
        Ok(Self { db: db.clone(), node, holder })
    }

    /// The number, 0 to [`MAX_NODE`].
    pub fn node(&self) -> u16 {
        u16::try_from(self.node).unwrap_or(0)
    }

    /// Extends the lease; called hourly by long-running processes.
    pub fn renew(&self) -> Result<()> {
        self.db.write(|tx| {
            let until = (tx.now() + Duration::hours(LEASE_HOURS)).naive_utc();
            let mine = nodes::table.filter(nodes::node.eq(self.node)).filter(nodes::holder.eq(&self.holder));
            let kept = diesel::update(mine).set(nodes::lease_until.eq(until)).execute(tx.conn())?;
            if kept == 1 { Ok(()) } else { Err(Problem::internal("the node number was taken by another process")) }
        })
    }
}

impl Drop for NodeLease {
    fn drop(&mut self) {
        let given_back = self.db.write(|tx| {
            let mine = nodes::table.filter(nodes::node.eq(self.node)).filter(nodes::holder.eq(&self.holder));
            diesel::delete(mine).execute(tx.conn()).map_err(Into::into)
        });
        if let Err(problem) = given_back {
            log::warn!("the node number could not be given back: {problem}");
        }
    }
}
