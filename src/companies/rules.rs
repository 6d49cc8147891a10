//! What follows from a company's evidence and form, without I/O.

use chrono::NaiveDate;

use super::{Form, Verification};
use crate::error::Problem;
use crate::locale::{Language, text};

/// What was checked of a company, and until when it counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// An identifier's check digits hold, a register entry is named and no other company holds it.
    pub is_identified: bool,
    /// The last day on which the documents that a moderator checked count.
    pub documented_until: Option<NaiveDate>,
    /// The last day on which the third party's report counts.
    pub audited_until: Option<NaiveDate>,
}

/// Why a company may not do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompanyRefusal {
    /// An individual can publish only after a moderator has checked an identity document.
    IndividualNotCertified,
    /// Only a documented company can reveal contacts.
    NotDocumented,
}

impl From<CompanyRefusal> for Problem {
    fn from(refusal: CompanyRefusal) -> Self {
        Problem::forbidden(match refusal {
            CompanyRefusal::IndividualNotCertified => text(Language::English, "companies-individual-publishes"),
            CompanyRefusal::NotDocumented => text(Language::English, "companies-documented-reveals"),
        })
    }
}

/// The level that the evidence gives on the day. A level stands only on the one before it, so a report without a named register
/// entry gives nothing.
pub fn verification(evidence: &Evidence, today: NaiveDate) -> Verification {
    let holds = |until: Option<NaiveDate>| until.is_some_and(|last| today <= last);
    match (evidence.is_identified, holds(evidence.documented_until), holds(evidence.audited_until)) {
        // Each level needs the one before it, whatever later evidence there is.
        (false, ..) => Verification::Registered,
        (true, false, _) => Verification::Identified,
        (true, true, false) => Verification::Documented,
        (true, true, true) => Verification::Audited,
    }
}

/// Whether a company may publish listings.
///
/// # Errors
/// An individual who is not `documented` may not.
pub fn may_publish(form: Form, verification: Verification) -> Result<(), CompanyRefusal> {
    // A person without any papers could be anybody; a company at least can be looked up.
    if form == Form::Individual && verification < Verification::Documented {
        return Err(CompanyRefusal::IndividualNotCertified);
    }
    Ok(())
}

/// Whether a company may ask for another's contacts without a shortlisted quote.
///
/// # Errors
/// Below `documented` it may not.
pub fn may_reveal_contacts(verification: Verification) -> Result<(), CompanyRefusal> {
    if verification < Verification::Documented { Err(CompanyRefusal::NotDocumented) } else { Ok(()) }
}
