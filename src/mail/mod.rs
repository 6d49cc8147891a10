//! Mail: what a letter is, how it is rendered as text and HTML, and the ways to send it.
//!
//! A letter is one column: a few sentences, a table of facts, one action with its address in full. Features write the words
//! ([`Content`]); this module knows no business. `Message-ID` is fixed for each event and recipient, so a letter that is sent
//! again after a crash is the same letter. What mail servers say of an address decides what is sent to it ([`delivery`]). Addresses
//! appear in no log.

pub mod delivery;
mod render;
pub mod rules;
mod store;
mod transport;

pub use store::purge_bounces;
pub use transport::{Mailer, SendFault, Sent};

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

/// The words of a letter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// The subject, one line.
    pub subject: String,
    /// Paragraphs before the facts.
    pub paragraphs: Vec<String>,
    /// Label and value, in order.
    pub facts: Vec<(String, String)>,
    /// What the link does, and the path of its address on the site.
    pub action: Option<(String, String)>,
    /// Why the reader gets this letter.
    pub because: String,
}

/// A letter that is ready to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The recipient's name; empty for none.
    pub to_name: String,
    /// The recipient's address.
    pub to_address: String,
    /// The words.
    pub content: Content,
    /// `Message-ID` without angle brackets: the same on every try, another one for every recipient and event.
    pub message_id: String,
    /// The one-click address of letters that can be refused.
    pub unsubscribe_url: Option<String>,
}

impl Letter {
    /// Whether its reader may refuse letters of this kind; those about a deal or an account cannot be.
    pub fn is_refusable(&self) -> bool {
        self.unsubscribe_url.is_some()
    }
}

#[cfg(test)]
mod tests;
