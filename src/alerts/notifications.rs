//! The e-mails about what saved searches have found: one search at a time, and the digest of several.

use super::{Alert, SavedSearch};
use crate::locale::{Language, Message, text};
use crate::mail::NotificationText;

/// So many finds of one search are named in its e-mail, and so many of each search in a digest.
const NAMED: usize = 20;
const NAMED_IN_DIGEST: usize = 5;
/// So many searches are named in a digest.
const SEARCHES: usize = 25;

/// What a search has found that is in no e-mail yet.
pub(super) struct Finds {
    pub search: SavedSearch,
    /// The newest of them, newest first.
    pub alerts: Vec<Alert>,
    /// How many there are in all.
    pub count: usize,
}

/// To the person of a search that is to tell at once.
pub(super) fn found(language: Language, finds: &Finds) -> NotificationText {
    let (name, page) = (finds.search.fields.name.as_str(), format!("/account/saved-searches/{}", finds.search.id));
    let mut facts: Vec<(String, String)> =
        finds.alerts.iter().take(NAMED).map(|alert| (alert.reason.label(language).to_owned(), line(alert))).collect();
    facts.extend(more(language, finds.count, NAMED));
    // One find is opened itself; of several the search shows them all.
    let path = match finds.alerts.as_slice() {
        [one] if finds.count == 1 => one.path(),
        _ => page,
    };
    NotificationText {
        subject: Message::new("alerts-mail-subject").with("count", finds.count).with("name", name).text(language),
        paragraphs: vec![Message::new("alerts-mail-lead").with("count", finds.count).with("name", name).text(language)],
        facts,
        action: Some((text(language, "alerts-mail-action").to_owned(), path)),
        because: Message::new("alerts-mail-because").with("name", name).text(language),
    }
}

/// To somebody for whose searches something waits; the most important search first.
pub(super) fn digest(language: Language, all: &[Finds]) -> NotificationText {
    let count: usize = all.iter().map(|finds| finds.count).sum();
    let mut facts: Vec<(String, String)> = all.iter().take(SEARCHES).map(|finds| of_search(language, finds)).collect();
    facts.extend(more(language, all.len(), SEARCHES));
    NotificationText {
        subject: Message::new("alerts-digest-subject").with("count", count).text(language),
        paragraphs: vec![Message::new("alerts-digest-lead").with("count", count).text(language)],
        facts,
        action: Some((text(language, "alerts-digest-action").to_owned(), "/account/saved-searches".to_owned())),
        because: text(language, "alerts-digest-because").to_owned(),
    }
}

/// The name of a search, and what it found in a line.
fn of_search(language: Language, finds: &Finds) -> (String, String) {
    let mut named: Vec<String> = finds.alerts.iter().take(NAMED_IN_DIGEST).map(line).collect();
    named.extend(more(language, finds.count, NAMED_IN_DIGEST).map(|(_, more)| more));
    (finds.search.fields.name.clone(), named.join("; "))
}

fn line(alert: &Alert) -> String {
    match alert.country {
        Some(country) => format!("{} ({})", alert.title, country.name()),
        None => alert.title.clone(),
    }
}

fn more(language: Language, count: usize, named: usize) -> Option<(String, String)> {
    let more = count.checked_sub(named).filter(|more| *more > 0)?;
    let words = Message::new("alerts-mail-more").with("count", more).text(language);
    Some((text(language, "alerts-mail-and").to_owned(), words))
}
