//! Listings as answers show them, and what the calls that write them have in common.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::actor::Actor;
use crate::app::App;
use crate::companies::{Company, Verification};
use crate::error::Result;
use crate::ids::{CompanyId, ListingId};
use crate::listings::actions::{self, Offered};
use crate::listings::images::api::ImageView;
use crate::listings::{Listing, ListingFields, ListingState};
use crate::reference::codes::Country;
use crate::web::input::Expected;

/// A listing.
#[derive(Serialize, ToSchema)]
pub struct ListingView {
    /// The id.
    pub id: ListingId,
    /// What it says.
    #[serde(flatten)]
    pub fields: ListingFields,
    /// Who offers it.
    pub company: OfferingCompany,
    /// Where it stands in its life.
    pub state: ListingState,
    /// Grows with every change; the number in the ETag.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was last published.
    pub published_at: Option<DateTime<Utc>>,
    /// When it is over, unless it is renewed.
    pub expires_at: Option<DateTime<Utc>>,
    /// Why a moderator took it off; only its owner sees one that is.
    pub removed_reason: Option<String>,
    /// Its images, in the order in which they are shown.
    pub images: Vec<ImageView>,
}

/// The company that offers a listing.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OfferingCompany {
    /// The id.
    pub id: CompanyId,
    /// The name.
    pub name: String,
    /// Where it is registered.
    pub country: Country,
    /// How far its claims were checked.
    pub verification: Verification,
}

impl From<&Company> for OfferingCompany {
    fn from(company: &Company) -> Self {
        Self {
            id: company.id,
            name: company.fields.name.clone(),
            country: company.fields.country,
            verification: company.verification,
        }
    }
}

impl ListingView {
    pub(super) fn new(listing: Listing, company: &Company) -> Self {
        Self {
            id: listing.id,
            images: listing.images.iter().map(|image| ImageView::new(listing.id, image)).collect(),
            fields: listing.fields,
            company: company.into(),
            state: listing.state,
            version: listing.version,
            created_at: listing.created_at,
            updated_at: listing.updated_at,
            published_at: listing.published_at,
            expires_at: listing.expires_at,
            removed_reason: listing.removed_reason,
        }
    }
}

impl From<Offered> for ListingView {
    fn from(offered: Offered) -> Self {
        Self::new(offered.listing, &offered.company)
    }
}

/// What a write answers: the listing with its company's present name.
pub(super) fn written(app: &App, listing: Listing) -> Result<ListingView> {
    let company = actions::company_of(app, &listing)?;
    Ok(ListingView::new(listing, &company))
}

/// The version of `If-Match`; who may not write at all hears of that first.
pub(super) fn versioned(actor: &Actor, expected: Expected) -> Result<i64> {
    actor.authorize(crate::actor::Permission::CatalogWrite)?;
    expected.required()
}
