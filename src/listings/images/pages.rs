//! A listing's images on the site: the pictures themselves, and the page on which a supplier keeps them.

use actix_web::http::header;
use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;

use super::actions::{self, ImageSize};
use super::api::{ImageView, read_pictures};
use super::scale::ScaledImage;
use super::{Image, MAX_IMAGES};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::blobs::ReceivedFile;
use crate::error::{Code, FieldCode, Problem, Result};
use crate::ids::{ImageId, ListingId};
use crate::listings::Listing;
use crate::locale::{Language, Message, text};
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{html, refused_html, see_other};
use crate::web::envelope::page_of;
use crate::web::input::{FormData, Id, Ids};
use crate::web::layout::{Form, Page, Section};
use crate::web::run;
use crate::web::upload::FormWithFiles;

/// How long a browser may show a public picture without asking again: a listing that is taken down may be shown by a browser for so long.
const CACHED: &str = "public, max-age=3600";

/// A picture as a page shows it.
pub(in crate::listings) struct Picture {
    pub id: String,
    pub url: String,
    pub small_url: String,
    pub width: u32,
    pub height: u32,
}

/// The pictures of a listing for its pages.
pub(in crate::listings) fn pictures(listing: ListingId, images: &[Image]) -> Vec<Picture> {
    let picture = |image: &Image| {
        let ImageView { id, url, small_url, width, height } = ImageView::new(listing, image);
        Picture { id: id.to_string(), url, small_url, width, height }
    };
    images.iter().map(picture).collect()
}

type OfListing = Ids<ListingId, ImageId>;

async fn picture(
    app: &Data<App>,
    actor: Actor,
    Ids(listing, image): OfListing,
    size: ImageSize,
) -> Result<HttpResponse> {
    let (stored, is_public) = run(app, move |app| actions::find_size(app, &actor, listing, image, size)).await?;
    let pieces = actions::read(app, &stored).await?;
    Ok(HttpResponse::Ok()
        .content_type("image/jpeg")
        .insert_header((header::CACHE_CONTROL, if is_public { CACHED } else { "no-store" }))
        // It is packed already, and its length is known.
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .no_chunking(stored.bytes)
        .streaming(pieces))
}

#[get("/listings/{id}/images/{image}")]
async fn large(app: Data<App>, AuthenticatedActor(actor): AuthenticatedActor, ids: OfListing) -> Result<HttpResponse> {
    picture(&app, actor, ids, ImageSize::Large).await
}

#[get("/listings/{id}/images/{image}/small")]
async fn small(app: Data<App>, AuthenticatedActor(actor): AuthenticatedActor, ids: OfListing) -> Result<HttpResponse> {
    picture(&app, actor, ids, ImageSize::Small).await
}

#[derive(Template)]
#[template(path = "listings/templates/images.html")]
struct ImagesPage {
    page: Page,
    id: String,
    name: String,
    pictures: Vec<Picture>,
    form: Form,
    most: usize,
}

fn images_page(http: &HttpRequest, listing: &Listing, form: Form) -> ImagesPage {
    ImagesPage {
        page: page_of(
            http,
            &Message::new("listings-pictures-of").with("name", &listing.fields.name).text(Language::English),
        )
        .under(Section::Selling),
        id: listing.id.to_string(),
        name: listing.fields.name.clone(),
        pictures: pictures(listing.id, &listing.images),
        form,
        most: MAX_IMAGES,
    }
}

fn blank() -> Form {
    Form::new(&[("content", "listings-pictures")])
}

/// One's own listing that can still be changed.
fn own(app: &App, actor: &Actor, id: ListingId) -> Result<Listing> {
    let listing = crate::listings::actions::find_written(app, actor, id)?.listing;
    listing.state.change()?;
    Ok(listing)
}

#[get("/desk/selling/listings/{id}/images")]
async fn show(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ListingId>,
) -> Result<HttpResponse> {
    let listing = run(&app, move |app| own(app, &actor, id)).await?;
    html(&images_page(&http, &listing, blank()))
}

/// Adds the pictures that could be read, in one transaction; answers what was refused, by the name of its file.
fn add_all(
    app: &App,
    actor: &Actor,
    id: ListingId,
    names: &[String],
    read: Vec<Result<ScaledImage>>,
) -> Result<Vec<String>> {
    let mut refused = Vec::new();
    let mut refuse = |name: &str, problem: Problem| match problem.code {
        Code::Invalid => {
            refused.extend(problem.fields.iter().map(|field| format!("{name}: {}", field.message)));
            Ok(())
        }
        _ => Err(problem),
    };
    let mut good = Vec::new();
    for (name, outcome) in names.iter().zip(read) {
        match outcome {
            Ok(scaled) => good.push((name, scaled)),
            Err(problem) => refuse(name, problem)?,
        }
    }
    let pictures: Vec<&ScaledImage> = good.iter().map(|(_, scaled)| scaled).collect();
    for ((name, _), outcome) in good.iter().zip(actions::add_all(app, actor, id, &pictures)?) {
        outcome.map_or_else(|problem| refuse(name, problem), |_| Ok(()))?;
    }
    Ok(refused)
}

#[post("/desk/selling/listings/{id}/images")]
async fn add(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ListingId>,
    sent: FormWithFiles,
) -> Result<HttpResponse> {
    let (names, pictures): (Vec<String>, Vec<ReceivedFile>) =
        sent.files.into_iter().map(|file| (file.name, file.received)).unzip();
    let viewer = actor.clone();
    let refused = match read_pictures(&http, &app, &actor, id, pictures).await {
        Ok(_) if names.is_empty() => vec![text(Language::English, "listings-choose-file").to_owned()],
        Ok((slot, read)) => {
            run(&app, move |app| {
                let _slot = slot;
                add_all(app, &actor, id, &names, read)
            })
            .await?
        }
        Err(full) if full.code == Code::Invalid => full.fields.into_iter().map(|field| field.message).collect(),
        Err(fault) => return Err(fault),
    };
    if refused.is_empty() {
        return Ok(see_other(&format!("/desk/selling/listings/{id}/images")));
    }
    let listing = run(&app, move |app| own(app, &viewer, id)).await?;
    let problem = Problem::invalid_field("/content", FieldCode::Format, refused.join("; "));
    let view = images_page(&http, &listing, blank().refused(&problem));
    refused_html(&view, &view.form)
}

#[post("/desk/selling/listings/{id}/images/{image}/remove")]
async fn remove(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Ids(listing, image): OfListing,
    _form: FormData,
) -> Result<HttpResponse> {
    actor.authorize_draft(Permission::CatalogWrite)?;
    run(&app, move |app| actions::remove(app, &actor, listing, image)).await?;
    Ok(see_other(&format!("/desk/selling/listings/{listing}/images")))
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(small).service(large).service(show).service(add).service(remove);
}
