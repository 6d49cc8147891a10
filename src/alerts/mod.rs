//! Alerts: searches that a person keeps, and what comes of them.
//!
//! A [`SavedSearch`] is the parameters of a search for listings, companies or open RFQs, under a name. It belongs to a person in a company:
//! colleagues do not see it, and it ends for whoever leaves the company. A key of the API acts for the person who made it; one that the
//! operator made, for the company's owner of the longest standing. Invariants:
//!
//! * Its query is the query string of `/search/{kind}`, in one canonical form, without order and display ([`rules`]). The parser is that of
//!   search itself, so that the two cannot disagree about what a parameter means.
//! * What it finds is what search finds that holds every word. What search shows behind that, because there is little, is no news.
//! * An [`Alert`] is what it has found: a listing, company or RFQ that appeared or changed in what its buyers and sellers decide by
//!   ([`rules`] says in what), once for each such version. That a company changed is no news of its listings, and what a company itself
//!   publishes is none for its own people.
//! * Changes are followed in the order of the change log, and each is looked at when the index has it ([`jobs`]): what is run then is the
//!   saved query itself, among the things that changed.
//! * What was found is told as often as its person wants: at once, with a quarter of an hour between two e-mails of a search, or in one digest
//!   in the morning. There is a number of e-mails that a person gets in a day; what is over waits for the digest. The link to unsubscribe in
//!   the e-mail of a search pauses that search.
//! * A person has a bounded number of them, and so has a company (`[limits]`).

pub mod actions;
pub mod api;
mod candidates;
pub mod fields;
pub mod jobs;
mod notifications;
pub mod pages;
pub mod queries;
pub mod rules;
mod store;
#[cfg(test)]
mod tests;

use crate::clock::Time;
use crate::ids::{AlertId, CompanyId, ListingId, RfqId, SavedSearchId, UserId};
use crate::reference::codes::Country;
use crate::search::Kind;
use crate::{labelled, wire_enum};

pub use fields::SavedSearchFields;

/// What a saved search has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// The id.
    pub id: AlertId,
    /// The search.
    pub search: SavedSearchId,
    /// Whose search it is.
    pub user: UserId,
    /// What kind of thing it is.
    pub kind: SearchedKind,
    /// The id of the listing, company or RFQ.
    pub thing: i64,
    /// Why it is news.
    pub reason: AlertReason,
    /// What the thing is called, as everybody reads it.
    pub title: String,
    /// The country of the supplier or company, or the destination of an RFQ.
    pub country: Option<Country>,
    /// When it was found.
    pub created_at: Time,
}

impl Alert {
    /// The id of the thing as the API writes it.
    pub fn thing_id(&self) -> String {
        self.kind.id_of(self.thing)
    }

    /// Its page.
    pub fn path(&self) -> String {
        format!("/{}/{}", self.kind, self.thing_id())
    }
}

wire_enum! {
    /// Why something is news.
    pub enum AlertReason {
        /// It was published.
        New = "new",
        /// It changed in what decides about it: price, quantity, terms.
        Changed = "changed",
    }
}

labelled!(AlertReason, "alerts-reason");

/// A search that a person keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedSearch {
    /// The id.
    pub id: SavedSearchId,
    /// For which company its person acts.
    pub company: CompanyId,
    /// Whose it is.
    pub user: UserId,
    /// What its person says of it.
    pub fields: SavedSearchFields,
    /// Grows with every change; the ETag.
    pub version: i64,
    /// When an e-mail told last what it has found, where it tells at once.
    pub mailed_at: Option<Time>,
    /// When it was made.
    pub created_at: Time,
    /// When it was last changed.
    pub updated_at: Time,
}

wire_enum! {
    /// What is searched.
    pub enum SearchedKind {
        /// Published listings.
        Listings = "listings",
        /// Companies.
        Companies = "companies",
        /// Open RFQs.
        Rfqs = "rfqs",
    }
}

labelled!(SearchedKind, "alerts-kind");

impl SearchedKind {
    /// The id of a thing of the kind as the API writes it.
    pub fn id_of(self, thing: i64) -> String {
        match self {
            Self::Listings => ListingId(thing).to_string(),
            Self::Companies => CompanyId(thing).to_string(),
            Self::Rfqs => RfqId(thing).to_string(),
        }
    }

    /// The kind of documents.
    pub fn kind(self) -> Kind {
        match self {
            Self::Listings => Kind::Listing,
            Self::Companies => Kind::Company,
            Self::Rfqs => Kind::Rfq,
        }
    }
}

wire_enum! {
    /// How often its person is told what is new.
    pub enum AlertFrequency {
        /// As it comes, with a quarter of an hour between two e-mails at least.
        Instant = "instant",
        /// Once a day.
        Daily = "daily",
        /// Once a week, on Monday.
        Weekly = "weekly",
    }
}

labelled!(AlertFrequency, "alerts-frequency");
