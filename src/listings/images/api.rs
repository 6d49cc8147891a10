//! REST of a listing's images.

use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse, delete, get, post};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::scale::{ScaledImage, scaled};
use super::{Image, ImageUrls, actions};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::blobs::ReceivedFile;
use crate::error::{Problem, Result};
use crate::ids::{ImageId, ListingId};
use crate::store::ensure_version;
use crate::web::actor::AuthenticatedActor;
use crate::web::input::{Expected, Id, IdempotencyHeader, Ids};
use crate::web::limits::PixelMeter;
use crate::web::upload::receive;
use crate::web::{answer, queued, run};
use crate::work_queue::Slot;

/// An image never changes.
const VERSION: i64 = 1;

/// An image of a listing.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ImageView {
    /// The id.
    pub id: ImageId,
    /// Where it is: a path on this site, a JPEG of at most 1 600 pixels a side. Whoever sees the listing may read it.
    pub url: String,
    /// The same for lists: at most 192 pixels a side.
    pub small_url: String,
    /// Width at `url`, in pixels.
    pub width: u32,
    /// Height at `url`, in pixels.
    pub height: u32,
}

impl ImageView {
    /// How the image of the listing is shown.
    pub fn new(listing: ListingId, image: &Image) -> Self {
        let ImageUrls { url, small_url } = ImageUrls::of(listing, image.id);
        Self { id: image.id, url, small_url, width: image.width, height: image.height }
    }
}

/// The images of a listing.
#[derive(Serialize, ToSchema)]
pub struct Images {
    /// In the order in which they are shown.
    pub data: Vec<ImageView>,
}

/// The images of a listing that one may see.
#[utoipa::path(tag = "listings", params(("id" = ListingId, Path)), responses((status = 200, body = Images)), security((), ("api_key" = ["catalog:read"])))]
#[get("/listings/{id}/images")]
async fn list_images(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ListingId>,
) -> Result<HttpResponse> {
    let images = run(&app, move |app| actions::list(app, &actor, id)).await?;
    let data = images.iter().map(|image| ImageView::new(id, image)).collect();
    Ok(HttpResponse::Ok().json(Images { data }))
}

/// Adds an image behind those that the listing has, 10 at most: the file is the body (or the first file of a multipart one). PNG, JPEG or
/// WebP by its content, up to 10 MiB and 50 megapixels. It is written anew in two sizes; what else the file held is not kept.
#[utoipa::path(tag = "listings", params(IdempotencyHeader, ("id" = ListingId, Path)), request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The bytes of the picture: JPEG, PNG or WebP"),
    responses((status = 201, body = ImageView), (status = 413), (status = 422), (status = 503, description = "Too many pictures are being read; `Retry-After` says when to come back")), security(("api_key" = ["catalog:write"])))]
#[post("/listings/{id}/images")]
async fn add_image(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ListingId>,
    once: IdempotencyHeader,
    payload: Payload,
) -> Result<HttpResponse> {
    let owner = actor.authorize_draft(Permission::CatalogWrite)?.company();
    // A full queue refuses the picture before it is sent.
    app.image_queue.ensure_free(owner.0)?;
    let sent = receive(&http, &app, payload.into_inner(), None).await?;
    let key = once.over(&sent.received.sha256);
    let (slot, mut scaled) = read_pictures(&http, &app, &actor, id, vec![sent.received]).await?;
    let scaled = scaled.pop().unwrap_or_else(|| Err(Problem::internal("one picture gave none")))?;
    let (view, once) = run(&app, move |app| {
        let _slot = slot;
        let once = actions::add(app, &actor, id, &scaled, key.as_ref())?;
        let image = once.shown(actions::find_written(app, &actor, id, once.id()))?;
        Ok((ImageView::new(id, &image), once))
    })
    .await?;
    Ok(answer::created(&format!("/listings/{id}/images/{}", once.id()), &view, VERSION, &once))
}

/// Reads pictures for a listing in the image queue; each is scaled, or refused by itself. The slot is to be held until they are stored.
///
/// # Errors
/// `unavailable` at once when the queue is full, before the pool that all use cases share is touched; what [`actions::ensure_takes`] says.
pub(super) async fn read_pictures(
    http: &HttpRequest,
    app: &Data<App>,
    actor: &Actor,
    id: ListingId,
    pictures: Vec<ReceivedFile>,
) -> Result<(Slot, Vec<Result<ScaledImage>>)> {
    let owner = actor.authorize_draft(Permission::CatalogWrite)?.company();
    let slot = app.image_queue.reserve(owner.0)?;
    let writer = actor.clone();
    run(app, move |app| actions::ensure_takes(app, &writer, id)).await?;
    let (reader, meter) = (Data::clone(app), PixelMeter::of(http, actor));
    let reading = slot.run(move || {
        Ok(pictures.iter().map(|picture| scaled(&reader.blobs, picture, |pixels| meter.take(pixels))).collect())
    });
    Ok((slot, queued(http, app, reading).await?))
}

/// An image of a listing that one may see.
#[utoipa::path(tag = "listings", params(("id" = ListingId, Path), ("image" = ImageId, Path)), responses((status = 200, body = ImageView)), security((), ("api_key" = ["catalog:read"])))]
#[get("/listings/{id}/images/{image}")]
async fn get_image(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Ids(listing, image): Ids<ListingId, ImageId>,
) -> Result<HttpResponse> {
    let found = run(&app, move |app| actions::find(app, &actor, listing, image)).await?;
    Ok(answer::resource(&http, &ImageView::new(listing, &found), VERSION))
}

/// Takes an image off one's own listing.
#[utoipa::path(tag = "listings", params(Expected, ("id" = ListingId, Path), ("image" = ImageId, Path)), responses((status = 204)), security(("api_key" = ["catalog:write"])))]
#[delete("/listings/{id}/images/{image}")]
async fn remove_image(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Ids(listing, image): Ids<ListingId, ImageId>,
    expected: Expected,
) -> Result<HttpResponse> {
    actor.authorize_draft(Permission::CatalogWrite)?;
    let version = expected.required()?;
    run(&app, move |app| {
        actions::find_written(app, &actor, listing, image)?;
        ensure_version(Some(version), VERSION)?;
        actions::remove(app, &actor, listing, image)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_images).service(add_image).service(get_image).service(remove_image);
}
