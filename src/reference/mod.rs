//! Reference data that is only read: the codes of trade and the tables behind them.

pub mod codes;
