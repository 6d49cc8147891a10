//! Certifications as companies and listings claim them: ISO 9001, CE, GOTS.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::FieldCode;
use crate::ids::DocumentId;
use crate::text::Checker;

/// A company or a listing names so many at most.
pub const MAX_CERTIFICATIONS: usize = 50;

/// A certificate that is claimed; whether it was seen is said elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Certification {
    /// The scheme: `ISO 9001`, `CE`; 1 to 100 characters.
    pub scheme: String,
    /// The certificate's number, up to 100 characters.
    #[serde(default)]
    pub number: Option<String>,
    /// Who issued it, up to 200 characters.
    #[serde(default)]
    pub issuer: Option<String>,
    /// The last day on which it holds.
    #[serde(default)]
    pub valid_until: Option<NaiveDate>,
    /// A copy of it among the company's own documents. Only the company and moderators see it; others learn that there is one, and its
    /// SHA-256.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<DocumentId>,
}

impl Certification {
    /// Whether it holds on the day; one without an end always does.
    pub fn is_valid_on(&self, day: NaiveDate) -> bool {
        self.valid_until.is_none_or(|last| day <= last)
    }

    /// Whether it is of the scheme, whatever the capitals, spaces and dashes: `iso9001` is `ISO 9001`.
    pub fn is_scheme(&self, scheme: &str) -> bool {
        scheme_key(&self.scheme) == scheme_key(scheme)
    }
}

fn scheme_key(scheme: &str) -> String {
    scheme.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Cleans and checks a list of certifications.
pub fn check_certifications(checker: &mut Checker, pointer: &str, certifications: &mut [Certification]) {
    checker.max_items(pointer, certifications.len(), MAX_CERTIFICATIONS);
    for (index, certification) in certifications.iter_mut().enumerate() {
        let at = |field: &str| format!("{pointer}/{index}/{field}");
        checker.public_text(&at("scheme"), &mut certification.scheme, 1..=100);
        checker.public_text(&at("number"), &mut certification.number, 0..=100);
        checker.public_text(&at("issuer"), &mut certification.issuer, 0..=200);
    }
}

/// Refuses documents where certificates are only named, as on a listing: a copy belongs into the company's profile.
pub fn refuse_documents(checker: &mut Checker, pointer: &str, certifications: &[Certification]) {
    for (index, _) in certifications.iter().enumerate().filter(|(_, one)| one.document.is_some()) {
        let message = "belongs into the company's profile; leave it out here";
        checker.fail(&format!("{pointer}/{index}/document"), FieldCode::Contradiction, message);
    }
}
