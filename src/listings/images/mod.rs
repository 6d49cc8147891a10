//! The images of a listing: PNG, JPEG or WebP files that its supplier sends, shown to everyone who sees the listing.
//!
//! What is sent is decoded, turned upright and written anew as JPEG in two sizes ([`scale`]); the file itself is not kept. So a list never
//! loads a camera's full picture, and neither the place where it was taken nor anything else hidden in the file reaches a reader.
//! The images stand in the listing's row in their order; the first one goes beside it in lists.

pub mod actions;
pub mod api;
pub mod pages;
mod scale;
pub(super) mod store;

use serde::{Deserialize, Serialize};

use crate::blobs::Blob;
use crate::ids::{BlobId, ImageId, ListingId};

/// The most images of one listing.
pub const MAX_IMAGES: usize = 10;

/// An image of a listing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// The id.
    pub id: ImageId,
    /// Width of the large size, in pixels.
    pub width: u32,
    /// Height of the large size, in pixels.
    pub height: u32,
    /// For the listing's own page.
    pub large: StoredFile,
    /// For lists.
    pub small: StoredFile,
}

/// A stored JPEG.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredFile {
    /// Where its bytes are.
    pub blob: BlobId,
    /// Their SHA-256.
    pub sha256: String,
    /// How many.
    pub bytes: u64,
}

/// Where an image is: paths on this site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageUrls {
    /// The large size.
    pub url: String,
    /// The small size.
    pub small_url: String,
}

impl ImageUrls {
    /// That of an image of the listing.
    pub fn of(listing: ListingId, image: ImageId) -> Self {
        let url = format!("/listings/{listing}/images/{image}");
        Self { small_url: format!("{url}/small"), url }
    }
}

impl StoredFile {
    /// What names its bytes.
    pub fn blob(&self) -> Blob {
        Blob { id: self.blob, sha256: self.sha256.clone() }
    }
}

impl Image {
    fn sizes(&self) -> [&StoredFile; 2] {
        [&self.large, &self.small]
    }

    /// How many bytes it takes, in both sizes.
    pub fn bytes(&self) -> u64 {
        self.large.bytes + self.small.bytes
    }
}
