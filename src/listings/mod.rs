//! Listings: a supplier's catalogue, one product each.
//!
//! States: `draft -> published <-> paused -> expired | removed`; an expired listing can be renewed or published again, a removed one is gone.
//! Invariants: the SKU is unique within the company; all prices of one listing are in one currency; public texts hold no contact details. A
//! listing lives 180 days from its publication unless it names its own last day.

mod fields;
mod price;
pub mod rules;

pub use fields::{Attributes, IncotermOffer, ListingFields, READ_ONLY, normalise_category};
pub use price::{PriceFields, PriceTier, check_tiers};

use crate::wire_enum;

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

#[cfg(test)]
mod tests;
