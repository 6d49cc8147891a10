//! The daily letter to a company whose contacts were seen.

use crate::accounts::notify::tell_company;
use crate::error::Result;
use crate::ids::CompanyId;
use crate::mail::{Content, Stream};
use crate::store::Tx;

/// A letter names so many companies at most.
const NAMED: usize = 20;

/// Tells the owner which companies looked; `day` makes the letter the only one of its day.
pub(super) fn seen(tx: &mut Tx, owner: CompanyId, viewers: &[String], day: &str) -> Result<()> {
    let count = viewers.len();
    let subject = if count == 1 {
        "One company looked at your contacts".to_owned()
    } else {
        format!("{count} companies looked at your contacts")
    };
    let mut facts: Vec<(String, String)> =
        viewers.iter().take(NAMED).map(|name| ("Seen by".to_owned(), name.clone())).collect();
    if count > NAMED {
        facts.push(("And".to_owned(), format!("{} more", count - NAMED)));
    }
    let content = Content {
        subject,
        paragraphs: vec![
            "Contact people are shown when a quote between two companies is shortlisted or accepted, and to a company whose documents a \
             moderator has seen, a limited number of times."
                .to_owned(),
        ],
        facts,
        action: Some(("Who saw our contacts".to_owned(), "/account/contact-reveals".to_owned())),
        because: "You get this letter, one a day at most, because your company's contacts were seen.".to_owned(),
    };
    tell_company(tx, owner, Stream::Transactional, &format!("contacts seen {owner} {day}"), &content).map(drop)
}
