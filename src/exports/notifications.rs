//! The e-mails about an export: that it is ready, or could not be made. They hold no data and no link to the archive itself, which is only for
//! who is signed in.

use crate::clock::Time;
use crate::formats::absolute;
use crate::locale::{Language, text};
use crate::mail::NotificationText;

fn notice(subject: &'static str, paragraph: &'static str, facts: Vec<(String, String)>) -> NotificationText {
    let of = |key: &'static str| text(Language::English, key).to_owned();
    NotificationText {
        subject: of(subject),
        paragraphs: vec![of(paragraph)],
        facts,
        action: Some((of("exports-mail-action"), "/account/exports".to_owned())),
        because: of("exports-mail-because"),
    }
}

/// The archive can be downloaded until then.
pub(super) fn ready(until: Time) -> NotificationText {
    let fact = (text(Language::English, "exports-until").to_owned(), absolute(until));
    notice("exports-mail-ready-subject", "exports-mail-ready", vec![fact])
}

/// The archive could not be made.
pub(super) fn failed() -> NotificationText {
    notice("exports-mail-failed-subject", "exports-mail-failed", Vec::new())
}
