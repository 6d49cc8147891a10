//! The daily e-mail to a company whose contacts were viewed.

use super::store::Unnotified;
use crate::accounts::notify::tell_company;
use crate::error::Result;
use crate::ids::CompanyId;
use crate::mail::{Content, Stream};
use crate::store::Tx;

/// An e-mail names so many companies at most; the page names all.
pub(super) const NAMED: usize = 20;

/// Notifies the owner which companies saw its contacts: `named` are the first of them.
pub(super) fn contacts_viewed(tx: &mut Tx, owner: CompanyId, named: &[String], unnotified: &Unnotified) -> Result<()> {
    let count = unnotified.viewers;
    let subject = if count == 1 {
        "One company viewed your contacts".to_owned()
    } else {
        format!("{count} companies viewed your contacts")
    };
    let mut facts: Vec<(String, String)> = named.iter().map(|name| ("Viewed by".to_owned(), name.clone())).collect();
    if count > named.len() {
        facts.push(("And".to_owned(), format!("{} more", count - named.len())));
    }
    let content = Content {
        subject,
        paragraphs: vec![
            "Contact people are shown when a quote between two companies is shortlisted or accepted, and to a company whose documents a \
             moderator has seen, a limited number of times."
                .to_owned(),
        ],
        facts,
        action: Some(("Contact views".to_owned(), "/account/contact-reveals".to_owned())),
        because: "This is a service message about your company: at most one a day, when its contacts were viewed.".to_owned(),
    };
    // Named by the newest reveal and not by the day: a reveal that was committed late, just after midnight's run, is another e-mail.
    let event = format!("contacts seen {owner} {}", unnotified.newest);
    tell_company(tx, owner, Stream::Transactional, &event, &content).map(drop)
}
