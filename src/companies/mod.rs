//! Companies: who trades, and by which numbers the world's registers know them.
//!
//! An identifier is checked by its own algorithm ([`identifiers`]); that its check digits hold is evidence towards `identified`, never proof that
//! the company exists.

pub mod identifiers;
