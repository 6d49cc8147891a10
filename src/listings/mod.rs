//! Listings: a supplier's catalogue, one product each.
//!
//! States: `draft -> published <-> paused -> expired | removed`; an expired listing can be renewed or published again, a removed one is gone.
//! Invariants: the SKU is unique within the company; all prices of one listing are in one currency; public texts hold no contact details. A
//! listing lives 180 days from its publication unless it names its own last day.
//!
//! The SKU of a removed listing is free again: a listing made under it takes over the removed row as a new draft, so that what the supplier's
//! own system calls one article stays one listing here. What a moderator removed does not come back that way.

pub mod actions;
pub mod api;
pub mod batch;
pub mod events;
pub mod fields;
pub mod images;
pub mod intake;
pub mod jobs;
pub mod loading;
pub mod pages;
mod price;
pub mod rules;
pub mod store;

pub use fields::{Attributes, IncotermOffer, ListingFields, READ_ONLY, normalise_category};
pub use price::{PriceFields, PriceTier, check_tiers};

use crate::clock::Time;
use crate::event_feed::EventData;
use crate::ids::{CompanyId, ListingId};
use crate::wire_enum;

/// A listing as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The id.
    pub id: ListingId,
    /// Whose it is.
    pub company: CompanyId,
    /// Where it stands in its life.
    pub state: ListingState,
    /// Its content.
    pub fields: ListingFields,
    /// Grows with every change; the ETag.
    pub version: i64,
    /// When it was made.
    pub created_at: Time,
    /// When it was last changed.
    pub updated_at: Time,
    /// When it was last published; none while it never was.
    pub published_at: Option<Time>,
    /// The end of its last day; none while it never was published.
    pub expires_at: Option<Time>,
    /// Why a moderator took it off; none when its owner removed it.
    pub removed_reason: Option<String>,
    /// Its images, in their order.
    pub images: Vec<images::Image>,
}

impl Listing {
    /// What an event says of it.
    pub fn event_data(&self) -> EventData {
        EventData { listing: Some(self.id), state: Some(self.state.to_string()), ..EventData::default() }
    }
}

wire_enum! {
    /// Where a listing stands in its life.
    pub enum ListingState {
        /// Written but not shown.
        Draft = "draft",
        /// Found by everyone.
        Published = "published",
        /// Taken out of sight by its owner for a while.
        Paused = "paused",
        /// Its last day has passed.
        Expired = "expired",
        /// Taken away for good, by its owner or a moderator.
        Removed = "removed",
    }
}

crate::labelled!(ListingState, "listing-state");

crate::states!(ListingState, "listing-state", {
    Draft => Quiet,
    Published => Open,
    Paused => Quiet,
    Expired => Quiet,
    Removed => Refused,
});

#[cfg(test)]
mod actions_tests;
#[cfg(test)]
mod tests;
