//! What counts in the statistics of general trade, decided once for page, API and tables.

use proptest::prelude::*;

use super::eligibility::*;
use super::*;
use crate::customs::Evidence;
use crate::customs::regimes::Regime;
use crate::customs::rules::{DealChannel, TradeClass};
use crate::ids::CompanyId;
use crate::money::Micros;
use crate::rates::rules::History;

const RECORD: &str = r#"{"direction":"export","reporter_country":"CN","partner_country":"NL","hs_code":"7304.41","quantity":{"value":"2","unit":"TNE"},
    "net_kg":"1980.5","value":{"amount":"8400","currency":"USD"},"incoterm":"FOB","invoice_date":"2026-10-02","released_on":"2026-10-05"}"#;

fn record(id: i64) -> Record {
    let at = "2026-10-06T09:00:00Z".parse().unwrap();
    Record {
        id: RecordId(id),
        partnership: PartnershipId(1),
        supplier: CompanyId(1),
        buyer: CompanyId(2),
        declared_by: CompanyId(1),
        state: RecordState::Confirmed,
        grade: EvidenceGrade::CounterpartyConfirmed,
        disputed_reason: None,
        fields: serde_json::from_str(RECORD).unwrap(),
        version: 1,
        created_at: at,
        updated_at: at,
    }
}

fn reference(id: i64, number: &str, outcome: Outcome, evidence: Evidence) -> CustomsReference {
    let fields = serde_json::json!({"scheme": "cn_declaration", "number": number});
    CustomsReference {
        id: CustomsReferenceId(id),
        record: RecordId(1),
        declared_by: CompanyId(1),
        fields: serde_json::from_value(fields).unwrap(),
        canonical: number.to_owned(),
        display: number.to_owned(),
        item: 1,
        evidence,
        outcome,
        reason: None,
        duplicate_of: None,
        created_at: "2026-10-06T09:00:00Z".parse().unwrap(),
    }
}

fn declared() -> Vec<CustomsReference> {
    vec![reference(1, "A", Outcome::ValidFormOnly, Evidence::Declaration)]
}

fn decide(record: &Record, references: &[CustomsReference]) -> Result<TradeFact, ExclusionReason> {
    decide_among(record, references, &CountedLines::default())
}

fn decide_among(
    record: &Record,
    references: &[CustomsReference],
    lines: &CountedLines,
) -> Result<TradeFact, ExclusionReason> {
    let (rates, identified) = (History::default(), [CompanyId(1), CompanyId(2)].into());
    eligibility(record, references, lines, Circumstances { rates: &rates, identified: &identified })
}

fn changed(change: impl FnOnce(&mut Record)) -> Result<TradeFact, ExclusionReason> {
    let mut record = record(1);
    change(&mut record);
    decide(&record, &declared())
}

#[test]
fn value_above_the_bound_counts_once_a_moderator_reviewed_it() {
    let worth = |amount: i64, grade| {
        changed(|record| {
            record.fields.value.amount = Micros(amount);
            record.grade = grade;
        })
        .map(|fact| fact.value)
    };
    let (own, reviewed) = (EvidenceGrade::DocumentAttached, EvidenceGrade::OperatorReviewed);
    assert_eq!(worth(REVIEWED_ABOVE.0, own), Ok(REVIEWED_ABOVE));
    assert_eq!(worth(REVIEWED_ABOVE.0 + 1, own), Err(ExclusionReason::ValueNeedsReview));
    assert_eq!(worth(i64::MAX, own), Err(ExclusionReason::ValueNeedsReview));
    assert_eq!(worth(REVIEWED_ABOVE.0 + 1, reviewed), Ok(Micros(REVIEWED_ABOVE.0 + 1)));
}

#[test]
fn only_confirmed_offline_general_trade_between_businesses_counts() {
    let fact = decide(&record(1), &declared()).unwrap();
    assert_eq!((fact.heading.as_str(), fact.value.to_string().as_str()), ("7304", "8400.000000"));
    for (decided, reason) in [
        (changed(|record| record.state = RecordState::Superseded), ExclusionReason::OutOfForce),
        (changed(|record| record.state = RecordState::Disputed), ExclusionReason::OutOfForce),
        (changed(|record| record.fields.party_form = PartyForm::B2c), ExclusionReason::NotB2b),
        (changed(|record| record.fields.deal_channel = DealChannel::Platform), ExclusionReason::NotOffline),
        (changed(|record| record.state = RecordState::Declared), ExclusionReason::NotConfirmed),
        (changed(|record| record.fields.released_on = None), ExclusionReason::NoCustomsDate),
        (changed(|record| record.fields.hs_edition = "H5".into()), ExclusionReason::OtherHsEdition),
        (changed(|record| record.fields.hs_code = "73".parse().unwrap()), ExclusionReason::OtherHsEdition),
        (changed(|record| record.fields.incoterm = None), ExclusionReason::NoStatisticalValue),
        (changed(|record| record.buyer = CompanyId(3)), ExclusionReason::NotIdentified),
        (changed(|record| record.fields.value.currency = "EUR".parse().unwrap()), ExclusionReason::NoDatedRate),
    ] {
        assert_eq!(decided, Err(reason));
    }
    let alone = |outcome, evidence| decide(&record(1), &[reference(1, "A", outcome, evidence)]).map(|_| ());
    assert_eq!(alone(Outcome::Valid, Evidence::Declaration), Ok(()));
    assert_eq!(alone(Outcome::Suspicious, Evidence::Declaration), Err(ExclusionReason::SuspiciousReference));
    assert_eq!(alone(Outcome::Invalid, Evidence::Declaration), Err(ExclusionReason::InvalidReference));
    assert_eq!(alone(Outcome::Valid, Evidence::Transit), Err(ExclusionReason::NoDeclaration));
    assert_eq!(decide(&record(1), &[]), Err(ExclusionReason::NoReference));
    let mut other = reference(1, "A", Outcome::ValidFormOnly, Evidence::Declaration);
    other.fields.scheme = crate::customs::Scheme::Other;
    other.fields.regime = Some(regime("un_procedure", "C03"));
    let mut record = record(1);
    assert_eq!(decide(&record, std::slice::from_ref(&other)).map(|_| ()), Err(ExclusionReason::NoDocument));
    record.grade = EvidenceGrade::DocumentAttached;
    assert_eq!(decide(&record, &[other]).map(|_| ()), Ok(()));
}

/// The record of which its page said one thing and the table another: the first declaration that is well-formed is of a special regime, the
/// strongest is not.
#[test]
fn strongest_reference_decides_the_class_of_trade() {
    let mut record = record(1);
    record.fields.direction = Direction::Import;
    record.fields.incoterm = Some(crate::reference::codes::Incoterm::Cif);
    let mut special = reference(1, "A", Outcome::ValidFormOnly, Evidence::Declaration);
    special.fields.regime = Some(regime("cn_supervision", "0615"));
    let mut plain = reference(2, "B", Outcome::Valid, Evidence::Declaration);
    plain.fields.regime = Some(regime("eu_procedure", "4000"));
    let references = [special.clone(), plain];
    assert_eq!(class_of(&record.fields, &references), TradeClass::GeneralTrade);
    assert!(decide(&record, &references).is_ok());
    assert_eq!(decide(&record, &[special]).map(|_| ()), Err(ExclusionReason::NotGeneralTrade));
}

fn regime(system: &str, code: &str) -> Regime {
    serde_json::from_value(serde_json::json!({"system": system, "code": code})).unwrap()
}

#[test]
fn british_number_is_one_line_in_both_of_its_schemes() {
    let of = |scheme| {
        let mut reference = reference(1, "22GB02I89012847596", Outcome::Suspicious, Evidence::Declaration);
        reference.fields.scheme = scheme;
        reference.line()
    };
    assert_eq!(of(crate::customs::Scheme::UkMrn), of(crate::customs::Scheme::EuMrn));
}

#[test]
fn oldest_reference_of_equal_strength_is_the_strongest() {
    let of = |id, outcome, evidence| reference(id, "A", outcome, evidence);
    let weak = [of(4, Outcome::Invalid, Evidence::Declaration), of(3, Outcome::Valid, Evidence::Supporting)];
    assert_eq!(strongest_reference(&weak).unwrap().id, CustomsReferenceId(3));
    let equal = [of(9, Outcome::Valid, Evidence::Declaration), of(8, Outcome::Valid, Evidence::Declaration)];
    assert_eq!(strongest_reference(&equal).unwrap().id, CustomsReferenceId(8));
    assert!(strongest_reference(&[]).is_none());
}

#[test]
fn declaration_line_counts_once_for_the_oldest_record_that_counts() {
    let mut lines = CountedLines::default();
    let mut decided = Vec::new();
    for id in 1..=4 {
        let mut record = record(id);
        if id == 1 {
            record.state = RecordState::Declared;
        }
        let eligible = decide_among(&record, &declared(), &lines);
        if eligible.is_ok() {
            lines.add(declared()[0].line(), record.id);
        }
        decided.push(eligible.map(|fact| fact.record));
    }
    let duplicate = Err(ExclusionReason::DuplicateReference);
    assert_eq!(decided, [Err(ExclusionReason::NotConfirmed), Ok(RecordId(2)), duplicate, duplicate]);
    for id in 1..=2 {
        let again = decide_among(&record(id), &declared(), &lines);
        assert!(again.is_ok(), "a record is no duplicate of itself, nor an older one of a younger");
    }
}

proptest! {
    #[test]
    fn strongest_reference_does_not_depend_on_the_order(order in Just((0..6).collect::<Vec<usize>>()).prop_shuffle()) {
        let outcomes = [Outcome::Invalid, Outcome::Suspicious, Outcome::ValidFormOnly, Outcome::Valid, Outcome::Valid, Outcome::ValidFormOnly];
        let evidence = [Evidence::Declaration, Evidence::Declaration, Evidence::Declaration, Evidence::Transit, Evidence::Declaration, Evidence::Declaration];
        let references: Vec<_> = order
            .into_iter()
            .map(|place| reference(i64::try_from(place).unwrap(), "A", outcomes[place], evidence[place]))
            .collect();
        prop_assert_eq!(strongest_reference(&references).unwrap().id, CustomsReferenceId(4));
    }
}
