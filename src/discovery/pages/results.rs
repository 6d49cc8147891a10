//! The page of results: a search in its address, with filters as links.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;

use super::facets::{self, Chip};
use crate::actor::Actor;
use crate::app::App;
use crate::clock::Time;
use crate::discovery::hits::{CompanyHit, ListingHit, RfqHit};
use crate::discovery::pages::rows::{Row, rebuilding};
use crate::discovery::pages::search_url::{SearchUrl, kind_of};
use crate::discovery::queries::{self, SearchOutcome};
use crate::discovery::rules::{self, Conversion, ParsedSearch};
use crate::error::{Code, Result};
use crate::locale::grouped;
use crate::reference::codes::Language;
use crate::search::{Kind, Sort};
use crate::web::answer::html;
use crate::web::envelope::page_of;
use crate::web::language::reader_language;
use crate::web::layout::{FacetView, Notice, NoticeKind, Page, SearchScope, currency_options};

/// Rows of one page.
const ROWS: usize = 20;

/// A link to the same words in one scope.
pub(super) struct Tab {
    label: &'static str,
    href: String,
    current: bool,
}

/// One order of the select.
pub(super) struct Order {
    value: &'static str,
    label: &'static str,
    selected: bool,
}

#[derive(Template)]
#[template(path = "discovery/templates/results.html")]
pub(super) struct ResultsPage {
    pub page: Page,
    url: SearchUrl,
    tabs: Vec<Tab>,
    total: String,
    is_one: bool,
    took_ms: u128,
    relaxed: bool,
    timed_out: bool,
    corrected: Option<(String, String)>,
    left_out: Option<Notice>,
    rebuilding: Option<Notice>,
    chips: Vec<Chip>,
    facets: Vec<FacetView>,
    orders: Vec<Order>,
    rows: Vec<Row>,
    conversion: Option<Conversion>,
    first: Option<String>,
    next: Option<String>,
}

impl ResultsPage {
    pub(super) fn is_products(&self) -> bool {
        self.url.scope() == SearchScope::Products
    }

    fn has_prices(&self) -> bool {
        self.url.scope() != SearchScope::Suppliers
    }

    fn currencies(&self) -> Vec<(String, String)> {
        currency_options(self.url.value("price_currency"))
    }

    /// At which rates prices were compared, in words; empty when none was asked for.
    fn rates(&self) -> String {
        let Some(conversion) = &self.conversion else { return String::new() };
        match (&conversion.rate_source, conversion.rate_date) {
            (Some(source), Some(date)) => format!("Converted at the {source} rates of {date}."),
            _ => format!(
                "No exchange rates for {} are loaded, so only prices in that currency are compared.",
                conversion.currency
            ),
        }
    }

    fn took(&self) -> String {
        if self.took_ms == 0 { "under 1 ms".to_owned() } else { format!("{} ms", self.took_ms) }
    }

    /// The words for what is counted.
    fn counted_words(&self) -> &'static str {
        match (self.url.scope(), self.is_one) {
            (SearchScope::Products, true) => "result",
            (SearchScope::Products, false) => "results",
            (SearchScope::Suppliers, true) => "supplier",
            (SearchScope::Suppliers, false) => "suppliers",
            (SearchScope::Rfqs, true) => "open RFQ",
            (SearchScope::Rfqs, false) => "open RFQs",
        }
    }

    /// Title, sentence, address and words of the one next step on an empty page.
    fn empty_step(&self) -> (&'static str, &'static str, String, &'static str) {
        if !self.chips.is_empty() {
            let address = self.url.href_without_filters();
            return (
                "No results for these filters",
                "Remove one of the filters above, or all of them.",
                address,
                "Remove all filters",
            );
        }
        let (sentence, address, words) = match self.url.scope() {
            SearchScope::Products => (
                "Post an RFQ: suppliers whose listings match are notified, including those who list the product later.",
                "/desk/buying/rfqs/new",
                "Post an RFQ",
            ),
            SearchScope::Suppliers => {
                ("Post an RFQ: matching suppliers are found for you.", "/desk/buying/rfqs/new", "Post an RFQ")
            }
            SearchScope::Rfqs => (
                "Add a listing: you are notified by e-mail of each RFQ that matches it.",
                "/desk/selling/listings/new",
                "Add a listing",
            ),
        };
        ("No results", sentence, address.to_owned(), words)
    }
}

fn order_label(sort: Sort) -> &'static str {
    match sort {
        Sort::Relevance => "Relevance",
        Sort::Newest => "Newest",
        Sort::Price => "Price, lowest first",
        Sort::Moq => "MOQ, lowest first",
        Sort::Deadline => "Deadline, soonest first",
    }
}

fn rows(kind: Kind, outcome: &SearchOutcome, now: Time) -> Vec<Row> {
    let answer = &outcome.answer;
    match kind {
        Kind::Listing => {
            let conversion = outcome.conversion.as_ref();
            queries::decode::<ListingHit>(answer).iter().map(|hit| Row::of_listing(hit, conversion)).collect()
        }
        Kind::Company => queries::decode::<CompanyHit>(answer).iter().map(Row::from).collect(),
        Kind::Rfq => queries::decode::<RfqHit>(answer).iter().map(|hit| Row::of_rfq(hit, now)).collect(),
    }
}

/// Carries the search out. A cursor that is too old for it begins at the first page again: a page never dies of its address.
fn run(app: &App, parsed: &mut ParsedSearch) -> Result<SearchOutcome> {
    match queries::search(app, &Actor::Anonymous, parsed) {
        // A link that somebody kept for a year still shows its search.
        Err(problem) if problem.code == Code::BadCursor => {
            parsed.cursor = None;
            queries::search(app, &Actor::Anonymous, parsed)
        }
        outcome => outcome,
    }
}

fn left_out(parsed: &ParsedSearch) -> Option<Notice> {
    let sentences = parsed.errors.iter().map(|f| format!("{} {}", facets::parameter(&f.pointer), f.message));
    let text = sentences.collect::<Vec<_>>().join("; ");
    (!text.is_empty()).then(|| Notice { kind: NoticeKind::Error, text: format!("Ignored in this search: {text}.") })
}

/// The page of a search; the parameters decide everything that is on it.
pub(super) fn results(app: &App, page: Page, pairs: &rules::Pairs, reader: Option<Language>) -> Result<ResultsPage> {
    let url = SearchUrl::new(pairs);
    let now = app.clock.now();
    let kind = kind_of(url.scope());
    let mut parsed = rules::read(kind, url.pairs(), now, app.rates.history().latest());
    parsed.cursor = pairs.iter().find(|(name, _)| name == "cursor").map(|(_, cursor)| cursor.clone());
    parsed.query.language = reader.map(|language| language.to_string());
    parsed.query.limit = ROWS;
    parsed.query.highlight = true;
    parsed.query.facets = facets::counted(&url);
    let outcome = run(app, &mut parsed)?;
    let answer = &outcome.answer;
    let rows = rows(kind, &outcome, now);
    let supplier = rows.first().and_then(|row| row.party.as_ref()).map(|party| party.name.clone());
    let corrected = answer.did_you_mean.clone().map(|text| (url.href_with("q", &text), text));
    let tab = |scope: &SearchScope| Tab {
        label: scope.label(crate::locale::Language::English),
        href: url.href_in(*scope),
        current: *scope == url.scope(),
    };
    let order =
        |sort: &Sort| Order { value: sort.as_str(), label: order_label(*sort), selected: *sort == parsed.query.sort };
    Ok(ResultsPage {
        page: page.searching(parsed.query.text.clone(), url.scope()),
        tabs: SearchScope::ALL.iter().map(tab).collect(),
        total: grouped(&answer.total.to_string()),
        is_one: answer.total == 1,
        took_ms: outcome.took_ms,
        relaxed: answer.relaxed,
        timed_out: answer.timed_out,
        corrected,
        left_out: left_out(&parsed),
        rebuilding: rebuilding(kind, outcome.incomplete),
        chips: facets::chips(&url, supplier.as_deref()),
        facets: facets::views(&url, answer),
        orders: rules::sorts(kind).iter().map(order).collect(),
        rows,
        conversion: outcome.conversion,
        first: parsed.cursor.is_some().then(|| url.href()),
        next: outcome.next.as_deref().map(|cursor| url.href_at(cursor)),
        url,
    })
}

fn title_of(words: &str, scope: SearchScope) -> String {
    let words: String = words.chars().take(60).collect();
    if words.trim().is_empty() { format!("All {}", scope.label(crate::locale::Language::English)) } else { words }
}

#[get("/search")]
pub(super) async fn search(http: HttpRequest, app: Data<App>) -> Result<HttpResponse> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(http.query_string()).unwrap_or_default();
    let url = SearchUrl::new(&pairs);
    let page = page_of(&http, &title_of(url.value("q"), url.scope()));
    html(&results(&app, page, &pairs, reader_language(&http))?)
}
