//! Use cases of a listing's images: adding, reading, removing.

use super::scale::ScaledImage;
use super::store as files;
use super::{Image, MAX_IMAGES, StoredFile};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::blobs::{ByteStream, ReceivedFile};
use crate::error::{Code, FieldCode, Problem, Result};
use crate::ids::{ImageId, ListingId};
use crate::listings::{Listing, actions, store};
use crate::locale::{Language, Message};
use crate::store::{Entity, IdempotencyKey, Idempotent, Op, Tx};

/// Which of the two sizes of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageSize {
    /// At most 1 600 pixels a side.
    Large,
    /// At most 192 pixels a side.
    Small,
}

fn absent() -> Problem {
    Problem::not_found("image")
}

/// Refuses early what [`add`] would refuse: before a picture is read for a listing that has no room for it.
///
/// # Errors
/// `not_found`; `conflict` for a removed listing; `invalid` naming `/content` when it has as many images as it may have.
pub(super) fn ensure_takes(app: &App, actor: &Actor, id: ListingId) -> Result<()> {
    let scope = actor.authorize_draft(Permission::CatalogWrite)?;
    let listing = app.db.read(|conn| actions::own_on(conn, scope, id))?;
    // Asked before the upload is read, so that ten megabytes are not sent in vain; what decides is asked again in the transaction.
    ensure_room(&listing)
}

/// Adds an image behind those that one's own listing has. Its bytes are stored before the row, so a crash in between leaves only bytes that
/// are swept.
///
/// # Errors
/// `invalid` naming `/content` when the listing or the company has no room for one more; `conflict` for a removed listing.
pub(super) fn add(
    app: &App,
    actor: &Actor,
    id: ListingId,
    scaled: &ScaledImage,
    once: Option<&IdempotencyKey>,
) -> Result<Idempotent<ImageId>> {
    let scope = actor.authorize_draft(Permission::CatalogWrite)?;
    // Outside the transaction: the writer of a SQLite file would wait for the disk. Files without a row are swept.
    let kept = store_files(app, scaled)?;
    app.db.write_idempotent(once, |tx| {
        let mut listing = actions::own_on(tx.conn(), scope, id)?;
        let added = append(app, tx, actor, &mut listing, &kept)?;
        write(tx, &listing)?;
        Ok(added)
    })
}

/// Adds several images in one transaction; an answer for each says why it was refused, and the others stay. After any other fault none of
/// them is added.
///
/// # Errors
/// As [`add`], but for `invalid`, which stands in the answers.
pub(super) fn add_all(app: &App, actor: &Actor, id: ListingId, all: &[&ScaledImage]) -> Result<Vec<Result<ImageId>>> {
    let scope = actor.authorize_draft(Permission::CatalogWrite)?;
    let kept = all.iter().map(|scaled| store_files(app, scaled)).collect::<Result<Vec<_>>>()?;
    app.db.write(|tx| {
        let mut listing = actions::own_on(tx.conn(), scope, id)?;
        let mut outcomes = Vec::with_capacity(kept.len());
        for image in &kept {
            match append(app, tx, actor, &mut listing, image) {
                // Written at once: the room that the company has left is counted from the rows.
                Ok(id) => {
                    listing = store::update(tx, &listing)?;
                    outcomes.push(Ok(id));
                }
                // One image too many does not undo those that fitted.
                Err(refusal) if refusal.code == Code::Invalid => outcomes.push(Err(refusal)),
                Err(fault) => return Err(fault),
            }
        }
        if outcomes.iter().any(Result::is_ok) {
            announce(tx, &listing);
        }
        Ok(outcomes)
    })
}

/// An image whose bytes are stored and that no row has yet.
struct StoredImage {
    width: u32,
    height: u32,
    large: StoredFile,
    small: StoredFile,
}

fn store_files(app: &App, scaled: &ScaledImage) -> Result<StoredImage> {
    let stored = |received: &ReceivedFile| -> Result<StoredFile> {
        let blob = app.blobs.put(&app.db, received)?;
        Ok(StoredFile { blob, sha256: received.sha256.clone(), bytes: received.bytes })
    };
    let (width, height) = (scaled.width, scaled.height);
    Ok(StoredImage { width, height, large: stored(&scaled.large)?, small: stored(&scaled.small)? })
}

/// Puts the image at the end of the listing's, which is still to be written.
fn append(app: &App, tx: &mut Tx, actor: &Actor, listing: &mut Listing, kept: &StoredImage) -> Result<ImageId> {
    ensure_room(listing)?;
    let StoredImage { width, height, .. } = *kept;
    let image = Image { id: tx.make_id(), width, height, large: kept.large.clone(), small: kept.small.clone() };
    ensure_fits(app, tx, actor, image.bytes())?;
    files::retain(tx, &image)?;
    let id = image.id;
    listing.images.push(image);
    Ok(id)
}

fn ensure_room(listing: &Listing) -> Result<()> {
    listing.state.change()?;
    if listing.images.len() < MAX_IMAGES {
        return Ok(());
    }
    let message = Message::new("listings-pictures-most").with("most", MAX_IMAGES).text(Language::English);
    Err(Problem::invalid_field("/content", FieldCode::Range, message))
}

fn ensure_fits(app: &App, tx: &mut Tx, actor: &Actor, bytes: u64) -> Result<()> {
    let scope = actor.authorize_draft(Permission::CatalogWrite)?;
    let limits = &app.config.limits;
    let (says, most) = match actor.is_unconfirmed() {
        true => ("listings-pictures-full-unconfirmed", limits.unconfirmed_image_bytes),
        false => ("listings-pictures-full-company", limits.company_image_bytes),
    };
    if limits.enabled && most > 0 && store::sum_image_bytes(tx.conn(), scope)? + bytes > most {
        let message = Message::new(says).with("most", most >> 20).text(Language::English);
        return Err(Problem::invalid_field("/content", FieldCode::Range, message));
    }
    Ok(())
}

/// Writes the listing with its changed images; who finds it sees them.
fn write(tx: &mut Tx, listing: &Listing) -> Result<Listing> {
    let stored = store::update(tx, listing)?;
    announce(tx, &stored);
    Ok(stored)
}

fn announce(tx: &mut Tx, listing: &Listing) {
    if listing.state.is_public() {
        tx.record_change(Entity::Listing, listing.id.0, Op::Changed);
    }
}

/// The images of a listing that the actor may see, in their order.
pub fn list(app: &App, actor: &Actor, id: ListingId) -> Result<Vec<Image>> {
    Ok(actions::find(app, actor, id)?.listing.images)
}

/// An image that the actor's company has just added.
pub fn find_written(app: &App, actor: &Actor, id: ListingId, image: ImageId) -> Result<Image> {
    of(actions::find_written(app, actor, id)?.listing, image)
}

fn of(listing: Listing, image: ImageId) -> Result<Image> {
    listing.images.into_iter().find(|one| one.id == image).ok_or_else(absent)
}

/// An image of a listing that the actor may see.
pub fn find(app: &App, actor: &Actor, id: ListingId, image: ImageId) -> Result<Image> {
    of(actions::find(app, actor, id)?.listing, image)
}

/// A size of an image of a listing that the actor may see, and whether everyone may.
pub fn find_size(
    app: &App,
    actor: &Actor,
    id: ListingId,
    image: ImageId,
    size: ImageSize,
) -> Result<(StoredFile, bool)> {
    let offered = actions::find(app, actor, id)?;
    let is_public = offered.is_public();
    let image = of(offered.listing, image)?;
    // Whether shared caches may keep it: an image of a draft must not outlive its address in them.
    Ok((if size == ImageSize::Large { image.large } else { image.small }, is_public))
}

/// The bytes of a size that the caller has found for its reader.
pub async fn read(app: &App, stored: &StoredFile) -> Result<ByteStream> {
    app.blobs.read(&stored.blob()).await
}

/// Takes an image off one's own listing.
///
/// # Errors
/// `not_found`; `conflict` for a removed listing.
pub fn remove(app: &App, actor: &Actor, id: ListingId, image: ImageId) -> Result<()> {
    let scope = actor.authorize_draft(Permission::CatalogWrite)?;
    app.db.write(|tx| {
        let mut listing = actions::own_on(tx.conn(), scope, id)?;
        listing.state.change()?;
        let place = listing.images.iter().position(|one| one.id == image).ok_or_else(absent)?;
        let removed = listing.images.remove(place);
        files::release(tx, &[removed])?;
        write(tx, &listing).map(|_| ())
    })
}
