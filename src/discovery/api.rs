//! REST of searching. No key is needed, and no search touches the database, so the handlers answer at once, but for searches that cost much.

use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::hits::{CompanyHit, ListingHit, RfqHit};
use super::params::{CompanySearch, ListingSearch, RfqSearch};
use super::queries::{self, Incomplete, SearchResponse};
use super::rules;
use crate::app::App;
use crate::error::{Code, FieldCode, Problem, Result};
use crate::ids::{CompanyId, ListingId};
use crate::locale::{self, Language, Message};
use crate::search::{Kind, Suggestion, SuggestionKind};
use crate::web::actor::identity;
use crate::web::answer::link_header;
use crate::web::input::Query;
use crate::web::language::reader_language;
use crate::web::weighed;

fn pairs_of(http: &HttpRequest) -> Result<Vec<(String, String)>> {
    serde_urlencoded::from_str(http.query_string()).map_err(|error| {
        Problem::new(
            Code::BadRequest,
            Message::new("discovery-query-string-invalid").with("error", error.to_string()).text(Language::English),
        )
    })
}

async fn respond(http: &HttpRequest, app: &Data<App>, kind: Kind) -> Result<HttpResponse> {
    let pairs = pairs_of(http)?;
    rules::ensure_known(kind, &pairs)?;
    let mut parsed = rules::read(kind, &pairs, app.clock.now(), app.rates.history().latest()).into_valid()?;
    parsed.query.language = reader_language(http).map(|language| language.to_string());
    let actor = identity(http).actor;
    let outcome =
        weighed::search(http, app, parsed.query.cost(), move |app| queries::search(app, &actor, &parsed)).await?;
    let mut response = HttpResponse::Ok();
    response.append_header((header::VARY, "Accept-Language"));
    if let Some(link) = link_header(http, outcome.next.as_deref(), outcome.prev.as_deref()) {
        response.insert_header((header::LINK, link));
    }
    Ok(response.content_type("application/json").body(outcome.to_json()?))
}

/// Published listings, the best match first.
///
/// Words are read in the language of `Accept-Language` first, and in every language that listings are written in. Names that the
/// operator calls equal are found too, below the words that were typed; below all of them listings in other languages whose HS
/// code is that of the goods named.
///
/// All words are asked for first. Where fewer listings than the page has hold them all, `relaxed` is true: behind those that do come
/// those that hold most words (three of five), and then those that hold any, in one list, and `matched` says how many of each.
/// What stands in quotes is in every hit. In another order than by relevance fewer words are asked for only where nothing holds all.
///
/// In the order of relevance a search can be paged to its 10 000th hit; a cursor that leads deeper answers 422. Other orders, like
/// `sort=newest`, go on to the last.
///
/// A search counts in the rate limit for what it costs: one for a page of 25 hits by a few words, more for many words, facets, hits, marked words
/// and explanations. Dear ones are answered by threads of their own and refused with 503 while too many of them run.
///
/// Each server keeps an index of its own. While it fills one anew (a new version of the program, a damaged file) it searches what is
/// in it so far, and `incomplete` says how much that is.
#[utoipa::path(tag = "search", params(ListingSearch), responses((status = 200, body = SearchResponse<ListingHit>)))]
#[get("/search/listings")]
async fn listings(http: HttpRequest, app: Data<App>) -> Result<HttpResponse> {
    respond(&http, &app, Kind::Listing).await
}

/// Companies, by what they say of themselves and by what they sell.
#[utoipa::path(tag = "search", params(CompanySearch), responses((status = 200, body = SearchResponse<CompanyHit>)))]
#[get("/search/companies")]
async fn companies(http: HttpRequest, app: Data<App>) -> Result<HttpResponse> {
    respond(&http, &app, Kind::Company).await
}

/// Open RFQs, as far as their owners show them.
#[utoipa::path(tag = "search", params(RfqSearch), responses((status = 200, body = SearchResponse<RfqHit>)))]
#[get("/search/rfqs")]
async fn rfqs(http: HttpRequest, app: Data<App>) -> Result<HttpResponse> {
    respond(&http, &app, Kind::Rfq).await
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
pub struct Suggestions {
    /// Categories first, then HS headings, companies and listings.
    pub data: Vec<SuggestionView>,
    /// Null, but while the server fills its search index anew: how many of the listings can be suggested.
    pub incomplete: Option<Incomplete>,
}

/// Names of categories, HS headings, companies and listings that go on as the text begins.
#[utoipa::path(tag = "search", params(SuggestParams), responses((status = 200, body = Suggestions)))]
#[get("/search/suggest")]
async fn suggest(app: Data<App>, Query(params): Query<SuggestParams>) -> Result<HttpResponse> {
    let limit = params.limit.unwrap_or(8);
    if !(1..=20).contains(&limit) {
        return Err(Problem::invalid_field(
            "/limit",
            FieldCode::Range,
            locale::text(Language::English, "discovery-limit-20"),
        ));
    }
    let incomplete = Incomplete::of(&app, Kind::Listing);
    let found = app.search.suggest(&params.q, usize::try_from(limit).unwrap_or(8))?;
    let data = found.into_iter().map(SuggestionView::from).collect();
    Ok(HttpResponse::Ok().json(Suggestions { data, incomplete }))
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(listings).service(companies).service(rfqs).service(suggest);
}
