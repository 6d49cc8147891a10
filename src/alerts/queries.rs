//! What a saved search finds.

use chrono::{DateTime, Duration, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::actions;
use super::rules::{PREVIEW_DAYS, PREVIEW_ROWS, pairs_of};
use super::{SavedSearch, SearchedKind};
use crate::actor::Actor;
use crate::app::App;
use crate::discovery::hits::{CompanyHit, ListingHit, RfqHit};
use crate::discovery::queries::{Incomplete, decode};
use crate::discovery::rules as parameters;
use crate::error::Result;
use crate::ids::SavedSearchId;
use crate::reference::codes::Country;
use crate::search::{Answer, Kind, Query, Sort, Stages};

/// Something that a saved search finds.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SavedSearchHit {
    /// The id of the listing, company or RFQ.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// The country of the supplier or company, or the destination of an RFQ.
    pub country: Option<Country>,
    /// When it was published; null for companies.
    pub published_at: Option<DateTime<Utc>>,
}

/// What a saved search would have brought.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SavedSearchPreview {
    /// From when on.
    pub since: DateTime<Utc>,
    /// How many in all.
    pub total: usize,
    /// The newest 25 of them.
    pub data: Vec<SavedSearchHit>,
    /// Null, but while the server fills its search index anew: how much of it was searched.
    pub incomplete: Option<Incomplete>,
}

/// The query of a saved search as search itself reads it, for what holds every word, the newest first.
pub(super) fn query_of(app: &App, kind: SearchedKind, query: &str) -> Query {
    let pairs = pairs_of(query);
    let read = parameters::read(kind.kind(), &pairs, app.clock.now(), app.rates.history().latest()).query;
    Query { sort: Sort::Newest, stages: Stages { relax: false, ..read.stages.clone() }, ..read }
}

/// Runs the query on the index of its kind.
pub(super) fn run(app: &App, kind: Kind, query: &Query) -> Result<Answer> {
    Ok(match kind {
        Kind::Listing => app.search.listings(query)?,
        Kind::Company => app.search.companies(query)?,
        Kind::Rfq => app.search.rfqs(query)?,
    })
}

/// The hits of an answer, each as what everybody may see of it.
pub(super) fn found(kind: Kind, answer: &Answer) -> Vec<SavedSearchHit> {
    match kind {
        Kind::Listing => decode::<ListingHit>(answer).into_iter().map(SavedSearchHit::from).collect(),
        Kind::Company => decode::<CompanyHit>(answer).into_iter().map(SavedSearchHit::from).collect(),
        Kind::Rfq => decode::<RfqHit>(answer).into_iter().map(SavedSearchHit::from).collect(),
    }
}

impl From<ListingHit> for SavedSearchHit {
    fn from(hit: ListingHit) -> Self {
        Self { id: hit.id, title: hit.name, country: Some(hit.company.country), published_at: hit.published_at }
    }
}

impl From<CompanyHit> for SavedSearchHit {
    fn from(hit: CompanyHit) -> Self {
        let company = hit.company;
        Self { id: company.id, title: company.name, country: Some(company.country), published_at: None }
    }
}

impl From<RfqHit> for SavedSearchHit {
    fn from(hit: RfqHit) -> Self {
        Self { id: hit.id, title: hit.title, country: hit.destination_country, published_at: hit.published_at }
    }
}

/// What the last seven days would have brought, of what can be found now.
///
/// # Errors
/// `not_found` for the searches of others.
pub fn preview(app: &App, actor: &Actor, id: SavedSearchId) -> Result<(SavedSearch, SavedSearchPreview)> {
    let search = actions::find(app, actor, id)?;
    let preview = preview_of(app, &search)?;
    Ok((search, preview))
}

fn preview_of(app: &App, search: &SavedSearch) -> Result<SavedSearchPreview> {
    let (kind, since) = (search.fields.kind.kind(), app.clock.now() - Duration::days(PREVIEW_DAYS));
    let mut query = query_of(app, search.fields.kind, &search.fields.query);
    query.limit = PREVIEW_ROWS;
    query.filters.published_since_ms = Some(since.timestamp_millis());
    let incomplete = Incomplete::of(app, kind);
    let answer = run(app, kind, &query)?;
    Ok(SavedSearchPreview { since, total: answer.total, data: found(kind, &answer), incomplete })
}
