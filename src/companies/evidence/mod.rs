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
use crate::locale::{self, Language, Message};
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
    // A passport says who a person is, not that a company exists.
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
        Verification::Registered => locale::text(Language::English, "companies-meaning-registered"),
        Verification::Identified => locale::text(Language::English, "companies-meaning-identified"),
        Verification::Documented => locale::text(Language::English, "companies-meaning-documented"),
        Verification::Audited => locale::text(Language::English, "companies-meaning-audited"),
    }
}

/// The name of a kind of identifier, for people.
pub fn kind_name(kind: &str) -> &str {
    IdentifierKind::parse(kind).map_or(kind, |kind| kind.label(Language::English))
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
        not_checked.push(EvidenceCheck::new(
            "identifier",
            locale::text(Language::English, "companies-not-checked-identifier"),
        ));
    }
    let open = [
        (EvidenceKind::Register, locale::text(Language::English, "companies-not-checked-register")),
        (EvidenceKind::Documents, locale::text(Language::English, "companies-not-checked-documents")),
        (EvidenceKind::Report, locale::text(Language::English, "companies-not-checked-report")),
    ];
    let current = |kind: EvidenceKind| seen.iter().find(|one| one.kind == kind && one.counts_on(today));
    checked.extend(EvidenceKind::ALL.iter().filter_map(|kind| current(*kind)).map(sentence));
    for (kind, words) in open {
        if current(kind).is_none() {
            not_checked.push(EvidenceCheck::new(kind.as_str(), words));
        }
    }
    let certificates = locale::text(Language::English, "companies-not-checked-certificates");
    not_checked.push(EvidenceCheck::new("certificates", certificates));
    (checked, not_checked)
}

fn number(held: &Identifier) -> EvidenceCheck {
    let (name, value) = (kind_name(&held.kind), &held.value);
    let detail = match held.outcome {
        Outcome::Valid => {
            Message::new("companies-checked-digits").with("name", name).with("value", value).text(Language::English)
        }
        _ => Message::new("companies-checked-form").with("name", name).with("value", value).text(Language::English),
    };
    EvidenceCheck::new("identifier", detail)
}

fn sentence(seen: &EvidenceItem) -> EvidenceCheck {
    let EvidenceItem { facts, .. } = seen;
    let seen_on = seen.seen_on.to_string();
    let message = match seen.kind {
        EvidenceKind::Register => Message::new("companies-checked-register")
            .with("entry", facts.entry.as_deref().unwrap_or_default())
            .with("issuer", &facts.issuer)
            .with("looked_up", facts.dated.unwrap_or(seen.seen_on).to_string()),
        EvidenceKind::Documents => {
            Message::new("companies-checked-documents").with("documents", facts.documents.join(", "))
        }
        EvidenceKind::Identity => Message::new("companies-checked-identity").with("issuer", &facts.issuer),
        EvidenceKind::Report => match facts.dated {
            Some(day) => Message::new("companies-checked-report-dated")
                .with("issuer", &facts.issuer)
                .with("dated", day.to_string()),
            None => Message::new("companies-checked-report").with("issuer", &facts.issuer),
        },
    };
    let mut detail = message.with("seen_on", seen_on).text(Language::English);
    // A register entry is looked up once and stays so: its sentence names no end.
    if let Some(last) = seen.expires_on.filter(|_| seen.kind != EvidenceKind::Register) {
        let until = Message::new("companies-checked-until").with("last", last.to_string()).text(Language::English);
        detail = format!("{detail} {until}");
    }
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
