//! What an e-mail is, before it is rendered: its text, its stream, its reader.

use serde::{Deserialize, Serialize};

use crate::{labelled, wire_enum};

wire_enum! {
    /// The streams of mail: what a person can refuse, and what comes with an account and a deal.
    pub enum Stream {
        /// Sign-in, deals, partnerships: cannot be refused.
        Transactional = "transactional",
        /// RFQs that match what a supplier sells.
        Matches = "matches",
        /// What other companies write.
        Messages = "messages",
        /// What saved searches find.
        Alerts = "alerts",
    }
}

wire_enum! {
    /// What a notification is about: what a person can look for among them.
    pub enum NotificationKind {
        /// RFQs that match what a supplier sells.
        Matches = "matches",
        /// Quotes and what became of them.
        Quotes = "quotes",
        /// RFQs and questions about them.
        Rfqs = "rfqs",
        /// What other companies write.
        Messages = "messages",
        /// Partnerships and shipments.
        Partnerships = "partnerships",
        /// What saved searches find.
        Alerts = "alerts",
        /// The company itself: its evidence, reports, contacts, webhooks.
        Company = "company",
    }
}

labelled!(NotificationKind, "mail-kind");

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
    /// The `Message-ID` of the e-mail that began the conversation which this one goes on with, without angle brackets.
    pub in_reply_to: Option<String>,
    /// The address that it is answered to, where that is not the sender's.
    pub reply_to: Option<String>,
    /// The one-click address of e-mails that can be refused.
    pub unsubscribe_url: Option<String>,
}

impl Email {
    /// Whether its reader may refuse e-mails of this kind; those about a deal or an account cannot be.
    pub fn is_refusable(&self) -> bool {
        self.unsubscribe_url.is_some()
    }
}
