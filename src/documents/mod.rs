//! Documents: files that a company uploads and attaches to what it does.
//!
//! * What a file is, is read from its bytes ([`media`]), never from its name or from what its sender declares. A document never changes.
//! * It is private to its company until something of the company has it attached; whoever may see that thing may then read it, and for
//!   everyone else it does not exist. A feature that attaches documents decides who may see its things ([`access`]).
//! * Two companies that upload the same bytes share the stored blob and never learn of each other.
//! * A document that nothing has attached for 30 days is deleted.

pub mod access;
pub mod actions;
pub mod api;
pub mod attachments;
pub mod media;
pub mod pages;
pub mod rules;
pub mod store;
#[cfg(test)]
mod tests;

pub use access::AccessPolicies;
pub use media::MediaType;

use crate::blobs::Blob;
use crate::clock::Time;
use crate::ids::{CompanyId, DocumentId};
use crate::wire_enum;

/// The most documents that one thing has attached.
pub const MAX_ATTACHMENTS: usize = 10;

/// A document as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The id.
    pub id: DocumentId,
    /// Whose it is.
    pub company: CompanyId,
    /// Its file name, with an ending that fits what it is.
    pub name: String,
    /// What it is.
    pub media_type: MediaType,
    /// How many bytes.
    pub bytes: u64,
    /// Where the bytes are, with their SHA-256.
    pub blob: Blob,
    /// When it was uploaded.
    pub created_at: Time,
}

wire_enum! {
    /// What a document can be attached to.
    pub enum Subject {
        /// An RFQ.
        Rfq = "rfq",
        /// A quote, in any of its versions.
        Quote = "quote",
        /// The certificates of a company; the id is the company's.
        Certification = "certification",
        /// A trade record.
        Record = "record",
        /// A request to be verified.
        Verification = "verification",
        /// A conversation of two companies.
        Thread = "thread",
    }
}

impl Subject {
    /// Whether strangers may see what is attached, so that its file names carry no contact details.
    pub fn is_public(self) -> bool {
        match self {
            // The other side of a conversation is a stranger until the two deal with each other.
            Self::Rfq | Self::Thread => true,
            Self::Quote | Self::Certification | Self::Record | Self::Verification => false,
        }
    }
}
