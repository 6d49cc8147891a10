//! Verification: what companies ask to be verified as, and what moderators decide.
//!
//! A request is `open -> accepted | refused`, one open request for each level of a company. An accepted one becomes evidence
//! ([`crate::companies::evidence`]), from which the level follows; a refused one changes nothing. Invariants:
//!
//! * No level is for sale, and none is given without a moderator's decision with a reason.
//! * A request speaks of the company as it was: one that changed its name, country or numbers since is asked to request anew.
//! * Evidence ends on its last day; the company is reminded 30 and 7 days before, and told at the end.
//! * A number that another company holds is a claim: it grants nothing until a moderator decides who holds it.
//! * Of an individual's identity document only the hash, the issuer and the expiry are kept; the file is deleted with the decision.

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
    /// Who asks.
    pub company: CompanyId,
    /// For which level.
    pub level: Verification,
    /// Where it stands.
    pub state: RequestState,
    /// What was sent, and who the company was then.
    pub content: Content,
    /// Why it was decided so.
    pub reason: Option<String>,
    /// Grows with every change; the ETag.
    pub version: i64,
    /// When it was made.
    pub created_at: Time,
    /// When it was decided.
    pub decided_at: Option<Time>,
}

/// The stored document of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// What was sent.
    pub asked: NewRequest,
    /// Who the company was when it asked.
    pub of: Identity,
}

/// What makes a company the one that it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The name.
    pub name: String,
    /// The name in the register.
    pub legal_name: Option<String>,
    /// The country.
    pub country: Country,
    /// The numbers.
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

/// A claim of a number that another company holds, or held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The kind of number.
    pub kind: String,
    /// The number.
    pub value: String,
    /// Who claims it.
    pub claimant: Company,
    /// Who holds it.
    pub holder: Option<Company>,
    /// Since when it is claimed.
    pub since: Time,
}

wire_enum! {
    /// Where a request stands.
    pub enum RequestState {
        /// It waits for a moderator.
        Open = "open",
        /// A moderator agreed.
        Accepted = "accepted",
        /// A moderator did not.
        Refused = "refused",
    }
}

wire_enum! {
    /// What a moderator decides about a request or a claim.
    pub enum Verdict {
        /// Agrees.
        Accept = "accept",
        /// Does not.
        Refuse = "refuse",
    }
}

/// A moderator's decision about a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruling {
    /// What is decided.
    pub verdict: Verdict,
    /// Why; the company is told.
    pub reason: String,
    /// The last day on which the evidence counts; needed for everything but a register entry, whose it never is.
    pub expires_on: Option<NaiveDate>,
    /// What the documents were, as everybody reads it.
    pub seen: Vec<String>,
}

#[cfg(test)]
mod tests;
