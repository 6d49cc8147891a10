//! What names a stored file.

use crate::ids::BlobId;

/// A stored blob.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blob {
    /// The id.
    pub id: BlobId,
    /// The SHA-256 of its bytes, 64 hexadecimal digits.
    pub sha256: String,
}

impl Blob {
    /// Where it lies in the object store. The id makes two generations of the same bytes two files, so that deleting the old one
    /// never hurts the new.
    pub(super) fn key(&self) -> String {
        let folder = self.sha256.get(..2).unwrap_or_default();
        format!("{folder}/{}-{}", self.sha256, self.id)
    }
}
