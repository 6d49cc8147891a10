//! The states of a partnership and of a trade record, the grades of evidence, and the two sides.

use crate::{labelled, wire_enum};

/// A side of a partnership.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// The company that sells.
    Supplier,
    /// The company that buys.
    Buyer,
}

impl Side {
    /// The other side.
    pub fn other(self) -> Self {
        match self {
            Self::Supplier => Self::Buyer,
            Self::Buyer => Self::Supplier,
        }
    }
}

wire_enum! {
    /// The state of a partnership.
    pub enum PartnershipState {
        /// One side says so.
        Proposed = "proposed",
        /// Both say so.
        Active = "active",
        /// The other side said no.
        Declined = "declined",
        /// Over; its records stay.
        Ended = "ended",
    }
}

crate::states!(PartnershipState, "partnership-state", {
    Proposed => Needs,
    Active => Agreed,
    Declined => Refused,
    Ended => Quiet,
});

wire_enum! {
    /// The state of a trade record.
    pub enum RecordState {
        /// One side says so.
        Declared = "declared",
        /// Both say so.
        Confirmed = "confirmed",
        /// The other side disagrees.
        Disputed = "disputed",
        /// A correction has taken its place.
        Superseded = "superseded",
    }
}

crate::states!(RecordState, "record-state", {
    Declared => Needs,
    Confirmed => Agreed,
    Disputed => Needs,
    Superseded => Quiet,
});

wire_enum! {
    /// How well a record is evidenced, from least to most.
    pub enum EvidenceGrade {
        /// One side says so.
        SelfDeclared = "self_declared",
        /// Both sides say so.
        CounterpartyConfirmed = "counterparty_confirmed",
        /// Both say so and a document is attached by its SHA-256.
        DocumentAttached = "document_attached",
        /// And a moderator reviewed the documents.
        OperatorReviewed = "operator_reviewed",
    }
}

labelled!(EvidenceGrade, "evidence-grade");
