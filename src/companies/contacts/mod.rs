//! Contact people of a company: whom others reach once the company lets them.
//!
//! Private by default. They are read by the company itself and, through [`list_of`], by the one use case that reveals them; they stand in no
//! list, no index, no event and no e-mail, and the company's own resource does not hold them.

mod actions;
pub mod api;
mod fields;
pub mod pages;
mod store;

pub use actions::{MAX_CONTACTS, change, create, delete, find, find_written, list};
pub use fields::{ContactFields, READ_ONLY};
pub use store::list_of;

use crate::clock::Time;
use crate::ids::{CompanyId, ContactId};

/// A contact person as they are stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// The id.
    pub id: ContactId,
    /// Whose contact.
    pub company: CompanyId,
    /// Who they are and how they are reached.
    pub fields: ContactFields,
    /// Grows with every change; the ETag.
    pub version: i64,
    /// When they were added.
    pub created_at: Time,
    /// When they were last changed.
    pub updated_at: Time,
}
