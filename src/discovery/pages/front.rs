//! The front page: open RFQs, and what there is to search. Who is signed in gets the dashboard in its place.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;

use super::facets;
use crate::app::App;
use crate::discovery::pages::rows::{Row, encoded, rebuilding};
use crate::discovery::queries::{self, Incomplete};
use crate::error::Result;
use crate::locale::{Language, Message, text};
use crate::search::{Answer, Dim, Facet, Kind, Query, Sort};
use crate::web::answer::html;
use crate::web::envelope::page_of;
use crate::web::layout::{Page, Sharing, absolute, grouped};

/// RFQs on the front page.
const OPEN_RFQS: usize = 8;

/// A chapter of the HS with the number of listings in it.
pub(super) struct ChapterCount {
    label: String,
    count: String,
    href: String,
}

/// One of the three figures.
pub(super) struct Figure {
    value: String,
    words: &'static str,
    href: &'static str,
}

#[derive(Template)]
#[template(path = "discovery/templates/front.html")]
pub(super) struct FrontPage {
    page: Page,
    open_rfqs: Vec<Row>,
    chapters: Vec<ChapterCount>,
    figures: [Figure; 3],
    as_of: String,
}

/// Counts without hits.
fn counted(dim: Dim) -> Query {
    Query { limit: 0, facets: vec![dim], sort: Sort::Newest, ..Query::default() }
}

fn chapters(listings: &Answer) -> Vec<ChapterCount> {
    let values = listings.facets.first().map(|facet| facet.values.clone()).unwrap_or_default();
    let mut chapters: Vec<ChapterCount> = values
        .into_iter()
        .map(|found| ChapterCount {
            label: facets::label(Dim::HsChapter, &found.value),
            count: grouped(&found.count.to_string()),
            href: format!("/search?{}", encoded(&[("scope", "products"), ("hs_chapter", &found.value)])),
        })
        .collect();
    chapters.sort_by(|a, b| a.label.cmp(&b.label));
    chapters
}

/// The number of values; a facet has at most 50.
fn many(facet: Option<&Facet>) -> String {
    match facet.map_or(0, |facet| facet.values.len()) {
        Facet::MAX_VALUES => Message::new("discovery-or-more").with("count", Facet::MAX_VALUES).text(Language::English),
        count => count.to_string(),
    }
}

pub(super) fn front_page(app: &App, page: Page) -> Result<FrontPage> {
    let mut page = page;
    page.notices.extend(rebuilding(Kind::Listing, Incomplete::of(app, Kind::Listing)));
    let now = app.clock.now();
    let (hits, open) = queries::latest_rfqs(app, OPEN_RFQS)?;
    let open_rfqs = hits.iter().map(|hit| Row::of_rfq(hit, now)).collect();
    let listings = app.search.listings(&counted(Dim::HsChapter))?;
    let companies = app.search.companies(&counted(Dim::Country))?;
    let figures = [
        Figure {
            value: grouped(&listings.total.to_string()),
            words: text(Language::English, "discovery-figure-listings"),
            href: "/search?scope=products",
        },
        Figure {
            value: many(companies.facets.first()),
            words: text(Language::English, "discovery-supplier-countries"),
            href: "/search?scope=suppliers",
        },
        Figure {
            value: grouped(&open.to_string()),
            words: text(Language::English, "discovery-figure-open-rfqs"),
            href: "/rfqs",
        },
    ];
    Ok(FrontPage { page, open_rfqs, chapters: chapters(&listings), figures, as_of: absolute(now) })
}

#[get("/")]
pub(super) async fn front(http: HttpRequest, app: Data<App>) -> Result<HttpResponse> {
    let about = Sharing::new(&app.config.server.public_url, "/", text(Language::English, "discovery-front-about"));
    let page = page_of(&http, text(Language::English, "discovery-front-title")).shared(about);
    html(&front_page(&app, page)?)
}
