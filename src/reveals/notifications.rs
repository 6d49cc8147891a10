//! The daily e-mail to a company whose contacts were viewed.

use crate::mail::NotificationText;

/// An e-mail names so many companies at most; the page names all.
pub(super) const NAMED: usize = 20;

/// How many companies viewed the contacts: `count` in all, of which `named` are the first.
pub(super) fn contacts_viewed(count: usize, named: &[String]) -> NotificationText {
    let subject = if count == 1 {
        "One company viewed your contacts".to_owned()
    } else {
        format!("{count} companies viewed your contacts")
    };
    let mut facts: Vec<(String, String)> = named.iter().map(|name| ("Viewed by".to_owned(), name.clone())).collect();
    if count > named.len() {
        facts.push(("And".to_owned(), format!("{} more", count - named.len())));
    }
    NotificationText {
        subject,
        paragraphs: vec![
            "Contact people are shown when a quote between two companies is shortlisted or accepted, and to a company whose documents a \
             moderator has seen, a limited number of times."
                .to_owned(),
        ],
        facts,
        action: Some(("Contact views".to_owned(), "/account/contact-reveals".to_owned())),
        because: "This is a service message about your company: at most one a day, when its contacts were viewed.".to_owned(),
    }
}
