//! The daily e-mail to a company whose contacts were viewed.

use crate::locale::{Language, Message, text};
use crate::mail::NotificationText;

/// An e-mail names so many companies at most; the page names all.
pub(super) const NAMED: usize = 20;

/// How many companies viewed the contacts: `count` in all, of which `named` are the first.
pub(super) fn contacts_viewed(language: Language, count: usize, named: &[String]) -> NotificationText {
    let fixed = |key: &'static str| text(language, key).to_owned();
    let mut facts: Vec<(String, String)> =
        named.iter().map(|name| (fixed("reveals-mail-viewed-by"), name.clone())).collect();
    if count > named.len() {
        let more = Message::new("reveals-mail-more").with("count", count - named.len()).text(language);
        facts.push((fixed("reveals-mail-and"), more));
    }
    NotificationText {
        subject: Message::new("reveals-mail-subject").with("count", count).text(language),
        paragraphs: vec![fixed("reveals-mail-lead")],
        facts,
        action: Some((fixed("reveals-mail-action"), "/account/contact-reveals".to_owned())),
        because: fixed("reveals-mail-because"),
    }
}
