//! Attacks, as an authorised tester runs them: one stranger, or a handful of accounts, against everybody else. A test for each promise of
//! `tradepost::docs` that says what is bounded by what.

mod bounds;
mod claims;
mod connections;
mod keys;
mod lockout;
mod mail;
mod names;
mod prehijack;
mod searches;
mod seats;
