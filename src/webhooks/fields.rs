//! What a company says of a webhook endpoint: the API's JSON and the stored document in one.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::Result;
use crate::event_feed::EventType;
use crate::text::Checker;

/// Members of an endpoint that only the server sets; sent back, they are ignored.
pub const READ_ONLY: &[&str] = &[
    "id",
    "secret",
    "previous_secret_until",
    "disabled_reason",
    "failing_since",
    "version",
    "created_at",
    "updated_at",
];

/// An address for events, and which events go there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct EndpointFields {
    /// The https address that events are posted to, up to 2 048 characters. It must be reached over the internet: private and local addresses are
    /// refused, now and at every delivery.
    #[schema(required = true, max_length = 2048)]
    pub url: String,
    /// What it is for, up to 200 characters.
    pub description: Option<String>,
    /// The types of events that it wants; all of them where there is none.
    pub types: Vec<EventType>,
    /// Whether events are sent to it. Setting it to true also ends what the platform disabled it for.
    pub enabled: bool,
}

impl Default for EndpointFields {
    fn default() -> Self {
        Self { url: String::new(), description: None, types: Vec::new(), enabled: true }
    }
}

impl EndpointFields {
    /// Cleans the texts and checks all fields but the address.
    ///
    /// # Errors
    /// `invalid` naming each field that is wrong.
    pub fn check(&mut self) -> Result<()> {
        let mut checker = Checker::new();
        checker.text("/url", &mut self.url, 1..=2_048);
        checker.text("/description", &mut self.description, 0..=200);
        checker.distinct("/types", &mut self.types, EventType::ALL.len());
        checker.finish()
    }

    /// Whether an event of the type goes there.
    pub fn wants(&self, kind: EventType) -> bool {
        self.enabled && (self.types.is_empty() || self.types.contains(&kind))
    }
}
