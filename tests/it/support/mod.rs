//! What tests stand on: databases, the running application, callers of its API and site, a mail server.

mod client;
mod databases;
mod forms;
pub mod market;
mod postgres;
mod server;
mod smtp;
mod world;

pub use client::{Answer, Client};
pub use databases::{Database, Ground, Kind, Setup, run};
pub use forms::PageForm;
pub use smtp::{Received, Reply, SmtpPeer};
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
