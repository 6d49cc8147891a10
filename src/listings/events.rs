//! What listings tell other features of.

use serde::{Deserialize, Serialize};

use crate::ids::ListingId;

/// A listing was published, or a published one says something else now: it may match open RFQs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListingPublished {
    /// Which one.
    pub listing: ListingId,
}
