//! The e-mail to a company whose endpoint was disabled.

use super::{DisabledReason, Endpoint};
use crate::locale::{Language, text};
use crate::mail::NotificationText;

pub(super) fn disabled(language: Language, endpoint: &Endpoint, reason: DisabledReason) -> NotificationText {
    let fixed = |key: &'static str| text(language, key).to_owned();
    NotificationText {
        subject: fixed("webhooks-mail-subject"),
        paragraphs: vec![
            fixed(match reason {
                DisabledReason::Gone => "webhooks-mail-gone",
                DisabledReason::Failing => "webhooks-mail-failing",
            }),
            fixed("webhooks-mail-next"),
        ],
        facts: vec![(fixed("webhooks-endpoint"), endpoint.id.to_string())],
        action: Some((fixed("webhooks-mail-action"), format!("/account/webhooks/{}", endpoint.id))),
        because: fixed("webhooks-mail-because"),
    }
}
