//! REST of searching. No key is needed, and no search touches the database, so the handlers answer at once.

use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::answer::{self, Found, Incomplete};
use super::hits::{CompanyHit, ListingHit, RfqHit};
use super::rules;
use crate::app::App;
use crate::error::{Code, FieldCode, Problem, Result};
use crate::ids::{CompanyId, ListingId};
use crate::search::{Kind, Suggestion, SuggestionKind};
use crate::web::actor::identity;
use crate::web::answer::link_header;
use crate::web::input::Query;
use crate::web::language::reader_language;

/// The parameters of a search for listings. Several values of one filter (repeated, or with commas between) mean any of them.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListingSearch {
    /// Words, model numbers, GTINs, HS codes; `"..."` keeps words together, `-word` leaves out. Only 512 characters are read.
    pub q: Option<String>,
    /// The first 2 to 10 digits of the HS code, or a section by its Roman number.
    pub hs: Option<Vec<String>>,
    /// HS chapters, two digits.
    pub hs_chapter: Option<Vec<String>>,
    /// A category path, `A / B`, with everything below it; repeated, not with commas.
    pub category: Option<Vec<String>>,
    /// Countries of the supplier, ISO 3166 alpha-2.
    pub country: Option<Vec<String>>,
    /// Countries of origin.
    pub origin: Option<Vec<String>>,
    /// Forms of the supplier: `manufacturer`, `trading_company` ...
    pub form: Option<Vec<String>>,
    /// Verification of the supplier: `registered`, `identified`, `documented`, `audited`.
    pub verification: Option<Vec<String>>,
    /// Schemes of certificates, as the suppliers write them.
    pub certification: Option<Vec<String>>,
    /// Incoterms 2020 rules offered.
    pub incoterm: Option<Vec<String>>,
    /// Currencies of the price, ISO 4217.
    pub currency: Option<Vec<String>>,
    /// The price range must reach up to this decimal; needs `price_currency` or one `currency`.
    pub price_min: Option<String>,
    /// The price range must begin at or below this decimal; needs `price_currency` or one `currency`.
    pub price_max: Option<String>,
    /// The currency of the range and of the order by price, ISO 4217; prices in others are converted at the newest rates
    /// loaded, which `price_conversion` of the answer names. Those in a currency without a rate are left out of a range.
    pub price_currency: Option<String>,
    /// The smallest order must not be above this decimal, in the listing's own unit.
    pub moq_max: Option<String>,
    /// The lead time must not be above this, in days.
    pub lead_time_max: Option<u32>,
    /// Languages of the texts, ISO 639-1.
    pub language: Option<Vec<String>>,
    /// Ids of suppliers.
    pub company: Option<Vec<String>>,
    /// `company`: only the best listing of each supplier.
    pub group_by: Option<String>,
    /// `relevance` (the default), `newest`, `price` (amounts as they are, unless `price_currency` is given) or `moq`.
    pub sort: Option<String>,
    /// The facets wanted, or `all`.
    pub facets: Option<Vec<String>>,
    /// Whether to mark the words found.
    pub highlight: Option<bool>,
    /// Whether to tell what made each score.
    pub explain: Option<bool>,
    /// How many hits, 1 to 100; 25 without it.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// A cursor of an earlier answer to the same parameters.
    pub cursor: Option<String>,
}

/// The parameters of a search for companies.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CompanySearch {
    /// Words of the company's own texts and of what it sells. Only 512 characters are read.
    pub q: Option<String>,
    /// Countries, ISO 3166 alpha-2.
    pub country: Option<Vec<String>>,
    /// Forms: `manufacturer`, `trading_company` ...
    pub form: Option<Vec<String>>,
    /// `registered`, `identified`, `documented`, `audited`.
    pub verification: Option<Vec<String>>,
    /// Schemes of certificates.
    pub certification: Option<Vec<String>>,
    /// Countries that it sells to.
    pub market: Option<Vec<String>>,
    /// Languages that it can be written to in.
    pub language: Option<Vec<String>>,
    /// Ids of companies.
    pub company: Option<Vec<String>>,
    /// `relevance` (the default) or `newest`.
    pub sort: Option<String>,
    /// The facets wanted, or `all`.
    pub facets: Option<Vec<String>>,
    /// Whether to mark the words found.
    pub highlight: Option<bool>,
    /// Whether to tell what made each score.
    pub explain: Option<bool>,
    /// How many hits, 1 to 100; 25 without it.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// A cursor of an earlier answer to the same parameters.
    pub cursor: Option<String>,
}

/// The parameters of a search for open RFQs.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RfqSearch {
    /// Words of title and specification. Only 512 characters are read.
    pub q: Option<String>,
    /// The first 2 to 10 digits of the HS code, or a section by its Roman number.
    pub hs: Option<Vec<String>>,
    /// HS chapters, two digits.
    pub hs_chapter: Option<Vec<String>>,
    /// A category path with everything below it; repeated, not with commas.
    pub category: Option<Vec<String>>,
    /// Countries of destination, ISO 3166 alpha-2.
    pub country: Option<Vec<String>>,
    /// Certificates that a supplier must hold.
    pub certification: Option<Vec<String>>,
    /// Incoterms 2020 rules wanted.
    pub incoterm: Option<Vec<String>>,
    /// Currencies of the target price.
    pub currency: Option<Vec<String>>,
    /// The target price must be at least this decimal; needs `price_currency` or one `currency`.
    pub price_min: Option<String>,
    /// The target price must be at most this decimal; needs `price_currency` or one `currency`.
    pub price_max: Option<String>,
    /// The currency of the range and of the order by price; prices in others are converted at the newest rates loaded.
    pub price_currency: Option<String>,
    /// Languages of the texts, ISO 639-1.
    pub language: Option<Vec<String>>,
    /// Ids of buyers who show their name.
    pub company: Option<Vec<String>>,
    /// `relevance` (the default), `newest`, `deadline` or `price`.
    pub sort: Option<String>,
    /// The facets wanted, or `all`.
    pub facets: Option<Vec<String>>,
    /// Whether to mark the words found.
    pub highlight: Option<bool>,
    /// Whether to tell what made each score.
    pub explain: Option<bool>,
    /// How many hits, 1 to 100; 25 without it.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// A cursor of an earlier answer to the same parameters.
    pub cursor: Option<String>,
}

fn pairs_of(http: &HttpRequest) -> Result<Vec<(String, String)>> {
    serde_urlencoded::from_str(http.query_string())
        .map_err(|error| Problem::new(Code::BadRequest, format!("The query string is not valid: {error}.")))
}

fn respond(http: &HttpRequest, app: &App, kind: Kind) -> Result<HttpResponse> {
    let pairs = pairs_of(http)?;
    rules::ensure_known(kind, &pairs)?;
    let mut asked = rules::read(kind, &pairs, app.clock.now(), app.rates.history().latest()).ensure_right()?;
    asked.query.language = reader_language(http).map(|language| language.to_string());
    let outcome = answer::search(app, &identity(http).actor, &asked)?;
    let mut response = HttpResponse::Ok();
    response.append_header((header::VARY, "Accept-Language"));
    if let Some(link) = link_header(http, outcome.next.as_deref(), None) {
        response.insert_header((header::LINK, link));
    }
    Ok(response.content_type("application/json").body(outcome.to_json()))
}

/// Published listings, the best match first.
///
/// Words are read in the language of `Accept-Language` first, and in every language that listings are written in. Names that the
/// operator calls equal are found too, below the words that were typed; below all of them listings in other languages whose HS
/// code is that of the goods named.
///
/// All words are asked for first; where no listing has them all, `relaxed` is true and those with most are answered.
///
/// Each server keeps an index of its own. While it fills one anew (a new version of the program, a damaged file) it searches what is
/// in it so far, and `incomplete` says how much that is.
#[utoipa::path(tag = "search", params(ListingSearch), responses((status = 200, body = Found<ListingHit>)))]
#[get("/search/listings")]
async fn listings(http: HttpRequest, app: Data<App>) -> Result<HttpResponse> {
    respond(&http, &app, Kind::Listing)
}

/// Companies, by what they say of themselves and by what they sell.
#[utoipa::path(tag = "search", params(CompanySearch), responses((status = 200, body = Found<CompanyHit>)))]
#[get("/search/companies")]
async fn companies(http: HttpRequest, app: Data<App>) -> Result<HttpResponse> {
    respond(&http, &app, Kind::Company)
}

/// Open RFQs, as far as their owners show them.
#[utoipa::path(tag = "search", params(RfqSearch), responses((status = 200, body = Found<RfqHit>)))]
#[get("/search/rfqs")]
async fn rfqs(http: HttpRequest, app: Data<App>) -> Result<HttpResponse> {
    respond(&http, &app, Kind::Rfq)
}

/// What is being typed.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SuggestParams {
    /// The beginning of a name; the last word may be unfinished.
    #[serde(default)]
    pub q: String,
    /// How many, 1 to 20; 8 without it.
    #[param(minimum = 1, maximum = 20)]
    pub limit: Option<u32>,
}

/// Something that the typed text may become.
#[derive(Serialize, ToSchema)]
pub struct SuggestionView {
    /// What it is.
    pub kind: SuggestionKind,
    /// Its name.
    pub text: String,
    /// The id of the listing or company; null for the others.
    pub id: Option<String>,
    /// The HS heading, four digits; null for the others.
    pub code: Option<String>,
}

impl From<Suggestion> for SuggestionView {
    fn from(suggestion: Suggestion) -> Self {
        let id = suggestion.id.map(|id| match suggestion.kind {
            SuggestionKind::Company => CompanyId(id).to_string(),
            _ => ListingId(id).to_string(),
        });
        Self { kind: suggestion.kind, text: suggestion.text, id, code: suggestion.code }
    }
}

/// Suggestions.
#[derive(Serialize, ToSchema)]
pub struct Suggested {
    /// Categories first, then HS headings, companies and listings.
    pub data: Vec<SuggestionView>,
    /// Null, but while the server fills its search index anew: how many of the listings can be suggested.
    pub incomplete: Option<Incomplete>,
}

/// Names of categories, HS headings, companies and listings that go on as the text begins.
#[utoipa::path(tag = "search", params(SuggestParams), responses((status = 200, body = Suggested)))]
#[get("/search/suggest")]
async fn suggest(app: Data<App>, Query(params): Query<SuggestParams>) -> Result<HttpResponse> {
    let limit = params.limit.unwrap_or(8);
    if !(1..=20).contains(&limit) {
        return Err(Problem::invalid_field("/limit", FieldCode::Range, "must be a number from 1 to 20"));
    }
    let incomplete = Incomplete::of(&app, Kind::Listing);
    let found = app.search.suggest(&params.q, usize::try_from(limit).unwrap_or(8))?;
    let data = found.into_iter().map(SuggestionView::from).collect();
    Ok(HttpResponse::Ok().json(Suggested { data, incomplete }))
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(listings).service(companies).service(rfqs).service(suggest);
}
