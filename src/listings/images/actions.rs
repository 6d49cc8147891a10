//! Use cases of a listing's images: adding, reading, removing.

use super::scale::scaled;
use super::{Image, MAX_IMAGES, Stored};
use crate::actor::{Actor, Permission, Scope};
use crate::app::App;
use crate::blobs::{self, Pieces, Received};
use crate::error::{FieldCode, Problem, Result};
use crate::ids::{ImageId, ListingId};
use crate::listings::{Listing, actions, store};
use crate::store::{Entity, Once, OnceKey, Op, Tx};

/// Which of the two sizes of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// At most 1 600 pixels a side.
    Large,
    /// At most 192 pixels a side.
    Small,
}

fn absent() -> Problem {
    Problem::not_found("image")
}

/// Adds an image behind those that one's own listing has. Its bytes are stored before the row, so a crash in between leaves only bytes that
/// are swept.
///
/// # Errors
/// `invalid` naming `/content` for what is no picture that is taken and when the listing or the company has no room for one more;
/// `conflict` for a removed listing.
pub fn add(
    app: &App,
    actor: &Actor,
    id: ListingId,
    received: &Received,
    once: Option<&OnceKey>,
) -> Result<Once<ImageId>> {
    let scope = actor.authorize_draft(Permission::CatalogWrite)?;
    let seen = app.db.read(|conn| actions::own_on(conn, scope, id))?;
    ensure_room(&seen)?;
    let scaled = scaled(app, received)?;
    let large = keep(app, &scaled.large)?;
    let small = keep(app, &scaled.small)?;
    app.db.write_once(once, |tx| {
        let mut listing = actions::own_on(tx.conn(), scope, id)?;
        ensure_room(&listing)?;
        let image = Image {
            id: tx.make_id(),
            width: scaled.width,
            height: scaled.height,
            large: large.clone(),
            small: small.clone(),
        };
        ensure_fits(app, tx, scope, image.bytes())?;
        image.sizes().into_iter().try_for_each(|stored| blobs::retain(tx, stored.blob))?;
        let id = image.id;
        listing.images.push(image);
        write(tx, &listing)?;
        Ok(id)
    })
}

fn keep(app: &App, received: &Received) -> Result<Stored> {
    Ok(Stored { blob: app.blobs.keep(&app.db, received)?, sha256: received.sha256.clone(), bytes: received.bytes })
}

fn ensure_room(listing: &Listing) -> Result<()> {
    listing.state.change()?;
    if listing.images.len() < MAX_IMAGES {
        return Ok(());
    }
    let message = format!("is one too many: a listing has at most {MAX_IMAGES} images; remove one first");
    Err(Problem::invalid_field("/content", FieldCode::Range, message))
}

fn ensure_fits(app: &App, tx: &mut Tx, scope: Scope, bytes: u64) -> Result<()> {
    let limits = &app.config.limits;
    let most = limits.company_image_bytes;
    if limits.enabled && most > 0 && store::sum_image_bytes(tx.conn(), scope)? + bytes > most {
        let message = format!("does not fit: the company's images may have {} MiB together", most >> 20);
        return Err(Problem::invalid_field("/content", FieldCode::Range, message));
    }
    Ok(())
}

/// Writes the listing with its changed images; who finds it sees them.
fn write(tx: &mut Tx, listing: &Listing) -> Result<Listing> {
    let stored = store::update(tx, listing)?;
    if stored.state.is_public() {
        tx.note_change(Entity::Listing, stored.id.0, Op::Changed);
    }
    Ok(stored)
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
pub fn find_size(app: &App, actor: &Actor, id: ListingId, image: ImageId, size: Size) -> Result<(Stored, bool)> {
    let offered = actions::find(app, actor, id)?;
    let is_public = offered.is_public();
    let image = of(offered.listing, image)?;
    Ok((if size == Size::Large { image.large } else { image.small }, is_public))
}

/// The bytes of a size that the caller has found for its reader.
pub async fn read(app: &App, stored: &Stored) -> Result<Pieces> {
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
        release(tx, &[removed])?;
        write(tx, &listing).map(|_| ())
    })
}

/// Lets go of the bytes of images that no listing has any more.
pub(in crate::listings) fn release(tx: &mut Tx, images: &[Image]) -> Result<()> {
    images.iter().flat_map(Image::sizes).try_for_each(|stored| blobs::release(tx, stored.blob))
}
