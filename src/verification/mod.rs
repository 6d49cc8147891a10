//! Verification: the levels that companies apply for, and what moderators decide.
//!
//! A request is `open -> accepted | refused`, one open request for each level of a company. An accepted one becomes evidence
//! ([`crate::companies::evidence`]), from which the level follows; a refused one changes nothing. Invariants:
//!
//! * Levels show evidence and can't be bought; none is given without a moderator's decision with a reason.
//! * A request is about the company as it was then: one that has changed its name, country or identifiers since must apply again.
//! * Evidence ends after its last day; the company is reminded 30 and 7 days before, and notified at the end.
//! * An identifier that another company holds is only claimed: it grants nothing until a moderator decides who holds it.
//! * Of an individual's identity document only the hash, the issuer and the last day are kept; the file is deleted with the decision.

pub mod actions;
pub mod api;
mod fields;
mod notifications;
pub mod pages;
pub mod rules;
pub mod store;

pub use fields::{NewRequest, RegisterEntry};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::clock::Time;
use crate::companies::{Company, CompanyIdentifier, Verification};
use crate::ids::{CompanyId, RequestId};
use crate::reference::codes::Country;
use crate::wire_enum;

/// A request as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The id.
    pub id: RequestId,
    /// The company that applies.
    pub company: CompanyId,
    /// The level that it applies for.
    pub level: Verification,
    /// Open until a moderator decides.
    pub state: RequestState,
    /// What was submitted, and who the company was then.
    pub content: NotificationText,
    /// The reason that the company reads; `None` while it is open.
    pub reason: Option<String>,
    /// Grows by one with every change; the ETag.
    pub version: i64,
    /// When it was made.
    pub created_at: Time,
    /// `None` while it is open.
    pub decided_at: Option<Time>,
}

/// The stored document of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotificationText {
    /// What was submitted. Stored under the name of its first version.
    #[serde(rename = "asked")]
    pub submitted: NewRequest,
    /// Who the company was then.
    #[serde(rename = "of")]
    pub identity: Identity,
}

/// What a level is given for: a company that changes any of it has to apply again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The name.
    pub name: String,
    /// The name in the register.
    pub legal_name: Option<String>,
    /// The country.
    pub country: Country,
    /// Its identifiers: registers, GLN, VAT and the like.
    pub identifiers: Vec<CompanyIdentifier>,
}

impl From<&Company> for Identity {
    fn from(company: &Company) -> Self {
        let fields = company.fields.clone();
        Self {
            name: fields.name,
            legal_name: fields.legal_name,
            country: fields.country,
            identifiers: fields.identifiers,
        }
    }
}

/// A disputed identifier: one that a company names and another company holds, or held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The kind of identifier.
    pub kind: String,
    /// The identifier.
    pub value: String,
    /// The company that claims it.
    pub claimant: Company,
    /// The company that holds it; `None` where nobody does any more.
    pub holder: Option<Company>,
    /// When it was claimed.
    pub since: Time,
}

wire_enum! {
    /// The states of a request.
    pub enum RequestState {
        /// Not decided yet.
        Open = "open",
        /// Became evidence.
        Accepted = "accepted",
        /// Changed nothing.
        Refused = "refused",
    }
}

crate::states!(RequestState, "verification-state", {
    Open => Open,
    Accepted => Agreed,
    Refused => Refused,
});

wire_enum! {
    /// What a moderator decides about a request or a claim.
    pub enum Verdict {
        /// The evidence shows it.
        Accept = "accept",
        /// It does not.
        Refuse = "refuse",
    }
}

/// A moderator's decision about a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Accepted or refused.
    pub verdict: Verdict,
    /// Why. The company reads it, so it must hold no contact details.
    pub reason: String,
    /// The last day on which the evidence counts; `None` for the default, and always for a register entry, which does not expire.
    pub expires_on: Option<NaiveDate>,
    /// What the documents are, one text each; public.
    pub seen: Vec<String>,
}

#[cfg(test)]
mod tests;
