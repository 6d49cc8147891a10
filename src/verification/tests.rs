//! Tests of what a level needs and how long evidence counts.

use super::rules::*;
use super::*;
use crate::companies::Form;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn each_level_needs_its_own_documents() {
    use Verification::{Audited, Documented, Identified, Registered};
    assert_eq!(needs(Identified, Form::Manufacturer).unwrap(), Needs::Register);
    assert_eq!(needs(Documented, Form::Manufacturer).unwrap(), Needs::Documents);
    assert_eq!(needs(Documented, Form::Individual).unwrap(), Needs::Identity);
    assert_eq!(needs(Audited, Form::Individual).unwrap(), Needs::Report);
    assert!(needs(Registered, Form::Importer).is_err() && needs(Identified, Form::Individual).is_err());
    assert_eq!(may_request(Needs::Register, Registered, false), Err(RequestRefusal::NoIdentifier));
    assert_eq!(may_request(Needs::Documents, Registered, true), Err(RequestRefusal::LevelMissing(Identified)));
    assert_eq!(may_request(Needs::Report, Identified, true), Err(RequestRefusal::LevelMissing(Documented)));
    assert_eq!(may_request(Needs::Identity, Registered, false), Ok(()));
}

#[test]
fn evidence_ends_with_its_documents() {
    let today = day("2026-06-01");
    assert_eq!(last_day(Needs::Register, today, None, None), Ok(None));
    assert!(last_day(Needs::Register, today, Some(day("2027-01-01")), None).is_err());
    assert_eq!(last_day(Needs::Documents, today, None, None), Ok(Some(day("2027-06-01"))));
    assert_eq!(last_day(Needs::Identity, today, None, Some(day("2026-09-01"))), Ok(Some(day("2026-09-01"))));
    assert!(last_day(Needs::Identity, today, Some(day("2026-10-01")), Some(day("2026-09-01"))).is_err());
    assert!(last_day(Needs::Documents, today, Some(day("2026-05-31")), None).is_err());
    assert!(last_day(Needs::Documents, today, Some(day("2030-01-01")), None).is_err());
}

#[test]
fn a_company_is_reminded_twice_and_never_after_the_end() {
    let last = day("2026-12-31");
    assert_eq!(due_reminder(day("2026-11-30"), last, None), None);
    assert_eq!(due_reminder(day("2026-12-01"), last, None), Some(30));
    assert_eq!(due_reminder(day("2026-12-02"), last, Some(30)), None);
    assert_eq!(due_reminder(day("2026-12-24"), last, Some(30)), Some(7));
    assert_eq!(due_reminder(day("2026-12-30"), last, None), Some(7), "only the later one when both were missed");
    assert_eq!(due_reminder(day("2026-12-31"), last, Some(7)), None);
    assert_eq!(due_reminder(day("2027-01-01"), last, None), None);
}
