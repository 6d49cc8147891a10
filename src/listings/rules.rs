//! The life of a listing, without I/O: which step leads from which state to which, and how long it lasts.

use chrono::{Days, NaiveDate};

use super::ListingState;
use crate::clock::Time;
use crate::error::Problem;
use crate::locale::{Language, Message, text};
use crate::wire_enum;

/// How many days a listing is published where it names no last day.
pub const DEFAULT_LIFE_DAYS: u64 = 180;

wire_enum! {
    /// What its company does to a listing as a whole.
    pub enum ListingStep {
        /// Shows it to everyone.
        Publish = "publish",
        /// Takes it out of sight for a while.
        Pause = "pause",
        /// Gives it another life.
        Renew = "renew",
        /// Removes it for good.
        Remove = "remove",
    }
}

/// Which of one's own listings are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnFilter {
    /// Those in this state; without it all but the removed ones.
    pub state: Option<ListingState>,
    /// The one with this SKU.
    pub sku: Option<String>,
    /// Those that were changed at this time or later.
    pub updated_since: Option<Time>,
}

/// Why a step is not possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListingRefusal {
    /// It is published already.
    AlreadyPublished,
    /// Only a published listing can be paused, and only a published or paused one expires; it is in this state.
    NotPublished(ListingState),
    /// A draft has no life to renew.
    NeverPublished,
    /// It was removed for good.
    Removed,
    /// The last day it names has passed.
    LastDayPassed(NaiveDate),
}

impl From<ListingRefusal> for Problem {
    fn from(refusal: ListingRefusal) -> Self {
        Problem::conflict(match refusal {
            ListingRefusal::AlreadyPublished => text(Language::English, "listings-published-already").to_owned(),
            ListingRefusal::NotPublished(state) => Message::new("listings-not-published")
                .with("state", state.label(Language::English))
                .text(Language::English),
            ListingRefusal::NeverPublished => text(Language::English, "listings-renew-draft").to_owned(),
            ListingRefusal::Removed => text(Language::English, "listings-removed-for-good").to_owned(),
            ListingRefusal::LastDayPassed(day) => {
                Message::new("listings-expired-on").with("day", day.to_string()).text(Language::English)
            }
        })
    }
}

/// What a step leads to.
pub type Step = Result<ListingState, ListingRefusal>;

impl ListingState {
    /// Shows the listing to everyone: from draft, paused or expired.
    ///
    /// # Errors
    /// When it is published or removed.
    pub fn publish(self) -> Step {
        match self {
            Self::Draft | Self::Paused | Self::Expired => Ok(Self::Published),
            Self::Published => Err(ListingRefusal::AlreadyPublished),
            Self::Removed => Err(ListingRefusal::Removed),
        }
    }

    /// Takes it out of sight for a while: from published.
    ///
    /// # Errors
    /// From any other state.
    pub fn pause(self) -> Step {
        match self {
            Self::Published => Ok(Self::Paused),
            Self::Removed => Err(ListingRefusal::Removed),
            other => Err(ListingRefusal::NotPublished(other)),
        }
    }

    /// Gives it a new life: a published or expired listing is then published, a paused one stays paused.
    ///
    /// # Errors
    /// When it is a draft or removed.
    pub fn renew(self) -> Step {
        match self {
            Self::Published | Self::Expired => Ok(Self::Published),
            // Renewing is no way to publish what its owner has hidden.
            Self::Paused => Ok(Self::Paused),
            Self::Draft => Err(ListingRefusal::NeverPublished),
            Self::Removed => Err(ListingRefusal::Removed),
        }
    }

    /// Ends its life when the last day has passed: from published or paused.
    ///
    /// # Errors
    /// From any other state.
    pub fn expire(self) -> Step {
        match self {
            Self::Published | Self::Paused => Ok(Self::Expired),
            Self::Removed => Err(ListingRefusal::Removed),
            other => Err(ListingRefusal::NotPublished(other)),
        }
    }

    /// Takes it away for good.
    ///
    /// # Errors
    /// When that was done before.
    pub fn remove(self) -> Step {
        if self == Self::Removed { Err(ListingRefusal::Removed) } else { Ok(Self::Removed) }
    }

    /// Whether everyone may find and read it.
    pub fn is_public(self) -> bool {
        self == Self::Published
    }

    /// Whether its fields may be changed.
    ///
    /// # Errors
    /// When it is removed.
    pub fn change(self) -> Result<(), ListingRefusal> {
        if self == Self::Removed { Err(ListingRefusal::Removed) } else { Ok(()) }
    }
}

/// The last day of a listing published on the day: the one it names (`expires_on`), else 180 days on.
///
/// # Errors
/// When the day it names has passed.
pub fn expiry(published_on: NaiveDate, expires_on: Option<NaiveDate>) -> Result<NaiveDate, ListingRefusal> {
    match expires_on {
        // The day itself is still allowed: it counts as a whole.
        Some(day) if day < published_on => Err(ListingRefusal::LastDayPassed(day)),
        Some(day) => Ok(day),
        None => Ok(default_expiry(published_on)),
    }
}

/// The last day after a renewal: 180 days on, or the day it names where that is later still.
pub fn renewed_expiry(today: NaiveDate, expires_on: Option<NaiveDate>) -> NaiveDate {
    // Renewing never shortens: a day that the supplier named further on holds.
    default_expiry(today).max(expires_on.unwrap_or(today))
}

/// Whether the listing's last day has passed.
pub fn is_over(today: NaiveDate, last_day: NaiveDate) -> bool {
    last_day < today
}

pub(super) fn default_expiry(from: NaiveDate) -> NaiveDate {
    from.checked_add_days(Days::new(DEFAULT_LIFE_DAYS)).unwrap_or(NaiveDate::MAX)
}
