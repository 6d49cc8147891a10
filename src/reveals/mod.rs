//! Contact reveals: who may see a company's contact people, how often, and that the company learns of it.
//!
//! Contact people are private. They are shown to another company on one of two grounds ([`Ground`]): a quote between the two was shortlisted
//! or accepted, or a `documented` company asks to see them. The second kind is counted: 20 in a day and 100 in a month for each company
//! ([`rules`]). Invariants:
//!
//! * Every look is a line of the log, which is never changed but for the note that the owner was told.
//! * The owner sees who looked, at once on its page and in `GET /contact-reveals`, and in a letter a day.
//! * A company that has used its quota up is noted in the moderators' queue, and in the log of the program.
//! * Nobody else's answer, list, index, event or letter holds a contact.

pub mod actions;
pub mod api;
mod notifications;
pub mod pages;
pub mod rules;
pub mod store;

use crate::clock::Time;
use crate::ids::{CompanyId, RevealId};
use crate::wire_enum;

/// A line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reveal {
    /// The id.
    pub id: RevealId,
    /// Whose contacts were seen.
    pub company: CompanyId,
    /// Which company saw them.
    pub viewer: CompanyId,
    /// On what ground.
    pub ground: Ground,
    /// When.
    pub at: Time,
}

wire_enum! {
    /// Why a company may see another's contacts.
    pub enum Ground {
        /// A quote between the two was shortlisted or accepted.
        Quote = "quote",
        /// It is documented and asked to see them; counted.
        Asked = "asked",
    }
}

#[cfg(test)]
mod tests;
