//! Who may read what is attached: asked of the feature whose thing it is attached to.
//!
//! This folder knows no RFQ and no quote. Each feature that attaches documents has one function that says whether an actor may see a
//! thing of its; the list of them is made where the routes are.

use std::collections::BTreeMap;

use crate::actor::Actor;
use crate::error::Result;
use crate::store::Conn;
use crate::wire_enum;

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
    }
}

impl Subject {
    /// Whether strangers may see what is attached, so that its file names carry no contact details.
    pub(super) fn is_public(self) -> bool {
        match self {
            Self::Rfq => true,
            Self::Quote | Self::Certification | Self::Record | Self::Verification => false,
        }
    }
}

/// Whether the actor may see the attachments of the thing with this id; false, never a problem, for what is not theirs.
pub type MaySee = fn(&mut Conn, &Actor, i64) -> Result<bool>;

/// The functions of all features that attach documents.
#[derive(Clone, Debug, Default)]
pub struct Audiences(BTreeMap<Subject, MaySee>);

impl Audiences {
    /// Adds that of one kind of thing.
    #[must_use]
    pub fn with(mut self, subject: Subject, may_see: MaySee) -> Self {
        self.0.insert(subject, may_see);
        self
    }

    /// Whether the actor may see the attachments of the thing; a kind that nobody answers for is seen by nobody.
    pub(super) fn may_see(&self, conn: &mut Conn, actor: &Actor, subject: Subject, id: i64) -> Result<bool> {
        self.0.get(&subject).map_or(Ok(false), |may_see| may_see(conn, actor, id))
    }
}
