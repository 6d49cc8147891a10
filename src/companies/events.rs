//! What companies announce to other features.

use serde::{Deserialize, Serialize};

use crate::ids::CompanyId;

/// A company's last person deleted their account: it decides nothing any more, for good. The job's key is `company_closed {id}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompanyClosed {
    /// The company.
    pub company: CompanyId,
}
