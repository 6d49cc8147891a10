//! The events of listings, to which other features react.

use serde::{Deserialize, Serialize};

use crate::ids::ListingId;

/// A listing was published, or a published one changed: it may match open RFQs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListingPublished {
    /// Which one.
    pub listing: ListingId,
}
