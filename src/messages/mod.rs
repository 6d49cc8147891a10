//! Messages: conversations ([`Thread`]) of two companies about one thing, the [`Subject`].
//!
//! A listing or a company is written about to its owner, an RFQ to its buyer by suppliers who may see it, a quote, a partnership or a trade
//! record by its two parties to each other. Invariants:
//!
//! * A thread has exactly two companies, and two companies have one thread about one thing: a second first message is its next one.
//! * Where an RFQ does not show its buyer, its threads do not either, until the buyer accepts the supplier's quote.
//! * Contact data is masked for the other side until a quote is shortlisted or accepted or a partnership is active between the two
//!   ([`rules::contact_data_is_open`]); in lists, searches and e-mails it always is. The writer is told what was masked.
//! * Each person has marks of their own of what they have read; archive and assignment are a company's, and the other side sees neither.
//! * A company that blocks another takes no messages from it. The other is told that and nothing more.
//! * Messages are never changed.
//! * An e-mail that answers one of a thread's becomes its message ([`receiving`]): only from the address of the person whom that one went to.

pub mod actions;
pub mod api;
mod notifications;
pub mod pages;
pub mod queries;
pub mod receiving;
pub mod replies;
pub mod rules;
pub mod store;
pub mod views;

use std::fmt;
use std::str::FromStr;

use crate::clock::Time;
use crate::ids::{
    CompanyId, DocumentId, ListingId, MessageId, NotAnId, PartnershipId, QuoteId, RecordId, RfqId, ThreadId, UserId,
};
use crate::text::ContactKind;
use crate::{labelled, wire_enum};

/// Characters of a message.
pub const MAX_CHARACTERS: usize = 5_000;

wire_enum! {
    /// What a thread can be about.
    pub enum SubjectKind {
        /// A listing: a company that asks, and its supplier.
        Listing = "listing",
        /// A company, by another one.
        Company = "company",
        /// An RFQ: a supplier and the buyer.
        Rfq = "rfq",
        /// A quote: its supplier and the buyer.
        Quote = "quote",
        /// A trade partnership: its two sides.
        Partnership = "partnership",
        /// A trade record: the two sides of its partnership.
        Record = "record",
    }
}

labelled!(SubjectKind, "messages-kind");

/// What a thread is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A listing.
    Listing(ListingId),
    /// A company.
    Company(CompanyId),
    /// An RFQ.
    Rfq(RfqId),
    /// A quote.
    Quote(QuoteId),
    /// A trade partnership.
    Partnership(PartnershipId),
    /// A trade record.
    Record(RecordId),
}

impl Subject {
    /// Its kind.
    pub fn kind(self) -> SubjectKind {
        match self {
            Self::Listing(_) => SubjectKind::Listing,
            Self::Company(_) => SubjectKind::Company,
            Self::Rfq(_) => SubjectKind::Rfq,
            Self::Quote(_) => SubjectKind::Quote,
            Self::Partnership(_) => SubjectKind::Partnership,
            Self::Record(_) => SubjectKind::Record,
        }
    }

    /// The number in the column `subject_id`.
    pub(super) fn raw(self) -> i64 {
        match self {
            Self::Listing(id) => id.0,
            Self::Company(id) => id.0,
            Self::Rfq(id) => id.0,
            Self::Quote(id) => id.0,
            Self::Partnership(id) => id.0,
            Self::Record(id) => id.0,
        }
    }

    /// The thing of the columns `subject` and `subject_id`.
    pub(super) fn of(kind: SubjectKind, raw: i64) -> Self {
        match kind {
            SubjectKind::Listing => Self::Listing(ListingId(raw)),
            SubjectKind::Company => Self::Company(CompanyId(raw)),
            SubjectKind::Rfq => Self::Rfq(RfqId(raw)),
            SubjectKind::Quote => Self::Quote(QuoteId(raw)),
            SubjectKind::Partnership => Self::Partnership(PartnershipId(raw)),
            SubjectKind::Record => Self::Record(RecordId(raw)),
        }
    }

    /// The thing of a kind and the text of its id.
    ///
    /// # Errors
    /// [`NotAnId`] for an id of another kind.
    pub fn parse(kind: SubjectKind, id: &str) -> Result<Self, NotAnId> {
        match kind {
            SubjectKind::Listing => id.parse().map(Self::Listing),
            SubjectKind::Company => id.parse().map(Self::Company),
            SubjectKind::Rfq => id.parse().map(Self::Rfq),
            SubjectKind::Quote => id.parse().map(Self::Quote),
            SubjectKind::Partnership => id.parse().map(Self::Partnership),
            SubjectKind::Record => id.parse().map(Self::Record),
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listing(id) => id.fmt(f),
            Self::Company(id) => id.fmt(f),
            Self::Rfq(id) => id.fmt(f),
            Self::Quote(id) => id.fmt(f),
            Self::Partnership(id) => id.fmt(f),
            Self::Record(id) => id.fmt(f),
        }
    }
}

impl FromStr for Subject {
    type Err = NotAnId;

    /// The thing of an id, whose prefix says the kind.
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let known = SubjectKind::ALL.iter().find_map(|kind| Self::parse(*kind, text).ok());
        known.ok_or(NotAnId { prefix: ListingId::PREFIX })
    }
}

wire_enum! {
    /// What was masked in a message.
    pub enum MaskedKind {
        /// An e-mail address.
        Email = "email",
        /// A telephone number.
        Phone = "phone",
        /// A name in a messenger, or an address that leads there.
        Messenger = "messenger",
    }
}

labelled!(MaskedKind, "messages-masked");

impl From<ContactKind> for MaskedKind {
    fn from(kind: ContactKind) -> Self {
        match kind {
            ContactKind::Email => Self::Email,
            ContactKind::Phone => Self::Phone,
            ContactKind::Messenger => Self::Messenger,
        }
    }
}

/// A conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thread {
    /// The id.
    pub id: ThreadId,
    /// What it is about.
    pub subject: Subject,
    /// What that was called when the thread began; empty for a company or a partnership.
    pub title: String,
    /// The RFQ that decides whether the buyer's name is shown: for one about an RFQ or a quote.
    pub rfq: Option<RfqId>,
    /// Who wrote first.
    pub opener: CompanyId,
    /// The other company.
    pub addressee: CompanyId,
    /// The message that it began with.
    pub first_message: MessageId,
    /// When it began.
    pub created_at: Time,
    /// When the addressee wrote first.
    pub answered_at: Option<Time>,
}

/// A thread as one of its two companies has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThreadSide {
    /// The company.
    pub company: CompanyId,
    /// The other one.
    pub other: CompanyId,
    /// The newest message of either.
    pub last_message: MessageId,
    /// The newest message of the other one.
    pub last_received: Option<MessageId>,
    /// The newest message that anybody of the company has read, a program included.
    pub read: MessageId,
    /// Whether the company has put it away; a new message of the other side takes it out again.
    pub is_archived: bool,
    /// The colleague who answers it.
    pub assignee: Option<UserId>,
    /// Grows with every message and every change of this side; the number in the ETag.
    pub version: i64,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The id.
    pub id: MessageId,
    /// Its thread.
    pub thread: ThreadId,
    /// The company that wrote it.
    pub sender: CompanyId,
    /// The person; none for a program.
    pub person: Option<UserId>,
    /// As it was written.
    pub text: String,
    /// As the other side reads it while contact data is hidden, where that is another text.
    pub shown: Option<String>,
    /// What was masked in it.
    pub masked: Vec<MaskedKind>,
    /// Its documents.
    pub attachments: Vec<DocumentId>,
    /// When it was sent.
    pub created_at: Time,
}

impl Message {
    /// The text for a reader to whom contact data is hidden.
    pub fn masked_text(&self) -> &str {
        self.shown.as_deref().unwrap_or(&self.text)
    }
}

#[cfg(test)]
mod tests;
