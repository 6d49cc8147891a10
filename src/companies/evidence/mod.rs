//! Evidence about a company, its last day, and the findings behind the badge: what was checked and what was not.
//!
//! A piece of evidence is recorded when a moderator has checked it, and ends when it expires, when newer evidence of its kind takes its place,
//! or when the company changes its name, country or identifiers, because it was about the company as it was. The level follows from the current
//! evidence and the identifiers that the company holds ([`super::rules::verification`]); nothing else sets it.

pub mod actions;
pub mod store;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::identifiers::IdentifierKind;
use super::rules::Evidence;
use super::{Form, Identifier, Verification};
use crate::ids::{CompanyId, EvidenceId};
use crate::reference::outcome::Outcome;
use crate::wire_enum;

wire_enum! {
    /// What kind of evidence.
    pub enum EvidenceKind {
        /// An entry in a public register.
        Register = "register",
        /// Documents of the company.
        Documents = "documents",
        /// An identity document of an individual seller.
        Identity = "identity",
        /// A third party's report.
        Report = "report",
    }
}

wire_enum! {
    /// Why evidence no longer counts.
    pub enum EndedBecause {
        /// Its last day has passed.
        Expired = "expired",
        /// Newer evidence of its kind took its place.
        Replaced = "replaced",
        /// The company changed its name, country or identifiers, or lost an identifier to another company.
        Changed = "changed",
    }
}

/// What a moderator checked. Of files only their SHA-256 is kept, for moderators only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Who made it: the register, the authority of an identity document, the auditor.
    pub issuer: String,
    /// The entry's number in the register.
    #[serde(default)]
    pub entry: Option<String>,
    /// Where the entry can be looked up.
    #[serde(default)]
    pub url: Option<String>,
    /// The day the entry was looked up, or that the report carries.
    #[serde(default)]
    pub dated: Option<NaiveDate>,
    /// What the documents were: "Business licence".
    #[serde(default)]
    pub documents: Vec<String>,
    /// The SHA-256 of each file that was checked.
    #[serde(default)]
    pub sha256: Vec<String>,
}

/// A piece of evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceItem {
    /// The id.
    pub id: EvidenceId,
    /// Whose it is.
    pub company: CompanyId,
    /// What kind.
    pub kind: EvidenceKind,
    /// What was checked.
    pub facts: Facts,
    /// The day a moderator checked it.
    pub seen_on: NaiveDate,
    /// The last day on which it counts; none for ever.
    pub expires_on: Option<NaiveDate>,
    /// So many days before the end the company was reminded last.
    pub reminded_days: Option<i32>,
}

impl EvidenceItem {
    /// Whether it counts on the day.
    pub fn counts_on(&self, day: NaiveDate) -> bool {
        self.expires_on.is_none_or(|last| day <= last)
    }
}

/// Sums up the current evidence of a company. An individual seller stands in no register: an identity document that a moderator
/// saw identifies and documents the person; of a company it proves nothing.
pub fn summarise(form: Form, holds_number: bool, seen: &[EvidenceItem]) -> Evidence {
    let of = |kind: EvidenceKind| seen.iter().find(|one| one.kind == kind);
    let until = |kind: EvidenceKind| of(kind).map(|one| one.expires_on.unwrap_or(NaiveDate::MAX));
    let identity = if form == Form::Individual { until(EvidenceKind::Identity) } else { None };
    let registered = holds_number && of(EvidenceKind::Register).is_some();
    Evidence {
        is_identified: identity.is_some() || registered,
        documented_until: identity.or_else(|| until(EvidenceKind::Documents)),
        audited_until: until(EvidenceKind::Report),
    }
}

/// One thing that was checked, or was not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct EvidenceCheck {
    /// What: `identifier`, `register`, `documents`, `identity`, `report` or `certificates`.
    pub what: &'static str,
    /// The sentence for people.
    pub detail: String,
}

impl EvidenceCheck {
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
        Verification::Documented => "A moderator checked its documents. They count until they expire.",
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

/// What was checked and what was not, of a company that holds these numbers and of which this is the current evidence.
pub fn checks(
    held: &[Identifier],
    seen: &[EvidenceItem],
    today: NaiveDate,
) -> (Vec<EvidenceCheck>, Vec<EvidenceCheck>) {
    let mut checked: Vec<EvidenceCheck> = held.iter().map(number).collect();
    let mut not_checked = Vec::new();
    if held.is_empty() {
        not_checked.push(EvidenceCheck::new("identifier", "It holds no register number that could be checked."));
    }
    let open = [
        (EvidenceKind::Register, "Whether a register has an entry for it."),
        (EvidenceKind::Documents, "No moderator has checked its documents."),
        (EvidenceKind::Report, "No third party has reported on it."),
    ];
    let current = |kind: EvidenceKind| seen.iter().find(|one| one.kind == kind && one.counts_on(today));
    checked.extend(EvidenceKind::ALL.iter().filter_map(|kind| current(*kind)).map(sentence));
    for (kind, words) in open {
        if current(kind).is_none() {
            not_checked.push(EvidenceCheck::new(kind.as_str(), words));
        }
    }
    let certificates =
        "Certificates are shown as the company states them; ask it for copies and check them with their issuers.";
    not_checked.push(EvidenceCheck::new("certificates", certificates));
    (checked, not_checked)
}

fn number(held: &Identifier) -> EvidenceCheck {
    let (name, value) = (kind_name(&held.kind), &held.value);
    let detail = match held.outcome {
        Outcome::Valid => format!("The form and check digits of {name} {value} hold; no other company here holds it."),
        _ => format!("The form of {name} {value} holds, which has no check digits; no other company here holds it."),
    };
    EvidenceCheck::new("identifier", detail)
}

fn sentence(seen: &EvidenceItem) -> EvidenceCheck {
    let EvidenceItem { facts, seen_on, .. } = seen;
    let until = seen.expires_on.map(|last| format!(" It counts until {last}.")).unwrap_or_default();
    let issuer = &facts.issuer;
    let detail = match seen.kind {
        EvidenceKind::Register => {
            let entry = facts.entry.as_deref().unwrap_or_default();
            let looked_up = facts.dated.unwrap_or(*seen_on);
            format!("Its entry in {issuer} is {entry}, looked up on {looked_up}; a moderator accepted it on {seen_on}.")
        }
        EvidenceKind::Documents => {
            format!("A moderator checked its documents on {seen_on}: {}.{until}", facts.documents.join(", "))
        }
        EvidenceKind::Identity => format!(
            "A moderator checked an identity document issued by {issuer} on {seen_on}; only its hash, issuer and expiry are kept.{until}"
        ),
        EvidenceKind::Report => {
            let dated = facts.dated.map(|day| format!(", dated {day}")).unwrap_or_default();
            format!("A moderator checked a report by {issuer}{dated} on {seen_on}.{until}")
        }
    };
    EvidenceCheck::new(seen.kind.as_str(), detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::companies::IdentifierState;

    fn seen(kind: EvidenceKind, expires_on: Option<&str>) -> EvidenceItem {
        let facts =
            Facts { issuer: "Kamer van Koophandel".to_owned(), entry: Some("24362".to_owned()), ..Facts::default() };
        let day = |text: &str| text.parse().unwrap();
        let (id, company) = (EvidenceId(1), CompanyId(1));
        EvidenceItem {
            id,
            company,
            kind,
            facts,
            seen_on: day("2026-03-01"),
            expires_on: expires_on.map(day),
            reminded_days: None,
        }
    }

    fn lei() -> Identifier {
        Identifier {
            kind: "lei".to_owned(),
            value: "5493001KJTIIGC8Y1R12".to_owned(),
            outcome: Outcome::Valid,
            state: IdentifierState::Held,
            since: crate::clock::Clock::System.now(),
        }
    }

    #[test]
    fn each_piece_moves_one_more_finding_to_what_was_checked() {
        let today = "2026-06-01".parse().unwrap();
        let mut pieces = Vec::new();
        for (place, kind) in [EvidenceKind::Register, EvidenceKind::Documents, EvidenceKind::Report].iter().enumerate()
        {
            let (checked, not_checked) = checks(&[lei()], &pieces, today);
            assert_eq!((checked.len(), not_checked.len()), (1 + place, 4 - place), "{kind}");
            pieces.push(seen(*kind, Some("2027-03-01")));
        }
        let (checked, not_checked) = checks(&[lei()], &pieces, "2027-03-02".parse().unwrap());
        assert_eq!((checked.len(), not_checked.len()), (1, 4), "what has expired is not called checked");
        assert!(checks(&[], &[], today).0.is_empty());
    }

    #[test]
    fn a_register_entry_needs_a_number_and_an_identity_document_an_individual() {
        let register = [seen(EvidenceKind::Register, None)];
        assert!(summarise(Form::Manufacturer, true, &register).is_identified);
        assert!(!summarise(Form::Manufacturer, false, &register).is_identified);
        let identity = [seen(EvidenceKind::Identity, Some("2027-03-01"))];
        let individual = summarise(Form::Individual, false, &identity);
        assert!(individual.is_identified && individual.documented_until == Some("2027-03-01".parse().unwrap()));
        assert_eq!(summarise(Form::Manufacturer, false, &identity), Evidence::default());
    }
}
