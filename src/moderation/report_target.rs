//! What can be reported: an RFQ, a listing, a quote, a company or a message, by its id and with what people need to know of it.

use std::fmt;
use std::str::FromStr;

use crate::companies::CompanyState;
use crate::ids::{CompanyId, ListingId, MessageId, QuoteId, RfqId};
use crate::listings::ListingState;
use crate::locale::{Language, Message, text};
use crate::quotes::QuoteState;
use crate::rfqs::RfqState;
use crate::wire_enum;

wire_enum! {
    /// The kinds of things that can be reported.
    pub enum TargetKind {
        /// An RFQ.
        Rfq = "rfq",
        /// A listing.
        Listing = "listing",
        /// A quote.
        Quote = "quote",
        /// A company.
        Company = "company",
        /// A message of a conversation.
        Message = "message",
    }
}

/// The id of what is reported; on the wire a text whose prefix says the kind: `rfq_`, `lst_`, `quo_`, `cmp_`, `msg_`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TargetId {
    /// An RFQ.
    Rfq(RfqId),
    /// A listing.
    Listing(ListingId),
    /// A quote.
    Quote(QuoteId),
    /// A company.
    Company(CompanyId),
    /// A message of a conversation.
    Message(MessageId),
}

impl TargetId {
    /// The kind that the prefix says.
    pub fn kind(self) -> TargetKind {
        match self {
            Self::Rfq(_) => TargetKind::Rfq,
            Self::Listing(_) => TargetKind::Listing,
            Self::Quote(_) => TargetKind::Quote,
            Self::Company(_) => TargetKind::Company,
            Self::Message(_) => TargetKind::Message,
        }
    }

    /// The number in the column `about_id`.
    pub(super) fn raw(self) -> i64 {
        match self {
            Self::Rfq(id) => id.0,
            Self::Listing(id) => id.0,
            Self::Quote(id) => id.0,
            Self::Company(id) => id.0,
            Self::Message(id) => id.0,
        }
    }

    /// The id in the columns `about` and `about_id`.
    pub(super) fn of(kind: TargetKind, raw: i64) -> Self {
        match kind {
            TargetKind::Rfq => Self::Rfq(RfqId(raw)),
            TargetKind::Listing => Self::Listing(ListingId(raw)),
            TargetKind::Quote => Self::Quote(QuoteId(raw)),
            TargetKind::Company => Self::Company(CompanyId(raw)),
            TargetKind::Message => Self::Message(MessageId(raw)),
        }
    }
}

impl fmt::Display for TargetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rfq(id) => id.fmt(f),
            Self::Listing(id) => id.fmt(f),
            Self::Quote(id) => id.fmt(f),
            Self::Company(id) => id.fmt(f),
            Self::Message(id) => id.fmt(f),
        }
    }
}

/// Why a text names nothing that can be reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotReportable;

impl fmt::Display for NotReportable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(text(Language::English, "moderation-target-id"))
    }
}

impl FromStr for TargetId {
    type Err = NotReportable;
    fn from_str(text: &str) -> std::result::Result<Self, NotReportable> {
        let rfq = || text.parse().map(Self::Rfq);
        let listing = || text.parse().map(Self::Listing);
        let quote = || text.parse().map(Self::Quote);
        let company = || text.parse().map(Self::Company);
        let message = || text.parse().map(Self::Message);
        let known = rfq().or_else(|_| listing()).or_else(|_| quote()).or_else(|_| company()).or_else(|_| message());
        known.map_err(|_| NotReportable)
    }
}

impl serde::Serialize for TargetId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for TargetId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl utoipa::PartialSchema for TargetId {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .pattern(Some("^(rfq|lst|quo|cmp|msg)_[0-9a-hjkmnp-tv-z]{13}$"))
            .into()
    }
}

impl utoipa::ToSchema for TargetId {}

/// What is reported, as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportTarget {
    /// Its id.
    pub id: TargetId,
    /// The company that it belongs to.
    pub owner: CompanyId,
    /// The title of an RFQ (for a quote, of the RFQ quoted on), the name of a listing or a company; for a message, what its conversation is about.
    pub title: String,
    /// The state, by the target's own kind of states.
    pub state: TargetState,
    /// Its main text as its owner wrote it, for moderators.
    pub text: String,
}

/// The state of a target, whose kind decides which states there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetState {
    /// Of an RFQ.
    Rfq(RfqState),
    /// Of a listing.
    Listing(ListingState),
    /// Of a quote.
    Quote(QuoteState),
    /// Of a company; of the one that wrote a message, which has no states of its own.
    Company(CompanyState),
}

impl TargetState {
    /// How pages show it.
    pub fn pill(self) -> crate::formats::Pill {
        match self {
            Self::Rfq(state) => state.pill(),
            Self::Listing(state) => state.pill(),
            Self::Quote(state) => state.pill(),
            Self::Company(state) => state.pill(),
        }
    }
}

impl ReportTarget {
    /// Kind and title for the middle of a sentence: `the listing "Brass ball valve"`.
    pub fn label(&self) -> String {
        match self.id {
            TargetId::Rfq(_) => {
                Message::new("moderation-target-rfq").with("title", &self.title).text(Language::English)
            }
            TargetId::Listing(_) => {
                Message::new("moderation-target-listing").with("title", &self.title).text(Language::English)
            }
            TargetId::Quote(_) => {
                Message::new("moderation-target-quote").with("title", &self.title).text(Language::English)
            }
            TargetId::Company(_) => {
                Message::new("moderation-target-company").with("title", &self.title).text(Language::English)
            }
            TargetId::Message(_) => {
                Message::new("moderation-target-message").with("title", &self.title).text(Language::English)
            }
        }
    }

    /// The path of its page for its owner.
    pub fn owner_path(&self) -> String {
        match self.id {
            TargetId::Rfq(id) => format!("/desk/buying/rfqs/{id}"),
            TargetId::Listing(id) => format!("/listings/{id}"),
            TargetId::Quote(id) => format!("/quotes/{id}"),
            TargetId::Company(_) => "/account/moderation".to_owned(),
            TargetId::Message(_) => "/messages".to_owned(),
        }
    }

    /// The path of its page for everybody else, moderators too; a quote and a message have pages for their two sides only.
    pub fn public_path(&self) -> Option<String> {
        match self.id {
            TargetId::Rfq(id) => Some(format!("/rfqs/{id}")),
            TargetId::Listing(id) => Some(format!("/listings/{id}")),
            TargetId::Company(id) => Some(format!("/companies/{id}")),
            TargetId::Quote(_) | TargetId::Message(_) => None,
        }
    }
}
