//! Webhooks: a company's events, sent to addresses of its own, by [Standard Webhooks 1.0](https://www.standardwebhooks.com).
//!
//! An [`Endpoint`] is an address and the types of events that it wants. Each event for it is a [`Delivery`], made in the transaction of what
//! happened and posted by a job, signed with the endpoint's secret. A delivery is tried ten times over three days ([`rules`]); any 2xx is a
//! success, a redirect is a failure. Invariants:
//!
//! * `enabled -> disabled` by its company, by 410 from its server, or after 120 hours of nothing but failures, of which the company is
//!   notified; `disabled -> enabled` by the company alone.
//! * Each host has a queue of its own: one that does not answer delays no other.
//! * Only public addresses are called ([`crate::outbound`]): looked up when the endpoint is saved, and again at every delivery.
//! * The secret is shown once. For 24 hours after a rotation deliveries are signed with both.
//! * What is sent is an event of the feed, without contact data, at most 20 kB.

pub mod actions;
pub mod api;
pub mod events;
pub mod fields;
pub mod jobs;
mod notifications;
pub mod pages;
pub mod rules;
pub mod store;

use crate::clock::Time;
use crate::ids::{CompanyId, DeliveryId, EventId, WebhookId};
use crate::{labelled, wire_enum};

pub use fields::EndpointFields;

/// An address that events are sent to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The id.
    pub id: WebhookId,
    /// Whose it is.
    pub company: CompanyId,
    /// What the company says of it.
    pub fields: EndpointFields,
    /// The sealed secret.
    pub secret: String,
    /// The sealed secret before the last rotation, and until when it is signed with as well.
    pub previous: Option<(String, Time)>,
    /// Why the platform disabled it; none where the company did.
    pub disabled_reason: Option<DisabledReason>,
    /// When the first of nothing but failures was.
    pub failing_since: Option<Time>,
    /// Grows with every change; the ETag.
    pub version: i64,
    /// When it was made.
    pub created_at: Time,
    /// When it was last changed.
    pub updated_at: Time,
}

wire_enum! {
    /// Why the platform disabled an endpoint.
    pub enum DisabledReason {
        /// Its server answered 410.
        Gone = "gone",
        /// Nothing but failures for 120 hours.
        Failing = "failing",
    }
}

labelled!(DisabledReason, "webhooks-disabled");

/// An event that is sent to an endpoint, and how that went last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The id.
    pub id: DeliveryId,
    /// Where to.
    pub endpoint: WebhookId,
    /// The event; the `webhook-id` of every try.
    pub event: EventId,
    /// Its type; `ping` for a test.
    pub kind: String,
    /// How it stands.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is tried next.
    pub next_at: Option<Time>,
    /// How the last try went.
    pub last: Option<Attempt>,
    /// When it was made.
    pub created_at: Time,
}

/// How one try went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// When.
    pub at: Time,
    /// The status that was answered.
    pub status: Option<u16>,
    /// Why there was no answer.
    pub fault: Option<Fault>,
    /// The beginning of the answer.
    pub answer: Option<String>,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
}

wire_enum! {
    /// How a delivery stands.
    pub enum DeliveryState {
        /// It will be tried, perhaps again.
        Pending = "pending",
        /// The server took it.
        Delivered = "delivered",
        /// Every try failed.
        Failed = "failed",
        /// The endpoint was disabled or deleted before it was taken.
        Cancelled = "cancelled",
    }
}

crate::states!(DeliveryState, "webhooks-state", {
    Pending => Open,
    Delivered => Agreed,
    Failed => Refused,
    Cancelled => Quiet,
});

labelled!(DeliveryState, "webhooks-state");

wire_enum! {
    /// Why there was no answer.
    pub enum Fault {
        /// The name has an address that is not public.
        NotPublic = "not_public",
        /// The name has no address.
        NoAddress = "no_address",
        /// Nobody takes the connection, or it broke.
        Connection = "connection",
        /// No TLS that can be trusted.
        Tls = "tls",
        /// No whole answer within 15 seconds.
        Timeout = "timeout",
    }
}

labelled!(Fault, "webhooks-fault");

/// The type of a test event.
pub const PING: &str = "ping";
