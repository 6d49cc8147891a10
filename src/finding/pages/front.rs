//! The front page: what is asked for now and what there is; for a signed-in person the desk, with what waits for them.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;

use super::filters;
use super::rebuilding;
use super::rows::{Row, encoded};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::clock::Time;
use crate::error::Result;
use crate::finding::answer::Incomplete;
use crate::finding::hits::{self, RfqHit};
use crate::finding::store::{self, WaitingRfq};
use crate::search::{Answer, Dim, Facet, Filters, Kind, Query, Sort};
use crate::web::actor::identity;
use crate::web::answer::html;
use crate::web::envelope::page_of;
use crate::web::layout::{Page, When, absolute, grouped};
use crate::web::run;

/// RFQs on the front page.
const ASKS: usize = 8;
/// Things of one kind that the desk names; the rest is behind the link.
const NAMED: usize = 4;

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
#[template(path = "finding/templates/front.html")]
pub(super) struct FrontPage {
    page: Page,
    asks: Vec<Row>,
    chapters: Vec<ChapterCount>,
    figures: [Figure; 3],
    as_of: String,
}

/// One thing that waits: what it is called, where it is, and a word beside it.
pub(super) struct Item {
    pub title: String,
    pub href: String,
    pub beside: String,
    pub deadline: Option<When>,
}

/// Things of one kind that wait for the company.
pub(super) struct Waiting {
    /// How many: `3`, `100 or more`.
    pub count: String,
    /// What they are: "RFQs with new quotes".
    pub words: &'static str,
    /// The list with all of them.
    pub href: &'static str,
    /// The first few.
    pub items: Vec<Item>,
}

#[derive(Template)]
#[template(path = "finding/templates/desk.html")]
pub(super) struct DeskPage {
    pub page: Page,
    pub company: String,
    pub waiting: Vec<Waiting>,
    pub asks: Vec<Row>,
}

fn open_now(now: Time) -> Filters {
    Filters { open_at_ms: Some(now.timestamp_millis()), ..Filters::default() }
}

/// The RFQs that were published last, and how many are open in all.
fn latest_asks(app: &App) -> Result<(Vec<Row>, usize)> {
    let now = app.clock.now();
    let query = Query { sort: Sort::Newest, limit: ASKS, filters: open_now(now), ..Query::default() };
    let answer = app.search.rfqs(&query)?;
    let rows = hits::typed::<RfqHit>(&answer).iter().map(|hit| Row::of_rfq(hit, now)).collect();
    Ok((rows, answer.total))
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
            label: filters::label(Dim::HsChapter, &found.value),
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
        Facet::MAX_VALUES => format!("{} or more", Facet::MAX_VALUES),
        count => count.to_string(),
    }
}

/// Says above the page that its figures and RFQs are a part, while they are.
fn noting_rebuild(app: &App, mut page: Page, kind: Kind) -> Page {
    page.notices.extend(rebuilding(kind, Incomplete::of(app, kind)));
    page
}

pub(super) fn front_page(app: &App, page: Page) -> Result<FrontPage> {
    let page = noting_rebuild(app, page, Kind::Listing);
    let (asks, open) = latest_asks(app)?;
    let listings = app.search.listings(&counted(Dim::HsChapter))?;
    let companies = app.search.companies(&counted(Dim::Country))?;
    let figures = [
        Figure {
            value: grouped(&listings.total.to_string()),
            words: "listings to search",
            href: "/search?scope=products",
        },
        Figure {
            value: many(companies.facets.first()),
            words: "countries with companies here",
            href: "/search?scope=suppliers",
        },
        Figure { value: grouped(&open.to_string()), words: "RFQs open now", href: "/rfqs" },
    ];
    Ok(FrontPage { page, asks, chapters: chapters(&listings), figures, as_of: absolute(app.clock.now()) })
}

fn count(found: usize) -> String {
    let most = usize::try_from(store::MOST).unwrap_or(usize::MAX);
    if found >= most { format!("{found} or more") } else { found.to_string() }
}

fn waiting<T>(
    words: (&'static str, &'static str),
    href: &'static str,
    found: Vec<T>,
    item: impl FnMut(T) -> Item,
) -> Waiting {
    let (one, several) = words;
    let number = found.len();
    let items = found.into_iter().take(NAMED).map(item).collect();
    Waiting { count: count(number), words: if number == 1 { one } else { several }, href, items }
}

fn rfq_item(rfq: WaitingRfq, href: String, now: Time) -> Item {
    let beside = match rfq.quotes {
        0 => String::new(),
        1 => "1 new quote".to_owned(),
        quotes => format!("{quotes} new quotes"),
    };
    Item { title: rfq.title, href, beside, deadline: rfq.deadline.map(|deadline| When::new(deadline, now)) }
}

fn named(title: String, href: String) -> Item {
    Item { title, href, beside: String::new(), deadline: None }
}

/// Everything that waits for the company of the actor; kinds of which nothing waits are left out.
pub(super) fn all_waiting(app: &App, actor: &Actor) -> Result<Vec<Waiting>> {
    let scope = actor.authorize(Permission::RfqsRead)?;
    let now = app.clock.now();
    let found = app.db.read(|conn| {
        let quoted = store::quoted(conn, scope)?;
        let unseen = store::unseen(conn, scope)?;
        let proposed = store::proposed(conn, scope)?;
        let declared = store::declared(conn, scope)?;
        let disputed = store::disputed(conn, scope)?;
        let drafts = store::drafts(conn, scope)?;
        Ok((quoted, unseen, proposed, declared, disputed, drafts))
    })?;
    let (quoted, unseen, proposed, declared, disputed, drafts) = found;
    let to_quotes = |rfq: WaitingRfq| {
        let href = format!("/desk/buying/rfqs/{}/quotes", rfq.id);
        rfq_item(rfq, href, now)
    };
    let to_rfq = |rfq: WaitingRfq| {
        let href = format!("/rfqs/{}", rfq.id);
        rfq_item(rfq, href, now)
    };
    let to_draft = |rfq: WaitingRfq| {
        let href = format!("/desk/buying/rfqs/{}/edit", rfq.id);
        rfq_item(rfq, href, now)
    };
    let record = |(id, name)| named(format!("Shipment with {name}"), format!("/records/{id}"));
    let all = [
        waiting(("RFQ with new quotes", "RFQs with new quotes"), "/desk/buying", quoted, to_quotes),
        waiting(("RFQ that fits what you sell", "RFQs that fit what you sell"), "/desk/selling", unseen, to_rfq),
        waiting(("partnership to confirm", "partnerships to confirm"), "/partnerships", proposed, |(id, name)| {
            named(name, format!("/partnerships/{id}"))
        }),
        waiting(("shipment to confirm", "shipments to confirm"), "/partnerships", declared, record),
        waiting(("disputed shipment to correct", "disputed shipments to correct"), "/partnerships", disputed, record),
        waiting(("draft not published yet", "drafts not published yet"), "/desk/buying", drafts, to_draft),
    ];
    Ok(all.into_iter().filter(|waiting| !waiting.items.is_empty()).collect())
}

pub(super) fn desk_page(app: &App, page: Page, actor: &Actor) -> Result<DeskPage> {
    let page = noting_rebuild(app, page, Kind::Rfq);
    let company = page.viewer.as_ref().map(|viewer| viewer.company_name.clone()).unwrap_or_default();
    Ok(DeskPage { page, company, waiting: all_waiting(app, actor)?, asks: latest_asks(app)?.0 })
}

#[get("/")]
pub(super) async fn front(http: HttpRequest, app: Data<App>) -> Result<HttpResponse> {
    let identity = identity(&http);
    if identity.viewer.is_none() {
        return html(&front_page(&app, page_of(&http, "Trade across borders, found by fit"))?);
    }
    let page = page_of(&http, "Your desk");
    html(&run(&app, move |app| desk_page(app, page, &identity.actor)).await?)
}
