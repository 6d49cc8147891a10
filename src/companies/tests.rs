//! Tests of a company's fields and rules.

use serde_json::json;

use super::rules::{CompanyRefusal, Evidence, may_publish, may_reveal_contacts, verification};
use super::*;
use crate::error::FieldCode;
use crate::wire::{merge_patch, read_value, to_json};

fn acme() -> CompanyFields {
    CompanyFields::new("Acme", "NL".parse().unwrap())
}

#[test]
fn a_line_of_name_and_country_is_a_trading_company() {
    let mut company: CompanyFields = read_value(json!({"name": " Acme ", "country": "NL"}), READ_ONLY).unwrap();
    company.check().unwrap();
    assert_eq!(company, acme());
    assert_eq!(company.form, Form::TradingCompany);
}

#[test]
fn the_document_round_trips_with_every_field() {
    let input = json!({"name": "Acme", "legal_name": "Acme B.V.", "trade_names": ["ACM"], "country": "NL", "form": "manufacturer",
        "identifiers": [{"kind": "lei", "value": "5493001KJTIIGC8Y1R12", "country": null}], "website": "https://acme.example",
        "year": 1987, "staff_band": "11-50", "markets": ["DE"], "languages": ["nl", "en"], "profile": "Pumps.\nSince 1987.",
        "certifications": [{"scheme": "ISO 9001", "number": "1", "issuer": "X", "valid_until": "2027-12-31", "document": null}]});
    let mut company: CompanyFields = read_value(input.clone(), READ_ONLY).unwrap();
    company.check().unwrap();
    assert_eq!(serde_json::to_value(&company).unwrap(), input);
    assert_eq!(serde_json::from_str::<CompanyFields>(&to_json(&company).unwrap()).unwrap(), company);
}

#[test]
fn wrong_fields_are_named() {
    let mut company = CompanyFields {
        profile: Some("Write to sales@acme.com".to_owned()),
        website: Some("acme.com".to_owned()),
        year: Some(20),
        identifiers: vec![CompanyIdentifier { kind: "lei".to_owned(), value: " ".to_owned(), country: None }],
        markets: vec!["DE".parse().unwrap(), "DE".parse().unwrap()],
        ..acme()
    };
    let problem = company.check().unwrap_err();
    let found: Vec<_> = problem.fields.iter().map(|e| (e.pointer.as_str(), e.code)).collect();
    let wanted = [
        ("/identifiers/0/value", FieldCode::Required),
        ("/website", FieldCode::Format),
        ("/year", FieldCode::Range),
        ("/profile", FieldCode::ContactDetails),
    ];
    assert_eq!(found, wanted);
    assert_eq!(company.markets.len(), 1);
}

#[test]
fn a_patch_clears_the_form_to_its_default_and_never_the_country() {
    let company = CompanyFields { form: Form::Manufacturer, ..acme() };
    assert_eq!(merge_patch(&company, json!({"form": null, "id": "x"}), READ_ONLY).unwrap().form, Form::TradingCompany);
    let refused = merge_patch(&company, json!({"country": null}), READ_ONLY).unwrap_err();
    assert_eq!(refused.fields[0].pointer, "/country");
}

#[test]
fn schemes_compare_whatever_their_spelling() {
    let iso: Certification =
        serde_json::from_value(json!({"scheme": "ISO 9001", "valid_until": "2026-06-30"})).unwrap();
    assert!(iso.is_scheme("iso9001") && iso.is_scheme("ISO-9001") && !iso.is_scheme("ISO 14001"));
    assert!(iso.is_valid_on("2026-06-30".parse().unwrap()) && !iso.is_valid_on("2026-07-01".parse().unwrap()));
}

#[test]
fn each_level_needs_the_one_before_and_expires() {
    let (past, today, future) = ("2026-01-01", "2026-06-01".parse().unwrap(), "2026-12-31");
    let evidence = |is_identified, documented: Option<&str>, audited: Option<&str>| Evidence {
        is_identified,
        documented_until: documented.map(|day| day.parse().unwrap()),
        audited_until: audited.map(|day| day.parse().unwrap()),
    };
    for (evidence, level) in [
        (evidence(false, None, None), Verification::Registered),
        (evidence(false, Some(future), Some(future)), Verification::Registered),
        (evidence(true, None, Some(future)), Verification::Identified),
        (evidence(true, Some(past), None), Verification::Identified),
        (evidence(true, Some("2026-06-01"), None), Verification::Documented),
        (evidence(true, Some(future), Some(past)), Verification::Documented),
        (evidence(true, Some(future), Some(future)), Verification::Audited),
    ] {
        assert_eq!(verification(&evidence, today), level, "{evidence:?}");
    }
}

#[test]
fn individuals_publish_only_when_certified() {
    use Verification::{Documented, Identified, Registered};
    assert_eq!(may_publish(Form::TradingCompany, Registered), Ok(()));
    assert_eq!(may_publish(Form::Individual, Identified), Err(CompanyRefusal::IndividualNotCertified));
    assert_eq!(may_publish(Form::Individual, Documented), Ok(()));
    assert!(may_reveal_contacts(Identified).is_err() && may_reveal_contacts(Documented).is_ok());
}
