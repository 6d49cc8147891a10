//! What companies announce to other features.

use serde::{Deserialize, Serialize};

use super::names::NameDoubt;
use crate::ids::CompanyId;

/// A company's last person deleted their account: it decides nothing any more, for good. The job's key is `company_closed {id}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompanyClosed {
    /// The company.
    pub company: CompanyId,
    /// Whether nobody of it ever confirmed an address, so that nobody else has seen anything of it.
    #[serde(default)]
    pub was_unconfirmed: bool,
}

/// What decides about its matches changed at a company: its profile, its level, or whether it takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompanyChanged {
    /// The company.
    pub company: CompanyId,
}

/// A company took a name that passes for another's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoubtfulName {
    /// The company.
    pub company: CompanyId,
    /// The name.
    pub name: String,
    /// What is wrong with it.
    pub doubt: NameDoubt,
}
