//! Contact reveals: who may see a company's contact people, how often, and that the company is notified.
//!
//! Contact people are private. They are disclosed to another company on one of two bases ([`DisclosureBasis`]): a quote between the two was
//! shortlisted or accepted, or a `documented` company requests them. Requests are counted: 20 in a day and 100 in a month for each company
//! ([`rules`]). Invariants:
//!
//! * Every [`Reveal`] is logged; of a logged one only the time of the owner's notification changes.
//! * The owner sees who viewed its contacts immediately on a page and in `GET /contact-reveals`, and in a daily e-mail.
//! * A company that has used up its quota is reported to the moderators and in the log.
//! * No other answer, list, index, event or e-mail holds a contact.

pub mod actions;
pub mod api;
mod notifications;
pub mod pages;
pub mod rules;
pub mod store;

use crate::clock::Time;
use crate::ids::{CompanyId, RevealId};
use crate::wire_enum;

/// A logged reveal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reveal {
    /// The id.
    pub id: RevealId,
    /// The company that the contacts belong to.
    pub company: CompanyId,
    /// The company that viewed them.
    pub viewer: CompanyId,
    /// Why it was allowed to.
    pub basis: DisclosureBasis,
    /// When it first did.
    pub at: Time,
}

wire_enum! {
    /// Why a company may see another's contacts.
    pub enum DisclosureBasis {
        /// A quote between the two was shortlisted or accepted.
        Quote = "quote",
        /// It is `documented` and requested them; counted.
        Request = "asked",
    }
}

#[cfg(test)]
mod tests;
