//! Pages of discovery: the front page, the results, and the suggestions under the search box.

mod facets;
mod front;
mod results;
pub mod rows;
pub mod search_url;
#[cfg(test)]
mod tests;

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpResponse, get};
use serde::{Deserialize, Serialize};

use self::rows::encoded;
use super::hits::RfqHit;
use super::queries;
use crate::app::App;
use crate::error::Result;
use crate::ids::{CompanyId, ListingId};
use crate::search::{Query as SearchQuery, Suggestion, SuggestionKind};
use crate::web::input::Query;
use crate::web::layout::SearchScope;

/// Suggestions under the search box.
const SUGGESTED: usize = 8;

#[derive(Deserialize)]
struct Typed {
    #[serde(default)]
    q: String,
    #[serde(default)]
    scope: String,
}

/// One line under the search box: a text, and the page that it leads to.
#[derive(Serialize)]
struct Line {
    text: String,
    href: String,
}

#[derive(Serialize)]
struct Lines {
    data: Vec<Line>,
}

fn line(suggestion: Suggestion) -> Line {
    let id = suggestion.id.unwrap_or_default();
    let href = match suggestion.kind {
        SuggestionKind::Listing => format!("/listings/{}", ListingId(id)),
        SuggestionKind::Company => format!("/companies/{}", CompanyId(id)),
        SuggestionKind::Category => {
            format!("/search?{}", encoded(&[("scope", "products"), ("category", &suggestion.text)]))
        }
        SuggestionKind::Heading => {
            let code = suggestion.code.unwrap_or_default();
            format!("/search?{}", encoded(&[("scope", "products"), ("hs", &code)]))
        }
    };
    Line { text: suggestion.text, href }
}

fn lines(app: &App, typed: &Typed) -> Result<Vec<Line>> {
    let found = match SearchScope::parse(&typed.scope).unwrap_or(SearchScope::Products) {
        SearchScope::Products => app.search.suggest(&typed.q, SUGGESTED)?,
        SearchScope::Suppliers => {
            // A quarter of the suggestions are companies, so four times as many are asked for.
            let mut all = app.search.suggest(&typed.q, SUGGESTED * 4)?;
            all.retain(|suggestion| suggestion.kind == SuggestionKind::Company);
            all
        }
        SearchScope::Rfqs => return open_rfqs(app, &typed.q),
    };
    Ok(found.into_iter().map(line).take(SUGGESTED).collect())
}

fn open_rfqs(app: &App, words: &str) -> Result<Vec<Line>> {
    let mut query = SearchQuery { limit: SUGGESTED, ..SearchQuery::text(words) };
    query.filters.open_at_ms = Some(app.clock.now().timestamp_millis());
    let found = queries::decode::<RfqHit>(&app.search.rfqs(&query)?);
    Ok(found.into_iter().map(|hit| Line { text: hit.title, href: format!("/rfqs/{}", hit.id) }).collect())
}

#[get("/search/suggest")]
async fn suggest(app: Data<App>, Query(typed): Query<Typed>) -> Result<HttpResponse> {
    Ok(HttpResponse::Ok().json(Lines { data: lines(&app, &typed)? }))
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(front::front).service(suggest).service(results::search);
}
