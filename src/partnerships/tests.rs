//! Partnerships: who may say what, values at the border, and a ledger that shows every change.

use chrono::{Duration, NaiveDate, TimeZone, Utc};
use proptest::prelude::*;
use serde_json::json;

use super::ledger::{ChainCheck, canonical, next_entry};
use super::rules::{Evidence, RecordFacts, grade, may_declare, step_partnership, step_record};
use super::*;
use crate::customs::Direction;
use crate::customs::rules::PartyForm;
use crate::ids::{CompanyId, PartnershipId};
use crate::money::Money;
use crate::reference::codes::Incoterm;

const RECORD: &str = r#"{"direction":"export","reporter_country":"CN","partner_country":"NL","hs_code":"7304.41","quantity":{"value":"2","unit":"TNE"},
    "net_kg":"1980.5","value":{"amount":"8400","currency":"USD"},"incoterm":"FOB","invoice_date":"2026-10-02","released_on":"2026-10-05"}"#;

fn record() -> RecordFields {
    serde_json::from_str(RECORD).unwrap()
}

fn today() -> NaiveDate {
    "2026-11-23".parse().unwrap()
}

fn money(amount: &str, currency: &str) -> Money {
    Money::new(amount.parse().unwrap(), currency.parse().unwrap())
}

fn pointers(fields: &RecordFields) -> Vec<String> {
    fields
        .check(today())
        .err()
        .map(|problem| problem.fields.into_iter().map(|field| field.pointer).collect())
        .unwrap_or_default()
}

#[test]
fn record_is_read_with_its_defaults() {
    let fields = record();
    assert!(fields.check(today()).is_ok());
    assert_eq!((fields.party_form, fields.hs_edition.as_str()), (PartyForm::B2b, "H6"));
    assert_eq!(fields.customs_date(), Some("2026-10-05".parse().unwrap()));
    let numeric: RecordFields = serde_json::from_str(&RECORD.replace(r#""1980.5""#, "1980.5")).unwrap();
    assert_eq!(numeric, fields);
    assert!(serde_json::from_str::<RecordFields>(&RECORD.replace("net_kg", "gross_kg")).is_err());
}

#[test]
fn every_wrong_field_of_a_record_is_named() {
    let mut fields = record();
    fields.hs_code = "7304".parse().unwrap();
    fields.hs_edition = "HS2022".into();
    fields.net_kg = crate::money::Micros(0);
    fields.incoterm = Some(Incoterm::Cif);
    fields.freight = Some(money("10", "EUR"));
    fields.insurance = Some(money("8400", "USD"));
    fields.declared_on = Some("2026-11-25".parse().unwrap());
    fields.partner_country = fields.reporter_country;
    assert_eq!(
        pointers(&fields),
        [
            "/hs_code",
            "/hs_edition",
            "/net_kg",
            "/freight/currency",
            "/insurance/amount",
            "/declared_on",
            "/released_on",
            "/partner_country"
        ]
    );
    let mut fields = record();
    fields.declared_on = Some("2026-11-24".parse().unwrap());
    fields.released_on = None;
    assert!(pointers(&fields).is_empty(), "it is tomorrow in some customs offices");
    fields.invoice_date = "1999-12-31".parse().unwrap();
    assert_eq!(pointers(&fields), ["/invoice_date"]);
    let mut fields = record();
    fields.value.amount = crate::money::Micros(i64::MAX);
    assert!(pointers(&fields).is_empty(), "the largest amount there is");
    fields.freight = Some(money("0.000001", "USD"));
    assert_eq!(pointers(&fields), ["/value/amount"], "a CIF value that could not be written down");
}

#[test]
fn imports_count_by_origin_and_exports_by_destination() {
    let mut fields = record();
    fields.origin_country = Some("VN".parse().unwrap());
    assert_eq!(fields.statistical_partner().as_str(), "NL");
    fields.direction = Direction::Import;
    assert_eq!(fields.statistical_partner().as_str(), "VN");
}

#[test]
fn proposal_must_name_the_company_of_its_proposer() {
    let fields = PartnershipFields { supplier: CompanyId(1), buyer: CompanyId(2), quote: None, note: None };
    assert!(fields.check(CompanyId(1)).is_ok() && fields.check(CompanyId(2)).is_ok());
    assert!(fields.check(CompanyId(3)).is_err());
    assert!(PartnershipFields { buyer: CompanyId(1), ..fields }.check(CompanyId(1)).is_err());
}

#[test]
fn customs_value_is_derived_or_absent_and_never_estimated() {
    use Incoterm::*;
    let (freight, insurance) = (Some("300"), Some("20"));
    for (term, freight, insurance, fob, cif) in [
        (Some(Fob), freight, insurance, Some("1000"), Some("1320")),
        (Some(Exw), freight, insurance, None, None),
        (Some(Fca), freight, None, Some("1000"), None),
        (Some(Fas), None, None, Some("1000"), None),
        (Some(Cfr), freight, None, Some("700"), None),
        (Some(Cpt), freight, insurance, Some("700"), Some("1020")),
        (Some(Cif), freight, insurance, Some("680"), Some("1000")),
        (Some(Cip), freight, None, None, Some("1000")),
        (Some(Dap), None, insurance, None, Some("1000")),
        (Some(Dpu), freight, insurance, Some("680"), Some("1000")),
        (Some(Ddp), freight, insurance, None, None),
        (None, freight, insurance, None, None),
    ] {
        let usd = |text: Option<&str>| text.map(|text| money(text, "USD"));
        let derived = customs_value(money("1000", "USD"), term, usd(freight), usd(insurance));
        assert_eq!(derived, CustomsValue { fob: usd(fob), cif: usd(cif) }, "{term:?}");
    }
    let foreign = customs_value(money("1000", "USD"), Some(Cif), Some(money("1", "EUR")), Some(money("1", "USD")));
    assert_eq!(foreign.fob, None);
}

#[test]
fn only_the_other_side_confirms_a_partnership() {
    use PartnershipState::*;
    for (state, step, by, result) in [
        (Proposed, PartnershipStep::Confirm, Side::Buyer, Ok(Active)),
        (Proposed, PartnershipStep::Confirm, Side::Supplier, Err(PartnershipRefusal::OwnDeclaration)),
        (Proposed, PartnershipStep::Decline, Side::Buyer, Ok(Declined)),
        (Proposed, PartnershipStep::Decline, Side::Supplier, Err(PartnershipRefusal::OwnDeclaration)),
        (Proposed, PartnershipStep::End, Side::Supplier, Ok(Ended)),
        (Proposed, PartnershipStep::End, Side::Buyer, Err(PartnershipRefusal::DeclineInstead)),
        (Active, PartnershipStep::End, Side::Buyer, Ok(Ended)),
        (Active, PartnershipStep::Confirm, Side::Buyer, Err(PartnershipRefusal::Partnership(Active))),
        (Ended, PartnershipStep::End, Side::Buyer, Err(PartnershipRefusal::Partnership(Ended))),
    ] {
        assert_eq!(step_partnership(state, Side::Supplier, step, by), result, "{state} {step:?} {by:?}");
    }
    assert!(may_declare(Active, None).is_ok() && may_declare(Proposed, None).is_err());
    assert!(may_declare(Ended, None).is_err() && may_declare(Ended, Some(RecordState::Confirmed)).is_ok());
}

#[test]
fn only_the_other_side_confirms_a_record_and_only_the_declarer_corrects_it() {
    use RecordState::*;
    let (own, other) = (Side::Supplier, Side::Buyer);
    for (state, step, by, result) in [
        (Declared, RecordStep::Confirm, other, Ok(Confirmed)),
        (Declared, RecordStep::Confirm, own, Err(PartnershipRefusal::OwnDeclaration)),
        (Declared, RecordStep::Dispute, other, Ok(Disputed)),
        (Disputed, RecordStep::Confirm, other, Ok(Confirmed)),
        (Disputed, RecordStep::Correct, own, Ok(Superseded)),
        (Declared, RecordStep::Correct, other, Err(PartnershipRefusal::NotYourDeclaration)),
        (Confirmed, RecordStep::Correct, other, Ok(Confirmed)),
        (Confirmed, RecordStep::Dispute, other, Err(PartnershipRefusal::Record(Confirmed))),
        (Superseded, RecordStep::Confirm, other, Err(PartnershipRefusal::Record(Superseded))),
        (Superseded, RecordStep::Correct, own, Err(PartnershipRefusal::Record(Superseded))),
    ] {
        let facts = RecordFacts { state, declarer: own, party_form: PartyForm::B2b };
        assert_eq!(step_record(&facts, step, by), result, "{state} {step:?}");
    }
    let consumer = RecordFacts { state: Declared, declarer: own, party_form: PartyForm::B2c };
    assert_eq!(step_record(&consumer, RecordStep::Confirm, other), Err(PartnershipRefusal::NoCounterparty));
}

#[test]
fn evidence_grade_needs_every_grade_below_it() {
    let of = |is_confirmed, documents, is_reviewed| grade(Evidence { is_confirmed, documents, is_reviewed });
    assert_eq!(of(false, 3, true), EvidenceGrade::SelfDeclared);
    assert_eq!(of(true, 0, true), EvidenceGrade::CounterpartyConfirmed);
    assert_eq!(of(true, 1, false), EvidenceGrade::DocumentAttached);
    assert_eq!(of(true, 1, true), EvidenceGrade::OperatorReviewed);
    assert!(EvidenceGrade::ALL.windows(2).all(|pair| pair[0] < pair[1]));
}

const PARTNERSHIP: PartnershipId = PartnershipId(7);

fn ledger(length: usize) -> Vec<LedgerEntry> {
    let start = Utc.with_ymd_and_hms(2026, 2, 11, 9, 0, 0).unwrap();
    let mut entries: Vec<LedgerEntry> = Vec::new();
    for place in 0..length {
        let at = start + Duration::minutes(i64::try_from(place).unwrap());
        let body = json!({"record": place, "value": {"currency": "USD", "amount": "1.000000"}});
        entries.push(next_entry(PARTNERSHIP, entries.last(), at, Some(CompanyId(1)), LedgerKind::RecordDeclared, body));
    }
    entries
}

fn verify(partnership: PartnershipId, entries: &[LedgerEntry]) -> Verification {
    let mut check = ChainCheck::new(partnership);
    entries.iter().for_each(|entry| check.push(entry));
    assert_eq!(check.entries(), entries.len());
    check.verification()
}

#[test]
fn intact_ledger_verifies_also_after_json() {
    assert_eq!(verify(PARTNERSHIP, &[]), Verification::Verified { upto: 0 });
    let entries = ledger(14);
    let read: Vec<LedgerEntry> = serde_json::from_str(&serde_json::to_string(&entries).unwrap()).unwrap();
    assert_eq!(verify(PARTNERSHIP, &read), Verification::Verified { upto: 14 });
    assert_eq!(verify(PartnershipId(8), &read), Verification::Broken { at: 1 });
}

#[test]
fn canonical_json_does_not_depend_on_the_order_of_names() {
    let value: serde_json::Value = serde_json::from_str(r#"{"b":[1,{"z":null,"a":"\"x\n"}],"a":true}"#).unwrap();
    assert_eq!(canonical(&value), r#"{"a":true,"b":[1,{"a":"\"x\n","z":null}]}"#);
}

proptest! {
    #[test]
    fn every_change_to_a_ledger_is_detected(length in 2usize..12, place in 0usize..11, change in 0u8..6) {
        let mut entries = ledger(length);
        let place = place % length;
        let at = u32::try_from(place).unwrap() + 1;
        match change {
            0 => entries[place].body["value"]["amount"] = json!("2.000000"),
            1 => entries[place].by = Some(CompanyId(2)),
            2 => entries[place].at += Duration::microseconds(1),
            3 => entries[place].kind = LedgerKind::RecordConfirmed,
            4 if place + 1 < length => { entries.remove(place); }
            5 if place + 1 < length => entries.swap(place, place + 1),
            _ => entries[place].hash = "0".repeat(64),
        }
        prop_assert_eq!(verify(PARTNERSHIP, &entries), Verification::Broken { at });
    }
}
