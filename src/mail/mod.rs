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
mod render;
pub mod rules;
mod store;
mod transport;

pub use store::purge_bounces;
pub use transport::{Mailer, SendFault, SentEmail};

use serde::{Deserialize, Serialize};

use crate::wire_enum;

wire_enum! {
    /// The streams of mail: what a person can refuse, and what comes with an account and a deal.
    pub enum Stream {
        /// Sign-in, deals, partnerships: cannot be refused.
        Transactional = "transactional",
        /// RFQs that match what a supplier sells.
        Matches = "matches",
    }
}

/// The text of a notification; how it looks as text and as HTML is decided when it is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotificationText {
    /// The subject, one line.
    pub subject: String,
    /// Paragraphs before the facts.
    pub paragraphs: Vec<String>,
    /// Label and value, in order.
    pub facts: Vec<(String, String)>,
    /// What the link does, and the path of its address on the site.
    pub action: Option<(String, String)>,
    /// Why the reader gets this e-mail.
    pub because: String,
}

/// An e-mail that is ready to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email {
    /// The recipient's name; empty for none.
    pub to_name: String,
    /// The recipient's address.
    pub to_address: String,
    /// The words.
    pub content: NotificationText,
    /// `Message-ID` without angle brackets: the same on every try, another one for every recipient and event.
    pub message_id: String,
    /// The one-click address of e-mails that can be refused.
    pub unsubscribe_url: Option<String>,
}

impl Email {
    /// Whether its reader may refuse e-mails of this kind; those about a deal or an account cannot be.
    pub fn is_refusable(&self) -> bool {
        self.unsubscribe_url.is_some()
    }
}

#[cfg(test)]
mod tests;
