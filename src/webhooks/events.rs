//! What is to be done about an event.

use serde::{Deserialize, Serialize};

use crate::ids::DeliveryId;

/// An event is to be posted to an endpoint: one try of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliverWebhook {
    /// Which delivery.
    pub delivery: DeliveryId,
    /// Which try, from 1.
    pub attempt: u32,
}

impl DeliverWebhook {
    /// What makes the job the only one of its try.
    pub(super) fn key(self) -> String {
        format!("webhook {} {}", self.delivery, self.attempt)
    }
}
