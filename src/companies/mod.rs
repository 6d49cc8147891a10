//! Companies: who publishes and who buys.
//!
//! A company is stored as one document of its [`CompanyFields`] and its [`Verification`] level, which is evidence and never a product: it
//! rises and falls only with what was checked. One company may buy and sell.

pub mod actions;
pub mod api;
mod certifications;
pub mod contacts;
pub mod events;
pub mod evidence;
mod fields;
pub mod identifiers;
pub mod loading;
pub mod names;
pub mod pages;
pub mod rules;
pub mod store;

pub use certifications::{
    Certification, MAX_CERTIFICATIONS, certification_lines, check_certifications, parse_certification_lines,
    refuse_documents, with_certificate_files,
};
pub use fields::{CompanyFields, CompanyIdentifier, READ_ONLY, identifier_lines, parse_identifier_lines};

use crate::clock::Time;
use crate::ids::CompanyId;
use crate::reference::outcome::Outcome;
use crate::{labelled, wire_enum};

/// A company as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Company {
    /// The id.
    pub id: CompanyId,
    /// The name under which an operator's file knows it.
    pub reference: Option<String>,
    /// Whether it takes part.
    pub state: CompanyState,
    /// Why a moderator suspended it; for its own people and moderators.
    pub suspended_reason: Option<String>,
    /// How far its claims were checked.
    pub verification: Verification,
    /// Its profile.
    pub fields: CompanyFields,
    /// Grows with every change; the ETag.
    pub version: i64,
    /// When it was registered.
    pub created_at: Time,
    /// When it was last changed.
    pub updated_at: Time,
}

/// A number that a company names, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identifier {
    /// Whose register it is of.
    pub kind: String,
    /// The number in its canonical form.
    pub value: String,
    /// What its own check came to.
    pub outcome: Outcome,
    /// Whether the company holds it.
    pub state: IdentifierState,
    /// Since when the company names it.
    pub since: Time,
}

wire_enum! {
    /// Whether a company holds a number that it names. Only a company that takes part and of which a moderator saw its register entry holds
    /// one, so nobody keeps a number from its owner by naming it first.
    pub enum IdentifierState {
        /// It names it, and no moderator saw that it is its own: any number of companies may, and it grants nothing.
        Stated = "stated",
        /// It does: a moderator saw its register entry, or decided so.
        Held = "held",
        /// Another company holds it: the claim grants nothing until a moderator decides.
        Claimed = "claimed",
        /// A moderator decided that another company holds it.
        Refused = "refused",
    }
}

crate::states!(IdentifierState, "identifier-state", {
    Stated => Quiet,
    Held => Agreed,
    Claimed => Needs,
    Refused => Refused,
});

wire_enum! {
    /// Whether a company takes part in the market.
    pub enum CompanyState {
        /// It does.
        Active = "active",
        /// Nobody of it has confirmed an e-mail address: it prepares, and is seen by nobody else.
        Unconfirmed = "unconfirmed",
        /// A moderator suspended it: it and its listings are seen by nobody else.
        Suspended = "suspended",
        /// Its last person deleted their account: its past stays, and it is seen by nobody else.
        Closed = "closed",
    }
}

crate::states!(CompanyState, "company-state", {
    Active => Agreed,
    Unconfirmed => Quiet,
    Suspended => Refused,
    Closed => Quiet,
});

wire_enum! {
    /// What kind of business a company is.
    pub enum Form {
        /// Makes what it sells.
        Manufacturer = "manufacturer",
        /// Buys to sell abroad.
        TradingCompany = "trading_company",
        /// Sells on in its region.
        Distributor = "distributor",
        /// Buys from abroad.
        Importer = "importer",
        /// Sells to consumers.
        Retailer = "retailer",
        /// Offers services: freight, inspection, testing.
        Service = "service",
        /// One certified person who sells.
        Individual = "individual",
    }
}

labelled!(Form, "company-form");

#[expect(clippy::derivable_impls, reason = "the macro writes the enum, so it cannot carry #[default]")]
impl Default for Form {
    fn default() -> Self {
        Self::TradingCompany
    }
}

wire_enum! {
    /// How many people work there.
    pub enum StaffBand {
        /// One to ten.
        UpTo10 = "1-10",
        /// Eleven to fifty.
        UpTo50 = "11-50",
        /// Up to two hundred.
        UpTo200 = "51-200",
        /// Up to five hundred.
        UpTo500 = "201-500",
        /// Up to a thousand.
        UpTo1000 = "501-1000",
        /// More than a thousand.
        Over1000 = "1001+",
    }
}

wire_enum! {
    /// How far a company's claims were checked, from least to most; each level needs the one before.
    pub enum Verification {
        /// An e-mail address was confirmed, or the operator loaded it.
        Registered = "registered",
        /// An identifier's check digits hold and a register entry is named.
        Identified = "identified",
        /// A moderator checked its documents; it expires.
        Documented = "documented",
        /// A third party's report; it expires.
        Audited = "audited",
    }
}

#[cfg(test)]
mod tests;
