//! What is to be done about an import.

use serde::{Deserialize, Serialize};

use crate::ids::ImportId;

/// An import is to be carried out; nothing happens where it is not its turn yet, for then the one before it enqueues it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunImport {
    /// Which one.
    pub import: ImportId,
}
