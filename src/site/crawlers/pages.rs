//! `robots.txt`, `sitemap.xml` with its parts, and `/rfqs.atom`.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpResponse, get};
use askama::Template;

use super::store::{self, Kind};
use crate::app::App;
use crate::clock::Time;
use crate::discovery::hits::RfqHit;
use crate::discovery::queries::latest_rfqs;
use crate::error::{Problem, Result};
use crate::ids::{CompanyId, ListingId, RfqId};
use crate::locale::{Language, text};
use crate::web::input::Ids;
use crate::web::layout::plain_quantity;
use crate::web::run;

/// So many RFQs stand in the feed.
const FEED: usize = 50;

/// An answer that is no page.
fn answer(kind: &'static str, body: String) -> HttpResponse {
    HttpResponse::Ok().content_type(kind).body(body)
}

fn xml(kind: &'static str, body: &impl Template) -> Result<HttpResponse> {
    Ok(answer(kind, body.render().map_err(Problem::internal)?))
}

const XML: &str = "application/xml; charset=utf-8";

/// What only members see, what only lists other pages, and what does something.
const NOT_FOR_CRAWLERS: &[&str] = &[
    "/account",
    "/api/",
    "/desk",
    "/messages",
    "/moderation",
    "/partnerships",
    "/quotes",
    "/records",
    "/report",
    "/search",
    "/sign-in",
    "/sign-up",
];

#[get("/robots.txt")]
async fn robots(app: Data<App>) -> HttpResponse {
    let rules = NOT_FOR_CRAWLERS.iter().map(|path| format!("Disallow: {path}\n"));
    let body = std::iter::once("User-agent: *\n".to_owned())
        .chain(rules)
        .chain(std::iter::once(format!("Sitemap: {}/sitemap.xml\n", app.config.server.public_url)))
        .collect();
    answer("text/plain; charset=utf-8", body)
}

#[derive(Template)]
#[template(path = "site/crawlers/templates/sitemap_index.xml")]
struct SitemapIndex {
    site: String,
    /// Kind and the id after which the part begins.
    parts: Vec<(Kind, i64)>,
}

#[get("/sitemap.xml")]
async fn sitemap_index(app: Data<App>) -> Result<HttpResponse> {
    let parts = run(&app, |app| {
        app.db.read(|conn| {
            let mut parts = Vec::new();
            for kind in Kind::ALL {
                parts.extend(store::list_parts(conn, *kind)?.into_iter().map(|after| (*kind, after)));
            }
            Ok(parts)
        })
    })
    .await?;
    xml(XML, &SitemapIndex { site: app.config.server.public_url.clone(), parts })
}

#[derive(Template)]
#[template(path = "site/crawlers/templates/sitemap.xml")]
struct Sitemap {
    /// Address and day of the last change.
    pages: Vec<(String, String)>,
}

#[get("/sitemaps/{kind}/{after}.xml")]
async fn sitemap(app: Data<App>, Ids(kind, after): Ids<Kind, u64>) -> Result<HttpResponse> {
    let after = i64::try_from(after).map_err(|_| Problem::not_found("sitemap"))?;
    let pages = run(&app, move |app| {
        let public = app.db.read(|conn| store::list_public(conn, kind, after))?;
        let site = &app.config.server.public_url;
        let address = |id| match kind {
            Kind::Companies => format!("{site}/companies/{}", CompanyId(id)),
            Kind::Listings => format!("{site}/listings/{}", ListingId(id)),
            Kind::Rfqs => format!("{site}/rfqs/{}", RfqId(id)),
        };
        Ok(public.into_iter().map(|(id, changed)| (address(id), changed.date().to_string())).collect())
    })
    .await?;
    xml(XML, &Sitemap { pages })
}

/// An RFQ in the feed.
struct Entry {
    address: String,
    title: String,
    /// What is wanted and where it goes, in a line.
    summary: String,
    published: String,
}

impl Entry {
    fn new(site: &str, rfq: &RfqHit, now: Time) -> Self {
        let quantity = rfq.quantity.as_ref().map(plain_quantity);
        let destination = rfq.destination_country.map(|country| country.name());
        let parts = [quantity, destination, rfq.incoterm.map(|term| term.to_string())];
        Self {
            address: format!("{site}/rfqs/{}", rfq.id),
            title: rfq.title.clone(),
            summary: parts.into_iter().flatten().collect::<Vec<_>>().join(", "),
            published: rfc3339(rfq.published_at.unwrap_or(now)),
        }
    }
}

fn rfc3339(at: Time) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[derive(Template)]
#[template(path = "site/crawlers/templates/rfqs.xml")]
struct Feed {
    site: String,
    title: &'static str,
    updated: String,
    entries: Vec<Entry>,
}

#[get("/rfqs.atom")]
async fn rfqs(app: Data<App>) -> Result<HttpResponse> {
    let feed = run(&app, |app| {
        let (newest, _) = latest_rfqs(app, FEED)?;
        let (site, now) = (app.config.server.public_url.clone(), app.clock.now());
        let entries: Vec<Entry> = newest.iter().map(|rfq| Entry::new(&site, rfq, now)).collect();
        // The feed is as new as its newest entry; a reader that has seen that one need not read on.
        let updated = entries.first().map_or_else(|| rfc3339(now), |entry| entry.published.clone());
        Ok(Feed { site, title: text(Language::English, "site-feed-title"), updated, entries })
    })
    .await?;
    xml("application/atom+xml; charset=utf-8", &feed)
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(robots).service(sitemap_index).service(sitemap).service(rfqs);
}
