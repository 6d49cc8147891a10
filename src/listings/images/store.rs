//! The references of images to their stored bytes. (The images themselves stand in the listing's row.)

use super::Image;
use crate::blobs;
use crate::error::Result;
use crate::store::Tx;

/// Records that a listing has the image: its bytes stay as long as one has.
pub(super) fn retain(tx: &mut Tx, image: &Image) -> Result<()> {
    image.sizes().into_iter().try_for_each(|stored| blobs::retain(tx, stored.blob))
}

/// Releases the bytes of images that no listing has any more.
pub(in crate::listings) fn release(tx: &mut Tx, images: &[Image]) -> Result<()> {
    images.iter().flat_map(Image::sizes).try_for_each(|stored| blobs::release(tx, stored.blob))
}
