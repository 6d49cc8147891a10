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
use crate::locale::{self, Message, grouped};
use crate::reference::codes::Language;
use crate::search::{Kind, Matched, Sort};
use crate::web::answer::html;
use crate::web::envelope::page_of;
use crate::web::language::reader_language;
use crate::web::layout::{FacetView, Notice, NoticeKind, Page, SearchScope, currency_options};
use crate::web::weighed;

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
    count: usize,
    took_ms: u128,
    relaxed: Option<String>,
    timed_out: bool,
    /// The address of the corrected query and its text, and the address of the words as they were typed.
    corrected: Option<(String, String, String)>,
    left_out: Option<Notice>,
    rebuilding: Option<Notice>,
    chips: Vec<Chip>,
    facets: Vec<FacetView>,
    orders: Vec<Order>,
    rows: Vec<Row>,
    conversion: Option<Conversion>,
    first: Option<String>,
    prev: Option<String>,
    next: Option<String>,
}

impl ResultsPage {
    pub(super) fn is_products(&self) -> bool {
        self.url.scope() == SearchScope::Products
    }

    /// Whether something was asked for that can be kept as a search.
    fn may_be_saved(&self) -> bool {
        !self.chips.is_empty() || !self.url.value("q").is_empty()
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
            (Some(source), Some(date)) => Message::new("discovery-rates")
                .with("source", source)
                .with("date", date.to_string())
                .text(locale::Language::English),
            _ => Message::new("discovery-no-rates")
                .with("currency", conversion.currency.to_string())
                .text(locale::Language::English),
        }
    }

    fn took(&self) -> String {
        if self.took_ms == 0 {
            locale::text(locale::Language::English, "discovery-took-no-time").to_owned()
        } else {
            Message::new("discovery-took")
                .with("milliseconds", self.took_ms.to_string())
                .text(locale::Language::English)
        }
    }

    /// The words for what is counted, behind the number.
    fn counted_words(&self) -> String {
        let words = match self.url.scope() {
            SearchScope::Products => Message::new("discovery-count-products"),
            SearchScope::Suppliers => Message::new("discovery-count-suppliers"),
            SearchScope::Rfqs => Message::new("discovery-count-rfqs"),
        };
        words.with("count", self.count).text(locale::Language::English)
    }

    /// Title, sentence, address and words of the one next step on an empty page.
    fn empty_step(&self) -> (&'static str, &'static str, String, &'static str) {
        if !self.chips.is_empty() {
            let address = self.url.href_without_filters();
            return (
                locale::text(locale::Language::English, "discovery-no-results-filters"),
                locale::text(locale::Language::English, "discovery-no-results-filters-hint"),
                address,
                locale::text(locale::Language::English, "discovery-remove-filters"),
            );
        }
        let (sentence, address, words) = match self.url.scope() {
            SearchScope::Products => (
                locale::text(locale::Language::English, "discovery-no-products-hint"),
                "/desk/buying/rfqs/new",
                locale::text(locale::Language::English, "discovery-post-an-rfq"),
            ),
            SearchScope::Suppliers => (
                locale::text(locale::Language::English, "discovery-no-suppliers-hint"),
                "/desk/buying/rfqs/new",
                locale::text(locale::Language::English, "discovery-post-an-rfq"),
            ),
            SearchScope::Rfqs => (
                locale::text(locale::Language::English, "discovery-no-rfqs-hint"),
                "/desk/selling/listings/new",
                locale::text(locale::Language::English, "discovery-add-a-listing"),
            ),
        };
        (locale::text(locale::Language::English, "discovery-no-results"), sentence, address.to_owned(), words)
    }
}

fn order_label(sort: Sort) -> &'static str {
    match sort {
        Sort::Relevance => locale::text(locale::Language::English, "discovery-sort-relevance"),
        Sort::Newest => locale::text(locale::Language::English, "discovery-sort-newest"),
        Sort::Price => locale::text(locale::Language::English, "discovery-sort-price"),
        Sort::Moq => locale::text(locale::Language::English, "discovery-sort-moq"),
        Sort::Deadline => locale::text(locale::Language::English, "discovery-sort-deadline"),
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

/// How many hits hold all words and how many fewer, in words.
fn parts(matched: Matched) -> String {
    Message::new("discovery-relaxed")
        .with("whole", matched.all)
        .with("most", matched.most.unwrap_or(0))
        .with("any", matched.any.unwrap_or(0))
        .text(locale::Language::English)
}

/// Carries the search out. A cursor that is too old for it begins at the first page again: a page never dies of its address.
fn run(app: &App, parsed: &mut ParsedSearch) -> Result<SearchOutcome> {
    match queries::search(app, &Actor::Anonymous, parsed) {
        // A link that somebody kept for a year still shows its search.
        Err(problem) if matches!(problem.code, Code::BadCursor | Code::Invalid) => {
            parsed.cursor = None;
            queries::search(app, &Actor::Anonymous, parsed)
        }
        outcome => outcome,
    }
}

fn left_out(parsed: &ParsedSearch) -> Option<Notice> {
    let sentences = parsed.errors.iter().map(|f| format!("{} {}", facets::parameter(&f.pointer), f.message));
    let text = sentences.collect::<Vec<_>>().join("; ");
    (!text.is_empty()).then(|| Notice {
        kind: NoticeKind::Error,
        text: Message::new("discovery-ignored").with("text", text).text(locale::Language::English),
    })
}

/// The search of a page; the parameters decide everything that is on it.
pub(super) fn read(app: &App, url: &SearchUrl, pairs: &rules::Pairs, reader: Option<Language>) -> ParsedSearch {
    let now = app.clock.now();
    let mut parsed = rules::read(kind_of(url.scope()), url.pairs(), now, app.rates.history().latest());
    parsed.cursor = pairs.iter().find(|(name, _)| name == "cursor").map(|(_, cursor)| cursor.clone());
    parsed.query.language = reader.map(|language| language.to_string());
    parsed.query.limit = ROWS;
    parsed.query.highlight = true;
    parsed.query.facets = facets::counted(url);
    parsed
}

/// The page of a search.
pub(super) fn results(app: &App, page: Page, url: SearchUrl, mut parsed: ParsedSearch) -> Result<ResultsPage> {
    let now = app.clock.now();
    let kind = kind_of(url.scope());
    let outcome = run(app, &mut parsed)?;
    let answer = &outcome.answer;
    let rows = rows(kind, &outcome, now);
    let supplier = rows.first().and_then(|row| row.party.as_ref()).map(|party| party.name.clone());
    let corrected =
        answer.did_you_mean.clone().map(|text| (url.href_with("q", &text), text, url.href_with("literal", "true")));
    let tab = |scope: &SearchScope| Tab {
        label: scope.label(locale::Language::English),
        href: url.href_in(*scope),
        current: *scope == url.scope(),
    };
    let order =
        |sort: &Sort| Order { value: sort.as_str(), label: order_label(*sort), selected: *sort == parsed.query.sort };
    Ok(ResultsPage {
        page: page.searching(parsed.query.text.clone(), url.scope()),
        tabs: SearchScope::ALL.iter().map(tab).collect(),
        total: grouped(&answer.total.to_string()),
        count: answer.total,
        took_ms: outcome.took_ms,
        relaxed: answer.relaxed.then(|| parts(answer.matched)),
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
        prev: outcome.prev.as_deref().map(|cursor| url.href_at(cursor)),
        next: outcome.next.as_deref().map(|cursor| url.href_at(cursor)),
        url,
    })
}

fn title_of(words: &str, scope: SearchScope) -> String {
    let words: String = words.chars().take(60).collect();
    if words.trim().is_empty() {
        Message::new("discovery-all-in")
            .with("scope", scope.label(locale::Language::English))
            .text(locale::Language::English)
    } else {
        words
    }
}

#[get("/search")]
pub(super) async fn search(http: HttpRequest, app: Data<App>) -> Result<HttpResponse> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(http.query_string()).unwrap_or_default();
    let url = SearchUrl::new(&pairs);
    let page = page_of(&http, &title_of(url.value("q"), url.scope()));
    let parsed = read(&app, &url, &pairs, reader_language(&http));
    html(&weighed::search(&http, &app, parsed.query.cost(), move |app| results(app, page, url, parsed)).await?)
}
