//! Tradepost (architecture to be written here).

pub mod actor;
pub mod clock;
pub mod error;
pub mod ids;
pub mod money;
pub mod reference;
pub mod search;
pub mod units;
pub mod wire;
