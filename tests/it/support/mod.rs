//! What tests stand on: databases, the running application, callers of its API and site, a mail server.

mod client;
mod databases;
mod disk;
mod forms;
mod frost;
pub mod heard;
pub mod market;
mod meter;
mod postgres;
mod server;
mod shim;
mod skew;
mod smtp;
mod wire;
mod world;

pub use client::{Answer, Client};
pub use databases::{Database, Ground, Kind, Setup, run, run_on};
pub use disk::SmallDisk;
pub use forms::PageForm;
pub use frost::Frost;
pub use meter::{Meter, Taken, Times, figures_hold};
pub use skew::Skew;
pub use smtp::{Received, Reply, SmtpPeer};
pub use wire::{Wire, answers};
pub use world::{PASSWORD, Party, World};

/// Runs each named function, a `fn(&World)` or `fn(&Ground)`, as `sqlite::name` and as `postgres::name`.
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
