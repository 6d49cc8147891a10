//! Mail: what an e-mail is, how it is rendered as text and HTML, and the ways to send it.
//!
//! An e-mail is one column: a few sentences, a table of facts, one action with its address in full. `Message-ID` is fixed for each event and recipient, so an e-mail that is sent
//! again after a crash is the same e-mail. What mail servers say of an address decides what is sent to it ([`delivery`]). Addresses
//! appear in no log.
//!
//! # How a feature notifies
//!
//! This module knows no business. The texts of a feature stand in its room `notifications.rs`: one pure function for each notification,
//! which takes what happened as domain types (names that a reader may see are looked up by the caller) and returns a
//! [`NotificationText`]. The action that makes it happen passes the text to `accounts::actions::notify_company`, in its own transaction,
//! so that nobody is notified of what was rolled back and everybody of what was committed.

pub mod delivery;
mod email;
mod fault;
mod render;
pub mod reply_address;
pub mod rules;
mod store;
mod transport;

pub use email::{Email, NotificationKind, NotificationText, Stream};
pub use fault::SendFault;
pub use store::purge_bounces;
pub use transport::{Mailer, SentEmail};

#[cfg(test)]
mod tests;
