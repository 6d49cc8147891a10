//! What RFQs announce to other features.

use serde::{Deserialize, Serialize};

use crate::ids::RfqId;

/// An RFQ was published, or an open one was changed: it is to be matched (again). The job's key is
/// `rfq_published {id} v{version}`, so each version is announced once. What happens then is written where matching is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RfqPublished {
    /// The RFQ.
    pub rfq: RfqId,
}
