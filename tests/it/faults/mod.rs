//! Faults: processes that are killed, paused and starved, disks that fill, files that are damaged, mail servers that fail, clocks
//! that jump. After each the invariants of [`checker`] hold.

mod outage;
pub mod checker;
mod clock;
mod disk;
mod drift;
mod index;
mod kill;
mod ledger;
mod mail;
mod memory;
mod nodes;
mod numbers;
pub mod site;
mod sqlite;
mod start;
mod uploads;
