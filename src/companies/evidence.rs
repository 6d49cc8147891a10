//! The verification badge in words: what was checked of a company and what was not, without I/O.

use serde::Serialize;
use utoipa::ToSchema;

use super::Verification;
use super::identifiers::IdentifierKind;

/// One thing that was checked, or was not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Finding {
    /// What: `identifier`, `register`, `documents`, `report` or `certificates`.
    pub what: &'static str,
    /// The sentence for people.
    pub detail: String,
}

impl Finding {
    fn new(what: &'static str, detail: impl Into<String>) -> Self {
        Self { what, detail: detail.into() }
    }
}

/// What a level means.
pub fn meaning(level: Verification) -> &'static str {
    match level {
        Verification::Registered => {
            "It has an account, or the operator brought it from another platform. Nothing more was checked."
        }
        Verification::Identified => {
            "A register number was checked by its own check digits, and its register entry is named."
        }
        Verification::Documented => "A moderator saw its documents. They count until they expire.",
        Verification::Audited => "An independent third party reported on it. The report counts until it expires.",
    }
}

/// The name of a kind of identifier, for people.
pub fn kind_name(kind: &str) -> &str {
    match IdentifierKind::parse(kind) {
        Some(IdentifierKind::Uscc) => "China, unified social credit code",
        Some(IdentifierKind::Vat) => "VAT number",
        Some(IdentifierKind::Eori) => "EORI number",
        Some(IdentifierKind::Lei) => "LEI",
        Some(IdentifierKind::Duns) => "D-U-N-S number",
        Some(IdentifierKind::Gln) => "GLN",
        Some(IdentifierKind::Gtin) => "GTIN",
        Some(IdentifierKind::Iec) => "India, importer-exporter code",
        Some(IdentifierKind::Gstin) => "India, GSTIN",
        Some(IdentifierKind::Cnpj) => "Brazil, CNPJ",
        Some(IdentifierKind::JpCorporate) => "Japan, corporate number",
        None => kind,
    }
}

/// What was checked and what was not, of a company of the level that holds these identifiers (kind and value).
pub fn findings(level: Verification, held: &[(String, String)]) -> (Vec<Finding>, Vec<Finding>) {
    let number = |(kind, value): &(String, String)| {
        let detail = format!(
            "The form and check digits of {} {value} hold; no other company here held it before.",
            kind_name(kind)
        );
        Finding::new("identifier", detail)
    };
    let mut checked: Vec<Finding> = held.iter().map(number).collect();
    let mut not_checked = Vec::new();
    if held.is_empty() {
        not_checked.push(Finding::new("identifier", "It holds no register number that could be checked."));
    }
    let steps = [
        (
            Verification::Identified,
            "register",
            "The register entry is named.",
            "Whether a register has an entry for it.",
        ),
        (
            Verification::Documented,
            "documents",
            "A moderator saw its documents.",
            "No moderator has seen its documents.",
        ),
        (Verification::Audited, "report", "A third party's report was seen.", "No third party has reported on it."),
    ];
    for (needed, what, done, open) in steps {
        let (list, detail) = if level >= needed { (&mut checked, done) } else { (&mut not_checked, open) };
        list.push(Finding::new(what, detail));
    }
    let certificates =
        "Certificates are shown as the company states them; ask it for copies and check them with their issuers.";
    not_checked.push(Finding::new("certificates", certificates));
    (checked, not_checked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_level_moves_one_more_finding_to_what_was_checked() {
        let held = vec![("lei".to_owned(), "5493001KJTIIGC8Y1R12".to_owned())];
        for (place, level) in Verification::ALL.iter().enumerate() {
            let (checked, not_checked) = findings(*level, &held);
            assert_eq!(checked.len(), 1 + place, "{level}");
            assert_eq!(not_checked.len(), 4 - place, "{level}");
        }
        let (checked, not_checked) = findings(Verification::Registered, &[]);
        assert!(checked.is_empty());
        assert_eq!(not_checked.len(), 5);
    }
}
