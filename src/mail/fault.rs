//! Why an e-mail did not go, as far as its transport knows.

/// Why an e-mail did not go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendFault {
    /// The server may take it later.
    Temporary(String),
    /// The mailbox is full or busy; it may take it later.
    Mailbox(String),
    /// Nobody will ever take this e-mail.
    Permanent(String),
    /// There is no such address.
    NoSuchAddress(String),
}
