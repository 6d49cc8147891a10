//! The page of results: a search in its address, with filters as links.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;

use super::filters::{self, Chip};
use super::rebuilding;
use super::rows::Row;
use crate::actor::Actor;
use crate::app::App;
use crate::clock::Time;
use crate::error::{Code, Result};
use crate::finding::answer::{self, Outcome};
use crate::finding::hits::{self, CompanyHit, ListingHit, RfqHit};
use crate::finding::rules::{self, Asked, Conversion};
use crate::finding::state::{State, kind_of};
use crate::reference::codes::Language;
use crate::search::{Kind, Sort};
use crate::web::answer::html;
use crate::web::envelope::page_of;
use crate::web::language::reader_language;
use crate::web::layout::{FacetView, Notice, NoticeKind, Page, SearchScope, currency_options, grouped};

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
#[template(path = "finding/templates/results.html")]
pub(super) struct ResultsPage {
    pub page: Page,
    state: State,
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
        self.state.scope() == SearchScope::Products
    }

    fn has_prices(&self) -> bool {
        self.state.scope() != SearchScope::Suppliers
    }

    fn currencies(&self) -> Vec<(String, String)> {
        currency_options(self.state.value("price_currency"))
    }

    /// At which rates prices were compared, in words; empty when none was asked for.
    fn rates(&self) -> String {
        let Some(conversion) = &self.conversion else { return String::new() };
        match (&conversion.rate_source, conversion.rate_date) {
            (Some(source), Some(date)) => format!("Converted at the {source} rates of {date}."),
            _ => format!("No exchange rates of {} are loaded: only prices in it count.", conversion.currency),
        }
    }

    fn took(&self) -> String {
        if self.took_ms == 0 { "under 1 ms".to_owned() } else { format!("{} ms", self.took_ms) }
    }

    /// The words for what is counted.
    fn counted_words(&self) -> &'static str {
        match (self.state.scope(), self.is_one) {
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
            let address = self.state.href_without_filters();
            return (
                "Nothing has all of these",
                "Take back a filter above, or all of them.",
                address,
                "Remove all filters",
            );
        }
        let (sentence, address, words) = match self.state.scope() {
            SearchScope::Products => (
                "Post what you want to buy: suppliers whose catalogues fit are told, also those who list it later.",
                "/desk/buying/rfqs/new",
                "Post an RFQ",
            ),
            SearchScope::Suppliers => (
                "Post what you want to buy: suppliers that fit are found for you.",
                "/desk/buying/rfqs/new",
                "Post an RFQ",
            ),
            SearchScope::Rfqs => (
                "Publish what you sell: you are told by mail when somebody asks for it.",
                "/desk/selling/listings/new",
                "Add a listing",
            ),
        };
        ("Nothing found", sentence, address.to_owned(), words)
    }
}

fn order_label(sort: Sort) -> &'static str {
    match sort {
        Sort::Relevance => "Relevance",
        Sort::Newest => "Newest",
        Sort::Price => "Price, lowest first",
        Sort::Moq => "Smallest order",
        Sort::Deadline => "Deadline, soonest first",
    }
}

fn rows(kind: Kind, outcome: &Outcome, now: Time) -> Vec<Row> {
    let answer = &outcome.answer;
    match kind {
        Kind::Listing => {
            let conversion = outcome.conversion.as_ref();
            hits::typed::<ListingHit>(answer).iter().map(|hit| Row::of_listing(hit, conversion)).collect()
        }
        Kind::Company => hits::typed::<CompanyHit>(answer).iter().map(Row::from).collect(),
        Kind::Rfq => hits::typed::<RfqHit>(answer).iter().map(|hit| Row::of_rfq(hit, now)).collect(),
    }
}

/// Carries the search out. A cursor that is too old for it begins at the first page again: a page never dies of its address.
fn carried_out(app: &App, asked: &mut Asked) -> Result<Outcome> {
    match answer::search(app, &Actor::Anonymous, asked) {
        Err(problem) if problem.code == Code::BadCursor => {
            asked.cursor = None;
            answer::search(app, &Actor::Anonymous, asked)
        }
        outcome => outcome,
    }
}

fn left_out(asked: &Asked) -> Option<Notice> {
    let sentences = asked.faults.iter().map(|f| format!("{} {}", filters::parameter(&f.pointer), f.message));
    let text = sentences.collect::<Vec<_>>().join("; ");
    (!text.is_empty()).then(|| Notice { kind: NoticeKind::Error, text: format!("Left out of the search: {text}.") })
}

/// The page of a search; the parameters decide everything that is on it.
pub(super) fn results(app: &App, page: Page, pairs: &rules::Pairs, reader: Option<Language>) -> Result<ResultsPage> {
    let state = State::new(pairs);
    let now = app.clock.now();
    let kind = kind_of(state.scope());
    let mut asked = rules::read(kind, state.pairs(), now, app.rates.history().latest());
    asked.cursor = pairs.iter().find(|(name, _)| name == "cursor").map(|(_, cursor)| cursor.clone());
    asked.query.language = reader.map(|language| language.to_string());
    asked.query.limit = ROWS;
    asked.query.highlight = true;
    asked.query.facets = filters::counted(&state);
    let outcome = carried_out(app, &mut asked)?;
    let answer = &outcome.answer;
    let rows = rows(kind, &outcome, now);
    let supplier = rows.first().and_then(|row| row.party.as_ref()).map(|party| party.name.clone());
    let corrected = answer.did_you_mean.clone().map(|text| (state.href_with("q", &text), text));
    let tab = |scope: &SearchScope| Tab {
        label: scope.label(),
        href: state.href_in(*scope),
        current: *scope == state.scope(),
    };
    let order =
        |sort: &Sort| Order { value: sort.as_str(), label: order_label(*sort), selected: *sort == asked.query.sort };
    Ok(ResultsPage {
        page: page.searching(asked.query.text.clone(), state.scope()),
        tabs: SearchScope::ALL.iter().map(tab).collect(),
        total: grouped(&answer.total.to_string()),
        is_one: answer.total == 1,
        took_ms: outcome.took_ms,
        relaxed: answer.relaxed,
        timed_out: answer.timed_out,
        corrected,
        left_out: left_out(&asked),
        rebuilding: rebuilding(kind, outcome.incomplete),
        chips: filters::chips(&state, supplier.as_deref()),
        facets: filters::facets(&state, answer),
        orders: rules::sorts(kind).iter().map(order).collect(),
        rows,
        conversion: outcome.conversion,
        first: asked.cursor.is_some().then(|| state.href()),
        next: outcome.next.as_deref().map(|cursor| state.href_at(cursor)),
        state,
    })
}

fn title_of(words: &str, scope: SearchScope) -> String {
    let words: String = words.chars().take(60).collect();
    if words.trim().is_empty() { format!("All {}", scope.label()) } else { words }
}

#[get("/search")]
pub(super) async fn search(http: HttpRequest, app: Data<App>) -> Result<HttpResponse> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(http.query_string()).unwrap_or_default();
    let state = State::new(&pairs);
    let page = page_of(&http, &title_of(state.value("q"), state.scope()));
    html(&results(&app, page, &pairs, reader_language(&http))?)
}
