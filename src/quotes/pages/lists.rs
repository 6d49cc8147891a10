//! The lists: a supplier's own quotes, the quotes a buyer received as a table and side by side.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;
use chrono::NaiveDate;

use super::views::{self, AllowedActions, CompareLine, OwnRow, ReceivedRow};
use super::{LANGUAGE, items, may_write};
use crate::actor::Actor;
use crate::app::App;
use crate::error::Result;
use crate::ids::{QuoteId, RfqId};
use crate::locale::{Message, text};
use crate::money::Currency;
use crate::quotes::queries::{self, VisibleQuote};
use crate::quotes::store::QuoteFilter;
use crate::quotes::{QuoteFields, QuoteState};
use crate::rfqs::Rfq;
use crate::rfqs::pages::{RfqHeader, RfqTabName};
use crate::rfqs::rules::visibility::quotes_are_readable;
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{ListParams, html, pager};
use crate::web::envelope::page_of;
use crate::web::input::{Id, Query};
use crate::web::layout::{Page, Pager, Section, plain_quantity};
use crate::web::run;

#[derive(Template)]
#[template(path = "quotes/templates/own.html")]
struct OwnPage {
    page: Page,
    /// The states to choose from: their text on the wire, their name, and whether it is chosen.
    states: Vec<(&'static str, &'static str, bool)>,
    rows: Vec<OwnRow>,
    pager: Pager,
}

#[derive(Template)]
#[template(path = "quotes/templates/received.html")]
struct ReceivedPage {
    page: Page,
    head: RfqHeader,
    rows: Vec<ReceivedRow>,
    wanted: String,
    is_sealed: bool,
    may_write: bool,
    matches_href: String,
}

#[derive(Template)]
#[template(path = "quotes/templates/compare.html")]
struct ComparePage {
    page: Page,
    head: RfqHeader,
    columns: Vec<Column>,
    lines: Vec<CompareLine>,
    currency: String,
    /// What is compared, in a sentence.
    basis: String,
    has_rates: bool,
    is_sealed: bool,
    may_write: bool,
    matches_href: String,
}

/// The head of a column of the comparison.
struct Column {
    id: QuoteId,
    supplier: String,
    revision: u32,
    state: crate::formats::Pill,
    allowed: AllowedActions,
}

#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct OwnQuery {
    state: String,
    cursor: Option<String>,
}

#[get("/desk/selling/quotes")]
async fn list_own(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Query(query): Query<OwnQuery>,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(LANGUAGE, "quotes-your-quotes")).under(Section::Selling);
    let own = run(&app, move |app| own_page(app, &actor, page, query)).await?;
    html(&own)
}

fn own_page(app: &App, actor: &Actor, page: Page, query: OwnQuery) -> Result<OwnPage> {
    let state = QuoteState::parse(&query.state);
    let state_text = state.map_or("", QuoteState::as_str);
    let name = format!("desk quotes {state_text}");
    let paging = ListParams { limit: None, cursor: query.cursor }.paging::<i64>(app, &name, actor)?;
    let slice = queries::list_own(app, actor, QuoteFilter { state, ..QuoteFilter::default() }, paging)?;
    let path = format!("/desk/selling/quotes?state={state_text}");
    let pager = pager(app, &name, actor, &path, slice.prev.as_ref(), slice.next.as_ref())?;
    let now = app.clock.now();
    let rows = slice.items.iter().map(|visible| OwnRow::new(visible, now)).collect();
    let choice = |one: &QuoteState| (one.as_str(), one.label(LANGUAGE), state == Some(*one));
    let states = QuoteState::ALL.iter().map(choice).collect();
    Ok(OwnPage { page, states, rows, pager })
}

fn wanted_words(rfq: &Rfq) -> String {
    if !rfq.fields.items.is_empty() {
        return Message::new("quotes-items").with("count", rfq.fields.items.len()).text(LANGUAGE);
    }
    rfq.fields.quantity.as_ref().map_or_else(|| text(LANGUAGE, "quotes-quantity-asked").to_owned(), plain_quantity)
}

#[get("/desk/buying/rfqs/{id}/quotes")]
async fn list_received(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RfqId>,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(LANGUAGE, "quotes-tab-quotes")).under(Section::Buying);
    let received = run(&app, move |app| {
        let head = RfqHeader::load(app, &actor, id, RfqTabName::Quotes)?;
        let quotes = queries::list_received(app, &actor, id)?;
        let is_sealed = !quotes_are_readable(head.rfq.state, head.rfq.fields.sealed);
        let comparison = if is_sealed { None } else { Some(queries::compare_for_rfq(app, &actor, id, None)?) };
        Ok(ReceivedPage {
            page: Page { title: Message::new("quotes-on").with("title", &head.title).text(LANGUAGE), ..page },
            rows: views::received(&quotes, comparison.as_ref(), app.clock.today()),
            wanted: wanted_words(&head.rfq),
            is_sealed,
            may_write: may_write(&actor),
            matches_href: format!("/desk/buying/rfqs/{id}/matches"),
            head,
        })
    })
    .await?;
    html(&received)
}

#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct CompareQuery {
    currency: String,
}

#[get("/desk/buying/rfqs/{id}/compare")]
async fn show_comparison(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RfqId>,
    Query(query): Query<CompareQuery>,
) -> Result<HttpResponse> {
    let page = page_of(&http, text(LANGUAGE, "quotes-compare-title")).under(Section::Buying);
    let currency = query.currency.parse::<Currency>().ok();
    let compared = run(&app, move |app| compare_page(app, &actor, id, page, currency)).await?;
    html(&compared)
}

fn compare_page(app: &App, actor: &Actor, id: RfqId, page: Page, currency: Option<Currency>) -> Result<ComparePage> {
    let head = RfqHeader::load(app, actor, id, RfqTabName::Compare)?;
    let is_sealed = !quotes_are_readable(head.rfq.state, head.rfq.fields.sealed);
    let mut compared = ComparePage {
        page: Page { title: Message::new("quotes-compare-on").with("title", &head.title).text(LANGUAGE), ..page },
        columns: Vec::new(),
        lines: Vec::new(),
        currency: String::new(),
        basis: String::new(),
        has_rates: false,
        is_sealed,
        may_write: may_write(actor),
        matches_href: format!("/desk/buying/rfqs/{id}/matches"),
        head,
    };
    if is_sealed {
        return Ok(compared);
    }
    let quotes = queries::list_received(app, actor, id)?;
    let comparison = queries::compare_for_rfq(app, actor, id, currency)?;
    let has_items = !compared.head.rfq.fields.items.is_empty();
    let compared_quotes: Vec<QuoteId> = match has_items {
        true => comparison.baskets.iter().map(|basket| basket.quote).collect(),
        false => comparison.whole.quotes.iter().map(|column| column.quote).collect(),
    };
    let find = |quote: &QuoteId| quotes.iter().find(|visible| visible.quote.id == *quote);
    let columns: Vec<&VisibleQuote> = compared_quotes.iter().filter_map(find).collect();
    compared.columns = columns.iter().map(|visible| column_head(visible, app.clock.today())).collect();
    if has_items {
        let fields: Vec<&QuoteFields> = columns.iter().map(|visible| &visible.quote.fields).collect();
        compared.lines = items::compare_lines(&comparison, &fields);
        compared.basis = text(LANGUAGE, "quotes-compare-items-basis").to_owned();
    } else {
        compared.lines = views::compare_lines(&comparison.whole, &quotes);
        let wanted = plain_quantity(&comparison.whole.wanted);
        compared.basis = Message::new("quotes-compare-basis").with("quantity", wanted).text(LANGUAGE);
    }
    compared.currency = comparison.whole.currency.to_string();
    let mut each = std::iter::once(&comparison.whole).chain(comparison.items.iter().map(|item| &item.comparison));
    compared.has_rates = each.any(|compared| compared.rate_date.is_some());
    Ok(compared)
}

fn column_head(visible: &VisibleQuote, today: NaiveDate) -> Column {
    Column {
        id: visible.quote.id,
        supplier: visible.supplier.fields.name.clone(),
        revision: visible.quote.revision,
        state: visible.quote.state.pill(),
        allowed: views::allowed_actions(visible, today),
    }
}

/// The routes.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_own).service(list_received).service(show_comparison);
}
