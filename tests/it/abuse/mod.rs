//! Attacks, as an authorised tester runs them: one stranger, or a handful of accounts, against everybody else. A test for each promise of
//! `tradepost::docs` that says what is bounded by what.

mod anonymity;
mod bounds;
mod claims;
mod connections;
mod contacts;
mod costs;
mod figures;
mod files;
mod keys;
mod lockout;
mod mail;
mod memory;
mod names;
mod passwords;
mod prehijack;
mod searches;
mod seats;
mod storage;
mod suggestions;
mod uploads;
mod writers;
