//! What is to be done about an export.

use serde::{Deserialize, Serialize};

use crate::ids::ExportId;

/// An archive is to be made; nothing happens where that is over already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunExport {
    /// Which one.
    pub export: ExportId,
}
