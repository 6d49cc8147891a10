//! Rules of retail records: who may record what, what is refused, what is odd, and which table a record enters.

use std::collections::HashSet;

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::fields::RetailFields;
use super::intake::{object_of, rows_of_csv};
use super::plausibility::{ensure_possible, findings};
use super::rules::{RetailRefusal, counted, may_correct, may_record, may_withdraw, statement};
use super::{RetailExclusion, RetailRecord, RetailState};
use crate::clock::Time;
use crate::companies::{Form, Verification};
use crate::customs::rules::PartyForm;
use crate::ids::{CompanyId, RetailRecordId};
use crate::locale::Language;
use crate::partnerships::eligibility::Circumstances;
use crate::partnerships::plausibility::Level;
use crate::rates::rules::History;
use crate::reference::outcome::Outcome;

fn today() -> NaiveDate {
    "2026-11-23".parse().unwrap()
}

fn json_of(changes: &[(&str, Value)]) -> Value {
    let mut record = json!({
        "direction": "export", "party_form": "b2c", "platform": "Own shop", "goods_route": "post", "reporter_country": "CN",
        "consumer_country": "DE", "hs_code": "610910", "quantity": {"value": "40", "unit": "C62"}, "net_kg": "8",
        "value": {"amount": "480", "currency": "USD"}, "parcels": 25, "period": "2026-10", "origin_country": "CN"
    });
    for (name, value) in changes {
        record[*name] = value.clone();
    }
    record.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    record
}

fn fields(changes: &[(&str, Value)]) -> RetailFields {
    serde_json::from_value::<RetailFields>(json_of(changes)).unwrap().trimmed()
}

fn regime(system: &str, code: &str) -> Value {
    json!({"system": system, "code": code})
}

#[test]
fn c2c_is_for_certified_individuals_and_b2c_for_all_others() {
    use Verification::{Documented, Identified, Registered};
    for (form, verification, parties, expected) in [
        (Form::Retailer, Registered, PartyForm::B2c, Ok(())),
        (Form::Manufacturer, Documented, PartyForm::B2c, Ok(())),
        (Form::Individual, Documented, PartyForm::B2c, Err(RetailRefusal::Individual)),
        (Form::Individual, Documented, PartyForm::C2c, Ok(())),
        (Form::Individual, Identified, PartyForm::C2c, Err(RetailRefusal::NotCertified)),
        (Form::Individual, Registered, PartyForm::C2c, Err(RetailRefusal::NotCertified)),
        (Form::Retailer, Documented, PartyForm::C2c, Err(RetailRefusal::NoIndividual)),
        (Form::Retailer, Documented, PartyForm::B2b, Err(RetailRefusal::Businesses)),
    ] {
        assert_eq!(may_record(form, verification, parties), expected, "{form} {verification} {parties}");
    }
}

#[test]
fn only_what_is_in_force_is_corrected_and_only_what_no_release_holds_is_withdrawn() {
    assert_eq!(may_correct(RetailState::Recorded), Ok(()));
    assert_eq!(may_withdraw(RetailState::Recorded, false), Ok(()));
    assert_eq!(may_withdraw(RetailState::Recorded, true), Err(RetailRefusal::Released));
    for state in [RetailState::Superseded, RetailState::Withdrawn] {
        assert_eq!(may_correct(state), Err(RetailRefusal::State(state)));
        assert_eq!(may_withdraw(state, false), Err(RetailRefusal::State(state)));
    }
}

#[test]
fn what_cannot_be_is_refused_by_its_fields() {
    let null = || json!(null);
    for (changes, pointers) in [
        (vec![], vec![]),
        (vec![("party_form", json!("b2b"))], vec!["/party_form"]),
        (vec![("period", null())], vec!["/date"]),
        (vec![("date", json!("2026-10-05"))], vec!["/period"]),
        (vec![("period", json!("2026-13"))], vec!["/period"]),
        (vec![("period", json!("2026-12"))], vec!["/period"]),
        (vec![("period", json!("1999-12"))], vec!["/period"]),
        (vec![("period", null()), ("date", json!("2026-12-05"))], vec!["/date"]),
        (vec![("parcels", json!(0)), ("ioss", json!("IM123"))], vec!["/parcels", "/ioss"]),
        (vec![("deal_locus", json!("offline"))], vec!["/platform"]),
        (vec![("declarant_name", json!("China Post"))], vec!["/declarant_role"]),
        (vec![("consumer_country", json!("CN"))], vec!["/consumer_country"]),
        (vec![("hs_code", json!("6109")), ("net_kg", json!("0"))], vec!["/hs_code", "/net_kg"]),
        (vec![("reference", json!("r".repeat(101)))], vec!["/reference"]),
        (
            vec![("customs_reference", json!({"scheme": "cn_declaration", "number": "12"})), ("parcels", json!(0))],
            vec!["/parcels", "/customs_reference/number"],
        ),
        (
            vec![("direction", json!("import")), ("reporter_country", json!("DE")), ("ioss", json!(" im 2760000001"))],
            vec![],
        ),
    ] {
        let found = fields(&changes).check(today()).err().map(|problem| problem.fields).unwrap_or_default();
        let found: Vec<_> = found.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(found, pointers, "{changes:?}");
    }
    let heavier = fields(&[("quantity", json!({"value": "5", "unit": "KGM"}))]);
    assert_eq!(ensure_possible(&heavier, Language::English).unwrap_err().fields[0].pointer, "/net_kg");
}

#[test]
fn what_is_odd_is_found_with_level_and_field() {
    use Level::{Note, Warning};
    for (changes, expected) in [
        (vec![], vec![]),
        (vec![("regime", regime("cn_supervision", "9610"))], vec![]),
        (
            vec![("regime", regime("cn_supervision", "9610")), ("goods_route", json!("bonded_warehouse"))],
            vec![(Warning, "/regime"), (Warning, "/regime")],
        ),
        (vec![("regime", regime("cn_supervision", "9710"))], vec![(Warning, "/regime")]),
        (vec![("regime", regime("cn_supervision", "0110"))], vec![(Note, "/regime")]),
        (
            vec![("regime", regime("eu_procedure", "1000"))],
            vec![(Warning, "/regime"), (Note, "/regime"), (Note, "/regime")],
        ),
        (vec![("declarant_role", json!("express_operator"))], vec![(Warning, "/declarant_role")]),
        (vec![("consumer_country", json!("BR")), ("ioss", json!("IM2760000001"))], vec![(Warning, "/ioss")]),
        (
            vec![("value", json!({"amount": "4000", "currency": "EUR"})), ("ioss", json!("IM2760000001"))],
            vec![(Warning, "/ioss")],
        ),
        (vec![("net_kg", json!("2000"))], vec![(Warning, "/parcels")]),
        (
            vec![("party_form", json!("c2c")), ("regime", regime("cn_supervision", "1210"))],
            vec![(Warning, "/regime"), (Warning, "/regime")],
        ),
    ] {
        let found = findings(&fields(&changes), Language::English);
        let found: Vec<_> = found.iter().map(|finding| (finding.level, finding.pointer)).collect();
        assert_eq!(found, expected, "{changes:?}");
    }
    let into_us = [
        ("direction", json!("import")),
        ("reporter_country", json!("US")),
        ("consumer_country", json!("US")),
        ("regime", regime("us_entry_type", "86")),
    ];
    let notes = findings(&fields(&into_us), Language::English);
    assert!(notes.len() == 1 && notes[0].level == Note && notes[0].sentence.contains("form"), "{notes:?}");
    let elsewhere = findings(&fields(&[into_us[0].clone(), into_us[1].clone()]), Language::English);
    assert_eq!(elsewhere.iter().map(|one| one.pointer).collect::<Vec<_>>(), ["/consumer_country"]);
    let union = [("direction", json!("import")), ("reporter_country", json!("NL"))];
    assert!(findings(&fields(&union), Language::English).is_empty(), "any member may clear for any other");
}

fn record(changes: &[(&str, Value)]) -> RetailRecord {
    let fields = fields(changes);
    RetailRecord {
        id: RetailRecordId(9),
        seller: CompanyId(7),
        state: RetailState::Recorded,
        check: fields.check(today()).unwrap(),
        fields,
        version: 1,
        created_at: Time::default(),
        updated_at: Time::default(),
    }
}

#[test]
fn each_record_says_which_table_it_enters_or_why_none() {
    let (rates, all, none) = (History::default(), HashSet::from([CompanyId(7)]), HashSet::new());
    let known = Circumstances { rates: &rates, identified: &all };
    let fact = counted(&record(&[]), known).unwrap();
    assert_eq!((fact.chapter.as_str(), fact.month.as_str(), fact.seller), ("61", "2026-10", CompanyId(7)));
    let says = statement(&record(&[]).fields, &counted(&record(&[]), known), false);
    assert!(says.contains("retail exports, B2C, of 2026-10") && says.contains("never general trade"), "{says}");
    let mut corrected = record(&[]);
    corrected.state = RetailState::Superseded;
    let number = json!({"scheme": "cn_declaration", "number": "310420260000000001"});
    let mut doubted = record(&[("customs_reference", number)]);
    doubted.check = doubted.check.map(|check| check.doubted("it is held elsewhere"));
    assert_eq!(doubted.check.as_ref().map(|check| check.outcome), Some(Outcome::Suspicious));
    let pounds = json!({"amount": "480", "currency": "GBP"});
    let fortune = json!({"amount": "50000001", "currency": "USD"});
    for (record, reason) in [
        (corrected, RetailExclusion::OutOfForce),
        (doubted, RetailExclusion::SuspiciousReference),
        (record(&[("hs_edition", json!("H5"))]), RetailExclusion::OtherHsEdition),
        (record(&[("value", pounds)]), RetailExclusion::NoDatedRate),
        (record(&[("value", fortune)]), RetailExclusion::ValueTooLarge),
    ] {
        assert_eq!(counted(&record, known), Err(reason));
        let says = statement(&record.fields, &counted(&record, known), false);
        assert!(says.contains(reason.sentence()) && says.contains("no table"), "{says}");
    }
    let unknown = Circumstances { rates: &rates, identified: &none };
    assert_eq!(counted(&record(&[]), unknown), Err(RetailExclusion::NotIdentified));
}

#[test]
fn rows_of_a_file_are_records_with_pointers_as_columns() {
    let file = "\u{feff}reference;direction;value.amount;value.currency;parcels;customs_reference.scheme\r\nA-1;export;12.50;EUR;3;cn_declaration\r\n";
    let rows = rows_of_csv(file.as_bytes()).unwrap();
    let (line, row) = &rows[0];
    assert_eq!(
        (*line, row.as_ref().unwrap()),
        (
            2,
            &json!({"reference": "A-1", "direction": "export", "value": {"amount": "12.50", "currency": "EUR"}, "parcels": 3})
        )
    );
    // A row of another length is refused by itself, with its line.
    let uneven = rows_of_csv(b"reference,direction\n\nA,export\nB\nC,export,more\nD,import\n").unwrap();
    let lines: Vec<(u64, bool)> = uneven.iter().map(|(line, row)| (*line, row.is_ok())).collect();
    assert_eq!(lines, [(3, true), (4, false), (5, false), (6, true)]);
    for wrong in ["", "reference,colour\nA,red\n", "reference,direction,reference\nA,b,c\n", "reference\n"] {
        let problem = rows_of_csv(wrong.as_bytes()).unwrap_err();
        assert_eq!(problem.fields[0].pointer, "/file", "{wrong}");
    }
    assert!(rows_of_csv(&[0xff, 0xfe, 0x00]).is_err());
    let many = format!("reference\n{}", "A\n".repeat(1_001));
    assert!(rows_of_csv(many.as_bytes()).unwrap_err().fields[0].message.contains("1000"));
    let typed = [("quantity.unit", "C62"), ("quantity.value", ""), ("parcels", "many")];
    assert_eq!(object_of(typed.into_iter()), json!({"parcels": "many"}));
}
