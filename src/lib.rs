//! Tradepost (architecture to be written here).

pub mod actor;
pub mod clock;
pub mod companies;
pub mod error;
pub mod ids;
pub mod listings;
pub mod money;
pub mod reference;
pub mod rfqs;
pub mod text;
pub mod units;
pub mod wire;
