//! The event feed: everything that happened to a company's listings, imports, RFQs, quotes, conversations, partnerships and
//! records, for its programs.
//!
//! A feature records an event with [`actions::record`] in the transaction of what happened, where it also notifies people. There is one row
//! for each company concerned; each has an id of its own, the same in `GET /events` and in webhooks. Invariants:
//!
//! * A feed is in the order of commit: who has read up to an event has missed none before it, however many transactions overlap.
//! * An event is thin: ids, states and names of fields. [`EventData`] has no place for what somebody typed, so no contact data is in one.
//! * Events are kept for 30 days.
//!
//! A new type of event is a line of [`EventType`], a field of [`EventData`] where it names a new kind of thing, and a call of
//! [`actions::record`].

pub mod actions;
pub mod api;
pub mod rules;
pub mod store;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::Time;
use crate::ids::{EventId, ImportId, ListingId, MatchId, MessageId, PartnershipId, QuoteId, RecordId, RfqId, ThreadId};
use crate::wire_enum;

wire_enum! {
    /// What happened.
    pub enum EventType {
        /// A listing is shown to everyone, or again.
        ListingPublished = "listing.published",
        /// A published listing was changed.
        ListingChanged = "listing.changed",
        /// A listing was taken out of sight for a while.
        ListingPaused = "listing.paused",
        /// A listing's last day has passed.
        ListingExpired = "listing.expired",
        /// A listing is gone: its owner removed it, or a moderator.
        ListingRemoved = "listing.removed",
        /// A catalogue file was read to its end, or could not be.
        ImportFinished = "import.finished",
        /// An RFQ was posted; or, for a supplier that its buyer invites to quote, it is open to it.
        RfqPublished = "rfq.published",
        /// An open RFQ was changed, extended or opened again.
        RfqChanged = "rfq.changed",
        /// An RFQ takes no more quotes, or ended without an award.
        RfqClosed = "rfq.closed",
        /// An RFQ was withdrawn.
        RfqWithdrawn = "rfq.withdrawn",
        /// An RFQ was awarded.
        RfqAwarded = "rfq.awarded",
        /// An RFQ fits the company, a supplier.
        MatchCreated = "match.created",
        /// A quote was submitted.
        QuoteSubmitted = "quote.submitted",
        /// A quote has a new version.
        QuoteRevised = "quote.revised",
        /// A quote was withdrawn.
        QuoteWithdrawn = "quote.withdrawn",
        /// A quote was shortlisted.
        QuoteShortlisted = "quote.shortlisted",
        /// A quote was accepted.
        QuoteAccepted = "quote.accepted",
        /// A quote was declined.
        QuoteDeclined = "quote.declined",
        /// A quote's last day of validity has passed.
        QuoteExpired = "quote.expired",
        /// The other company of a conversation wrote.
        MessageReceived = "message.received",
        /// A partnership was proposed.
        PartnershipProposed = "partnership.proposed",
        /// A partnership is active.
        PartnershipConfirmed = "partnership.confirmed",
        /// A proposed partnership was declined.
        PartnershipDeclined = "partnership.declined",
        /// A partnership was ended.
        PartnershipEnded = "partnership.ended",
        /// A shipment was declared.
        RecordDeclared = "record.declared",
        /// A shipment was confirmed by the other side.
        RecordConfirmed = "record.confirmed",
        /// A shipment was disputed by the other side.
        RecordDisputed = "record.disputed",
        /// A shipment was declared anew, in the place of an earlier record.
        RecordCorrected = "record.corrected",
    }
}

/// What an event is about; what does not apply is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct EventData {
    /// The listing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listing: Option<ListingId>,
    /// The import.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub import: Option<ImportId>,
    /// The RFQ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rfq: Option<RfqId>,
    /// The match.
    #[serde(rename = "match", skip_serializing_if = "Option::is_none")]
    pub found: Option<MatchId>,
    /// The quote.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quote: Option<QuoteId>,
    /// The number of the quote's current version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<u32>,
    /// The conversation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thread: Option<ThreadId>,
    /// The message in it; its text is read there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<MessageId>,
    /// The partnership.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partnership: Option<PartnershipId>,
    /// The trade record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<RecordId>,
    /// The record in whose place a correction stands once it is confirmed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<RecordId>,
    /// The state that the thing is in now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The names of the fields that were changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed: Option<Vec<String>>,
}

/// An event of a company's feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The id.
    pub id: EventId,
    /// What happened.
    pub kind: EventType,
    /// When.
    pub at: Time,
    /// What it is about.
    pub data: EventData,
}

/// An event as programs receive it, in the feed and in webhooks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct EventView {
    /// The id: the same in the feed and in every delivery, so that one that comes twice is known.
    pub id: EventId,
    /// What happened.
    #[serde(rename = "type")]
    pub kind: EventType,
    /// When.
    pub timestamp: DateTime<Utc>,
    /// What it is about: ids, the state and the names of changed fields. Ask for the thing itself to learn more.
    pub data: EventData,
}

impl From<Event> for EventView {
    fn from(event: Event) -> Self {
        Self { id: event.id, kind: event.kind, timestamp: event.at, data: event.data }
    }
}
