//! The events of listings, to which other features react.

use serde::{Deserialize, Serialize};

use crate::ids::{CompanyId, ListingId};

/// A listing was published, or a published one changed: it may match open RFQs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListingPublished {
    /// Which one.
    pub listing: ListingId,
}

/// A published listing left the market: it was paused, taken away, or has expired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListingWithdrawn {
    /// Which one.
    pub listing: ListingId,
    /// Whose it was.
    pub company: CompanyId,
}
