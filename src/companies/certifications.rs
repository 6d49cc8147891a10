//! Certifications as companies and listings claim them: ISO 9001, CE, GOTS.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::error::FieldCode;
use crate::ids::DocumentId;
use crate::locale::{self, Language};
use crate::text::{Checker, area};

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
    /// Its file among the company's own documents. Only the company and moderators see it; others learn that there is one, and its
    /// SHA-256.
    #[serde(default)]
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
    // Buyers filter by scheme, and suppliers spell one scheme in six ways.
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
        let message = locale::text(Language::English, "companies-belongs-into-profile");
        checker.fail(&format!("{pointer}/{index}/document"), FieldCode::Contradiction, message);
    }
}

/// Certificates, one per line: `ISO 9001; number; issuer; 2028-05-31`, of which only the first is needed.
pub fn parse_certification_lines(text: &str) -> Value {
    let names = ["scheme", "number", "issuer", "valid_until"];
    Value::Array(area::lines(text).map(|line| area::to_object(line, &names)).collect())
}

/// The lines that [`parse_certification_lines`] reads.
pub fn certification_lines(certifications: &[Certification]) -> String {
    let line = |one: &Certification| {
        let until = one.valid_until.map(|day| day.to_string()).unwrap_or_default();
        let all =
            [one.scheme.as_str(), one.number.as_deref().unwrap_or(""), one.issuer.as_deref().unwrap_or(""), &until];
        all.join("; ").trim_end_matches([';', ' ']).to_owned()
    };
    certifications.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The same patch with the files of the certificates that stay: a line does not name the document that is the file of its certificate.
pub fn with_certificate_files(mut patch: Value, before: &[Certification]) -> Value {
    let member = |certificate: &Value, name: &str| certificate[name].as_str().unwrap_or_default().to_owned();
    for certificate in patch["certifications"].as_array_mut().into_iter().flatten() {
        let (scheme, number) = (member(certificate, "scheme"), member(certificate, "number"));
        let same = |one: &&Certification| one.is_scheme(&scheme) && one.number.as_deref().unwrap_or("") == number;
        if let Some(document) = before.iter().find(same).and_then(|one| one.document) {
            certificate["document"] = json!(document);
        }
    }
    patch
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certificates_survive_the_form() {
        let text = "ISO 9001; NB-1; Nordkap; 2028-05-31\nCE\nPED; ; Tekvera";
        let read: Vec<Certification> = serde_json::from_value(parse_certification_lines(text)).unwrap();
        assert_eq!(read.len(), 3);
        assert_eq!((read[1].number.as_deref(), read[2].issuer.as_deref()), (None, Some("Tekvera")));
        assert_eq!(certification_lines(&read), text);
    }

    #[test]
    fn certificate_that_stays_keeps_its_file() {
        let with_file = json!([{"scheme": "ISO 9001", "number": "NB-1", "document": "doc_0000000000001"}]);
        let before: Vec<Certification> = serde_json::from_value(with_file).unwrap();
        let lines = parse_certification_lines("iso9001; NB-1; Nordkap\nISO 9001; NB-2");
        let kept = with_certificate_files(json!({"certifications": lines}), &before);
        assert_eq!(kept["certifications"][0]["document"], "doc_0000000000001");
        assert!(kept["certifications"][1].get("document").is_none());
    }
}
