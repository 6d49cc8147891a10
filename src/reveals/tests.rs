//! Tests of the bases and the quota.

use super::rules::*;
use super::*;
use crate::companies::Verification;

const QUOTA: Quota = Quota { per_day: 20, per_month: 100 };

#[test]
fn a_quote_needs_no_documents_and_no_quota() {
    let over = Usage { day: 20, month: 100 };
    assert_eq!(basis(true, Verification::Registered, QUOTA, over), Ok(DisclosureBasis::Quote));
    assert!(matches!(basis(false, Verification::Identified, QUOTA, Usage::default()), Err(RevealRefusal::Company(_))));
    assert_eq!(basis(false, Verification::Documented, QUOTA, Usage::default()), Ok(DisclosureBasis::Request));
}

#[test]
fn both_limits_hold_and_zero_is_no_limit() {
    let usage = |day, month| Usage { day, month };
    let requests = |quota, usage| basis(false, Verification::Documented, quota, usage);
    assert_eq!(requests(QUOTA, usage(19, 99)), Ok(DisclosureBasis::Request));
    assert_eq!(requests(QUOTA, usage(20, 20)), Err(RevealRefusal::DailyLimit(20)));
    assert_eq!(requests(QUOTA, usage(0, 100)), Err(RevealRefusal::MonthlyLimit(100)));
    assert_eq!(QUOTA.left(usage(3, 99)), Some(1));
    assert_eq!(QUOTA.left(usage(25, 0)), Some(0));
    let none = Quota { per_day: 0, per_month: 0 };
    assert_eq!((requests(none, usage(900, 900)), none.left(usage(9, 9))), (Ok(DisclosureBasis::Request), None));
}
