//! What tests stand on: databases, the running application, callers of its API and site, a mail server.

mod amount;
mod client;
mod contract;
mod databases;
mod disk;
mod forms;
mod read_only_disk;
pub mod query_log;
pub mod market;
pub mod markup;
mod process_usage;
mod postgres;
mod server;
mod shim;
mod skew;
mod smtp;
mod wait;
mod wire;
mod world;

pub use amount::amount;
pub use client::{Answer, Client};
pub use databases::{Database, Kind, Setup, TestDb, run, run_on};
pub use disk::SmallDisk;
pub use forms::PageForm;
pub use process_usage::{Times, Usage, UsageMeter, figures_hold};
pub use read_only_disk::ReadOnlyDisk;
pub use skew::Skew;
pub use smtp::{Received, Reply, SmtpPeer};
pub use wait::{PATIENCE, wait_at_most, wait_for};
pub use wire::{Wire, answers};
pub use world::{HASH_KIB, PASSWORD, Party, World};

/// Runs each named function, a `fn(&World)` or `fn(&TestDb)`, as `sqlite::name` and as `postgres::name`.
macro_rules! both {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {$(
            #[test]
            fn $name() {
                $crate::support::run($crate::support::Kind::Sqlite, super::$name);
            }
        )+}
        mod postgres {$(
            #[test]
            fn $name() {
                $crate::support::run($crate::support::Kind::Postgres, super::$name);
            }
        )+}
    };
}

/// Says what is left out, once for each sentence, on standard error itself: what a passing test prints is swallowed. Where `CI` is
/// set nothing may be left out, and the test fails.
pub fn leave_out(what: &'static str) {
    use std::io::Write;
    static SAID: std::sync::Mutex<Vec<&str>> = std::sync::Mutex::new(Vec::new());
    assert!(std::env::var_os("CI").is_none(), "{what}");
    let mut said = SAID.lock().unwrap();
    if !said.contains(&what) {
        said.push(what);
        std::io::stderr().write_all(format!("\n*** SKIPPED: {what} ***\n\n").as_bytes()).unwrap();
    }
}
