//! Tradepost (architecture to be written here).

pub mod error;
pub mod clock;
pub mod ids;
pub mod money;
pub mod units;
pub mod wire;
pub mod secrets;
pub mod actor;
pub mod reference;
pub mod store;
pub mod config;
pub mod outbox;
pub mod mail;
