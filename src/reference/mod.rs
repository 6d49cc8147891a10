//! Reference data that is only read: the codes of trade, the tables behind them, and the arithmetic that identifiers are checked with.
//!
//! Every table is compiled in and handed out as a static slice of small serialisable structs, so that an API handler can return it as it is.
//! Only the HS nomenclature below the chapters is not: the operator imports it (see [`hs::Nomenclature`]).

pub mod check_digits;
pub mod codes;
pub mod countries;
pub mod currencies;
pub mod glossary;
pub mod hs;
pub mod hs_prefix;
pub mod incoterms;
pub mod locodes;
pub mod outcome;
pub mod payment_terms;
pub mod plain;
pub mod transport;
pub mod units;

#[cfg(test)]
mod tests;
